//! Recording awards and reading them.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    award_input::{AwardInput, new_award},
    key::IdempotencyKey,
    problem::Problem,
};
use crate::{
    domain::{amount, ids::AwardId, lang::Lang, time::Day},
    http::{AppState, As, HttpResult, Json, Path, Query, Visitor},
    service::{
        Desk, ServiceError,
        award::{RecordOutcome, explain::Why},
        caller::{Recorder, Staff},
        refuse,
    },
    store::award::AwardRow,
    text::refusal::refusal_words,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(record, list))
        .routes(routes!(one))
        .routes(routes!(resubmit))
        .routes(routes!(give_up))
}

/// An award.
#[derive(Serialize, ToSchema)]
pub(super) struct Award {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// `recorded`, `returned`, `approved`, `in_notice`, `objected`, `rejected`, `posted`, `reversed`.
    state: String,
    /// The item's code.
    item: String,
    /// The grade, for an item that has grades.
    grade: Option<String>,
    /// The household's id.
    household: String,
    /// The person's id, where the item counts by person.
    person: Option<String>,
    /// How much, in the item's unit.
    #[schema(example = "2.5")]
    quantity: String,
    /// Points, signed.
    #[schema(example = "5")]
    points: String,
    /// Honour points, signed.
    #[schema(example = "-5")]
    honor: String,
    /// Minutes of service.
    minutes: i64,
    /// When it happened.
    #[schema(value_type = String, example = "2026-06-03")]
    occurred_on: Day,
    /// Entered late (补录).
    late: bool,
    /// `R0` … `R3`.
    route: String,
    /// Its place on the ladder: 0 first review, 1 panel, 2 recheck, 3 township, 4 through.
    step: i32,
    /// The content hash of the rule set it was computed by.
    ruleset: String,
    /// The notice it stands on.
    notice: Option<String>,
    /// The transaction that posted it.
    txn_seq: Option<i64>,
    /// Why it came back or fell.
    reason: Option<String>,
    /// The recorder's remark.
    note: String,
}

impl From<AwardRow> for Award {
    fn from(a: AwardRow) -> Self {
        Self {
            id: a.id.to_string(),
            no: a.no,
            state: a.state,
            item: a.item,
            grade: a.grade,
            household: a.household_id.to_string(),
            person: a.person_id.map(|p| p.to_string()),
            quantity: a.quantity,
            points: amount::points(a.points),
            honor: amount::points(a.honor),
            minutes: a.minutes,
            occurred_on: a.occurred_on,
            late: a.late,
            route: a.route,
            step: a.step,
            ruleset: a.ruleset,
            notice: a.notice_id.map(|n| n.to_string()),
            txn_seq: a.txn_seq,
            reason: a.reason,
            note: a.note,
        }
    }
}

/// A sheet of awards: saved together or not at all.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Batch {
    /// One to a thousand lines.
    lines: Vec<AwardInput>,
}

/// What became of a sheet.
#[derive(Serialize, ToSchema)]
struct BatchAnswer {
    /// Whether every line was taken; otherwise none was.
    recorded: bool,
    /// The awards, in the order handed in.
    awards: Vec<Award>,
    /// Why lines were not taken.
    refusals: Vec<LineRefusal>,
}

/// Why one line was not taken.
#[derive(Serialize, ToSchema)]
pub(super) struct LineRefusal {
    /// Its place, from 0.
    pub(super) line: usize,
    /// Stable: programs decide by this.
    pub(super) code: String,
    /// What happened and what to do, in the caller's language.
    pub(super) detail: String,
}

/// The rules' own words where there are some, the catalogue's otherwise.
pub(super) fn detail(lang: Lang, refusal: &crate::service::Refusal) -> String {
    let own = if lang == Lang::Zh { "reason_zh" } else { "reason_en" };
    refusal.facts.get(own).cloned().unwrap_or_else(|| refusal_words(lang, refusal.code, &refusal.facts).1)
}

