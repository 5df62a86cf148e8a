//! A rule set tried out before it is adopted (试算): facts of a year put through the rules exactly as awards are, and what
//! comes out of it by item and by month. The same arguments give the same outcome. Holds no rules of its own:
//! [`crate::domain::award`] decides every fact, [`counted`] answers what it asks.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{
    award::{Claim, Context, Inputs, Subject, compute, questions},
    rule::ItemCode,
    ruleset::RuleSet,
    time::{Day, Period},
};

mod counted;
mod money;
mod outcome;
pub mod participation;

pub use money::{Forecast, Money};
pub use outcome::{ItemOutcome, MonthOutcome, Outcome, Overrun};

use counted::{Counted, Kept};
use outcome::Sums;

/// How many months are tried.
pub const MONTHS: usize = 12;

/// The households that quotas are a part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Village {
    /// In the village.
    pub households: u32,
    /// In each villagers' group, by the number facts name it by.
    pub groups: Vec<u32>,
}

/// Something that happened. Households, groups and persons are numbers: who they are does not matter here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The item it would be recorded under.
    pub item: String,
    /// The grade, for an item that has grades.
    pub grade: Option<String>,
    /// How much.
    pub quantity: Decimal,
    /// Whose it is.
    pub household: u32,
    /// The group of the household.
    pub group: u32,
    /// Who did it, where that was recorded.
    pub person: Option<u32>,
    /// Acts of one event share it.
    pub event: Option<String>,
    /// When.
    pub day: Day,
}

/// A rule set being tried out.
#[derive(Debug)]
pub struct Simulation {
    set: RuleSet,
    village: Village,
    first: Day,
    counted: Counted,
    sums: Sums,
}

impl Simulation {
    /// Begins with the month of `first`, as if the rules applied from then on.
    #[must_use]
    pub fn new(set: &RuleSet, village: Village, first: Day) -> Self {
        let (first, _) = first.period(Period::Month);
        let mut set = set.clone();
        set.programme.effective_from = set.programme.effective_from.min(first);
        for item in &mut set.items {
            // an item that comes with the draft is tried for the whole time; one that ends still ends
            item.effective_from = item.effective_from.map(|from| from.min(first));
        }
        let counted = Counted::new(set.items.iter().map(|item| &item.code));
        let sums = Sums::new(&set, first);
        Self { set, village, first, counted, sums }
    }

    /// The first day, and the first day no longer.
    #[must_use]
    pub fn span(&self) -> (Day, Day) {
        (self.first, months_later(self.first, MONTHS))
    }

    /// Puts a fact through the rules. Facts come in the order in which they would be recorded.
    pub fn take(&mut self, fact: &Fact) {
        let (first, until) = self.span();
        if fact.day < first || fact.day >= until {
            return;
        }
        let Some((place, item)) =
            self.set.items.iter().enumerate().find(|(_, i)| i.code.as_str() == fact.item)
        else {
            self.sums.unknown(&fact.item);
            return;
        };
        let subject = Subject { person: fact.person.is_some() };
        let inputs = Inputs { quantity: fact.quantity, grade: fact.grade.clone() };
        let asked = questions(&self.set, item, subject, fact.day);
        let answers: Vec<_> = asked.iter().map(|question| self.counted.answer(question, fact)).collect();
        let group = usize::try_from(fact.group).ok().and_then(|group| self.village.groups.get(group));
        let context = Context {
            group_households: group.copied().unwrap_or(0),
            village_households: self.village.households,
        };
        let claim = Claim { set: &self.set, item, subject, inputs: &inputs, occurred_on: fact.day };
        let decided = compute(&claim, &answers, context);
        if let Ok(award) = &decided {
            let (points, honor, minutes) = (award.points, award.honor, award.minutes);
            self.counted.keep(Kept::new(place, fact, points, honor, minutes), fact.event.as_deref());
        }
        self.sums.add(place, fact, &decided);
    }

    /// What came out of it.
    #[must_use]
    pub fn finish(self, money: Option<Money>) -> Outcome {
        self.sums.finish(&self.set, self.village.households, money)
    }
}

/// Tries a rule set with facts.
#[must_use]
pub fn simulate(
    set: &RuleSet,
    village: Village,
    first: Day,
    facts: &[Fact],
    money: Option<Money>,
) -> Outcome {
    let mut simulation = Simulation::new(set, village, first);
    for fact in facts {
        simulation.take(fact);
    }
    simulation.finish(money)
}

/// The first day of the month so many months after the month of `day`.
#[must_use]
pub fn months_later(day: Day, months: usize) -> Day {
    (0..months).fold(day.period(Period::Month).0, |month, _| month.period(Period::Month).1)
}

/// Items in use of which no fact earned anything.
fn never(set: &RuleSet, fired: &BTreeSet<usize>) -> Vec<ItemCode> {
    let idle = set.items.iter().enumerate().filter(|(place, item)| item.enabled && !fired.contains(place));
    idle.map(|(_, item)| item.code.clone()).collect()
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
