//! Check-in and check-out, and what volunteers answered.

use crate::{
    domain::{
        ids::{BookId, PersonId, TimeOrderId},
        time::Timestamp,
    },
    store::{StoreResult, Tx, WriteTx, exactly, on},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Checks in; or writes a whole pair from a sheet.
        OPEN = "INSERT INTO time_pair (book_id, order_id, pair, person_id, in_at, in_means, in_by, out_at, out_means, \
            out_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        /// Checks out.
        CLOSE = "UPDATE time_pair SET out_at = $4, out_means = $5, out_by = $6 WHERE book_id = $1 AND order_id = $2 \
            AND pair = $3 AND out_at IS NULL";
        /// The pairs of an order.
        OF_ORDER = "SELECT order_id, pair, person_id, in_at, in_means, in_by, out_at, out_means, out_by FROM time_pair \
            WHERE book_id = $1 AND order_id = $2 ORDER BY pair";
        /// The pairs of the orders posted by a run of transactions.
        OF_RUN = "SELECT p.order_id, p.pair, p.person_id, p.in_at, p.in_means, p.in_by, p.out_at, p.out_means, p.out_by \
            FROM time_order AS o JOIN time_pair AS p ON p.book_id = o.book_id AND p.order_id = o.id \
            WHERE o.book_id = $1 AND o.post_seq > $2 AND o.post_seq <= $3";
        /// All pairs, by person and time, after one.
        ALL_OF = "SELECT order_id, pair, person_id, in_at, in_means, in_by, out_at, out_means, out_by FROM time_pair \
            WHERE book_id = $1 AND (person_id, in_at, order_id, pair) > ($2, $3, $4, $5) \
            ORDER BY person_id, in_at, order_id, pair LIMIT $6";
        /// The pairs of a person that begin in a span, or are open.
        OF_PERSON = "SELECT order_id, pair, person_id, in_at, in_means, in_by, out_at, out_means, out_by FROM time_pair \
            WHERE book_id = $1 AND person_id = $2 AND ((in_at >= $3 AND in_at < $4) OR out_at IS NULL) ORDER BY in_at";
        /// Adds an answer.
        ANSWER = "INSERT INTO time_answer (book_id, order_id, place, person_id, answer, answered_at, answered_by) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        /// The answers to an order.
        ANSWERS = "SELECT order_id, place, person_id, answer, answered_at, answered_by FROM time_answer \
            WHERE book_id = $1 AND order_id = $2 ORDER BY place";
        /// How often somebody did not come since an instant.
        MISSED = "SELECT CAST(COUNT(*) AS BIGINT) FROM time_answer WHERE book_id = $1 AND person_id = $2 \
            AND answered_at >= $3 AND answer = 'missed'";
    }
}

/// A pair.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PairRow {
    /// Of which order.
    pub order_id: TimeOrderId,
    /// Its place in the order.
    pub pair: i32,
    /// Who served.
    pub person_id: PersonId,
    /// From when.
    pub in_at: Timestamp,
    /// How that is known.
    pub in_means: String,
    /// Who wrote it.
    pub in_by: String,
    /// Until when; equal to `in_at` when the check-out was forgotten.
    pub out_at: Option<Timestamp>,
    /// How that is known.
    pub out_means: Option<String>,
    /// Who wrote it.
    pub out_by: Option<String>,
}

/// An answer of a volunteer.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AnswerRow {
    /// To which order.
    pub order_id: TimeOrderId,
    /// Its place among the answers to it.
    pub place: i32,
    /// Whose.
    pub person_id: PersonId,
    /// `accepted`, `declined`, `gave_back`, `replaced`, `missed`.
    pub answer: String,
    /// When.
    pub answered_at: Timestamp,
    /// Who wrote it.
    pub answered_by: String,
}

/// Checks in, or writes a whole pair.
pub async fn open(tx: &mut WriteTx, book: BookId, p: &PairRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::OPEN)
        .bind(book)
        .bind(p.order_id)
        .bind(p.pair)
        .bind(p.person_id)
        .bind(p.in_at)
        .bind(&p.in_means)
        .bind(&p.in_by)
        .bind(p.out_at)
        .bind(&p.out_means)
        .bind(&p.out_by)
        .execute(c))
}

/// Checks out the pair that `p` is, with its end. Fails unless it is open.
pub async fn close(tx: &mut WriteTx, book: BookId, p: &PairRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::CLOSE)
        .bind(book)
        .bind(p.order_id)
        .bind(p.pair)
        .bind(p.out_at)
        .bind(&p.out_means)
        .bind(&p.out_by)
        .execute(c))
}

/// The pairs of an order.
pub async fn of_order(tx: &mut Tx, book: BookId, order: TimeOrderId) -> StoreResult<Vec<PairRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_ORDER).bind(book).bind(order).fetch_all(c))?)
}

/// The pairs of a person that begin from `from` up to `until`, and the open one.
pub async fn of_person(
    tx: &mut Tx,
    book: BookId,
    person: PersonId,
    (from, until): (Timestamp, Timestamp),
) -> StoreResult<Vec<PairRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_PERSON)
        .bind(book)
        .bind(person)
        .bind(from)
        .bind(until)
        .fetch_all(c))?)
}

/// The pairs of the orders that the transactions after `after` up to `through` posted.
pub async fn of_run(tx: &mut Tx, book: BookId, after: i64, through: i64) -> StoreResult<Vec<PairRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_RUN).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// All pairs by person and time, after the last one of the page before.
pub async fn all(tx: &mut Tx, book: BookId, last: Option<&PairRow>, limit: i64) -> StoreResult<Vec<PairRow>> {
    let none = uuid::Uuid::nil();
    let after = last.map_or((PersonId(none), Timestamp::from_micros(i64::MIN), TimeOrderId(none), 0), |p| {
        (p.person_id, p.in_at, p.order_id, p.pair)
    });
    Ok(on!(tx, |c| sqlx::query_as(sql::ALL_OF)
        .bind(book)
        .bind(after.0)
        .bind(after.1)
        .bind(after.2)
        .bind(after.3)
        .bind(limit)
        .fetch_all(c))?)
}

/// Adds an answer.
pub async fn answer(tx: &mut WriteTx, book: BookId, a: &AnswerRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ANSWER)
        .bind(book)
        .bind(a.order_id)
        .bind(a.place)
        .bind(a.person_id)
        .bind(&a.answer)
        .bind(a.answered_at)
        .bind(&a.answered_by)
        .execute(c))
}

/// The answers to an order.
pub async fn answers(tx: &mut Tx, book: BookId, order: TimeOrderId) -> StoreResult<Vec<AnswerRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ANSWERS).bind(book).bind(order).fetch_all(c))?)
}

/// How often somebody did not come since `since`.
pub async fn missed(tx: &mut Tx, book: BookId, person: PersonId, since: Timestamp) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::MISSED).bind(book).bind(person).bind(since).fetch_one(c))?)
}
