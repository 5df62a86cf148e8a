//! What waits for another person: requests to put hours right, trainings and commendations to be seen.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{number, said};
use crate::{
    domain::{
        ids::{TimeCorrectionId, TimeMeritId},
        timebank::correction::CorrectionState,
    },
    http::{As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, refuse,
        timebank::{correction::CorrectionView, party::Party, view::Someone},
    },
    store::timebank::record::MeritRow,
    web::{
        form::ProtectedForm,
        page::{Chrome, Page},
    },
};

#[derive(Template)]
#[template(path = "time/corrections.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    states: &'static [CorrectionState],
    here: CorrectionState,
    requests: Vec<CorrectionView>,
    /// Whether whoever looks may decide.
    decides: bool,
    merits: Vec<(MeritRow, Someone)>,
}

impl ListPage {
    fn what(&self, r: &CorrectionView) -> String {
        super::activity(self.chrome.t, &r.order.kind, "")
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Listed {
    state: String,
    after: i64,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
    Query(query): Query<Listed>,
) -> HttpResult<impl IntoResponse> {
    let here = query.state.parse().unwrap_or(CorrectionState::Asked);
    let requests = desk.time_corrections(&by, here, query.after).await?;
    let arbiter = by.arbiter().ok();
    let merits = match &arbiter {
        Some(reviewer) => desk.time_merits_waiting(reviewer).await?,
        None => Vec::new(),
    };
    let title = chrome.t.time_right_title();
    Ok(Page(ListPage {
        chrome: chrome.titled(title),
        states: CorrectionState::ALL,
        here,
        requests,
        decides: arbiter.is_some(),
        merits,
    }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WordInput {
    step: String,
    minutes: String,
    words: String,
}

pub(super) async fn decide(
    State(desk): State<Desk>,
    As(by): As<Party>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<TimeCorrectionId>,
    ProtectedForm(input, _): ProtectedForm<WordInput>,
) -> HttpResult<Response> {
    let (t, reviewer) = (chrome.t, by.arbiter()?);
    desk.time_correction(&by, id).await?;
    let done = async {
        match input.step.as_str() {
            "correct" => {
                let right = number(&input.minutes)?;
                desk.correct_time_record(&reviewer, id, right, &input.words).await?;
                Ok(t.time_right_corrected().to_owned())
            }
            "refuse" => {
                desk.refuse_time_correction(&reviewer, id, &input.words).await?;
                Ok(t.time_right_refused().to_owned())
            }
            _ => Err(refuse("bad_form").with("reason", "step").into()),
        }
    };
    said(&visitor, t, "/time/corrections", done.await)
}

pub(super) async fn settle(
    State(desk): State<Desk>,
    As(by): As<Party>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<TimeMeritId>,
    ProtectedForm(input, _): ProtectedForm<WordInput>,
) -> HttpResult<Response> {
    let (t, reviewer) = (chrome.t, by.arbiter()?);
    desk.time_merit(&reviewer, id).await?;
    let done = async {
        let agrees = match input.step.as_str() {
            "agree" => true,
            "refuse" => false,
            _ => return Err(refuse("bad_form").with("reason", "step").into()),
        };
        desk.settle_time_merit(&reviewer, id, agrees, &input.words).await?;
        Ok(t.time_record_done().to_owned())
    };
    said(&visitor, t, "/time/corrections", done.await)
}
