//! One deed of the demo year: recorded, reviewed, noticed, undone.

use std::collections::HashSet;

use super::{Village, disputes, missing, reminded, shop};
use crate::{
    domain::{due_process::AwardState, ids::AwardId, rule::Direction, ruleset::RuleSet},
    service::{
        Desk, ServiceError, ServiceResult,
        award::{Evidence, NewAward, RecordOutcome, review::Verdict},
        caller::{Clerk, Recorder, Reviewer, Staff},
        demo::plan::{Batch, Deed, LineRef, Reversal, Sheet},
        notice::NewNotice,
    },
};

/// Rounds of leaving out refused lines before a batch is given up.
const ROUNDS_MAX: usize = 8;

/// Performs one deed.
pub(super) async fn perform(desk: &Desk, village: &mut Village<'_>, deed: &Deed) -> ServiceResult<()> {
    match deed {
        Deed::FundGranted { fund, cny_fen, points } => {
            shop::grant(desk, village, *fund, *cny_fen, *points).await
        }
        Deed::HonorBase { .. } => desk.give_honor_bases(village.book).await.map(drop),
        Deed::GoodsReceived { counter, fund, lines, witness } => {
            shop::receive(desk, village, *counter, *fund, lines, *witness).await
        }
        Deed::Recorded(batch) => record(desk, village, batch).await,
        Deed::Reviewed { batch, reviewers, refused } => {
            review(desk, village, *batch, reviewers, refused).await
        }
        Deed::NoticeCompiled { notice, sheet, compiled_by, .. } => {
            compile(desk, village, *notice, *sheet, *compiled_by).await
        }
        Deed::NoticePublished { notice, checked_by } => publish(desk, village, *notice, *checked_by).await,
        Deed::Objected(objection) => disputes::object(desk, village, objection).await,
        Deed::ObjectionDecided { objection, decided_by, outcome } => {
            disputes::decide(desk, village, *objection, *decided_by, *outcome).await
        }
        Deed::Appealed { objection } => disputes::appeal(desk, village, *objection).await,
        Deed::AppealConcluded { objection } => disputes::conclude(desk, village, *objection).await,
        Deed::Redeemed(redemption) => shop::redeem(desk, village, redemption).await,
        Deed::Reversed(reversal) => reverse(desk, village, reversal).await,
    }
}

async fn record(desk: &Desk, village: &mut Village<'_>, batch: &Batch) -> ServiceResult<()> {
    let by = Recorder::of(staff(village, batch.recorder)?).ok_or_else(|| missing("recorder"))?;
    let set = desk.ruleset_for(village.book, batch.occurred_on).await?;
    if set.item(batch.item).is_some_and(|i| i.direction == Direction::Deduct) {
        reminded::before(desk, village, &by, batch).await?;
    }
    let mut waiting: Vec<(usize, NewAward)> = Vec::with_capacity(batch.lines.len());
    for (place, line) in batch.lines.iter().enumerate() {
        let award = NewAward {
            household: village.households.get(line.household).copied(),
            person: line.person.and_then(|p| village.people.get(p).copied()),
            item: batch.item.to_owned(),
            quantity: line.quantity,
            grade: line.grade.map(str::to_owned),
            occurred_on: batch.occurred_on,
            event_key: None,
            hours: None,
            evidence: evidence(&set, batch),
            note: batch.occasion.clone(),
            on_behalf: None,
        };
        waiting.push((place, award));
    }
    let mut awards = vec![None; batch.lines.len()];
    for round in 0..ROUNDS_MAX {
        if waiting.is_empty() {
            break;
        }
        let lines: Vec<NewAward> = waiting.iter().map(|(_, award)| award.clone()).collect();
        let key = format!("demo:batch:{}:{round}", batch.number);
        match desk.record_awards(&by, &lines, &key).await? {
            RecordOutcome::Recorded(recorded) => {
                village.tally.awards += recorded.awards.len();
                for ((place, _), row) in waiting.iter().zip(&recorded.awards) {
                    if let Some(slot) = awards.get_mut(*place) {
                        *slot = Some(row.id);
                    }
                }
                break;
            }
            // a clerk strikes the lines that the rules refuse and saves again
            RecordOutcome::Refused(refused) => {
                village.tally.refused_lines += refused.len();
                for line in &refused {
                    village.tally.count(&line.refusal);
                }
                let struck: HashSet<usize> = refused.iter().map(|r| r.line).collect();
                let mut place = 0;
                waiting.retain(|_| {
                    place += 1;
                    !struck.contains(&(place - 1))
                });
            }
        }
    }
    if village.awards.len() <= batch.number {
        village.awards.resize(batch.number + 1, Vec::new());
    }
    if let Some(slot) = village.awards.get_mut(batch.number) {
        *slot = awards;
    }
    Ok(())
}

