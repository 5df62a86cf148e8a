//! Reminders before a deduction: given, looked at again, deducted for, given back. For the office and the household.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{awards::Award, problem::Problem};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{PersonId, ReminderId},
        reminder::ReminderState,
        time::Day,
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::{Recorder, Resident},
        reminder::{NewReminder, REMINDERS_PAGE, ReminderFile},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, remind))
        .routes(routes!(one))
        .routes(routes!(again))
        .routes(routes!(recheck))
        .routes(routes!(withdraw))
        .routes(routes!(deduct))
        .routes(routes!(restore))
        .routes(routes!(own))
}

/// A reminder.
#[derive(Serialize, ToSchema)]
struct Reminder {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// `reminded`, `mended`, `withdrawn`, `unmended`, `deducted`, `restored`.
    state: &'static str,
    /// The household's number.
    household: String,
    /// The deduction it comes before.
    item: String,
    /// What is to be mended.
    what: String,
    /// How often it was given.
    times: i32,
    /// When it was given last.
    #[schema(value_type = String)]
    given_on: Day,
    /// The last day to mend it.
    #[schema(value_type = String)]
    fix_by: Day,
    /// Whether that day is over.
    over: bool,
    /// What was found, or why it was withdrawn.
    finding: Option<String>,
    /// The deduction's id.
    award: Option<String>,
    /// Where the deduction stands.
    award_state: Option<&'static str>,
    /// The id of what gave it back.
    restore: Option<String>,
    /// Where giving back stands.
    restore_state: Option<&'static str>,
}

impl From<ReminderFile> for Reminder {
    fn from(file: ReminderFile) -> Self {
        let row = file.row;
        Self {
            id: row.id.to_string(),
            no: row.no,
            state: file.state.as_str(),
            household: file.household_no,
            item: row.item,
            what: row.what,
            times: row.times,
            given_on: row.given_on,
            fix_by: row.fix_by,
            over: file.over,
            finding: row.finding,
            award: row.award_id.map(|a| a.to_string()),
            award_state: file.award.map(crate::domain::due_process::AwardState::as_str),
            restore: row.restore_id.map(|a| a.to_string()),
            restore_state: file.restore.map(crate::domain::due_process::AwardState::as_str),
        }
    }
}

