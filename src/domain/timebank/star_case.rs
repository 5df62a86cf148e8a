//! A star on its way (星级认定): applied for, looked at, hung for some working days, given by a second person. What shows is
//! derived: never more than the hours on record, never more than was given.

use super::{policy::StarTable, stars::stars};
use crate::domain::{time::Day, wording::vocabulary};

/// Years for which false hours bar somebody.
pub const BAR_YEARS: std::ops::RangeInclusive<i64> = 1..=3;

vocabulary! {
    /// Where an application stands.
    StarState {
        /// Applied for.
        Applied = "applied", "待初审", "to be looked at";
        /// Not given.
        Declined = "declined", "未通过", "not given";
        /// On the public notice.
        Hung = "hung", "公示中", "on notice";
        /// Somebody objects: the clock stands still.
        Objected = "objected", "有异议", "objected to";
        /// Given.
        Granted = "granted", "已授予", "given";
    }
}

vocabulary! {
    /// What can happen to an application.
    StarMove {
        /// The first review finds it right.
        Hang = "hang", "初审通过并公示", "hang it";
        /// The first review does not.
        Decline = "decline", "不通过", "decline";
        /// Somebody objects.
        Object = "object", "提出异议", "object";
        /// The objection is right.
        Uphold = "uphold", "异议成立", "the objection is right";
        /// The objection is not.
        Dismiss = "dismiss", "异议不成立", "the objection is not right";
        /// A second person gives it.
        Grant = "grant", "授予", "give it";
    }
}

/// Nothing of the kind can happen from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a star that is {from} cannot {attempted}")]
pub struct InvalidStarMove {
    /// Where it stands.
    pub from: StarState,
    /// What was tried.
    pub attempted: StarMove,
}

impl StarState {
    /// The state after `step`.
    ///
    /// # Errors
    /// When nothing of the kind can happen to it.
    pub const fn after(self, step: StarMove) -> Result<Self, InvalidStarMove> {
        use StarMove as M;
        Ok(match (self, step) {
            (Self::Applied, M::Hang) | (Self::Objected, M::Dismiss) => Self::Hung,
            (Self::Applied, M::Decline) | (Self::Objected, M::Uphold) => Self::Declined,
            (Self::Hung, M::Object) => Self::Objected,
            (Self::Hung, M::Grant) => Self::Granted,
            (from, attempted) => return Err(InvalidStarMove { from, attempted }),
        })
    }
}

/// The minutes that so many stars take; nothing where there is no such star.
#[must_use]
pub fn minutes_for(table: &StarTable, level: usize) -> Option<i64> {
    table.steps.get(level.checked_sub(1)?).copied()
}

/// The stars that show: those given, as far as the hours on record still carry them, and none while somebody is barred.
#[must_use]
pub fn shown(table: &StarTable, given: usize, minutes: i64, barred: bool) -> usize {
    if barred { 0 } else { given.min(stars(table, minutes)) }
}

/// The last day of a bar that begins on `from`.
#[must_use]
pub fn barred_until(from: Day, years: i64) -> Day {
    let (year, month, day) = from.ymd();
    let years = i32::try_from(years).unwrap_or(0);
    let last =
        Day::from_ymd(year + years, month, day).or_else(|| Day::from_ymd(year + years, month, day - 1));
    last.unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::timebank::policy::{DEFAULT, HOUR, Policies};

    fn table() -> StarTable {
        Policies::shipped().by_code(DEFAULT).unwrap().stars.clone()
    }

    #[test]
    fn a_star_is_given_only_from_the_notice_and_not_while_somebody_objects() {
        for state in StarState::ALL {
            assert_eq!(state.after(StarMove::Grant).is_ok(), *state == StarState::Hung, "{state}");
            assert_eq!(state.after(StarMove::Object).is_ok(), *state == StarState::Hung, "{state}");
        }
        assert_eq!(StarState::Objected.after(StarMove::Uphold), Ok(StarState::Declined));
        assert_eq!(StarState::Objected.after(StarMove::Dismiss), Ok(StarState::Hung));
    }

    #[test]
    fn what_shows_falls_with_the_hours_and_never_rises_by_itself() {
        let table = table();
        assert_eq!(shown(&table, 2, 300 * HOUR, false), 2);
        assert_eq!(shown(&table, 2, 300 * HOUR - 15, false), 1, "hours undone");
        assert_eq!(shown(&table, 1, 5_000 * HOUR, false), 1, "nobody gave more");
        assert_eq!(shown(&table, 2, 300 * HOUR, true), 0);
        assert_eq!(minutes_for(&table, 0), None);
        assert_eq!(minutes_for(&table, 1), Some(100 * HOUR));
        assert_eq!(minutes_for(&table, 6), None);
    }

    #[test]
    fn a_bar_ends_on_the_same_day_of_a_later_year() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(barred_until(day("2026-06-03"), 1), day("2027-06-03"));
        assert_eq!(barred_until(day("2028-02-29"), 3), day("2031-02-28"));
    }

    proptest! {
        #[test]
        fn stars_that_show_are_given_and_earned(given in 0..7_usize, minutes in 0..200_000_i64) {
            let table = table();
            let level = shown(&table, given, minutes, false);
            prop_assert!(level <= given && level <= stars(&table, minutes));
            prop_assert!(minutes_for(&table, level).is_none_or(|least| least <= minutes));
        }
    }
}
