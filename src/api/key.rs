//! The `Idempotency-Key` header: required wherever something changes, so that a lost answer can be asked for again.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
};

use crate::{
    domain::book,
    http::{HttpError, HttpResult},
    service::refuse,
};

/// The name of the header.
pub const HEADER: &str = "idempotency-key";

/// The client's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub String);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> HttpResult<Self> {
        Self::read(&parts.headers)
    }
}

impl IdempotencyKey {
    /// The key among the headers of a request.
    pub fn read(headers: &HeaderMap) -> HttpResult<Self> {
        let text = headers.get(HEADER).and_then(|v| v.to_str().ok()).unwrap_or_default();
        match text.parse::<book::Key>() {
            Ok(key) => Ok(Self(key.as_str().to_owned())),
            Err(_) => Err(HttpError::Input(
                StatusCode::BAD_REQUEST,
                refuse(if text.is_empty() { "key_missing" } else { "invalid_key" }),
            )),
        }
    }
}
