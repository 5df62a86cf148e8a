//! Stock at a glance: what waits, what lapses, what runs low, the latest papers; and shelves as of any day.

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use crate::{
    domain::{
        ids::CounterId,
        stock::{PaperKind, PaperState},
        time::Day,
    },
    http::{As, HttpResult, Query},
    service::{
        Desk,
        as_of::AsOf,
        caller::{Bookkeeper, StockReader, Storekeeper},
        stock::{ShelfThen, StockAlerts, StockTie},
    },
    store::{counter::CounterRow, stock::PaperRow},
    web::{
        form::FormState,
        page::{Chrome, Page},
    },
};
use axum::response::IntoResponse;

/// Papers shown at once.
const LATEST: i64 = 30;
/// Alerts of a kind shown at once.
const ALERTS_SHOWN: usize = 30;

#[derive(Template)]
#[template(path = "stock/home.html", config = ".askama.toml")]
struct HomePage {
    chrome: Chrome,
    counters: Vec<CounterRow>,
    waiting: Vec<PaperRow>,
    latest: Vec<PaperRow>,
    alerts: StockAlerts,
    today: Day,
    draws: bool,
    keeps_books: bool,
}

impl HomePage {
    fn counter(&self, id: &CounterId) -> &str {
        let found = self.counters.iter().find(|c| c.id == *id);
        found.map_or("", |c| self.chrome.t.name(&c.name, &c.name_en))
    }

    fn kind(&self, paper: &PaperRow) -> &'static str {
        paper.kind.parse::<PaperKind>().map_or("", |kind| self.chrome.t.paper_kind(kind))
    }

    fn state(&self, paper: &PaperRow) -> &'static str {
        paper.state.parse::<PaperState>().map_or("", |state| self.chrome.t.paper_state(state))
    }

    fn has_lapsed(&self, day: &Option<Day>) -> bool {
        day.is_some_and(|day| day < self.today)
    }

    /// The number to go on from.
    fn earlier(&self) -> Option<i64> {
        let full = i64::try_from(self.latest.len()).is_ok_and(|n| n == LATEST);
        self.latest.last().filter(|_| full).map(|p| p.no)
    }
}

#[derive(Deserialize, Default)]
pub(super) struct From {
    before: Option<i64>,
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<StockReader>,
    chrome: Chrome,
    Query(from): Query<From>,
) -> HttpResult<Response> {
    let mut waiting = desk.stock_papers(&by, Some(PaperState::DrawnUp), None, 100).await?;
    waiting.extend(desk.stock_papers(&by, Some(PaperState::Counting), None, 100).await?);
    let mut alerts = desk.stock_alerts(&by).await?;
    alerts.lapsing.truncate(ALERTS_SHOWN);
    alerts.low.truncate(ALERTS_SHOWN);
    let title = chrome.t.paper_title();
    let page = HomePage {
        chrome: chrome.titled(title),
        counters: desk.counters(by.book).await?,
        waiting,
        latest: desk.stock_papers(&by, None, from.before, LATEST).await?,
        alerts,
        today: desk.today(),
        draws: Storekeeper::of(&by).is_some(),
        keeps_books: Bookkeeper::of(&by).is_some(),
    };
    Ok(Page(page).into_response())
}

#[derive(Template)]
#[template(path = "stock/then.html", config = ".askama.toml")]
struct ThenPage {
    chrome: Chrome,
    form: FormState,
    shelves: Vec<ShelfThen>,
    ties: Vec<StockTie>,
}

#[derive(Deserialize, Default)]
pub(super) struct Then {
    #[serde(default)]
    effective_on: String,
    #[serde(default)]
    recorded_at: String,
}

pub(super) async fn then(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    chrome: Chrome,
    Query(then): Query<Then>,
) -> HttpResult<Response> {
    let as_of = AsOf::read(&then.effective_on, &then.recorded_at)?;
    let ties = if as_of.is_now() { desk.stock_ties(by.book).await? } else { Vec::new() };
    let title = chrome.t.shelf_then();
    let form =
        FormState::default().with("effective_on", &then.effective_on).with("recorded_at", &then.recorded_at);
    let shelves = desk.stock_as_of(&by, as_of).await?;
    Ok(Page(ThenPage { chrome: chrome.titled(title), form, shelves, ties }).into_response())
}
