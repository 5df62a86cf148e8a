//! Who was there, and when: written down by the network point, or in a crowd signed by oneself with the code that is shown
//! there. No moment of one person gets onto the record twice, here or by an order.

use super::{
    super::{
        Side,
        serve::{on_record, said},
    },
    ActivityState, BookId, Desk, PersonId, PlaceRow, PresenceRow, ServiceError, ServiceResult,
    TimeActivityId, line_of, locked, placed, refuse, rows, shipped, times_of,
};
use crate::{
    domain::{
        code::place as shown,
        time::Timestamp,
        timebank::interval::{self, CheckMeans, Interval, OnRecord},
    },
    service::caller::Recorder,
    store::{
        Tx, WriteTx,
        timebank::{activity::ActivityRow, place, volunteer as people},
    },
};

impl Desk {
    /// The code to show in a crowd, and until when.
    pub async fn activity_code(
        &self,
        by: &Recorder,
        id: TimeActivityId,
    ) -> ServiceResult<(String, Timestamp)> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("time_activity"))?;
        runs(&row, self.now())?;
        crowd(&mut tx, by.book, &row).await?;
        Ok(shown::show(&self.phone_key(), by.book, id.0, self.now()))
    }

    /// Somebody signs in with the code that is shown there.
    pub async fn sign_in_to_activity(
        &self,
        by: &Side,
        id: TimeActivityId,
        who: PersonId,
        typed: &str,
    ) -> ServiceResult<()> {
        let (book, now) = (by.book(), self.now());
        let mut tx = self.db.begin_write().await?;
        let row = self.at_the_door(&mut tx, by, id, (who, typed)).await?;
        let times = place::times(&mut tx, book, id).await?;
        let own = times_of(&times, who);
        let day = now.day();
        let pairs_today = own.iter().filter(|p| p.in_at.day() == day && p.out_at != Some(p.in_at)).count();
        let (closed, open) = on_record(&mut tx, book, who, now, None).await?;
        let has = OnRecord { closed: &closed, open, pairs_today };
        interval::check_in(&shipped(&row.policy)?.counting, has, now).map_err(said)?;
        let pair = PresenceRow {
            activity_id: id,
            person_id: who,
            pair: own.last().map_or(1, |p| p.pair + 1),
            in_at: now,
            in_means: CheckMeans::Code.as_str().to_owned(),
            in_by: by.actor().to_string(),
            out_at: None,
            out_means: None,
            out_by: None,
        };
        place::come(&mut tx, book, &pair).await?;
        Ok(tx.commit().await?)
    }

    /// Somebody signs out with the code that is shown there.
    pub async fn sign_out_of_activity(
        &self,
        by: &Side,
        id: TimeActivityId,
        who: PersonId,
        typed: &str,
    ) -> ServiceResult<()> {
        let book = by.book();
        let mut tx = self.db.begin_write().await?;
        self.at_the_door(&mut tx, by, id, (who, typed)).await?;
        let at = self.now();
        leave(&mut tx, book, id, who, (at, CheckMeans::Code), &by.actor().to_string()).await?;
        Ok(tx.commit().await?)
    }

    /// Whoever types the code that is shown: listed, with a place, and in a crowd while it runs.
    async fn at_the_door(
        &self,
        tx: &mut WriteTx,
        by: &Side,
        id: TimeActivityId,
        (who, typed): (PersonId, &str),
    ) -> ServiceResult<ActivityRow> {
        let book = by.book();
        let row = locked(tx, book, id).await?;
        by.speaks_for(tx, who, self.today()).await?;
        runs(&row, self.now())?;
        crowd(tx, book, &row).await?;
        has_place(tx, book, &row, who).await?;
        if !shown::is_shown(&self.phone_key(), book, id.0, typed, self.now()) {
            return Err(refuse("time_activity_code").into());
        }
        Ok(row)
    }

    /// The network point writes down when somebody was there; without a beginning, when they left. Written twice it
    /// stands once.
    pub async fn write_activity_times(
        &self,
        by: &Recorder,
        id: TimeActivityId,
        who: PersonId,
        (from, until): (Option<Timestamp>, Timestamp),
    ) -> ServiceResult<()> {
        let (book, actor) = (by.book, by.actor().to_string());
        let mut tx = self.db.begin_write().await?;
        let row = locked(&mut tx, book, id).await?;
        Side::Desk(by.clone()).speaks_for(&mut tx, who, self.today()).await?;
        open(&row)?;
        has_place(&mut tx, book, &row, who).await?;
        let times = place::times(&mut tx, book, id).await?;
        let own = times_of(&times, who);
        if own.iter().any(|p| Some(p.in_at) == from && p.out_at == Some(until)) {
            return Ok(());
        }
        let begins = from.unwrap_or(row.starts_at);
        if begins < row.starts_at || until > row.ends_at || until > self.now() {
            return Err(refuse("time_activity_outside")
                .with("from", row.starts_at.minute())
                .with("until", row.ends_at.minute())
                .into());
        }
        let Some(from) = from else {
            leave(&mut tx, book, id, who, (until, CheckMeans::Desk), &actor).await?;
            return Ok(tx.commit().await?);
        };
        let span = Interval::new(from, until).map_err(said)?;
        let (closed, since) = on_record(&mut tx, book, who, from, None).await?;
        interval::free(&span, &closed, since).map_err(said)?;
        let limit = shipped(&row.policy)?.counting.pairs_a_day;
        if own.iter().filter(|p| p.in_at.day() == span.day()).count() >= limit {
            return Err(refuse("time_pairs").with("limit", limit).into());
        }
        let means = CheckMeans::Desk.as_str().to_owned();
        let pair = PresenceRow {
            activity_id: id,
            person_id: who,
            pair: own.last().map_or(1, |p| p.pair + 1),
            in_at: from,
            in_means: means.clone(),
            in_by: actor.clone(),
            out_at: Some(until),
            out_means: Some(means),
            out_by: Some(actor),
        };
        place::come(&mut tx, book, &pair).await?;
        Ok(tx.commit().await?)
    }

    /// The network point saw a minor's guardian there.
    pub async fn guardian_was_there(
        &self,
        by: &Recorder,
        id: TimeActivityId,
        who: PersonId,
    ) -> ServiceResult<()> {
        let book = by.book;
        let mut tx = self.db.begin_write().await?;
        let row = locked(&mut tx, book, id).await?;
        Side::Desk(by.clone()).speaks_for(&mut tx, who, self.today()).await?;
        open(&row)?;
        let (line, _) = line_of(&mut tx, book, &row, who).await?;
        let known = people::one(&mut tx, book, who).await?;
        if line.minor == 0 || known.is_none_or(|known| known.guardian_id.is_none()) {
            return Err(refuse("time_guardian").into());
        }
        let guardian_by = Some(by.actor().to_string());
        place::save(&mut tx, book, &PlaceRow { guardian: 1, guardian_by, ..line }).await?;
        Ok(tx.commit().await?)
    }
}

