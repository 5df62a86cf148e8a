//! What other programmes rewarded for an event (互斥): the same event is not rewarded a second time here.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, EventId, HouseholdId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Notes one.
        ADD = "INSERT INTO elsewhere (book_id, id, programme, event_key, household_id, basis, noted_at, noted_by) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        /// How often a household was rewarded for an event by one of `$4`, codes between commas.
        COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM elsewhere WHERE book_id = $1 AND event_key = $2 \
            AND household_id = $3 AND $4 LIKE '%,' || programme || ',%'";
        /// The latest, for the list.
        LIST = "SELECT e.id, e.programme, e.event_key, h.no AS household_no, e.basis, e.noted_at, e.noted_by \
            FROM elsewhere e JOIN household h ON h.book_id = e.book_id AND h.id = e.household_id WHERE e.book_id = $1 \
            ORDER BY e.noted_at DESC, e.id DESC LIMIT $2";
    }
}

/// One reward of another programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewElsewhere {
    /// Its name.
    pub id: EventId,
    /// The code by which an exclusive group names the programme.
    pub programme: String,
    /// The event.
    pub event_key: String,
    /// Whose it was.
    pub household_id: HouseholdId,
    /// The paper that says so.
    pub basis: String,
    /// When it was noted.
    pub noted_at: Timestamp,
    /// By whom.
    pub noted_by: String,
}

/// The same, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ElsewhereRow {
    /// Its name.
    pub id: EventId,
    /// The programme.
    pub programme: String,
    /// The event.
    pub event_key: String,
    /// The number of the household.
    pub household_no: String,
    /// The paper that says so.
    pub basis: String,
    /// When it was noted.
    pub noted_at: Timestamp,
    /// By whom.
    pub noted_by: String,
}

/// Notes one; the same twice is [`super::StoreError::Duplicate`].
pub async fn add(tx: &mut WriteTx, book: BookId, e: &NewElsewhere) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(e.id)
        .bind(&e.programme)
        .bind(&e.event_key)
        .bind(e.household_id)
        .bind(&e.basis)
        .bind(e.noted_at)
        .bind(&e.noted_by)
        .execute(c))
}

/// How often a household was rewarded for an event by one of the programmes, listed between commas.
pub async fn count(
    tx: &mut Tx,
    book: BookId,
    event_key: &str,
    household: HouseholdId,
    programmes: &str,
) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::COUNT)
        .bind(book)
        .bind(event_key)
        .bind(household)
        .bind(programmes)
        .fetch_one(c))?)
}

/// The latest.
pub async fn list(tx: &mut Tx, book: BookId, limit: i64) -> StoreResult<Vec<ElsewhereRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(limit).fetch_all(c))?)
}
