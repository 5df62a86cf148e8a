//! Choosing goods to put aside, for a household itself and for the clerk who does it for one: the same page.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    form::FormState,
    market,
    page::{Chrome, Page},
    pieces::{Pieces, field},
};
use crate::{
    domain::{
        basket::BASKET_PIECES_MAX,
        ids::{BookId, CounterId},
        order::ORDER_DAYS,
    },
    http::HttpResult,
    service::{Desk, ServiceError, goods::Article, market::NextOpening, redeem::order::NewOrder},
    store::counter::CounterRow,
};

/// Choosing goods.
#[derive(Template)]
#[template(path = "order/new.html", config = ".askama.toml")]
pub(super) struct NewOrderPage {
    chrome: Chrome,
    form: FormState,
    counters: Vec<CounterRow>,
    counter: Option<CounterRow>,
    articles: Vec<Article>,
    /// For whom, when it is not the household itself.
    who: Option<String>,
    available: i64,
    /// Where another counter is chosen.
    action: String,
    query: &'static str,
    /// Where the form goes.
    post: String,
    /// Makes the form count once.
    key: String,
    /// When the counter opens next.
    opening: Option<String>,
    /// That it does not as long as an order is kept.
    late: Option<String>,
}

impl NewOrderPage {
    fn pieces(&self, sku: &i64) -> i64 {
        self.form.value(&format!("qty-{sku}")).parse().unwrap_or(0)
    }

    fn most(&self, article: &Article) -> i64 {
        // while it is being counted, nobody may read off what the book has
        article.stock.filter(|_| !article.blind).unwrap_or(BASKET_PIECES_MAX).max(0)
    }

    fn is_here(&self, other: &CounterRow) -> bool {
        self.counter.as_ref().is_some_and(|here| here.id == other.id)
    }
}

/// For whom goods are chosen, and where the page is.
pub(super) struct Ordering {
    pub(super) book: BookId,
    /// The household, when the clerk chooses for it.
    pub(super) who: Option<String>,
    /// Spendable points, in hundredths.
    pub(super) available: i64,
    /// Where another counter is chosen.
    pub(super) action: String,
    /// Where the form goes.
    pub(super) post: String,
}

/// The page of a counter's goods.
pub(super) async fn page(
    desk: &Desk,
    chrome: Chrome,
    form: FormState,
    of: Ordering,
    counter: Option<CounterId>,
) -> HttpResult<Response> {
    let counters = desk.counters(of.book).await?;
    let here = counters.iter().find(|c| counter.is_none_or(|id| c.id == id)).cloned();
    let articles = match &here {
        Some(here) => desk.catalogue(of.book, &here.code).await?,
        None => Vec::new(),
    };
    let opening = match &here {
        Some(here) => desk.next_opening(of.book, here.id).await?,
        None => None,
    };
    let late = opening.as_ref().and_then(|next| late(desk, &chrome, next));
    let opening = opening.map(|next| market::line(desk, chrome.t, &next));
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let title = chrome.t.orders_new();
    let page = NewOrderPage {
        chrome: chrome.titled(title),
        form,
        counters,
        counter: here,
        articles,
        who: of.who,
        available: of.available,
        action: of.action,
        query: "?",
        post: of.post,
        key: desk.random_hex(),
        opening,
        late,
    };
    Ok(Page(page).with_status(status))
}

/// What to say when the counter does not open as long as an order that is placed today is kept.
fn late(desk: &Desk, chrome: &Chrome, of: &NextOpening) -> Option<String> {
    let until = desk.today().plus(ORDER_DAYS);
    let next = of.next.as_ref().filter(|next| next.day <= until);
    let day = of.next.as_ref().map_or_else(|| "—".to_owned(), |next| chrome.t.market_day(next));
    next.is_none().then(|| chrome.t.market_order_late(until, day))
}

/// What a form asks to be put aside.
pub(super) fn wanted(fields: &[(String, String)]) -> Result<NewOrder, ServiceError> {
    let counter = field(fields, "counter").parse().map_err(|_| ServiceError::NotFound("counter"))?;
    Ok(NewOrder { counter, basket: Pieces::of(fields).basket()? })
}
