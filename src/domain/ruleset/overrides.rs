//! A village's rules as a template and what the village says otherwise (样本＋本村改动): each override puts one value of
//! one table, or adds an item, and the text that comes out is read like any other. Holds no checks of what it says.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use toml::{
    Spanned, Value,
    de::{DeTable, DeValue},
};

/// The target of an override that adds an item; its key is the item's code, its value the table's text.
pub const NEW_ITEM: &str = "new";

/// One thing a village says otherwise than its template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// `item A2`, `programme`, `route R1`, or [`NEW_ITEM`].
    pub target: String,
    /// The key, such as `points`; of a new item its code.
    pub key: String,
    /// The value; nothing to say again what the template says.
    pub value: Option<String>,
}

/// Why an override cannot be laid over its template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// The template itself cannot be read.
    #[error("the template cannot be read")]
    Template,
    /// The template has no such table.
    #[error("the template has no {0}")]
    Target(String),
    /// A code is the name of a thing: another code is another thing.
    #[error("a code cannot be overridden")]
    Code,
    /// Not one value.
    #[error("{0}: not a value")]
    Value(String),
    /// Not one table `[[item]]` with that code, or the template has that code already.
    #[error("{0}: not a new item")]
    NewItem(String),
}

/// The overrides that count: of one target and key the last, in the order they were first made.
#[must_use]
pub fn effective(all: &[Override]) -> Vec<&Override> {
    let same = |a: &Override, b: &Override| a.target == b.target && a.key == b.key;
    let first = all.iter().enumerate().filter(|(n, o)| !all.iter().take(*n).any(|before| same(before, o)));
    let last = first.filter_map(|(_, o)| all.iter().rev().find(|later| same(later, o)));
    last.filter(|o| o.value.is_some()).collect()
}

/// The template with the overrides laid over it.
///
/// # Errors
/// The first override that does not fit.
pub fn apply(template: &str, overrides: &[Override]) -> Result<String, Misfit> {
    let root = DeTable::parse(template).map_err(|_| Misfit::Template)?;
    let mut edits = Vec::new();
    let mut added = String::new();
    for o in effective(overrides) {
        let value = o.value.as_deref().unwrap_or_default();
        if o.target == NEW_ITEM {
            new_item(root.get_ref(), &o.key, value)?;
            added.push('\n');
            added.push_str(value.trim());
            added.push('\n');
        } else {
            edits.push(edit(root.get_ref(), template, o, value)?);
        }
    }
    // from the end, so that the places before stay what they are; what is put at one place keeps its order
    edits.reverse();
    edits.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
    let mut text = template.to_owned();
    for (place, words) in edits {
        text.replace_range(place, &words);
    }
    text.push_str(&added);
    Ok(text)
}

fn edit(
    root: &DeTable<'_>,
    template: &str,
    o: &Override,
    value: &str,
) -> Result<(Range<usize>, String), Misfit> {
    if o.key == "code" {
        return Err(Misfit::Code);
    }
    let table = find(root, &o.target).ok_or_else(|| Misfit::Target(o.target.clone()))?;
    let value = as_value(&o.key, value)?;
    if let Some((_, old)) = table.iter().find(|(key, _)| key.get_ref().as_ref() == o.key) {
        return Ok((old.span(), value));
    }
    // a key the template leaves out stands below the code
    let code = table.get("code").ok_or_else(|| Misfit::Target(o.target.clone()))?.span().end;
    let line = template.get(code..).and_then(|rest| rest.find('\n')).map_or(template.len(), |n| code + n);
    Ok((line..line, format!("\n{} = {value}", o.key)))
}

fn find<'a, 'b>(root: &'a DeTable<'b>, target: &str) -> Option<&'a DeTable<'b>> {
    match target.split_once(' ') {
        None => root.get(target)?.get_ref().as_table(),
        Some((name, code)) => {
            let tables = root.get(name)?.get_ref().as_array()?;
            tables.iter().filter_map(|t| t.get_ref().as_table()).find(|t| code_of(t) == Some(code))
        }
    }
}

fn code_of<'a>(table: &'a DeTable<'_>) -> Option<&'a str> {
    table.get("code").map(Spanned::get_ref).and_then(DeValue::as_str)
}

/// What was typed, as one value of the file: `8`, `false`, `["clerk"]`; words without quotation marks are a text.
fn as_value(key: &str, typed: &str) -> Result<String, Misfit> {
    let typed = typed.trim();
    let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let one = |text: &str| {
        DeTable::parse(&format!("{key} = {text}"))
            .is_ok_and(|t| t.get_ref().len() == 1 && !text.contains('#'))
    };
    if plain && one(typed) {
        return Ok(typed.to_owned());
    }
    let quoted = Value::String(typed.to_owned()).to_string();
    let words = plain && !typed.is_empty() && !typed.contains(['\n', '[', ']', '{', '}', '"', '=']);
    if words && one(&quoted) { Ok(quoted) } else { Err(Misfit::Value(key.to_owned())) }
}

