//! The rules in force, in plain words.

use askama::Template;
use axum::{extract::State, response::IntoResponse};
use std::sync::Arc;

use crate::{
    domain::{rule::Item, ruleset::RuleSet},
    http::{As, HttpResult},
    service::{Desk, caller::Resident},
    web::page::{Chrome, Page},
};

#[derive(Template)]
#[template(path = "my/rules.html", config = ".askama.toml")]
struct RulesPage {
    chrome: Chrome,
    rules: Arc<RuleSet>,
}

impl RulesPage {
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
    Ok(Page(RulesPage { chrome: chrome.titled(title), rules }))
}
