//! What the trade is made of, as types: pure, synchronous, no clock, no randomness, no database.
//!
//! Imports nothing of ours. The words are those of the villages (see README, "Words").

pub mod due_process;
pub mod entropy;
pub mod ids;
pub mod lang;
pub mod notice;
pub mod time;
