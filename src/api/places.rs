//! The county's tree of places, the books opened in it, and the overview of villages.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{problem::Problem, users::OfficeReason};
use crate::{
    domain::{
        amount,
        ids::OrgId,
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::CountyAdmin,
        orgs::{NewPlace, PlaceView},
        programme::NewProgramme,
        refuse,
        session::StaffSignIn,
    },
    store::{
        org::{OrgCodeRow, OrgRow},
        programme::ProgrammeRow,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(top))
        .routes(routes!(one, make))
        .routes(routes!(rename))
        .routes(routes!(set_code))
        .routes(routes!(close))
        .routes(routes!(programmes))
        .routes(routes!(open_book))
        .routes(routes!(villages))
}

/// A place.
#[derive(Serialize, ToSchema)]
struct PlaceLine {
    /// Its id.
    id: String,
    /// `county`, `township`, `village`, `group` …
    kind: String,
    /// `rural` or `urban` words.
    labels: String,
    /// Its name.
    name: String,
}

impl From<OrgRow> for PlaceLine {
    fn from(o: OrgRow) -> Self {
        Self { id: o.id.to_string(), kind: o.kind, labels: o.labels, name: o.name }
    }
}

/// A division code of a place.
#[derive(Serialize, ToSchema)]
struct DivisionCodeLine {
    /// The code.
    code: String,
    /// From this day.
    #[schema(value_type = String, format = Date)]
    from: Day,
    /// Until before this day.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Day>,
}

impl From<OrgCodeRow> for DivisionCodeLine {
    fn from(c: OrgCodeRow) -> Self {
        Self { code: c.code, from: c.valid_from, to: c.valid_to }
    }
}

/// A book.
#[derive(Serialize, ToSchema)]
struct Programme {
    /// Its id.
    id: String,
    /// Its short number, for `?v=`.
    no: i64,
    /// Its name.
    name: String,
    /// The same in English.
    name_en: String,
}

impl From<ProgrammeRow> for Programme {
    fn from(p: ProgrammeRow) -> Self {
        Self { id: p.book_id.to_string(), no: p.no, name: p.name, name_en: p.name_en }
    }
}

/// A place with what lies in it.
#[derive(Serialize, ToSchema)]
struct PlaceFile {
    /// The place.
    place: PlaceLine,
    /// The places it lies in, outermost first.
    above: Vec<PlaceLine>,
    /// What lies directly in it.
    children: Vec<PlaceLine>,
    /// Its division codes.
    codes: Vec<DivisionCodeLine>,
    /// The books kept here.
    programmes: Vec<Programme>,
}

impl From<PlaceView> for PlaceFile {
    fn from(v: PlaceView) -> Self {
        Self {
            place: v.org.into(),
            above: v.above.into_iter().map(PlaceLine::from).collect(),
            children: v.children.into_iter().map(PlaceLine::from).collect(),
            codes: v.codes.into_iter().map(DivisionCodeLine::from).collect(),
            programmes: v.programmes.into_iter().map(Programme::from).collect(),
        }
    }
}

