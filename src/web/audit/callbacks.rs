//! Random call-backs: the list of a month with its seed, and writing down what a household says. Points are never moved
//! from here.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;

use super::fairness::{MonthAsked, month_of, month_text};
use crate::{
    domain::{callback::Answer, canonical::hex, ids::CallBackId},
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk,
        callback::{CallBack, Draw, PAGE},
        caller::Auditor,
        refuse,
    },
    web::{
        chart::{Bars, Mark},
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/audit/call-backs", get(list).post(draw))
        .route("/audit/call-backs/{id}", get(one).post(answer))
}

#[derive(Template)]
#[template(path = "audit/callbacks.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    form: FormState,
    month: String,
    drawn: Option<Draw>,
    items: Vec<CallBack>,
    next: Option<i32>,
}

impl ListPage {
    fn seed(draw: &Draw) -> String {
        hex(&draw.row.seed)
    }

    fn class(item: &CallBack) -> &'static str {
        match item.answer() {
            Some(Answer::Confirmed) => "good",
            Some(Answer::Denied) => "bad",
            Some(Answer::NotReached) | None => "warn",
        }
    }

    fn chart(&self, draw: &Draw) -> Bars {
        let t = self.chrome.t;
        let each = [None, Some(Answer::Confirmed), Some(Answer::Denied), Some(Answer::NotReached)];
        let mark = |answer: Option<Answer>| {
            let value = draw.standing.iter().find(|(a, _)| *a == answer).map_or(0, |(_, many)| *many);
            let label = t.call_back_answer(answer).to_owned();
            Mark { label, tick: String::new(), value, text: value.to_string() }
        };
        Bars {
            title: t.callback_chart().to_owned(),
            heads: (t.callback_answer().to_owned(), t.fair_line_count().to_owned()),
            marks: each.into_iter().map(mark).collect(),
            limit: None,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    month: String,
    after: Option<i32>,
}

async fn build(
    desk: &Desk,
    by: &Auditor,
    chrome: Chrome,
    asked: &Asked,
    form: FormState,
) -> HttpResult<ListPage> {
    let first = month_of(desk, &asked.month)?;
    let drawn = desk.call_back_draw(by, first).await?;
    let items = desk.call_backs(by, first, asked.after.unwrap_or(0)).await?;
    let full = i64::try_from(items.len()).is_ok_and(|n| n == PAGE);
    let next = items.last().filter(|_| full).map(|c| c.row.place);
    let title = chrome.t.callback_title();
    Ok(ListPage { chrome: chrome.titled(title), form, month: month_text(first), drawn, items, next })
}

async fn list(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, &asked, FormState::default()).await?))
}

async fn draw(
    State(desk): State<Desk>,
    by: As<Auditor>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<MonthAsked>,
) -> HttpResult<Response> {
    let first = month_of(&desk, &input.month)?;
    match desk.draw_call_backs(&by, first).await {
        Ok(row) => {
            let to = format!("/audit/call-backs?month={}", month_text(first));
            Ok(see_other(&visitor, &to, Tone::Good, &chrome.t.callback_drawn(row.awards)))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let asked = Asked { month: input.month, after: None };
            let page = build(&desk, &by, chrome, &asked, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "audit/callback.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    form: FormState,
    c: CallBack,
    phones: Vec<String>,
    month: String,
}

impl OnePage {
    fn denied(&self) -> bool {
        self.c.answer() == Some(Answer::Denied)
    }
}

async fn build_one(
    desk: &Desk,
    by: &Auditor,
    chrome: Chrome,
    id: CallBackId,
    form: FormState,
) -> HttpResult<OnePage> {
    let (c, phones) = desk.call_back(by, id).await?;
    let title = chrome.t.callback_no(c.row.place);
    let month = month_text(c.row.month);
    Ok(OnePage { chrome: chrome.titled(title), form, c, phones, month })
}

async fn one(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Path(id): Path<CallBackId>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build_one(&desk, &by, chrome, id, FormState::default()).await?))
}

#[derive(Deserialize)]
struct AnswerInput {
    answer: String,
    #[serde(default)]
    words: String,
}

async fn answer(
    State(desk): State<Desk>,
    by: As<Auditor>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<CallBackId>,
    ProtectedForm(input, form): ProtectedForm<AnswerInput>,
) -> HttpResult<Response> {
    let found: Answer = input.answer.parse().map_err(|_| refuse("bad_form").with("reason", "answer"))?;
    match desk.answer_call_back(&by, id, found, &input.words).await {
        Ok(()) => {
            let to = format!("/audit/call-backs/{id}");
            Ok(see_other(&visitor, &to, Tone::Good, chrome.t.callback_saved()))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let page = build_one(&desk, &by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
