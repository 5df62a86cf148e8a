//! Many at once: awards to record, balances to bring over from paper. One answer an item, in their order.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    award_input::{AwardInput, new_award},
    awards::{Award, detail},
    key::IdempotencyKey,
    problem::Problem,
};
use crate::{
    domain::{amount::points, lang::Lang},
    http::{AppState, As, HttpResult, Json, Visitor},
    service::{
        Refusal, ServiceError,
        bulk::{ItemAnswer, Mode, check_size},
        caller::{Recorder, Township},
        opening::{Opened, OpeningItem, OpeningSheet},
        refuse,
    },
    store::award::AwardRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(awards)).routes(routes!(openings))
}

/// Whether items depend on each other.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BulkMode {
    /// All of them or none.
    Atomic,
    /// Each by itself.
    Each,
}

impl From<BulkMode> for Mode {
    fn from(mode: BulkMode) -> Self {
        match mode {
            BulkMode::Atomic => Self::Atomic,
            BulkMode::Each => Self::Each,
        }
    }
}

/// What became of one item.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ItemOutcome {
    /// It was done, now or under this key before.
    Done,
    /// It may not be done.
    Refused,
    /// It could have been done, but not with another one of the same request.
    NotApplied,
}

/// The answer to one item.
#[derive(Serialize, ToSchema)]
struct BulkItem {
    /// Its place in the request, from 0.
    index: usize,
    /// What became of it.
    outcome: ItemOutcome,
    /// Whether it was done before: nothing moved now.
    #[serde(skip_serializing_if = "Option::is_none")]
    repeated: Option<bool>,
    /// The award.
    #[serde(skip_serializing_if = "Option::is_none")]
    award: Option<Award>,
    /// Its place in the ledger.
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<i64>,
    /// The household's spendable points with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    available: Option<String>,
    /// Why not. Stable: programs decide by this.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// What happened and what to do, in the caller's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The figures and names of the reason; `fields` names what differs from an earlier item under the same key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    facts: BTreeMap<String, String>,
    /// The place of the first item that kept this one from being done.
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<usize>,
}

/// The answers to all items.
#[derive(Serialize, ToSchema)]
struct BulkAnswer {
    /// How many were done.
    done: usize,
    /// One an item, in their order.
    items: Vec<BulkItem>,
}

impl BulkAnswer {
    fn of<A>(lang: Lang, answers: Vec<ItemAnswer<A>>, tell: impl Fn(&mut BulkItem, A)) -> Self {
        let items = answers.into_iter().enumerate().map(|(index, answer)| item(lang, index, answer, &tell));
        let items: Vec<BulkItem> = items.collect();
        let done = items.iter().filter(|i| matches!(i.outcome, ItemOutcome::Done)).count();
        Self { done, items }
    }
}

fn item<A>(lang: Lang, index: usize, answer: ItemAnswer<A>, tell: impl Fn(&mut BulkItem, A)) -> BulkItem {
    let mut item = BulkItem {
        index,
        outcome: ItemOutcome::Done,
        repeated: None,
        award: None,
        seq: None,
        available: None,
        code: None,
        detail: None,
        facts: BTreeMap::new(),
        because: None,
    };
    let mut refused = |outcome, refusal: Refusal| {
        item.outcome = outcome;
        item.detail = Some(detail(lang, &refusal));
        item.code = Some(refusal.code.to_owned());
        item.facts = refusal.facts;
    };
    match answer {
        ItemAnswer::Refused(refusal) => refused(ItemOutcome::Refused, refusal),
        ItemAnswer::NotApplied { because } => {
            refused(ItemOutcome::NotApplied, refuse("not_applied").with("item", because));
            item.because = Some(because);
        }
        ItemAnswer::Done { what, repeated } => {
            item.repeated = Some(repeated);
            tell(&mut item, what);
        }
    }
    item
}

/// Awards to record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AwardsBulk {
    /// All or each.
    mode: BulkMode,
    /// One to a thousand.
    items: Vec<AwardInput>,
}

/// Records many awards; the answer tells item by item.
#[utoipa::path(
    post, path = "/awards/bulk", tag = "awards", operation_id = "record_awards_bulk",
    request_body = AwardsBulk,
    responses(
        (status = 200, description = "One answer an item", body = BulkAnswer),
        (status = 409, description = "The key was used with other items", body = Problem),
        (status = 422, description = "None, or more than a thousand", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn awards(
    State(desk): State<crate::service::Desk>,
    by: As<Recorder>,
    visitor: Visitor,
    key: IdempotencyKey,
    Json(bulk): Json<AwardsBulk>,
) -> HttpResult<Json<BulkAnswer>> {
    check_size(bulk.items.len())?;
    let mut lines = Vec::with_capacity(bulk.items.len());
    for input in bulk.items {
        lines.push(match new_award(&desk, &by, input).await {
            Ok(new) => Ok(new),
            Err(ServiceError::Refused(refusal)) => Err(refusal),
            Err(ServiceError::NotFound(what)) => Err(refuse("not_found").with("what", what)),
            Err(other) => return Err(other.into()),
        });
    }
    let answers = match bulk.mode {
        BulkMode::Atomic => desk.record_together(&by, &lines, &key.0).await?,
        BulkMode::Each => desk.record_each(&by, &lines, &key.0).await?,
    };
    let tell = |item: &mut BulkItem, award: AwardRow| item.award = Some(award.into());
    Ok(Json(BulkAnswer::of(visitor.lang, answers, tell)))
}

/// A balance.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpeningInput {
    /// The household's number.
    #[schema(example = "H0001")]
    household: String,
    /// Points, at most two decimals.
    #[schema(example = "126.5")]
    points: String,
}

/// Balances to bring over from paper.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpeningsBulk {
    /// All or each.
    mode: BulkMode,
    /// The code of the fund whose budget they come out of.
    #[schema(example = "Service")]
    fund: String,
    /// The paper they come from: kept with each posting, never in the log.
    basis: String,
    /// One to a thousand.
    items: Vec<OpeningInput>,
}

/// Brings balances over from paper, once for ever for each household; the answer tells item by item. Posted at once,
/// in one commit, by the township that authorised the budget.
#[utoipa::path(
    post, path = "/openings/bulk", tag = "ledger", operation_id = "bring_over_bulk", request_body = OpeningsBulk,
    responses(
        (status = 200, description = "One answer an item", body = BulkAnswer),
        (status = 404, description = "No such fund", body = Problem),
        (status = 409, description = "The key was used with other items", body = Problem),
        (status = 422, description = "None, or more than a thousand", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn openings(
    State(desk): State<crate::service::Desk>,
    by: As<Township>,
    visitor: Visitor,
    key: IdempotencyKey,
    Json(bulk): Json<OpeningsBulk>,
) -> HttpResult<Json<BulkAnswer>> {
    let items = bulk.items.into_iter().map(|i| OpeningItem { household: i.household, points: i.points });
    let sheet =
        OpeningSheet { fund: bulk.fund, basis: bulk.basis, mode: bulk.mode.into(), items: items.collect() };
    let answers = desk.bring_over(&by, &key.0, &sheet).await?;
    let tell = |item: &mut BulkItem, opened: Opened| {
        item.seq = Some(opened.seq);
        item.available = Some(points(opened.available));
    };
    Ok(Json(BulkAnswer::of(visitor.lang, answers, tell)))
}
