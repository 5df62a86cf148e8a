//! The pick-up list, and handing over an order against its code, a card or a phone code.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::AtCounter;
use crate::{
    domain::{
        ids::OrderId,
        order::{CancelReason, OrderState},
    },
    http::{As, HttpResult, Path, Query, Visitor},
    service::{
        Desk,
        caller::Shopkeeper,
        redeem::order::{Order, PickUp, PickUpList},
    },
    store::counter::CounterRow,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        pieces::{Pieces, field},
    },
};

#[derive(Template)]
#[template(path = "shop/orders.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    counter: CounterRow,
    counters: Vec<CounterRow>,
    list: PickUpList,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    Query(at): Query<AtCounter>,
) -> HttpResult<impl IntoResponse> {
    let counter = desk.counter_at(&by, at.counter).await?;
    let counters = desk.counters_of(&by).await?;
    let list = desk.pick_up_list(&by, counter.id, 0).await?;
    let title = chrome.t.orders_pick_up();
    Ok(Page(ListPage { chrome: chrome.titled(title), counter, counters, list }))
}

#[derive(Template)]
#[template(path = "shop/order.html", config = ".askama.toml")]
struct OrderPage {
    chrome: Chrome,
    form: FormState,
    order: Order,
    /// Makes the form count once.
    key: String,
}

impl OrderPage {
    fn waits(&self) -> bool {
        self.order.state == OrderState::Waiting
    }

    /// Pieces to hand over: all, unless fewer were typed.
    fn pieces(&self, sku: &i64, all: &i64) -> i64 {
        self.form.value(&format!("qty-{sku}")).parse().unwrap_or(*all)
    }

    fn reasons(&self) -> &'static [CancelReason] {
        CancelReason::ALL
    }
}

pub(super) async fn one(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    Path(id): Path<OrderId>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, FormState::default(), id).await
}

async fn show(
    desk: &Desk,
    by: &Shopkeeper,
    chrome: Chrome,
    form: FormState,
    id: OrderId,
) -> HttpResult<Response> {
    let order = desk.order(by, id).await?;
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let (title, key) = (chrome.t.orders_no(order.no), desk.random_hex());
    Ok(Page(OrderPage { chrome: chrome.titled(title), form, order, key }).with_status(status))
}

/// Handed over: to the receipt.
pub(super) async fn collect(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    Path(id): Path<OrderId>,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let collected = match Pieces::of(&fields).basket() {
        Ok(basket) => {
            let pick_up = PickUp { credential: field(&fields, "code").to_owned(), basket: Some(basket) };
            desk.collect_order(&by, id, &pick_up, field(&fields, "key")).await
        }
        Err(error) => Err(error),
    };
    match collected {
        Ok(receipt) => Ok(Redirect::to(&format!("/shop/receipts/{}?done=true", receipt.id)).into_response()),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, form, id).await
        }
    }
}

#[derive(Deserialize)]
pub(super) struct CancelInput {
    why: CancelReason,
}

pub(super) async fn cancel(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Shopkeeper>,
    chrome: Chrome,
    Path(id): Path<OrderId>,
    ProtectedForm(input, form): ProtectedForm<CancelInput>,
) -> HttpResult<Response> {
    match desk.cancel_order(&by, id, input.why, &format!("order-cancel:{id}")).await {
        Ok(order) => {
            let back = format!("/shop/orders?counter={}", order.counter);
            Ok(see_other(&visitor, &back, Tone::Good, &chrome.t.orders_cancelled(order.no)))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, form, id).await
        }
    }
}
