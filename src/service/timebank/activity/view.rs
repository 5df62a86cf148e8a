//! An activity as pages and the API show it. A household sees what is open and what its own people are on, and of a list
//! its own lines alone.

use super::{
    super::view::{Someone, someone},
    ACTIVITIES_PAGE, ActivityState, BookId, Desk, PersonId, PlaceRow, PresenceRow, ServiceError, ServiceKind,
    ServiceResult, TimeActivityId,
    attend::{crowd, runs},
    join::waits,
    place, placed, rows, shipped, times_of,
};
use crate::{
    domain::{
        time::{Day, Timestamp},
        timebank::{activity::Outcome, policy::Gathering},
    },
    service::{Refusal, caller::Role, timebank::party::Party},
    store::{Tx, ledger::read, person, timebank::activity::ActivityRow},
};

/// Lines of one person on their page.
const OWN_LINES: i64 = 30;

/// An activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityView {
    /// As it stands.
    pub row: ActivityRow,
    /// Which kind of service it is.
    pub kind: ServiceKind,
    /// Where it stands.
    pub state: ActivityState,
    /// Who is in charge.
    pub in_charge: Someone,
    /// How many have a place.
    pub placed: usize,
    /// How many wait for one.
    pub waiting: usize,
}

/// A line of its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineView {
    /// As it stands.
    pub row: PlaceRow,
    /// Who.
    pub who: Someone,
    /// When they were there.
    pub times: Vec<PresenceRow>,
    /// How many wait before them, if they wait.
    pub waits: Option<usize>,
    /// What the line came to, once the list is closed.
    pub outcome: Option<Outcome>,
    /// Whether its posting was undone.
    pub reversed: bool,
    /// Why minutes that count are not in the account yet.
    pub held_up: Option<Refusal>,
}

/// An activity with what whoever looks may see of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityFile {
    /// The activity.
    pub activity: ActivityView,
    /// The list; a household's own lines.
    pub lines: Vec<LineView>,
    /// Of a household: who could sign up, and up to which day they may not.
    pub own: Vec<(Someone, Option<Day>)>,
    /// What is shown there now, and until when.
    pub code: Option<(String, Timestamp)>,
    /// Whether people sign in by themselves now.
    pub crowd: bool,
    /// Whether it has begun.
    pub begun: bool,
    /// Whether it is over.
    pub over: bool,
    /// Who is sampled, and what staying away means.
    pub gathering: Gathering,
    /// Whether the network point looks.
    pub desk: bool,
    /// Whether an arbiter looks.
    pub arbiter: bool,
    /// Whether the township looks.
    pub township: bool,
}

