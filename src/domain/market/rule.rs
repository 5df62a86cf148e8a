//! One rule of a counter's days: which days, and from when to when. Read from what people write, and written so that it
//! reads back the same. Holds no counters.

use std::{collections::BTreeSet, fmt, str::FromStr};

use unicode_normalization::UnicodeNormalization;

use crate::domain::{lunar, time::Day, wording::vocabulary};

/// The most days that one rule may list.
pub const LISTED_MAX: usize = 100;
/// The longest cycle, in days.
const CYCLE_MAX: i32 = 366;
const MINUTES_PER_DAY: u16 = 1_440;

vocabulary! {
    /// What kind of days a rule means.
    RuleKind {
        /// Every day.
        EveryDay = "every_day", "每天", "every day";
        /// Days of the week, 1 for Monday to 7.
        Weekdays = "weekdays", "星期几", "days of the week";
        /// Days of the month by number.
        MonthDays = "month_days", "公历每月几日", "days of the month";
        /// Days listed one by one.
        Dates = "dates", "指定日期", "given dates";
        /// Lunar days: `1` of every month, `12-23` of one.
        LunarDays = "lunar_days", "农历日子", "lunar days";
        /// Days of the month whose number ends in a digit.
        SolarDigits = "solar_digits", "公历逢几", "days of the month ending in";
        /// Lunar days whose number ends in a digit.
        LunarDigits = "lunar_digits", "农历逢几", "lunar days ending in";
        /// Every so many days from a day on: `2026-11-01/5`.
        Cycle = "cycle", "几天一集", "every so many days";
    }
}

/// From when to when, in minutes of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    opens: u16,
    closes: u16,
}

impl Hours {
    /// From minute to minute of the day; nothing unless it closes after it opens.
    #[must_use]
    pub fn new(opens: u16, closes: u16) -> Option<Self> {
        (opens < closes && closes <= MINUTES_PER_DAY).then_some(Self { opens, closes })
    }

    /// From times of day as people write them: `8:00`, `11:30`.
    ///
    /// # Errors
    /// [`InvalidRule::Hours`]
    pub fn parse(opens: &str, closes: &str) -> Result<Self, InvalidRule> {
        let minutes = |text: &str| {
            let text: String = text.nfkc().collect();
            let (h, m) = text.trim().split_once(':')?;
            let (h, m): (u16, u16) = (h.parse().ok()?, m.parse().ok()?);
            (h <= 24 && m < 60).then_some(h * 60 + m)
        };
        let both = minutes(opens).zip(minutes(closes)).and_then(|(a, b)| Self::new(a, b));
        both.ok_or_else(|| InvalidRule::Hours(format!("{opens}-{closes}")))
    }

    /// When it opens.
    #[must_use]
    pub const fn opens(self) -> u16 {
        self.opens
    }

    /// When it closes.
    #[must_use]
    pub const fn closes(self) -> u16 {
        self.closes
    }

    /// `08:00`.
    #[must_use]
    pub fn opens_text(self) -> String {
        clock(self.opens)
    }

    /// `11:30`.
    #[must_use]
    pub fn closes_text(self) -> String {
        clock(self.closes)
    }
}

/// `08:05` of a minute of the day.
#[must_use]
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", clock(self.opens), clock(self.closes))
    }
}

/// A lunar day, of every month or of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LunarDate {
    /// Only of this month; never of its leap month.
    pub month: Option<u8>,
    /// 1 to 30.
    pub day: u8,
}

/// Which days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Every one.
    EveryDay,
    /// By day of the week.
    Weekdays(BTreeSet<u8>),
    /// By day of the month.
    MonthDays(BTreeSet<u8>),
    /// One by one.
    Dates(BTreeSet<Day>),
    /// By the lunar calendar.
    LunarDays(BTreeSet<LunarDate>),
    /// By the last digit of the day of the month.
    SolarDigits(BTreeSet<u8>),
    /// By the last digit of the lunar day.
    LunarDigits(BTreeSet<u8>),
    /// Every so many days.
    Cycle {
        /// From this day on.
        first: Day,
        /// How many.
        every: i32,
    },
}

/// A rule of a counter's days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningRule {
    /// Which days.
    pub when: When,
    /// From when to when.
    pub hours: Hours,
}

/// Why a rule cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRule {
    /// There is no such kind of rule.
    #[error("{0}: no such kind of rule")]
    Kind(String),
    /// These days cannot be.
    #[error("{0}: not days of this kind")]
    Days(String),
    /// These hours cannot be.
    #[error("{0}: not hours of a day")]
    Hours(String),
}

fn listed<V: Ord>(text: &str, read: impl Fn(&str) -> Option<V>) -> Option<BTreeSet<V>> {
    let parts = text.split([',', '、', ';', ' ', '\n', '\r', '\t']).filter(|part| !part.is_empty());
    let all: BTreeSet<V> = parts.map(read).collect::<Option<_>>()?;
    (1..=LISTED_MAX).contains(&all.len()).then_some(all)
}

fn number(text: &str, low: u8, high: u8) -> Option<u8> {
    text.parse().ok().filter(|n| (low..=high).contains(n))
}

