//! Properties of the time bank: no moment of one person counts twice, rounding never gives, orders end, and the minutes
//! of a bank of any policy are all somewhere.

use proptest::prelude::*;
use uuid::Uuid;

use super::{
    activity::by_day,
    drawing::{Deposit, deposit},
    interval::{Interval, OnRecord, check_in, check_out, counted, free},
    order::{Ending, OrderMove, OrderState},
    policy::{Brim, DEFAULT, Policies, Policy},
    stars::stars,
};
use crate::domain::{ids::PersonId, time::Timestamp};

fn policy() -> Policy {
    Policies::shipped().by_code(DEFAULT).unwrap().clone()
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_micros(minute * 60_000_000)
}

/// What one person does: in or out of one of three orders, a sheet of some minutes, or a line of so many minutes on the
/// list of an activity, so many minutes later.
#[derive(Debug, Clone, Copy)]
enum Deed {
    In(usize),
    Out,
    Sheet(usize, i64),
    List(i64),
}

fn deeds() -> impl Strategy<Value = Vec<(i64, Deed)>> {
    let deed = prop_oneof![
        (0..3_usize).prop_map(Deed::In),
        Just(Deed::Out),
        (0..3_usize, 1..300_i64).prop_map(|(order, minutes)| Deed::Sheet(order, minutes)),
        (1..300_i64).prop_map(Deed::List),
    ];
    prop::collection::vec((0..240_i64, deed), 1..60)
}

/// Runs the deeds; what every order has on record, and last the activity.
fn run(deeds: &[(i64, Deed)]) -> [Vec<Interval>; 4] {
    let counting = policy().counting;
    let mut orders: [Vec<Interval>; 4] = Default::default();
    let mut open: Option<(usize, Timestamp)> = None;
    let mut minute = 0;
    for (later, deed) in deeds {
        minute += later;
        let now = at(minute);
        let closed: Vec<Interval> = orders.iter().flatten().copied().collect();
        match deed {
            Deed::In(order) => {
                let pairs_today = orders[*order].iter().filter(|pair| pair.day() == now.day()).count();
                let has = OnRecord { closed: &closed, open: open.map(|(_, since)| since), pairs_today };
                if check_in(&counting, has, now).is_ok() {
                    open = Some((*order, now));
                }
            }
            Deed::Out => {
                if let Some((order, since)) = open.take()
                    && let Ok(interval) = check_out(since, &closed, now)
                {
                    orders[order].push(interval);
                }
            }
            Deed::List(minutes) => {
                let interval = Interval::new(at(minute - minutes), now).unwrap();
                if free(&interval, &closed, open.map(|(_, since)| since)).is_ok() {
                    orders[3].push(interval);
                }
            }
            Deed::Sheet(order, minutes) => {
                let interval = Interval::new(at(minute - minutes), now).unwrap();
                if free(&interval, &closed, open.map(|(_, since)| since)).is_ok() {
                    orders[*order].push(interval);
                }
            }
        }
    }
    orders
}

proptest! {
    #[test]
    fn no_moment_of_one_person_is_counted_twice(deeds in deeds()) {
        let counting = policy().counting;
        let orders = run(&deeds);
        let mut all: Vec<Interval> = orders.iter().flatten().copied().collect();
        all.sort_by_key(Interval::from);
        for pair in all.windows(2) {
            prop_assert!(pair[0].until() <= pair[1].from());
        }
        // so the counted minutes of all orders and of the activity fit into the time that passed
        let [first, second, third, list] = &orders;
        let by_orders = [first, second, third].map(|pairs| counted(&counting, pairs, i64::MAX));
        let total = by_orders.iter().sum::<i64>() + by_day(&counting, list).values().sum::<i64>();
        let first = all.first().map_or(0, |one| one.from().micros());
        let last = all.last().map_or(0, |one| one.until().micros());
        prop_assert!(total <= (last - first) / 60_000_000);
    }

    #[test]
    fn rounding_never_gives_and_more_time_never_counts_less(
        present in 0..100_000_i64,
        more in 0..1_000_i64,
        asked in 0..2_000_i64,
    ) {
        let counting = policy().counting;
        let one = counting.counted(present);
        prop_assert!(one <= present && one % counting.quarter == 0);
        prop_assert!(one == 0 || one >= counting.least);
        prop_assert!(counting.counted(present + more) >= one);
        if let Ok(interval) = Interval::new(at(0), at(present)) {
            prop_assert!(counted(&counting, &[interval], asked) <= asked.min(present));
        }
    }

    #[test]
    fn an_order_posts_at_most_once_and_only_after_a_confirmation_a_verdict_or_a_second_name(
        late in any::<bool>(),
        steps in prop::collection::vec((any::<prop::sample::Index>(), 0..3_usize), 0..60),
    ) {
        let mut state = if late { OrderState::Late } else { OrderState::Open };
        let (mut settled, mut posted) = (false, 0);
        for (step, ending) in steps {
            let step = *step.get(OrderMove::ALL);
            let ending = [Ending::Counted, Ending::Low, Ending::Nothing][ending];
            let Ok(next) = state.after(step, ending) else { continue };
            prop_assert!(!state.is_over());
            settled |= matches!(step, OrderMove::Confirm | OrderMove::Decide | OrderMove::Countersign);
            if next == OrderState::Posted {
                prop_assert!(settled && matches!(state, OrderState::Rated | OrderState::Cleared));
                posted += 1;
            }
            state = next;
        }
        prop_assert!(posted <= 1);
    }

    #[test]
    fn what_is_earned_is_saved_or_beyond_the_cap(
        saved in 0..200_000_i64,
        earned in 0..2_000_i64,
        donates in any::<bool>(),
    ) {
        let saving = policy().saving;
        let choice = if donates { Brim::Donate } else { Brim::Honor };
        let Deposit { saved: kept, over } = deposit(&saving, saved, earned, Some(choice)).unwrap();
        prop_assert_eq!(kept + over.map_or(0, |(_, minutes)| minutes), earned);
        let cap = saving.cap.unwrap();
        prop_assert!(kept == 0 || saved + kept <= cap);
        prop_assert!(over.is_none() || saved + kept >= cap);
    }

    #[test]
    fn stars_only_rise_with_the_hours(minutes in 0..200_000_i64, more in 0..200_000_i64) {
        let table = policy().stars;
        prop_assert!(stars(&table, minutes + more) >= stars(&table, minutes));
    }

    #[test]
    fn the_first_payer_is_the_one_who_is_served_wherever_they_may_draw(age in 0..110_i32, who in 1..9_u128) {
        use super::drawing::{Payer, Served, payers};
        let person = PersonId(Uuid::from_u128(who));
        for policy in Policies::shipped().all() {
            let served = Served { person, age: Some(age), hardship: false, kin: &[], pool: true };
            let all = payers(&policy.drawing, &served);
            let may = age >= policy.drawing.age;
            prop_assert_eq!(all.first() == Some(&Payer::Person(person)), may, "{}", policy.code);
            prop_assert_eq!(all.last(), Some(&Payer::Pool));
        }
    }
}
