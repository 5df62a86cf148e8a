//! Working days: weekends, statutory holidays and make-up workdays, read from `rules/calendar.toml` and, where an
//! installation has one, a file of its own.
//! Holds no clocks of single notices (see [`crate::domain::notice`]): only when one that starts now would end.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{
    ruleset::NoticeMode,
    time::{Day, MICROS_PER_DAY, Timestamp},
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
    /// One year, two arrangements.
    #[error("the year {0} stands there twice")]
    YearTwice(i32),
    /// A day off and a day of work.
    #[error("{0} is both a holiday and a make-up workday")]
    Both(Day),
    /// A make-up workday is made up at a weekend.
    #[error("{0} is no weekend: it is a working day already, or a holiday to be left out")]
    NoWeekend(Day),
    /// It says of no year how it is.
    #[error("no year stands there")]
    Empty,
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
    /// The first thing in it that cannot be read, or cannot be so.
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
            let source = YearSource { source: year.source, published: year.published };
            if calendar.years.insert(year.year, source).is_some() {
                return Err(CalendarError::YearTwice(year.year));
            }
        }
        if calendar.years.is_empty() {
            return Err(CalendarError::Empty);
        }
        if let Some(day) = calendar.workdays.intersection(&calendar.holidays).next() {
            return Err(CalendarError::Both(*day));
        }
        match calendar.workdays.iter().find(|day| day.weekday() < SATURDAY) {
            Some(day) => Err(CalendarError::NoWeekend(*day)),
            None => Ok(calendar),
        }
    }

    /// This calendar with the years of `newer` in place of its own; the other years stay.
    #[must_use]
    pub fn with(mut self, newer: Self) -> Self {
        let other = |day: &Day| !newer.years.contains_key(&day.ymd().0);
        self.holidays.retain(other);
        self.workdays.retain(other);
        self.holidays.extend(newer.holidays);
        self.workdays.extend(newer.workdays);
        self.years.extend(newer.years);
        self
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

    /// What is left at `now` of a notice that runs until `until`: of working days, so many after today, and what the
    /// time of day differs by. Nothing, once it has run out.
    #[must_use]
    pub fn left(&self, now: Timestamp, until: Timestamp, mode: NoticeMode) -> i64 {
        match mode {
            _ if until.since(now) <= 0 => 0,
            NoticeMode::Calendar => until.since(now),
            NoticeMode::Working => {
                let (today, last) = (now.day().number(), until.day().number());
                let ahead = (today..last).take(usize::try_from(MAX_SEARCH_DAYS).unwrap_or(0));
                let days = ahead.filter(|n| self.is_working_day(Day::from_number(n + 1))).count();
                let whole = i64::try_from(days).unwrap_or(0).saturating_mul(MICROS_PER_DAY);
                (whole + until.micros_of_day() - now.micros_of_day()).max(0)
            }
        }
    }

    /// When a notice ends that goes on at `now` with what was left: as one of so many days that starts now would.
    #[must_use]
    pub fn ends_with(&self, now: Timestamp, left: i64, mode: NoticeMode) -> Timestamp {
        match mode {
            NoticeMode::Calendar => Timestamp::from_micros(now.micros().saturating_add(left)),
            NoticeMode::Working => {
                let total = left.saturating_add(now.micros_of_day());
                let days = u32::try_from(total.div_euclid(MICROS_PER_DAY)).unwrap_or(0);
                let start = self.working_days_after(now.day(), days).start();
                Timestamp::from_micros(start.micros().saturating_add(total.rem_euclid(MICROS_PER_DAY)))
            }
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

    /// 8 October 2026 is a Thursday; what is left of a sheet is kept over days on which nobody works.
    #[test]
    fn what_is_left_are_working_days_and_the_time_of_day() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let calendar = Calendar::shipped();
        let again = |stopped: &str, until: &str, resumed: &str| {
            let left = calendar.left(at(stopped), at(until), NoticeMode::Working);
            calendar.ends_with(at(resumed), left, NoticeMode::Working).minute()
        };
        let (objected, until) = ("2026-10-08T18:00:00+08:00", "2026-10-09T18:00:00+08:00");
        assert_eq!(again(objected, until, "2026-10-16T18:00:00+08:00"), "2026-10-19 18:00");
        // over the National Day, dismissed in it
        let (objected, until) = ("2026-09-30T18:00:00+08:00", "2026-10-10T18:00:00+08:00");
        assert_eq!(again(objected, until, "2026-10-05T12:00:00+08:00"), "2026-10-10 12:00");
        assert_eq!(again(objected, until, "2026-10-12T09:30:00+08:00"), "2026-10-15 09:30");
        assert_eq!(calendar.left(at(until), at(objected), NoticeMode::Working), 0);
    }

    /// Walks on day by day, as a finger on a wall calendar does.
    fn naive(calendar: &Calendar, from: Day, mut days: usize) -> Day {
        let mut day = from;
        while days > 0 {
            day = day.plus(1);
            let holiday = calendar.holidays.contains(&day);
            let weekend = day.weekday() == 6 || day.weekday() == 7;
            if calendar.workdays.contains(&day) || !(holiday || weekend) {
                days -= 1;
            }
        }
        day
    }

    proptest::proptest! {
        /// Stopped and let go on again and again, a notice still hangs for all its days: as many as it was given after
        /// the last time it went on, less those it hung for before.
        #[test]
        fn however_often_it_is_stopped_a_notice_hangs_for_all_its_working_days(
            first in 0..900_i32, hour in 0..24_i64, days in 1..12_usize,
            stops in proptest::collection::vec((0..12_usize, 0..40_i32), 0..6),
        ) {
            let calendar = Calendar::shipped();
            let mode = NoticeMode::Working;
            let start: Day = "2025-01-01".parse().unwrap();
            let at = |day: Day| day.start().plus_seconds(hour * 3_600);
            let mut day = start.plus(first);
            let mut left = days;
            let mut until = calendar.notice_end(at(day), u32::try_from(days).unwrap(), mode);
            for (hung, frozen) in stops {
                let hung = hung.min(left);
                let stopped = naive(&calendar, day, hung);
                left -= hung;
                let micros = calendar.left(at(stopped), until, mode);
                proptest::prop_assert_eq!(micros, i64::try_from(left).unwrap() * MICROS_PER_DAY);
                day = stopped.plus(frozen);
                if left == 0 {
                    return Ok(());
                }
                until = calendar.ends_with(at(day), micros, mode);
                proptest::prop_assert_eq!(until, at(naive(&calendar, day, left)));
            }
        }

        /// To the minute: what is left when it goes on is what was left when it stopped, and stopping alone moves nothing.
        #[test]
        fn nothing_is_lost_or_won_by_a_stop(
            first in 0..900_i32, started in 0..1_440_i64, days in 1..12_u32, waited in 0..20_000_i64,
            frozen in 0..60_000_i64,
        ) {
            let calendar = Calendar::shipped();
            let mode = NoticeMode::Working;
            let start: Day = "2025-01-01".parse().unwrap();
            let start = start.plus(first).start().plus_seconds(started * 60);
            let until = calendar.notice_end(start, days, mode);
            let stopped = start.plus_seconds(waited * 60);
            let left = calendar.left(stopped, until, mode);
            if stopped < until {
                proptest::prop_assert_eq!(calendar.ends_with(stopped, left, mode), until);
            } else {
                proptest::prop_assert_eq!(left, 0);
            }
            let again = stopped.plus_seconds(frozen * 60);
            proptest::prop_assert_eq!(calendar.left(again, calendar.ends_with(again, left, mode), mode), left);
        }
    }

    #[test]
    fn a_newer_file_takes_the_place_of_its_years_and_of_no_other() {
        let year = |year: i32, holidays: &str, workdays: &str| {
            format!(
                "[[year]]\nyear = {year}\nsource = \"x\"\npublished = true\nholidays = [{holidays}]\nworkdays = [{workdays}]\n"
            )
        };
        let newer = Calendar::parse(&year(2027, "\"2027-10-01..2027-10-07\"", "\"2027-10-09\"")).unwrap();
        let both = Calendar::shipped().with(newer);
        let works = |day: &str| both.is_working_day(day.parse().unwrap());
        assert!(!works("2027-10-06") && works("2027-10-09") && works("2027-04-05"));
        assert!(!works("2026-10-06"), "another year");
        assert!(both.source(2027).unwrap().published);
        let wrong = |text: &str| Calendar::parse(text).unwrap_err();
        let twice = [year(2027, "", ""), year(2027, "", "")].concat();
        assert_eq!(wrong(&twice), CalendarError::YearTwice(2027));
        let saturday: Day = "2027-10-09".parse().unwrap();
        assert_eq!(wrong(&year(2027, "\"2027-10-09\"", "\"2027-10-09\"")), CalendarError::Both(saturday));
        assert_eq!(wrong(&year(2027, "", "\"2027-10-08\"")), CalendarError::NoWeekend(saturday.plus(-1)));
        assert_eq!(wrong("year = []"), CalendarError::Empty);
    }

    #[test]
    fn a_day_that_does_not_exist_is_named() {
        let text = "[[year]]\nyear = 2026\nsource = \"x\"\npublished = true\nholidays = [\"2026-02-30\"]\nworkdays = []\n";
        let error = Calendar::parse(text).unwrap_err();
        assert_eq!(error, CalendarError::NotADay { text: "2026-02-30".to_owned(), year: 2026 });
        assert!(matches!(Calendar::parse("year = 3"), Err(CalendarError::Unreadable(_))));
    }
}
