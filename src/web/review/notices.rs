//! Sheets waiting for the second person, and their publication.

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
    domain::ids::NoticeId,
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{Desk, ServiceError, caller::Reviewer},
    text::refusal::refusal_words,
    web::{
        clerk::{
            notices::{Screen, SheetView, sheet_view},
            view::{self, NoticeLine},
        },
        form::{ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Sheets on the page.
const PAGE: i64 = 50;

/// The pages of publication.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/review/notices", get(list))
        .route("/review/notices/{id}", get(one))
        .route("/review/notices/{id}/publish", post(publish))
        .route("/review/notices/{id}/recall", post(recall))
}

#[derive(Template)]
#[template(path = "review/notices.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    notices: Vec<NoticeLine>,
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let rows = desk.notices(by.book, None, i64::MAX, PAGE).await?;
    let notices = rows.iter().map(|n| view::notice_line(t, n)).collect();
    Ok(Page(ListPage { chrome: chrome.titled(t.menu_notices()), notices }))
}

#[derive(Template)]
#[template(path = "review/notice.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    s: SheetView,
    problem: Option<String>,
}

async fn one(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    chrome: Chrome,
    Path(id): Path<NoticeId>,
    Query(asked): Query<Screen>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, id, asked.after, None).await?))
}

async fn build(
    desk: &Desk,
    by: &Reviewer,
    chrome: Chrome,
    id: NoticeId,
    after: Option<i32>,
    problem: Option<String>,
) -> HttpResult<OnePage> {
    let s = sheet_view(desk, by, chrome.t, id).await?.screen(after);
    let title = format!("{} {}", chrome.t.notice_no(s.line.no), s.line.title);
    Ok(OnePage { chrome: chrome.titled(title), s, problem })
}

async fn publish(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<NoticeId>,
    ProtectedForm(_, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let t = chrome.t;
    match desk.publish_notice(&by, id).await {
        Ok(row) => {
            let until = row.closes_at.map(crate::domain::time::Timestamp::minute).unwrap_or_default();
            Ok(see_other(
                &visitor,
                &format!("/review/notices/{id}"),
                Tone::Good,
                &t.notice_published_said(until),
            ))
        }
        Err(ServiceError::Refused(mut refusal)) => {
            for name in ["needed", "available", "shortage"] {
                if let Some(minor) = refusal.facts.get(name).and_then(|v| v.parse().ok()) {
                    refusal.facts.insert(name.to_owned(), crate::domain::amount::points(minor));
                }
            }
            let words = refusal_words(t.lang(), refusal.code, &refusal.facts).1;
            let page = build(&desk, &by, chrome, id, None, Some(words)).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
struct RecallInput {
    #[serde(default)]
    reason: String,
}

async fn recall(
    State(desk): State<Desk>,
    As(by): As<Reviewer>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<NoticeId>,
    ProtectedForm(input, _): ProtectedForm<RecallInput>,
) -> HttpResult<Response> {
    let t = chrome.t;
    match desk.recall_notice(&by, id, &input.reason).await {
        Ok(_) => Ok(see_other(&visitor, &format!("/review/notices/{id}"), Tone::Good, t.recall_done())),
        Err(ServiceError::Refused(refusal)) => {
            let words = refusal_words(t.lang(), refusal.code, &refusal.facts).1;
            let page = build(&desk, &by, chrome, id, None, Some(words)).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}
