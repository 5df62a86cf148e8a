//! The household's orders: what waits with its code, putting goods aside, taking an order back.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use crate::{
    domain::ids::{CounterId, OrderId},
    http::{As, HttpResult, Path, Query, Visitor},
    service::{Desk, caller::Resident, redeem::order::Order},
    web::{
        form::{FormState, ProtectedForm, see_other},
        market,
        ordering::{self, Ordering},
        page::{Chrome, Page, Tone},
        pieces::field,
    },
};

/// Orders on one page.
const PAGE: i64 = 20;

#[derive(Template)]
#[template(path = "my/orders.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    form: FormState,
    orders: Vec<Order>,
    next: Option<i64>,
    /// When counters open next.
    openings: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<i64>,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
    Query(query): Query<Before>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, FormState::default(), query.before).await
}

async fn show(
    desk: &Desk,
    by: &Resident,
    chrome: Chrome,
    form: FormState,
    before: Option<i64>,
) -> HttpResult<Response> {
    let orders = desk.own_orders(by, before, PAGE).await?;
    let full = i64::try_from(orders.len()).is_ok_and(|n| n == PAGE);
    let next = orders.last().filter(|_| full).map(|o| o.no);
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let openings = market::openings(desk, by.book, chrome.t).await?;
    let title = chrome.t.orders_mine();
    Ok(Page(ListPage { chrome: chrome.titled(title), form, orders, next, openings }).with_status(status))
}

#[derive(Deserialize)]
pub(super) struct At {
    counter: Option<CounterId>,
}

pub(super) async fn form(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
    Query(at): Query<At>,
) -> HttpResult<Response> {
    let of = ordering(&desk, &by).await?;
    ordering::page(&desk, chrome, FormState::default(), of, at.counter).await
}

async fn ordering(desk: &Desk, by: &Resident) -> HttpResult<Ordering> {
    Ok(Ordering {
        book: by.book,
        who: None,
        available: desk.own_holdings(by).await?.available,
        action: "/my/orders/new".to_owned(),
        post: "/my/orders".to_owned(),
    })
}

pub(super) async fn place(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Resident>,
    chrome: Chrome,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let placed = match ordering::wanted(&fields) {
        Ok(new) => desk.place_order(&by, field(&fields, "key"), &new).await,
        Err(error) => Err(error),
    };
    match placed {
        Ok(order) => Ok(see_other(&visitor, "/my/orders", Tone::Good, &chrome.t.orders_placed(order.no))),
        Err(error) => {
            let (form, counter) = (form.refused(chrome.t, error)?, field(&fields, "counter").parse().ok());
            let of = ordering(&desk, &by).await?;
            ordering::page(&desk, chrome, form, of, counter).await
        }
    }
}

pub(super) async fn cancel(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Resident>,
    chrome: Chrome,
    Path(id): Path<OrderId>,
    ProtectedForm(_, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    match desk.cancel_own_order(&by, id, &format!("order-cancel:{id}")).await {
        Ok(order) => Ok(see_other(&visitor, "/my/orders", Tone::Good, &chrome.t.orders_cancelled(order.no))),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, form, None).await
        }
    }
}
