//! Tests of matters: every move and every forbidden one, days over a festival, the edge of the thirty days, the items.

use super::*;
use crate::domain::ruleset;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn exactly_eleven_moves_are_possible() {
    use {MatterMove as M, MatterState as S};
    let allowed = [
        (S::Reported, M::Accept, S::Accepted),
        (S::Reported, M::Merge, S::Duplicate),
        (S::Reported, M::Refuse, S::Invalid),
        (S::Reported, M::Withdraw, S::Withdrawn),
        (S::Accepted, M::Assign, S::Assigned),
        (S::Assigned, M::Assign, S::Assigned),
        (S::Assigned, M::Finish, S::Done),
        (S::Done, M::SendBack, S::Assigned),
        (S::Verified, M::SendBack, S::Assigned),
        (S::Done, M::Verify, S::Verified),
        (S::Verified, M::Close, S::Closed),
    ];
    for from in S::ALL {
        for step in M::ALL {
            let expected = allowed.iter().find(|(f, s, _)| (f, s) == (from, &step)).map(|(.., to)| *to);
            assert_eq!(from.after(step).ok(), expected, "{from} {step:?}");
        }
    }
}

#[test]
fn nothing_is_closed_that_was_not_found_so_given_to_somebody_done_and_looked_at() {
    // every way of at most seven moves that ends closed has gone through all of them
    let mut ways = vec![(MatterState::Reported, Vec::new())];
    let mut closed = 0;
    for _ in 0..7 {
        let mut next = Vec::new();
        for (state, way) in &ways {
            for step in MatterMove::ALL {
                if let Ok(to) = state.after(step) {
                    let mut way: Vec<MatterMove> = way.clone();
                    way.push(step);
                    next.push((to, way));
                }
            }
        }
        ways = next;
        for (_, way) in ways.iter().filter(|(state, _)| *state == MatterState::Closed) {
            closed += 1;
            for step in [MatterMove::Accept, MatterMove::Assign, MatterMove::Finish, MatterMove::Verify] {
                assert!(way.contains(&step), "{way:?}");
            }
        }
    }
    assert!(closed > 0);
}

#[test]
fn five_working_days_pass_over_the_festival() {
    let calendar = Calendar::shipped();
    let reported = at("2026-09-24T09:00:00+08:00");
    let by = look_by(&calendar, reported);
    let between: Vec<Day> = (1..30).map(|n| reported.day().plus(n)).take_while(|d| *d <= by).collect();
    assert_eq!(between.iter().filter(|d| calendar.is_working_day(**d)).count(), 5);
    // 25–27 September and 1–7 October are holidays: five working days take more than a week
    assert!(by.number() - reported.day().number() > 7, "{by}");
    for state in MatterState::ALL {
        assert!(!is_late(&calendar, *state, reported, by), "{state}");
        let waits = matches!(state, MatterState::Reported | MatterState::Done);
        assert_eq!(is_late(&calendar, *state, reported, by.plus(1)), waits, "{state}");
    }
}

#[test]
fn what_is_late_by_its_own_day_is_what_came_before_the_day_computed_for_all() {
    let calendar = Calendar::shipped();
    for n in 0..400 {
        let today = day("2026-01-01").plus(n);
        let before = late_before(&calendar, today);
        for back in 0..30 {
            let since = today.plus(-back).start();
            let late = is_late(&calendar, MatterState::Reported, since, today);
            assert_eq!(since.day() < before, late, "{today} {back}");
        }
    }
}

#[test]
fn a_duplicate_comes_after_a_report_that_is_so_within_thirty_days() {
    let (first, later) = (day("2026-06-03"), |n: i32| day("2026-06-03").plus(n));
    let again = |state, no, day| repeats((state, 7, first), (no, day));
    assert!(again(MatterState::Accepted, 8, first), "on the same day, too");
    assert!(again(MatterState::Closed, 8, later(30)));
    assert!(!again(MatterState::Closed, 8, later(31)));
    assert!(!again(MatterState::Accepted, 7, first), "not of itself");
    assert!(!again(MatterState::Accepted, 6, first), "nor of what came later");
    for no in [MatterState::Reported, MatterState::Duplicate, MatterState::Invalid, MatterState::Withdrawn] {
        assert!(!again(no, 8, later(1)), "{no}");
    }
}

#[test]
fn every_second_report_in_bad_faith_pauses_for_ninety_days_from_that_instant() {
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    let (one, two) = (at("2026-06-03T09:00:00+08:00"), at("2026-06-10T15:00:00+08:00"));
    let until = Some(day("2026-09-08"));
    assert_eq!(paused_until(&[one], two.plus_days(1)), None);
    assert_eq!(paused_until(&[one, two], two), None, "what came at the same time had come");
    assert_eq!(paused_until(&[one, two], two.plus_seconds(1)), until);
    assert_eq!(paused_until(&[one, two], one.plus_days(1)), None, "nothing reaches back");
    assert_eq!(paused_until(&[one, two], at("2026-09-08T23:59:59+08:00")), until);
    assert_eq!(paused_until(&[one, two], at("2026-09-09T00:00:00+08:00")), None);
    let third = at("2026-10-01T09:00:00+08:00");
    assert_eq!(paused_until(&[one, two, third], third.plus_days(1)), None, "one more is one");
    let fourth = third.plus_days(1);
    assert_eq!(paused_until(&[one, two, third, fourth], fourth.plus_days(1)), Some(day("2026-12-31")));
    assert!(is_heard_in_pause(MatterKind::Danger));
    assert!(MatterKind::ALL.iter().filter(|kind| is_heard_in_pause(**kind)).count() == 1);
}

#[test]
fn both_shipped_rule_sets_name_the_item_of_a_matter_and_their_sheets_tell_nothing_of_it() {
    let item = |place: usize| {
        let set = ruleset::parse(ruleset::shipped()[place].1, "shipped").unwrap();
        let item = award_item(&set).unwrap().clone();
        assert!(item.hide_facts, "{}", item.code);
        assert_eq!(set.category(&item.category).unwrap().zh, "平安建设");
        item
    };
    let (rural, urban) = (item(0), item(1));
    assert_eq!((rural.code.as_str(), urban.code.as_str()), ("B2", "U12"));
    for (grade, earns) in MatterGrade::ALL.iter().zip(["minor", "minor", "major", "major"]) {
        assert_eq!(award_grade(&rural, *grade).as_deref(), Some(earns), "{grade}");
        assert_eq!(award_grade(&urban, *grade), None);
    }
}
