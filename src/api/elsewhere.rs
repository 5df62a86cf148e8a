//! What other programmes rewarded for an event: the rules that exclude it find it here.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{household::HouseholdNo, time::Timestamp},
    http::{AppState, As, HttpResult, Json},
    service::{
        Desk,
        award::elsewhere::Rewarded,
        caller::{Recorder, Staff},
        refuse,
    },
    store::elsewhere::ElsewhereRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, note))
}

/// A reward of another programme.
#[derive(Serialize, ToSchema)]
struct Elsewhere {
    /// The code by which the rules name the programme.
    programme: String,
    /// The event.
    event_key: String,
    /// The household's number.
    household: String,
    /// The paper that says so.
    basis: String,
    /// When it was noted.
    #[schema(value_type = String)]
    noted_at: Timestamp,
}

impl From<ElsewhereRow> for Elsewhere {
    fn from(e: ElsewhereRow) -> Self {
        Self {
            programme: e.programme,
            event_key: e.event_key,
            household: e.household_no,
            basis: e.basis,
            noted_at: e.noted_at,
        }
    }
}

/// Lists what other programmes rewarded, the latest first.
#[utoipa::path(
    get, path = "/elsewhere", tag = "awards", operation_id = "list_elsewhere",
    responses((status = 200, description = "The latest first", body = Vec<Elsewhere>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(State(desk): State<Desk>, by: As<Staff>) -> HttpResult<Json<Vec<Elsewhere>>> {
    super::reviews::insider(&by)?;
    Ok(Json(desk.elsewhere(by.book).await?.into_iter().map(Elsewhere::from).collect()))
}

/// What another programme rewarded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ElsewhereInput {
    /// The household's number.
    #[schema(example = "H0001")]
    household: String,
    /// The code by which an exclusive group of the rules names the programme.
    #[schema(example = "RS-4")]
    programme: String,
    /// The event, under the name that awards for it carry.
    event_key: String,
    /// The paper that says so.
    basis: String,
}

/// Notes a reward of another programme: awards that the rules exclude beside it are refused from now on.
#[utoipa::path(
    post, path = "/elsewhere", tag = "awards", operation_id = "note_elsewhere", request_body = ElsewhereInput,
    responses((status = 204, description = "Noted"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn note(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Json(input): Json<ElsewhereInput>,
) -> HttpResult<StatusCode> {
    let household: HouseholdNo = input.household.parse().map_err(|_| refuse("household_missing"))?;
    let new =
        Rewarded { household, programme: input.programme, event_key: input.event_key, basis: input.basis };
    desk.note_elsewhere(&by, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}
