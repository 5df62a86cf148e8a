//! Hours put right on request, and files for the national system with their answers.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    key::IdempotencyKey,
    problem::Problem,
    time_orders::{TimePerson, short},
};
use crate::{
    domain::{
        ids::TimeCorrectionId,
        timebank::{correction::CorrectionState, transfer::Answer},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk, ServiceError,
        caller::{Clerk, Recorder},
        timebank::{
            correction::{CorrectionView, NewCorrection},
            party::Party,
            transfer::Reply,
            transfer_file,
        },
    },
    store::timebank::record::file::FileRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(ask))
        .routes(routes!(requests))
        .routes(routes!(decide))
        .routes(routes!(queue, make))
        .routes(routes!(file))
        .routes(routes!(answer))
        .routes(routes!(unit))
}

/// A request to put hours right.
#[derive(Serialize, ToSchema)]
struct TimeCorrection {
    /// Its id.
    id: String,
    /// Its number.
    no: i64,
    /// Whose hours.
    person: TimePerson,
    /// The place in the log where the service was posted.
    root: i64,
    /// Minutes on record when it was asked.
    was: i64,
    /// Minutes that would be right.
    wanted: i64,
    /// Why.
    reason: String,
    /// `asked`, `corrected` or `refused`.
    state: String,
    /// The last day on which it is decided in time.
    due_on: String,
    /// Whether it was, or is by now, later than that.
    late: bool,
    /// What was found.
    decision: Option<String>,
    /// Minutes that are right.
    minutes: Option<i64>,
    /// The transaction that undid what was wrong.
    undo_seq: Option<i64>,
    /// The transaction that says what is right.
    post_seq: Option<i64>,
}

impl From<CorrectionView> for TimeCorrection {
    fn from(c: CorrectionView) -> Self {
        Self {
            id: c.row.id.to_string(),
            no: c.row.no,
            person: c.who.into(),
            root: c.row.root,
            was: c.row.was,
            wanted: c.row.wanted,
            reason: c.row.reason,
            state: c.row.state,
            due_on: c.due_on.to_string(),
            late: c.late,
            decision: c.row.decision,
            minutes: c.row.minutes,
            undo_seq: c.row.undo_seq,
            post_seq: c.row.post_seq,
        }
    }
}

/// What is asked to be put right.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectionInput {
    /// The place in the log where the service was posted.
    root: i64,
    /// Minutes that would be right.
    wanted: i64,
    /// Why.
    reason: String,
}

/// Asks for the hours of a service to be put right.
#[utoipa::path(
    post, path = "/time/people/{no}/corrections", tag = "time", operation_id = "ask_time_correction", params(("no" = String, Path)),
    request_body = CorrectionInput,
    responses((status = 201, description = "Asked", body = TimeCorrection), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn ask(
    State(desk): State<Desk>,
    As(by): As<Party>,
    IdempotencyKey(key): IdempotencyKey,
    Path(no): Path<String>,
    Json(input): Json<CorrectionInput>,
) -> HttpResult<(StatusCode, Json<TimeCorrection>)> {
    let who = desk.time_person(&by, &no).await?.hours.who.id;
    let new = NewCorrection { who, root: input.root, wanted: input.wanted, reason: input.reason };
    let row = desk.ask_time_correction(&by.side()?, &short(&desk, key), &new).await?;
    Ok((StatusCode::CREATED, Json(desk.time_correction(&by, row.id).await?.into())))
}

/// Which requests.
#[derive(Deserialize, IntoParams)]
struct Listed {
    /// In this state; those that wait when left out.
    #[param(value_type = Option<String>)]
    state: Option<CorrectionState>,
    /// Numbered above this.
    after: Option<i64>,
}

/// Requests in a state, oldest first.
#[utoipa::path(
    get, path = "/time/corrections", tag = "time", operation_id = "list_time_corrections", params(Listed),
    responses((status = 200, description = "The requests", body = Vec<TimeCorrection>)),
    security(("bearer" = []), ("session" = []))
)]
async fn requests(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Query(query): Query<Listed>,
) -> HttpResult<Json<Vec<TimeCorrection>>> {
    let state = query.state.unwrap_or(CorrectionState::Asked);
    let found = desk.time_corrections(&by, state, query.after.unwrap_or(0)).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// What another person found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FoundInput {
    /// Minutes that are right; left out when the record is.
    minutes: Option<i64>,
    /// What was found.
    words: String,
}

