//! Goods and services of the village: price, stock, limits.

use askama::Template;
use axum::{extract::State, response::IntoResponse};

use crate::{
    http::{As, HttpResult},
    service::{Desk, caller::Resident, goods::Stocked},
    store::counter::CounterRow,
    web::{
        market,
        page::{Chrome, Page},
    },
};

/// Articles on the page: all of a village.
const ALL: i64 = 1_000;

#[derive(Template)]
#[template(path = "my/goods.html", config = ".askama.toml")]
struct GoodsPage {
    chrome: Chrome,
    goods: Vec<Stocked>,
    counters: Vec<CounterRow>,
    /// When counters open next.
    openings: Vec<String>,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let mut goods = desk.goods(by.book, 0, ALL).await?;
    goods.retain(|g| g.row.is_on_sale());
    let counters = desk.counters(by.book).await?;
    let openings = market::openings(&desk, by.book, chrome.t).await?;
    let title = chrome.t.my_goods();
    Ok(Page(GoodsPage { chrome: chrome.titled(title), goods, counters, openings }))
}
