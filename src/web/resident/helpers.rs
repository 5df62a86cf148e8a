//! The household's helpers, and its messages.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        amount::parse_points,
        bystander::{HELPED_HOUSEHOLDS_MAX, HELPERS_MAX},
        ids::HelperId,
    },
    http::{As, HttpResult, Path, Visitor},
    service::{
        Desk,
        caller::Resident,
        helpers::{HelperView, NewHelper},
        messages::{About, Messages},
        statement::Why,
    },
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

#[derive(Template)]
#[template(path = "my/helpers.html", config = ".askama.toml")]
struct HelpersPage {
    chrome: Chrome,
    form: FormState,
    helpers: Vec<HelperView>,
    /// Where the forms go.
    at: String,
}

impl HelpersPage {
    fn limits(&self) -> String {
        self.chrome.t.helpers_limits(HELPED_HOUSEHOLDS_MAX, HELPERS_MAX)
    }
}

/// The page, for the household itself and for the clerk.
pub(in crate::web) fn helpers_page(
    chrome: Chrome,
    form: FormState,
    helpers: Vec<HelperView>,
    at: String,
) -> Response {
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    Page(HelpersPage { chrome, form, helpers, at }).with_status(status)
}

/// Whom a form names.
#[derive(Deserialize)]
pub(in crate::web) struct HelperInput {
    household_no: String,
    name: String,
    day_max: String,
}

impl HelperInput {
    pub(in crate::web) fn wanted(self) -> NewHelper {
        let day_max = parse_points(&self.day_max).unwrap_or(0);
        NewHelper { household_no: self.household_no, name: self.name, day_max }
    }
}

pub(super) async fn list(State(desk): State<Desk>, by: As<Resident>, chrome: Chrome) -> HttpResult<Response> {
    show(&desk, &by, chrome, FormState::default()).await
}

async fn show(desk: &Desk, by: &Resident, chrome: Chrome, form: FormState) -> HttpResult<Response> {
    let helpers = desk.own_helpers(by).await?;
    let title = chrome.t.helpers_title();
    Ok(helpers_page(chrome.titled(title), form, helpers, "/my/helpers".to_owned()))
}

pub(super) async fn register(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Resident>,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<HelperInput>,
) -> HttpResult<Response> {
    match desk.register_helper(&by, &input.wanted()).await {
        Ok(_) => Ok(see_other(&visitor, "/my/helpers", Tone::Good, chrome.t.helper_registered())),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, form).await
        }
    }
}

pub(super) async fn end(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Resident>,
    chrome: Chrome,
    Path(id): Path<HelperId>,
    ProtectedForm(_, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    desk.end_helper(&by, id).await?;
    Ok(see_other(&visitor, "/my/helpers", Tone::Good, chrome.t.helper_ended()))
}

#[derive(Template)]
#[template(path = "my/messages.html", config = ".askama.toml")]
struct MessagesPage {
    chrome: Chrome,
    messages: Messages,
}

pub(super) async fn messages(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let messages = desk.own_messages(&by).await?;
    let title = chrome.t.messages_title();
    Ok(Page(MessagesPage { chrome: chrome.titled(title), messages }))
}

#[derive(Deserialize)]
pub(super) struct ReadInput {
    through: i64,
}

pub(super) async fn read(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Resident>,
    chrome: Chrome,
    ProtectedForm(input, _): ProtectedForm<ReadInput>,
) -> HttpResult<Response> {
    desk.read_messages(&by, input.through).await?;
    Ok(see_other(&visitor, "/my/messages", Tone::Good, chrome.t.message_read()))
}
