//! Posted awards that took and gave nothing spendable: among them the sanctions. Which they are is the rules' to say.

use crate::{
    domain::{
        ids::{BookId, HouseholdId, PersonId},
        time::Timestamp,
    },
    store::{StoreResult, Tx, on},
};

/// Sanctions of one household that are looked at.
const OF_HOUSEHOLD_MAX: i64 = 1_000;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Of one household, latest first.
        /// The order is that of the index of households: by number, SQLite reads everything the village ever posted.
        PAUSES_OF = "SELECT a.no, a.ruleset, a.item, a.household_id, a.person_id, t.recorded_at FROM award a JOIN txn t \
            ON t.book_id = a.book_id AND t.seq = a.txn_seq WHERE a.book_id = $1 AND a.household_id = $2 \
            AND a.state = 'posted' AND a.points = 0 AND a.minutes = 0 AND a.honor <= 0 ORDER BY a.occurred_on DESC, a.no DESC \
            LIMIT $3";
        /// Of all households, by number.
        PAUSES = "SELECT a.no, a.ruleset, a.item, a.household_id, a.person_id, t.recorded_at FROM award a JOIN txn t \
            ON t.book_id = a.book_id AND t.seq = a.txn_seq WHERE a.book_id = $1 AND a.no > $2 \
            AND a.state = 'posted' AND a.points = 0 AND a.minutes = 0 AND a.honor <= 0 ORDER BY a.no LIMIT $3";
    }
}

/// A posted award that may be a sanction.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PauseRow {
    /// The number of the award.
    pub no: i64,
    /// Its rule set.
    pub ruleset: String,
    /// Its item.
    pub item: String,
    /// Whose it is.
    pub household_id: HouseholdId,
    /// Who did it.
    pub person_id: Option<PersonId>,
    /// When it was posted.
    pub recorded_at: Timestamp,
}

/// Of one household, latest first.
pub async fn of_household(tx: &mut Tx, book: BookId, household: HouseholdId) -> StoreResult<Vec<PauseRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PAUSES_OF)
        .bind(book)
        .bind(household)
        .bind(OF_HOUSEHOLD_MAX)
        .fetch_all(c))?)
}

/// Of all households, numbered above `after`.
pub async fn all(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<PauseRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PAUSES).bind(book).bind(after).bind(limit).fetch_all(c))?)
}
