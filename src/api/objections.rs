//! Objections: raised by a household, or by the clerk for one or from the paper box; accepted; decided by a reviewer.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{AwardId, ObjectionId},
        time::Timestamp,
    },
    http::{AppState, As, HttpError, HttpResult, Json, Path, Query, Visitor, extract::Caller},
    service::{
        Desk,
        award::amend,
        caller::{Clerk, Resident, Staff},
        course::{self, ObjectionFile},
        objection::Objector,
        refuse,
        session::SignedIn,
    },
    store::objection::ObjectionRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, raise))
        .routes(routes!(one))
        .routes(routes!(accept))
        .routes(routes!(decide))
        .routes(routes!(own))
}

/// An objection.
#[derive(Serialize, ToSchema)]
pub(super) struct Objection {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// The award.
    award: String,
    /// When it was raised.
    #[schema(value_type = String)]
    raised_at: Timestamp,
    /// `self`, `proxy` or `anonymous`.
    manner: String,
    /// What is objected.
    content: String,
    /// `open`, `upheld` or `dismissed`.
    state: String,
    /// The answer.
    decision: Option<String>,
    /// When it was accepted.
    #[schema(value_type = Option<String>)]
    accepted_at: Option<Timestamp>,
    /// When the township was told that somebody is late with it.
    #[schema(value_type = Option<String>)]
    escalated_at: Option<Timestamp>,
}

/// An objection with its course.
#[derive(Serialize, ToSchema)]
pub(super) struct ObjectionCourse {
    /// The objection.
    objection: Objection,
    /// `raised`, `accepted`, `upheld`, `dismissed`, `appealed` or `concluded`.
    course: String,
    /// Since when.
    #[schema(value_type = String)]
    since: Timestamp,
    /// Until when the next step is due; for what is decided, the last instant to appeal.
    #[schema(value_type = Option<String>)]
    due: Option<Timestamp>,
    /// Whether somebody is late.
    late: bool,
    /// What the township was asked.
    appeal: Option<super::appeals::Appeal>,
    /// What is left of the award, where the objection was upheld in part.
    amended: Option<Stands>,
    /// What the township's final word brought back.
    restored: Option<Stands>,
}

/// An award that stands again, to hang on a sheet of its own.
#[derive(Serialize, ToSchema)]
pub(super) struct Stands {
    /// The award.
    award: String,
    /// Its number.
    no: i64,
    /// Points, in hundredths.
    points: i64,
    /// Honour points, in hundredths, signed.
    honor: i64,
    /// Minutes of service.
    minutes: i64,
    /// It goes on no sheet up to this instant.
    #[schema(value_type = Option<String>)]
    waits_until: Option<Timestamp>,
}

impl From<course::Stands> for Stands {
    fn from(s: course::Stands) -> Self {
        let course::Stands { award, no, points, honor, minutes, waits_until } = s;
        Self { award: award.to_string(), no, points, honor, minutes, waits_until }
    }
}

impl ObjectionCourse {
    pub(super) fn new(file: ObjectionFile, now: Timestamp) -> Self {
        Self {
            course: file.course.as_str().to_owned(),
            since: file.since,
            due: file.due(),
            late: file.is_late(now),
            objection: file.objection.into(),
            appeal: file.appeal.map(Into::into),
            amended: file.amended.map(Into::into),
            restored: file.restored.map(Into::into),
        }
    }
}

impl From<ObjectionRow> for Objection {
    fn from(o: ObjectionRow) -> Self {
        Self {
            id: o.id.to_string(),
            no: o.no,
            award: o.award_id.to_string(),
            raised_at: o.raised_at,
            manner: o.manner,
            content: o.content,
            state: o.state,
            decision: o.decision,
            accepted_at: o.accepted_at,
            escalated_at: o.escalated_at,
        }
    }
}

/// Which objections.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `open` when left out.
    state: Option<String>,
    /// The last number of the page before; objections come newest first.
    after: Option<i64>,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists objections in one state, newest first.