fn lunar_date(text: &str) -> Option<LunarDate> {
    match text.split_once('-') {
        None => Some(LunarDate { month: None, day: number(text, 1, 30)? }),
        Some((month, day)) => {
            Some(LunarDate { month: Some(number(month, 1, 12)?), day: number(day, 1, 30)? })
        }
    }
}

fn cycle(text: &str) -> Option<When> {
    let (first, every) = text.split_once('/')?;
    let every = every.trim().parse().ok().filter(|n| (2..=CYCLE_MAX).contains(n))?;
    Some(When::Cycle { first: first.trim().parse().ok()?, every })
}

impl When {
    /// Reads the days of a kind of rule.
    ///
    /// # Errors
    /// [`InvalidRule::Days`]
    pub fn parse(kind: RuleKind, text: &str) -> Result<Self, InvalidRule> {
        let folded: String = text.nfkc().collect();
        let digits = |text: &str| listed(text, |t| number(t, 0, 9));
        let read = match kind {
            RuleKind::EveryDay => Some(Self::EveryDay),
            RuleKind::Weekdays => listed(&folded, |t| number(t, 1, 7)).map(Self::Weekdays),
            RuleKind::MonthDays => listed(&folded, |t| number(t, 1, 31)).map(Self::MonthDays),
            RuleKind::Dates => listed(&folded, |t| t.parse().ok()).map(Self::Dates),
            RuleKind::LunarDays => listed(&folded, lunar_date).map(Self::LunarDays),
            RuleKind::SolarDigits => digits(&folded).map(Self::SolarDigits),
            RuleKind::LunarDigits => digits(&folded).map(Self::LunarDigits),
            RuleKind::Cycle => cycle(&folded),
        };
        read.ok_or_else(|| InvalidRule::Days(text.to_owned()))
    }

    /// What kind of days.
    #[must_use]
    pub const fn kind(&self) -> RuleKind {
        match self {
            Self::EveryDay => RuleKind::EveryDay,
            Self::Weekdays(_) => RuleKind::Weekdays,
            Self::MonthDays(_) => RuleKind::MonthDays,
            Self::Dates(_) => RuleKind::Dates,
            Self::LunarDays(_) => RuleKind::LunarDays,
            Self::SolarDigits(_) => RuleKind::SolarDigits,
            Self::LunarDigits(_) => RuleKind::LunarDigits,
            Self::Cycle { .. } => RuleKind::Cycle,
        }
    }

    /// Whether a day is one of them. Of a day outside the lunar table no lunar rule is true.
    #[must_use]
    pub fn matches(&self, day: Day) -> bool {
        match self {
            Self::EveryDay => true,
            Self::Weekdays(days) => days.contains(&day.weekday()),
            Self::MonthDays(days) => days.contains(&day.ymd().2),
            Self::Dates(days) => days.contains(&day),
            Self::LunarDays(days) => lunar::of(day).is_some_and(|l| {
                let here = |d: &LunarDate| d.month.is_none_or(|m| m == l.month && !l.leap) && d.day == l.day;
                days.iter().any(here)
            }),
            Self::SolarDigits(digits) => digits.contains(&(day.ymd().2 % 10)),
            Self::LunarDigits(digits) => lunar::of(day).is_some_and(|l| digits.contains(&(l.day % 10))),
            Self::Cycle { first, every } => {
                let gone = day.number() - first.number();
                gone >= 0 && gone % every == 0
            }
        }
    }
}

fn join<V: ToString>(all: &BTreeSet<V>) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

impl fmt::Display for LunarDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.month {
            Some(month) => write!(f, "{month}-{}", self.day),
            None => write!(f, "{}", self.day),
        }
    }
}

/// The days as they are read: `3,6`, `12-23`, `2026-11-01/5`.
impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EveryDay => Ok(()),
            Self::Weekdays(n) | Self::MonthDays(n) | Self::SolarDigits(n) | Self::LunarDigits(n) => {
                f.write_str(&join(n))
            }
            Self::Dates(days) => f.write_str(&join(days)),
            Self::LunarDays(days) => f.write_str(&join(days)),
            Self::Cycle { first, every } => write!(f, "{first}/{every}"),
        }
    }
}

impl OpeningRule {
    /// Whether a day is one of this rule.
    #[must_use]
    pub fn matches(&self, day: Day) -> bool {
        self.when.matches(day)
    }
}

/// As it is stored: kind, days, hours.
impl fmt::Display for OpeningRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}|{}|{}|{}",
            self.when.kind(),
            self.when,
            clock(self.hours.opens),
            clock(self.hours.closes)
        )
    }
}

impl FromStr for OpeningRule {
    type Err = InvalidRule;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('|');
        let mut next = || parts.next().unwrap_or_default();
        let (kind, days, opens, closes) = (next(), next(), next(), next());
        let kind: RuleKind = kind.parse().map_err(|_| InvalidRule::Kind(kind.to_owned()))?;
        Ok(Self { when: When::parse(kind, days)?, hours: Hours::parse(opens, closes)? })
    }
}
