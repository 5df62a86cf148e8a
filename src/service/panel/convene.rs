//! Convening a sitting (评议会) and calling it off. The clerk is its secretary.

use std::collections::BTreeSet;

use super::{AGENDA_MAX, Desk, ServiceError, ServiceResult, bodies::no_panel, lock, refuse};
use crate::{
    domain::{
        due_process::{AwardState, ReviewStep},
        ids::{AwardId, SittingId},
        panel::BodyKind,
        time::Day,
    },
    service::{
        award::{required, review},
        caller::{Clerk, Staff},
    },
    store::{
        award::{self as awards, AwardRow, lists},
        body,
        serial::{self, Series},
        sitting::{self, SittingRow},
    },
};

/// How far ahead a sitting may be convened.
const AHEAD_DAYS_MAX: i32 = 60;

/// A sitting to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSitting {
    /// The day.
    pub sits_on: Day,
    /// Where.
    pub place: String,
    /// What is on the agenda, in this order.
    pub awards: Vec<AwardId>,
}

impl Desk {
    /// Awards that wait for the panel and stand on no open agenda, oldest first: as many as one agenda takes.
    pub async fn agenda_waiting(&self, by: &Staff) -> ServiceResult<Vec<AwardRow>> {
        let mut tx = self.db.begin_read().await?;
        let place = ReviewStep::Panel.place();
        let (mut out, mut after) = (Vec::new(), 0);
        while out.len() < AGENDA_MAX {
            let page = lists::to_review(&mut tx, by.book, (place, place), after, 100).await?;
            let Some(last) = page.last() else { break };
            after = last.no;
            for row in page {
                if sitting::open_with(&mut tx, by.book, row.id).await?.is_none() && out.len() < AGENDA_MAX {
                    out.push(row);
                }
            }
        }
        Ok(out)
    }

    /// Convenes the panel of that day.
    pub async fn convene(&self, by: &Clerk, new: &NewSitting) -> ServiceResult<SittingRow> {
        let place = required("place", &new.place)?;
        let today = self.today();
        if new.sits_on < today || new.sits_on.number() - today.number() > AHEAD_DAYS_MAX {
            return Err(refuse("sitting_day").with("day", new.sits_on).with("days", AHEAD_DAYS_MAX).into());
        }
        let distinct: BTreeSet<AwardId> = new.awards.iter().copied().collect();
        if new.awards.is_empty() || new.awards.len() > AGENDA_MAX || distinct.len() != new.awards.len() {
            return Err(refuse("agenda_size")
                .with("lines", new.awards.len())
                .with("limit", AGENDA_MAX)
                .into());
        }
        let mut tx = self.db.begin_write().await?;
        // the lock under which an award gets onto one agenda only
        let no = serial::take(&mut tx, by.book, Series::Sitting, 1).await?;
        let panel = body::in_force(&mut tx, by.book, BodyKind::Panel, new.sits_on).await?;
        let panel = panel.ok_or_else(|| no_panel(new.sits_on))?;
        let row = SittingRow {
            id: self.id(),
            no,
            body_id: panel.id,
            sits_on: new.sits_on,
            place: place.to_owned(),
            state: "open".to_owned(),
            convened_at: self.now(),
            convened_by: by.actor().to_string(),
            minutes: String::new(),
            remarks: String::new(),
            observed_at: None,
            observed_by: None,
            ended_at: None,
            ended_by: None,
            digest: None,
            changes: 0,
        };
        sitting::add(&mut tx, by.book, &row).await?;
        for (line, id) in (1_i32..).zip(&new.awards) {
            let award = awards::one(&mut tx, by.book, *id).await?.ok_or(ServiceError::NotFound("award"))?;
            match review::place(&award) {
                Ok((AwardState::Recorded, ReviewStep::Panel)) => {}
                _ => return Err(refuse("not_for_panel").with("no", award.no).into()),
            }
            if let Some(other) = sitting::open_with(&mut tx, by.book, *id).await? {
                return Err(refuse("on_agenda").with("no", award.no).with("sitting", other).into());
            }
            sitting::add_line(&mut tx, by.book, row.id, line, *id).await?;
        }
        tx.commit().await?;
        Ok(row)
    }

    /// Calls an open sitting off, with the reason: what was on its agenda waits for another.
    pub async fn call_off(&self, by: &Clerk, id: SittingId, reason: &str) -> ServiceResult<()> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        lock(&mut tx, by, id).await?;
        sitting::call_off(&mut tx, by.book, id, reason, self.now(), &by.actor().to_string()).await?;
        Ok(tx.commit().await?)
    }
}
