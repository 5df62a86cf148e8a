//! From the scan to the receipt: who it is, the basket, the total, done. Each step is a form; what the server knows
//! better (prices, balances) is looked up again at every step.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::front;
use crate::{
    domain::{
        basket::Basket,
        bystander::{NothingShown, Part},
        ids::{CounterId, OrderId},
    },
    http::{As, HttpResult},
    service::{
        Desk, ServiceError,
        caller::Shopkeeper,
        goods::Article,
        redeem::{Bystander, Identified, Quote, RedeemRequest},
    },
    store::counter::CounterRow,
    web::{
        form::{FormState, ProtectedForm},
        page::{Chrome, Page},
        pieces::{Pieces, no_basket},
    },
};

/// How somebody came: what was shown or said, and who answers for it. Travels from step to step.
#[derive(Debug, Clone, Default)]
struct Standing {
    /// Scanned or typed.
    code: String,
    part: Option<Part>,
    reason: Option<NothingShown>,
    /// The redemption that the same person came for before.
    same: Option<OrderId>,
}

#[derive(Template)]
#[template(path = "shop/basket.html", config = ".askama.toml")]
struct BasketPage {
    chrome: Chrome,
    form: FormState,
    counter: CounterRow,
    who: Identified,
    standing: Standing,
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
    standing: Standing,
    basket: Basket,
    quote: Quote,
    key: String,
    needs_pin: bool,
    /// Who else has to type a PIN or code.
    beside: Option<Part>,
}

impl ConfirmPage {
    fn left(&self) -> i64 {
        self.who.available - self.quote.points
    }
}

/// Whoever shows a code or card: their basket.
pub(super) async fn customer(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    chrome: Chrome,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let carried = Carried::read(fields);
    match carried.identify(&desk, &by).await {
        Ok(who) => {
            let basket = carried.basket.parse().unwrap_or_default();
            let counter = desk.counter_at(&by, carried.counter).await?;
            basket_page(&desk, &by, chrome, FormState::default(), counter, who, carried.standing, basket)
                .await
        }
        Err(error) => {
            start_again(&desk, &by, chrome, (carried.counter, carried.standing.same), form, error).await
        }
    }
}

/// The front page with what was wrong.
async fn start_again(
    desk: &Desk,
    by: &Shopkeeper,
    chrome: Chrome,
    at: (Option<CounterId>, Option<OrderId>),
    form: FormState,
    error: ServiceError,
) -> HttpResult<Response> {
    let used_for = match &error {
        ServiceError::Refused(r) if r.code == "phone_code_used" => r.facts.get("receipt").cloned(),
        _ => None,
    };
    let form = form.refused(chrome.t, error)?;
    front::show(desk, by, chrome, at, form, used_for).await
}

#[expect(clippy::too_many_arguments, reason = "all that a page shows, each of its own type")]
async fn basket_page(
    desk: &Desk,
    by: &Shopkeeper,
    chrome: Chrome,
    form: FormState,
    counter: CounterRow,
    who: Identified,
    standing: Standing,
    basket: Basket,
) -> HttpResult<Response> {
    let articles = desk.catalogue(by.book, &counter.code).await?;
    let title = chrome.t.shop_choose_goods();
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let page = BasketPage { chrome: chrome.titled(title), form, counter, who, standing, articles, basket };
    Ok(Page(page).with_status(status))
}

/// What a form with a basket carries, besides the pieces.
#[derive(Debug, Default)]
struct Carried {
    standing: Standing,
    visit: Option<String>,
    counter: Option<CounterId>,
    pin: Option<String>,
    key: String,
    basket: String,
    /// Who stands beside, and their PIN or code.
    beside: (String, String),
    pieces: Pieces,
}

