//! Rule sets tried by example: RS-1 by its stated participation, and small villages worked out by hand.

use super::{
    participation::{self, Amount, Line, Participation, Size, Unusable},
    *,
};
use crate::domain::{
    rule::{Limit, Measure},
    ruleset,
};

pub(super) fn rural() -> RuleSet {
    let [(file, text), _] = ruleset::shipped();
    ruleset::parse(text, file).unwrap()
}

pub(super) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(super) fn line(item: &str, share: i64) -> Line {
    Line {
        item: item.to_owned(),
        grade: None,
        share: Amount(Decimal::from(share)),
        months: Vec::new(),
        times: 1,
        people: 1,
        quantity: Amount(Decimal::ONE),
        together: false,
        who: None,
        turns: false,
    }
}

fn stated() -> Participation {
    participation::parse(participation::shipped().1).unwrap()
}

fn run(set: &RuleSet, money: Option<Money>) -> Outcome {
    let stated = stated();
    let first = day("2026-01-01");
    simulate(set, stated.village.village(), first, &stated.facts(stated.village, first), money)
}

fn points(outcome: &Outcome, code: &str) -> i64 {
    outcome.items.iter().find(|i| i.item.as_str() == code).unwrap().points
}

/// … with the second clean-up day of a month counted as well.
fn with_a5_twice() -> RuleSet {
    let mut set = rural();
    let a5 = set.items.iter_mut().find(|i| i.code.as_str() == "A5").unwrap();
    a5.caps.iter_mut().find(|c| c.limit.measure == Measure::Times).unwrap().limit.max = 2;
    set
}

#[test]
fn rs_1_comes_out_at_its_expected_issue() {
    let out = run(&rural(), None);
    // 1,155 households: 60 % × 2 × 12; 21 of 105 in each of 11 groups × 5 × 12; a quarter × 5 × 12; 150 × 2 h × 2 × 12;
    // 80 % × 5 × 4
    let expected = [("A1", 16_632), ("A2", 13_860), ("A5", 17_280), ("C1", 7_200), ("E1", 18_480)];
    for (code, whole) in expected {
        assert_eq!(points(&out, code), whole * 100, "{code}");
    }
    assert_eq!(out.points, 78_652 * 100, "≈ 78,700");
    assert_eq!(out.fen, 39_326 * 100, "a point is 0.5 yuan");
    assert_eq!(out.of_ceiling_percent(), 98);
    assert_eq!(out.overrun, None);
    // the months of the quarterly review are above 80,000 ÷ 12 × 1.3
    let above: Vec<_> = out.months.iter().filter(|m| m.above_soft).map(|m| m.month.ymd().1).collect();
    assert_eq!((out.soft_ceiling, above), (866_666, vec![3, 6, 9, 12]));
}

#[test]
fn a_second_clean_up_day_breaks_the_ceiling_in_november() {
    let out = run(&with_a5_twice(), None);
    assert_eq!(out.points, (78_652 + 17_280) * 100, "≈ 96,000");
    assert_eq!(out.of_ceiling_percent(), 119);
    let overrun = out.overrun.unwrap();
    assert_eq!((overrun.month, overrun.shortage), (day("2026-11-01"), 15_932 * 100));
    let before = out.months.iter().find(|m| m.month == day("2026-10-01")).unwrap();
    assert!(before.so_far <= out.ceiling);
}

#[test]
fn the_limits_say_what_they_held_back_and_idle_items_are_named() {
    let out = run(&rural(), None);
    let of = |code: &str| out.items.iter().find(|i| i.item.as_str() == code).unwrap().clone();
    // 70 % = 808 pass the check, 693 places
    assert_eq!(of("A1").refused, [("quota_full", (808 - 693) * 12)].into());
    assert_eq!(of("A5").refused, [("cap_reached", 288 * 12)].into());
    assert_eq!(of("F1").honor, -1_100 * 2);
    assert_eq!(of("F9").honor, 1_100 * 2);
    let never: Vec<_> = out.never.iter().map(ItemCode::as_str).collect();
    assert_eq!(never, ["V4", "F2", "F3", "F4", "F5", "F6", "F7", "F8"]);
    assert_eq!(out.facts - out.awards, out.items.iter().flat_map(|i| i.refused.values()).sum::<u32>());
    assert!(out.reached_permille() > 900, "{}", out.reached);
}

#[test]
fn the_money_runs_out_on_the_day_more_is_owed_than_there_is() {
    // two households, a pass of 2 points each on the 15th of every month, 0.5 yuan a point: 2 yuan a month
    let mut set = rural();
    set.items.iter_mut().find(|i| i.code.as_str() == "A1").unwrap().quota = None;
    let size = Size { households: 2, groups: 1, people: 2 };
    let stated = Participation { village: size, lines: vec![line("A1", 100)] };
    let first = day("2026-01-01");
    let money = Money { backing_fen: 1_100, outstanding: 600 };
    let out = simulate(&set, size.village(), first, &stated.facts(size, first), Some(money));
    assert_eq!((out.points, out.fen), (4_800, 2_400));
    let forecast = out.money.unwrap();
    // 3 yuan owed before; 11 − 3 = 8 yuan are four months, the first point of May has no money
    assert_eq!(forecast.runs_out, Some(day("2026-05-15")));
    assert_eq!((forecast.owed_before_fen, forecast.owed_after_fen), (300, 2_700));
    assert_eq!((forecast.coverage_before, forecast.coverage_after), (Some(366), Some(40)));
    let enough = Money { backing_fen: 2_700, outstanding: 600 };
    let out = simulate(&set, size.village(), first, &stated.facts(size, first), Some(enough));
    assert_eq!((out.money.unwrap().runs_out, out.money.unwrap().coverage_after), (None, Some(100)));
}

