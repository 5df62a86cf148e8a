//! Whether the program lives, whether it can serve, and what it counted.

use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};

use super::{AppState, HttpResult};
use crate::service::ServiceError;

/// `/healthz`, `/readyz`, `/metrics`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).route("/metrics", get(tell))
}

async fn alive() -> &'static str {
    "ok\n"
}

async fn ready(State(state): State<AppState>) -> HttpResult<&'static str> {
    state.desk.db.ping().await.map_err(|error| {
        tracing::warn!(%error, "the database does not answer");
        ServiceError::Busy
    })?;
    Ok("ready\n")
}

async fn tell(State(state): State<AppState>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], state.metrics.tell(state.desk.poster.stats()))
}
