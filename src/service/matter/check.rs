//! Whether a report is so: found so, with the award to whoever reported it first; reported before; not so.
//!
//! Reports of the same kind from the same group are decided in the order they came in, so that nobody can be made the
//! first who was not.

use rust_decimal::Decimal;

use super::{Desk, ServiceError, ServiceResult, moved, refuse, rows, unbiased};
use crate::{
    domain::{
        canonical::hex,
        ids::{AwardId, BookId, HouseholdId, MatterId, PersonId},
        lang::Lang,
        matter::{
            DUPLICATE_DAYS, MatterGrade, MatterMove, MatterState, award_grade, award_item, is_recent,
            mended_item, paused_until, repeats,
        },
        rule::{EvidenceKind, Item},
        time::{Day, Timestamp},
    },
    service::{
        Refusal,
        award::{Evidence, NewAward, required},
        caller::Recorder,
        rulesets,
    },
    store::{
        Tx, WriteTx,
        matter::{MatterRow, photo},
        person,
        serial::{self, Series},
    },
    text::T,
};

/// Refusals of the rules that leave a report true and its household without points.
const SPENT: [&str; 7] = [
    "cap_reached",
    "exclusive",
    "household_not_active",
    "item_disabled",
    "not_effective",
    "paused",
    "quota_full",
];
/// No item of the rules is given for a matter.
pub const NO_ITEM: &str = "matter_no_item";

impl Desk {
    /// Finds a report so: it gets its grade, and its household the award that the rules give the first valid reporter,
    /// on its way to review and notice. Where a cap is reached the report is true all the same, and says why it earns
    /// nothing.
    pub async fn accept_matter(
        &self,
        by: &Recorder,
        id: MatterId,
        grade: MatterGrade,
        person: Option<PersonId>,
    ) -> ServiceResult<MatterRow> {
        self.accept(by, id, (grade, person), false).await
    }

    /// The same of something that whoever reported it has mended within their own reach: they earn what the rules give
    /// for that beside.
    pub async fn accept_mended_matter(
        &self,
        by: &Recorder,
        id: MatterId,
        grade: MatterGrade,
        person: Option<PersonId>,
    ) -> ServiceResult<MatterRow> {
        self.accept(by, id, (grade, person), true).await
    }

