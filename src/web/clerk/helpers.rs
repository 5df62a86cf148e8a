//! Helpers of a household without a phone: the clerk registers and ends them for it.

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};

use crate::{
    domain::{household::HouseholdNo, ids::HelperId},
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{Desk, caller::Clerk},
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Tone},
        resident::helpers::{HelperInput, helpers_page},
    },
};

/// `/clerk/helpers/{no}`.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/helpers/{no}", get(page).post(register))
        .route("/clerk/helpers/{no}/{id}/end", post(end))
}

async fn page(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, FormState::default(), &no).await
}

async fn show(
    desk: &Desk,
    by: &Clerk,
    chrome: Chrome,
    form: FormState,
    no: &HouseholdNo,
) -> HttpResult<Response> {
    let file = desk.household_file(by, no).await?;
    let helpers = desk.helpers_of(by, file.household.id).await?;
    let title = chrome.t.helper_of(no);
    Ok(helpers_page(chrome.titled(title), form, helpers, format!("/clerk/helpers/{no}")))
}

async fn register(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    ProtectedForm(input, form): ProtectedForm<HelperInput>,
) -> HttpResult<Response> {
    let file = desk.household_file(&by, &no).await?;
    match desk.register_helper_for(&by, file.household.id, &input.wanted()).await {
        Ok(_) => {
            let to = format!("/clerk/helpers/{no}");
            Ok(see_other(&visitor, &to, Tone::Good, chrome.t.helper_registered()))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, form, &no).await
        }
    }
}

async fn end(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path((no, id)): Path<(HouseholdNo, HelperId)>,
    ProtectedForm(_, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let file = desk.household_file(&by, &no).await?;
    desk.end_helper_for(&by, file.household.id, id).await?;
    Ok(see_other(&visitor, &format!("/clerk/helpers/{no}"), Tone::Good, chrome.t.helper_ended()))
}
