//! Signing up for an activity and withdrawing, until it begins. Who is beyond the capacity waits in order.

use super::{
    super::{Side, age_of, volunteer::fit_for},
    ActivityState, BookId, Desk, PersonId, ServiceError, ServiceResult, TimeActivityId, locked, placed,
    refuse, shipped,
};
use crate::{
    domain::{
        time::Timestamp,
        timebank::{
            activity::closed_until,
            policy::{Gathering, Policy},
        },
    },
    store::{
        Tx,
        timebank::{
            activity::ActivityRow,
            place::{self, PlaceRow},
            volunteer as people,
        },
    },
};

/// Days over which absences are read: those of a year, and those whose closing still runs.
const ABSENCE_DAYS: i64 = 2 * 365;

impl Desk {
    /// Signs somebody up; the line, and how many wait before them when there is no place. Twice is once.
    pub async fn sign_up_for_activity(
        &self,
        by: &Side,
        id: TimeActivityId,
        who: PersonId,
    ) -> ServiceResult<(PlaceRow, Option<usize>)> {
        let (book, today) = (by.book(), self.today());
        let mut tx = self.db.begin_write().await?;
        let row = locked(&mut tx, book, id).await?;
        by.speaks_for(&mut tx, who, today).await?;
        let mut lines = place::of_activity(&mut tx, book, id).await?;
        if let Some(line) = lines.iter().find(|line| line.person_id == who && line.ended_at.is_none()) {
            return Ok((line.clone(), waits(&row, &lines, line.place)));
        }
        before_it_begins(&row, self.now())?;
        let policy = shipped(&row.policy)?;
        let minor = self.suits(&mut tx, book, &policy, (&row, who)).await?;
        let line = PlaceRow {
            activity_id: id,
            place: lines.last().map_or(1, |line| line.place + 1),
            person_id: who,
            minor: minor.into(),
            asked_at: self.now(),
            asked_by: by.actor().to_string(),
            ended_at: None,
            ended_by: None,
            guardian: 0,
            guardian_by: None,
            drawn: 0,
            seen: None,
            seen_by: None,
            outcome: None,
            counted: 0,
            hand: None,
            hand_by: None,
            post_seq: None,
        };
        place::add(&mut tx, book, &line).await?;
        tx.commit().await?;
        lines.push(line.clone());
        let waiting = waits(&row, &lines, line.place);
        Ok((line, waiting))
    }

    /// Withdraws in time: nothing is noted, and the first who waits has the place.
    pub async fn withdraw_from_activity(
        &self,
        by: &Side,
        id: TimeActivityId,
        who: PersonId,
    ) -> ServiceResult<()> {
        let book = by.book();
        let mut tx = self.db.begin_write().await?;
        let row = locked(&mut tx, book, id).await?;
        by.speaks_for(&mut tx, who, self.today()).await?;
        before_it_begins(&row, self.now())?;
        let (line, _) = super::line_of(&mut tx, book, &row, who).await?;
        let (ended_at, ended_by) = (Some(self.now()), Some(by.actor().to_string()));
        place::save(&mut tx, book, &PlaceRow { ended_at, ended_by, ..line }).await?;
        Ok(tx.commit().await?)
    }

    /// Whether somebody suits an activity, and whether they are under age then.
    async fn suits(
        &self,
        tx: &mut Tx,
        book: BookId,
        policy: &Policy,
        (row, who): (&ActivityRow, PersonId),
    ) -> ServiceResult<bool> {
        let (first, last) = (row.starts_at.day(), row.ends_at.day());
        fit_for(tx, book, policy, who, (row.kind()?, first), true).await??;
        let age = age_of(tx, book, who, first).await?.unwrap_or(0);
        if age < row.least_age {
            return Err(refuse("time_activity_age").with("age", row.least_age).into());
        }
        let known = people::one(tx, book, who).await?.ok_or(ServiceError::NotFound("volunteer"))?;
        let outside = row.insured == 1 || row.kind()?.needs_insurance();
        if outside && known.insured_until.is_none_or(|until| until < last) {
            return Err(refuse("time_not_insured").with("day", last).into());
        }
        if row.trained == 1 && known.trained_on.is_none_or(|on| on > first) {
            return Err(refuse("time_not_trained").into());
        }
        if let Some(until) = self.sign_up_closed(tx, book, &policy.gathering, who).await? {
            return Err(refuse("time_absences")
                .with("times", policy.gathering.absences)
                .with("until", until)
                .into());
        }
        Ok(age < policy.joining.adult_age)
    }

    /// Up to which day somebody may not sign up, for having stayed away too often.
    pub(super) async fn sign_up_closed(
        &self,
        tx: &mut Tx,
        book: BookId,
        rule: &Gathering,
        who: PersonId,
    ) -> ServiceResult<Option<crate::domain::time::Day>> {
        let noted = place::absent(tx, book, who, self.now().plus_days(-ABSENCE_DAYS)).await?;
        Ok(closed_until(rule, &noted, self.today()))
    }
}

fn before_it_begins(row: &ActivityRow, now: Timestamp) -> ServiceResult<()> {
    let state = row.state()?;
    if state != ActivityState::Open {
        return Err(refuse("time_activity_moved_on").with("state", state).into());
    }
    if now >= row.starts_at {
        return Err(refuse("time_activity_begun").into());
    }
    Ok(())
}

/// How many wait before a line; nothing when it has a place.
pub(super) fn waits(row: &ActivityRow, lines: &[PlaceRow], at: i32) -> Option<usize> {
    let places = placed(row, lines);
    if places.contains(&at) {
        return None;
    }
    let before =
        |line: &&PlaceRow| line.ended_at.is_none() && line.place < at && !places.contains(&line.place);
    Some(lines.iter().filter(before).count())
}
