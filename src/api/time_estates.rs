//! Hours of somebody who died: frozen, drawn up for an heir, agreed by a second person.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{problem::Problem, time_orders::TimePerson};
use crate::{
    domain::{
        ids::TimeEstateId,
        time::Day,
        timebank::{estate::EstateGround, policy::Brim},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        timebank::{estate::NewHeir, estate_view::EstateView, party::Party},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(one))
        .routes(routes!(draw))
        .routes(routes!(decide))
}

/// An inheritance of hours.
#[derive(Serialize, ToSchema)]
struct TimeEstate {
    /// Its id.
    id: String,
    /// Its number.
    no: i64,
    /// `open`, `drawn` or `settled`.
    state: String,
    /// Who died.
    person: TimePerson,
    /// The day.
    died_on: String,
    /// The first day on which the public pool has it.
    due_on: String,
    /// Minutes in the account now.
    holds: i64,
    /// The heir.
    heir: Option<TimePerson>,
    /// `named` or `agreed`.
    ground: Option<String>,
    /// What keeps it from being settled: the code of the refusal.
    held_up: Option<String>,
    /// Minutes that went to the heir's account.
    saved: i64,
    /// … to the public pool.
    pooled: i64,
    /// … for honour.
    honoured: i64,
    /// The transaction.
    seq: Option<i64>,
}

impl From<EstateView> for TimeEstate {
    fn from(view: EstateView) -> Self {
        let row = view.row;
        Self {
            id: row.id.to_string(),
            no: row.no,
            state: row.state,
            person: view.person.into(),
            died_on: row.died_on.to_string(),
            due_on: row.due_on.to_string(),
            holds: view.holds,
            heir: view.heir.map(TimePerson::from),
            ground: row.ground,
            held_up: view.held_up.map(|why| why.code.to_owned()),
            saved: row.saved,
            pooled: row.pooled,
            honoured: row.honoured,
            seq: row.post_seq,
        }
    }
}

/// Which inheritances.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EstatePage {
    /// The last number of the page before.
    after: Option<i64>,
}

/// Inheritances of hours: all of them for the staff, for a household those it has a part in.
#[utoipa::path(
    get, path = "/time/estates", tag = "time", operation_id = "list_time_estates", params(EstatePage),
    responses((status = 200, description = "Numbered above `after`, oldest first", body = [TimeEstate])),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Query(query): Query<EstatePage>,
) -> HttpResult<Json<Vec<TimeEstate>>> {
    let found = desk.time_estates(&by, query.after.unwrap_or(0)).await?;
    Ok(Json(found.into_iter().map(TimeEstate::from).collect()))
}

/// Somebody died.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EstateInput {
    /// Their number.
    person: String,
    /// The day.
    #[schema(value_type = String)]
    died_on: Day,
    /// The paper that says so.
    notice: String,
}

/// Freezes the account of somebody who died. The register has to know that they left.
#[utoipa::path(
    post, path = "/time/estates", tag = "time", operation_id = "open_time_estate", request_body = EstateInput,
    responses((status = 201, description = "Frozen", body = TimeEstate), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn open(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Json(input): Json<EstateInput>,
) -> HttpResult<(StatusCode, Json<TimeEstate>)> {
    let staff = by.desk()?;
    let who = desk.time_person_id(by.book(), &input.person).await?;
    let row = desk.open_time_estate(&staff, who, input.died_on, &input.notice).await?;
    Ok((StatusCode::CREATED, Json(desk.time_estate_view(&by, row.id).await?.into())))
}

/// One inheritance of hours.
#[utoipa::path(
    get, path = "/time/estates/{id}", tag = "time", operation_id = "get_time_estate", params(("id" = String, Path)),
    responses((status = 200, description = "The inheritance", body = TimeEstate), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(id): Path<TimeEstateId>,
) -> HttpResult<Json<TimeEstate>> {
    Ok(Json(desk.time_estate_view(&by, id).await?.into()))
}

/// An heir.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HeirInput {
    /// Their number: husband or wife, or lineal kin in the register.
    heir: String,
    /// `named`: the volunteer did in writing. `agreed`: the heirs did in writing.
    #[schema(value_type = String)]
    ground: EstateGround,
    /// The paper that says so.
    paper: String,
    /// What becomes of minutes beyond the heir's cap: `donate` or `honor`.
    #[schema(value_type = Option<String>)]
    brim: Option<Brim>,
}

/// Draws an heir up, for a second person to agree.
#[utoipa::path(
    post, path = "/time/estates/{id}/heir", tag = "time", operation_id = "draw_heir", params(("id" = String, Path)),
    request_body = HeirInput,
    responses((status = 200, description = "Drawn up", body = TimeEstate), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn draw(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(id): Path<TimeEstateId>,
    Json(input): Json<HeirInput>,
) -> HttpResult<Json<TimeEstate>> {
    let staff = by.desk()?;
    let heir = desk.time_person_id(by.book(), &input.heir).await?;
    let new = NewHeir { heir, ground: input.ground, paper: input.paper, brim: input.brim };
    desk.draw_heir(&staff, id, &new).await?;
    Ok(Json(desk.time_estate_view(&by, id).await?.into()))
}

/// What the second person says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HeirDecision {
    /// Whether they agree.
    agrees: bool,
    /// Why not.
    #[serde(default)]
    words: String,
}

/// A second person agrees, and the hours go over; or sends it back.
#[utoipa::path(
    post, path = "/time/estates/{id}/decision", tag = "time", operation_id = "decide_heir", params(("id" = String, Path)),
    request_body = HeirDecision,
    responses((status = 200, description = "Settled, or sent back", body = TimeEstate), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn decide(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(id): Path<TimeEstateId>,
    Json(input): Json<HeirDecision>,
) -> HttpResult<Json<TimeEstate>> {
    desk.decide_heir(&by.arbiter()?, id, input.agrees, &input.words).await?;
    Ok(Json(desk.time_estate_view(&by, id).await?.into()))
}
