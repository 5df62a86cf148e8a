//! Objections as the clerk enters them: for a household that came in or wrote, or from the paper box.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    award::{AwardView, load},
    record::refused,
};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{AwardId, HouseholdId, ObjectionId},
    },
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceResult,
        appeal::Appellant,
        caller::{Clerk, Staff},
        objection::Objector,
        refuse,
    },
    text::T,
    web::{
        course::CourseView,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Objections on one page.
const PAGE: i64 = 50;

/// The pages of objections.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/objections", get(list))
        .route("/clerk/objections/new", get(entry).post(enter))
        .route("/clerk/objections/{id}", get(one))
        .route("/clerk/objections/{id}/accept", post(accept))
        .route("/clerk/objections/{id}/appeal", post(appeal))
}

/// Open ones first, then those decided.
pub async fn all(desk: &Desk, by: &Staff, t: T) -> ServiceResult<Vec<CourseView>> {
    let now = desk.now();
    let mut found = desk.open_objections(by.book, i64::MAX).await?;
    for state in ["upheld", "dismissed"] {
        for row in desk.objections(by.book, state, i64::MAX, PAGE).await? {
            found.push(desk.objection_file(by.book, row.id).await?);
        }
    }
    Ok(found.iter().map(|file| CourseView::new(t, file, now)).collect())
}

#[derive(Template)]
#[template(path = "clerk/objections.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    objections: Vec<CourseView>,
}

async fn list(State(desk): State<Desk>, As(by): As<Clerk>, chrome: Chrome) -> HttpResult<impl IntoResponse> {
    let objections = all(&desk, &by, chrome.t).await?;
    let title = chrome.t.objections();
    Ok(Page(ListPage { chrome: chrome.titled(title), objections }))
}

#[derive(Debug, Deserialize)]
struct About {
    award: AwardId,
}

#[derive(Template)]
#[template(path = "clerk/objection_new.html", config = ".askama.toml")]
struct EntryPage {
    chrome: Chrome,
    form: FormState,
    a: AwardView,
}

async fn entry(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    chrome: Chrome,
    Query(about): Query<About>,
) -> HttpResult<impl IntoResponse> {
    let a = load(&desk, &by, chrome.t, about.award).await?;
    let title = chrome.t.objection_enter();
    Ok(Page(EntryPage { chrome: chrome.titled(title), form: FormState::default(), a }))
}

#[derive(Deserialize)]
struct EnterInput {
    award: AwardId,
    #[serde(default)]
    household: String,
    content: String,
}

async fn enter(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<EnterInput>,
) -> HttpResult<Response> {
    let done = match objector(&desk, &by, &input.household).await {
        Ok(objector) => desk.object(&objector, input.award, &input.content).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(row) => {
            let said = chrome.t.objection_entered(row.no);
            Ok(see_other(&visitor, "/clerk/objections", Tone::Good, &said))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let a = load(&desk, &by, chrome.t, input.award).await?;
            let title = chrome.t.objection_enter();
            let page = EntryPage { chrome: chrome.titled(title), form, a };
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// A household number makes it that household's word; none makes it a lead without a name.
async fn objector(desk: &Desk, by: &Clerk, household: &str) -> ServiceResult<Objector> {
    if household.trim().is_empty() {
        return Ok(Objector::Anonymous { clerk: by.clone() });
    }
    let household = self::household(desk, by, household).await?;
    Ok(Objector::Proxy { clerk: by.clone(), household })
}

async fn household(desk: &Desk, by: &Clerk, no: &str) -> ServiceResult<HouseholdId> {
    let no: HouseholdNo = no.parse().map_err(|_| refuse("household_missing"))?;
    Ok(desk.household_file(by, &no).await?.household.id)
}

#[derive(Template)]
#[template(path = "clerk/objection.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    form: FormState,
    o: CourseView,
    a: AwardView,
}

async fn build(
    desk: &Desk,
    by: &Clerk,
    chrome: Chrome,
    id: ObjectionId,
    form: FormState,
) -> HttpResult<OnePage> {
    let file = desk.objection_file(by.book, id).await?;
    let o = CourseView::new(chrome.t, &file, desk.now());
    let a = load(desk, by, chrome.t, file.objection.award_id).await?;
    let title = chrome.t.objection_no(o.no);
    Ok(OnePage { chrome: chrome.titled(title), form, o, a })
}

async fn one(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    chrome: Chrome,
    Path(id): Path<ObjectionId>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, id, FormState::default()).await?))
}

async fn accept(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ObjectionId>,
    ProtectedForm(_, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    match desk.accept_objection(&by, id).await {
        Ok(file) => {
            let said = chrome.t.course_accepted_said(file.objection.no);
            Ok(see_other(&visitor, &format!("/clerk/objections/{id}"), Tone::Good, &said))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Deserialize)]
struct AppealInput {
    #[serde(default)]
    household: String,
    content: String,
}

async fn appeal(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ObjectionId>,
    ProtectedForm(input, form): ProtectedForm<AppealInput>,
) -> HttpResult<Response> {
    desk.objection(by.book, id).await?;
    let done = match household(&desk, &by, &input.household).await {
        Ok(household) => {
            let by = Appellant::Proxy { clerk: by.clone(), household };
            desk.appeal(&by, id, &input.content).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(row) => {
            let said = chrome.t.appeal_taken(row.no);
            Ok(see_other(&visitor, &format!("/clerk/objections/{id}"), Tone::Good, &said))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
