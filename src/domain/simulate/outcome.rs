//! What came out of trying a rule set: by item and by month, against the ceiling, what the limits held back, what never
//! fires. Amounts are minor units of points and fen. Holds no words.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

use super::{Fact, MONTHS, Money, money, months_later, never};
use crate::domain::{
    award::{Award, Refusal},
    rule::{ItemCode, Label},
    ruleset::RuleSet,
    time::Day,
};

/// What one item came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemOutcome {
    /// The item.
    pub item: ItemCode,
    /// What it is called.
    pub name: Label,
    /// Facts put through it.
    pub facts: u32,
    /// Of them, those that earned something.
    pub awards: u32,
    /// Of these, those that a limit cut.
    pub cut: u32,
    /// Facts that earned nothing, by reason.
    pub refused: BTreeMap<&'static str, u32>,
    /// Spendable points.
    pub points: i64,
    /// Reputation points, with their sign.
    pub honor: i64,
    /// Minutes of service.
    pub minutes: i64,
    /// What the spendable points cost.
    pub fen: i64,
    /// Households it reached.
    pub households: u32,
    /// Spendable points by month.
    pub by_month: Vec<i64>,
}

/// What one month came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthOutcome {
    /// Its first day.
    pub month: Day,
    /// Awards.
    pub awards: u32,
    /// Spendable points.
    pub points: i64,
    /// What they cost.
    pub fen: i64,
    /// Spendable points since the first month.
    pub so_far: i64,
    /// Whether it is above a twelfth of the ceiling times the factor of the rule set.
    pub above_soft: bool,
}

/// Where the ceiling of the year breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Overrun {
    /// The first day of the month in which it does.
    pub month: Day,
    /// How many points the ceiling is short of in the end.
    pub shortage: i64,
}

/// What came out of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The rule set.
    pub programme: String,
    /// Its version.
    pub version: u32,
    /// What a point is worth at the counter, in fen.
    pub rate_fen: i64,
    /// Every item, in the order of the rule set.
    pub items: Vec<ItemOutcome>,
    /// Every month, in order.
    pub months: Vec<MonthOutcome>,
    /// Facts put through the rules.
    pub facts: u32,
    /// Facts that earned something.
    pub awards: u32,
    /// Spendable points.
    pub points: i64,
    /// What they cost.
    pub fen: i64,
    /// The most points a year may issue.
    pub ceiling: i64,
    /// The soft ceiling of a month.
    pub soft_ceiling: i64,
    /// Where the ceiling of the year breaks, if it does.
    pub overrun: Option<Overrun>,
    /// Households in the village.
    pub households: u32,
    /// Households that any spendable points reached.
    pub reached: u32,
    /// Items in use of which no fact earned anything.
    pub never: Vec<ItemCode>,
    /// Items of facts that the rule set does not have, with how many facts.
    pub unknown: BTreeMap<String, u32>,
    /// How long the money lasts, where it was said how much there is.
    pub money: Option<money::Forecast>,
}

impl Outcome {
    /// Of a thousand households, how many any points reached.
    #[must_use]
    pub fn reached_permille(&self) -> i64 {
        i64::from(self.reached) * 1_000 / i64::from(self.households.max(1))
    }

    /// The issue to a hundred points of the ceiling.
    #[must_use]
    pub fn of_ceiling_percent(&self) -> i64 {
        money::ratio(self.points, self.ceiling).unwrap_or(0)
    }
}

#[derive(Debug, Default)]
struct OfItem {
    facts: u32,
    awards: u32,
    cut: u32,
    refused: BTreeMap<&'static str, u32>,
    points: i64,
    honor: i64,
    minutes: i64,
    households: HashSet<u32>,
    by_month: BTreeMap<Day, i64>,
}

/// Sums being made.
#[derive(Debug)]
pub(super) struct Sums {
    items: Vec<OfItem>,
    months: Vec<Day>,
    awards: BTreeMap<Day, u32>,
    by_day: BTreeMap<Day, i64>,
    reached: HashSet<u32>,
    unknown: BTreeMap<String, u32>,
}

