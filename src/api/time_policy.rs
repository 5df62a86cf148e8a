//! The policy of the time bank that a village runs, and its public pool.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{key::IdempotencyKey, problem::Problem, time_orders::short};
use crate::{
    domain::time::Day,
    http::{AppState, As, HttpResult, Json},
    service::{Desk, ServiceResult, caller::Township, refuse, timebank::party::Party},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(policy, adopt)).routes(routes!(issue))
}

/// The policy a village runs.
#[derive(Serialize, ToSchema)]
struct TimePolicy {
    /// Its code.
    code: String,
    /// What it is called.
    name: String,
    /// The document it follows.
    source: String,
    /// Since which day.
    from: String,
    /// Minutes of the public pool that are free.
    pool: i64,
    /// … and put aside.
    pool_held: i64,
}

async fn in_force(desk: &Desk, by: &Party) -> ServiceResult<TimePolicy> {
    let (policy, row) = desk.time_policy(by.book()).await?.ok_or_else(|| refuse("time_no_policy"))?;
    let (pool, pool_held) = desk.time_pool(by.book()).await?;
    let name = policy.name.clone();
    Ok(TimePolicy {
        code: row.code,
        name,
        source: policy.source.clone(),
        from: row.from_on.to_string(),
        pool,
        pool_held,
    })
}

/// The policy in force, and the public pool.
#[utoipa::path(
    get, path = "/time/policy", tag = "time", operation_id = "get_time_policy",
    responses((status = 200, description = "The policy", body = TimePolicy), (status = 422, description = "None is in force", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn policy(State(desk): State<Desk>, As(by): As<Party>) -> HttpResult<Json<TimePolicy>> {
    Ok(Json(in_force(&desk, &by).await?))
}

/// Which policy, from when on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TimePolicyInput {
    /// `RS-3`, `nanjing`, `beijing`, `shanghai-hongkou` or `guangzhou-nansha`.
    code: String,
    /// From today on, or a later day.
    #[schema(value_type = String, example = "2026-06-03")]
    from: Day,
    /// The decision behind it.
    basis: String,
}

/// The township puts a policy into force.
#[utoipa::path(
    post, path = "/time/policy", tag = "time", operation_id = "adopt_time_policy", request_body = TimePolicyInput,
    responses((status = 204, description = "In force from that day on"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn adopt(
    State(desk): State<Desk>,
    by: As<Township>,
    Json(input): Json<TimePolicyInput>,
) -> HttpResult<StatusCode> {
    desk.adopt_time_policy(&by, &input.code, input.from, &input.basis).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Minutes for the public pool.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PoolInput {
    /// How many.
    minutes: i64,
    /// The decision behind it.
    basis: String,
}

/// A posting.
#[derive(Serialize, ToSchema)]
struct MinutesPosted {
    /// Its place in the book.
    seq: i64,
}

/// The township issues minutes into the public pool, within the quota of the year.
#[utoipa::path(
    post, path = "/time/pool", tag = "time", operation_id = "issue_time_pool", request_body = PoolInput,
    responses((status = 200, description = "Posted", body = MinutesPosted), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn issue(
    State(desk): State<Desk>,
    by: As<Township>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<PoolInput>,
) -> HttpResult<Json<MinutesPosted>> {
    let receipt = desk.issue_pool(&by, &short(&desk, key), input.minutes, &input.basis).await?;
    Ok(Json(MinutesPosted { seq: receipt.seq }))
}
