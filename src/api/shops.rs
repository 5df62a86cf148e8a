//! Agreements with private shops. Their statements: see [`super::shop_statements`].

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        amount::yuan,
        ids::{CounterId, ShopId},
        time::Day,
    },
    http::{AppState, As, HttpResult, Json, Path},
    service::{
        Desk,
        caller::{Clerk, Reviewer, Staff, StockReader},
        refuse,
        shops::{NewShop, ShopView},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, draw))
        .routes(routes!(show))
        .routes(routes!(agree))
        .routes(routes!(refuse_agreement))
        .routes(routes!(end))
}

/// An agreement with a private shop.
#[derive(Serialize, ToSchema)]
struct Shop {
    /// Its name inside the program.
    #[schema(value_type = String)]
    id: ShopId,
    /// Its number.
    no: i64,
    /// What the shop is called.
    name: String,
    /// The number of its licence.
    licence: String,
    /// The counter it keeps.
    #[schema(value_type = String)]
    counter: CounterId,
    /// The code of that counter.
    counter_code: String,
    /// The number of the household that runs it, if it is one of the village.
    household: Option<String>,
    /// What the shop leaves of the value, in per mille.
    discount: i64,
    /// The day of the month on which it is settled.
    settles_on: i64,
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    from: Day,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    until: Day,
    /// `drawn`, `agreed`, `refused` or `ended`.
    state: String,
    /// Why it was not agreed to, or was ended.
    reason: String,
    /// What is owed to the shop now, in yuan.
    owed: String,
}

impl From<ShopView> for Shop {
    fn from(s: ShopView) -> Self {
        Self {
            id: s.row.id,
            no: s.row.no,
            counter: s.row.counter_id,
            counter_code: s.counter.code,
            household: s.household,
            discount: s.row.discount,
            settles_on: s.row.settles_on,
            from: s.row.from_day,
            until: s.row.last_day(),
            state: s.row.state,
            name: s.row.name,
            licence: s.row.licence,
            reason: s.row.reason,
            owed: yuan(s.owed_fen),
        }
    }
}

/// An agreement to be drawn up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShopInput {
    /// The counter the shop keeps.
    #[schema(value_type = String)]
    counter: CounterId,
    /// What the shop is called.
    name: String,
    /// The number of its licence.
    licence: String,
    /// The number of the household that runs it, if it is one of the village.
    household: Option<String>,
    /// What the shop leaves of the value, in per mille: 0 to 300.
    discount: i64,
    /// The day of the month on which it is settled: 1 to 28.
    settles_on: i64,
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    from: Day,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    until: Day,
}

/// Lists the agreements with private shops; a shop sees its own.
#[utoipa::path(
    get, path = "/shops", tag = "shops", operation_id = "list_shops",
    responses((status = 200, description = "By number", body = Vec<Shop>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(State(desk): State<Desk>, by: As<StockReader>) -> HttpResult<Json<Vec<Shop>>> {
    Ok(Json(desk.shops(&by).await?.into_iter().map(Shop::from).collect()))
}

/// Draws an agreement with a private shop up.
#[utoipa::path(
    post, path = "/shops", tag = "shops", operation_id = "draw_shop_agreement", request_body = ShopInput,
    responses((status = 201, description = "It waits for the second person", body = Shop),
        (status = 404, description = "No such counter or household", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn draw(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(input): Json<ShopInput>,
) -> HttpResult<(StatusCode, Json<Shop>)> {
    let household = match input.household.as_deref().map(str::trim).filter(|no| !no.is_empty()) {
        Some(no) => Some(no.parse().map_err(|_| refuse("invalid_code").with("code", no))?),
        None => None,
    };
    let new = NewShop {
        counter: input.counter,
        name: input.name,
        licence: input.licence,
        household,
        discount: input.discount,
        settles_on: input.settles_on,
        from: input.from,
        until: input.until,
    };
    let row = desk.draw_shop_agreement(&by, &new).await?;
    Ok((StatusCode::CREATED, seen(&desk, &by, row.id).await?))
}

/// One agreement with a private shop.
#[utoipa::path(
    get, path = "/shops/{id}", tag = "shops", operation_id = "show_shop",
    params(("id" = String, Path, description = "The agreement")),
    responses((status = 200, description = "The agreement", body = Shop),
        (status = 404, description = "No such agreement, or another shop's", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn show(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path(id): Path<ShopId>,
) -> HttpResult<Json<Shop>> {
    Ok(Json(desk.shop(&by, id).await?.into()))
}

/// Agrees to an agreement as the second person.
#[utoipa::path(
    post, path = "/shops/{id}/agree", tag = "shops", operation_id = "agree_shop",
    params(("id" = String, Path, description = "The agreement")),
    responses((status = 200, description = "In force on its days", body = Shop),
        (status = 404, description = "No such agreement", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn agree(State(desk): State<Desk>, by: As<Reviewer>, Path(id): Path<ShopId>) -> HttpResult<Json<Shop>> {
    desk.agree_shop_agreement(&by, id).await?;
    seen(&desk, &by, id).await
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShopReason {
    /// In a few words.
    reason: String,
}

/// Does not agree to an agreement.
#[utoipa::path(
    post, path = "/shops/{id}/refuse", tag = "shops", operation_id = "refuse_shop",
    params(("id" = String, Path, description = "The agreement")), request_body = ShopReason,
    responses((status = 200, description = "Refused", body = Shop),
        (status = 404, description = "No such agreement", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn refuse_agreement(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<ShopId>,
    Json(input): Json<ShopReason>,
) -> HttpResult<Json<Shop>> {
    desk.refuse_shop_agreement(&by, id, &input.reason).await?;
    seen(&desk, &by, id).await
}

/// Ends an agreement: the clerk, the township, or the shop itself. Today is its last day.
#[utoipa::path(
    post, path = "/shops/{id}/end", tag = "shops", operation_id = "end_shop",
    params(("id" = String, Path, description = "The agreement")), request_body = ShopReason,
    responses((status = 200, description = "Ended", body = Shop),
        (status = 404, description = "No such agreement, or another shop's", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn end(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path(id): Path<ShopId>,
    Json(input): Json<ShopReason>,
) -> HttpResult<Json<Shop>> {
    desk.end_shop_agreement(&by, id, &input.reason).await?;
    seen(&desk, &by, id).await
}

async fn seen(desk: &Desk, by: &Staff, id: ShopId) -> HttpResult<Json<Shop>> {
    let reader = StockReader::of(by).ok_or(crate::service::ServiceError::NotAllowed)?;
    Ok(Json(desk.shop(&reader, id).await?.into()))
}
