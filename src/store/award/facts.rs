//! What happened, without what it was worth: what a draft of rules is tried with. Changes nothing.

use crate::{
    domain::{
        ids::{BookId, HouseholdId, OrgId, PersonId},
        time::Day,
    },
    store::{StoreResult, Tx, on},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Facts that were found true or are still looked into, in the order in which they were recorded.
        FACTS = "SELECT no, item, household_id, group_id, person_id, quantity, grade, event_key, occurred_on FROM award \
            WHERE book_id = $1 AND no > $2 AND occurred_on >= $3 AND occurred_on < $4 \
            AND state NOT IN ('rejected', 'reversed') ORDER BY no LIMIT $5";
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FactRow {
    /// The number of the award it was recorded as.
    pub no: i64,
    /// Under which item.
    pub item: String,
    /// Whose it is.
    pub household_id: HouseholdId,
    /// The group of the household.
    pub group_id: OrgId,
    /// Who did it.
    pub person_id: Option<PersonId>,
    /// How much, as decimal text.
    pub quantity: String,
    /// Which grade.
    pub grade: Option<String>,
    /// Acts of one event share it.
    pub event_key: Option<String>,
    /// When.
    pub occurred_on: Day,
}

/// Facts from day `from` and before day `until`, numbered above `after`.
pub async fn between(
    tx: &mut Tx,
    book: BookId,
    after: i64,
    (from, until): (Day, Day),
    limit: i64,
) -> StoreResult<Vec<FactRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::FACTS)
        .bind(book)
        .bind(after)
        .bind(from)
        .bind(until)
        .bind(limit)
        .fetch_all(c))?)
}
