//! Trainings and commendations of volunteers: entered by one, seen by another.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{key::IdempotencyKey, problem::Problem, time_orders::short};
use crate::{
    domain::{ids::TimeMeritId, time::Day, timebank::record::MeritKind},
    http::{AppState, As, HttpResult, Json, Path},
    service::{
        Desk,
        timebank::{party::Party, record::NewMerit},
    },
    store::timebank::record::MeritRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(enter)).routes(routes!(settle))
}

/// A training or a commendation.
#[derive(Serialize, ToSchema)]
pub(super) struct TimeMerit {
    /// Its id.
    id: String,
    /// `training` or `commendation`.
    kind: String,
    /// What it is called.
    name: String,
    /// What it was about.
    content: String,
    /// How long, of a training.
    minutes: i64,
    /// Who held or granted it.
    grantor: String,
    /// The day.
    day: String,
    /// The number of the paper.
    paper: String,
    /// `waiting`, `agreed` or `refused`.
    state: String,
}

impl From<MeritRow> for TimeMerit {
    fn from(m: MeritRow) -> Self {
        Self {
            id: m.id.to_string(),
            kind: m.kind,
            name: m.name,
            content: m.content,
            minutes: m.minutes,
            grantor: m.grantor,
            day: m.held_on.to_string(),
            paper: m.paper,
            state: m.state,
        }
    }
}

/// A training or a commendation to enter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MeritInput {
    /// `training` or `commendation`.
    #[schema(value_type = String)]
    kind: MeritKind,
    /// What it is called.
    name: String,
    /// What it was about.
    #[serde(default)]
    content: String,
    /// How long, of a training.
    #[serde(default)]
    minutes: i64,
    /// Who held or granted it.
    grantor: String,
    /// The day.
    #[schema(value_type = String)]
    day: Day,
    /// The number of the paper.
    paper: String,
}

/// Enters a training or a commendation. It waits for a second person.
#[utoipa::path(
    post, path = "/time/people/{no}/merits", tag = "time", operation_id = "enter_time_merit", params(("no" = String, Path)),
    request_body = MeritInput,
    responses((status = 201, description = "Entered", body = TimeMerit), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn enter(
    State(desk): State<Desk>,
    As(by): As<Party>,
    IdempotencyKey(key): IdempotencyKey,
    Path(no): Path<String>,
    Json(input): Json<MeritInput>,
) -> HttpResult<(StatusCode, Json<TimeMerit>)> {
    let (recorder, who) = (by.desk()?, desk.time_person(&by, &no).await?.hours.who.id);
    let new = NewMerit {
        kind: input.kind,
        name: input.name,
        content: input.content,
        minutes: input.minutes,
        grantor: input.grantor,
        held_on: input.day,
        paper: input.paper,
    };
    let row = desk.enter_time_merit(&recorder, (&short(&desk, key), who), &new).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// A second person's word.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WordInput {
    /// Whether they saw the paper and agree.
    agrees: bool,
    /// Why not.
    #[serde(default)]
    words: String,
}

/// A second person saw the paper of a training or commendation.
#[utoipa::path(
    post, path = "/time/merits/{id}", tag = "time", operation_id = "settle_time_merit", params(("id" = String, Path)),
    request_body = WordInput,
    responses((status = 200, description = "Decided", body = TimeMerit), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn settle(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(id): Path<TimeMeritId>,
    Json(input): Json<WordInput>,
) -> HttpResult<Json<TimeMerit>> {
    Ok(Json(desk.settle_time_merit(&by.arbiter()?, id, input.agrees, &input.words).await?.into()))
}
