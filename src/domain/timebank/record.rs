//! The record of a volunteer's services (志愿服务记录) by the measures of 2021: what each service says, when it was written
//! down too late, how its time reads in hours. Holds no certificate and no posting.

use super::{ServiceKind, policy::HOUR};
use crate::domain::{calendar::Calendar, lang::Lang, time::Day, wording::vocabulary};

/// Working days within which a service is put on record, and a request to put one right is decided.
pub const RECORD_WORKING_DAYS: u32 = 10;

vocabulary! {
    /// What stands in a record beside the services.
    MeritKind {
        /// A training.
        Training = "training", "培训", "training";
        /// A commendation.
        Commendation = "commendation", "表彰奖励", "commendation";
    }
}

vocabulary! {
    /// Where an entry of a training or a commendation stands.
    MeritState {
        /// A second person has yet to see the paper.
        Waiting = "waiting", "待复核", "waiting for a second person";
        /// It stands in the record.
        Agreed = "agreed", "已记录", "on record";
        /// The second person did not find it so.
        Refused = "refused", "不予记录", "not put on record";
    }
}

/// The last day on which a service of `served_on` is recorded in time.
#[must_use]
pub fn record_by(calendar: &Calendar, served_on: Day) -> Day {
    calendar.working_days_after(served_on, RECORD_WORKING_DAYS)
}

/// Whether a service was written down too late.
#[must_use]
pub fn is_late(calendar: &Calendar, served_on: Day, recorded_on: Day) -> bool {
    recorded_on > record_by(calendar, served_on)
}

/// Minutes as hours, for files of other programs: exact, or nothing where two decimals cannot say it.
#[must_use]
pub fn decimal_hours(minutes: i64) -> Option<String> {
    let hundredths = minutes.checked_mul(100)?;
    (hundredths % HOUR == 0).then(|| {
        let hundredths = hundredths / HOUR;
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    })
}

/// What a service was: one of the kinds the program knows, or the words that stood in the rules.
#[must_use]
pub fn activity(kind: &str, words: &str, lang: Lang) -> String {
    match kind.parse::<ServiceKind>() {
        Ok(kind) => kind.words().text(lang).to_owned(),
        Err(_) if words.is_empty() => kind.to_owned(),
        Err(_) => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_down_after_ten_working_days_is_late() {
        let calendar = Calendar::shipped();
        let day = |text: &str| -> Day { text.parse().unwrap() };
        assert_eq!(record_by(&calendar, day("2026-09-26")), day("2026-10-15"));
        assert!(!is_late(&calendar, day("2026-09-26"), day("2026-10-15")));
        assert!(is_late(&calendar, day("2026-09-26"), day("2026-10-16")));
    }

    #[test]
    fn a_kind_reads_in_both_languages_and_an_item_as_the_rules_say_it() {
        assert_eq!(activity("cleaning", "助洁", Lang::En), "cleaning");
        assert_eq!(activity("C3", "清扫村道", Lang::En), "清扫村道");
        assert_eq!(activity("C3", "", Lang::Zh), "C3");
    }

    proptest! {
        #[test]
        fn hours_in_two_decimals_say_the_minutes_exactly_or_nothing(minutes in 0_i64..1_000_000) {
            match decimal_hours(minutes) {
                Some(text) => {
                    let (whole, part) = text.split_once('.').unwrap();
                    let hundredths: i64 = whole.parse::<i64>().unwrap() * 100 + part.parse::<i64>().unwrap();
                    prop_assert_eq!(hundredths * 60, minutes * 100);
                }
                None => prop_assert!(minutes % 3 != 0),
            }
        }
    }
}
