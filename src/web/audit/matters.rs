//! Matters that wait for a look longer than they may, for auditors: how many stand where, and which are late. Nobody's name
//! and nobody's words.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use serde::Deserialize;

use crate::{
    domain::matter::MatterState,
    http::{AppState, As, HttpResult, Query},
    service::{
        Desk,
        caller::Auditor,
        matter::{MATTERS_PAGE, view::LateMatter},
    },
    web::page::{Chrome, Page},
};

/// The page of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/audit/matters", get(list))
}

#[derive(Template)]
#[template(path = "audit/matters.html", config = ".askama.toml")]
struct MattersPage {
    chrome: Chrome,
    counts: Vec<(&'static str, i64)>,
    late: i64,
    matters: Vec<LateMatter>,
    next: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
struct Place {
    after: Option<i64>,
}

async fn list(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Query(place): Query<Place>,
) -> HttpResult<Page<impl Template>> {
    let t = chrome.t;
    let c = desk.matter_counts(by.book).await?;
    let counts = [
        (MatterState::Reported, c.reported),
        (MatterState::Accepted, c.accepted),
        (MatterState::Assigned, c.assigned),
        (MatterState::Done, c.done),
        (MatterState::Verified, c.verified),
    ];
    let counts = counts.iter().map(|(state, count)| (t.matter_state(state), *count)).collect();
    let matters = desk.late_matters(&by, place.after.unwrap_or(0)).await?;
    let full = i64::try_from(matters.len()).is_ok_and(|n| n == MATTERS_PAGE);
    let next = matters.last().filter(|_| full).map(|m| m.no);
    Ok(Page(MattersPage { chrome: chrome.titled(t.matters()), counts, late: c.late, matters, next }))
}
