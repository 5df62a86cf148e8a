//! Group activities of the time bank: posted, approved, signed up for, attended, closed, signed. Minutes are whole numbers.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    key::IdempotencyKey,
    problem::Problem,
    time_orders::{TimePerson, short},
};
use crate::{
    domain::{ids::TimeActivityId, time::Timestamp, timebank::activity::ActivityState},
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk, ServiceResult,
        caller::Recorder,
        refuse,
        timebank::{
            activity::{
                ACTIVITIES_PAGE, NewActivity,
                step::{ActivityStep, ActivityTyped},
                view::{ActivityFile, ActivityView, LineView},
            },
            party::Party,
        },
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, post)).routes(routes!(one)).routes(routes!(step))
}

/// A group activity.
#[derive(Serialize, ToSchema)]
struct TimeActivity {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// `draft`, `declined`, `open`, `cancelled`, `closed`, `signed` or `refused`.
    state: String,
    /// What it is called.
    name: String,
    /// What is done.
    content: String,
    /// The kind of service.
    service: String,
    /// Where.
    place: String,
    /// When it begins.
    starts_at: String,
    /// When it ends.
    ends_at: String,
    /// How many can come.
    capacity: i32,
    /// How many have a place.
    placed: usize,
    /// How many wait for one.
    waiting: usize,
    /// From which age on.
    least_age: i32,
    /// Whether those who come must be insured.
    insured: bool,
    /// Whether those who come must be trained.
    trained: bool,
    /// Who is in charge.
    in_charge: TimePerson,
    /// Why it was not approved, called off or not signed.
    reason: String,
    /// Whether its list was closed late.
    late: bool,
    /// The number of the sheet of a late list.
    sheet: Option<String>,
}

impl From<ActivityView> for TimeActivity {
    fn from(view: ActivityView) -> Self {
        let row = view.row;
        Self {
            id: row.id.to_string(),
            no: row.no,
            state: view.state.to_string(),
            name: row.name,
            content: row.content,
            service: view.kind.to_string(),
            place: row.place,
            starts_at: row.starts_at.rfc3339(),
            ends_at: row.ends_at.rfc3339(),
            capacity: row.capacity,
            placed: view.placed,
            waiting: view.waiting,
            least_age: row.least_age,
            insured: row.insured == 1,
            trained: row.trained == 1,
            in_charge: view.in_charge.into(),
            reason: row.reason,
            late: row.late == 1,
            sheet: row.sheet,
        }
    }
}

/// From when until when somebody was there.
#[derive(Serialize, ToSchema)]
struct TimePresence {
    /// From when.
    from: String,
    /// Until when.
    until: Option<String>,
}

/// A line of the list.
#[derive(Serialize, ToSchema)]
struct TimeActivityLine {
    /// Who.
    person: TimePerson,
    /// Whether they withdrew.
    withdrew: bool,
    /// How many wait before them, if they wait.
    waits: Option<usize>,
    /// Under age.
    minor: bool,
    /// Whether the guardian was there.
    guardian: bool,
    /// When they were there.
    times: Vec<TimePresence>,
    /// Whether the sample drew them.
    drawn: bool,
    /// Whether they were seen, once somebody said so.
    seen: Option<bool>,
    /// `counts`, `withdrew`, `waited`, `absent`, `too_short`, `unaccompanied` or `not_seen`, once the list is closed.
    outcome: Option<String>,
    /// Minutes that count.
    minutes: i32,
    /// The place of its posting in the book.
    seq: Option<i64>,
    /// Whether that posting was undone.
    reversed: bool,
    /// Why minutes that count wait: a code.
    held_up: Option<String>,
}

impl From<LineView> for TimeActivityLine {
    fn from(view: LineView) -> Self {
        let times = view
            .times
            .iter()
            .map(|one| TimePresence { from: one.in_at.rfc3339(), until: one.out_at.map(Timestamp::rfc3339) });
        Self {
            times: times.collect(),
            person: view.who.into(),
            withdrew: view.row.ended_at.is_some(),
            waits: view.waits,
            minor: view.row.minor == 1,
            guardian: view.row.guardian == 1,
            drawn: view.row.drawn == 1,
            seen: view.row.seen.map(|seen| seen == 1),
            outcome: view.row.outcome,
            minutes: view.row.counted,
            seq: view.row.post_seq,
            reversed: view.reversed,
            held_up: view.held_up.map(|refusal| refusal.code.to_owned()),
        }
    }
}

/// An activity with its list; a household sees its own lines.
#[derive(Serialize, ToSchema)]
struct TimeActivityFile {
    /// The activity.
    activity: TimeActivity,
    /// The list.
    lines: Vec<TimeActivityLine>,
    /// Whether people sign in by themselves now.
    crowd: bool,
    /// For the network point: the code to show.
    code: Option<String>,
    /// Until when it is shown.
    code_until: Option<String>,
    /// The entry of the log that the sample follows from.
    seed_seq: Option<i64>,
}

impl From<ActivityFile> for TimeActivityFile {
    fn from(file: ActivityFile) -> Self {
        let (code, until) = file.code.unzip();
        Self {
            seed_seq: file.activity.row.seed_seq,
            activity: file.activity.into(),
            lines: file.lines.into_iter().map(Into::into).collect(),
            crowd: file.crowd,
            code,
            code_until: until.map(Timestamp::rfc3339),
        }
    }
}

