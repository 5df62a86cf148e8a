//! The live code, the printed card and the PIN of a household.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{ruleset::CounterTerms, time::MICROS_PER_SECOND},
    http::{As, HttpResult, Visitor},
    service::{Desk, ServiceError, caller::Resident},
    store::card::CardRow,
    web::{
        form::{FormState, ProtectedForm, see_other},
        kit::LiveCode,
        page::{Chrome, Page, Tone},
        qr,
    },
};

#[derive(Template)]
#[template(path = "my/code.html", config = ".askama.toml")]
struct CodePage {
    chrome: Chrome,
    code: LiveCode,
    available: i64,
}

pub(super) async fn code(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let issued = desk.phone_code(&by).await?;
    let svg = qr::svg(&issued.digits).map_err(|e| ServiceError::Internal(e.to_string()))?;
    let left = issued.lapses_at.since(desk.now()) / MICROS_PER_SECOND;
    let seconds = u32::try_from(left).unwrap_or(0);
    let available = desk.own_holdings(&by).await?.available;
    let code = LiveCode { t: chrome.t, svg, digits: issued.digits, seconds };
    let title = chrome.t.my_code();
    Ok(Page(CodePage { chrome: chrome.titled(title), code, available }))
}

#[derive(Template)]
#[template(path = "my/card.html", config = ".askama.toml")]
struct CardPage {
    chrome: Chrome,
    form: FormState,
    card: Option<CardRow>,
    terms: CounterTerms,
}

pub(super) async fn page(State(desk): State<Desk>, by: As<Resident>, chrome: Chrome) -> HttpResult<Response> {
    show(&desk, &by, chrome, FormState::default()).await
}

async fn show(desk: &Desk, by: &Resident, chrome: Chrome, form: FormState) -> HttpResult<Response> {
    let cards = desk.cards_of(by.book, by.household).await?;
    let card = cards.into_iter().find(CardRow::is_active);
    let terms = desk.counter_terms(by.book).await?;
    let title = chrome.t.my_card();
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(Page(CardPage { chrome: chrome.titled(title), form, card, terms }).with_status(status))
}

/// The card is lost (挂失): dead at once.
pub(super) async fn lost(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Resident>,
    chrome: Chrome,
    ProtectedForm(_, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    desk.report_card_lost(&by).await?;
    Ok(see_other(&visitor, "/my/card", Tone::Good, chrome.t.my_card_is_dead()))
}

#[derive(Deserialize)]
pub(super) struct PinInput {
    present_pin: String,
    new_pin: String,
    again_pin: String,
}

pub(super) async fn pin(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Resident>,
    chrome: Chrome,
    ProtectedForm(input, mut form): ProtectedForm<PinInput>,
) -> HttpResult<Response> {
    if input.new_pin != input.again_pin {
        form.message = Some(chrome.t.my_pin_differs().to_owned());
        return show(&desk, &by, chrome, form).await;
    }
    match desk.change_pin(&by, &input.present_pin, &input.new_pin).await {
        Ok(()) => Ok(see_other(&visitor, "/my/card", Tone::Good, chrome.t.my_pin_changed())),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, form).await
        }
    }
}
