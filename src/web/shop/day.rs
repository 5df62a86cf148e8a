//! What the shopkeeper looks up: receipts, the day, goods and stock.

use askama::Template;
use axum::{extract::State, response::IntoResponse};
use serde::Deserialize;

use super::AtCounter;
use crate::{
    domain::{
        bystander::BEARER_SECONDS,
        ids::{CounterId, OrderId},
        returns::in_time,
        time::{Day, MICROS_PER_SECOND},
    },
    http::{As, HttpResult, Path, Query},
    service::{
        Desk,
        caller::{Shopkeeper, Staff},
        goods::Article,
        redeem::{DayList, RedemptionReceipt},
    },
    store::counter::CounterRow,
    web::page::{Chrome, Page},
};

/// Redemptions on one page.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "shop/receipt.html", config = ".askama.toml")]
struct ReceiptPage {
    chrome: Chrome,
    receipt: RedemptionReceipt,
    /// Where the proof is.
    proof: String,
    /// Just now: say it aloud.
    done: bool,
    /// The reader stands at a counter.
    keeps: bool,
    /// The reader stands at a counter, and goods may still come back.
    may_return: bool,
    /// The reader stands at a counter, and it was just now: the same person may come again.
    same_bearer: bool,
}

#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: bool,
}

pub(super) async fn receipt(
    State(desk): State<Desk>,
    by: As<Staff>,
    chrome: Chrome,
    Path(id): Path<OrderId>,
    Query(done): Query<Done>,
) -> HttpResult<impl IntoResponse> {
    let receipt = desk.receipt(&by, id).await?;
    let proof = desk.proof_address(by.book, receipt.seq).await?;
    let title = chrome.t.shop_receipt_no(receipt.no);
    let keeps = Shopkeeper::of(&by).is_some();
    let may_return = keeps && in_time(receipt.placed_at, desk.now());
    let same_bearer = keeps && desk.now().since(receipt.placed_at) < BEARER_SECONDS * MICROS_PER_SECOND;
    let (chrome, done) = (chrome.titled(title), done.done);
    Ok(Page(ReceiptPage { chrome, receipt, proof, done, keeps, may_return, same_bearer }))
}

#[derive(Template)]
#[template(path = "shop/today.html", config = ".askama.toml")]
struct TodayPage {
    chrome: Chrome,
    counter: CounterRow,
    day: Day,
    list: DayList,
    /// Where the next page begins.
    next: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct DayQuery {
    counter: Option<CounterId>,
    #[serde(default)]
    day: String,
    before: Option<i64>,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    Query(query): Query<DayQuery>,
) -> HttpResult<impl IntoResponse> {
    let counter = desk.counter_at(&by, query.counter).await?;
    let day = query.day.parse().unwrap_or_else(|_| desk.today());
    let list = desk.redemptions_of(&by, counter.id, day, query.before, PAGE).await?;
    let full = i64::try_from(list.rows.len()).is_ok_and(|n| n == PAGE);
    let next = list.rows.last().filter(|_| full).map(|r| r.no);
    let title = chrome.t.shop_today();
    Ok(Page(TodayPage { chrome: chrome.titled(title), counter, day, list, next }))
}

#[derive(Template)]
#[template(path = "shop/goods.html", config = ".askama.toml")]
struct GoodsPage {
    chrome: Chrome,
    counter: CounterRow,
    articles: Vec<Article>,
}

pub(super) async fn goods(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    Query(at): Query<AtCounter>,
) -> HttpResult<impl IntoResponse> {
    let counter = desk.counter_at(&by, at.counter).await?;
    let articles = desk.catalogue(by.book, &counter.code).await?;
    let title = chrome.t.shop_goods();
    Ok(Page(GoodsPage { chrome: chrome.titled(title), counter, articles }))
}
