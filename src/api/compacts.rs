//! The village compact and its clauses, what is filed with the township, and orders that repeal.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{goods::Insider, problem::Problem, proposal_view::Proposal, proposals::bad};
use crate::{
    domain::{ruleset::compact, time::Day},
    http::{AppState, As, HttpResult, Json},
    service::{Desk, caller::Township, proposal::filing::RepealOrder, session::StaffSignIn},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(compacts)).routes(routes!(filings)).routes(routes!(repeal))
}

/// A clause.
#[derive(Serialize, ToSchema)]
struct CompactClause {
    /// As rules cite it.
    id: String,
    /// Its number.
    no: u32,
    /// What it says.
    text: String,
}

/// A version of the village compact.
#[derive(Serialize, ToSchema)]
struct CompactVersion {
    /// The first day it applies.
    #[schema(value_type = String)]
    from: Day,
    /// The first day it applies no more, by order of the township.
    #[schema(value_type = Option<String>)]
    repealed_from: Option<Day>,
    /// Its version.
    version: i64,
    /// What it is called.
    title: String,
    /// Its content hash.
    hash: String,
    /// The decision it rests on.
    basis: String,
    /// Its clauses.
    clauses: Vec<CompactClause>,
}

/// Lists the versions of the compact, latest first, to everybody of the village.
#[utoipa::path(
    get, path = "/compacts", tag = "rules", operation_id = "list_compacts",
    responses((status = 200, description = "Latest first", body = Vec<CompactVersion>), (status = 403, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn compacts(State(desk): State<Desk>, by: As<Insider>) -> HttpResult<Json<Vec<CompactVersion>>> {
    let all = desk.papers(by.book).await?.compacts;
    let body = all.into_iter().map(|c| CompactVersion {
        clauses: compact::parse(&c.content)
            .map(|read| read.clauses)
            .unwrap_or_default()
            .into_iter()
            .map(|clause| CompactClause { id: clause.id(), no: clause.no, text: clause.text })
            .collect(),
        from: c.effective_from,
        repealed_from: c.repealed_from,
        version: c.version,
        title: c.title,
        hash: c.hash,
        basis: c.basis,
    });
    Ok(Json(body.collect()))
}

/// What a village has sent to be filed.
#[derive(Serialize, ToSchema)]
struct Filing {
    /// The village's number.
    village: i64,
    /// What it is called.
    name: String,
    /// What it sent.
    proposal: Proposal,
}

/// Lists what the villages under the township have sent to be filed.
#[utoipa::path(
    get, path = "/filings", tag = "county", operation_id = "list_filings",
    responses((status = 200, description = "By village", body = Vec<Filing>), (status = 403, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn filings(State(desk): State<Desk>, by: As<StaffSignIn>) -> HttpResult<Json<Vec<Filing>>> {
    let found = desk.filings(&by).await?;
    let body = found.into_iter().map(|(village, row)| Filing {
        village: village.no,
        name: village.name,
        proposal: row.into(),
    });
    Ok(Json(body.collect()))
}

/// An order that repeals a rule set or compact.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RepealInput {
    /// `rules` or `compact`.
    paper: String,
    /// The first day of the version meant.
    #[schema(value_type = String)]
    adopted_from: Day,
    /// The first day it applies no more: today or later.
    #[schema(value_type = String)]
    from: Day,
    /// The article it rests on.
    law: String,
    /// Why.
    reason: String,
}

/// Orders a rule set or compact to be repealed.
#[utoipa::path(
    post, path = "/repeals", tag = "rules", operation_id = "repeal_paper", request_body = RepealInput,
    responses((status = 204, description = "Ordered"), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn repeal(
    State(desk): State<Desk>,
    by: As<Township>,
    Json(input): Json<RepealInput>,
) -> HttpResult<StatusCode> {
    let order = RepealOrder {
        paper: input.paper.parse().map_err(|_| bad("paper: rules or compact"))?,
        adopted_from: input.adopted_from,
        from: input.from,
        law: input.law,
        reason: input.reason,
    };
    desk.repeal_paper(&by, &order).await?;
    Ok(StatusCode::NO_CONTENT)
}
