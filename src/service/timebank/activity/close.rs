//! The list of an activity: drawn up by the network point, a sample of a crowd confirmed by whoever saw them, signed by a
//! second person who has no part in it. What is signed is posted at once; the digest of the paper goes into the log.

use super::{
    super::home_of, ActivityMove, ActivityState, BookId, Desk, HashSet, PersonId, PlaceRow, PresenceRow,
    Recorder, Reviewer, ServiceError, ServiceResult, Staff, TimeActivityId, found, in_charge, limited,
    locked, place, placed, recusal, refuse, required, shipped, times_of,
};
use crate::{
    domain::{
        calendar::Calendar,
        timebank::{
            activity::{self as rules, Listed, Outcome},
            interval::{CheckMeans, Interval},
            late,
            policy::Policy,
        },
    },
    store::{StoreResult, Tx, WriteTx, ledger::read, timebank::activity::ActivityRow},
};

/// The list of an activity as it is drawn up from what is on record: line by line what it came to, and the minutes. The
/// same rows give the same list, for whoever asks.
pub(in crate::service) fn drawn_up(
    policy: &Policy,
    row: &ActivityRow,
    lines: &[PlaceRow],
    times: &[PresenceRow],
) -> Vec<(Outcome, i64)> {
    let places = placed(row, lines);
    let outcome = |line: &PlaceRow| {
        let own = times_of(times, line.person_id);
        let pairs: Vec<Interval> =
            own.iter().filter_map(|p| Interval::new(p.in_at, p.out_at?).ok()).collect();
        let of = Listed {
            withdrew: line.ended_at.is_some(),
            placed: places.contains(&line.place),
            minor: line.minor == 1,
            guardian: line.guardian == 1,
            seen: line.seen.map(|seen| seen == 1),
            pairs: &pairs,
        };
        rules::line(&policy.counting, &of)
    };
    lines.iter().map(outcome).collect()
}

/// Whom the sample draws: of those whose lines count, where anybody signed in by themselves.
pub(in crate::service) fn sampled(
    policy: &Policy,
    leaf: &[u8],
    (row, lines): (&ActivityRow, &[PlaceRow]),
    times: &[PresenceRow],
) -> Option<HashSet<PersonId>> {
    let code = CheckMeans::Code.as_str();
    let alone = |p: &PresenceRow| p.in_means == code || p.out_means.as_deref() == Some(code);
    if !times.iter().any(alone) {
        return None;
    }
    // as it was when the list was closed: nobody had looked yet
    let fresh: Vec<PlaceRow> = lines.iter().map(|line| PlaceRow { seen: None, ..line.clone() }).collect();
    let list = drawn_up(policy, row, &fresh, times);
    let came: Vec<PersonId> = fresh
        .iter()
        .zip(&list)
        .filter(|(_, (outcome, _))| *outcome == Outcome::Counts)
        .map(|(line, _)| line.person_id)
        .collect();
    Some(rules::draw(&policy.gathering, &rules::seed(leaf, row.id), &came).into_iter().collect())
}

impl Desk {
    /// Closes an activity that is over and draws up its list. After the days the policy gives it needs the number of a
    /// sheet and stays marked.
    pub async fn close_activity_list(
        &self,
        by: &Recorder,
        id: TimeActivityId,
        sheet: &str,
    ) -> ServiceResult<()> {
        let sheet = limited("sheet", sheet.trim())?;
        let book = by.book;
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = found(&mut tx, book, id, ActivityMove::Close).await?;
        if self.now() < row.ends_at {
            return Err(refuse("time_not_over").into());
        }
        let policy = shipped(&row.policy)?;
        let last = late::last_day(&policy.counting, &Calendar::shipped(), row.ends_at.day());
        let late = self.today() > last;
        if late && sheet.is_empty() {
            return Err(refuse("time_activity_late").with("last", last).into());
        }
        self.drop_forgotten(&mut tx, book, id, &by.actor().to_string()).await?;
        let times = place::times(&mut tx, book, id).await?;
        let lines = place::of_activity(&mut tx, book, id).await?;
        let seq = read::head(&mut tx, book).await?.map_or(0, |head| head.seq);
        let leaf = leaf(&mut tx, book, seq).await?;
        let sample = sampled(&policy, &leaf, (&row, &lines), &times);
        let list = drawn_up(&policy, &row, &lines, &times);
        for (line, (outcome, minutes)) in lines.into_iter().zip(list) {
            let drawn = sample.as_ref().is_some_and(|drawn| drawn.contains(&line.person_id));
            let counts = outcome == Outcome::Counts;
            let line = PlaceRow {
                drawn: (drawn && counts).into(),
                outcome: Some(outcome.as_str().to_owned()),
                counted: i32::try_from(minutes).unwrap_or(0),
                ..line
            };
            place::save(&mut tx, book, &line).await?;
        }
        let row = ActivityRow {
            state: to.as_str().to_owned(),
            closed_at: Some(self.now()),
            closed_by: Some(by.actor().to_string()),
            late: late.into(),
            sheet: Some(sheet.to_owned()).filter(|sheet| !sheet.is_empty()),
            seed_seq: sample.map(|_| seq),
            ..row
        };
        self.save_activity(&mut tx, book, (&row, from, ActivityMove::Close), by.actor()).await?;
        Ok(tx.commit().await?)
    }

