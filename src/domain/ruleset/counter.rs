//! What a programme decides about its counters: how much at a time, how much on a card, how long a code lives.

use super::{
    build::minor,
    fault::{FaultKind, Faults, Said, Wrong},
    number::Number,
    raw::{RawCounter, RawProgramme},
    read::Placed,
};
use crate::domain::{amount::POINT_MINOR, code::phone::LIFETIME_SECONDS, pin::PIN_TRIES_MAX};

/// A code that lives shorter is gone before the shopkeeper has scanned it.
const CODE_SECONDS_MIN: i64 = 15;
/// More guesses than this are no protection.
const PIN_TRIES_LIMIT: u8 = 5;

/// The limits of the counters. Amounts are minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CounterTerms {
    /// The most one redemption may take.
    pub order_max: i64,
    /// The most a household's cards may take in one day, with or without PIN.
    pub card_day_max: i64,
    /// A card alone is enough up to this much; above it, its PIN is asked for.
    pub card_pin_above: i64,
    /// Seconds a phone code lives.
    pub code_seconds: i64,
    /// Wrong PINs in a row after which it is blocked.
    pub pin_tries: u8,
}

impl Default for CounterTerms {
    fn default() -> Self {
        Self {
            order_max: 200 * POINT_MINOR,
            card_day_max: 50 * POINT_MINOR,
            card_pin_above: 20 * POINT_MINOR,
            code_seconds: LIFETIME_SECONDS,
            pin_tries: PIN_TRIES_MAX,
        }
    }
}

/// Reads the terms of a header; what is left out is as by default.
pub(super) fn terms(placed: &Placed<RawProgramme>, faults: &mut Faults<'_>) -> Option<CounterTerms> {
    let by_default = CounterTerms::default();
    let Some(raw) = &placed.raw.counter else { return Some(by_default) };
    let RawCounter { order_max, card_day_max, card_pin_above, code_seconds, pin_tries } = *raw;
    let mut amount = |given: Option<Number>, otherwise: i64| match given {
        Some(number) => minor(placed, "counter", number, faults),
        None => Some(otherwise),
    };
    let terms = CounterTerms {
        order_max: amount(order_max, by_default.order_max)?,
        card_day_max: amount(card_day_max, by_default.card_day_max)?,
        card_pin_above: amount(card_pin_above, by_default.card_pin_above)?,
        code_seconds: code_seconds.unwrap_or(by_default.code_seconds),
        pin_tries: pin_tries.unwrap_or(by_default.pin_tries),
    };
    check(placed, terms, faults);
    Some(terms)
}

fn check(placed: &Placed<RawProgramme>, terms: CounterTerms, faults: &mut Faults<'_>) {
    let mut fault = |kind, wrong: Said| {
        faults.add(placed.at("counter"), placed.title.clone(), kind, wrong);
    };
    if terms.order_max == 0 || terms.card_day_max == 0 {
        fault(FaultKind::ImpossibleCap, Wrong::CounterNothing.into());
    }
    if terms.card_pin_above >= terms.card_day_max.min(terms.order_max) {
        fault(FaultKind::ImpossibleCap, Wrong::CounterPin.into());
    }
    if !(CODE_SECONDS_MIN..=LIFETIME_SECONDS).contains(&terms.code_seconds) {
        let wrong = Wrong::CounterCode.with("least", CODE_SECONDS_MIN).with("most", LIFETIME_SECONDS);
        fault(FaultKind::BadValue, wrong);
    }
    if !(1..=PIN_TRIES_LIMIT).contains(&terms.pin_tries) {
        fault(FaultKind::BadValue, Wrong::CounterTries.with("most", PIN_TRIES_LIMIT));
    }
}
