//! How anything that went wrong leaves the program: a problem document (RFC 9457) under `/api`, a page elsewhere.
//! What broke inside is for the log, never for the answer.

use axum::{
    Extension,
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use std::{any::Any, borrow::Cow, collections::BTreeMap, error::Error};

use super::{
    AppState,
    once::{DRY_RUN_HEADER, REPEATED_HEADER},
    session::Visitor,
};
use crate::{
    domain::lang::Lang,
    service::{Refusal, ServiceError, error::causes, refuse},
    store::Outage,
    text::refusal::refusal_words,
};

/// What handlers return.
pub type HttpResult<T> = Result<T, HttpError>;

/// Seconds a client should wait when we are busy.
const BUSY_RETRY_SECONDS: u64 = 2;

/// Everything a handler can fail with.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// A use case said no or broke.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The request itself cannot be understood; 400 or 422.
    #[error("bad input: {0}")]
    Input(StatusCode, Refusal),
    /// The form did not come from our page.
    #[error("the form's token does not match")]
    Csrf,
    /// Several villages are this person's: which one?
    #[error("no village chosen")]
    ChooseVillage,
    /// The password was set by somebody else.
    #[error("the password must be changed first")]
    MustChangePassword,
}

impl From<Refusal> for HttpError {
    fn from(refusal: Refusal) -> Self {
        Self::Service(refusal.into())
    }
}

/// What is told about an error, waiting to be laid out by [`present`].
#[derive(Debug, Clone)]
pub struct Trouble {
    /// The status.
    pub status: StatusCode,
    /// The stable code.
    pub code: Cow<'static, str>,
    /// What the words need.
    pub facts: BTreeMap<String, String>,
}

/// An error as a page shows it.
#[derive(Debug, Clone)]
pub struct ErrorView {
    /// The reader's language.
    pub lang: Lang,
    /// Large type.
    pub elder: bool,
    /// Path and query asked for.
    pub path: String,
    /// What happened.
    pub title: String,
    /// To what, and what to do next.
    pub detail: String,
    /// The stable code.
    pub code: String,
}

impl HttpError {
    /// Status, code and facts; the inside of a 5xx goes to the log here, once.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        let plain = |status, code| Trouble { status, code: Cow::Borrowed(code), facts: BTreeMap::new() };
        match self {
            Self::Service(ServiceError::Refused(r)) => {
                Trouble { status: status_of(r.code), code: r.code.into(), facts: r.facts.clone() }
            }
            Self::Service(ServiceError::NotFound(what)) => {
                let mut trouble = plain(StatusCode::NOT_FOUND, "not_found");
                trouble.facts.insert("what".to_owned(), (*what).to_owned());
                trouble
            }
            Self::Service(ServiceError::NotAllowed) => plain(StatusCode::FORBIDDEN, "not_allowed"),
            Self::Service(ServiceError::NotSignedIn) => plain(StatusCode::UNAUTHORIZED, "not_signed_in"),
            Self::Service(ServiceError::Busy) => plain(StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::Service(ServiceError::Unsettled) => plain(StatusCode::SERVICE_UNAVAILABLE, "unsettled"),
            Self::Service(error) if error.outage().is_some() => {
                log_chain(error);
                match error.outage() {
                    Some(Outage::Full) => plain(StatusCode::INSUFFICIENT_STORAGE, "storage_full"),
                    Some(Outage::ReadOnly) => plain(StatusCode::SERVICE_UNAVAILABLE, "storage_read_only"),
                    _ => plain(StatusCode::SERVICE_UNAVAILABLE, "storage_away"),
                }
            }
            Self::Service(error) => {
                log_chain(error);
                plain(StatusCode::INTERNAL_SERVER_ERROR, "internal")
            }
            Self::Input(status, r) => {
                Trouble { status: *status, code: r.code.into(), facts: r.facts.clone() }
            }
            Self::Csrf => plain(StatusCode::FORBIDDEN, "csrf"),
            Self::ChooseVillage => plain(StatusCode::CONFLICT, "choose_village"),
            Self::MustChangePassword => plain(StatusCode::FORBIDDEN, "must_change_password"),
        }
    }
}

fn log_chain(error: &dyn Error) {
    tracing::error!(error = %causes(error), "a request failed");
}

fn status_of(code: &str) -> StatusCode {
    match code {
        "throttled" => StatusCode::TOO_MANY_REQUESTS,
        "wrong_login" | "wrong_code" | "code_used" | "wrong_pin" | "pin_blocked" | "login_disabled" => {
            StatusCode::FORBIDDEN
        }
        // somebody was there before: the same key with another body, a name that is taken, a state that moved on
        "idempotency_conflict" | "state_changed" | "setup_done" | "setup_token" => StatusCode::CONFLICT,
        code if code.ends_with("_taken") => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let trouble = self.trouble();
        (trouble.status, Extension(trouble)).into_response()
    }
}

/// Answers every address that leads nowhere.
pub async fn not_found() -> HttpError {
    ServiceError::NotFound("page").into()
}

/// Answers a known address asked in an unknown way.
pub async fn method_not_allowed() -> HttpError {
    HttpError::Input(StatusCode::METHOD_NOT_ALLOWED, refuse("method_not_allowed"))
}

