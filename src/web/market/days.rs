//! What the market days of a counter came to: the list, and one day with its chart beside the days before it.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;

use crate::{
    domain::{ids::CounterId, market::rule::clock, time::Day, turnout::Turnout},
    http::{As, HttpResult, Path, Query},
    service::{
        Desk,
        caller::{Shopkeeper, StockReader},
        market::days::{DAYS_PAGE, DayOfMarket, MarketDayView},
    },
    store::counter::CounterRow,
    web::{
        chart::{Mark, Series, Shape},
        page::{Chrome, Page},
    },
};

/// Which counter, and before which day.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Which {
    counter: Option<CounterId>,
    before: Option<Day>,
}

/// The counters that somebody may read about: a shopkeeper's own, otherwise all.
pub(super) async fn counters(desk: &Desk, by: &StockReader) -> HttpResult<Vec<CounterRow>> {
    let own = match Shopkeeper::of(by) {
        Some(keeper) => desk.counters_of(&keeper).await?,
        None => Vec::new(),
    };
    Ok(if own.is_empty() { desk.counters(by.book).await? } else { own })
}

#[derive(Template)]
#[template(path = "market/days.html", config = ".askama.toml")]
struct DaysPage {
    chrome: Chrome,
    counters: Vec<CounterRow>,
    here: Option<CounterRow>,
    days: Vec<DayOfMarket>,
    /// Where the next page begins.
    next: Option<Day>,
}

impl DaysPage {
    fn long(&self, seconds: &Option<i64>) -> String {
        seconds.map_or_else(|| "—".to_owned(), |s| self.chrome.t.market_long(s))
    }
}

pub(super) async fn list(
    State(desk): State<Desk>,
    by: As<StockReader>,
    chrome: Chrome,
    Query(which): Query<Which>,
) -> HttpResult<Page<impl Template>> {
    let counters = counters(&desk, &by).await?;
    let here = counters.iter().find(|c| which.counter.is_none_or(|id| c.id == id)).cloned();
    let days = match &here {
        Some(here) => desk.days_of_market(&by, here.id, which.before).await?,
        None => Vec::new(),
    };
    let full = i64::try_from(days.len()).is_ok_and(|n| n == DAYS_PAGE);
    let next = days.last().filter(|_| full).map(|d| d.day);
    let title = chrome.t.market_days();
    Ok(Page(DaysPage { chrome: chrome.titled(title), counters, here, days, next }))
}

#[derive(Template)]
#[template(path = "market/day.html", config = ".askama.toml")]
struct DayPage {
    chrome: Chrome,
    view: MarketDayView,
}

impl DayPage {
    fn of(&self) -> &Turnout {
        &self.view.day.turnout
    }

    /// This day and those before it.
    fn compared(&self) -> impl Iterator<Item = &DayOfMarket> {
        std::iter::once(&self.view.day).chain(&self.view.earlier)
    }

    fn long(&self, seconds: &Option<i64>) -> String {
        seconds.map_or_else(|| "—".to_owned(), |s| self.chrome.t.market_long(s))
    }

    /// What share of the receipts that is, in percent.
    fn share(&self, receipts: &i64) -> i64 {
        self.of().percent(*receipts)
    }

    fn pause(&self) -> String {
        let words = |p: crate::domain::turnout::Pause| {
            let t = self.chrome.t;
            t.market_pause_words(t.market_long(p.seconds()), p.from.time_of_day(), p.to.time_of_day())
        };
        self.of().pause.map_or_else(|| "—".to_owned(), words)
    }

    fn busiest(&self, of: &Turnout) -> String {
        let words = |step: crate::domain::turnout::Step| {
            self.chrome.t.market_busiest_words(clock(step.from), step.receipts)
        };
        of.busiest().map_or_else(|| "—".to_owned(), words)
    }

    fn steps(&self) -> Series {
        let t = self.chrome.t;
        let mark = |step: &crate::domain::turnout::Step| Mark {
            label: clock(step.from),
            tick: if step.from % 60 == 0 { (step.from / 60).to_string() } else { String::new() },
            value: step.receipts,
            text: step.receipts.to_string(),
        };
        Series {
            title: t.market_by_step().to_owned(),
            heads: (t.market_step().to_owned(), t.market_receipts().to_owned()),
            marks: self.of().steps.iter().map(mark).collect(),
            limit: None,
            shape: Shape::Columns,
            say: |value| value.to_string(),
        }
    }
}

pub(super) async fn one(
    State(desk): State<Desk>,
    by: As<StockReader>,
    chrome: Chrome,
    Path(day): Path<Day>,
    Query(which): Query<Which>,
) -> HttpResult<Page<impl Template>> {
    let counters = counters(&desk, &by).await?;
    let first = counters.first().map(|c| c.id);
    let id = which.counter.or(first).ok_or(crate::service::ServiceError::NotFound("counter"))?;
    let view = desk.day_of_market(&by, id, day).await?;
    let title = chrome.t.market_day_of(day);
    Ok(Page(DayPage { chrome: chrome.titled(title), view }))
}
