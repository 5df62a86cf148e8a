//! What has to be counted before a claim can be computed, as questions the store answers with one number each.
//! Holds no comparing: see [`super::limits`].

use serde::{Deserialize, Serialize};

use crate::domain::{
    rule::{Cap, CapPeriod, Item, ItemCode, Measure, SubjectKind, UsageScope},
    ruleset::{AccountKind, RuleSet},
    time::Day,
};

/// Whom a claim is for. The household is always known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Whether one person of the household is named.
    pub person: bool,
}

/// One thing to count, over awards that are neither rejected nor reversed, whatever their state otherwise.
///
/// The answer is a signed sum: awards for `times`, distinct others for `people` and `households`, minor units for
/// `points` and `honor`, minutes for `minutes`; 0 if there is none. The claim itself is never counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageQuestion {
    /// Awards of these items; of all items if there is none.
    pub items: Vec<ItemCode>,
    /// Of the same person, household or group, or of the whole village.
    pub scope: UsageScope,
    /// That happened on this day or later.
    pub from: Option<Day>,
    /// That happened before this day.
    pub until: Option<Day>,
    /// With the same event key as the claim; those without one, of the claim or counted, are of one event if they
    /// happened on the same day.
    pub same_event: bool,
    /// What to count.
    pub measure: Measure,
}

/// What an answer is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A cap of the item.
    Cap(Cap),
    /// The item's quota.
    Quota,
    /// Members of an exclusive group, of that code.
    Exclusive(String),
    /// Levels of the item already honoured this year.
    Highest,
    /// What the restorable deductions took.
    Deducted,
    /// What restorations gave back.
    Restored,
    /// The reputation score moved so far this year.
    HonorOfYear,
    /// Redeemable points of the account in a month or a year.
    Account(UsageScope, CapPeriod),
}

/// Whether a claim of the item has to name a person.
pub(super) fn needs_person(set: &RuleSet, item: &Item) -> bool {
    item.subject == SubjectKind::Person
        || (set.programme.account == AccountKind::Person && item.target.points())
}

/// What the store has to count before [`super::compute`] can be called.
#[must_use]
pub fn questions(set: &RuleSet, item: &Item, subject: Subject, occurred_on: Day) -> Vec<UsageQuestion> {
    purposed(set, item, subject, occurred_on).into_iter().map(|(_, question)| question).collect()
}

/// The questions in their order, each with what it is for.
pub(super) fn purposed(
    set: &RuleSet,
    item: &Item,
    subject: Subject,
    occurred_on: Day,
) -> Vec<(Purpose, UsageQuestion)> {
    let own = || vec![item.code.clone()];
    let account = match set.programme.account {
        AccountKind::Person if subject.person => UsageScope::Person,
        AccountKind::Person | AccountKind::Household => UsageScope::Household,
    };
    let around = |period: CapPeriod, items, scope, measure| {
        let (from, until) = period.around(occurred_on);
        UsageQuestion { items, scope, from, until, same_event: period == CapPeriod::Event, measure }
    };
    let mut asked = Vec::new();
    for group in set.exclusives_of(&item.code) {
        let others = group.members.iter().filter(|code| **code != item.code).chain(&group.outside);
        let others: Vec<_> = others.cloned().collect();
        let scope =
            if item.subject == SubjectKind::Person { UsageScope::Person } else { UsageScope::Household };
        asked.push((
            Purpose::Exclusive(group.code.clone()),
            around(CapPeriod::Event, others, scope, Measure::Times),
        ));
    }
    if let Some(quota) = item.quota {
        asked.push((Purpose::Quota, around(quota.period, own(), quota.scope, Measure::Households)));
    }
    let earned = if item.target.honor() { Measure::Honor } else { Measure::Points };
    if item.highest_only {
        asked.push((Purpose::Highest, around(CapPeriod::Year, own(), account, earned)));
    }
    for cap in &item.caps {
        asked.push((Purpose::Cap(*cap), around(cap.period, own(), cap.scope, cap.limit.measure)));
    }
    if let Some(restoration) = &item.restores {
        let days = i32::try_from(restoration.within_days).unwrap_or(i32::MAX);
        let window = |items| UsageQuestion {
            items,
            scope: account,
            from: Some(occurred_on.plus(-days)),
            until: Some(occurred_on.plus(1)),
            same_event: false,
            measure: Measure::Honor,
        };
        asked.push((Purpose::Deducted, window(restoration.items.clone())));
        asked.push((Purpose::Restored, window(own())));
    }
    if item.direction == crate::domain::rule::Direction::Deduct {
        asked.push((Purpose::HonorOfYear, around(CapPeriod::Year, Vec::new(), account, Measure::Honor)));
    }
    if item.target.points() {
        for period in [CapPeriod::Month, CapPeriod::Year] {
            asked.push((
                Purpose::Account(account, period),
                around(period, Vec::new(), account, Measure::Points),
            ));
        }
    }
    asked
}
