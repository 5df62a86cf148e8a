//! 日结: what today came to, counting the slips, and the second signature.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use super::AtCounter;
use crate::{
    domain::{day_close::SlipDifference, ids::CounterId, time::Day},
    http::{As, HttpResult, Query, Visitor},
    service::{
        Desk, ServiceError,
        caller::{Shopkeeper, StockReader, StockWitness},
        redeem::day_close::{Counted, CounterDays},
        refuse,
    },
    store::{counter::CounterRow, day_close::DayCloseRow},
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

#[derive(Template)]
#[template(path = "shop/closes.html", config = ".askama.toml")]
struct ClosesPage {
    chrome: Chrome,
    form: FormState,
    counters: Vec<CounterRow>,
    counter: Option<CounterRow>,
    days: Option<CounterDays>,
    /// The reader stands at this counter and may close its day.
    may_close: bool,
    /// Who reads, as it is written down: nobody signs their own.
    me: String,
    may_sign: bool,
    /// Devices of this counter that have something in hand: what they sold is not in the day yet.
    out: usize,
}

impl ClosesPage {
    fn reasons(&self) -> &'static [SlipDifference] {
        SlipDifference::ALL
    }

    fn why(&self, row: &DayCloseRow) -> &'static str {
        let why: Option<SlipDifference> = row.why.as_ref().and_then(|why| why.parse().ok());
        why.map_or("", |why| self.chrome.t.slip_difference(&why))
    }

    fn signable(&self, row: &DayCloseRow) -> bool {
        self.may_sign && row.signed_at.is_none() && row.closed_by != self.me
    }
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<StockReader>,
    chrome: Chrome,
    Query(at): Query<AtCounter>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, FormState::default(), at.counter).await
}

async fn show(
    desk: &Desk,
    by: &StockReader,
    chrome: Chrome,
    form: FormState,
    at: Option<CounterId>,
) -> HttpResult<Response> {
    let own = match Shopkeeper::of(by) {
        Some(keeper) => desk.counters_of(&keeper).await?,
        None => Vec::new(),
    };
    let counters = if own.is_empty() { desk.counters(by.book).await? } else { own.clone() };
    let counter = counters.iter().find(|c| at.is_none_or(|id| c.id == id)).cloned();
    let days = match &counter {
        Some(counter) => Some(desk.counter_days(by, counter.id, None).await?),
        None => None,
    };
    let out = match (&counter, Shopkeeper::of(by)) {
        (Some(here), Some(keeper)) if own.iter().any(|c| c.id == here.id) => {
            desk.devices_in_hand(&keeper, here.id).await?.len()
        }
        _ => 0,
    };
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let title = chrome.t.closes_title();
    let page = ClosesPage {
        chrome: chrome.titled(title),
        form,
        may_close: counter.as_ref().is_some_and(|here| own.iter().any(|c| c.id == here.id)),
        counters,
        counter,
        days,
        me: by.actor().to_string(),
        may_sign: StockWitness::of(by).is_some(),
        out,
    };
    Ok(Page(page).with_status(status))
}

#[derive(Deserialize)]
pub(super) struct CloseInput {
    counter: CounterId,
    slips: String,
    #[serde(default)]
    why: String,
}

impl CloseInput {
    fn counted(&self) -> Result<Counted, ServiceError> {
        let slips = crate::domain::wording::fold_typed(&self.slips).parse();
        let slips = slips.map_err(|_| refuse("quantity_out_of_range").with("field", &self.slips))?;
        Ok(Counted { slips, why: self.why.parse().ok() })
    }
}

pub(super) async fn close(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Shopkeeper>,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<CloseInput>,
) -> HttpResult<Response> {
    let closed = match input.counted() {
        Ok(counted) => desk.close_day(&by, input.counter, counted).await,
        Err(error) => Err(error),
    };
    match closed {
        Ok(row) => {
            let back = format!("/shop/closes?counter={}", row.counter_id);
            Ok(see_other(&visitor, &back, Tone::Good, &chrome.t.closes_done(row.day)))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let reader = StockReader::of(&by).ok_or(ServiceError::NotAllowed)?;
            show(&desk, &reader, chrome, form, Some(input.counter)).await
        }
    }
}

#[derive(Deserialize)]
pub(super) struct SignInput {
    counter: CounterId,
    day: Day,
}

pub(super) async fn sign(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<StockWitness>,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<SignInput>,
) -> HttpResult<Response> {
    match desk.sign_day_close(&by, input.counter, input.day).await {
        Ok(row) => {
            let back = format!("/shop/closes?counter={}", row.counter_id);
            Ok(see_other(&visitor, &back, Tone::Good, &chrome.t.closes_signed_day(row.day)))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let reader = StockReader::of(&by).ok_or(ServiceError::NotAllowed)?;
            show(&desk, &reader, chrome, form, Some(input.counter)).await
        }
    }
}
