//! 今日待办: what waits, counted, each with its way in.

use askama::Template;
use axum::{Router, extract::State, response::IntoResponse, routing::get};

use super::view::{Line, listed};
use crate::{
    domain::due_process::ReviewStep,
    http::{AppState, As, HttpResult},
    service::{
        Desk,
        award::lists::Todo,
        caller::{Recorder, Role},
        funds::FundView,
        matter::view::MatterCounts,
    },
    web::{
        page::{Chrome, Page},
        show,
    },
};

/// Returned awards shown on the first page.
const RETURNED_SHOWN: i64 = 5;

/// `/clerk`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/clerk", get(today))
}

#[derive(Template)]
#[template(path = "clerk/today.html", config = ".askama.toml")]
struct TodayPage {
    chrome: Chrome,
    todo: Todo,
    /// Claims that wait, and that somebody looks into.
    claims: (i64, i64),
    matters: MatterCounts,
    returned: Vec<Line>,
    funds: Vec<(String, String)>,
    /// What the funds lack for lines whose notice is over, and the money for the points.
    short: Vec<String>,
    /// Of how many with a role of the village nobody has said who they are.
    unsaid: usize,
    /// Alerts of one person with many cards that wait.
    alerts: i64,
    clerk: bool,
}

impl TodayPage {
    /// How many awards wait for the panel.
    fn at_panel(&self) -> i64 {
        let place = usize::try_from(ReviewStep::Panel.place()).unwrap_or(0);
        self.todo.steps.get(place).copied().unwrap_or(0)
    }
}

async fn today(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let todo = desk.todo(by.book).await?;
    let claims = desk.claims_waiting(by.book).await?;
    let matters = desk.matter_counts(by.book).await?;
    let returned = desk.own_returned(&by, 0, RETURNED_SHOWN).await?;
    let returned = listed(&desk, &by, t, returned).await?;
    let funds = desk.funds(by.book).await?;
    let left = |f: &FundView| {
        (t.name(&f.fund.name, &f.fund.name_en).to_owned(), crate::domain::amount::points(f.left))
    };
    let mut short = show::shortages(t, &funds);
    let standing = desk.issue_standing(by.book).await?;
    short.extend(standing.and_then(|s| show::coverage_words(t, s.with_promised)));
    let funds = funds.iter().map(left).collect();
    let clerk = by.holds(Role::Clerk);
    let unsaid = if clerk { desk.unsaid(&by).await? } else { 0 };
    let alerts = if clerk { desk.open_alerts(by.book).await? } else { 0 };
    Ok(Page(TodayPage {
        chrome: chrome.titled(t.clerk_today()),
        todo,
        claims,
        matters,
        returned,
        funds,
        short,
        unsaid,
        alerts,
        clerk,
    }))
}
