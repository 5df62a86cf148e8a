//! Helpers (代办人) whom households let redeem for them. Written once, ended once.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{BookId, HelperId, HouseholdId, PersonId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Registers one.
        ADD = "INSERT INTO helper (book_id, id, no, household_id, person_id, day_max, state, registered_at, registered_by) \
            VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8)";
        /// One.
        ONE = "SELECT id, no, household_id, person_id, day_max, state, registered_at, registered_by, ended_at, ended_by \
            FROM helper WHERE book_id = $1 AND id = $2";
        /// Of a household, those in force first.
        OF_HOUSEHOLD = "SELECT id, no, household_id, person_id, day_max, state, registered_at, registered_by, ended_at, \
            ended_by FROM helper WHERE book_id = $1 AND household_id = $2 ORDER BY state, no DESC LIMIT 100";
        /// How many households somebody helps.
        HELPED = "SELECT CAST(COUNT(*) AS BIGINT) FROM helper WHERE book_id = $1 AND person_id = $2 \
            AND state = 'active'";
        /// Ends one.
        END = "UPDATE helper SET state = 'ended', ended_at = $3, ended_by = $4 WHERE book_id = $1 AND id = $2 \
            AND state = 'active'";
        /// Ends those of a household and those of a person, who is gone.
        END_ALL = "UPDATE helper SET state = 'ended', ended_at = $4, ended_by = $5 WHERE book_id = $1 \
            AND state = 'active' AND (household_id = $2 OR person_id = $3)";
        /// One row if it is in force.
        GUARD = "SELECT CAST(COUNT(*) AS BIGINT) FROM helper WHERE book_id = $1 AND id = $2 AND state = 'active'";
    }
}

/// A helper of a household.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HelperRow {
    /// Its name.
    pub id: HelperId,
    /// Its number.
    pub no: i64,
    /// For whom.
    pub household_id: HouseholdId,
    /// Who.
    pub person_id: PersonId,
    /// The most in one day, in hundredths of a point.
    pub day_max: i64,
    /// `active` or `ended`.
    pub state: String,
    /// Since when.
    pub registered_at: Timestamp,
    /// By whom.
    pub registered_by: String,
    /// Until when.
    pub ended_at: Option<Timestamp>,
    /// Ended by whom.
    pub ended_by: Option<String>,
}

impl HelperRow {
    /// Whether it is in force.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.state == "active"
    }
}

/// Registers a helper.
pub async fn add(tx: &mut WriteTx, book: BookId, h: &HelperRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(h.id)
        .bind(h.no)
        .bind(h.household_id)
        .bind(h.person_id)
        .bind(h.day_max)
        .bind(h.registered_at)
        .bind(&h.registered_by)
        .execute(c))
}

/// One helper.
pub async fn one(tx: &mut Tx, book: BookId, id: HelperId) -> StoreResult<Option<HelperRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// Helpers of a household, those in force first; at most 100.
pub async fn of_household(tx: &mut Tx, book: BookId, household: HouseholdId) -> StoreResult<Vec<HelperRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOUSEHOLD).bind(book).bind(household).fetch_all(c))?)
}

/// How many households somebody helps now.
pub async fn helped(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::HELPED).bind(book).bind(person).fetch_one(c))?)
}

/// Ends one that is in force.
pub async fn end(
    tx: &mut WriteTx,
    book: BookId,
    id: HelperId,
    (at, by): (Timestamp, &str),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::END).bind(book).bind(id).bind(at).bind(by).execute(c))
}

/// Ends what a person who is erased was to others, and what was agreed by a household that nobody is left in.
pub async fn end_all(
    tx: &mut WriteTx,
    book: BookId,
    (household, person): (Option<HouseholdId>, PersonId),
    (at, by): (Timestamp, &str),
) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::END_ALL)
        .bind(book)
        .bind(household)
        .bind(person)
        .bind(at)
        .bind(by)
        .execute(c))
}

/// Whether one is in force still, inside the posting's transaction.
pub async fn in_force(tx: &mut WriteTx, book: BookId, id: HelperId) -> StoreResult<bool> {
    let found: i64 = on!(&mut **tx, |c| sqlx::query_scalar(sql::GUARD).bind(book).bind(id).fetch_one(c))?;
    Ok(found == 1)
}
