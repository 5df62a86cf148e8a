//! Shelves: batches, what lapses soon, what runs low, shelves as of a day, and whether pieces and cost agree.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{amount, ids::CounterId, stock::shelf::Lot, time::Day},
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        as_of::AsOf,
        caller::{Bookkeeper, StockReader, Storekeeper},
        refuse,
        stock::{ShelfThen, Shelved, StockAlerts, StockTie},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(shelf))
        .routes(routes!(set_floor))
        .routes(routes!(alerts))
        .routes(routes!(then))
        .routes(routes!(ties))
}

/// Pieces of a batch.
#[derive(Serialize, ToSchema)]
struct BatchLeft {
    /// The batch; 0 = not of a batch.
    batch: i64,
    /// The last day on which it may be handed out.
    #[schema(value_type = Option<String>, format = Date)]
    last_day: Option<Day>,
    /// Pieces left, if everybody was handed what lapses first.
    pieces: i64,
}

impl From<Lot> for BatchLeft {
    fn from(lot: Lot) -> Self {
        Self { batch: lot.batch, last_day: lot.last_day, pieces: lot.left }
    }
}

/// An article on a shelf.
#[derive(Serialize, ToSchema)]
struct OnShelf {
    /// Its number.
    sku: i64,
    /// Pieces.
    pieces: i64,
    /// The batches they lie in, the first to hand out first.
    batches: Vec<BatchLeft>,
    /// From how few pieces it counts as low.
    floor: Option<i64>,
    /// Whether it runs low.
    low: bool,
}

impl From<Shelved> for OnShelf {
    fn from(s: Shelved) -> Self {
        Self {
            sku: s.article.sku,
            pieces: s.pieces,
            floor: s.floor,
            low: s.is_low(),
            batches: s.lots.into_iter().map(BatchLeft::from).collect(),
        }
    }
}

