//! The villages under a township or county: whether each is healthy, in the order of their numbers. Never a ranking.

use askama::Template;
use axum::{Router, extract::State, routing::get};

use crate::{
    http::{AppState, As, HttpResult},
    service::{Desk, audit::overview::VillageHealth, session::StaffSignIn},
    web::{
        page::{Chrome, Page},
        show,
    },
};

pub mod bodies;

/// The pages of the township.
pub fn routes() -> Router<AppState> {
    Router::new().route("/township", get(villages)).merge(bodies::routes())
}

#[derive(Template)]
#[template(path = "township/villages.html", config = ".askama.toml")]
struct VillagesPage {
    chrome: Chrome,
    villages: Vec<VillageHealth>,
}

impl VillagesPage {
    fn light(village: &VillageHealth) -> &'static str {
        show::coverage_light(village.coverage)
    }

    fn coverage(village: &VillageHealth) -> String {
        show::coverage(village.coverage)
    }

    fn waits(count: &i64) -> &'static str {
        if *count > 0 { "warn" } else { "good" }
    }
}

async fn villages(
    State(desk): State<Desk>,
    by: As<StaffSignIn>,
    chrome: Chrome,
) -> HttpResult<Page<impl Template>> {
    let villages = desk.overseen_villages(&by).await?;
    let title = chrome.t.township_title();
    Ok(Page(VillagesPage { chrome: chrome.titled(title), villages }))
}
