//! An award that stands again (改分重公示): with less, where an objection was right in part, or whole, where the
//! township found that it should not have fallen. A sheet that hung is never changed: what stands again is an award of
//! its own, computed anew by the same rule version, and hangs on a sheet of its own. What people had seen of the first
//! they have seen of this one; whoever changed it publishes none of it.

use rust_decimal::Decimal;

use super::{
    Desk, Happened, Refusal, ServiceError, ServiceResult, StoredInputs, hours, record, refuse, usage,
};
use crate::{
    domain::{
        amount::points,
        award::{self, Claim, Inputs},
        due_process::{AwardState, ReviewStep},
        ids::{AppealId, AwardId, BookId, ObjectionId},
        objection::{Answer, Less},
        rule::{Label, Unit},
        time::Timestamp,
    },
    service::{caller::Staff, rulesets},
    store::{
        StoreError, Tx, WriteTx,
        amendment::{self, AmendmentRow},
        award::{
            self as rows, AwardRow,
            moves::{self, Place},
        },
        serial::{self, Series},
    },
};

/// What an award that stands again rests on.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct Ground<'a> {
    /// Whose word it is.
    pub(in crate::service) by: &'a Staff,
    /// The objection that was answered.
    pub(in crate::service) objection: ObjectionId,
    /// The appeal, where it is the township's word.
    pub(in crate::service) appeal: Option<AppealId>,
    /// It goes on no sheet up to this instant.
    pub(in crate::service) waits_until: Option<Timestamp>,
    /// In words.
    pub(in crate::service) words: &'a str,
}

/// The answer that a form or a call names: `uphold`, `in_part` with a smaller quantity or another grade, `dismiss`.
/// Nothing for any other word.
pub fn answer(finding: &str, quantity: &str, grade: &str) -> Result<Option<Answer>, Refusal> {
    Ok(Some(match finding {
        "uphold" => Answer::Uphold,
        "dismiss" => Answer::Dismiss,
        "in_part" => {
            let quantity: Option<Decimal> = match quantity.trim() {
                "" => None,
                text => {
                    let read = text.parse();
                    Some(read.map_err(|_| refuse("quantity_out_of_range").with("field", "quantity"))?)
                }
            };
            let grade = Some(grade.trim()).filter(|code| !code.is_empty()).map(str::to_owned);
            Answer::InPart(Less { quantity, grade })
        }
        _ => return Ok(None),
    }))
}

/// What there can be less of in an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// How much it was; empty for what is paid by the occurrence.
    pub quantity: String,
    /// What that counts.
    pub unit: Unit,
    /// The grades to choose from, by code; none where there is no choice.
    pub grades: Vec<(String, Label)>,
}

