//! Objections to decide: the award beside the words of the one who objects.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    domain::ids::ObjectionId,
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{Desk, caller::Reviewer, objection::Finding, refuse},
    web::{
        clerk::{
            award::{AwardView, load},
            objections::all,
            record::refused,
        },
        course::CourseView,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// The pages of decisions.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/review/objections", get(list))
        .route("/review/objections/{id}", get(one).post(decide))
        .route("/review/objections/{id}/accept", post(accept))
}

#[derive(Template)]
#[template(path = "review/objections.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    objections: Vec<CourseView>,
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let objections = all(&desk, &by, chrome.t).await?;
    let title = chrome.t.objections();
    Ok(Page(ListPage { chrome: chrome.titled(title), objections }))
}

#[derive(Template)]
#[template(path = "review/objection.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    form: FormState,
    o: CourseView,
    a: AwardView,
}

async fn build(
    desk: &Desk,
    by: &Reviewer,
    chrome: Chrome,
    id: ObjectionId,
    form: FormState,
) -> HttpResult<OnePage> {
    let file = desk.objection_file(by.book, id).await?;
    let a = load(desk, by, chrome.t, file.objection.award_id).await?;
    let o = CourseView::new(chrome.t, &file, desk.now());
    let title = chrome.t.objection_no(o.no);
    Ok(OnePage { chrome: chrome.titled(title), form, o, a })
}

async fn one(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    chrome: Chrome,
    Path(id): Path<ObjectionId>,
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
    As(by): As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ObjectionId>,
    ProtectedForm(input, form): ProtectedForm<DecideInput>,
) -> HttpResult<Response> {
    let finding = match input.finding.as_str() {
        "uphold" => Finding::Uphold,
        "dismiss" => Finding::Dismiss,
        _ => return Err(refuse("bad_form").with("reason", "finding").into()),
    };
    match desk.decide_objection(&by, id, finding, &input.words).await {
        Ok(_) => Ok(see_other(&visitor, "/review/objections", Tone::Good, chrome.t.objection_decided())),
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn accept(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ObjectionId>,
    ProtectedForm(_, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    match desk.accept_objection(&by, id).await {
        Ok(file) => {
            let said = chrome.t.course_accepted_said(file.objection.no);
            Ok(see_other(&visitor, &format!("/review/objections/{id}"), Tone::Good, &said))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
