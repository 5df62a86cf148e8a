//! The first page of the counter: scan, or look something up; open and close.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        bystander::{NothingShown, WITNESSED_DAY_MAX, WITNESSED_MONTH_TIMES},
        ids::{CounterId, OrderId},
        market::Opening,
    },
    http::{As, HttpResult, Query, Visitor},
    service::{Desk, caller::Shopkeeper, market::NextOpening, redeem::offline::InHand},
    store::counter::CounterRow,
    web::{
        form::{FormState, ProtectedForm, see_other},
        kit::ScanBox,
        market,
        page::{Chrome, Page, Tone},
    },
};

#[derive(Template)]
#[template(path = "shop/front.html", config = ".askama.toml")]
struct FrontPage {
    chrome: Chrome,
    form: FormState,
    counters: Vec<CounterRow>,
    /// Where they stand; nothing when they stand nowhere.
    here: Option<CounterRow>,
    scan: ScanBox,
    /// The receipt a used code was taken for.
    used_for: Option<String>,
    /// The redemption that the same person came for just before.
    same: Option<OrderId>,
    /// Devices whose time to sell without network ends soon, or is over.
    ending: Vec<InHand>,
    /// When this counter opens next; nothing where it is open always.
    opening: Option<NextOpening>,
    /// The same in words.
    next: Option<String>,
}

impl FrontPage {
    /// That today is no market day, and what follows.
    fn not_today(&self) -> Option<String> {
        let (of, t) = (self.opening.as_ref()?, self.chrome.t);
        match &of.today {
            Opening::Shut { reason: Some(reason) } => Some(t.market_not_today_why(reason)),
            Opening::Shut { .. } if of.refuses => Some(t.market_not_today_refused().to_owned()),
            Opening::Shut { .. } => Some(t.market_not_today().to_owned()),
            Opening::Always | Opening::Open { .. } => None,
        }
    }
}

/// Where they stand, and whether the same person comes again.
#[derive(Debug, Default, Deserialize)]
pub(super) struct At {
    counter: Option<CounterId>,
    same: Option<OrderId>,
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    Query(at): Query<At>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, (at.counter, at.same), FormState::default(), None).await
}

/// The page, with what was wrong with the last code.
pub(super) async fn show(
    desk: &Desk,
    by: &Shopkeeper,
    chrome: Chrome,
    (counter, same): (Option<CounterId>, Option<OrderId>),
    form: FormState,
    used_for: Option<String>,
) -> HttpResult<Response> {
    let counters = desk.counters_of(by).await?;
    let here = counters.iter().find(|c| counter.is_none_or(|id| c.id == id)).cloned();
    let mut ending = match &here {
        Some(here) => desk.devices_in_hand(by, here.id).await?,
        None => Vec::new(),
    };
    ending.retain(|device| device.soon);
    let opening = match &here {
        Some(here) => desk.next_opening(by.book, here.id).await?,
        None => None,
    };
    let next = opening.as_ref().map(|of| market::line(desk, chrome.t, of));
    let t = chrome.t;
    let scan = ScanBox {
        t,
        csrf: chrome.csrf.clone(),
        action: "/shop/customer".to_owned(),
        decode: "/shop/scan".to_owned(),
        submit: t.shop_next().to_owned(),
        carried: here
            .iter()
            .map(|c| ("counter".to_owned(), c.id.to_string()))
            .chain(same.map(|id| ("same".to_owned(), id.to_string())))
            .collect(),
    };
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let chrome = chrome.titled(t.shop_counter());
    let page = FrontPage { chrome, form, counters, here, scan, used_for, same, ending, opening, next };
    Ok(Page(page).with_status(status).into_response())
}

#[derive(Deserialize)]
pub(super) struct OpenInput {
    counter: CounterId,
    open: bool,
}

pub(super) async fn open(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Shopkeeper>,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<OpenInput>,
) -> HttpResult<Response> {
    let row = match desk.set_counter_open(&by, input.counter, input.open).await {
        Ok(row) => row,
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            return show(&desk, &by, chrome, (Some(input.counter), None), form, None).await;
        }
    };
    let name = chrome.t.name(&row.name, &row.name_en);
    let said = if row.is_open() { chrome.t.shop_is_open(name) } else { chrome.t.shop_is_closed(name) };
    Ok(see_other(&visitor, &format!("/shop?counter={}", row.id), Tone::Good, &said))
}

#[derive(Template)]
#[template(path = "shop/without.html", config = ".askama.toml")]
struct WithoutPage {
    chrome: Chrome,
    counter: CounterRow,
    same: Option<OrderId>,
}

impl WithoutPage {
    fn reasons(&self) -> &'static [NothingShown] {
        NothingShown::ALL
    }

    fn limits(&self) -> String {
        let day = crate::domain::amount::points(WITNESSED_DAY_MAX);
        self.chrome.t.without_limits(day, WITNESSED_MONTH_TIMES)
    }
}

/// Nothing can be shown: a witness comes along, or a helper came.
pub(super) async fn without(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    Query(at): Query<At>,
) -> HttpResult<impl IntoResponse> {
    let counter = desk.counter_at(&by, at.counter).await?;
    let title = chrome.t.without_title();
    Ok(Page(WithoutPage { chrome: chrome.titled(title), counter, same: at.same }))
}
