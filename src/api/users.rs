//! Accounts, as the county keeps them.

use axum::{extract::State, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{once::told_once, problem::Problem};
use crate::{
    domain::ids::{OrgId, UserId},
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{Desk, caller::CountyAdmin, identity::Who, refuse, users::ShownOnce},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(one))
        .routes(routes!(grant))
        .routes(routes!(revoke))
        .routes(routes!(reset_password))
        .routes(routes!(reset_factor))
        .routes(routes!(disable))
        .routes(routes!(enable))
        .routes(routes!(link))
}

/// An account in a list.
#[derive(Serialize, ToSchema)]
struct UserLine {
    /// Its id.
    id: String,
    /// What is typed at sign-in.
    login: String,
    /// What pages call this person.
    name: String,
    /// `active`, `temporary` or `disabled`.
    state: String,
}

/// From where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UsersAfter {
    /// The last login name of the page before.
    #[serde(default)]
    after: String,
}

/// Lists accounts by login name, a page at a time.
#[utoipa::path(
    get, path = "/users", tag = "county", operation_id = "list_users", params(UsersAfter),
    responses((status = 200, description = "By login name", body = Vec<UserLine>), (status = 403, description = "Not the county's administrator", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Query(page): Query<UsersAfter>,
) -> HttpResult<Json<Vec<UserLine>>> {
    let found = desk.users(&by, &page.after).await?.into_iter().map(|u| UserLine {
        id: u.id.to_string(),
        login: u.login_name,
        name: u.display_name,
        state: u.state,
    });
    Ok(Json(found.collect()))
}

/// An account to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserInput {
    /// What is typed at sign-in.
    login: String,
    /// What pages call this person.
    name: String,
}

/// A password that is told this once and must be changed at the first sign-in.
#[derive(Serialize, ToSchema)]
struct TemporaryPassword {
    /// The account.
    id: String,
    /// The password; absent when the answer is repeated, since it is kept nowhere. Whoever lost it sets another.
    password: Option<String>,
}

/// The answer with the password, and the one without that is kept.
fn told(status: StatusCode, id: UserId, shown: ShownOnce) -> HttpResult<Response> {
    told_once(status, shown, |password| TemporaryPassword { id: id.to_string(), password })
}

