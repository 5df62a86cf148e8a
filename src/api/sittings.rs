//! Sittings of the panel: convening, voting, watching, closing.

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{problem::Problem, reviews::WhyInput};
use crate::{
    domain::{
        canonical::hex,
        ids::{AwardId, SittingId},
        panel::Vote,
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::{Clerk, Reviewer, Staff},
        panel::{
            convene::NewSitting,
            view::{AgendaLine, SittingView},
        },
    },
    store::sitting::SittingRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, convene))
        .routes(routes!(one))
        .routes(routes!(attend))
        .routes(routes!(vote))
        .routes(routes!(observe))
        .routes(routes!(close))
        .routes(routes!(call_off))
}

/// A sitting.
#[derive(Serialize, ToSchema)]
struct Sitting {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// The day.
    #[schema(value_type = String)]
    sits_on: Day,
    /// Where.
    place: String,
    /// `open`, `closed` or `called_off`.
    state: String,
    /// The minutes, or why it was called off.
    minutes: String,
    /// What the observer had to say.
    remarks: String,
    /// When the observer signed.
    #[schema(value_type = Option<String>)]
    observed_at: Option<Timestamp>,
    /// SHA-256 of how it went, in hex.
    digest: Option<String>,
}

impl From<&SittingRow> for Sitting {
    fn from(s: &SittingRow) -> Self {
        Self {
            id: s.id.to_string(),
            no: s.no,
            sits_on: s.sits_on,
            place: s.place.clone(),
            state: s.state.clone(),
            minutes: s.minutes.clone(),
            remarks: s.remarks.clone(),
            observed_at: s.observed_at,
            digest: s.digest.as_deref().map(hex),
        }
    }
}

/// Somebody with a seat.
#[derive(Serialize, ToSchema)]
struct Attendant {
    /// The account.
    user: String,
    /// The name people see.
    name: String,
    /// `member`, `substitute` or `observer`.
    post: String,
    /// Whether they came.
    present: bool,
}

/// A line of an agenda.
#[derive(Serialize, ToSchema)]
struct SittingLine {
    /// Its place.
    line: i32,
    /// The award.
    award: String,
    /// `passed`, `refused` or `deferred`, once the sitting is closed.
    outcome: Option<String>,
    /// Who could vote.
    voters: usize,
    /// Who of those present stepped back.
    recused: usize,
    /// For it: told once the sitting is closed.
    yes: Option<usize>,
    /// Against it.
    no: Option<usize>,
    /// Neither.
    abstained: Option<usize>,
    /// One's own ballot.
    mine: Option<String>,
    /// The code of why one may not vote on it.
    barred: Option<String>,
    /// What is told about a refusal.
    words: String,
}

impl From<&AgendaLine> for SittingLine {
    fn from(l: &AgendaLine) -> Self {
        let told = |count| l.outcome.map(|_| count);
        Self {
            line: l.line,
            award: l.award.award.id.to_string(),
            outcome: l.outcome.map(|o| o.to_string()),
            voters: l.tally.voters,
            recused: l.recused,
            yes: told(l.tally.yes),
            no: told(l.tally.no),
            abstained: told(l.tally.abstained),
            mine: l.mine.map(|v| v.to_string()),
            barred: l.barred.as_ref().map(|r| r.code.to_owned()),
            words: l.words.clone(),
        }
    }
}

/// A sitting with its people and its agenda.
#[derive(Serialize, ToSchema)]
struct SittingFile {
    /// The sitting.
    sitting: Sitting,
    /// Seats, in order.
    seats: Vec<Attendant>,
    /// The agenda.
    lines: Vec<SittingLine>,
}

impl From<&SittingView> for SittingFile {
    fn from(s: &SittingView) -> Self {
        let seats = s.seats.iter().map(|a| Attendant {
            user: a.user.to_string(),
            name: a.name.clone(),
            post: a.post.to_string(),
            present: a.present,
        });
        Self {
            sitting: (&s.row).into(),
            seats: seats.collect(),
            lines: s.lines.iter().map(SittingLine::from).collect(),
        }
    }
}

/// Which sittings.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SittingPage {
    /// The last number of the page before; sittings come newest first.
    after: Option<i64>,
    /// At most 50.
    limit: Option<i64>,
}

