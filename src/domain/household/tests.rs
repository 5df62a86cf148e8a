//! Tests of household numbers, states and memberships.

use uuid::Uuid;

use super::*;

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

fn house(n: u128) -> HouseholdId {
    HouseholdId(Uuid::from_u128(n))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn member(p: u128, h: u128, relation: Relation, from: &str, to: Option<&str>) -> Membership {
    Membership { person: person(p), household: house(h), relation, from: day(from), to: to.map(day) }
}

#[test]
fn numbers_are_read_as_typed_and_written_one_way() {
    for typed in ["H0017", "h17", "Ｈ００１７", " h 0017"] {
        assert_eq!(HouseholdNo::parse(typed).unwrap().as_str(), "H0017");
    }
    assert_eq!(HouseholdNo::from_ordinal(12_345).as_str(), "H12345");
    assert_eq!(PersonNo::from_ordinal(123).as_str(), "P000123");
    assert_eq!(PersonNo::parse("P000123").unwrap().ordinal(), 123);
    for bad in ["H", "H0", "P1", "0017", "H1x", ""] {
        assert!(HouseholdNo::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_closed_household_takes_no_step_and_a_frozen_one_returns() {
    let frozen = HouseholdState::Active.after(HouseholdStep::Freeze(FreezeReason::Dispute)).unwrap();
    assert!(!frozen.may_redeem() && frozen.may_earn());
    assert_eq!(frozen.after(HouseholdStep::Unfreeze), Ok(HouseholdState::Active));
    let closed = frozen.after(HouseholdStep::Close).unwrap();
    for step in [HouseholdStep::Activate, HouseholdStep::Unfreeze, HouseholdStep::Close] {
        assert_eq!(closed.after(step), Err(InvalidTransition { from: closed, step }));
    }
    assert!(HouseholdState::Pending.after(HouseholdStep::Freeze(FreezeReason::Death)).is_err());
}

#[test]
fn every_state_is_read_back_from_its_code() {
    let frozen = FreezeReason::ALL.iter().map(|r| HouseholdState::Frozen(*r));
    for state in
        [HouseholdState::Pending, HouseholdState::Active, HouseholdState::Closed].into_iter().chain(frozen)
    {
        assert_eq!(state.as_str().parse(), Ok(state));
    }
    assert!("frozen".parse::<HouseholdState>().is_err());
}

#[test]
fn an_event_counts_for_the_household_of_its_day() {
    let mut all = vec![
        member(1, 10, Relation::Head, "2020-01-01", None),
        member(2, 10, Relation::Child, "2020-01-01", None),
    ];
    move_person(&mut all, person(2), house(20), Relation::Head, day("2026-06-15")).unwrap();
    assert_eq!(household_on(&all, person(2), day("2026-06-14")), Some(house(10)));
    assert_eq!(household_on(&all, person(2), day("2026-06-15")), Some(house(20)));
    assert_eq!(household_on(&all, person(2), day("2019-12-31")), None);
    assert_eq!(head_on(&all, house(20), day("2026-06-15")), Some(person(2)));
    assert_eq!(head_on(&all, house(20), day("2026-06-14")), None);
}

#[test]
fn nobody_is_in_two_households_and_no_household_has_two_heads() {
    let all = [member(1, 10, Relation::Head, "2020-01-01", Some("2026-01-01"))];
    let clash = member(1, 20, Relation::Child, "2025-12-31", None);
    let day0 = day("2025-12-31");
    assert_eq!(
        check_membership(&all, &clash),
        Err(MembershipFault::TwoHouseholds { person: person(1), day: day0 })
    );
    let heads = member(2, 10, Relation::Head, "2025-12-31", None);
    assert_eq!(
        check_membership(&all, &heads),
        Err(MembershipFault::TwoHeads { household: house(10), day: day0 })
    );
    assert_eq!(check_membership(&all, &member(2, 10, Relation::Head, "2026-01-01", None)), Ok(()));
    assert_eq!(
        check_membership(&all, &member(3, 10, Relation::Child, "2026-01-02", Some("2026-01-02"))),
        Err(MembershipFault::Reversed(person(3)))
    );
}

#[test]
fn a_move_that_would_clash_changes_nothing() {
    let mut all = vec![
        member(1, 10, Relation::Head, "2020-01-01", None),
        member(2, 20, Relation::Head, "2020-01-01", None),
    ];
    let before = all.clone();
    assert!(move_person(&mut all, person(2), house(10), Relation::Head, day("2026-01-01")).is_err());
    assert_eq!(all, before);
}