/// Which reminders.
#[derive(Debug, Deserialize, IntoParams)]
struct Listed {
    /// One state; `reminded` when left out.
    state: Option<String>,
    /// Numbered below.
    before: Option<i64>,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists reminders of one state, newest first.
#[utoipa::path(
    get, path = "/reminders", tag = "awards", operation_id = "list_reminders", params(Listed),
    responses((status = 200, description = "Reminders", body = Vec<Reminder>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Query(query): Query<Listed>,
) -> HttpResult<Json<Vec<Reminder>>> {
    let state = query.state.and_then(|s| s.parse().ok()).unwrap_or(ReminderState::Reminded);
    let (before, limit) = (query.before.unwrap_or(i64::MAX), query.limit.unwrap_or(REMINDERS_PAGE));
    let found = desk.reminders(&by, state, before, limit).await?;
    Ok(Json(found.into_iter().map(Reminder::from).collect()))
}

/// A reminder to give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReminderInput {
    /// The household's number.
    #[schema(value_type = String, example = "H0001")]
    household: HouseholdNo,
    /// The person's id, where the item counts by person.
    #[schema(value_type = Option<String>)]
    person: Option<PersonId>,
    /// The deduction it comes before.
    #[schema(example = "F2")]
    item: String,
    /// What is to be mended, in words for the household.
    what: String,
    /// When it was given, if earlier and on paper; today when left out.
    #[schema(value_type = Option<String>)]
    given_on: Option<Day>,
    /// The last day to mend it: 7 to 90 days later.
    #[schema(value_type = String, example = "2026-06-20")]
    fix_by: Day,
}

/// Reminds a household in private.
#[utoipa::path(
    post, path = "/reminders", tag = "awards", operation_id = "remind", request_body = ReminderInput,
    responses(
        (status = 201, description = "Given", body = Reminder),
        (status = 404, description = "No such household", body = Problem),
        (status = 422, description = "No deduction, or days that cannot be", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn remind(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Json(input): Json<ReminderInput>,
) -> HttpResult<(StatusCode, Json<Reminder>)> {
    let new = NewReminder {
        household: input.household,
        person: input.person,
        item: input.item,
        what: input.what,
        given_on: input.given_on.unwrap_or_else(|| desk.today()),
        fix_by: input.fix_by,
    };
    let row = desk.remind(&by, &new).await?;
    Ok((StatusCode::CREATED, Json(desk.reminder(&by, row.id).await?.into())))
}

/// One reminder.
#[utoipa::path(
    get, path = "/reminders/{id}", tag = "awards", operation_id = "get_reminder",
    params(("id" = String, Path, description = "The reminder")),
    responses(
        (status = 200, description = "The reminder", body = Reminder),
        (status = 404, description = "No such reminder", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<ReminderId>,
) -> HttpResult<Json<Reminder>> {
    Ok(Json(desk.reminder(&by, id).await?.into()))
}

/// A new day.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AgainInput {
    /// The day it was given on paper, after the time before was over; today if left out.
    #[schema(value_type = Option<String>)]
    given_on: Option<Day>,
    /// The last day to mend it.
    #[schema(value_type = String, example = "2026-06-20")]
    fix_by: Day,
}

/// Reminds once more, when the time is over.
#[utoipa::path(
    post, path = "/reminders/{id}/again", tag = "awards", operation_id = "remind_again", request_body = AgainInput,
    params(("id" = String, Path, description = "The reminder")),
    responses(
        (status = 200, description = "The reminder", body = Reminder),
        (status = 404, description = "No such reminder", body = Problem),
        (status = 422, description = "The household has time still", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn again(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<ReminderId>,
    Json(input): Json<AgainInput>,
) -> HttpResult<Json<Reminder>> {
    desk.remind_again(&by, id, input.given_on.unwrap_or_else(|| desk.today()), input.fix_by).await?;
    Ok(Json(desk.reminder(&by, id).await?.into()))
}

/// What a second look found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecheckInput {
    /// Whether it was mended.
    mended: bool,
    /// What was found, in words.
    finding: String,
}

/// Notes a second look, by another person than who reminded: mended at any time, unmended when the time is over.
#[utoipa::path(
    post, path = "/reminders/{id}/recheck", tag = "awards", operation_id = "recheck_reminder",
    request_body = RecheckInput, params(("id" = String, Path, description = "The reminder")),
    responses(
        (status = 200, description = "The reminder", body = Reminder),
        (status = 404, description = "No such reminder", body = Problem),
        (status = 422, description = "The household has time still, or the same person reminded", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn recheck(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<ReminderId>,
    Json(input): Json<RecheckInput>,
) -> HttpResult<Json<Reminder>> {
    desk.recheck(&by, id, input.mended, &input.finding).await?;
    Ok(Json(desk.reminder(&by, id).await?.into()))
}

/// Words for the record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingInput {
    /// What was found, or why.
    finding: String,
}

/// Withdraws a reminder that was a mistake.
#[utoipa::path(
    post, path = "/reminders/{id}/withdraw", tag = "awards", operation_id = "withdraw_reminder",
    request_body = FindingInput, params(("id" = String, Path, description = "The reminder")),
    responses(
        (status = 200, description = "The reminder", body = Reminder),
        (status = 404, description = "No such reminder", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn withdraw(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<ReminderId>,
    Json(input): Json<FindingInput>,
) -> HttpResult<Json<Reminder>> {
    desk.withdraw_reminder(&by, id, &input.finding).await?;
    Ok(Json(desk.reminder(&by, id).await?.into()))
}

/// Puts the deduction on record that a reminder found unmended stands for. It moves the honour score only, after review
/// and notice.
#[utoipa::path(
    post, path = "/reminders/{id}/deduct", tag = "awards", operation_id = "deduct_reminded",
    params(("id" = String, Path, description = "The reminder")),
    responses(
        (status = 200, description = "The deduction", body = Award),
        (status = 404, description = "No such reminder", body = Problem),
        (status = 422, description = "Not found unmended", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn deduct(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<ReminderId>,
) -> HttpResult<Json<Award>> {
    Ok(Json(desk.deduct_reminded(&by, id).await?.into()))
}

/// Puts on record that what was deducted is given back, because it was mended after all.
#[utoipa::path(
    post, path = "/reminders/{id}/restore", tag = "awards", operation_id = "restore_reminded",
    request_body = FindingInput, params(("id" = String, Path, description = "The reminder")),
    responses(
        (status = 200, description = "What gives it back", body = Award),
        (status = 404, description = "No such reminder", body = Problem),
        (status = 422, description = "Nothing was deducted", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn restore(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<ReminderId>,
    Json(input): Json<FindingInput>,
) -> HttpResult<Json<Award>> {
    Ok(Json(desk.restore_reminded(&by, id, &input.finding).await?.into()))
}

/// What the household that asks was reminded of, newest first.
#[utoipa::path(
    get, path = "/me/reminders", tag = "households", operation_id = "own_reminders",
    responses((status = 200, description = "Reminders", body = Vec<Reminder>)),
    security(("bearer" = []), ("session" = []))
)]
async fn own(State(desk): State<Desk>, by: As<Resident>) -> HttpResult<Json<Vec<Reminder>>> {
    Ok(Json(desk.own_reminders(&by).await?.into_iter().map(Reminder::from).collect()))
}
