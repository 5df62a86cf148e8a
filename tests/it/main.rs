//! The integration suite: one binary, the engine chosen by `TEST_DATABASE_URL`.
