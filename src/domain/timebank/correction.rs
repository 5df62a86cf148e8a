//! A request to put recorded hours right (记录更正): by when it is decided, and what may be right. Minutes that are right
//! take the place of those that were posted, by entries that undo and post anew; nothing is edited.

use super::{policy::Counting, record::RECORD_WORKING_DAYS};
use crate::domain::{calendar::Calendar, time::Day, wording::vocabulary};

vocabulary! {
    /// Where a request stands.
    CorrectionState {
        /// Another person has yet to look.
        Asked = "asked", "待核查", "waiting";
        /// The record was wrong: undone and posted anew.
        Corrected = "corrected", "已更正", "put right";
        /// The record is right.
        Refused = "refused", "不予更正", "refused";
    }
}

/// The last day on which a request of `asked_on` is decided in time.
#[must_use]
pub fn decide_by(calendar: &Calendar, asked_on: Day) -> Day {
    calendar.working_days_after(asked_on, RECORD_WORKING_DAYS)
}

/// Why minutes cannot be the right ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongMinutes {
    /// They are what is on record.
    #[error("that is what is on record")]
    Same,
    /// More than was asked for and put aside, or less than none.
    #[error("not between none and {0} minutes")]
    Range(i64),
    /// Not in quarters, or fewer than are recorded at all.
    #[error("not a quarter of an hour, or too little to be recorded")]
    Quarter,
}

/// Whether `right` minutes may take the place of `was`, of an order for which `asked` were put aside.
///
/// # Errors
/// When they are the same, beyond what the order may cost, or not in quarters.
pub fn check(counting: &Counting, (asked, was): (i64, i64), right: i64) -> Result<(), WrongMinutes> {
    if right == was {
        return Err(WrongMinutes::Same);
    }
    if !(0..=asked).contains(&right) {
        return Err(WrongMinutes::Range(asked));
    }
    if counting.counted(right) == right { Ok(()) } else { Err(WrongMinutes::Quarter) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timebank::policy::{DEFAULT, Policies};

    #[test]
    fn the_right_minutes_are_quarters_within_what_was_asked_for_and_others() {
        let counting = Policies::shipped().by_code(DEFAULT).unwrap().counting;
        let check = |right| super::check(&counting, (120, 90), right);
        assert_eq!(check(60), Ok(()));
        assert_eq!(check(120), Ok(()));
        assert_eq!(check(0), Ok(()));
        assert_eq!(check(90), Err(WrongMinutes::Same));
        assert_eq!(check(135), Err(WrongMinutes::Range(120)));
        assert_eq!(check(-15), Err(WrongMinutes::Range(120)));
        assert_eq!(check(50), Err(WrongMinutes::Quarter));
        assert_eq!(check(15), Err(WrongMinutes::Quarter));
    }

    #[test]
    fn a_request_is_decided_within_ten_working_days() {
        let day = |text: &str| -> Day { text.parse().unwrap() };
        assert_eq!(decide_by(&Calendar::shipped(), day("2026-09-26")), day("2026-10-15"));
    }
}