/// Which activities.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TimeActivityPage {
    /// For staff: `open` when left out. A household gets those that are open.
    #[param(value_type = Option<String>)]
    state: Option<ActivityState>,
    /// The lowest number of the page before.
    before: Option<i64>,
    /// At most 50.
    limit: Option<i64>,
}

/// Lists activities, the latest first.
#[utoipa::path(
    get, path = "/time/activities", tag = "time", operation_id = "list_time_activities", params(TimeActivityPage),
    responses((status = 200, description = "By number, downwards", body = Vec<TimeActivity>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Query(page): Query<TimeActivityPage>,
) -> HttpResult<Json<Vec<TimeActivity>>> {
    let state = page.state.unwrap_or(ActivityState::Open);
    let (before, limit) = (page.before.unwrap_or(i64::MAX), page.limit.unwrap_or(ACTIVITIES_PAGE));
    let found = desk.activities_in(&by, state, before, limit).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// An activity as it is posted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TimeActivityInput {
    /// What it is called.
    name: String,
    /// What is done.
    #[serde(default)]
    content: String,
    /// The kind of service: `cleaning`, `culture` …
    #[schema(example = "cleaning")]
    service: String,
    /// Where.
    place: String,
    /// When it begins, RFC 3339.
    #[schema(example = "2026-06-04T09:00:00+08:00")]
    starts_at: String,
    /// When it ends.
    #[schema(example = "2026-06-04T11:00:00+08:00")]
    ends_at: String,
    /// How many can come.
    capacity: i64,
    /// From which age on.
    #[serde(default)]
    least_age: i64,
    /// Whether those who come must be insured.
    #[serde(default)]
    insured: bool,
    /// Whether those who come must be trained.
    #[serde(default)]
    trained: bool,
    /// The number of whoever is in charge.
    #[schema(example = "P000101")]
    in_charge: String,
}

fn instant(text: &str) -> ServiceResult<Timestamp> {
    text.parse().map_err(|_| refuse("bad_day").with("text", text).into())
}

/// Posts an activity. Another person approves it before anybody signs up.
#[utoipa::path(
    post, path = "/time/activities", tag = "time", operation_id = "post_time_activity", request_body = TimeActivityInput,
    responses((status = 201, description = "To be approved", body = TimeActivityFile), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn post(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    As(party): As<Party>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<TimeActivityInput>,
) -> HttpResult<(StatusCode, Json<TimeActivityFile>)> {
    let new = NewActivity {
        kind: input.service.parse().map_err(|_| refuse("time_service_not_here"))?,
        starts_at: instant(&input.starts_at)?,
        ends_at: instant(&input.ends_at)?,
        in_charge: desk.time_person_id(by.book, &input.in_charge).await?,
        name: input.name,
        content: input.content,
        place: input.place,
        capacity: input.capacity,
        least_age: input.least_age,
        insured: input.insured,
        trained: input.trained,
    };
    let row = desk.post_activity(&by, &short(&desk, key), &new).await?;
    Ok((StatusCode::CREATED, Json(desk.activity_file(&party, row.id).await?.into())))
}

/// One activity with its list. A household sees what is open and what its people are on, and its own lines.
#[utoipa::path(
    get, path = "/time/activities/{id}", tag = "time", operation_id = "get_time_activity", params(("id" = String, Path)),
    responses((status = 200, description = "The activity", body = TimeActivityFile), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(id): Path<TimeActivityId>,
) -> HttpResult<Json<TimeActivityFile>> {
    Ok(Json(desk.activity_file(&by, id).await?.into()))
}

/// What somebody does about an activity.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TimeActivityStepInput {
    /// `approve`, `decline`, `cancel`, `join`, `withdraw`, `arrive`, `leave`, `times`, `guardian`, `close`, `saw`,
    /// `unseen`, `sign`, `refuse` or `allow`.
    #[schema(value_type = String, example = "join")]
    step: ActivityStep,
    /// The number of the person it is about, where it is about one.
    #[serde(default)]
    person: String,
    /// Why, or what there is to say.
    #[serde(default)]
    words: String,
    /// For `arrive` and `leave`: the six digits that are shown there.
    #[serde(default)]
    code: String,
    /// For `times`: from when they were there; left out, it ends what was signed in.
    from: Option<String>,
    /// For `times`: until when.
    until: Option<String>,
    /// For `close`: the number of the sheet of a list that is late.
    #[serde(default)]
    sheet: String,
}

/// Takes one step of an activity. What is signed is posted at once.
#[utoipa::path(
    post, path = "/time/activities/{id}/steps", tag = "time", operation_id = "take_activity_step", params(("id" = String, Path)),
    request_body = TimeActivityStepInput,
    responses((status = 200, description = "The activity as it stands now", body = TimeActivityFile), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn step(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(id): Path<TimeActivityId>,
    Json(input): Json<TimeActivityStepInput>,
) -> HttpResult<Json<TimeActivityFile>> {
    // whoever may not see it does not learn that there is one
    desk.activity_file(&by, id).await?;
    let TimeActivityStepInput { step, person, words, code, from, until, sheet } = input;
    let (from, until) =
        (from.as_deref().map(instant).transpose()?, until.as_deref().map(instant).transpose()?);
    let typed = ActivityTyped { person, words, code, from, until, sheet };
    desk.take_activity_step(&by, id, step, &typed).await?;
    Ok(Json(desk.activity_file(&by, id).await?.into()))
}
