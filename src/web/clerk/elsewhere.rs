//! What other programmes rewarded (别处已奖励): noted here, so that the same event is not rewarded twice.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};

use super::record::refused;
use crate::{
    domain::household::HouseholdNo,
    http::{AppState, As, HttpResult, Visitor},
    service::{Desk, ServiceError, award::elsewhere::Rewarded, caller::Recorder, refuse},
    store::elsewhere::ElsewhereRow,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// `/clerk/elsewhere`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/clerk/elsewhere", get(list).post(note))
}

#[derive(Template)]
#[template(path = "clerk/elsewhere.html", config = ".askama.toml")]
struct ElsewherePage {
    chrome: Chrome,
    form: FormState,
    programmes: Vec<String>,
    noted: Vec<ElsewhereRow>,
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, FormState::default()).await?))
}

async fn build(desk: &Desk, by: &Recorder, chrome: Chrome, form: FormState) -> HttpResult<ElsewherePage> {
    let programmes = desk.other_programmes(by.book).await?;
    let noted = desk.elsewhere(by.book).await?;
    let title = chrome.t.elsewhere_title();
    Ok(ElsewherePage { chrome: chrome.titled(title), form, programmes, noted })
}

async fn note(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(_, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let done = match form.value("household").parse::<HouseholdNo>() {
        Ok(household) => {
            let new = Rewarded {
                household,
                programme: form.value("programme").to_owned(),
                event_key: form.value("event_key").to_owned(),
                basis: form.value("basis").to_owned(),
            };
            desk.note_elsewhere(&by, &new).await
        }
        Err(_) => Err(refuse("household_missing").into()),
    };
    let done = match done {
        Err(ServiceError::NotFound("household")) => Err(refuse("household_missing").into()),
        other => other,
    };
    match done {
        Ok(()) => Ok(see_other(&visitor, "/clerk/elsewhere", Tone::Good, chrome.t.elsewhere_noted())),
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
