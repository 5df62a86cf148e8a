//! From the scan to the receipt: who it is, the basket, the total, done. Each step is a form; what the server knows
//! better (prices, balances) is looked up again at every step.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::front;
use crate::{
    domain::{basket::Basket, ids::CounterId},
    http::{As, HttpResult},
    service::{
        Desk, ServiceError,
        caller::Shopkeeper,
        goods::Article,
        redeem::{Identified, Quote, RedeemRequest},
    },
    store::counter::CounterRow,
    web::{
        form::{FormState, ProtectedForm},
        page::{Chrome, Page},
        pieces::{Pieces, no_basket},
    },
};

#[derive(Template)]
#[template(path = "shop/basket.html", config = ".askama.toml")]
struct BasketPage {
    chrome: Chrome,
    form: FormState,
    counter: CounterRow,
    who: Identified,
    code: String,
    articles: Vec<Article>,
    basket: Basket,
}

impl BasketPage {
    fn pieces(&self, sku: &i64) -> i64 {
        self.basket.pieces(*sku)
    }

    /// The most pieces that can be asked for: what lies on the shelf.
    fn most(&self, article: &Article) -> i64 {
        // while it is being counted, nobody may read off what the book has
        let shown = article.stock.filter(|_| !article.blind);
        shown.unwrap_or(crate::domain::basket::BASKET_PIECES_MAX).max(0)
    }
}

#[derive(Template)]
#[template(path = "shop/confirm.html", config = ".askama.toml")]
struct ConfirmPage {
    chrome: Chrome,
    form: FormState,
    counter: CounterRow,
    who: Identified,
    code: String,
    basket: Basket,
    quote: Quote,
    key: String,
    needs_pin: bool,
}

impl ConfirmPage {
    fn left(&self) -> i64 {
        self.who.available - self.quote.points
    }
}

#[derive(Deserialize)]
pub(super) struct CustomerInput {
    code: String,
    counter: Option<CounterId>,
    visit: Option<String>,
    #[serde(default)]
    basket: String,
}

/// Whoever shows a code or card: their basket.
pub(super) async fn customer(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<CustomerInput>,
) -> HttpResult<Response> {
    match desk.identify(&by, input.counter, &input.code, visit_of(input.visit.as_ref())).await {
        Ok(who) => {
            let basket = input.basket.parse().unwrap_or_default();
            let counter = desk.counter_at(&by, input.counter).await?;
            basket_page(&desk, &by, chrome, FormState::default(), counter, who, input.code, basket).await
        }
        Err(error) => start_again(&desk, &by, chrome, input.counter, form, error).await,
    }
}

/// The front page with what was wrong.
async fn start_again(
    desk: &Desk,
    by: &Shopkeeper,
    chrome: Chrome,
    counter: Option<CounterId>,
    form: FormState,
    error: ServiceError,
) -> HttpResult<Response> {
    let used_for = match &error {
        ServiceError::Refused(r) if r.code == "phone_code_used" => r.facts.get("receipt").cloned(),
        _ => None,
    };
    let form = form.refused(chrome.t, error)?;
    front::show(desk, by, chrome, counter, form, used_for).await
}

#[expect(clippy::too_many_arguments, reason = "all that a page shows, each of its own type")]
async fn basket_page(
    desk: &Desk,
    by: &Shopkeeper,
    chrome: Chrome,
    form: FormState,
    counter: CounterRow,
    who: Identified,
    code: String,
    basket: Basket,
) -> HttpResult<Response> {
    let articles = desk.catalogue(by.book, &counter.code).await?;
    let title = chrome.t.shop_choose_goods();
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let page = BasketPage { chrome: chrome.titled(title), form, counter, who, code, articles, basket };
    Ok(Page(page).with_status(status))
}

