//! One `[[item]]` table into an [`Item`]. Holds no checks that need the rest of the file.

use rust_decimal::Decimal;

use super::{day, label, minor};
use crate::domain::{
    rule::{
        Cap, Direction, Evidence, Grade, GradeWorth, Item, ItemCode, Limit, Measure, Quota, QuotaSize, Rate,
        Restoration, Worth,
    },
    ruleset::{
        fault::{FaultKind, Faults, Said, Wrong},
        number::Number,
        raw::{RawCap, RawGrade, RawItem, RawQuota},
        read::Placed,
    },
};

/// Minutes in an hour.
const MINUTES_PER_HOUR: Decimal = Decimal::from_parts(60, 0, 0, false, 0);

pub(super) fn item(placed: &Placed<RawItem>, faults: &mut Faults<'_>) -> Option<Item> {
    let raw = &placed.raw;
    let worth = worth(placed, faults);
    let caps: Vec<_> = raw.caps.iter().map(|c| cap(placed, c, faults)).collect();
    let quota = raw.quota.as_ref().map(|q| quota(placed, q, faults));
    let from = raw.effective_from.as_ref().map(|d| day(placed, "effective_from", d, faults));
    let until = raw.effective_until.as_ref().map(|d| day(placed, "effective_until", d, faults));
    Some(Item {
        code: ItemCode(raw.code.clone()),
        category: raw.category.clone(),
        name: label(&raw.name, &raw.name_en),
        direction: raw.direction.unwrap_or(Direction::Credit),
        subject: raw.subject,
        target: raw.target,
        worth: worth?,
        unit: raw.unit,
        min_quantity: raw.min_quantity.map(|n| n.0),
        max_quantity: raw.max_quantity.map(|n| n.0),
        caps: caps.into_iter().collect::<Option<_>>()?,
        over_cap: raw.over_cap.unwrap_or_default(),
        quota: match quota {
            Some(quota) => Some(quota?),
            None => None,
        },
        highest_only: raw.highest_only,
        evidence: Evidence {
            kinds: raw.evidence.kinds.clone(),
            all: raw.evidence.all,
            min_count: raw.evidence.min_count.unwrap_or(1),
        },
        recorders: raw.recorders.clone(),
        verifiers: raw.verifiers.clone(),
        route: raw.route,
        notice_days: raw.notice_days,
        service_minutes: raw.service_minutes,
        effective_from: match from {
            Some(from) => Some(from?),
            None => None,
        },
        effective_until: match until {
            Some(until) => Some(until?),
            None => None,
        },
        basis: raw.basis.clone(),
        conditions: raw.conditions.iter().map(|c| label(&c.text, &c.text_en)).collect(),
        reminders: raw.reminders.unwrap_or(1),
        restores: raw.restores.as_ref().map(|r| Restoration {
            items: r.items.iter().cloned().map(ItemCode).collect(),
            within_days: r.within_days,
        }),
        sanction: raw.sanction,
        hide_facts: raw.hide_facts,
        sensitive: raw.sensitive,
        enabled: raw.enabled.unwrap_or(true),
    })
}

fn fault(
    placed: &Placed<RawItem>,
    key: &str,
    kind: FaultKind,
    wrong: impl Into<Said>,
    faults: &mut Faults<'_>,
) {
    faults.add(placed.at(key), placed.title.clone(), kind, wrong);
}

