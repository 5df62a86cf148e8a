//! Ledger lines by any dimension, and one account with its lines. They change nothing.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use serde::Deserialize;

use crate::{
    domain::{book::TxnKind, time::Timestamp},
    http::{AppState, As, HttpResult, Query, error::escape_query},
    service::{
        Desk, ServiceError,
        as_of::{AccountThen, AsOf, Leaf},
        audit::{AccountFile, LinePage, LineQuery},
        caller::{Auditor, Bookkeeper},
    },
    store::statement::LineRow,
    text::T,
    web::page::{Chrome, Page},
};

/// Lines of an account as it stood, on one page.
const PAGE: i64 = 100;

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
    /// As of this business day; for one account.
    #[serde(default)]
    effective_on: String,
    /// As recorded by this instant; for one account.
    #[serde(default)]
    recorded_at: String,
    /// Which of an account's commodities.
    #[serde(default)]
    commodity: String,
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
    fn next(&self, after: &str, path: &str) -> String {
        let fields = [
            ("account", &self.account),
            ("household", &self.household),
            ("person", &self.person),
            ("rule", &self.rule),
            ("kind", &self.kind),
            ("from", &self.from),
            ("to", &self.to),
            ("effective_on", &self.effective_on),
            ("recorded_at", &self.recorded_at),
            ("commodity", &self.commodity),
        ];
        let given = fields.iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> =
            given.map(|(name, value)| format!("{name}={}", escape_query(value))).collect();
        let more = if query.is_empty() { String::new() } else { format!("&{}", query.join("&")) };
        format!("{path}?after={after}{more}")
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
    let next = page.next.as_deref().map(|after| asked.next(after, "/audit/lines"));
    let kinds = TxnKind::ALL.iter().map(|k| k.as_str()).collect();
    Ok(Page(LinesPage { chrome: chrome.titled(title), asked, page, next, kinds }))
}

#[derive(Template)]
#[template(path = "audit/account.html", config = ".askama.toml")]
struct AccountPage {
    chrome: Chrome,
    path: String,
    asked: Asked,
    file: AccountFile,
    page: LinePage,
    next: Option<String>,
    then: Option<Then>,
}

/// The account as of a pair.
struct Then {
    words: String,
    balances: Vec<AccountThen>,
    commodity: String,
    lines: Vec<LineRow>,
}

/// In words, what a pair bounds.
fn as_of_words(t: T, as_of: AsOf) -> String {
    match (as_of.effective_on, as_of.recorded_at.map(Timestamp::minute)) {
        (Some(day), Some(minute)) => t.as_of_both(day, minute),
        (Some(day), None) => t.as_of_by_day(day),
        (None, Some(minute)) => t.as_of_by_instant(minute),
        (None, None) => t.as_of_now().to_owned(),
    }
}

async fn account(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> HttpResult<Page<impl Template>> {
    let file = desk.account_file(&by, &asked.account).await?;
    let as_of = AsOf::read(&asked.effective_on, &asked.recorded_at)?;
    let (page, next, then) = if as_of.is_now() {
        let page = desk.ledger_lines(&by, &asked.query()).await?;
        let next = page.next.as_deref().map(|after| asked.next(after, "/audit/account"));
        (page, next, None)
    } else {
        let then = then(&desk, &by, chrome.t, &asked, as_of).await?;
        let full = i64::try_from(then.lines.len()).is_ok_and(|n| n == PAGE);
        let last = then.lines.last().filter(|_| full).map(|l| l.version.to_string());
        let next = last.map(|after| asked.next(&after, "/audit/account"));
        (LinePage { lines: Vec::new(), next: None }, next, Some(then))
    };
    let path = asked.account.clone();
    let title = chrome.t.account_words(&path);
    Ok(Page(AccountPage { chrome: chrome.titled(title), path, asked, file, page, next, then }))
}

async fn then(desk: &Desk, by: &Auditor, t: T, asked: &Asked, as_of: AsOf) -> HttpResult<Then> {
    let by = Bookkeeper::of(by).ok_or(ServiceError::NotAllowed)?;
    let balances = desk.balances_as_of(&by, &asked.account, as_of).await?;
    let wanted = balances.iter().find(|b| b.commodity == asked.commodity).or_else(|| balances.first());
    let commodity = wanted.map(|b| b.commodity.clone()).unwrap_or_default();
    let leaf = Leaf { before: asked.after.parse().ok(), limit: PAGE };
    let lines = desk.lines_as_of(&by, (&asked.account, &commodity), as_of, leaf).await?;
    Ok(Then { words: as_of_words(t, as_of), balances, commodity, lines })
}
