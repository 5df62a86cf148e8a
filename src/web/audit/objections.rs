//! Every objection of a book with its course, for auditors: who was late, what was answered, what the township said. It
//! changes nothing.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use serde::Deserialize;

use crate::{
    http::{AppState, As, HttpResult, Query},
    service::{Desk, caller::Auditor, objection::OBJECTIONS_PAGE},
    web::{
        course::CourseView,
        page::{Chrome, Page},
    },
};

/// The page of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/audit/objections", get(list))
}

#[derive(Template)]
#[template(path = "audit/objections.html", config = ".askama.toml")]
struct ObjectionsPage {
    chrome: Chrome,
    objections: Vec<CourseView>,
    /// Where the next page begins.
    next: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
struct Place {
    before: Option<i64>,
}

async fn list(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Query(place): Query<Place>,
) -> HttpResult<Page<impl Template>> {
    let (t, now) = (chrome.t, desk.now());
    let found = desk.audited_objections(&by, place.before.unwrap_or(i64::MAX)).await?;
    let full = i64::try_from(found.len()).is_ok_and(|n| n == OBJECTIONS_PAGE);
    let next = found.last().filter(|_| full).map(|f| f.objection.no);
    let objections = found.iter().map(|file| CourseView::new(t, file, now)).collect();
    Ok(Page(ObjectionsPage { chrome: chrome.titled(t.objections()), objections, next }))
}
