//! What the county's administrators did to accounts and places, for auditors.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        ids::{EventId, UserId},
        time::Timestamp,
    },
    http::{AppState, As, HttpResult, Json, Query},
    service::{
        Desk,
        caller::{Auditor, Bookkeeper, CountyAdmin},
        identity::{Declared, Who},
        office::{Before, OFFICE_PAGE, OfficeEvent},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(of_village)).routes(routes!(of_county)).routes(routes!(people))
}

/// Something that was done to an account or a place.
#[derive(Serialize, ToSchema)]
struct OfficeEventLine {
    /// Its id.
    id: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `account` or `place`.
    subject: String,
    /// The account or place.
    subject_id: String,
    /// What it is called.
    name: String,
    /// `create`, `grant`, `revoke`, `password`, `factor`, `disable`, `enable`, `link`, `relink`, `unlink`, `rename`, `code`, `open_book`,
    /// `close`.
    verb: String,
    /// The role, name or code given.
    to: Option<String>,
    /// Who did it.
    by: String,
    /// Why.
    reason: String,
}

impl From<OfficeEvent> for OfficeEventLine {
    fn from(e: OfficeEvent) -> Self {
        Self {
            id: e.id.to_string(),
            at: e.at,
            subject: e.subject,
            subject_id: e.subject_id.to_string(),
            name: e.name,
            verb: e.verb,
            to: e.to,
            by: e.by,
            reason: e.reason,
        }
    }
}

/// From where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfficePage {
    /// When the last happening of the page before was.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Its id.
    #[param(value_type = Option<String>)]
    after: Option<EventId>,
    /// At most 100.
    limit: Option<i64>,
}

impl OfficePage {
    fn before(&self) -> Option<Before> {
        self.at.zip(self.after).map(|(at, id)| Before { at, id })
    }

    fn limit(&self) -> i64 {
        self.limit.unwrap_or(50).clamp(1, OFFICE_PAGE)
    }
}

/// Lists what was done to accounts and places of the village at hand, the latest first.
#[utoipa::path(
    get, path = "/audit/office", tag = "audit", operation_id = "office_events", params(OfficePage),
    responses((status = 200, description = "The latest first", body = Vec<OfficeEventLine>), (status = 403, description = "Not an auditor of this book", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn of_village(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Query(page): Query<OfficePage>,
) -> HttpResult<Json<Vec<OfficeEventLine>>> {
    let found = desk.office_events(&by, page.before(), page.limit()).await?;
    Ok(Json(found.into_iter().map(OfficeEventLine::from).collect()))
}

/// Lists what was done to accounts and places of the county, the latest first.
#[utoipa::path(
    get, path = "/office", tag = "county", operation_id = "county_events", params(OfficePage),
    responses((status = 200, description = "The latest first", body = Vec<OfficeEventLine>), (status = 403, description = "Not the county's administrator", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn of_county(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Query(page): Query<OfficePage>,
) -> HttpResult<Json<Vec<OfficeEventLine>>> {
    let found = desk.county_events(&by, page.before(), page.limit()).await?;
    Ok(Json(found.into_iter().map(OfficeEventLine::from).collect()))
}

/// Somebody with a role of the village.
#[derive(Serialize, ToSchema)]
struct DeclaredLine {
    /// The account.
    #[schema(value_type = String)]
    user: UserId,
    /// What pages call this person.
    name: String,
    /// Their roles of the village.
    roles: Vec<String>,
    /// Whether it was said who this is.
    said: bool,
    /// The person's number; nothing, if they live in no household of the village, or nobody has said.
    person: Option<String>,
    /// Since when, if that was kept.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Who said so.
    by: String,
    /// How often something else was said before.
    changed: i64,
}

impl From<Declared> for DeclaredLine {
    fn from(one: Declared) -> Self {
        Self {
            user: one.user,
            name: one.display_name,
            roles: one.roles.iter().map(|role| role.as_str().to_owned()).collect(),
            said: one.who.is_some(),
            person: match one.who {
                Some(Who::Person(no)) => Some(no.to_string()),
                Some(Who::Outside) | None => None,
            },
            at: one.at,
            by: one.by,
            changed: one.changed,
        }
    }
}

/// Lists whoever has a role of the village at hand and who they are; those of whom nobody has said it first.
#[utoipa::path(
    get, path = "/audit/people", tag = "audit", operation_id = "who_is_who",
    responses((status = 200, description = "Who is who", body = Vec<DeclaredLine>), (status = 403, description = "Neither auditor nor clerk of this book", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn people(State(desk): State<Desk>, by: As<Bookkeeper>) -> HttpResult<Json<Vec<DeclaredLine>>> {
    Ok(Json(desk.who_is_who(&by).await?.into_iter().map(DeclaredLine::from).collect()))
}
