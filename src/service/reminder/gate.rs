//! The one gate that every deduction passes, whichever way it is recorded: one line, a sheet, a file, many at once. It
//! opens for a household that was reminded of this very thing as often as the rules say, had its time, and was found not
//! to have mended it; each reminder opens it once.

use crate::{
    domain::{
        ids::{AwardId, BookId, HouseholdId},
        reminder::{ReminderMove, ReminderState},
        rule::{Direction, Item},
    },
    service::{Desk, ServiceResult, award::state_changed, caller::Recorder, counters::Step, refuse},
    store::{Tx, WriteTx, award::AwardRow, reminder as rows},
};

/// Refuses a deduction without a reminder behind it. `mended` is the deduction itself, when it is on record and is
/// handed in again.
pub(in crate::service) async fn check(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    item: &Item,
    mended: Option<AwardId>,
) -> ServiceResult<()> {
    if item.direction != Direction::Deduct {
        return Ok(());
    }
    let own = match mended {
        Some(award) => rows::of_award(tx, book, award).await?.filter(|r| r.household_id == household),
        None => None,
    };
    if own.is_some_and(|r| r.item == item.code.as_str()) {
        return Ok(());
    }
    match rows::unmended(tx, book, household, item.code.as_str()).await? {
        Some(row) if u32::try_from(row.times).is_ok_and(|times| times >= item.reminders) => Ok(()),
        Some(row) => Err(refuse("remind_again_first")
            .with("item", &item.code)
            .with("times", row.times)
            .with("needed", item.reminders)
            .into()),
        None => Err(refuse("remind_first").with("item", &item.code).into()),
    }
}

impl Desk {
    /// Marks the reminder that a deduction just recorded rests on; an award that rests on none is let be.
    pub(in crate::service) async fn reminder_used(
        &self,
        tx: &mut WriteTx,
        by: &Recorder,
        award: &AwardRow,
    ) -> ServiceResult<()> {
        if award.honor >= 0 && award.points != 0 {
            return Ok(());
        }
        let Some(mut row) = rows::unmended(tx, by.book, award.household_id, &award.item).await? else {
            return Ok(());
        };
        let from = row.state()?;
        let to =
            from.after(ReminderMove::Deduct).map_err(|e| refuse("reminder_state").with("state", e.from))?;
        to.as_str().clone_into(&mut row.state);
        row.award_id = Some(award.id);
        rows::to(tx, by.book, from, &row).await.map_err(state_changed)?;
        let step = Step {
            subject: "reminder",
            subject_id: row.id.0,
            verb: "deduct",
            from: Some(from.as_str()),
            to: Some(ReminderState::Deducted.as_str()),
            reason: "",
        };
        self.leave_trace(tx, by.book, by.actor(), step).await
    }
}
