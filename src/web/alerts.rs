//! Who stood at the counter: alerts of one person with many cards, and the month's witnesses, second persons and helpers. For
//! the clerk, auditors and the township.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    domain::{bystander::BEARER_SECONDS, ids::AlertId, time::Day},
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk,
        bearers::Alert,
        caller::{Bookkeeper, Role},
        redeem::beside::BesideMonth,
    },
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// `/alerts`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/alerts", get(page)).route("/alerts/{id}", post(review))
}

#[derive(Template)]
#[template(path = "alerts/list.html", config = ".askama.toml")]
struct AlertsPage {
    chrome: Chrome,
    form: FormState,
    alerts: Vec<Alert>,
    month: BesideMonth,
    earlier: Day,
    auditor: bool,
}

impl AlertsPage {
    fn minutes(&self) -> i64 {
        BEARER_SECONDS / 60
    }

    /// `2026-11`
    fn month_word(&self) -> String {
        self.month.month.0.to_string().chars().take(7).collect()
    }
}

#[derive(Debug, Default, Deserialize)]
struct Month {
    #[serde(default)]
    month: String,
}

async fn page(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    chrome: Chrome,
    Query(asked): Query<Month>,
) -> HttpResult<Response> {
    let day = asked.month.parse().unwrap_or_else(|_| desk.today());
    show(&desk, &by, chrome, FormState::default(), day).await
}

async fn show(
    desk: &Desk,
    by: &Bookkeeper,
    chrome: Chrome,
    form: FormState,
    day: Day,
) -> HttpResult<Response> {
    let alerts = desk.bearer_alerts(by).await?;
    let month = desk.beside_month(by, day).await?;
    let earlier = month.month.0.plus(-1);
    let auditor = by.holds(Role::Auditor) || by.holds(Role::Township);
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let title = chrome.t.alerts_title();
    let chrome = chrome.titled(title);
    Ok(Page(AlertsPage { chrome, form, alerts, month, earlier, auditor }).with_status(status))
}

#[derive(Deserialize)]
struct NoteInput {
    note: String,
}

async fn review(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Bookkeeper>,
    chrome: Chrome,
    Path(id): Path<AlertId>,
    ProtectedForm(input, form): ProtectedForm<NoteInput>,
) -> HttpResult<Response> {
    match desk.review_alert(&by, id, &input.note).await {
        Ok(_) => Ok(see_other(&visitor, "/alerts", Tone::Good, chrome.t.alert_kept())),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let today = desk.today();
            show(&desk, &by, chrome, form, today).await
        }
    }
}