/// Lists sittings, newest first.
#[utoipa::path(
    get, path = "/sittings", tag = "panel", operation_id = "list_sittings", params(SittingPage),
    responses((status = 200, description = "Newest first", body = Vec<Sitting>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Staff>,
    Query(page): Query<SittingPage>,
) -> HttpResult<Json<Vec<Sitting>>> {
    super::reviews::insider(&by)?;
    let found = desk.sittings(by.book, page.after.unwrap_or(i64::MAX), page.limit.unwrap_or(50)).await?;
    Ok(Json(found.iter().map(Sitting::from).collect()))
}

/// A sitting to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SittingInput {
    /// The day.
    #[schema(value_type = String, example = "2026-06-03")]
    sits_on: Day,
    /// Where.
    place: String,
    /// What is on the agenda, in this order: 1 to 60 awards that wait for the panel.
    #[schema(value_type = Vec<String>)]
    awards: Vec<AwardId>,
}

/// Convenes the panel.
#[utoipa::path(
    post, path = "/sittings", tag = "panel", operation_id = "convene_sitting", request_body = SittingInput,
    responses((status = 201, description = "Convened", body = Sitting), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn convene(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(input): Json<SittingInput>,
) -> HttpResult<(StatusCode, Json<Sitting>)> {
    let new = NewSitting { sits_on: input.sits_on, place: input.place, awards: input.awards };
    Ok((StatusCode::CREATED, Json((&desk.convene(&by, &new).await?).into())))
}

/// A sitting with its people and its agenda.
#[utoipa::path(
    get, path = "/sittings/{id}", tag = "panel", operation_id = "get_sitting", params(("id" = String, Path)),
    responses((status = 200, description = "The sitting", body = SittingFile), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<SittingId>,
) -> HttpResult<Json<SittingFile>> {
    super::reviews::insider(&by)?;
    Ok(Json((&desk.sitting(&by, id).await?).into()))
}

/// Says that the caller, who has a seat, is there.
#[utoipa::path(
    post, path = "/sittings/{id}/attend", tag = "panel", operation_id = "attend_sitting", params(("id" = String, Path)),
    responses((status = 204, description = "Noted"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn attend(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<SittingId>,
) -> HttpResult<StatusCode> {
    desk.attend(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A ballot.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BallotInput {
    /// The line.
    line: i32,
    /// `yes`, `no` or `abstain`.
    #[schema(value_type = String, example = "yes")]
    vote: Vote,
}

/// Votes on a line, or changes the vote while the sitting is open.
#[utoipa::path(
    post, path = "/sittings/{id}/votes", tag = "panel", operation_id = "cast_vote", params(("id" = String, Path)),
    request_body = BallotInput,
    responses((status = 204, description = "Noted"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn vote(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<SittingId>,
    Json(input): Json<BallotInput>,
) -> HttpResult<StatusCode> {
    desk.cast_vote(&by, id, input.line, input.vote).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The observer's signature.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ObservationInput {
    /// Remarks for the minutes; may be empty.
    #[serde(default)]
    remarks: String,
}

/// Signs as the observer.
#[utoipa::path(
    post, path = "/sittings/{id}/observe", tag = "panel", operation_id = "observe_sitting", params(("id" = String, Path)),
    request_body = ObservationInput,
    responses((status = 204, description = "Signed"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn observe(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<SittingId>,
    Json(input): Json<ObservationInput>,
) -> HttpResult<StatusCode> {
    desk.observe_sitting(&by, id, &input.remarks).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a sitting ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClosingInput {
    /// At most 4,000 characters.
    minutes: String,
    /// Why lines are refused, by line: their households read it.
    #[serde(default)]
    words: BTreeMap<i32, String>,
}

/// Counts every line and closes the sitting.
#[utoipa::path(
    post, path = "/sittings/{id}/close", tag = "panel", operation_id = "close_sitting", params(("id" = String, Path)),
    request_body = ClosingInput,
    responses((status = 200, description = "Closed", body = SittingFile), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn close(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<SittingId>,
    Json(input): Json<ClosingInput>,
) -> HttpResult<Json<SittingFile>> {
    desk.close_sitting(&by, id, &input.minutes, &input.words).await?;
    Ok(Json((&desk.sitting(&by, id).await?).into()))
}

/// Calls an open sitting off; its agenda waits for another.
#[utoipa::path(
    post, path = "/sittings/{id}/call-off", tag = "panel", operation_id = "call_off_sitting", params(("id" = String, Path)),
    request_body = WhyInput,
    responses((status = 204, description = "Called off"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn call_off(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<SittingId>,
    Json(input): Json<WhyInput>,
) -> HttpResult<StatusCode> {
    desk.call_off(&by, id, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
