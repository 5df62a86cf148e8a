//! The integration suite: one binary, the engine chosen by `TEST_DATABASE_URL`.
#![cfg(test)]
#![expect(unreachable_pub, reason = "nothing outside this binary can reach it, whatever the word")]

mod browser;
