//! The course of objections: accepted by whoever keeps the office, shown with its deadlines, and told to the township
//! when somebody is late. Decides nothing.

use super::{
    Actor, Desk, ServiceError, ServiceResult,
    award::state_changed,
    caller::{Auditor, Resident, Role, Staff},
    objection::OBJECTIONS_PAGE,
    refuse,
};
use crate::{
    domain::{
        ids::{AwardId, BookId, ObjectionId},
        objection::{ACCEPT_DAYS, Course, DECIDE_DAYS, Finding},
        time::Timestamp,
    },
    store::{
        StoreError, Tx, WriteTx,
        amendment::{self, AmendmentRow},
        appeal::{self as appeals, AppealRow},
        award, event,
        objection::{self as rows, ObjectionRow},
        serial::{self, Series},
    },
};

/// Objections told to the township in one pass.
const TOLD_MAX: i64 = 100;
/// Objections on a household's page.
const OWN_MAX: i64 = 50;

/// An objection, what became of it, and when the next step is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectionFile {
    /// The objection.
    pub objection: ObjectionRow,
    /// What the township was asked, if it was.
    pub appeal: Option<AppealRow>,
    /// How far it has come.
    pub course: Course,
    /// Since when.
    pub since: Timestamp,
    /// What is left of the award, where the objection was right in part.
    pub amended: Option<Stands>,
    /// What the township's word brought back.
    pub restored: Option<Stands>,
}

/// An award that stands again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands {
    /// The award.
    pub award: AwardId,
    /// Its number.
    pub no: i64,
    /// Points, signed.
    pub points: i64,
    /// Honour points, signed.
    pub honor: i64,
    /// Minutes of service.
    pub minutes: i64,
    /// It goes on no sheet up to this instant.
    pub waits_until: Option<Timestamp>,
}

impl ObjectionFile {
    /// Puts the papers together, but for what stands again.
    fn new(objection: ObjectionRow, appeal: Option<AppealRow>) -> Self {
        let raised = objection.raised_at;
        let village = Finding::of(&objection.state);
        let (course, since) = match (&appeal, village, objection.accepted_at) {
            (Some(appeal), Some(village), _) => match (Finding::of(&appeal.state), appeal.decided_at) {
                (Some(township), Some(at)) => (Course::Concluded { village, township }, at),
                _ => (Course::Appealed(village), appeal.raised_at),
            },
            (_, Some(village), _) => (Course::Decided(village), objection.decided_at.unwrap_or(raised)),
            (_, None, Some(at)) => (Course::Accepted, at),
            (_, None, None) => (Course::Raised, raised),
        };
        Self { objection, appeal, course, since, amended: None, restored: None }
    }

    /// Until when the next step is to be taken.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.course.due(self.since)
    }

    /// Whether somebody is late.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.course.is_late(self.since, now)
    }

    /// Whether it can still be taken to the township.
    #[must_use]
    pub fn may_appeal(&self, now: Timestamp) -> bool {
        self.course.may_appeal(self.since, now)
    }
}

/// The papers of one objection.
pub(super) async fn file(tx: &mut Tx, book: BookId, row: ObjectionRow) -> ServiceResult<ObjectionFile> {
    let appeal = appeals::of_objection(tx, book, row.id).await?;
    let upheld = Finding::of(&row.state) == Some(Finding::Uphold);
    let amended = match amendment::of_replaced(tx, book, row.award_id).await? {
        Some(by) if upheld && by.appeal_id.is_none() => Some(stands(tx, book, by).await?),
        _ => None,
    };
    let restored = match &appeal {
        Some(appeal) => amendment::of_appeal(tx, book, appeal.id).await?,
        None => None,
    };
    let restored = match restored {
        Some(by) => Some(stands(tx, book, by).await?),
        None => None,
    };
    Ok(ObjectionFile { amended, restored, ..ObjectionFile::new(row, appeal) })
}

async fn stands(tx: &mut Tx, book: BookId, by: AmendmentRow) -> ServiceResult<Stands> {
    let row = award::one(tx, book, by.award_id).await?.ok_or(ServiceError::NotFound("award"))?;
    Ok(Stands {
        award: row.id,
        no: row.no,
        points: row.points,
        honor: row.honor,
        minutes: row.minutes,
        waits_until: by.waits_until,
    })
}

async fn files(tx: &mut Tx, book: BookId, found: Vec<ObjectionRow>) -> ServiceResult<Vec<ObjectionFile>> {
    let mut out = Vec::with_capacity(found.len());
    for row in found {
        out.push(file(tx, book, row).await?);
    }
    Ok(out)
}