fn worth(placed: &Placed<RawItem>, faults: &mut Faults<'_>) -> Option<Worth> {
    let raw = &placed.raw;
    if raw.direction == Some(Direction::Restore) {
        if raw.points.is_some() || raw.rate.is_some() || raw.range.is_some() || !raw.grades.is_empty() {
            fault(placed, "direction", FaultKind::Worth, Wrong::RestorationWorth, faults);
            return None;
        }
        return Some(Worth::Restored);
    }
    match (raw.points, raw.rate, raw.range, raw.grades.as_slice()) {
        (Some(points), None, None, []) => Some(Worth::Fixed(minor(placed, "points", points, faults)?)),
        (None, Some(points), None, []) => {
            Some(Worth::Rate(rate(placed, points, raw.per, raw.step, "rate", faults)?))
        }
        (None, None, Some([min, max]), []) => {
            let (min, max) = (minor(placed, "range", min, faults)?, minor(placed, "range", max, faults)?);
            if min >= max {
                fault(placed, "range", FaultKind::Worth, Wrong::RangeOrder, faults);
                return None;
            }
            Some(Worth::Range { min, max })
        }
        (None, None, None, grades) if !grades.is_empty() => {
            let built: Vec<_> = grades.iter().map(|g| grade(placed, g, faults)).collect();
            Some(Worth::Grades(built.into_iter().collect::<Option<_>>()?))
        }
        _ => {
            fault(placed, "points", FaultKind::Worth, Wrong::WorthOneWay, faults);
            None
        }
    }
}

fn rate(
    placed: &Placed<RawItem>,
    points: Number,
    per: Option<Number>,
    step: Option<Number>,
    key: &str,
    faults: &mut Faults<'_>,
) -> Option<Rate> {
    let per = per.map_or(Decimal::ONE, |n| n.0);
    let step = step.map(|n| n.0);
    let hours_only = placed.raw.service_minutes && points.0.is_zero();
    if (points.0 <= Decimal::ZERO && !hours_only)
        || per <= Decimal::ZERO
        || step.is_some_and(|s| s <= Decimal::ZERO)
    {
        fault(placed, key, FaultKind::Worth, Wrong::RateAboveZero, faults);
        return None;
    }
    Some(Rate { points: points.0, per, step })
}

fn grade(placed: &Placed<RawItem>, raw: &RawGrade, faults: &mut Faults<'_>) -> Option<Grade> {
    let worth = match (raw.points, raw.rate) {
        (Some(points), None) => GradeWorth::Fixed(minor(placed, "grades", points, faults)?),
        (None, Some(points)) => GradeWorth::Rate(rate(placed, points, raw.per, raw.step, "grades", faults)?),
        _ => {
            let wrong = Wrong::GradeWorthOneWay.with("grade", &raw.code);
            fault(placed, "grades", FaultKind::Worth, wrong, faults);
            return None;
        }
    };
    Some(Grade {
        code: raw.code.clone(),
        label: label(&raw.name, &raw.name_en),
        worth,
        unit: raw.unit.unwrap_or(placed.raw.unit),
        route: raw.route,
    })
}

fn cap(placed: &Placed<RawItem>, raw: &RawCap, faults: &mut Faults<'_>) -> Option<Cap> {
    let hours = raw.hours.map(|n| super::super::number::floor(n.0 * MINUTES_PER_HOUR));
    let points = match raw.points {
        Some(n) => Some(minor(placed, "caps", n, faults)?),
        None => None,
    };
    let honor = match raw.honor {
        Some(n) => Some(minor(placed, "caps", n, faults)?),
        None => None,
    };
    let given = [
        (Measure::Times, raw.times),
        (Measure::Points, points),
        (Measure::Honor, honor),
        (Measure::Minutes, hours),
        (Measure::People, raw.people),
    ];
    let mut given = given.into_iter().filter_map(|(measure, max)| Some(Limit { measure, max: max? }));
    match (given.next(), given.next()) {
        (Some(limit), None) => Some(Cap { scope: raw.per, period: raw.period, limit }),
        _ => {
            fault(placed, "caps", FaultKind::ImpossibleCap, Wrong::CapOneMeasure, faults);
            None
        }
    }
}

fn quota(placed: &Placed<RawItem>, raw: &RawQuota, faults: &mut Faults<'_>) -> Option<Quota> {
    let size = match (raw.percent, raw.households) {
        (Some(percent), None) => QuotaSize::Percent(percent),
        (None, Some(count)) => QuotaSize::Count(count),
        _ => {
            fault(placed, "quota", FaultKind::ImpossibleCap, Wrong::QuotaOneMeasure, faults);
            return None;
        }
    };
    Some(Quota { scope: raw.per, period: raw.period, size })
}
