//! Computes a stored award again from what was stored with it: the same rule version, the same inputs, the same number.

use super::{Desk, ServiceResult, StoredInputs};
use crate::{
    domain::award::{self, Claim, Explanation},
    service::rulesets,
    store::{StoreError, Tx, award::AwardRow},
};

/// Where a stored award and its replay part ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The column.
    pub field: &'static str,
    /// What is stored.
    pub stored: String,
    /// What the rules say.
    pub computed: String,
}

impl Desk {
    /// The first difference between an award and its replay; nothing when it holds.
    pub async fn replay_award(&self, tx: &mut Tx, row: &AwardRow) -> ServiceResult<Option<Difference>> {
        replay(tx, row).await
    }
}

/// The first difference between an award and its replay; nothing when it holds.
pub async fn replay(tx: &mut Tx, row: &AwardRow) -> ServiceResult<Option<Difference>> {
    let difference = |field, stored: &dyn ToString, computed: &dyn ToString| Difference {
        field,
        stored: stored.to_string(),
        computed: computed.to_string(),
    };
    let set = rulesets::of_hash(tx, &row.ruleset).await?;
    let Some(item) = set.item(&row.item) else {
        return Ok(Some(difference("item", &row.item, &"not in the rule set")));
    };
    let stored: StoredInputs = serde_json::from_str(&row.inputs)
        .map_err(|e| StoreError::inconsistent("award", "inputs", e.to_string()))?;
    if super::record::written(stored.inputs.quantity) != row.quantity || stored.inputs.grade != row.grade {
        return Ok(Some(difference("quantity", &row.quantity, &stored.inputs.quantity)));
    }
    let claim = Claim {
        set: &set,
        item,
        subject: stored.subject,
        inputs: &stored.inputs,
        occurred_on: row.occurred_on,
    };
    let award = match award::compute(&claim, &stored.answers, stored.context) {
        Ok(award) => award,
        Err(refusal) => return Ok(Some(difference("points", &row.points, &refusal.code.as_str()))),
    };
    if stored.subject.person != row.person_id.is_some() {
        let person = row.person_id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        return Ok(Some(difference("person_id", &person, &stored.subject.person)));
    }
    let route = super::record::route(row.late, award.route);
    if row.route != route.as_str() {
        return Ok(Some(difference("route", &row.route, &route)));
    }
    let explained = serde_json::from_str::<Explanation>(&row.explanation);
    if !explained.is_ok_and(|explained| explained == award.explanation) {
        let computed = super::record::json(&award.explanation)?;
        return Ok(Some(difference("explanation", &row.explanation, &computed)));
    }
    let pairs = [
        ("points", row.points, award.points),
        ("honor", row.honor, award.honor),
        ("minutes", row.minutes, award.minutes),
    ];
    Ok(pairs.into_iter().find(|(_, a, b)| a != b).map(|(field, a, b)| difference(field, &a, &b)))
}
