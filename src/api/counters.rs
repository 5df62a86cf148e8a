//! Counters.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::ids::{CounterId, UserId},
    http::{AppState, As, HttpResult, Json, Path},
    service::{
        Desk,
        caller::{Clerk, Staff},
        counters::NewCounter,
    },
    store::counter::{CounterRow, KeeperRow},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(set_open))
        .routes(routes!(keepers, add_keeper))
        .routes(routes!(remove_keeper))
}

/// A counter.
#[derive(Serialize, ToSchema)]
struct Counter {
    /// Its id.
    id: String,
    /// Part of account paths.
    code: String,
    /// What the village calls it.
    name: String,
    /// The same in English.
    name_en: String,
    /// Whether it hands out goods now.
    open: bool,
}

impl From<CounterRow> for Counter {
    fn from(row: CounterRow) -> Self {
        let open = row.is_open();
        Self { id: row.id.to_string(), code: row.code, name: row.name, name_en: row.name_en, open }
    }
}

/// Lists the counters of the village.
#[utoipa::path(
    get, path = "/counters", tag = "counter", operation_id = "list_counters",
    responses((status = 200, description = "By code", body = Vec<Counter>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(State(desk): State<Desk>, by: As<Staff>) -> HttpResult<Json<Vec<Counter>>> {
    Ok(Json(desk.counters(by.book).await?.into_iter().map(Counter::from).collect()))
}

/// A counter to be set up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CounterInput {
    /// Letters and digits, for ever.
    code: String,
    /// What the village calls it.
    name: String,
    /// The same in English.
    #[serde(default)]
    name_en: String,
}

/// Sets up a counter.
#[utoipa::path(
    post, path = "/counters", tag = "counter", operation_id = "add_counter", request_body = CounterInput,
    responses(
        (status = 200, description = "The counter, open", body = Counter),
        (status = 409, description = "The code is taken", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn add(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(new): Json<CounterInput>,
) -> HttpResult<Json<Counter>> {
    let new = NewCounter { code: new.code, name: new.name, name_en: new.name_en };
    Ok(Json(desk.add_counter(&by, new).await?.into()))
}

/// Open or closed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpenInput {
    /// Whether it is to hand out goods.
    open: bool,
}

/// Opens or closes a counter: whoever stands there, or the clerk.
#[utoipa::path(
    put, path = "/counters/{id}/open", tag = "counter", operation_id = "set_counter_open",
    params(("id" = String, Path, description = "The counter")), request_body = OpenInput,
    responses(
        (status = 200, description = "The counter", body = Counter),
        (status = 404, description = "No such counter, or not the caller's", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn set_open(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<CounterId>,
    Json(input): Json<OpenInput>,
) -> HttpResult<Json<Counter>> {
    Ok(Json(desk.set_counter_open(&by, id, input.open).await?.into()))
}

/// Somebody who stands at a counter.
#[derive(Serialize, ToSchema)]
struct Keeper {
    /// The account.
    user: String,
    /// Its name.
    name: Option<String>,
}

impl From<KeeperRow> for Keeper {
    fn from(row: KeeperRow) -> Self {
        Self { user: row.user_id.to_string(), name: row.display_name }
    }
}

/// Lists who stands at a counter.
#[utoipa::path(
    get, path = "/counters/{id}/keepers", tag = "counter", operation_id = "list_keepers",
    params(("id" = String, Path, description = "The counter")),
    responses((status = 200, description = "Who stands there", body = Vec<Keeper>)),
    security(("bearer" = []), ("session" = []))
)]
async fn keepers(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<CounterId>,
) -> HttpResult<Json<Vec<Keeper>>> {
    Ok(Json(desk.keepers(&by, id).await?.into_iter().map(Keeper::from).collect()))
}

/// Whom to put behind the counter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeeperInput {
    /// The login name of a shopkeeper of this village.
    login: String,
}

/// Puts a shopkeeper behind a counter.
#[utoipa::path(
    post, path = "/counters/{id}/keepers", tag = "counter", operation_id = "add_keeper",
    params(("id" = String, Path, description = "The counter")), request_body = KeeperInput,
    responses(
        (status = 200, description = "Who stands there now", body = Vec<Keeper>),
        (status = 422, description = "Not a shopkeeper of this village", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn add_keeper(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<CounterId>,
    Json(input): Json<KeeperInput>,
) -> HttpResult<Json<Vec<Keeper>>> {
    desk.add_keeper_named(&by, id, &input.login).await?;
    Ok(Json(desk.keepers(&by, id).await?.into_iter().map(Keeper::from).collect()))
}

/// Takes somebody away from a counter.
#[utoipa::path(
    delete, path = "/counters/{id}/keepers/{user}", tag = "counter", operation_id = "remove_keeper",
    params(("id" = String, Path, description = "The counter"), ("user" = String, Path, description = "The account")),
    responses((status = 200, description = "Who stands there now", body = Vec<Keeper>)),
    security(("bearer" = []), ("session" = []))
)]
async fn remove_keeper(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path((id, user)): Path<(CounterId, UserId)>,
) -> HttpResult<Json<Vec<Keeper>>> {
    desk.remove_keeper(&by, id, user).await?;
    Ok(Json(desk.keepers(&by, id).await?.into_iter().map(Keeper::from).collect()))
}
