//! The integration suite: one binary, the engine chosen by `TEST_DATABASE_URL`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic: that is how it fails"
)]

mod engine;
mod ledger_props;
mod migrations;
mod model;
mod poster;
mod statements;
mod tidy;
