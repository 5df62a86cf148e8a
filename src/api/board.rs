//! The public notice board, for programs: what hangs, masked; an objection without a name and what became of it. Nobody
//! signs in.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    appeals::Appeal,
    notices::{Notice, Sheet, shown},
    objections::ObjectionCourse,
    problem::Problem,
};
use crate::{
    domain::amount,
    http::{AppState, HttpResult, Json, Path, Visitor},
    service::{Desk, board::Ticket as Slip},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(money))
        .routes(routes!(answers))
        .routes(routes!(appeals))
        .routes(routes!(sheet))
        .routes(routes!(object))
}

/// Lists the sheets that hang in a village, by the number of its programme.
#[utoipa::path(
    get, path = "/board/{village}", tag = "notices", operation_id = "board", params(("village" = i64, Path)),
    responses((status = 200, description = "What hangs", body = Vec<Notice>), (status = 404, body = Problem))
)]
async fn list(State(desk): State<Desk>, Path(village): Path<i64>) -> HttpResult<Json<Vec<Notice>>> {
    let book = desk.public_book(village).await?.book_id;
    Ok(Json(desk.hanging(book).await?.into_iter().map(Notice::from).collect()))
}

/// What came in from one kind of source.
#[derive(Serialize, ToSchema)]
struct MoneySource {
    /// `award_in_lieu`, `service_fund`, `donation`, `collective`, `merchant` or `other`.
    kind: String,
    /// In yuan.
    yuan: String,
}

/// The money of a village since its book was opened: sums, and nobody's name.
#[derive(Serialize, ToSchema)]
struct DisclosedMoney {
    /// What came in, by kind of source.
    sources: Vec<MoneySource>,
    /// What came in at all, in yuan.
    received: String,
    /// What rewards cost, with what was lost.
    spent: String,
    /// Money in the funds.
    left: String,
    /// Goods on the shelf, at cost.
    goods: String,
    /// Owed to partner shops and other villages.
    owed: String,
    /// Points not redeemed yet; nothing while the village has no rules.
    points: Option<String>,
    /// Money and goods over what those points are worth; nothing where none are out.
    #[schema(example = "1.25")]
    coverage: Option<String>,
}

/// Tells what everybody may read of a village's money.
#[utoipa::path(
    get, path = "/board/{village}/money", tag = "rules", operation_id = "board_money", params(("village" = i64, Path)),
    responses((status = 200, description = "In, out and left", body = DisclosedMoney), (status = 404, body = Problem))
)]
async fn money(State(desk): State<Desk>, Path(village): Path<i64>) -> HttpResult<Json<DisclosedMoney>> {
    let book = desk.public_book(village).await?.book_id;
    let m = desk.disclosed_money(book).await?;
    let coverage = m.standing.map(|s| s.coverage);
    let sources = m
        .sources
        .iter()
        .map(|(kind, fen)| MoneySource { kind: kind.as_str().to_owned(), yuan: amount::yuan(*fen) });
    Ok(Json(DisclosedMoney {
        sources: sources.collect(),
        received: amount::yuan(m.received),
        spent: amount::yuan(m.spent),
        left: amount::yuan(m.left),
        goods: amount::yuan(m.goods),
        owed: amount::yuan(m.owed),
        points: coverage.map(|c| amount::points(c.points)),
        coverage: coverage.and_then(|c| c.hundredths()).map(amount::points),
    }))
}

/// Shows a sheet that hangs, by its number: names masked, no numbers of households.
#[utoipa::path(
    get, path = "/board/{village}/{sheet}", tag = "notices", operation_id = "board_sheet",
    params(("village" = i64, Path), ("sheet" = i64, Path)),
    responses((status = 200, description = "The sheet", body = Sheet), (status = 404, description = "No such sheet hangs", body = Problem))
)]
async fn sheet(
    State(desk): State<Desk>,
    Path((village, number)): Path<(i64, i64)>,
) -> HttpResult<Json<Sheet>> {
    let book = desk.public_book(village).await?.book_id;
    let mut sheet = desk.board_sheet(book, number).await?;
    for line in &mut sheet.lines {
        line.household_no = None;
    }
    Ok(Json(shown(sheet)))
}

/// What is wrong with a line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WordsInput {
    /// In words, at most 500 characters.
    content: String,
}

/// What to ask for the answer with.
#[derive(Serialize, ToSchema)]
struct Ticket {
    /// The number of the objection.
    objection: i64,
    /// The code to it, told to whoever objected and to nobody else.
    ticket: String,
}

/// Objects to a line without a name; its clock stops. The same words again are the same objection.
#[utoipa::path(
    post, path = "/board/{village}/{sheet}/{line}", tag = "notices", operation_id = "object_unnamed",
    params(("village" = i64, Path), ("sheet" = i64, Path), ("line" = i32, Path)), request_body = WordsInput,
    responses((status = 201, description = "Raised", body = Ticket), (status = 404, description = "No such line hangs", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem))
)]
async fn object(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path((village, sheet, line)): Path<(i64, i64, i32)>,
    Json(input): Json<WordsInput>,
) -> HttpResult<(StatusCode, Json<Ticket>)> {
    let book = desk.public_book(village).await?.book_id;
    let slip = desk.object_unnamed(book, (sheet, line), &input.content, &visitor.address).await?;
    Ok((StatusCode::CREATED, Json(Ticket { objection: slip.no, ticket: slip.code })))
}

/// The number of an objection and the code to it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TicketInput {
    /// The number of the objection.
    objection: i64,
    /// Its code.
    ticket: String,
}

/// What became of an objection without a name.
#[utoipa::path(
    post, path = "/board/{village}/answers", tag = "notices", operation_id = "unnamed_objection",
    params(("village" = i64, Path)), request_body = TicketInput,
    responses((status = 200, description = "Its course", body = ObjectionCourse), (status = 422, description = "Refused, with the reason", body = Problem))
)]
async fn answers(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(village): Path<i64>,
    Json(input): Json<TicketInput>,
) -> HttpResult<Json<ObjectionCourse>> {
    let book = desk.public_book(village).await?.book_id;
    let slip = Slip { no: input.objection, code: input.ticket };
    let found = desk.unnamed_objection(book, &slip, &visitor.address).await?;
    Ok(Json(ObjectionCourse::new(found, desk.now())))
}

/// An appeal without a name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnnamedAppealInput {
    /// The number of the objection.
    objection: i64,
    /// Its code.
    ticket: String,
    /// In words, at most 500 characters.
    content: String,
}

/// Takes the answer to an objection without a name to the township.
#[utoipa::path(
    post, path = "/board/{village}/appeals", tag = "notices", operation_id = "appeal_unnamed",
    params(("village" = i64, Path)), request_body = UnnamedAppealInput,
    responses((status = 201, description = "Raised", body = Appeal), (status = 422, description = "Refused, with the reason", body = Problem))
)]
async fn appeals(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(village): Path<i64>,
    Json(input): Json<UnnamedAppealInput>,
) -> HttpResult<(StatusCode, Json<Appeal>)> {
    let book = desk.public_book(village).await?.book_id;
    let slip = Slip { no: input.objection, code: input.ticket };
    let row = desk.appeal_unnamed(book, &slip, &input.content, &visitor.address).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}
