//! Looking into a claim: begun, turned into an award with the claim as its evidence, or refused with a reason.

use rust_decimal::Decimal;

use super::{Actor, Desk, ServiceError, ServiceResult, in_scope, moved, refuse};
use crate::{
    domain::{
        canonical::hex,
        claim::{ClaimMove, ClaimState},
        ids::{ClaimId, PersonId},
        lang::Lang,
        rule::EvidenceKind,
        time::Day,
    },
    service::{
        award::{Evidence, NewAward, required},
        caller::Recorder,
        recusal, rulesets,
    },
    store::{
        StoreError, WriteTx,
        award::{self as awards, AwardRow},
        claim::{self as rows, ClaimRow},
        evidence, household, person,
    },
    text::T,
};

/// What was found out: the award as it is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Who did it, where the item counts by person.
    pub person: Option<PersonId>,
    /// Which grade.
    pub grade: Option<String>,
    /// How much.
    pub quantity: Decimal,
    /// The day it happened.
    pub occurred_on: Day,
    /// Acts of one event share it.
    pub event_key: Option<String>,
    /// A remark.
    pub note: String,
}

impl Desk {
    /// Begins to look into a claim: its household sees that somebody does.
    pub async fn check_claim(&self, by: &Recorder, id: ClaimId) -> ServiceResult<ClaimState> {
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = moved(&mut tx, by.book, id, ClaimMove::Check).await?;
        self.may_handle(&mut tx, by, &row).await?;
        self.advance(&mut tx, by, row, (from, to, "check"), None).await?;
        tx.commit().await?;
        Ok(to)
    }

    /// Refuses a claim, with the reason its household reads.
    pub async fn refuse_claim(&self, by: &Recorder, id: ClaimId, reason: &str) -> ServiceResult<ClaimState> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = moved(&mut tx, by.book, id, ClaimMove::Refuse).await?;
        self.may_handle(&mut tx, by, &row).await?;
        let row = ClaimRow { reason: Some(reason.to_owned()), ..row };
        self.advance(&mut tx, by, row, (from, to, "refuse"), None).await?;
        tx.commit().await?;
        Ok(to)
    }

    /// Turns a claim into an award, recorded by whoever looked into it; somebody else reviews it. The same again by the
    /// same person answers with the same award.
    pub async fn accept_claim(&self, by: &Recorder, id: ClaimId, found: &Found) -> ServiceResult<AwardRow> {
        let mut tx = self.db.begin_write().await?;
        let known = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("claim"))?;
        if let Some(award) = known.award_id.filter(|_| known.handler == Some(by.actor().to_string())) {
            return awards::one(&mut tx, by.book, award).await?.ok_or(ServiceError::NotFound("award"));
        }
        let (row, from, to) = moved(&mut tx, by.book, id, ClaimMove::Accept).await?;
        self.may_handle(&mut tx, by, &row).await?;
        let new = self.award_of(&mut tx, by, &row, found).await?;
        let award = self.record_inside(&mut tx, by, &new, row.claimed_at.day()).await?;
        let row = ClaimRow { award_id: Some(award.id), ..row };
        self.advance(&mut tx, by, row, (from, to, "accept"), None).await?;
        tx.commit().await?;
        Ok(award)
    }

    /// Erases what a claim says and shows, with the reason: digests stay, and so does the award.
    pub async fn erase_claim_papers(&self, by: &Recorder, id: ClaimId, reason: &str) -> ServiceResult<()> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("claim"))?;
        let state = row.state()?;
        self.may_handle(&mut tx, by, &row).await?;
        self.erase_files(&mut tx, by.book, id).await?;
        rows::erase_words(&mut tx, by.book, id).await?;
        self.note_claim(&mut tx, by.book, id, ("erase", Some(state), state), by.actor(), reason).await?;
        Ok(tx.commit().await?)
    }

    /// In one's part of the village, and not for one's own household or kin.
    async fn may_handle(&self, tx: &mut WriteTx, by: &Recorder, row: &ClaimRow) -> ServiceResult<()> {
        let home = household::by_id(tx, by.book, row.household_id).await?;
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        if !in_scope(tx, by, &home).await? {
            return Err(refuse("outside_scope").with("household", &home.no).into());
        }
        recusal::check(tx, by, row.household_id, self.today()).await
    }

    async fn advance(
        &self,
        tx: &mut WriteTx,
        by: &Recorder,
        row: ClaimRow,
        (from, to, verb): (ClaimState, ClaimState, &str),
        reason: Option<&str>,
    ) -> ServiceResult<()> {
        let me: Actor = by.actor();
        let row = ClaimRow {
            state: to.as_str().to_owned(),
            handler: Some(me.to_string()),
            handled_at: Some(self.now()),
            ..row
        };
        rows::advance(tx, by.book, from, &row).await.map_err(|error| match error {
            StoreError::RowsAffected { .. } => refuse("claim_moved_on").with("state", from).into(),
            other => ServiceError::from(other),
        })?;
        let reason = reason.or(row.reason.as_deref()).unwrap_or_default().to_owned();
        self.note_claim(tx, by.book, row.id, (verb, Some(from), to), me, &reason).await
    }

    /// The award that a claim becomes: its papers are the claim, and the photo's digest if it came with one.
    async fn award_of(
        &self,
        tx: &mut WriteTx,
        by: &Recorder,
        row: &ClaimRow,
        found: &Found,
    ) -> ServiceResult<NewAward> {
        let set = rulesets::in_force(tx, by.book, found.occurred_on).await?;
        let item = set.item(&row.item).ok_or_else(|| refuse("unknown_item").with("item", &row.item))?;
        let mut pieces = Evidence::on_file(item, &T(Lang::Zh).claim_no(row.no));
        let files = evidence::of_claim(tx, by.book, row.id).await?;
        if let Some(photo) = files.iter().find(|f| f.kind == "photo") {
            let place = pieces.iter().position(|p| p.kind == EvidenceKind::Photo).unwrap_or(0);
            if let Some(piece) = pieces.get_mut(place) {
                piece.digest = Some(hex(&photo.digest));
            }
        }
        let head = person::head(tx, by.book, row.household_id).await?.unwrap_or_default();
        Ok(NewAward {
            household: Some(row.household_id),
            person: found.person,
            item: row.item.clone(),
            quantity: found.quantity,
            grade: found.grade.clone(),
            occurred_on: found.occurred_on,
            event_key: found.event_key.clone(),
            hours: None,
            evidence: pieces,
            note: found.note.clone(),
            on_behalf: Some(head),
        })
    }
}
