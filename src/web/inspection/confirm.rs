//! What a round came to, on the clerk's pages: tried out, put on record, and households reminded of what was found wrong.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;

use super::clerk::{Nothing, settled};
use crate::{
    domain::{amount::points, ids::RoundId, inspection::RoundState, lang::Lang},
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{
        Desk, Refusal,
        caller::Clerk,
        inspection::{confirm::LineAnswer, faults::FaultAnswer},
    },
    text::refusal::refusal_words,
    web::{
        clerk::record::day,
        form::{FormState, ProtectedForm},
        page::{Chrome, Page},
    },
};

/// Lines that were refused shown on one page.
const REFUSED_SHOWN: usize = 200;

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/inspections/{id}/preview", post(preview))
        .route("/clerk/inspections/{id}/confirm", post(confirm))
        .route("/clerk/inspections/{id}/remind", post(remind))
}

#[derive(Template)]
#[template(path = "inspection/result.html", config = ".askama.toml")]
struct ResultPage {
    chrome: Chrome,
    id: RoundId,
    /// Whether it was only tried.
    tried: bool,
    /// Whether the round is still to be confirmed.
    closed: bool,
    /// Item by item: code, recorded, points, refused.
    items: Vec<(String, usize, String, usize)>,
    /// Household and item, and why not.
    refused: Vec<(String, String)>,
    more: usize,
}

/// Why a line was refused.
fn why(lang: Lang, refusal: &Refusal) -> String {
    let own = if lang == Lang::Zh { "reason_zh" } else { "reason_en" };
    let said = refusal.facts.get(own).cloned();
    said.unwrap_or_else(|| refusal_words(lang, refusal.code, &refusal.facts).1)
}

impl ResultPage {
    fn of(chrome: Chrome, id: RoundId, (tried, closed): (bool, bool), answers: Vec<LineAnswer>) -> Self {
        let mut items: Vec<(String, usize, i64, usize)> = Vec::new();
        let (mut refused, mut more) = (Vec::new(), 0);
        for LineAnswer { line, answer } in answers {
            if !items.iter().any(|(code, ..)| *code == line.item) {
                items.push((line.item.clone(), 0, 0, 0));
            }
            let Some((_, done, sum, out)) = items.iter_mut().find(|(code, ..)| *code == line.item) else {
                continue;
            };
            match answer {
                Ok(award) => (*done, *sum) = (*done + 1, *sum + award.points),
                Err(refusal) => {
                    *out += 1;
                    if refused.len() < REFUSED_SHOWN {
                        let line = format!("{} {} · {}", line.no, line.head, line.item);
                        refused.push((line, why(chrome.t.lang(), &refusal)));
                    } else {
                        more += 1;
                    }
                }
            }
        }
        let items = items.into_iter().map(|(code, done, sum, out)| (code, done, points(sum), out)).collect();
        let title = chrome.t.rounds();
        Self { chrome: chrome.titled(title), id, tried, closed, items, refused, more }
    }
}

async fn preview(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<RoundId>,
    ProtectedForm(_, form): ProtectedForm<Nothing>,
) -> HttpResult<Response> {
    result((&desk, &by, id), &visitor, chrome, form, true).await
}

async fn confirm(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<RoundId>,
    ProtectedForm(_, form): ProtectedForm<Nothing>,
) -> HttpResult<Response> {
    result((&desk, &by, id), &visitor, chrome, form, false).await
}

/// What the round comes to, tried or done.
async fn result(
    (desk, by, id): (&Desk, &Clerk, RoundId),
    visitor: &Visitor,
    chrome: Chrome,
    form: FormState,
    tried: bool,
) -> HttpResult<Response> {
    let done = if tried { desk.preview_round(by, id).await } else { desk.confirm_round(by, id).await };
    match done {
        Ok(answers) => {
            let closed = desk.round(by, id).await?.state == RoundState::Closed;
            Ok(Page(ResultPage::of(chrome, id, (tried, closed), answers)).into_response())
        }
        Err(error) => settled((desk, by, id), visitor, chrome, form, Err(error)).await,
    }
}

#[derive(Template)]
#[template(path = "inspection/reminded.html", config = ".askama.toml")]
struct RemindedPage {
    chrome: Chrome,
    id: RoundId,
    done: usize,
    /// Household and item, and why not.
    refused: Vec<(String, String)>,
}

impl RemindedPage {
    fn of(chrome: Chrome, id: RoundId, answers: &[FaultAnswer]) -> Self {
        let lang = chrome.t.lang();
        let line = |FaultAnswer { fault, answer }: &FaultAnswer| {
            let refusal = answer.as_ref().err()?;
            Some((format!("{} {} · {}", fault.no, fault.head, fault.item), why(lang, refusal)))
        };
        let refused: Vec<(String, String)> = answers.iter().filter_map(line).collect();
        let done = answers.iter().filter(|one| one.answer.is_ok()).count();
        let title = chrome.t.round_faults();
        Self { chrome: chrome.titled(title), id, done, refused }
    }
}

#[derive(Deserialize)]
struct RemindInput {
    #[serde(default)]
    fix_by: String,
}

async fn remind(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<RoundId>,
    ProtectedForm(input, form): ProtectedForm<RemindInput>,
) -> HttpResult<Response> {
    let done = match day(&input.fix_by) {
        Ok(fix_by) => desk.remind_faults(&by, id, fix_by).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(answers) => Ok(Page(RemindedPage::of(chrome, id, &answers)).into_response()),
        Err(error) => settled((&desk, &by, id), &visitor, chrome, form, Err(error)).await,
    }
}
