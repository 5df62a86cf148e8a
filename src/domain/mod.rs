//! What the trade is made of, as types: pure, synchronous, no clock, no randomness, no database.
//!
//! Imports nothing of ours. The words are those of the villages (see README, "Words").

pub mod amount;
pub mod award;
pub mod barcode;
pub mod basket;
pub mod book;
pub mod calendar;
pub mod callback;
pub mod canonical;
pub mod chart;
pub mod claim;
pub mod code;
pub mod due_process;
pub mod entropy;
pub mod fairness;
pub mod goods;
pub mod household;
pub mod ids;
pub mod inspection;
pub mod kin;
pub mod lang;
pub mod matter;
pub mod merkle;
pub mod money;
pub mod notice;
pub mod objection;
pub mod org;
pub mod panel;
pub mod period;
pub mod person;
pub mod pin;
pub mod pinyin;
pub mod posting;
pub mod proposal;
pub mod recognition;
pub mod reminder;
pub mod rule;
pub mod ruleset;
pub mod simulate;
pub mod stock;
pub mod time;
pub mod timebank;
pub mod tlog;
pub mod webhook;
pub mod wording;
