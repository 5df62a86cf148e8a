//! Files for the national system: what waits, the numbered files, one of them to download and to answer.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::said;
use crate::{
    domain::timebank::transfer::Answer,
    http::{As, HttpResult, Path, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Clerk, Recorder},
        refuse,
        timebank::{
            transfer::{FileRecord, Handover, Queue, read_replies},
            transfer_file,
        },
    },
    store::timebank::record::file::FileRow,
    web::{
        form::ProtectedForm,
        page::{Chrome, Page},
    },
};

#[derive(Template)]
#[template(path = "time/export.html", config = ".askama.toml")]
struct ExportPage {
    chrome: Chrome,
    queue: Queue,
    files: Vec<FileRow>,
    unit: String,
    in_charge: String,
    clerk: bool,
    key: String,
}

impl ExportPage {
    fn oldest(&self) -> String {
        match (self.queue.oldest, self.queue.due_on) {
            (Some(day), Some(due)) => self.chrome.t.time_file_oldest(day, due),
            _ => self.chrome.t.time_file_nothing().to_owned(),
        }
    }
}

pub(super) async fn page(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let queue = desk.time_queue(&by).await?;
    let files = desk.time_files(&by, i64::MAX).await?;
    let (unit, in_charge) = desk.time_unit(&by).await?;
    let title = chrome.t.time_file_title();
    Ok(Page(ExportPage {
        chrome: chrome.titled(title),
        queue,
        files,
        unit,
        in_charge,
        clerk: Clerk::of(&by).is_some(),
        key: desk.random_hex(),
    }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StepInput {
    step: String,
    key: String,
    again: String,
    unit: String,
    in_charge: String,
}

pub(super) async fn step(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, _): ProtectedForm<StepInput>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let done = async {
        match input.step.as_str() {
            "make" => {
                let row = desk.make_time_file(&by, &input.key, input.again == "1").await?;
                Ok(t.time_file_made(row.no, row.lines))
            }
            "unit" => {
                desk.say_time_unit(&by, &input.unit, &input.in_charge).await?;
                Ok(t.time_record_done().to_owned())
            }
            _ => Err(refuse("bad_form").with("reason", "step").into()),
        }
    };
    said(&visitor, t, "/time/export", done.await)
}

#[derive(Template)]
#[template(path = "time/file.html", config = ".askama.toml")]
struct FilePage {
    chrome: Chrome,
    file: Handover,
}

impl FilePage {
    fn what(&self, r: &FileRecord) -> String {
        super::activity(self.chrome.t, &r.service.row.kind, &r.service.content)
    }

    fn answer(&self, r: &FileRecord) -> &'static str {
        let answer = r.line.answer.as_deref().and_then(|text| text.parse::<Answer>().ok());
        answer.map_or("", |answer| answer.words().text(self.chrome.t.lang()))
    }
}

pub(super) async fn one(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    chrome: Chrome,
    Path(number): Path<i64>,
) -> HttpResult<impl IntoResponse> {
    let file = desk.time_file(&by, number).await?;
    let title = chrome.t.time_file_file(number);
    Ok(Page(FilePage { chrome: chrome.titled(title), file }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnswerInput {
    answers: String,
}

pub(super) async fn answer(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(number): Path<i64>,
    ProtectedForm(input, _): ProtectedForm<AnswerInput>,
) -> HttpResult<Response> {
    desk.time_file(&by, number).await?;
    let done = async {
        let replies = read_replies(&input.answers)?;
        let new = desk.answer_time_file(&by, number, &replies).await?;
        ServiceResult::Ok(chrome.t.time_file_answered(new))
    };
    said(&visitor, chrome.t, &format!("/time/export/{number}"), done.await)
}

pub(super) async fn csv(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    Path(number): Path<i64>,
) -> HttpResult<Response> {
    let file = desk.time_file(&by, number).await?;
    download((number, "csv", "text/csv; charset=utf-8"), transfer_file::csv(&file))
}

pub(super) async fn json(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    Path(number): Path<i64>,
) -> HttpResult<Response> {
    let file = desk.time_file(&by, number).await?;
    download((number, "json", "application/json"), transfer_file::json(&file).into_bytes())
}

fn download((number, kind, content): (i64, &str, &'static str), bytes: Vec<u8>) -> HttpResult<Response> {
    let name = HeaderValue::from_str(&format!("attachment; filename=\"volunteer-{number}.{kind}\""))
        .map_err(|e| ServiceError::Internal(e.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}
