//! Every move of a round and every one that is not; looks in any order, any number of times.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const HOME: HouseholdId = HouseholdId(Uuid::from_u128(7));

fn who(n: u8) -> UserId {
    UserId(Uuid::from_u128(u128::from(n)))
}

fn look(inspector: u8, seq: i64, marks: &str) -> Look {
    Look {
        household: HOME,
        inspector: who(inspector),
        seq,
        taken_at: Timestamp::from_micros(seq),
        key: format!("{inspector}-{seq}"),
        marks: marks.parse().unwrap(),
    }
}

fn found(eyes: &[UserId], looks: &[Look]) -> Finding {
    finding(eyes, &standing(looks))
}

#[test]
fn a_round_moves_only_as_it_may() {
    use RoundMove::{Close, Confirm, Look, Reopen, Withdraw};
    use RoundState::{Closed, Confirmed, Open, Withdrawn};
    let may = [
        (Open, Look, Open),
        (Open, Close, Closed),
        (Open, Withdraw, Withdrawn),
        (Closed, Reopen, Open),
        (Closed, Confirm, Confirmed),
        (Closed, Withdraw, Withdrawn),
        (Confirmed, Confirm, Confirmed),
    ];
    for from in RoundState::ALL {
        for step in RoundMove::ALL {
            let wanted = may.iter().find(|(f, s, _)| f == from && *s == step).map(|(_, _, to)| *to);
            assert_eq!(from.after(step).ok(), wanted, "{from} {step:?}");
        }
    }
}

#[test]
fn marks_are_read_whatever_their_order_and_never_twice() {
    let marks: Marks = "D7:gold,A1".parse().unwrap();
    assert_eq!(marks.to_string(), "A1,D7:gold");
    assert_eq!(marks, Marks::read(["A1", "D7:gold"]).unwrap());
    assert_eq!("".parse::<Marks>().unwrap(), Marks::default());
    for wrong in ["A1,A1", "A1:", ":gold", "A 1", "A1:x,A1:y"] {
        assert!(wrong.parse::<Marks>().is_err(), "{wrong}");
    }
}

#[test]
fn what_needs_no_more_than_the_sheet_can_be_inspected() {
    let (_, text) = crate::domain::ruleset::shipped()[0];
    let set = crate::domain::ruleset::parse(text, "rules.toml").unwrap();
    let codes: Vec<&str> = set.items.iter().filter(|i| inspected(i)).map(|i| i.code.as_str()).collect();
    // by measure (A7), with a paper beside (D1), by person (F7), without a sheet (F2) and what gives back are not
    assert_eq!(codes, ["A1", "A2", "C6", "D7", "F1", "F5"]);
    let faults: Vec<&str> =
        set.items.iter().filter(|i| inspected(i) && is_fault(i)).map(|i| i.code.as_str()).collect();
    assert_eq!(faults, ["F1", "F5"]);
}

#[test]
fn who_steps_back_is_replaced_by_the_third_and_without_a_third_nobody_can_say() {
    let named = [who(1), who(2), who(3)];
    let looks = [look(1, 1, "A1"), look(2, 1, ""), look(3, 1, "A1")];
    let without = |out: u8, named: &[UserId]| found(&eyes(named, |one| one == who(out)), &looks);
    let agreed = |marks: &str| Finding::Settled { marks: marks.parse().unwrap(), how: Settled::Agreed };
    assert_eq!(without(2, &named), agreed("A1"));
    assert_eq!(without(1, &named), Finding::Differs { third: None });
    assert_eq!(without(1, &named[..2]), Finding::NoPair);
    let decided = Finding::Settled { marks: "A1".parse().unwrap(), how: Settled::Decided };
    assert_eq!(without(9, &named), decided);
}

#[test]
fn the_third_is_asked_only_where_two_differ() {
    let eyes = [who(1), who(2), who(3)];
    let asked = |looks: &[Look]| is_to_look(who(3), &eyes, &standing(looks));
    assert!(!asked(&[look(1, 1, "A1")]));
    assert!(!asked(&[look(1, 1, "A1"), look(2, 1, "A1")]));
    assert!(asked(&[look(1, 1, "A1"), look(2, 1, "")]));
    assert!(asked(&[look(1, 1, "A1"), look(2, 1, ""), look(3, 1, "")]), "may look again");
    assert!(!asked(&[look(1, 1, "A1"), look(2, 1, ""), look(2, 2, "A1"), look(3, 1, "")]));
    assert!(is_to_look(who(1), &eyes, &BTreeMap::new()) && !is_to_look(who(4), &eyes, &BTreeMap::new()));
}

fn any_look() -> impl Strategy<Value = Look> {
    (1_u8..5, 1_i64..6, prop::sample::select(vec!["", "A1", "A2", "A1,A2"]))
        .prop_map(|(inspector, seq, marks)| look(inspector, seq, marks))
}

/// A device gives a number once: the first look with it stands for all.
fn of_devices(looks: Vec<Look>) -> Vec<Look> {
    let mut seen = std::collections::BTreeSet::new();
    looks.into_iter().filter(|l| seen.insert(l.key.clone())).collect()
}

proptest! {
    /// The two-looks rule, said again in the plainest way: last word of each, equal or the third's.
    #[test]
    fn any_looks_in_any_order_come_to_what_the_last_word_of_each_says(
        looks in prop::collection::vec(any_look(), 0..24),
        barred in prop::collection::btree_set(1_u8..5, 0..3),
        turn in 0_usize..24,
        third: bool,
    ) {
        let looks = of_devices(looks);
        let named: Vec<UserId> = (1..=if third { 3 } else { 2 }).map(who).collect();
        let eyes = eyes(&named, |one| barred.iter().any(|n| who(*n) == one));
        let found_once = found(&eyes, &looks);
        // any other order, and everything twice
        let mut other: Vec<Look> = looks.iter().rev().chain(looks.iter()).cloned().collect();
        let by = turn.min(other.len());
        other.rotate_left(by);
        prop_assert_eq!(&found(&eyes, &other), &found_once);

        let last = |n: UserId| looks.iter().filter(|l| l.inspector == n).max_by_key(|l| l.seq).map(|l| &l.marks);
        match found_once {
            Finding::NoPair => prop_assert!(eyes.len() < 2),
            Finding::Waiting => prop_assert!(last(eyes[0]).is_none() || last(eyes[1]).is_none()),
            Finding::Settled { marks, how: Settled::Agreed } => {
                prop_assert_eq!((last(eyes[0]), last(eyes[1])), (Some(&marks), Some(&marks)));
            }
            Finding::Settled { marks, how: Settled::Decided } => {
                prop_assert!(last(eyes[0]).is_some() && last(eyes[1]).is_some());
                prop_assert_ne!(last(eyes[0]), last(eyes[1]));
                prop_assert_eq!(last(eyes[2]), Some(&marks));
            }
            Finding::Differs { third } => {
                prop_assert_ne!(last(eyes[0]), last(eyes[1]));
                prop_assert!(third.is_none_or(|one| last(one).is_none()));
            }
        }
        // whoever must step back has no part in it
        for n in &barred {
            let without: Vec<Look> = looks.iter().filter(|l| l.inspector != who(*n)).cloned().collect();
            prop_assert_eq!(found(&eyes, &without), found(&eyes, &looks));
        }
    }
}
