//! The money behind the points: sources, what came in of them, budgets.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{key::IdempotencyKey, problem::Problem};
use crate::{
    domain::{
        amount::{parse_points, points, yuan},
        ids::MoneyId,
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::{Clerk, Reviewer, Staff, Township},
        funds::{FundView, NewFund},
        money::{MONEY_PAGE, MoneyIn},
        notice::due::Shortage,
        refuse,
    },
    store::money::MoneyRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, open_fund))
        .routes(routes!(authorise))
        .routes(routes!(close_budget))
        .routes(routes!(received, record))
        .routes(routes!(confirm))
        .routes(routes!(refuse_money))
}

/// A fund.
#[derive(Serialize, ToSchema)]
struct Fund {
    /// Its code.
    code: String,
    /// What it is called.
    name: String,
    /// The same in English.
    name_en: String,
    /// `award_in_lieu`, `service_fund`, `donation`, `collective`, `merchant` or `other`.
    kind: String,
    /// Who pays.
    payer: String,
    /// The number of the paper it rests on.
    document: String,
    /// What it may be spent on.
    purpose: String,
    /// Whether what a year leaves of its budget stays for the next.
    carries_over: bool,
    /// Money on its account, in yuan.
    money: String,
    /// Money that no budget has taken, in yuan.
    free: String,
    /// Points authorised at all.
    authorised: String,
    /// Points authorised and not yet issued.
    left: String,
    /// Lines whose notice is over and that the budget does not cover.
    unposted_lines: i64,
    /// Points it lacks to post them.
    short: String,
}

impl From<FundView> for Fund {
    fn from(f: FundView) -> Self {
        Self {
            code: f.fund.code,
            name: f.fund.name,
            name_en: f.fund.name_en,
            kind: f.fund.kind,
            payer: f.fund.payer,
            document: f.fund.document,
            purpose: f.fund.purpose,
            carries_over: f.fund.carries_over,
            money: yuan(f.money),
            free: yuan(f.free),
            authorised: points(f.authorised),
            left: points(f.left),
            unposted_lines: f.short.lines,
            short: points(f.short.points),
        }
    }
}

/// Lists the funds behind the village's points.
#[utoipa::path(
    get, path = "/funds", tag = "rules", operation_id = "list_funds",
    responses((status = 200, description = "By code", body = Vec<Fund>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(State(desk): State<Desk>, by: As<Staff>) -> HttpResult<Json<Vec<Fund>>> {
    super::reviews::insider(&by)?;
    let found = desk.funds(by.book).await?;
    Ok(Json(found.into_iter().map(Fund::from).collect()))
}

/// A fund to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FundInput {
    /// ASCII letters and digits, the first a capital or a digit.
    #[schema(example = "Service")]
    code: String,
    /// What it is called.
    name: String,
    /// The same in English.
    #[serde(default)]
    name_en: String,
    /// `award_in_lieu`, `service_fund`, `donation`, `collective`, `merchant`; `other` when left out.
    kind: Option<String>,
    /// Who pays.
    #[serde(default)]
    payer: String,
    /// The number of the paper it rests on.
    #[serde(default)]
    document: String,
    /// What it may be spent on.
    #[serde(default)]
    purpose: String,
    /// Whether what a year leaves of its budget stays for the next; `true` when left out.
    carries_over: Option<bool>,
}

/// Registers a fund.
#[utoipa::path(
    post, path = "/funds", tag = "rules", operation_id = "open_fund", request_body = FundInput,
    responses((status = 201, description = "Registered", body = Fund), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn open_fund(
    State(desk): State<Desk>,
    by: As<Township>,
    Json(input): Json<FundInput>,
) -> HttpResult<(StatusCode, Json<Fund>)> {
    let kind = input.kind.as_deref().unwrap_or("other");
    let new = NewFund {
        kind: kind.parse().map_err(|_| refuse("invalid_code").with("code", kind))?,
        code: input.code,
        name: input.name,
        name_en: input.name_en,
        payer: input.payer,
        document: input.document,
        purpose: input.purpose,
        carries_over: input.carries_over.unwrap_or(true),
    };
    let fund = desk.open_fund(&by, &new).await?;
    let nothing = FundView { fund, left: 0, authorised: 0, money: 0, free: 0, short: Shortage::default() };
    let body = Fund::from(nothing);
    Ok((StatusCode::CREATED, Json(body)))
}

/// Points to be authorised.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AuthoriseInput {
    /// How many.
    #[schema(example = "80000")]
    points: String,
    /// The decision it rests on.
    basis: String,
}

/// The place of a posting.
#[derive(Serialize, ToSchema)]
struct Posted {
    /// In the book.
    seq: i64,
    /// Whether the key had posted it before.
    replayed: bool,
}

/// Authorises points to be issued from a fund.
#[utoipa::path(
    post, path = "/funds/{code}/authorise", tag = "rules", operation_id = "authorise_points",
    params(("code" = String, Path)), request_body = AuthoriseInput,
    responses((status = 200, description = "Authorised", body = Posted), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn authorise(
    State(desk): State<Desk>,
    by: As<Township>,
    Path(code): Path<String>,
    key: IdempotencyKey,
    Json(input): Json<AuthoriseInput>,
) -> HttpResult<Json<Posted>> {
    let points =
        parse_points(&input.points).ok_or_else(|| refuse("bad_number").with("text", &input.points))?;
    let receipt = desk.authorise(&by, &key.0, &code, points, &input.basis).await?;
    Ok(Json(Posted { seq: receipt.seq, replayed: receipt.replayed() }))
}

/// Why a budget is closed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CloseBudgetInput {
    /// The decision it rests on.
    reason: String,
}

/// Closes a fund's budget: what is neither issued nor promised by a sheet that hangs can no longer be issued.
#[utoipa::path(
    post, path = "/funds/{code}/close-budget", tag = "rules", operation_id = "close_budget",
    params(("code" = String, Path)), request_body = CloseBudgetInput,
    responses((status = 200, description = "Closed", body = Posted), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn close_budget(
    State(desk): State<Desk>,
    by: As<Township>,
    Path(code): Path<String>,
    key: IdempotencyKey,
    Json(input): Json<CloseBudgetInput>,
) -> HttpResult<Json<Posted>> {
    let receipt = desk.close_budget(&by, &key.0, &code, &input.reason).await?;
    Ok(Json(Posted { seq: receipt.seq, replayed: receipt.replayed() }))
}

/// Money that came in.
#[derive(Serialize, ToSchema)]
struct Money {
    /// Its id.
    id: String,
    /// Its number in the register.
    no: i64,
    /// The code of the fund.
    fund: String,
    /// How much, in yuan.
    amount: String,
    /// Who paid.
    payer: String,
    /// The number of the paper.
    document: String,
    /// What it may be spent on.
    purpose: String,
    /// The day it came.
    #[schema(value_type = String, format = Date)]
    received_on: Day,
    /// `recorded`, `confirmed` or `refused`.
    state: String,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// Why it was refused.
    reason: String,
    /// Its posting.
    seq: Option<i64>,
    /// The number on the paper for the donor.
    receipt_no: Option<i64>,
    /// The posting that undid it.
    reversed_by: Option<i64>,
}

impl From<MoneyRow> for Money {
    fn from(m: MoneyRow) -> Self {
        Self {
            id: m.id.to_string(),
            no: m.no,
            fund: m.fund,
            amount: yuan(m.fen),
            payer: m.payer,
            document: m.document,
            purpose: m.purpose,
            received_on: m.received_on,
            state: m.state,
            recorded_at: m.recorded_at,
            reason: m.reason,
            seq: m.seq,
            receipt_no: m.receipt_no,
            reversed_by: m.reversed_by,
        }
    }
}

/// Which.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MoneyPage {
    /// The last number of the page before.
    after: Option<i64>,
    /// At most 50.
    limit: Option<i64>,
}

/// Lists money that came in, newest first.
#[utoipa::path(
    get, path = "/money", tag = "rules", operation_id = "list_money", params(MoneyPage),
    responses((status = 200, description = "Newest first", body = Vec<Money>)),
    security(("bearer" = []), ("session" = []))
)]
async fn received(
    State(desk): State<Desk>,
    by: As<Staff>,
    Query(page): Query<MoneyPage>,
) -> HttpResult<Json<Vec<Money>>> {
    super::reviews::insider(&by)?;
    let (before, limit) = (page.after.unwrap_or(i64::MAX), page.limit.unwrap_or(MONEY_PAGE));
    let found = desk.money_received(by.book, before, limit).await?;
    Ok(Json(found.into_iter().map(Money::from).collect()))
}

