//! Calendars of counters, single days that are otherwise, and what market days came to. Rows are only added.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, CounterId, HouseholdId},
    time::{Day, Timestamp},
};

/// The most rows of a kind that a counter may have.
pub const ROWS_MAX: i64 = 2_000;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a calendar.
        ADD_CALENDAR = "INSERT INTO counter_calendar (book_id, counter_id, no, first_day, refuse_outside, rules, \
            entered_at, entered_by, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
            ON CONFLICT (book_id, counter_id, no) DO NOTHING";
        /// All calendars of a counter, in the order in which they were entered.
        CALENDARS = "SELECT counter_id, no, first_day, refuse_outside, rules, entered_at, entered_by, digest \
            FROM counter_calendar WHERE book_id = $1 AND counter_id = $2 ORDER BY no LIMIT 2000";
        /// Adds a day that is otherwise.
        ADD_EXCEPTION = "INSERT INTO counter_exception (book_id, counter_id, no, day, kind, opens, closes, reason, \
            entered_at, entered_by, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
            ON CONFLICT (book_id, counter_id, no) DO NOTHING";
        /// All of them of a counter, in the order in which they were entered.
        EXCEPTIONS = "SELECT counter_id, no, day, kind, opens, closes, reason, entered_at, entered_by, digest \
            FROM counter_exception WHERE book_id = $1 AND counter_id = $2 ORDER BY no LIMIT 2000";
        /// What the trace of a counter says of steps of a kind: each names the row it wrote.
        TRACES = "SELECT reason FROM event WHERE book_id = $1 AND subject_id = $2 AND verb = $3 ORDER BY at, id \
            LIMIT 2000";
        /// The receipts of a span of time at a counter; an order that was handed over has its redemption's id.
        SERVED = "SELECT r.placed_at, r.household_id, r.credential, r.points, o.no AS order_no FROM redemption AS r \
            LEFT JOIN goods_order AS o ON o.book_id = r.book_id AND o.id = r.id WHERE r.book_id = $1 \
            AND r.counter_id = $2 AND r.placed_at >= $3 AND r.placed_at < $4 ORDER BY r.placed_at LIMIT 20000";
        /// Days on which anything was redeemed at a counter within a span, the latest first. Business days begin eight
        /// hours before those of the epoch.
        DAYS = "SELECT CAST((placed_at + 28800000000) / 86400000000 AS INTEGER) AS day FROM redemption \
            WHERE book_id = $1 AND counter_id = $2 AND placed_at >= $3 AND placed_at < $4 \
            GROUP BY 1 ORDER BY 1 DESC LIMIT $5";
        /// Pieces of each article taken at a counter, by day.
        PIECES = "SELECT CAST((r.placed_at + 28800000000) / 86400000000 AS INTEGER) AS day, l.sku, \
            CAST(SUM(l.quantity) AS BIGINT) AS pieces FROM redemption AS r JOIN redemption_line AS l \
            ON l.book_id = r.book_id AND l.redemption_id = r.id WHERE r.book_id = $1 AND r.counter_id = $2 \
            AND r.placed_at >= $3 AND r.placed_at < $4 GROUP BY 1, 2 ORDER BY 1, 2";
        /// What came back of receipts of each day, by article.
        PIECES_BACK = "SELECT CAST((r.placed_at + 28800000000) / 86400000000 AS INTEGER) AS day, l.sku, \
            CAST(SUM(l.quantity) AS BIGINT) AS pieces FROM redemption AS r JOIN goods_return AS b \
            ON b.book_id = r.book_id AND b.redemption_id = r.id JOIN goods_return_line AS l \
            ON l.book_id = b.book_id AND l.return_id = b.id WHERE r.book_id = $1 AND r.counter_id = $2 \
            AND r.placed_at >= $3 AND r.placed_at < $4 GROUP BY 1, 2 ORDER BY 1, 2";
    }
}

/// A calendar of a counter.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CalendarRow {
    /// The counter.
    pub counter_id: CounterId,
    /// 1, 2, 3 … there.
    pub no: i64,
    /// From this day on.
    pub first_day: Day,
    /// Nothing is handed over on other days.
    pub refuse_outside: bool,
    /// A rule a line.
    pub rules: String,
    /// When it was entered.
    pub entered_at: Timestamp,
    /// By whom.
    pub entered_by: String,
    /// SHA-256 of all of it and of the row before.
    pub digest: Vec<u8>,
}

