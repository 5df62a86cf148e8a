//! Goods that come back, and redemptions that are void.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{key::IdempotencyKey, problem::Problem, redemptions::Item};
use crate::{
    domain::{amount::points, basket::Basket, ids::OrderId, returns::ReturnedTo, time::Timestamp},
    http::{AppState, As, HttpResult, Json, Path},
    service::{
        Desk, ServiceError,
        caller::Shopkeeper,
        redeem::returns::{GoodsBack, Returned},
        refuse,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(take_back)).routes(routes!(make_void))
}

/// What came back of a redemption.
#[derive(Serialize, ToSchema)]
pub(super) struct CameBack {
    /// Its number: consecutive, without gaps.
    no: i64,
    /// `returned` or `voided`.
    kind: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Points given back.
    points: String,
    /// Its place in the ledger.
    seq: i64,
}

impl From<Returned> for CameBack {
    fn from(r: Returned) -> Self {
        Self { no: r.no, kind: r.kind.to_string(), at: r.at, points: points(r.points), seq: r.seq }
    }
}

/// What comes back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReturnInput {
    /// The household's phone code or card.
    credential: String,
    /// Articles and pieces.
    lines: Vec<Item>,
    /// `shelf` (whole, to be handed out again) or `loss` (written off).
    #[schema(value_type = String)]
    goes_to: ReturnedTo,
}

/// Takes goods back within 24 hours: points, goods, cost and quota go back together.
#[utoipa::path(
    post, path = "/redemptions/{id}/return", tag = "counter", operation_id = "take_goods_back",
    params(("id" = String, Path, description = "The redemption")), request_body = ReturnInput,
    responses(
        (status = 200, description = "Taken back", body = CameBack),
        (status = 404, description = "No such receipt at the caller's counter", body = Problem),
        (status = 422, description = "Refused: nothing changed", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn take_back(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<OrderId>,
    Json(input): Json<ReturnInput>,
) -> HttpResult<Json<CameBack>> {
    let items = input.lines.iter().map(|l| (l.sku, l.pieces));
    let basket =
        Basket::new(items).map_err(|e| ServiceError::from(refuse("invalid_basket").with("reason", e)))?;
    let back = GoodsBack { credential: input.credential, basket: Some(basket), goes_to: input.goes_to };
    Ok(Json(desk.take_back(&by, id, &back, &key).await?.into()))
}

/// What was shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VoidInput {
    /// The household's phone code or card.
    credential: String,
}

/// Makes void what is left of a redemption of today that was typed wrongly: the goods are on the shelf.
#[utoipa::path(
    post, path = "/redemptions/{id}/void", tag = "counter", operation_id = "make_void",
    params(("id" = String, Path, description = "The redemption")), request_body = VoidInput,
    responses(
        (status = 200, description = "Void", body = CameBack),
        (status = 404, description = "No such receipt at the caller's counter", body = Problem),
        (status = 422, description = "Refused: nothing changed", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn make_void(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<OrderId>,
    Json(input): Json<VoidInput>,
) -> HttpResult<Json<CameBack>> {
    Ok(Json(desk.make_void(&by, id, &input.credential, &key).await?.into()))
}
