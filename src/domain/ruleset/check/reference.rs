//! Codes: each borne once, each citation met. Holds no other checks.

use std::collections::BTreeSet;

use crate::domain::{
    rule::Direction,
    ruleset::{
        fault::{FaultKind, Faults},
        read::{Document, Placed},
    },
};

fn codes<'a, T>(tables: &'a [Placed<T>], code: impl Fn(&'a T) -> &'a str, faults: &mut Faults<'_>) {
    let mut seen = BTreeSet::new();
    for placed in tables {
        let code = code(&placed.raw);
        if code.trim().is_empty() {
            faults.add(placed.at("code"), placed.title.clone(), FaultKind::BadValue, "`code` is empty");
        } else if !seen.insert(code) {
            let message = format!("the code {code} is taken by an earlier table; give this one its own");
            faults.add(placed.at("code"), placed.title.clone(), FaultKind::DuplicateCode, message);
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
                let message = format!("`{key}`: there is no [[{table}]] with the code {cited}");
                faults.add(placed.at(key), placed.title.clone(), FaultKind::DanglingReference, message);
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
            let message = "`basis` is empty: cite a clause of the compact or a programme document";
            faults.add(placed.at("basis"), placed.title.clone(), FaultKind::DanglingReference, message);
        }
        restores(placed, document, faults);
    }
    for placed in &document.exclusives {
        for member in &placed.raw.members {
            if !document.bears("item", member) {
                let message = format!("`members`: there is no [[item]] with the code {member}");
                faults.add(placed.at("members"), placed.title.clone(), FaultKind::DanglingReference, message);
            }
        }
        if placed.raw.members.is_empty() || placed.raw.members.len() + placed.raw.outside.len() < 2 {
            let message = "one alone excludes nothing: name a member and what it excludes";
            faults.add(placed.at("members"), placed.title.clone(), FaultKind::DanglingReference, message);
        }
    }
}

fn restores(
    placed: &Placed<crate::domain::ruleset::raw::RawItem>,
    document: &Document,
    faults: &mut Faults<'_>,
) {
    for code in placed.raw.restores.iter().flat_map(|r| &r.items) {
        let message = if !document.bears("item", code) {
            format!("`restores`: there is no [[item]] with the code {code}")
        } else if document
            .items
            .iter()
            .any(|i| i.raw.code == *code && i.raw.direction != Some(Direction::Deduct))
        {
            format!("`restores`: {code} is not a deduction, so there is nothing to give back")
        } else {
            continue;
        };
        faults.add(placed.at("restores"), placed.title.clone(), FaultKind::DanglingReference, message);
    }
}
