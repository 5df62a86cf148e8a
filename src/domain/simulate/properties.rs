//! Properties of trials over random participation: sums agree, and a tighter cap never issues more.

use proptest::prelude::*;

use super::{
    participation::{Line, Participation, Size},
    tests::{day, line, rural},
    *,
};

const FIRST: &str = "2026-01-01";

/// Items paid by the occurrence, with and without quotas and caps.
const ITEMS: [&str; 9] = ["A1", "A2", "A5", "B1", "B3", "C6", "D3", "E1", "E2"];

fn any_line() -> impl Strategy<Value = Line> {
    let months = prop::collection::vec(1..=12_u8, 0..4);
    (prop::sample::select(&ITEMS[..]), 1..=100_i64, months, 1..=5_u32, 1..=3_u32, any::<(bool, bool)>())
        .prop_map(|(item, share, months, times, people, (together, turns))| Line {
            months,
            times,
            people,
            together,
            turns,
            ..line(item, share)
        })
}

fn any_participation() -> impl Strategy<Value = Participation> {
    let size = (1..=24_u32, 1..=4_u32, 1..=3_u32).prop_map(|(households, groups, people)| Size {
        households,
        groups: groups.min(households),
        people,
    });
    (size, prop::collection::vec(any_line(), 1..6))
        .prop_map(|(village, lines)| Participation { village, lines })
}

fn run(set: &RuleSet, stated: &Participation) -> Outcome {
    let first = day(FIRST);
    simulate(set, stated.village.village(), first, &stated.facts(stated.village, first), None)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn items_and_months_come_to_the_same_total(stated in any_participation()) {
        let out = run(&rural(), &stated);
        let by_item: i64 = out.items.iter().map(|i| i.points).sum();
        let by_month: i64 = out.months.iter().map(|m| m.points).sum();
        let by_both: i64 = out.items.iter().flat_map(|i| &i.by_month).sum();
        prop_assert_eq!((by_item, by_month, by_both), (out.points, out.points, out.points));
        prop_assert_eq!(out.months.last().map(|m| m.so_far), Some(out.points));
        prop_assert_eq!(out.awards, out.months.iter().map(|m| m.awards).sum::<u32>());
        let refused: u32 = out.items.iter().flat_map(|i| i.refused.values()).sum();
        prop_assert_eq!(out.facts, out.awards + refused);
        prop_assert!(out.reached <= out.households);
        prop_assert!(out.points <= i64::from(out.households) * rural().programme.cap_year);
    }

    #[test]
    fn halving_a_cap_never_raises_the_issue(
        stated in any_participation(),
        which in any::<prop::sample::Index>(),
    ) {
        let set = rural();
        let mut tighter = set.clone();
        let limits: Vec<&mut i64> = tighter
            .items
            .iter_mut()
            .filter(|i| ITEMS.contains(&i.code.as_str()))
            .flat_map(|i| i.caps.iter_mut().map(|cap| &mut cap.limit.max))
            .collect();
        let place = which.index(limits.len());
        for (n, max) in limits.into_iter().enumerate() {
            if n == place {
                *max /= 2;
            }
        }
        prop_assert!(run(&tighter, &stated).points <= run(&set, &stated).points);
        let mut poorer = set.clone();
        poorer.programme.cap_month /= 2;
        poorer.programme.cap_year /= 2;
        prop_assert!(run(&poorer, &stated).points <= run(&set, &stated).points);
    }
}
