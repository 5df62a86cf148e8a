//! Which days rules mean, which calendar holds, and what a single day changes.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn rule(kind: RuleKind, days: &str) -> OpeningRule {
    OpeningRule { when: When::parse(kind, days).unwrap(), hours: Hours::parse("8:00", "11:30").unwrap() }
}

fn calendar(rules: &[OpeningRule], refuse_outside: bool) -> OpeningCalendar {
    OpeningCalendar { rules: rules.to_vec(), refuse_outside }
}

/// The days of November 2026 that a rule means.
fn november(kind: RuleKind, days: &str) -> Vec<u8> {
    let rule = rule(kind, days);
    let first = day("2026-11-01");
    (0..30).map(|n| first.plus(n)).filter(|d| rule.matches(*d)).map(|d| d.ymd().2).collect()
}

#[test]
fn each_kind_of_rule_means_its_days() {
    assert_eq!(november(RuleKind::EveryDay, "").len(), 30);
    assert_eq!(november(RuleKind::Weekdays, "3，6"), [4, 7, 11, 14, 18, 21, 25, 28]);
    assert_eq!(november(RuleKind::MonthDays, "1、15、31"), [1, 15]);
    assert_eq!(november(RuleKind::Dates, "2026-11-05 2026-12-05"), [5]);
    // 9 November 2026 is the first of the tenth lunar month
    assert_eq!(november(RuleKind::LunarDays, "1,15"), [9, 23]);
    assert_eq!(november(RuleKind::LunarDays, "10-20"), [28]);
    assert_eq!(november(RuleKind::SolarDigits, "3,8"), [3, 8, 13, 18, 23, 28]);
    assert_eq!(november(RuleKind::LunarDigits, "3,8"), [1, 6, 11, 16, 21, 26]);
    assert_eq!(november(RuleKind::Cycle, "2026-11-03/12"), [3, 15, 27]);
}

#[test]
fn a_day_of_one_lunar_month_is_not_that_of_its_leap_month() {
    let of_month = rule(RuleKind::LunarDays, "6-1");
    assert!(of_month.matches(day("2025-06-25")) && !of_month.matches(day("2025-07-25")));
    assert!(rule(RuleKind::LunarDays, "1").matches(day("2025-07-25")));
    assert!(rule(RuleKind::LunarDays, "12-23").matches(day("2026-02-10")));
}

#[test]
fn what_cannot_be_is_refused_with_what_was_written() {
    for (kind, text) in [
        (RuleKind::Weekdays, "0"),
        (RuleKind::Weekdays, "8"),
        (RuleKind::Weekdays, ""),
        (RuleKind::MonthDays, "32"),
        (RuleKind::Dates, "2026-02-30"),
        (RuleKind::LunarDays, "31"),
        (RuleKind::LunarDays, "13-1"),
        (RuleKind::SolarDigits, "10"),
        (RuleKind::LunarDigits, "x"),
        (RuleKind::Cycle, "2026-11-01/1"),
        (RuleKind::Cycle, "2026-11-01"),
        (RuleKind::Cycle, "5"),
    ] {
        assert_eq!(When::parse(kind, text), Err(InvalidRule::Days(text.to_owned())), "{kind} {text}");
    }
    for (opens, closes) in
        [("8:00", "8:00"), ("9:00", "8:00"), ("8", "9"), ("8:60", "9:00"), ("8:00", "24:01")]
    {
        assert!(Hours::parse(opens, closes).is_err(), "{opens} {closes}");
    }
    assert_eq!("monthly|1|8:00|9:00".parse::<OpeningRule>(), Err(InvalidRule::Kind("monthly".to_owned())));
    assert!("weekdays".parse::<OpeningRule>().is_err());
}

#[test]
fn the_later_calendar_holds_from_its_first_day_and_a_single_day_may_be_otherwise() {
    let weekly = calendar(&[rule(RuleKind::Weekdays, "3")], false);
    let digits = calendar(&[rule(RuleKind::SolarDigits, "3,8"), rule(RuleKind::MonthDays, "28")], true);
    let afternoon = Hours::parse("14:00", "17:00").unwrap();
    let exceptions = [
        (day("2026-11-18"), Some(Exception::Closed("盘点".into()))),
        (day("2026-11-19"), Some(Exception::Open(afternoon, "补开".into()))),
        (day("2026-11-28"), Some(Exception::Closed("大雪".into()))),
        (day("2026-11-28"), None),
    ];
    let all = Openings::new(vec![(day("2026-11-01"), weekly), (day("2026-11-20"), digits)], exceptions);
    assert_eq!(all.on(day("2026-10-31")), Opening::Always);
    assert!(all.on(day("2026-11-11")).is_open() && !all.on(day("2026-11-12")).is_open());
    assert_eq!(all.on(day("2026-11-18")), Opening::Shut { reason: Some("盘点".into()) });
    assert!(all.on(day("2026-11-19")).is_open());
    // the new calendar: Wednesdays no longer, and it refuses
    assert!(!all.on(day("2026-11-25")).is_open() && all.refuses(day("2026-11-25")));
    assert!(!all.refuses(day("2026-11-12")) && !all.refuses(day("2026-11-23")));
    let Opening::Open { hours, rules, .. } = all.on(day("2026-11-28")) else { panic!("as usual after all") };
    assert_eq!((hours.len(), rules.len()), (1, 2));
    assert_eq!(all.next_from(day("2026-11-12")).unwrap().day, day("2026-11-19"));
    assert_eq!(all.next_from(day("2026-11-24")).unwrap().day, day("2026-11-28"));
}

