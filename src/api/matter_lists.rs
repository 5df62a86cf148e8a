//! Matters as those read them who have no part in them: auditors what waits too long, everybody what is closed. Nobody's
//! name and nobody's words.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{matter::MatterGrade, time::Day},
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{Desk, caller::Auditor},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(late)).routes(routes!(closed))
}

/// Where a page begins.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct After {
    /// The last number of the page before.
    after: Option<i64>,
}

/// A matter that waits for a look longer than five working days.
#[derive(Serialize, ToSchema)]
struct OverdueMatter {
    /// Its number.
    no: i64,
    /// `reported` or `done`.
    state: String,
    /// `dirt`, `broken`, `nuisance`, `danger` or `other`.
    kind: String,
    /// The name of the group where it is.
    group: String,
    /// Since when it waits.
    #[schema(value_type = String)]
    since: Day,
    /// The last day to look in time.
    #[schema(value_type = String)]
    look_by: Day,
}

/// Lists what waits for a look longer than five working days, for auditors and the township.
#[utoipa::path(
    get, path = "/matters/late", tag = "matters", operation_id = "list_late_matters", params(After),
    responses((status = 200, description = "By number", body = Vec<OverdueMatter>)),
    security(("bearer" = []), ("session" = []))
)]
async fn late(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Query(page): Query<After>,
) -> HttpResult<Json<Vec<OverdueMatter>>> {
    let found = desk.late_matters(&by, page.after.unwrap_or(0)).await?;
    let shown = found.into_iter().map(|m| OverdueMatter {
        no: m.no,
        state: m.state.to_string(),
        kind: m.kind.to_string(),
        group: m.group,
        since: m.since,
        look_by: m.look_by,
    });
    Ok(Json(shown.collect()))
}

/// A closed matter as everybody may read it: nobody's name and nobody's words.
#[derive(Serialize, ToSchema)]
struct SeenTo {
    /// Its number.
    no: i64,
    /// `dirt`, `broken`, `nuisance`, `danger` or `other`.
    kind: String,
    /// `tiny`, `small`, `large` or `hard`.
    grade: Option<String>,
    /// The name of the group where it was.
    group: String,
    /// When it was reported.
    #[schema(value_type = String)]
    reported_on: Day,
    /// When it was closed.
    #[schema(value_type = String)]
    closed_on: Day,
}

/// Where a page of the board begins.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Before {
    /// The last number of the page before.
    before: Option<i64>,
}

/// Lists the closed matters of a village, newest first, by the number of its programme. Nobody signs in.
#[utoipa::path(
    get, path = "/board/{village}/matters", tag = "matters", operation_id = "list_closed_matters",
    params(("village" = i64, Path), Before),
    responses((status = 200, description = "Newest first", body = Vec<SeenTo>), (status = 404, body = Problem))
)]
async fn closed(
    State(desk): State<Desk>,
    Path(village): Path<i64>,
    Query(page): Query<Before>,
) -> HttpResult<Json<Vec<SeenTo>>> {
    let book = desk.public_book(village).await?.book_id;
    let shown =
        desk.closed_matters(book, page.before.unwrap_or(i64::MAX)).await?.into_iter().map(|m| SeenTo {
            no: m.no,
            kind: m.kind.to_string(),
            grade: m.grade.as_ref().map(MatterGrade::to_string),
            group: m.group,
            reported_on: m.reported_on,
            closed_on: m.closed_on,
        });
    Ok(Json(shown.collect()))
}