/// Lists what lies at a counter, batch by batch.
#[utoipa::path(
    get, path = "/stock/shelves/{counter}", tag = "counter", operation_id = "get_shelf",
    params(("counter" = String, Path, description = "Its id")),
    responses((status = 200, description = "By article", body = Vec<OnShelf>),
        (status = 422, description = "It is being counted", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn shelf(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path(counter): Path<CounterId>,
) -> HttpResult<Json<Vec<OnShelf>>> {
    let found = desk.stock_shelf(&by, counter).await?.ok_or_else(|| refuse("shelf_is_counted"))?;
    Ok(Json(found.into_iter().map(OnShelf::from).collect()))
}

/// When an article runs low.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FloorInput {
    /// From how few pieces; 0 = no alert.
    pieces: i64,
}

/// Sets from how few pieces an article counts as low at a counter.
#[utoipa::path(
    put, path = "/stock/shelves/{counter}/{sku}/floor", tag = "counter", operation_id = "set_stock_floor",
    params(("counter" = String, Path, description = "Its id"), ("sku" = i64, Path, description = "The article")),
    request_body = FloorInput,
    responses((status = 204, description = "Set"), (status = 422, description = "Refused", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn set_floor(
    State(desk): State<Desk>,
    by: As<Storekeeper>,
    Path((counter, sku)): Path<(CounterId, i64)>,
    Json(input): Json<FloorInput>,
) -> HttpResult<axum::http::StatusCode> {
    desk.set_stock_floor(&by, counter, sku, input.pieces).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

/// A batch that lapses within sixty days, or has.
#[derive(Serialize, ToSchema)]
struct LapsingBatch {
    /// The counter's code.
    counter: String,
    /// The article.
    sku: i64,
    /// The batch.
    batch: BatchLeft,
}

/// A shelf that runs low.
#[derive(Serialize, ToSchema)]
struct LowShelf {
    /// The counter's code.
    counter: String,
    /// The article.
    sku: i64,
    /// Pieces.
    pieces: i64,
    /// From how few pieces it counts as low.
    floor: i64,
}

/// What somebody must see to.
#[derive(Serialize, ToSchema)]
struct Alerts {
    /// The first to lapse first.
    lapsing: Vec<LapsingBatch>,
    /// By counter.
    low: Vec<LowShelf>,
}

impl From<StockAlerts> for Alerts {
    fn from(found: StockAlerts) -> Self {
        let lapsing = found.lapsing.into_iter().map(|(counter, article, lot)| LapsingBatch {
            counter: counter.code,
            sku: article.sku,
            batch: lot.into(),
        });
        let low = found.low.into_iter().map(|(counter, s)| LowShelf {
            counter: counter.code,
            sku: s.article.sku,
            pieces: s.pieces,
            floor: s.floor.unwrap_or(0),
        });
        Self { lapsing: lapsing.collect(), low: low.collect() }
    }
}

/// Lists what lapses within sixty days and what runs low.
#[utoipa::path(
    get, path = "/stock/alerts", tag = "counter", operation_id = "stock_alerts",
    responses((status = 200, description = "What to see to", body = Alerts)),
    security(("bearer" = []), ("session" = []))
)]
async fn alerts(State(desk): State<Desk>, by: As<StockReader>) -> HttpResult<Json<Alerts>> {
    Ok(Json(desk.stock_alerts(&by).await?.into()))
}

/// As of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Then {
    /// Only business days up to this one.
    #[serde(default)]
    effective_on: String,
    /// Only what was recorded by this instant (RFC 3339).
    #[serde(default)]
    recorded_at: String,
}

/// Pieces of an article.
#[derive(Serialize, ToSchema)]
struct PiecesThen {
    /// Its number.
    sku: i64,
    /// Pieces.
    pieces: i64,
}

/// A counter's shelf then.
#[derive(Serialize, ToSchema)]
struct CounterThen {
    /// Its code.
    counter: String,
    /// Articles it had.
    articles: Vec<PiecesThen>,
    /// What they cost together, in yuan.
    cost: String,
}

impl From<ShelfThen> for CounterThen {
    fn from(found: ShelfThen) -> Self {
        let pieces =
            |(article, pieces): (crate::store::goods::GoodsRow, i64)| PiecesThen { sku: article.sku, pieces };
        Self {
            counter: found.counter.code,
            articles: found.articles.into_iter().map(pieces).collect(),
            cost: amount::yuan(found.cost_fen),
        }
    }
}

/// Lists every counter's shelf as of a day and an instant.
#[utoipa::path(
    get, path = "/stock/as-of", tag = "counter", operation_id = "stock_as_of", params(Then),
    responses((status = 200, description = "By counter", body = Vec<CounterThen>),
        (status = 422, description = "Not a day or an instant", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn then(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    Query(then): Query<Then>,
) -> HttpResult<Json<Vec<CounterThen>>> {
    let as_of = AsOf::read(&then.effective_on, &then.recorded_at)?;
    let found = desk.stock_as_of(&by, as_of).await?;
    Ok(Json(found.into_iter().map(CounterThen::from).collect()))
}

/// Whether a counter's pieces and its goods at cost agree.
#[derive(Serialize, ToSchema)]
struct ShelfTie {
    /// The counter's code.
    counter: String,
    /// Pieces times what a piece costs, in yuan.
    pieces_at_cost: String,
    /// Goods at cost by the ledger, in yuan.
    in_ledger: String,
    /// Whether they agree.
    agrees: bool,
}

impl From<StockTie> for ShelfTie {
    fn from(tie: StockTie) -> Self {
        Self {
            agrees: tie.agrees(),
            counter: tie.counter,
            pieces_at_cost: amount::yuan(tie.pieces_at_cost),
            in_ledger: amount::yuan(tie.in_ledger),
        }
    }
}

/// Tells for each counter whether pieces × cost is what the ledger has.
#[utoipa::path(
    get, path = "/stock/ties", tag = "counter", operation_id = "stock_ties",
    responses((status = 200, description = "By counter", body = Vec<ShelfTie>)),
    security(("bearer" = []), ("session" = []))
)]
async fn ties(State(desk): State<Desk>, by: As<Bookkeeper>) -> HttpResult<Json<Vec<ShelfTie>>> {
    Ok(Json(desk.stock_ties(by.book).await?.into_iter().map(ShelfTie::from).collect()))
}
