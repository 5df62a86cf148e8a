//! The panel and the two committees: whom the villagers' assembly named.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        ids::UserId,
        panel::{BodyKind, Post, Seat},
        time::Day,
    },
    http::{AppState, As, HttpResult, Json},
    service::{
        Desk,
        caller::{Staff, Township},
        panel::bodies::{BodyView, NewBody},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(bodies, name_body))
}

/// A seat.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeatInput {
    /// The account, a reviewer's of this village.
    #[schema(value_type = String)]
    user: UserId,
    /// `member`, `substitute` or `observer`.
    #[schema(value_type = String)]
    post: Post,
}

/// A body as the villagers' assembly named it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BodyInput {
    /// `panel` or `committees`.
    #[schema(value_type = String)]
    kind: BodyKind,
    /// Its first day.
    #[schema(value_type = String, example = "2026-06-03")]
    from: Day,
    /// The decision.
    basis: String,
    /// Who, in the order in which substitutes stand in. A panel has five members and an observer at least.
    seats: Vec<SeatInput>,
}

/// A body.
#[derive(Serialize, ToSchema)]
struct Body {
    /// Its id.
    id: String,
    /// `panel` or `committees`.
    kind: String,
    /// Its first day.
    #[schema(value_type = String)]
    from: Day,
    /// The decision.
    basis: String,
    /// Whether it is the one that sits now.
    in_force: bool,
    /// Who sits there.
    seats: Vec<SeatInput>,
}

impl From<BodyView> for Body {
    fn from(b: BodyView) -> Self {
        let seats =
            b.seats.iter().filter_map(|s| Some(SeatInput { user: s.user_id, post: s.post.parse().ok()? }));
        Self {
            id: b.row.id.to_string(),
            kind: b.kind.to_string(),
            from: b.row.from_on,
            basis: b.row.basis.clone(),
            in_force: b.in_force,
            seats: seats.collect(),
        }
    }
}

/// Lists the bodies of a village, the latest first.
#[utoipa::path(
    get, path = "/bodies", tag = "panel", operation_id = "list_bodies",
    responses((status = 200, description = "The latest first", body = Vec<Body>)),
    security(("bearer" = []), ("session" = []))
)]
async fn bodies(State(desk): State<Desk>, by: As<Staff>) -> HttpResult<Json<Vec<Body>>> {
    super::reviews::insider(&by)?;
    Ok(Json(desk.bodies(by.book).await?.into_iter().map(Body::from).collect()))
}

/// Enters a body that the assembly named. From its first day it takes the place of the one before.
#[utoipa::path(
    post, path = "/bodies", tag = "panel", operation_id = "name_body", request_body = BodyInput,
    responses((status = 201, description = "Entered", body = Body), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn name_body(
    State(desk): State<Desk>,
    by: As<Township>,
    Json(input): Json<BodyInput>,
) -> HttpResult<(StatusCode, Json<Body>)> {
    let seats = input.seats.iter().map(|s| Seat { user: s.user, post: s.post }).collect();
    let new = NewBody { kind: input.kind, from: input.from, basis: input.basis, seats };
    Ok((StatusCode::CREATED, Json(desk.name_body(&by, &new).await?.into())))
}
