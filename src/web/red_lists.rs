//! Red lists: put together by the clerk, agreed to by households, approved by a second person, shown to the public.

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
    honours::Before,
    page::{Chrome, Page, Tone},
};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{HouseholdId, RedListId},
        recognition::{Consent, RedListState},
    },
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceResult,
        caller::{Clerk, Resident, Reviewer, Role, Staff},
        red_list::{LISTS_PAGE, NewRedList, RedListFile, Speaker},
        refuse,
    },
    store::red_list::{RedListEntry, RedListRow},
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/red-lists", get(lists).post(propose))
        .route("/clerk/red-lists/{id}", get(list).post(list_step))
        .route("/clerk/red-lists/{id}/consent", post(paper))
        .route("/review/red-lists", get(to_approve))
        .route("/review/red-lists/{id}", get(list_of_second).post(approve))
        .route("/my/red-lists", get(own))
        .route("/my/red-lists/{id}", post(answer))
        .route("/board/{no}/red-lists", get(shown))
}

#[derive(Template)]
#[template(path = "recognition/lists.html", config = ".askama.toml")]
struct ListsPage {
    chrome: Chrome,
    form: FormState,
    clerk: bool,
    to: &'static str,
    lists: Vec<RedListRow>,
    next: Option<i64>,
}

async fn lists_page(
    desk: &Desk,
    by: &Staff,
    chrome: Chrome,
    form: FormState,
    before: Option<i64>,
) -> HttpResult<ListsPage> {
    let lists = desk.red_lists(by, before.unwrap_or(i64::MAX)).await?;
    let full = i64::try_from(lists.len()).is_ok_and(|n| n == LISTS_PAGE);
    let next = lists.last().filter(|_| full).map(|list| list.no);
    let (title, clerk) = (chrome.t.red_list_title(), chrome.path.starts_with("/clerk"));
    let to = if clerk { "/clerk/red-lists" } else { "/review/red-lists" };
    Ok(ListsPage { chrome: chrome.titled(title), form, clerk, to, lists, next })
}

async fn lists(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    chrome: Chrome,
    Query(query): Query<Before>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(lists_page(&desk, &by, chrome, FormState::default(), query.before).await?))
}

async fn to_approve(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    chrome: Chrome,
    Query(query): Query<Before>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(lists_page(&desk, &by, chrome, FormState::default(), query.before).await?))
}

#[derive(Deserialize)]
struct RedListInput {
    title: String,
    basis: String,
    homes: String,
}

/// One household a line: number, blank, deed.
fn entries(homes: &str) -> ServiceResult<Vec<(HouseholdNo, String)>> {
    let lines = homes.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (no, deed) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let no: HouseholdNo = no.parse().map_err(|_| refuse("household_missing"))?;
            Ok((no, deed.trim().to_owned()))
        })
        .collect()
}

