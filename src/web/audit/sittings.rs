//! Sittings of the panel as the auditor reads them: who was there, how every line went, the minutes with their digest. It
//! changes nothing; on paper it is the minutes sheet.

use askama::Template;
use axum::{Router, extract::State, response::IntoResponse, routing::get};

use crate::{
    domain::ids::SittingId,
    http::{AppState, As, HttpResult, Path},
    service::{Desk, caller::Auditor, panel::view::SittingView},
    store::sitting::SittingRow,
    web::page::{Chrome, Page},
};

/// Sittings on the list.
const LISTED: i64 = 50;

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/audit/sittings", get(list)).route("/audit/sittings/{id}", get(one))
}

#[derive(Template)]
#[template(path = "audit/sittings.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    sittings: Vec<SittingRow>,
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Auditor>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let sittings = desk.sittings(by.book, i64::MAX, LISTED).await?;
    let title = chrome.t.sittings();
    Ok(Page(ListPage { chrome: chrome.titled(title), sittings }))
}

#[derive(Template)]
#[template(path = "audit/sitting.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    s: SittingView,
}

async fn one(
    State(desk): State<Desk>,
    As(by): As<Auditor>,
    chrome: Chrome,
    Path(id): Path<SittingId>,
) -> HttpResult<impl IntoResponse> {
    let s = desk.sitting(&by, id).await?;
    let title = chrome.t.sitting_no(s.row.no);
    Ok(Page(OnePage { chrome: chrome.titled(&title), s }))
}
