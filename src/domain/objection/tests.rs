//! The course of an objection and the line under it, step by step and in any order.

use proptest::prelude::*;

use super::*;

const STEPS: [Step; 6] = [
    Step::Accept,
    Step::Decide(Finding::Uphold),
    Step::Decide(Finding::Dismiss),
    Step::Appeal,
    Step::Conclude(Finding::Uphold),
    Step::Conclude(Finding::Dismiss),
];

fn courses() -> Vec<Course> {
    let mut all = vec![Course::Raised, Course::Accepted];
    for village in Finding::ALL {
        all.extend([Course::Decided(village), Course::Appealed(village)]);
        all.extend(Finding::ALL.map(|township| Course::Concluded { village, township }));
    }
    all
}

#[test]
fn exactly_nine_steps_are_possible_and_none_after_the_final_word() {
    let possible = |from: &Course| STEPS.iter().filter(|step| from.after(**step).is_ok()).count();
    let all = courses();
    assert_eq!(all.len(), 10);
    assert_eq!(all.iter().map(possible).sum::<usize>(), 9);
    assert!(all.iter().filter(|c| matches!(c, Course::Concluded { .. })).all(|c| possible(c) == 0));
}

#[test]
fn every_waiting_course_has_its_day_and_who_lets_it_pass_is_late() {
    let since: Timestamp = "2026-06-03T18:00:00+08:00".parse().unwrap();
    for (course, days) in
        [(Course::Raised, 3), (Course::Accepted, 10), (Course::Appealed(Finding::Dismiss), 15)]
    {
        assert!(!course.is_late(since, since.plus_days(days)));
        assert!(course.is_late(since, since.plus_days(days).plus_seconds(1)));
        assert!(!course.may_appeal(since, since));
    }
    let decided = Course::Decided(Finding::Dismiss);
    assert!(!decided.is_late(since, since.plus_days(99)), "the last day to appeal makes nobody late");
    assert!(decided.may_appeal(since, since.plus_days(5)));
    assert!(!decided.may_appeal(since, since.plus_days(5).plus_seconds(1)));
    let ended = Course::Concluded { village: Finding::Dismiss, township: Finding::Dismiss };
    assert_eq!(ended.due(since), None);
}

/// What may happen to a line, in any order.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Object,
    Appeal,
    Settle(bool),
    Post,
    Wait(i64),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        Just(Deed::Object),
        Just(Deed::Appeal),
        any::<bool>().prop_map(Deed::Settle),
        Just(Deed::Post),
        (0..90_i64).prop_map(Deed::Wait),
    ]
}

#[test]
fn what_stands_again_and_hangs_nowhere_waits_for_the_township_and_falls_by_its_word() {
    let now: Timestamp = "2026-06-03T18:00:00+08:00".parse().unwrap();
    let calendar = crate::domain::calendar::Calendar::shipped();
    let pace = Pace { mode: crate::domain::ruleset::NoticeMode::Calendar, calendar: &calendar };
    let line = DisputedLine { state: AwardState::Approved, clock: None, open: 0 };
    assert_eq!(line.object(now, pace), Err(LineError::NotInNotice), "nobody objects to what does not hang");
    let asked = line.appeal(now, pace).unwrap();
    assert_eq!(asked, DisputedLine { open: 1, ..line });
    assert_eq!(asked.settle(false, now, pace), line);
    assert_eq!(asked.settle(true, now, pace), DisputedLine { state: AwardState::Rejected, ..line });
}

proptest! {
    /// Whatever happens in whatever order: a line is posted at most once, never while anything about it is open,
    /// never after an objection stood, never before it hung undisputed for all its hours.
    #[test]
    fn no_sequence_posts_a_line_twice_or_a_disputed_one_before_its_decision(
        hours in 1..240_i64, deeds in prop::collection::vec(deed(), 0..60)
    ) {
        let start: Timestamp = "2026-06-03T18:00:00+08:00".parse().unwrap();
        let calendar = crate::domain::calendar::Calendar::shipped();
        let pace = Pace { mode: crate::domain::ruleset::NoticeMode::Calendar, calendar: &calendar };
        let mut now = start;
        let until = start.plus_seconds(hours * 3_600);
        let clock = Some(LineClock::Runs(until));
        let mut line = DisputedLine { state: AwardState::InNotice, clock, open: 0 };
        // kept beside it in the plainest way
        let (mut open, mut hung, mut posted, mut fallen) = (0_usize, 0_i64, 0, false);
        for deed in deeds {
            match deed {
                Deed::Wait(wait) => {
                    if open == 0 && posted == 0 && !fallen {
                        hung += wait;
                    }
                    now = now.plus_seconds(wait * 3_600);
                }
                Deed::Object | Deed::Appeal => {
                    let next = if matches!(deed, Deed::Object) { line.object(now, pace) } else { line.appeal(now, pace) };
                    if matches!(deed, Deed::Object) {
                        prop_assert_eq!(next.is_ok(), !fallen && posted == 0 && (open > 0 || hung < hours));
                    } else {
                        prop_assert_eq!(next.is_ok(), !fallen);
                    }
                    if let Ok(next) = next {
                        line = next;
                        open += 1;
                    }
                }
                // only what is open is settled
                Deed::Settle(_) if open == 0 => {}
                Deed::Settle(stands) => {
                    line = line.settle(stands, now, pace);
                    if stands && posted == 0 {
                        (open, fallen) = (0, true);
                    } else {
                        open -= 1;
                    }
                }
                Deed::Post => {
                    let may = open == 0 && !fallen && posted == 0 && hung >= hours;
                    let next = line.post(now);
                    prop_assert_eq!(next.is_ok(), may);
                    if let Ok(next) = next {
                        line = next;
                        posted += 1;
                    }
                }
            }
            prop_assert!(posted <= 1);
            prop_assert_eq!(line.open, open);
            prop_assert_eq!(line.state == AwardState::Objected, open > 0 && posted == 0);
        }
    }
}