impl Desk {
    /// What there can be less of in an award, for the form of whoever answers an objection.
    pub async fn parts_of(&self, book: BookId, id: AwardId) -> ServiceResult<Parts> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("award"))?;
        let set = rulesets::of_hash(&mut tx, &row.ruleset).await?;
        let item = set.item(&row.item).ok_or(ServiceError::NotFound("item"))?;
        let grade = row.grade.as_deref().and_then(|code| item.grade(code));
        let choice = if item.grades().len() > 1 { item.grades() } else { &[] };
        Ok(Parts {
            quantity: if item.asks_quantity() { row.quantity } else { String::new() },
            unit: grade.map_or(item.unit, |grade| grade.unit),
            grades: choice.iter().map(|grade| (grade.code.clone(), grade.label.clone())).collect(),
        })
    }

    /// The award stands again with less of the same: refused when what the answer names is not less.
    pub(in crate::service) async fn stand_with_less(
        &self,
        tx: &mut WriteTx,
        old: &AwardRow,
        less: &Less,
        ground: Ground<'_>,
    ) -> ServiceResult<AwardRow> {
        let StoredInputs { inputs, .. } = stored(old)?;
        let inputs = Inputs {
            quantity: less.quantity.unwrap_or(inputs.quantity),
            grade: less.grade.clone().or(inputs.grade),
        };
        let row = self.stand_again(tx, (old, old), inputs, ground).await?;
        let amounts = |row: &AwardRow| [row.points, row.honor, row.minutes];
        let pairs = amounts(&row).into_iter().zip(amounts(old));
        let within = pairs
            .clone()
            .all(|(now, was)| if was < 0 { was <= now && now <= 0 } else { 0 <= now && now <= was });
        let some = amounts(&row).iter().any(|now| *now != 0);
        if !within || !some || amounts(&row) == amounts(old) {
            let (given, honor) = (points(old.points), points(old.honor));
            return Err(refuse("amendment_beyond").with("points", given).with("honor", honor).into());
        }
        Ok(row)
    }

    /// The award stands again as `origin` was handed in, in the place of `last`, which fell.
    pub(in crate::service) async fn stand_whole(
        &self,
        tx: &mut WriteTx,
        (origin, last): (&AwardRow, &AwardRow),
        ground: Ground<'_>,
    ) -> ServiceResult<AwardRow> {
        let inputs = stored(origin)?.inputs;
        self.stand_again(tx, (origin, last), inputs, ground).await
    }

    async fn stand_again(
        &self,
        tx: &mut WriteTx,
        (origin, last): (&AwardRow, &AwardRow),
        inputs: Inputs,
        ground: Ground<'_>,
    ) -> ServiceResult<AwardRow> {
        let book = ground.by.book;
        // the lock of the award series: what is counted below stays true until the commit
        let no = serial::take(tx, book, Series::Award, 1).await?;
        let (award, stored) = computed(tx, book, origin, inputs).await?;
        let row = AwardRow {
            id: self.id(),
            no,
            quantity: record::written(stored.inputs.quantity),
            grade: stored.inputs.grade.clone(),
            batch_id: None,
            points: award.points,
            honor: award.honor,
            minutes: award.minutes,
            route: record::route(origin.late, award.route).as_str().to_owned(),
            inputs: record::json(&stored)?,
            explanation: record::json(&award.explanation)?,
            state: AwardState::Approved.as_str().to_owned(),
            step: ReviewStep::THROUGH,
            notice_id: None,
            notice_line: None,
            closes_at: None,
            remaining: None,
            txn_seq: None,
            reason: None,
            honor_moved: None,
            ..origin.clone()
        };
        let said = hours::again(tx, book, origin).await?;
        hours::add(tx, book, &row, said).await?;
        let (from, to) = (AwardState::Recorded, AwardState::Approved);
        let through = Place { state: to, step: ReviewStep::THROUGH };
        moves::reviewed(tx, book, row.id, Place { state: from, step: 0 }, through, None).await?;
        let amendment = AmendmentRow {
            award_id: row.id,
            replaces: last.id,
            objection_id: ground.objection,
            appeal_id: ground.appeal,
            made_at: self.now(),
            made_by: ground.by.actor().to_string(),
            waits_until: ground.waits_until,
        };
        amendment::add(tx, book, &amendment).await?;
        let (actor, reason) = (ground.by.actor(), ground.words);
        let what = Happened { verb: "amend", from: None, to, actor, on_behalf: None, reason };
        self.note_award(tx, book, row.id, what).await?;
        Ok(row)
    }
}

/// What the first was computed from.
fn stored(row: &AwardRow) -> ServiceResult<StoredInputs> {
    Ok(serde_json::from_str(&row.inputs)
        .map_err(|e| StoreError::inconsistent("award", "inputs", e.to_string()))?)
}

/// The award by its own rule version, with what has been used since: what it stands in the place of has fallen, and
/// counts no more.
async fn computed(
    tx: &mut Tx,
    book: BookId,
    origin: &AwardRow,
    inputs: Inputs,
) -> ServiceResult<(award::Award, StoredInputs)> {
    let set = rulesets::of_hash(tx, &origin.ruleset).await?;
    let item = set.item(&origin.item).ok_or(ServiceError::NotFound("item"))?;
    let StoredInputs { subject, context, .. } = stored(origin)?;
    let questions = award::questions(&set, item, subject, origin.occurred_on);
    let asker = usage::Asker {
        book,
        household: origin.household_id,
        group: origin.group_id,
        person: origin.person_id,
        event_key: origin.event_key.as_deref(),
        occurred_on: origin.occurred_on,
        without: None,
    };
    let answers = usage::answers(tx, asker, &questions).await?;
    let claim = Claim { set: &set, item, subject, inputs: &inputs, occurred_on: origin.occurred_on };
    let award = award::compute(&claim, &answers, context).map_err(Refusal::from)?;
    Ok((award, StoredInputs { inputs, subject, answers, context }))
}

/// The award that stands now where `row` stood: itself, or the last of those that stand in its place.
pub(in crate::service) async fn standing(
    tx: &mut Tx,
    book: BookId,
    row: AwardRow,
) -> ServiceResult<AwardRow> {
    let mut last = row;
    while let Some(next) = amendment::of_replaced(tx, book, last.id).await? {
        last = rows::one(tx, book, next.award_id).await?.ok_or(ServiceError::NotFound("award"))?;
    }
    Ok(last)
}

/// An award and those in whose place it stands, newest first, each with what it stands by.
pub(in crate::service) async fn descent(
    tx: &mut Tx,
    book: BookId,
    award: AwardId,
) -> ServiceResult<(Vec<AwardId>, Vec<AmendmentRow>)> {
    let (mut ids, mut by) = (vec![award], Vec::new());
    let mut last = award;
    while let Some(row) = amendment::of(tx, book, last).await? {
        last = row.replaces;
        ids.push(last);
        by.push(row);
    }
    Ok((ids, by))
}
