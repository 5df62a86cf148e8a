//! Dated changes of the register: households are opened, people join, leave and move, kinship is written down.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        household::{FreezeReason, HouseholdNo, HouseholdStep, PersonNo},
        ids::OrgId,
        kin::KinKind,
        person::{BirthYear, Name, Phone, Relation},
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path},
    service::{Desk, ServiceResult, caller::Clerk, refuse, register::change::NewPerson},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(places))
        .routes(routes!(open))
        .routes(routes!(add))
        .routes(routes!(leave))
        .routes(routes!(move_to))
        .routes(routes!(change_state))
        .routes(routes!(kin, kin_list))
        .routes(routes!(withdraw_kin))
}

/// A place inside the village, where households live.
#[derive(Serialize, ToSchema)]
struct VillagePlace {
    /// Its id.
    id: String,
    /// `village`, `group` …
    kind: String,
    /// Its name.
    name: String,
}

/// Lists the groups and other places of the village.
#[utoipa::path(
    get, path = "/groups", tag = "register", operation_id = "groups",
    responses((status = 200, description = "All of them", body = Vec<VillagePlace>), (status = 403, description = "Not the clerk of this village", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn places(State(desk): State<Desk>, by: As<Clerk>) -> HttpResult<Json<Vec<VillagePlace>>> {
    let found = desk.places(&by).await?.into_iter();
    let place =
        |p: crate::store::register::Place| VillagePlace { id: p.id.to_string(), kind: p.kind, name: p.name };
    Ok(Json(found.map(place).collect()))
}

/// Somebody new.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewcomerInput {
    /// Name in full.
    name: String,
    /// What they are to the head, `head` when left out.
    relation: Option<String>,
    /// Year of birth.
    birth_year: Option<i32>,
    /// Mobile number.
    phone: Option<String>,
    /// From this day.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// For a new household: the group it lives in; the village itself when left out.
    #[schema(value_type = Option<String>)]
    place: Option<OrgId>,
}

fn relation_of(text: &str) -> ServiceResult<Relation> {
    Ok(text.parse().map_err(|_| refuse("relation_unknown").with("relation", text))?)
}

impl NewcomerInput {
    fn read(&self, today: Day) -> ServiceResult<NewPerson> {
        let name = Name::parse(&self.name).map_err(|_| refuse("name_invalid").with("name", &self.name))?;
        let relation = self.relation.as_deref().map_or(Ok(Relation::Head), relation_of)?;
        let birth_year = match self.birth_year {
            None => None,
            Some(year) => Some(
                BirthYear::new(year, today.ymd().0)
                    .map_err(|_| refuse("birth_year_invalid").with("year", year))?,
            ),
        };
        let phone = match self.phone.as_deref() {
            None => None,
            Some(text) => Some(Phone::parse(text).map_err(|_| refuse("phone_invalid").with("phone", text))?),
        };
        Ok(NewPerson { name, relation, birth_year, phone })
    }
}

/// The number something was given.
#[derive(Serialize, ToSchema)]
struct Numbered {
    /// `H0001` or `P000001`.
    no: String,
}

/// Opens a household with its head.
#[utoipa::path(
    post, path = "/households/open", tag = "register", operation_id = "open_household", request_body = NewcomerInput,
    responses((status = 201, description = "Its number", body = Numbered), (status = 404, description = "No such group here", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn open(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(input): Json<NewcomerInput>,
) -> HttpResult<(StatusCode, Json<Numbered>)> {
    let no = desk.open_household(&by, input.place, &input.read(desk.today())?, input.on).await?;
    Ok((StatusCode::CREATED, Json(Numbered { no: no.to_string() })))
}

/// Registers somebody into a household.
#[utoipa::path(
    post, path = "/households/{no}/members", tag = "register", operation_id = "add_member",
    params(("no" = String, Path)), request_body = NewcomerInput,
    responses((status = 201, description = "The person's number", body = Numbered), (status = 404, description = "No such household here", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn add(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(no): Path<HouseholdNo>,
    Json(input): Json<NewcomerInput>,
) -> HttpResult<(StatusCode, Json<Numbered>)> {
    let person = desk.add_member(&by, &no, &input.read(desk.today())?, input.on).await?;
    Ok((StatusCode::CREATED, Json(Numbered { no: person.to_string() })))
}

/// Somebody leaves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LeaveInput {
    /// The first day they no longer belong.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// Why.
    #[serde(default)]
    reason: String,
}

/// Ends a person's belonging to their household.
#[utoipa::path(
    post, path = "/people/{no}/leave", tag = "register", operation_id = "leave_household",
    params(("no" = String, Path)), request_body = LeaveInput,
    responses((status = 204, description = "Done"), (status = 404, description = "No such person here", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn leave(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(no): Path<PersonNo>,
    Json(input): Json<LeaveInput>,
) -> HttpResult<StatusCode> {
    desk.leave_household(&by, &no, input.on, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody moves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MoveInput {
    /// The household they join.
    to: String,
    /// What they are to its head.
    relation: String,
    /// From this day.
    #[schema(value_type = String, format = Date)]
    on: Day,
}

/// Moves a person to another household of the village.
#[utoipa::path(
    post, path = "/people/{no}/move", tag = "register", operation_id = "move_person",
    params(("no" = String, Path)), request_body = MoveInput,
    responses((status = 204, description = "Done"), (status = 404, description = "No such person or household here", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn move_to(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(no): Path<PersonNo>,
    Json(input): Json<MoveInput>,
) -> HttpResult<StatusCode> {
    let to = HouseholdNo::parse(&input.to).map_err(|_| refuse("invalid_number").with("number", &input.to))?;
    desk.move_member(&by, &no, &to, relation_of(&input.relation)?, input.on).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A step of a household.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StepInput {
    /// `activate`, `unfreeze`, `close`, or the reason it is frozen for.
    step: String,
    /// Why.
    reason: String,
}

/// Where a household stands.
#[derive(Serialize, ToSchema)]
struct Standing {
    /// Its state.
    state: String,
}

/// Activates, freezes, frees or closes a household.
#[utoipa::path(
    post, path = "/households/{no}/state", tag = "register", operation_id = "change_household",
    params(("no" = String, Path)), request_body = StepInput,
    responses((status = 200, description = "Where it stands now", body = Standing), (status = 404, description = "No such household here", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn change_state(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(no): Path<HouseholdNo>,
    Json(input): Json<StepInput>,
) -> HttpResult<Json<Standing>> {
    let step = match input.step.as_str() {
        "activate" => HouseholdStep::Activate,
        "unfreeze" => HouseholdStep::Unfreeze,
        "close" => HouseholdStep::Close,
        other => {
            let reason: Result<FreezeReason, _> = other.parse();
            HouseholdStep::Freeze(reason.map_err(|_| refuse("household_state").with("state", other))?)
        }
    };
    let state = desk.change_household(&by, &no, step, &input.reason).await?;
    Ok(Json(Standing { state: state.as_str().to_owned() }))
}

/// Two relatives.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KinInput {
    /// The other person's number.
    relative: String,
    /// What they are to each other.
    kin: String,
}

/// Writes down that two people are kin: neither decides about the other.
#[utoipa::path(
    post, path = "/people/{no}/kin", tag = "register", operation_id = "add_kin",
    params(("no" = String, Path)), request_body = KinInput,
    responses((status = 204, description = "Done"), (status = 404, description = "No such person here", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn kin(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(no): Path<PersonNo>,
    Json(input): Json<KinInput>,
) -> HttpResult<StatusCode> {
    let other = &input.relative;
    let relative = PersonNo::parse(other).map_err(|_| refuse("invalid_number").with("number", other))?;
    let kind: Result<KinKind, _> = input.kin.parse();
    let kind = kind.map_err(|_| refuse("relation_unknown").with("relation", &input.kin))?;
    desk.add_kin(&by, &no, &relative, kind).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A tie as it stands on record.
#[derive(Serialize, ToSchema)]
struct Tie {
    /// The relative's number.
    relative: String,
    /// What the relative is to them.
    kin: String,
    /// When it was written down, if that was kept.
    #[schema(value_type = Option<String>, format = DateTime)]
    entered_at: Option<Timestamp>,
    /// The first day on which it bars nobody, if it was taken back.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Day>,
}

/// Lists every tie of somebody there ever was, the oldest first.
#[utoipa::path(
    get, path = "/people/{no}/kin", tag = "register", operation_id = "kin_of", params(("no" = String, Path)),
    responses((status = 200, description = "Their ties", body = Vec<Tie>), (status = 404, description = "No such person here", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn kin_list(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(no): Path<PersonNo>,
) -> HttpResult<Json<Vec<Tie>>> {
    let ties = desk.kin_of(&by, &no).await?.into_iter().map(|tie| Tie {
        relative: tie.relative.to_string(),
        kin: tie.kind.as_str().to_owned(),
        entered_at: tie.entered_at,
        until: tie.until,
    });
    Ok(Json(ties.collect()))
}

/// A tie to be taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TieInput {
    /// The other person's number.
    relative: String,
    /// Why.
    reason: String,
}

/// Takes a tie of kinship back from today on; days before still see it.
#[utoipa::path(
    post, path = "/people/{no}/kin/withdraw", tag = "register", operation_id = "withdraw_kin",
    params(("no" = String, Path)), request_body = TieInput,
    responses((status = 204, description = "Done"), (status = 404, description = "No such person here", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn withdraw_kin(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(no): Path<PersonNo>,
    Json(input): Json<TieInput>,
) -> HttpResult<StatusCode> {
    let other = &input.relative;
    let relative = PersonNo::parse(other).map_err(|_| refuse("invalid_number").with("number", other))?;
    desk.withdraw_kin(&by, &no, &relative, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
