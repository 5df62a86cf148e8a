//! The honours registry.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{key::IdempotencyKey, problem::Problem};
use crate::{
    domain::{household::HouseholdNo, ids::HonourId, recognition::Level, time::Day},
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::{Clerk, Reviewer, Staff},
        honours::NewHonour,
        refuse,
    },
    store::honour::HonourRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(honours, record_honour))
        .routes(routes!(confirm))
        .routes(routes!(withdraw))
        .routes(routes!(claim))
}

/// An honour.
#[derive(Serialize, ToSchema)]
struct Honour {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// What it is called.
    title: String,
    /// `village`, `town`, `county`, `province` or `state`.
    level: String,
    /// Who granted it.
    granted_by: String,
    /// When.
    #[schema(value_type = String, format = Date)]
    granted_on: Day,
    /// The paper it rests on.
    document: String,
    /// `proposed`, `confirmed` or `withdrawn`.
    state: String,
    /// The award it was claimed as.
    award: Option<String>,
}

impl From<HonourRow> for Honour {
    fn from(h: HonourRow) -> Self {
        Self {
            id: h.id.to_string(),
            no: h.no,
            title: h.title,
            level: h.level,
            granted_by: h.granted_by,
            granted_on: h.granted_on,
            document: h.document,
            state: h.state,
            award: h.award_id.map(|id| id.to_string()),
        }
    }
}

/// Which honours.
#[derive(Debug, Deserialize, IntoParams)]
struct Listed {
    /// Numbered below.
    before: Option<i64>,
}

/// Lists honours in the order they were entered, newest first, 100 at once.
#[utoipa::path(
    get, path = "/honours", tag = "awards", operation_id = "list_honours", params(Listed),
    responses((status = 200, description = "Newest first", body = Vec<Honour>)),
    security(("bearer" = []), ("session" = []))
)]
async fn honours(
    State(desk): State<Desk>,
    by: As<Staff>,
    Query(query): Query<Listed>,
) -> HttpResult<Json<Vec<Honour>>> {
    super::reviews::insider(&by)?;
    let found = desk.honours(&by, query.before.unwrap_or(i64::MAX)).await?;
    Ok(Json(found.into_iter().map(|line| line.honour.into()).collect()))
}

/// An honour to be entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HonourInput {
    /// The household's number.
    household: String,
    /// What it is called.
    title: String,
    /// `village`, `town`, `county`, `province` or `state`.
    level: String,
    /// Who granted it.
    granted_by: String,
    /// When.
    #[schema(value_type = String, format = Date)]
    granted_on: Day,
    /// The number or name of the paper.
    document: String,
}

/// Enters an honour with the paper it rests on.
#[utoipa::path(
    post, path = "/honours", tag = "awards", operation_id = "record_honour", request_body = HonourInput,
    responses((status = 201, description = "Entered", body = Honour), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn record_honour(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(input): Json<HonourInput>,
) -> HttpResult<(StatusCode, Json<Honour>)> {
    let household: HouseholdNo = input.household.parse().map_err(|_| refuse("household_missing"))?;
    let level = Level::of(&input.level).ok_or_else(|| refuse("bad_level").with("text", &input.level))?;
    let new = NewHonour {
        household,
        title: input.title,
        level,
        granted_by: input.granted_by,
        granted_on: input.granted_on,
        document: input.document,
    };
    Ok((StatusCode::CREATED, Json(desk.record_honour(&by, &new).await?.into())))
}

/// Confirms an honour: somebody else has seen the paper.
#[utoipa::path(
    post, path = "/honours/{id}/confirm", tag = "awards", operation_id = "confirm_honour", params(("id" = String, Path)),
    responses((status = 200, description = "Confirmed", body = Honour), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn confirm(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<HonourId>,
) -> HttpResult<Json<Honour>> {
    Ok(Json(desk.confirm_honour(&by, id).await?.into()))
}

/// Withdraws an honour that was entered by mistake.
#[utoipa::path(
    post, path = "/honours/{id}/withdraw", tag = "awards", operation_id = "withdraw_honour", params(("id" = String, Path)),
    responses((status = 200, description = "Withdrawn", body = Honour), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn withdraw(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<HonourId>,
) -> HttpResult<Json<Honour>> {
    Ok(Json(desk.withdraw_honour(&by, id).await?.into()))
}

/// The award an honour was claimed as.
#[derive(Serialize, ToSchema)]
struct ClaimedHonour {
    /// The award's id.
    award: String,
    /// Its number.
    no: i64,
}

/// Records the award that a household's highest honour of that year is worth.
#[utoipa::path(
    post, path = "/honours/{id}/claim", tag = "awards", operation_id = "claim_honour", params(("id" = String, Path)),
    responses((status = 200, description = "Recorded", body = ClaimedHonour), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn claim(
    State(desk): State<Desk>,
    by: As<Clerk>,
    key: IdempotencyKey,
    Path(id): Path<HonourId>,
) -> HttpResult<Json<ClaimedHonour>> {
    let award = desk.claim_honour(&by, id, &key.0).await?;
    Ok(Json(ClaimedHonour { award: award.id.to_string(), no: award.no }))
}