/// Answers when a handler panicked.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&'static str>().copied())
        .unwrap_or("no message");
    HttpError::from(ServiceError::Internal(format!("panic: {said}"))).into_response()
}

/// Who asked, kept beside the response so that errors made further in can be laid out for them.
#[derive(Debug, Clone)]
struct Reader {
    api: bool,
    reading: bool,
    lang: Lang,
    elder: bool,
    path: String,
}

/// Marks an answer whose status is all that a program needs: it is not laid out.
#[derive(Debug, Clone, Copy)]
pub struct Plain;

/// Lays out errors, those of the layers below included, as a problem document or a page.
pub async fn present(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (lang, elder) = super::session::preferences(request.headers());
    let reader = Reader {
        api: wants_json(&request),
        reading: matches!(*request.method(), Method::GET | Method::HEAD),
        lang,
        elder,
        path: request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
    };
    let mut response = next.run(request).await;
    let status = response.status();
    let trouble = match response.extensions_mut().remove::<Trouble>() {
        Some(trouble) => trouble,
        None if response.extensions().get::<Plain>().is_some() => return response,
        None if (status.is_client_error() || status.is_server_error()) && is_bare(&response) => {
            Trouble { status, code: code_of(status).into(), facts: BTreeMap::new() }
        }
        None => return response,
    };
    let visitor = response.extensions().get::<Visitor>().cloned();
    let mut answer = if reader.api {
        problem(&reader, &trouble)
    } else if let Some(to) = elsewhere(&reader, &trouble, visitor.as_ref()) {
        Redirect::to(&to).into_response()
    } else {
        page(state, &reader, &trouble, visitor).await
    };
    if let Some(route) = response.extensions().get::<MatchedPath>() {
        answer.extensions_mut().insert(route.clone());
    }
    // cookies set further in still hold
    for cookie in response.headers().get_all(header::SET_COOKIE) {
        answer.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    for name in [REPEATED_HEADER, DRY_RUN_HEADER] {
        if let Some(said) = response.headers().get(name) {
            answer.headers_mut().insert(name, said.clone());
        }
    }
    let wait = trouble.facts.get("retry_after_s").and_then(|s| s.parse().ok());
    let wait = wait.or((trouble.status == StatusCode::SERVICE_UNAVAILABLE).then_some(BUSY_RETRY_SECONDS));
    if let Some(wait) = wait {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    }
    answer
}

fn wants_json(request: &Request) -> bool {
    let json = |v: &HeaderValue| v.to_str().is_ok_and(|v| v.starts_with("application/json"));
    request.uri().path().starts_with("/api/") || request.headers().get(header::ACCEPT).is_some_and(json)
}

/// Whether the body is nothing that anybody laid out.
fn is_bare(response: &Response) -> bool {
    let laid_out = |v: &HeaderValue| v.to_str().is_ok_and(|v| v.contains("html") || v.contains("json"));
    !response.headers().get(header::CONTENT_TYPE).is_some_and(laid_out)
}

fn code_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        // nobody laid it out: the time was up, and the work may go on
        StatusCode::SERVICE_UNAVAILABLE => "unsettled",
        s if s.is_server_error() => "internal",
        _ => "bad_request",
    }
}

fn problem(reader: &Reader, trouble: &Trouble) -> Response {
    let (title, detail) = refusal_words(reader.lang, &trouble.code, &trouble.facts);
    let mut body = serde_json::Map::new();
    for (name, value) in &trouble.facts {
        body.insert(name.clone(), value.clone().into());
    }
    body.insert("type".to_owned(), format!("/api/v1/problems#{}", trouble.code).into());
    body.insert("title".to_owned(), title.into());
    body.insert("status".to_owned(), trouble.status.as_u16().into());
    body.insert("code".to_owned(), trouble.code.as_ref().into());
    body.insert("detail".to_owned(), detail.into());
    let mut response = (trouble.status, serde_json::Value::Object(body).to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if trouble.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Where a person is sent instead of reading an error.
fn elsewhere(reader: &Reader, trouble: &Trouble, visitor: Option<&Visitor>) -> Option<String> {
    let next = if reader.reading { format!("?next={}", escape_query(&reader.path)) } else { String::new() };
    match trouble.code.as_ref() {
        "not_signed_in" if visitor.is_some_and(Visitor::owes_code) => Some("/login/code".to_owned()),
        "not_signed_in" => Some(format!("/login{next}")),
        "choose_village" => Some(format!("/village{next}")),
        "must_change_password" => Some("/account/password".to_owned()),
        _ => None,
    }
}

async fn page(state: AppState, reader: &Reader, trouble: &Trouble, visitor: Option<Visitor>) -> Response {
    let (title, detail) = refusal_words(reader.lang, &trouble.code, &trouble.facts);
    let view = ErrorView {
        lang: reader.lang,
        elder: reader.elder,
        path: if reader.reading { reader.path.clone() } else { "/".to_owned() },
        title,
        detail,
        code: trouble.code.to_string(),
    };
    let body = (state.error_page)(state, visitor, view).await;
    let mut response = (trouble.status, Body::from(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// Percent-encodes what may not stand in a query value.
#[must_use]
pub fn escape_query(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // writing to a String cannot fail
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
