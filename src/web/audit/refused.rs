//! Commands that the ledger refused: who asked for what, when, and why it was not done. Changes nothing.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use serde::Deserialize;

use crate::{
    domain::book::RefusalCode,
    http::{AppState, As, HttpResult, Query, error::escape_query},
    service::{
        Desk,
        audit::refused::{REFUSED_PAGE, RefusedCommand, RefusedQuery},
        caller::Auditor,
    },
    text::{
        T,
        refusal::{refusal_gist, refusal_words},
    },
    web::page::{Chrome, Page},
};

/// The page of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/audit/refused", get(refused))
}

/// What the filter form sends; an empty field asks for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    code: String,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn query(&self) -> RefusedQuery {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        RefusedQuery {
            code: given(&self.code),
            actor: given(&self.actor),
            day: self.day.trim().parse().ok(),
            before: self.after.trim().parse().ok(),
        }
    }

    /// The address of the page that follows.
    fn next(&self, last: &RefusedCommand) -> String {
        let fields = [("code", &self.code), ("actor", &self.actor), ("day", &self.day)];
        let given = fields.iter().filter(|(_, value)| !value.is_empty());
        let more: String = given.map(|(name, value)| format!("&{name}={}", escape_query(value))).collect();
        format!("/audit/refused?after={}{more}", last.no)
    }
}

#[derive(Template)]
#[template(path = "audit/refused.html", config = ".askama.toml")]
struct RefusedPage {
    chrome: Chrome,
    asked: Asked,
    refused: Vec<RefusedCommand>,
    /// Each code with what it means.
    codes: Vec<(&'static str, String)>,
    next: Option<String>,
}

impl T {
    /// Why a command was not done.
    #[must_use]
    fn refused_because(self, refused: &RefusedCommand) -> String {
        refusal_words(self.lang(), &refused.code, &refused.facts).1
    }
}

async fn refused(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> HttpResult<Page<impl Template>> {
    let refused = desk.refused_commands(&by, &asked.query(), REFUSED_PAGE).await?;
    let full = i64::try_from(refused.len()).is_ok_and(|n| n == REFUSED_PAGE);
    let next = refused.last().filter(|_| full).map(|last| asked.next(last));
    let title = chrome.t.audit_refused();
    let gist = |code: &RefusalCode| (code.as_str(), refusal_gist(chrome.t.lang(), code.as_str()));
    let codes = RefusalCode::ALL.iter().map(gist).collect();
    Ok(Page(RefusedPage { chrome: chrome.titled(title), asked, refused, codes, next }))
}
