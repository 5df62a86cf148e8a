//! Matters (随手拍): reported by a household or keyed in for one, found so or not, seen to by whom its grade says, looked at
//! by somebody else, closed. The first valid reporter's award goes the way of every other. One use case a file.

use super::{Actor, Desk, ServiceError, ServiceResult, claim::Claimant, recusal, refuse};
use crate::{
    domain::{
        ids::{BookId, MatterId, OrgId},
        matter::{MatterMove, MatterState},
    },
    service::caller::{Handler, Resident, Role, Staff},
    store::{
        StoreError, Tx, WriteTx, event,
        matter::{self as rows, MatterRow},
        org,
    },
};

pub mod check;
pub mod handlers;
pub mod open;
pub mod photo;
pub mod report;
pub mod view;
pub mod work;

/// Reports of one household that may wait at a time.
pub const WAITING_MAX: usize = 20;
/// Matters a list shows at once.
pub const MATTERS_PAGE: i64 = 50;

impl Desk {
    /// Moves a matter on and adds to its history. The words stand in the matter and not in the history: there they can be
    /// erased.
    async fn move_matter(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        (from, to, verb): (MatterState, MatterState, &str),
        actor: Actor,
        row: MatterRow,
    ) -> ServiceResult<MatterRow> {
        let row = MatterRow {
            state: to.as_str().to_owned(),
            moved_at: self.now(),
            moved_by: actor.to_string(),
            ..row
        };
        rows::advance(tx, book, from, &row).await.map_err(|error| match error {
            StoreError::RowsAffected { .. } => refuse("matter_moved_on").with("state", from).into(),
            other => ServiceError::from(other),
        })?;
        self.note_matter(tx, book, row.id, (verb, Some(from), to), actor, "").await?;
        Ok(row)
    }

    async fn note_matter(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        id: MatterId,
        (verb, from, to): (&str, Option<MatterState>, MatterState),
        actor: Actor,
        reason: &str,
    ) -> ServiceResult<()> {
        let happened = event::Event {
            id: self.id(),
            at: self.now(),
            subject: "matter".to_owned(),
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

/// A matter and where a move would take it.
async fn moved(
    tx: &mut Tx,
    book: BookId,
    id: MatterId,
    step: MatterMove,
) -> ServiceResult<(MatterRow, MatterState, MatterState)> {
    let row = rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("matter"))?;
    let from = row.state()?;
    let to = from.after(step).map_err(|_| refuse("matter_moved_on").with("state", from))?;
    Ok((row, from, to))
}

/// Whether a group lies in this person's part of the village.
async fn in_part(tx: &mut Tx, by: &Staff, group: OrgId) -> ServiceResult<bool> {
    let Some(scope) = by.scope else { return Ok(true) };
    Ok(org::up(tx, group).await?.iter().any(|place| place.id == scope))
}

/// Whether a matter is this person's to look at: in their part of the village, or given to them, or put down by them.
async fn concerns(tx: &mut Tx, by: &Staff, row: &MatterRow) -> ServiceResult<bool> {
    if row.assignee == Some(by.user) || row.reported_by == by.actor().to_string() {
        return Ok(true);
    }
    in_part(tx, by, row.group_id).await
}

/// A matter of this person's, not of their own household or their kin's.
async fn unbiased(desk: &Desk, tx: &mut Tx, by: &Staff, row: &MatterRow) -> ServiceResult<()> {
    if !concerns(tx, by, row).await? {
        return Err(ServiceError::NotFound("matter"));
    }
    recusal::check(tx, by, row.household_id, desk.today()).await
}