/// A day of a counter that is otherwise.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ExceptionRow {
    /// The counter.
    pub counter_id: CounterId,
    /// 1, 2, 3 … there.
    pub no: i64,
    /// The day.
    pub day: Day,
    /// `open`, `closed` or `usual`.
    pub kind: String,
    /// The minute it opens, of one that opens.
    pub opens: Option<i64>,
    /// The minute it closes.
    pub closes: Option<i64>,
    /// What everybody reads.
    pub reason: String,
    /// When it was entered.
    pub entered_at: Timestamp,
    /// By whom.
    pub entered_by: String,
    /// SHA-256 of all of it and of the row before.
    pub digest: Vec<u8>,
}

/// A receipt, as far as a day's figures need it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ServedRow {
    /// When.
    pub placed_at: Timestamp,
    /// For whom.
    pub household_id: HouseholdId,
    /// How the household was known.
    pub credential: String,
    /// Points taken, in hundredths.
    pub points: i64,
    /// The order that was handed over with it.
    pub order_no: Option<i64>,
}

/// Adds a calendar.
pub async fn add_calendar(tx: &mut WriteTx, book: BookId, r: &CalendarRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_CALENDAR)
        .bind(book)
        .bind(r.counter_id)
        .bind(r.no)
        .bind(r.first_day)
        .bind(r.refuse_outside)
        .bind(&r.rules)
        .bind(r.entered_at)
        .bind(&r.entered_by)
        .bind(&r.digest)
        .execute(c))
}

/// All calendars of a counter, in the order in which they were entered.
pub async fn calendars(tx: &mut Tx, book: BookId, counter: CounterId) -> StoreResult<Vec<CalendarRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::CALENDARS).bind(book).bind(counter).fetch_all(c))?)
}

/// Adds a day that is otherwise.
pub async fn add_exception(tx: &mut WriteTx, book: BookId, r: &ExceptionRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_EXCEPTION)
        .bind(book)
        .bind(r.counter_id)
        .bind(r.no)
        .bind(r.day)
        .bind(&r.kind)
        .bind(r.opens)
        .bind(r.closes)
        .bind(&r.reason)
        .bind(r.entered_at)
        .bind(&r.entered_by)
        .bind(&r.digest)
        .execute(c))
}

/// All days of a counter that are otherwise, in the order in which they were entered.
pub async fn exceptions(tx: &mut Tx, book: BookId, counter: CounterId) -> StoreResult<Vec<ExceptionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::EXCEPTIONS).bind(book).bind(counter).fetch_all(c))?)
}

/// What the trace of a counter says of its steps of a kind, oldest first.
pub async fn traces(tx: &mut Tx, book: BookId, counter: CounterId, verb: &str) -> StoreResult<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::TRACES).bind(book).bind(counter).bind(verb).fetch_all(c))?)
}

/// The receipts of a counter from `from` to before `to`, in order of time.
pub async fn served(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    (from, to): (Timestamp, Timestamp),
) -> StoreResult<Vec<ServedRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::SERVED).bind(book).bind(counter).bind(from).bind(to).fetch_all(c))?)
}

/// Days on which anything was redeemed at a counter from `from` to before `to`, the latest first.
pub async fn days(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    (from, to): (Timestamp, Timestamp),
    limit: i64,
) -> StoreResult<Vec<Day>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::DAYS)
        .bind(book)
        .bind(counter)
        .bind(from)
        .bind(to)
        .bind(limit)
        .fetch_all(c))?)
}

/// Pieces of each article taken at a counter from `from` to before `to`: day, article, pieces.
pub async fn pieces(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    (from, to): (Timestamp, Timestamp),
) -> StoreResult<Vec<(Day, i64, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PIECES).bind(book).bind(counter).bind(from).bind(to).fetch_all(c))?)
}

/// Pieces that came back of receipts of a counter from `from` to before `to`: day of the receipt, article, pieces.
pub async fn pieces_back(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    (from, to): (Timestamp, Timestamp),
) -> StoreResult<Vec<(Day, i64, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PIECES_BACK)
        .bind(book)
        .bind(counter)
        .bind(from)
        .bind(to)
        .fetch_all(c))?)
}
