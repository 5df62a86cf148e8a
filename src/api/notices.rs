//! Notice sheets.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{problem::Problem, reviews::WhyInput};
use crate::{
    domain::{
        amount,
        ids::{NoticeId, OrgId},
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::{Clerk, Resident, Reviewer, Staff},
        notice::NewNotice,
        refuse,
    },
    store::notice::NoticeRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, compile))
        .routes(routes!(one))
        .routes(routes!(publish))
        .routes(routes!(withdraw))
        .routes(routes!(take_down))
        .routes(routes!(recall))
        .routes(routes!(own_list))
        .routes(routes!(own_one))
}

/// A sheet.
#[derive(Serialize, ToSchema)]
pub(super) struct Notice {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// Its heading.
    title: String,
    /// `compiled`, `published`, `closed` or `taken_down`.
    state: String,
    /// `calendar` or `working` days.
    mode: String,
    /// How many.
    days: i32,
    /// How many lines.
    lines: i32,
    /// When it was published.
    #[schema(value_type = Option<String>)]
    published_at: Option<Timestamp>,
    /// When its clock runs out.
    #[schema(value_type = Option<String>)]
    closes_at: Option<Timestamp>,
    /// SHA-256 of the sheet, in hex.
    digest: Option<String>,
    /// Transactions in the book when it was published.
    head_size: Option<i64>,
    /// The root of the book's log then, in hex.
    head_root: Option<String>,
    /// The transaction that holds the digest of the sheet.
    sealed_seq: Option<i64>,
    /// When it was recalled: it hangs on, but nothing on it is posted.
    #[schema(value_type = Option<String>)]
    recalled_at: Option<Timestamp>,
    /// Why.
    recalled_because: Option<String>,
    /// The transaction that holds its recall.
    recall_seq: Option<i64>,
}

impl From<NoticeRow> for Notice {
    fn from(n: NoticeRow) -> Self {
        let hex = |bytes: Vec<u8>| bytes.iter().map(|b| format!("{b:02x}")).collect();
        Self {
            id: n.id.to_string(),
            no: n.no,
            title: n.title,
            state: n.state,
            mode: n.mode,
            days: n.days,
            lines: n.lines,
            published_at: n.published_at,
            closes_at: n.closes_at,
            digest: n.digest.map(hex),
            head_size: n.head_size,
            head_root: n.head_root.map(hex),
            sealed_seq: n.sealed_seq,
            recalled_at: n.recalled_at,
            recalled_because: n.recalled_because,
            recall_seq: n.recall_seq,
        }
    }
}

/// A line as shown: masked, and without a name beside a deduction.
#[derive(Serialize, ToSchema)]
struct NoticeLine {
    /// Its place.
    line: i32,
    /// The award.
    award: String,
    /// The group.
    group: String,
    /// The household's number.
    household: Option<String>,
    /// The masked name of its head.
    head: Option<String>,
    /// The item's code; its category's where facts are hidden.
    item: String,
    /// Its name.
    name: String,
    /// The same in English.
    name_en: String,
    /// Points, signed.
    points: String,
    /// Honour points, signed.
    honor: String,
    /// Minutes of service.
    minutes: i64,
    /// When it happened.
    #[schema(value_type = String)]
    occurred_on: Day,
    /// Entered late.
    late: bool,
    /// Where it stands.
    state: String,
    /// When its own clock runs out, if it runs.
    #[schema(value_type = Option<String>)]
    closes_at: Option<Timestamp>,
}

/// A sheet with its lines.
#[derive(Serialize, ToSchema)]
pub(super) struct Sheet {
    /// The sheet.
    notice: Notice,
    /// The group it hangs in; nothing for the whole village.
    group: Option<String>,
    /// The code of the fund.
    fund: String,
    /// The points of all lines.
    points: String,
    /// Its lines.
    lines: Vec<NoticeLine>,
}

/// Which sheets.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Those in one state.
    state: Option<String>,
    /// The last number of the page before; sheets come newest first.
    after: Option<i64>,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists sheets, newest first.
#[utoipa::path(
    get, path = "/notices", tag = "notices", operation_id = "list_notices", params(Which),
    responses((status = 200, description = "Newest first", body = Vec<Notice>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Staff>,
    Query(which): Query<Which>,
) -> HttpResult<Json<Vec<Notice>>> {
    super::reviews::insider(&by)?;
    let state = match which.state {
        Some(text) => Some(text.parse().map_err(|_| refuse("bad_query").with("reason", "state"))?),
        None => None,
    };
    let (before, limit) = (which.after.unwrap_or(i64::MAX), which.limit.unwrap_or(50));
    let found = desk.notices(by.book, state, before, limit).await?;
    Ok(Json(found.into_iter().map(Notice::from).collect()))
}

/// A sheet to be put together.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoticeInput {
    /// Its heading.
    title: String,
    /// The group; left out for the whole village.
    #[schema(value_type = Option<String>)]
    group: Option<OrgId>,
    /// The code of the fund the points come from.
    fund: String,
    /// Days, if more than the rules ask for.
    days: Option<i32>,
}

