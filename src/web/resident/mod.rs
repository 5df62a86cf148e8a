//! The household's own pages, for a phone in one hand: what it has and why, its code, notices, goods, receipts.

use axum::{
    Router,
    routing::{get, post},
};

use crate::http::AppState;

mod card;
pub(super) mod claims;
mod goods;
pub(super) mod helpers;
pub(super) mod matters;
mod notices;
mod objections;
mod orders;
mod own;
mod proposals;
mod reminders;
mod rules;

/// The pages of this folder.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/my", get(own::home))
        .route("/my/code", get(card::code))
        .route("/my/card", get(card::page))
        .route("/my/card/lost", post(card::lost))
        .route("/my/pin", post(card::pin))
        .route("/my/statement", get(own::statement))
        .route("/my/receipts", get(own::receipts))
        .route("/my/receipts/{id}", get(own::receipt))
        .route("/my/notices", get(notices::list))
        .route("/my/notices/{id}", get(notices::sheet))
        .route("/my/object/{award}", get(notices::object_page).post(notices::object))
        .route("/my/objections", get(objections::list))
        .route("/my/objections/{id}", get(objections::one).post(objections::appeal))
        .route("/my/claims", get(claims::list).post(claims::hand_in))
        .route("/my/claims/new", get(claims::form))
        .route("/my/claims/{id}", get(claims::one))
        .route("/my/claims/{id}/withdraw", post(claims::withdraw))
        .route("/my/goods", get(goods::list))
        .route("/my/helpers", get(helpers::list).post(helpers::register))
        .route("/my/helpers/{id}/end", post(helpers::end))
        .route("/my/messages", get(helpers::messages))
        .route("/my/messages/read", post(helpers::read))
        .route("/my/orders", get(orders::list).post(orders::place))
        .route("/my/orders/new", get(orders::form))
        .route("/my/orders/{id}/cancel", post(orders::cancel))
        .route("/my/matters", get(matters::list).post(matters::report))
        .route("/my/matters/new", get(matters::form))
        .route("/my/matters/{id}", get(matters::one))
        .route("/my/matters/{id}/withdraw", post(matters::withdraw))
        .route("/my/reminders", get(reminders::list))
        .route("/my/rules", get(rules::list))
        .route("/my/compact", get(proposals::compact_page))
        .route("/my/proposals/{id}", get(proposals::page).post(proposals::speak))
}
