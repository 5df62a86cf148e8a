//! A book's log over HTTP, for programs: its signed head and its tiles (c2sp.org/tlog-tiles) under `/log/{no}/`, and the
//! witness's `/witness/add-checkpoint` (c2sp.org/tlog-witness). Heads and hashes are for everybody; the entries behind
//! the hashes are the auditor's, because whoever knows a household's number reads its account in them.

use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};

use crate::{
    domain::merkle::tiles::Resource,
    http::{AppState, As, HttpResult, Path, error::Plain},
    service::{Desk, ServiceError, caller::Auditor, tlog::witness::Answer},
};

const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";
/// The type under which a witness says what size it saw last.
const SIZE: &str = "text/x.tlog.size";
/// A head is as good as its age.
const SHORT: &str = "public, max-age=5";
/// What a path names never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The addresses of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/log/{no}/checkpoint", get(checkpoint))
        .route("/log/{no}/tile/entries/{*rest}", get(entries))
        .route("/log/{no}/tile/{*rest}", get(tile))
        .route("/witness/add-checkpoint", post(add_checkpoint))
}

async fn checkpoint(State(desk): State<Desk>, Path(no): Path<i64>) -> HttpResult<Response> {
    let book = desk.public_book(no).await?.book_id;
    let head = desk.public_head(book).await?.ok_or(ServiceError::NotFound("head"))?;
    Ok(answer(TEXT, SHORT, head.note.to_string().into_bytes()))
}

async fn tile(State(desk): State<Desk>, Path((no, rest)): Path<(i64, String)>) -> HttpResult<Response> {
    let book = desk.public_book(no).await?.book_id;
    let resource = Resource::parse(&rest).ok_or(ServiceError::NotFound("tile"))?;
    Ok(answer(BYTES, FOR_EVER, desk.public_tile(book, resource).await?))
}

async fn entries(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Path((no, rest)): Path<(i64, String)>,
) -> HttpResult<Response> {
    if desk.public_book(no).await?.book_id != by.book {
        return Err(ServiceError::NotAllowed.into());
    }
    let resource = Resource::parse(&format!("entries/{rest}")).ok_or(ServiceError::NotFound("tile"))?;
    Ok(answer(BYTES, "private, no-store", desk.public_tile(by.book, resource).await?))
}

async fn add_checkpoint(State(desk): State<Desk>, request: String) -> HttpResult<Response> {
    let (status, kind, body) = match desk.add_checkpoint(&request).await? {
        Answer::Cosigned(line) => (StatusCode::OK, TEXT, format!("{line}\n")),
        Answer::Malformed => (StatusCode::BAD_REQUEST, TEXT, String::new()),
        Answer::UnknownLog => (StatusCode::NOT_FOUND, TEXT, String::new()),
        Answer::NotSigned => (StatusCode::FORBIDDEN, TEXT, String::new()),
        Answer::Conflict(size) => (StatusCode::CONFLICT, SIZE, format!("{size}\n")),
        Answer::Inconsistent => (StatusCode::UNPROCESSABLE_ENTITY, TEXT, String::new()),
    };
    Ok((status, Extension(Plain), [(header::CONTENT_TYPE, kind)], body).into_response())
}

fn answer(kind: &'static str, keep: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    (headers, bytes).into_response()
}
