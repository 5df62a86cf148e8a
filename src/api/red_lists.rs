//! Red lists: who is on them agrees first.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{objections::Voice, problem::Problem};
use crate::{
    domain::{household::HouseholdNo, ids::RedListId, recognition::Consent},
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::{Clerk, Resident, Reviewer, Staff},
        red_list::{NewRedList, RedListFile, Speaker},
        refuse,
    },
    store::red_list::RedListRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(red_lists, propose))
        .routes(routes!(red_list))
        .routes(routes!(approve))
        .routes(routes!(show))
        .routes(routes!(end))
        .routes(routes!(consent))
        .routes(routes!(own))
        .routes(routes!(shown))
}

/// A red list.
#[derive(Serialize, ToSchema)]
struct RedList {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// Its heading.
    title: String,
    /// The vote or meeting it rests on.
    basis: String,
    /// `proposed`, `approved`, `shown`, `taken_down` or `withdrawn`.
    state: String,
}

impl From<RedListRow> for RedList {
    fn from(r: RedListRow) -> Self {
        Self { id: r.id.to_string(), no: r.no, title: r.title, basis: r.basis, state: r.state }
    }
}

/// A household on a red list.
#[derive(Serialize, ToSchema)]
struct RedListLine {
    /// Its place: households come by number.
    line: i32,
    /// The household's number; nothing in public.
    household: Option<String>,
    /// The name of its group.
    group: String,
    /// The masked name of its head.
    head: String,
    /// What it is praised for.
    deed: String,
    /// `asked`, `given` or `refused`.
    consent: String,
}

/// A red list with the households on it.
#[derive(Serialize, ToSchema)]
struct RedListSheet {
    /// The list.
    list: RedList,
    /// Who is on it.
    lines: Vec<RedListLine>,
}

fn sheet(file: RedListFile, public: bool) -> RedListSheet {
    let line = |p: crate::service::red_list::Praised| RedListLine {
        line: p.entry.line,
        household: (!public).then_some(p.household_no),
        group: p.group,
        head: p.masked,
        deed: p.entry.deed,
        consent: p.entry.consent,
    };
    RedListSheet { list: file.list.into(), lines: file.entries.into_iter().map(line).collect() }
}

/// Which red lists.
#[derive(Debug, Deserialize, IntoParams)]
struct Listed {
    /// Numbered below.
    before: Option<i64>,
}

/// Lists red lists, newest first, 50 at once.
#[utoipa::path(
    get, path = "/red-lists", tag = "notices", operation_id = "list_red_lists", params(Listed),
    responses((status = 200, description = "Newest first", body = Vec<RedList>)),
    security(("bearer" = []), ("session" = []))
)]
async fn red_lists(
    State(desk): State<Desk>,
    by: As<Staff>,
    Query(query): Query<Listed>,
) -> HttpResult<Json<Vec<RedList>>> {
    super::reviews::insider(&by)?;
    let found = desk.red_lists(&by, query.before.unwrap_or(i64::MAX)).await?;
    Ok(Json(found.into_iter().map(RedList::from).collect()))
}

/// A household to be praised.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PraiseInput {
    /// Its number.
    household: String,
    /// For what.
    deed: String,
}

/// A red list to be put together.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RedListInput {
    /// Its heading.
    title: String,
    /// The vote or meeting it rests on.
    basis: String,
    /// Who is on it; at most 100.
    households: Vec<PraiseInput>,
}

