//! The counter: who stands there, what they take, the receipt; and what the shopkeeper looks up beside it.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use serde::Deserialize;

use crate::{domain::ids::CounterId, http::AppState, service::decode};

mod checkout;
mod closes;
mod day;
mod front;
mod offline;
mod orders;
mod returns;
mod scan;

/// The pages of this folder.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/shop", get(front::page))
        .route("/shop/open", post(front::open))
        .route("/shop/without", get(front::without))
        .route("/shop/customer", post(checkout::customer))
        .route("/shop/confirm", post(checkout::confirm))
        .route("/shop/redeem", post(checkout::redeem))
        .route("/shop/receipts/{id}", get(day::receipt))
        .route("/shop/receipts/{id}/return", get(returns::page).post(returns::take_back))
        .route("/shop/receipts/{id}/void", post(returns::make_void))
        .route("/shop/closes", get(closes::page).post(closes::close))
        .route("/shop/closes/sign", post(closes::sign))
        .route("/shop/today", get(day::list))
        .route("/shop/goods", get(day::goods))
        .route("/shop/offline", get(offline::page))
        .route("/shop/sw.js", get(offline::worker))
        .route("/shop/orders", get(orders::list))
        .route("/shop/orders/{id}", get(orders::one).post(orders::collect))
        .route("/shop/orders/{id}/cancel", post(orders::cancel))
        .route("/shop/scan", post(scan::frame).layer(DefaultBodyLimit::max(decode::BODY_BYTES_MAX)))
}

/// `?counter=` of pages that belong to one counter; nothing means the shopkeeper's first.
#[derive(Debug, Default, Deserialize)]
struct AtCounter {
    counter: Option<CounterId>,
}
