//! From text to tables: TOML with the place of every key kept, so that each fault can name its line.
//! One bad key does not hide the next: it is noted, taken out, and the table read again. Holds no rules.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::{
    Spanned,
    de::{DeTable, DeValue, ValueDeserializer},
};

use super::{
    fault::{FaultKind, Faults, Said, Wrong},
    raw::{RawBasis, RawExclusive, RawItem, RawNamed, RawProgramme, RawRoute},
};

/// How often one table is read again after taking out a bad key.
const MAX_FAULTS_PER_TABLE: usize = 64;

/// A table of the file that has the right shape, and where its keys stand.
#[derive(Debug)]
pub(super) struct Placed<T> {
    pub(super) raw: T,
    /// `item A2`.
    pub(super) title: String,
    start: usize,
    keys: BTreeMap<String, usize>,
}

impl<T> Placed<T> {
    /// The byte at which `key` stands, or the table begins.
    pub(super) fn at(&self, key: &str) -> usize {
        self.keys.get(key).copied().unwrap_or(self.start)
    }
}

/// A whole file in tables.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) programme: Option<Placed<RawProgramme>>,
    pub(super) routes: Vec<Placed<RawRoute>>,
    pub(super) categories: Vec<Placed<RawNamed>>,
    pub(super) bodies: Vec<Placed<RawNamed>>,
    pub(super) bases: Vec<Placed<RawBasis>>,
    pub(super) exclusives: Vec<Placed<RawExclusive>>,
    pub(super) items: Vec<Placed<RawItem>>,
    codes: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Document {
    /// Whether the file has a table of that name with that code, even one that could not be read: a fault in a table
    /// is not a fault in those that cite it.
    pub(super) fn bears(&self, table: &str, code: &str) -> bool {
        self.codes.get(table).is_some_and(|codes| codes.contains(code))
    }
}

const TABLES: [&str; 7] = ["programme", "route", "category", "body", "basis", "exclusive", "item"];

/// Reads the text; nothing if it is not TOML at all.
pub(super) fn document(text: &str, faults: &mut Faults<'_>) -> Option<Document> {
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        faults.add(at, "file", FaultKind::Syntax, Wrong::NotToml.with("detail", error.message()));
    }
    if !errors.is_empty() {
        return None;
    }
    let root = root.into_inner();
    for (key, _) in &root {
        let name: &str = key.get_ref();
        if !TABLES.contains(&name) {
            let wrong = Wrong::UnknownTable.with("table", name).with("tables", TABLES.join(", "));
            faults.add(key.span().start, "file", FaultKind::UnknownKey, wrong);
        }
    }
    let programme = match root.get("programme") {
        Some(value) => table("programme", value, faults),
        None => {
            faults.add(0, "file", FaultKind::MissingKey, Wrong::NoProgramme);
            None
        }
    };
    Some(Document {
        programme,
        routes: tables("route", &root, true, faults),
        categories: tables("category", &root, true, faults),
        bodies: tables("body", &root, true, faults),
        bases: tables("basis", &root, true, faults),
        exclusives: tables("exclusive", &root, false, faults),
        items: tables("item", &root, true, faults),
        codes: TABLES.into_iter().map(|name| (name, codes(&root, name))).collect(),
    })
}

fn codes(root: &DeTable<'_>, name: &str) -> BTreeSet<String> {
    let tables = root.get(name).and_then(|v| v.get_ref().as_array());
    let codes = tables.into_iter().flat_map(|array| array.iter()).filter_map(|table| {
        table.get_ref().as_table().and_then(|t| t.get("code")).and_then(|c| c.get_ref().as_str())
    });
    codes.map(str::to_owned).collect()
}

fn tables<T: DeserializeOwned + JsonSchema>(
    name: &str,
    root: &DeTable<'_>,
    needed: bool,
    faults: &mut Faults<'_>,
) -> Vec<Placed<T>> {
    let Some(value) = root.get(name) else {
        if needed {
            faults.add(0, "file", FaultKind::MissingKey, Wrong::NoTable.with("table", name));
        }
        return Vec::new();
    };
    let Some(array) = value.get_ref().as_array() else {
        let wrong = Wrong::OneBracket.with("table", name);
        faults.add(value.span().start, "file", FaultKind::BadValue, wrong);
        return Vec::new();
    };
    array.iter().filter_map(|element| table(name, element, faults)).collect()
}

