//! The front door: whoever is signed in goes to their own first page, everybody else to the sign-in.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use crate::{
    http::{AppState, HttpResult, Visitor},
    service::{caller::Role, session::SignedIn},
};

/// `/`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/", get(home))
}

async fn home(State(state): State<AppState>, visitor: Visitor) -> HttpResult<Response> {
    let to = match visitor.signed_in().map(|s| &s.who) {
        Some(SignedIn::Resident(_)) => "/my",
        Some(SignedIn::Staff(who)) => first_page(who.grants.iter().map(|g| g.role)),
        None if visitor.owes_code() => "/login/code",
        None if state.setup.is_some() && state.desk.is_empty().await? => "/setup",
        None => "/login/resident",
    };
    Ok(Redirect::to(to).into_response())
}

/// The page somebody with these roles starts from.
#[must_use]
pub fn first_page(roles: impl Iterator<Item = Role>) -> &'static str {
    let rank = |role: &Role| match role {
        Role::Shopkeeper => 0,
        Role::Clerk => 1,
        Role::Recorder => 2,
        Role::Reviewer => 3,
        Role::Township => 4,
        Role::Auditor => 5,
        Role::County => 6,
    };
    match roles.min_by_key(rank) {
        Some(Role::Shopkeeper) => "/shop",
        Some(Role::Clerk | Role::Recorder) => "/clerk",
        Some(Role::Reviewer) => "/review",
        Some(Role::Township) => "/township",
        Some(Role::Auditor) => "/audit",
        Some(Role::County) => "/admin",
        None => "/account",
    }
}
