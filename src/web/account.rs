//! One's own account: roles, sign-ins, password.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    form::{FormState, ProtectedForm, see_other},
    page::{Chrome, Page, Tone},
};
use crate::{
    domain::ids::SessionId,
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{Desk, ServiceError, refuse, session::StaffSignIn},
    store::session::SessionRow,
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/account", get(home))
        .route("/account/password", get(password_page).post(password))
        .route("/account/sessions/end-others", post(end_others))
        .route("/account/sessions/{id}/end", post(end_one))
}

#[derive(Template)]
#[template(path = "account/home.html", config = ".askama.toml")]
struct HomePage {
    chrome: Chrome,
    who: StaffSignIn,
    sessions: Vec<SessionRow>,
    here: SessionId,
    many_books: bool,
}

#[derive(Template)]
#[template(path = "account/password.html", config = ".askama.toml")]
struct PasswordPage {
    chrome: Chrome,
    form: FormState,
    forced: bool,
}

fn here(visitor: &Visitor) -> HttpResult<SessionId> {
    Ok(visitor.signed_in().ok_or(ServiceError::NotSignedIn)?.session)
}

async fn home(
    State(desk): State<Desk>,
    visitor: Visitor,
    As(who): As<StaffSignIn>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let sessions = desk.sessions_of(&who).await?;
    let many_books = desk.books_of(&who).await?.len() > 1;
    let title = chrome.t.menu_account();
    Ok(Page(HomePage { chrome: chrome.titled(title), who, sessions, here: here(&visitor)?, many_books }))
}

async fn end_one(
    State(desk): State<Desk>,
    visitor: Visitor,
    who: As<StaffSignIn>,
    chrome: Chrome,
    Path(session): Path<SessionId>,
    ProtectedForm(_, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    desk.end_own_session(&who, session).await?;
    Ok(see_other(&visitor, "/account", Tone::Good, chrome.t.signed_out_there()))
}

async fn end_others(
    State(desk): State<Desk>,
    visitor: Visitor,
    who: As<StaffSignIn>,
    chrome: Chrome,
    ProtectedForm(_, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    desk.end_other_sessions(&who, here(&visitor)?).await?;
    Ok(see_other(&visitor, "/account", Tone::Good, chrome.t.signed_out_there()))
}

/// Whoever is signed in, also when the password must be changed first.
fn owner(visitor: &Visitor) -> HttpResult<&StaffSignIn> {
    visitor.staff().ok_or_else(|| ServiceError::NotSignedIn.into())
}

async fn password_page(visitor: Visitor, chrome: Chrome) -> HttpResult<impl IntoResponse> {
    let forced = owner(&visitor)?.must_change_password;
    let title = chrome.t.change_password();
    Ok(Page(PasswordPage { chrome: chrome.titled(title), form: FormState::default(), forced }))
}

#[derive(Deserialize)]
struct PasswordInput {
    password: String,
    password_new: String,
    password_again: String,
}

async fn password(
    State(desk): State<Desk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<PasswordInput>,
) -> HttpResult<Response> {
    let who = owner(&visitor)?;
    let changed = if input.password_new == input.password_again {
        desk.change_password(who, here(&visitor)?, &input.password, &input.password_new).await
    } else {
        Err(refuse("password_differs").into())
    };
    match changed {
        Ok(()) => Ok(see_other(&visitor, "/account", Tone::Good, chrome.t.password_changed())),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let title = chrome.t.change_password();
            let page =
                Page(PasswordPage { chrome: chrome.titled(title), form, forced: who.must_change_password });
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
