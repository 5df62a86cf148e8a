//! Helpers of households, what a household is told, and how far its passbook is printed.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        amount::{parse_points, points},
        household::HouseholdNo,
        ids::{HelperId, HouseholdId},
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path},
    service::{
        Desk,
        caller::{Clerk, Resident, Storekeeper},
        helpers::{HelperView, NewHelper},
        messages::{About, Message},
        passbook::{Passbook, PassbookLine},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(own, register))
        .routes(routes!(end))
        .routes(routes!(of_household, register_for))
        .routes(routes!(end_for))
        .routes(routes!(messages, read))
        .routes(routes!(passbook, printed))
}

/// Whom a household wants as its helper.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HelperInput {
    /// The number of the helper's own household.
    #[schema(example = "H0117")]
    household_no: String,
    /// Their name, in full.
    name: String,
    /// The most they may take in one day.
    #[schema(example = "20")]
    day_max: String,
}

impl From<HelperInput> for NewHelper {
    fn from(input: HelperInput) -> Self {
        let day_max = parse_points(&input.day_max).unwrap_or(0);
        Self { household_no: input.household_no, name: input.name, day_max }
    }
}

/// A helper of a household.
#[derive(Serialize, ToSchema)]
struct Helper {
    /// The agreement.
    id: String,
    /// Its number.
    no: i64,
    /// Who, masked.
    name: String,
    /// The number of their household now; empty when they belong to none.
    household: String,
    /// The most in one day.
    day_max: String,
    /// `active` or `ended`.
    state: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    registered_at: Timestamp,
    /// Whether the clerk registered them, and not the household itself.
    by_clerk: bool,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl From<HelperView> for Helper {
    fn from(h: HelperView) -> Self {
        Self {
            id: h.row.id.to_string(),
            no: h.row.no,
            name: h.masked_name,
            household: h.household_no,
            day_max: points(h.row.day_max),
            state: h.row.state,
            registered_at: h.row.registered_at,
            by_clerk: h.by_clerk,
            ended_at: h.row.ended_at,
        }
    }
}

/// Lists the helpers of the household that asks, those in force first.
#[utoipa::path(
    get, path = "/my/helpers", tag = "households", operation_id = "own_helpers",
    responses((status = 200, description = "Helpers", body = Vec<Helper>)),
    security(("bearer" = []), ("session" = []))
)]
async fn own(State(desk): State<Desk>, by: As<Resident>) -> HttpResult<Json<Vec<Helper>>> {
    Ok(Json(desk.own_helpers(&by).await?.into_iter().map(Helper::from).collect()))
}

/// Registers a helper: somebody of another household who may redeem for this one.
#[utoipa::path(
    post, path = "/my/helpers", tag = "households", operation_id = "register_own_helper", request_body = HelperInput,
    responses(
        (status = 200, description = "The helper", body = Helper),
        (status = 422, description = "Unknown, too many, above the limit", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn register(
    State(desk): State<Desk>,
    by: As<Resident>,
    Json(input): Json<HelperInput>,
) -> HttpResult<Json<Helper>> {
    Ok(Json(desk.register_helper(&by, &input.into()).await?.into()))
}

/// Ends what was agreed with a helper: from this moment no counter takes it.
#[utoipa::path(
    post, path = "/my/helpers/{id}/end", tag = "households", operation_id = "end_own_helper",
    params(("id" = String, Path, description = "The agreement")),
    responses(
        (status = 200, description = "The household's helpers", body = Vec<Helper>),
        (status = 404, description = "Not of this household", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn end(
    State(desk): State<Desk>,
    by: As<Resident>,
    Path(id): Path<HelperId>,
) -> HttpResult<Json<Vec<Helper>>> {
    desk.end_helper(&by, id).await?;
    Ok(Json(desk.own_helpers(&by).await?.into_iter().map(Helper::from).collect()))
}

/// Lists the helpers of a household, those in force first.
#[utoipa::path(
    get, path = "/households/{id}/helpers", tag = "households", operation_id = "list_helpers",
    params(("id" = String, Path, description = "The household")),
    responses((status = 200, description = "Helpers", body = Vec<Helper>)),
    security(("bearer" = []), ("session" = []))
)]
async fn of_household(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<HouseholdId>,
) -> HttpResult<Json<Vec<Helper>>> {
    Ok(Json(desk.helpers_of(&by, id).await?.into_iter().map(Helper::from).collect()))
}

/// Registers a helper for a household without a phone.
#[utoipa::path(
    post, path = "/households/{id}/helpers", tag = "households", operation_id = "register_helper",
    params(("id" = String, Path, description = "The household")), request_body = HelperInput,
    responses(
        (status = 200, description = "The helper", body = Helper),
        (status = 422, description = "Unknown, too many, above the limit, the clerk's own", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn register_for(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<HouseholdId>,
    Json(input): Json<HelperInput>,
) -> HttpResult<Json<Helper>> {
    Ok(Json(desk.register_helper_for(&by, id, &input.into()).await?.into()))
}

/// Ends what a household agreed with a helper.
#[utoipa::path(
    post, path = "/households/{id}/helpers/{helper}/end", tag = "households", operation_id = "end_helper",
    params(
        ("id" = String, Path, description = "The household"),
        ("helper" = String, Path, description = "The agreement"),
    ),
    responses((status = 200, description = "The household's helpers", body = Vec<Helper>)),
    security(("bearer" = []), ("session" = []))
)]
async fn end_for(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path((id, helper)): Path<(HouseholdId, HelperId)>,
) -> HttpResult<Json<Vec<Helper>>> {
    desk.end_helper_for(&by, id, helper).await?;
    Ok(Json(desk.helpers_of(&by, id).await?.into_iter().map(Helper::from).collect()))
}

/// Something a household is told.
#[derive(Serialize, ToSchema)]
struct OneMessage {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `moved`, `helper_registered` or `helper_ended`.
    about: &'static str,
    /// What came (+) or went (−).
    amount: Option<String>,
    /// What the household had with it.
    after: Option<String>,
    /// Why points moved.
    #[schema(example = "redemption")]
    kind: Option<String>,
    /// The helper, masked.
    helper: Option<String>,
    /// Whether it was not read yet.
    fresh: bool,
}

impl From<Message> for OneMessage {
    fn from(m: Message) -> Self {
        let (about, line, helper) = match m.about {
            About::Moved(line) => ("moved", Some(line), None),
            About::HelperOn(helper) => ("helper_registered", None, Some(helper.masked_name)),
            About::HelperOff(helper) => ("helper_ended", None, Some(helper.masked_name)),
        };
        Self {
            at: m.at,
            about,
            amount: line.as_ref().map(|l| points(l.amount)),
            after: line.as_ref().map(|l| points(l.after)),
            kind: line.map(|l| l.kind),
            helper,
            fresh: m.fresh,
        }
    }
}

/// What a household is told.
#[derive(Serialize, ToSchema)]
struct MessageList {
    /// How many movements were not read yet.
    fresh: i64,
    /// Send it back when they are read.
    through: i64,
    /// The latest first.
    messages: Vec<OneMessage>,
}

/// What the household that asks is told, the latest first.
#[utoipa::path(
    get, path = "/my/messages", tag = "households", operation_id = "own_messages",
    responses((status = 200, description = "Messages", body = MessageList)),
    security(("bearer" = []), ("session" = []))
)]
async fn messages(State(desk): State<Desk>, by: As<Resident>) -> HttpResult<Json<MessageList>> {
    let found = desk.own_messages(&by).await?;
    let messages = found.list.into_iter().map(OneMessage::from).collect();
    Ok(Json(MessageList { fresh: found.fresh, through: found.through, messages }))
}

