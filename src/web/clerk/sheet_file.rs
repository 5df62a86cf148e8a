//! Awards out of a spreadsheet: download the empty file, upload it filled in, see row by row what would happen, confirm.
//! The trial carries the rows back, and a row is recorded once for ever, so confirming twice records nothing twice.

use askama::Template;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Multipart, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    sheet::paper,
    sheet_result::{ResultLine, ResultPage, counts},
};
use crate::{
    http::{AppState, As, HttpError, HttpResult, Visitor},
    service::{
        Desk,
        award::{file::template, from_file::FileAnswer},
        caller::Recorder,
        import::FILE_BYTES_MAX,
        refuse,
    },
    web::{
        form::{FormState, ProtectedForm},
        page::{Chrome, Page},
    },
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/sheet/file", get(form).post(preview))
        .route("/clerk/sheet/file/confirm", post(confirm))
        .route("/clerk/sheet/template.xlsx", get(empty))
        .layer(DefaultBodyLimit::max(FILE_BYTES_MAX))
}

/// What a file would do.
struct Tried {
    counts: (usize, usize, usize),
    lines: Vec<ResultLine>,
    plain: String,
    paper: String,
}

#[derive(Template)]
#[template(path = "clerk/sheet_file.html", config = ".askama.toml")]
struct FilePage {
    chrome: Chrome,
    form: FormState,
    tried: Option<Tried>,
}

impl FilePage {
    fn new(chrome: Chrome) -> Self {
        let title = chrome.t.sheet_file();
        Self { chrome: chrome.titled(title), form: FormState::default(), tried: None }
    }
}

async fn form(_by: As<Recorder>, chrome: Chrome) -> Page<impl Template> {
    Page(FilePage::new(chrome))
}

async fn preview(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Recorder>,
    chrome: Chrome,
    body: Multipart,
) -> HttpResult<Response> {
    let (file, on_paper) = upload(&visitor, body).await?;
    let page = FilePage::new(chrome);
    let tried = match paper(&on_paper) {
        Ok(count) => desk.preview_award_file(&by, &file, count).await,
        Err(error) => Err(error),
    };
    match tried {
        Ok(answer) => {
            let FileAnswer { lines, plain } = answer;
            let lines = lines.into_iter().map(|l| ResultLine::of_file(page.chrome.t, l)).collect::<Vec<_>>();
            let tried = Tried { counts: counts(&lines), lines, plain, paper: on_paper };
            Ok(Page(FilePage { tried: Some(tried), ..page }).into_response())
        }
        Err(error) => {
            let form = FormState::default().refused(page.chrome.t, error)?;
            Ok(Page(FilePage { form, ..page }).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The file of the form and how many rows its paper has, once the token was checked; the token comes first.
async fn upload(visitor: &Visitor, mut body: Multipart) -> HttpResult<(Vec<u8>, String)> {
    let unreadable = |e: axum::extract::multipart::MultipartError| {
        let code = if e.status() == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { "bad_form" };
        HttpError::Input(e.status(), refuse(code).with("reason", e.body_text()))
    };
    let (mut genuine, mut on_paper) = (false, String::new());
    while let Some(field) = body.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("csrf") => genuine = visitor.csrf_matches(&field.text().await.map_err(unreadable)?),
            Some("paper") if genuine => on_paper = field.text().await.map_err(unreadable)?,
            Some("file") if genuine => {
                return Ok((field.bytes().await.map_err(unreadable)?.to_vec(), on_paper));
            }
            _ => {}
        }
    }
    Err(HttpError::Csrf)
}

#[derive(Debug, Deserialize)]
struct ConfirmInput {
    rows: String,
    #[serde(default)]
    paper: String,
}

async fn confirm(
    State(desk): State<Desk>,
    by: As<Recorder>,
    chrome: Chrome,
    ProtectedForm(input, _): ProtectedForm<ConfirmInput>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let done = match paper(&input.paper) {
        Ok(count) => desk.record_award_file(&by, input.rows.as_bytes(), count).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(answer) => {
            let lines = answer.lines.into_iter().map(|l| ResultLine::of_file(t, l)).collect();
            Ok(Page(ResultPage::of_file(chrome, lines)).into_response())
        }
        Err(error) => {
            let form = FormState::default().refused(t, error)?;
            let page = FilePage { form, ..FilePage::new(chrome) };
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn empty(_by: As<Recorder>) -> HttpResult<Response> {
    let mut response = template()?.into_response();
    let headers = response.headers_mut();
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = HeaderValue::from_static("attachment; filename=\"awards.xlsx\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