/// Records a sheet of awards, all or none; the answer tells line by line.
#[utoipa::path(
    post, path = "/awards", tag = "awards", operation_id = "record_awards",
    request_body = Batch,
    responses(
        (status = 200, description = "Recorded, or refused with the reasons", body = BatchAnswer),
        (status = 409, description = "The key was used with other lines", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn record(
    State(desk): State<Desk>,
    by: As<Recorder>,
    visitor: Visitor,
    key: IdempotencyKey,
    Json(batch): Json<Batch>,
) -> HttpResult<Json<BatchAnswer>> {
    let mut lines = Vec::with_capacity(batch.lines.len());
    let mut refusals = Vec::new();
    for (line, input) in batch.lines.into_iter().enumerate() {
        match new_award(&desk, &by, input).await {
            Ok(new) => lines.push(new),
            Err(ServiceError::Refused(refusal)) => refusals.push(refused(visitor.lang, line, &refusal)),
            Err(ServiceError::NotFound(what)) => {
                refusals.push(refused(visitor.lang, line, &refuse("not_found").with("what", what)));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let none = |refusals| BatchAnswer { recorded: false, awards: Vec::new(), refusals };
    if !refusals.is_empty() {
        return Ok(Json(none(refusals)));
    }
    Ok(Json(match desk.record_awards(&by, &lines, &key.0).await? {
        RecordOutcome::Recorded(done) => BatchAnswer {
            recorded: true,
            awards: done.awards.into_iter().map(Award::from).collect(),
            refusals: Vec::new(),
        },
        RecordOutcome::Refused(lines) => {
            none(lines.iter().map(|l| refused(visitor.lang, l.line, &l.refusal)).collect())
        }
    }))
}

fn refused(lang: Lang, line: usize, refusal: &crate::service::Refusal) -> LineRefusal {
    LineRefusal { line, code: refusal.code.to_owned(), detail: detail(lang, refusal) }
}

/// Which awards.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Those in one state.
    state: Option<String>,
    /// The last number of the page before.
    #[serde(default)]
    after: i64,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists awards of the village in one state, by number.
#[utoipa::path(
    get, path = "/awards", tag = "awards", operation_id = "list_awards", params(Which),
    responses((status = 200, description = "By number", body = Vec<Award>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Staff>,
    Query(which): Query<Which>,
) -> HttpResult<Json<Vec<Award>>> {
    super::reviews::insider(&by)?;
    let text = which.state.unwrap_or_else(|| "recorded".to_owned());
    let state = text.parse().map_err(|_| refuse("bad_query").with("reason", "state"))?;
    let found = desk.awards_in(&by, state, which.after, which.limit.unwrap_or(50)).await?;
    Ok(Json(found.into_iter().map(Award::from).collect()))
}

/// An award and why it is what it is.
#[derive(Serialize, ToSchema)]
struct AwardFile {
    /// The award.
    award: Award,
    /// How the number came about, in Chinese.
    why: String,
    /// The same in English.
    why_en: String,
    /// From when to when it was done, if it says so.
    #[schema(example = "08:00–10:30")]
    hours: Option<String>,
    /// Who recorded it.
    recorder: String,
    /// `own_household` or `kin_household`, if it waits for review and its recorder is today of the household or kin of
    /// it.
    recorder_tie: Option<String>,
    /// Who reviewed it, in order.
    reviewers: Vec<String>,
    /// The number of its notice.
    notice_no: Option<i64>,
    /// What happened to it, oldest first.
    events: Vec<Happening>,
}

/// One line of a history.
#[derive(Serialize, ToSchema)]
struct Happening {
    /// When.
    #[schema(value_type = String)]
    at: crate::domain::time::Timestamp,
    /// What.
    verb: String,
    /// Who.
    actor: String,
    /// Why.
    reason: String,
}

/// Tells everything about one award.
#[utoipa::path(
    get, path = "/awards/{id}", tag = "awards", operation_id = "award", params(("id" = String, Path)),
    responses((status = 200, description = "The award", body = AwardFile), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<AwardId>,
) -> HttpResult<Json<AwardFile>> {
    super::reviews::insider(&by)?;
    let file = desk.award_file(by.book, id).await?;
    let why: Why = desk.why(by.book, id).await?;
    let line = desk.lines_of(&by, vec![file.award.clone()]).await?.pop();
    let hours = desk.hours_of(by.book, id).await?.map(|hours| hours.to_string());
    let recorder_tie = line.and_then(|line| line.tie).map(|why| why.code.to_owned());
    let events = file
        .events
        .into_iter()
        .map(|e| Happening { at: e.at, verb: e.verb, actor: e.actor, reason: e.reason })
        .collect();
    Ok(Json(AwardFile {
        why: why.words(Lang::Zh),
        why_en: why.words(Lang::En),
        hours,
        recorder: why.recorder,
        recorder_tie,
        reviewers: why.reviewers,
        notice_no: why.notice_no,
        award: file.award.into(),
        events,
    }))
}

/// Hands a returned award in again, mended.
#[utoipa::path(
    post, path = "/awards/{id}/resubmit", tag = "awards", operation_id = "resubmit_award",
    params(("id" = String, Path)), request_body = AwardInput,
    responses((status = 200, description = "Recorded again", body = Award), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn resubmit(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<AwardId>,
    Json(input): Json<AwardInput>,
) -> HttpResult<Json<Award>> {
    let new = new_award(&desk, &by, input).await?;
    Ok(Json(desk.resubmit_award(&by, id, &new).await?.into()))
}

/// Gives a returned award up.
#[utoipa::path(
    post, path = "/awards/{id}/give-up", tag = "awards", operation_id = "give_up_award",
    params(("id" = String, Path)), request_body = super::reviews::WhyInput,
    responses((status = 204, description = "Given up"), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn give_up(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<AwardId>,
    Json(input): Json<super::reviews::WhyInput>,
) -> HttpResult<axum::http::StatusCode> {
    desk.give_up_award(&by, id, &input.reason).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