/// Makes an account.
#[utoipa::path(
    post, path = "/users", tag = "county", operation_id = "create_user", request_body = UserInput,
    responses((status = 201, description = "Made", body = TemporaryPassword), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn create(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Json(input): Json<UserInput>,
) -> HttpResult<Response> {
    let (id, shown) = desk.create_user(&by, &input.login, &input.name).await?;
    told(StatusCode::CREATED, id, shown)
}

/// A role of an account.
#[derive(Serialize, ToSchema)]
struct UserGrant {
    /// Its id.
    id: String,
    /// The role.
    role: String,
    /// The place.
    org: String,
    /// That place's name.
    org_name: String,
}

/// An account with its roles.
#[derive(Serialize, ToSchema)]
struct UserFile {
    /// Its id.
    id: String,
    /// What is typed at sign-in.
    login: String,
    /// What pages call this person.
    name: String,
    /// Whether it may no longer sign in.
    disabled: bool,
    /// Whether the second factor is set up.
    has_totp: bool,
    /// The roles in force.
    grants: Vec<UserGrant>,
}

/// Shows an account with its roles.
#[utoipa::path(
    get, path = "/users/{id}", tag = "county", operation_id = "user", params(("id" = String, Path)),
    responses((status = 200, description = "The account", body = UserFile), (status = 404, description = "No such account", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<UserId>,
) -> HttpResult<Json<UserFile>> {
    let view = desk.user(&by, id).await?;
    let grants = view.who.grants.into_iter().map(|g| UserGrant {
        id: g.id.to_string(),
        role: g.role.as_str().to_owned(),
        org: g.org.to_string(),
        org_name: g.org_name,
    });
    Ok(Json(UserFile {
        id: id.to_string(),
        login: view.who.login_name,
        name: view.who.display_name,
        disabled: view.disabled,
        has_totp: view.who.has_totp,
        grants: grants.collect(),
    }))
}

/// A role to be given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GrantInput {
    /// The role.
    role: String,
    /// The place it reaches over.
    #[schema(value_type = String)]
    org: OrgId,
}

/// Gives an account a role over a place.
#[utoipa::path(
    post, path = "/users/{id}/grants", tag = "county", operation_id = "grant_role", params(("id" = String, Path)), request_body = GrantInput,
    responses((status = 204, description = "Given"), (status = 404, description = "No such account or place", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn grant(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<UserId>,
    Json(input): Json<GrantInput>,
) -> HttpResult<StatusCode> {
    let role = input.role.parse().map_err(|_| refuse("bad_json").with("reason", "role"))?;
    desk.grant_role(&by, id, role, input.org).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why something is done to an account or a place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficeReason {
    /// In a few words, for the auditor.
    #[serde(default)]
    pub(super) reason: String,
}

/// Takes a role back.
#[utoipa::path(
    post, path = "/users/{id}/grants/{grant}/revoke", tag = "county", operation_id = "revoke_role",
    params(("id" = String, Path), ("grant" = String, Path)), request_body = OfficeReason,
    responses((status = 204, description = "Taken back"), (status = 404, description = "No such account or role", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn revoke(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path((id, grant)): Path<(UserId, Uuid)>,
    Json(why): Json<OfficeReason>,
) -> HttpResult<StatusCode> {
    desk.revoke_role(&by, id, grant, &why.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets a new temporary password and signs the account out everywhere.
#[utoipa::path(
    post, path = "/users/{id}/password", tag = "county", operation_id = "reset_password", params(("id" = String, Path)), request_body = OfficeReason,
    responses((status = 200, description = "Told this once", body = TemporaryPassword), (status = 404, description = "No such account", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn reset_password(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<UserId>,
    Json(why): Json<OfficeReason>,
) -> HttpResult<Response> {
    let shown = desk.reset_password(&by, id, &why.reason).await?;
    told(StatusCode::OK, id, shown)
}

/// Lets a disabled account sign in again, with a new temporary password.
#[utoipa::path(
    post, path = "/users/{id}/enable", tag = "county", operation_id = "enable_user", params(("id" = String, Path)), request_body = OfficeReason,
    responses((status = 200, description = "Told this once", body = TemporaryPassword), (status = 404, description = "No such account", body = Problem),
        (status = 422, description = "It is not disabled", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn enable(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<UserId>,
    Json(why): Json<OfficeReason>,
) -> HttpResult<Response> {
    let shown = desk.enable_user(&by, id, &why.reason).await?;
    told(StatusCode::OK, id, shown)
}

/// Takes the second factor away: the next sign-in sets up a new one.
#[utoipa::path(
    post, path = "/users/{id}/factor", tag = "county", operation_id = "reset_second_factor", params(("id" = String, Path)), request_body = OfficeReason,
    responses((status = 204, description = "Done"), (status = 404, description = "No such account", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn reset_factor(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<UserId>,
    Json(why): Json<OfficeReason>,
) -> HttpResult<StatusCode> {
    desk.reset_second_factor(&by, id, &why.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Disables an account and signs it out everywhere.
#[utoipa::path(
    post, path = "/users/{id}/disable", tag = "county", operation_id = "disable_user", params(("id" = String, Path)), request_body = OfficeReason,
    responses((status = 204, description = "Done"), (status = 404, description = "No such account", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn disable(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<UserId>,
    Json(why): Json<OfficeReason>,
) -> HttpResult<StatusCode> {
    desk.disable_user(&by, id, &why.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who of a village an account is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkInput {
    /// The number of the village's book.
    village: i64,
    /// The person's number.
    #[serde(default)]
    person: String,
    /// Instead of a number: whoever signs in lives in no household of the village.
    #[serde(default)]
    outside: bool,
    /// Why, where something else was said before.
    #[serde(default)]
    reason: String,
}

/// Says who of a village's register an account belongs to, for recusal. A person has one account in a village.
#[utoipa::path(
    post, path = "/users/{id}/person", tag = "county", operation_id = "link_user", params(("id" = String, Path)), request_body = LinkInput,
    responses((status = 204, description = "Written down"), (status = 404, description = "No such account, village or person", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn link(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<UserId>,
    Json(input): Json<LinkInput>,
) -> HttpResult<StatusCode> {
    let who = Who::of(&input.person, input.outside)?;
    desk.state_identity(&by, id, input.village, &who, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
