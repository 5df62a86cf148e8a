//! What to buy before the next market day, with the numbers that led to it; as a page and as a table to take along.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::days::counters;
use crate::{
    domain::ids::CounterId,
    http::{As, HttpResult, Query},
    service::{
        Desk, ServiceError,
        caller::StockReader,
        market::forecast::{ArticleForecast, CounterForecast, table},
    },
    store::counter::CounterRow,
    web::page::{Chrome, Page},
};

/// Which counter.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Which {
    counter: Option<CounterId>,
}

#[derive(Template)]
#[template(path = "market/forecast.html", config = ".askama.toml")]
struct ForecastPage {
    chrome: Chrome,
    counters: Vec<CounterRow>,
    of: CounterForecast,
    /// The next day in words.
    next: Option<String>,
}

impl ForecastPage {
    /// What is to be bought first, then what goes first, then the rest.
    fn articles(&self) -> Vec<&ArticleForecast> {
        let mut all: Vec<_> = self.of.articles.iter().collect();
        all.sort_by_key(|a| std::cmp::Reverse((a.forecast.advice.pieces(), a.forecast.known.lapsing)));
        all
    }
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<StockReader>,
    chrome: Chrome,
    Query(which): Query<Which>,
) -> HttpResult<Page<impl Template>> {
    let counters = counters(&desk, &by).await?;
    let id = which.counter.or(counters.first().map(|c| c.id)).ok_or(ServiceError::NotFound("counter"))?;
    let of = desk.buying_forecast(&by, id).await?;
    let next = desk.next_opening(by.book, id).await?.map(|next| super::line(&desk, chrome.t, &next));
    let title = chrome.t.forecast_title();
    Ok(Page(ForecastPage { chrome: chrome.titled(title), counters, of, next }))
}

pub(super) async fn csv(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Query(which): Query<Which>,
) -> HttpResult<Response> {
    let counters = counters(&desk, &by).await?;
    let id = which.counter.or(counters.first().map(|c| c.id)).ok_or(ServiceError::NotFound("counter"))?;
    let of = desk.buying_forecast(&by, id).await?;
    let mut response = table(&of).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = format!("attachment; filename=\"forecast-{}.csv\"", of.counter.code);
    if let Ok(value) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
