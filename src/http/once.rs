//! The same request again gets the first answer: from a response to what is kept of it, and back. Which requests,
//! and where their key stands, is decided by the API and the pages.

use axum::{
    Extension,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    HttpError,
    error::Trouble,
    session::{FLASH_COOKIE, Visitor},
};
use crate::service::{
    Actor, Desk, ServiceError, ServiceResult,
    once::{Ask, Keep, Once, Said},
    session::SignedIn,
};

/// Says of an answer that it is an earlier one again.
pub const REPEATED_HEADER: &str = "idempotent-replayed";

/// Says of an answer that it is what would be, and that nothing changed.
pub const DRY_RUN_HEADER: &str = "dry-run";

/// Codes of answers that decided nothing: asked again, they are decided anew.
const NOT_HEARD: [&str; 7] = [
    "bad_form",
    "bad_json",
    "choose_village",
    "csrf",
    "must_change_password",
    "not_allowed",
    "idempotency_conflict",
];

/// What is kept instead of an answer that tells a secret this once.
#[derive(Debug, Clone)]
pub struct ToldOnce(pub Said);

/// How a request is performed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// In one transaction with its answer.
    Together,
    /// It posts under a key of its own; the answer is written down afterwards.
    Posted,
    /// The same, and the ledger gives the answer of what was posted: only a refusal is written down.
    InTheLedger,
}

/// Who a key belongs to.
#[must_use]
pub fn caller_of(visitor: &Visitor) -> Option<Actor> {
    Some(match &visitor.signed_in()?.who {
        SignedIn::Staff(staff) => Actor::User(staff.user),
        SignedIn::Resident(resident) => resident.actor(),
    })
}

/// Performs the request, or gives the answer it got before.
pub async fn answer(desk: &Desk, ask: &Ask, how: How, request: Request, next: Next) -> Response {
    let perform = async move { weigh(next.run(request).await).await };
    let done = match how {
        How::Together => desk.once(ask, perform).await,
        How::Posted => desk.once_posted(ask, perform).await,
        How::InTheLedger => {
            let unless_posted = async move {
                match perform.await {
                    (response, Keep::Said(said)) if said.status < 400 => (response, Keep::Nothing),
                    other => other,
                }
            };
            desk.once_posted(ask, unless_posted).await
        }
    };
    told(done)
}

/// What would be answered, header and all, with nothing changed.
pub async fn rehearse(desk: &Desk, ask: &Ask, request: Request, next: Next) -> Response {
    let mut response = told(desk.rehearse(ask, next.run(request)).await);
    response.headers_mut().insert(DRY_RUN_HEADER, HeaderValue::from_static("true"));
    response
}

fn told(done: ServiceResult<Once<Response>>) -> Response {
    match done {
        Ok(Once::First(response)) => response,
        Ok(Once::Again(said)) => again(said),
        Err(error) => HttpError::from(error).into_response(),
    }
}

/// The answer, and what is to be kept of it.
async fn weigh(mut response: Response) -> (Response, Keep) {
    let told = response.extensions_mut().remove::<ToldOnce>();
    if response.status().is_server_error() {
        return (response, Keep::Broken);
    }
    if let Some(trouble) = response.extensions().get::<Trouble>() {
        let keep = if decided(trouble) {
            Keep::Said(Said {
                status: trouble.status.as_u16(),
                headers: Vec::new(),
                refusal: Some((trouble.code.to_string(), trouble.facts.clone())),
                body: String::new(),
            })
        } else {
            Keep::Nothing
        };
        return (response, keep);
    }
    match (told, read(response).await) {
        (Some(ToldOnce(said)), Ok((response, _))) | (None, Ok((response, said))) => {
            (response, Keep::Said(said))
        }
        (_, Err(error)) => (error.into_response(), Keep::Broken),
    }
}

/// Whether an error is what the use case decided, rather than a request that was not understood or not let in.
fn decided(trouble: &Trouble) -> bool {
    let refused = [StatusCode::FORBIDDEN, StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY]
        .contains(&trouble.status);
    refused && !NOT_HEARD.contains(&trouble.code.as_ref())
}

/// A response with what can be kept of it.
pub async fn read(response: Response) -> Result<(Response, Said), HttpError> {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX)
        .await
        .map_err(|e| ServiceError::Internal(format!("an answer that cannot be read: {e}")))?;
    let flash = format!("{FLASH_COOKIE}=");
    let belongs = |name: &HeaderName, value: &HeaderValue| {
        [header::CONTENT_TYPE, header::LOCATION, header::CACHE_CONTROL].contains(name)
            || (name == header::SET_COOKIE && value.as_bytes().starts_with(flash.as_bytes()))
    };
    let kept = parts.headers.iter().filter(|(name, value)| belongs(name, value));
    let headers =
        kept.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned()))).collect();
    let body = String::from_utf8_lossy(&bytes).into_owned();
    let said = Said { status: parts.status.as_u16(), headers, refusal: None, body };
    Ok((Response::from_parts(parts, Body::from(bytes)), said))
}

/// The answer again.
fn again(said: Said) -> Response {
    let status = StatusCode::from_u16(said.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match said.refusal {
        None => (status, said.body).into_response(),
        Some((code, facts)) => {
            (status, Extension(Trouble { status, code: code.into(), facts })).into_response()
        }
    };
    let headers = response.headers_mut();
    if said.headers.iter().all(|(name, _)| name != "content-type") {
        headers.remove(header::CONTENT_TYPE);
    }
    for (name, value) in &said.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            if name == header::CONTENT_TYPE {
                headers.remove(&name);
            }
            headers.append(name, value);
        }
    }
    headers.insert(REPEATED_HEADER, HeaderValue::from_static("true"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_broke_is_undone_and_what_was_not_heard_is_forgotten() {
        let broken = weigh(StatusCode::INTERNAL_SERVER_ERROR.into_response()).await;
        assert!(matches!(broken.1, Keep::Broken));
        let trouble = |status: StatusCode, code: &'static str| {
            let facts = std::collections::BTreeMap::new();
            (status, Extension(Trouble { status, code: code.into(), facts })).into_response()
        };
        let unheard = weigh(trouble(StatusCode::FORBIDDEN, "not_allowed")).await;
        assert!(matches!(unheard.1, Keep::Nothing));
        let decided = weigh(trouble(StatusCode::UNPROCESSABLE_ENTITY, "insufficient_points")).await;
        assert!(matches!(decided.1, Keep::Said(said) if said.status == 422));
    }
}
