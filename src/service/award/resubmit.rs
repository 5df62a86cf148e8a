//! A returned award comes back to its recorder, who mends it and hands it in again, or gives it up.

use super::{
    Desk, Happened, NewAward, ServiceError, ServiceResult, hours, record, refuse, required, state_changed,
    usage,
};
use crate::{
    domain::{
        due_process::{AwardMove, AwardState},
        ids::AwardId,
    },
    service::caller::Recorder,
    store::{
        WriteTx,
        award::{
            self as rows, AwardRow,
            moves::{self, Place},
        },
        serial::{self, Series},
    },
};

impl Desk {
    /// Hands a returned award in again, as mended: computed anew, from the first review on. Only its own recorder may.
    pub async fn resubmit_award(
        &self,
        by: &Recorder,
        id: AwardId,
        mended: &NewAward,
    ) -> ServiceResult<AwardRow> {
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::Award, 0).await?;
        let row = own_returned(&mut tx, by, id, AwardMove::Resubmit).await?;
        if mended.household.is_some_and(|h| h != row.household_id) {
            return Err(refuse("household_fixed").into());
        }
        let filed = record::Filed { without: Some(id), told_on: row.recorded_at.day() };
        let assessed = self.assess(&mut tx, by, mended, filed, &mut usage::Households::default()).await?;
        if assessed.household.id != row.household_id {
            return Err(refuse("household_fixed").into());
        }
        let row = AwardRow {
            ruleset: assessed.set.hash().to_owned(),
            person_id: mended.person,
            quantity: record::written(mended.quantity),
            grade: mended.grade.clone(),
            event_key: mended.event_key.clone().filter(|k| !k.is_empty()),
            occurred_on: mended.occurred_on,
            points: assessed.award.points,
            honor: assessed.award.honor,
            minutes: assessed.award.minutes,
            route: assessed.route().as_str().to_owned(),
            inputs: record::json(&assessed.stored)?,
            explanation: record::json(&assessed.award.explanation)?,
            evidence: record::json(&mended.evidence)?,
            note: mended.note.trim().to_owned(),
            late: assessed.late,
            panel: assessed.panel,
            state: AwardState::Recorded.as_str().to_owned(),
            step: 0,
            reason: None,
            ..row
        };
        if mended.item != row.item {
            return Err(refuse("item_fixed").into());
        }
        moves::resubmit(&mut tx, by.book, &row).await.map_err(state_changed)?;
        hours::mend(&mut tx, by.book, id, mended.hours).await?;
        let what = Happened {
            verb: "resubmit",
            from: Some(AwardState::Returned),
            to: AwardState::Recorded,
            actor: by.actor(),
            on_behalf: row.on_behalf.as_deref(),
            reason: &row.note,
        };
        self.note_award(&mut tx, by.book, id, what).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Gives a returned award up. Only its own recorder may.
    pub async fn give_up_award(&self, by: &Recorder, id: AwardId, reason: &str) -> ServiceResult<()> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        let row = own_returned(&mut tx, by, id, AwardMove::Reject).await?;
        let (from, to) = (AwardState::Returned, AwardState::Rejected);
        let (at, then) = (Place { state: from, step: row.step }, Place { state: to, step: row.step });
        moves::reviewed(&mut tx, by.book, id, at, then, Some(reason)).await.map_err(state_changed)?;
        let what =
            Happened { verb: "give_up", from: Some(from), to, actor: by.actor(), on_behalf: None, reason };
        self.note_award(&mut tx, by.book, id, what).await?;
        Ok(tx.commit().await?)
    }
}

async fn own_returned(
    tx: &mut WriteTx,
    by: &Recorder,
    id: AwardId,
    step: AwardMove,
) -> ServiceResult<AwardRow> {
    let row = rows::one(tx, by.book, id).await?.ok_or(ServiceError::NotFound("award"))?;
    if row.recorder != by.actor().to_string() {
        return Err(refuse("not_the_recorder").into());
    }
    let state = row.state()?;
    if state != AwardState::Returned || state.after(step).is_err() {
        return Err(refuse("state_changed").with("state", state).into());
    }
    Ok(row)
}
