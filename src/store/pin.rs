//! A household's PIN: its hash, and the wrong tries since it was last right.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, HouseholdId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// A household by its number, with its PIN if it has one.
        BY_NO = "SELECT h.id, h.state, p.pin_hash, p.wrong FROM household h LEFT JOIN household_pin p \
            ON p.book_id = h.book_id AND p.household_id = h.id WHERE h.book_id = $1 AND h.no = $2";
        /// A household by id, with its PIN if it has one.
        BY_ID = "SELECT h.id, h.state, p.pin_hash, p.wrong FROM household h LEFT JOIN household_pin p \
            ON p.book_id = h.book_id AND p.household_id = h.id WHERE h.book_id = $1 AND h.id = $2";
        /// Sets it anew and unblocks it.
        SET = "INSERT INTO household_pin (book_id, household_id, pin_hash, wrong, set_at) VALUES ($1, $2, $3, 0, $4) \
            ON CONFLICT (book_id, household_id) DO UPDATE SET pin_hash = excluded.pin_hash, wrong = 0, \
            set_at = excluded.set_at";
        /// Counts a try before it is checked, so that tries side by side cannot exceed the limit.
        CHARGE = "UPDATE household_pin SET wrong = wrong + 1 WHERE book_id = $1 AND household_id = $2 AND wrong < $3";
        /// It was right.
        CLEAR = "UPDATE household_pin SET wrong = 0 WHERE book_id = $1 AND household_id = $2";
    }
}

/// A household and its PIN. Debug hides the hash.
#[derive(Clone, sqlx::FromRow)]
pub struct PinRow {
    /// The household.
    pub id: HouseholdId,
    /// Its state.
    pub state: String,
    /// PHC string; absent until a PIN is set.
    pub pin_hash: Option<String>,
    /// Wrong tries in a row.
    pub wrong: Option<i32>,
}

impl std::fmt::Debug for PinRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PinRow").field("id", &self.id).field("wrong", &self.wrong).finish_non_exhaustive()
    }
}

/// The household of that number.
pub async fn by_no(tx: &mut Tx, book: BookId, no: &str) -> StoreResult<Option<PinRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_NO).bind(book).bind(no).fetch_optional(c))?)
}

/// The household of that id.
pub async fn by_id(tx: &mut Tx, book: BookId, id: HouseholdId) -> StoreResult<Option<PinRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_ID).bind(book).bind(id).fetch_optional(c))?)
}

/// Sets the PIN and unblocks it.
pub async fn set(
    tx: &mut WriteTx,
    book: BookId,
    household: HouseholdId,
    hash: &str,
    at: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SET)
        .bind(book)
        .bind(household)
        .bind(hash)
        .bind(at)
        .execute(c))
}

/// Whether one more try is allowed; it is counted as wrong until [`clear`].
pub async fn charge(tx: &mut WriteTx, book: BookId, household: HouseholdId, limit: i32) -> StoreResult<bool> {
    let charged: StoreResult<()> = exactly!(1, &mut **tx, |c| sqlx::query(sql::CHARGE)
        .bind(book)
        .bind(household)
        .bind(limit)
        .execute(c));
    match charged {
        Ok(()) => Ok(true),
        Err(super::StoreError::RowsAffected { actual: 0, .. }) => Ok(false),
        Err(e) => Err(e),
    }
}

/// It was right: the wrong tries are forgotten.
pub async fn clear(tx: &mut WriteTx, book: BookId, household: HouseholdId) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::CLEAR).bind(book).bind(household).execute(c))
}
