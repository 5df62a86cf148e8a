//! Stars (星级): applied for, looked at, hung for some working days, given by a second person; and bars for false hours.
//! How many stars show is derived from the hours that stand in the ledger, whenever somebody looks.

use super::{
    Desk, ServiceError, ServiceResult, Side, home_of, number_of,
    party::Party,
    policy_on, refuse, shipped,
    view::{Someone, someone},
};
use crate::{
    domain::{
        calendar::Calendar,
        chart,
        ids::{BookId, PersonId, TimeBarId, TimeStarId},
        time::{Day, Timestamp},
        timebank::{
            policy::StarTable,
            star_case::{self, BAR_YEARS, StarMove, StarState},
            stars,
        },
    },
    service::{
        award::{required, state_changed},
        books::path,
        caller::{Recorder, Reviewer, Staff},
        recusal,
    },
    store::{
        Tx, WriteTx,
        ledger::read,
        serial::{self, Series},
        timebank::{
            activity::earned,
            star::{self as rows, BarRow, StarRow},
            volunteer as people,
        },
    },
};

/// Applications and bars that a list shows.
pub const STARS_PAGE: i64 = 100;

/// How somebody stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarStanding {
    /// Who.
    pub who: Someone,
    /// Minutes served that stand in the ledger.
    pub minutes: i64,
    /// The stars that show now.
    pub shown: usize,
    /// The stars the hours are worth.
    pub worth: usize,
    /// Minutes still missing for the next one.
    pub to_next: Option<i64>,
    /// Barred up to and with this day.
    pub barred_until: Option<Day>,
    /// What was applied for, the latest first.
    pub cases: Vec<StarRow>,
    /// Bars, the latest first.
    pub bars: Vec<BarRow>,
}

/// An application as the desk sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarView {
    /// The application.
    pub row: StarRow,
    /// Where it stands.
    pub state: StarState,
    /// Who; on the public notice only the volunteer number is shown.
    pub who: Someone,
}

impl Desk {
    /// Applies for the most stars that the hours are worth. Asked again while it is open it is the same application.
    pub async fn apply_for_star(&self, by: &Side, who: PersonId) -> ServiceResult<StarRow> {
        let (book, today) = (by.book(), self.today());
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeStar, 0).await?;
        by.speaks_for(&mut tx, who, today).await?;
        let policy = policy_on(&mut tx, book, today).await?;
        let known = people::one(&mut tx, book, who).await?.filter(|row| row.left_on.is_none());
        let known = known.ok_or_else(|| refuse("time_not_joined"))?;
        if let Some(until) = known.barred_until.filter(|until| today <= *until) {
            return Err(refuse("time_barred").with("until", until).into());
        }
        let cases = rows::of_person(&mut tx, book, who, STARS_PAGE).await?;
        let open = |row: &&StarRow| !matches!(row.state.as_str(), "declined" | "granted");
        if let Some(open) = cases.iter().find(open) {
            return Ok(open.clone());
        }
        let minutes = earned(&mut tx, book, who).await?;
        let level = stars::stars(&policy.stars, minutes);
        if level <= given(&cases) {
            let missing = stars::to_next(&policy.stars, minutes).unwrap_or(0);
            return Err(refuse("time_star_hours").with("minutes", missing).into());
        }
        let row = StarRow {
            id: self.id(),
            no: serial::take(&mut tx, book, Series::TimeStar, 1).await?,
            person_id: who,
            level: i32::try_from(level).unwrap_or(i32::MAX),
            policy: policy.code,
            minutes,
            state: StarState::Applied.as_str().to_owned(),
            applied_at: self.now(),
            applied_by: by.actor().to_string(),
            reviewed_at: None,
            reviewed_by: None,
            due_at: None,
            objected_at: None,
            objected_by: None,
            answered_by: None,
            granted_at: None,
            granted_by: None,
            words: String::new(),
        };
        rows::add(&mut tx, book, &row).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// The first review: it hangs from now on for the policy's working days, or is not given.
    pub async fn review_star(
        &self,
        by: &Reviewer,
        id: TimeStarId,
        agrees: bool,
        words: &str,
    ) -> ServiceResult<()> {
        let words = if agrees { "" } else { required("words", words)? };
        let step = if agrees { StarMove::Hang } else { StarMove::Decline };
        let book = by.book;
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = self.star_at(&mut tx, by, id, step).await?;
        if by.selves().are(&row.applied_by) {
            return Err(refuse("time_own_second").into());
        }
        let table = shipped(&row.policy)?.stars;
        if agrees {
            carries(&mut tx, book, &table, &row).await?;
        }
        let last = Calendar::shipped().working_days_after(self.today(), table.notice_working_days);
        let row = StarRow {
            state: to.as_str().to_owned(),
            reviewed_at: Some(self.now()),
            reviewed_by: Some(by.actor().to_string()),
            due_at: agrees.then(|| last.at_time_of(self.now())),
            words: words.to_owned(),
            ..row
        };
        rows::save(&mut tx, book, from, &row).await.map_err(state_changed)?;
        Ok(tx.commit().await?)
    }

