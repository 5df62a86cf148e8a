//! Notice sheets: put together, shown masked, withdrawn or taken down.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    chat::{Chat, chats},
    recall::{Recall, recall, to_recall},
    record::refused,
    view::{self, Badge, NoticeLine},
};
use crate::{
    domain::{
        amount,
        ids::{BookId, NoticeId, OrgId},
        notice::NoticeState,
        tlog::{Checkpoint, checkpoint::origin},
    },
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceResult,
        caller::{Clerk, Role, Staff},
        notice::{NewNotice, sheet::Sheet},
        refuse,
    },
    store::notice::NoticeRow,
    text::T,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Sheets on one page.
const PAGE: i64 = 30;
/// Lines of a sheet on one page.
const LINES_SHOWN: usize = 60;

/// The pages of notices.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/notices", get(list).post(compile))
        .route("/clerk/notices/{id}", get(one))
        .route("/clerk/notices/{id}/withdraw", post(withdraw))
        .route("/clerk/notices/{id}/take-down", post(take_down))
}

struct Named {
    value: String,
    name: String,
}

#[derive(Debug, Default, Deserialize)]
struct Listed {
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "clerk/notices.html", config = ".askama.toml")]
struct NoticesPage {
    chrome: Chrome,
    form: FormState,
    notices: Vec<NoticeLine>,
    next: Option<i64>,
    approved: i64,
    groups: Vec<Named>,
    funds: Vec<Named>,
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    chrome: Chrome,
    Query(query): Query<Listed>,
) -> HttpResult<impl IntoResponse> {
    let form = FormState::default().with("title", chrome.t.notice_title_of(desk.today()));
    Ok(Page(build(&desk, &by, chrome, form, query.before).await?))
}

async fn build(
    desk: &Desk,
    by: &Clerk,
    chrome: Chrome,
    form: FormState,
    before: Option<i64>,
) -> HttpResult<NoticesPage> {
    let t = chrome.t;
    let rows = desk.notices(by.book, None, before.unwrap_or(i64::MAX), PAGE).await?;
    let full = i64::try_from(rows.len()).unwrap_or(0) == PAGE;
    let next = rows.last().map(|n| n.no).filter(|_| full);
    let approved = desk.todo(by.book).await?.approved;
    let places = desk.places(by).await?;
    let groups = places
        .iter()
        .filter(|p| p.kind == "group")
        .map(|p| Named { value: p.id.to_string(), name: p.name.clone() })
        .collect();
    let mut funds = desk.funds(by.book).await?;
    // the one that can pay comes first
    funds.sort_by_key(|f| std::cmp::Reverse(f.left));
    let funds = funds
        .iter()
        .map(|f| {
            let left = t.points_left(amount::points(f.left));
            Named {
                value: f.fund.code.clone(),
                name: format!("{} · {left}", t.name(&f.fund.name, &f.fund.name_en)),
            }
        })
        .collect();
    Ok(NoticesPage {
        notices: rows.iter().map(|n| view::notice_line(t, n)).collect(),
        chrome: chrome.titled(t.menu_notices()),
        form,
        next,
        approved,
        groups,
        funds,
    })
}

#[derive(Deserialize)]
struct CompileInput {
    title: String,
    #[serde(default)]
    group: String,
    fund: String,
    #[serde(default)]
    days: String,
}

async fn compile(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<CompileInput>,
) -> HttpResult<Response> {
    let done = match new_notice(&input) {
        Ok(new) => desk.compile_notice(&by, &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(row) => {
            let said = chrome.t.notice_compiled_said(row.no, row.lines);
            Ok(see_other(&visitor, &format!("/clerk/notices/{}", row.id), Tone::Good, &said))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, form, None).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn new_notice(input: &CompileInput) -> ServiceResult<NewNotice> {
    let group: Option<OrgId> = match input.group.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| refuse("group_missing"))?),
    };
    let days = match input.days.trim() {
        "" => None,
        days => Some(days.parse().map_err(|_| refuse("bad_number").with("text", days))?),
    };
    Ok(NewNotice { title: input.title.clone(), group, fund: input.fund.clone(), days })
}

/// A line of a sheet, as text.
pub struct SheetRow {
    /// Its place.
    pub line: i32,
    /// The award.
    pub award: String,
    /// Group.
    pub group: String,
    /// Household number and masked head, or "one household" beside a deduction.
    pub who: String,
    /// The masked head alone, for what leaves the village.
    pub name: String,
    /// The item.
    pub item: String,
    /// What it gives.
    pub amount: String,
    /// The day.
    pub day: String,
    /// Entered late.
    pub late: bool,
    /// The state.
    pub badge: Badge,
}

/// A sheet, ready for a page or for paper.
pub struct SheetView {
    /// As in lists.
    pub line: NoticeLine,
    /// Where it hangs.
    pub place: String,
    /// Whose sheet it is.
    pub village: String,
    /// The number of that village's programme.
    pub village_no: i64,
    /// Days and how they are counted.
    pub term: String,
    /// The fund.
    pub fund: String,
    /// Its lines.
    pub rows: Vec<SheetRow>,
    /// Points of all lines.
    pub total: String,
    /// The digest, in hex.
    pub digest: String,
    /// Transactions in the book when it was published, and the root of the log.
    pub head: String,
    /// The same in words, with origin and day.
    pub head_words: String,
    /// Who put it together.
    pub compiled_by: String,
    /// Who published it.
    pub published_by: String,
    /// Whether the viewer may publish it.
    pub to_publish: bool,
    /// Its recall, if it was recalled.
    pub recall: Option<Recall>,
    /// Whether the viewer may recall it.
    pub to_recall: bool,
    /// The last line shown, if more follow.
    pub next: Option<i32>,
}

