//! The part that people had in an award so far: for whoever must see to it that nobody has two, and that what is asked
//! about it afterwards is decided by somebody who had none.

use crate::{
    domain::{
        due_process::{Past, ReviewStep},
        ids::BookId,
        time::Day,
    },
    service::{Actor, ServiceResult, caller::Staff, recusal, refuse},
    store::{
        StoreError, Tx,
        award::{self as rows, AwardRow},
        claim, inspection, matter, notice, reminder,
        sitting::{self, votes},
    },
};

/// Who recorded, claimed or reported, approved and voted on an award.
pub(in crate::service) async fn past(tx: &mut Tx, book: BookId, row: &AwardRow) -> ServiceResult<Past> {
    let mut seen = Vec::new();
    for review in rows::reviews(tx, book, row.id).await? {
        if review.verdict == "approve" {
            let step: ReviewStep = review
                .step
                .parse()
                .map_err(|_| StoreError::inconsistent("award_review", "step", &review.step))?;
            seen.push((step, review.reviewer));
        }
    }
    for user in votes::on_award(tx, book, row.id).await? {
        seen.push((ReviewStep::Panel, Actor::User(user).to_string()));
    }
    let claimant = match claim::of_award(tx, book, row.id).await? {
        Some(claim) => Some(claim.claimed_by),
        None => matter::reporter_of_award(tx, book, row.id).await?,
    };
    let mut inspectors =
        inspection::of_award(tx, book, row.id).await?.map_or_else(Vec::new, |on| on.looked());
    if let Some(reminder) = reminder::of_award(tx, book, row.id).await? {
        inspectors.push(reminder.reminded_by);
        inspectors.extend(reminder.checked_by);
    }
    Ok(Past { recorder: row.recorder.clone(), claimant, inspectors, seen })
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
    let Past { recorder, claimant, inspectors, seen } = past(tx, by.book, award).await?;
    if me.are(&recorder) || claimant.as_deref().is_some_and(|who| me.are(who)) {
        return Err(refuse("own_record").into());
    }
    if inspectors.iter().any(|who| me.are(who)) {
        return Err(refuse("own_look").into());
    }
    let reviewed = rows::reviews(tx, by.book, award.id).await?.iter().any(|review| me.are(&review.reviewer));
    if reviewed
        || seen.iter().any(|(_, who)| me.are(who))
        || sitting::observed(tx, by.book, award.id).await?.iter().any(|who| me.are(who))
    {
        return Err(refuse("already_reviewed").into());
    }
    if let Some(sheet) = award.notice_id
        && let Some(sheet) = notice::one(tx, by.book, sheet).await?
        && (me.are(&sheet.compiled_by) || sheet.published_by.as_deref().is_some_and(|who| me.are(who)))
    {
        return Err(refuse("own_sheet").into());
    }
    for day in [award.occurred_on, today] {
        recusal::check(tx, by, award.household_id, day).await?;
    }
    Ok(())
}
