//! Goods that come back, and a receipt that is made void: the household shows card or phone again.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    domain::{ids::OrderId, returns::ReturnedTo},
    http::{As, HttpResult, Path, Visitor},
    service::{
        Desk, ServiceError,
        caller::Shopkeeper,
        redeem::{
            RedemptionReceipt,
            returns::{GoodsBack, Returned},
        },
        refuse,
    },
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        pieces::{Pieces, field},
        show,
    },
};

#[derive(Template)]
#[template(path = "shop/return.html", config = ".askama.toml")]
struct ReturnPage {
    chrome: Chrome,
    form: FormState,
    receipt: RedemptionReceipt,
    /// May it still be made void?
    today: bool,
    /// Makes the forms count once.
    key: String,
}

impl ReturnPage {
    fn typed(&self, sku: &i64) -> &str {
        self.form.value(&format!("qty-{sku}"))
    }

    fn ways(&self) -> &'static [ReturnedTo] {
        ReturnedTo::ALL
    }
}

/// What may come back of a receipt.
pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    Path(id): Path<OrderId>,
) -> HttpResult<Response> {
    again(&desk, &by, chrome, FormState::default(), id).await
}

async fn again(
    desk: &Desk,
    by: &Shopkeeper,
    chrome: Chrome,
    form: FormState,
    id: OrderId,
) -> HttpResult<Response> {
    let receipt = desk.receipt(by, id).await?;
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let today = receipt.placed_at.day() == desk.today();
    let (title, key) = (chrome.t.returns_title(receipt.no), desk.random_hex());
    Ok(Page(ReturnPage { chrome: chrome.titled(title), form, receipt, today, key }).with_status(status))
}

pub(super) async fn take_back(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Shopkeeper>,
    chrome: Chrome,
    Path(id): Path<OrderId>,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let done = match back(&fields) {
        Ok(back) => desk.take_back(&by, id, &back, field(&fields, "key")).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(back) => Ok(given(&visitor, &chrome, id, &back)),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            again(&desk, &by, chrome, form, id).await
        }
    }
}

/// What the form says comes back.
fn back(fields: &[(String, String)]) -> Result<GoodsBack, ServiceError> {
    let goes_to = field(fields, "goes_to").parse();
    Ok(GoodsBack {
        credential: field(fields, "code").to_owned(),
        basket: Some(Pieces::of(fields).basket()?),
        goes_to: goes_to.map_err(|_| refuse("field_missing").with("field", "goes_to"))?,
    })
}

pub(super) async fn make_void(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Shopkeeper>,
    chrome: Chrome,
    Path(id): Path<OrderId>,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    match desk.make_void(&by, id, field(&fields, "code"), field(&fields, "key")).await {
        Ok(back) => Ok(given(&visitor, &chrome, id, &back)),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            again(&desk, &by, chrome, form, id).await
        }
    }
}

/// To the receipt, which says what came back.
fn given(visitor: &Visitor, chrome: &Chrome, id: OrderId, back: &Returned) -> Response {
    let said = chrome.t.returns_done(show::points(back.points));
    see_other(visitor, &format!("/shop/receipts/{id}"), Tone::Good, &said)
}
