//! Disputes of the demo year: objections, their acceptance and decision, appeals to the township and its final word.

use rust_decimal::Decimal;

use super::{
    Village,
    deeds::{line, staff, tolerate},
    missing,
};
use crate::{
    domain::{ids::ObjectionId, rule::Unit},
    service::{
        Desk, ServiceResult,
        appeal::Appellant,
        caller::{Clerk, Resident, Reviewer, Township},
        demo::plan::{Objection, ObjectionOutcome},
        objection::{Answer, Finding, Less, Objector},
        refuse,
    },
};

pub(super) async fn object(
    desk: &Desk,
    village: &mut Village<'_>,
    objection: &Objection,
) -> ServiceResult<()> {
    let clerk = village.staff.iter().find_map(Clerk::of).ok_or_else(|| missing("clerk"))?;
    let household = objection.by.and_then(|h| village.households.get(h).copied());
    let by = match household {
        Some(household) if objection.number.is_multiple_of(2) => {
            Objector::Resident(Resident { book: village.book, household })
        }
        Some(household) => Objector::Proxy { clerk, household },
        None => Objector::Passerby { book: village.book },
    };
    let row = match line(village, objection.line) {
        Some(award) => tolerate(desk.object(&by, award, objection.grounds).await)?.map(|row| row.id),
        None => None,
    };
    if village.objections.len() <= objection.number {
        village.objections.resize(objection.number + 1, None);
    }
    if let Some(slot) = village.objections.get_mut(objection.number) {
        *slot = row;
    }
    Ok(())
}

pub(super) async fn decide(
    desk: &Desk,
    village: &Village<'_>,
    objection: usize,
    decided_by: usize,
    outcome: ObjectionOutcome,
) -> ServiceResult<()> {
    let Some(id) = village.objections.get(objection).copied().flatten() else { return Ok(()) };
    let answer = match outcome {
        ObjectionOutcome::Upheld => half(desk, village, id).await?,
        ObjectionOutcome::Dismissed => Answer::Dismiss,
    };
    let clerk = village.staff.iter().find_map(Clerk::of).ok_or_else(|| missing("clerk"))?;
    tolerate(desk.accept_objection(&clerk, id).await)?;
    // whoever recorded or reviewed the line may not decide: the panel has others
    let others = (0..village.staff.len()).filter(|place| *place != decided_by);
    for place in std::iter::once(decided_by).chain(others) {
        let Some(by) = Reviewer::of(staff(village, place)?) else { continue };
        if tolerate(desk.decide_objection(&by, id, answer.clone(), "经入户核实").await)?.is_some() {
            return Ok(());
        }
    }
    Err(refuse("nobody_may_decide").into())
}

/// What was counted too high was counted at twice what it was; everything else was wrong altogether.
async fn half(desk: &Desk, village: &Village<'_>, id: ObjectionId) -> ServiceResult<Answer> {
    let award = desk.objection(village.book, id).await?.award_id;
    let parts = desk.parts_of(village.book, award).await?;
    let counted = matches!(parts.unit, Unit::Hour | Unit::Day | Unit::Mu | Unit::Kilogram);
    let quantity: Option<Decimal> = parts.quantity.parse().ok();
    Ok(match quantity.filter(|many| counted && *many >= Decimal::TWO) {
        Some(many) => Answer::InPart(Less { quantity: Some((many / Decimal::TWO).normalize()), grade: None }),
        None => Answer::Uphold,
    })
}

pub(super) async fn appeal(desk: &Desk, village: &Village<'_>, objection: usize) -> ServiceResult<()> {
    let Some(id) = village.objections.get(objection).copied().flatten() else { return Ok(()) };
    let Some(household) = desk.objection(village.book, id).await?.household_id else { return Ok(()) };
    let by = Appellant::Resident(Resident { book: village.book, household });
    tolerate(desk.appeal(&by, id, "没有问过在场的人").await).map(drop)
}

pub(super) async fn conclude(desk: &Desk, village: &Village<'_>, objection: usize) -> ServiceResult<()> {
    let Some(id) = village.objections.get(objection).copied().flatten() else { return Ok(()) };
    let Some(appeal) = desk.objection_file(village.book, id).await?.appeal else { return Ok(()) };
    let by = village.staff.iter().find_map(Township::of).ok_or_else(|| missing("township"))?;
    tolerate(desk.decide_appeal(&by, appeal.id, Finding::Dismiss, "已问过在场的人，维持").await).map(drop)
}
