//! How the time bank does, month by month. Changes nothing and ranks nobody.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    fairness::{PartOf, WhichMonth},
    problem::Problem,
};
use crate::{
    domain::timebank::supervision::Month,
    http::{AppState, As, HttpResult, Json, Query},
    service::{Desk, caller::Bookkeeper, timebank::supervision::Supervision},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(figures))
}

/// A month of the time bank, or twelve of them together.
#[derive(Serialize, ToSchema)]
struct TimeMonth {
    /// Its first day.
    month: String,
    /// Minutes that came in: by orders, activities and notices.
    earned: i64,
    /// Minutes drawn from savings.
    drawn: i64,
    /// Minutes that the public pool paid.
    pooled: i64,
    /// Minutes in for each minute out, in hundredths; nothing while nothing was drawn.
    earned_to_drawn: Option<i64>,
    /// Orders that the network point took on the phone, of all asked for.
    by_phone: PartOf,
    /// Orders that nobody ever took, of all asked for.
    unfilled: PartOf,
    /// Seconds within which half of those taken were taken.
    wait_median: Option<i64>,
    /// … and nine in ten.
    wait_most: Option<i64>,
}

impl From<Month> for TimeMonth {
    fn from(month: Month) -> Self {
        Self {
            month: month.first.to_string(),
            earned_to_drawn: month.earned_to_drawn(),
            earned: month.earned,
            drawn: month.drawn,
            pooled: month.pooled,
            by_phone: month.by_phone.into(),
            unfilled: month.unfilled.into(),
            wait_median: month.wait_median,
            wait_most: month.wait_most,
        }
    }
}

/// The figures of a time bank.
#[derive(Serialize, ToSchema)]
struct TimeSupervision {
    /// The oldest first; the last may still run.
    months: Vec<TimeMonth>,
    /// All of them together.
    year: TimeMonth,
    /// Volunteers under 35, of those whose year of birth is known.
    young: PartOf,
}

impl From<Supervision> for TimeSupervision {
    fn from(view: Supervision) -> Self {
        Self {
            months: view.months.into_iter().map(TimeMonth::from).collect(),
            year: view.year.into(),
            young: view.young.into(),
        }
    }
}

/// Shows how the time bank did in the twelve months up to one: hours in and out, waits, what nobody took, who takes part.
#[utoipa::path(
    get, path = "/time/supervision", tag = "time", operation_id = "time_supervision", params(WhichMonth),
    responses((status = 200, description = "The figures", body = TimeSupervision), (status = 403, description = "Neither clerk nor auditor nor township of this book", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn figures(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    Query(which): Query<WhichMonth>,
) -> HttpResult<Json<TimeSupervision>> {
    let day = which.month.unwrap_or_else(|| desk.today());
    Ok(Json(desk.time_supervision(&by, day).await?.into()))
}
