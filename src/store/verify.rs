//! The rows of a book as they are, joined with nothing, so that one that is missing or doubled does not hide: what
//! `verify` reads, page by page. Changes nothing.

use super::{StoreResult, Tx, award::AwardRow, on, redemption::RedemptionRow};
use crate::domain::{
    ids::{BookId, CounterId, HouseholdId, NoticeId, OrderId},
    time::{Day, Timestamp},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Accounts, by number.
        ACCOUNTS = "SELECT account_id, path, commodity, min_quantity, max_quantity, opened_seq FROM account \
            WHERE book_id = $1 AND account_id > $2 ORDER BY account_id LIMIT $3";
        /// Balances, by account.
        BALANCES = "SELECT account_id, quantity, debited, version FROM balance WHERE book_id = $1 \
            AND account_id > $2 ORDER BY account_id LIMIT $3";
        /// Entries of a run of transactions, in order.
        ENTRIES = "SELECT block, seq, line, account_id, version, quantity, balance_after, expires_on FROM entry \
            WHERE book_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq, line";
        /// Entries and meter uses beyond the end of the log.
        BEYOND = "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM entry WHERE book_id = $1 AND seq > $2) AS entries, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM meter_use WHERE book_id = $1 AND seq > $2) AS uses";
        /// Commodities, by code.
        COMMODITIES = "SELECT code, scale, name, name_en FROM commodity WHERE book_id = $1 ORDER BY code";
        /// A key that was both refused and posted.
        KEY_TWICE = "SELECT r.key FROM refusal AS r JOIN txn AS t ON t.book_id = r.book_id AND t.key = r.key \
            WHERE r.book_id = $1 ORDER BY r.key LIMIT 1";
        /// The awards posted by a run of transactions.
        AWARDS = "SELECT id, no, ruleset, item, household_id, group_id, person_id, quantity, grade, event_key, \
            occurred_on, recorded_at, recorder, on_behalf, batch_id, points, honor, minutes, route, inputs, explanation, \
            evidence, note, late, state, step, notice_id, notice_line, closes_at, remaining, txn_seq, reason, \
            honor_moved, panel FROM award WHERE book_id = $1 AND txn_seq > $2 AND txn_seq <= $3 ORDER BY txn_seq, no";
        /// Awards, by number.
        AWARDS_BY_NO = "SELECT id, no, ruleset, item, household_id, group_id, person_id, quantity, grade, event_key, \
            occurred_on, recorded_at, recorder, on_behalf, batch_id, points, honor, minutes, route, inputs, explanation, \
            evidence, note, late, state, step, notice_id, notice_line, closes_at, remaining, txn_seq, reason, \
            honor_moved, panel FROM award WHERE book_id = $1 AND no > $2 ORDER BY no LIMIT $3";
        /// The redemptions posted by a run of transactions.
        REDEMPTIONS = "SELECT id, no, counter_id, household_id, credential, card_id, code_digest, cashier, placed_at, \
            points, cost_fen, available_before, available_after, txn_seq FROM redemption \
            WHERE book_id = $1 AND txn_seq > $2 AND txn_seq <= $3 ORDER BY txn_seq, no";
        /// Their lines.
        REDEMPTION_LINES = "SELECT l.redemption_id, l.line, l.sku, l.quantity, l.price, l.points, l.cost_fen \
            FROM redemption AS r JOIN redemption_line AS l ON l.book_id = r.book_id AND l.redemption_id = r.id \
            WHERE r.book_id = $1 AND r.txn_seq > $2 AND r.txn_seq <= $3 ORDER BY r.txn_seq, l.line";
        /// How many redemptions there are, awards with a transaction, and awards that say they were posted.
        PAPERS = "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM redemption WHERE book_id = $1) AS redemptions, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM award WHERE book_id = $1 AND txn_seq IS NOT NULL) AS awards, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM award WHERE book_id = $1 AND state IN ('posted', 'reversed')) AS posted";
        /// Numbers of households and counters.
        HOUSEHOLDS = "SELECT id, no FROM household WHERE book_id = $1";
        /// Codes of counters.
        COUNTERS = "SELECT id, code FROM counter WHERE book_id = $1";
        /// Sheets as they were shown.
        SHEETS = "SELECT no, published_at, digest, head_size, head_root, sealed_seq, recall_seq FROM notice \
            WHERE book_id = $1 AND no > $2 ORDER BY no LIMIT $3";
        /// What the digest of a sheet is made of, beside its lines, and what is told of its recall.
        SEALED = "SELECT no, title, mode, days, digest, sealed_seq, recalled_at, recalled_because, recall_seq FROM notice \
            WHERE book_id = $1 AND id = $2";
        /// The sheet of an award: when it was published, taken down, and how many days it ran at least.
        SHEET_OF = "SELECT n.no, n.published_at, n.state, n.days FROM award AS a JOIN notice AS n \
            ON n.book_id = a.book_id AND n.id = a.notice_id WHERE a.book_id = $1 AND a.no = $2";
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RawAccount {
    /// Its number.
    pub account_id: i64,
    /// Its path.
    pub path: String,
    /// Its commodity.
    pub commodity: String,
    /// Lowest quantity.
    pub min_quantity: Option<i64>,
    /// Highest quantity.
    pub max_quantity: Option<i64>,
    /// The transaction that opened it.
    pub opened_seq: i64,
}

/// A balance.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RawBalance {
    /// Whose.
    pub account_id: i64,
    /// Debit +, credit −.
    pub quantity: i64,
    /// Sum of debits.
    pub debited: i64,
    /// Number of entries.
    pub version: i64,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RawEntry {
    /// Its block.
    pub block: i64,
    /// Its transaction.
    pub seq: i64,
    /// Its line.
    pub line: i32,
    /// Its account.
    pub account_id: i64,
    /// Its place in the account.
    pub version: i64,
    /// Debit +, credit −.
    pub quantity: i64,
    /// The balance with it.
    pub balance_after: i64,
    /// When it lapses.
    pub expires_on: Option<Day>,
}

/// A commodity.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RawCommodity {
    /// Its code.
    pub code: String,
    /// Digits after the point.
    pub scale: i32,
    /// Its name.
    pub name: String,
    /// Its English name.
    pub name_en: String,
}

