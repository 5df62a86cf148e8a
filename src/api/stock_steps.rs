//! What becomes of a stock paper: counted, finished, agreed to or not by a second person, taken back.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{problem::Problem, redemptions::Item, stock::StockPaper};
use crate::{
    domain::ids::StockPaperId,
    http::{AppState, As, HttpResult, Json, Path},
    service::{
        Desk,
        caller::{StockWitness, Storekeeper},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(write_count))
        .routes(routes!(submit))
        .routes(routes!(approve))
        .routes(routes!(refuse_paper))
        .routes(routes!(withdraw))
}

/// What was counted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CountInput {
    /// Articles and pieces found, each as of now.
    lines: Vec<Item>,
}

/// Writes down what was counted; an article counted again counts from then.
#[utoipa::path(
    put, path = "/stock/papers/{id}/count", tag = "counter", operation_id = "write_stock_count",
    params(("id" = String, Path)), request_body = CountInput,
    responses((status = 200, description = "Written down", body = StockPaper),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn write_count(
    State(desk): State<Desk>,
    by: As<Storekeeper>,
    Path(id): Path<StockPaperId>,
    Json(input): Json<CountInput>,
) -> HttpResult<Json<StockPaper>> {
    let counted: Vec<(i64, i64)> = input.lines.iter().map(|l| (l.sku, l.pieces)).collect();
    Ok(Json(desk.write_count(&by, id, &counted).await?.into()))
}

/// Ends a count: it waits for the second person.
#[utoipa::path(
    post, path = "/stock/papers/{id}/submit", tag = "counter", operation_id = "submit_stock_count",
    params(("id" = String, Path)),
    responses((status = 200, description = "Waiting", body = StockPaper),
        (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn submit(
    State(desk): State<Desk>,
    by: As<Storekeeper>,
    Path(id): Path<StockPaperId>,
) -> HttpResult<Json<StockPaper>> {
    Ok(Json(desk.submit_count(&by, id).await?.into()))
}

/// Words for the record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PaperWords {
    /// Needed to refuse.
    #[serde(default)]
    words: String,
}

/// Agrees as the second person: pieces and cost are posted.
#[utoipa::path(
    post, path = "/stock/papers/{id}/approve", tag = "counter", operation_id = "approve_stock_paper",
    params(("id" = String, Path)), request_body = PaperWords,
    responses((status = 200, description = "Posted", body = StockPaper),
        (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn approve(
    State(desk): State<Desk>,
    by: As<StockWitness>,
    Path(id): Path<StockPaperId>,
    Json(input): Json<PaperWords>,
) -> HttpResult<Json<StockPaper>> {
    Ok(Json(desk.approve_stock_paper(&by, id, &input.words).await?.into()))
}

/// Does not agree: nothing moves.
#[utoipa::path(
    post, path = "/stock/papers/{id}/refuse", tag = "counter", operation_id = "refuse_stock_paper",
    params(("id" = String, Path)), request_body = PaperWords,
    responses((status = 200, description = "Not agreed to", body = StockPaper),
        (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn refuse_paper(
    State(desk): State<Desk>,
    by: As<StockWitness>,
    Path(id): Path<StockPaperId>,
    Json(input): Json<PaperWords>,
) -> HttpResult<Json<StockPaper>> {
    Ok(Json(desk.refuse_stock_paper(&by, id, &input.words).await?.into()))
}

/// Takes back a paper of one's own.
#[utoipa::path(
    post, path = "/stock/papers/{id}/withdraw", tag = "counter", operation_id = "withdraw_stock_paper",
    params(("id" = String, Path)), request_body = PaperWords,
    responses((status = 200, description = "Taken back", body = StockPaper),
        (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn withdraw(
    State(desk): State<Desk>,
    by: As<Storekeeper>,
    Path(id): Path<StockPaperId>,
    Json(input): Json<PaperWords>,
) -> HttpResult<Json<StockPaper>> {
    Ok(Json(desk.withdraw_stock_paper(&by, id, &input.words).await?.into()))
}
