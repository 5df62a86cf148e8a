//! Claims (申报): handed in by a household, by family, by the head of the household group or on paper; looked into by
//! whoever records awards; become an award that goes the way of every other. One use case a file.

use super::{Actor, Desk, Refusal, ServiceError, ServiceResult, refuse};
use crate::{
    domain::{
        claim::{ClaimMove, ClaimState},
        ids::{BookId, ClaimId, HouseholdId},
    },
    service::caller::{Recorder, Resident, Staff},
    store::{
        Tx, WriteTx,
        claim::{self as rows, ClaimRow},
        event,
        household::Household,
        org,
    },
};

pub mod files;
pub mod hand_in;
pub mod handle;
pub mod view;

/// Claims of one household that may wait at a time.
pub const WAITING_MAX: usize = 20;
/// Other households that one household may claim for on one day (代办).
pub const HELPED_A_DAY_MAX: usize = 3;
/// Claims a list shows at once.
pub const CLAIMS_PAGE: i64 = 50;
/// Bytes of a voice note.
pub const VOICE_BYTES_MAX: usize = 1 << 20;

/// Who hands a claim in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimant {
    /// A household, signed in: for itself, or for kin.
    Household(Resident),
    /// The clerk with a paper, a household-group head or grid staff for a household of theirs.
    Staff(Recorder),
}

impl Claimant {
    /// The book at hand.
    #[must_use]
    pub fn book(&self) -> BookId {
        match self {
            Self::Household(resident) => resident.book,
            Self::Staff(staff) => staff.book,
        }
    }

    /// As written into claims.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Household(resident) => resident.actor(),
            Self::Staff(staff) => staff.actor(),
        }
    }
}

impl Desk {
    /// Adds to the history of a claim.
    async fn note_claim(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        id: ClaimId,
        (verb, from, to): (&str, Option<ClaimState>, ClaimState),
        actor: Actor,
        reason: &str,
    ) -> ServiceResult<()> {
        let happened = event::Event {
            id: self.id(),
            at: self.now(),
            subject: "claim".to_owned(),
            subject_id: id.0,
            verb: verb.to_owned(),
            from_state: from.map(|s| s.as_str().to_owned()),
            to_state: Some(to.as_str().to_owned()),
            actor: actor.to_string(),
            on_behalf: None,
            reason: reason.to_owned(),
        };
        Ok(event::add(tx, book, &happened).await?)
    }
}

/// A claim and where a move would take it.
async fn moved(
    tx: &mut Tx,
    book: BookId,
    id: ClaimId,
    step: ClaimMove,
) -> ServiceResult<(ClaimRow, ClaimState, ClaimState)> {
    let row = rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("claim"))?;
    let from = row.state()?;
    let to = from.after(step).map_err(|_| refuse("claim_moved_on").with("state", from))?;
    Ok((row, from, to))
}

/// Whether a household lies in this person's part of the village.
async fn in_scope(tx: &mut Tx, by: &Staff, home: &Household) -> ServiceResult<bool> {
    let Some(scope) = by.scope else { return Ok(true) };
    Ok(org::up(tx, home.org_id).await?.iter().any(|place| place.id == scope))
}

/// Whether a household may look at a claim: its own, or one it handed in.
fn concerns(row: &ClaimRow, by: &Resident) -> bool {
    row.household_id == by.household || row.claimed_by == by.actor().to_string()
}

/// The refusal of somebody else's household, as if it were not there.
fn not_theirs(_: HouseholdId) -> Refusal {
    refuse("not_your_kin")
}
