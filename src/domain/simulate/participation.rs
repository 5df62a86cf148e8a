//! Participation as people state it (参与情况): of each item how many households are ready to take part, how often and how
//! much. It says what happens; what of it counts is for the rules to say. Read from a small TOML file. Holds no rules.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, de::Error as _};

use super::{Fact, MONTHS, Village, months_later};
use crate::domain::time::Day;

/// The households an item starts from, as a part of a million of the village for each item before it: the golden section,
/// so that items begin as far from each other as they can and no household is first in everything.
const STRIDE: u64 = 618_034;
/// Households of a village that is tried.
const HOUSEHOLDS_MAX: u32 = 5_000;
/// Occurrences in a month.
const TIMES_MAX: u32 = 31;
/// Lines of a file.
const LINES_MAX: usize = 500;
/// No month is longer for this purpose, so that every month has every day.
const MONTH_DAYS: u32 = 28;

/// RS-1's participation, as shipped: file name and text.
#[must_use]
pub const fn shipped() -> (&'static str, &'static str) {
    ("rural-village.participation.toml", include_str!("../../../rules/rural-village.participation.toml"))
}

/// A village in figures. Households are dealt to the groups in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Households.
    pub households: u32,
    /// Villagers' groups.
    pub groups: u32,
    /// People of a household.
    pub people: u32,
}

/// One line: who does what, how often.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The item.
    pub item: String,
    /// The grade, for an item that has grades.
    #[serde(default)]
    pub grade: Option<String>,
    /// How many households take part, in per cent of the village; rounded down.
    pub share: Share,
    /// In which months of the year; all if none is named.
    #[serde(default)]
    pub months: Vec<u8>,
    /// How often in such a month.
    #[serde(default = "one")]
    pub times: u32,
    /// How many people of the household each time.
    #[serde(default = "one")]
    pub people: u32,
    /// How much each time, in the unit of the item.
    #[serde(default = "once")]
    pub quantity: Amount,
    /// Everybody on one event: a meeting, a clean-up day. Otherwise each is one of its own.
    #[serde(default)]
    pub together: bool,
    /// A name for who does it: lines with the same one begin with the same households.
    #[serde(default)]
    pub who: Option<String>,
    /// Other households each month; otherwise always the same.
    #[serde(default)]
    pub turns: bool,
}

/// Per cent with at most four decimals: `25`, `0.5` or `"0.5"`.
pub type Share = Amount;

/// An exact number, as in a rule file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub Decimal);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Whole(i64),
            Real(f64),
            Quoted(String),
        }
        let text = match Written::deserialize(d)? {
            Written::Whole(number) => number.to_string(),
            Written::Real(number) => number.to_string(),
            Written::Quoted(text) => text,
        };
        text.parse().map(Self).map_err(|_| D::Error::custom(format!("{text}: not a number")))
    }
}

const fn one() -> u32 {
    1
}

const fn once() -> Amount {
    Amount(Decimal::ONE)
}

/// A whole file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Participation {
    /// The village it is stated for; any other may be tried with it.
    pub village: Size,
    /// Its lines.
    #[serde(rename = "line")]
    pub lines: Vec<Line>,
}

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is not such a file.
    #[error("line {line}: {detail}")]
    Unreadable {
        /// Where.
        line: usize,
        /// What the reader says.
        detail: String,
    },
    /// More lines than the program takes.
    #[error("more than {LINES_MAX} lines")]
    TooLong,
    /// A village without households, groups or people, or one too large.
    #[error("a village has 1 to {HOUSEHOLDS_MAX} households, and groups and people")]
    Village,
    /// A figure of a line is out of bounds.
    #[error("{item}: {field} is out of bounds")]
    Figure {
        /// Of which item.
        item: String,
        /// Which key.
        field: &'static str,
    },
}

/// Reads a file.
///
/// # Errors
/// What is wrong with it first.
pub fn parse(text: &str) -> Result<Participation, Unusable> {
    let read: Participation = toml::from_str(text).map_err(|e| {
        let at = e.span().map_or(0, |span| span.start);
        let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        Unusable::Unreadable { line, detail: e.message().to_owned() }
    })?;
    check_size(read.village)?;
    if read.lines.len() > LINES_MAX {
        return Err(Unusable::TooLong);
    }
    read.lines.iter().try_for_each(check_line)?;
    Ok(read)
}