fn new_item(root: &DeTable<'_>, code: &str, text: &str) -> Result<(), Misfit> {
    let misfit = || Misfit::NewItem(code.to_owned());
    if find(root, &format!("item {code}")).is_some() {
        return Err(misfit());
    }
    let table = DeTable::parse(text.trim()).map_err(|_| misfit())?;
    let items = table.get_ref().get("item").and_then(|v| v.get_ref().as_array()).ok_or_else(misfit)?;
    let one = items.iter().filter_map(|t| t.get_ref().as_table()).find(|t| code_of(t) == Some(code));
    if table.get_ref().len() == 1 && items.len() == 1 && one.is_some() { Ok(()) } else { Err(misfit()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        lang::Lang,
        ruleset::{diff, hash, parse, shipped},
    };

    fn put(target: &str, key: &str, value: &str) -> Override {
        Override { target: target.to_owned(), key: key.to_owned(), value: Some(value.to_owned()) }
    }

    fn told(overrides: &[Override]) -> Vec<String> {
        let [(_, template), _] = shipped();
        let set = parse(&apply(template, overrides).unwrap(), "x").unwrap();
        diff(&parse(template, "x").unwrap(), &set).iter().map(|c| c.sentence(Lang::Zh)).collect()
    }

    #[test]
    fn a_set_is_its_template_and_what_the_village_says_otherwise() {
        let changes = [
            put("item A2", "points", "8"),
            put("programme", "cap_month", "80"),
            put("item B7", "enabled", "false"),
            put("item A5", "name", "集体大扫除"),
            put("item A2", "notice_days", "9"),
        ];
        assert_eq!(
            told(&changes),
            [
                "总则：每月可兑换上限 60 → 80",
                "月度最清洁户（A2）：分值 +5分 → +8分",
                "月度最清洁户（A2）：公示天数 – → 9",
                "集体大扫除（A5）：名称 集体保洁日 → 集体大扫除",
                "出租、务工信息如实登记（B7）：启用 是 → 否",
            ]
        );
    }

    #[test]
    fn the_last_word_counts_and_the_templates_can_be_said_again() {
        let mut changes = vec![put("item A2", "points", "8"), put("item A2", "points", "6")];
        assert_eq!(told(&changes), ["月度最清洁户（A2）：分值 +5分 → +6分"]);
        changes.push(Override { value: None, ..put("item A2", "points", "") });
        assert_eq!(told(&changes), [""; 0]);
        let [(_, template), _] = shipped();
        assert_eq!(hash(&apply(template, &changes).unwrap()), hash(template), "the very same text");
    }

    #[test]
    fn an_item_is_added_and_said_anew_but_never_in_another_ones_place() {
        let [(_, template), _] = shipped();
        let (_, a2) = template.split_once("code = \"A2\"").unwrap();
        let body = a2.split("[[item]]").next().unwrap();
        let item = |code: &str| put(NEW_ITEM, code, &format!("[[item]]\ncode = \"{code}\"{body}"));
        assert_eq!(told(&[item("A9"), item("A9")]), ["月度最清洁户（A9）：新增，+5分"]);
        let refused = |o: Override| apply(template, &[o]).unwrap_err();
        assert_eq!(refused(item("A2")), Misfit::NewItem("A2".to_owned()));
        assert_eq!(refused(put(NEW_ITEM, "A9", "[programme]\nx = 1")), Misfit::NewItem("A9".to_owned()));
        let two = format!("[[item]]\ncode = \"A9\"{body}\n[[item]]\ncode = \"A8\"\n");
        assert_eq!(refused(put(NEW_ITEM, "A9", &two)), Misfit::NewItem("A9".to_owned()));
    }

    #[test]
    fn nothing_is_smuggled_in_beside_a_value() {
        let [(_, template), _] = shipped();
        let refused = |o: Override| apply(template, &[o]).unwrap_err();
        for typed in ["8\ntarget = \"both\"", "8 # so", "", "[[item]]", "{", "8 = 9"] {
            assert_eq!(
                refused(put("item A2", "points", typed)),
                Misfit::Value("points".to_owned()),
                "{typed}"
            );
        }
        assert_eq!(refused(put("item A2", "x y", "8")), Misfit::Value("x y".to_owned()));
        assert_eq!(refused(put("item A2", "code", "Z1")), Misfit::Code);
        assert_eq!(refused(put("item Z1", "points", "8")), Misfit::Target("item Z1".to_owned()));
        assert_eq!(refused(put("nothing", "points", "8")), Misfit::Target("nothing".to_owned()));
    }
}