/// A line of a redemption.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RawRedemptionLine {
    /// Whose.
    pub redemption_id: OrderId,
    /// Its place.
    pub line: i32,
    /// The article.
    pub sku: i64,
    /// Pieces.
    pub quantity: i64,
    /// Points a piece.
    pub price: i64,
    /// Points in all.
    pub points: i64,
    /// Cost in all.
    pub cost_fen: i64,
}

/// A sheet as it was shown.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RawSheet {
    /// Its number.
    pub no: i64,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// Its digest.
    pub digest: Option<Vec<u8>>,
    /// The head of the log on it.
    pub head_size: Option<i64>,
    /// The root on it.
    pub head_root: Option<Vec<u8>>,
    /// The transaction that holds its digest.
    pub sealed_seq: Option<i64>,
    /// The transaction that holds its recall.
    pub recall_seq: Option<i64>,
}

/// What the digest of a sheet is made of, beside its lines.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SealedSheet {
    /// Its number.
    pub no: i64,
    /// Its heading.
    pub title: String,
    /// Calendar or working days.
    pub mode: String,
    /// How many.
    pub days: i32,
    /// Its digest.
    pub digest: Option<Vec<u8>>,
    /// The transaction that holds its digest.
    pub sealed_seq: Option<i64>,
    /// When it was recalled.
    pub recalled_at: Option<Timestamp>,
    /// Why.
    pub recalled_because: Option<String>,
    /// The transaction that holds its recall.
    pub recall_seq: Option<i64>,
}

/// The sheet of an award.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SheetOf {
    /// Its number.
    pub no: i64,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// Where it stands.
    pub state: String,
    /// The days it ran at least.
    pub days: i32,
}

/// Accounts after number `after`.
pub async fn accounts(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<RawAccount>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ACCOUNTS).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// Balances after account `after`.
pub async fn balances(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<RawBalance>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BALANCES).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// Entries of the transactions after `after` up to `through`.
pub async fn entries(tx: &mut Tx, book: BookId, after: i64, through: i64) -> StoreResult<Vec<RawEntry>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ENTRIES).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// How many entries and meter uses stand beyond `seq`.
pub async fn beyond(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<(i64, i64)> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BEYOND).bind(book).bind(seq).fetch_one(c))?)
}

/// Commodities.
pub async fn commodities(tx: &mut Tx, book: BookId) -> StoreResult<Vec<RawCommodity>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::COMMODITIES).bind(book).fetch_all(c))?)
}

/// A key that was both refused and posted.
pub async fn key_twice(tx: &mut Tx, book: BookId) -> StoreResult<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::KEY_TWICE).bind(book).fetch_optional(c))?)
}

/// Awards posted after `after` up to `through`.
pub async fn awards(tx: &mut Tx, book: BookId, after: i64, through: i64) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::AWARDS).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// Awards after number `after`.
pub async fn awards_by_no(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::AWARDS_BY_NO).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// Redemptions posted after `after` up to `through`.
pub async fn redemptions(
    tx: &mut Tx,
    book: BookId,
    after: i64,
    through: i64,
) -> StoreResult<Vec<RedemptionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::REDEMPTIONS).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// Lines of the redemptions posted after `after` up to `through`.
pub async fn redemption_lines(
    tx: &mut Tx,
    book: BookId,
    after: i64,
    through: i64,
) -> StoreResult<Vec<RawRedemptionLine>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::REDEMPTION_LINES).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// How many redemptions, how many awards with a posting, how many awards that say so.
pub async fn papers(tx: &mut Tx, book: BookId) -> StoreResult<(i64, i64, i64)> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PAPERS).bind(book).fetch_one(c))?)
}

/// Numbers of households.
pub async fn households(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(HouseholdId, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::HOUSEHOLDS).bind(book).fetch_all(c))?)
}

/// Codes of counters.
pub async fn counters(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(CounterId, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::COUNTERS).bind(book).fetch_all(c))?)
}

/// Sheets after number `after`.
pub async fn sheets(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<RawSheet>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::SHEETS).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// What the digest of a sheet is made of, beside its lines.
pub async fn sealed(tx: &mut Tx, book: BookId, id: NoticeId) -> StoreResult<Option<SealedSheet>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::SEALED).bind(book).bind(id).fetch_optional(c))?)
}

/// The sheet of the award with that number.
pub async fn sheet_of(tx: &mut Tx, book: BookId, award_no: i64) -> StoreResult<Option<SheetOf>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::SHEET_OF).bind(book).bind(award_no).fetch_optional(c))?)
}
