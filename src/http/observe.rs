//! What is written down about a request: number, route, status, time taken. No names, no addresses, no query, no
//! cookie, nothing of the body.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use std::time::Instant;
use tracing::Instrument;

use super::AppState;
use crate::service::session::hex;

/// The header that carries a request's number.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Numbers the request and logs its end.
pub async fn log(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut id = [0_u8; 8];
    state.desk.entropy.fill(&mut id);
    let id = hex(&id);
    let span = tracing::info_span!("request", id, method = %request.method());
    async move {
        let started = Instant::now();
        let mut response = next.run(request).await;
        let route = response.extensions().get::<MatchedPath>().map_or("-", |m| m.as_str()).to_owned();
        let status = response.status().as_u16();
        let micros = started.elapsed().as_micros();
        if response.status().is_server_error() {
            tracing::warn!(route, status, micros, "answered");
        } else {
            tracing::info!(route, status, micros, "answered");
        }
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        response
    }
    .instrument(span)
    .await
}

/// Counts a request of a known route, and names the route for [`log`].
pub async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let started = Instant::now();
    let mut response = next.run(request).await;
    if let Some(matched) = matched {
        state.metrics.request(
            method.as_str(),
            matched.as_str(),
            response.status().as_u16(),
            started.elapsed(),
        );
        response.extensions_mut().insert(matched);
    }
    response
}
