//! What the types cannot say: codes that meet, caps that can be met, routes that rise, dates in order.
//! The topics no rule may touch are in [`super::legality`].

use super::{
    Expiry, Programme, RouteStep,
    fault::{FaultKind, Faults},
    raw::RawProgramme,
    read::{Document, Placed},
};
use crate::domain::rule::Route;

mod item;
mod reference;

pub(super) use item::item;
pub(super) use reference::references;

/// The least days a notice runs (国办: 5–7 days is the practice; below 5 nobody comes by the board).
pub(super) const MIN_NOTICE_DAYS: u32 = 5;

/// The header.
pub(super) fn programme(placed: &Placed<RawProgramme>, built: &Programme, faults: &mut Faults<'_>) {
    let mut fault = |key: &str, kind, message: &str| {
        faults.add(placed.at(key), placed.title.clone(), kind, message);
    };
    if built.version == 0 {
        fault("version", FaultKind::BadValue, "`version`: versions begin with 1");
    }
    if built.rate_fen <= 0 {
        fault(
            "rate_fen",
            FaultKind::BadValue,
            "`rate_fen`: a point has to be worth something at the counter",
        );
    }
    if built.annual_ceiling <= 0 {
        fault("annual_ceiling", FaultKind::ImpossibleCap, "`annual_ceiling`: nothing could be issued");
    }
    if built.monthly_factor.is_sign_negative() || built.monthly_factor.is_zero() {
        fault(
            "monthly_ceiling_factor",
            FaultKind::ImpossibleCap,
            "`monthly_ceiling_factor` has to be above 0",
        );
    }
    if built.cap_month <= 0 || built.cap_year <= 0 {
        fault("cap_month", FaultKind::ImpossibleCap, "`cap_month` and `cap_year` have to be above 0");
    }
    if built.cap_month > built.cap_year {
        fault("cap_month", FaultKind::ImpossibleCap, "`cap_month` is above `cap_year`: it could never bind");
    }
    if built.cap_year > built.annual_ceiling {
        let message = "`cap_year` is above `annual_ceiling`: one account could take all there is";
        fault("cap_year", FaultKind::ImpossibleCap, message);
    }
    if built.honor_floor > built.base_honor {
        fault("honor_floor", FaultKind::ImpossibleCap, "`honor_floor` is above `base_honor`");
    }
    if built.redeem_days.is_empty() {
        fault("redeem_days", FaultKind::BadValue, "`redeem_days`: the counters would never open");
    }
    match built.expiry {
        Expiry::NextYear { month, day, .. }
            if crate::domain::time::Day::from_ymd(2025, month, day).is_none() =>
        {
            fault("expiry", FaultKind::BadDate, "`expiry`: there is no such day in every year");
        }
        Expiry::Rolling { months: 0, .. } => {
            fault("expiry", FaultKind::BadDate, "`expiry`: points would lapse the day they are earned");
        }
        _ => {}
    }
}

/// The routes: all four, each with a notice, none shorter or lighter than the one below.
pub(super) fn routes(document: &Document, faults: &mut Faults<'_>) {
    let mut sorted: Vec<_> = document.routes.iter().collect();
    sorted.sort_by_key(|r| r.raw.code);
    if !document.routes.is_empty() {
        for route in [Route::R0, Route::R1, Route::R2, Route::R3] {
            if !document.bears("route", route.as_str()) {
                faults.add(0, "file", FaultKind::MissingKey, format!("there is no [[route]] {route}"));
            }
        }
    }
    let mut below: Option<&Placed<_>> = None;
    for placed in sorted {
        let raw = &placed.raw;
        let mut fault = |key: &str, message: String| {
            faults.add(placed.at(key), placed.title.clone(), FaultKind::Route, message);
        };
        if raw.notice_days < MIN_NOTICE_DAYS {
            fault("notice_days", format!("a notice runs {MIN_NOTICE_DAYS} days at least"));
        }
        if raw.steps.first() != Some(&RouteStep::Record) || raw.steps.last() != Some(&RouteStep::Notice) {
            fault("steps", "a route begins with `record` and ends with `notice`".to_owned());
        }
        let lower: Option<&super::raw::RawRoute> = below.map(|b| &b.raw);
        if let Some(lower) = lower {
            if raw.notice_days < lower.notice_days {
                fault("notice_days", format!("shorter than the notice of {}", lower.code));
            }
            if lower.steps.iter().any(|step| !raw.steps.contains(step)) {
                fault("steps", format!("a step of {} is missing: a higher route has them all", lower.code));
            }
            let amounts = (raw.from_points.map(|n| n.0), lower.from_points.map(|n| n.0));
            if let (Some(here), Some(there)) = amounts
                && here <= there
            {
                fault("from_points", format!("not above the amount from which {} applies", lower.code));
            }
        }
        below = Some(placed);
    }
}