    /// Somebody of the village objects: the clock stands still until it is answered.
    pub async fn object_to_star(&self, by: &Party, id: TimeStarId, words: &str) -> ServiceResult<()> {
        let words = required("words", words)?;
        let book = by.book();
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = star_after(&mut tx, book, id, StarMove::Object).await?;
        let row = StarRow {
            state: to.as_str().to_owned(),
            objected_at: Some(self.now()),
            objected_by: Some(by.actor().to_string()),
            words: words.to_owned(),
            ..row
        };
        rows::save(&mut tx, book, from, &row).await.map_err(state_changed)?;
        Ok(tx.commit().await?)
    }

    /// Somebody else answers an objection. One that is not right gives the notice the time back that it stood still.
    pub async fn answer_star_objection(
        &self,
        by: &Reviewer,
        id: TimeStarId,
        right: bool,
        words: &str,
    ) -> ServiceResult<()> {
        let words = required("words", words)?;
        let step = if right { StarMove::Uphold } else { StarMove::Dismiss };
        let book = by.book;
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = self.star_at(&mut tx, by, id, step).await?;
        if row.objected_by.as_ref().is_some_and(|who| by.selves().are(who)) {
            return Err(refuse("time_own_second").into());
        }
        let stood = row.objected_at.map_or(0, |at| self.now().since(at));
        let due = row.due_at.map(|due| Timestamp::from_micros(due.micros() + stood));
        let row = StarRow {
            state: to.as_str().to_owned(),
            due_at: due,
            answered_by: Some(by.actor().to_string()),
            words: words.to_owned(),
            ..row
        };
        rows::save(&mut tx, book, from, &row).await.map_err(state_changed)?;
        Ok(tx.commit().await?)
    }

    /// A second person gives the star when the notice has run out.
    pub async fn grant_star(&self, by: &Reviewer, id: TimeStarId) -> ServiceResult<()> {
        let book = by.book;
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = self.star_at(&mut tx, by, id, StarMove::Grant).await?;
        let first = [Some(&row.applied_by), row.reviewed_by.as_ref()];
        if first.into_iter().flatten().any(|who| by.selves().are(who)) {
            return Err(refuse("time_own_second").into());
        }
        if let Some(due) = row.due_at.filter(|due| self.now() < *due) {
            return Err(refuse("time_star_notice").with("until", due.minute()).into());
        }
        carries(&mut tx, book, &shipped(&row.policy)?.stars, &row).await?;
        let row = StarRow {
            state: to.as_str().to_owned(),
            granted_at: Some(self.now()),
            granted_by: Some(by.actor().to_string()),
            ..row
        };
        rows::save(&mut tx, book, from, &row).await.map_err(state_changed)?;
        Ok(tx.commit().await?)
    }

    async fn star_at(
        &self,
        tx: &mut WriteTx,
        by: &Staff,
        id: TimeStarId,
        step: StarMove,
    ) -> ServiceResult<(StarRow, StarState, StarState)> {
        let found = star_after(tx, by.book, id, step).await?;
        if let Some(home) = home_of(tx, by.book, found.0.person_id, self.today()).await? {
            recusal::check(tx, by, home, self.today()).await?;
        }
        Ok(found)
    }

