//! Statements of what a month left open with another village, and the moves they sum up.

use crate::{
    domain::{
        ids::BookId,
        time::{Day, Timestamp},
        timebank::positions::StatementState,
    },
    store::{StoreError, StoreResult, Tx, WriteTx, exactly, on},
};

macro_rules! columns {
    () => {
        "with_village, month, sent, received, state, drawn_at, drawn_by, decided_at, decided_by, words, settle_by, \
         resolved_at, resolved_by, outcome"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// What moved on the clearing accounts on the days of a span, account by account.
        MOVED = "SELECT a.path, CAST(COALESCE(SUM(CASE WHEN e.quantity < 0 THEN -e.quantity ELSE 0 END), 0) AS BIGINT) \
            AS sent, CAST(COALESCE(SUM(CASE WHEN e.quantity > 0 THEN e.quantity ELSE 0 END), 0) AS BIGINT) AS received \
            FROM account AS a JOIN entry AS e ON e.book_id = a.book_id AND e.account_id = a.account_id \
            JOIN txn AS t ON t.book_id = e.book_id AND t.seq = e.seq WHERE a.book_id = $1 AND a.commodity = 'MIN' \
            AND a.path LIKE 'Liabilities:Clearing:B%' AND t.effective_on >= $2 AND t.effective_on <= $3 \
            GROUP BY a.path ORDER BY a.path";
        /// Draws one up.
        ADD = concat!("INSERT INTO time_clearing (book_id, ", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
            $9, $10, $11, $12, $13, $14, $15)");
        /// Writes what a side did with it.
        SAVE = "UPDATE time_clearing SET state = $5, decided_at = $6, decided_by = $7, words = $8, settle_by = $9, \
            resolved_at = $10, resolved_by = $11, outcome = $12 WHERE book_id = $1 AND with_village = $2 AND month = $3 \
            AND state = $4";
        /// Of one month, by village.
        OF_MONTH = concat!("SELECT ", columns!(), " FROM time_clearing WHERE book_id = $1 AND month = $2 ORDER BY with_village");
        /// With one village in one month.
        ONE = concat!("SELECT ", columns!(), " FROM time_clearing WHERE book_id = $1 AND with_village = $2 AND month = $3");
        /// The months of which there are statements, the latest first.
        MONTHS = "SELECT DISTINCT month FROM time_clearing WHERE book_id = $1 AND month < $2 ORDER BY month DESC LIMIT $3";
    }
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ClearingRow {
    /// The number of the other village.
    pub with_village: i64,
    /// The first day of its month.
    pub month: Day,
    /// Minutes that left for the other.
    pub sent: i64,
    /// Minutes that came from the other.
    pub received: i64,
    /// Where it stands.
    pub state: String,
    /// When it was drawn up.
    pub drawn_at: Timestamp,
    /// By whom.
    pub drawn_by: String,
    /// When this side confirmed or disputed it.
    pub decided_at: Option<Timestamp>,
    /// Who did.
    pub decided_by: Option<String>,
    /// What is wrong.
    pub words: String,
    /// The last day on which the dispute is to be settled.
    pub settle_by: Option<Day>,
    /// When it was.
    pub resolved_at: Option<Timestamp>,
    /// By whom.
    pub resolved_by: Option<String>,
    /// What was found.
    pub outcome: String,
}

impl ClearingRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<StatementState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("time_clearing", "state", &self.state))
    }
}

/// What moved on the clearing accounts from one day through another: path, sent, received.
pub async fn moved(
    tx: &mut Tx,
    book: BookId,
    (from, through): (Day, Day),
) -> StoreResult<Vec<(String, i64, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::MOVED).bind(book).bind(from).bind(through).fetch_all(c))?)
}

/// Draws one up.
pub async fn add(tx: &mut WriteTx, book: BookId, r: &ClearingRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.with_village)
        .bind(r.month)
        .bind(r.sent)
        .bind(r.received)
        .bind(&r.state)
        .bind(r.drawn_at)
        .bind(&r.drawn_by)
        .bind(r.decided_at)
        .bind(&r.decided_by)
        .bind(&r.words)
        .bind(r.settle_by)
        .bind(r.resolved_at)
        .bind(&r.resolved_by)
        .bind(&r.outcome)
        .execute(c))
}

/// Writes what a side did with one that stood at `from`.
pub async fn save(tx: &mut WriteTx, book: BookId, r: &ClearingRow, from: StatementState) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SAVE)
        .bind(book)
        .bind(r.with_village)
        .bind(r.month)
        .bind(from.as_str())
        .bind(&r.state)
        .bind(r.decided_at)
        .bind(&r.decided_by)
        .bind(&r.words)
        .bind(r.settle_by)
        .bind(r.resolved_at)
        .bind(&r.resolved_by)
        .bind(&r.outcome)
        .execute(c))
}

/// The statements of one month.
pub async fn of_month(tx: &mut Tx, book: BookId, month: Day) -> StoreResult<Vec<ClearingRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_MONTH).bind(book).bind(month).fetch_all(c))?)
}

/// The statement with one village of one month.
pub async fn one(tx: &mut Tx, book: BookId, village: i64, month: Day) -> StoreResult<Option<ClearingRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(village).bind(month).fetch_optional(c))?)
}

/// Months before `before` of which there are statements, the latest first.
pub async fn months(tx: &mut Tx, book: BookId, before: Day, limit: i64) -> StoreResult<Vec<Day>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::MONTHS).bind(book).bind(before).bind(limit).fetch_all(c))?)
}
