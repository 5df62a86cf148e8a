//! Accounts, as the county keeps them, and one's own: sign-ins and password.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::problem::Problem;
use crate::{
    domain::{
        ids::{OrgId, SessionId, UserId},
        time::Timestamp,
    },
    http::{AppState, As, HttpResult, Json, Path, Query, Visitor},
    service::{Desk, ServiceError, caller::CountyAdmin, refuse, session::StaffSignIn},
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
        .routes(routes!(link))
        .routes(routes!(sign_ins))
        .routes(routes!(end_sign_in))
        .routes(routes!(change_password))
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
    /// The password.
    password: String,
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
) -> HttpResult<(StatusCode, Json<TemporaryPassword>)> {
    let (id, shown) = desk.create_user(&by, &input.login, &input.name).await?;
    Ok((StatusCode::CREATED, Json(TemporaryPassword { id: id.to_string(), password: shown.0 })))
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

/// Takes a role back.
#[utoipa::path(
    post, path = "/users/{id}/grants/{grant}/revoke", tag = "county", operation_id = "revoke_role",
    params(("id" = String, Path), ("grant" = String, Path)),
    responses((status = 204, description = "Taken back"), (status = 404, description = "No such account or role", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn revoke(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path((id, grant)): Path<(UserId, Uuid)>,
) -> HttpResult<StatusCode> {
    desk.revoke_role(&by, id, grant).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets a new temporary password and signs the account out everywhere.
#[utoipa::path(
    post, path = "/users/{id}/password", tag = "county", operation_id = "reset_password", params(("id" = String, Path)),
    responses((status = 200, description = "Told this once", body = TemporaryPassword), (status = 404, description = "No such account", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn reset_password(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<UserId>,
) -> HttpResult<Json<TemporaryPassword>> {
    let shown = desk.reset_password(&by, id).await?;
    Ok(Json(TemporaryPassword { id: id.to_string(), password: shown.0 }))
}

/// Takes the second factor away: the next sign-in sets up a new one.
#[utoipa::path(
    post, path = "/users/{id}/factor", tag = "county", operation_id = "reset_second_factor", params(("id" = String, Path)),
    responses((status = 204, description = "Done"), (status = 404, description = "No such account", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn reset_factor(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<UserId>,
) -> HttpResult<StatusCode> {
    desk.reset_second_factor(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Disables an account and signs it out everywhere.
#[utoipa::path(
    post, path = "/users/{id}/disable", tag = "county", operation_id = "disable_user", params(("id" = String, Path)),
    responses((status = 204, description = "Done"), (status = 404, description = "No such account", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn disable(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<UserId>,
) -> HttpResult<StatusCode> {
    desk.disable_user(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who of a village an account is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkInput {
    /// The number of the village's book.
    village: i64,
    /// The person's number.
    person: String,
}

/// Says who of a village's register an account belongs to, for recusal.
#[utoipa::path(
    post, path = "/users/{id}/person", tag = "county", operation_id = "link_user", params(("id" = String, Path)), request_body = LinkInput,
    responses((status = 204, description = "Linked"), (status = 404, description = "No such account, village or person", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn link(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(id): Path<UserId>,
    Json(input): Json<LinkInput>,
) -> HttpResult<StatusCode> {
    desk.link_user_to_person(&by, id, input.village, &input.person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A sign-in of one's own account.
#[derive(Serialize, ToSchema)]
struct OwnSignIn {
    /// Its id.
    id: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// When it was last used.
    #[schema(value_type = String, format = DateTime)]
    seen: Timestamp,
    /// Whether it is the one asking.
    here: bool,
}

/// Lists one's own live sign-ins, the newest first.
#[utoipa::path(
    get, path = "/me/sign-ins", tag = "identity", operation_id = "own_sign_ins",
    responses((status = 200, description = "Newest first", body = Vec<OwnSignIn>), (status = 401, description = "Nobody is signed in", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn sign_ins(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<StaffSignIn>,
) -> HttpResult<Json<Vec<OwnSignIn>>> {
    let here = visitor.signed_in().map(|s| s.session);
    let found = desk.sessions_of(&by).await?.into_iter().map(|s| OwnSignIn {
        id: s.id.to_string(),
        since: s.created_at,
        seen: s.seen_at,
        here: here == Some(s.id),
    });
    Ok(Json(found.collect()))
}

/// Ends one of one's own sign-ins, on whatever machine it is.
#[utoipa::path(
    post, path = "/me/sign-ins/{id}/end", tag = "identity", operation_id = "end_own_sign_in", params(("id" = String, Path)),
    responses((status = 204, description = "Ended"), (status = 404, description = "No such sign-in of yours", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn end_sign_in(
    State(desk): State<Desk>,
    by: As<StaffSignIn>,
    Path(id): Path<SessionId>,
) -> HttpResult<StatusCode> {
    desk.end_own_session(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A change of password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    /// The present one.
    old: String,
    /// The next one.
    new: String,
}

/// Changes one's own password; every other sign-in ends.
#[utoipa::path(
    post, path = "/me/password", tag = "identity", operation_id = "change_own_password", request_body = PasswordChange,
    responses((status = 204, description = "Changed"), (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "Wrong password", body = Problem), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn change_password(
    State(desk): State<Desk>,
    visitor: Visitor,
    Json(input): Json<PasswordChange>,
) -> HttpResult<StatusCode> {
    // also for somebody who must change it before anything else
    let who = visitor.staff().ok_or(ServiceError::NotSignedIn)?;
    let here = visitor.signed_in().ok_or(ServiceError::NotSignedIn)?.session;
    desk.change_password(who, here, &input.old, &input.new).await?;
    Ok(StatusCode::NO_CONTENT)
}
