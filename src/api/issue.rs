//! How the issue of points stands to its ceilings, and to the money behind it.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{
        amount::{points, yuan},
        money::{Coverage, CoverageLevel},
    },
    http::{AppState, As, HttpResult, Json},
    service::{Desk, ServiceError, caller::MoneyReader, issue::Standing},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(standing))
}

/// Money and goods behind points.
#[derive(Serialize, ToSchema)]
struct MoneyBehind {
    /// Money in the funds and goods on the shelf at what they cost, in yuan.
    behind: String,
    /// What the points are worth, in yuan.
    owed: String,
    /// The first over the second; nothing where no point is out.
    coverage: Option<String>,
    /// `enough`, `thin` (below 1.2) or `short` (below 1.0: nothing new goes on the board).
    level: &'static str,
}

impl From<Coverage> for MoneyBehind {
    fn from(c: Coverage) -> Self {
        Self {
            behind: yuan(c.behind_fen),
            owed: yuan(c.owed_fen()),
            coverage: c.hundredths().map(points),
            level: match c.level() {
                CoverageLevel::Enough => "enough",
                CoverageLevel::Thin => "thin",
                CoverageLevel::Short => "short",
            },
        }
    }
}

/// How the issue stands.
#[derive(Serialize, ToSchema)]
struct IssueStanding {
    /// The year.
    year: i32,
    /// Its month.
    month: u8,
    /// Points issued for what happened in the year.
    issued: String,
    /// Points that sheets on the board promise for it.
    promised: String,
    /// The most that may have been issued by the end of the month.
    month_ceiling: String,
    /// The most of the year.
    year_ceiling: String,
    /// Behind the points that are out.
    now: MoneyBehind,
    /// Behind those on the board, too.
    with_promised: MoneyBehind,
}

impl From<Standing> for IssueStanding {
    fn from(s: Standing) -> Self {
        Self {
            year: s.year,
            month: s.month,
            issued: points(s.issued),
            promised: points(s.promised),
            month_ceiling: points(s.month_ceiling),
            year_ceiling: points(s.year_ceiling),
            now: s.coverage.into(),
            with_promised: s.with_promised.into(),
        }
    }
}

/// Says how the issue of points stands to its ceilings and to the money behind it.
#[utoipa::path(
    get, path = "/money/standing", tag = "rules", operation_id = "issue_standing",
    responses((status = 200, description = "As of now", body = IssueStanding)),
    security(("bearer" = []), ("session" = []))
)]
async fn standing(State(desk): State<Desk>, by: As<MoneyReader>) -> HttpResult<Json<IssueStanding>> {
    let found = desk.issue_standing(by.book).await?.ok_or(ServiceError::NotFound("rule set"))?;
    Ok(Json(found.into()))
}
