//! Reversals waiting for the second person.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    domain::ids::ReversalId,
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{Desk, ServiceError, ServiceResult, caller::Reviewer, correction::Right, refuse},
    web::{
        clerk::{
            record::refused,
            reversals::{ReversalLine, all},
        },
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// The pages of reversals.
pub fn routes() -> Router<AppState> {
    Router::new().route("/review/reversals", get(list)).route("/review/reversals/{id}", post(decide))
}

#[derive(Template)]
#[template(path = "review/reversals.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    form: FormState,
    reversals: Vec<ReversalLine>,
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, FormState::default()).await?))
}

async fn build(desk: &Desk, by: &Reviewer, chrome: Chrome, form: FormState) -> HttpResult<ListPage> {
    let reversals = all(desk, by, chrome.t).await?;
    let title = chrome.t.reversals();
    Ok(ListPage { chrome: chrome.titled(title), form, reversals })
}

#[derive(Deserialize)]
struct DecideInput {
    decision: String,
    #[serde(default)]
    words: String,
    /// What is right, when it is put right in the same act.
    #[serde(default)]
    points: String,
    #[serde(default)]
    honor: String,
}

async fn decide(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ReversalId>,
    ProtectedForm(input, form): ProtectedForm<DecideInput>,
) -> HttpResult<Response> {
    let done = match input.decision.as_str() {
        "approve" => desk.approve_reversal(&by, id, &input.words).await.map(drop),
        "correct" => correct(&desk, &by, id, &input).await,
        "refuse" => desk.refuse_reversal(&by, id, &input.words).await,
        _ => return Err(refuse("bad_form").with("reason", "decision").into()),
    };
    match done {
        Ok(()) => Ok(see_other(&visitor, "/review/reversals", Tone::Good, chrome.t.reversal_decided())),
        Err(ServiceError::Refused(mut refusal)) => {
            for name in ["needed", "available", "shortage"] {
                if let Some(minor) = refusal.facts.get(name).and_then(|v| v.parse().ok()) {
                    refusal.facts.insert(name.to_owned(), crate::domain::amount::points(minor));
                }
            }
            let form = refused(form, chrome.t, refusal.into())?;
            let page = build(&desk, &by, chrome, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

async fn correct(desk: &Desk, by: &Reviewer, id: ReversalId, input: &DecideInput) -> ServiceResult<()> {
    let right = Right::read(&input.points, &input.honor)?;
    desk.correct_posting(by, id, &right, &input.words).await.map(drop)
}
