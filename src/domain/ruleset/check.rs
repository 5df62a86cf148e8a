//! What the types cannot say: codes that meet, caps that can be met, routes that rise, dates in order.
//! The topics no rule may touch are in [`super::legality`].

use super::{
    Expiry, Programme, RouteStep,
    fault::{FaultKind, Faults, Said, Wrong},
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
    let mut fault = |key: &str, kind, wrong: Wrong| {
        faults.add(placed.at(key), placed.title.clone(), kind, wrong);
    };
    if built.version == 0 {
        fault("version", FaultKind::BadValue, Wrong::VersionFromOne);
    }
    if built.rate_fen <= 0 {
        fault("rate_fen", FaultKind::BadValue, Wrong::RateFen);
    }
    if built.annual_ceiling <= 0 {
        fault("annual_ceiling", FaultKind::ImpossibleCap, Wrong::NoCeiling);
    }
    if built.monthly_factor.is_sign_negative() || built.monthly_factor.is_zero() {
        fault("monthly_ceiling_factor", FaultKind::ImpossibleCap, Wrong::FactorAboveZero);
    }
    if built.cap_month <= 0 || built.cap_year <= 0 {
        fault("cap_month", FaultKind::ImpossibleCap, Wrong::AccountCapsAboveZero);
    }
    if built.cap_month > built.cap_year {
        fault("cap_month", FaultKind::ImpossibleCap, Wrong::MonthAboveYear);
    }
    if built.cap_year > built.annual_ceiling {
        fault("cap_year", FaultKind::ImpossibleCap, Wrong::YearAboveCeiling);
    }
    if built.honor_floor > built.base_honor {
        fault("honor_floor", FaultKind::ImpossibleCap, Wrong::FloorAboveBase);
    }
    if built.redeem_days.is_empty() {
        fault("redeem_days", FaultKind::BadValue, Wrong::NeverOpen);
    }
    match built.expiry {
        Expiry::NextYear { month, day, .. }
            if crate::domain::time::Day::from_ymd(2025, month, day).is_none() =>
        {
            fault("expiry", FaultKind::BadDate, Wrong::ExpiryDay);
        }
        Expiry::Rolling { months: 0, .. } => {
            fault("expiry", FaultKind::BadDate, Wrong::ExpiryAtOnce);
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
                faults.add(0, "file", FaultKind::MissingKey, Wrong::NoRoute.with("route", route));
            }
        }
    }
    let mut below: Option<&Placed<_>> = None;
    for placed in sorted {
        let raw = &placed.raw;
        let mut fault = |key: &str, wrong: Said| {
            faults.add(placed.at(key), placed.title.clone(), FaultKind::Route, wrong);
        };
        if raw.notice_days < MIN_NOTICE_DAYS {
            fault("notice_days", Wrong::NoticeTooShort.with("days", MIN_NOTICE_DAYS));
        }
        if raw.steps != walked(raw.code) {
            fault("steps", Wrong::RouteSteps.with("route", raw.code));
        }
        let lower: Option<&super::raw::RawRoute> = below.map(|b| &b.raw);
        if let Some(lower) = lower {
            if raw.notice_days < lower.notice_days {
                fault("notice_days", Wrong::ShorterThanLower.with("route", lower.code));
            }
            let amounts = (raw.from_points.map(|n| n.0), lower.from_points.map(|n| n.0));
            if let (Some(here), Some(there)) = amounts
                && here <= there
            {
                fault("from_points", Wrong::AmountNotAbove.with("route", lower.code));
            }
        }
        below = Some(placed);
    }
}

/// The steps that an award of a route is taken through. Rules say them for people to read; saying others would promise
/// what nobody does. The supervision is the observer's signature under the sitting of the panel.
fn walked(route: Route) -> Vec<RouteStep> {
    use RouteStep::{ClerkReview, CommitteesRecheck, Notice, Panel, Record, Supervision, Township};
    match route {
        Route::R0 => vec![Record, ClerkReview, Notice],
        Route::R1 => vec![Record, ClerkReview, Panel, Notice],
        Route::R2 => vec![Record, ClerkReview, Panel, CommitteesRecheck, Supervision, Notice],
        Route::R3 => vec![Record, ClerkReview, Panel, CommitteesRecheck, Supervision, Township, Notice],
    }
}
