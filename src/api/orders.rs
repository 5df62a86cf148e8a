//! Orders: putting goods and points aside, the pick-up list, handing over, cancelling.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    key::IdempotencyKey,
    problem::Problem,
    redemptions::{Item, Receipt},
};
use crate::{
    domain::{
        amount::points,
        basket::Basket,
        ids::{CounterId, HouseholdId, OrderId},
        order::CancelReason,
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk, ServiceError,
        caller::{Clerk, Resident, Shopkeeper, Staff},
        redeem::order::{NewOrder, Order, OrderItem, PickUp, PickUpList},
        refuse,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(own, place_own))
        .routes(routes!(cancel_own))
        .routes(routes!(of_household, place))
        .routes(routes!(pick_up_list))
        .routes(routes!(one))
        .routes(routes!(collect))
        .routes(routes!(cancel))
}

/// An article of an order.
#[derive(Serialize, ToSchema)]
struct OrderedArticle {
    /// The article's number.
    sku: i64,
    /// Its name.
    name: String,
    /// The same in English.
    name_en: String,
    /// Pieces.
    pieces: i64,
    /// Points for one piece when it was ordered.
    price: String,
    /// Points together.
    points: String,
}

impl From<OrderItem> for OrderedArticle {
    fn from(i: OrderItem) -> Self {
        Self {
            sku: i.sku,
            name: i.name,
            name_en: i.name_en,
            pieces: i.pieces,
            price: points(i.price),
            points: points(i.points),
        }
    }
}

/// An order.
#[derive(Serialize, ToSchema)]
struct PlacedOrder {
    /// Its id; also the receipt's when it is collected.
    id: String,
    /// Its number: consecutive, without gaps.
    no: i64,
    /// `waiting`, `collected`, `cancelled` or `lapsed`.
    state: String,
    /// Where it is kept.
    counter: String,
    /// The household's number.
    household: String,
    /// Its head, masked.
    name: String,
    /// When it was placed.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The last day on which it is kept; afterwards points and goods go back.
    #[schema(value_type = String, format = Date)]
    until: Day,
    /// What was put aside.
    lines: Vec<OrderedArticle>,
    /// Points put aside.
    #[schema(example = "20")]
    points: String,
    /// Why it was cancelled: `asked`, `unavailable` or `mistake`.
    why: Option<String>,
    /// What proves it at the counter: told to the household and the clerk while it waits.
    code: Option<String>,
}

impl From<Order> for PlacedOrder {
    fn from(o: Order) -> Self {
        Self {
            id: o.id.to_string(),
            no: o.no,
            state: o.state.to_string(),
            counter: o.counter.to_string(),
            household: o.household_no,
            name: o.masked_name,
            at: o.placed_at,
            until: o.kept_until,
            lines: o.items.into_iter().map(OrderedArticle::from).collect(),
            points: points(o.points),
            why: o.reason.map(|reason| reason.to_string()),
            code: o.code,
        }
    }
}

/// What is to be put aside.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrderInput {
    /// Where it is to be kept.
    #[schema(value_type = String)]
    counter: CounterId,
    /// What; the same article twice is added up.
    lines: Vec<Item>,
}

impl OrderInput {
    fn read(self) -> Result<NewOrder, ServiceError> {
        Ok(NewOrder { counter: self.counter, basket: basket(&self.lines)? })
    }
}

fn basket(lines: &[Item]) -> Result<Basket, ServiceError> {
    Basket::new(lines.iter().map(|l| (l.sku, l.pieces)))
        .map_err(|e| refuse("invalid_basket").with("reason", e).into())
}

/// From where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OrderPage {
    /// The last number of the page before.
    after: Option<i64>,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists the household's own orders, the latest first.
#[utoipa::path(
    get, path = "/my/orders", tag = "counter", operation_id = "list_own_orders", params(OrderPage),
    responses((status = 200, description = "Orders", body = Vec<PlacedOrder>)),
    security(("bearer" = []), ("session" = []))
)]
async fn own(
    State(desk): State<Desk>,
    by: As<Resident>,
    Query(page): Query<OrderPage>,
) -> HttpResult<Json<Vec<PlacedOrder>>> {
    let found = desk.own_orders(&by, page.after, page.limit.unwrap_or(50)).await?;
    Ok(Json(found.into_iter().map(PlacedOrder::from).collect()))
}

