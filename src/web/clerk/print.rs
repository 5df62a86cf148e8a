//! The notice on paper: A4 or A3, at least 16 pt, one sheet a group, the head of the ledger at its foot.

use askama::Template;
use axum::{Router, extract::State, response::IntoResponse, routing::get};
use serde::Deserialize;

use super::notices::{SheetRow, SheetView, sheet_view};
use crate::{
    domain::ids::NoticeId,
    http::{AppState, As, HttpResult, Path, Query},
    service::{
        Desk, ServiceError,
        caller::{Role, Staff},
    },
    web::page::{Chrome, Page},
};

/// `/clerk/notices/{id}/print`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/clerk/notices/{id}/print", get(print))
}

/// The lines of one group, on a page of their own.
struct GroupSheet {
    group: String,
    rows: Vec<SheetRow>,
}

#[derive(Template)]
#[template(path = "print/notice.html", config = ".askama.toml")]
struct PrintPage {
    chrome: Chrome,
    s: SheetView,
    groups: Vec<GroupSheet>,
    printed_on: String,
    /// Where whoever prints it came from.
    back: String,
    /// On A3 rather than A4.
    large: bool,
}

/// On which paper.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    paper: String,
}

async fn print(
    State(desk): State<Desk>,
    As(by): As<Staff>,
    chrome: Chrome,
    Path(id): Path<NoticeId>,
    Query(asked): Query<Asked>,
) -> HttpResult<impl IntoResponse> {
    if ![Role::Clerk, Role::Reviewer, Role::Township, Role::Auditor].iter().any(|r| by.holds(*r)) {
        return Err(ServiceError::NotAllowed.into());
    }
    let t = chrome.t;
    let mut s = sheet_view(&desk, &by, t, id).await?;
    let mut groups: Vec<GroupSheet> = Vec::new();
    for row in std::mem::take(&mut s.rows) {
        match groups.iter_mut().find(|g| g.group == row.group) {
            Some(found) => found.rows.push(row),
            None => groups.push(GroupSheet { group: row.group.clone(), rows: vec![row] }),
        }
    }
    let printed_on = desk.today().to_string();
    let back = if by.holds(Role::Clerk) {
        format!("/clerk/notices/{id}")
    } else if by.holds(Role::Auditor) {
        "/audit".to_owned()
    } else {
        format!("/review/notices/{id}")
    };
    let chrome = chrome.titled(t.notice_no(s.line.no));
    let large = asked.paper == "a3";
    Ok(Page(PrintPage { chrome, s, groups, printed_on, back, large }))
}
