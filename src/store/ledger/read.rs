//! Reading a book: what the Poster needs to decide, what `verify` recomputes, what pages show.

use super::sql;
use crate::{
    domain::{
        chart::Policy,
        ids::{BookId, TxnId},
        time::{Day, Timestamp},
    },
    store::{StoreResult, Tx, WriteTx, on},
};

/// The head of a book.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Head {
    /// How many transactions it has.
    pub seq: i64,
    /// The instant of the last one.
    pub recorded_at: Timestamp,
    /// The frontier of its log.
    pub frontier: Vec<u8>,
    /// The root of its log.
    pub root: Vec<u8>,
    /// Last day of the closed periods.
    pub closed_through: Option<Day>,
    /// The number the next account gets.
    pub next_account: i64,
    /// Minutes a person may owe.
    pub time_overdraft: i64,
    /// Minutes a person may save, if capped.
    pub time_cap: Option<i64>,
    /// How many refusals are in the chain.
    pub refusals: i64,
    /// The head of their chain; absent before the first.
    pub refusal_chain: Option<Vec<u8>>,
}

impl Head {
    /// What the programme decided about limits.
    #[must_use]
    pub const fn policy(&self) -> Policy {
        Policy { time_overdraft: self.time_overdraft, time_cap: self.time_cap }
    }
}

/// A transaction as stored.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TxnRow {
    /// Its place.
    pub seq: i64,
    /// Its name.
    pub id: TxnId,
    /// The client's key.
    pub key: String,
    /// What it does.
    pub kind: String,
    /// The business day it counts for.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who.
    pub actor: String,
    /// What it comes from.
    pub source: Option<String>,
    /// Hash of the rule set.
    pub ruleset: Option<String>,
    /// Code of the rule.
    pub rule: Option<String>,
    /// The transaction it undoes.
    pub reverses_seq: Option<i64>,
    /// The hold it resolves.
    pub resolves_seq: Option<i64>,
    /// The request, canonical.
    pub body: String,
    /// How the leaf was computed.
    pub hash_version: i32,
    /// The leaf.
    pub leaf_hash: Vec<u8>,
}

/// An entry with its account's name.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct EntryRow {
    /// Place of its transaction.
    pub seq: i64,
    /// Line, from 1.
    pub line: i32,
    /// Account.
    pub account_id: i64,
    /// Its path.
    pub path: String,
    /// Its commodity.
    pub commodity: String,
    /// Place among the account's entries.
    pub version: i64,
    /// Debit +, credit −.
    pub quantity: i64,
    /// The balance with it.
    pub balance_after: i64,
    /// When the credit lapses.
    pub expires_on: Option<Day>,
}

/// A use of a meter.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct MeterUseRow {
    /// Place of its transaction.
    pub seq: i64,
    /// Place among its uses.
    pub ordinal: i32,
    /// Which meter.
    pub meter: String,
    /// How much.
    pub amount: i64,
    /// The limit it was checked against.
    pub ceiling: Option<i64>,
    /// Used in all with it.
    pub used_after: i64,
}

/// An account with its balance.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AccountRow {
    /// Its number in the book.
    pub account_id: i64,
    /// Its path.
    pub path: String,
    /// Its commodity.
    pub commodity: String,
    /// Lowest quantity allowed.
    pub min_quantity: Option<i64>,
    /// Highest quantity allowed.
    pub max_quantity: Option<i64>,
    /// The transaction that first used it.
    pub opened_seq: i64,
    /// Debit +, credit −.
    pub quantity: i64,
    /// Sum of debits so far.
    pub debited: i64,
    /// Number of entries so far.
    pub version: i64,
}

/// A key that was posted or refused before.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeyRow {
    /// The client's key.
    pub key: String,
    /// The place of its transaction; nothing when it was refused.
    pub seq: Option<i64>,
    /// What was asked.
    pub kind: String,
    /// Who asked.
    pub actor: String,
    /// The request, canonical.
    pub body: String,
    /// The refusal's code.
    pub code: Option<String>,
    /// The refusal's facts, canonical.
    pub facts: Option<String>,
}

/// A refused command.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RefusalRow {
    /// The client's key.
    pub key: String,
    /// What was asked.
    pub kind: String,
    /// Who asked.
    pub actor: String,
    /// When.
    pub recorded_at: Timestamp,
    /// The refusal's code.
    pub code: String,
    /// Its facts, canonical.
    pub facts: String,
    /// The request, canonical.
    pub body: String,
    /// Its place among the book's refusals; absent for those from before there was a chain.
    pub ordinal: Option<i64>,
    /// The head of the refusals' chain with it.
    pub chain: Option<Vec<u8>>,
}

