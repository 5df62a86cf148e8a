//! Whether the program lives, whether it can serve, and what it counted.

use std::time::Duration;

use axum::{
    Extension, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{AppState, error::Plain};
use crate::{service::error::causes, store::Outage};

/// How long the database may take to answer before we say that it does not.
const ANSWER_SECONDS_MAX: u64 = 2;

/// `/healthz`, `/readyz`, `/metrics`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).route("/metrics", get(tell))
}

async fn alive() -> &'static str {
    "ok\n"
}

/// Ready as long as the database can be read; says so when it cannot be written.
async fn ready(State(state): State<AppState>) -> Response {
    let answer = tokio::time::timeout(Duration::from_secs(ANSWER_SECONDS_MAX), state.desk.db.ping()).await;
    let said = match answer {
        Ok(Ok(())) => match state.desk.poster.stats().outage() {
            None => return "ready\n".into_response(),
            Some(Outage::Full) => {
                return "ready for reading; the last write failed: the disk is full\n".into_response();
            }
            Some(Outage::ReadOnly) => {
                return "ready for reading; the last write failed: the database is read-only\n"
                    .into_response();
            }
            Some(Outage::Away) => {
                return "ready for reading; the last write failed: see the log\n".into_response();
            }
        },
        Ok(Err(error)) => causes(&error),
        Err(_) => format!("no answer within {ANSWER_SECONDS_MAX} s"),
    };
    tracing::warn!(error = said, "the database does not answer");
    (StatusCode::SERVICE_UNAVAILABLE, Extension(Plain), "not ready: the database does not answer\n")
        .into_response()
}

async fn tell(State(state): State<AppState>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], state.metrics.tell(state.desk.poster.stats()))
}
