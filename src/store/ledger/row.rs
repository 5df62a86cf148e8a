//! Rows of a book that are yet to be written. No statements: those are in [`super::write`].

use crate::domain::{
    ids::TxnId,
    time::{Day, Timestamp},
};

/// The head of a book, to be stored.
#[derive(Debug, Clone)]
pub struct NewHead<'a> {
    /// The place the book stood at when it was locked.
    pub from_seq: i64,
    /// How many refusals it had then.
    pub from_refusals: i64,
    /// The place it stands at now.
    pub seq: i64,
    /// How many refusals it has now.
    pub refusals: i64,
    /// The head of their chain; absent before the first.
    pub refusal_chain: Option<&'a [u8]>,
    /// The instant of its last transaction.
    pub recorded_at: Timestamp,
    /// The frontier of its log.
    pub frontier: &'a [u8],
    /// The root of its log.
    pub root: &'a [u8],
    /// The number the next account gets.
    pub next_account: i64,
    /// Last day of the closed periods.
    pub closed_through: Option<Day>,
}

/// A transaction to be appended.
#[derive(Debug, Clone)]
pub struct NewTxn<'a> {
    /// Its place.
    pub seq: i64,
    /// Its name.
    pub id: TxnId,
    /// The client's key.
    pub key: &'a str,
    /// What it does.
    pub kind: &'a str,
    /// The business day it counts for.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who.
    pub actor: &'a str,
    /// What it comes from.
    pub source: Option<&'a str>,
    /// Hash of the rule set.
    pub ruleset: Option<&'a str>,
    /// Code of the rule.
    pub rule: Option<&'a str>,
    /// The place of the transaction it undoes.
    pub reverses: Option<i64>,
    /// The place of the hold it resolves.
    pub resolves: Option<i64>,
    /// The request, canonical.
    pub body: &'a str,
    /// How the leaf was computed.
    pub hash_version: i32,
    /// The leaf.
    pub leaf_hash: &'a [u8],
}

/// An entry to be appended.
#[derive(Debug, Clone, Copy)]
pub struct NewEntry {
    /// Account.
    pub account_id: i64,
    /// Place among the account's entries, from 1.
    pub version: i64,
    /// Place of its transaction.
    pub seq: i64,
    /// Line of its transaction, from 1.
    pub line: i32,
    /// Debit +, credit −.
    pub quantity: i64,
    /// The balance with it.
    pub balance_after: i64,
    /// When the credit lapses.
    pub expires_on: Option<Day>,
}

/// An account to be opened.
#[derive(Debug, Clone)]
pub struct NewAccount<'a> {
    /// Its number in the book.
    pub account_id: i64,
    /// Its path.
    pub path: &'a str,
    /// Its commodity.
    pub commodity: &'a str,
    /// Lowest quantity allowed.
    pub min: Option<i64>,
    /// Highest quantity allowed.
    pub max: Option<i64>,
    /// The transaction that first used it.
    pub opened_seq: i64,
}

/// A balance as it stands now.
#[derive(Debug, Clone, Copy)]
pub struct NewBalance {
    /// Account.
    pub account_id: i64,
    /// Debit +, credit −.
    pub quantity: i64,
    /// Sum of debits so far.
    pub debited: i64,
    /// Number of entries so far.
    pub version: i64,
}

/// A use of a meter to be appended.
#[derive(Debug, Clone)]
pub struct NewMeterUse<'a> {
    /// Place of its transaction.
    pub seq: i64,
    /// Place among its uses, from 1.
    pub ordinal: i32,
    /// Which meter.
    pub meter: &'a str,
    /// How much.
    pub amount: i64,
    /// The limit it was checked against.
    pub ceiling: Option<i64>,
    /// Used in all with it.
    pub used_after: i64,
}

/// A refusal to be kept.
#[derive(Debug, Clone)]
pub struct NewRefusal<'a> {
    /// The client's key.
    pub key: &'a str,
    /// What was asked.
    pub kind: &'a str,
    /// Who asked.
    pub actor: &'a str,
    /// When.
    pub recorded_at: Timestamp,
    /// The refusal's code.
    pub code: &'a str,
    /// Its facts, canonical.
    pub facts: String,
    /// The request, canonical.
    pub body: &'a str,
    /// Its place among the book's refusals, from 1; absent for those from before there was a chain.
    pub ordinal: Option<i64>,
    /// The head of the refusals' chain with it.
    pub chain: Option<&'a [u8]>,
}
