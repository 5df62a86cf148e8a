//! What the rules ask of usage so far, answered from what was kept in the run: the store's part, in memory. One small
//! record a kept fact; a village's year is some twenty thousand. No comparing here.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Fact;
use crate::domain::{
    award::UsageQuestion,
    rule::{ItemCode, Measure, UsageScope},
    time::Day,
};

/// A fact that earned something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    item: usize,
    household: u32,
    group: u32,
    person: Option<u32>,
    event: Option<usize>,
    day: Day,
    points: i64,
    honor: i64,
    minutes: i64,
}

impl Kept {
    pub(super) const fn new(item: usize, fact: &Fact, points: i64, honor: i64, minutes: i64) -> Self {
        let Fact { household, group, person, day, .. } = *fact;
        Self { item, household, group, person, event: None, day, points, honor, minutes }
    }
}

/// An item's facts of one month.
#[derive(Debug, Default)]
struct Bucket {
    kept: Vec<Kept>,
    households: HashSet<u32>,
    by_group: HashMap<u32, HashSet<u32>>,
}

/// Everything kept so far, by what it is asked for.
#[derive(Debug, Default)]
pub(super) struct Counted {
    items: HashMap<ItemCode, usize>,
    events: HashMap<String, usize>,
    of_person: HashMap<u32, Vec<Kept>>,
    of_household: HashMap<u32, Vec<Kept>>,
    of_item: HashMap<usize, BTreeMap<i32, Bucket>>,
}

/// Months since the year 0.
fn month(day: Day) -> i32 {
    let (year, month, _) = day.ymd();
    year.saturating_mul(12) + i32::from(month) - 1
}

/// A question, with its names looked up.
struct Asked<'a> {
    question: &'a UsageQuestion,
    items: BTreeSet<usize>,
    any_item: bool,
    event: Option<usize>,
    /// Whether the fact names an event at all: nobody else may have named it before.
    named: bool,
    day: Day,
    group: Option<u32>,
}

impl Asked<'_> {
    fn counts(&self, kept: &Kept) -> bool {
        let q = self.question;
        (self.any_item || self.items.contains(&kept.item))
            && q.from.is_none_or(|from| kept.day >= from)
            && q.until.is_none_or(|until| kept.day < until)
            && (!q.same_event || self.same_event(kept))
            && self.group.is_none_or(|group| kept.group == group)
    }

    /// What nobody named is of one event if it happened on the same day.
    fn same_event(&self, kept: &Kept) -> bool {
        match (kept.event, self.event) {
            (Some(kept), Some(own)) => kept == own,
            _ => (kept.event.is_none() || !self.named) && kept.day == self.day,
        }
    }

    /// Whether the question is about whole months only, so that a bucket counts whole or not at all.
    fn whole_months(&self) -> bool {
        let begins = |day: Option<Day>| day.is_none_or(|day| day.ymd().2 == 1);
        begins(self.question.from) && begins(self.question.until) && !self.question.same_event
    }
}

impl Counted {
    pub(super) fn new<'a>(items: impl Iterator<Item = &'a ItemCode>) -> Self {
        let items = items.enumerate().map(|(place, code)| (code.clone(), place)).collect();
        Self { items, ..Self::default() }
    }

    pub(super) fn keep(&mut self, mut kept: Kept, event: Option<&str>) {
        if let Some(event) = event {
            let next = self.events.len();
            kept.event = Some(*self.events.entry(event.to_owned()).or_insert(next));
        }
        if let Some(person) = kept.person {
            self.of_person.entry(person).or_default().push(kept);
        }
        self.of_household.entry(kept.household).or_default().push(kept);
        let bucket = self.of_item.entry(kept.item).or_default().entry(month(kept.day)).or_default();
        bucket.kept.push(kept);
        bucket.households.insert(kept.household);
        bucket.by_group.entry(kept.group).or_default().insert(kept.household);
    }

    pub(super) fn answer(&self, question: &UsageQuestion, fact: &Fact) -> i64 {
        let event = fact.event.as_ref().and_then(|event| self.events.get(event)).copied();
        let asked = Asked {
            question,
            items: question.items.iter().filter_map(|code| self.items.get(code)).copied().collect(),
            any_item: question.items.is_empty(),
            event,
            named: fact.event.is_some(),
            day: fact.day,
            group: (question.scope == UsageScope::Group).then_some(fact.group),
        };
        match question.scope {
            UsageScope::Person => {
                let own = fact.person.and_then(|person| self.of_person.get(&person));
                measured(&asked, own.into_iter().flatten(), fact)
            }
            UsageScope::Household => {
                measured(&asked, self.of_household.get(&fact.household).into_iter().flatten(), fact)
            }
            UsageScope::Group | UsageScope::Village => self.of_items(&asked, fact),
        }
    }

    fn of_items(&self, asked: &Asked<'_>, fact: &Fact) -> i64 {
        let q = asked.question;
        let months = q.from.map_or(i32::MIN, month)..=q.until.map_or(i32::MAX, |until| month(until.plus(-1)));
        if months.is_empty() {
            return 0;
        }
        let of = |item: &usize| self.of_item.get(item).into_iter().flat_map(|m| m.range(months.clone()));
        if q.measure == Measure::Households && asked.whole_months() {
            let per_item = asked.items.iter().map(|item| {
                let mut sets = of(item).filter_map(|(_, bucket)| match asked.group {
                    Some(group) => bucket.by_group.get(&group),
                    None => Some(&bucket.households),
                });
                // the usual quota looks at one month: what it has is counted already
                match (sets.next(), sets.next()) {
                    (None, _) => 0,
                    (Some(only), None) => others(only, fact.household),
                    (Some(a), Some(b)) => {
                        let all = a.iter().chain(b).chain(sets.flatten()).copied().collect();
                        others(&all, fact.household)
                    }
                }
            });
            return per_item.sum();
        }
        let per_item = asked.items.iter().map(|item| {
            let kept = of(item).flat_map(|(_, bucket)| &bucket.kept);
            measured(asked, kept, fact)
        });
        per_item.sum()
    }
}

fn others(all: &HashSet<u32>, own: u32) -> i64 {
    count(all.len() - usize::from(all.contains(&own)))
}

fn count(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

fn measured<'a>(asked: &Asked<'_>, kept: impl Iterator<Item = &'a Kept>, fact: &Fact) -> i64 {
    let found = kept.filter(|kept| asked.counts(kept));
    match asked.question.measure {
        Measure::Times => count(found.count()),
        Measure::Points => found.map(|kept| kept.points).sum(),
        Measure::Honor => found.map(|kept| kept.honor).sum(),
        Measure::Minutes => found.map(|kept| kept.minutes).sum(),
        Measure::People => {
            let persons = found.filter_map(|kept| kept.person).filter(|person| Some(*person) != fact.person);
            count(persons.collect::<HashSet<_>>().len())
        }
        Measure::Households => {
            let homes = found.map(|kept| kept.household).filter(|home| *home != fact.household);
            count(homes.collect::<HashSet<_>>().len())
        }
    }
}
