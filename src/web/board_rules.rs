//! The rules on the public board, for anybody and without signing in: what is in force, and what is on its way with its
//! dates and figures. On paper it is the sheet that hangs beside the notices. What people said to it is not shown here.

use std::sync::Arc;

use askama::Template;
use axum::{Router, extract::State, routing::get};

use super::{
    page::{Chrome, Page},
    rules::{
        file::{Shown, shown},
        list::{Line, lines},
    },
};
use crate::{
    domain::{
        ids::ProposalId,
        rule::Item,
        ruleset::{
            self, RuleSet,
            compact::{self, clause_words},
        },
    },
    http::{AppState, HttpResult, Path},
    service::{Desk, ServiceError, proposal::view::ProposalFile},
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/board/{no}/rules", get(list)).route("/board/{no}/rules/{id}", get(proposal))
}

/// The items of a rule set by their families, those that are in use.
fn families(rules: &RuleSet) -> Vec<(String, Vec<&Item>)> {
    let of = |code: &str| rules.items.iter().filter(|i| i.category == code && i.enabled).collect::<Vec<_>>();
    let all = rules.categories.iter().map(|c| (c.code.clone(), of(&c.code)));
    all.filter(|(_, items)| !items.is_empty()).collect()
}

#[derive(Template)]
#[template(path = "board/rules.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    no: i64,
    /// What is in force; nothing in a village that has not adopted any rules.
    rules: Option<Arc<RuleSet>>,
    proposals: Vec<Line>,
    clauses: Vec<String>,
}

async fn list(
    State(desk): State<Desk>,
    chrome: Chrome,
    Path(no): Path<i64>,
) -> HttpResult<Page<impl Template>> {
    let t = chrome.t;
    let book = desk.public_book(no).await?;
    let rules = match desk.ruleset_for(book.book_id, desk.today()).await {
        Ok(rules) => Some(rules),
        Err(ServiceError::Refused(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let proposals = lines(t, desk.public_proposals(book.book_id).await?);
    let compact = desk.compact_on(book.book_id, desk.today()).await?;
    let clauses = compact.iter().flat_map(|(_, c)| &c.clauses).map(|c| clause_words(c, t.lang())).collect();
    let title = t.board_rules_of(t.name(&book.name, &book.name_en));
    Ok(Page(ListPage { chrome: chrome.titled(title), no, rules, proposals, clauses }))
}

#[derive(Template)]
#[template(path = "board/proposal.html", config = ".askama.toml")]
struct ProposalPage {
    chrome: Chrome,
    no: i64,
    village: String,
    file: ProposalFile,
    /// Whether people may speak to it today.
    open: bool,
    shown: Shown,
    clauses: Vec<String>,
    rules: Option<RuleSet>,
}

async fn proposal(
    State(desk): State<Desk>,
    chrome: Chrome,
    Path((no, id)): Path<(i64, ProposalId)>,
) -> HttpResult<Page<impl Template>> {
    let t = chrome.t;
    let book = desk.public_book(no).await?;
    let file = desk.public_proposal(book.book_id, id).await?;
    let compact = compact::parse(&file.row.content).ok();
    let clauses = compact.iter().flat_map(|c| &c.clauses).map(|c| clause_words(c, t.lang())).collect();
    Ok(Page(ProposalPage {
        chrome: chrome.titled(file.row.title.clone()),
        no,
        village: t.name(&book.name, &book.name_en).to_owned(),
        shown: shown(t, &file),
        open: file.is_open(desk.today()),
        clauses,
        rules: ruleset::parse(&file.row.content, "rules.toml").ok(),
        file,
    }))
}
