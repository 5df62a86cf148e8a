//! Random call-backs: draws, what was drawn, and the answers. Rows are only ever added; what was said can be erased.

use super::{StoreResult, Tx, WriteTx, any, exactly, log::SignedHead, on};
use crate::domain::{
    ids::{AwardId, BookId, CallBackId, HouseholdId},
    time::{Day, Timestamp},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// The first signed head of at least so many transactions.
        FIRST_HEAD = "SELECT size, key_number, note, signed_at FROM signed_head WHERE book_id = $1 AND size >= $2 \
            ORDER BY size, key_number LIMIT 1";
        /// Adds a draw.
        ADD_DRAW = "INSERT INTO call_back_draw (book_id, month, size, seed, awards, drawn_at, drawn_by) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        /// The draw of a month.
        DRAW = "SELECT month, size, seed, awards, drawn_at, drawn_by FROM call_back_draw WHERE book_id = $1 AND month = $2";
        /// Draws, the latest first.
        DRAWS = "SELECT month, size, seed, awards, drawn_at, drawn_by FROM call_back_draw WHERE book_id = $1 \
            AND month < $2 ORDER BY month DESC LIMIT $3";
        /// Adds what was drawn.
        ADD = "INSERT INTO call_back (book_id, id, month, place, award_id) VALUES ($1, $2, $3, $4, $5)";
        /// What was drawn of a month after a place.
        OF_MONTH = "SELECT id, month, place, award_id FROM call_back WHERE book_id = $1 AND month = $2 AND place > $3 \
            ORDER BY place LIMIT $4";
        /// One call-back.
        ONE = "SELECT id, month, place, award_id FROM call_back WHERE book_id = $1 AND id = $2";
        /// Adds an answer.
        ADD_ANSWER = "INSERT INTO call_back_answer (book_id, call_back_id, ordinal, answer, words, answered_at, \
            answered_by) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        /// The answers of a call-back, in order.
        ANSWERS = "SELECT ordinal, answer, words, answered_at, answered_by FROM call_back_answer WHERE book_id = $1 \
            AND call_back_id = $2 ORDER BY ordinal";
        /// What was said about a household is gone.
        ERASE_WORDS = "UPDATE call_back_answer SET words = '' WHERE book_id = $1 AND call_back_id IN (SELECT b.id \
            FROM call_back AS b JOIN award AS a ON a.book_id = b.book_id AND a.id = b.award_id WHERE b.book_id = $1 \
            AND a.household_id = $2)";
        /// How the call-backs of a month stand: by the last answer of each, '' for none.
        STANDING = "SELECT COALESCE(l.answer, '') AS answer, CAST(COUNT(*) AS BIGINT) AS many FROM call_back AS b \
            LEFT JOIN call_back_answer AS l ON l.book_id = b.book_id AND l.call_back_id = b.id AND l.ordinal = \
            (SELECT MAX(n.ordinal) FROM call_back_answer AS n WHERE n.book_id = b.book_id AND n.call_back_id = b.id) \
            WHERE b.book_id = $1 AND b.month = $2 GROUP BY 1 ORDER BY 1";
        /// Denied call-backs whose posting still stands, the latest first.
        DENIED = "SELECT b.id, b.month, b.place, b.award_id FROM call_back AS b JOIN call_back_answer AS l \
            ON l.book_id = b.book_id AND l.call_back_id = b.id AND l.answer = 'denied' JOIN award AS a \
            ON a.book_id = b.book_id AND a.id = b.award_id AND a.state = 'posted' WHERE b.book_id = $1 \
            ORDER BY b.month DESC, b.place LIMIT $2";
    }
}

/// A draw.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DrawRow {
    /// The first day of its month.
    pub month: Day,
    /// How many transactions the signed head covers whose digest is the seed.
    pub size: i64,
    /// The seed.
    pub seed: Vec<u8>,
    /// How many awards were posted in the month.
    pub awards: i64,
    /// When it was drawn.
    pub drawn_at: Timestamp,
    /// By whom.
    pub drawn_by: String,
}

/// An award that is called back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct CallBackRow {
    /// Its name.
    pub id: CallBackId,
    /// The first day of its month.
    pub month: Day,
    /// Its place in the list.
    pub place: i32,
    /// The award.
    pub award_id: AwardId,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AnswerRow {
    /// Which try.
    pub ordinal: i32,
    /// `confirmed`, `denied` or `not_reached`.
    pub answer: String,
    /// What was said.
    pub words: String,
    /// When.
    pub answered_at: Timestamp,
    /// Who asked.
    pub answered_by: String,
}

/// The first signed head of at least `size` transactions.
pub async fn first_head(tx: &mut Tx, book: BookId, size: i64) -> StoreResult<Option<SignedHead>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::FIRST_HEAD).bind(book).bind(size).fetch_optional(c))?)
}

/// Adds a draw.
pub async fn add_draw(tx: &mut WriteTx, book: BookId, d: &DrawRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_DRAW)
        .bind(book)
        .bind(d.month)
        .bind(d.size)
        .bind(&d.seed)
        .bind(d.awards)
        .bind(d.drawn_at)
        .bind(&d.drawn_by)
        .execute(c))
}

/// The draw of the month that begins on a day.
pub async fn draw(tx: &mut Tx, book: BookId, month: Day) -> StoreResult<Option<DrawRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DRAW).bind(book).bind(month).fetch_optional(c))?)
}

/// Draws of months before `before`, the latest first.
pub async fn draws(tx: &mut Tx, book: BookId, before: Day, limit: i64) -> StoreResult<Vec<DrawRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DRAWS).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// Adds what was drawn.
pub async fn add(tx: &mut WriteTx, book: BookId, row: CallBackRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(row.id)
        .bind(row.month)
        .bind(row.place)
        .bind(row.award_id)
        .execute(c))
}

/// What was drawn of a month after a place.
pub async fn of_month(
    tx: &mut Tx,
    book: BookId,
    month: Day,
    after: i32,
    limit: i64,
) -> StoreResult<Vec<CallBackRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_MONTH)
        .bind(book)
        .bind(month)
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// One call-back.
pub async fn one(tx: &mut Tx, book: BookId, id: CallBackId) -> StoreResult<Option<CallBackRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// Adds an answer.
pub async fn add_answer(tx: &mut WriteTx, book: BookId, id: CallBackId, a: &AnswerRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_ANSWER)
        .bind(book)
        .bind(id)
        .bind(a.ordinal)
        .bind(&a.answer)
        .bind(&a.words)
        .bind(a.answered_at)
        .bind(&a.answered_by)
        .execute(c))
}

/// The answers of a call-back, in order.
pub async fn answers(tx: &mut Tx, book: BookId, id: CallBackId) -> StoreResult<Vec<AnswerRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ANSWERS).bind(book).bind(id).fetch_all(c))?)
}

/// How many call-backs of a month stand at each answer, `''` for none yet.
pub async fn standing(tx: &mut Tx, book: BookId, month: Day) -> StoreResult<Vec<(String, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::STANDING).bind(book).bind(month).fetch_all(c))?)
}

/// Denied call-backs whose posting still stands, the latest first.
pub async fn denied(tx: &mut Tx, book: BookId, limit: i64) -> StoreResult<Vec<CallBackRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DENIED).bind(book).bind(limit).fetch_all(c))?)
}

/// Erases what was said about a household.
pub async fn erase_words(tx: &mut WriteTx, book: BookId, household: HouseholdId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_WORDS).bind(book).bind(household).execute(c))
}
