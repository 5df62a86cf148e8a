//! Codes: each borne once, each citation met. Holds no other checks.

use std::collections::BTreeSet;

use crate::domain::{
    rule::Direction,
    ruleset::{
        fault::{FaultKind, Faults, Wrong},
        read::{Document, Placed},
    },
};

fn codes<'a, T>(tables: &'a [Placed<T>], code: impl Fn(&'a T) -> &'a str, faults: &mut Faults<'_>) {
    let mut seen = BTreeSet::new();
    for placed in tables {
        let code = code(&placed.raw);
        if code.trim().is_empty() {
            faults.add(placed.at("code"), placed.title.clone(), FaultKind::BadValue, Wrong::CodeEmpty);
        } else if !seen.insert(code) {
            let wrong = Wrong::CodeTaken.with("code", code);
            faults.add(placed.at("code"), placed.title.clone(), FaultKind::DuplicateCode, wrong);
        }
    }
}

/// Every code borne once, every code cited borne.
pub(in crate::domain::ruleset) fn references(document: &Document, faults: &mut Faults<'_>) {
    codes(&document.categories, |t| t.code.as_str(), faults);
    codes(&document.bodies, |t| t.code.as_str(), faults);
    codes(&document.bases, |t| t.code.as_str(), faults);
    codes(&document.items, |t| t.code.as_str(), faults);
    codes(&document.exclusives, |t| t.code.as_str(), faults);
    codes(&document.routes, |t| t.code.as_str(), faults);
    for placed in &document.items {
        let raw = &placed.raw;
        let mut cite = |key: &str, cited: &str, table: &str| {
            if !document.bears(table, cited) {
                let wrong = Wrong::Dangling.with("key", key).with("table", table).with("code", cited);
                faults.add(placed.at(key), placed.title.clone(), FaultKind::DanglingReference, wrong);
            }
        };
        cite("category", &raw.category, "category");
        for body in &raw.verifiers {
            cite("verifiers", body, "body");
        }
        for basis in &raw.basis {
            cite("basis", basis, "basis");
        }
        if raw.basis.is_empty() {
            let wrong = Wrong::NoBasis;
            faults.add(placed.at("basis"), placed.title.clone(), FaultKind::DanglingReference, wrong);
        }
        restores(placed, document, faults);
    }
    for placed in &document.exclusives {
        for member in &placed.raw.members {
            if !document.bears("item", member) {
                let wrong = Wrong::Dangling.with("key", "members").with("table", "item").with("code", member);
                faults.add(placed.at("members"), placed.title.clone(), FaultKind::DanglingReference, wrong);
            }
        }
        if placed.raw.members.is_empty() || placed.raw.members.len() + placed.raw.outside.len() < 2 {
            let wrong = Wrong::ExcludesNothing;
            faults.add(placed.at("members"), placed.title.clone(), FaultKind::DanglingReference, wrong);
        }
    }
}

fn restores(
    placed: &Placed<crate::domain::ruleset::raw::RawItem>,
    document: &Document,
    faults: &mut Faults<'_>,
) {
    for code in placed.raw.restores.iter().flat_map(|r| &r.items) {
        let wrong = if !document.bears("item", code) {
            Wrong::Dangling.with("key", "restores").with("table", "item").with("code", code)
        } else if document
            .items
            .iter()
            .any(|i| i.raw.code == *code && i.raw.direction != Some(Direction::Deduct))
        {
            Wrong::NotADeduction.with("code", code)
        } else {
            continue;
        };
        faults.add(placed.at("restores"), placed.title.clone(), FaultKind::DanglingReference, wrong);
    }
}
