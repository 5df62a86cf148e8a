//! The day's closings of counters. Written once, signed once.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, CounterId},
    time::{Day, Timestamp},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Closes a day.
        ADD = "INSERT INTO counter_close (book_id, counter_id, day, closed_at, closed_by, redemptions, points, cost_fen, \
            returns, points_back, cost_back, slips, why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
            $13) ON CONFLICT (book_id, counter_id, day) DO NOTHING";
        /// The second signature.
        SIGN = "UPDATE counter_close SET signed_at = $4, signed_by = $5 WHERE book_id = $1 AND counter_id = $2 \
            AND day = $3 AND signed_at IS NULL";
        /// One day of a counter.
        ONE = "SELECT counter_id, day, closed_at, closed_by, redemptions, points, cost_fen, returns, points_back, \
            cost_back, slips, why, signed_at, signed_by FROM counter_close WHERE book_id = $1 AND counter_id = $2 \
            AND day = $3";
        /// Of all counters, after a day and up to another.
        BETWEEN = "SELECT counter_id, day, closed_at, closed_by, redemptions, points, cost_fen, returns, points_back, \
            cost_back, slips, why, signed_at, signed_by FROM counter_close WHERE book_id = $1 AND day > $2 \
            AND day <= $3 ORDER BY day, counter_id";
        /// A counter's, the latest first, before a day.
        OF_COUNTER = "SELECT counter_id, day, closed_at, closed_by, redemptions, points, cost_fen, returns, points_back, \
            cost_back, slips, why, signed_at, signed_by FROM counter_close WHERE book_id = $1 AND counter_id = $2 \
            AND day < $3 ORDER BY day DESC LIMIT $4";
    }
}

/// A day of a counter that was closed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DayCloseRow {
    /// The counter.
    pub counter_id: CounterId,
    /// The business day.
    pub day: Day,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// By whom.
    pub closed_by: String,
    /// Redemptions by the book.
    pub redemptions: i64,
    /// Points taken, in hundredths.
    pub points: i64,
    /// What the goods cost, in fen.
    pub cost_fen: i64,
    /// Returns, void receipts included.
    pub returns: i64,
    /// Points given back.
    pub points_back: i64,
    /// Of the cost.
    pub cost_back: i64,
    /// Slips that were counted.
    pub slips: i64,
    /// Why they are not as many as the redemptions.
    pub why: Option<String>,
    /// When the second person signed.
    pub signed_at: Option<Timestamp>,
    /// Who.
    pub signed_by: Option<String>,
}

/// Days of all counters that were closed, after `from` and up to `through`.
pub async fn between(tx: &mut Tx, book: BookId, from: Day, through: Day) -> StoreResult<Vec<DayCloseRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BETWEEN).bind(book).bind(from).bind(through).fetch_all(c))?)
}

/// Closes a day; it is closed once.
pub async fn add(tx: &mut WriteTx, book: BookId, r: &DayCloseRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.counter_id)
        .bind(r.day)
        .bind(r.closed_at)
        .bind(&r.closed_by)
        .bind(r.redemptions)
        .bind(r.points)
        .bind(r.cost_fen)
        .bind(r.returns)
        .bind(r.points_back)
        .bind(r.cost_back)
        .bind(r.slips)
        .bind(&r.why)
        .execute(c))
}

/// Signs a day that nobody has signed.
pub async fn sign(
    tx: &mut WriteTx,
    book: BookId,
    counter: CounterId,
    day: Day,
    (at, by): (Timestamp, &str),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SIGN)
        .bind(book)
        .bind(counter)
        .bind(day)
        .bind(at)
        .bind(by)
        .execute(c))
}

/// One day of a counter.
pub async fn one(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    day: Day,
) -> StoreResult<Option<DayCloseRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(counter).bind(day).fetch_optional(c))?)
}

/// Closed days of a counter before `before`, the latest first.
pub async fn of_counter(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    before: Day,
    limit: i64,
) -> StoreResult<Vec<DayCloseRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_COUNTER)
        .bind(book)
        .bind(counter)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}
