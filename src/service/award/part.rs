//! The part that people had in an award so far: for whoever must see to it that nobody has two, and that what is asked
//! about it afterwards is decided by somebody who had none.

use super::amend;
use crate::{
    domain::{
        due_process::{Past, ReviewStep},
        ids::{AwardId, BookId},
        time::Day,
    },
    service::{Actor, ServiceResult, caller::Staff, recusal, refuse},
    store::{
        StoreError, Tx,
        award::{self as rows, AwardRow, ReviewRow},
        claim, inspection, matter, notice, reminder,
        sitting::{self, votes},
    },
};

/// Who recorded, claimed or reported, approved and voted on an award, or on one in whose place it stands, and on whose
/// word it stands there.
pub(in crate::service) async fn past(tx: &mut Tx, book: BookId, row: &AwardRow) -> ServiceResult<Past> {
    let (ids, by) = amend::descent(tx, book, row.id).await?;
    let amended = by.into_iter().map(|row| row.made_by).collect();
    let mut past = Past { recorder: row.recorder.clone(), amended, ..Past::default() };
    for id in ids {
        one(tx, book, id, &mut past).await?;
    }
    Ok(past)
}

async fn one(tx: &mut Tx, book: BookId, id: AwardId, past: &mut Past) -> ServiceResult<()> {
    for review in rows::reviews(tx, book, id).await? {
        if review.verdict == "approve" {
            let step: ReviewStep = review
                .step
                .parse()
                .map_err(|_| StoreError::inconsistent("award_review", "step", &review.step))?;
            past.seen.push((step, review.reviewer));
        }
    }
    for user in votes::on_award(tx, book, id).await? {
        past.seen.push((ReviewStep::Panel, Actor::User(user).to_string()));
    }
    let claimant = match claim::of_award(tx, book, id).await? {
        Some(claim) => Some(claim.claimed_by),
        None => matter::reporter_of_award(tx, book, id).await?,
    };
    past.claimant = past.claimant.take().or(claimant);
    past.inspectors.extend(inspection::of_award(tx, book, id).await?.map_or_else(Vec::new, |on| on.looked()));
    if let Some(reminder) = reminder::of_award(tx, book, id).await? {
        past.inspectors.push(reminder.reminded_by);
        past.inspectors.extend(reminder.checked_by);
    }
    Ok(())
}

/// The reviews that an award rests on, in order: its own, or those of the one in whose place it stands.
pub async fn reviews(tx: &mut Tx, book: BookId, award: AwardId) -> ServiceResult<Vec<ReviewRow>> {
    let (ids, _) = amend::descent(tx, book, award).await?;
    let mut found = Vec::new();
    for id in ids.into_iter().rev() {
        found.extend(rows::reviews(tx, book, id).await?);
    }
    Ok(found)
}

/// Refuses whoever had a part in an award, on the ladder, at a sitting or on its sheet, and whoever must step back from
/// its household now or on the day it happened. What is said against an award is not theirs to decide.
pub(in crate::service) async fn outsider(
    tx: &mut Tx,
    by: &Staff,
    award: &AwardRow,
    today: Day,
) -> ServiceResult<()> {
    let me = by.selves();
    let Past { recorder, claimant, inspectors, seen, amended } = past(tx, by.book, award).await?;
    if me.among(amended.iter()).is_some() {
        return Err(refuse("own_decision").into());
    }
    if me.are(&recorder) || claimant.as_deref().is_some_and(|who| me.are(who)) {
        return Err(refuse("own_record").into());
    }
    if inspectors.iter().any(|who| me.are(who)) {
        return Err(refuse("own_look").into());
    }
    let reviewed = reviews(tx, by.book, award.id).await?.iter().any(|review| me.are(&review.reviewer));
    if reviewed || seen.iter().any(|(_, who)| me.are(who)) {
        return Err(refuse("already_reviewed").into());
    }
    let (ids, _) = amend::descent(tx, by.book, award.id).await?;
    for id in ids {
        if sitting::observed(tx, by.book, id).await?.iter().any(|who| me.are(who)) {
            return Err(refuse("already_reviewed").into());
        }
        let sheet = rows::one(tx, by.book, id).await?.and_then(|award| award.notice_id);
        if let Some(sheet) = sheet
            && let Some(sheet) = notice::one(tx, by.book, sheet).await?
            && (me.are(&sheet.compiled_by) || sheet.published_by.as_deref().is_some_and(|who| me.are(who)))
        {
            return Err(refuse("own_sheet").into());
        }
    }
    for day in [award.occurred_on, today] {
        recusal::check(tx, by, award.household_id, day).await?;
    }
    Ok(())
}
