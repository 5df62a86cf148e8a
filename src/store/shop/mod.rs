//! Agreements with private shops, and what was redeemed at their counters. Holds no statements: see [`statement`].

use super::{StoreResult, Tx, WriteTx, exactly, on, redemption::RedemptionRow, returns::ReturnRow};
use crate::domain::{
    ids::{BookId, CounterId, HouseholdId, ShopId},
    time::{Day, Timestamp},
};

pub mod statement;

macro_rules! columns {
    () => {
        "id, no, counter_id, name, licence, household_id, discount, settles_on, from_day, until_day, state, drawn_at, \
         drawn_by, decided_at, decided_by, seq, ended_at, ended_by, ended_on, end_seq, reason"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Draws an agreement up.
        ADD = "INSERT INTO shop_agreement (book_id, id, no, counter_id, name, licence, household_id, discount, \
            settles_on, from_day, until_day, state, drawn_at, drawn_by, reason) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'drawn', $12, $13, '')";
        /// The second person's word.
        DECIDE = "UPDATE shop_agreement SET state = $3, decided_at = $4, decided_by = $5, seq = $6, reason = $7 \
            WHERE book_id = $1 AND id = $2 AND state = 'drawn'";
        /// Ends one that was agreed.
        END = "UPDATE shop_agreement SET state = 'ended', ended_at = $3, ended_by = $4, ended_on = $5, end_seq = $6, \
            reason = $7 WHERE book_id = $1 AND id = $2 AND state = 'agreed'";
        /// One.
        ONE = concat!("SELECT ", columns!(), " FROM shop_agreement WHERE book_id = $1 AND id = $2");
        /// All of a village.
        LIST = concat!("SELECT ", columns!(), " FROM shop_agreement WHERE book_id = $1 ORDER BY no LIMIT 500");
        /// Those of a counter that were agreed, by their first day.
        OF_COUNTER = concat!("SELECT ", columns!(), " FROM shop_agreement WHERE book_id = $1 AND counter_id = $2 \
            AND state IN ('agreed', 'ended') ORDER BY from_day LIMIT 100");
        /// Redemptions at a counter in a run of transactions.
        SOLD = "SELECT id, no, counter_id, household_id, credential, card_id, code_digest, cashier, placed_at, points, \
            cost_fen, available_before, available_after, txn_seq FROM redemption \
            WHERE book_id = $1 AND counter_id = $2 AND txn_seq > $3 AND txn_seq <= $4 ORDER BY txn_seq";
        /// What came back at a counter in a run of transactions.
        BACK = "SELECT id, no, kind, redemption_id, counter_id, goes_to, credential, cashier, placed_at, points, \
            cost_fen, txn_seq FROM goods_return \
            WHERE book_id = $1 AND counter_id = $2 AND txn_seq > $3 AND txn_seq <= $4 ORDER BY txn_seq";
        /// What of a counter was undone in a run of transactions.
        UNDONE = "SELECT t.seq, t.reverses_seq, t.recorded_at FROM txn AS t WHERE t.book_id = $1 AND t.seq > $3 \
            AND t.seq <= $4 AND t.reverses_seq IS NOT NULL AND (EXISTS (SELECT 1 FROM redemption AS r \
            WHERE r.book_id = $1 AND r.txn_seq = t.reverses_seq AND r.counter_id = $2) OR EXISTS (SELECT 1 \
            FROM goods_return AS g WHERE g.book_id = $1 AND g.txn_seq = t.reverses_seq AND g.counter_id = $2)) \
            ORDER BY t.seq";
        /// Records in the log that come from shops: agreements, their ends, statements, payments.
        ON_FILE = "SELECT (SELECT CAST(COUNT(seq) + COUNT(end_seq) AS BIGINT) FROM shop_agreement WHERE book_id = $1) \
            + (SELECT COUNT(*) FROM shop_statement WHERE book_id = $1) \
            + (SELECT COUNT(*) FROM shop_payment WHERE book_id = $1)";
    }
}

