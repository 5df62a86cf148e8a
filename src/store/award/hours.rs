//! From when to when something was done, of awards that say so.

use crate::{
    domain::{
        ids::{AwardId, BookId, HouseholdId, PersonId},
        time::Day,
    },
    store::{StoreResult, Tx, WriteTx, any, exactly, on},
};

macro_rules! meets {
    () => {
        "SELECT a.no, h.from_minute, h.to_minute FROM award AS a JOIN award_hours AS h ON h.book_id = a.book_id \
         AND h.award_id = a.id WHERE a.book_id = $1 AND a.occurred_on = $2 AND h.from_minute < $3 AND h.to_minute > $4 \
         AND a.id <> $5 AND a.state <> 'rejected' AND (a.state <> 'reversed' OR EXISTS (SELECT 1 FROM reversal AS r \
         WHERE r.book_id = a.book_id AND r.seq = a.txn_seq AND r.correction_seq IS NOT NULL))"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Says when; again, says otherwise.
        PUT = "INSERT INTO award_hours (book_id, award_id, from_minute, to_minute) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (book_id, award_id) DO UPDATE SET from_minute = $3, to_minute = $4";
        /// Says nothing of it any more.
        CLEAR = "DELETE FROM award_hours WHERE book_id = $1 AND award_id = $2";
        /// Of one award.
        ONE = "SELECT from_minute, to_minute FROM award_hours WHERE book_id = $1 AND award_id = $2";
        /// What counts of a person on a day and shares a minute.
        MEETS_PERSON = concat!(meets!(), " AND a.person_id = $6 ORDER BY a.no LIMIT 1");
        /// The same of what a household did without a name.
        MEETS_HOUSEHOLD = concat!(meets!(), " AND a.household_id = $6 AND a.person_id IS NULL ORDER BY a.no LIMIT 1");
    }
}

/// An award that was done at the same time: its number, from when and to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Met {
    /// Its number.
    pub no: i64,
    /// The first minute of the day.
    pub from_minute: i32,
    /// The first no longer.
    pub to_minute: i32,
}

/// Says when an award was done.
pub async fn put(tx: &mut WriteTx, book: BookId, id: AwardId, (from, to): (i32, i32)) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::PUT).bind(book).bind(id).bind(from).bind(to).execute(c))
}

/// Says nothing of it any more.
pub async fn clear(tx: &mut WriteTx, book: BookId, id: AwardId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::CLEAR).bind(book).bind(id).execute(c))
}

/// From when to when an award was done, if it says so.
pub async fn one(tx: &mut Tx, book: BookId, id: AwardId) -> StoreResult<Option<(i32, i32)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The first award of the person, or of the household where nobody is named, that counts and was done on `day` in some
/// minute from `from` to before `to`; `without` is left out.
pub async fn meets(
    tx: &mut Tx,
    book: BookId,
    (person, household): (Option<PersonId>, HouseholdId),
    (day, from, to): (Day, i32, i32),
    without: AwardId,
) -> StoreResult<Option<Met>> {
    Ok(match person {
        Some(person) => on!(tx, |c| sqlx::query_as(sql::MEETS_PERSON)
            .bind(book)
            .bind(day)
            .bind(to)
            .bind(from)
            .bind(without)
            .bind(person)
            .fetch_optional(c))?,
        None => on!(tx, |c| sqlx::query_as(sql::MEETS_HOUSEHOLD)
            .bind(book)
            .bind(day)
            .bind(to)
            .bind(from)
            .bind(without)
            .bind(household)
            .fetch_optional(c))?,
    })
}
