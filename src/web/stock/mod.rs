//! The store room of the love supermarket: goods and prices, stock papers and shelves, counters and who stands at them,
//! cards.

use axum::{
    Router,
    routing::{get, post},
};

use crate::http::AppState;

mod cards;
mod counters;
mod draft;
mod goods;
mod home;
mod paper;
mod picture;
mod shelf;

/// The pages of this folder.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/goods", get(goods::list))
        .route("/clerk/goods/new", get(goods::new_page).post(goods::add))
        .route("/clerk/goods/tags", get(goods::tags))
        .route("/clerk/goods/{sku}", get(goods::page))
        .route("/clerk/goods/{sku}/picture", post(picture::set))
        .route("/clerk/goods/{sku}/picture/remove", post(picture::remove))
        .route("/goods/{sku}/picture", get(picture::show))
        .route("/clerk/goods/{sku}/price", post(goods::price))
        .route("/clerk/goods/{sku}/sale", post(goods::sale))
        .route("/stock", get(home::page))
        .route("/stock/then", get(home::then))
        .route("/stock/new/{kind}", get(draft::page).post(draft::draw))
        .route("/stock/papers/{id}", get(paper::page).post(paper::act))
        .route("/stock/papers/{id}/photo", get(picture::of_loss).post(picture::add_to_loss))
        .route("/stock/shelves/{counter}", get(shelf::page).post(shelf::floor))
        .route("/clerk/counters", get(counters::list).post(counters::add))
        .route("/clerk/counters/{id}/open", post(counters::open))
        .route("/clerk/counters/{id}/keepers", post(counters::add_keeper))
        .route("/clerk/counters/{id}/keepers/{user}/remove", post(counters::remove_keeper))
        .route("/clerk/cards", get(cards::page))
        .route("/clerk/cards/print", post(cards::print))
        .route("/clerk/cards/{no}", get(cards::household))
        .route("/clerk/cards/{no}/reissue", post(cards::reissue))
        .route("/clerk/cards/{no}/revoke", post(cards::revoke))
        .route("/clerk/cards/{no}/pin", post(cards::pin))
}