#[utoipa::path(
    get, path = "/objections", tag = "notices", operation_id = "list_objections", params(Which),
    responses((status = 200, description = "Newest first", body = Vec<Objection>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Staff>,
    Query(which): Query<Which>,
) -> HttpResult<Json<Vec<Objection>>> {
    super::reviews::insider(&by)?;
    let state = which.state.unwrap_or_else(|| "open".to_owned());
    let (before, limit) = (which.after.unwrap_or(i64::MAX), which.limit.unwrap_or(50));
    let found = desk.objections(by.book, &state, before, limit).await?;
    Ok(Json(found.into_iter().map(Objection::from).collect()))
}

/// Shows an objection with its course and deadlines.
#[utoipa::path(
    get, path = "/objections/{id}", tag = "notices", operation_id = "objection", params(("id" = String, Path)),
    responses((status = 200, description = "The objection", body = ObjectionCourse), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<ObjectionId>,
) -> HttpResult<Json<ObjectionCourse>> {
    super::reviews::insider(&by)?;
    Ok(Json(ObjectionCourse::new(desk.objection_file(by.book, id).await?, desk.now())))
}

/// Accepts an objection: somebody has read it and it will be looked into. Due within three days; after that the
/// township is told.
#[utoipa::path(
    post, path = "/objections/{id}/accept", tag = "notices", operation_id = "accept_objection",
    params(("id" = String, Path)),
    responses((status = 200, description = "Accepted", body = ObjectionCourse), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn accept(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<ObjectionId>,
) -> HttpResult<Json<ObjectionCourse>> {
    Ok(Json(ObjectionCourse::new(desk.accept_objection(&by, id).await?, desk.now())))
}

/// Lists what the signed-in household objected to, and what was upheld against its own awards.
#[utoipa::path(
    get, path = "/my/objections", tag = "notices", operation_id = "own_objections",
    responses((status = 200, description = "Newest first", body = Vec<ObjectionCourse>),
        (status = 403, description = "Not a household", body = Problem)),
    security(("session" = []))
)]
async fn own(State(desk): State<Desk>, by: As<Resident>) -> HttpResult<Json<Vec<ObjectionCourse>>> {
    let now = desk.now();
    let found = desk.own_objections(&by).await?;
    Ok(Json(found.into_iter().map(|file| ObjectionCourse::new(file, now)).collect()))
}

/// Who may object: a household for itself, the clerk for others.
pub(super) enum Voice {
    Household(Resident),
    Clerk(Clerk),
}

impl Caller for Voice {
    async fn identify(desk: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        match visitor.signed_in().map(|s| &s.who) {
            Some(SignedIn::Resident(_)) => Resident::identify(desk, visitor).await.map(Self::Household),
            _ => Clerk::identify(desk, visitor).await.map(Self::Clerk),
        }
    }
}

/// What is objected to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ObjectionInput {
    /// The award whose line is meant.
    #[schema(value_type = String)]
    award: AwardId,
    /// The household's number, when the clerk writes for one; left out, it is a lead without a name. Households
    /// object for themselves and leave it out.
    household: Option<String>,
    /// In words, at most 500 characters.
    content: String,
}

/// Objects to a line; its clock stops. The same words again are the same objection.
#[utoipa::path(
    post, path = "/objections", tag = "notices", operation_id = "object", request_body = ObjectionInput,
    responses((status = 201, description = "Raised", body = Objection), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn raise(
    State(desk): State<Desk>,
    As(voice): As<Voice>,
    Json(input): Json<ObjectionInput>,
) -> HttpResult<(StatusCode, Json<Objection>)> {
    let objector = match (voice, input.household) {
        (Voice::Household(resident), _) => Objector::Resident(resident),
        (Voice::Clerk(clerk), None) => Objector::Anonymous { clerk },
        (Voice::Clerk(clerk), Some(no)) => {
            let no: HouseholdNo = no.parse().map_err(|_| refuse("household_missing"))?;
            let household = desk.household_file(&clerk, &no).await?.household.id;
            Objector::Proxy { clerk, household }
        }
    };
    let row = desk.object(&objector, input.award, &input.content).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// A decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DecisionInput {
    /// `uphold`, `in_part` or `dismiss`.
    finding: String,
    /// With `in_part`: how much is left, in the item's unit; left out, as it was.
    #[serde(default)]
    quantity: String,
    /// With `in_part`: the grade that is right; left out, as it was.
    #[serde(default)]
    grade: String,
    /// The answer to whoever objected.
    words: String,
}

/// Where the award stands after a decision.
#[derive(Serialize, ToSchema)]
struct Decided {
    /// The award's state.
    state: String,
}

/// Decides an objection. Nobody who had a part in the award may. Upheld in part, the line is rejected, and the award
/// stands again with less: it goes onto a new sheet when the days to appeal are over.
#[utoipa::path(
    post, path = "/objections/{id}/decide", tag = "notices", operation_id = "decide_objection",
    params(("id" = String, Path)), request_body = DecisionInput,
    responses((status = 200, description = "Decided", body = Decided), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn decide(
    State(desk): State<Desk>,
    by: As<crate::service::caller::Reviewer>,
    Path(id): Path<ObjectionId>,
    Json(input): Json<DecisionInput>,
) -> HttpResult<Json<Decided>> {
    let answer = amend::answer(&input.finding, &input.quantity, &input.grade)?
        .ok_or_else(|| refuse("bad_json").with("reason", "finding: uphold, in_part or dismiss"))?;
    let state = desk.decide_objection(&by, id, answer, &input.words).await?;
    Ok(Json(Decided { state: state.as_str().to_owned() }))
}
