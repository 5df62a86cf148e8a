//! Group activities (集体活动): posted by the network point, approved by another person, with lists, sign-in, a sample of
//! crowds, and hours by list under a second signature. One use case a file.
//!
//! * [`join`] — signing up and withdrawing
//! * [`attend`] — who was there, and when
//! * [`close`] — the list, the sample, the second signature
//! * [`credit`] — hours into the accounts
//! * [`step`] — one step, by whoever may take it
//! * [`view`] — an activity as pages and the API show it

use std::collections::HashSet;

use super::{Desk, KEY_BYTES_MAX, ServiceError, ServiceResult, number_of, policy_on, refuse, shipped};
use crate::{
    domain::{
        ids::{BookId, PersonId, TimeActivityId},
        time::Timestamp,
        timebank::{
            ServiceKind,
            activity::{self as rules, ActivityMove, ActivityState, PlanFault},
        },
    },
    service::{
        Actor,
        award::{limited, required, state_changed},
        caller::{Recorder, Reviewer, Staff},
        recusal,
    },
    store::{
        Tx, WriteTx, event,
        serial::{self, Series},
        timebank::{
            activity::{self as rows, ActivityRow},
            place::{self, PlaceRow, PresenceRow},
        },
    },
};

pub mod attend;
pub mod close;
pub mod credit;
pub mod join;
pub mod step;
pub mod view;

/// Activities that a list shows.
pub const ACTIVITIES_PAGE: i64 = 50;

/// An activity as it is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewActivity {
    /// What it is called.
    pub name: String,
    /// What is done.
    pub content: String,
    /// Which kind of service it is.
    pub kind: ServiceKind,
    /// Where.
    pub place: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// How many can come.
    pub capacity: i64,
    /// From which age on.
    pub least_age: i64,
    /// Whether those who come must be insured.
    pub insured: bool,
    /// Whether those who come must be trained.
    pub trained: bool,
    /// Who is in charge.
    pub in_charge: PersonId,
}

impl Desk {
    /// Posts an activity; another person approves it before anybody signs up. The same form again is the same activity.
    pub async fn post_activity(
        &self,
        by: &Recorder,
        key: &str,
        new: &NewActivity,
    ) -> ServiceResult<ActivityRow> {
        if key.is_empty() || key.len() > KEY_BYTES_MAX {
            return Err(refuse("invalid_key").into());
        }
        let (name, place) = (required("name", &new.name)?, required("place", &new.place)?);
        let content = limited("content", new.content.trim())?;
        let (book, actor) = (by.book, by.actor().to_string());
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, book, Series::TimeActivity, 1).await?;
        if let Some(first) = rows::by_key(&mut tx, book, &actor, key).await? {
            return Ok(first);
        }
        let policy = policy_on(&mut tx, book, self.today()).await?;
        if !policy.services.contains(&new.kind) {
            return Err(refuse("time_service_not_here").with("service", new.kind).into());
        }
        rules::plan((new.starts_at, new.ends_at), new.capacity, new.least_age, self.now()).map_err(
            |why| match why {
                PlanFault::Past => refuse("time_activity_past"),
                PlanFault::Length => refuse("time_activity_length").with("days", rules::DAYS_MAX),
                PlanFault::Places => refuse("time_activity_places").with("limit", rules::PLACES_MAX),
                PlanFault::Age => refuse("time_activity_ages").with("limit", rules::AGE_MAX),
            },
        )?;
        number_of(&mut tx, book, new.in_charge).await?;
        let row = ActivityRow {
            id: self.id(),
            no,
            key: key.to_owned(),
            name: name.to_owned(),
            content: content.to_owned(),
            kind: new.kind.as_str().to_owned(),
            place: place.to_owned(),
            starts_at: new.starts_at,
            ends_at: new.ends_at,
            capacity: i32::try_from(new.capacity).unwrap_or(i32::MAX),
            least_age: i32::try_from(new.least_age).unwrap_or(0),
            insured: new.insured.into(),
            trained: new.trained.into(),
            in_charge: new.in_charge,
            policy: policy.code,
            state: ActivityState::Draft.as_str().to_owned(),
            posted_at: self.now(),
            posted_by: actor,
            approved_at: None,
            approved_by: None,
            reason: String::new(),
            closed_at: None,
            closed_by: None,
            late: 0,
            sheet: None,
            seed_seq: None,
            signed_at: None,
            signed_by: None,
        };
        rows::add(&mut tx, book, &row).await?;
        let happened = self.activity_event(row.id, ("post", None, ActivityState::Draft), by.actor());
        event::add(&mut tx, book, &happened).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Another person approves an activity, or does not.
    pub async fn approve_activity(
        &self,
        by: &Reviewer,
        id: TimeActivityId,
        agrees: bool,
        reason: &str,
    ) -> ServiceResult<()> {
        let reason = if agrees { limited("reason", reason.trim())? } else { required("reason", reason)? };
        let step = if agrees { ActivityMove::Approve } else { ActivityMove::Decline };
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = found(&mut tx, by.book, id, step).await?;
        recusal::known(by)?;
        if by.selves().are(&row.posted_by) || in_charge(by, &row) {
            return Err(refuse("time_own_second").into());
        }
        let row = ActivityRow {
            state: to.as_str().to_owned(),
            approved_at: Some(self.now()),
            approved_by: Some(by.actor().to_string()),
            reason: reason.to_owned(),
            ..row
        };
        self.save_activity(&mut tx, by.book, (&row, from, step), by.actor()).await?;
        Ok(tx.commit().await?)
    }