impl Desk {
    /// An activity, for whoever may see it.
    pub async fn activity_file(&self, by: &Party, id: TimeActivityId) -> ServiceResult<ActivityFile> {
        let (book, now) = (by.book(), self.now());
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("time_activity"))?;
        let all = place::of_activity(&mut tx, book, id).await?;
        let times = place::times(&mut tx, book, id).await?;
        let policy = shipped(&row.policy)?;
        let mut own = Vec::new();
        let mut shown = all.clone();
        if let Party::Household(home) = by {
            let members = person::members(&mut tx, book, home.household, self.today()).await?;
            shown.retain(|line| members.iter().any(|member| member.id == line.person_id));
            if shown.is_empty() && row.state()? != ActivityState::Open {
                return Err(ServiceError::NotFound("time_activity"));
            }
            for member in members {
                let one = someone(&mut tx, book, member.id, (self.today(), true)).await?;
                let closed = self.sign_up_closed(&mut tx, book, &policy.gathering, member.id).await?;
                own.push((one, closed));
            }
            own.retain(|(one, _)| one.volunteer.is_some());
        }
        let running = runs(&row, now).is_ok();
        let crowd = running && crowd(&mut tx, book, &row).await.is_ok();
        let (begun, over) = (now >= row.starts_at, now >= row.ends_at);
        let mut lines = Vec::with_capacity(shown.len());
        for line in shown {
            lines.push(self.line_view(&mut tx, book, (&row, &all), (line, &times)).await?);
        }
        let activity = self.activity_view(&mut tx, book, row, &all).await?;
        drop(tx);
        for line in &mut lines {
            line.held_up = self.line_held_up(book, &line.row).await?;
        }
        let desk = by.desk().ok();
        let code = match &desk {
            Some(desk) if crowd => Some(self.activity_code(desk, id).await?),
            _ => None,
        };
        let township = matches!(by, Party::Staff(staff) if staff.holds(Role::Township));
        Ok(ActivityFile {
            activity,
            lines,
            own,
            code,
            crowd,
            begun,
            over,
            gathering: policy.gathering,
            desk: desk.is_some(),
            arbiter: by.arbiter().is_ok(),
            township,
        })
    }

    /// Activities in one state numbered below `before`, the latest first. Households see those that are open.
    pub async fn activities_in(
        &self,
        by: &Party,
        state: ActivityState,
        before: i64,
        limit: i64,
    ) -> ServiceResult<Vec<ActivityView>> {
        let state = if matches!(by, Party::Staff(_)) { state } else { ActivityState::Open };
        let book = by.book();
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in rows::in_state(&mut tx, book, state, before, limit.clamp(1, ACTIVITIES_PAGE)).await? {
            let lines = place::of_activity(&mut tx, book, row.id).await?;
            out.push(self.activity_view(&mut tx, book, row, &lines).await?);
        }
        Ok(out)
    }

    /// How many activities there are of each state.
    pub async fn activity_counts(&self, by: &Party) -> ServiceResult<Vec<(ActivityState, i64)>> {
        by.staff()?;
        let mut tx = self.db.begin_read().await?;
        let found = rows::states(&mut tx, by.book()).await?;
        Ok(found.into_iter().filter_map(|(state, count)| Some((state.parse().ok()?, count))).collect())
    }

    /// What the people of a household signed up for, the latest first.
    pub async fn own_activities(
        &self,
        by: &crate::service::caller::Resident,
    ) -> ServiceResult<Vec<(ActivityView, LineView)>> {
        let book = by.book;
        let mut tx = self.db.begin_read().await?;
        let mut found = Vec::new();
        for member in person::members(&mut tx, book, by.household, self.today()).await? {
            found.extend(place::of_person(&mut tx, book, member.id, OWN_LINES).await?);
        }
        found.sort_by_key(|line| std::cmp::Reverse((line.asked_at, line.place)));
        let mut out = Vec::new();
        for line in found {
            let Some(row) = rows::one(&mut tx, book, line.activity_id).await? else { continue };
            let all = place::of_activity(&mut tx, book, row.id).await?;
            let times = place::times(&mut tx, book, row.id).await?;
            let view = self.line_view(&mut tx, book, (&row, &all), (line, &times)).await?;
            out.push((self.activity_view(&mut tx, book, row, &all).await?, view));
        }
        Ok(out)
    }

    async fn activity_view(
        &self,
        tx: &mut Tx,
        book: BookId,
        row: ActivityRow,
        lines: &[PlaceRow],
    ) -> ServiceResult<ActivityView> {
        let in_charge = someone(tx, book, row.in_charge, (self.today(), true)).await?;
        let placed = placed(&row, lines).len();
        let waiting = lines.iter().filter(|line| line.ended_at.is_none()).count() - placed;
        let (kind, state) = (row.kind()?, row.state()?);
        Ok(ActivityView { row, kind, state, in_charge, placed, waiting })
    }

    async fn line_view(
        &self,
        tx: &mut Tx,
        book: BookId,
        (row, all): (&ActivityRow, &[PlaceRow]),
        (line, times): (PlaceRow, &[PresenceRow]),
    ) -> ServiceResult<LineView> {
        let reversed = match line.post_seq {
            Some(seq) => read::reversed_by(tx, book, seq).await?.is_some(),
            None => false,
        };
        let withdrew = line.ended_at.is_some();
        let mine: PersonId = line.person_id;
        let own = if withdrew { Vec::new() } else { times_of(times, mine) };
        Ok(LineView {
            who: someone(tx, book, mine, (self.today(), true)).await?,
            times: own.into_iter().cloned().collect(),
            waits: if withdrew { None } else { waits(row, all, line.place) },
            outcome: line.outcome.as_deref().and_then(|outcome| outcome.parse().ok()),
            reversed,
            held_up: None,
            row: line,
        })
    }
}
