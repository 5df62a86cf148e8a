//! What a claim is worth: a pure function of the rule version, the inputs and the usage so far.
//! The same arguments give the same award for ever, so every posted point can be derived again.
//! Holds no counting of usage (the store answers [`questions`]) and no states of a claim.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    rule::{Direction, Item, ItemCode, Label, Measure, OverCap, Route, Sanction},
    ruleset::RuleSet,
    time::Day,
};

mod amount;
mod explain;
mod hours;
mod limits;
mod pause;
mod refusal;
mod usage;

pub use explain::{Cut, CutReason, Explanation, Shown};
pub use hours::{Hours, InvalidHours};
pub use pause::{PauseInForce, check_pauses};
pub use refusal::{Refusal, RefusalCode};
pub use usage::{Subject, UsageQuestion, questions};

/// What a claim states: see [`Item::asks_quantity`] and [`Item::grades`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// In the unit of the item or the grade. 1 for an item paid by the occurrence; the points decided for a range
    /// or a restoration.
    pub quantity: Decimal,
    /// The code of the grade, for an item that has grades.
    pub grade: Option<String>,
}

impl Inputs {
    /// One occurrence, no grade.
    #[must_use]
    pub const fn once() -> Self {
        Self { quantity: Decimal::ONE, grade: None }
    }

    /// So many units, no grade.
    #[must_use]
    pub fn quantity(quantity: impl Into<Decimal>) -> Self {
        Self { quantity: quantity.into(), grade: None }
    }

    /// One occurrence of that grade.
    #[must_use]
    pub fn grade(code: impl Into<String>) -> Self {
        Self { quantity: Decimal::ONE, grade: Some(code.into()) }
    }
}

/// How many households a quota is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// In the villagers' group of the household.
    pub group_households: u32,
    /// In the village.
    pub village_households: u32,
}

/// A claim, ready to be computed.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The version of the rules in force on `occurred_on`.
    pub set: &'a RuleSet,
    /// An item of it.
    pub item: &'a Item,
    /// For whom.
    pub subject: Subject,
    /// What it states.
    pub inputs: &'a Inputs,
    /// The day it happened, which every period is counted around.
    pub occurred_on: Day,
}

/// What a claim is worth. All amounts are minor units with their sign: a deduction is negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    /// Spendable points, hundredths. Never negative.
    pub points: i64,
    /// Reputation points, hundredths.
    pub honor: i64,
    /// Minutes of service.
    pub minutes: i64,
    /// How it travels.
    pub route: Route,
    /// Days of public notice.
    pub notice_days: u32,
    /// What it pauses, if anything.
    pub sanction: Option<Sanction>,
    /// How it was arrived at.
    pub explanation: Explanation,
}

impl Award {
    /// What was left of it by the first limit it met; nothing if none did.
    #[must_use]
    pub fn cut(&self) -> Option<&Cut> {
        self.explanation.cuts.first()
    }
}

/// Computes a claim. `answers` are those to [`questions`] with the same set, item, subject and day, in their order.
///
/// # Errors
/// A [`Refusal`] that names the limit or the input at fault.
pub fn compute(claim: &Claim<'_>, answers: &[i64], context: Context) -> Result<Award, Refusal> {
    let Claim { set, item, subject, inputs, occurred_on } = *claim;
    let refuse = |code, facts: &[(&str, String)]| Err(Refusal::new(code, item, facts));
    if !item.enabled {
        return refuse(RefusalCode::ItemDisabled, &[]);
    }
    let from = item.effective_from.unwrap_or(set.programme.effective_from).max(set.programme.effective_from);
    if occurred_on < from || item.effective_until.is_some_and(|until| occurred_on > until) {
        let mut facts = vec![("occurred_on", occurred_on.to_string()), ("from", from.to_string())];
        facts.extend(item.effective_until.map(|until| ("until", until.to_string())));
        return refuse(RefusalCode::NotEffective, &facts);
    }
    if usage::needs_person(set, item) && !subject.person {
        return refuse(RefusalCode::PersonMissing, &[]);
    }
    let gross = amount::gross(item, inputs)?;
    let asked = usage::purposed(set, item, subject, occurred_on);
    if asked.len() != answers.len() {
        let facts = [("questions", asked.len().to_string()), ("answers", answers.len().to_string())];
        return refuse(RefusalCode::UsageMismatch, &facts);
    }
    let mut running = limits::Running::new(item, &gross);
    for ((purpose, _), answer) in asked.iter().zip(answers) {
        running.apply(set, purpose, *answer, context)?;
    }
    let running = running.finish()?;
    let sign = if item.direction == Direction::Deduct { -1 } else { 1 };
    let (route, notice_days) = route(set, item, &gross);
    let explanation = Explanation {
        item: item.code.clone(),
        name: item.name.clone(),
        grade: gross.grade.as_ref().map(|g| g.label.clone()),
        direction: item.direction,
        target: item.target,
        shown: gross.shown,
        quantity: gross.quantity,
        unit: gross.unit,
        gross: gross.amount,
        cuts: running.cuts,
        points: running.points,
        honor: sign * running.honor,
        minutes: running.minutes,
        sanction: item.sanction,
    };
    Ok(Award {
        points: running.points,
        honor: sign * running.honor,
        minutes: running.minutes,
        route,
        notice_days,
        sanction: item.sanction,
        explanation,
    })
}

/// The least route that item, grade and amount allow. The amount before cuts decides: a cut makes no matter small.
fn route(set: &RuleSet, item: &Item, gross: &amount::Gross<'_>) -> (Route, u32) {
    let mut route = gross.grade.and_then(|g| g.route).map_or(item.route, |r| r.max(item.route));
    if route == Route::R0 && gross.amount > set.programme.r0_max {
        route = Route::R1;
    }
    if item.direction != Direction::Restore {
        for rule in &set.routes {
            if rule.from_points.is_some_and(|from| gross.amount >= from) {
                route = route.max(rule.route);
            }
        }
    }
    let days = set.route(route).map_or(0, |rule| rule.notice_days);
    (route, days.max(item.notice_days.unwrap_or(0)))
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