/// Shows the county and what lies in it.
#[utoipa::path(
    get, path = "/places", tag = "county", operation_id = "top_place",
    responses((status = 200, description = "The county", body = PlaceFile), (status = 403, description = "Not the county's administrator", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn top(State(desk): State<Desk>, by: As<CountyAdmin>) -> HttpResult<Json<PlaceFile>> {
    Ok(Json(desk.place(&by, by.org).await?.into()))
}

/// Shows a place and what lies in it.
#[utoipa::path(
    get, path = "/places/{id}", tag = "county", operation_id = "place", params(("id" = String, Path)),
    responses((status = 200, description = "The place", body = PlaceFile), (status = 404, description = "No such place in this county", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<OrgId>,
) -> HttpResult<Json<PlaceFile>> {
    Ok(Json(desk.place(&by, id).await?.into()))
}

/// A place to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlaceInput {
    /// What it is.
    kind: String,
    /// `rural` or `urban` words.
    labels: String,
    /// Its name.
    name: String,
}

/// Makes a place inside another.
#[utoipa::path(
    post, path = "/places/{id}", tag = "county", operation_id = "make_place", params(("id" = String, Path)), request_body = PlaceInput,
    responses((status = 201, description = "Made", body = PlaceLine), (status = 404, description = "No such place in this county", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn make(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(parent): Path<OrgId>,
    Json(input): Json<PlaceInput>,
) -> HttpResult<(StatusCode, Json<PlaceLine>)> {
    let (Ok(kind), Ok(labels)) = (input.kind.parse(), input.labels.parse()) else {
        return Err(refuse("bad_json").with("reason", "kind, labels").into());
    };
    let made = desk.make_place(&by, &NewPlace { parent, kind, labels, name: input.name }).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Another name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RenameInput {
    /// The name.
    name: String,
}

/// Renames a place; its id stays.
#[utoipa::path(
    post, path = "/places/{id}/rename", tag = "county", operation_id = "rename_place", params(("id" = String, Path)), request_body = RenameInput,
    responses((status = 204, description = "Renamed"), (status = 404, description = "No such place in this county", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn rename(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<OrgId>,
    Json(input): Json<RenameInput>,
) -> HttpResult<StatusCode> {
    desk.rename_place(&by, id, &input.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Closes a place from today on; what lies in it must be closed before.
#[utoipa::path(
    post, path = "/places/{id}/close", tag = "county", operation_id = "close_place", params(("id" = String, Path)), request_body = OfficeReason,
    responses((status = 204, description = "Closed"), (status = 404, description = "No such place in this county", body = Problem),
        (status = 409, description = "It was closed before", body = Problem), (status = 422, description = "Something is still in it", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn close(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<OrgId>,
    Json(why): Json<OfficeReason>,
) -> HttpResult<StatusCode> {
    desk.close_place(&by, id, &why.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A page of a list by number.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct NumberPage {
    /// The last number of the page before.
    #[serde(default)]
    after: i64,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists the county's programmes.
#[utoipa::path(
    get, path = "/programmes", tag = "county", operation_id = "list_programmes", params(NumberPage),
    responses((status = 200, description = "By number", body = Vec<Programme>), (status = 403, description = "Not the county's administrator", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn programmes(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Query(page): Query<NumberPage>,
) -> HttpResult<Json<Vec<Programme>>> {
    let limit = page.limit.unwrap_or(50).clamp(1, 100);
    let found = desk.programmes_of(&by, page.after, limit).await?;
    Ok(Json(found.into_iter().map(Programme::from).collect()))
}

/// A division code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DivisionCodeInput {
    /// The code.
    code: String,
    /// From this day; the code before it ends.
    #[schema(value_type = String, format = Date)]
    from: Day,
}

/// Gives a place a division code from a day on.
#[utoipa::path(
    post, path = "/places/{id}/codes", tag = "county", operation_id = "set_division_code", params(("id" = String, Path)), request_body = DivisionCodeInput,
    responses((status = 204, description = "Set"), (status = 404, description = "No such place in this county", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn set_code(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<OrgId>,
    Json(input): Json<DivisionCodeInput>,
) -> HttpResult<StatusCode> {
    desk.set_division_code(&by, id, &input.code, input.from).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A book to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProgrammeInput {
    /// Its name.
    name: String,
    /// The same in English.
    #[serde(default)]
    name_en: String,
}

/// Opens the book of a village.
#[utoipa::path(
    post, path = "/places/{id}/programmes", tag = "county", operation_id = "open_programme", params(("id" = String, Path)), request_body = ProgrammeInput,
    responses((status = 201, description = "Opened", body = Programme), (status = 404, description = "No such place in this county", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn open_book(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(village): Path<OrgId>,
    Json(input): Json<ProgrammeInput>,
) -> HttpResult<(StatusCode, Json<Programme>)> {
    let new = NewProgramme { village, name: input.name, name_en: input.name_en, demo: false };
    Ok((StatusCode::CREATED, Json(desk.open_book(&by, &new).await?.into())))
}

/// Whether a village is healthy.
#[derive(Serialize, ToSchema)]
struct VillageOverview {
    /// Its book.
    programme: Programme,
    /// People in its register.
    people: i64,
    /// Spendable and held points.
    outstanding: String,
    /// Points not yet issued.
    budget_left: String,
    /// Money and goods behind the points; nothing when it cannot be said.
    coverage: Option<String>,
    /// Awards waiting longer than a week.
    late_awards: i64,
    /// Objections not decided.
    objections: i64,
    /// Reversals not decided.
    reversals: i64,
    /// The last transaction.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_posting: Option<Timestamp>,
}

/// Lists the villages under one's township or county by their numbers; never a ranking.
#[utoipa::path(
    get, path = "/villages", tag = "county", operation_id = "villages",
    responses((status = 200, description = "By number", body = Vec<VillageOverview>), (status = 403, description = "Neither township nor county", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn villages(State(desk): State<Desk>, by: As<StaffSignIn>) -> HttpResult<Json<Vec<VillageOverview>>> {
    let found = desk.overseen_villages(&by).await?.into_iter().map(|v| VillageOverview {
        programme: v.programme.into(),
        people: v.people,
        outstanding: amount::points(v.outstanding),
        budget_left: amount::points(v.budget_left),
        coverage: v.coverage.hundredths().map(amount::points),
        late_awards: v.late_awards,
        objections: v.objections,
        reversals: v.reversals,
        last_posting: v.last_posting,
    });
    Ok(Json(found.collect()))
}