#[test]
fn facts_out_of_the_year_and_items_the_draft_has_not_do_not_count() {
    let size = Size { households: 10, groups: 1, people: 1 };
    let mut facts = Participation { village: size, lines: vec![line("A1", 10), line("X9", 10)] }
        .facts(size, day("2026-01-01"));
    facts.extend(Participation { village: size, lines: vec![line("A1", 10)] }.facts(size, day("2027-01-01")));
    let out = simulate(&rural(), size.village(), day("2026-01-01"), &facts, None);
    assert_eq!((out.facts, out.points), (12, 2_400));
    assert_eq!(out.unknown, [("X9".to_owned(), 12)].into());
}

#[test]
fn rules_are_tried_for_the_time_asked_even_before_they_apply() {
    let mut set = rural();
    set.programme.effective_from = day("2030-01-01");
    let a1 = set.items.iter_mut().find(|i| i.code.as_str() == "A1").unwrap();
    (a1.effective_from, a1.effective_until) = (Some(day("2030-03-01")), Some(day("2026-06-30")));
    let size = Size { households: 1, groups: 1, people: 1 };
    let stated = Participation { village: size, lines: vec![line("A1", 100)] };
    let out = simulate(&set, size.village(), day("2026-01-01"), &stated.facts(size, day("2026-01-01")), None);
    assert_eq!(out.points, 6 * 200, "to the end of June, when the item ends");
}

#[test]
fn exclusive_items_and_highest_only_hold_in_a_trial_as_in_an_award() {
    let set = rural();
    let fact = |item: &str, grade: Option<&str>, event: &str, on: &str| Fact {
        item: item.to_owned(),
        grade: grade.map(str::to_owned),
        quantity: Decimal::ONE,
        household: 0,
        group: 0,
        person: Some(0),
        event: Some(event.to_owned()),
        day: day(on),
    };
    let facts = [
        fact("A5", None, "spring", "2026-03-07"),
        fact("C1", None, "spring", "2026-03-07"),
        fact("D2", Some("county"), "honour-1", "2026-05-01"),
        fact("D2", Some("village"), "honour-2", "2026-06-01"),
        fact("D2", Some("province"), "honour-3", "2026-07-01"),
    ];
    let out = simulate(
        &set,
        Size { households: 1, groups: 1, people: 1 }.village(),
        day("2026-01-01"),
        &facts,
        None,
    );
    let of = |code: &str| out.items.iter().find(|i| i.item.as_str() == code).unwrap();
    assert_eq!((of("A5").points, of("C1").points), (500, 0));
    assert_eq!(of("C1").refused, [("exclusive", 1)].into());
    // 40, nothing, and the 40 that are missing to 80
    assert_eq!((of("D2").points, of("D2").cut), (8_000, 1));
    assert_eq!(of("D2").refused, [("highest_only", 1)].into());
}

#[test]
fn groups_are_as_equal_as_they_can_be() {
    let village = Size { households: 11, groups: 3, people: 1 }.village();
    assert_eq!(village, Village { households: 11, groups: vec![4, 4, 3] });
}

#[test]
fn a_file_that_cannot_be_used_says_where_and_why() {
    let (_, text) = participation::shipped();
    let bad = text.replacen("times = 2", "times = 2\nbonus = 1", 1);
    let line = bad.lines().position(|l| l == "bonus = 1").unwrap() + 1;
    assert!(matches!(participation::parse(&bad), Err(Unusable::Unreadable { line: l, .. }) if l == line));
    let figures = [
        ("share = 70", "share = 101", Unusable::Figure { item: "A1".to_owned(), field: "share" }),
        ("share = 70", "share = -1", Unusable::Figure { item: "A1".to_owned(), field: "share" }),
        (
            "months = [3, 6, 9, 12]",
            "months = [13]",
            Unusable::Figure { item: "E1".to_owned(), field: "months" },
        ),
        ("times = 2", "times = 32", Unusable::Figure { item: "A5".to_owned(), field: "times" }),
        ("households = 1155", "households = 0", Unusable::Village),
        ("households = 1155", "households = 900000", Unusable::Village),
    ];
    for (old, new, expected) in figures {
        assert_eq!(participation::parse(&text.replacen(old, new, 1)), Err(expected), "{new}");
    }
}

#[test]
fn a_cap_of_points_is_never_passed_in_a_trial() {
    let set = rural();
    let size = Size { households: 3, groups: 1, people: 2 };
    let mut much = line("B1", 100);
    (much.times, much.people) = (31, 2);
    let stated = Participation { village: size, lines: vec![much] };
    let out = simulate(&set, size.village(), day("2026-01-01"), &stated.facts(size, day("2026-01-01")), None);
    // two people, four patrols a month of 10 points each, cut to 60 a household a month and 400 a year
    assert!(out.items.iter().all(|i| i.by_month.iter().all(|p| *p <= 3 * 6_000)));
    assert_eq!(out.points, 3 * 40_000);
    let Limit { max, .. } = set.item("B1").unwrap().caps[0].limit;
    assert_eq!(max, 4);
}
