//! The code that is shown where many come together: six digits that change every minute, so that nobody signs in from
//! home with what somebody else read out an hour ago. It proves little; a sample of those who came is looked at besides.

use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::CodeKey;
use crate::domain::{
    ids::BookId,
    time::{MICROS_PER_SECOND, Timestamp},
    wording::fold_typed,
};

/// Seconds a code is shown.
pub const SHOWN_SECONDS: i64 = 60;
const LABEL: &str = "greencoin place code v1";
const DIGITS: usize = 6;

fn of_step(key: &CodeKey, book: BookId, place: Uuid, step: i64) -> String {
    let mac = key.sign(LABEL, &[book.0.as_bytes(), place.as_bytes(), &step.to_be_bytes()]);
    let number = mac.iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    format!("{:0DIGITS$}", number % 1_000_000)
}

/// The code to show at `now`, and the first instant at which another is shown.
#[must_use]
pub fn show(key: &CodeKey, book: BookId, place: Uuid, now: Timestamp) -> (String, Timestamp) {
    let step = now.seconds().div_euclid(SHOWN_SECONDS);
    let until = Timestamp::from_micros((step + 1) * SHOWN_SECONDS * MICROS_PER_SECOND);
    (of_step(key, book, place, step), until)
}

/// Whether that is what is shown, or was a minute ago: people type slowly.
#[must_use]
pub fn is_shown(key: &CodeKey, book: BookId, place: Uuid, typed: &str, now: Timestamp) -> bool {
    let typed = fold_typed(typed);
    let step = now.seconds().div_euclid(SHOWN_SECONDS);
    let same = |step| -> bool { of_step(key, book, place, step).as_bytes().ct_eq(typed.as_bytes()).into() };
    same(step) | same(step - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_for_the_minute_it_is_shown_and_the_next_and_for_its_place_alone() {
        let key = CodeKey::new(1, [7; 32]);
        let (book, place) = (BookId(Uuid::from_u128(1)), Uuid::from_u128(2));
        let now = Timestamp::from_micros(1_000_000_030 * MICROS_PER_SECOND);
        let (code, until) = show(&key, book, place, now);
        assert_eq!(code.len(), DIGITS);
        assert!(now < until && until.since(now) <= SHOWN_SECONDS * MICROS_PER_SECOND);
        let good = |place, typed: &str, now| is_shown(&key, book, place, typed, now);
        assert!(good(place, &code, now));
        assert!(good(place, &format!("{} {}", &code[..3], &code[3..]), until));
        assert!(!good(place, &code, until.plus_seconds(SHOWN_SECONDS)));
        assert!(!good(Uuid::from_u128(3), &code, now));
        assert!(!good(place, "", now));
    }
}