impl Carried {
    /// Fields by name.
    fn read(fields: Vec<(String, String)>) -> Self {
        let mut carried = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "code" => carried.standing.code = value,
                "part" => carried.standing.part = value.parse().ok(),
                "reason" => carried.standing.reason = value.parse().ok(),
                "same" => carried.standing.same = value.parse().ok(),
                "beside" => carried.beside.0 = value,
                "beside_pin" => carried.beside.1 = value,
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

    /// Who it is.
    async fn identify(&self, desk: &Desk, by: &Shopkeeper) -> Result<Identified, ServiceError> {
        let shown = (self.standing.code.as_str(), visit_of(self.visit.as_ref()));
        desk.identify_with(by, self.counter, shown, self.standing.part).await
    }

    /// What is asked for.
    fn request(&self, basket: Basket) -> RedeemRequest {
        let (who, secret) = self.beside.clone();
        let part = self.standing.part.or((!who.is_empty()).then_some(Part::Second));
        let reason = self.standing.reason;
        RedeemRequest {
            counter: self.counter,
            credential: self.standing.code.clone(),
            visit: visit_of(self.visit.as_ref()).map(str::to_owned),
            pin: self.pin.clone(),
            basket,
            bystander: part.map(|part| Bystander { part, who, secret, reason }),
            same_as: self.standing.same,
        }
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
    let who = match carried.identify(&desk, &by).await {
        Ok(who) => who,
        Err(error) => {
            return start_again(&desk, &by, chrome, (carried.counter, carried.standing.same), form, error)
                .await;
        }
    };
    let counter = desk.counter_at(&by, carried.counter).await?;
    let quoted = match carried.pieces.basket() {
        Ok(basket) => desk.quote(&by, &basket).await.map(|quote| (basket, quote)),
        Err(error) => Err(error),
    };
    match quoted {
        Ok((basket, quote)) => {
            let key = desk.random_hex();
            confirm_page(chrome, FormState::default(), counter, who, carried.standing, basket, quote, key)
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let basket = Basket::new(carried.pieces.items).unwrap_or_default();
            basket_page(&desk, &by, chrome, form, counter, who, carried.standing, basket).await
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "all that a page shows, each of its own type")]
fn confirm_page(
    chrome: Chrome,
    form: FormState,
    counter: CounterRow,
    who: Identified,
    standing: Standing,
    basket: Basket,
    quote: Quote,
    key: String,
) -> HttpResult<Response> {
    let needs_pin = who.pin_above.is_some_and(|above| quote.points > above);
    let beside = standing.part.or(who.recused.map(|_| Part::Second));
    let title = chrome.t.shop_check_and_confirm();
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let chrome = chrome.titled(title);
    let page = ConfirmPage { chrome, form, counter, who, standing, basket, quote, key, needs_pin, beside };
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
        Err(error) => {
            return start_again(
                &desk,
                &by,
                chrome,
                (carried.counter, carried.standing.same),
                form,
                no_basket(error),
            )
            .await;
        }
    };
    let request = carried.request(basket.clone());
    let error = match desk.redeem(&by, &request, &carried.key).await {
        Ok(receipt) => {
            return Ok(Redirect::to(&format!("/shop/receipts/{}?done=true", receipt.id)).into_response());
        }
        Err(error) => error,
    };
    let Ok(who) = carried.identify(&desk, &by).await else {
        // the code itself is no good any more: what was said first says why
        return start_again(&desk, &by, chrome, (carried.counter, carried.standing.same), form, error).await;
    };
    let counter = desk.counter_at(&by, carried.counter).await?;
    let form = form.refused(chrome.t, error)?;
    match desk.quote(&by, &basket).await {
        Ok(quote) => {
            let key = desk.random_hex();
            confirm_page(chrome, form, counter, who, carried.standing, basket, quote, key)
        }
        // an article is no longer to be had: the basket is chosen anew
        Err(ServiceError::Refused(_)) => {
            basket_page(&desk, &by, chrome, form, counter, who, carried.standing, basket).await
        }
        Err(other) => Err(other.into()),
    }
}
