//! Commands that the ledger refused, for auditors. Reads only.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::time::{Day, Timestamp},
    http::{AppState, As, HttpResult, Json, Query, Visitor},
    service::{
        Desk,
        audit::refused::{REFUSED_PAGE, RefusedQuery},
        caller::Auditor,
    },
    text::refusal::refusal_words,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Which refusals.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RefusedAsked {
    /// With this code.
    code: Option<String>,
    /// Of this actor: `user:<id>`.
    actor: Option<String>,
    /// On this business day.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<Day>,
    /// The last number of the page before.
    after: Option<i64>,
    /// At most 50.
    limit: Option<i64>,
}

/// A command that was refused.
#[derive(Serialize, ToSchema)]
struct RefusedLine {
    /// Its number among the book's refusals, from 1.
    no: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who asked: `user:<id>` or `system`.
    actor: String,
    /// Who asked, by name.
    name: String,
    /// What kind of transaction it would have been.
    kind: String,
    /// What was asked.
    asked: BTreeMap<String, String>,
    /// Why it was not done. Stable: programs decide by this.
    code: String,
    /// Why it was not done, in the caller's language.
    detail: String,
    /// The figures and names of the reason.
    facts: BTreeMap<String, String>,
    /// Its idempotency key: sent again with the same request it gets the same answer.
    key: String,
}

/// Lists commands that the ledger refused, the latest first.
#[utoipa::path(
    get, path = "/audit/refused", tag = "audit", operation_id = "refused_commands", params(RefusedAsked),
    responses(
        (status = 200, description = "The latest first", body = Vec<RefusedLine>),
        (status = 403, description = "Not an auditor of this book", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Auditor>,
    visitor: Visitor,
    Query(asked): Query<RefusedAsked>,
) -> HttpResult<Json<Vec<RefusedLine>>> {
    let query = RefusedQuery { code: asked.code, actor: asked.actor, day: asked.day, before: asked.after };
    let found = desk.refused_commands(&by, &query, asked.limit.unwrap_or(REFUSED_PAGE)).await?;
    let line = found.into_iter().map(|r| RefusedLine {
        detail: refusal_words(visitor.lang, &r.code, &r.facts).1,
        no: r.no,
        at: r.at,
        actor: r.actor,
        name: r.name,
        kind: r.kind,
        asked: r.asked,
        code: r.code,
        facts: r.facts,
        key: r.key,
    });
    Ok(Json(line.collect()))
}
