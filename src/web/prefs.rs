//! Language and type size, remembered in cookies.

use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::form::{ProtectedForm, local};
use crate::{
    domain::lang::Lang,
    http::{
        AppState, Visitor,
        session::{ELDER_COOKIE, LANG_COOKIE, PREFERENCE_SECONDS},
    },
};

/// `/prefs`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/prefs", post(set))
}

#[derive(Deserialize)]
struct Input {
    #[serde(default)]
    back: String,
    lang: Option<String>,
    view: Option<String>,
}

async fn set(visitor: Visitor, ProtectedForm(input, _): ProtectedForm<Input>) -> Response {
    let mut jar = CookieJar::new();
    if let Some(Ok(lang)) = input.lang.as_deref().map(str::parse::<Lang>) {
        jar = jar.add(visitor.cookie(LANG_COOKIE, lang.as_str(), PREFERENCE_SECONDS));
    }
    match input.view.as_deref() {
        Some("elder") => jar = jar.add(visitor.cookie(ELDER_COOKIE, "1", PREFERENCE_SECONDS)),
        Some("standard") => jar = jar.add(visitor.cookie(ELDER_COOKIE, "", 0)),
        _ => {}
    }
    (jar, Redirect::to(local(&input.back))).into_response()
}
