//! Goods coming in: a counter, a fund, pieces of each article.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use crate::{
    domain::ids::CounterId,
    http::{As, HttpResult, Query, Visitor},
    service::{
        Desk, ServiceError, caller::Clerk, funds::FundView, goods::Stocked, receiving::Delivery, refuse,
    },
    store::counter::CounterRow,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Articles on the page: all of a village.
const ALL: i64 = 1_000;

#[derive(Template)]
#[template(path = "stock/receive.html", config = ".askama.toml")]
struct ReceivePage {
    chrome: Chrome,
    form: FormState,
    counters: Vec<CounterRow>,
    funds: Vec<FundView>,
    goods: Vec<Stocked>,
    key: String,
}

impl ReceivePage {
    /// What was typed for an article.
    fn typed(&self, sku: &i64) -> &str {
        self.form.value(&format!("qty-{sku}"))
    }
}

async fn show(desk: &Desk, by: &Clerk, chrome: Chrome, form: FormState) -> HttpResult<Response> {
    let counters = desk.counters(by.book).await?;
    let funds = desk.funds(by.book).await?;
    let mut goods = desk.goods(by.book, 0, ALL).await?;
    goods.retain(|g| !g.row.is_service());
    let title = chrome.t.stock_receive();
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let key = desk.random_hex();
    let page = ReceivePage { chrome: chrome.titled(title), form, counters, funds, goods, key };
    Ok(Page(page).with_status(status))
}

#[derive(Deserialize)]
pub(super) struct At {
    #[serde(default)]
    counter: String,
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    Query(at): Query<At>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, FormState::default().with("counter", at.counter)).await
}

/// The delivery and its key, from the fields of the form.
fn delivery(fields: &[(String, String)]) -> Result<(Delivery, String), ServiceError> {
    let field =
        |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap_or_default();
    let counter: CounterId =
        field("counter").parse().map_err(|_| refuse("field_missing").with("field", "counter"))?;
    let mut lines = Vec::new();
    for (name, value) in fields {
        let Some(sku) = name.strip_prefix("qty-").and_then(|n| n.parse().ok()) else { continue };
        let typed = crate::domain::wording::fold_typed(value);
        if typed.is_empty() || typed == "0" {
            continue;
        }
        let pieces = typed.parse().map_err(|_| refuse("quantity_out_of_range").with("field", value))?;
        lines.push((sku, pieces));
    }
    Ok((Delivery { counter, fund: field("fund").to_owned(), lines }, field("key").to_owned()))
}

pub(super) async fn receive(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let done = match delivery(&fields) {
        Ok((delivery, key)) => desk.receive_goods(&by, &key, &delivery).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(receipt) => {
            let said = chrome.t.stock_received(receipt.seq);
            Ok(see_other(&visitor, "/clerk/goods", Tone::Good, &said))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, form).await
        }
    }
}
