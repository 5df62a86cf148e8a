//! Points put aside and until when, for auditors. It changes nothing.

use askama::Template;
use axum::{Router, extract::State, routing::get};

use crate::{
    domain::time::Day,
    http::{AppState, As, HttpResult},
    service::{Desk, caller::Auditor, holds::Hold},
    web::page::{Chrome, Page},
};

/// The page of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/audit/holds", get(list))
}

#[derive(Template)]
#[template(path = "audit/holds.html", config = ".askama.toml")]
struct HoldsPage {
    chrome: Chrome,
    holds: Vec<Hold>,
    today: Day,
}

async fn list(State(desk): State<Desk>, by: As<Auditor>, chrome: Chrome) -> HttpResult<Page<impl Template>> {
    let holds = desk.open_holds(&by, None).await?;
    let title = chrome.t.holds_title();
    Ok(Page(HoldsPage { chrome: chrome.titled(title), holds, today: desk.today() }))
}
