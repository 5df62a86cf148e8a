//! Working days: weekends, statutory holidays and make-up workdays, read from `rules/calendar.toml`.
//! Holds no clocks of single notices (see [`crate::domain::notice`]): only when one that starts now would end.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{
    ruleset::NoticeMode,
    time::{Day, Timestamp},
};

const SHIPPED: &str = include_str!("../../rules/calendar.toml");
/// Saturday, as [`Day::weekday`] counts.
const SATURDAY: u8 = 6;
/// The longest span of days one entry may cover.
const MAX_SPAN_DAYS: i32 = 31;
/// The most calendar days looked through for the end of a notice.
const MAX_SEARCH_DAYS: i32 = 3_660;

/// What is wrong with a calendar file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not TOML, or not in this shape.
    #[error("the calendar cannot be read: {0}")]
    Unreadable(String),
    /// Not a day or a span of days of its year.
    #[error("“{text}” is not a day of {year}, nor a span such as {year}-10-01..{year}-10-07")]
    NotADay {
        /// As written.
        text: String,
        /// The year it stands under.
        year: i32,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: Vec<RawYear>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawYear {
    year: i32,
    source: String,
    published: bool,
    holidays: Vec<String>,
    workdays: Vec<String>,
}

/// Where a year's days come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearSource {
    /// The document.
    pub source: String,
    /// Whether the year's arrangement had been announced: if not, only the days fixed by law are known.
    pub published: bool,
}

/// The working days of the years it covers; elsewhere, Monday to Friday.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    years: BTreeMap<i32, YearSource>,
    holidays: BTreeSet<Day>,
    workdays: BTreeSet<Day>,
}

impl Calendar {
    /// The one shipped with the program.
    #[must_use]
    pub fn shipped() -> Self {
        // A test reads the shipped file; weekends alone are the safe side of a notice if it could not be read.
        Self::parse(SHIPPED).unwrap_or_default()
    }

    /// Reads a calendar file.
    ///
    /// # Errors
    /// The first thing in it that cannot be read.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let file: File = toml::from_str(text).map_err(|e| CalendarError::Unreadable(e.to_string()))?;
        let mut calendar = Self::default();
        for year in file.year {
            for text in &year.holidays {
                calendar.holidays.extend(span(text, year.year)?);
            }
            for text in &year.workdays {
                calendar.workdays.extend(span(text, year.year)?);
            }
            calendar.years.insert(year.year, YearSource { source: year.source, published: year.published });
        }
        Ok(calendar)
    }

    /// Where the days of that year come from; nothing if only its weekends are known.
    #[must_use]
    pub fn source(&self, year: i32) -> Option<&YearSource> {
        self.years.get(&year)
    }

    /// Whether offices work on that day.
    #[must_use]
    pub fn is_working_day(&self, day: Day) -> bool {
        self.workdays.contains(&day) || (day.weekday() < SATURDAY && !self.holidays.contains(&day))
    }

    /// When a notice of so many days that starts at `start` ends: at the same time of day. Calendar days are 24
    /// hours each; of working days, the first is the one after the start.
    #[must_use]
    pub fn notice_end(&self, start: Timestamp, days: u32, mode: NoticeMode) -> Timestamp {
        match mode {
            NoticeMode::Calendar => start.plus_days(i64::from(days)),
            NoticeMode::Working => self.working_days_after(start.day(), days).at_time_of(start),
        }
    }

    /// The `days`-th working day after `start`; `start` itself for none.
    #[must_use]
    pub fn working_days_after(&self, start: Day, days: u32) -> Day {
        let mut left = days;
        let mut day = start;
        for _ in 0..MAX_SEARCH_DAYS {
            if left == 0 {
                break;
            }
            day = day.plus(1);
            if self.is_working_day(day) {
                left -= 1;
            }
        }
        day
    }
}

/// `2026-10-01` or `2026-10-01..2026-10-07`, all in `year`.
fn span(text: &str, year: i32) -> Result<Vec<Day>, CalendarError> {
    let wrong = || CalendarError::NotADay { text: text.to_owned(), year };
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let day = |text: &str| text.parse::<Day>().ok().filter(|day| day.ymd().0 == year).ok_or_else(wrong);
    let (first, last) = (day(first)?, day(last)?);
    let length = last.number() - first.number();
    if !(0..MAX_SPAN_DAYS).contains(&length) {
        return Err(wrong());
    }
    Ok((0..=length).map(|n| first.plus(n)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn working(text: &str) -> bool {
        Calendar::parse(SHIPPED).unwrap().is_working_day(text.parse().unwrap())
    }

    #[test]
    fn holidays_rest_and_make_up_days_work() {
        assert!(!working("2026-02-16"), "a Monday in the Spring Festival");
        assert!(working("2026-02-14"), "a Saturday made up");
        assert!(!working("2026-10-03"));
        assert!(working("2026-10-08"));
        assert!(!working("2025-10-08"));
        assert!(working("2025-09-28"));
        assert!(!working("2026-11-22"), "a Sunday");
        assert!(!working("2027-02-05"), "the eve of the Spring Festival, fixed by law");
        assert!(working("2031-10-02"), "a year nobody has entered has weekends only");
    }

    #[test]
    fn a_year_says_whether_its_arrangement_was_announced() {
        let calendar = Calendar::shipped();
        assert!(calendar.source(2026).unwrap().published);
        assert!(!calendar.source(2027).unwrap().published);
        assert_eq!(calendar.source(2031), None);
    }

    #[test]
    fn thirteen_days_are_fixed_by_law_and_every_make_up_day_is_a_weekend() {
        let calendar = Calendar::shipped();
        assert_eq!(calendar.holidays.iter().filter(|d| d.ymd().0 == 2027).count(), 13);
        assert!(calendar.workdays.iter().all(|d| d.weekday() >= SATURDAY));
        assert!(calendar.workdays.is_disjoint(&calendar.holidays));
    }

    #[test]
    fn seven_calendar_days_end_at_the_same_time_of_day() {
        let start: Timestamp = "2026-06-03T18:00:00+08:00".parse().unwrap();
        let end = Calendar::shipped().notice_end(start, 7, NoticeMode::Calendar);
        assert_eq!(end.minute(), "2026-06-10 18:00");
    }

    #[test]
    fn working_days_pass_over_the_festival_and_count_the_make_up_day() {
        let start: Timestamp = "2026-09-24T18:00:00+08:00".parse().unwrap();
        let end = Calendar::shipped().notice_end(start, 5, NoticeMode::Working);
        assert_eq!(end.minute(), "2026-10-09 18:00", "28, 29, 30 September, 8 and 9 October");
        let start: Timestamp = "2026-10-09T09:00:00+08:00".parse().unwrap();
        let end = Calendar::shipped().notice_end(start, 1, NoticeMode::Working);
        assert_eq!(end.minute(), "2026-10-10 09:00", "a Saturday made up");
    }

    #[test]
    fn a_day_that_does_not_exist_is_named() {
        let text = "[[year]]\nyear = 2026\nsource = \"x\"\npublished = true\nholidays = [\"2026-02-30\"]\nworkdays = []\n";
        let error = Calendar::parse(text).unwrap_err();
        assert_eq!(error, CalendarError::NotADay { text: "2026-02-30".to_owned(), year: 2026 });
        assert!(matches!(Calendar::parse("year = 3"), Err(CalendarError::Unreadable(_))));
    }
}
