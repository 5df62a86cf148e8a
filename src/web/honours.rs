//! The honours registry: the clerk enters, a second person confirms, the highest is claimed.

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
    clerk::record::refused,
    form::{FormState, ProtectedForm, see_other},
    page::{Chrome, Page, Tone},
};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::HonourId,
        recognition::{HonourState, Level},
    },
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceResult,
        caller::{Clerk, Reviewer, Staff},
        honours::{HONOURS_PAGE, HonourLine, NewHonour},
        refuse,
    },
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/honours", get(honours).post(record))
        .route("/clerk/honours/{id}", post(honour_step))
        .route("/review/honours", get(to_confirm))
        .route("/review/honours/{id}", post(confirm))
}

#[derive(Template)]
#[template(path = "recognition/honours.html", config = ".askama.toml")]
struct HonoursPage {
    chrome: Chrome,
    form: FormState,
    clerk: bool,
    levels: Vec<&'static str>,
    lines: Vec<HonourLine>,
    next: Option<i64>,
}

/// Which page of a list that goes by numbers.
#[derive(Deserialize)]
pub(super) struct Before {
    pub(super) before: Option<i64>,
}

impl HonoursPage {
    fn confirmed(line: &HonourLine) -> bool {
        line.honour.state == HonourState::Confirmed.as_str()
    }

    fn proposed(line: &HonourLine) -> bool {
        line.honour.state == HonourState::Proposed.as_str()
    }

    /// Whether the clerk may still do something with it.
    fn open(line: &HonourLine) -> bool {
        line.honour.award_id.is_none() && line.honour.state != HonourState::Withdrawn.as_str()
    }
}

async fn honours_page(
    desk: &Desk,
    by: &Staff,
    chrome: Chrome,
    form: FormState,
    before: Option<i64>,
) -> HttpResult<HonoursPage> {
    let lines = desk.honours(by, before.unwrap_or(i64::MAX)).await?;
    let full = i64::try_from(lines.len()).is_ok_and(|n| n == HONOURS_PAGE);
    let next = lines.last().filter(|_| full).map(|line| line.honour.no);
    let (title, clerk) = (chrome.t.honours_title(), chrome.path.starts_with("/clerk"));
    let levels = Level::ALL.iter().map(|level| level.as_str()).collect();
    Ok(HonoursPage { chrome: chrome.titled(title), form, clerk, levels, lines, next })
}

async fn honours(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    chrome: Chrome,
    Query(query): Query<Before>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(honours_page(&desk, &by, chrome, FormState::default(), query.before).await?))
}

async fn to_confirm(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    chrome: Chrome,
    Query(query): Query<Before>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(honours_page(&desk, &by, chrome, FormState::default(), query.before).await?))
}

#[derive(Deserialize)]
struct HonourInput {
    household: String,
    title: String,
    level: String,
    granted_by: String,
    granted_on: String,
    document: String,
}

fn new_honour(input: HonourInput) -> ServiceResult<NewHonour> {
    let household: HouseholdNo = input.household.parse().map_err(|_| refuse("household_missing"))?;
    let level = Level::of(&input.level).ok_or_else(|| refuse("bad_level").with("text", &input.level))?;
    let day = input.granted_on.trim().parse();
    let granted_on = day.map_err(|_| refuse("bad_day").with("text", &input.granted_on))?;
    Ok(NewHonour {
        household,
        title: input.title,
        level,
        granted_by: input.granted_by,
        granted_on,
        document: input.document,
    })
}

async fn record(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<HonourInput>,
) -> HttpResult<Response> {
    let done = match new_honour(input) {
        Ok(new) => desk.record_honour(&by, &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(see_other(&visitor, "/clerk/honours", Tone::Good, chrome.t.honour_recorded())),
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = honours_page(&desk, &by, chrome, form, None).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Deserialize)]
struct StepInput {
    step: String,
}

async fn honour_step(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<HonourId>,
    ProtectedForm(input, form): ProtectedForm<StepInput>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let done = match input.step.as_str() {
        "claim" => desk
            .claim_honour(&by, id, &format!("honour:{id}"))
            .await
            .map(|award| t.honour_claimed_said(award.no)),
        _ => desk.withdraw_honour(&by, id).await.map(|_| t.honour_withdrawn_said().to_owned()),
    };
    match done {
        Ok(said) => Ok(see_other(&visitor, "/clerk/honours", Tone::Good, &said)),
        Err(error) => {
            let form = refused(form, t, error)?;
            let page = honours_page(&desk, &by, chrome, form, None).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn confirm(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<HonourId>,
    ProtectedForm(_, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    match desk.confirm_honour(&by, id).await {
        Ok(_) => Ok(see_other(&visitor, "/review/honours", Tone::Good, chrome.t.honour_confirmed_said())),
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = honours_page(&desk, &by, chrome, form, None).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
