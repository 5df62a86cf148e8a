//! What a claim would be worth without limits: fixed, by quantity, by grade, or as the panel decided.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{Inputs, Refusal, RefusalCode, Shown};
use crate::domain::{
    amount::points,
    rule::{Grade, GradeWorth, Item, Rate, Unit, Worth},
};

const MINUTES_PER_HOUR: i64 = 60;

/// The worth of a claim before any limit. No signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gross<'a> {
    pub(super) grade: Option<&'a Grade>,
    pub(super) shown: Shown,
    /// After rounding down to the step.
    pub(super) quantity: Decimal,
    pub(super) unit: Unit,
    /// Minor units.
    pub(super) amount: i64,
    pub(super) minutes: i64,
    pub(super) rate: Option<Rate>,
}

pub(super) fn gross<'a>(item: &'a Item, inputs: &Inputs) -> Result<Gross<'a>, Refusal> {
    let grade = match (item.grades(), &inputs.grade) {
        ([], None) => None,
        ([], Some(code)) => return Err(unknown_grade(item, code)),
        (_, None) => return Err(unknown_grade(item, "")),
        (_, Some(code)) => Some(item.grade(code).ok_or_else(|| unknown_grade(item, code))?),
    };
    let given = inputs.quantity;
    let unit = grade.map_or(item.unit, |g| g.unit);
    let range = |least: String, most: Option<String>| {
        let mut facts = vec![("quantity", given.normalize().to_string()), ("least", least)];
        facts.extend(most.map(|most| ("most", most)));
        Refusal::new(RefusalCode::QuantityOutOfRange, item, &facts)
    };
    let out_of_range = |least: Decimal, most: Option<Decimal>| {
        range(least.normalize().to_string(), most.map(|most| most.normalize().to_string()))
    };
    let least = item.min_quantity.unwrap_or(Decimal::ZERO);
    if given <= Decimal::ZERO || given < least || item.max_quantity.is_some_and(|most| given > most) {
        return Err(out_of_range(least, item.max_quantity));
    }
    let once = |points: i64| {
        if given == Decimal::ONE {
            Ok((Shown::Fixed, given, points, None))
        } else {
            Err(out_of_range(Decimal::ONE, Some(Decimal::ONE)))
        }
    };
    let by = |rate: &Rate| {
        let quantity = stepped(given, rate.step);
        let amount = of(rate, quantity)
            .filter(|amount| *amount > 0 || item.service_minutes)
            .ok_or_else(|| out_of_range(least, None))?;
        Ok((Shown::Rate { points: rate.points, per: rate.per }, quantity, amount, Some(*rate)))
    };
    let decided = |min: i64, max: i64, shown: Shown| {
        let amount = (given * Decimal::ONE_HUNDRED)
            .to_i64()
            .filter(|a| Decimal::from(*a) == given * Decimal::ONE_HUNDRED);
        match amount {
            Some(amount) if (min..=max).contains(&amount) => Ok((shown, given, amount, None)),
            _ => Err(range(points(min), Some(points(max)))),
        }
    };
    let (shown, quantity, amount, rate) = match (&item.worth, grade.map(|g| &g.worth)) {
        (_, Some(GradeWorth::Fixed(points))) | (Worth::Fixed(points), _) => once(*points)?,
        (_, Some(GradeWorth::Rate(rate))) | (Worth::Rate(rate), _) => by(rate)?,
        (Worth::Range { min, max }, _) => decided(*min, *max, Shown::Decided { min: *min, max: *max })?,
        (Worth::Restored, _) => decided(1, i64::MAX, Shown::Restored)?,
        (Worth::Grades(_), None) => return Err(unknown_grade(item, "")),
    };
    let minutes = if item.service_minutes { minutes(quantity) } else { 0 };
    Ok(Gross { grade, shown, quantity, unit, amount, minutes, rate })
}

fn unknown_grade(item: &Item, code: &str) -> Refusal {
    let known: Vec<_> = item.grades().iter().map(|g| g.code.as_str()).collect();
    Refusal::new(RefusalCode::GradeUnknown, item, &[("grade", code.to_owned()), ("grades", known.join(", "))])
}

fn stepped(quantity: Decimal, step: Option<Decimal>) -> Decimal {
    step.map_or(quantity, |step| (quantity / step).floor() * step).normalize()
}

fn minutes(hours: Decimal) -> i64 {
    (hours * Decimal::from(MINUTES_PER_HOUR)).floor().to_i64().unwrap_or(0)
}

/// A quantity at a rate, in minor units, rounded down; nothing if out of reach.
pub(super) fn of(rate: &Rate, quantity: Decimal) -> Option<i64> {
    let product = quantity.checked_mul(rate.points)?.checked_mul(Decimal::ONE_HUNDRED)?;
    product.checked_div(rate.per)?.floor().to_i64()
}