fn table<T: DeserializeOwned + JsonSchema>(
    name: &str,
    value: &Spanned<DeValue<'_>>,
    faults: &mut Faults<'_>,
) -> Option<Placed<T>> {
    let start = value.span().start;
    let Some(content) = value.get_ref().as_table() else {
        faults.add(start, name, FaultKind::BadValue, Wrong::NotATable.with("table", name));
        return None;
    };
    let code = content.get("code").and_then(|c| c.get_ref().as_str());
    let title = code.map_or_else(|| name.to_owned(), |code| format!("{name} {code}"));
    let keys: BTreeMap<_, _> =
        content.iter().map(|(k, _)| (k.get_ref().to_string(), k.span().start)).collect();
    let mut whole = true;
    for key in required::<T>() {
        if !keys.contains_key(&key) {
            whole = false;
            faults.add(start, title.clone(), FaultKind::MissingKey, Wrong::MissingKey.with("key", &key));
        }
    }
    let mut content = value.clone();
    for _ in 0..MAX_FAULTS_PER_TABLE {
        let error = match T::deserialize(ValueDeserializer::from(content.clone())) {
            Ok(raw) => return whole.then_some(Placed { raw, title, start, keys }),
            Err(error) => error,
        };
        let span = error.span().unwrap_or(start..start);
        let removed = remove(content.get_mut(), &span);
        let missing = error.message().starts_with("missing field");
        if removed || !missing {
            let (kind, wrong) = explain(error.message());
            faults.add(span.start, title.clone(), kind, wrong);
        }
        whole = false;
        if !removed {
            return None;
        }
    }
    None
}

/// The keys a table of that shape cannot do without.
fn required<T: JsonSchema>() -> Vec<String> {
    let schema = schemars::schema_for!(T);
    let keys = schema.get("required").and_then(|r| r.as_array());
    keys.into_iter().flatten().filter_map(|k| k.as_str().map(str::to_owned)).collect()
}

/// Takes out the smallest entry around `span`; false if only the whole value is around it.
fn remove(value: &mut DeValue<'_>, span: &Range<usize>) -> bool {
    let around = |outer: Range<usize>| outer.start <= span.start && span.end <= outer.end;
    match value {
        DeValue::Table(table) => {
            let found = table.iter().find(|(k, v)| around(k.span()) || around(v.span()));
            let Some(key) = found.map(|(k, _)| k.get_ref().to_string()) else { return false };
            let deeper = table.get_mut(key.as_str()).is_some_and(|v| {
                let outer = v.span();
                around(outer) && remove(v.get_mut(), span)
            });
            deeper || table.remove(key.as_str()).is_some()
        }
        DeValue::Array(array) => {
            let Some(index) = array.iter().position(|v| around(v.span())) else { return false };
            if !array.get_mut(index).is_some_and(|v| remove(v.get_mut(), span)) {
                *array = array
                    .clone()
                    .into_iter()
                    .enumerate()
                    .filter(|(n, _)| *n != index)
                    .map(|(_, v)| v)
                    .collect();
            }
            true
        }
        _ => false,
    }
}

/// The reader's complaint, as a kind and what is wrong.
fn explain(message: &str) -> (FaultKind, Said) {
    let quoted = message.split('`').nth(1).unwrap_or_default();
    let expected = message.split_once("expected ").map_or("", |(_, rest)| rest);
    let choices = expected.strip_prefix("one of ").unwrap_or(expected);
    if message.starts_with("unknown field") {
        return (FaultKind::UnknownKey, Wrong::UnknownKey.with("key", quoted).with("keys", choices));
    }
    if message.starts_with("missing field") {
        return (FaultKind::MissingKey, Wrong::MissingKey.with("key", quoted));
    }
    if message.starts_with("unknown variant") {
        return (FaultKind::BadValue, Wrong::BadChoice.with("value", quoted).with("choices", choices));
    }
    let found = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    if let Some((found, expected)) = found.and_then(|rest| rest.split_once(", expected ")) {
        return (FaultKind::BadValue, Wrong::BadType.with("found", found).with("expected", expected));
    }
    (FaultKind::BadValue, Wrong::BadValue.with("detail", message))
}
