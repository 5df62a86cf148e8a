//! Notices: what is in notice of one's own, the village's sheets (masked), and raising an objection.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        due_process::AwardState,
        ids::{AwardId, NoticeId},
    },
    http::{As, HttpError, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceError,
        caller::Resident,
        notice::sheet::{Sheet, SheetLine},
        objection::Objector,
        statement::AwardView,
    },
    store::notice::NoticeRow,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Lines of a sheet on one screen.
const LINES_SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "my/notices.html", config = ".askama.toml")]
struct NoticesPage {
    chrome: Chrome,
    mine: Vec<AwardView>,
    sheets: Vec<NoticeRow>,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let mut mine = desk.own_holdings(&by).await?.pending;
    mine.retain(AwardView::is_in_notice);
    let sheets = desk.hanging(by.book).await?;
    let title = chrome.t.my_notices();
    Ok(Page(NoticesPage { chrome: chrome.titled(title), mine, sheets }))
}

#[derive(Template)]
#[template(path = "my/sheet.html", config = ".askama.toml")]
struct SheetPage {
    chrome: Chrome,
    sheet: Sheet,
    /// The lines of this screen.
    lines: Vec<SheetLine>,
    /// The last of them, if more follow.
    next: Option<i32>,
}

impl SheetPage {
    /// Whether an objection can still be raised to a line.
    fn is_open(&self, line: &SheetLine) -> bool {
        matches!(line.state, AwardState::InNotice | AwardState::Objected)
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Screen {
    /// After this line.
    after: Option<i32>,
}

pub(super) async fn sheet(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
    Path(id): Path<NoticeId>,
    Query(asked): Query<Screen>,
) -> HttpResult<impl IntoResponse> {
    let mut sheet = desk.hanging_sheet(by.book, id).await?;
    let title = chrome.t.my_sheet_no(sheet.notice.no);
    let mut rest = std::mem::take(&mut sheet.lines).into_iter().filter(|l| l.line > asked.after.unwrap_or(0));
    let lines: Vec<SheetLine> = rest.by_ref().take(LINES_SHOWN).collect();
    let next = rest.next().and(lines.last()).map(|l| l.line);
    Ok(Page(SheetPage { chrome: chrome.titled(title), sheet, lines, next }))
}

#[derive(Template)]
#[template(path = "my/object.html", config = ".askama.toml")]
struct ObjectPage {
    chrome: Chrome,
    form: FormState,
    award: AwardId,
    notice: NoticeId,
    line: SheetLine,
}

#[derive(Deserialize)]
pub(super) struct OnSheet {
    notice: NoticeId,
}

async fn line_of(desk: &Desk, by: &Resident, notice: NoticeId, award: AwardId) -> HttpResult<SheetLine> {
    let sheet = desk.hanging_sheet(by.book, notice).await?;
    let found = sheet.lines.into_iter().find(|l| l.award == award);
    found.ok_or_else(|| HttpError::from(ServiceError::NotFound("award")))
}

pub(super) async fn object_page(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
    Path(award): Path<AwardId>,
    Query(on): Query<OnSheet>,
) -> HttpResult<impl IntoResponse> {
    let line = line_of(&desk, &by, on.notice, award).await?;
    let title = chrome.t.my_object();
    let form = FormState::default();
    Ok(Page(ObjectPage { chrome: chrome.titled(title), form, award, notice: on.notice, line }))
}

#[derive(Deserialize)]
pub(super) struct ObjectInput {
    notice: NoticeId,
    content: String,
}

pub(super) async fn object(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Resident>,
    chrome: Chrome,
    Path(award): Path<AwardId>,
    ProtectedForm(input, form): ProtectedForm<ObjectInput>,
) -> HttpResult<Response> {
    let line = line_of(&desk, &by, input.notice, award).await?;
    match desk.object(&Objector::Resident(*by), award, &input.content).await {
        Ok(row) => {
            let to = format!("/my/objections/{}", row.id);
            Ok(see_other(&visitor, &to, Tone::Good, &chrome.t.my_objection_taken(row.no)))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let title = chrome.t.my_object();
            let page = ObjectPage { chrome: chrome.titled(title), form, award, notice: input.notice, line };
            Ok(Page(page).with_status(StatusCode::CONFLICT).into_response())
        }
    }
}
