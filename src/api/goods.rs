//! Goods and prices.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        amount::{self, parse_points},
        goods::{GoodsKind, period_of},
        ids::BookId,
        time::Timestamp,
    },
    http::{AppState, As, HttpError, HttpResult, Json, Path, Query, Visitor, extract::Caller},
    service::{
        Desk, ServiceError,
        caller::{Clerk, Resident, Staff},
        goods::{NewGoods, Stocked},
        refuse,
        session::SignedIn,
    },
    store::goods::{GoodsRow, PriceRow},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(one))
        .routes(routes!(set_price))
        .routes(routes!(set_on_sale))
}

/// Anybody of the village, staff or household: who may read what there is to redeem.
pub(super) struct Insider {
    pub(super) book: BookId,
}

impl Caller for Insider {
    async fn identify(desk: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        let book = match visitor.signed_in().map(|s| &s.who) {
            Some(SignedIn::Resident(_)) => Resident::identify(desk, visitor).await?.book,
            _ => Staff::identify(desk, visitor).await?.book,
        };
        Ok(Self { book })
    }
}

/// An article.
#[derive(Serialize, ToSchema)]
struct Goods {
    /// Its number.
    sku: i64,
    /// What the village calls it.
    name: String,
    /// The same in English.
    name_en: String,
    /// What one piece is.
    unit: String,
    /// The same in English.
    unit_en: String,
    /// The shelf it is listed under.
    category: String,
    /// `goods` or `service`.
    kind: String,
    /// The maker's bar code.
    barcode: Option<String>,
    /// Points for one piece.
    #[schema(example = "20")]
    price: String,
    /// What one piece costs, in yuan: the moving average over what came in.
    #[schema(example = "18.50")]
    cost: String,
    /// Counts the prices it had; name it when you set another one.
    price_version: i32,
    /// Pieces a household may take in a period.
    quota: Option<i64>,
    /// `day`, `month`, `quarter` or `year`.
    quota_period: Option<String>,
    /// Whether it may be chosen.
    on_sale: bool,
    /// Pieces at each counter that is not being counted.
    stock: Vec<Shelf>,
}

/// Pieces at a counter.
#[derive(Serialize, ToSchema)]
struct Shelf {
    /// The counter's code.
    counter: String,
    /// Pieces.
    pieces: i64,
}

impl Goods {
    fn of(row: GoodsRow, stock: Vec<(String, i64)>) -> Self {
        Self {
            sku: row.sku,
            price: amount::points(row.price),
            cost: amount::yuan(row.cost_fen),
            price_version: row.price_version,
            quota: row.quota,
            on_sale: row.is_on_sale(),
            stock: stock.into_iter().map(|(counter, pieces)| Shelf { counter, pieces }).collect(),
            name: row.name,
            name_en: row.name_en,
            unit: row.unit,
            unit_en: row.unit_en,
            category: row.category,
            kind: row.kind,
            barcode: row.barcode,
            quota_period: row.quota_period,
        }
    }
}

impl From<Stocked> for Goods {
    fn from(s: Stocked) -> Self {
        Self::of(s.row, s.stock)
    }
}

/// A page of a list by number.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// The last number of the page before.
    #[serde(default)]
    after: i64,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists goods and services with their stock.
#[utoipa::path(
    get, path = "/goods", tag = "counter", operation_id = "list_goods", params(Page),
    responses((status = 200, description = "By number", body = Vec<Goods>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Insider>,
    Query(page): Query<Page>,
) -> HttpResult<Json<Vec<Goods>>> {
    let limit = page.limit.unwrap_or(50).clamp(1, 100);
    let found = desk.goods(by.book, page.after, limit).await?;
    Ok(Json(found.into_iter().map(Goods::from).collect()))
}

/// An article to be listed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GoodsInput {
    /// What the village calls it.
    name: String,
    /// The same in English.
    #[serde(default)]
    name_en: String,
    /// What one piece is.
    unit: String,
    /// The same in English.
    #[serde(default)]
    unit_en: String,
    /// The shelf it is listed under.
    category: String,
    /// `goods` or `service`.
    kind: String,
    /// The maker's bar code.
    barcode: Option<String>,
    /// Pieces a household may take in a period.
    quota: Option<i64>,
    /// `day`, `month`, `quarter` or `year`.
    quota_period: Option<String>,
    /// Points for one piece.
    price: String,
    /// What one piece is expected to cost, in yuan; what it costs, receipts say.
    cost: String,
}