/// Money to be written down.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MoneyInput {
    /// The code of the fund.
    fund: String,
    /// How much, in yuan.
    #[schema(example = "28000.00")]
    amount: String,
    /// Who paid; the fund's payer when empty.
    #[serde(default)]
    payer: String,
    /// The number of the paper.
    document: String,
    /// What it may be spent on.
    #[serde(default)]
    purpose: String,
    /// The day it came.
    #[schema(value_type = String, format = Date)]
    received_on: Day,
}

/// Writes down money that came in; it waits for a second person.
#[utoipa::path(
    post, path = "/money", tag = "rules", operation_id = "record_money", request_body = MoneyInput,
    responses((status = 201, description = "Waiting", body = Money),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn record(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(input): Json<MoneyInput>,
) -> HttpResult<(StatusCode, Json<Money>)> {
    let fen = parse_points(&input.amount).ok_or_else(|| refuse("bad_number").with("text", &input.amount))?;
    let MoneyInput { fund, payer, document, purpose, received_on, .. } = input;
    let new = MoneyIn { fund, fen, payer, document, purpose, received_on };
    Ok((StatusCode::CREATED, Json(desk.record_money(&by, &new).await?.into())))
}

/// The second person saw money and paper: it is posted, and a gift gets its number.
#[utoipa::path(
    post, path = "/money/{id}/confirm", tag = "rules", operation_id = "confirm_money",
    params(("id" = String, Path)),
    responses((status = 200, description = "Posted", body = Money), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn confirm(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<MoneyId>,
) -> HttpResult<Json<Money>> {
    Ok(Json(desk.confirm_money(&by, id).await?.into()))
}

/// Why the second person does not confirm.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefuseMoneyInput {
    /// For the record.
    reason: String,
}

/// The second person did not find it so: nothing is posted.
#[utoipa::path(
    post, path = "/money/{id}/refuse", tag = "rules", operation_id = "refuse_money",
    params(("id" = String, Path)), request_body = RefuseMoneyInput,
    responses((status = 200, description = "Refused", body = Money), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn refuse_money(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<MoneyId>,
    Json(input): Json<RefuseMoneyInput>,
) -> HttpResult<Json<Money>> {
    Ok(Json(desk.refuse_money(&by, id, &input.reason).await?.into()))
}
