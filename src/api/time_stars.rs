//! Stars of volunteers, and bars for false hours.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{problem::Problem, time_orders::TimePerson};
use crate::{
    domain::{
        ids::{TimeBarId, TimeStarId},
        timebank::star_case::StarState,
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk, ServiceError,
        caller::{Handler, Recorder, Reviewer},
        timebank::{
            party::Party,
            star::{StarStanding, StarView},
        },
    },
    store::timebank::star::StarRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, apply))
        .routes(routes!(standing))
        .routes(routes!(review))
        .routes(routes!(object))
        .routes(routes!(answer))
        .routes(routes!(grant))
        .routes(routes!(propose))
        .routes(routes!(sign))
}

/// An application.
#[derive(Serialize, ToSchema)]
struct TimeStar {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// How many stars.
    level: i32,
    /// `applied`, `declined`, `hung`, `objected` or `granted`.
    state: String,
    /// When the notice runs out.
    due_at: Option<String>,
    /// Who.
    person: Option<TimePerson>,
}

impl From<StarRow> for TimeStar {
    fn from(row: StarRow) -> Self {
        let due_at = row.due_at.map(|at| at.rfc3339());
        Self { id: row.id.to_string(), no: row.no, level: row.level, state: row.state, due_at, person: None }
    }
}

impl From<StarView> for TimeStar {
    fn from(view: StarView) -> Self {
        Self { person: Some(view.who.into()), ..view.row.into() }
    }
}

/// How somebody stands.
#[derive(Serialize, ToSchema)]
struct TimeStarStanding {
    /// Who.
    person: TimePerson,
    /// Minutes served that stand in the ledger.
    minutes: i64,
    /// The stars that show.
    stars: usize,
    /// The stars the hours are worth.
    worth: usize,
    /// Minutes still missing for the next one.
    to_next: Option<i64>,
    /// Barred up to and with this day.
    barred_until: Option<String>,
    /// What was applied for, the latest first.
    cases: Vec<TimeStar>,
}

impl From<StarStanding> for TimeStarStanding {
    fn from(standing: StarStanding) -> Self {
        Self {
            person: standing.who.into(),
            minutes: standing.minutes,
            stars: standing.shown,
            worth: standing.worth,
            to_next: standing.to_next,
            barred_until: standing.barred_until.map(|day| day.to_string()),
            cases: standing.cases.into_iter().map(Into::into).collect(),
        }
    }
}

/// Which applications.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TimeStarPage {
    /// `applied` when left out.
    #[param(value_type = Option<String>)]
    state: Option<StarState>,
}

