//! What the household was reminded of, for itself alone.

use askama::Template;
use axum::{extract::State, response::IntoResponse};

use crate::{
    http::{As, HttpResult},
    service::{Desk, caller::Resident, reminder::ReminderFile},
    web::page::{Chrome, Page},
};

#[derive(Template)]
#[template(path = "my/reminders.html", config = ".askama.toml")]
struct RemindersPage {
    chrome: Chrome,
    files: Vec<ReminderFile>,
}

impl RemindersPage {
    /// The word for where one stands, and its colour.
    fn standing(&self, file: &ReminderFile) -> (&'static str, &'static str) {
        self.chrome.t.reminder_standing(file.state, file.award, file.restore)
    }
}

pub(super) async fn list(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let files = desk.own_reminders(&by).await?;
    let title = chrome.t.reminder_my();
    Ok(Page(RemindersPage { chrome: chrome.titled(title), files }))
}
