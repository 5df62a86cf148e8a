//! Minutes of a person moved to another village, for the township that oversees both.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{key::IdempotencyKey, problem::Problem};
use crate::{
    domain::household::PersonNo,
    http::{AppState, As, HttpResult, Json},
    service::{Desk, ServiceError, caller::Township, clearing::MinutesMove, refuse, session::StaffSignIn},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(move_minutes))
}

/// Minutes to be moved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MinutesMoveInput {
    /// The person's number in the village at hand.
    person: String,
    /// The number of the other village.
    village: i64,
    /// The same person's number there.
    person_there: String,
    /// How many minutes.
    minutes: i64,
    /// Why.
    reason: String,
}

/// Minutes that were moved.
#[derive(Serialize, ToSchema)]
struct MinutesMovedView {
    /// The transaction in the village at hand.
    seq: i64,
    /// The transaction in the other village.
    seq_there: i64,
}

/// Moves minutes of a person to the same person's account in another village: both books, or neither. Points never
/// move between villages.
#[utoipa::path(
    post, path = "/clearing", tag = "ledger", operation_id = "move_minutes", request_body = MinutesMoveInput,
    responses((status = 200, description = "Moved, in both books", body = MinutesMovedView),
        (status = 403, description = "Not the township of both villages", body = Problem),
        (status = 404, description = "No such village or person", body = Problem),
        (status = 422, description = "Refused, with the reason: neither book moved", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn move_minutes(
    State(desk): State<Desk>,
    by: As<Township>,
    who: As<StaffSignIn>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<MinutesMoveInput>,
) -> HttpResult<Json<MinutesMovedView>> {
    let number = |text: &str| {
        let no: Result<PersonNo, _> = text.trim().parse();
        no.map_err(|_| ServiceError::from(refuse("invalid_number").with("number", text)))
    };
    let new = MinutesMove {
        person: number(&input.person)?,
        village: input.village,
        person_there: number(&input.person_there)?,
        minutes: input.minutes,
        reason: input.reason,
    };
    let moved = desk.move_minutes(&by, &who, &key, &new).await?;
    Ok(Json(MinutesMovedView { seq: moved.seq, seq_there: moved.seq_there }))
}