    /// Calls an activity off.
    pub async fn cancel_activity(
        &self,
        by: &Recorder,
        id: TimeActivityId,
        reason: &str,
    ) -> ServiceResult<()> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = found(&mut tx, by.book, id, ActivityMove::Cancel).await?;
        if place::times(&mut tx, by.book, id).await?.iter().any(|one| one.out_at != Some(one.in_at)) {
            return Err(refuse("time_activity_attended").into());
        }
        let row = ActivityRow { state: to.as_str().to_owned(), reason: reason.to_owned(), ..row };
        self.save_activity(&mut tx, by.book, (&row, from, ActivityMove::Cancel), by.actor()).await?;
        Ok(tx.commit().await?)
    }

    async fn save_activity(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        (row, from, step): (&ActivityRow, ActivityState, ActivityMove),
        actor: Actor,
    ) -> ServiceResult<()> {
        rows::save(tx, book, from, row).await.map_err(state_changed)?;
        let happened = self.activity_event(row.id, (step.as_str(), Some(from), row.state()?), actor);
        Ok(event::add(tx, book, &happened).await?)
    }

    /// What happened to an activity. Words stand with the activity, not in its history.
    fn activity_event(
        &self,
        id: TimeActivityId,
        (verb, from, to): (&str, Option<ActivityState>, ActivityState),
        actor: Actor,
    ) -> event::Event {
        event::Event {
            id: self.id(),
            at: self.now(),
            subject: "time_activity".to_owned(),
            subject_id: id.0,
            verb: verb.to_owned(),
            from_state: from.map(|state| state.as_str().to_owned()),
            to_state: Some(to.as_str().to_owned()),
            actor: actor.to_string(),
            on_behalf: None,
            reason: String::new(),
        }
    }
}

/// Under the lock that orders share: an activity and where a step takes it.
async fn found(
    tx: &mut WriteTx,
    book: BookId,
    id: TimeActivityId,
    step: ActivityMove,
) -> ServiceResult<(ActivityRow, ActivityState, ActivityState)> {
    let row = locked(tx, book, id).await?;
    let from = row.state()?;
    let to = from.after(step).map_err(|_| refuse("time_activity_moved_on").with("state", from))?;
    Ok((row, from, to))
}

/// An activity, under the lock that orders share: whoever writes knows when everybody was anywhere.
async fn locked(tx: &mut WriteTx, book: BookId, id: TimeActivityId) -> ServiceResult<ActivityRow> {
    serial::take(tx, book, Series::TimeOrder, 0).await?;
    rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("time_activity"))
}

/// Whether somebody of the staff is in charge of it.
fn in_charge(by: &Staff, row: &ActivityRow) -> bool {
    by.person == Some(row.in_charge)
}

/// The lines there is a place for: the first that did not withdraw.
fn placed(row: &ActivityRow, lines: &[PlaceRow]) -> HashSet<i32> {
    let many = usize::try_from(row.capacity).unwrap_or(0);
    lines.iter().filter(|line| line.ended_at.is_none()).take(many).map(|line| line.place).collect()
}

/// Somebody's line, if they signed up and did not withdraw.
async fn line_of(
    tx: &mut Tx,
    book: BookId,
    row: &ActivityRow,
    who: PersonId,
) -> ServiceResult<(PlaceRow, bool)> {
    let lines = place::of_activity(tx, book, row.id).await?;
    let places = placed(row, &lines);
    let line = lines.into_iter().find(|line| line.person_id == who && line.ended_at.is_none());
    let line = line.ok_or_else(|| refuse("time_activity_not_listed"))?;
    let has_place = places.contains(&line.place);
    Ok((line, has_place))
}

/// The times of one person.
fn times_of(times: &[PresenceRow], who: PersonId) -> Vec<&PresenceRow> {
    times.iter().filter(|one| one.person_id == who).collect()
}
