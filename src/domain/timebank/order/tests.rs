//! Every move from every state, written out once more by hand.

use super::*;
use crate::domain::timebank::policy::{DEFAULT, Policies};

fn counting() -> Counting {
    Policies::shipped().by_code(DEFAULT).unwrap().counting
}

/// All that can happen, by hand: from, move, ending, to.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("queued", "fund", "open"),
    ("queued", "cancel", "cancelled"),
    ("open", "accept", "accepted"),
    ("open", "cancel", "cancelled"),
    ("accepted", "give_back", "open"),
    ("accepted", "substitute", "accepted"),
    ("accepted", "miss", "no_show"),
    ("accepted", "cancel", "cancelled"),
    ("accepted", "check_in", "serving"),
    ("no_show", "substitute", "accepted"),
    ("no_show", "reopen", "open"),
    ("no_show", "cancel", "cancelled"),
    ("serving", "check_out", "done"),
    ("serving", "forget", "done"),
    ("done", "check_in", "serving"),
    ("done", "confirm", "rated|held|not_counted"),
    ("done", "dispute", "disputed"),
    ("rated", "dispute", "disputed"),
    ("rated", "post", "posted"),
    ("held", "dispute", "disputed"),
    ("held", "decide", "cleared|not_counted"),
    ("disputed", "decide", "cleared|not_counted"),
    ("cleared", "post", "posted"),
    ("late", "countersign", "rated"),
    ("late", "reject", "not_counted"),
];

#[test]
fn what_can_happen_to_an_order_is_this_and_nothing_else() {
    for state in OrderState::ALL {
        for step in OrderMove::ALL {
            let row =
                ALLOWED.iter().find(|(from, verb, _)| (*from, *verb) == (state.as_str(), step.as_str()));
            let mut found: Vec<&str> = Vec::new();
            for ending in [Ending::Counted, Ending::Low, Ending::Nothing] {
                match state.after(*step, ending) {
                    Ok(to) if !found.contains(&to.as_str()) => found.push(to.as_str()),
                    Ok(_) => {}
                    Err(error) => {
                        assert_eq!(error, InvalidMove { from: *state, attempted: *step });
                        assert!(row.is_none() || *step == OrderMove::Decide, "{state} {step}");
                    }
                }
            }
            assert_eq!(found.join("|"), row.map_or("", |(_, _, to)| *to), "{state} {step}");
        }
    }
}

#[test]
fn an_order_that_is_over_stays_so_and_every_other_can_end() {
    for state in OrderState::ALL {
        let possible =
            OrderMove::ALL.iter().filter(|step| state.after(**step, Ending::Counted).is_ok()).count();
        assert_eq!(possible == 0, state.is_over(), "{state}");
    }
}

#[test]
fn a_low_rating_holds_and_too_short_a_service_counts_nothing() {
    let counting = counting();
    let rating = |n| Some(Rating::try_from(n).unwrap());
    assert_eq!(confirmed(&counting, 60, rating(5)), Ending::Counted);
    assert_eq!(confirmed(&counting, 60, rating(3)), Ending::Counted);
    assert_eq!(confirmed(&counting, 60, rating(2)), Ending::Low);
    assert_eq!(confirmed(&counting, 60, rating(1)), Ending::Low);
    assert_eq!(confirmed(&counting, 60, None), Ending::Counted);
    assert_eq!(confirmed(&counting, 0, rating(5)), Ending::Nothing);
    assert!([0, 6, -1, 300].into_iter().all(|n| Rating::try_from(n).is_err()));
}

#[test]
fn after_seventy_two_hours_somebody_calls_and_silence_confirms_only_what_proves_itself() {
    let counting = counting();
    let done: Timestamp = "2026-06-01T10:00:00+08:00".parse().unwrap();
    assert!(!to_be_called(&counting, done, done.plus_seconds(72 * 3_600)));
    assert!(to_be_called(&counting, done, done.plus_seconds(72 * 3_600 + 1)));
    assert_eq!(called(CallBack::Confirmed, false), Some(OrderMove::Confirm));
    assert_eq!(called(CallBack::Unreached, true), Some(OrderMove::Confirm));
    assert_eq!(called(CallBack::Unreached, false), None);
    assert_eq!(called(CallBack::Denied, true), Some(OrderMove::Dispute));
}

#[test]
fn there_are_three_verdicts_and_a_part_is_a_part() {
    let counting = counting();
    let decide = |verdict, part| decided(&counting, verdict, 120, part);
    assert_eq!(decide(Verdict::AsServed, None), Ok(120));
    assert_eq!(decide(Verdict::Nothing, Some(60)), Ok(0));
    assert_eq!(decide(Verdict::InPart, Some(45)), Ok(45));
    for bad in [None, Some(0), Some(15), Some(40), Some(120), Some(135), Some(-30)] {
        assert!(decide(Verdict::InPart, bad).is_err(), "{bad:?}");
    }
}
