//! Taking over a register from CSV or XLSX: upload, look at what would be written or at every fault, confirm. The
//! preview carries the register back with its numbers, so that confirming twice cannot write it twice.

use askama::Template;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Multipart, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    http::{AppState, As, HttpResult, Visitor},
    service::{
        Desk,
        caller::Clerk,
        import::{FILE_BYTES_MAX, RowFault, template_csv},
        register::Preview,
    },
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        upload::Upload,
    },
};

/// Faults shown on one page; the rest are counted.
const FAULTS_SHOWN: usize = 200;

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/import", get(form).post(preview))
        .route("/clerk/import/confirm", post(confirm))
        .route("/clerk/import/template.csv", get(template))
        .layer(DefaultBodyLimit::max(FILE_BYTES_MAX))
}

#[derive(Template)]
#[template(path = "register/import.html", config = ".askama.toml")]
struct ImportPage {
    chrome: Chrome,
    form: FormState,
    faults: Vec<RowFault>,
    more: usize,
    preview: Option<Preview>,
}

impl ImportPage {
    fn new(chrome: Chrome) -> Self {
        let title = chrome.t.register_import();
        let form = FormState::default();
        Self { chrome: chrome.titled(title), form, faults: Vec::new(), more: 0, preview: None }
    }

    fn with_faults(self, mut faults: Vec<RowFault>) -> Response {
        let more = faults.len().saturating_sub(FAULTS_SHOWN);
        faults.truncate(FAULTS_SHOWN);
        Page(Self { faults, more, ..self }).with_status(StatusCode::UNPROCESSABLE_ENTITY)
    }
}

async fn form(_by: As<Clerk>, chrome: Chrome) -> Page<impl Template> {
    Page(ImportPage::new(chrome))
}

async fn preview(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    body: Multipart,
) -> HttpResult<Response> {
    let file = Upload::read(&visitor, body).await?.take("file").unwrap_or_default();
    let page = ImportPage::new(chrome);
    match desk.preview_import(&by, &file).await? {
        Ok(preview) => Ok(Page(ImportPage { preview: Some(preview), ..page }).into_response()),
        Err(faults) => Ok(page.with_faults(faults)),
    }
}

#[derive(Debug, Deserialize)]
struct ConfirmInput {
    register: String,
}

async fn confirm(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    ProtectedForm(input, _): ProtectedForm<ConfirmInput>,
) -> HttpResult<Response> {
    let t = chrome.t;
    match desk.take_over(&by, input.register.as_bytes()).await {
        Ok(Ok(done)) => {
            let words = t.register_imported(done.households, done.people);
            Ok(see_other(&visitor, "/clerk/households", Tone::Good, &words).into_response())
        }
        Ok(Err(faults)) => Ok(ImportPage::new(chrome).with_faults(faults)),
        Err(error) => {
            let form = FormState::default().refused(t, error)?;
            let page = ImportPage { form, ..ImportPage::new(chrome) };
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn template(_by: As<Clerk>) -> Response {
    let mut response = template_csv().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let name = HeaderValue::from_static("attachment; filename=\"register.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    response
}
