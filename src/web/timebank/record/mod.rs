//! The volunteer's record: its page with what can be asked for there; papers, corrections and files are in the modules
//! below.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    domain::{
        time::Day,
        timebank::record::{self, MeritKind},
    },
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{
        Desk, ServiceError, ServiceResult, refuse,
        timebank::{
            correction::NewCorrection,
            party::Party,
            record::{NewMerit, Record, Service},
        },
    },
    store::timebank::record::MeritRow,
    text::T,
    web::{
        clerk::record::refused,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        show,
    },
};

mod files;
mod papers;
mod rights;

/// The pages of this folder.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/time/people/{no}/record", get(page).post(step))
        .route("/time/certificates", get(papers::list))
        .route("/time/certificates/{id}", get(papers::page))
        .route("/certificate/{no}/{token}", get(papers::public))
        .route("/time/corrections", get(rights::list))
        .route("/time/corrections/{id}", post(rights::decide))
        .route("/time/merits/{id}", post(rights::settle))
        .route("/time/export", get(files::page).post(files::step))
        .route("/time/export/{number}", get(files::one).post(files::answer))
        .route("/time/export/{number}/csv", get(files::csv))
        .route("/time/export/{number}/json", get(files::json))
}

/// A step of a form here: done, or why not, said where it was asked.
fn said(visitor: &Visitor, t: T, to: &str, done: ServiceResult<String>) -> HttpResult<Response> {
    match done {
        Ok(text) => Ok(see_other(visitor, to, Tone::Good, &text)),
        Err(error) => {
            let form = refused(FormState::default(), t, error)?;
            Ok(see_other(visitor, to, Tone::Bad, form.message.as_deref().unwrap_or_default()))
        }
    }
}

/// What a service was, in the reader's language.
fn activity(t: T, kind: &str, content: &str) -> String {
    record::activity(kind, content, t.lang())
}

#[derive(Template)]
#[template(path = "time/record.html", config = ".askama.toml")]
struct RecordPage {
    chrome: Chrome,
    record: Record,
    /// Whether whoever looks speaks for this person.
    acts: bool,
    desk: bool,
    kinds: &'static [MeritKind],
    key: String,
}

impl RecordPage {
    fn what(&self, s: &Service) -> String {
        activity(self.chrome.t, &s.row.kind, &s.content)
    }

    fn skills(&self) -> String {
        let lang = self.chrome.t.lang();
        self.record.skills.iter().map(|s| s.words().text(lang)).collect::<Vec<_>>().join(" · ")
    }

    fn born(&self) -> String {
        self.record.birth_year.map(|year| year.to_string()).unwrap_or_default()
    }

    fn transfer(&self, s: &Service) -> &'static str {
        s.transfer.map_or("", |state| state.words().text(self.chrome.t.lang()))
    }

    /// Whether hours of an order can be put right here.
    fn asks(&self, s: &Service) -> bool {
        self.acts && s.row.is_order() && s.row.now().is_some()
    }

    fn merit(&self, m: &MeritRow) -> String {
        let t = self.chrome.t;
        let lang = t.lang();
        let kind = m.kind.parse().map_or("", |kind: MeritKind| kind.words().text(lang));
        let state = m.state.parse().map_or("", |s: record::MeritState| s.words().text(lang));
        let hours = if m.minutes > 0 { format!(" · {}", show::hours(t, m.minutes)) } else { String::new() };
        let content = if m.content.is_empty() { String::new() } else { format!(" · {}", m.content) };
        format!("{} · {kind} · {}{content}{hours} · {} · {state}", m.held_on, m.name, m.grantor)
    }
}

async fn page(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
    Path(no): Path<String>,
) -> HttpResult<impl IntoResponse> {
    let record = desk.time_record(&by, &no).await?;
    let title = chrome.t.time_record_title(&record.hours.who.name);
    Ok(Page(RecordPage {
        acts: by.side().is_ok(),
        desk: by.desk().is_ok(),
        kinds: MeritKind::ALL,
        key: desk.random_hex(),
        chrome: chrome.titled(title),
        record,
    }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StepInput {
    step: String,
    key: String,
    from: String,
    to: String,
    root: String,
    wanted: String,
    reason: String,
    kind: String,
    name: String,
    content: String,
    minutes: String,
    grantor: String,
    day: String,
    paper: String,
}

async fn step(
    State(desk): State<Desk>,
    As(by): As<Party>,
    visitor: Visitor,
    chrome: Chrome,
    Path(no): Path<String>,
    ProtectedForm(input, _): ProtectedForm<StepInput>,
) -> HttpResult<Response> {
    // whoever may not see it does not learn that there is one
    desk.time_record(&by, &no).await?;
    let own = format!("/time/people/{no}/record");
    match take(&desk, &by, chrome.t, (&no, &input)).await {
        Ok((to, text)) => said(&visitor, chrome.t, to.as_deref().unwrap_or(&own), Ok(text)),
        Err(error) => said(&visitor, chrome.t, &own, Err(error)),
    }
}

async fn take(
    desk: &Desk,
    by: &Party,
    t: T,
    (no, input): (&str, &StepInput),
) -> ServiceResult<(Option<String>, String)> {
    let who = desk.time_person_id(by.book(), no).await?;
    match input.step.as_str() {
        "issue" => {
            let span = (maybe_day(&input.from)?, maybe_day(&input.to)?);
            let row = desk.issue_time_certificate(&by.side()?, (&input.key, who), span).await?;
            Ok((Some(format!("/time/certificates/{}", row.id)), t.time_paper_issued(row.no)))
        }
        "ask" => {
            let (root, wanted) = (number(&input.root)?, number(&input.wanted)?);
            let new = NewCorrection { who, root, wanted, reason: input.reason.clone() };
            let row = desk.ask_time_correction(&by.side()?, &input.key, &new).await?;
            Ok((None, t.time_right_asked(row.no)))
        }
        "merit" => {
            let kind: MeritKind =
                input.kind.parse().map_err(|_| refuse("bad_form").with("reason", "kind"))?;
            let day = maybe_day(&input.day)?.ok_or_else(|| refuse("bad_day").with("text", ""))?;
            let minutes = if input.minutes.trim().is_empty() { 0 } else { number(&input.minutes)? };
            let new = NewMerit {
                kind,
                name: input.name.clone(),
                content: input.content.clone(),
                minutes,
                grantor: input.grantor.clone(),
                held_on: day,
                paper: input.paper.clone(),
            };
            desk.enter_time_merit(&by.desk()?, (&input.key, who), &new).await?;
            Ok((None, t.time_record_done().to_owned()))
        }
        _ => Err(refuse("bad_form").with("reason", "step").into()),
    }
}

fn number(text: &str) -> ServiceResult<i64> {
    text.trim().parse().map_err(|_| refuse("bad_number").with("text", text).into())
}

/// A day that may be left out.
fn maybe_day(text: &str) -> ServiceResult<Option<Day>> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| ServiceError::from(refuse("bad_day").with("text", text))),
    }
}