impl SheetView {
    /// The lines of one screen, from the one after `after` on: a village's sheet can have a thousand.
    #[must_use]
    pub fn screen(mut self, after: Option<i32>) -> Self {
        let lines = std::mem::take(&mut self.rows);
        let mut lines = lines.into_iter().filter(|r| r.line > after.unwrap_or(0));
        self.rows = lines.by_ref().take(LINES_SHOWN).collect();
        self.next = lines.next().and(self.rows.last()).map(|r| r.line);
        self
    }
}

/// Where a screen of a sheet begins.
#[derive(Debug, Default, Deserialize)]
pub struct Screen {
    /// After this line.
    pub after: Option<i32>,
}

/// A sheet in the reader's language.
pub async fn sheet_view(desk: &Desk, by: &Staff, t: T, id: NoticeId) -> ServiceResult<SheetView> {
    let sheet = desk.sheet(by.book, id).await?;
    let n = &sheet.notice;
    let compiled_by = desk.actor_name(&n.compiled_by).await?;
    let published_by = match &n.published_by {
        Some(actor) => desk.actor_name(actor).await?,
        None => String::new(),
    };
    let days = if n.mode == "working" { t.working_days(n.days) } else { t.calendar_days(n.days) };
    let to_publish = n.state == NoticeState::Compiled.as_str() && n.compiled_by != by.actor().to_string();
    Ok(SheetView {
        line: view::notice_line(t, n),
        place: t.notice_board(sheet.group.as_ref().unwrap_or(&sheet.village)),
        village: sheet.village.clone(),
        village_no: sheet.village_no,
        term: days,
        fund: t.name(&sheet.fund.name, &sheet.fund.name_en).to_owned(),
        rows: rows(t, &sheet),
        total: amount::points(sheet.points()),
        digest: hex(n.digest.as_deref().unwrap_or_default()),
        head: n
            .head_size
            .map(|size| format!("{size} · {}", hex(n.head_root.as_deref().unwrap_or_default())))
            .unwrap_or_default(),
        head_words: head_words(t, by.book, n),
        compiled_by: t.who(compiled_by),
        published_by: t.who(published_by),
        to_publish,
        recall: recall(desk, t, n).await?,
        to_recall: to_recall(by, n, desk.now()),
        next: None,
    })
}

/// The head of the log on the day of the sheet, short enough to be compared by eye.
fn head_words(t: T, book: BookId, n: &NoticeRow) -> String {
    let root = n.head_root.as_deref().and_then(|root| root.try_into().ok());
    match (n.head_size, root, n.published_at) {
        (Some(size), Some(root), Some(at)) => {
            let size = u64::try_from(size).unwrap_or(0);
            let head = Checkpoint { origin: origin(book), size, root };
            t.print_head(&head.origin, size, head.short_root(), at.day())
        }
        _ => String::new(),
    }
}

fn rows(t: T, sheet: &Sheet) -> Vec<SheetRow> {
    sheet
        .lines
        .iter()
        .map(|l| SheetRow {
            line: l.line,
            award: l.award.to_string(),
            group: l.group.clone(),
            who: match (&l.household_no, &l.head) {
                (Some(no), Some(head)) => format!("{no} {head}"),
                (Some(no), None) => no.clone(),
                _ => t.some_household().to_owned(),
            },
            name: l.head.clone().unwrap_or_else(|| t.some_household().to_owned()),
            item: format!("{} {}", l.item, l.name.get(t.lang())),
            amount: view::amounts(t, l.points, l.honor, l.minutes),
            day: l.occurred_on.to_string(),
            late: l.late,
            badge: match sheet.notice.recalled_at {
                Some(_) => Badge { word: t.notice_recalled(), class: "bad" },
                None => view::line_badge(t, l.state, l.closes_at),
            },
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[derive(Template)]
#[template(path = "clerk/notice.html", config = ".askama.toml")]
struct NoticePage {
    chrome: Chrome,
    s: SheetView,
    compiled: bool,
    closed: bool,
    clerk: bool,
    chats: Vec<Chat>,
}

async fn one(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    chrome: Chrome,
    Path(id): Path<NoticeId>,
    Query(asked): Query<Screen>,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let s = sheet_view(&desk, &by, t, id).await?;
    let state = desk.notice(by.book, id).await?.state().map_err(crate::service::ServiceError::from)?;
    let chats = chats(t, &s);
    let s = s.screen(asked.after);
    Ok(Page(NoticePage {
        chrome: chrome.titled(format!("{} {}", t.notice_no(s.line.no), s.line.title)),
        compiled: state == NoticeState::Compiled,
        closed: state == NoticeState::Closed,
        clerk: by.holds(Role::Clerk),
        s,
        chats,
    }))
}

#[derive(Deserialize)]
struct ReasonInput {
    #[serde(default)]
    reason: String,
}

async fn withdraw(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<NoticeId>,
    ProtectedForm(input, _): ProtectedForm<ReasonInput>,
) -> HttpResult<Response> {
    desk.withdraw_notice(&by, id, &input.reason).await?;
    Ok(see_other(&visitor, "/clerk/notices", Tone::Good, chrome.t.notice_withdrawn()))
}

async fn take_down(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<NoticeId>,
    ProtectedForm(_, _): ProtectedForm<ReasonInput>,
) -> HttpResult<Response> {
    desk.take_down_notice(&by, id).await?;
    Ok(see_other(&visitor, &format!("/clerk/notices/{id}"), Tone::Good, chrome.t.notice_taken_down_said()))
}
