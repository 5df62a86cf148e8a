//! The opening calendar of a counter: what holds, a new one, a single day that is otherwise.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    domain::{
        ids::CounterId,
        market::{Hours, OpeningRule, Otherwise, RULES_MAX, RuleKind, When},
        time::Day,
    },
    http::{As, HttpResult, Path, Visitor},
    service::{
        Desk, ServiceError,
        caller::Clerk,
        market::{CounterCalendar, NewCalendar, NewException, invalid_rule, read_rules},
        refuse,
    },
    store::market::{CalendarRow, ExceptionRow},
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        pieces::field,
    },
};

/// Rules that a form offers at least.
const RULES_OFFERED: usize = 3;

#[derive(Template)]
#[template(path = "market/calendar.html", config = ".askama.toml")]
struct CalendarPage {
    chrome: Chrome,
    form: FormState,
    file: CounterCalendar,
    /// What holds today.
    now: Vec<OpeningRule>,
    refuses: bool,
    /// When it opens next.
    next: Option<String>,
    today: Day,
    offered: usize,
}

/// A rule of the form, with what was typed.
struct RuleRow {
    n: usize,
    kind: String,
    on: String,
    opens: String,
    closes: String,
}

impl CalendarPage {
    fn rows(&self) -> Vec<RuleRow> {
        let value = |name: &str, n: usize| self.form.value(&format!("{name}-{n}")).to_owned();
        let row = |n| RuleRow {
            n,
            kind: value("kind", n),
            on: value("on", n),
            opens: value("opens", n),
            closes: value("closes", n),
        };
        (1..=self.offered).map(row).collect()
    }

    fn kinds(&self) -> &'static [RuleKind] {
        RuleKind::ALL
    }

    fn otherwise(&self) -> &'static [Otherwise] {
        Otherwise::ALL
    }

    /// The rules of a calendar that was set, in words.
    fn said(&self, row: &CalendarRow) -> String {
        let rules = read_rules(row).unwrap_or_default();
        rules.iter().map(|rule| self.chrome.t.rule_words(rule)).collect::<Vec<_>>().join("；")
    }

    fn kind(&self, row: &ExceptionRow) -> &'static str {
        row.kind.parse().map_or("", |kind| self.chrome.t.otherwise(&kind))
    }
}

/// The form with what holds now.
fn filled(file: &CounterCalendar, today: Day) -> FormState {
    let mut form = FormState::default().with("first_day", today);
    let Some(last) = file.calendars.last() else { return form };
    for (n, rule) in (1_usize..).zip(read_rules(last).unwrap_or_default()) {
        form = form
            .with(&format!("kind-{n}"), rule.when.kind())
            .with(&format!("on-{n}"), &rule.when)
            .with(&format!("opens-{n}"), rule.hours.opens_text())
            .with(&format!("closes-{n}"), rule.hours.closes_text());
    }
    if last.refuse_outside { form.with("refuse_outside", "yes") } else { form }
}

async fn show(
    desk: &Desk,
    by: &Clerk,
    chrome: Chrome,
    id: CounterId,
    form: Option<FormState>,
) -> HttpResult<Response> {
    let (file, today) = (desk.market_calendar(by.book, id).await?, desk.today());
    let next = desk.next_opening(by.book, id).await?;
    let form = form.unwrap_or_else(|| filled(&file, today));
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let t = chrome.t;
    let title = t.market_calendar_of(t.name(&file.counter.name, &file.counter.name_en));
    let (now, refuses) = match file.openings.calendar_on(today) {
        Some(calendar) => (calendar.rules.clone(), calendar.refuse_outside),
        None => (Vec::new(), false),
    };
    let set = file.calendars.last().map_or(0, |last| last.rules.lines().count());
    let page = CalendarPage {
        chrome: chrome.titled(title),
        form,
        now,
        refuses,
        next: next.map(|of| super::line(desk, t, &of)),
        today,
        offered: (set + 1).clamp(RULES_OFFERED, RULES_MAX),
        file,
    };
    Ok(Page(page).with_status(status))
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    Path(id): Path<CounterId>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, id, None).await
}

type Fields = Vec<(String, String)>;

fn day_of(fields: &[(String, String)], name: &str) -> Result<Day, ServiceError> {
    let typed = field(fields, name);
    typed.parse().map_err(|_| refuse("rule_days_wrong").with("text", typed).into())
}

/// The rules that were chosen: those with a kind.
fn wanted(fields: &[(String, String)]) -> Result<NewCalendar, ServiceError> {
    let mut rules = Vec::new();
    for n in 1..=RULES_MAX {
        let typed = |name: &str| field(fields, &format!("{name}-{n}"));
        let kind = typed("kind");
        if kind.is_empty() {
            continue;
        }
        let kind: RuleKind = kind.parse().map_err(|_| refuse("rule_kind_unknown").with("text", kind))?;
        let when = When::parse(kind, typed("on")).map_err(invalid_rule)?;
        let hours = Hours::parse(typed("opens"), typed("closes")).map_err(invalid_rule)?;
        rules.push(OpeningRule { when, hours });
    }
    let refuse_outside = !field(fields, "refuse_outside").is_empty();
    Ok(NewCalendar { first_day: day_of(fields, "first_day")?, rules, refuse_outside })
}

pub(super) async fn set(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(id): Path<CounterId>,
    ProtectedForm(fields, form): ProtectedForm<Fields>,
) -> HttpResult<Response> {
    let done = match wanted(&fields) {
        Ok(new) => desk.set_market_calendar(&by, id, &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(see_other(&visitor, &here(id), Tone::Good, chrome.t.market_set())),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, id, Some(form)).await
        }
    }
}

fn single(fields: &[(String, String)]) -> Result<NewException, ServiceError> {
    let (opens, closes) = (field(fields, "opens"), field(fields, "closes"));
    let kind = field(fields, "kind");
    let kind: Otherwise = kind.parse().map_err(|_| refuse("rule_kind_unknown").with("text", kind))?;
    let hours = match kind {
        Otherwise::Open => Some(Hours::parse(opens, closes).map_err(invalid_rule)?),
        Otherwise::Closed | Otherwise::Usual => None,
    };
    Ok(NewException { day: day_of(fields, "day")?, kind, hours, reason: field(fields, "reason").to_owned() })
}

pub(super) async fn set_day(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(id): Path<CounterId>,
    ProtectedForm(fields, form): ProtectedForm<Fields>,
) -> HttpResult<Response> {
    let done = match single(&fields) {
        Ok(new) => desk.set_market_day(&by, id, &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => {
            let said = chrome.t.market_single_set(field(&fields, "day"));
            Ok(see_other(&visitor, &here(id), Tone::Good, &said))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, id, Some(form)).await
        }
    }
}

fn here(id: CounterId) -> String {
    format!("/clerk/counters/{id}/calendar")
}
