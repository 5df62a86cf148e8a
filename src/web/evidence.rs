//! Photos and voice notes of claims, for the household or the staff they concern; and reading a form with files.

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::{Multipart, State, multipart::MultipartError},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    domain::ids::EvidenceId,
    http::{AppState, As, HttpError, HttpResult, Path, Visitor, extract::Caller},
    service::{
        Desk,
        caller::{Resident, Staff},
        refuse,
        session::SignedIn,
    },
    web::form::FormState,
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

/// A form with files, its token checked: the fields that were typed, and the files by name.
pub struct Upload {
    /// What was typed.
    pub form: FormState,
    /// Files that are not empty.
    files: BTreeMap<String, Vec<u8>>,
}

impl Upload {
    /// Reads it. The token comes before the files, as our pages send it.
    pub async fn read(visitor: &Visitor, mut body: Multipart) -> HttpResult<Self> {
        let unreadable = |e: MultipartError| {
            let code = if e.status() == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { "bad_form" };
            HttpError::Input(e.status(), refuse(code).with("reason", e.body_text()))
        };
        let (mut genuine, mut fields, mut files) = (false, Vec::new(), BTreeMap::new());
        while let Some(field) = body.next_field().await.map_err(unreadable)? {
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_some() {
                if !genuine {
                    return Err(HttpError::Csrf);
                }
                let bytes = field.bytes().await.map_err(unreadable)?;
                if !bytes.is_empty() {
                    files.insert(name, bytes.to_vec());
                }
                continue;
            }
            let value = field.text().await.map_err(unreadable)?;
            if name == "csrf" {
                genuine = visitor.csrf_matches(&value);
            } else {
                fields.push((name, value));
            }
        }
        if !genuine {
            return Err(HttpError::Csrf);
        }
        Ok(Self { form: FormState::of(fields), files })
    }

    /// A file, if one was chosen.
    pub fn take(&mut self, name: &str) -> Option<Vec<u8>> {
        self.files.remove(name)
    }
}
