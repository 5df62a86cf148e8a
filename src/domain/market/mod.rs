//! When a counter opens (赶集日 / 兑换日): rules of days with their hours, one calendar after another, and days that are
//! otherwise. A counter without a calendar is open always. Holds no figures of a day: those are in [`super::turnout`].
//!
//! * [`rule`] — which days a rule means

use std::collections::BTreeMap;

use super::time::{Day, Timestamp};

pub mod rule;

pub use rule::{Hours, InvalidRule, LunarDate, OpeningRule, RuleKind, When};

/// The most rules of one calendar.
pub const RULES_MAX: usize = 8;
/// How far ahead an opening day is looked for: a day that comes once in a lunar year, and its leap month.
pub const AHEAD_DAYS_MAX: i32 = 400;
/// Microseconds in a minute.
const MICROS_PER_MINUTE: i64 = 60_000_000;

/// What a counter's days go by from some day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningCalendar {
    /// A day is a market day when one of them says so.
    pub rules: Vec<OpeningRule>,
    /// Nothing is handed over on other days.
    pub refuse_outside: bool,
}

super::wording::vocabulary! {
    /// How a single day is, other than by the calendar.
    Otherwise {
        /// The counter opens.
        Open = "open", "加开", "opens";
        /// It stays shut.
        Closed = "closed", "停开", "stays shut";
        /// As the calendar says after all.
        Usual = "usual", "照常", "as usual";
    }
}

/// A single day that is otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exception {
    /// The counter opens, for so long.
    Open(Hours, String),
    /// It stays shut, and why.
    Closed(String),
}

/// Whether a counter opens on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// Nobody set days: it is open always.
    Always,
    /// It opens.
    Open {
        /// From when to when, in order.
        hours: Vec<Hours>,
        /// The rules that say so; none when it opens beyond them.
        rules: Vec<OpeningRule>,
        /// Why it opens beyond them.
        reason: Option<String>,
    },
    /// It stays shut.
    Shut {
        /// Why, where that was said.
        reason: Option<String>,
    },
}

impl Opening {
    /// Whether somebody may come.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self, Self::Shut { .. })
    }

    /// When it closes for the last time, in minutes of the day.
    fn closes(&self) -> Option<u16> {
        match self {
            Self::Open { hours, .. } => hours.iter().map(|h| h.closes()).max(),
            Self::Always | Self::Shut { .. } => None,
        }
    }
}

/// A day on which a counter opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketDay {
    /// The day.
    pub day: Day,
    /// How.
    pub opening: Opening,
}

/// All that was ever said about a counter's days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Openings {
    /// Calendars with their first days, in the order in which they were entered.
    calendars: Vec<(Day, OpeningCalendar)>,
    exceptions: BTreeMap<Day, Exception>,
}

impl Openings {
    /// From the calendars and the exceptions in the order in which they were entered: of two about one day the later
    /// holds.
    #[must_use]
    pub fn new(
        calendars: Vec<(Day, OpeningCalendar)>,
        exceptions: impl IntoIterator<Item = (Day, Option<Exception>)>,
    ) -> Self {
        let mut days = BTreeMap::new();
        for (day, exception) in exceptions {
            match exception {
                Some(exception) => days.insert(day, exception),
                None => days.remove(&day),
            };
        }
        Self { calendars, exceptions: days }
    }

    /// The calendar of a day: the last one entered of those that had begun.
    #[must_use]
    pub fn calendar_on(&self, day: Day) -> Option<&OpeningCalendar> {
        self.calendars.iter().rev().find(|(first, _)| *first <= day).map(|(_, calendar)| calendar)
    }

    /// Whether the counter opens on a day.
    #[must_use]
    pub fn on(&self, day: Day) -> Opening {
        match self.exceptions.get(&day) {
            Some(Exception::Closed(reason)) => return Opening::Shut { reason: Some(reason.clone()) },
            Some(Exception::Open(hours, reason)) => {
                return Opening::Open {
                    hours: vec![*hours],
                    rules: Vec::new(),
                    reason: Some(reason.clone()),
                };
            }
            None => {}
        }
        let Some(calendar) = self.calendar_on(day) else { return Opening::Always };
        let rules: Vec<OpeningRule> = calendar.rules.iter().filter(|r| r.matches(day)).cloned().collect();
        if rules.is_empty() {
            return Opening::Shut { reason: None };
        }
        let mut hours: Vec<Hours> = rules.iter().map(|rule| rule.hours).collect();
        hours.sort_unstable();
        hours.dedup();
        Opening::Open { hours, rules, reason: None }
    }

    /// Whether nothing may be handed over on a day: it is no market day, and the calendar says to refuse.
    #[must_use]
    pub fn refuses(&self, day: Day) -> bool {
        !self.on(day).is_open() && self.calendar_on(day).is_some_and(|calendar| calendar.refuse_outside)
    }

    /// The first day from `from` on on which the counter opens.
    #[must_use]
    pub fn next_from(&self, from: Day) -> Option<MarketDay> {
        (0..=AHEAD_DAYS_MAX).map(|n| from.plus(n)).find_map(|day| {
            let opening = self.on(day);
            opening.is_open().then_some(MarketDay { day, opening })
        })
    }

    /// The next day on which somebody may come: today as long as it has not closed for the last time.
    #[must_use]
    pub fn next_at(&self, now: Timestamp) -> Option<MarketDay> {
        let today = now.day();
        let minute = now.micros_of_day() / MICROS_PER_MINUTE;
        let over = self.on(today).closes().is_some_and(|closes| i64::from(closes) <= minute);
        self.next_from(if over { today.plus(1) } else { today })
    }

    /// Whether nobody ever said anything: the counter is open always.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.calendars.is_empty() && self.exceptions.is_empty()
    }
}

#[cfg(test)]
mod tests;