/// What a form with a basket carries, besides the pieces.
#[derive(Debug, Default)]
struct Carried {
    code: String,
    visit: Option<String>,
    counter: Option<CounterId>,
    pin: Option<String>,
    key: String,
    basket: String,
    pieces: Pieces,
}

impl Carried {
    /// Fields by name.
    fn read(fields: Vec<(String, String)>) -> Self {
        let mut carried = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "code" => carried.code = value,
                "visit" => carried.visit = Some(value),
                "counter" => carried.counter = value.parse().ok(),
                "pin" => carried.pin = Some(value),
                "key" => carried.key = value,
                "basket" => carried.basket = value,
                _ => carried.pieces.take(&name, &value),
            }
        }
        carried
    }
}

fn visit_of(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|v| !v.is_empty())
}

/// The total, before anything moves.
pub(super) async fn confirm(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let carried = Carried::read(fields);
    let visit = visit_of(carried.visit.as_ref());
    let who = match desk.identify(&by, carried.counter, &carried.code, visit).await {
        Ok(who) => who,
        Err(error) => return start_again(&desk, &by, chrome, carried.counter, form, error).await,
    };
    let counter = desk.counter_at(&by, carried.counter).await?;
    let quoted = match carried.pieces.basket() {
        Ok(basket) => desk.quote(&by, &basket).await.map(|quote| (basket, quote)),
        Err(error) => Err(error),
    };
    match quoted {
        Ok((basket, quote)) => {
            let key = desk.random_hex();
            confirm_page(chrome, FormState::default(), counter, who, carried.code, basket, quote, key)
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let basket = Basket::new(carried.pieces.items).unwrap_or_default();
            basket_page(&desk, &by, chrome, form, counter, who, carried.code, basket).await
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "all that a page shows, each of its own type")]
fn confirm_page(
    chrome: Chrome,
    form: FormState,
    counter: CounterRow,
    who: Identified,
    code: String,
    basket: Basket,
    quote: Quote,
    key: String,
) -> HttpResult<Response> {
    let needs_pin = who.pin_above.is_some_and(|above| quote.points > above);
    let title = chrome.t.shop_check_and_confirm();
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let chrome = chrome.titled(title);
    let page = ConfirmPage { chrome, form, counter, who, code, basket, quote, key, needs_pin };
    Ok(Page(page).with_status(status))
}

/// Done: to the receipt. After a refusal the same page again, under a new key.
pub(super) async fn redeem(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let carried = Carried::read(fields);
    let basket: Basket = match carried.basket.parse() {
        Ok(basket) => basket,
        Err(error) => return start_again(&desk, &by, chrome, carried.counter, form, no_basket(error)).await,
    };
    let request = RedeemRequest {
        counter: carried.counter,
        credential: carried.code.clone(),
        visit: visit_of(carried.visit.as_ref()).map(str::to_owned),
        pin: carried.pin,
        basket: basket.clone(),
    };
    let error = match desk.redeem(&by, &request, &carried.key).await {
        Ok(receipt) => {
            return Ok(Redirect::to(&format!("/shop/receipts/{}?done=true", receipt.id)).into_response());
        }
        Err(error) => error,
    };
    let known = desk.identify(&by, carried.counter, &carried.code, request.visit.as_deref()).await;
    let Ok(who) = known else {
        // the code itself is no good any more: what was said first says why
        return start_again(&desk, &by, chrome, carried.counter, form, error).await;
    };
    let counter = desk.counter_at(&by, carried.counter).await?;
    let form = form.refused(chrome.t, error)?;
    match desk.quote(&by, &basket).await {
        Ok(quote) => {
            let key = desk.random_hex();
            confirm_page(chrome, form, counter, who, carried.code, basket, quote, key)
        }
        // an article is no longer to be had: the basket is chosen anew
        Err(ServiceError::Refused(_)) => {
            basket_page(&desk, &by, chrome, form, counter, who, carried.code, basket).await
        }
        Err(other) => Err(other.into()),
    }
}
