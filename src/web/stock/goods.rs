//! Goods: the list, price tags, a new article, a new price, on sale or not.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        amount,
        barcode::Ean13,
        goods::{GoodsKind, period_of},
    },
    http::{As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceError,
        caller::Clerk,
        goods::{NewGoods, Stocked},
        refuse,
    },
    store::{
        counter::CounterRow,
        goods::{GoodsRow, PriceRow},
    },
    web::{
        ean,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Articles on the page: all of a village.
const ALL: i64 = 1_000;

#[derive(Template)]
#[template(path = "stock/goods.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    goods: Vec<Stocked>,
    counters: Vec<CounterRow>,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let goods = desk.goods(by.book, 0, ALL).await?;
    let counters = desk.counters(by.book).await?;
    let title = chrome.t.stock_goods();
    Ok(Page(ListPage { chrome: chrome.titled(title), goods, counters }))
}

/// Articles whose tags are on one page: three sheets of A4.
const TAGS: i64 = 63;

/// What stands beside an article on its shelf.
struct Tag {
    row: GoodsRow,
    /// The bars of its code, drawn.
    bars: Option<String>,
}

#[derive(Template)]
#[template(path = "stock/tags.html", config = ".askama.toml")]
struct TagsPage {
    chrome: Chrome,
    tags: Vec<Tag>,
    /// The number to go on from.
    next: Option<i64>,
}

#[derive(Deserialize, Default)]
pub(super) struct TagsFrom {
    after: Option<i64>,
}

pub(super) async fn tags(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    Query(from): Query<TagsFrom>,
) -> HttpResult<impl IntoResponse> {
    let goods = desk.goods(by.book, from.after.unwrap_or(0), TAGS).await?;
    let full = i64::try_from(goods.len()).is_ok_and(|n| n == TAGS);
    let next = goods.last().filter(|_| full).map(|g| g.row.sku);
    let tag = |row: GoodsRow| {
        let code = row.barcode.as_deref().and_then(|code| Ean13::parse(code).ok());
        Tag { bars: code.map(|code| ean::svg(&code)), row }
    };
    let tags = goods.into_iter().map(|g| g.row).filter(GoodsRow::is_on_sale).map(tag).collect();
    let title = chrome.t.stock_tags();
    Ok(Page(TagsPage { chrome: chrome.titled(title), tags, next }))
}

#[derive(Template)]
#[template(path = "stock/new.html", config = ".askama.toml")]
struct NewPage {
    chrome: Chrome,
    form: FormState,
}

pub(super) async fn new_page(_: As<Clerk>, chrome: Chrome) -> impl IntoResponse {
    let title = chrome.t.stock_new_goods();
    Page(NewPage { chrome: chrome.titled(title), form: FormState::default() })
}

#[derive(Deserialize)]
pub(super) struct NewInput {
    name: String,
    #[serde(default)]
    name_en: String,
    unit: String,
    #[serde(default)]
    unit_en: String,
    category: String,
    kind: String,
    #[serde(default)]
    barcode: String,
    #[serde(default)]
    quota: String,
    #[serde(default)]
    quota_period: String,
    price: String,
    #[serde(default)]
    cost: String,
}

/// Points or yuan as typed, in minor units.
fn amount_of(field: &str, typed: &str) -> Result<i64, ServiceError> {
    amount::parse_points(typed).ok_or_else(|| refuse("invalid_amount").with("field", field).into())
}

/// Yuan as typed; nothing typed is nothing spent.
fn cost_of(typed: &str) -> Result<i64, ServiceError> {
    if typed.trim().is_empty() { Ok(0) } else { amount_of("cost", typed) }
}

fn new_goods(input: NewInput) -> Result<NewGoods, ServiceError> {
    let quota = match (input.quota.trim(), period_of(&input.quota_period)) {
        ("", _) => None,
        (typed, Some(period)) => {
            let pieces = typed.parse().map_err(|_| refuse("invalid_amount").with("field", "quota"))?;
            Some((pieces, period))
        }
        (_, None) => return Err(refuse("field_missing").with("field", "quota_period").into()),
    };
    Ok(NewGoods {
        kind: input.kind.parse().unwrap_or(GoodsKind::Goods),
        barcode: Some(input.barcode).filter(|b| !b.trim().is_empty()),
        quota,
        price: amount_of("price", &input.price)?,
        cost_fen: cost_of(&input.cost)?,
        name: input.name,
        name_en: input.name_en,
        unit: input.unit,
        unit_en: input.unit_en,
        category: input.category,
    })
}

pub(super) async fn add(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<NewInput>,
) -> HttpResult<Response> {
    let added = match new_goods(input) {
        Ok(new) => desk.add_goods(&by, new).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(row) => {
            let said = chrome.t.stock_added(&row.name);
            Ok(see_other(&visitor, &format!("/clerk/goods/{}", row.sku), Tone::Good, &said))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let title = chrome.t.stock_new_goods();
            Ok(Page(NewPage { chrome: chrome.titled(title), form }).with_status(StatusCode::CONFLICT))
        }
    }
}

#[derive(Template)]
#[template(path = "stock/article.html", config = ".askama.toml")]
struct ArticlePage {
    chrome: Chrome,
    form: FormState,
    row: GoodsRow,
    prices: Vec<PriceRow>,
    /// Which picture it has.
    picture: Option<String>,
}

/// One article, with what was wrong.
pub(super) async fn article(
    desk: &Desk,
    by: &Clerk,
    chrome: Chrome,
    sku: i64,
    form: FormState,
) -> HttpResult<Response> {
    let (row, prices) = desk.article(by.book, sku).await?;
    let picture = desk.goods_pictures(by.book).await?.remove(&sku);
    let title = chrome.t.name(&row.name, &row.name_en).to_owned();
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(Page(ArticlePage { chrome: chrome.titled(title), form, row, prices, picture }).with_status(status))
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    Path(sku): Path<i64>,
) -> HttpResult<Response> {
    let (row, _) = desk.article(by.book, sku).await?;
    let form = FormState::default().with("price", amount::points(row.price));
    article(&desk, &by, chrome, sku, form).await
}

#[derive(Deserialize)]
pub(super) struct PriceInput {
    version: i32,
    price: String,
}

pub(super) async fn price(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(sku): Path<i64>,
    ProtectedForm(input, form): ProtectedForm<PriceInput>,
) -> HttpResult<Response> {
    let set = match amount_of("price", &input.price) {
        Ok(price) => desk.set_price(&by, sku, input.version, price).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(row) => {
            let said = chrome.t.stock_price_set(amount::points(row.price));
            Ok(see_other(&visitor, &format!("/clerk/goods/{sku}"), Tone::Good, &said))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            article(&desk, &by, chrome, sku, form).await
        }
    }
}

#[derive(Deserialize)]
pub(super) struct SaleInput {
    on_sale: bool,
}

pub(super) async fn sale(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(sku): Path<i64>,
    ProtectedForm(input, form): ProtectedForm<SaleInput>,
) -> HttpResult<Response> {
    match desk.set_on_sale(&by, sku, input.on_sale).await {
        Ok(_) => Ok(see_other(&visitor, &format!("/clerk/goods/{sku}"), Tone::Good, chrome.t.done_notice())),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            article(&desk, &by, chrome, sku, form).await
        }
    }
}
