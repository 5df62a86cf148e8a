//! The public notice board, for anybody and without signing in: what hangs, masked; an objection without a name and the
//! answer to it. No list of names, nothing to search, and robots are asked to stay away.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    course::CourseView,
    form::{FormState, ProtectedForm},
    market,
    page::{Chrome, Page},
};
use crate::{
    domain::due_process::AwardState,
    http::{AppState, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceResult,
        board::Ticket,
        matter::{MATTERS_PAGE, open::ClosedMatter},
        notice::sheet::{Sheet, SheetLine},
    },
    store::notice::NoticeRow,
};

/// Lines of a sheet on one screen.
const LINES_SHOWN: usize = 50;
/// What robots are told.
const ROBOTS: &str = "User-agent: *\nDisallow: /\n";

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/robots.txt", get(robots))
        .route("/board", get(village))
        .route("/board/{no}", get(list))
        .route("/board/{no}/answers", get(ask).post(answer))
        .route("/board/{no}/appeal", post(appeal))
        .route("/board/{no}/matters", get(matters))
        .route("/board/{no}/{sheet}", get(sheet))
        .route("/board/{no}/{sheet}/{line}", get(object_page).post(object))
}

async fn robots() -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], ROBOTS).into_response()
}

#[derive(Template)]
#[template(path = "board/village.html", config = ".askama.toml")]
struct VillagePage {
    chrome: Chrome,
}

#[derive(Debug, Default, Deserialize)]
struct Which {
    #[serde(default)]
    no: String,
}