fn open(row: &ActivityRow) -> ServiceResult<()> {
    match row.state()? {
        ActivityState::Open => Ok(()),
        state => Err(refuse("time_activity_moved_on").with("state", state).into()),
    }
}

/// Whether it is open, has begun and is not over.
pub(super) fn runs(row: &ActivityRow, now: Timestamp) -> ServiceResult<()> {
    open(row)?;
    if now < row.starts_at {
        return Err(refuse("time_not_begun").into());
    }
    if now > row.ends_at {
        return Err(refuse("time_activity_over").into());
    }
    Ok(())
}

/// Refuses unless so many signed up that people sign in by themselves.
pub(super) async fn crowd(tx: &mut Tx, book: BookId, row: &ActivityRow) -> ServiceResult<()> {
    let least = shipped(&row.policy)?.gathering.crowd;
    let lines = place::of_activity(tx, book, row.id).await?;
    if placed(row, &lines).len() < least {
        return Err(refuse("time_activity_small").with("people", least).into());
    }
    Ok(())
}

async fn has_place(tx: &mut Tx, book: BookId, row: &ActivityRow, who: PersonId) -> ServiceResult<()> {
    match line_of(tx, book, row, who).await? {
        (_, true) => Ok(()),
        _ => Err(refuse("time_activity_waits").into()),
    }
}

/// Ends the pair that is open.
async fn leave(
    tx: &mut WriteTx,
    book: BookId,
    id: TimeActivityId,
    who: PersonId,
    (at, means): (Timestamp, CheckMeans),
    by: &str,
) -> ServiceResult<()> {
    let times = place::times(tx, book, id).await?;
    let own = times_of(&times, who);
    let since = own.iter().find(|p| p.out_at.is_none()).ok_or_else(|| refuse("time_activity_not_in"))?;
    let (closed, _) = on_record(tx, book, who, since.in_at, None).await?;
    interval::check_out(since.in_at, &closed, at).map_err(said)?;
    let ended = PresenceRow {
        out_at: Some(at),
        out_means: Some(means.as_str().to_owned()),
        out_by: Some(by.to_owned()),
        ..(*since).clone()
    };
    Ok(place::go(tx, book, &ended).await?)
}
