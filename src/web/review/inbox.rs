//! The review inbox (初审箱): many with one word, or one after a closer look.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;

use crate::{
    domain::{
        due_process::{AwardState, ReviewStep},
        ids::AwardId,
    },
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk,
        award::{lists::Todo, review::Verdict},
        caller::Reviewer,
        refuse,
    },
    text::refusal::refusal_words,
    web::{
        clerk::{
            award::{AwardView, load},
            view::{self, Line},
        },
        form::{ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Awards on one page.
const PAGE: i64 = 50;

/// The pages of the inbox.
pub fn routes() -> Router<AppState> {
    Router::new().route("/review", get(inbox).post(bulk)).route("/review/awards/{id}", get(one).post(decide))
}

#[derive(Debug, Default, Deserialize)]
struct Listed {
    after: Option<i64>,
    #[serde(default)]
    step: String,
}

#[derive(Template)]
#[template(path = "review/inbox.html", config = ".askama.toml")]
struct InboxPage {
    chrome: Chrome,
    /// The steps of whoever looks.
    steps: Vec<ReviewStep>,
    /// The one that is shown.
    step: Option<ReviewStep>,
    lines: Vec<Line>,
    next: Option<i64>,
    todo: Todo,
}

impl InboxPage {
    /// How many wait at a step in the whole village.
    fn waiting(&self, step: &ReviewStep) -> i64 {
        let place = usize::try_from(step.place()).unwrap_or(usize::MAX);
        self.todo.steps.get(place).copied().unwrap_or(0)
    }

    /// Where a step is worked off.
    fn door(step: &ReviewStep) -> String {
        match step {
            ReviewStep::Panel => "/review/sittings".to_owned(),
            step => format!("/review?step={}", step.as_str()),
        }
    }
}

async fn inbox(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    chrome: Chrome,
    Query(query): Query<Listed>,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let steps = desk.own_steps(&by).await?;
    let asked = query.step.parse::<ReviewStep>().ok();
    let step = asked.or_else(|| steps.iter().copied().find(|step| *step != ReviewStep::Panel));
    let awards = desk.review_inbox(&by, step, query.after.unwrap_or(0), PAGE).await?;
    let full = i64::try_from(awards.len()).unwrap_or(0) == PAGE;
    let next = awards.last().map(|a| a.no).filter(|_| full);
    let lines = view::listed(&desk, &by, t, awards).await?;
    let todo = desk.todo(by.book).await?;
    Ok(Page(InboxPage { chrome: chrome.titled(t.menu_review()), steps, step, lines, next, todo }))
}

fn verdict(text: &str) -> HttpResult<Verdict> {
    match text {
        "approve" => Ok(Verdict::Approve),
        "return" => Ok(Verdict::Return),
        "reject" => Ok(Verdict::Reject),
        _ => Err(refuse("bad_form").with("reason", "verdict").into()),
    }
}

async fn bulk(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(fields, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let one = |name: &str| fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let ids: Vec<AwardId> =
        fields.iter().filter(|(n, _)| n == "id").filter_map(|(_, v)| v.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(see_other(&visitor, "/review", Tone::Bad, t.review_none_chosen()));
    }
    let reviewed = desk.review_awards(&by, &ids, verdict(one("verdict"))?, one("reason")).await?;
    let done = reviewed.iter().filter(|r| r.result.is_ok()).count();
    let refused = reviewed.iter().find_map(|r| r.result.as_ref().err());
    match refused {
        None => Ok(see_other(&visitor, "/review", Tone::Good, &t.review_done(done))),
        Some(first) => {
            let why = refusal_words(t.lang(), first.code, &first.facts).1;
            let said = t.review_partly(done, reviewed.len() - done, why);
            Ok(see_other(&visitor, "/review", Tone::Info, &said))
        }
    }
}

#[derive(Template)]
#[template(path = "review/award.html", config = ".askama.toml")]
struct AwardPage {
    chrome: Chrome,
    a: AwardView,
    recorded: bool,
}

async fn one(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    chrome: Chrome,
    Path(id): Path<AwardId>,
) -> HttpResult<impl IntoResponse> {
    let a = load(&desk, &by, chrome.t, id).await?;
    let recorded = a.why.state == AwardState::Recorded;
    let title = chrome.t.award_no(a.line.no);
    Ok(Page(AwardPage { chrome: chrome.titled(title), a, recorded }))
}

#[derive(Deserialize)]
struct DecideInput {
    verdict: String,
    #[serde(default)]
    reason: String,
}

async fn decide(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<AwardId>,
    ProtectedForm(input, _): ProtectedForm<DecideInput>,
) -> HttpResult<Response> {
    desk.review_award(&by, id, verdict(&input.verdict)?, &input.reason).await?;
    Ok(see_other(&visitor, "/review", Tone::Good, &chrome.t.review_done(1)))
}