fn figure(field: &str, text: &str) -> HttpResult<i64> {
    parse_points(text).ok_or_else(|| refuse("invalid_amount").with("field", field).into())
}

/// Lists an article, on sale at once.
#[utoipa::path(
    post, path = "/goods", tag = "counter", operation_id = "add_goods", request_body = GoodsInput,
    responses(
        (status = 200, description = "The article", body = Goods),
        (status = 422, description = "Refused", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn add(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(input): Json<GoodsInput>,
) -> HttpResult<Json<Goods>> {
    let kind: GoodsKind = input
        .kind
        .parse()
        .map_err(|_| ServiceError::from(refuse("invalid_code").with("code", &input.kind)))?;
    let period = input.quota_period.as_deref().and_then(period_of);
    let quota = match (input.quota, period) {
        (None, _) => None,
        (Some(pieces), Some(period)) => Some((pieces, period)),
        (Some(_), None) => return Err(refuse("field_missing").with("field", "quota_period").into()),
    };
    let new = NewGoods {
        kind,
        quota,
        price: figure("price", &input.price)?,
        cost_fen: figure("cost", &input.cost)?,
        name: input.name,
        name_en: input.name_en,
        unit: input.unit,
        unit_en: input.unit_en,
        category: input.category,
        barcode: input.barcode,
    };
    Ok(Json(Goods::of(desk.add_goods(&by, new).await?, Vec::new())))
}

/// A price an article had or has.
#[derive(Serialize, ToSchema)]
struct Price {
    /// 1, 2, 3 …
    version: i32,
    /// Points for one piece.
    price: String,
    /// What one piece cost, in yuan.
    cost: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Who set it.
    set_by: String,
}

impl From<PriceRow> for Price {
    fn from(row: PriceRow) -> Self {
        Self {
            version: row.version,
            price: amount::points(row.price),
            cost: amount::yuan(row.cost_fen),
            since: row.set_at,
            set_by: row.set_by,
        }
    }
}

/// An article and the prices it had.
#[derive(Serialize, ToSchema)]
struct Article {
    /// The article.
    goods: Goods,
    /// The latest first.
    prices: Vec<Price>,
}

/// Shows an article with its prices.
#[utoipa::path(
    get, path = "/goods/{sku}", tag = "counter", operation_id = "get_goods",
    params(("sku" = i64, Path, description = "Its number")),
    responses(
        (status = 200, description = "The article", body = Article),
        (status = 404, description = "No such article", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn one(State(desk): State<Desk>, by: As<Staff>, Path(sku): Path<i64>) -> HttpResult<Json<Article>> {
    let (row, prices) = desk.article(by.book, sku).await?;
    let stock = desk.goods(by.book, sku - 1, 1).await?.into_iter().next().map(|s| s.stock);
    let goods = Goods::of(row, stock.unwrap_or_default());
    Ok(Json(Article { goods, prices: prices.into_iter().map(Price::from).collect() }))
}

/// A new price.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PriceInput {
    /// The version it replaces.
    version: i32,
    /// Points for one piece.
    price: String,
}

/// Sets a price; the old one stays in the history.
#[utoipa::path(
    put, path = "/goods/{sku}/price", tag = "counter", operation_id = "set_price",
    params(("sku" = i64, Path, description = "Its number")), request_body = PriceInput,
    responses(
        (status = 200, description = "The article", body = Goods),
        (status = 409, description = "Somebody set another price meanwhile", body = Problem),
        (status = 422, description = "Out of range", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn set_price(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(sku): Path<i64>,
    Json(input): Json<PriceInput>,
) -> HttpResult<Json<Goods>> {
    let price = figure("price", &input.price)?;
    Ok(Json(Goods::of(desk.set_price(&by, sku, input.version, price).await?, Vec::new())))
}

/// On sale or not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SaleInput {
    /// Whether it may be chosen.
    on_sale: bool,
}

/// Puts an article on sale or takes it off.
#[utoipa::path(
    put, path = "/goods/{sku}/sale", tag = "counter", operation_id = "set_on_sale",
    params(("sku" = i64, Path, description = "Its number")), request_body = SaleInput,
    responses((status = 200, description = "The article", body = Goods)),
    security(("bearer" = []), ("session" = []))
)]
async fn set_on_sale(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(sku): Path<i64>,
    Json(input): Json<SaleInput>,
) -> HttpResult<Json<Goods>> {
    Ok(Json(Goods::of(desk.set_on_sale(&by, sku, input.on_sale).await?, Vec::new())))
}
