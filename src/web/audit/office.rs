//! What the county's administrators did to accounts and places: for auditors of a village, and for the county.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use serde::Deserialize;

use crate::{
    domain::{ids::EventId, time::Timestamp},
    http::{AppState, As, HttpResult, Query, error::escape_query},
    service::{
        Desk,
        caller::{Auditor, CountyAdmin},
        office::{Before, OFFICE_PAGE, OfficeEvent},
    },
    text::T,
    web::page::{Chrome, Page},
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/audit/office", get(of_village)).route("/admin/office", get(of_county))
}

impl T {
    /// What was done; the code itself where it has no word.
    #[must_use]
    pub fn office_verb(self, verb: &str) -> String {
        match verb {
            "create" => self.office_create(),
            "grant" => self.office_grant(),
            "revoke" => self.office_revoke(),
            "password" => self.office_password(),
            "factor" => self.office_factor(),
            "disable" => self.office_disable(),
            "enable" => self.office_enable(),
            "link" => self.office_link(),
            "relink" => self.office_relink(),
            "unlink" => self.office_unlink(),
            "rename" => self.office_rename(),
            "code" => self.office_code(),
            "open_book" => self.office_open_book(),
            "close" => self.office_close(),
            "webhook" => self.office_webhook(),
            "webhook_pause" => self.office_webhook_pause(),
            "webhook_resume" => self.office_webhook_resume(),
            "webhook_again" => self.office_webhook_again(),
            "webhook_remove" => self.office_webhook_remove(),
            "webhook_rotate" => self.office_webhook_rotate(),
            other => return other.to_owned(),
        }
        .to_owned()
    }
}

#[derive(Template)]
#[template(path = "audit/office.html", config = ".askama.toml")]
struct OfficePage {
    chrome: Chrome,
    county: bool,
    events: Vec<OfficeEvent>,
    next: Option<String>,
}

impl OfficePage {
    fn new(chrome: Chrome, at: &str, events: Vec<OfficeEvent>) -> Self {
        let full = i64::try_from(events.len()).is_ok_and(|n| n == OFFICE_PAGE);
        let next = events.last().filter(|_| full).map(|e| {
            let when = escape_query(&e.at.to_string());
            format!("{at}?at={when}&after={}", e.id)
        });
        let title = chrome.t.office_title();
        Self { chrome: chrome.titled(title), county: at.starts_with("/admin"), events, next }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct From {
    at: Option<Timestamp>,
    after: Option<EventId>,
}

impl From {
    fn before(self) -> Option<Before> {
        self.at.zip(self.after).map(|(at, id)| Before { at, id })
    }
}

async fn of_village(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Query(from): Query<From>,
) -> HttpResult<Page<impl Template>> {
    let events = desk.office_events(&by, from.before(), OFFICE_PAGE).await?;
    Ok(Page(OfficePage::new(chrome, "/audit/office", events)))
}

async fn of_county(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Query(from): Query<From>,
) -> HttpResult<Page<impl Template>> {
    let events = desk.county_events(&by, from.before(), OFFICE_PAGE).await?;
    Ok(Page(OfficePage::new(chrome, "/admin/office", events)))
}
