//! What is open with other villages, month by month: positions, statements, and asking here with hours saved elsewhere.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        household::PersonNo,
        time::{Day, Period},
        timebank::{ServiceKind, positions::StatementState},
    },
    http::{As, HttpResult, Query, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::Clerk,
        refuse,
        timebank::{
            ask::NewOrder,
            clearing::{MonthOfVillage, Which},
            elsewhere::SavedElsewhere,
            party::Party,
        },
    },
    store::timebank::clearing::ClearingRow,
    text::T,
    web::{
        clerk::record::refused,
        form::{ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        show,
    },
};

/// What is open with one village.
struct Line {
    with: i64,
    figures: String,
    state: Option<StatementState>,
    said: String,
}

#[derive(Template)]
#[template(path = "time/clearing.html", config = ".askama.toml")]
struct ClearingPage {
    chrome: Chrome,
    month: Day,
    name: String,
    before: Day,
    after: Option<Day>,
    net: String,
    lines: Vec<Line>,
    /// Whether statements can be drawn up.
    draws: bool,
    arbiter: bool,
    township: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct OfMonth {
    #[serde(default)]
    month: String,
}

pub(super) async fn page(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
    Query(query): Query<OfMonth>,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let today = desk.today();
    let this = today.period(Period::Month).0;
    let before = |day: Day| day.plus(-1).period(Period::Month).0;
    let of = query.month.parse().unwrap_or_else(|_| before(this));
    let found = desk.time_clearing_desk(&by, of).await?;
    let (month, over) = of.period(Period::Month);
    let clerk = by.staff().ok().and_then(|staff| Clerk::of(staff)).is_some();
    Ok(Page(ClearingPage {
        name: format!("{}-{:02}", month.ymd().0, month.ymd().1),
        before: before(month),
        after: Some(over.plus(1)).filter(|next| *next <= this),
        net: t.time_clearing_net(minutes(t, found.net)),
        draws: clerk && over < today && found.with.len() > found.statements.len(),
        lines: lines(t, &found),
        arbiter: by.arbiter().is_ok(),
        township: by.township().is_ok(),
        chrome: chrome.titled(t.time_clearing()),
        month,
    }))
}

/// Minutes that may be owed.
fn minutes(t: T, minutes: i64) -> String {
    let sign = if minutes < 0 { "−" } else { "" };
    format!("{sign}{}", show::hours(t, minutes.abs()))
}

fn lines(t: T, found: &MonthOfVillage) -> Vec<Line> {
    let statement = |with: i64| found.statements.iter().find(|row| row.with_village == with);
    let line = |with: i64, sent: i64, received: i64| {
        let row = statement(with);
        Line {
            with,
            figures: t.time_clearing_line(show::hours(t, sent), show::hours(t, received)),
            state: row.and_then(|row| row.state().ok()),
            said: row.map_or_else(String::new, |row| said(t, row)),
        }
    };
    found.with.iter().map(|(with, p)| line(*with, p.sent, p.received)).collect()
}

fn said(t: T, row: &ClearingRow) -> String {
    let by = row.settle_by.map(|day| t.time_clearing_settle_by(day));
    let parts = [row.words.clone(), by.unwrap_or_default(), row.outcome.clone()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ClearingForm {
    step: String,
    month: String,
    with: i64,
    words: String,
}

pub(super) async fn step(
    State(desk): State<Desk>,
    As(by): As<Party>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<ClearingForm>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let to = input
        .month
        .parse::<Day>()
        .map_or_else(|_| "/time/clearing".to_owned(), |day| format!("/time/clearing?month={day}"));
    match take(&desk, &by, &input).await {
        Ok(()) => Ok(see_other(&visitor, &to, Tone::Good, t.time_person_saved())),
        Err(error) => {
            let form = refused(form, t, error)?;
            Ok(see_other(&visitor, &to, Tone::Bad, form.message.as_deref().unwrap_or_default()))
        }
    }
}

async fn take(desk: &Desk, by: &Party, input: &ClearingForm) -> ServiceResult<()> {
    let month = input.month.parse().map_err(|_| refuse("bad_day").with("text", &input.month))?;
    let which = Which { with: input.with, month };
    match input.step.as_str() {
        "draw" => {
            let clerk = Clerk::of(by.staff()?).ok_or(ServiceError::NotAllowed)?;
            desk.draw_clearing_statements(&clerk, month).await.map(drop)
        }
        "confirm" | "dispute" => {
            let confirms = input.step == "confirm";
            desk.decide_clearing_statement(&by.arbiter()?, which, confirms, &input.words).await.map(drop)
        }
        "resolve" => desk.resolve_clearing_dispute(&by.township()?, which, &input.words).await.map(drop),
        _ => Err(refuse("bad_form").with("reason", "step").into()),
    }
}

#[derive(Template)]
#[template(path = "time/elsewhere.html", config = ".askama.toml")]
struct ElsewherePage {
    chrome: Chrome,
    services: Vec<ServiceKind>,
    key: String,
}

pub(super) async fn elsewhere_page(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    by.desk()?;
    let policy = desk.time_policy(by.book()).await?;
    Ok(Page(ElsewherePage {
        services: policy.map_or_else(Vec::new, |(policy, _)| policy.services.clone()),
        key: desk.random_hex(),
        chrome: {
            let title = chrome.t.time_elsewhere();
            chrome.titled(title)
        },
    }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ElsewhereForm {
    key: String,
    person: String,
    service: String,
    day: String,
    at: String,
    minutes: String,
    words: String,
    village: String,
    person_there: String,
    shown: String,
}

pub(super) async fn ask_elsewhere(
    State(desk): State<Desk>,
    As(by): As<Party>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<ElsewhereForm>,
) -> HttpResult<Response> {
    let t = chrome.t;
    match ask(&desk, &by, &input).await {
        Ok(to) => Ok(see_other(&visitor, &to, Tone::Good, t.time_person_saved())),
        Err(error) => {
            let form = refused(form, t, error)?;
            let said = form.message.as_deref().unwrap_or_default();
            Ok(see_other(&visitor, "/time/elsewhere", Tone::Bad, said))
        }
    }
}

async fn ask(desk: &Desk, by: &Party, input: &ElsewhereForm) -> ServiceResult<String> {
    let number = |text: &str| {
        let read: Result<i64, _> = text.trim().parse();
        read.map_err(|_| refuse("bad_number").with("text", text))
    };
    let text = format!("{}T{}:00+08:00", input.day.trim(), input.at.trim());
    let new = NewOrder {
        served: desk.time_person_id(by.book(), input.person.trim()).await?,
        kind: input.service.parse().map_err(|_| refuse("time_service_not_here"))?,
        starts_at: text.parse().map_err(|_| refuse("bad_day").with("text", &text))?,
        minutes: number(&input.minutes)?,
        words: input.words.clone(),
    };
    let person = PersonNo::parse(&input.person_there).map_err(|_| ServiceError::NotFound("person"))?;
    let from =
        SavedElsewhere { village: number(&input.village)?, person, shown: input.shown.trim().to_owned() };
    let row = desk.ask_with_hours_from(&by.desk()?, &input.key, &new, &from).await?;
    Ok(format!("/time/orders/{}", row.id))
}
