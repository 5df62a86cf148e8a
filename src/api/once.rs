//! Every operation that changes something takes an `Idempotency-Key`: the same request again gets the first answer.
//! Says which operations, and digests their requests; the rest is [`crate::http::once`].

use std::collections::BTreeMap;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Query, Request, State},
    http::{Method, StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use utoipa::openapi::{
    ObjectBuilder, OpenApi, RefOr, Required, Type,
    path::{Operation, ParameterBuilder, ParameterIn},
};

use super::key::IdempotencyKey;
use crate::{
    http::{
        AppState, BODY_BYTES_MAX, HttpError, HttpResult, Visitor,
        once::{How, answer, caller_of, rehearse},
    },
    service::{
        Desk,
        once::{Ask, Fields},
        refuse,
    },
};

/// Operations that change nothing of their own, and why they take no key.
pub const EXEMPT: [(&str, &str, &str); 7] = [
    ("post", "/api/v1/audit/verify", "reads and says what it found"),
    ("post", "/api/v1/board/{village}/answers", "reads what became of an objection"),
    ("post", "/api/v1/board/{village}/appeals", "nobody is signed in: an objection is taken further once"),
    (
        "post",
        "/api/v1/board/{village}/{sheet}/{line}",
        "nobody is signed in: the same words about the same line are the same objection",
    ),
    ("post", "/api/v1/households/by-code", "reads whose code it is"),
    ("post", "/api/v1/identify", "reads who shows a code"),
    ("post", "/api/v1/token", "signs in: a code works once anyway, and a token is never kept"),
];
/// Operations that post: under the client's key, or one made from what they decide on.
const POSTED: [&str; 36] = [
    "/api/v1/claims",
    "/api/v1/clearing",
    "/api/v1/funds/{code}/authorise",
    "/api/v1/funds/{code}/close-budget",
    "/api/v1/holds",
    "/api/v1/holds/{seq}/capture",
    "/api/v1/holds/{seq}/release",
    "/api/v1/households/{id}/orders",
    "/api/v1/inspections/{id}/confirm",
    "/api/v1/matters",
    "/api/v1/money/{id}/confirm",
    "/api/v1/my/orders",
    "/api/v1/my/orders/{id}/cancel",
    "/api/v1/notices/{id}/publish",
    "/api/v1/notices/{id}/recall",
    "/api/v1/offline/rounds",
    "/api/v1/offline/rounds/{id}/end",
    "/api/v1/offline/rounds/{id}/entries",
    "/api/v1/offline/rounds/{id}/entries/{number}/decide",
    "/api/v1/openings/bulk",
    "/api/v1/orders/{id}/cancel",
    "/api/v1/orders/{id}/collect",
    "/api/v1/periods",
    "/api/v1/redemptions/{id}/return",
    "/api/v1/redemptions/{id}/void",
    "/api/v1/reversals/{id}/approve",
    "/api/v1/reversals/{id}/correct",
    "/api/v1/stock/papers/{id}/approve",
    "/api/v1/time/activities/{id}/steps",
    "/api/v1/time/late",
    "/api/v1/time/orders",
    "/api/v1/time/orders/{id}/steps",
    "/api/v1/time/people/{no}/donations",
    "/api/v1/time/people/{no}/gifts",
    "/api/v1/time/people/{no}/gifts/{gift}/take-back",
    "/api/v1/time/pool",
];
/// Operations whose success the ledger itself keeps under the client's key; many a second.
const OF_THE_LEDGER: [&str; 1] = ["/api/v1/redemptions"];

/// Operations that can be tried without effect, with `dry_run=true`.
pub const REHEARSED: [&str; 5] = [
    "/api/v1/awards",
    "/api/v1/awards/bulk",
    "/api/v1/inspections/{id}/confirm",
    "/api/v1/openings/bulk",
    "/api/v1/redemptions",
];
/// The parameter that asks for it.
const DRY_RUN: &str = "dry_run";
/// The member of a request that holds many things, told apart one by one.
const ITEMS: &str = "items";
/// Digits of the digest of a field of one of many items.
const ITEM_DIGITS: usize = 16;

/// The header as people write it.
const HEADER_TITLE: &str = "Idempotency-Key";

/// Hears each request once.
pub(super) async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned()).unwrap_or_default();
    let visitor = request.extensions().get::<Visitor>().cloned();
    let caller = visitor.as_ref().and_then(caller_of);
    let (Some(visitor), Some(caller)) = (visitor, caller) else { return next.run(request).await };
    if !takes_key(request.method(), &path) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let read = async {
        let dry = dry_run(&parts, &path)?;
        let IdempotencyKey(key) = IdempotencyKey::read(&parts.headers)?;
        let bytes = to_bytes(body, BODY_BYTES_MAX)
            .await
            .map_err(|_| HttpError::Input(StatusCode::PAYLOAD_TOO_LARGE, refuse("too_large")))?;
        let fields = fields(&state.desk, &parts, &visitor, &bytes);
        let operation = format!("{} {}", parts.method, parts.uri.path());
        HttpResult::Ok((Ask { caller, operation, key, fields }, bytes, dry))
    };
    match read.await {
        Ok((ask, bytes, dry)) => {
            let request = Request::from_parts(parts, Body::from(bytes));
            if dry {
                rehearse(&state.desk, &ask, request, next).await
            } else {
                answer(&state.desk, &ask, how(&path), request, next).await
            }
        }
        Err(error) => error.into_response(),
    }
}

