//! The township's inbox: appeals against what a village found, and the objections a village is late with.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;

use super::{
    clerk::{
        award::{AwardView, load},
        record::refused,
    },
    course::CourseView,
    form::{FormState, ProtectedForm, see_other},
    page::{Chrome, Page, Tone},
};
use crate::{
    domain::{ids::AppealId, objection::Finding, time::Timestamp},
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{Desk, appeal::AppealFile, caller::Township, refuse},
    text::T,
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/township/appeals", get(list)).route("/township/appeals/{id}", get(one).post(decide))
}

/// An appeal in a list.
struct AppealLine {
    id: String,
    no: i64,
    o: CourseView,
}

impl AppealLine {
    fn new(t: T, file: &AppealFile, now: Timestamp) -> Self {
        let o = CourseView::new(t, &file.objection, now);
        Self { id: file.appeal.id.to_string(), no: file.appeal.no, o }
    }
}

#[derive(Template)]
#[template(path = "township/appeals.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    open: Vec<AppealLine>,
    late: Vec<CourseView>,
    decided: Vec<AppealLine>,
}

async fn list(State(desk): State<Desk>, by: As<Township>, chrome: Chrome) -> HttpResult<impl IntoResponse> {
    let (t, now) = (chrome.t, desk.now());
    let lines = |found: &[AppealFile]| found.iter().map(|f| AppealLine::new(t, f, now)).collect::<Vec<_>>();
    let open = lines(&desk.appeals(&by, "open", i64::MAX).await?);
    let mut decided = lines(&desk.appeals(&by, Finding::Uphold.as_str(), i64::MAX).await?);
    decided.extend(lines(&desk.appeals(&by, Finding::Dismiss.as_str(), i64::MAX).await?));
    decided.sort_by_key(|line| std::cmp::Reverse(line.no));
    let waiting = desk.open_objections(by.book, i64::MAX).await?;
    let late = waiting.iter().filter(|f| f.is_late(now)).map(|f| CourseView::new(t, f, now)).collect();
    Ok(Page(ListPage { chrome: chrome.titled(t.appeal_title()), open, late, decided }))
}

#[derive(Template)]
#[template(path = "township/appeal.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    form: FormState,
    id: AppealId,
    o: CourseView,
    open: bool,
    /// Whether the village had dismissed the objection.
    fell: bool,
    /// Whether it had upheld it in part.
    in_part: bool,
    /// Whether the awarded household appeals.
    awarded: bool,
    a: AwardView,
}

async fn build(
    desk: &Desk,
    by: &Township,
    chrome: Chrome,
    id: AppealId,
    form: FormState,
) -> HttpResult<OnePage> {
    let file = desk.appeal_file(by, id).await?;
    let a = load(desk, by, chrome.t, file.appeal.award_id).await?;
    let o = CourseView::new(chrome.t, &file.objection, desk.now());
    let open = file.appeal.state == "open";
    let fell = Finding::of(&file.objection.objection.state) == Some(Finding::Dismiss);
    let in_part = file.objection.amended.is_some();
    let awarded = file.appeal.household_id == Some(a.household);
    let title = chrome.t.appeal_no(file.appeal.no);
    Ok(OnePage { chrome: chrome.titled(title), form, id, o, open, fell, in_part, awarded, a })
}

async fn one(
    State(desk): State<Desk>,
    by: As<Township>,
    chrome: Chrome,
    Path(id): Path<AppealId>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, id, FormState::default()).await?))
}

#[derive(Deserialize)]
struct DecideInput {
    finding: String,
    words: String,
}

async fn decide(
    State(desk): State<Desk>,
    by: As<Township>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<AppealId>,
    ProtectedForm(input, form): ProtectedForm<DecideInput>,
) -> HttpResult<Response> {
    let finding = match input.finding.as_str() {
        "uphold" => Finding::Uphold,
        "dismiss" => Finding::Dismiss,
        _ => return Err(refuse("bad_form").with("reason", "finding").into()),
    };
    match desk.decide_appeal(&by, id, finding, &input.words).await {
        Ok(_) => Ok(see_other(&visitor, "/township/appeals", Tone::Good, chrome.t.appeal_concluded())),
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