async fn village(chrome: Chrome, Query(which): Query<Which>) -> Response {
    match which.no.trim().parse::<i64>().ok() {
        Some(no) => Redirect::to(&format!("/board/{no}")).into_response(),
        None => {
            let title = chrome.t.board_title();
            Page(VillagePage { chrome: chrome.titled(title) }).into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "board/list.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    no: i64,
    sheets: Vec<NoticeRow>,
    /// When counters open next.
    openings: Vec<String>,
}

async fn list(
    State(desk): State<Desk>,
    chrome: Chrome,
    Path(no): Path<i64>,
) -> HttpResult<Page<impl Template>> {
    let book = desk.public_book(no).await?;
    let sheets = desk.hanging(book.book_id).await?;
    let title = chrome.t.board_of(chrome.t.name(&book.name, &book.name_en));
    let openings = market::openings(&desk, book.book_id, chrome.t).await?;
    Ok(Page(ListPage { chrome: chrome.titled(title), no, sheets, openings }))
}

#[derive(Template)]
#[template(path = "board/matters.html", config = ".askama.toml")]
struct MattersPage {
    chrome: Chrome,
    no: i64,
    matters: Vec<ClosedMatter>,
    next: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
struct Earlier {
    /// Numbered below.
    before: Option<i64>,
}

/// What was reported and seen to: nobody's name and nobody's words.
async fn matters(
    State(desk): State<Desk>,
    chrome: Chrome,
    Path(no): Path<i64>,
    Query(asked): Query<Earlier>,
) -> HttpResult<Page<impl Template>> {
    let book = desk.public_book(no).await?.book_id;
    let matters = desk.closed_matters(book, asked.before.unwrap_or(i64::MAX)).await?;
    let full = i64::try_from(matters.len()).is_ok_and(|n| n == MATTERS_PAGE);
    let next = matters.last().filter(|_| full).map(|m| m.no);
    let title = chrome.t.matter_board();
    Ok(Page(MattersPage { chrome: chrome.titled(title), no, matters, next }))
}

#[derive(Template)]
#[template(path = "board/sheet.html", config = ".askama.toml")]
struct SheetPage {
    chrome: Chrome,
    no: i64,
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
struct Screen {
    /// After this line.
    after: Option<i32>,
}

async fn sheet(
    State(desk): State<Desk>,
    chrome: Chrome,
    Path((no, number)): Path<(i64, i64)>,
    Query(asked): Query<Screen>,
) -> HttpResult<Page<impl Template>> {
    let book = desk.public_book(no).await?.book_id;
    let mut sheet = desk.board_sheet(book, number).await?;
    let title = chrome.t.my_sheet_no(number);
    let mut rest = std::mem::take(&mut sheet.lines).into_iter().filter(|l| l.line > asked.after.unwrap_or(0));
    let lines: Vec<SheetLine> = rest.by_ref().take(LINES_SHOWN).collect();
    let next = rest.next().and(lines.last()).map(|l| l.line);
    Ok(Page(SheetPage { chrome: chrome.titled(title), no, sheet, lines, next }))
}

#[derive(Template)]
#[template(path = "board/object.html", config = ".askama.toml")]
struct ObjectPage {
    chrome: Chrome,
    form: FormState,
    no: i64,
    sheet: i64,
    line: SheetLine,
}

async fn object_page(
    State(desk): State<Desk>,
    chrome: Chrome,
    Path((no, sheet, line)): Path<(i64, i64, i32)>,
) -> HttpResult<Page<impl Template>> {
    let book = desk.public_book(no).await?.book_id;
    let (_, line) = desk.board_line(book, sheet, line).await?;
    let title = chrome.t.board_object();
    Ok(Page(ObjectPage { chrome: chrome.titled(title), form: FormState::default(), no, sheet, line }))
}

#[derive(Template)]
#[template(path = "board/ticket.html", config = ".askama.toml")]
struct TicketPage {
    chrome: Chrome,
    no: i64,
    ticket: Ticket,
}

#[derive(Deserialize)]
struct ObjectInput {
    content: String,
}

async fn object(
    State(desk): State<Desk>,
    visitor: Visitor,
    chrome: Chrome,
    Path((no, sheet, line)): Path<(i64, i64, i32)>,
    ProtectedForm(input, form): ProtectedForm<ObjectInput>,
) -> HttpResult<Response> {
    let book = desk.public_book(no).await?.book_id;
    match desk.object_unnamed(book, (sheet, line), &input.content, &visitor.address).await {
        Ok(ticket) => {
            let title = chrome.t.board_taken();
            Ok(Page(TicketPage { chrome: chrome.titled(title), no, ticket }).into_response())
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let (_, line) = desk.board_line(book, sheet, line).await?;
            let title = chrome.t.board_object();
            let page = ObjectPage { chrome: chrome.titled(title), form, no, sheet, line };
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "board/answer.html", config = ".askama.toml")]
struct AnswerPage {
    chrome: Chrome,
    form: FormState,
    no: i64,
    found: Option<CourseView>,
}

/// Number and code, as on the slip of whoever objected.
#[derive(Debug, Deserialize)]
struct TicketInput {
    objection: String,
    ticket: String,
    #[serde(default)]
    content: String,
}

impl TicketInput {
    fn ticket(&self) -> Ticket {
        Ticket { no: self.objection.trim().parse().unwrap_or(0), code: self.ticket.clone() }
    }
}

async fn ask(
    State(desk): State<Desk>,
    chrome: Chrome,
    Path(no): Path<i64>,
) -> HttpResult<Page<impl Template>> {
    desk.public_book(no).await?;
    let title = chrome.t.board_ask();
    Ok(Page(AnswerPage { chrome: chrome.titled(title), form: FormState::default(), no, found: None }))
}

async fn answer(
    State(desk): State<Desk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(no): Path<i64>,
    ProtectedForm(input, form): ProtectedForm<TicketInput>,
) -> HttpResult<Response> {
    let book = desk.public_book(no).await?.book_id;
    let found = desk.unnamed_objection(book, &input.ticket(), &visitor.address).await;
    let (t, now) = (chrome.t, desk.now());
    shown(chrome, form, no, found.map(|file| CourseView::new(t, &file, now)))
}

async fn appeal(
    State(desk): State<Desk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(no): Path<i64>,
    ProtectedForm(input, form): ProtectedForm<TicketInput>,
) -> HttpResult<Response> {
    let book = desk.public_book(no).await?.book_id;
    let done = desk.appeal_unnamed(book, &input.ticket(), &input.content, &visitor.address).await;
    let found = match done {
        Ok(row) => desk.objection_file(book, row.objection_id).await,
        Err(error) => Err(error),
    };
    let (t, now) = (chrome.t, desk.now());
    shown(chrome, form, no, found.map(|file| CourseView::new(t, &file, now)))
}

fn shown(chrome: Chrome, form: FormState, no: i64, found: ServiceResult<CourseView>) -> HttpResult<Response> {
    let t = chrome.t;
    let (form, found, status) = match found {
        Ok(view) => (form, Some(view), StatusCode::OK),
        Err(error) => (form.refused(t, error)?, None, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let title = found.as_ref().map_or_else(|| t.board_ask().to_owned(), |o| t.objection_no(o.no));
    Ok(Page(AnswerPage { chrome: chrome.titled(title), form, no, found }).with_status(status).into_response())
}
