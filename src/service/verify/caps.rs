//! Every award computed again from its rule version, inputs and answers, the caps of its rules counted again over
//! all awards that stand, and nothing put on record in a pause. Holds no postings.

use std::{collections::HashMap, sync::Arc};

use super::{PAGE_ROWS, Pass, Tally, fault};
use crate::{
    domain::{
        award::check_pauses,
        due_process::AwardState,
        ids::{BookId, HouseholdId},
        rule::{Cap, Direction, Measure, UsageScope},
        ruleset::RuleSet,
        time::Day,
    },
    service::{
        award::{
            pauses::{HouseholdPause, pause},
            replay,
        },
        rulesets,
    },
    store::{
        Tx,
        award::{AwardRow, pauses},
        verify,
    },
};

/// What one cap was counted over: the rule set, the item, which of its caps, whose, in which period.
type Counted = (String, String, usize, String, String);

/// Replays every award by number.
pub(super) async fn check(tx: &mut Tx, book: BookId, tally: &mut Tally) -> Pass {
    let mut counted: HashMap<Counted, i64> = HashMap::new();
    let paused = sanctions(tx, book).await?;
    let mut after = 0;
    loop {
        let page = verify::awards_by_no(tx, book, after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.no;
        for award in page {
            let no = award.no.to_string();
            if let Some(difference) = replay::replay(tx, &award).await? {
                let (computed, stored) = (difference.computed, difference.stored);
                return Err(fault(award.txn_seq, "award", &no, difference.field, computed, stored));
            }
            let stands = !matches!(award.state()?, AwardState::Rejected | AwardState::Reversed);
            if stands {
                let set = rulesets::of_hash(tx, &award.ruleset).await?;
                caps(&mut counted, &set, &award)?;
                not_paused(&paused, &set, &award)?;
            }
            tally.awards += 1;
        }
    }
}

/// The posted sanctions, by household.
async fn sanctions(tx: &mut Tx, book: BookId) -> Pass<HashMap<HouseholdId, Vec<HouseholdPause>>> {
    let mut out: HashMap<HouseholdId, Vec<HouseholdPause>> = HashMap::new();
    let mut after = 0;
    loop {
        let page = pauses::all(tx, book, after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { return Ok(out) };
        after = last.no;
        for row in &page {
            if let Some(found) = pause(tx, row).await? {
                out.entry(found.household).or_default().push(found);
            }
        }
    }
}

/// Nothing that stands was put on record in a pause.
fn not_paused(paused: &HashMap<HouseholdId, Vec<HouseholdPause>>, set: &RuleSet, award: &AwardRow) -> Pass {
    let Some(item) = set.item(&award.item) else { return Ok(()) };
    // what was on record before the sanction was posted takes its course
    let own = paused.get(&award.household_id).into_iter().flatten();
    let own = own.filter(|p| p.holds(award.person_id) && p.pause.since < award.recorded_at);
    let own: Vec<_> = own.map(|p| p.pause.clone()).collect();
    match check_pauses(item, award.occurred_on, award.recorded_at.day(), &own) {
        Ok(()) => Ok(()),
        Err(refusal) => {
            let expected = format!("nothing until {}", refusal.facts.get("until").map_or("", String::as_str));
            let no = award.no.to_string();
            Err(fault(award.txn_seq, "award", &no, "recorded_at", expected, award.recorded_at))
        }
    }
}

fn caps(counted: &mut HashMap<Counted, i64>, set: &Arc<RuleSet>, award: &AwardRow) -> Pass {
    let Some(item) = set.item(&award.item) else { return Ok(()) };
    for (index, cap) in item.caps.iter().enumerate() {
        let amount = match cap.limit.measure {
            Measure::Times => 1,
            Measure::Points => award.points,
            Measure::Honor => award.honor,
            Measure::Minutes => award.minutes,
            // distinct others: not a sum
            Measure::People | Measure::Households => continue,
        };
        let Some(period) = period(cap, award) else { continue };
        let whose = match cap.scope {
            UsageScope::Person => match award.person_id {
                Some(id) => id.to_string(),
                None => continue,
            },
            UsageScope::Household => award.household_id.to_string(),
            UsageScope::Group => award.group_id.to_string(),
            UsageScope::Village => String::new(),
        };
        let key = (award.ruleset.clone(), award.item.clone(), index, whose, period);
        let sum = counted.entry(key).or_default();
        *sum += amount;
        if sum.abs() > cap.limit.max {
            let no = award.no.to_string();
            let field = if item.direction == Direction::Deduct { "honor" } else { "points" };
            return Err(fault(
                award.txn_seq,
                "award",
                &no,
                field,
                format!("≤ {} in all", cap.limit.max),
                *sum,
            ));
        }
    }
    Ok(())
}

/// The period an award counts in; nothing for an event without a key.
fn period(cap: &Cap, award: &AwardRow) -> Option<String> {
    use crate::domain::rule::CapPeriod;
    if cap.period == CapPeriod::Event {
        return award.event_key.clone();
    }
    let (from, _) = cap.period.around(award.occurred_on);
    Some(from.as_ref().map(Day::to_string).unwrap_or_default())
}