fn check_size(size: Size) -> Result<(), Unusable> {
    let Size { households, groups, people } = size;
    let sound = (1..=HOUSEHOLDS_MAX).contains(&households)
        && (1..=households).contains(&groups)
        && (1..=20).contains(&people);
    if sound { Ok(()) } else { Err(Unusable::Village) }
}

fn check_line(line: &Line) -> Result<(), Unusable> {
    let bounds = [
        ("share", line.share.0 >= Decimal::ZERO && line.share.0 <= Decimal::ONE_HUNDRED),
        ("months", line.months.iter().all(|month| (1..=12).contains(month))),
        ("times", (1..=TIMES_MAX).contains(&line.times)),
        ("people", (1..=20).contains(&line.people)),
        ("quantity", line.quantity.0 > Decimal::ZERO),
    ];
    match bounds.into_iter().find(|(_, within)| !within) {
        Some((field, _)) => Err(Unusable::Figure { item: line.item.clone(), field }),
        None => Ok(()),
    }
}

impl Size {
    /// The village as quotas see it: the first groups have one household more where they cannot be equal.
    #[must_use]
    pub fn village(self) -> Village {
        let groups = (0..self.groups).map(|group| (self.households - group).div_ceil(self.groups.max(1)));
        Village { households: self.households, groups: groups.collect() }
    }
}

impl Participation {
    /// What happens in the twelve months from the month of `first`, in a village of that size, in the order of the days.
    #[must_use]
    pub fn facts(&self, size: Size, first: Day) -> Vec<Fact> {
        let mut facts: Vec<Fact> = Vec::new();
        for (place, line) in (0_u64..).zip(&self.lines) {
            let same = |other: &Line| line.who.is_some() && other.who == line.who;
            let like = (0_u64..).zip(&self.lines).find(|(_, other)| same(other)).map_or(place, |(n, _)| n);
            let start = like * STRIDE % 1_000_000 * u64::from(size.households) / 1_000_000;
            line.facts((place, start), size, first, &mut facts);
        }
        // stable: on one day the lines of the file follow each other
        facts.sort_by_key(|fact| fact.day);
        facts
    }
}

impl Line {
    fn facts(&self, (place, start): (u64, u64), size: Size, first: Day, out: &mut Vec<Fact>) {
        let all = u64::from(size.households.max(1));
        let taking = (self.share.0 * Decimal::from(all) / Decimal::ONE_HUNDRED).floor();
        let taking = taking.to_u64().unwrap_or(0);
        for month in 0..MONTHS {
            let month_first = months_later(first, month);
            let (_, number, _) = month_first.ymd();
            if !self.months.is_empty() && !self.months.contains(&number) {
                continue;
            }
            let turn = if self.turns { u64::try_from(month).unwrap_or(0) * taking } else { 0 };
            for time in 0..self.times {
                let day = month_first.plus(day_of(time, self.times));
                for n in 0..taking {
                    self.of_household(place, (start + turn + n) % all, size, day, time, out);
                }
            }
        }
    }

    fn of_household(&self, place: u64, home: u64, size: Size, day: Day, time: u32, out: &mut Vec<Fact>) {
        let household = u32::try_from(home).unwrap_or(0);
        for person in 0..self.people.min(size.people) {
            let event = if self.together {
                format!("{place}-{day}-{time}")
            } else {
                format!("{place}-{day}-{time}-{household}-{person}")
            };
            out.push(Fact {
                item: self.item.clone(),
                grade: self.grade.clone(),
                quantity: self.quantity.0,
                household,
                group: household % size.groups.max(1),
                person: Some(household.saturating_mul(size.people).saturating_add(person)),
                event: Some(event),
                day,
            });
        }
    }
}

/// Days after the first of the month: in the middle of it once, spread over it several times.
fn day_of(time: u32, times: u32) -> i32 {
    let day = (2 * time + 1) * MONTH_DAYS / (2 * times.max(1));
    i32::try_from(day).unwrap_or(0)
}