/// Another person decides: so many minutes are right, or the record stands.
#[utoipa::path(
    post, path = "/time/corrections/{id}", tag = "time", operation_id = "decide_time_correction", params(("id" = String, Path)),
    request_body = FoundInput,
    responses((status = 200, description = "Decided", body = TimeCorrection), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn decide(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(id): Path<TimeCorrectionId>,
    Json(input): Json<FoundInput>,
) -> HttpResult<Json<TimeCorrection>> {
    let reviewer = by.arbiter()?;
    match input.minutes {
        Some(right) => desk.correct_time_record(&reviewer, id, right, &input.words).await?,
        None => desk.refuse_time_correction(&reviewer, id, &input.words).await?,
    };
    Ok(Json(desk.time_correction(&by, id).await?.into()))
}

/// How many services stand where with the national system.
#[derive(Serialize, ToSchema)]
struct TimeQueue {
    /// How many of each state.
    counts: std::collections::BTreeMap<String, i64>,
    /// The day of the oldest that waits.
    oldest: Option<String>,
    /// The last day on which that one is handed over in time.
    due_on: Option<String>,
    /// Whether that day is over.
    late: bool,
}

/// What waits for the national system.
#[utoipa::path(
    get, path = "/time/export", tag = "time", operation_id = "get_time_queue",
    responses((status = 200, description = "The queue", body = TimeQueue)),
    security(("bearer" = []), ("session" = []))
)]
async fn queue(State(desk): State<Desk>, As(by): As<Recorder>) -> HttpResult<Json<TimeQueue>> {
    let queue = desk.time_queue(&by).await?;
    Ok(Json(TimeQueue {
        counts: queue.counts.into_iter().map(|(state, n)| (state.to_string(), n)).collect(),
        oldest: queue.oldest.map(|day| day.to_string()),
        due_on: queue.due_on.map(|day| day.to_string()),
        late: queue.late,
    }))
}

/// A file.
#[derive(Serialize, ToSchema)]
struct TimeFile {
    /// Its number.
    no: i64,
    /// How many services it tells of.
    lines: i64,
    /// When it was made.
    made_at: String,
}

impl From<FileRow> for TimeFile {
    fn from(row: FileRow) -> Self {
        Self { no: row.no, lines: row.lines, made_at: row.made_at.rfc3339() }
    }
}

/// What goes into the next file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FileInput {
    /// Those that were refused as well.
    #[serde(default)]
    again: bool,
}

/// Makes the next file of what waits.
#[utoipa::path(
    post, path = "/time/export", tag = "time", operation_id = "make_time_file", request_body = FileInput,
    responses((status = 201, description = "Made", body = TimeFile), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn make(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<FileInput>,
) -> HttpResult<(StatusCode, Json<TimeFile>)> {
    let row = desk.make_time_file(&by, &short(&desk, key), input.again).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// A file with its services, by the fields of a volunteer's record.
#[utoipa::path(
    get, path = "/time/export/{number}", tag = "time", operation_id = "get_time_file", params(("number" = i64, Path)),
    responses((status = 200, description = "The file", body = Object), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn file(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    Path(number): Path<i64>,
) -> HttpResult<Json<Value>> {
    let text = transfer_file::json(&desk.time_file(&by, number).await?);
    Ok(Json(serde_json::from_str(&text).map_err(|e| ServiceError::Internal(e.to_string()))?))
}

/// What the national system says to a line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplyInput {
    /// The place in the file.
    place: i64,
    /// `accepted` or `refused`.
    #[schema(value_type = String)]
    answer: Answer,
    /// Under which number.
    #[serde(default)]
    number: String,
    /// Why not.
    #[serde(default)]
    reason: String,
}

/// The answers to a file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswersInput {
    /// One for each line.
    answers: Vec<ReplyInput>,
}

/// How many lines got their answer.
#[derive(Serialize, ToSchema)]
struct Answered {
    /// Those that had none before.
    new: usize,
}

/// Enters the answers to a file, all of them or none. The same answer twice changes nothing.
#[utoipa::path(
    post, path = "/time/export/{number}/answers", tag = "time", operation_id = "answer_time_file", params(("number" = i64, Path)),
    request_body = AnswersInput,
    responses((status = 200, description = "Entered", body = Answered), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn answer(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    Path(number): Path<i64>,
    Json(input): Json<AnswersInput>,
) -> HttpResult<Json<Answered>> {
    let reply =
        |r: ReplyInput| Reply { place: r.place, answer: r.answer, foreign_no: r.number, reason: r.reason };
    let replies: Vec<Reply> = input.answers.into_iter().map(reply).collect();
    Ok(Json(Answered { new: desk.answer_time_file(&by, number, &replies).await? }))
}

/// Who keeps the records.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnitInput {
    /// Who organises the services.
    unit: String,
    /// Who is in charge there.
    in_charge: String,
}

/// Says who organises the services and is in charge of them.
#[utoipa::path(
    post, path = "/time/unit", tag = "time", operation_id = "say_time_unit", request_body = UnitInput,
    responses((status = 204, description = "Said"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn unit(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    Json(input): Json<UnitInput>,
) -> HttpResult<StatusCode> {
    desk.say_time_unit(&by, &input.unit, &input.in_charge).await?;
    Ok(StatusCode::NO_CONTENT)
}
