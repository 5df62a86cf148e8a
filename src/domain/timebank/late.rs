//! Service entered afterwards from a sheet (补录): soon, with two names under it, and marked for ever.

use super::policy::Counting;
use crate::domain::{calendar::Calendar, time::Day};

/// Why a sheet is not entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LateRefusal {
    /// The day has not come.
    #[error("the day has not come")]
    Future,
    /// More working days have passed than the policy allows.
    #[error("its last day was {0}")]
    TooLate(Day),
    /// There is no number of a sheet.
    #[error("the sheet has no number")]
    NoSheet,
}

/// The last day on which service of `served_on` may be entered.
#[must_use]
pub fn last_day(counting: &Counting, calendar: &Calendar, served_on: Day) -> Day {
    calendar.working_days_after(served_on, counting.late_working_days)
}

/// Whether a sheet of `served_on` may be entered on `today`.
///
/// # Errors
/// When the day is not over, too long over, or no sheet is named.
pub fn check(
    counting: &Counting,
    calendar: &Calendar,
    (served_on, today): (Day, Day),
    sheet: &str,
) -> Result<(), LateRefusal> {
    if served_on > today {
        return Err(LateRefusal::Future);
    }
    let last = last_day(counting, calendar, served_on);
    if today > last {
        return Err(LateRefusal::TooLate(last));
    }
    if sheet.trim().is_empty() { Err(LateRefusal::NoSheet) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timebank::policy::{DEFAULT, Policies};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_sheet_is_entered_within_ten_working_days() {
        let counting = Policies::shipped().by_code(DEFAULT).unwrap().counting;
        let calendar = Calendar::shipped();
        let check =
            |served, today, sheet| super::check(&counting, &calendar, (day(served), day(today)), sheet);
        // ten working days over the national holiday of 2026: 28–30 September, 8–10 and 12–15 October
        assert_eq!(last_day(&counting, &calendar, day("2026-09-26")), day("2026-10-15"));
        assert_eq!(check("2026-09-26", "2026-10-15", "S-12"), Ok(()));
        assert_eq!(check("2026-09-26", "2026-10-16", "S-12"), Err(LateRefusal::TooLate(day("2026-10-15"))));
        assert_eq!(check("2026-09-26", "2026-09-26", "S-12"), Ok(()));
        assert_eq!(check("2026-09-27", "2026-09-26", "S-12"), Err(LateRefusal::Future));
        assert_eq!(check("2026-09-26", "2026-09-28", " "), Err(LateRefusal::NoSheet));
    }
}
