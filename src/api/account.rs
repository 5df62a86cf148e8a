//! One's own account: sign-ins and password.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{ids::SessionId, time::Timestamp},
    http::{AppState, As, HttpResult, Json, Path, Visitor},
    service::{Desk, ServiceError, session::StaffSignIn},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(sign_ins))
        .routes(routes!(end_sign_in))
        .routes(routes!(end_others))
        .routes(routes!(change_password))
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

/// Ends every sign-in of one's own but the one asking.
#[utoipa::path(
    post, path = "/me/sign-ins/end-others", tag = "identity", operation_id = "end_other_sign_ins",
    responses((status = 204, description = "Ended"), (status = 401, description = "Nobody is signed in", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn end_others(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<StaffSignIn>,
) -> HttpResult<StatusCode> {
    let here = visitor.signed_in().ok_or(ServiceError::NotSignedIn)?.session;
    desk.end_other_sessions(&by, here).await?;
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
