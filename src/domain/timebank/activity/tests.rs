//! What an activity may become, what its lines count, whom its sample draws, and what staying away leads to.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::timebank::policy::{DEFAULT, Policies, Policy};

fn policy() -> Policy {
    Policies::shipped().by_code(DEFAULT).unwrap().clone()
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_micros(minute * MICROS_PER_MINUTE)
}

fn span(from: i64, until: i64) -> Interval {
    Interval::new(at(from), at(until)).unwrap()
}

fn listed(pairs: &[Interval]) -> Listed<'_> {
    Listed { withdrew: false, placed: true, minor: false, guardian: false, seen: None, pairs }
}

#[test]
fn an_activity_is_signed_only_after_somebody_approved_it_and_its_list_was_closed() {
    use ActivityMove as M;
    use ActivityState as S;
    for state in S::ALL {
        for step in M::ALL {
            let to = state.after(*step).ok();
            let expected = match (state, step) {
                (S::Draft, M::Approve) => Some(S::Open),
                (S::Draft, M::Decline) => Some(S::Declined),
                (S::Draft | S::Open, M::Cancel) => Some(S::Cancelled),
                (S::Open, M::Close) => Some(S::Closed),
                (S::Closed, M::Sign) => Some(S::Signed),
                (S::Closed, M::Refuse) => Some(S::Refused),
                _ => None,
            };
            assert_eq!(to, expected, "{state} {step}");
        }
    }
}

#[test]
fn an_activity_begins_later_and_lasts_a_year_at_most() {
    let year = DAYS_MAX * 24 * 60;
    let plan = |from, until, places, age| plan((at(from), at(until)), places, age, at(100));
    assert_eq!(plan(101, 200, 12, 0), Ok(()));
    assert_eq!(plan(101, 101 + year, 12, 0), Ok(()));
    assert_eq!(plan(101, 102 + year, 12, 0), Err(PlanFault::Length));
    assert_eq!(plan(100, 200, 12, 0), Err(PlanFault::Past));
    assert_eq!(plan(200, 200, 12, 0), Err(PlanFault::Length));
    assert_eq!(plan(101, 200, 0, 0), Err(PlanFault::Places));
    assert_eq!(plan(101, 200, PLACES_MAX + 1, 0), Err(PlanFault::Places));
    assert_eq!(plan(101, 200, 1, 101), Err(PlanFault::Age));
}

#[test]
fn a_line_counts_in_quarters_a_day_or_says_why_it_does_not() {
    let counting = policy().counting;
    let line = |of: &Listed<'_>| line(&counting, of);
    let day = 24 * 60;
    // 50 minutes count 45; the same on another day count again; 29 minutes count nothing
    assert_eq!(line(&listed(&[span(0, 50)])), (Outcome::Counts, 45));
    assert_eq!(line(&listed(&[span(0, 50), span(day, day + 50)])), (Outcome::Counts, 90));
    assert_eq!(line(&listed(&[span(0, 29), span(day, day + 29)])), (Outcome::TooShort, 0));
    assert_eq!(line(&listed(&[span(0, 20), span(30, 40)])), (Outcome::Counts, 30), "together on one day");
    assert_eq!(line(&listed(&[])), (Outcome::Absent, 0));
    let two = [span(0, 120)];
    let minor = Listed { minor: true, ..listed(&two) };
    assert_eq!(line(&minor), (Outcome::Unaccompanied, 0));
    assert_eq!(line(&Listed { guardian: true, ..minor }), (Outcome::Counts, 120));
    assert_eq!(line(&Listed { seen: Some(false), ..listed(&two) }), (Outcome::NotSeen, 0));
    assert_eq!(line(&Listed { seen: Some(true), ..listed(&two) }), (Outcome::Counts, 120));
    assert_eq!(line(&Listed { placed: false, ..listed(&[]) }), (Outcome::Waited, 0));
    assert_eq!(line(&Listed { withdrew: true, ..listed(&[]) }), (Outcome::Withdrew, 0));
}

#[test]
fn three_absences_in_a_year_close_the_lists_for_thirty_days() {
    let rule = policy().gathering;
    let on = |day: i64| at(day * 24 * 60);
    let closed = |noted: &[i64], today: i64| {
        let noted: Vec<Timestamp> = noted.iter().map(|day| on(*day)).collect();
        closed_until(&rule, &noted, on(today).day())
    };
    assert_eq!(closed(&[10, 20], 21), None);
    assert_eq!(closed(&[10, 20, 30], 30), Some(on(60).day()));
    assert_eq!(closed(&[10, 20, 30], 60), Some(on(60).day()));
    assert_eq!(closed(&[10, 20, 30], 61), None);
    assert_eq!(closed(&[10, 20, 375], 376), None, "the first was more than a year before the third");
    assert_eq!(closed(&[10, 20, 374], 376), Some(on(404).day()));
    assert_eq!(closed(&[10, 20, 30, 50], 70), Some(on(80).day()), "a fourth one counts anew");
}

proptest! {
    #[test]
    fn a_list_never_counts_more_than_the_time_somebody_was_there(
        lengths in prop::collection::vec((1..300_i64, 0..2_000_i64), 0..8),
    ) {
        let counting = policy().counting;
        let (mut pairs, mut minute, mut there) = (Vec::new(), 0, 0);
        for (long, pause) in lengths {
            pairs.push(span(minute, minute + long));
            minute += long + pause;
            there += long;
        }
        let (outcome, minutes) = line(&counting, &listed(&pairs));
        prop_assert!(minutes <= there && minutes % counting.quarter == 0);
        prop_assert_eq!(minutes > 0, outcome == Outcome::Counts);
        let days = by_day(&counting, &pairs);
        prop_assert_eq!(days.values().sum::<i64>(), minutes);
    }

    #[test]
    fn a_sample_is_a_twentieth_and_five_at_least_and_follows_from_the_log_alone(
        mut ids in prop::collection::btree_set(any::<u128>(), 0..300)
            .prop_map(|set| set.into_iter().map(|n| PersonId(Uuid::from_u128(n))).collect::<Vec<_>>()),
        leaf in any::<[u8; 32]>(), which in any::<u128>(), turn in 0..300_usize,
    ) {
        let rule = policy().gathering;
        let seed = seed(&leaf, TimeActivityId(Uuid::from_u128(which)));
        let drawn = draw(&rule, &seed, &ids);
        prop_assert_eq!(drawn.len(), ids.len().div_ceil(20).max(5).min(ids.len()));
        prop_assert!(drawn.iter().all(|id| ids.contains(id)));
        let at = turn % ids.len().max(1);
        ids.rotate_left(at);
        prop_assert_eq!(draw(&rule, &seed, &ids), drawn);
    }
}
