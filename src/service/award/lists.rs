//! Lists of awards for pages and API: what waits for review, what came back, what a household did.

use super::{AWARDS_PAGE, Desk, ServiceError, ServiceResult};
use crate::{
    domain::{
        due_process::AwardState,
        ids::{AwardId, BookId, HouseholdId, OrgId},
    },
    service::caller::{Recorder, Reviewer, Role, Staff},
    store::{
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
}

impl Desk {
    /// What waits in a book.
    pub async fn todo(&self, book: BookId) -> ServiceResult<Todo> {
        let mut tx = self.db.begin_read().await?;
        let counts = lists::counts(&mut tx, book).await?;
        let counted = |state: &str| counts.iter().find(|c| c.state == state).map_or(0, |c| c.count);
        let of = |state: AwardState| counted(state.as_str());
        Ok(Todo {
            to_review: of(AwardState::Recorded),
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

    /// What waits for this reviewer's step, oldest first, numbered above `after`: for the panel the first two steps,
    /// for the township the third. Own records are left out.
    pub async fn review_inbox(&self, by: &Reviewer, after: i64, limit: i64) -> ServiceResult<Vec<AwardRow>> {
        let steps = match (by.holds(Role::Reviewer), by.holds(Role::Township)) {
            (true, true) => (0, 2),
            (true, false) => (0, 1),
            _ => (2, 2),
        };
        let mut tx = self.db.begin_read().await?;
        let me = by.actor().to_string();
        let mut rows = lists::to_review(&mut tx, by.book, steps, after, limit.clamp(1, AWARDS_PAGE)).await?;
        rows.retain(|row| row.recorder != me);
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
        Ok(lists::approved(&mut tx, book, group, after, limit.clamp(1, AWARDS_PAGE)).await?)
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
        let award = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("award"))?;
        let reviews = rows::reviews(&mut tx, book, id).await?;
        let events = event::of(&mut tx, book, id.0).await?;
        let objections = objection::of_award(&mut tx, book, id).await?;
        Ok(AwardFile { award, reviews, events, objections })
    }
}
