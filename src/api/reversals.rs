//! Undoing postings: asked for by one person, decided by another.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{ids::ReversalId, time::Timestamp},
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::{Clerk, Reviewer, Staff},
        correction::Right,
    },
    store::reversal::ReversalRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, request))
        .routes(routes!(approve))
        .routes(routes!(correct))
        .routes(routes!(refuse))
}

/// A request.
#[derive(Serialize, ToSchema)]
struct Reversal {
    /// Its id.
    id: String,
    /// The transaction to undo.
    seq: i64,
    /// When it was asked for.
    #[schema(value_type = String)]
    requested_at: Timestamp,
    /// Why.
    reason: String,
    /// `requested`, `refused` or `posted`.
    state: String,
    /// With what words it was decided.
    decision: Option<String>,
    /// The transaction that undid it.
    txn_seq: Option<i64>,
}

impl From<ReversalRow> for Reversal {
    fn from(r: ReversalRow) -> Self {
        Self {
            id: r.id.to_string(),
            seq: r.seq,
            requested_at: r.requested_at,
            reason: r.reason,
            state: r.state,
            decision: r.decision,
            txn_seq: r.txn_seq,
        }
    }
}

/// Which requests.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `requested` when left out.
    state: Option<String>,
    /// The last id of the page before; requests come newest first.
    #[param(value_type = Option<String>)]
    after: Option<ReversalId>,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists requests in one state, newest first.
#[utoipa::path(
    get, path = "/reversals", tag = "ledger", operation_id = "list_reversals", params(Which),
    responses((status = 200, description = "Newest first", body = Vec<Reversal>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Staff>,
    Query(which): Query<Which>,
) -> HttpResult<Json<Vec<Reversal>>> {
    super::reviews::insider(&by)?;
    let state = which.state.unwrap_or_else(|| "requested".to_owned());
    let found = desk.reversals(by.book, &state, which.after, which.limit.unwrap_or(50)).await?;
    Ok(Json(found.into_iter().map(Reversal::from).collect()))
}

/// What is to be undone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReversalInput {
    /// The transaction's place in the book.
    seq: i64,
    /// Why.
    reason: String,
}

/// Asks for a posting to be undone. The same request again is the same request.
#[utoipa::path(
    post, path = "/reversals", tag = "ledger", operation_id = "request_reversal", request_body = ReversalInput,
    responses((status = 201, description = "Waiting", body = Reversal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn request(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(input): Json<ReversalInput>,
) -> HttpResult<(StatusCode, Json<Reversal>)> {
    let row = desk.request_reversal(&by, input.seq, &input.reason).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// The second person's words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Words {
    /// For the record; needed to refuse.
    #[serde(default)]
    words: String,
}

/// Agrees: the mirror is posted.
#[utoipa::path(
    post, path = "/reversals/{id}/approve", tag = "ledger", operation_id = "approve_reversal",
    params(("id" = String, Path)), request_body = Words,
    responses((status = 200, description = "Undone", body = Reversal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn approve(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<ReversalId>,
    Json(input): Json<Words>,
) -> HttpResult<Json<Reversal>> {
    Ok(Json(desk.approve_reversal(&by, id, &input.words).await?.into()))
}

/// What is right.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectionInput {
    /// Points, no more than were posted; none when left out.
    #[serde(default)]
    points: String,
    /// Honour points, signed, no more than were posted; none when left out.
    #[serde(default)]
    honor: String,
    /// For the record.
    #[serde(default)]
    words: String,
}

/// A posting put right.
#[derive(Serialize, ToSchema)]
struct Correction {
    /// The request, with the transaction that undid what was wrong.
    reversal: Reversal,
    /// The transaction that says what is right.
    seq: i64,
}

/// Agrees and says what is right: the mirror and the right posting happen together or not at all.
#[utoipa::path(
    post, path = "/reversals/{id}/correct", tag = "ledger", operation_id = "correct_posting",
    params(("id" = String, Path)), request_body = CorrectionInput,
    responses((status = 200, description = "Undone and put right", body = Correction), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason: neither happened", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn correct(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<ReversalId>,
    Json(input): Json<CorrectionInput>,
) -> HttpResult<Json<Correction>> {
    let right = Right::read(&input.points, &input.honor)?;
    let done = desk.correct_posting(&by, id, &right, &input.words).await?;
    Ok(Json(Correction { reversal: done.reversal.into(), seq: done.seq }))
}

/// Refuses.
#[utoipa::path(
    post, path = "/reversals/{id}/refuse", tag = "ledger", operation_id = "refuse_reversal",
    params(("id" = String, Path)), request_body = Words,
    responses((status = 204, description = "Refused"), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn refuse(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<ReversalId>,
    Json(input): Json<Words>,
) -> HttpResult<StatusCode> {
    desk.refuse_reversal(&by, id, &input.words).await?;
    Ok(StatusCode::NO_CONTENT)
}
