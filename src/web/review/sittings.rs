//! The sitting on a member's phone: one line at a time, three big buttons. Who must step back is told why and goes on;
//! the observer watches and signs.

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
        ids::SittingId,
        panel::{Post, Vote},
        time::Day,
    },
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk,
        caller::Reviewer,
        panel::view::{AgendaLine, SittingView},
        refuse,
    },
    store::sitting::SittingRow,
    text::{T, refusal::refusal_words},
    web::{
        clerk::view,
        form::{ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Sittings on the list.
const LISTED: i64 = 30;

/// The pages of members and observers.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/review/sittings", get(list))
        .route("/review/sittings/{id}", get(one))
        .route("/review/sittings/{id}/attend", post(attend))
        .route("/review/sittings/{id}/vote", post(vote))
        .route("/review/sittings/{id}/observe", post(observe))
}

#[derive(Template)]
#[template(path = "review/sittings.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    sittings: Vec<SittingRow>,
    no_panel: bool,
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let sittings = desk.sittings(by.book, i64::MAX, LISTED).await?;
    let no_panel = desk.panel_on(by.book, desk.today()).await?.is_none();
    let title = chrome.t.sittings();
    Ok(Page(ListPage { chrome: chrome.titled(title), sittings, no_panel }))
}

/// What the phone shows of a line.
pub struct Shown {
    /// The award as in lists.
    pub award: view::Line,
    /// Why one steps back.
    pub barred: Option<String>,
}

#[derive(Template)]
#[template(path = "review/sitting.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    s: SittingView,
    today: Day,
    /// The line shown, by its index on the agenda.
    at: usize,
    shown: Option<Shown>,
}

impl OnePage {
    const BALLOTS: [(Vote, &'static str); 3] =
        [(Vote::Yes, "primary"), (Vote::No, "danger"), (Vote::Abstain, "")];

    fn line(&self) -> Option<&AgendaLine> {
        self.s.lines.get(self.at)
    }

    fn begun(&self) -> bool {
        self.today >= self.s.row.sits_on
    }

    fn votes(&self) -> bool {
        self.s.row.is_open() && self.s.present && self.s.post != Some(Post::Observer)
    }

    fn observes(&self) -> bool {
        self.s.row.is_open() && self.s.present && self.s.post == Some(Post::Observer)
    }

    /// Whether there is nothing left to vote on.
    fn done(&self) -> bool {
        self.s.lines.iter().all(|l| l.mine.is_some() || l.barred.is_some())
    }
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    line: Option<i32>,
}

async fn one(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    chrome: Chrome,
    Path(id): Path<SittingId>,
    Query(asked): Query<Asked>,
) -> HttpResult<impl IntoResponse> {
    let s = desk.sitting(&by, id).await?;
    let t = chrome.t;
    let open = |l: &AgendaLine| l.mine.is_none() && l.barred.is_none();
    let at = match asked.line {
        Some(line) => s.lines.iter().position(|l| l.line == line).unwrap_or(0),
        None => s.lines.iter().position(open).unwrap_or(0),
    };
    let shown = s.lines.get(at).map(|l| shown(t, l));
    let title = t.sitting_no(s.row.no);
    Ok(Page(OnePage { chrome: chrome.titled(title), s, today: desk.today(), at, shown }))
}

fn shown(t: T, line: &AgendaLine) -> Shown {
    let barred = line.barred.as_ref().map(|r| refusal_words(t.lang(), r.code, &r.facts).1);
    Shown { award: view::line(t, &line.award), barred }
}

async fn attend(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<SittingId>,
    ProtectedForm(_, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    desk.attend(&by, id).await?;
    let to = format!("/review/sittings/{id}");
    Ok(see_other(&visitor, &to, Tone::Good, chrome.t.sitting_attended()))
}

#[derive(Deserialize)]
struct BallotInput {
    line: i32,
    vote: String,
}

async fn vote(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<SittingId>,
    ProtectedForm(input, _): ProtectedForm<BallotInput>,
) -> HttpResult<Response> {
    let vote: Vote = input.vote.parse().map_err(|_| refuse("bad_form").with("reason", "vote"))?;
    desk.cast_vote(&by, id, input.line, vote).await?;
    let to = format!("/review/sittings/{id}");
    Ok(see_other(&visitor, &to, Tone::Good, chrome.t.sitting_voted()))
}

#[derive(Deserialize)]
struct ObservationInput {
    #[serde(default)]
    remarks: String,
}

async fn observe(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<SittingId>,
    ProtectedForm(input, _): ProtectedForm<ObservationInput>,
) -> HttpResult<Response> {
    desk.observe_sitting(&by, id, &input.remarks).await?;
    let to = format!("/review/sittings/{id}");
    Ok(see_other(&visitor, &to, Tone::Good, chrome.t.sitting_observed()))
}
