//! Devices that sell without network, for those who see to them: the clerk says that one is missing, the second person ends
//! it, and decides about entries that could not be taken.

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
    form::{FormState, ProtectedForm, see_other},
    page::{Chrome, Page, Tone},
};
use crate::{
    domain::{
        ids::OfflineRoundId,
        offline::{ConflictKind, Decision},
    },
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{
        Desk, ServiceResult,
        caller::{Clerk, Reviewer, Role, Staff},
        redeem::offline::{Given, Undecided},
        refuse,
    },
};

/// The one address of these pages.
const HERE: &str = "/devices";

/// The pages of this file.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/devices", get(list))
        .route("/devices/{id}/missing", post(missing))
        .route("/devices/{id}/end", post(end))
        .route("/devices/{id}/entries/{number}", post(decide))
}

#[derive(Template)]
#[template(path = "shop/devices.html", config = ".askama.toml")]
struct DevicesPage {
    chrome: Chrome,
    form: FormState,
    devices: Vec<Given>,
    undecided: Vec<Undecided>,
    flagged: Vec<Undecided>,
    clerk: bool,
    reviewer: bool,
}

impl DevicesPage {
    /// Points that a device has in hand.
    fn left(given: &Given) -> String {
        crate::web::show::points(given.households.iter().map(|h| h.left).sum::<i64>())
    }

    fn why(&self, entry: &Undecided) -> &'static str {
        entry.why.parse::<ConflictKind>().map_or("", |kind| self.chrome.t.offline_conflict(&kind))
    }

    fn decisions(&self) -> &'static [Decision] {
        Decision::ALL
    }
}

async fn list(State(desk): State<Desk>, by: As<Staff>, chrome: Chrome) -> HttpResult<Response> {
    show(&desk, &by, chrome, FormState::default()).await
}

async fn show(desk: &Desk, by: &Staff, chrome: Chrome, form: FormState) -> HttpResult<Response> {
    let status = if form.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let devices = desk.devices_out(by).await?;
    let undecided = desk.undecided_offline(by).await?;
    let flagged = desk.flagged_offline(by).await?;
    let title = chrome.t.devices_title();
    let page = DevicesPage {
        chrome: chrome.titled(title),
        form,
        devices,
        undecided,
        flagged,
        clerk: by.holds(Role::Clerk),
        reviewer: by.holds(Role::Reviewer) || by.holds(Role::Township),
    };
    Ok(Page(page).with_status(status).into_response())
}

/// Back to the list, or the list with what was refused.
async fn back<T>(
    (desk, by, visitor): (&Desk, &Staff, &Visitor),
    chrome: Chrome,
    form: FormState,
    (done, said): (ServiceResult<T>, &'static str),
) -> HttpResult<Response> {
    match done {
        Ok(_) => Ok(see_other(visitor, HERE, Tone::Good, said)),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(desk, by, chrome, form).await
        }
    }
}

#[derive(Deserialize)]
struct MissingInput {
    reason: String,
}

async fn missing(
    State(desk): State<Desk>,
    by: As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<OfflineRoundId>,
    ProtectedForm(input, form): ProtectedForm<MissingInput>,
) -> HttpResult<Response> {
    let done = (desk.miss_offline(&by, id, &input.reason).await, chrome.t.devices_said());
    back((&desk, &by, &visitor), chrome, form, done).await
}

#[derive(Deserialize)]
struct EndInput {}

async fn end(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<OfflineRoundId>,
    ProtectedForm(_, form): ProtectedForm<EndInput>,
) -> HttpResult<Response> {
    let done = (desk.end_missing_offline(&by, id).await, chrome.t.devices_ended());
    back((&desk, &by, &visitor), chrome, form, done).await
}

#[derive(Deserialize)]
struct DecideInput {
    decision: String,
}

async fn decide(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(of): Path<(OfflineRoundId, i64)>,
    ProtectedForm(input, form): ProtectedForm<DecideInput>,
) -> HttpResult<Response> {
    // what is of another village is not found, whatever was decided
    desk.offline_round(&by, of.0).await?;
    let decision: Decision =
        input.decision.parse().map_err(|_| refuse("bad_form").with("reason", "decision"))?;
    let done = (desk.decide_offline(&by, of, decision).await, chrome.t.devices_decided());
    back((&desk, &by, &visitor), chrome, form, done).await
}
