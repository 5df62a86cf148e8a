//! Matters as people look at them: a household its own and how far they are, the office what waits, whoever it was given
//! to their own, the auditor what waits too long.

use super::{
    Desk, Handler, MATTERS_PAGE, Resident, Role, ServiceError, ServiceResult, Staff, check, concerns, report,
    rows,
};
use crate::{
    domain::{
        calendar::Calendar,
        claim::{ClaimState, Progress},
        household::HouseholdNo,
        ids::{AwardId, BookId, MatterId, OrgId},
        matter::{MatterGrade, MatterKind, MatterState, is_late, late_before, look_by},
        time::{Day, Timestamp},
    },
    service::{
        Actor,
        award::explain::name,
        caller::{Auditor, Recorder},
        claim::view::course,
    },
    store::{
        Tx, award as awards, event, household,
        matter::{MatterRow, photo, photo::MatterPhotoRow},
        org, person,
    },
};

/// A matter with what goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterView {
    /// The matter.
    pub row: MatterRow,
    /// Where it stands.
    pub state: MatterState,
    /// What it is about.
    pub kind: MatterKind,
    /// How large it is, once it was found so.
    pub grade: Option<MatterGrade>,
    /// The name of the group.
    pub group: String,
    /// The number of its household and the head, for those who decide on it.
    pub reporter: Option<(HouseholdNo, String)>,
    /// Who sees to it.
    pub assignee: Option<String>,
    /// The number of the report that it repeats.
    pub first: Option<i64>,
    /// The last day to look in time, while it waits for a look.
    pub look_by: Option<Day>,
    /// Whether that day is over.
    pub late: bool,
    /// Its photo.
    pub photo: Option<MatterPhotoRow>,
    /// How far the award is.
    pub points: Option<Progress>,
    /// How far the award is for having mended it.
    pub mended: Option<Progress>,
}

/// How many matters stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MatterCounts {
    /// To be checked.
    pub reported: i64,
    /// To be assigned.
    pub accepted: i64,
    /// In hand.
    pub assigned: i64,
    /// To be looked at.
    pub done: i64,
    /// To be closed.
    pub verified: i64,
    /// Waiting for a look longer than they may.
    pub late: i64,
}

/// A matter that waits too long, as the auditor sees it: nobody's name and nobody's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateMatter {
    /// Its number.
    pub no: i64,
    /// Where it stands.
    pub state: MatterState,
    /// What it is about.
    pub kind: MatterKind,
    /// In which group.
    pub group: String,
    /// Since when it waits.
    pub since: Day,
    /// The last day to look in time.
    pub look_by: Day,
}

impl Desk {
    /// What a household reported, newest first, numbered below `before`.
    pub async fn own_matters(&self, by: &Resident, before: i64) -> ServiceResult<Vec<MatterView>> {
        let mut tx = self.db.begin_read().await?;
        let found = rows::of_household(&mut tx, by.book, by.household, before, MATTERS_PAGE).await?;
        self.views(&mut tx, by.book, found, None).await
    }