fn takes_key(method: &Method, path: &str) -> bool {
    let changes = [Method::POST, Method::PUT, Method::DELETE, Method::PATCH].contains(method);
    changes && !EXEMPT.iter().any(|(_, exempt, _)| *exempt == path)
}

/// Whether it is only to be tried. Asked for where it cannot be had it is refused, never performed.
fn dry_run(parts: &Parts, path: &str) -> HttpResult<bool> {
    let bad = |reason: String| {
        HttpError::Input(StatusCode::BAD_REQUEST, refuse("bad_query").with("reason", reason))
    };
    let Query(pairs) =
        Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map_err(|e| bad(e.body_text()))?;
    let mut dry = false;
    for (_, value) in pairs.iter().filter(|(name, _)| name == DRY_RUN) {
        dry |= value.parse::<bool>().map_err(|_| bad(format!("{DRY_RUN}={value}")))?;
    }
    if dry && !REHEARSED.contains(&path) {
        return Err(refuse("no_dry_run").into());
    }
    Ok(dry)
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

/// What is asked for: the members of the body, the pairs of the query, the village at hand.
fn fields(desk: &Desk, parts: &Parts, visitor: &Visitor, body: &Bytes) -> Fields {
    let mut fields = Fields::new();
    let add = |fields: &mut Fields, name: &str, value: &[u8]| {
        fields.insert(name.to_owned(), desk.field_digest(name, value));
    };
    if let Some(no) = visitor.village {
        add(&mut fields, "village", no.to_string().as_bytes());
    }
    for pair in parts.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("v" | DRY_RUN, _)) => {}
            Some((name, value)) => add(&mut fields, name, value.as_bytes()),
            None => add(&mut fields, pair, b""),
        }
    }
    match serde_json::from_slice::<BTreeMap<String, serde_json::Value>>(body) {
        Ok(members) => {
            for (name, value) in members {
                match value {
                    serde_json::Value::Array(items) if name == ITEMS => add_items(&mut fields, desk, &items),
                    value => add(&mut fields, &name, value.to_string().as_bytes()),
                }
            }
        }
        Err(_) if body.is_empty() => {}
        Err(_) => {
            add(&mut fields, "body", body);
        }
    }
    fields
}

/// Many items, each member under its place: `items.7.points`.
fn add_items(fields: &mut Fields, desk: &Desk, items: &[serde_json::Value]) {
    let mut add = |at: String, name: &str, value: &[u8]| {
        let mut digest = desk.field_digest(name, value);
        digest.truncate(ITEM_DIGITS);
        fields.insert(at, digest);
    };
    add(ITEMS.to_owned(), ITEMS, items.len().to_string().as_bytes());
    for (place, item) in items.iter().enumerate() {
        match item {
            serde_json::Value::Object(members) => {
                for (name, value) in members {
                    add(format!("{ITEMS}.{place}.{name}"), name, value.to_string().as_bytes());
                }
            }
            other => add(format!("{ITEMS}.{place}"), ITEMS, other.to_string().as_bytes()),
        }
    }
}

/// Describes the header of every operation that takes it.
pub(super) fn describe(openapi: &mut OpenApi) {
    for (path, item) in &mut openapi.paths.paths {
        let each = [
            (Method::POST, &mut item.post),
            (Method::PUT, &mut item.put),
            (Method::DELETE, &mut item.delete),
            (Method::PATCH, &mut item.patch),
        ];
        for (method, operation) in each {
            if let Some(operation) = operation.as_mut().filter(|_| takes_key(&method, path)) {
                add_header(operation);
                if method == Method::POST && REHEARSED.contains(&path.as_str()) {
                    add_dry_run(operation);
                }
            }
        }
    }
}

fn add_header(operation: &mut Operation) {
    let parameter = ParameterBuilder::new()
        .name(HEADER_TITLE)
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(
            "Chosen by the client, 1 to 128 bytes. The same key with the same request changes nothing and gets the \
             first answer, refusals included, with `Idempotent-Replayed: true`; with another request it is a \
             conflict (409) that names the fields that differ.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(128))))
        .build();
    operation.parameters.get_or_insert_default().push(RefOr::T(parameter));
}

fn add_dry_run(operation: &mut Operation) {
    let parameter = ParameterBuilder::new()
        .name(DRY_RUN)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(
            "`true` answers exactly what would happen and changes nothing; the key stays unused. A PIN is taken for \
             the right one.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::Boolean)))
        .build();
    operation.parameters.get_or_insert_default().push(RefOr::T(parameter));
}

/// An answer with a secret that is told this once; `answer` makes it with the secret, and without it for being kept.
pub(super) fn told_once<A: serde::Serialize>(
    status: axum::http::StatusCode,
    shown: crate::service::users::ShownOnce,
    answer: impl Fn(Option<String>) -> A,
) -> crate::http::HttpResult<axum::response::Response> {
    use axum::response::IntoResponse;
    let kept = serde_json::to_string(&answer(None))
        .map_err(|e| crate::service::ServiceError::Internal(e.to_string()))?;
    let kept = crate::service::once::Said {
        status: status.as_u16(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        refusal: None,
        body: kept,
    };
    let kept = axum::Extension(crate::http::once::ToldOnce(kept));
    Ok((status, kept, crate::http::Json(answer(Some(shown.0)))).into_response())
}