    /// Whoever forgot to sign out has no interval.
    async fn drop_forgotten(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        id: TimeActivityId,
        by: &str,
    ) -> StoreResult<()> {
        for one in place::times(tx, book, id).await?.into_iter().filter(|one| one.out_at.is_none()) {
            let ended = PresenceRow {
                out_at: Some(one.in_at),
                out_means: Some(CheckMeans::Desk.as_str().to_owned()),
                out_by: Some(by.to_owned()),
                ..one
            };
            place::go(tx, book, &ended).await?;
        }
        Ok(())
    }

    /// Somebody who was there says whether they saw a person the sample drew. Said once; nobody for their own.
    pub async fn saw_at_activity(
        &self,
        by: &Staff,
        id: TimeActivityId,
        who: PersonId,
        seen: bool,
    ) -> ServiceResult<()> {
        let book = by.book;
        let mut tx = self.db.begin_write().await?;
        let row = locked(&mut tx, book, id).await?;
        if row.state()? != ActivityState::Closed {
            return Err(refuse("time_activity_moved_on").with("state", &row.state).into());
        }
        let home = home_of(&mut tx, book, who, self.today()).await?;
        recusal::check(&mut tx, by, home.ok_or(ServiceError::NotFound("household"))?, self.today()).await?;
        let lines = place::of_activity(&mut tx, book, id).await?;
        let line = lines.into_iter().find(|line| line.person_id == who && line.drawn == 1);
        let line = line.ok_or_else(|| refuse("time_activity_not_drawn"))?;
        match line.seen {
            Some(before) if (before == 1) == seen => return Ok(()),
            Some(_) => return Err(refuse("time_activity_answered").into()),
            None => {}
        }
        let outcome = if seen { line.outcome } else { Some(Outcome::NotSeen.as_str().to_owned()) };
        let line = PlaceRow {
            seen: Some(seen.into()),
            seen_by: Some(by.actor().to_string()),
            outcome,
            counted: if seen { line.counted } else { 0 },
            ..line
        };
        place::save(&mut tx, book, &line).await?;
        Ok(tx.commit().await?)
    }

    /// A second person signs the list, and its hours are posted; or does not, and nothing counts.
    pub async fn sign_activity_list(
        &self,
        by: &Reviewer,
        id: TimeActivityId,
        signs: bool,
        reason: &str,
    ) -> ServiceResult<()> {
        let reason = if signs { limited("reason", reason.trim())? } else { required("reason", reason)? };
        let step = if signs { ActivityMove::Sign } else { ActivityMove::Refuse };
        let book = by.book;
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = found(&mut tx, book, id, step).await?;
        let lines = place::of_activity(&mut tx, book, id).await?;
        let times = place::times(&mut tx, book, id).await?;
        let open = lines.iter().filter(|line| line.drawn == 1 && line.seen.is_none()).count();
        if signs && open > 0 {
            return Err(refuse("time_activity_sample").with("people", open).into());
        }
        self.has_no_part(&mut tx, by, &row, (&lines, &times)).await?;
        let row = ActivityRow {
            state: to.as_str().to_owned(),
            reason: reason.to_owned(),
            signed_at: Some(self.now()),
            signed_by: Some(by.actor().to_string()),
            ..row
        };
        self.save_activity(&mut tx, book, (&row, from, step), by.actor()).await?;
        tx.commit().await?;
        if signs {
            self.post_activity_lines(book, id).await?;
        }
        Ok(())
    }

    /// Refuses whoever posted or closed it, is in charge, wrote down a line of it, is on the list, or is kin of somebody
    /// who is.
    async fn has_no_part(
        &self,
        tx: &mut Tx,
        by: &Staff,
        row: &ActivityRow,
        (lines, times): (&[PlaceRow], &[PresenceRow]),
    ) -> ServiceResult<()> {
        recusal::known(by)?;
        let mut hands: Vec<&String> = vec![&row.posted_by];
        hands.extend(&row.closed_by);
        hands.extend(times.iter().map(|one| &one.in_by));
        hands.extend(times.iter().filter_map(|one| one.out_by.as_ref()));
        hands.extend(lines.iter().filter_map(|line| line.guardian_by.as_ref()));
        if in_charge(by, row) || by.selves().among(hands.into_iter()).is_some() {
            return Err(refuse("time_own_second").into());
        }
        let ties = recusal::Ties::of(tx, by.book, by.person).await?;
        for line in lines.iter().filter(|line| line.counted > 0) {
            let home = home_of(tx, by.book, line.person_id, self.today()).await?;
            if let Some(refusal) = home.and_then(|home| ties.bar(home, &[row.starts_at.day(), self.today()]))
            {
                return Err(refusal.into());
            }
        }
        Ok(())
    }
}

/// The leaf of a transaction; nothing for a log without any.
pub(in crate::service) async fn leaf(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Vec<u8>> {
    Ok(read::txn(tx, book, seq).await?.map_or_else(Vec::new, |txn| txn.leaf_hash))
}
