//! Figures by hand, and what holds of any.

use proptest::prelude::*;

use super::*;

fn count(recorder: &str, lines: i64, points: i64, most: i64) -> RecorderCount {
    RecorderCount { recorder: recorder.to_owned(), lines, points, homes: lines, most }
}

fn pair(recorder: &str, reviewer: &str, decided: i64, approved: i64) -> PairCount {
    PairCount { recorder: recorder.to_owned(), reviewer: reviewer.to_owned(), decided, approved }
}

fn share(part: i64, whole: i64) -> Share {
    Share { part, whole }
}

#[test]
fn a_tenth_of_the_people_with_a_tenth_of_the_points_is_nothing_to_look_at() {
    let even = CadreShare { people: share(100, 1_000), points: share(5_000, 50_000) };
    assert_eq!((even.times(), even.stands_out()), (Some(100), false));
    let at = CadreShare { points: share(7_500, 50_000), ..even };
    assert_eq!(
        (at.times(), at.stands_out()),
        (Some(150), false),
        "one and a half times is not more than that"
    );
    let over = CadreShare { points: share(7_550, 50_000), ..even };
    assert_eq!((over.times(), over.stands_out()), (Some(151), true));
    let none = CadreShare::default();
    assert_eq!((none.times(), none.stands_out()), (None, false));
}

#[test]
fn one_household_with_much_of_a_recorders_points_stands_out_from_twenty_lines_on() {
    let few = recorders(vec![count("a", 19, 19_000, 9_000), count("b", 30, 30_000, 1_000)]);
    assert!(!few[0].concentrated() && !few[1].concentrated());
    let many = recorders(vec![count("a", 20, 20_000, 4_100), count("b", 20, 20_000, 4_000)]);
    assert!(many[0].concentrated() && !many[1].concentrated(), "a fifth is not more than a fifth");
    assert_eq!(many[0].lines, share(20, 40));
}

#[test]
fn a_recorder_is_compared_with_the_others_and_never_with_nobody() {
    let two = recorders(vec![count("a", 20, 42_000, 2_000), count("b", 20, 20_000, 1_000)]);
    assert_eq!((two[0].mean, two[0].others), (2_100, Some(1_000)));
    assert!(two[0].generous() && !two[1].generous());
    let alone = recorders(vec![count("a", 20, 42_000, 2_000)]);
    assert_eq!((alone[0].others, alone[0].generous()), (None, false));
}

#[test]
fn two_who_always_approve_each_other_are_found_from_both_sides() {
    let found = pairs(vec![pair("a", "b", 10, 10), pair("a", "c", 40, 39), pair("b", "a", 12, 12)]);
    let marked: Vec<_> = found.iter().map(|p| (p.each_other, p.always_each_other)).collect();
    assert_eq!(marked, [(true, true), (false, false), (true, true)]);
    for [there, back] in [[(10, 9), (12, 12)], [(9, 9), (12, 12)]] {
        let found = pairs(vec![pair("a", "b", there.0, there.1), pair("b", "a", back.0, back.1)]);
        assert!(found.iter().all(|p| !p.always_each_other), "{there:?}");
    }
}

#[test]
fn a_reviewer_who_sees_nearly_all_of_a_recorder_and_never_says_no_stands_out() {
    let found = pairs(vec![pair("a", "b", 80, 80), pair("a", "c", 20, 20)]);
    assert!(found[0].always_the_same() && !found[1].always_the_same());
    let one_no = pairs(vec![pair("a", "b", 80, 79)]);
    assert!(!one_no[0].always_the_same());
    let few = pairs(vec![pair("a", "b", 19, 19)]);
    assert!(!few[0].always_the_same());
}

#[test]
fn an_even_month_has_a_tenth_of_its_lines_in_its_last_three_days() {
    let (first, next): (Day, Day) = ("2026-06-01".parse().unwrap(), "2026-07-01".parse().unwrap());
    let day = |n: i64, lines: i64| DayCount {
        day: i64::from(first.number()) + n,
        lines,
        points: 0,
        cadre_points: 0,
    };
    let even: Vec<_> = (-3..33).map(|n| day(n, 2)).collect();
    let even = MonthEnd::of(&even, first, next);
    assert_eq!((even.lines, even.times(), even.stands_out()), (share(6, 60), Some(100), false));
    let rush: Vec<_> = (0..30).map(|n| day(n, if n < 27 { 1 } else { 5 })).collect();
    let rush = MonthEnd::of(&rush, first, next);
    assert_eq!((rush.lines, rush.times(), rush.stands_out()), (share(15, 42), Some(357), true));
    assert_eq!(MonthEnd::of(&[], first, next).times(), None);
}

#[test]
fn what_is_counted_once_is_not_measured_and_halves_are_not_round() {
    let of = |quantity: &str, lines| QuantityCount { quantity: quantity.to_owned(), lines };
    let found = round_numbers(&[of("1", 100), of("5", 6), of("10", 3), of("2.5", 4), of("7", 7), of("0", 1)]);
    assert_eq!((found, too_round(found)), (share(9, 21), true));
    assert!(!too_round(share(8, 20)) && !too_round(share(19, 19)));
}

proptest! {
    #[test]
    fn shares_of_recorders_add_up_and_none_is_over_the_whole(
        rows in proptest::collection::vec((1..200_i64, 0..100_000_i64, 0..=100_i64), 1..12)
    ) {
        let counts: Vec<_> = rows
            .iter()
            .enumerate()
            .map(|(n, (lines, points, most))| count(&n.to_string(), *lines, *points, points * most / 100))
            .collect();
        let all: i64 = counts.iter().map(|c| c.lines).sum();
        let found = recorders(counts.clone());
        prop_assert_eq!(found.iter().map(|f| f.lines.part).sum::<i64>(), all);
        for (figure, count) in found.iter().zip(&counts) {
            prop_assert_eq!(&figure.count, count, "in the order they came in: nobody is ranked");
            prop_assert!(figure.one.per_mille().is_none_or(|share| (0..=1_000).contains(&share)));
            prop_assert!(figure.mean * count.lines <= count.points);
        }
    }

    #[test]
    fn approving_each_other_is_mutual(
        rows in proptest::collection::btree_map((0..4_u8, 0..4_u8), (0..30_i64, 0..2_i64), 0..16)
    ) {
        let counts: Vec<_> = rows
            .iter()
            .filter(|((a, b), _)| a != b)
            .map(|((a, b), (decided, refused))| {
                pair(&a.to_string(), &b.to_string(), *decided, (decided - refused).max(0))
            })
            .collect();
        let found = pairs(counts);
        for p in &found {
            let back = found.iter().find(|o| o.count.recorder == p.count.reviewer && o.count.reviewer == p.count.recorder);
            prop_assert_eq!(p.each_other, back.is_some());
            prop_assert_eq!(p.always_each_other, back.is_some_and(|b| b.always_each_other));
        }
    }
}