#[test]
fn today_is_the_next_day_until_it_closes() {
    let all = Openings::new(vec![(day("2026-11-01"), calendar(&[rule(RuleKind::Weekdays, "3")], false))], []);
    let at = |text: &str| all.next_at(text.parse().unwrap()).unwrap().day.to_string();
    assert_eq!(at("2026-11-25T07:00:00+08:00"), "2026-11-25");
    assert_eq!(at("2026-11-25T11:29:59+08:00"), "2026-11-25");
    assert_eq!(at("2026-11-25T11:30:00+08:00"), "2026-12-02");
    assert_eq!(
        Openings::default().next_at("2026-11-25T23:00:00+08:00".parse().unwrap()).unwrap().day,
        day("2026-11-25")
    );
}

#[test]
fn a_calendar_whose_days_are_over_has_no_next_day() {
    let past = calendar(&[rule(RuleKind::Dates, "2026-11-05")], false);
    let all = Openings::new(vec![(day("2026-11-01"), past)], []);
    assert_eq!(all.next_from(day("2026-11-06")), None);
}

fn rules() -> impl Strategy<Value = OpeningRule> {
    let set = |low: u8, high: u8| {
        prop::collection::btree_set(low..=high, 1..5)
            .prop_map(|s| s.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
    };
    let date = (20_000..30_000_i32).prop_map(|n| Day::from_number(n).to_string());
    let when = prop_oneof![
        Just((RuleKind::EveryDay, String::new())),
        set(1, 7).prop_map(|s| (RuleKind::Weekdays, s)),
        set(1, 31).prop_map(|s| (RuleKind::MonthDays, s)),
        set(1, 30).prop_map(|s| (RuleKind::LunarDays, format!("{s},12-23"))),
        set(0, 9).prop_map(|s| (RuleKind::SolarDigits, s)),
        set(0, 9).prop_map(|s| (RuleKind::LunarDigits, s)),
        date.clone().prop_map(|d| (RuleKind::Dates, d)),
        (date, 2..=366).prop_map(|(d, n)| (RuleKind::Cycle, format!("{d}/{n}"))),
    ];
    (when, 0..1_439_u16, 1..600_u16).prop_map(|((kind, days), opens, long)| OpeningRule {
        when: When::parse(kind, &days).unwrap(),
        hours: Hours::new(opens, (opens + long).min(1_440)).unwrap(),
    })
}

proptest! {
    /// What is stored is what was meant.
    #[test]
    fn a_rule_reads_back_as_it_was_written(rule in rules()) {
        prop_assert_eq!(rule.to_string().parse::<OpeningRule>(), Ok(rule));
    }

    /// No open day is passed over, and none is named that is not open.
    #[test]
    fn the_next_day_is_the_first_that_is_open(
        all in prop::collection::vec(rules(), 1..4), from in 20_500..30_000_i32, shut in prop::collection::vec(0..60_i32, 0..5),
    ) {
        let from = Day::from_number(from);
        let exceptions = shut.iter().map(|n| (from.plus(*n), Some(Exception::Closed("x".into()))));
        let openings = Openings::new(vec![(Day::from_number(20_000), calendar(&all, true))], exceptions);
        let next = openings.next_from(from);
        let until = next.as_ref().map_or(from.plus(AHEAD_DAYS_MAX + 1), |n| n.day);
        for number in from.number()..until.number() {
            prop_assert!(!openings.on(Day::from_number(number)).is_open());
            prop_assert!(openings.refuses(Day::from_number(number)));
        }
        if let Some(next) = next {
            prop_assert!(next.opening.is_open() && !openings.refuses(next.day));
            prop_assert!(all.iter().any(|rule| rule.matches(next.day)));
        }
    }

    /// A cycle comes back after so many days and not before; digits of the lunar day come at most eleven days apart.
    #[test]
    fn cycles_keep_their_length(first in 20_000..29_000_i32, every in 2..100_i32) {
        let cycle = When::Cycle { first: Day::from_number(first), every };
        let days: Vec<i32> = (first - 10..first + 400).filter(|n| cycle.matches(Day::from_number(*n))).collect();
        prop_assert_eq!(days[0], first);
        prop_assert!(days.windows(2).all(|w| w[1] - w[0] == every));
    }
}
