//! How to sign in to the demo village: shown there only, where everything is made up.

use askama::Template;
use axum::{Router, extract::State, routing::get};

use super::page::{Chrome, Page};
use crate::{
    http::{AppState, HttpResult},
    service::{ServiceError, caller::Role, login::code_at},
    text::T,
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/demo", get(guide))
}

#[derive(Template)]
#[template(path = "login/demo.html", config = ".askama.toml")]
struct GuidePage {
    chrome: Chrome,
    logins: Vec<(String, &'static str)>,
    password: &'static str,
    code: String,
    household: String,
    pin: String,
}

async fn guide(State(state): State<AppState>, chrome: Chrome) -> HttpResult<Page<GuidePage>> {
    let demo = state.site.demo.as_ref().ok_or(ServiceError::NotFound("page"))?;
    let (t, title) = (chrome.t, chrome.t.demo_title());
    Ok(Page(GuidePage {
        chrome: chrome.titled(title),
        logins: demo.logins.iter().map(|(login, role)| (login.clone(), role_name(t, *role))).collect(),
        password: demo.password,
        code: code_at(&demo.totp_secret, state.desk.now())?,
        household: demo.household.0.clone(),
        pin: demo.household.1.clone(),
    }))
}

fn role_name(t: T, role: Role) -> &'static str {
    match role {
        Role::Recorder => t.role_recorder(),
        Role::Clerk => t.role_clerk(),
        Role::Reviewer => t.role_reviewer(),
        Role::Shopkeeper => t.role_shopkeeper(),
        Role::Auditor => t.role_auditor(),
        Role::Township => t.role_township(),
        Role::County => t.role_county(),
    }
}
