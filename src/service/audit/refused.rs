//! Commands that the ledger refused (未办成的请求): who asked for what, when, and why it was not done. They are kept
//! for ever, under their keys and in a chain of hashes, so that an answer once given can be looked up.

use std::collections::BTreeMap;

use crate::{
    domain::{
        amount::{decimal, points},
        time::{Day, Timestamp},
    },
    service::{Actor, Desk, ServiceResult, award::explain, caller::Auditor},
    store::{
        StoreError,
        ledger::read::{self, RefusalRow, RefusedFilter},
    },
};

/// Refusals on one page.
pub const REFUSED_PAGE: i64 = 50;

/// Which refusals. Every field may be left empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RefusedQuery {
    /// With this code.
    pub code: Option<String>,
    /// Of this actor: `user:<id>`.
    pub actor: Option<String>,
    /// On this business day.
    pub day: Option<Day>,
    /// Before this number, where the page before ended.
    pub before: Option<i64>,
}

/// A command that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedCommand {
    /// Its number among the book's refusals, from 1.
    pub no: i64,
    /// When.
    pub at: Timestamp,
    /// Who asked, as stored.
    pub actor: String,
    /// Who asked, by name.
    pub name: String,
    /// What kind of transaction it would have been.
    pub kind: String,
    /// What was asked; texts that may speak of people are digests here.
    pub asked: BTreeMap<String, String>,
    /// Why it was not done: a stable code.
    pub code: String,
    /// The figures and names of the reason, in the units people use.
    pub facts: BTreeMap<String, String>,
    /// Its idempotency key.
    pub key: String,
}

impl Desk {
    /// Refused commands, the latest first, at most `limit` and [`REFUSED_PAGE`].
    pub async fn refused_commands(
        &self,
        by: &Auditor,
        query: &RefusedQuery,
        limit: i64,
    ) -> ServiceResult<Vec<RefusedCommand>> {
        let given = |text: &Option<String>| text.as_deref().map(str::trim).unwrap_or_default().to_owned();
        let (code, actor) = (given(&query.code), given(&query.actor));
        let (first, last) =
            (query.day, query.day.map(|day| Day::from_number(day.number().saturating_add(1))));
        let filter = RefusedFilter {
            before: query.before.unwrap_or(i64::MAX),
            code: &code,
            actor: &actor,
            from: first.map_or(Timestamp::from_micros(i64::MIN), Day::start),
            until: last.map_or(Timestamp::from_micros(i64::MAX), Day::start),
            limit: limit.clamp(1, REFUSED_PAGE),
        };
        let mut tx = self.db.begin_read().await?;
        let rows = read::refused(&mut tx, by.book, &filter).await?;
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            if !names.contains_key(&row.actor) {
                names.insert(row.actor.clone(), explain::name(&mut tx, &row.actor).await?);
            }
            let name = names.get(&row.actor).cloned().unwrap_or_default();
            out.push(command(row, name)?);
        }
        Ok(out)
    }
}

impl RefusedCommand {
    /// Whether a job asked, not a person.
    #[must_use]
    pub fn by_system(&self) -> bool {
        self.actor.parse() == Ok(Actor::System)
    }
}

fn command(row: RefusalRow, name: String) -> ServiceResult<RefusedCommand> {
    let read = |text: &str, column| {
        serde_json::from_str(text).map_err(|_| StoreError::inconsistent("refusal", column, &row.key))
    };
    Ok(RefusedCommand {
        no: row.ordinal.unwrap_or(0),
        at: row.recorded_at,
        asked: read(&row.body, "body")?,
        facts: in_units(read(&row.facts, "facts")?),
        actor: row.actor,
        name,
        kind: row.kind,
        code: row.code,
        key: row.key,
    })
}

/// The ledger counts in minor units, people do not.
fn in_units(mut facts: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let commodity = facts.get("commodity").cloned();
    let of_points = facts.get("meter").is_some_and(|meter| meter.starts_with("card:"));
    for (name, fact) in &mut facts {
        let Ok(minor) = fact.parse::<i64>() else { continue };
        match (name.as_str(), &commodity) {
            ("needed" | "available", Some(commodity)) => *fact = decimal(minor, commodity),
            ("used" | "limit" | "asked", _) if of_points => *fact = points(minor),
            _ => {}
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter().map(|(name, fact)| ((*name).to_owned(), (*fact).to_owned())).collect()
    }

    #[test]
    fn figures_are_told_in_the_units_people_use() {
        let told = in_units(facts(&[("commodity", "POINT"), ("needed", "5050"), ("available", "0")]));
        assert_eq!((told["needed"].as_str(), told["available"].as_str()), ("50.5", "0"));
        let told = in_units(facts(&[("commodity", "MIN"), ("needed", "90")]));
        assert_eq!(told["needed"], "90");
        let told = in_units(facts(&[("meter", "card:H0001:2026-06-03"), ("limit", "5000")]));
        assert_eq!(told["limit"], "50");
        let told = in_units(facts(&[("meter", "once:line:7"), ("limit", "1")]));
        assert_eq!(told["limit"], "1");
    }
}
