//! Ledger lines by any dimension, and one account with its lines. They change nothing.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use serde::Deserialize;

use crate::{
    domain::book::TxnKind,
    http::{AppState, As, HttpResult, Query, error::escape_query},
    service::{
        Desk,
        audit::{AccountFile, LinePage, LineQuery},
        caller::Auditor,
    },
    web::page::{Chrome, Page},
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/audit/lines", get(lines)).route("/audit/account", get(account))
}

/// What the filter form sends; an empty field asks for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    account: String,
    #[serde(default)]
    household: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn query(&self) -> LineQuery {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        LineQuery {
            account: given(&self.account),
            household: given(&self.household),
            person: given(&self.person),
            rule: given(&self.rule),
            kind: given(&self.kind),
            from: self.from.trim().parse().ok(),
            to: self.to.trim().parse().ok(),
            after: given(&self.after),
        }
    }

    /// The address of the page that follows.
    fn next(&self, page: &LinePage, path: &str) -> Option<String> {
        let after = page.next.as_deref()?;
        let fields = [
            ("account", &self.account),
            ("household", &self.household),
            ("person", &self.person),
            ("rule", &self.rule),
            ("kind", &self.kind),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let given = fields.iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> =
            given.map(|(name, value)| format!("{name}={}", escape_query(value))).collect();
        let more = if query.is_empty() { String::new() } else { format!("&{}", query.join("&")) };
        Some(format!("{path}?after={after}{more}"))
    }
}

#[derive(Template)]
#[template(path = "audit/lines.html", config = ".askama.toml")]
struct LinesPage {
    chrome: Chrome,
    asked: Asked,
    page: LinePage,
    next: Option<String>,
    kinds: Vec<&'static str>,
}

async fn lines(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> HttpResult<Page<impl Template>> {
    let page = desk.ledger_lines(&by, &asked.query()).await?;
    let title = chrome.t.audit_lines();
    let next = asked.next(&page, "/audit/lines");
    let kinds = TxnKind::ALL.iter().map(|k| k.as_str()).collect();
    Ok(Page(LinesPage { chrome: chrome.titled(title), asked, page, next, kinds }))
}

#[derive(Template)]
#[template(path = "audit/account.html", config = ".askama.toml")]
struct AccountPage {
    chrome: Chrome,
    path: String,
    file: AccountFile,
    page: LinePage,
    next: Option<String>,
}

async fn account(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> HttpResult<Page<impl Template>> {
    let file = desk.account_file(&by, &asked.account).await?;
    let page = desk.ledger_lines(&by, &asked.query()).await?;
    let path = asked.account.clone();
    let title = chrome.t.account_words(&path);
    let next = asked.next(&page, "/audit/account");
    Ok(Page(AccountPage { chrome: chrome.titled(title), path, file, page, next }))
}
