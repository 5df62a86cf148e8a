//! The rules in force, in plain words.

use askama::Template;
use axum::{extract::State, response::IntoResponse};
use std::sync::Arc;

use crate::{
    domain::{
        rule::Item,
        ruleset::{Basis, BasisKind, RuleSet},
    },
    http::{As, HttpResult},
    service::{Desk, caller::Resident},
    web::{
        page::{Chrome, Page},
        rules::list::{Line, lines},
    },
};

#[derive(Template)]
#[template(path = "my/rules.html", config = ".askama.toml")]
struct RulesPage {
    chrome: Chrome,
    rules: Arc<RuleSet>,
    proposals: Vec<Line>,
    compact: bool,
}

impl RulesPage {
    /// The clauses and papers an item rests on: those of the compact lead to it.
    fn bases<'a>(&'a self, item: &'a Item) -> Vec<&'a Basis> {
        item.basis.iter().filter_map(|code| self.rules.basis(code)).collect()
    }

    fn linked(&self, basis: &Basis) -> bool {
        self.compact && basis.kind == BasisKind::Compact
    }

    fn items_of(&self, category: &str) -> Vec<&Item> {
        self.rules.items.iter().filter(|i| i.category == *category && i.enabled).collect()
    }
}

pub(super) async fn list(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let rules = desk.ruleset_for(by.book, desk.today()).await?;
    let title = chrome.t.my_rules();
    let proposals = lines(chrome.t, desk.public_proposals(by.book).await?);
    let compact = desk.compact_on(by.book, desk.today()).await?.is_some();
    Ok(Page(RulesPage { chrome: chrome.titled(title), rules, proposals, compact }))
}
