//! Monthly statements of private shops: drawn up, confirmed by both sides or disputed, checked and paid.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        amount::{points, yuan},
        ids::{ShopId, ShopStatementId},
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path},
    service::{
        Desk,
        caller::{Clerk, StockReader, Township},
        refuse,
        shops::{
            pay::NewShopPayment,
            statements::{ListedStatement, ShopStatement},
        },
    },
    store::shop::statement::{ShopLineRow, ShopStatementRow, ShopStepRow},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(statements, draw_statement))
        .routes(routes!(statement))
        .routes(routes!(step))
        .routes(routes!(pay))
}

/// A line of a statement; what goes back is negative.
#[derive(Serialize, ToSchema)]
struct ShopLine {
    /// `redemption`, `returned`, `voided` or `reversal`.
    kind: String,
    /// Its place in the log.
    seq: i64,
    /// The number of the receipt.
    receipt: i64,
    /// The business day.
    #[schema(value_type = String, format = Date)]
    day: Day,
    /// Points.
    points: String,
    /// What they are worth, in yuan.
    gross: String,
    /// What is owed for them, in yuan.
    net: String,
}

impl From<ShopLineRow> for ShopLine {
    fn from(l: ShopLineRow) -> Self {
        Self {
            kind: l.kind,
            seq: l.seq,
            receipt: l.receipt,
            day: l.day,
            points: points(l.points),
            gross: yuan(l.gross_fen),
            net: yuan(l.net_fen),
        }
    }
}

/// What was done with a statement.
#[derive(Serialize, ToSchema)]
struct ShopStep {
    /// `confirm_shop`, `confirm_village`, `dispute`, `answer` or `review`.
    verb: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Why.
    reason: String,
}

impl From<ShopStepRow> for ShopStep {
    fn from(s: ShopStepRow) -> Self {
        Self { verb: s.verb, at: s.done_at, reason: s.reason }
    }
}

/// A monthly statement of a private shop.
#[derive(Serialize, ToSchema)]
struct StatementOfShop {
    /// Its name inside the program.
    #[schema(value_type = String)]
    id: ShopStatementId,
    /// Its number among the shop's.
    no: i64,
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    first_day: Day,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    last_day: Day,
    /// After this place of the log.
    from_seq: i64,
    /// Up to this one.
    upto_seq: i64,
    /// Points.
    points: String,
    /// What they are worth, in yuan.
    gross: String,
    /// What the shop leaves of it.
    discount: String,
    /// What is owed for them.
    net: String,
    /// What earlier statements leave over.
    carried: String,
    /// Due in all.
    due: String,
    /// `drawn`, `disputed`, `confirmed`, `reviewed` or `paid`.
    standing: String,
    /// Its lines; none in a list.
    lines: Vec<ShopLine>,
    /// What was done with it; none in a list.
    steps: Vec<ShopStep>,
    /// What was paid, in yuan.
    paid: Option<String>,
    /// The number of the voucher.
    voucher: Option<String>,
}

impl StatementOfShop {
    fn of(row: &ShopStatementRow, standing: &str, (carried, due): (i64, i64)) -> Self {
        Self {
            id: row.id,
            no: row.no,
            first_day: row.first_day,
            last_day: row.last_day,
            from_seq: row.from_seq,
            upto_seq: row.upto_seq,
            points: points(row.points),
            gross: yuan(row.gross_fen),
            discount: yuan(row.discount_fen()),
            net: yuan(row.net_fen),
            carried: yuan(carried),
            due: yuan(due),
            standing: standing.to_owned(),
            lines: Vec::new(),
            steps: Vec::new(),
            paid: None,
            voucher: None,
        }
    }
}

impl From<ListedStatement> for StatementOfShop {
    fn from(s: ListedStatement) -> Self {
        let paid = (s.paid_fen != 0).then(|| yuan(s.paid_fen));
        Self { paid, ..Self::of(&s.row, s.standing.as_str(), (s.due.carried, s.due.due)) }
    }
}

impl From<ShopStatement> for StatementOfShop {
    fn from(s: ShopStatement) -> Self {
        let head = Self::of(&s.row, s.standing.as_str(), (s.due.carried, s.due.due));
        Self {
            lines: s.lines.into_iter().map(ShopLine::from).collect(),
            steps: s.steps.into_iter().map(ShopStep::from).collect(),
            paid: s.payment.as_ref().map(|p| yuan(p.fen)),
            voucher: s.payment.map(|p| p.voucher),
            ..head
        }
    }
}

