//! Random call-backs: the list of a month, drawing it, and what the households say. None of it moves points.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    fairness::{LineBehind, WhichMonth},
    problem::Problem,
};
use crate::{
    domain::{
        callback::Answer,
        canonical::hex,
        ids::CallBackId,
        time::{Day, Period},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{Desk, callback::CallBack, caller::Auditor, refuse},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, draw)).routes(routes!(one)).routes(routes!(answer))
}

/// The draw of a month.
#[derive(Serialize, ToSchema)]
struct CallBackList {
    /// The first day of the month.
    month: String,
    /// How many transactions the signed head covers whose digest is the seed; nothing before it was drawn.
    size: Option<i64>,
    /// The seed, as hexadecimal text.
    seed: Option<String>,
    /// The signed head.
    note: Option<String>,
    /// How many awards were posted in the month.
    awards: Option<i64>,
    /// The call-backs, in the order drawn.
    items: Vec<CallBackFile>,
}

/// A call-back.
#[derive(Serialize, ToSchema)]
struct CallBackFile {
    /// Its id.
    id: String,
    /// Its place in the list of its month.
    place: i32,
    /// What it is about.
    line: LineBehind,
    /// `confirmed`, `denied` or `not_reached`, in order.
    answers: Vec<String>,
    /// Whether somebody still has to ask.
    open: bool,
}

impl From<CallBack> for CallBackFile {
    fn from(c: CallBack) -> Self {
        Self {
            id: c.row.id.to_string(),
            place: c.row.place,
            open: c.is_open(),
            answers: c.answers.iter().map(|(answer, ..)| answer.to_string()).collect(),
            line: c.line.into(),
        }
    }
}

/// Lists the call-backs of a month, 50 a page, with the seed they were drawn by.
#[utoipa::path(
    get, path = "/audit/call-backs", tag = "audit", operation_id = "list_call_backs", params(WhichMonth),
    responses((status = 200, description = "In the order drawn", body = CallBackList), (status = 403, description = "Not an auditor of this book", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Query(which): Query<WhichMonth>,
) -> HttpResult<Json<CallBackList>> {
    let month = which.month.unwrap_or_else(|| desk.last_month());
    let after = i32::try_from(which.after.unwrap_or(0)).unwrap_or(i32::MAX);
    Ok(Json(call_backs(&desk, &by, month, after).await?))
}

async fn call_backs(desk: &Desk, by: &Auditor, month: Day, after: i32) -> HttpResult<CallBackList> {
    let drawn = desk.call_back_draw(by, month).await?;
    let items = desk.call_backs(by, month, after).await?;
    Ok(CallBackList {
        month: month.period(Period::Month).0.to_string(),
        size: drawn.as_ref().map(|d| d.row.size),
        seed: drawn.as_ref().map(|d| hex(&d.row.seed)),
        awards: drawn.as_ref().map(|d| d.row.awards),
        note: drawn.map(|d| d.note),
        items: items.into_iter().map(CallBackFile::from).collect(),
    })
}

/// Which month is to be drawn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CallBackDraw {
    /// A day of the month; the last month that is over when left out.
    #[schema(value_type = Option<String>, format = Date)]
    month: Option<Day>,
}

/// Draws 5 % of the awards posted in a month that is over, five at least. Whoever draws and however often, it is the same list.
#[utoipa::path(
    post, path = "/audit/call-backs", tag = "audit", operation_id = "draw_call_backs", request_body = CallBackDraw,
    responses((status = 200, description = "Drawn", body = CallBackList), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn draw(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Json(input): Json<CallBackDraw>,
) -> HttpResult<Json<CallBackList>> {
    let month = input.month.unwrap_or_else(|| desk.last_month());
    desk.draw_call_backs(&by, month).await?;
    Ok(Json(call_backs(&desk, &by, month, 0).await?))
}

/// Shows a call-back.
#[utoipa::path(
    get, path = "/audit/call-backs/{id}", tag = "audit", operation_id = "show_call_back", params(("id" = String, Path)),
    responses((status = 200, description = "The call-back", body = CallBackFile), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Path(id): Path<CallBackId>,
) -> HttpResult<Json<CallBackFile>> {
    Ok(Json(desk.call_back(&by, id).await?.0.into()))
}

/// What a household said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CallBackAnswer {
    /// `confirmed`, `denied` or `not_reached`.
    answer: String,
    /// What was said; needed when it is denied.
    #[serde(default)]
    words: String,
}

/// Writes down what a household says. Nobody who had a part in the award may. It cannot be changed, and moves no points.
#[utoipa::path(
    post, path = "/audit/call-backs/{id}/answers", tag = "audit", operation_id = "answer_call_back",
    params(("id" = String, Path)), request_body = CallBackAnswer,
    responses((status = 201, description = "Written down", body = CallBackFile), (status = 404, body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn answer(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Path(id): Path<CallBackId>,
    Json(input): Json<CallBackAnswer>,
) -> HttpResult<(StatusCode, Json<CallBackFile>)> {
    let found: Answer = input.answer.parse().map_err(|_| refuse("bad_json").with("reason", "answer"))?;
    desk.answer_call_back(&by, id, found, &input.words).await?;
    Ok((StatusCode::CREATED, Json(desk.call_back(&by, id).await?.0.into())))
}
