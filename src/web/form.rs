//! Forms that change something: the token is checked before the handler sees a field, and what was typed comes back
//! beside the message when it was wrong.

use axum::{
    body::{Body, Bytes},
    extract::{FromRef, FromRequest, FromRequestParts, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

use super::page::Tone;
use crate::{
    http::{
        AppState, HttpError, HttpResult, Visitor,
        error::escape_query,
        extract::ZERO,
        legible::urlencoded_zero,
        session::{CSRF_HEADER, FLASH_COOKIE},
    },
    service::{ServiceError, refuse},
    text::{T, refusal::refusal_words},
};

/// A message for the next page is remembered this long.
const FLASH_SECONDS: i64 = 60;
/// Characters of such a message, at most.
const FLASH_CHARS_MAX: usize = 200;

/// A form of ours: its `csrf` field (or the `X-CSRF-Token` header of our scripts) was checked. The second part holds
/// what was typed, to show it again.
///
/// Repeated fields (`sku=1&qty=2&sku=7&qty=1`) are read with `T = Vec<(String, String)>`.
#[derive(Debug, Clone)]
pub struct ProtectedForm<T>(pub T, pub FormState);

impl<T, S> FromRequest<S> for ProtectedForm<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> HttpResult<Self> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, state).await?;
        let header = parts.headers.get(CSRF_HEADER).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let bytes = match Bytes::from_request(Request::from_parts(parts.clone(), body), state).await {
            Ok(bytes) => bytes,
            Err(e) => return Err(HttpError::Input(e.status(), refuse("too_large"))),
        };
        if urlencoded_zero(&bytes) {
            let refusal = refuse("bad_form").with("reason", ZERO);
            return Err(HttpError::Input(StatusCode::UNPROCESSABLE_ENTITY, refusal));
        }
        let again = || Request::from_parts(parts.clone(), Body::from(bytes.clone()));
        let fields = read::<Vec<(String, String)>, S>(again(), state).await?;
        let sent = fields.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.clone());
        let sent = sent.or(header).unwrap_or_default();
        if !visitor.csrf_matches(&sent) {
            return Err(HttpError::Csrf);
        }
        let input = read::<T, S>(again(), state).await?;
        Ok(Self(input, FormState::of(fields)))
    }
}

async fn read<T: DeserializeOwned, S: Send + Sync>(request: Request, state: &S) -> HttpResult<T> {
    match axum::Form::<T>::from_request(request, state).await {
        Ok(axum::Form(t)) => Ok(t),
        Err(e) if e.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Err(HttpError::Input(e.status(), refuse("bad_form").with("reason", header::CONTENT_TYPE)))
        }
        Err(e) => Err(HttpError::Input(
            StatusCode::UNPROCESSABLE_ENTITY,
            refuse("bad_form").with("reason", e.body_text()),
        )),
    }
}

/// What was typed and what was wrong with it. Templates say `form.value("name")` and `form.error("name")`.
#[derive(Debug, Clone, Default)]
pub struct FormState {
    values: BTreeMap<String, String>,
    errors: BTreeMap<String, String>,
    /// What was wrong with the whole.
    pub message: Option<String>,
}

impl FormState {
    /// What was typed, without secrets.
    #[must_use]
    pub fn of(fields: Vec<(String, String)>) -> Self {
        let secret = |name: &str| {
            matches!(name, "csrf" | "pin" | "code") || name.contains("password") || name.ends_with("_pin")
        };
        let values = fields.into_iter().filter(|(name, _)| !secret(name)).collect();
        Self { values, ..Self::default() }
    }

    /// The same form with a field filled in.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }

    /// What stands in a field.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Whether a field holds `value`, for options and check boxes.
    #[must_use]
    pub fn is(&self, name: &str, value: impl std::fmt::Display) -> bool {
        self.values.get(name).is_some_and(|v| *v == value.to_string())
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.get(name).map(String::as_str)
    }

    /// Whether anything is wrong.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        self.message.is_some() || !self.errors.is_empty()
    }

    /// Says what is wrong with a field.
    pub fn refuse(&mut self, name: &str, text: impl Into<String>) {
        self.errors.insert(name.to_owned(), text.into());
    }

    /// The form to show again when a use case refused; anything else stays an error.
    pub fn refused(mut self, t: T, error: ServiceError) -> HttpResult<Self> {
        match error {
            ServiceError::Refused(refusal) => {
                self.message = Some(refusal_words(t.lang(), refusal.code, &refusal.facts).1);
                Ok(self)
            }
            other => Err(other.into()),
        }
    }
}

/// Goes to `to` after a change, with a message that the page there says once.
#[must_use]
pub fn see_other(visitor: &Visitor, to: &str, tone: Tone, text: &str) -> Response {
    let short: String = text.chars().take(FLASH_CHARS_MAX).collect();
    let tone = match tone {
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Info => "info",
    };
    let value = format!("{tone}.{}", escape_query(&short));
    let jar = CookieJar::new().add(visitor.cookie(FLASH_COOKIE, value, FLASH_SECONDS));
    (jar, Redirect::to(local(to))).into_response()
}

/// `to` if it stays on this site, the home page otherwise.
#[must_use]
pub fn local(to: &str) -> &str {
    let stays = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\n', '\r']);
    if stays { to } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_never_leaves_the_site() {
        assert_eq!(local("/shop?a=1"), "/shop?a=1");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:x"] {
            assert_eq!(local(elsewhere), "/", "{elsewhere}");
        }
    }

    #[test]
    fn secrets_do_not_come_back_in_a_form() {
        let typed = [("login", "li"), ("password", "x"), ("new_password", "y"), ("pin", "1")];
        let form = FormState::of(typed.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec());
        assert_eq!(form.value("login"), "li");
        assert!(["password", "new_password", "pin"].iter().all(|name| form.value(name).is_empty()));
    }
}
