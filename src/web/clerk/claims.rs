//! Claims at the clerk's desk (申报箱): what came in, looking into one, turning it into an award or refusing it; keying
//! in what came on paper, by word of mouth or from a household-group head.

use askama::Template;
use axum::{
    Router,
    extract::{Multipart, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    choice::{self, Choices},
    record,
};
use crate::{
    domain::{claim::ClaimState, household::HouseholdNo, ids::ClaimId, rule::Item, time::Day},
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::Recorder,
        claim::{Claimant, files::Alike, handle::Found, view::ClaimView},
    },
    store::person::Member,
    web::{
        form::{FormState, ProtectedForm, see_other},
        matters::warning,
        page::{Chrome, Page, Tone},
        resident::claims::new_claim,
        upload::Upload,
    },
};

/// Claims on one page.
const PAGE: i64 = 30;

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/claims", get(list))
        .route("/clerk/claims/new", get(form).post(enter))
        .route("/clerk/claims/{id}", get(one))
        .route("/clerk/claims/{id}/check", post(check))
        .route("/clerk/claims/{id}/accept", post(accept))
        .route("/clerk/claims/{id}/refuse", post(turn_down))
        .route("/clerk/claims/{id}/erase", post(erase))
}

#[derive(Template)]
#[template(path = "clerk/claims.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    claims: Vec<ClaimView>,
    checking: bool,
    waiting: (i64, i64),
    next: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
struct Listed {
    #[serde(default)]
    state: String,
    after: Option<i64>,
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    Query(query): Query<Listed>,
) -> HttpResult<impl IntoResponse> {
    let checking = query.state == ClaimState::Checking.as_str();
    let state = if checking { ClaimState::Checking } else { ClaimState::Received };
    let claims = desk.claims_in(&by, state, query.after.unwrap_or(0), PAGE).await?;
    let full = i64::try_from(claims.len()).is_ok_and(|n| n == PAGE);
    let next = claims.last().filter(|_| full).map(|c| c.row.no);
    let waiting = desk.claims_waiting(by.book).await?;
    let title = chrome.t.claims();
    Ok(Page(ListPage { chrome: chrome.titled(title), claims, checking, waiting, next }))
}

#[derive(Template)]
#[template(path = "clerk/claim_new.html", config = ".askama.toml")]
struct NewPage {
    chrome: Chrome,
    form: FormState,
    choices: Choices,
    today: Day,
    key: String,
}

async fn form(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(new_page(&desk, &by, chrome, FormState::default()).await?))
}

async fn new_page(desk: &Desk, by: &Recorder, chrome: Chrome, form: FormState) -> HttpResult<NewPage> {
    let today = desk.today();
    let set = desk.ruleset_for(by.book, today).await?;
    let choices = choice::claimable(chrome.t, &set);
    let key = match form.value("key") {
        "" => desk.random_hex(),
        typed => typed.to_owned(),
    };
    let title = chrome.t.claim_enter();
    Ok(NewPage { chrome: chrome.titled(title), form, choices, today, key })
}

async fn enter(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    body: Multipart,
) -> HttpResult<Response> {
    let mut upload = Upload::read(&visitor, body).await?;
    let key = upload.form.value("key").to_owned();
    let done = match new_claim(&mut upload, desk.today()) {
        Ok(new) => desk.hand_in(&Claimant::Staff(by.clone()), new, &key).await,
        Err(error) => Err(error),
    };
    let done = match done {
        // a wrong number is typed again, not looked for elsewhere
        Err(ServiceError::NotFound("household")) => Err(crate::service::refuse("household_missing").into()),
        other => other,
    };
    match done {
        Ok(row) => Ok(see_other(&visitor, "/clerk/claims", Tone::Good, &chrome.t.claim_taken(row.no))),
        Err(error) => {
            let form = record::refused(upload.form, chrome.t, error)?;
            let page = new_page(&desk, &by, chrome, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "clerk/claim.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    form: FormState,
    c: ClaimView,
    alike: Vec<Alike>,
    /// Photos of matters that are the claim's, or look like it: what is to be said, and where.
    reported: Vec<(String, String)>,
    members: Vec<Member>,
    /// The item as the rules have it, while something can still be decided.
    item: Option<Item>,
    today: Day,
}

impl OnePage {
    fn received(&self) -> bool {
        self.c.state == ClaimState::Received
    }

    /// What stands in a field: what was typed, or what the claim says.
    fn quantity(&self) -> &str {
        match self.form.value("quantity") {
            "" => &self.c.row.quantity,
            typed => typed,
        }
    }

    fn chosen(&self, member: &Member) -> bool {
        self.form.is("person", member.id) || self.c.row.person_id == Some(member.id)
    }

    fn graded(&self, grade: &str) -> bool {
        self.form.is("grade", grade) || self.c.row.grade.as_deref() == Some(grade)
    }
}

async fn one(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    Path(id): Path<ClaimId>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, id, FormState::default()).await?))
}

