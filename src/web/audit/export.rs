//! Exports: the list of files with their digests, each file streamed, and a whole pack as one archive. They change
//! nothing; the head that they are taken at is signed, as the job would do.

use askama::Template;
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::{StreamExt, stream};
use serde::Deserialize;

use crate::{
    http::{AppState, As, HttpResult, Path, Query},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::Auditor,
        export::{Cursor, Export, Format, MANIFEST, MANIFEST_NOTE, Manifest, Options, Pack},
    },
    web::page::{Chrome, Page},
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/audit/export", get(list))
        .route("/audit/export/pack.zip", get(pack))
        .route("/audit/export/{file}", get(file))
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    format: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    /// The log as of its first so many transactions: the head on the list that led here.
    through: Option<i64>,
}

impl Asked {
    fn options(&self) -> Options {
        Options {
            format: self.format.parse().unwrap_or(Format::Csv),
            from: self.from.trim().parse().ok(),
            to: self.to.trim().parse().ok(),
        }
    }

    /// What every link to a file carries.
    fn carried(&self, manifest: &Manifest) -> String {
        let day = |day: &Option<String>| day.clone().unwrap_or_default();
        let format = self.options().format.as_str();
        let (from, to) = (day(&manifest.from), day(&manifest.to));
        format!("format={format}&from={from}&to={to}&through={}", manifest.seq)
    }
}

#[derive(Template)]
#[template(path = "audit/export.html", config = ".askama.toml")]
struct ExportPage {
    chrome: Chrome,
    asked: Asked,
    formats: &'static [Format],
    /// The files, once a format was chosen.
    manifest: Option<Manifest>,
    carried: String,
}

impl ExportPage {
    /// When the head was signed, to the minute.
    fn made_at(&self) -> String {
        self.manifest
            .as_ref()
            .map(|m| m.created_at.replace('T', " ").chars().take(16).collect())
            .unwrap_or_default()
    }
}

async fn list(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> HttpResult<Page<impl Template>> {
    let manifest = if asked.format.is_empty() {
        None
    } else {
        Some(desk.export(by.book, asked.options(), asked.through).await?.dry_manifest().await?)
    };
    let carried = manifest.as_ref().map(|m| asked.carried(m)).unwrap_or_default();
    let title = chrome.t.audit_export();
    Ok(Page(ExportPage { chrome: chrome.titled(title), asked, formats: Format::ALL, manifest, carried }))
}

async fn file(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> HttpResult<Response> {
    let options = asked.options();
    let mut export = desk.export(by.book, options, asked.through).await?;
    if name == MANIFEST || name == MANIFEST_NOTE {
        let sealed = desk.seal_manifest(by.book, &export.dry_manifest().await?).await?;
        return Ok(if name == MANIFEST {
            attached(&name, "application/json", Body::from(sealed.json))
        } else {
            attached(&name, "text/plain; charset=utf-8", Body::from(sealed.note))
        });
    }
    let file = options.format.files().into_iter().find(|f| f.name() == name);
    let file = file.ok_or(ServiceError::NotFound("page"))?;
    let pieces = stream::unfold(Some((export, Cursor::of(file))), next);
    // whoever compresses the answer asks once more after its end
    let pieces = pieces.fuse();
    Ok(attached(&name, file.media_type(), Body::from_stream(pieces)))
}

async fn pack(State(desk): State<Desk>, by: As<Auditor>) -> HttpResult<Response> {
    let pack = desk.export_pack(by.book).await?;
    let pieces = stream::unfold(Some(pack), next_of_pack).fuse();
    Ok(attached("greencoin-pack.zip", "application/zip", Body::from_stream(pieces)))
}

/// As [`next`]: an archive that breaks off has no list of files, and no program opens it.
async fn next_of_pack(state: Option<Pack>) -> Option<(ServiceResult<Vec<u8>>, Option<Pack>)> {
    let mut pack = state?;
    match pack.piece().await {
        Ok(None) => None,
        Ok(Some(piece)) => Some((Ok(piece), Some(pack))),
        Err(error) => Some((Err(error), None)),
    }
}

/// The next piece; after a failure the answer breaks off, which the reader's digest shows.
async fn next(state: Option<(Export, Cursor)>) -> Option<(ServiceResult<Vec<u8>>, Option<(Export, Cursor)>)> {
    let (mut export, mut cursor) = state?;
    match export.piece(&mut cursor).await {
        Ok(None) => None,
        Ok(Some(piece)) => Some((Ok(piece), Some((export, cursor)))),
        Err(error) => Some((Err(error), None)),
    }
}

fn attached(name: &str, media_type: &'static str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
