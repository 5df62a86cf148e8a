//! Orders that the clerk places for households that asked by word or telephone, with the code to tell them.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    domain::{
        household::HouseholdNo,
        ids::{CounterId, OrderId},
        order::CancelReason,
    },
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{Desk, ServiceError, caller::Clerk, redeem::order::Order, register::HouseholdFile},
    web::{
        form::{FormState, ProtectedForm, see_other},
        ordering::{self, Ordering},
        page::{Chrome, Page, Tone},
        pieces::field,
    },
};

/// `/clerk/orders`.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/orders", get(find))
        .route("/clerk/orders/{no}", get(one).post(place))
        .route("/clerk/orders/{no}/new", get(form))
        .route("/clerk/orders/{no}/cancel", post(cancel))
}

#[derive(Template)]
#[template(path = "clerk/orders.html", config = ".askama.toml")]
struct OrdersPage {
    chrome: Chrome,
    form: FormState,
    /// The household, once it was named.
    file: Option<HouseholdFile>,
    orders: Vec<Order>,
}

impl OrdersPage {
    fn reasons(&self) -> &'static [CancelReason] {
        CancelReason::ALL
    }
}

#[derive(Deserialize, Default)]
pub(super) struct Find {
    #[serde(default)]
    q: String,
}

async fn find(by: As<Clerk>, chrome: Chrome, Query(find): Query<Find>) -> HttpResult<Response> {
    let _clerk = by;
    if let Ok(no) = HouseholdNo::parse(&find.q) {
        return Ok(Redirect::to(&format!("/clerk/orders/{no}")).into_response());
    }
    let mut form = FormState::default();
    if !find.q.is_empty() {
        form.message = Some(chrome.t.orders_no_such_household().to_owned());
    }
    let title = chrome.t.orders_by_clerk();
    Ok(Page(OrdersPage { chrome: chrome.titled(title), form, file: None, orders: Vec::new() })
        .into_response())
}

async fn one(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, FormState::default(), &no).await
}

async fn show(
    desk: &Desk,
    by: &Clerk,
    chrome: Chrome,
    form: FormState,
    no: &HouseholdNo,
) -> HttpResult<Response> {
    let file = desk.household_file(by, no).await?;
    let orders = desk.orders_of(by, file.household.id).await?;
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let title = chrome.t.orders_by_clerk();
    let page = OrdersPage { chrome: chrome.titled(title), form, file: Some(file), orders };
    Ok(Page(page).with_status(status))
}

#[derive(Deserialize)]
pub(super) struct At {
    counter: Option<CounterId>,
}

async fn form(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    Query(at): Query<At>,
) -> HttpResult<Response> {
    let of = ordering(&desk.household_file(&by, &no).await?, &by);
    ordering::page(&desk, chrome, FormState::default(), of, at.counter).await
}

fn ordering(file: &HouseholdFile, by: &Clerk) -> Ordering {
    let no = &file.household.no;
    Ordering {
        book: by.book,
        who: Some(no.to_string()),
        available: file.available,
        action: format!("/clerk/orders/{no}/new"),
        post: format!("/clerk/orders/{no}"),
    }
}

async fn place(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let file = desk.household_file(&by, &no).await?;
    let placed = match ordering::wanted(&fields) {
        Ok(new) => desk.place_order_for(&by, file.household.id, field(&fields, "key"), &new).await,
        Err(error) => Err(error),
    };
    let back = format!("/clerk/orders/{no}");
    match placed {
        Ok(order) => Ok(see_other(&visitor, &back, Tone::Good, &chrome.t.orders_placed(order.no))),
        Err(error) => {
            let (form, counter) = (form.refused(chrome.t, error)?, field(&fields, "counter").parse().ok());
            ordering::page(&desk, chrome, form, ordering(&file, &by), counter).await
        }
    }
}

#[derive(Deserialize)]
struct CancelInput {
    order: OrderId,
    why: CancelReason,
}

async fn cancel(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    ProtectedForm(input, form): ProtectedForm<CancelInput>,
) -> HttpResult<Response> {
    let (id, why) = (input.order, input.why);
    let theirs = desk.order(&by, id).await?.household_no == no.as_str();
    if !theirs {
        return Err(ServiceError::NotFound("order").into());
    }
    match desk.cancel_order(&by, id, why, &format!("order-cancel:{id}")).await {
        Ok(order) => {
            let back = format!("/clerk/orders/{no}");
            Ok(see_other(&visitor, &back, Tone::Good, &chrome.t.orders_cancelled(order.no)))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, form, &no).await
        }
    }
}
