//! Closing the day of a counter, and the second signature.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        amount::points,
        day_close::SlipDifference,
        ids::CounterId,
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::{Shopkeeper, StockReader, StockWitness},
        redeem::day_close::Counted,
    },
    store::day_close::DayCloseRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, close)).routes(routes!(sign))
}

/// A day of a counter.
#[derive(Serialize, ToSchema)]
struct DayOfCounter {
    /// The business day.
    #[schema(value_type = String, format = Date)]
    day: Day,
    /// Redemptions.
    redemptions: i64,
    /// Points taken.
    #[schema(example = "20")]
    points: String,
    /// Returns, void receipts included.
    returns: i64,
    /// Points given back.
    points_back: String,
    /// Slips that were counted.
    slips: i64,
    /// Why they are not as many as the redemptions: `missing`, `twice`, `void` or `unknown`.
    why: Option<String>,
    /// When it was closed.
    #[schema(value_type = String, format = DateTime)]
    closed_at: Timestamp,
    /// When the second person signed.
    #[schema(value_type = Option<String>, format = DateTime)]
    signed_at: Option<Timestamp>,
}

impl From<DayCloseRow> for DayOfCounter {
    fn from(r: DayCloseRow) -> Self {
        Self {
            day: r.day,
            redemptions: r.redemptions,
            points: points(r.points),
            returns: r.returns,
            points_back: points(r.points_back),
            slips: r.slips,
            why: r.why,
            closed_at: r.closed_at,
            signed_at: r.signed_at,
        }
    }
}

/// From where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ClosePage {
    /// The last day of the page before.
    #[param(value_type = Option<String>, format = Date)]
    after: Option<Day>,
}

/// Lists the closed days of a counter, the latest first.
#[utoipa::path(
    get, path = "/counters/{id}/day-closes", tag = "counter", operation_id = "list_day_closes",
    params(("id" = String, Path, description = "The counter"), ClosePage),
    responses((status = 200, description = "Closed days", body = Vec<DayOfCounter>),
        (status = 404, description = "No such counter, or not the caller's", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path(id): Path<CounterId>,
    Query(page): Query<ClosePage>,
) -> HttpResult<Json<Vec<DayOfCounter>>> {
    let days = desk.counter_days(&by, id, page.after).await?;
    Ok(Json(days.closed.into_iter().map(DayOfCounter::from).collect()))
}

/// What was counted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CloseInput {
    /// Slips in the box.
    slips: i64,
    /// Only when they are not as many as the redemptions: `missing`, `twice`, `void` or `unknown`.
    #[schema(value_type = Option<String>)]
    why: Option<SlipDifference>,
}

/// Closes today at a counter; it stays shut until tomorrow.
#[utoipa::path(
    post, path = "/counters/{id}/day-closes", tag = "counter", operation_id = "close_day",
    params(("id" = String, Path, description = "The counter")), request_body = CloseInput,
    responses((status = 200, description = "Closed", body = DayOfCounter),
        (status = 404, description = "Not a counter of the caller's", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn close(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    Path(id): Path<CounterId>,
    Json(input): Json<CloseInput>,
) -> HttpResult<Json<DayOfCounter>> {
    let counted = Counted { slips: input.slips, why: input.why };
    Ok(Json(desk.close_day(&by, id, counted).await?.into()))
}

/// Signs a closed day as the second person.
#[utoipa::path(
    post, path = "/counters/{id}/day-closes/{day}/sign", tag = "counter", operation_id = "sign_day_close",
    params(("id" = String, Path, description = "The counter"), ("day" = String, Path, description = "The day")),
    responses((status = 200, description = "Signed", body = DayOfCounter),
        (status = 404, description = "No such closed day", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn sign(
    State(desk): State<Desk>,
    by: As<StockWitness>,
    Path((id, day)): Path<(CounterId, Day)>,
) -> HttpResult<Json<DayOfCounter>> {
    Ok(Json(desk.sign_day_close(&by, id, day).await?.into()))
}
