//! A form sent twice is heard once: every page gives its forms a key (`csrf.html`), and the same form again, from a
//! double tap or after a lost answer, gets the first answer. The rest is [`crate::http::once`].

use axum::{
    body::{Body, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    http::{
        AppState, BODY_BYTES_MAX, HttpError, Visitor,
        once::{How, answer, caller_of},
    },
    service::{Actor, Desk, once::Ask, refuse},
};

/// Forms that only look something up, or sign in and out: each time is a time of its own.
pub const READING: [&str; 15] = [
    "/audit/verify",
    "/clerk/cards/print",
    "/clerk/import",
    "/clerk/inspections/{id}/preview",
    "/clerk/record",
    "/clerk/scan",
    "/clerk/sheet/file",
    "/logout",
    "/prefs",
    "/setup",
    "/shop/confirm",
    "/shop/customer",
    "/shop/scan",
    "/time/scan",
    "/village",
];
/// Forms that post: under the key they carry for it, or one made from what they decide on.
const POSTED: [&str; 24] = [
    "/clerk/inspections/{id}/confirm",
    "/clerk/orders/{no}",
    "/clerk/orders/{no}/cancel",
    "/devices/{id}/end",
    "/devices/{id}/entries/{number}",
    "/money/funds/{code}",
    "/money/{id}",
    "/my/orders",
    "/my/orders/{id}/cancel",
    "/periods",
    "/review/notices/{id}/publish",
    "/review/notices/{id}/recall",
    "/review/reversals/{id}",
    "/shop/orders/{id}",
    "/shop/orders/{id}/cancel",
    "/shop/receipts/{id}/return",
    "/shop/receipts/{id}/void",
    "/stock/papers/{id}",
    "/time/activities/{id}/step",
    "/time/late",
    "/time/orders",
    "/time/orders/{id}/step",
    "/time/people/{no}/step",
    "/township/time-bank",
];
/// Forms whose success the ledger itself keeps under the key they carry for it.
const OF_THE_LEDGER: [&str; 1] = ["/shop/redeem"];
/// No key of a form is longer.
const KEY_BYTES_MAX: usize = 64;

/// Hears each form once.
pub(super) async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned()).unwrap_or_default();
    let visitor = request.extensions().get::<Visitor>().cloned();
    let caller = visitor.as_ref().and_then(caller_of);
    let (Some(visitor), Some(caller)) = (visitor, caller) else { return next.run(request).await };
    let moves = request.method() == Method::POST && !READING.contains(&path.as_str());
    if !moves || path.starts_with("/login") || !is_form(&request) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_BYTES_MAX).await else {
        return HttpError::Input(StatusCode::PAYLOAD_TOO_LARGE, refuse("too_large")).into_response();
    };
    let ask = ask(&state.desk, &visitor, caller, &bytes);
    let request = Request::from_parts(parts, Body::from(bytes));
    match ask {
        Some(ask) => answer(&state.desk, &ask, how(&path), request, next).await,
        None => next.run(request).await,
    }
}

fn is_form(request: &Request) -> bool {
    let form = |v: &HeaderValue| v.as_bytes().starts_with(b"application/x-www-form-urlencoded");
    request.headers().get(header::CONTENT_TYPE).is_some_and(form)
}

fn how(path: &str) -> How {
    if POSTED.contains(&path) {
        How::Posted
    } else if OF_THE_LEDGER.contains(&path) {
        How::InTheLedger
    } else {
        How::Together
    }
}

/// The form as a request under its key. Another form under the same key is another request: people go back and mend
/// what they typed, so what was typed is part of the key.
fn ask(desk: &Desk, visitor: &Visitor, caller: Actor, body: &[u8]) -> Option<Ask> {
    let text = std::str::from_utf8(body).ok()?;
    let mut key = None;
    let mut typed = String::new();
    for (name, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
        if name == "once" {
            key = Some(value).filter(|v| !v.is_empty() && v.len() <= KEY_BYTES_MAX);
        }
        typed.push_str(&desk.field_digest(name, value.as_bytes()));
    }
    let typed = desk.field_digest("form", typed.as_bytes());
    let village = visitor.village.map(|no| format!(" v={no}")).unwrap_or_default();
    Some(Ask {
        caller,
        operation: format!("POST {}{village}", visitor.path),
        key: format!("{}:{typed}", key?),
        fields: std::collections::BTreeMap::new(),
    })
}
