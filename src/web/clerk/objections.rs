//! Objections as the clerk enters them: for a household that came in or wrote, or from the paper box.

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
    award::{AwardView, load},
    record::refused,
};
use crate::{
    domain::{household::HouseholdNo, ids::AwardId},
    http::{AppState, As, HttpResult, Query, Visitor},
    service::{
        Desk, ServiceResult,
        caller::{Clerk, Staff},
        objection::Objector,
        refuse,
    },
    store::objection::ObjectionRow,
    text::T,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Objections on one page.
const PAGE: i64 = 50;

/// The pages of objections.
pub fn routes() -> Router<AppState> {
    Router::new().route("/clerk/objections", get(list)).route("/clerk/objections/new", get(entry).post(enter))
}

/// An objection in a list.
pub struct ObjectionLine {
    /// Its address part.
    pub id: String,
    /// Its number.
    pub no: i64,
    /// The award.
    pub award: String,
    /// When.
    pub at: String,
    /// How it came.
    pub manner: &'static str,
    /// What it says.
    pub content: String,
    /// `open`, `upheld`, `dismissed`.
    pub state: &'static str,
    /// The colour of that.
    pub class: &'static str,
    /// With what words it was decided.
    pub decision: String,
}

/// An objection as a list line.
#[must_use]
pub fn line(t: T, o: &ObjectionRow) -> ObjectionLine {
    let (state, class) = match o.state.as_str() {
        "upheld" => (t.objection_upheld(), "bad"),
        "dismissed" => (t.objection_dismissed(), "good"),
        _ => (t.objection_open(), "warn"),
    };
    ObjectionLine {
        id: o.id.to_string(),
        no: o.no,
        award: o.award_id.to_string(),
        at: o.raised_at.minute(),
        manner: match o.manner.as_str() {
            "self" => t.objection_self(),
            "proxy" => t.objection_proxy(),
            _ => t.objection_anonymous(),
        },
        content: o.content.clone(),
        state,
        class,
        decision: o.decision.clone().unwrap_or_default(),
    }
}

/// Open ones first, then those decided.
pub async fn all(desk: &Desk, by: &Staff, t: T) -> ServiceResult<Vec<ObjectionLine>> {
    let mut out = Vec::new();
    for state in ["open", "upheld", "dismissed"] {
        out.extend(desk.objections(by.book, state, i64::MAX, PAGE).await?.iter().map(|o| line(t, o)));
    }
    Ok(out)
}

#[derive(Template)]
#[template(path = "clerk/objections.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    objections: Vec<ObjectionLine>,
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
    let no: HouseholdNo = household.parse().map_err(|_| refuse("household_missing"))?;
    let file = desk.household_file(by, &no).await?;
    Ok(Objector::Proxy { clerk: by.clone(), household: file.household.id })
}
