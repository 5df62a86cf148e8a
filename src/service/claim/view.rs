//! Claims as people look at them: a household its own and how far they are, the clerk what waits.

use super::{CLAIMS_PAGE, Desk, ServiceError, ServiceResult, concerns, hand_in::kin_households, in_scope};
use crate::{
    domain::{
        claim::{ClaimState, Course, Manner, Progress},
        household::HouseholdNo,
        ids::{AwardId, BookId, ClaimId},
        person::Name,
        rule::Label,
    },
    service::{
        award::{amend, explain::name},
        caller::{Resident, Staff},
        rulesets,
    },
    store::{
        StoreError, Tx,
        award::{self as awards, AwardRow},
        claim::{self as rows, ClaimRow},
        evidence::{self, EvidenceRow},
        household, person,
    },
};

/// A claim with what goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimView {
    /// The claim.
    pub row: ClaimRow,
    /// Where it stands.
    pub state: ClaimState,
    /// How it came in.
    pub manner: Manner,
    /// The number of its household.
    pub household_no: HouseholdNo,
    /// The head, name in full.
    pub head: String,
    /// Who did it.
    pub person: Option<String>,
    /// What the item is called.
    pub item: Label,
    /// What its household is told.
    pub progress: Progress,
    /// Who handed it in.
    pub claimant: String,
    /// Who looks into it.
    pub handler: Option<String>,
    /// Photo and voice note.
    pub files: Vec<EvidenceRow>,
}

/// A household that may be helped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helped {
    /// Its number.
    pub no: HouseholdNo,
    /// Its head, masked.
    pub head: String,
}

impl Desk {
    /// What a household claimed, or handed in for others, newest first, numbered below `before`.
    pub async fn own_claims(&self, by: &Resident, before: i64, limit: i64) -> ServiceResult<Vec<ClaimView>> {
        let limit = limit.clamp(1, CLAIMS_PAGE);
        let mut tx = self.db.begin_read().await?;
        let mut found = rows::of_household(&mut tx, by.book, by.household, before, limit).await?;
        let me = by.actor().to_string();
        found.extend(rows::of_claimant(&mut tx, by.book, &me, before, limit).await?);
        found.sort_by_key(|row| std::cmp::Reverse(row.no));
        found.dedup_by_key(|row| row.no);
        found.truncate(usize::try_from(limit).unwrap_or(0));
        views(&mut tx, by.book, found).await
    }

    /// One claim for a household that it concerns.
    pub async fn own_claim(&self, by: &Resident, id: ClaimId) -> ServiceResult<ClaimView> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?;
        let row = row.filter(|row| concerns(row, by)).ok_or(ServiceError::NotFound("claim"))?;
        view(&mut tx, by.book, row).await
    }

    /// The households of kin, for whom a household may hand claims in.
    pub async fn helped_households(&self, by: &Resident) -> ServiceResult<Vec<Helped>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for id in kin_households(&mut tx, by, self.today()).await? {
            let Some(home) = household::by_id(&mut tx, by.book, id).await? else { continue };
            let head = person::head(&mut tx, by.book, id).await?.unwrap_or_default();
            let head = Name::parse(&head).map(|name| name.masked()).unwrap_or_default();
            out.push(Helped { no: home.no, head });
        }
        Ok(out)
    }

    /// The members of a household, for itself.
    pub async fn own_members(&self, by: &Resident) -> ServiceResult<Vec<person::Member>> {
        let mut tx = self.db.begin_read().await?;
        Ok(person::members(&mut tx, by.book, by.household, self.today()).await?)
    }

    /// Claims in one state, oldest first, numbered above `after`; in one's part of the village.
    pub async fn claims_in(
        &self,
        by: &Staff,
        state: ClaimState,
        after: i64,
        limit: i64,
    ) -> ServiceResult<Vec<ClaimView>> {
        let mut tx = self.db.begin_read().await?;
        let found = rows::in_state(&mut tx, by.book, state, after, limit.clamp(1, CLAIMS_PAGE)).await?;
        let mut own = Vec::with_capacity(found.len());
        for row in found {
            if theirs(&mut tx, by, &row).await? {
                own.push(row);
            }
        }
        views(&mut tx, by.book, own).await
    }

    /// One claim for staff, in their part of the village.
    pub async fn claim_file(&self, by: &Staff, id: ClaimId) -> ServiceResult<ClaimView> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("claim"))?;
        if !theirs(&mut tx, by, &row).await? {
            return Err(ServiceError::NotFound("claim"));
        }
        view(&mut tx, by.book, row).await
    }

    /// The claim an award was recorded from.
    pub async fn claim_of_award(&self, book: BookId, award: AwardId) -> ServiceResult<Option<ClaimView>> {
        let mut tx = self.db.begin_read().await?;
        match rows::of_award(&mut tx, book, award).await? {
            Some(row) => Ok(Some(view(&mut tx, book, row).await?)),
            None => Ok(None),
        }
    }

    /// How many claims wait: received, and being looked into.
    pub async fn claims_waiting(&self, book: BookId) -> ServiceResult<(i64, i64)> {
        let mut tx = self.db.begin_read().await?;
        let counts = rows::counts(&mut tx, book).await?;
        let of = |state: ClaimState| counts.iter().find(|(s, _)| s == state.as_str()).map_or(0, |(_, n)| *n);
        Ok((of(ClaimState::Received), of(ClaimState::Checking)))
    }
}