impl Desk {
    /// Accepts an objection: somebody of the office has read it and it will be looked into. Its three days end here.
    pub async fn accept_objection(&self, by: &Staff, id: ObjectionId) -> ServiceResult<ObjectionFile> {
        if ![Role::Clerk, Role::Reviewer, Role::Township].iter().any(|role| by.holds(*role)) {
            return Err(ServiceError::NotAllowed);
        }
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::Objection, 0).await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("objection"))?;
        let me = by.actor().to_string();
        if row.accepted_by.as_ref() == Some(&me) {
            // accepted by this person already: the answer was lost
            return file(&mut tx, by.book, row).await;
        }
        if row.state != "open" {
            return Err(refuse("already_decided").with("state", &row.state).into());
        }
        if row.accepted_at.is_some() {
            return Err(refuse("already_accepted").into());
        }
        rows::accept(&mut tx, by.book, id, self.now(), &me).await.map_err(state_changed)?;
        self.note_objection(&mut tx, by.book, id, "accept", by.actor()).await?;
        tx.commit().await?;
        self.objection_file(by.book, id).await
    }

    /// Tells the township of every objection that nobody accepted within three days, or answered within ten; how many
    /// it was told of now. Each once.
    pub async fn escalate_late_objections(&self, book: BookId) -> ServiceResult<usize> {
        let now = self.now();
        let (raised, accepted) = (now.plus_days(-ACCEPT_DAYS), now.plus_days(-DECIDE_DAYS));
        let mut tx = self.db.begin_read().await?;
        let late = rows::late(&mut tx, book, raised, accepted, TOLD_MAX).await?;
        drop(tx);
        let mut told = 0;
        for row in late {
            let mut tx = self.db.begin_write().await?;
            match rows::escalate(&mut tx, book, row.id, now).await {
                // another process told it, or it was decided meanwhile
                Err(StoreError::RowsAffected { .. }) => {}
                other => {
                    other?;
                    self.note_objection(&mut tx, book, row.id, "escalate", Actor::System).await?;
                    tx.commit().await?;
                    told += 1;
                }
            }
        }
        Ok(told)
    }

    /// One objection with its course.
    pub async fn objection_file(&self, book: BookId, id: ObjectionId) -> ServiceResult<ObjectionFile> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("objection"))?;
        file(&mut tx, book, row).await
    }

    /// Open objections numbered below `before`, newest first, with their deadlines.
    pub async fn open_objections(&self, book: BookId, before: i64) -> ServiceResult<Vec<ObjectionFile>> {
        let mut tx = self.db.begin_read().await?;
        let found = rows::list(&mut tx, book, "open", before, OBJECTIONS_PAGE).await?;
        files(&mut tx, book, found).await
    }

    /// Every objection of a book numbered below `before`, newest first: for whoever audits it.
    pub async fn audited_objections(&self, by: &Auditor, before: i64) -> ServiceResult<Vec<ObjectionFile>> {
        let mut tx = self.db.begin_read().await?;
        let found = rows::every(&mut tx, by.book, before, OBJECTIONS_PAGE).await?;
        files(&mut tx, by.book, found).await
    }

    /// What a household objected to, and what was found right about its own awards: these it may take further.
    pub async fn own_objections(&self, by: &Resident) -> ServiceResult<Vec<ObjectionFile>> {
        let mut tx = self.db.begin_read().await?;
        let mut found = rows::of_household(&mut tx, by.book, by.household, OWN_MAX).await?;
        let against = rows::against(&mut tx, by.book, by.household, OWN_MAX).await?;
        found.extend(against);
        found.sort_by_key(|o| std::cmp::Reverse(o.no));
        found.dedup_by_key(|o| o.no);
        files(&mut tx, by.book, found).await
    }

    /// The item and day an objection is about, in words for whoever raised it.
    pub async fn objected_line(
        &self,
        book: BookId,
        about: AwardId,
    ) -> ServiceResult<super::notice::sheet::SheetLine> {
        let mut tx = self.db.begin_read().await?;
        let row = award::one(&mut tx, book, about).await?;
        let row = row.ok_or(ServiceError::NotFound("award"))?;
        drop(tx);
        let mut lines = self.award_lines(book, &[row]).await?;
        lines.pop().ok_or(ServiceError::NotFound("award"))
    }

    pub(super) async fn note_objection(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        id: ObjectionId,
        verb: &str,
        by: Actor,
    ) -> ServiceResult<()> {
        let row = event::Event {
            id: self.id(),
            at: self.now(),
            subject: "objection".to_owned(),
            subject_id: id.0,
            verb: verb.to_owned(),
            from_state: None,
            to_state: None,
            actor: by.to_string(),
            on_behalf: None,
            reason: String::new(),
        };
        Ok(event::add(tx, book, &row).await?)
    }
}
