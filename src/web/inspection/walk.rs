//! What somebody who looks has in their hand: their rounds, and the households of one of them on one page, which goes
//! on without a line. What it needs of the village it holds as text: with 1,155 households it weighs less than a photo.

use askama::Template;
use axum::{Router, extract::State, response::IntoResponse, routing::get};

use crate::{
    domain::{
        ids::{RoundId, UserId},
        inspection::RoundState,
    },
    http::{AppState, As, HttpResult, Path},
    service::{
        Desk, ServiceError,
        caller::{Role, Staff},
        inspection::looks::{Home, Walk},
    },
    store::inspection::RoundRow,
    web::page::{Chrome, Page},
};

/// The pages of those who look.
pub fn routes() -> Router<AppState> {
    Router::new().route("/inspections", get(list)).route("/inspections/{id}", get(walk))
}

#[derive(Template)]
#[template(path = "inspection/own.html", config = ".askama.toml")]
struct OwnPage {
    chrome: Chrome,
    who: UserId,
    rounds: Vec<(RoundRow, RoundState)>,
    clerk: bool,
}

async fn list(State(desk): State<Desk>, As(by): As<Staff>, chrome: Chrome) -> HttpResult<impl IntoResponse> {
    let mut rounds = Vec::new();
    for row in desk.own_rounds(&by).await? {
        let state = row.state().map_err(ServiceError::from)?;
        rounds.push((row, state));
    }
    let title = chrome.t.rounds();
    Ok(Page(OwnPage { chrome: chrome.titled(title), who: by.user, rounds, clerk: by.holds(Role::Clerk) }))
}

#[derive(Template)]
#[template(path = "inspection/walk.html", config = ".askama.toml")]
struct WalkPage {
    chrome: Chrome,
    who: UserId,
    w: Walk,
    state: RoundState,
    third: bool,
    /// One household a line, its parts between tabs.
    roll: String,
    /// One group a line.
    groups: String,
}

async fn walk(
    State(desk): State<Desk>,
    As(by): As<Staff>,
    chrome: Chrome,
    Path(id): Path<RoundId>,
) -> HttpResult<impl IntoResponse> {
    let w = desk.walk(&by, id).await?;
    let state = w.row.state().map_err(ServiceError::from)?;
    let chrome = {
        let title = chrome.t.round_no(w.row.no);
        chrome.titled(title)
    };
    let (roll, groups) = (roll(&w.homes), w.groups.join("\n"));
    Ok(Page(WalkPage { chrome, who: by.user, third: w.third, state, roll, groups, w }))
}

impl WalkPage {
    /// Whether looks are taken.
    fn open(&self) -> bool {
        self.state == RoundState::Open
    }
}

/// `H0001⇥张建国⇥zjg⇥0`, and once looked at what was found: `⇥A1`, or `⇥-` for nothing.
fn roll(homes: &[Home]) -> String {
    let line = |home: &Home| {
        let marks = match &home.marks {
            None => String::new(),
            Some(marks) if marks.iter().next().is_none() => "\t-".to_owned(),
            Some(marks) => format!("\t{marks}"),
        };
        format!("{}\t{}\t{}\t{}{marks}", home.no, home.head, home.initials, home.group)
    };
    homes.iter().map(line).collect::<Vec<_>>().join("\n")
}
