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
    http::{AppState, HttpResult, Json, Path, Visitor},
    service::{Desk, board::Ticket as Slip},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
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
