//! Who is who among those with a role of the village: those of whom nobody has said it stand first. For the auditor, and
//! for the clerk, who can ask the county to have it said.

use askama::Template;
use axum::{Router, extract::State, routing::get};

use crate::{
    http::{AppState, As, HttpResult},
    service::{
        Desk,
        caller::{Auditor, Bookkeeper},
        identity::{Declared, Who},
    },
    web::page::{Chrome, Page},
};

/// `/audit/people`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/audit/people", get(people))
}

#[derive(Template)]
#[template(path = "audit/people.html", config = ".askama.toml")]
struct PeoplePage {
    chrome: Chrome,
    /// Whether whoever looks has the auditor's other pages, too.
    auditor: bool,
    unsaid: usize,
    people: Vec<Declared>,
}

async fn people(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    chrome: Chrome,
) -> HttpResult<Page<impl Template>> {
    let people = desk.who_is_who(&by).await?;
    let unsaid = people.iter().filter(|one| one.who.is_none()).count();
    let auditor = Auditor::of(&by).is_some();
    let title = chrome.t.people_title();
    Ok(Page(PeoplePage { chrome: chrome.titled(title), auditor, unsaid, people }))
}
