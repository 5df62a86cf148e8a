//! Closing a period and its statement (账期结存表): what is not settled, the closing itself, and the sheet to print and
//! sign, with the digest that stands in the log.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;

use super::{
    form::{FormState, ProtectedForm, see_other},
    page::{Chrome, Page, Tone},
};
use crate::{
    domain::{
        canonical::hex,
        chart::{AccountKind, kind_of},
        period::{PeriodLine, Unresolved, Way},
        posting::Path as AccountPath,
        time::Day,
    },
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceError,
        caller::{Bookkeeper, Role},
        periods::{ClosedPeriod, Closing, PreCheck},
        refuse,
        unresolved::{Tally, Thing},
    },
    text::T,
};

/// Accounts on one page.
const PAGE: usize = 100;

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/periods", get(list).post(close))
        .route("/periods/open", get(open))
        .route("/periods/{seq}", get(one))
        .route("/periods/{seq}/statement.csv", get(csv))
}

#[derive(Template)]
#[template(path = "periods/list.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    form: FormState,
    /// Whether this reader may close.
    closes: bool,
    check: PreCheck,
    open: Vec<Tally>,
    closings: Vec<Closing>,
}

impl ListPage {
    fn refuses(tally: &Tally) -> bool {
        tally.way() == Way::Refuses
    }

    /// Whether there is something to open: what lapsed is posted by a job.
    fn opens(tally: &Tally) -> bool {
        tally.count > 0 && tally.kind != Unresolved::Lapses
    }

    fn asks(&self) -> bool {
        self.open.iter().any(|tally| tally.way() == Way::Asks)
    }
}

#[derive(Debug, Default, Deserialize)]
struct About {
    #[serde(default)]
    through: String,
    #[serde(default)]
    confirmed: String,
    #[serde(default)]
    kind: String,
}

async fn page(
    desk: &Desk,
    by: &Bookkeeper,
    chrome: Chrome,
    form: FormState,
    through: &str,
) -> HttpResult<ListPage> {
    let check = desk.period_check(by, through.trim().parse().ok()).await?;
    let open = desk.unresolved(by, check.through).await?;
    let closings = desk.closings(by).await?;
    let closes = by.holds(Role::Clerk) || by.holds(Role::Township);
    let title = chrome.t.periods_title();
    Ok(ListPage { chrome: chrome.titled(title), form, closes, check, open, closings })
}

async fn list(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    chrome: Chrome,
    Query(about): Query<About>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(page(&desk, &by, chrome, FormState::default(), &about.through).await?))
}

async fn close(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<About>,
) -> HttpResult<Response> {
    let through: Result<Day, _> = input.through.trim().parse();
    let done = match through {
        Ok(through) => desk.close_when_resolved(&by, through, !input.confirmed.is_empty()).await,
        Err(_) => Err(refuse("bad_day").with("text", &input.through).into()),
    };
    match done {
        Ok(closing) => {
            let said = chrome.t.periods_closed_said(closing.through);
            Ok(see_other(&visitor, &format!("/periods/{}", closing.seq), Tone::Good, &said))
        }
        Err(error @ ServiceError::Refused(_)) => {
            let form = form.refused(chrome.t, error)?;
            let page = page(&desk, &by, chrome, form, &input.through).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "periods/open.html", config = ".askama.toml")]
struct OpenPage {
    chrome: Chrome,
    through: Day,
    /// Words and where they lead.
    things: Vec<(String, String)>,
}

async fn open(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    chrome: Chrome,
    Query(about): Query<About>,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let kind = Unresolved::ALL.into_iter().find(|k| k.as_str() == about.kind);
    let kind = kind.ok_or(ServiceError::NotFound("kind"))?;
    let through = desk.period_check(&by, about.through.trim().parse().ok()).await?.through;
    let found = desk.unresolved_things(&by, through, kind).await?;
    let things = found.iter().map(|thing| (thing_words(t, thing), thing_link(&by, thing))).collect();
    Ok(Page(OpenPage { chrome: chrome.titled(t.unresolved(kind)), through, things }))
}

fn thing_words(t: T, thing: &Thing) -> String {
    match thing {
        Thing::Award(_, no, item, day) => format!("{} · {item} · {day}", t.award_no(no)),
        Thing::Claim(_, no, day) => format!("{} · {day}", t.claim_no(no)),
        Thing::Round(_, no, day) => format!("{} · {day}", t.round_no(no)),
        Thing::Sitting(_, no, day) => format!("{} · {day}", t.sitting_no(no)),
        Thing::Notice(_, no, title) => format!("{} {title}", t.notice_no(no)),
        Thing::Objection(_, no, day) => format!("{} · {day}", t.objection_no(no)),
        Thing::Appeal(_, no, day) => format!("{} · {day}", t.appeal_no(no)),
        Thing::Reversal(seq, day) => format!("{} · {} · {day}", t.reversals(), t.periods_at(seq)),
        Thing::Hold(seq, household) => format!("{} · {household}", t.periods_at(seq)),
        Thing::Household(no) => no.clone(),
    }
}

/// Where somebody with these roles deals with it; nothing where they only read.
fn thing_link(by: &Bookkeeper, thing: &Thing) -> String {
    let (clerk, township) = (by.holds(Role::Clerk), by.holds(Role::Township));
    match thing {
        Thing::Award(id, ..) if clerk => format!("/clerk/awards/{id}"),
        Thing::Award(id, ..) if township => format!("/review/awards/{id}"),
        Thing::Claim(id, ..) if clerk => format!("/clerk/claims/{id}"),
        Thing::Round(id, ..) if clerk => format!("/clerk/inspections/{id}"),
        Thing::Sitting(id, ..) if clerk => format!("/clerk/sittings/{id}"),
        Thing::Notice(id, ..) if clerk => format!("/clerk/notices/{id}"),
        Thing::Notice(id, ..) if township => format!("/review/notices/{id}"),
        Thing::Notice(id, ..) => format!("/clerk/notices/{id}/print"),
        Thing::Objection(id, ..) if clerk => format!("/clerk/objections/{id}"),
        Thing::Objection(id, ..) if township => format!("/review/objections/{id}"),
        Thing::Appeal(id, ..) if township => format!("/township/appeals/{id}"),
        Thing::Appeal(..) if clerk => "/clerk/objections".to_owned(),
        Thing::Objection(..) | Thing::Appeal(..) => "/audit/objections".to_owned(),
        Thing::Reversal(..) if clerk => "/clerk/reversals".to_owned(),
        Thing::Reversal(..) if township => "/review/reversals".to_owned(),
        Thing::Reversal(seq, _) => format!("/audit/txn/{seq}"),
        Thing::Hold(_, household) if clerk => format!("/clerk/households/{household}"),
        Thing::Hold(..) => "/audit/holds".to_owned(),
        Thing::Household(_) => "/clerk/lapsing".to_owned(),
        Thing::Award(..) | Thing::Claim(..) | Thing::Round(..) | Thing::Sitting(..) => String::new(),
    }
}

/// All accounts of a kind, or one account.
struct Row {
    name: String,
    commodity: String,
    path: String,
    opening: i64,
    debits: i64,
    credits: i64,
    closing: i64,
}

impl Row {
    fn add(&mut self, line: &PeriodLine) {
        self.opening += line.opening;
        self.debits += line.debits;
        self.credits += line.credits;
        self.closing += line.closing;
    }
}

fn kind(path: &str) -> Option<AccountKind> {
    path.parse::<AccountPath>().ok().as_ref().and_then(kind_of)
}

#[derive(Template)]
#[template(path = "periods/one.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    period: ClosedPeriod,
    digest: String,
    /// One row a kind of account and commodity.
    kinds: Vec<Row>,
    /// Accounts of this page.
    accounts: Vec<Row>,
    /// Where the next page begins.
    next: Option<usize>,
}

