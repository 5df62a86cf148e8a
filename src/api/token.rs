//! Short-lived tokens for programs and devices.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    http::{AppState, HttpResult, Json, Visitor, token},
    service::{Desk, ServiceError},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(create))
}

/// Who wants a token. Empty (`{}`) when the request carries a sign-in already.
#[derive(Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields)]
struct Credentials {
    /// The login name.
    login: Option<String>,
    /// The password.
    password: Option<String>,
    /// The six digits of the authenticator; each works once.
    code: Option<String>,
}

/// A token.
#[derive(Serialize, ToSchema)]
struct Token {
    /// For the header `Authorization: Bearer …`.
    token: String,
    /// How long it is good.
    expires_in_s: i64,
}

/// Gives a token that is good for 15 minutes.
#[utoipa::path(
    post, path = "/token", tag = "identity", operation_id = "create_token",
    request_body = Credentials,
    responses(
        (status = 200, description = "A token", body = Token),
        (status = 401, description = "Nobody is signed in and no credentials were given", body = Problem),
        (status = 403, description = "Wrong credentials", body = Problem),
        (status = 429, description = "Too many wrong tries", body = Problem),
    )
)]
async fn create(
    State(desk): State<Desk>,
    visitor: Visitor,
    Json(given): Json<Credentials>,
) -> HttpResult<Json<Token>> {
    let user = match (given.login, given.password, given.code) {
        (Some(login), Some(password), Some(code)) => {
            let user = desk.check_password(&login, &password, &visitor.address).await?;
            desk.check_code(user, &code).await?;
            user
        }
        _ => visitor.staff().ok_or(ServiceError::NotSignedIn)?.user,
    };
    Ok(Json(Token { token: token::issue(&desk, user)?, expires_in_s: token::TOKEN_SECONDS }))
}
