//! The counter without network: one page that opens without it, and the service worker that keeps the page. What it does is
//! in the scripts; what it asks of the server is the API's.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use serde::Serialize;

use super::AtCounter;
use crate::{
    domain::ids::OrgId,
    http::{As, HttpResult, Query},
    service::{Desk, caller::Shopkeeper, goods::Stocked},
    store::counter::CounterRow,
    web::page::{Chrome, Page},
};

/// Articles on the page at most.
const GOODS_MAX: i64 = 200;
/// Pieces of a service that a device may sell.
const SERVICES_MAX: i64 = 99;

#[derive(Template)]
#[template(path = "shop/offline.html", config = ".askama.toml")]
struct OfflinePage {
    chrome: Chrome,
    counter: CounterRow,
    goods: Vec<Stocked>,
    groups: Vec<(OrgId, String)>,
}

/// An article that may be put aside.
#[derive(Serialize)]
struct Offered<'a> {
    sku: i64,
    name: &'a str,
    name_en: &'a str,
    /// What finds it when it is typed.
    key: String,
    price: i64,
    most: i64,
    /// Nothing of a service lies on a shelf.
    left: Option<i64>,
}

impl OfflinePage {
    /// What may be put aside, as the script reads it: a list of 200 articles in words of the page would be too heavy.
    fn offer(&self) -> String {
        let all: Vec<Offered<'_>> = self.goods.iter().map(|a| self.offered(a)).collect();
        // numbers and texts cannot fail
        serde_json::to_string(&all).unwrap_or_default()
    }

    fn offered<'a>(&self, article: &'a Stocked) -> Offered<'a> {
        let row = &article.row;
        let pieces = (!row.is_service()).then(|| article.at(&self.counter.code));
        Offered {
            sku: row.sku,
            name: &row.name,
            name_en: &row.name_en,
            key: format!("{} {}", row.pinyin, row.initials),
            price: row.price,
            most: pieces.unwrap_or(SERVICES_MAX),
            left: pieces,
        }
    }
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    Query(at): Query<AtCounter>,
) -> HttpResult<impl IntoResponse> {
    let counter = desk.counter_at(&by, at.counter).await?;
    let mut goods = desk.goods(by.book, 0, GOODS_MAX).await?;
    goods.retain(|g| g.row.is_on_sale() && g.row.quota.is_none());
    goods.retain(|g| g.row.is_service() || g.at(&counter.code) > 0);
    let groups = desk.matter_groups(by.book).await?;
    let title = chrome.t.offline_title();
    Ok(Page(OfflinePage { chrome: chrome.titled(title), counter, goods, groups }))
}

/// The service worker: asked for anew each time, since it has one address for ever.
pub(super) async fn worker() -> Response {
    let mut response = include_str!("../static/sw.js").into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // the front page of the counter lies above the folder
    headers.insert("service-worker-allowed", HeaderValue::from_static("/shop"));
    response
}
