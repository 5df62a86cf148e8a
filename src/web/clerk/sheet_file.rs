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
    http::{AppState, As, HttpResult, Visitor},
    service::{
        Desk,
        award::{file::template, from_file::FileAnswer},
        caller::Recorder,
        import::FILE_BYTES_MAX,
    },
    web::{
        form::{FormState, ProtectedForm},
        page::{Chrome, Page},
        upload::Upload,
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
    let mut upload = Upload::read(&visitor, body).await?;
    let file = upload.take("file").unwrap_or_default();
    let page = FilePage::new(chrome);
    let tried = match paper(upload.form.value("paper")) {
        Ok(count) => desk.preview_award_file(&by, &file, count).await,
        Err(error) => Err(error),
    };
    match tried {
        Ok(answer) => {
            let FileAnswer { lines, plain } = answer;
            let lines = lines.into_iter().map(|l| ResultLine::of_file(page.chrome.t, l)).collect::<Vec<_>>();
            let tried =
                Tried { counts: counts(&lines), lines, plain, paper: upload.form.value("paper").to_owned() };
            Ok(Page(FilePage { tried: Some(tried), ..page }).into_response())
        }
        Err(error) => {
            let form = FormState::default().refused(page.chrome.t, error)?;
            Ok(Page(FilePage { form, ..page }).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
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
