//! What one recorded oneself, and what came back to be mended.

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
    record::{day, hours, quantity, refused},
    sheet::may_mend,
    view::{self, Line},
};
use crate::{
    domain::ids::AwardId,
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        award::{NewAward, lists::AwardFile},
        caller::Recorder,
        refuse,
    },
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Records on one page.
const PAGE: i64 = 50;

/// The pages of one's own records.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/mine", get(mine))
        .route("/clerk/returned/{id}", get(returned).post(resubmit))
        .route("/clerk/returned/{id}/give-up", post(give_up))
}

#[derive(Debug, Default, Deserialize)]
struct Listed {
    returned: Option<u8>,
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "clerk/mine.html", config = ".askama.toml")]
struct MinePage {
    chrome: Chrome,
    lines: Vec<Line>,
    returned: bool,
    next: Option<i64>,
}

async fn mine(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    Query(query): Query<Listed>,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let returned = query.returned.is_some();
    let awards = if returned {
        desk.own_returned(&by, 0, PAGE).await?
    } else {
        desk.own_records(&by, query.before.unwrap_or(i64::MAX), PAGE).await?
    };
    let full = i64::try_from(awards.len()).unwrap_or(0) == PAGE;
    let next = awards.last().map(|a| a.no).filter(|_| full && !returned);
    let lines = view::listed(&desk, &by, t, awards).await?;
    Ok(Page(MinePage { chrome: chrome.titled(t.clerk_mine()), lines, returned, next }))
}

#[derive(Template)]
#[template(path = "clerk/returned.html", config = ".askama.toml")]
struct ReturnedPage {
    chrome: Chrome,
    form: FormState,
    line: Line,
}

async fn file(desk: &Desk, by: &Recorder, id: AwardId) -> ServiceResult<AwardFile> {
    let file = desk.award_file(by.book, id).await?;
    let own = file.award.recorder == by.actor().to_string();
    if !own || !may_mend(file.award.state()?) {
        return Err(ServiceError::NotFound("award"));
    }
    Ok(file)
}

async fn build(
    desk: &Desk,
    by: &Recorder,
    chrome: Chrome,
    file: AwardFile,
    form: FormState,
) -> HttpResult<ReturnedPage> {
    let t = chrome.t;
    let line = view::listed(desk, by, t, vec![file.award]).await?.into_iter().next();
    let line = line.ok_or(ServiceError::NotFound("award"))?;
    Ok(ReturnedPage { chrome: chrome.titled(t.todo_returned()), form, line })
}

async fn returned(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    Path(id): Path<AwardId>,
) -> HttpResult<impl IntoResponse> {
    let file = file(&desk, &by, id).await?;
    let form = FormState::default()
        .with("quantity", &file.award.quantity)
        .with("occurred_on", file.award.occurred_on)
        .with("note", &file.award.note);
    let said = desk.hours_of(by.book, id).await?;
    let form = match said {
        Some(said) => form.with("from", said.begin()).with("to", said.end()),
        None => form,
    };
    Ok(Page(build(&desk, &by, chrome, file, form).await?))
}

#[derive(Deserialize)]
struct MendInput {
    quantity: String,
    occurred_on: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    note: String,
}

async fn resubmit(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<AwardId>,
    ProtectedForm(input, form): ProtectedForm<MendInput>,
) -> HttpResult<Response> {
    let file = file(&desk, &by, id).await?;
    let done = match mended(&file, &input) {
        Ok(new) => desk.resubmit_award(&by, id, &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(see_other(&visitor, "/clerk/mine", Tone::Good, chrome.t.returned_sent())),
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, file, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn mended(file: &AwardFile, input: &MendInput) -> ServiceResult<NewAward> {
    let a = &file.award;
    Ok(NewAward {
        household: Some(a.household_id),
        person: a.person_id,
        item: a.item.clone(),
        quantity: quantity(&input.quantity)?,
        grade: a.grade.clone(),
        occurred_on: day(&input.occurred_on)?,
        event_key: a.event_key.clone(),
        hours: hours(&input.from, &input.to)?,
        evidence: serde_json::from_str(&a.evidence).map_err(|_| refuse("evidence_missing"))?,
        note: input.note.clone(),
        on_behalf: a.on_behalf.clone(),
    })
}

#[derive(Deserialize)]
struct ReasonInput {
    reason: String,
}

async fn give_up(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<AwardId>,
    ProtectedForm(input, form): ProtectedForm<ReasonInput>,
) -> HttpResult<Response> {
    match desk.give_up_award(&by, id, &input.reason).await {
        Ok(()) => Ok(see_other(&visitor, "/clerk/mine", Tone::Good, chrome.t.returned_given_up())),
        Err(error) => {
            let file = file(&desk, &by, id).await?;
            let form = refused(form, chrome.t, error)?.with("quantity", &file.award.quantity);
            let form = form.with("occurred_on", file.award.occurred_on);
            let page = build(&desk, &by, chrome, file, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
