//! Market days: the opening calendar of a counter, what its days came to, what to buy; and the line that tells everybody
//! when a counter opens next.

use axum::{
    Router,
    routing::{get, post},
};

use crate::{
    domain::ids::BookId,
    http::{AppState, HttpResult},
    service::{Desk, market::NextOpening},
    text::T,
};

mod calendar;
mod days;
mod forecast;

/// The pages of this folder.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/counters/{id}/calendar", get(calendar::page).post(calendar::set))
        .route("/clerk/counters/{id}/calendar/days", post(calendar::set_day))
        .route("/shop/days", get(days::list))
        .route("/shop/days/{day}", get(days::one))
        .route("/stock/forecast", get(forecast::page))
        .route("/stock/forecast.csv", get(forecast::csv))
}

/// When the counters of a village open next, a line each; nothing of those that are open always.
pub(super) async fn openings(desk: &Desk, book: BookId, t: T) -> HttpResult<Vec<String>> {
    let all = desk.next_openings(book).await?;
    Ok(all.iter().map(|of| line(desk, t, of)).collect())
}

/// When a counter opens next.
pub(super) fn line(desk: &Desk, t: T, of: &NextOpening) -> String {
    t.market_opening(t.name(&of.counter.name, &of.counter.name_en), desk.today(), of.next.as_ref())
}
