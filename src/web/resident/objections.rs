//! What a household objected to and what was upheld against its own awards, with the answers; and taking one further.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::ids::ObjectionId,
    http::{As, HttpResult, Path, Visitor},
    service::{Desk, ServiceError, appeal::Appellant, caller::Resident, notice::sheet::SheetLine},
    web::{
        course::CourseView,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

#[derive(Template)]
#[template(path = "my/objections.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    objections: Vec<CourseView>,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let (t, now) = (chrome.t, desk.now());
    let found = desk.own_objections(&by).await?;
    let objections = found.iter().map(|file| CourseView::new(t, file, now)).collect();
    Ok(Page(ListPage { chrome: chrome.titled(t.my_objections()), objections }))
}

#[derive(Template)]
#[template(path = "my/objection.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    form: FormState,
    o: CourseView,
    line: SheetLine,
}

async fn build(
    desk: &Desk,
    by: &Resident,
    chrome: Chrome,
    id: ObjectionId,
    form: FormState,
) -> HttpResult<OnePage> {
    let own = desk.own_objections(by).await?;
    // another household's is nobody's business here
    let file = own.iter().find(|f| f.objection.id == id).ok_or(ServiceError::NotFound("objection"))?;
    let o = CourseView::new(chrome.t, file, desk.now());
    let line = desk.objected_line(by.book, file.objection.award_id).await?;
    let title = chrome.t.objection_no(o.no);
    Ok(OnePage { chrome: chrome.titled(title), form, o, line })
}

pub(super) async fn one(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
    Path(id): Path<ObjectionId>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, id, FormState::default()).await?))
}

#[derive(Deserialize)]
pub(super) struct AppealInput {
    content: String,
}

pub(super) async fn appeal(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Resident>,
    chrome: Chrome,
    Path(id): Path<ObjectionId>,
    ProtectedForm(input, form): ProtectedForm<AppealInput>,
) -> HttpResult<Response> {
    match desk.appeal(&Appellant::Resident(*by), id, &input.content).await {
        Ok(row) => {
            let said = chrome.t.appeal_taken(row.no);
            Ok(see_other(&visitor, &format!("/my/objections/{id}"), Tone::Good, &said))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let page = build(&desk, &by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
    }
}
