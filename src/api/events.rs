//! The outbox: what happened in a book, in order, for programs that follow it. Reads only.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    http::{AppState, As, HttpResult, Json, Query},
    service::{
        Desk,
        caller::Auditor,
        outbox::{EVENTS_PAGE, LedgerEvent},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// From where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Since {
    /// The last place seen; 0 for the beginning.
    #[serde(default)]
    after: i64,
    /// At most 100.
    limit: Option<i64>,
}

/// What came after.
#[derive(Serialize, ToSchema)]
struct LedgerEvents {
    /// In order, without gaps; empty when nothing is new.
    items: Vec<LedgerEvent>,
    /// Send it as `after` next time.
    next: i64,
}

/// Lists what happened in the book after a place, in order and without gaps.
#[utoipa::path(
    get, path = "/events", tag = "ledger", operation_id = "list_events", params(Since),
    responses(
        (status = 200, description = "Every transaction after the place, oldest first", body = LedgerEvents),
        (status = 403, description = "Not an auditor of this book", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Query(since): Query<Since>,
) -> HttpResult<Json<LedgerEvents>> {
    let items = desk.events(&by, since.after, since.limit.unwrap_or(EVENTS_PAGE)).await?;
    let next = items.last().map_or(since.after.max(0), |event| event.seq);
    Ok(Json(LedgerEvents { items, next }))
}
