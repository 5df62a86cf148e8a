//! What the villages under a township have sent to be filed.

use askama::Template;
use axum::extract::State;

use super::list::{Line, lines};
use crate::{
    http::{As, HttpResult},
    service::{Desk, session::StaffSignIn},
    web::page::{Chrome, Page},
};

struct Filed {
    village: String,
    no: i64,
    line: Line,
}

#[derive(Template)]
#[template(path = "rules/filings.html", config = ".askama.toml")]
struct FilingsPage {
    chrome: Chrome,
    filed: Vec<Filed>,
}

/// The inbox.
pub async fn page(
    State(desk): State<Desk>,
    by: As<StaffSignIn>,
    chrome: Chrome,
) -> HttpResult<Page<impl Template>> {
    let t = chrome.t;
    let found = desk.filings(&by).await?;
    let filed = found.into_iter().flat_map(|(village, row)| {
        let name = t.name(&village.name, &village.name_en).to_owned();
        lines(t, vec![row]).into_iter().map(move |line| Filed { village: name.clone(), no: village.no, line })
    });
    Ok(Page(FilingsPage { filed: filed.collect(), chrome: chrome.titled(t.filings_title()) }))
}