fn evidence(set: &RuleSet, batch: &Batch) -> Vec<Evidence> {
    set.item(batch.item).map_or_else(Vec::new, |item| Evidence::on_file(item, &batch.evidence))
}

async fn review(
    desk: &Desk,
    village: &Village<'_>,
    batch: usize,
    reviewers: &[usize],
    refused: &[usize],
) -> ServiceResult<()> {
    let awards = village.awards.get(batch).map_or(&[][..], Vec::as_slice);
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (place, award) in awards.iter().enumerate() {
        if let Some(award) = award {
            if refused.contains(&place) { bad.push(*award) } else { good.push(*award) }
        }
    }
    let township = village.plan.staff.iter().position(|s| s.login == "town");
    for (turn, place) in reviewers.iter().copied().chain(township).enumerate() {
        let by = Reviewer::of(staff(village, place)?).ok_or_else(|| missing("reviewer"))?;
        if turn == 0 && !bad.is_empty() {
            desk.review_awards(&by, &bad, Verdict::Reject, "与签到表不符").await?;
        }
        good = still_waiting(desk, &by, &good).await?;
        if good.is_empty() {
            break;
        }
    }
    Ok(())
}

/// Approves what this reviewer may, and returns what the route still wants somebody else for.
async fn still_waiting(desk: &Desk, by: &Reviewer, awards: &[AwardId]) -> ServiceResult<Vec<AwardId>> {
    if awards.is_empty() {
        return Ok(Vec::new());
    }
    let reviewed = desk.review_awards(by, awards, Verdict::Approve, "").await?;
    Ok(reviewed.into_iter().filter(|r| !matches!(r.result, Ok(AwardState::Approved))).map(|r| r.id).collect())
}

async fn compile(
    desk: &Desk,
    village: &mut Village<'_>,
    notice: usize,
    sheet: Sheet,
    compiled_by: usize,
) -> ServiceResult<()> {
    let by = Clerk::of(staff(village, compiled_by)?).ok_or_else(|| missing("clerk"))?;
    let (year, month, _) = desk.today().ymd();
    let title = match sheet {
        Sheet::Ordinary => format!("{year}年{month}月积分公示"),
        Sheet::Major => format!("{year}年{month}月重点加分公示"),
        Sheet::Deductions => format!("{year}年{month}月评比分告知"),
    };
    let fund = village.plan.funds.first().ok_or_else(|| missing("fund"))?.code.to_owned();
    let row = match desk.compile_notice(&by, &NewNotice { title, group: None, fund, days: None }).await {
        Ok(row) => Some(row.id),
        // what was approved stands on the month's other sheet already
        Err(ServiceError::Refused(r)) if r.code == "nothing_to_compile" => None,
        Err(error) => return Err(error),
    };
    if village.notices.len() <= notice {
        village.notices.resize(notice + 1, None);
    }
    if let Some(slot) = village.notices.get_mut(notice) {
        *slot = row;
    }
    Ok(())
}

async fn publish(desk: &Desk, village: &Village<'_>, notice: usize, checked_by: usize) -> ServiceResult<()> {
    let Some(id) = village.notices.get(notice).copied().flatten() else { return Ok(()) };
    let by = Reviewer::of(staff(village, checked_by)?).ok_or_else(|| missing("reviewer"))?;
    desk.publish_notice(&by, id).await.map(drop)
}

async fn reverse(desk: &Desk, village: &Village<'_>, reversal: &Reversal) -> ServiceResult<()> {
    let Some(award) = line(village, reversal.line) else { return Ok(()) };
    let Some(seq) = desk.award_file(village.book, award).await?.award.txn_seq else { return Ok(()) };
    let clerk = Clerk::of(staff(village, reversal.requested_by)?).ok_or_else(|| missing("clerk"))?;
    let reviewer = Reviewer::of(staff(village, reversal.approved_by)?).ok_or_else(|| missing("reviewer"))?;
    let Some(request) = tolerate(desk.request_reversal(&clerk, seq, reversal.reason).await)? else {
        return Ok(());
    };
    tolerate(desk.approve_reversal(&reviewer, request.id, "情况属实").await).map(drop)
}

/// Somebody of the roster, with what they may do on the book.
pub(super) fn staff<'v>(village: &'v Village<'_>, place: usize) -> ServiceResult<&'v Staff> {
    village.staff.get(place).ok_or_else(|| missing("member of staff"))
}

pub(super) fn line(village: &Village<'_>, line: LineRef) -> Option<AwardId> {
    village.awards.get(line.batch)?.get(line.line).copied().flatten()
}

/// A refusal by the rules is part of life: nothing happened then.
pub(super) fn tolerate<T>(result: ServiceResult<T>) -> ServiceResult<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(ServiceError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
