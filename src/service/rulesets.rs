//! Rule sets: published once by content, taken up by a village from a day on, pinned on every award. A version raised
//! later never touches what happened before its first day.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use super::{Actor, Desk, Refusal, ServiceError, ServiceResult, caller::Township, refuse};
use crate::{
    domain::{
        ids::BookId,
        lang::Lang,
        ruleset::{self, CounterTerms, Fault, RuleSet},
        time::Day,
    },
    store::{
        StoreError, Tx, WriteTx,
        ruleset::{AdoptionRow, RulesetRow},
    },
    text::T,
};

/// Parsed rule sets by content hash. The hash names the content, so an entry can never be stale.
static PARSED: LazyLock<RwLock<HashMap<String, Arc<RuleSet>>>> = LazyLock::new(RwLock::default);
/// Parsed rule sets kept; beyond it all are forgotten and parsed again as needed.
const PARSED_MAX: usize = 256;
/// Rule sets a list shows at once.
pub const RULESETS_PAGE: i64 = 100;

/// Which rule set a village takes up, from when, on what decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The rule set, by content hash.
    pub hash: String,
    /// The first day it applies: today or later.
    pub from: Day,
    /// The decision of the villagers' assembly it rests on.
    pub basis: String,
}

impl Desk {
    /// Publishes a rule set; the same text again is the same rule set. A faulty text is refused with every fault.
    pub async fn publish_ruleset(&self, by: Actor, text: &str) -> ServiceResult<Arc<RuleSet>> {
        let set = ruleset::parse(text, "rules.toml").map_err(|faults| faulty(&faults))?;
        let mut tx = self.db.begin_write().await?;
        self.publish_within(&mut tx, by, &set, text).await?;
        tx.commit().await?;
        Ok(remember(set))
    }

    /// Publishes a rule set inside a transaction, unless it is published already.
    pub(super) async fn publish_within(
        &self,
        tx: &mut WriteTx,
        by: Actor,
        set: &RuleSet,
        text: &str,
    ) -> ServiceResult<()> {
        if crate::store::ruleset::one(tx, set.hash()).await?.is_none() {
            let row = RulesetRow {
                hash: set.hash().to_owned(),
                programme: set.programme.code.clone(),
                version: set.programme.version.to_string(),
                name: set.programme.name.zh.clone(),
                content: text.to_owned(),
                published_at: self.now(),
                published_by: by.to_string(),
            };
            crate::store::ruleset::publish(tx, &row).await?;
        }
        Ok(())
    }

    /// Takes over the rules that a village adopted on paper before it came here, filed by the township. Every later
    /// version goes by procedure.
    pub async fn take_over_ruleset(&self, by: &Township, adoption: &Adoption) -> ServiceResult<()> {
        if !self.adoptions(by.book).await?.is_empty() {
            return Err(refuse("by_procedure").into());
        }
        self.adopt_ruleset(by.actor(), by.book, adoption).await
    }

    /// A book takes up a published rule set. Rules never reach back: the first day is today or later.
    pub async fn adopt_ruleset(&self, by: Actor, book: BookId, adoption: &Adoption) -> ServiceResult<()> {
        if adoption.from < self.today() {
            return Err(refuse("retroactive_rules").with("from", adoption.from).into());
        }
        if adoption.basis.trim().is_empty() {
            return Err(refuse("basis_missing").into());
        }
        let mut tx = self.db.begin_write().await?;
        if crate::store::ruleset::one(&mut tx, &adoption.hash).await?.is_none() {
            return Err(ServiceError::NotFound("rule set"));
        }
        let row = AdoptionRow {
            effective_from: adoption.from,
            hash: adoption.hash.clone(),
            adopted_at: self.now(),
            adopted_by: by.to_string(),
            basis: adoption.basis.clone(),
            repealed_from: None,
        };
        match crate::store::ruleset::adopt(&mut tx, book, &row).await {
            Err(StoreError::Duplicate) => Err(refuse("already_adopted").with("from", adoption.from).into()),
            other => {
                other?;
                Ok(tx.commit().await?)
            }
        }
    }

