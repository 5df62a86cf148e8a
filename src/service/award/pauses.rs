//! The pauses of households: posted sanctions, read with the rules they were posted by.

use crate::{
    domain::{
        award::PauseInForce,
        ids::{BookId, HouseholdId, PersonId},
        rule::SubjectKind,
    },
    service::{ServiceResult, rulesets},
    store::{
        Tx,
        award::pauses::{self as rows, PauseRow},
    },
};

/// A pause and whom it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdPause {
    /// The household.
    pub household: HouseholdId,
    /// The one person of it; nothing for all.
    pub person: Option<PersonId>,
    /// The pause.
    pub pause: PauseInForce,
}

impl HouseholdPause {
    /// Whether it holds a claim of `person`.
    #[must_use]
    pub fn holds(&self, person: Option<PersonId>) -> bool {
        self.person.is_none() || self.person == person
    }
}

/// The pauses ever posted for a household, those that are over included.
pub async fn of_household(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
) -> ServiceResult<Vec<HouseholdPause>> {
    let mut out = Vec::new();
    for row in rows::of_household(tx, book, household).await? {
        out.extend(pause(tx, &row).await?);
    }
    Ok(out)
}

/// The pause a posted award brought, if its rule says that it brings one.
pub async fn pause(tx: &mut Tx, row: &PauseRow) -> ServiceResult<Option<HouseholdPause>> {
    let set = rulesets::of_hash(tx, &row.ruleset).await?;
    let Some(item) = set.item(&row.item) else { return Ok(None) };
    // a sanction on one person leaves the rest of the family alone
    let person = row.person_id.filter(|_| item.subject == SubjectKind::Person);
    let pause = PauseInForce::of(item, row.recorded_at);
    Ok(pause.map(|pause| HouseholdPause { household: row.household_id, person, pause }))
}
