//! Choosing goods to put aside, for a household itself and for the clerk who does it for one: the same page.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    form::FormState,
    page::{Chrome, Page},
    pieces::{Pieces, field},
};
use crate::{
    domain::{
        basket::BASKET_PIECES_MAX,
        ids::{BookId, CounterId},
    },
    http::HttpResult,
    service::{Desk, ServiceError, goods::Article, redeem::order::NewOrder},
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
    };
    Ok(Page(page).with_status(status))
}

/// What a form asks to be put aside.
pub(super) fn wanted(fields: &[(String, String)]) -> Result<NewOrder, ServiceError> {
    let counter = field(fields, "counter").parse().map_err(|_| ServiceError::NotFound("counter"))?;
    Ok(NewOrder { counter, basket: Pieces::of(fields).basket()? })
}
