//! Lists of awards for pages and API: what waits for review, what came back, what a household did.

use super::{AWARDS_PAGE, Desk, ServiceError, ServiceResult, part};
use crate::{
    domain::{
        due_process::{AwardState, ReviewStep},
        ids::{AwardId, BookId, HouseholdId, OrgId},
        panel::BodyKind,
        time::Day,
    },
    service::{
        caller::{Recorder, Reviewer, Role, Staff},
        panel,
    },
    store::{
        Tx, amendment,
        award::{self as rows, AwardRow, ReviewRow, lists},
        event::{self, Event},
        notice, objection, reversal,
    },
};

/// Items the quick form offers first.
pub const LAST_ITEMS: i64 = 6;

/// What waits for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Todo {
    /// Awards waiting for review.
    pub to_review: i64,
    /// The same by the place on the ladder: first review, panel, recheck, township.
    pub steps: [i64; ReviewStep::LADDER.len()],
    /// Awards sent back to their recorders.
    pub returned: i64,
    /// Awards that can go onto a sheet.
    pub approved: i64,
    /// Lines on sheets that do not hang yet.
    pub on_sheets: i64,
    /// Lines in notice.
    pub in_notice: i64,
    /// Sheets waiting for the second person.
    pub to_publish: i64,
    /// Sheets that hang now.
    pub published: i64,
    /// Objections to decide.
    pub objections: i64,
    /// Reversals waiting for the second person.
    pub reversals: i64,
}

/// An award with its whole life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardFile {
    /// The award.
    pub award: AwardRow,
    /// Its reviews, in order.
    pub reviews: Vec<ReviewRow>,
    /// Its history, oldest first.
    pub events: Vec<Event>,
    /// Objections to it.
    pub objections: Vec<objection::ObjectionRow>,
    /// The number of the one in whose place it stands.
    pub replaces: Option<i64>,
    /// The one that stands in its place.
    pub replaced_by: Option<AwardRow>,
}

impl Desk {
    /// What waits in a book.
    pub async fn todo(&self, book: BookId) -> ServiceResult<Todo> {
        let mut tx = self.db.begin_read().await?;
        let counts = lists::counts(&mut tx, book).await?;
        let waiting = lists::steps(&mut tx, book).await?;
        let at = |step: ReviewStep| waiting.iter().find(|(at, _)| *at == step.place()).map_or(0, |(_, n)| *n);
        let counted = |state: &str| counts.iter().find(|c| c.state == state).map_or(0, |c| c.count);
        let of = |state: AwardState| counted(state.as_str());
        Ok(Todo {
            to_review: of(AwardState::Recorded),
            steps: ReviewStep::LADDER.map(at),
            returned: of(AwardState::Returned),
            approved: of(AwardState::Approved),
            on_sheets: counted(lists::ON_SHEETS),
            in_notice: of(AwardState::InNotice),
            to_publish: notice::count(&mut tx, book, crate::domain::notice::NoticeState::Compiled).await?,
            published: notice::count(&mut tx, book, crate::domain::notice::NoticeState::Published).await?,
            objections: objection::open(&mut tx, book).await?,
            reversals: reversal::waiting(&mut tx, book).await?,
        })
    }

    /// The steps this person takes part in: a reviewer first reviews and, where the village named no two committees or
    /// named this person, rechecks; whoever has a seat on the panel votes there; the township checks.
    pub async fn own_steps(&self, by: &Reviewer) -> ServiceResult<Vec<ReviewStep>> {
        let mut tx = self.db.begin_read().await?;
        own_steps(&mut tx, by, self.today()).await
    }