/// An agreement with a shop.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ShopRow {
    /// Its name inside the program.
    pub id: ShopId,
    /// Its number.
    pub no: i64,
    /// The counter the shop keeps.
    pub counter_id: CounterId,
    /// What the shop is called.
    pub name: String,
    /// The number of its licence.
    pub licence: String,
    /// The household that runs it, if it is one of the village.
    pub household_id: Option<HouseholdId>,
    /// What the shop leaves of the value, in per mille.
    pub discount: i64,
    /// The day of the month on which it is settled.
    pub settles_on: i64,
    /// Its first day.
    pub from_day: Day,
    /// Its last day, unless it is ended before.
    pub until_day: Day,
    /// `drawn`, `agreed`, `refused` or `ended`.
    pub state: String,
    /// When it was drawn up.
    pub drawn_at: Timestamp,
    /// By whom.
    pub drawn_by: String,
    /// When the second person decided.
    pub decided_at: Option<Timestamp>,
    /// Who that was.
    pub decided_by: Option<String>,
    /// Its place in the log.
    pub seq: Option<i64>,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// By whom.
    pub ended_by: Option<String>,
    /// Its last day then.
    pub ended_on: Option<Day>,
    /// The place of its end in the log.
    pub end_seq: Option<i64>,
    /// Why it was not agreed to, or was ended.
    pub reason: String,
}

impl ShopRow {
    /// Its last day.
    #[must_use]
    pub fn last_day(&self) -> Day {
        self.ended_on.map_or(self.until_day, |on| on.min(self.until_day))
    }

    /// Whether it was agreed to and `day` is one of its days.
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        matches!(self.state.as_str(), "agreed" | "ended") && self.from_day <= day && day <= self.last_day()
    }
}

/// The second person's word about an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopDecision<'a> {
    /// `agreed` or `refused`.
    pub state: &'a str,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: &'a str,
    /// Its place in the log.
    pub seq: Option<i64>,
    /// Why not.
    pub reason: &'a str,
}

/// The end of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopEnd<'a> {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: &'a str,
    /// Its last day.
    pub on: Day,
    /// Its place in the log.
    pub seq: i64,
    /// Why.
    pub reason: &'a str,
}

/// What was undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct UndoneRow {
    /// The place of the undoing.
    pub seq: i64,
    /// The place of what it undoes.
    pub reverses_seq: i64,
    /// When.
    pub recorded_at: Timestamp,
}

/// Draws an agreement up.
pub async fn add(tx: &mut WriteTx, book: BookId, r: &ShopRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.id)
        .bind(r.no)
        .bind(r.counter_id)
        .bind(&r.name)
        .bind(&r.licence)
        .bind(r.household_id)
        .bind(r.discount)
        .bind(r.settles_on)
        .bind(r.from_day)
        .bind(r.until_day)
        .bind(r.drawn_at)
        .bind(&r.drawn_by)
        .execute(c))
}

/// The second person's word, once.
pub async fn decide(tx: &mut WriteTx, book: BookId, id: ShopId, d: &ShopDecision<'_>) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::DECIDE)
        .bind(book)
        .bind(id)
        .bind(d.state)
        .bind(d.at)
        .bind(d.by)
        .bind(d.seq)
        .bind(d.reason)
        .execute(c))
}

/// Ends an agreement, once.
pub async fn end(tx: &mut WriteTx, book: BookId, id: ShopId, e: &ShopEnd<'_>) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::END)
        .bind(book)
        .bind(id)
        .bind(e.at)
        .bind(e.by)
        .bind(e.on)
        .bind(e.seq)
        .bind(e.reason)
        .execute(c))
}

/// One agreement.
pub async fn one(tx: &mut Tx, book: BookId, id: ShopId) -> StoreResult<Option<ShopRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// All agreements of a village, by number.
pub async fn list(tx: &mut Tx, book: BookId) -> StoreResult<Vec<ShopRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).fetch_all(c))?)
}

/// The agreements about a counter that were agreed to, ended ones among them, by their first day.
pub async fn of_counter(tx: &mut Tx, book: BookId, counter: CounterId) -> StoreResult<Vec<ShopRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_COUNTER).bind(book).bind(counter).fetch_all(c))?)
}

/// Redemptions at a counter after `run.0` and up to `run.1`.
pub async fn sold(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    run: (i64, i64),
) -> StoreResult<Vec<RedemptionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::SOLD).bind(book).bind(counter).bind(run.0).bind(run.1).fetch_all(c))?)
}

/// What came back at a counter in such a run.
pub async fn back(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    run: (i64, i64),
) -> StoreResult<Vec<ReturnRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BACK).bind(book).bind(counter).bind(run.0).bind(run.1).fetch_all(c))?)
}

/// What of a counter was undone in such a run.
pub async fn undone(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    run: (i64, i64),
) -> StoreResult<Vec<UndoneRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::UNDONE)
        .bind(book)
        .bind(counter)
        .bind(run.0)
        .bind(run.1)
        .fetch_all(c))?)
}

/// How many records of shops the log must have.
pub async fn on_file(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::ON_FILE).bind(book).fetch_one(c))?)
}