    /// A published rule set.
    pub async fn ruleset(&self, hash: &str) -> ServiceResult<Arc<RuleSet>> {
        let mut tx = self.db.begin_read().await?;
        of_hash(&mut tx, hash).await
    }

    /// The rule set `book` follows on `day`.
    pub async fn ruleset_for(&self, book: BookId, day: Day) -> ServiceResult<Arc<RuleSet>> {
        let mut tx = self.db.begin_read().await?;
        in_force(&mut tx, book, day).await
    }

    /// The limits of the counters of `book` today.
    pub async fn counter_terms(&self, book: BookId) -> ServiceResult<CounterTerms> {
        let mut tx = self.db.begin_read().await?;
        counter_terms(&mut tx, book, self.today()).await
    }

    /// Published rule sets after `after` by hash, without their text.
    pub async fn rulesets(&self, after: &str, limit: i64) -> ServiceResult<Vec<RulesetRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(crate::store::ruleset::list(&mut tx, after, limit.clamp(1, RULESETS_PAGE)).await?)
    }

    /// What `book` followed from when, latest first.
    pub async fn adoptions(&self, book: BookId) -> ServiceResult<Vec<AdoptionRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(crate::store::ruleset::adoptions(&mut tx, book).await?)
    }

    /// The published text of a rule set.
    pub async fn ruleset_row(&self, hash: &str) -> ServiceResult<RulesetRow> {
        let mut tx = self.db.begin_read().await?;
        crate::store::ruleset::one(&mut tx, hash).await?.ok_or(ServiceError::NotFound("rule set"))
    }
}

/// The refusal of a text with faults: every one of them, in both languages.
pub(super) fn faulty(faults: &[Fault]) -> Refusal {
    let lines = |lang| {
        let lines: Vec<String> = faults.iter().map(|f| T(lang).rule_fault(f)).collect();
        lines.join("\n")
    };
    refuse("faulty_rules")
        .with("faults", lines(Lang::Zh))
        .with("faults_en", lines(Lang::En))
        .with("count", faults.len())
}

/// The rule set `book` follows on `day`, inside a transaction.
pub async fn in_force(tx: &mut Tx, book: BookId, day: Day) -> ServiceResult<Arc<RuleSet>> {
    let adoption = crate::store::ruleset::in_force(tx, book, day)
        .await?
        .ok_or_else(|| refuse("no_rules_in_force").with("day", day))?;
    of_hash(tx, &adoption.hash).await
}

/// The limits of the counters of `book` on `day`: those of the rules in force, or the usual ones where a village has
/// no rules yet.
pub async fn counter_terms(tx: &mut Tx, book: BookId, day: Day) -> ServiceResult<CounterTerms> {
    match in_force(tx, book, day).await {
        Ok(set) => Ok(set.programme.counter),
        Err(ServiceError::Refused(_)) => Ok(CounterTerms::default()),
        Err(other) => Err(other),
    }
}

/// A published rule set, inside a transaction; parsed once.
pub async fn of_hash(tx: &mut Tx, hash: &str) -> ServiceResult<Arc<RuleSet>> {
    let known = PARSED.read().unwrap_or_else(PoisonError::into_inner).get(hash).cloned();
    if let Some(set) = known {
        return Ok(set);
    }
    let row = crate::store::ruleset::one(tx, hash).await?.ok_or(ServiceError::NotFound("rule set"))?;
    let set = ruleset::parse(&row.content, "rules.toml").map_err(|faults| {
        StoreError::inconsistent("ruleset", "content", format!("{} faults in {hash}", faults.len()))
    })?;
    Ok(remember(set))
}

fn remember(set: RuleSet) -> Arc<RuleSet> {
    let mut known = PARSED.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= PARSED_MAX {
        known.clear();
    }
    Arc::clone(known.entry(set.hash().to_owned()).or_insert_with(|| Arc::new(set)))
}
