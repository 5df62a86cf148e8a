//! Every operation that changes something takes an `Idempotency-Key`: the same request again gets the first answer.
//! Says which operations, and digests their requests; the rest is [`crate::http::once`].

use std::collections::BTreeMap;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Request, State},
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
        once::{How, answer, caller_of},
    },
    service::{
        Desk,
        once::{Ask, Fields},
        refuse,
    },
};

/// Operations that change nothing of their own, and why they take no key.
pub const EXEMPT: [(&str, &str, &str); 4] = [
    ("post", "/api/v1/audit/verify", "reads and says what it found"),
    ("post", "/api/v1/households/by-code", "reads whose code it is"),
    ("post", "/api/v1/identify", "reads who shows a code"),
    ("post", "/api/v1/token", "signs in: a code works once anyway, and a token is never kept"),
];
/// Operations that post: under the client's key, or one made from what they decide on.
const POSTED: [&str; 3] =
    ["/api/v1/deliveries", "/api/v1/funds/{code}/authorise", "/api/v1/reversals/{id}/approve"];
/// Operations whose success the ledger itself keeps under the client's key; many a second.
const OF_THE_LEDGER: [&str; 1] = ["/api/v1/redemptions"];

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
        let IdempotencyKey(key) = IdempotencyKey::read(&parts.headers)?;
        let bytes = to_bytes(body, BODY_BYTES_MAX)
            .await
            .map_err(|_| HttpError::Input(StatusCode::PAYLOAD_TOO_LARGE, refuse("too_large")))?;
        let fields = fields(&state.desk, &parts, &visitor, &bytes);
        let operation = format!("{} {}", parts.method, parts.uri.path());
        HttpResult::Ok((Ask { caller, operation, key, fields }, bytes))
    };
    match read.await {
        Ok((ask, bytes)) => {
            let request = Request::from_parts(parts, Body::from(bytes));
            answer(&state.desk, &ask, how(&path), request, next).await
        }
        Err(error) => error.into_response(),
    }
}

fn takes_key(method: &Method, path: &str) -> bool {
    let changes = [Method::POST, Method::PUT, Method::DELETE, Method::PATCH].contains(method);
    changes && !EXEMPT.iter().any(|(_, exempt, _)| *exempt == path)
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
    let mut add = |name: &str, value: &[u8]| fields.insert(name.to_owned(), desk.field_digest(name, value));
    if let Some(no) = visitor.village {
        add("village", no.to_string().as_bytes());
    }
    for pair in parts.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("v", _)) => None,
            Some((name, value)) => add(name, value.as_bytes()),
            None => add(pair, b""),
        };
    }
    match serde_json::from_slice::<BTreeMap<String, serde_json::Value>>(body) {
        Ok(members) => {
            for (name, value) in members {
                add(&name, value.to_string().as_bytes());
            }
        }
        Err(_) if body.is_empty() => {}
        Err(_) => {
            add("body", body);
        }
    }
    fields
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
