//! Pictures of articles, and photos of goods that are written off.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{goods::Insider, problem::Problem, stock::StockPaper};
use crate::{
    domain::ids::StockPaperId,
    http::{AppState, As, HttpResult, Json, Path},
    service::{
        Desk, ServiceResult,
        caller::{Clerk, StockReader, Storekeeper},
        refuse,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(goods_picture, set_goods_picture, remove_goods_picture))
        .routes(routes!(stock_photo, add_stock_photo))
}

/// A photo.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhotoInput {
    /// JPEG or PNG, base64. It is made small and loses its metadata.
    photo: String,
}

impl PhotoInput {
    fn bytes(&self) -> ServiceResult<Vec<u8>> {
        let wrong = |_| refuse("bad_json").with("reason", "photo: not base64");
        Ok(STANDARD.decode(&self.photo).map_err(wrong)?)
    }
}

fn jpeg(bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// The thumbnail of an article.
#[utoipa::path(
    get, path = "/goods/{sku}/picture", tag = "counter", operation_id = "get_goods_picture",
    params(("sku" = i64, Path, description = "Its number")),
    responses((status = 200, description = "A JPEG"), (status = 404, description = "It has none", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn goods_picture(
    State(desk): State<Desk>,
    by: As<Insider>,
    Path(sku): Path<i64>,
) -> HttpResult<Response> {
    Ok(jpeg(desk.goods_picture(by.book, sku).await?))
}

/// Makes the square in the middle of a photo the thumbnail of an article, in place of the one it had.
#[utoipa::path(
    put, path = "/goods/{sku}/picture", tag = "counter", operation_id = "set_goods_picture",
    params(("sku" = i64, Path, description = "Its number")), request_body = PhotoInput,
    responses((status = 204, description = "Set"), (status = 422, description = "Not a photo", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn set_goods_picture(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(sku): Path<i64>,
    Json(input): Json<PhotoInput>,
) -> HttpResult<StatusCode> {
    desk.set_goods_picture(&by, sku, input.bytes()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the thumbnail of an article away.
#[utoipa::path(
    delete, path = "/goods/{sku}/picture", tag = "counter", operation_id = "remove_goods_picture",
    params(("sku" = i64, Path, description = "Its number")),
    responses((status = 204, description = "Gone"), (status = 404, description = "No such article", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn remove_goods_picture(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(sku): Path<i64>,
) -> HttpResult<StatusCode> {
    desk.remove_goods_picture(&by, sku).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The photo of goods that are written off.
#[utoipa::path(
    get, path = "/stock/papers/{id}/photo", tag = "counter", operation_id = "get_stock_photo",
    params(("id" = String, Path)),
    responses((status = 200, description = "A JPEG"), (status = 404, description = "There is none, or no longer", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn stock_photo(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path(id): Path<StockPaperId>,
) -> HttpResult<Response> {
    Ok(jpeg(desk.stock_photo(&by, id).await?.bytes))
}

/// Puts a photo to a loss that nobody has decided on yet; its digest is posted with the paper.
#[utoipa::path(
    put, path = "/stock/papers/{id}/photo", tag = "counter", operation_id = "add_stock_photo",
    params(("id" = String, Path)), request_body = PhotoInput,
    responses((status = 200, description = "The paper", body = StockPaper),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn add_stock_photo(
    State(desk): State<Desk>,
    by: As<Storekeeper>,
    Path(id): Path<StockPaperId>,
    Json(input): Json<PhotoInput>,
) -> HttpResult<Json<StockPaper>> {
    Ok(Json(desk.add_stock_photo(&by, id, input.bytes()?).await?.into()))
}
