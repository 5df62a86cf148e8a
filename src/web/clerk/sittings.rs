//! The secretary's pages of the panel: convening, the hall as it votes, minutes, closing. On paper the closed sitting
//! is the minutes sheet.

use std::collections::BTreeMap;

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
    record::refused,
    view::{self, Line},
};
use crate::{
    domain::{
        ids::{AwardId, SittingId},
        panel::Outcome,
        time::Day,
    },
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{
        Desk,
        caller::Clerk,
        panel::{
            bodies::BodyView,
            convene::NewSitting,
            view::{AgendaLine, SittingView},
        },
        refuse,
    },
    store::sitting::SittingRow,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Sittings on the list.
const LISTED: i64 = 30;

/// The secretary's pages.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/sittings", get(list).post(convene))
        .route("/clerk/sittings/{id}", get(one))
        .route("/clerk/sittings/{id}/close", post(close))
        .route("/clerk/sittings/{id}/call-off", post(call_off))
}

#[derive(Template)]
#[template(path = "clerk/sittings.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    form: FormState,
    today: Day,
    panel: Option<BodyView>,
    waiting: Vec<Line>,
    sittings: Vec<SittingRow>,
}

async fn list(State(desk): State<Desk>, As(by): As<Clerk>, chrome: Chrome) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, FormState::default()).await?))
}

async fn build(desk: &Desk, by: &Clerk, chrome: Chrome, form: FormState) -> HttpResult<ListPage> {
    let today = desk.today();
    let panel = desk.panel_on(by.book, today).await?;
    let waiting = desk.agenda_waiting(by).await?;
    let waiting = view::listed(desk, by, chrome.t, waiting).await?;
    let sittings = desk.sittings(by.book, i64::MAX, LISTED).await?;
    let title = chrome.t.sittings();
    Ok(ListPage { chrome: chrome.titled(title), form, today, panel, waiting, sittings })
}

async fn convene(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let awards: Vec<AwardId> =
        fields.iter().filter(|(n, _)| n == "id").filter_map(|(_, v)| v.parse().ok()).collect();
    let day = form.value("sits_on");
    let sits_on: Day = day.parse().map_err(|_| refuse("bad_day").with("text", day))?;
    let new = NewSitting { sits_on, place: form.value("place").to_owned(), awards };
    match desk.convene(&by, &new).await {
        Ok(row) => {
            let to = format!("/clerk/sittings/{}", row.id);
            Ok(see_other(&visitor, &to, Tone::Good, &t.sitting_convened(row.no)))
        }
        Err(error) => {
            let form = refused(form, t, error)?;
            let page = build(&desk, &by, chrome, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "clerk/sitting.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    form: FormState,
    s: SittingView,
    secretary: String,
}

impl OnePage {
    /// Whether a line falls as it stands, so that its household must be told why.
    fn refuses(&self, line: &AgendaLine) -> bool {
        self.s.row.is_open() && line.stands == Outcome::Refused
    }

    /// The words typed for a line.
    fn typed(&self, line: &AgendaLine) -> &str {
        self.form.value(&format!("words-{}", line.line))
    }
}

async fn one(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    chrome: Chrome,
    Path(id): Path<SittingId>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(page(&desk, &by, chrome, id, FormState::default()).await?))
}

async fn page(
    desk: &Desk,
    by: &Clerk,
    chrome: Chrome,
    id: SittingId,
    form: FormState,
) -> HttpResult<OnePage> {
    let s = desk.sitting(by, id).await?;
    let secretary = desk.actor_name(s.row.ended_by.as_ref().unwrap_or(&s.row.convened_by)).await?;
    let title = chrome.t.sitting_no(s.row.no);
    Ok(OnePage { chrome: chrome.titled(title), form, s, secretary })
}

async fn close(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<SittingId>,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let words: BTreeMap<i32, String> = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("words-")?.parse().ok()?, value)))
        .collect();
    match desk.close_sitting(&by, id, form.value("minutes"), &words).await {
        Ok(row) => {
            let to = format!("/clerk/sittings/{id}");
            Ok(see_other(&visitor, &to, Tone::Good, &chrome.t.sitting_closed_said(row.no)))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = page(&desk, &by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Deserialize)]
struct Why {
    reason: String,
}

async fn call_off(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<SittingId>,
    ProtectedForm(input, _): ProtectedForm<Why>,
) -> HttpResult<Response> {
    desk.call_off(&by, id, &input.reason).await?;
    Ok(see_other(&visitor, "/clerk/sittings", Tone::Info, chrome.t.sitting_called_off_said()))
}