impl Sums {
    pub(super) fn new(set: &RuleSet, first: Day) -> Self {
        Self {
            items: set.items.iter().map(|_| OfItem::default()).collect(),
            months: (0..MONTHS).map(|n| months_later(first, n)).collect(),
            awards: BTreeMap::new(),
            by_day: BTreeMap::new(),
            reached: HashSet::new(),
            unknown: BTreeMap::new(),
        }
    }

    pub(super) fn unknown(&mut self, item: &str) {
        *self.unknown.entry(item.to_owned()).or_default() += 1;
    }

    pub(super) fn add(&mut self, place: usize, fact: &Fact, decided: &Result<Award, Refusal>) {
        let Some(item) = self.items.get_mut(place) else { return };
        item.facts += 1;
        let award = match decided {
            Ok(award) => award,
            Err(refusal) => {
                *item.refused.entry(refusal.code.as_str()).or_default() += 1;
                return;
            }
        };
        let month = months_later(fact.day, 0);
        item.awards += 1;
        item.cut += u32::from(award.cut().is_some());
        item.points += award.points;
        item.honor += award.honor;
        item.minutes += award.minutes;
        item.households.insert(fact.household);
        *item.by_month.entry(month).or_default() += award.points;
        *self.awards.entry(month).or_default() += 1;
        *self.by_day.entry(fact.day).or_default() += award.points;
        if award.points > 0 {
            self.reached.insert(fact.household);
        }
    }

    pub(super) fn finish(self, set: &RuleSet, households: u32, money: Option<Money>) -> Outcome {
        let programme = &set.programme;
        let (rate, ceiling) = (programme.rate_fen, programme.annual_ceiling);
        let soft_ceiling = programme.monthly_soft_ceiling();
        let fired = (0..).zip(&self.items).filter(|(_, item)| item.awards > 0).map(|(place, _)| place);
        let fired: BTreeSet<usize> = fired.collect();
        let (facts, awards) = (self.items.iter().map(|i| i.facts), self.items.iter().map(|i| i.awards));
        let (facts, awards) = (facts.sum(), awards.sum());
        let mut so_far = 0;
        let mut overrun = None;
        let months = self.months.iter().map(|month| {
            let until = months_later(*month, 1);
            let points = self.by_day.range(*month..until).map(|(_, points)| points).sum();
            so_far += points;
            if overrun.is_none() && so_far > ceiling {
                overrun = Some(*month);
            }
            let awards = self.awards.get(month).copied().unwrap_or(0);
            let above_soft = points > soft_ceiling;
            MonthOutcome {
                month: *month,
                awards,
                points,
                fen: money::worth(points, rate),
                so_far,
                above_soft,
            }
        });
        let months: Vec<_> = months.collect();
        let forecast = money.map(|money| money::forecast(money, rate, self.by_day.iter()));
        let each_month = &self.months;
        let items = set.items.iter().zip(self.items).map(|(item, sums)| ItemOutcome {
            item: item.code.clone(),
            name: item.name.clone(),
            facts: sums.facts,
            awards: sums.awards,
            cut: sums.cut,
            refused: sums.refused,
            points: sums.points,
            honor: sums.honor,
            minutes: sums.minutes,
            fen: money::worth(sums.points, rate),
            households: u32::try_from(sums.households.len()).unwrap_or(u32::MAX),
            by_month: each_month.iter().map(|m| sums.by_month.get(m).copied().unwrap_or(0)).collect(),
        });
        Outcome {
            programme: programme.code.clone(),
            version: programme.version,
            rate_fen: rate,
            items: items.collect(),
            months,
            facts,
            awards,
            points: so_far,
            fen: money::worth(so_far, rate),
            ceiling,
            soft_ceiling,
            overrun: overrun.map(|month| Overrun { month, shortage: so_far - ceiling }),
            households,
            reached: u32::try_from(self.reached.len()).unwrap_or(u32::MAX),
            never: never(set, &fired),
            unknown: self.unknown,
            money: forecast,
        }
    }
}