async fn build(
    desk: &Desk,
    by: &Recorder,
    chrome: Chrome,
    id: ClaimId,
    form: FormState,
) -> HttpResult<OnePage> {
    let c = desk.claim_file(by, id).await?;
    let no: &HouseholdNo = &c.household_no;
    let members = desk.household_file(by, no).await?.members;
    let alike = desk.alike_photos(by.book, id).await?;
    let reported = desk.matter_photos_like_claim(by.book, id).await?;
    let reported = reported.iter().map(|a| warning(chrome.t, a)).collect();
    let open = matches!(c.state, ClaimState::Received | ClaimState::Checking);
    let item = if open {
        let set = desk.ruleset_for(by.book, c.row.occurred_on).await?;
        set.item(&c.row.item).cloned()
    } else {
        None
    };
    let title = chrome.t.claim_no(c.row.no);
    let today = desk.today();
    Ok(OnePage { chrome: chrome.titled(title), form, c, alike, reported, members, item, today })
}

async fn check(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ClaimId>,
    ProtectedForm(_, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    desk.check_claim(&by, id).await?;
    let to = format!("/clerk/claims/{id}");
    Ok(see_other(&visitor, &to, Tone::Good, chrome.t.claim_begun()))
}

#[derive(Deserialize)]
struct AcceptInput {
    #[serde(default)]
    person: String,
    #[serde(default)]
    grade: String,
    #[serde(default)]
    quantity: String,
    #[serde(default)]
    occurred_on: String,
    #[serde(default)]
    event_key: String,
    #[serde(default)]
    note: String,
}

fn found(input: &AcceptInput, today: Day) -> ServiceResult<Found> {
    let said = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    Ok(Found {
        person: input.person.parse().ok(),
        grade: said(&input.grade),
        quantity: record::quantity(&input.quantity)?,
        occurred_on: if input.occurred_on.is_empty() { today } else { record::day(&input.occurred_on)? },
        event_key: said(&input.event_key),
        note: input.note.clone(),
    })
}

async fn accept(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ClaimId>,
    ProtectedForm(input, form): ProtectedForm<AcceptInput>,
) -> HttpResult<Response> {
    let done = match found(&input, desk.today()) {
        Ok(found) => desk.accept_claim(&by, id, &found).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(row) => Ok(see_other(&visitor, "/clerk/claims", Tone::Good, &chrome.t.claim_accepted(row.no))),
        Err(error) => again(&desk, &by, chrome, id, form, error).await,
    }
}

#[derive(Deserialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

async fn turn_down(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ClaimId>,
    ProtectedForm(input, form): ProtectedForm<Why>,
) -> HttpResult<Response> {
    match desk.refuse_claim(&by, id, &input.reason).await {
        Ok(_) => Ok(see_other(&visitor, "/clerk/claims", Tone::Info, chrome.t.claim_refused_said())),
        Err(error) => again(&desk, &by, chrome, id, form, error).await,
    }
}

async fn erase(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ClaimId>,
    ProtectedForm(input, form): ProtectedForm<Why>,
) -> HttpResult<Response> {
    match desk.erase_claim_papers(&by, id, &input.reason).await {
        Ok(()) => {
            let to = format!("/clerk/claims/{id}");
            Ok(see_other(&visitor, &to, Tone::Info, chrome.t.claim_erased_said()))
        }
        Err(error) => again(&desk, &by, chrome, id, form, error).await,
    }
}

/// The claim once more, with what was wrong.
async fn again(
    desk: &Desk,
    by: &Recorder,
    chrome: Chrome,
    id: ClaimId,
    form: FormState,
    error: ServiceError,
) -> HttpResult<Response> {
    let form = record::refused(form, chrome.t, error)?;
    let page = build(desk, by, chrome, id, form).await?;
    Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}
