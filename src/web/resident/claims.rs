//! Claiming points (申报加分) in three taps: open, choose what was done, hand in. And how far each claim is.

use askama::Template;
use axum::{
    extract::{Multipart, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{household::HouseholdNo, ids::ClaimId, time::Day},
    http::{As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceResult,
        caller::Resident,
        claim::{
            Claimant,
            hand_in::NewClaim,
            view::{ClaimView, Helped},
        },
        refuse,
    },
    store::person::Member,
    web::{
        clerk::{choice, choice::Choices, record},
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        upload::Upload,
    },
};

/// Claims on one page.
const PAGE: i64 = 20;

#[derive(Template)]
#[template(path = "my/claims.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    claims: Vec<ClaimView>,
    next: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct Before {
    pub(super) before: Option<i64>,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
    Query(query): Query<Before>,
) -> HttpResult<impl IntoResponse> {
    let claims = desk.own_claims(&by, query.before.unwrap_or(i64::MAX), PAGE).await?;
    let full = i64::try_from(claims.len()).is_ok_and(|n| n == PAGE);
    let next = claims.last().filter(|_| full).map(|c| c.row.no);
    let title = chrome.t.claim_mine();
    Ok(Page(ListPage { chrome: chrome.titled(title), claims, next }))
}

#[derive(Template)]
#[template(path = "my/claim_new.html", config = ".askama.toml")]
struct NewPage {
    chrome: Chrome,
    form: FormState,
    choices: Choices,
    members: Vec<Member>,
    helped: Vec<Helped>,
    today: Day,
    /// Makes the form count once.
    key: String,
}

pub(super) async fn form(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, FormState::default()).await?))
}

async fn build(desk: &Desk, by: &Resident, chrome: Chrome, form: FormState) -> HttpResult<NewPage> {
    let today = desk.today();
    let set = desk.ruleset_for(by.book, today).await?;
    let choices = choice::claimable(chrome.t, &set);
    let members = desk.own_members(by).await?;
    let helped = desk.helped_households(by).await?;
    let key = match form.value("key") {
        "" => desk.random_hex(),
        typed => typed.to_owned(),
    };
    let title = chrome.t.claim_new();
    Ok(NewPage { chrome: chrome.titled(title), form, choices, members, helped, today, key })
}

pub(super) async fn hand_in(
    State(desk): State<Desk>,
    by: As<Resident>,
    visitor: Visitor,
    chrome: Chrome,
    body: Multipart,
) -> HttpResult<Response> {
    let mut upload = Upload::read(&visitor, body).await?;
    let key = upload.form.value("key").to_owned();
    let done = match new_claim(&mut upload, desk.today()) {
        Ok(new) => desk.hand_in(&Claimant::Household(*by), new, &key).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(row) => Ok(see_other(&visitor, "/my/claims", Tone::Good, &chrome.t.claim_taken(row.no))),
        Err(error) => {
            let form = record::refused(upload.form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// A claim as it was typed, on the phone or at the clerk's desk.
pub(in crate::web) fn new_claim(upload: &mut Upload, today: Day) -> ServiceResult<NewClaim> {
    let (photo, voice) = (upload.take("photo"), upload.take("voice"));
    let form = &upload.form;
    let (item, grade) = record::item_and_grade(form.value("item"));
    if item.is_empty() {
        return Err(refuse("item_missing").into());
    }
    let household = match form.value("household").trim() {
        "" => None,
        no => Some(no.parse::<HouseholdNo>().map_err(|_| refuse("household_missing"))?),
    };
    let occurred_on = match form.value("occurred_on") {
        "" => today,
        typed => record::day(typed)?,
    };
    Ok(NewClaim {
        household,
        person: form.value("person").parse().ok(),
        item,
        grade,
        quantity: record::quantity(form.value("quantity"))?,
        occurred_on,
        words: form.value("words").to_owned(),
        helper: form.value("helper").to_owned(),
        photo,
        voice,
    })
}

#[derive(Template)]
#[template(path = "my/claim.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    c: ClaimView,
    /// Whether it can still be taken back.
    open: bool,
}

pub(super) async fn one(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
    Path(id): Path<ClaimId>,
) -> HttpResult<impl IntoResponse> {
    let c = desk.own_claim(&by, id).await?;
    let open = c.state.after(crate::domain::claim::ClaimMove::Withdraw).is_ok();
    let title = chrome.t.claim_no(c.row.no);
    Ok(Page(OnePage { chrome: chrome.titled(title), c, open }))
}

pub(super) async fn withdraw(
    State(desk): State<Desk>,
    by: As<Resident>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ClaimId>,
    ProtectedForm(_, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    desk.withdraw_claim(&by, id).await?;
    Ok(see_other(&visitor, "/my/claims", Tone::Info, chrome.t.claim_withdrawn_said()))
}