/// Lists the statements of a shop, the latest first.
#[utoipa::path(
    get, path = "/shops/{id}/statements", tag = "shops", operation_id = "list_shop_statements",
    params(("id" = String, Path, description = "The agreement")),
    responses((status = 200, description = "The latest first", body = Vec<StatementOfShop>),
        (status = 404, description = "No such agreement, or another shop's", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn statements(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path(id): Path<ShopId>,
) -> HttpResult<Json<Vec<StatementOfShop>>> {
    Ok(Json(desk.shop_statements(&by, id).await?.into_iter().map(StatementOfShop::from).collect()))
}

/// Which month.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MonthInput {
    /// Any day of it; last month, or the end of the agreement, when left out.
    month: Option<String>,
}

/// Draws up the statement of a month that is over.
#[utoipa::path(
    post, path = "/shops/{id}/statements", tag = "shops", operation_id = "draw_shop_statement",
    params(("id" = String, Path, description = "The agreement")), request_body = MonthInput,
    responses((status = 201, description = "Drawn up", body = StatementOfShop),
        (status = 404, description = "No such agreement", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn draw_statement(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<ShopId>,
    Json(input): Json<MonthInput>,
) -> HttpResult<(StatusCode, Json<StatementOfShop>)> {
    let reader = StockReader::of(&by).ok_or(crate::service::ServiceError::NotAllowed)?;
    desk.shop(&reader, id).await?;
    let month = match &input.month {
        Some(text) => Some(text.parse().map_err(|_| refuse("bad_day").with("text", text))?),
        None => None,
    };
    Ok((StatusCode::CREATED, Json(desk.draw_shop_statement(&by, id, month).await?.into())))
}

/// One statement with its lines.
#[utoipa::path(
    get, path = "/shop-statements/{id}", tag = "shops", operation_id = "show_shop_statement",
    params(("id" = String, Path, description = "The statement")),
    responses((status = 200, description = "The statement", body = StatementOfShop),
        (status = 404, description = "No such statement, or another shop's", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn statement(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path(id): Path<ShopStatementId>,
) -> HttpResult<Json<StatementOfShop>> {
    Ok(Json(desk.shop_statement(&by, id).await?.into()))
}

/// What is done with a statement.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShopStepInput {
    /// `confirm_shop`, `confirm_village`, `dispute`, `answer` or `review`.
    verb: String,
    /// Why, of a dispute and its answer.
    #[serde(default)]
    reason: String,
}

/// Confirms a statement for one side, disputes it, answers a dispute, or checks it before payment.
#[utoipa::path(
    post, path = "/shop-statements/{id}/steps", tag = "shops", operation_id = "take_shop_step",
    params(("id" = String, Path, description = "The statement")), request_body = ShopStepInput,
    responses((status = 200, description = "Done", body = StatementOfShop),
        (status = 404, description = "No such statement, or another shop's", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn step(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path(id): Path<ShopStatementId>,
    Json(input): Json<ShopStepInput>,
) -> HttpResult<Json<StatementOfShop>> {
    Ok(Json(desk.take_shop_step(&by, id, &input.verb, &input.reason).await?.into()))
}

/// A payment to be written down.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShopPaymentInput {
    /// The code of the source it is paid from.
    fund: String,
    /// Who paid.
    payer: String,
    /// The number of the voucher.
    voucher: String,
    /// The day it was paid.
    #[schema(value_type = String, format = Date)]
    on: Day,
}

/// Writes down that a statement was paid. How much follows from the books.
#[utoipa::path(
    post, path = "/shop-statements/{id}/payment", tag = "shops", operation_id = "pay_shop_statement",
    params(("id" = String, Path, description = "The statement")), request_body = ShopPaymentInput,
    responses((status = 200, description = "Paid", body = StatementOfShop),
        (status = 404, description = "No such statement or source", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn pay(
    State(desk): State<Desk>,
    by: As<Township>,
    Path(id): Path<ShopStatementId>,
    Json(input): Json<ShopPaymentInput>,
) -> HttpResult<Json<StatementOfShop>> {
    let new =
        NewShopPayment { fund: input.fund, payer: input.payer, voucher: input.voucher, paid_on: input.on };
    Ok(Json(desk.pay_shop_statement(&by, id, &new).await?.into()))
}