    /// What waits for this reviewer at one step, or at any of theirs but the panel's, oldest first, numbered above
    /// `after`. Own records are left out. Somebody else's step has nothing for them.
    pub async fn review_inbox(
        &self,
        by: &Reviewer,
        step: Option<ReviewStep>,
        after: i64,
        limit: i64,
    ) -> ServiceResult<Vec<AwardRow>> {
        let mut tx = self.db.begin_read().await?;
        let mut steps = own_steps(&mut tx, by, self.today()).await?;
        steps.retain(|own| step.map_or(*own != ReviewStep::Panel, |step| *own == step));
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return Ok(Vec::new()) };
        let places = (first.place(), last.place());
        let me = by.selves();
        let limit = limit.clamp(1, AWARDS_PAGE);
        let mut rows = lists::to_review(&mut tx, by.book, places, after, limit).await?;
        rows.retain(|row| !me.are(&row.recorder) && steps.iter().any(|own| own.place() == row.step));
        Ok(rows)
    }

    /// Approved awards waiting for a sheet.
    pub async fn approved_awards(
        &self,
        book: BookId,
        group: Option<OrgId>,
        after: i64,
        limit: i64,
    ) -> ServiceResult<Vec<AwardRow>> {
        let mut tx = self.db.begin_read().await?;
        let page = (after, limit.clamp(1, AWARDS_PAGE));
        Ok(lists::approved(&mut tx, book, group, page, self.now()).await?)
    }

    /// Awards in one state, numbered above `after`.
    pub async fn awards_in(
        &self,
        by: &Staff,
        state: AwardState,
        after: i64,
        limit: i64,
    ) -> ServiceResult<Vec<AwardRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(lists::in_state(&mut tx, by.book, state, after, limit.clamp(1, AWARDS_PAGE)).await?)
    }

    /// What this recorder entered, newest first, numbered below `before`.
    pub async fn own_records(&self, by: &Recorder, before: i64, limit: i64) -> ServiceResult<Vec<AwardRow>> {
        let mut tx = self.db.begin_read().await?;
        let me = by.actor().to_string();
        Ok(lists::of_recorder(&mut tx, by.book, &me, before, limit.clamp(1, AWARDS_PAGE)).await?)
    }

    /// What came back to this recorder, numbered above `after`.
    pub async fn own_returned(&self, by: &Recorder, after: i64, limit: i64) -> ServiceResult<Vec<AwardRow>> {
        let mut tx = self.db.begin_read().await?;
        let me = by.actor().to_string();
        Ok(lists::returned(&mut tx, by.book, &me, after, limit.clamp(1, AWARDS_PAGE)).await?)
    }

    /// A household's awards, newest first, numbered below `before`.
    pub async fn household_awards(
        &self,
        book: BookId,
        household: HouseholdId,
        before: i64,
        limit: i64,
    ) -> ServiceResult<Vec<AwardRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(lists::of_household(&mut tx, book, household, before, limit.clamp(1, AWARDS_PAGE)).await?)
    }

    /// The items this recorder used last.
    pub async fn last_items(&self, by: &Recorder) -> ServiceResult<Vec<String>> {
        let mut tx = self.db.begin_read().await?;
        Ok(lists::last_items(&mut tx, by.book, &by.actor().to_string(), LAST_ITEMS).await?)
    }

    /// An award with its whole life.
    pub async fn award_file(&self, book: BookId, id: AwardId) -> ServiceResult<AwardFile> {
        let mut tx = self.db.begin_read().await?;
        award_file(&mut tx, book, id).await
    }
}

/// An award with its whole life, inside a transaction.
pub(in crate::service) async fn award_file(
    tx: &mut Tx,
    book: BookId,
    id: AwardId,
) -> ServiceResult<AwardFile> {
    let award = rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("award"))?;
    let replaces = match amendment::of(tx, book, id).await? {
        Some(by) => rows::one(tx, book, by.replaces).await?.map(|first| first.no),
        None => None,
    };
    let replaced_by = match amendment::of_replaced(tx, book, id).await? {
        Some(by) => rows::one(tx, book, by.award_id).await?,
        None => None,
    };
    Ok(AwardFile {
        award,
        reviews: part::reviews(tx, book, id).await?,
        events: event::of(tx, book, id.0).await?,
        objections: objection::of_award(tx, book, id).await?,
        replaces,
        replaced_by,
    })
}

async fn own_steps(tx: &mut Tx, by: &Reviewer, today: Day) -> ServiceResult<Vec<ReviewStep>> {
    let mut steps = Vec::new();
    for step in ReviewStep::LADDER {
        let own = match step {
            ReviewStep::Review => by.holds(Role::Reviewer),
            ReviewStep::Panel => panel::seat_of(tx, by, BodyKind::Panel, today).await?.is_some(),
            ReviewStep::Recheck => by.holds(Role::Reviewer) && panel::may_recheck(tx, by, today).await?,
            ReviewStep::Township => by.holds(Role::Township),
        };
        if own {
            steps.push(step);
        }
    }
    Ok(steps)
}