async fn propose(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<RedListInput>,
) -> HttpResult<Response> {
    let done = match entries(&input.homes) {
        Ok(entries) => {
            let new = NewRedList { title: input.title, basis: input.basis, entries };
            desk.propose_red_list(&by, &new).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(row) => {
            let to = format!("/clerk/red-lists/{}", row.id);
            Ok(see_other(&visitor, &to, Tone::Good, chrome.t.red_list_proposed_said()))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = lists_page(&desk, &by, chrome, form, None).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "recognition/list.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    form: FormState,
    clerk: bool,
    file: RedListFile,
    state: Option<RedListState>,
}

impl ListPage {
    fn proposed(&self) -> bool {
        self.state == Some(RedListState::Proposed)
    }

    fn approved(&self) -> bool {
        self.state == Some(RedListState::Approved)
    }

    fn hangs(&self) -> bool {
        self.state == Some(RedListState::Shown)
    }

    /// Whether a household's yes can be entered.
    fn may_agree(&self, entry: &RedListEntry) -> bool {
        let hears = self.state.is_some_and(|state| state.hears(Consent::Given));
        hears && entry.consent != Consent::Given.as_str()
    }

    /// Whether a household's no can be entered.
    fn may_decline(&self, entry: &RedListEntry) -> bool {
        let hears = self.state.is_some_and(|state| state.hears(Consent::Refused));
        hears && entry.consent != Consent::Refused.as_str()
    }
}

async fn list_page(
    desk: &Desk,
    by: &Staff,
    chrome: Chrome,
    id: RedListId,
    form: FormState,
) -> HttpResult<ListPage> {
    let file = desk.red_list(by.book, id).await?;
    let title = chrome.t.red_list_no(file.list.no);
    let clerk = chrome.path.starts_with("/clerk") && by.holds(Role::Clerk);
    let state = RedListState::of(&file.list.state);
    Ok(ListPage { chrome: chrome.titled(title), form, clerk, file, state })
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    chrome: Chrome,
    Path(id): Path<RedListId>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(list_page(&desk, &by, chrome, id, FormState::default()).await?))
}

async fn list_of_second(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    chrome: Chrome,
    Path(id): Path<RedListId>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(list_page(&desk, &by, chrome, id, FormState::default()).await?))
}

#[derive(Deserialize)]
struct StepInput {
    step: String,
}

async fn list_step(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<RedListId>,
    ProtectedForm(input, form): ProtectedForm<StepInput>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let done = match input.step.as_str() {
        "show" => desk.show_red_list(&by, id).await.map(|_| t.red_list_shown_said()),
        _ => desk.end_red_list(&by, id).await.map(|_| t.red_list_ended_said()),
    };
    match done {
        Ok(said) => Ok(see_other(&visitor, &format!("/clerk/red-lists/{id}"), Tone::Good, said)),
        Err(error) => {
            let form = refused(form, t, error)?;
            let page = list_page(&desk, &by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Deserialize)]
struct PaperInput {
    home: HouseholdId,
    answer: String,
}

/// A signature on paper, entered by the clerk.
async fn paper(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<RedListId>,
    ProtectedForm(input, form): ProtectedForm<PaperInput>,
) -> HttpResult<Response> {
    let speaker = Speaker::Proxy(by.clone(), input.home);
    match desk.answer_red_list(&speaker, id, said(&input.answer)).await {
        Ok(_) => {
            let to = format!("/clerk/red-lists/{id}");
            Ok(see_other(&visitor, &to, Tone::Good, chrome.t.red_list_answered()))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = list_page(&desk, &by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Whatever is no yes is a no.
fn said(answer: &str) -> Consent {
    if answer == Consent::Given.as_str() { Consent::Given } else { Consent::Refused }
}

async fn approve(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<RedListId>,
    ProtectedForm(_, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    match desk.approve_red_list(&by, id).await {
        Ok(_) => {
            let to = format!("/review/red-lists/{id}");
            Ok(see_other(&visitor, &to, Tone::Good, chrome.t.red_list_approved_said()))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = list_page(&desk, &by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "recognition/own.html", config = ".askama.toml")]
struct OwnPage {
    chrome: Chrome,
    lists: Vec<(RedListRow, RedListEntry)>,
}

impl OwnPage {
    fn may_agree(list: &RedListRow, entry: &RedListEntry) -> bool {
        let hears = RedListState::of(&list.state).is_some_and(|state| state.hears(Consent::Given));
        hears && entry.consent != Consent::Given.as_str()
    }
}

async fn own(State(desk): State<Desk>, by: As<Resident>, chrome: Chrome) -> HttpResult<impl IntoResponse> {
    let lists = desk.own_red_lists(&by).await?;
    let title = chrome.t.red_list_title();
    Ok(Page(OwnPage { chrome: chrome.titled(title), lists }))
}

#[derive(Deserialize)]
struct AnswerInput {
    answer: String,
}

async fn answer(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Resident>,
    chrome: Chrome,
    Path(id): Path<RedListId>,
    ProtectedForm(input, _): ProtectedForm<AnswerInput>,
) -> HttpResult<Response> {
    desk.answer_red_list(&Speaker::Resident(*by), id, said(&input.answer)).await?;
    Ok(see_other(&visitor, "/my/red-lists", Tone::Good, chrome.t.red_list_answered()))
}

#[derive(Template)]
#[template(path = "recognition/shown.html", config = ".askama.toml")]
struct ShownPage {
    chrome: Chrome,
    no: i64,
    lists: Vec<RedListFile>,
}

async fn shown(
    State(desk): State<Desk>,
    chrome: Chrome,
    Path(no): Path<i64>,
) -> HttpResult<Page<impl Template>> {
    let book = desk.public_book(no).await?.book_id;
    let lists = desk.shown_red_lists(book).await?;
    let title = chrome.t.red_list_title();
    Ok(Page(ShownPage { chrome: chrome.titled(title), no, lists }))
}
