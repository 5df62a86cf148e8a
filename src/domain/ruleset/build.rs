//! From tables to types: codes become references, numbers become minor units, dates become days.
//! What has no type of its own is left to [`super::check`]. Every table is built, whatever the others lack.

use super::{
    Basis, ExclusiveGroup, Named, Programme, RouteRule, RuleSet, SCALE, check,
    fault::{FaultKind, Faults, Wrong},
    legality,
    number::Number,
    raw::{RawNamed, RawProgramme},
    read::{Document, Placed},
};
use crate::domain::{
    rule::{ItemCode, Label},
    time::Day,
};

mod item;

/// Builds the rule set, noting what is wrong; nothing if a table was lost on the way.
pub(super) fn rule_set(document: &Document, text: &str, faults: &mut Faults<'_>) -> Option<RuleSet> {
    let programme = document.programme.as_ref().and_then(|p| programme(p, faults));
    let routes = document.routes.iter().filter_map(|r| route(r, faults)).collect();
    let items: Vec<_> = document.items.iter().map(|raw| (raw, item::item(raw, faults))).collect();
    check::references(document, faults);
    legality::check(document, faults);
    let built: Vec<_> = items.iter().filter_map(|(raw, item)| item.as_ref().map(|i| (*raw, i))).collect();
    for (raw, item) in &built {
        check::item(raw, item, programme.as_ref(), faults);
    }
    if let (Some(built), Some(placed)) = (&programme, &document.programme) {
        check::programme(placed, built, faults);
    }
    check::routes(document, faults);
    let bases = document.bases.iter().map(|b| Basis {
        code: b.raw.code.clone(),
        kind: b.raw.kind,
        title: label(&b.raw.title, &b.raw.title_en),
    });
    let exclusives = document.exclusives.iter().map(|e| ExclusiveGroup {
        code: e.raw.code.clone(),
        name: label(&e.raw.name, &e.raw.name_en),
        members: e.raw.members.iter().cloned().map(ItemCode).collect(),
        outside: e.raw.outside.iter().cloned().map(ItemCode).collect(),
    });
    Some(RuleSet {
        programme: programme?,
        routes,
        categories: named(&document.categories),
        bodies: named(&document.bodies),
        bases: bases.collect(),
        exclusives: exclusives.collect(),
        items: items.into_iter().filter_map(|(_, item)| item).collect(),
        hash: super::hash(text),
    })
}

fn named(tables: &[Placed<RawNamed>]) -> Vec<Named> {
    tables
        .iter()
        .map(|t| Named { code: t.raw.code.clone(), name: label(&t.raw.name, &t.raw.name_en) })
        .collect()
}

pub(super) fn label(zh: &str, en: &str) -> Label {
    Label { zh: zh.to_owned(), en: en.to_owned() }
}

/// A date of a table, noted if there is no such day.
pub(super) fn day<T>(placed: &Placed<T>, key: &str, text: &str, faults: &mut Faults<'_>) -> Option<Day> {
    let day = text.parse().ok();
    if day.is_none() {
        let wrong = Wrong::NoSuchDay.with("key", key).with("day", text);
        faults.add(placed.at(key), placed.title.clone(), FaultKind::BadDate, wrong);
    }
    day
}

/// An amount of a table in minor units, noted if it is finer than a hundredth or negative.
pub(super) fn minor<T>(
    placed: &Placed<T>,
    key: &str,
    number: Number,
    faults: &mut Faults<'_>,
) -> Option<i64> {
    let amount = number.minor().filter(|minor| *minor >= 0);
    if amount.is_none() {
        let wrong = Wrong::NotAnAmount.with("key", key).with("number", number.0);
        faults.add(placed.at(key), placed.title.clone(), FaultKind::BadValue, wrong);
    }
    amount
}

fn programme(placed: &Placed<RawProgramme>, faults: &mut Faults<'_>) -> Option<Programme> {
    let raw = &placed.raw;
    let effective_from = day(placed, "effective_from", &raw.effective_from, faults);
    if raw.scale != SCALE {
        let wrong = Wrong::Scale.with("decimals", SCALE);
        faults.add(placed.at("scale"), placed.title.clone(), FaultKind::BadValue, wrong);
    }
    let base_honor = minor(placed, "base_honor", raw.base_honor, faults);
    let honor_floor = minor(placed, "honor_floor", raw.honor_floor, faults);
    let annual_ceiling = minor(placed, "annual_ceiling", raw.annual_ceiling, faults);
    let cap_month = minor(placed, "cap_month", raw.cap_month, faults);
    let cap_year = minor(placed, "cap_year", raw.cap_year, faults);
    let r0_max = minor(placed, "r0_max", raw.r0_max, faults);
    let counter = super::counter::terms(placed, faults);
    Some(Programme {
        code: raw.code.clone(),
        name: label(&raw.name, &raw.name_en),
        version: raw.version,
        effective_from: effective_from?,
        account: raw.account,
        unit: label(&raw.unit, &raw.unit_en),
        scale: SCALE,
        rate_fen: raw.rate_fen,
        base_honor: base_honor?,
        honor_floor: honor_floor?,
        annual_ceiling: annual_ceiling?,
        monthly_factor: raw.monthly_ceiling_factor.0,
        cap_month: cap_month?,
        cap_year: cap_year?,
        award_period: raw.award_period,
        redeem_days: raw.redeem_days.clone(),
        notice_mode: raw.notice_mode,
        r0_max: r0_max?,
        expiry: raw.expiry.clone(),
        counter: counter?,
    })
}

fn route(placed: &Placed<super::raw::RawRoute>, faults: &mut Faults<'_>) -> Option<RouteRule> {
    let raw = &placed.raw;
    let from_points = match raw.from_points {
        Some(number) => Some(minor(placed, "from_points", number, faults)?),
        None => None,
    };
    Some(RouteRule { route: raw.code, steps: raw.steps.clone(), notice_days: raw.notice_days, from_points })
}