/// The head of a book, locked until the transaction ends.
pub async fn lock(tx: &mut WriteTx, book: BookId) -> StoreResult<Option<Head>> {
    let text = sql::LOCK.pick(tx.engine());
    Ok(on!(&mut **tx, |c| sqlx::query_as(text).bind(book).fetch_optional(c))?)
}

/// The head of a book.
pub async fn head(tx: &mut Tx, book: BookId) -> StoreResult<Option<Head>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::HEAD).bind(book).fetch_optional(c))?)
}

/// Transactions after `after`, at most `limit`.
pub async fn txns(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<TxnRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::TXNS).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// Places and business days of the transactions after `after` up to `through`.
pub async fn days(tx: &mut Tx, book: BookId, after: i64, through: i64) -> StoreResult<Vec<(i64, Day)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DAYS).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// One transaction.
pub async fn txn(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Option<TxnRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::TXN).bind(book).bind(seq).fetch_optional(c))?)
}

/// The last transaction after a place, up to another, that counts for `day` or an earlier one.
pub async fn landed(
    tx: &mut Tx,
    book: BookId,
    (after, through): (i64, i64),
    day: Day,
) -> StoreResult<Option<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::LANDED)
        .bind(book)
        .bind(after)
        .bind(through)
        .bind(day)
        .fetch_one(c))?)
}

/// The place of the transaction that undid `seq`.
pub async fn reversed_by(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Option<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::REVERSED_BY).bind(book).bind(seq).fetch_optional(c))?)
}

/// The place of the transaction that resolved the hold at `seq`.
pub async fn resolved_by(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Option<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::RESOLVED_BY).bind(book).bind(seq).fetch_optional(c))?)
}

/// Entries of the transactions after `after` up to `through`.
pub async fn entries(tx: &mut Tx, book: BookId, after: i64, through: i64) -> StoreResult<Vec<EntryRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ENTRIES).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// Meter uses of the transactions after `after` up to `through`.
pub async fn meter_uses(
    tx: &mut Tx,
    book: BookId,
    after: i64,
    through: i64,
) -> StoreResult<Vec<MeterUseRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::METER_USES).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// Accounts after number `after`.
pub async fn accounts(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<AccountRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ACCOUNTS).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// The accounts of a path, one a commodity.
pub async fn accounts_of(tx: &mut Tx, book: BookId, path: &str) -> StoreResult<Vec<AccountRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ACCOUNTS_OF).bind(book).bind(path).fetch_all(c))?)
}

/// One balance; an account never used has zero.
pub async fn balance(tx: &mut Tx, book: BookId, path: &str, commodity: &str) -> StoreResult<i64> {
    let found: Option<i64> = on!(tx, |c| sqlx::query_scalar(sql::BALANCE)
        .bind(book)
        .bind(path)
        .bind(commodity)
        .fetch_optional(c))?;
    Ok(found.unwrap_or(0))
}

/// One meter; one never used stands at zero.
pub async fn meter(tx: &mut Tx, book: BookId, meter: &str) -> StoreResult<i64> {
    let found: Option<i64> =
        on!(tx, |c| sqlx::query_scalar(sql::METER).bind(book).bind(meter).fetch_optional(c))?;
    Ok(found.unwrap_or(0))
}

/// Meters after name `after`.
pub async fn meters(tx: &mut Tx, book: BookId, after: &str, limit: i64) -> StoreResult<Vec<(String, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::METERS).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// The sum of every commodity: each must be zero.
pub async fn sums(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(String, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::SUMS).bind(book).fetch_all(c))?)
}

/// Refused commands after key `after`.
pub async fn refusals(tx: &mut Tx, book: BookId, after: &str, limit: i64) -> StoreResult<Vec<RefusalRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::REFUSALS).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// Refused commands after place `after` of the chain, in its order.
pub async fn refusal_chain(
    tx: &mut Tx,
    book: BookId,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<RefusalRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::REFUSAL_CHAIN).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// Which refused commands.
#[derive(Debug, Clone, Copy)]
pub struct RefusedFilter<'a> {
    /// Before this place of the chain.
    pub before: i64,
    /// With this code; empty for any.
    pub code: &'a str,
    /// Of this actor; empty for any.
    pub actor: &'a str,
    /// From this instant.
    pub from: Timestamp,
    /// To before this instant.
    pub until: Timestamp,
    /// So many.
    pub limit: i64,
}

/// Refused commands, the latest first.
pub async fn refused(tx: &mut Tx, book: BookId, f: &RefusedFilter<'_>) -> StoreResult<Vec<RefusalRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::REFUSED)
        .bind(book)
        .bind(f.before)
        .bind(f.code)
        .bind(f.actor)
        .bind(f.from)
        .bind(f.until)
        .bind(f.limit)
        .fetch_all(c))?)
}

/// Heads that were shown, oldest first.
pub async fn checkpoints(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(i64, Vec<u8>, Timestamp)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::CHECKPOINTS).bind(book).fetch_all(c))?)
}