async fn theirs(tx: &mut Tx, by: &Staff, row: &ClaimRow) -> ServiceResult<bool> {
    if by.scope.is_none() {
        return Ok(true);
    }
    match household::by_id(tx, by.book, row.household_id).await? {
        Some(home) => in_scope(tx, by, &home).await,
        None => Ok(false),
    }
}

async fn views(tx: &mut Tx, book: BookId, found: Vec<ClaimRow>) -> ServiceResult<Vec<ClaimView>> {
    let mut out = Vec::with_capacity(found.len());
    for row in found {
        out.push(view(tx, book, row).await?);
    }
    Ok(out)
}

async fn view(tx: &mut Tx, book: BookId, row: ClaimRow) -> ServiceResult<ClaimView> {
    let home = household::by_id(tx, book, row.household_id).await?;
    let home = home.ok_or(ServiceError::NotFound("household"))?;
    let head = person::head(tx, book, home.id).await?.unwrap_or_default();
    let set = rulesets::in_force(tx, book, row.occurred_on).await?;
    let item = set
        .item(&row.item)
        .map_or_else(|| Label { zh: row.item.clone(), en: row.item.clone() }, |item| item.name.clone());
    let award = match row.award_id {
        Some(id) => awards::one(tx, book, id).await?,
        None => None,
    };
    // where an objection changed it, its household is told of what stands now
    let award = match award {
        Some(award) => Some(amend::standing(tx, book, award).await?),
        None => None,
    };
    let course = award.as_ref().map(course).transpose()?;
    let state = row.state()?;
    let reason = row.reason.clone().unwrap_or_default();
    let handler = match &row.handler {
        Some(actor) => Some(name(tx, actor).await?),
        None => None,
    };
    let person = match row.person_id {
        Some(id) => person::by_id(tx, book, id).await?.map(|p| p.name),
        None => None,
    };
    let manner = row.manner.parse().map_err(|_| StoreError::inconsistent("claim", "manner", &row.manner))?;
    Ok(ClaimView {
        progress: Progress::of(state, &reason, course.as_ref()),
        files: evidence::of_claim(tx, book, row.id).await?,
        claimant: name(tx, &row.claimed_by).await?,
        household_no: home.no,
        state,
        manner,
        head,
        person,
        item,
        handler,
        row,
    })
}

pub(in crate::service) fn course(award: &AwardRow) -> ServiceResult<Course> {
    Ok(Course {
        state: award.state()?,
        step: award.step,
        clock: award.clock(),
        points: award.points,
        honor: award.honor,
        reason: award.reason.clone().unwrap_or_default(),
    })
}