    /// One report of a household's own.
    pub async fn own_matter(&self, by: &Resident, id: MatterId) -> ServiceResult<MatterView> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?;
        let row = row.filter(|m| m.household_id == by.household).ok_or(ServiceError::NotFound("matter"))?;
        self.view(&mut tx, by.book, row, None).await
    }

    /// The groups of a village, to say where something is.
    pub async fn matter_groups(&self, book: BookId) -> ServiceResult<Vec<(OrgId, String)>> {
        let mut tx = self.db.begin_read().await?;
        report::groups(&mut tx, book).await
    }

    /// Matters in one state, oldest first, numbered above `after`; in one's part of the village.
    pub async fn matters_in(
        &self,
        by: &Handler,
        state: MatterState,
        after: i64,
        limit: i64,
    ) -> ServiceResult<Vec<MatterView>> {
        let limit = limit.clamp(1, MATTERS_PAGE);
        let wanted = usize::try_from(limit).unwrap_or(0);
        let mut tx = self.db.begin_read().await?;
        let (mut own, mut after) = (Vec::with_capacity(wanted), after);
        // whoever keeps to a part of the village sees a full page of it, however much lies between
        'pages: loop {
            let found = rows::in_state(&mut tx, by.book, state, after, limit).await?;
            let last = found.len() < wanted;
            for row in found {
                after = row.no;
                if concerns(&mut tx, by, &row).await? {
                    own.push(row);
                }
                if own.len() == wanted {
                    break 'pages;
                }
            }
            if last {
                break;
            }
        }
        self.views(&mut tx, by.book, own, Some(by)).await
    }

    /// Matters given to this person and not done, oldest first, numbered above `after`.
    pub async fn matters_given(
        &self,
        by: &Handler,
        after: i64,
        limit: i64,
    ) -> ServiceResult<Vec<MatterView>> {
        let mut tx = self.db.begin_read().await?;
        let limit = limit.clamp(1, MATTERS_PAGE);
        let found = rows::of_assignee(&mut tx, by.book, by.user, after, limit).await?;
        self.views(&mut tx, by.book, found, Some(by)).await
    }

    /// One matter for staff.
    pub async fn matter_file(&self, by: &Handler, id: MatterId) -> ServiceResult<MatterView> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("matter"))?;
        if !concerns(&mut tx, by, &row).await? {
            return Err(ServiceError::NotFound("matter"));
        }
        self.view(&mut tx, by.book, row, Some(by)).await
    }

    /// What happened to a matter, oldest first.
    pub async fn matter_life(&self, by: &Handler, id: MatterId) -> ServiceResult<Vec<event::Event>> {
        self.matter_file(by, id).await?;
        let mut tx = self.db.begin_read().await?;
        Ok(event::of(&mut tx, by.book, id.0).await?)
    }

    /// Reports of the same kind from the same group in the thirty days before, that were not refused: what this one may
    /// repeat, the latest first.
    pub async fn matters_before(&self, by: &Recorder, id: MatterId) -> ServiceResult<Vec<MatterView>> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("matter"))?;
        if !concerns(&mut tx, by, &row).await? {
            return Err(ServiceError::NotFound("matter"));
        }
        let found = check::before(&mut tx, by, &row).await?;
        self.views(&mut tx, by.book, found, Some(by)).await
    }

    /// How many matters of a village stand where.
    pub async fn matter_counts(&self, book: BookId) -> ServiceResult<MatterCounts> {
        let mut tx = self.db.begin_read().await?;
        let counts = rows::counts(&mut tx, book).await?;
        let of = |state: MatterState| counts.iter().find(|(s, _)| s == state.as_str()).map_or(0, |(_, n)| *n);
        Ok(MatterCounts {
            reported: of(MatterState::Reported),
            accepted: of(MatterState::Accepted),
            assigned: of(MatterState::Assigned),
            done: of(MatterState::Done),
            verified: of(MatterState::Verified),
            late: rows::waiting_count(&mut tx, book, self.late_since()).await?,
        })
    }

    /// What waits for a look longer than it may, numbered above `after`, oldest first.
    pub async fn late_matters(&self, by: &Auditor, after: i64) -> ServiceResult<Vec<LateMatter>> {
        let calendar = Calendar::shipped();
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in rows::waiting(&mut tx, by.book, self.late_since(), after, MATTERS_PAGE).await? {
            out.push(LateMatter {
                no: row.no,
                state: row.state()?,
                kind: row.kind()?,
                group: group(&mut tx, row.group_id).await?,
                since: row.moved_at.day(),
                look_by: look_by(&calendar, row.moved_at),
            });
        }
        Ok(out)
    }

    /// What waits since before this is late.
    fn late_since(&self) -> Timestamp {
        late_before(&Calendar::shipped(), self.today()).start()
    }

    async fn views(
        &self,
        tx: &mut Tx,
        book: BookId,
        found: Vec<MatterRow>,
        by: Option<&Staff>,
    ) -> ServiceResult<Vec<MatterView>> {
        let mut out = Vec::with_capacity(found.len());
        for row in found {
            out.push(self.view(tx, book, row, by).await?);
        }
        Ok(out)
    }

    async fn view(
        &self,
        tx: &mut Tx,
        book: BookId,
        row: MatterRow,
        by: Option<&Staff>,
    ) -> ServiceResult<MatterView> {
        let calendar = Calendar::shipped();
        let state = row.state()?;
        let assignee = match row.assignee {
            Some(user) => Some(name(tx, &Actor::User(user).to_string()).await?),
            None => None,
        };
        let first = match row.first_id {
            Some(id) => rows::one(tx, book, id).await?.map(|first| first.no),
            None => None,
        };
        Ok(MatterView {
            state,
            kind: row.kind()?,
            grade: row.grade()?,
            group: group(tx, row.group_id).await?,
            reporter: reporter(tx, book, &row, by).await?,
            assignee,
            first,
            look_by: state.waits_for_a_look().then(|| look_by(&calendar, row.moved_at)),
            late: is_late(&calendar, state, row.moved_at, self.today()),
            photo: photo::of(tx, book, row.id).await?,
            points: points(tx, book, row.award_id).await?,
            mended: points(tx, book, row.mended_award_id).await?,
            row,
        })
    }
}

/// Whose report it is, for those who decide on it: whoever only sees to it need not know.
async fn reporter(
    tx: &mut Tx,
    book: BookId,
    row: &MatterRow,
    by: Option<&Staff>,
) -> ServiceResult<Option<(HouseholdNo, String)>> {
    let decides = by.is_some_and(|by| by.holds(Role::Clerk) || by.holds(Role::Recorder));
    let here = match by {
        Some(by) if decides => super::in_part(tx, by, row.group_id).await?,
        _ => false,
    };
    if !here {
        return Ok(None);
    }
    let home =
        household::by_id(tx, book, row.household_id).await?.ok_or(ServiceError::NotFound("household"))?;
    Ok(Some((home.no, person::head(tx, book, home.id).await?.unwrap_or_default())))
}

async fn points(tx: &mut Tx, book: BookId, award: Option<AwardId>) -> ServiceResult<Option<Progress>> {
    let Some(id) = award else { return Ok(None) };
    let award = awards::one(tx, book, id).await?.ok_or(ServiceError::NotFound("award"))?;
    Ok(Some(Progress::of(ClaimState::Accepted, "", Some(&course(&award)?))))
}

async fn group(tx: &mut Tx, id: OrgId) -> ServiceResult<String> {
    Ok(org::by_id(tx, id).await?.map(|o| o.name).unwrap_or_default())
}
