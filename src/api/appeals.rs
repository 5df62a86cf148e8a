//! Appeals: what a village found about an objection, taken to the township once; its word is final.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    objections::{ObjectionCourse, Voice},
    problem::Problem,
};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{AppealId, ObjectionId},
        objection::Finding,
        time::Timestamp,
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{Desk, appeal::Appellant, caller::Township, refuse},
    store::appeal::AppealRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(appeal))
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(decide))
}

/// An appeal.
#[derive(Serialize, ToSchema)]
pub(super) struct Appeal {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// The objection.
    objection: String,
    /// The award behind it.
    award: String,
    /// When it was raised.
    #[schema(value_type = String)]
    raised_at: Timestamp,
    /// `self`, `proxy` or `anonymous`.
    manner: String,
    /// Why.
    content: String,
    /// `open`, `upheld` or `dismissed`.
    state: String,
    /// The final word.
    decision: Option<String>,
}

impl From<AppealRow> for Appeal {
    fn from(a: AppealRow) -> Self {
        Self {
            id: a.id.to_string(),
            no: a.no,
            objection: a.objection_id.to_string(),
            award: a.award_id.to_string(),
            raised_at: a.raised_at,
            manner: a.manner,
            content: a.content,
            state: a.state,
            decision: a.decision,
        }
    }
}

/// An appeal to be raised.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AppealInput {
    /// The household's number, when the clerk writes for one. Households appeal for themselves and leave it out.
    household: Option<String>,
    /// In words, at most 500 characters.
    content: String,
}

/// Takes the village's answer to the township, within five days and once. The same words again are the same appeal.
#[utoipa::path(
    post, path = "/objections/{id}/appeal", tag = "notices", operation_id = "appeal", request_body = AppealInput,
    params(("id" = String, Path)),
    responses((status = 201, description = "Raised", body = Appeal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn appeal(
    State(desk): State<Desk>,
    As(voice): As<Voice>,
    Path(id): Path<ObjectionId>,
    Json(input): Json<AppealInput>,
) -> HttpResult<(StatusCode, Json<Appeal>)> {
    let appellant = match (voice, input.household) {
        (Voice::Household(resident), _) => Appellant::Resident(resident),
        (Voice::Clerk(clerk), no) => {
            let no: Result<HouseholdNo, _> = no.unwrap_or_default().parse();
            let no = no.map_err(|_| refuse("household_missing"))?;
            let household = desk.household_file(&clerk, &no).await?.household.id;
            Appellant::Proxy { clerk, household }
        }
    };
    Ok((StatusCode::CREATED, Json(desk.appeal(&appellant, id, &input.content).await?.into())))
}

/// Which appeals.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `open` when left out.
    state: Option<String>,
    /// The last number of the page before; appeals come newest first.
    after: Option<i64>,
}

/// Lists appeals in one state, newest first: the township's inbox.
#[utoipa::path(
    get, path = "/appeals", tag = "notices", operation_id = "list_appeals", params(Which),
    responses((status = 200, description = "Newest first", body = Vec<Appeal>), (status = 403, description = "Not the township", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Township>,
    Query(which): Query<Which>,
) -> HttpResult<Json<Vec<Appeal>>> {
    let state = which.state.unwrap_or_else(|| "open".to_owned());
    let found = desk.appeals(&by, &state, which.after.unwrap_or(i64::MAX)).await?;
    Ok(Json(found.into_iter().map(|file| file.appeal.into()).collect()))
}

/// Shows an appeal: the objection it is about, with its whole course.
#[utoipa::path(
    get, path = "/appeals/{id}", tag = "notices", operation_id = "show_appeal", params(("id" = String, Path)),
    responses((status = 200, description = "The objection and its course", body = ObjectionCourse), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<Township>,
    Path(id): Path<AppealId>,
) -> HttpResult<Json<ObjectionCourse>> {
    Ok(Json(ObjectionCourse::new(desk.appeal_file(&by, id).await?.objection, desk.now())))
}

/// A final word.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WordInput {
    /// `uphold`: the village was wrong; or `dismiss`.
    finding: String,
    /// In words, for whoever appealed.
    words: String,
}

/// Where the award stands after the final word.
#[derive(Serialize, ToSchema)]
struct Concluded {
    /// The award's state.
    state: String,
}

/// Says the final word. Nobody who had a part in the award or in the village's answer may.
#[utoipa::path(
    post, path = "/appeals/{id}/decide", tag = "notices", operation_id = "decide_appeal",
    params(("id" = String, Path)), request_body = WordInput,
    responses((status = 200, description = "Concluded", body = Concluded), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn decide(
    State(desk): State<Desk>,
    by: As<Township>,
    Path(id): Path<AppealId>,
    Json(input): Json<WordInput>,
) -> HttpResult<Json<Concluded>> {
    let finding = match input.finding.as_str() {
        "uphold" => Finding::Uphold,
        "dismiss" => Finding::Dismiss,
        _ => return Err(refuse("bad_json").with("reason", "finding: uphold or dismiss").into()),
    };
    let state = desk.decide_appeal(&by, id, finding, &input.words).await?;
    Ok(Json(Concluded { state: state.as_str().to_owned() }))
}