    async fn accept(
        &self,
        by: &Recorder,
        id: MatterId,
        (grade, person): (MatterGrade, Option<PersonId>),
        mended: bool,
    ) -> ServiceResult<MatterRow> {
        let mut tx = self.db.begin_write().await?;
        // the lock of the series: of two reports decided at once one is first
        serial::take(&mut tx, by.book, Series::Matter, 0).await?;
        let (row, from, to) = moved(&mut tx, by.book, id, MatterMove::Accept).await?;
        unbiased(self, &mut tx, by, &row).await?;
        if let Some(earlier) = earlier_waiting(&mut tx, by, &row).await? {
            return Err(refuse("matter_earlier_waits").with("no", earlier.no).into());
        }
        let row =
            MatterRow { grade: Some(grade.as_str().to_owned()), person_id: person.or(row.person_id), ..row };
        let set = rulesets::in_force(&mut tx, by.book, row.reported_at.day()).await?;
        let earned = match award_item(&set) {
            None => Err(NO_ITEM),
            // heard for the danger, not for points
            Some(_) if pause(&mut tx, by.book, &row).await?.is_some() => Err("paused"),
            Some(item) => self.award_of_matter(&mut tx, by, &row, (item, award_grade(item, grade))).await?,
        };
        // who is not the first, or is paused, earns nothing by mending either
        let mended_award_id = match mended_item(&set).filter(|_| mended && earned.is_ok()) {
            Some(item) => {
                let least = item.grades().first().map(|g| g.code.clone());
                self.award_of_matter(&mut tx, by, &row, (item, least)).await?.ok()
            }
            None => None,
        };
        let unpaid = earned.err().map(str::to_owned);
        let row = MatterRow { award_id: earned.ok(), unpaid, mended, mended_award_id, ..row };
        let row = self.move_matter(&mut tx, by.book, (from, to, "accept"), by.actor(), row).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Finds that a report repeats an earlier one that is so, not longer than thirty days before.
    pub async fn mark_duplicate(&self, by: &Recorder, id: MatterId, first: i64) -> ServiceResult<MatterRow> {
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::Matter, 0).await?;
        let (row, from, to) = moved(&mut tx, by.book, id, MatterMove::Merge).await?;
        unbiased(self, &mut tx, by, &row).await?;
        let first = rows::by_no(&mut tx, by.book, first).await?.ok_or_else(|| refuse("matter_not_first"))?;
        let day = row.reported_at.day();
        let earlier = (first.state()?, first.no, first.reported_at.day());
        if !repeats(earlier, (row.no, day)) {
            let code = if earlier.0.is_first() && !is_recent(earlier.2, day) && first.no < row.no {
                refuse("matter_long_ago").with("days", DUPLICATE_DAYS)
            } else {
                refuse("matter_not_first")
            };
            return Err(code.with("no", first.no).into());
        }
        let row = MatterRow { first_id: Some(first.id), ..row };
        let row = self.move_matter(&mut tx, by.book, (from, to, "merge"), by.actor(), row).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Finds that a report is not so; its household reads why.
    pub async fn refuse_matter(&self, by: &Recorder, id: MatterId, reason: &str) -> ServiceResult<MatterRow> {
        self.refuse_as(by, id, reason, false).await
    }

    /// Finds that a report is not so and was made in bad faith: the second of a household's pauses its reports.
    pub async fn refuse_malicious_matter(
        &self,
        by: &Recorder,
        id: MatterId,
        reason: &str,
    ) -> ServiceResult<MatterRow> {
        self.refuse_as(by, id, reason, true).await
    }

    async fn refuse_as(
        &self,
        by: &Recorder,
        id: MatterId,
        reason: &str,
        malicious: bool,
    ) -> ServiceResult<MatterRow> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = moved(&mut tx, by.book, id, MatterMove::Refuse).await?;
        unbiased(self, &mut tx, by, &row).await?;
        let row = MatterRow { remark: reason.to_owned(), malicious, ..row };
        let row = self.move_matter(&mut tx, by.book, (from, to, "refuse"), by.actor(), row).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// The award of a matter, recorded; or why the rules give none. Nothing of what was reported goes with it: its
    /// papers are the matter's number and the photo's digest.
    async fn award_of_matter(
        &self,
        tx: &mut WriteTx,
        by: &Recorder,
        row: &MatterRow,
        (item, grade): (&Item, Option<String>),
    ) -> ServiceResult<Result<AwardId, &'static str>> {
        let day = row.reported_at.day();
        let name = T(Lang::Zh).matter_no(row.no);
        let mut pieces = Evidence::on_file(item, &name);
        if let Some(photo) = photo::of(tx, by.book, row.id).await?
            && let Some(piece) = pieces.iter_mut().find(|p| p.kind == EvidenceKind::Photo)
        {
            piece.digest = Some(hex(&photo.digest));
        }
        let head = person::head(tx, by.book, row.household_id).await?.unwrap_or_default();
        let new = NewAward {
            household: Some(row.household_id),
            person: row.person_id,
            item: item.code.to_string(),
            quantity: Decimal::ONE,
            grade,
            occurred_on: day,
            event_key: Some(name),
            hours: None,
            evidence: pieces,
            note: String::new(),
            on_behalf: Some(head),
        };
        match self.record_many_inside(tx, by, std::slice::from_ref(&new)).await?.pop() {
            Some(Ok(award)) => Ok(Ok(award.id)),
            Some(Err(refusal)) => spent(refusal).map(Err),
            None => Err(ServiceError::Internal("an award without an answer".to_owned())),
        }
    }
}

/// The last day of the pause into which a report falls, if its household's reports paused on its day.
async fn pause(tx: &mut Tx, book: BookId, row: &MatterRow) -> ServiceResult<Option<Day>> {
    paused(tx, book, row.household_id, row.reported_at).await
}

/// The last day on which a household's reports pause, if they do at `at`.
pub(super) async fn paused(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    at: Timestamp,
) -> ServiceResult<Option<Day>> {
    Ok(paused_until(&rows::malicious(tx, book, household).await?, at))
}

/// The code of a refusal by the rules; any other refusal stays one.
fn spent(refusal: Refusal) -> ServiceResult<&'static str> {
    if SPENT.contains(&refusal.code) { Ok(refusal.code) } else { Err(refusal.into()) }
}

/// An earlier report of the same kind from the same group, within the days of a duplicate, that nobody has decided on.
async fn earlier_waiting(tx: &mut Tx, by: &Recorder, row: &MatterRow) -> ServiceResult<Option<MatterRow>> {
    let before = before(tx, by, row).await?;
    Ok(before.into_iter().rfind(|m| m.state == MatterState::Reported.as_str()))
}

/// Reports of the same kind from the same group in the thirty days before, that were not refused; the latest first.
pub(super) async fn before(tx: &mut Tx, by: &Recorder, row: &MatterRow) -> ServiceResult<Vec<MatterRow>> {
    let since = row.reported_at.day().plus(-DUPLICATE_DAYS).start();
    Ok(rows::before(tx, by.book, row, since).await?)
}