/// Puts goods and points aside for the household itself.
#[utoipa::path(
    post, path = "/my/orders", tag = "counter", operation_id = "place_own_order", request_body = OrderInput,
    responses((status = 201, description = "Put aside", body = PlacedOrder),
        (status = 404, description = "No such counter", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn place_own(
    State(desk): State<Desk>,
    by: As<Resident>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<OrderInput>,
) -> HttpResult<(StatusCode, Json<PlacedOrder>)> {
    Ok((StatusCode::CREATED, Json(desk.place_order(&by, &key, &input.read()?).await?.into())))
}

/// Takes an order of the household's own back.
#[utoipa::path(
    post, path = "/my/orders/{id}/cancel", tag = "counter", operation_id = "cancel_own_order",
    params(("id" = String, Path, description = "The order")),
    responses((status = 200, description = "Cancelled", body = PlacedOrder),
        (status = 404, description = "No such order of this household", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn cancel_own(
    State(desk): State<Desk>,
    by: As<Resident>,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<OrderId>,
) -> HttpResult<Json<PlacedOrder>> {
    Ok(Json(desk.cancel_own_order(&by, id, &key).await?.into()))
}

/// Lists a household's orders for the clerk, the latest first.
#[utoipa::path(
    get, path = "/households/{id}/orders", tag = "counter", operation_id = "list_household_orders",
    params(("id" = String, Path, description = "The household")),
    responses((status = 200, description = "Orders", body = Vec<PlacedOrder>),
        (status = 404, description = "No such household", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn of_household(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<HouseholdId>,
) -> HttpResult<Json<Vec<PlacedOrder>>> {
    let found = desk.orders_of(&by, id).await?;
    Ok(Json(found.into_iter().map(PlacedOrder::from).collect()))
}

/// Puts goods and points aside for a household that asked the clerk.
#[utoipa::path(
    post, path = "/households/{id}/orders", tag = "counter", operation_id = "place_order",
    params(("id" = String, Path, description = "The household")), request_body = OrderInput,
    responses((status = 201, description = "Put aside", body = PlacedOrder),
        (status = 404, description = "No such household or counter", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn place(
    State(desk): State<Desk>,
    by: As<Clerk>,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<HouseholdId>,
    Json(input): Json<OrderInput>,
) -> HttpResult<(StatusCode, Json<PlacedOrder>)> {
    Ok((StatusCode::CREATED, Json(desk.place_order_for(&by, id, &key, &input.read()?).await?.into())))
}

/// An article to lay out.
#[derive(Serialize, ToSchema)]
struct ArticleAside {
    /// The article's number.
    sku: i64,
    /// Its name.
    name: String,
    /// Pieces over all orders that wait.
    pieces: i64,
}

/// What waits at a counter.
#[derive(Serialize, ToSchema)]
struct WaitingOrders {
    /// In the order in which they were placed.
    orders: Vec<PlacedOrder>,
    /// What to lay out.
    aside: Vec<ArticleAside>,
}

impl From<PickUpList> for WaitingOrders {
    fn from(list: PickUpList) -> Self {
        let aside = list.aside.into_iter();
        let aside = aside.map(|(item, pieces)| ArticleAside { sku: item.sku, name: item.name, pieces });
        Self { orders: list.orders.into_iter().map(PlacedOrder::from).collect(), aside: aside.collect() }
    }
}

/// Lists what waits at a counter, in the order in which it was placed.
#[utoipa::path(
    get, path = "/counters/{id}/orders", tag = "counter", operation_id = "list_waiting_orders",
    params(("id" = String, Path, description = "The counter"), OrderPage),
    responses((status = 200, description = "What waits", body = WaitingOrders),
        (status = 404, description = "No such counter, or not the caller's", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn pick_up_list(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<CounterId>,
    Query(page): Query<OrderPage>,
) -> HttpResult<Json<WaitingOrders>> {
    Ok(Json(desk.pick_up_list(&by, id, page.after.unwrap_or(0)).await?.into()))
}

/// Shows an order to the counter's keepers, the clerk and auditors.
#[utoipa::path(
    get, path = "/orders/{id}", tag = "counter", operation_id = "get_order",
    params(("id" = String, Path, description = "The order")),
    responses((status = 200, description = "The order", body = PlacedOrder),
        (status = 404, description = "No such order, or not at the caller's counter", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<OrderId>,
) -> HttpResult<Json<PlacedOrder>> {
    Ok(Json(desk.order(&by, id).await?.into()))
}

/// What is handed over, and what was shown for it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CollectInput {
    /// The order's pick-up code, or the household's phone code or card.
    credential: String,
    /// What of it is handed over; all of it when left out. The rest goes back in the same posting.
    lines: Option<Vec<Item>>,
}

/// Hands over what was put aside, wholly or in part.
#[utoipa::path(
    post, path = "/orders/{id}/collect", tag = "counter", operation_id = "collect_order",
    params(("id" = String, Path, description = "The order")), request_body = CollectInput,
    responses((status = 200, description = "The receipt", body = Receipt),
        (status = 404, description = "No such order at the caller's counter", body = Problem),
        (status = 422, description = "Refused: nothing changed", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn collect(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<OrderId>,
    Json(input): Json<CollectInput>,
) -> HttpResult<Json<Receipt>> {
    let basket = input.lines.as_deref().map(basket).transpose()?;
    let pick_up = PickUp { credential: input.credential, basket };
    Ok(Json(desk.collect_order(&by, id, &pick_up, &key).await?.into()))
}

/// Why an order is cancelled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CancelInput {
    /// `asked`, `unavailable` or `mistake`.
    #[schema(value_type = String)]
    why: CancelReason,
}

/// Takes an order back: points and goods return.
#[utoipa::path(
    post, path = "/orders/{id}/cancel", tag = "counter", operation_id = "cancel_order",
    params(("id" = String, Path, description = "The order")), request_body = CancelInput,
    responses((status = 200, description = "Cancelled", body = PlacedOrder),
        (status = 404, description = "No such order at the caller's counter", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn cancel(
    State(desk): State<Desk>,
    by: As<Staff>,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<OrderId>,
    Json(input): Json<CancelInput>,
) -> HttpResult<Json<PlacedOrder>> {
    Ok(Json(desk.cancel_order(&by, id, input.why, &key).await?.into()))
}
