//! Stars and bars: each step by another person, nothing given before its notice ran out, no bar without hours that are
//! undone and no bar that is not in the register. How many stars show is derived and stored nowhere.

use super::{PAGE_ROWS, Pass, fault, same};
use crate::{
    domain::{
        calendar::Calendar,
        ids::BookId,
        timebank::{
            policy::Policies,
            star_case::{StarState, barred_until, minutes_for},
        },
    },
    store::{
        Tx,
        ledger::read,
        timebank::{
            star::{self, BarRow, StarRow},
            volunteer,
        },
    },
};

const STARS: &str = "time_star";
const BARS: &str = "time_bar";

/// Every application and every bar.
pub(super) async fn check(tx: &mut Tx, book: BookId) -> Pass {
    let mut after = 0;
    loop {
        let page = star::all(tx, book, after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { break };
        after = last.no;
        for row in page {
            application(&row)?;
        }
    }
    after = 0;
    loop {
        let page = star::bars(tx, book, after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.no;
        for row in page {
            bar(tx, book, &row).await?;
        }
    }
}

fn application(row: &StarRow) -> Pass {
    let no = row.no.to_string();
    let policy = Policies::shipped().by_code(&row.policy);
    let table = &policy.ok_or_else(|| fault(None, STARS, &no, "policy", "a policy", &row.policy))?.stars;
    let level = usize::try_from(row.level).unwrap_or(0);
    if minutes_for(table, level).is_none_or(|least| row.minutes < least) {
        return Err(fault(None, STARS, &no, "level", "one the hours carry", row.level));
    }
    let state = row.state()?;
    let (looked, hung) =
        (state != StarState::Applied, !matches!(state, StarState::Applied | StarState::Declined));
    same(None, STARS, &no, "reviewed_by", looked, row.reviewed_by.is_some() && row.reviewed_at.is_some())?;
    same(None, STARS, &no, "due_at", hung || row.objected_at.is_some(), row.due_at.is_some())?;
    let granted = state == StarState::Granted;
    same(None, STARS, &no, "granted_by", granted, row.granted_by.is_some() && row.granted_at.is_some())?;
    if let (Some(reviewed), Some(due)) = (row.reviewed_at, row.due_at) {
        let least = Calendar::shipped().working_days_after(reviewed.day(), table.notice_working_days);
        if due < least.at_time_of(reviewed) {
            return Err(fault(None, STARS, &no, "due_at", least.at_time_of(reviewed), due));
        }
        if row.granted_at.is_some_and(|at| at < due) {
            return Err(fault(None, STARS, &no, "granted_at", "when its notice had run out", due));
        }
    }
    let first = [Some(&row.applied_by), row.reviewed_by.as_ref()];
    for by in first.into_iter().flatten() {
        if row.granted_by.as_ref() == Some(by) {
            return Err(fault(None, STARS, &no, "granted_by", "another person", by));
        }
    }
    Ok(())
}

async fn bar(tx: &mut Tx, book: BookId, row: &BarRow) -> Pass {
    let no = row.no.to_string();
    if read::reversed_by(tx, book, row.seq).await?.is_none() {
        return Err(fault(None, BARS, &no, "seq", "hours that are undone", row.seq));
    }
    same(None, BARS, &no, "signed_by", row.signed.is_some(), row.signed_by.is_some())?;
    if row.signed_by.as_ref() == Some(&row.proposed_by) {
        return Err(fault(None, BARS, &no, "signed_by", "another person", &row.proposed_by));
    }
    if let (Some(1), Some(at)) = (row.signed, row.signed_at) {
        let until = barred_until(at.day(), row.years.into());
        let known = volunteer::one(tx, book, row.person_id).await?.and_then(|known| known.barred_until);
        if known.is_none_or(|known| known < until) {
            let found = known.map_or_else(|| "-".to_owned(), |day| day.to_string());
            return Err(fault(None, "time_volunteer", &no, "barred_until", until, found));
        }
    }
    Ok(())
}