    /// Proposes to bar somebody whose hours were false: the posting is named, and is undone already.
    pub async fn propose_bar(
        &self,
        by: &Recorder,
        (who, seq): (PersonId, i64),
        years: i64,
        words: &str,
    ) -> ServiceResult<BarRow> {
        let words = required("words", words)?;
        if !BAR_YEARS.contains(&years) {
            return Err(refuse("time_bar_years").into());
        }
        let book = by.book;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeStar, 0).await?;
        Side::Desk(by.clone()).speaks_for(&mut tx, who, self.today()).await?;
        people::one(&mut tx, book, who).await?.ok_or_else(|| refuse("time_not_joined"))?;
        let account = path(chart::person_time(&number_of(&mut tx, book, who).await?))?;
        let entries = read::entries(&mut tx, book, seq - 1, seq).await?;
        let theirs = entries.iter().any(|e| e.path == account.as_str());
        if !theirs || read::reversed_by(&mut tx, book, seq).await?.is_none() {
            return Err(refuse("time_bar_standing").with("seq", seq).into());
        }
        let before = rows::bars_of(&mut tx, book, who, STARS_PAGE).await?;
        if let Some(same) = before.into_iter().find(|bar| bar.seq == seq) {
            return Ok(same);
        }
        let row = BarRow {
            id: self.id(),
            no: serial::take(&mut tx, book, Series::TimeBar, 1).await?,
            person_id: who,
            seq,
            years: i32::try_from(years).unwrap_or(1),
            proposed_at: self.now(),
            proposed_by: by.actor().to_string(),
            words: words.to_owned(),
            signed: None,
            signed_at: None,
            signed_by: None,
        };
        rows::propose(&mut tx, book, &row).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// A second person signs a bar, from today on, or does not.
    pub async fn sign_bar(&self, by: &Reviewer, id: TimeBarId, signs: bool) -> ServiceResult<()> {
        let (book, today) = (by.book, self.today());
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeStar, 0).await?;
        let row = rows::bar(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("time_bar"))?;
        if row.signed.is_some() {
            return Err(refuse("time_bar_decided").into());
        }
        if by.selves().are(&row.proposed_by) {
            return Err(refuse("time_own_second").into());
        }
        if let Some(home) = home_of(&mut tx, book, row.person_id, today).await? {
            recusal::check(&mut tx, by, home, today).await?;
        }
        let until = star_case::barred_until(today, row.years.into());
        let (who, signed_by) = (row.person_id, Some(by.actor().to_string()));
        let row = BarRow { signed: Some(signs.into()), signed_at: Some(self.now()), signed_by, ..row };
        rows::sign(&mut tx, book, &row).await.map_err(state_changed)?;
        let known = people::one(&mut tx, book, who).await?.ok_or(ServiceError::NotFound("volunteer"))?;
        if signs {
            let barred_until = Some(known.barred_until.map_or(until, |before| before.max(until)));
            people::save(&mut tx, book, &people::VolunteerRow { barred_until, ..known }).await?;
        }
        Ok(tx.commit().await?)
    }

    /// How somebody stands: for their household, and for the staff.
    pub async fn star_standing(&self, by: &Party, who: PersonId) -> ServiceResult<StarStanding> {
        let (book, today) = (by.book(), self.today());
        let mut tx = self.db.begin_read().await?;
        if let Party::Household(own) = by
            && home_of(&mut tx, book, who, today).await? != Some(own.household)
        {
            return Err(ServiceError::NotFound("person"));
        }
        let policy = policy_on(&mut tx, book, today).await?;
        let minutes = earned(&mut tx, book, who).await?;
        let cases = rows::of_person(&mut tx, book, who, STARS_PAGE).await?;
        let barred_until = people::one(&mut tx, book, who).await?.and_then(|known| known.barred_until);
        let barred = barred_until.is_some_and(|until| today <= until);
        Ok(StarStanding {
            who: someone(&mut tx, book, who, (today, true)).await?,
            minutes,
            shown: star_case::shown(&policy.stars, given(&cases), minutes, barred),
            worth: stars::stars(&policy.stars, minutes),
            to_next: stars::to_next(&policy.stars, minutes),
            barred_until: barred_until.filter(|until| today <= *until),
            bars: rows::bars_of(&mut tx, book, who, STARS_PAGE).await?,
            cases,
        })
    }

    /// Bars that wait for a second person, with the name of whoever they are about.
    pub async fn open_bars(&self, book: BookId) -> ServiceResult<Vec<(BarRow, String)>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in rows::open_bars(&mut tx, book, STARS_PAGE).await? {
            let who = someone(&mut tx, book, row.person_id, (self.today(), true)).await?;
            out.push((row, format!("{} {}", who.home, who.name)));
        }
        Ok(out)
    }

    /// Applications in one state, in order: the staff sees them all, and the public notice those that hang.
    pub async fn stars_in(&self, book: BookId, state: StarState) -> ServiceResult<Vec<StarView>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in rows::in_state(&mut tx, book, state, 0, STARS_PAGE).await? {
            let who = someone(&mut tx, book, row.person_id, (self.today(), true)).await?;
            out.push(StarView { row, state, who });
        }
        Ok(out)
    }
}

/// The most stars that were given.
fn given(cases: &[StarRow]) -> usize {
    let granted = cases.iter().filter(|row| row.state == StarState::Granted.as_str());
    granted.filter_map(|row| usize::try_from(row.level).ok()).max().unwrap_or(0)
}

async fn star_after(
    tx: &mut WriteTx,
    book: BookId,
    id: TimeStarId,
    step: StarMove,
) -> ServiceResult<(StarRow, StarState, StarState)> {
    serial::take(tx, book, Series::TimeStar, 0).await?;
    let row = rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("time_star"))?;
    let from = row.state()?;
    let to = from.after(step).map_err(|_| refuse("time_star_moved_on").with("state", from))?;
    Ok((row, from, to))
}

/// Refuses when the hours on record no longer carry the star.
async fn carries(tx: &mut Tx, book: BookId, table: &StarTable, row: &StarRow) -> ServiceResult<()> {
    let minutes = earned(tx, book, row.person_id).await?;
    let level = usize::try_from(row.level).unwrap_or(0);
    match star_case::minutes_for(table, level) {
        Some(least) if least <= minutes => Ok(()),
        _ => Err(refuse("time_star_fell").into()),
    }
}
