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
    service::{
        Desk,
        award::amend::{self, Parts},
        caller::Reviewer,
        refuse,
    },
    text::T,
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
    less: Smaller,
}

/// What may be left of an award that was right in part.
struct Smaller {
    /// The quantity, where the item has one: in words what it is.
    unit: &'static str,
    /// How much it was.
    quantity: String,
    /// The grades to choose from, by code.
    grades: Vec<(String, String)>,
}

impl Smaller {
    fn new(t: T, parts: &Parts) -> Self {
        Self {
            unit: if parts.quantity.is_empty() { "" } else { parts.unit.word(t.lang()) },
            quantity: parts.quantity.clone(),
            grades: parts
                .grades
                .iter()
                .map(|(code, label)| (code.clone(), label.get(t.lang()).to_owned()))
                .collect(),
        }
    }

    fn any(&self) -> bool {
        !self.quantity.is_empty() || !self.grades.is_empty()
    }
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
    let less = Smaller::new(chrome.t, &desk.parts_of(by.book, file.objection.award_id).await?);
    let title = chrome.t.objection_no(o.no);
    Ok(OnePage { chrome: chrome.titled(title), form, o, a, less })
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
    #[serde(default)]
    quantity: String,
    #[serde(default)]
    grade: String,
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
    let decided = match amend::answer(&input.finding, &input.quantity, &input.grade) {
        Ok(Some(answer)) => desk.decide_objection(&by, id, answer, &input.words).await,
        Ok(None) => return Err(refuse("bad_form").with("reason", "finding").into()),
        Err(refusal) => Err(refusal.into()),
    };
    match decided {
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
