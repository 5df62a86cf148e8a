//! The passbook: only the new lines, at their place on the page; what was printed is kept.

use askama::Template;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use serde::Deserialize;

use crate::{
    domain::household::HouseholdNo,
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{Desk, ServiceResult, caller::Storekeeper, passbook::Passbook},
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// `/passbook/{no}`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/passbook/{no}", get(page).post(step))
}

#[derive(Template)]
#[template(path = "passbook.html", config = ".askama.toml")]
struct PassbookPage {
    chrome: Chrome,
    form: FormState,
    book: Passbook,
}

impl PassbookPage {
    /// Lines of the page that are used: they stay blank.
    fn blank(&self) -> std::ops::Range<i32> {
        0..self.book.used
    }

    fn next(&self) -> i32 {
        self.book.used + 1
    }
}

async fn page(
    State(desk): State<Desk>,
    by: As<Storekeeper>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, FormState::default(), &no).await
}

async fn show(
    desk: &Desk,
    by: &Storekeeper,
    chrome: Chrome,
    mut form: FormState,
    no: &HouseholdNo,
) -> HttpResult<Response> {
    let book = match desk.passbook(by, no).await {
        Ok(book) => book,
        Err(error) => {
            form = form.refused(chrome.t, error)?;
            Passbook { household_no: no.to_string(), version: 0, used: 0, lines: Vec::new(), more: 0 }
        }
    };
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let title = chrome.t.passbook_title(no);
    Ok(Page(PassbookPage { chrome: chrome.titled(title), form, book }).with_status(status))
}

#[derive(Deserialize)]
struct StepInput {
    step: String,
    version: i64,
    used: i32,
    through: i64,
}

impl StepInput {
    async fn take(&self, desk: &Desk, by: &Storekeeper, no: &HouseholdNo) -> ServiceResult<Passbook> {
        if self.step == "page" {
            return desk.passbook_page(by, no).await;
        }
        desk.passbook_printed(by, no, (self.version, self.used), self.through).await
    }
}

async fn step(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Storekeeper>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    ProtectedForm(input, form): ProtectedForm<StepInput>,
) -> HttpResult<Response> {
    match input.take(&desk, &by, &no).await {
        Ok(_) => {
            let to = format!("/passbook/{no}");
            Ok(see_other(&visitor, &to, Tone::Good, chrome.t.passbook_kept()))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, form, &no).await
        }
    }
}