/// Puts the approved awards onto a sheet. The same request again finds the sheet it made.
#[utoipa::path(
    post, path = "/notices", tag = "notices", operation_id = "compile_notice", request_body = NoticeInput,
    responses((status = 201, description = "Compiled", body = Notice), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn compile(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(input): Json<NoticeInput>,
) -> HttpResult<(StatusCode, Json<Notice>)> {
    let new = NewNotice { title: input.title, group: input.group, fund: input.fund, days: input.days };
    Ok((StatusCode::CREATED, Json(desk.compile_notice(&by, &new).await?.into())))
}

/// Shows a sheet with its lines.
#[utoipa::path(
    get, path = "/notices/{id}", tag = "notices", operation_id = "notice", params(("id" = String, Path)),
    responses((status = 200, description = "The sheet", body = Sheet), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(State(desk): State<Desk>, by: As<Staff>, Path(id): Path<NoticeId>) -> HttpResult<Json<Sheet>> {
    super::reviews::insider(&by)?;
    Ok(Json(shown(desk.sheet(by.book, id).await?)))
}

/// A sheet as it hangs on the wall.
pub(super) fn shown(sheet: crate::service::notice::sheet::Sheet) -> Sheet {
    let points = amount::points(sheet.points());
    let lines = sheet
        .lines
        .into_iter()
        .map(|l| NoticeLine {
            line: l.line,
            award: l.award.to_string(),
            group: l.group,
            household: l.household_no,
            head: l.head,
            item: l.item,
            name: l.name.zh,
            name_en: l.name.en,
            points: amount::points(l.points),
            honor: amount::points(l.honor),
            minutes: l.minutes,
            occurred_on: l.occurred_on,
            late: l.late,
            state: l.state.as_str().to_owned(),
            closes_at: l.closes_at,
        })
        .collect();
    Sheet { notice: sheet.notice.into(), group: sheet.group, fund: sheet.fund.code, points, lines }
}

/// Publishes a sheet; the whole of it is refused when the budget does not cover it.
#[utoipa::path(
    post, path = "/notices/{id}/publish", tag = "notices", operation_id = "publish_notice",
    params(("id" = String, Path)),
    responses((status = 200, description = "Published", body = Notice), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn publish(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<NoticeId>,
) -> HttpResult<Json<Notice>> {
    Ok(Json(desk.publish_notice(&by, id).await?.into()))
}

/// Withdraws a sheet before publication.
#[utoipa::path(
    post, path = "/notices/{id}/withdraw", tag = "notices", operation_id = "withdraw_notice",
    params(("id" = String, Path)), request_body = WhyInput,
    responses((status = 204, description = "Withdrawn"), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn withdraw(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<NoticeId>,
    Json(input): Json<WhyInput>,
) -> HttpResult<StatusCode> {
    desk.withdraw_notice(&by, id, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a closed sheet down.
#[utoipa::path(
    post, path = "/notices/{id}/take-down", tag = "notices", operation_id = "take_down_notice",
    params(("id" = String, Path)),
    responses((status = 204, description = "Taken down"), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn take_down(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<NoticeId>,
) -> HttpResult<StatusCode> {
    desk.take_down_notice(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Recalls a sheet that hangs with a plain mistake: not by whoever published it. Its lines go back to the first review.
#[utoipa::path(
    post, path = "/notices/{id}/recall", tag = "notices", operation_id = "recall_notice",
    params(("id" = String, Path)), request_body = WhyInput,
    responses((status = 200, description = "Recalled", body = Notice), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn recall(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<NoticeId>,
    Json(input): Json<WhyInput>,
) -> HttpResult<Json<Notice>> {
    Ok(Json(desk.recall_notice(&by, id, &input.reason).await?.into()))
}

/// Lists the sheets that hang or have hung in the signed-in household's village.
#[utoipa::path(
    get, path = "/my/notices", tag = "notices", operation_id = "own_notices",
    responses((status = 200, description = "Those that hang, then those closed", body = Vec<Notice>),
        (status = 403, description = "Not a household", body = Problem)),
    security(("session" = []))
)]
async fn own_list(State(desk): State<Desk>, by: As<Resident>) -> HttpResult<Json<Vec<Notice>>> {
    let sheets = desk.hanging(by.book).await?;
    Ok(Json(sheets.into_iter().map(Notice::from).collect()))
}

/// Shows a sheet to a household of the village.
#[utoipa::path(
    get, path = "/my/notices/{id}", tag = "notices", operation_id = "own_notice", params(("id" = String, Path)),
    responses((status = 200, description = "The sheet", body = Sheet),
        (status = 404, description = "No such sheet hangs here", body = Problem)),
    security(("session" = []))
)]
async fn own_one(
    State(desk): State<Desk>,
    by: As<Resident>,
    Path(id): Path<NoticeId>,
) -> HttpResult<Json<Sheet>> {
    Ok(Json(shown(desk.hanging_sheet(by.book, id).await?)))
}
