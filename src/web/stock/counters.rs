//! Counters: setting one up, opening and closing, who stands there.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use crate::{
    domain::ids::{CounterId, UserId},
    http::{As, HttpResult, Path, Visitor},
    service::{Desk, caller::Clerk, counters::NewCounter},
    store::counter::{CounterRow, KeeperRow},
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

const HERE: &str = "/clerk/counters";

#[derive(Template)]
#[template(path = "stock/counters.html", config = ".askama.toml")]
struct CountersPage {
    chrome: Chrome,
    form: FormState,
    counters: Vec<(CounterRow, Vec<KeeperRow>)>,
}

async fn show(desk: &Desk, by: &Clerk, chrome: Chrome, form: FormState) -> HttpResult<Response> {
    let mut counters = Vec::new();
    for row in desk.counters(by.book).await? {
        let keepers = desk.keepers(by, row.id).await?;
        counters.push((row, keepers));
    }
    let title = chrome.t.shop_counters();
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(Page(CountersPage { chrome: chrome.titled(title), form, counters }).with_status(status))
}

pub(super) async fn list(State(desk): State<Desk>, by: As<Clerk>, chrome: Chrome) -> HttpResult<Response> {
    show(&desk, &by, chrome, FormState::default()).await
}

#[derive(Deserialize)]
pub(super) struct NewInput {
    code: String,
    name: String,
    #[serde(default)]
    name_en: String,
}

pub(super) async fn add(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<NewInput>,
) -> HttpResult<Response> {
    let new = NewCounter { code: input.code, name: input.name, name_en: input.name_en };
    match desk.add_counter(&by, new).await {
        Ok(row) => Ok(see_other(&visitor, HERE, Tone::Good, &chrome.t.stock_added(&row.name))),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, form).await
        }
    }
}

#[derive(Deserialize)]
pub(super) struct OpenInput {
    open: bool,
}

pub(super) async fn open(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(id): Path<CounterId>,
    ProtectedForm(input, form): ProtectedForm<OpenInput>,
) -> HttpResult<Response> {
    let row = match desk.set_counter_open(&by, id, input.open).await {
        Ok(row) => row,
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            return show(&desk, &by, chrome, form).await;
        }
    };
    let name = chrome.t.name(&row.name, &row.name_en);
    let said = if row.is_open() { chrome.t.shop_is_open(name) } else { chrome.t.shop_is_closed(name) };
    Ok(see_other(&visitor, HERE, Tone::Good, &said))
}

#[derive(Deserialize)]
pub(super) struct KeeperInput {
    login: String,
}

pub(super) async fn add_keeper(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(id): Path<CounterId>,
    ProtectedForm(input, form): ProtectedForm<KeeperInput>,
) -> HttpResult<Response> {
    match desk.add_keeper_named(&by, id, &input.login).await {
        Ok(()) => Ok(see_other(&visitor, HERE, Tone::Good, chrome.t.done_notice())),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, form).await
        }
    }
}

pub(super) async fn remove_keeper(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path((id, user)): Path<(CounterId, UserId)>,
    ProtectedForm(_, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    match desk.remove_keeper(&by, id, user).await {
        Ok(()) => Ok(see_other(&visitor, HERE, Tone::Good, chrome.t.done_notice())),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, form).await
        }
    }
}
