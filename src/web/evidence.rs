//! Photos and voice notes of claims, for the household or the staff they concern.

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    domain::ids::EvidenceId,
    http::{AppState, As, HttpError, HttpResult, Path, Visitor, extract::Caller},
    service::{
        Desk,
        caller::{Resident, Staff},
        session::SignedIn,
    },
};

/// `/evidence/{id}`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/evidence/{id}", get(file))
}

/// A household, or somebody of the staff.
enum Reader {
    Household(Resident),
    Staff(Box<Staff>),
}

impl Caller for Reader {
    async fn identify(desk: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        match visitor.signed_in().map(|s| &s.who) {
            Some(SignedIn::Resident(_)) => Resident::identify(desk, visitor).await.map(Self::Household),
            _ => Staff::identify(desk, visitor).await.map(|staff| Self::Staff(Box::new(staff))),
        }
    }
}

async fn file(
    State(desk): State<Desk>,
    As(by): As<Reader>,
    Path(id): Path<EvidenceId>,
) -> HttpResult<Response> {
    let served = match by {
        Reader::Household(by) => desk.own_evidence(&by, id).await?,
        Reader::Staff(by) => desk.evidence_file(&by, id).await?,
    };
    let media = HeaderValue::from_str(&served.media)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let mut response = served.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}
