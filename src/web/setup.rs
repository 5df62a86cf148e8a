//! The page behind the one-time link of an empty installation.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::{
    form::{FormState, ProtectedForm},
    page::{Chrome, Page},
};
use crate::{
    http::{AppState, HttpResult, Query, Visitor},
    service::{refuse, setup::FirstAdmin},
};

/// `/setup`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/setup", get(page).post(go))
}

#[derive(Template)]
#[template(path = "login/setup.html", config = ".askama.toml")]
struct SetupPage {
    chrome: Chrome,
    form: FormState,
}

#[derive(Deserialize, Default)]
struct Token {
    #[serde(default)]
    token: String,
}

async fn check(state: &AppState, token: &str) -> HttpResult<()> {
    if !state.desk.is_empty().await? {
        return Err(refuse("setup_done").into());
    }
    match &state.setup {
        Some(expected) if expected.matches(token) => Ok(()),
        _ => Err(refuse("setup_token").into()),
    }
}

async fn page(
    State(state): State<AppState>,
    chrome: Chrome,
    Query(query): Query<Token>,
) -> HttpResult<impl IntoResponse> {
    check(&state, &query.token).await?;
    let title = chrome.t.setup_title();
    Ok(Page(SetupPage {
        chrome: chrome.titled(title),
        form: FormState::default().with("token", query.token),
    }))
}

#[derive(Deserialize)]
struct Input {
    token: String,
    county: String,
    display_name: String,
    login: String,
    password: String,
    password_again: String,
}

async fn go(
    State(state): State<AppState>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<Input>,
) -> HttpResult<Response> {
    check(&state, &input.token).await?;
    let made = if input.password == input.password_again {
        let first = FirstAdmin {
            county: input.county,
            display_name: input.display_name,
            login_name: input.login,
            password: input.password,
        };
        state.desk.set_up(&first).await
    } else {
        Err(refuse("password_differs").into())
    };
    match made {
        Ok(session) => {
            let jar = CookieJar::new().add(visitor.session_cookie(&session));
            Ok((jar, Redirect::to("/login/enrol")).into_response())
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let title = chrome.t.setup_title();
            let page = Page(SetupPage { chrome: chrome.titled(title), form });
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
