//! Photos and voice notes of claims, for those they concern.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{canonical::hex, ids::EvidenceId, time::Timestamp},
    http::{AppState, As, HttpError, HttpResult, Path, Visitor, extract::Caller},
    service::{
        Desk,
        caller::{Resident, Staff},
        claim::files::{Alike, Served},
        session::SignedIn,
    },
    store::evidence::EvidenceRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(evidence))
}

/// A photo or a voice note.
#[derive(Serialize, ToSchema)]
pub(super) struct EvidencePiece {
    /// Its id.
    id: String,
    /// `photo` or `voice`.
    kind: String,
    /// Its media type.
    media: String,
    /// Bytes.
    size: i64,
    /// SHA-256, in hex.
    digest: String,
    /// Since when its bytes are gone.
    #[schema(value_type = Option<String>)]
    erased_at: Option<Timestamp>,
}

impl From<&EvidenceRow> for EvidencePiece {
    fn from(f: &EvidenceRow) -> Self {
        Self {
            id: f.id.to_string(),
            kind: f.kind.clone(),
            media: f.media.clone(),
            size: f.size,
            digest: hex(&f.digest),
            erased_at: f.erased_at,
        }
    }
}

/// A photo of another claim that is the same, or looks alike.
#[derive(Serialize, ToSchema)]
pub(super) struct AlikePhoto {
    /// The photo of this claim.
    photo: String,
    /// The number of the other claim.
    claim_no: i64,
    /// The very same bytes.
    same: bool,
}

impl From<&Alike> for AlikePhoto {
    fn from(a: &Alike) -> Self {
        Self { photo: a.photo.to_string(), claim_no: a.claim_no, same: a.same }
    }
}

/// A household, or somebody of the staff.
pub(super) enum Reader {
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

/// A photo or a voice note, for those it concerns.
#[utoipa::path(
    get, path = "/evidence/{id}", tag = "claims", operation_id = "get_evidence", params(("id" = String, Path)),
    responses((status = 200, description = "The file"), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn evidence(
    State(desk): State<Desk>,
    As(by): As<Reader>,
    Path(id): Path<EvidenceId>,
) -> HttpResult<Response> {
    let served = match by {
        Reader::Household(by) => desk.own_evidence(&by, id).await?,
        Reader::Staff(by) => desk.evidence_file(&by, id).await?,
    };
    Ok(file(served))
}

/// The file, kept by nobody on the way.
fn file(served: Served) -> Response {
    let media = HeaderValue::from_str(&served.media)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let mut response = served.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
