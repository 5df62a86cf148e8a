//! Recusal (回避): nobody acts on their own household or their kin's. Computed from the register, never asked.

use super::{ServiceResult, caller::Staff, refuse};
use crate::{
    domain::{
        ids::HouseholdId,
        kin::{RecusalReason, recusal},
        time::Day,
    },
    store::{Tx, person},
};

/// Refuses when `staff` belongs to `household` on `day`, or a relative does.
pub async fn check(tx: &mut Tx, staff: &Staff, household: HouseholdId, day: Day) -> ServiceResult<()> {
    let Some(own) = staff.person else { return Ok(()) };
    let mut memberships = person::memberships(tx, staff.book, own).await?;
    let kin = person::kin_of(tx, staff.book, own).await?;
    for tie in &kin {
        if let Some((relative, _)) = tie.seen_from(own) {
            memberships.extend(person::memberships(tx, staff.book, relative).await?);
        }
    }
    match recusal(own, household, &memberships, &kin, day) {
        None => Ok(()),
        Some(RecusalReason::OwnHousehold) => Err(refuse("own_household").into()),
        Some(RecusalReason::Kin { kind, .. }) => {
            Err(refuse("kin_household").with("relation", kind.as_str()).into())
        }
    }
}