/// Puts a red list together; every household on it is asked.
#[utoipa::path(
    post, path = "/red-lists", tag = "notices", operation_id = "propose_red_list", request_body = RedListInput,
    responses((status = 201, description = "Put together", body = RedList), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn propose(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(input): Json<RedListInput>,
) -> HttpResult<(StatusCode, Json<RedList>)> {
    let mut entries = Vec::with_capacity(input.households.len());
    for one in input.households {
        let no: HouseholdNo = one.household.parse().map_err(|_| refuse("household_missing"))?;
        entries.push((no, one.deed));
    }
    let new = NewRedList { title: input.title, basis: input.basis, entries };
    Ok((StatusCode::CREATED, Json(desk.propose_red_list(&by, &new).await?.into())))
}

/// Shows a red list with what its households say.
#[utoipa::path(
    get, path = "/red-lists/{id}", tag = "notices", operation_id = "red_list", params(("id" = String, Path)),
    responses((status = 200, description = "The list", body = RedListSheet), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn red_list(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<RedListId>,
) -> HttpResult<Json<RedListSheet>> {
    super::reviews::insider(&by)?;
    Ok(Json(sheet(desk.red_list(by.book, id).await?, false)))
}

/// Approves a red list on which every household has answered.
#[utoipa::path(
    post, path = "/red-lists/{id}/approve", tag = "notices", operation_id = "approve_red_list", params(("id" = String, Path)),
    responses((status = 200, description = "Approved", body = RedList), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn approve(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<RedListId>,
) -> HttpResult<Json<RedList>> {
    Ok(Json(desk.approve_red_list(&by, id).await?.into()))
}

/// Hangs an approved red list up, for thirty days.
#[utoipa::path(
    post, path = "/red-lists/{id}/show", tag = "notices", operation_id = "show_red_list", params(("id" = String, Path)),
    responses((status = 200, description = "It hangs", body = RedList), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn show(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<RedListId>,
) -> HttpResult<Json<RedList>> {
    Ok(Json(desk.show_red_list(&by, id).await?.into()))
}

/// Takes a red list down, or gives it up before it hung.
#[utoipa::path(
    post, path = "/red-lists/{id}/end", tag = "notices", operation_id = "end_red_list", params(("id" = String, Path)),
    responses((status = 200, description = "It hangs no more", body = RedList), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn end(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<RedListId>,
) -> HttpResult<Json<RedList>> {
    Ok(Json(desk.end_red_list(&by, id).await?.into()))
}

/// What a household says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsentInput {
    /// Whether it agrees to be shown.
    agrees: bool,
    /// The household's number, when the clerk enters a signature. Households leave it out.
    household: Option<String>,
}

/// What a household says to its being shown. A no takes its line down at once.
#[utoipa::path(
    post, path = "/red-lists/{id}/consent", tag = "notices", operation_id = "answer_red_list",
    params(("id" = String, Path)), request_body = ConsentInput,
    responses((status = 204, description = "Noted"), (status = 404, description = "Not on this list", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn consent(
    State(desk): State<Desk>,
    As(voice): As<Voice>,
    Path(id): Path<RedListId>,
    Json(input): Json<ConsentInput>,
) -> HttpResult<StatusCode> {
    let speaker = match voice {
        Voice::Household(resident) => Speaker::Resident(resident),
        Voice::Clerk(clerk) => {
            let no: Result<HouseholdNo, _> = input.household.unwrap_or_default().parse();
            let no = no.map_err(|_| refuse("household_missing"))?;
            let household = desk.household_file(&clerk, &no).await?.household.id;
            Speaker::Proxy(clerk, household)
        }
    };
    let consent = if input.agrees { Consent::Given } else { Consent::Refused };
    desk.answer_red_list(&speaker, id, consent).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A red list one's own household is on.
#[derive(Serialize, ToSchema)]
struct OwnRedList {
    /// The list.
    list: RedList,
    /// What the household is praised for.
    deed: String,
    /// `asked`, `given` or `refused`.
    consent: String,
}

/// Lists the red lists the signed-in household is on.
#[utoipa::path(
    get, path = "/my/red-lists", tag = "notices", operation_id = "own_red_lists",
    responses((status = 200, description = "Those that are not over", body = Vec<OwnRedList>),
        (status = 403, description = "Not a household", body = Problem)),
    security(("session" = []))
)]
async fn own(State(desk): State<Desk>, by: As<Resident>) -> HttpResult<Json<Vec<OwnRedList>>> {
    let found = desk.own_red_lists(&by).await?.into_iter();
    Ok(Json(
        found
            .map(|(list, entry)| OwnRedList { list: list.into(), deed: entry.deed, consent: entry.consent })
            .collect(),
    ))
}

/// Shows the red lists that hang in a village, with those who agree, masked.
#[utoipa::path(
    get, path = "/board/{village}/red-lists", tag = "notices", operation_id = "shown_red_lists",
    params(("village" = i64, Path)),
    responses((status = 200, description = "What hangs", body = Vec<RedListSheet>), (status = 404, body = Problem))
)]
async fn shown(State(desk): State<Desk>, Path(village): Path<i64>) -> HttpResult<Json<Vec<RedListSheet>>> {
    let book = desk.public_book(village).await?.book_id;
    let found = desk.shown_red_lists(book).await?;
    Ok(Json(found.into_iter().map(|file| sheet(file, true)).collect()))
}
