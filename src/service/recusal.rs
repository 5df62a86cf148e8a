//! Recusal (回避): nobody acts on their own household or their kin's. Computed from the register, never asked.

use super::{Refusal, ServiceResult, caller::Staff, refuse};
use crate::{
    domain::{
        household::Membership,
        ids::{BookId, HouseholdId, PersonId},
        kin::{Kin, RecusalReason, recusal},
        time::Day,
    },
    store::{Tx, person},
};

/// Where somebody and their kin belong, looked up once for many households.
#[derive(Debug, Clone, Default)]
pub struct Ties {
    own: Option<PersonId>,
    memberships: Vec<Membership>,
    kin: Vec<Kin>,
}

impl Ties {
    /// The ties of a person; somebody who is not of the village has none.
    pub async fn of(tx: &mut Tx, book: BookId, own: Option<PersonId>) -> ServiceResult<Self> {
        let Some(person) = own else { return Ok(Self::default()) };
        let mut memberships = person::memberships(tx, book, person).await?;
        let kin = person::kin_of(tx, book, person).await?;
        for tie in &kin {
            if let Some((relative, _)) = tie.seen_from(person) {
                memberships.extend(person::memberships(tx, book, relative).await?);
            }
        }
        Ok(Self { own, memberships, kin })
    }

    /// Why this person must step back from a matter of `household` on any of these days.
    #[must_use]
    pub fn bar(&self, household: HouseholdId, days: &[Day]) -> Option<Refusal> {
        let own = self.own?;
        let found =
            days.iter().find_map(|day| recusal(own, household, &self.memberships, &self.kin, *day))?;
        Some(match found {
            RecusalReason::OwnHousehold => refuse("own_household"),
            RecusalReason::Kin { kind, .. } => refuse("kin_household").with("relation", kind.as_str()),
        })
    }
}

/// Refuses whoever has a role of the village while nobody has said who they are: whom they would have to step back from
/// could not be known. Not those who had their role before this was asked: a running village is not locked out; they
/// stand on the auditor's list until it is said ([`super::Desk::who_is_who`]).
pub fn known(staff: &Staff) -> Result<(), Refusal> {
    if staff.known { Ok(()) } else { Err(refuse("identity_unsaid")) }
}

/// Refuses when `staff` belongs to `household` on `day`, or a relative does, and when it is not known who they are.
pub async fn check(tx: &mut Tx, staff: &Staff, household: HouseholdId, day: Day) -> ServiceResult<()> {
    known(staff)?;
    match Ties::of(tx, staff.book, staff.person).await?.bar(household, &[day]) {
        None => Ok(()),
        Some(refusal) => Err(refusal.into()),
    }
}
