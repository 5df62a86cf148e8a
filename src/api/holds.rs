//! Points put aside at a counter until a day: placed, taken wholly or in part, given back. And who is to be reminded
//! of points that lapse.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{key::IdempotencyKey, problem::Problem};
use crate::{
    domain::{
        amount::{parse_points, points},
        ids::{CounterId, HouseholdId},
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk, Refusal,
        caller::{Clerk, Shopkeeper, Staff},
        holds::{Hold, NewHold, Resolved},
        lapses::Lapse,
        refuse,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, place))
        .routes(routes!(capture))
        .routes(routes!(release))
        .routes(routes!(lapsing))
}

/// Points put aside.
#[derive(Serialize, ToSchema)]
pub(super) struct OpenHold {
    /// Its place in the book: what it is taken or given back by.
    seq: i64,
    /// When it was placed.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The household's number.
    household: String,
    /// The counter's code.
    counter: String,
    /// How many.
    #[schema(example = "20")]
    points: String,
    /// The last day on which they may be taken; afterwards they are given back.
    #[schema(value_type = String, format = Date)]
    until: Day,
    /// What for.
    reason: Option<String>,
}

impl From<Hold> for OpenHold {
    fn from(h: Hold) -> Self {
        Self {
            seq: h.seq,
            at: h.at,
            household: h.household,
            counter: h.counter,
            points: points(h.points),
            until: h.until,
            reason: h.reason,
        }
    }
}

/// What became of a hold.
#[derive(Serialize, ToSchema)]
struct ResolvedHold {
    /// The hold.
    hold: i64,
    /// The transaction that resolved it.
    seq: i64,
    /// Points taken.
    taken: String,
    /// Points given back.
    returned: String,
}

impl From<Resolved> for ResolvedHold {
    fn from(r: Resolved) -> Self {
        Self { hold: r.hold, seq: r.seq, taken: points(r.taken), returned: points(r.returned) }
    }
}

fn minor(text: &str) -> Result<i64, Refusal> {
    parse_points(text).ok_or_else(|| refuse("quantity_out_of_range").with("field", "points"))
}

/// Which holds.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct HoldsOf {
    /// Only those at this counter.
    #[param(value_type = Option<String>)]
    counter: Option<CounterId>,
}

/// Lists open holds in the order in which they were placed: all of the village for clerks and auditors, those at their
/// counters for shopkeepers.
#[utoipa::path(
    get, path = "/holds", tag = "ledger", operation_id = "list_holds", params(HoldsOf),
    responses((status = 200, description = "Open holds", body = Vec<OpenHold>),
        (status = 404, description = "No such counter", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Staff>,
    Query(of): Query<HoldsOf>,
) -> HttpResult<Json<Vec<OpenHold>>> {
    let found = desk.open_holds(&by, of.counter).await?;
    Ok(Json(found.into_iter().map(OpenHold::from).collect()))
}

/// What is to be put aside.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HoldInput {
    /// Whose points.
    #[schema(value_type = String)]
    household: HouseholdId,
    /// Where they may be taken.
    #[schema(value_type = String)]
    counter: CounterId,
    /// How many.
    points: String,
    /// The last day on which they may be taken; in a week when left out.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Day>,
    /// What for.
    reason: String,
}

/// Puts points of a household aside.
#[utoipa::path(
    post, path = "/holds", tag = "ledger", operation_id = "place_hold", request_body = HoldInput,
    responses((status = 201, description = "Put aside", body = OpenHold),
        (status = 404, description = "No such household or counter", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn place(
    State(desk): State<Desk>,
    by: As<Clerk>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<HoldInput>,
) -> HttpResult<(StatusCode, Json<OpenHold>)> {
    let new = NewHold {
        household: input.household,
        counter: input.counter,
        points: minor(&input.points).map_err(crate::service::ServiceError::from)?,
        until: input.until,
        reason: input.reason,
    };
    Ok((StatusCode::CREATED, Json(desk.place_hold(&by, &key, &new).await?.into())))
}

/// How much is taken.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaptureInput {
    /// All of it when left out; the rest goes back in the same posting.
    points: Option<String>,
}

/// Takes what was put aside, at its counter, wholly or in part.
#[utoipa::path(
    post, path = "/holds/{seq}/capture", tag = "ledger", operation_id = "capture_hold",
    params(("seq" = i64, Path, description = "The hold")), request_body = CaptureInput,
    responses((status = 200, description = "Taken", body = ResolvedHold),
        (status = 404, description = "No such hold", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn capture(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    IdempotencyKey(key): IdempotencyKey,
    Path(seq): Path<i64>,
    Json(input): Json<CaptureInput>,
) -> HttpResult<Json<ResolvedHold>> {
    let taken = input.points.as_deref().map(minor).transpose().map_err(crate::service::ServiceError::from)?;
    Ok(Json(desk.capture_hold(&by, &key, seq, taken).await?.into()))
}

/// Gives back what was put aside.
#[utoipa::path(
    post, path = "/holds/{seq}/release", tag = "ledger", operation_id = "release_hold",
    params(("seq" = i64, Path, description = "The hold")),
    responses((status = 200, description = "Given back", body = ResolvedHold),
        (status = 404, description = "No such hold", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn release(
    State(desk): State<Desk>,
    by: As<Staff>,
    IdempotencyKey(key): IdempotencyKey,
    Path(seq): Path<i64>,
) -> HttpResult<Json<ResolvedHold>> {
    Ok(Json(desk.release_hold(&by, &key, seq).await?.into()))
}

/// Points that lapse.
#[derive(Serialize, ToSchema)]
pub(super) struct LapsingPoints {
    /// The last day on which they may be spent.
    #[schema(value_type = String, format = Date)]
    day: Day,
    /// How many.
    points: String,
    /// Whether that day is near: 7 days, unless the rules say otherwise.
    soon: bool,
}

impl From<Lapse> for LapsingPoints {
    fn from(l: Lapse) -> Self {
        Self { day: l.day, points: points(l.points), soon: l.soon }
    }
}

/// A household with points that lapse.
#[derive(Serialize, ToSchema)]
struct LapsingHousehold {
    /// The group.
    group: String,
    /// The household's number.
    household: String,
    /// Its head, masked.
    name: String,
    /// What lapses, the nearest day first.
    lapses: Vec<LapsingPoints>,
}

/// Lists households whose points lapse within 30 days (or as the rules say), by group and number, never by amount.
#[utoipa::path(
    get, path = "/lapsing", tag = "households", operation_id = "list_lapsing",
    responses((status = 200, description = "By group and number", body = Vec<LapsingHousehold>),
        (status = 403, description = "Not the clerk of this village", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn lapsing(State(desk): State<Desk>, by: As<Clerk>) -> HttpResult<Json<Vec<LapsingHousehold>>> {
    let groups = desk.lapsing_homes(&by).await?.into_iter();
    let homes = groups.flat_map(|group| {
        group.homes.into_iter().map(move |home| LapsingHousehold {
            group: group.name.clone(),
            household: home.no,
            name: home.masked_name,
            lapses: home.lapses.into_iter().map(LapsingPoints::from).collect(),
        })
    });
    Ok(Json(homes.collect()))
}