impl OnePage {
    fn new(chrome: Chrome, period: ClosedPeriod, after: usize) -> Self {
        let t = chrome.t;
        let mut kinds: BTreeMap<(String, &str), Row> = BTreeMap::new();
        for line in &period.statement.lines {
            let kind = kind(&line.path);
            let key = (line.commodity.clone(), kind.map_or("", AccountKind::name_en));
            let fresh = || Row {
                name: t.account_kind(&kind).to_owned(),
                commodity: line.commodity.clone(),
                path: String::new(),
                opening: 0,
                debits: 0,
                credits: 0,
                closing: 0,
            };
            kinds.entry(key).or_insert_with(fresh).add(line);
        }
        let lines = &period.statement.lines;
        let accounts = lines.iter().skip(after).take(PAGE).map(|line| {
            let (name, path) = (t.account_words(&line.path), line.path.clone());
            let commodity = line.commodity.clone();
            let PeriodLine { opening, debits, credits, closing, .. } = *line;
            Row { name, commodity, path, opening, debits, credits, closing }
        });
        let accounts: Vec<Row> = accounts.collect();
        let next = Some(after + PAGE).filter(|next| *next < lines.len());
        let digest = hex(&period.statement.digest());
        Self { chrome, period, digest, kinds: kinds.into_values().collect(), accounts, next }
    }
}

#[derive(Debug, Default, Deserialize)]
struct After {
    #[serde(default)]
    after: usize,
}

async fn one(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    chrome: Chrome,
    Path(seq): Path<i64>,
    Query(place): Query<After>,
) -> HttpResult<impl IntoResponse> {
    let period = desk.closed_period(&by, seq).await?;
    let title = chrome.t.periods_statement_of(period.closing.through);
    Ok(Page(OnePage::new(chrome.titled(title), period, place.after)))
}

async fn csv(State(desk): State<Desk>, by: As<Bookkeeper>, Path(seq): Path<i64>) -> HttpResult<Response> {
    let period = desk.closed_period(&by, seq).await?;
    let mut response = text(&period).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = format!("attachment; filename=\"period-{}.csv\"", period.closing.through);
    if let Ok(value) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// What the statement says and where it stands in the log, then every account; quantities are integers in minor units.
fn text(period: &ClosedPeriod) -> String {
    let statement = &period.statement;
    let from = statement.from.map(|day| day.to_string()).unwrap_or_default();
    let about = [
        ("book", statement.book.to_string()),
        ("from", from),
        ("through", statement.through.to_string()),
        ("drawn_up_at_seq", statement.seq.to_string()),
        ("digest_sha256", hex(&statement.digest())),
        ("closing_seq", period.closing.seq.to_string()),
        ("closing_leaf", period.closing.leaf.clone()),
        ("head_size", period.head.0.to_string()),
        ("head_root", period.head.1.clone()),
    ];
    // spreadsheets take a file for UTF-8 only when it says so
    let mut out = String::from("\u{feff}");
    for (name, value) in about {
        out.push_str(&format!("{name},{value}\r\n"));
    }
    out.push_str("\r\naccount,commodity,opening,debits,credits,closing\r\n");
    for line in &statement.lines {
        let PeriodLine { path, commodity, opening, debits, credits, closing } = line;
        out.push_str(&format!("{path},{commodity},{opening},{debits},{credits},{closing}\r\n"));
    }
    out
}