/// Lists applications of one state, for the staff.
#[utoipa::path(
    get, path = "/time/stars", tag = "time", operation_id = "list_stars", params(TimeStarPage),
    responses((status = 200, description = "By number", body = Vec<TimeStar>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    As(by): As<Handler>,
    Query(page): Query<TimeStarPage>,
) -> HttpResult<Json<Vec<TimeStar>>> {
    let found = desk.stars_in(by.book, page.state.unwrap_or(StarState::Applied)).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// Somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TimeStarInput {
    /// Their number.
    #[schema(example = "P000101")]
    person: String,
}

/// Applies for the most stars that the hours are worth.
#[utoipa::path(
    post, path = "/time/stars", tag = "time", operation_id = "apply_for_star", request_body = TimeStarInput,
    responses((status = 201, description = "To be looked at", body = TimeStar), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn apply(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Json(input): Json<TimeStarInput>,
) -> HttpResult<(StatusCode, Json<TimeStar>)> {
    let who = desk.time_person_id(by.book(), &input.person).await?;
    Ok((StatusCode::CREATED, Json(desk.apply_for_star(&by.side()?, who).await?.into())))
}

/// How somebody stands: for their household, and for the staff.
#[utoipa::path(
    get, path = "/time/people/{no}/stars", tag = "time", operation_id = "get_stars", params(("no" = String, Path)),
    responses((status = 200, description = "Hours, stars and applications", body = TimeStarStanding), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn standing(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(no): Path<String>,
) -> HttpResult<Json<TimeStarStanding>> {
    let who = desk.time_person(&by, &no).await?.hours.who.id;
    Ok(Json(desk.star_standing(&by, who).await?.into()))
}

/// A decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TimeStarDecision {
    /// Whether it is right.
    yes: bool,
    /// Why.
    #[serde(default)]
    words: String,
}

/// The first review: it hangs from now on, or is not given.
#[utoipa::path(
    post, path = "/time/stars/{id}/review", tag = "time", operation_id = "review_star", params(("id" = String, Path)),
    request_body = TimeStarDecision,
    responses((status = 204, description = "Written down"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn review(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    Path(id): Path<TimeStarId>,
    Json(input): Json<TimeStarDecision>,
) -> HttpResult<StatusCode> {
    desk.review_star(&by, id, input.yes, &input.words).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What somebody says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TimeStarObjection {
    /// Why.
    words: String,
}

/// Objects to a star that hangs: its clock stands still.
#[utoipa::path(
    post, path = "/time/stars/{id}/object", tag = "time", operation_id = "object_to_star", params(("id" = String, Path)),
    request_body = TimeStarObjection,
    responses((status = 204, description = "Written down"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn object(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(id): Path<TimeStarId>,
    Json(input): Json<TimeStarObjection>,
) -> HttpResult<StatusCode> {
    desk.object_to_star(&by, id, &input.words).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answers an objection.
#[utoipa::path(
    post, path = "/time/stars/{id}/answer", tag = "time", operation_id = "answer_star_objection", params(("id" = String, Path)),
    request_body = TimeStarDecision,
    responses((status = 204, description = "Written down"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn answer(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    Path(id): Path<TimeStarId>,
    Json(input): Json<TimeStarDecision>,
) -> HttpResult<StatusCode> {
    desk.answer_star_objection(&by, id, input.yes, &input.words).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A second person gives a star when its notice has run out.
#[utoipa::path(
    post, path = "/time/stars/{id}/grant", tag = "time", operation_id = "grant_star", params(("id" = String, Path)),
    responses((status = 204, description = "Given"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn grant(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    Path(id): Path<TimeStarId>,
) -> HttpResult<StatusCode> {
    desk.grant_star(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A bar for false hours.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TimeBarInput {
    /// The number of whoever it is about.
    #[schema(example = "P000101")]
    person: String,
    /// The entry of the book that was false, and is undone.
    seq: i64,
    /// 1 to 3.
    years: i64,
    /// Why.
    words: String,
}

/// A bar that was proposed.
#[derive(Serialize, ToSchema)]
struct TimeBar {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
}

/// Proposes to bar somebody whose hours were false and are undone.
#[utoipa::path(
    post, path = "/time/bars", tag = "time", operation_id = "propose_time_bar", request_body = TimeBarInput,
    responses((status = 201, description = "To be signed", body = TimeBar), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn propose(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    Json(input): Json<TimeBarInput>,
) -> HttpResult<(StatusCode, Json<TimeBar>)> {
    let who = desk.time_person_id(by.book, &input.person).await?;
    let row = desk.propose_bar(&by, (who, input.seq), input.years, &input.words).await?;
    Ok((StatusCode::CREATED, Json(TimeBar { id: row.id.to_string(), no: row.no })))
}

/// A signature.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TimeBarSignature {
    /// Whether it is signed.
    signs: bool,
}

/// A second person signs a bar, from today on, or does not.
#[utoipa::path(
    post, path = "/time/bars/{id}/sign", tag = "time", operation_id = "sign_time_bar", params(("id" = String, Path)),
    request_body = TimeBarSignature,
    responses((status = 204, description = "Written down"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn sign(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(id): Path<TimeBarId>,
    Json(input): Json<TimeBarSignature>,
) -> HttpResult<StatusCode> {
    let by = by.staff().ok().and_then(|staff| Reviewer::of(staff)).ok_or(ServiceError::NotAllowed)?;
    desk.sign_bar(&by, id, input.signs).await?;
    Ok(StatusCode::NO_CONTENT)
}
