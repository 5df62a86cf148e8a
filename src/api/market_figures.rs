//! What market days came to, and what to buy for the next.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{market_days::OpenDay, problem::Problem};
use crate::{
    domain::{amount::points, ids::CounterId, market::rule::clock, time::Day},
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::StockReader,
        market::{
            days::DayOfMarket,
            forecast::{ArticleForecast, CounterForecast},
        },
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(days)).routes(routes!(day)).routes(routes!(to_buy))
}

/// Receipts of half an hour.
#[derive(Serialize, ToSchema)]
struct HalfHour {
    /// When it begins.
    from: String,
    /// Receipts in it.
    receipts: i64,
}

/// How many were served how.
#[derive(Serialize, ToSchema)]
struct ServedWay {
    /// `phone`, `card`, `order`, `witness` or `helper`.
    by: &'static str,
    /// Receipts.
    receipts: i64,
}

/// What a day at a counter came to.
#[derive(Serialize, ToSchema)]
struct DayFigures {
    /// The day.
    #[schema(value_type = String, format = Date)]
    day: Day,
    /// Whether it was an opening day by the calendar of that day, or there was none.
    planned: bool,
    /// Receipts.
    receipts: i64,
    /// Different households.
    households: i64,
    /// Points taken.
    #[schema(example = "120")]
    points: String,
    /// Seconds from receipt to receipt: half of them took no longer.
    median_seconds: Option<i64>,
    /// … and nine in ten.
    p90_seconds: Option<i64>,
    /// The longest time between two receipts.
    longest_pause_seconds: Option<i64>,
    /// Half hours from the first receipt to the last.
    half_hours: Vec<HalfHour>,
    /// When the half hour with the most receipts begins.
    busiest: Option<String>,
    /// How they were served.
    ways: Vec<ServedWay>,
}

impl From<DayOfMarket> for DayFigures {
    fn from(of: DayOfMarket) -> Self {
        let t = of.turnout;
        Self {
            day: of.day,
            planned: of.opening.is_open(),
            receipts: t.receipts,
            households: t.households,
            points: points(t.points),
            median_seconds: t.median,
            p90_seconds: t.p90,
            longest_pause_seconds: t.pause.map(|p| p.seconds()),
            busiest: t.busiest().map(|s| clock(s.from)),
            half_hours: t
                .steps
                .iter()
                .map(|s| HalfHour { from: clock(s.from), receipts: s.receipts })
                .collect(),
            ways: t.ways.iter().map(|(by, n)| ServedWay { by: by.as_str(), receipts: *n }).collect(),
        }
    }
}

/// From where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DayPage {
    /// The last day of the page before.
    #[param(value_type = Option<String>, format = Date)]
    after: Option<Day>,
}

/// Lists what the days of a counter came to, the latest first: of each day as a whole, never of a person.
#[utoipa::path(
    get, path = "/counters/{id}/market-days", tag = "counter", operation_id = "list_market_days",
    params(("id" = String, Path, description = "The counter"), DayPage),
    responses((status = 200, description = "Days", body = Vec<DayFigures>),
        (status = 404, description = "No such counter, or not the caller's", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn days(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path(id): Path<CounterId>,
    Query(page): Query<DayPage>,
) -> HttpResult<Json<Vec<DayFigures>>> {
    let days = desk.days_of_market(&by, id, page.after).await?;
    Ok(Json(days.into_iter().map(DayFigures::from).collect()))
}

/// A day with those before it.
#[derive(Serialize, ToSchema)]
struct DayCompared {
    /// The day.
    day: DayFigures,
    /// Earlier market days, the latest first.
    earlier: Vec<DayFigures>,
}

/// Reads what a day at a counter came to, beside earlier market days.
#[utoipa::path(
    get, path = "/counters/{id}/market-days/{day}", tag = "counter", operation_id = "get_market_day",
    params(("id" = String, Path, description = "The counter"), ("day" = String, Path, description = "The day")),
    responses((status = 200, description = "The day", body = DayCompared),
        (status = 404, description = "No such counter or day", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn day(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path((id, day)): Path<(CounterId, Day)>,
) -> HttpResult<Json<DayCompared>> {
    let view = desk.day_of_market(&by, id, day).await?;
    let earlier = view.earlier.into_iter().map(DayFigures::from).collect();
    Ok(Json(DayCompared { day: view.day.into(), earlier }))
}

/// What to do about an article, with the numbers that led to it.
#[derive(Serialize, ToSchema)]
struct BuyingAdvice {
    /// The article.
    sku: i64,
    /// Its name.
    name: String,
    /// `buy`, `use_up`, `nothing` or `too_few_days`.
    advice: &'static str,
    /// Pieces to buy at least.
    pieces: i64,
    /// Days looked back on.
    days: usize,
    /// Pieces taken on an average day, rounded up.
    mean: i64,
    /// Pieces taken on the busiest.
    highest: i64,
    /// Pieces that may be asked for.
    need: i64,
    /// Pieces on the shelf that may be handed out.
    on_hand: i64,
    /// Of those, pieces that lapse within sixty days.
    lapsing: i64,
    /// Pieces put aside for orders.
    held: i64,
    /// Pieces that the points still out could pay for.
    affordable: i64,
}

impl From<ArticleForecast> for BuyingAdvice {
    fn from(of: ArticleForecast) -> Self {
        let f = of.forecast;
        Self {
            sku: of.article.sku,
            name: of.article.name,
            advice: f.advice.as_str(),
            pieces: f.advice.pieces(),
            days: f.days,
            mean: f.mean,
            highest: f.highest,
            need: f.need,
            on_hand: f.known.on_hand,
            lapsing: f.known.lapsing,
            held: f.known.held,
            affordable: f.known.affordable,
        }
    }
}

/// What to buy for a counter.
#[derive(Serialize, ToSchema)]
struct Forecasted {
    /// The next day on which it opens.
    next: Option<OpenDay>,
    /// The market days looked back on, the latest first.
    days: Vec<String>,
    /// Points that households may still spend.
    outstanding: String,
    /// Article by article.
    articles: Vec<BuyingAdvice>,
}

impl From<CounterForecast> for Forecasted {
    fn from(of: CounterForecast) -> Self {
        Self {
            next: of.next.as_ref().map(OpenDay::from),
            days: of.days.iter().map(ToString::to_string).collect(),
            outstanding: points(of.outstanding),
            articles: of.articles.into_iter().map(BuyingAdvice::from).collect(),
        }
    }
}

/// Proposes what to buy for a counter, from what was taken on its last market days.
#[utoipa::path(
    get, path = "/counters/{id}/forecast", tag = "counter", operation_id = "get_buying_forecast",
    params(("id" = String, Path, description = "The counter")),
    responses((status = 200, description = "Article by article", body = Forecasted),
        (status = 404, description = "No such counter, or not the caller's", body = Problem),
        (status = 422, description = "It is being counted", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn to_buy(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path(id): Path<CounterId>,
) -> HttpResult<Json<Forecasted>> {
    Ok(Json(desk.buying_forecast(&by, id).await?.into()))
}