/// Up to where a household has read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadInput {
    /// From the list.
    through: i64,
}

/// The household has read its messages.
#[utoipa::path(
    post, path = "/my/messages", tag = "households", operation_id = "read_messages", request_body = ReadInput,
    responses((status = 200, description = "Messages", body = MessageList)),
    security(("bearer" = []), ("session" = []))
)]
async fn read(
    State(desk): State<Desk>,
    by: As<Resident>,
    Json(input): Json<ReadInput>,
) -> HttpResult<Json<MessageList>> {
    desk.read_messages(&by, input.through).await?;
    messages(State(desk), by).await
}

/// One line of a passbook.
#[derive(Serialize, ToSchema)]
struct BookLine {
    /// Its place in the statement.
    version: i64,
    /// The business day.
    #[schema(value_type = String, format = Date)]
    day: Day,
    /// Why points moved.
    kind: String,
    /// What came (+) or went (−).
    amount: String,
    /// What the household had with it.
    after: String,
}

impl From<PassbookLine> for BookLine {
    fn from(l: PassbookLine) -> Self {
        Self {
            version: l.version,
            day: l.day,
            kind: l.kind,
            amount: points(l.amount),
            after: points(l.after),
        }
    }
}

/// What is to be printed next.
#[derive(Serialize, ToSchema)]
struct NextLines {
    /// The line of the statement that was printed last.
    version: i64,
    /// Lines used on the page that lies open.
    used: i32,
    /// The lines that fit on the page, oldest first.
    lines: Vec<BookLine>,
    /// How many more there are.
    more: i64,
}

impl From<Passbook> for NextLines {
    fn from(b: Passbook) -> Self {
        let lines = b.lines.into_iter().map(BookLine::from).collect();
        Self { version: b.version, used: b.used, lines, more: b.more }
    }
}

/// The lines of a household's passbook that are not printed yet.
#[utoipa::path(
    get, path = "/passbooks/{no}", tag = "households", operation_id = "passbook",
    params(("no" = String, Path, description = "The household's number")),
    responses(
        (status = 200, description = "What is to be printed next", body = NextLines),
        (status = 422, description = "Nothing was redeemed at the caller's counter today", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn passbook(
    State(desk): State<Desk>,
    by: As<Storekeeper>,
    Path(no): Path<HouseholdNo>,
) -> HttpResult<Json<NextLines>> {
    Ok(Json(desk.passbook(&by, &no).await?.into()))
}

/// What was printed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PrintedInput {
    /// As it was before.
    version: i64,
    /// As it was before.
    used: i32,
    /// The last line that was printed; absent when only a fresh page was opened.
    through: Option<i64>,
}

/// The lines are in the passbook now, or it lies open at a fresh page.
#[utoipa::path(
    post, path = "/passbooks/{no}", tag = "households", operation_id = "passbook_printed",
    params(("no" = String, Path, description = "The household's number")), request_body = PrintedInput,
    responses(
        (status = 200, description = "What is to be printed next", body = NextLines),
        (status = 422, description = "It was printed elsewhere meanwhile", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn printed(
    State(desk): State<Desk>,
    by: As<Storekeeper>,
    Path(no): Path<HouseholdNo>,
    Json(input): Json<PrintedInput>,
) -> HttpResult<Json<NextLines>> {
    let next = match input.through {
        Some(through) => desk.passbook_printed(&by, &no, (input.version, input.used), through).await?,
        None => desk.passbook_page(&by, &no).await?,
    };
    Ok(Json(next.into()))
}
