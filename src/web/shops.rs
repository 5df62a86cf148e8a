//! Private shops (商户兑换点): agreements, monthly statements, payments. A shop sees its own; the village, the township and
//! the auditor see all.

use std::borrow::Borrow;

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;

use super::{
    form::{FormState, ProtectedForm, see_other},
    page::{Chrome, Page, Tone},
};
use crate::{
    domain::{
        ids::{CounterId, ShopId, ShopStatementId},
        shop::{ShopStanding, ShopVerb, payable},
        time::Day,
    },
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Clerk, Reviewer, Role, Shopkeeper, StockReader, Township},
        funds::FundView,
        refuse,
        shops::{
            NewShop, ShopView,
            pay::NewShopPayment,
            statements::{ListedStatement, ShopStatement},
        },
    },
    store::{counter::CounterRow, shop::statement::ShopLineRow},
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/shops", get(list).post(draw))
        .route("/shops/{id}", get(one).post(act))
        .route("/shops/statements/{id}", get(statement).post(step))
}

#[derive(Template)]
#[template(path = "shops/list.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    form: FormState,
    shops: Vec<ShopView>,
    /// Counters an agreement may be about; none for whoever draws none up.
    counters: Vec<CounterRow>,
    today: Day,
}

async fn listed(desk: &Desk, by: &StockReader, chrome: Chrome, form: FormState) -> HttpResult<ListPage> {
    let shops = desk.shops(by).await?;
    let draws = by.holds(Role::Clerk);
    let counters = if draws { desk.counters(by.book).await? } else { Vec::new() };
    let title = chrome.t.shops_title();
    Ok(ListPage { chrome: chrome.titled(title), form, shops, counters, today: desk.today() })
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<StockReader>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(listed(&desk, &by, chrome, FormState::default()).await?))
}

#[derive(Debug, Deserialize)]
struct ShopInput {
    counter: CounterId,
    name: String,
    licence: String,
    #[serde(default)]
    household: String,
    discount: String,
    settles_on: String,
    from: String,
    until: String,
}

impl ShopInput {
    fn read(&self) -> ServiceResult<NewShop> {
        let day = |text: &str| text.trim().parse().map_err(|_| refuse("bad_day").with("text", text));
        let number = |text: &str| text.trim().parse().map_err(|_| refuse("bad_number").with("text", text));
        let home = self.household.trim();
        let household = if home.is_empty() {
            None
        } else {
            Some(home.parse().map_err(|_| refuse("invalid_code").with("code", home))?)
        };
        Ok(NewShop {
            counter: self.counter,
            name: self.name.clone(),
            licence: self.licence.clone(),
            household,
            discount: number(&self.discount)?,
            settles_on: number(&self.settles_on)?,
            from: day(&self.from)?,
            until: day(&self.until)?,
        })
    }
}

async fn draw(
    State(desk): State<Desk>,
    (As(clerk), As(by)): (As<Clerk>, As<StockReader>),
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<ShopInput>,
) -> HttpResult<Response> {
    let done = match input.read() {
        Ok(new) => desk.draw_shop_agreement(&clerk, &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(row) => {
            Ok(see_other(&visitor, &format!("/shops/{}", row.id), Tone::Good, chrome.t.shops_drawn_said()))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            Ok(Page(listed(&desk, &by, chrome, form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "shops/one.html", config = ".askama.toml")]
struct ShopPage {
    chrome: Chrome,
    form: FormState,
    by: StockReader,
    shop: ShopView,
    statements: Vec<ListedStatement>,
    since: Vec<ShopLineRow>,
    mine: bool,
}

impl ShopPage {
    fn decides(&self) -> bool {
        self.shop.row.state == "drawn"
            && Reviewer::of(&self.by).is_some()
            && self.shop.row.drawn_by != self.by.actor().to_string()
    }

    fn ends(&self) -> bool {
        self.shop.row.state == "agreed"
            && (self.mine || self.by.holds(Role::Clerk) || self.by.holds(Role::Township))
    }

    fn draws(&self) -> bool {
        self.by.holds(Role::Clerk) && self.shop.row.seq.is_some()
    }

    /// Points and money that stand on no statement yet.
    fn open(&self) -> (i64, i64) {
        (self.since.iter().map(|l| l.points).sum(), self.since.iter().map(|l| l.net_fen).sum())
    }
}

async fn shown(
    desk: &Desk,
    by: StockReader,
    chrome: Chrome,
    form: FormState,
    id: ShopId,
) -> HttpResult<ShopPage> {
    let shop = desk.shop(&by, id).await?;
    let statements = desk.shop_statements(&by, id).await?;
    let begun = shop.row.seq.is_some();
    let since = if begun { desk.shop_since(&by, id).await? } else { Vec::new() };
    let mine = stands_there(desk, &by, shop.counter.id).await?;
    let title = chrome.t.shops_of(&shop.row.name);
    Ok(ShopPage { chrome: chrome.titled(title), form, by, shop, statements, since, mine })
}

/// Whether the reader keeps that counter.
async fn stands_there(desk: &Desk, by: &StockReader, at: CounterId) -> ServiceResult<bool> {
    match Shopkeeper::of(by) {
        Some(keeper) => Ok(desk.counters_of(&keeper).await?.iter().any(|c| c.id == at)),
        None => Ok(false),
    }
}

async fn one(
    State(desk): State<Desk>,
    As(by): As<StockReader>,
    chrome: Chrome,
    Path(id): Path<ShopId>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(shown(&desk, by, chrome, FormState::default(), id).await?))
}

#[derive(Debug, Deserialize)]
struct Act {
    #[serde(default)]
    act: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    month: String,
}

async fn act(
    State(desk): State<Desk>,
    As(by): As<StockReader>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ShopId>,
    ProtectedForm(input, form): ProtectedForm<Act>,
) -> HttpResult<Response> {
    desk.shop(&by, id).await?;
    match done(&desk, &by, id, &input).await {
        Ok(Some(drawn)) => {
            let said = chrome.t.shops_statement_drawn(drawn.row.no);
            Ok(see_other(&visitor, &format!("/shops/statements/{}", drawn.row.id), Tone::Good, &said))
        }
        Ok(None) => Ok(see_other(&visitor, &format!("/shops/{id}"), Tone::Good, chrome.t.shops_done())),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let page = shown(&desk, by, chrome, form, id).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn done(
    desk: &Desk,
    by: &StockReader,
    id: ShopId,
    input: &Act,
) -> ServiceResult<Option<ShopStatement>> {
    let second = || Reviewer::of(by).ok_or(ServiceError::NotAllowed);
    match input.act.as_str() {
        "agree" => desk.agree_shop_agreement(&second()?, id).await.map(|_| None),
        "refuse" => desk.refuse_shop_agreement(&second()?, id, &input.reason).await.map(|_| None),
        "end" => desk.end_shop_agreement(by, id, &input.reason).await.map(|_| None),
        "statement" => {
            let clerk = Clerk::of(by).ok_or(ServiceError::NotAllowed)?;
            let month = match input.month.trim() {
                "" => None,
                // a month field says 2026-05
                text if text.len() == 7 => Some(day_of(&format!("{text}-01"))?),
                text => Some(day_of(text)?),
            };
            desk.draw_shop_statement(&clerk, id, month).await.map(Some)
        }
        _ => Err(refuse("bad_form").with("reason", "act").into()),
    }
}

fn day_of(text: &str) -> ServiceResult<Day> {
    text.trim().parse().map_err(|_| refuse("bad_day").with("text", text).into())
}

#[derive(Template)]
#[template(path = "shops/statement.html", config = ".askama.toml")]
struct StatementPage {
    chrome: Chrome,
    form: FormState,
    by: StockReader,
    found: ShopStatement,
    /// Sources it can be paid from; none for whoever does not pay.
    funds: Vec<FundView>,
    mine: bool,
    today: Day,
}

impl StatementPage {
    /// What the reader may do with it now.
    fn verbs(&self) -> Vec<ShopVerb> {
        let village = self.by.holds(Role::Clerk) || self.by.holds(Role::Reviewer);
        let drew = self.found.row.drawn_by == self.by.actor().to_string();
        let may = |verb: &ShopVerb| match verb {
            ShopVerb::ConfirmShop => self.mine,
            ShopVerb::ConfirmVillage => village && !self.mine && !drew,
            ShopVerb::Dispute => self.mine || village || self.by.holds(Role::Township),
            ShopVerb::Answer => self.by.holds(Role::Clerk) && !self.mine,
            ShopVerb::Review => self.by.holds(Role::Township),
        };
        let all = ShopVerb::ALL.iter().copied();
        all.filter(|verb| may(verb) && self.found.standing.after(*verb).is_ok()).collect()
    }

    fn label(&self, verb: impl Borrow<ShopVerb>) -> &'static str {
        let t = self.chrome.t;
        match verb.borrow() {
            ShopVerb::ConfirmShop => t.shops_confirm_shop(),
            ShopVerb::ConfirmVillage => t.shops_confirm_village(),
            ShopVerb::Dispute => t.shops_dispute(),
            ShopVerb::Answer => t.shops_answer(),
            ShopVerb::Review => t.shops_review(),
        }
    }

    fn explains(&self, verb: impl Borrow<ShopVerb>) -> bool {
        matches!(verb.borrow(), ShopVerb::Dispute | ShopVerb::Answer)
    }

    fn pays(&self) -> bool {
        !self.funds.is_empty() && payable(self.found.due.due, self.found.owed_fen) > 0
    }
}

async fn stated(
    desk: &Desk,
    by: StockReader,
    chrome: Chrome,
    form: FormState,
    id: ShopStatementId,
) -> HttpResult<StatementPage> {
    let found = desk.shop_statement(&by, id).await?;
    let pays = by.holds(Role::Township) && found.standing == ShopStanding::Reviewed;
    let funds = if pays { desk.funds(by.book).await? } else { Vec::new() };
    let mine = stands_there(desk, &by, found.counter.id).await?;
    let title = chrome.t.shops_statement(found.row.no);
    let today = desk.today();
    Ok(StatementPage { chrome: chrome.titled(title), form, by, found, funds, mine, today })
}

async fn statement(
    State(desk): State<Desk>,
    As(by): As<StockReader>,
    chrome: Chrome,
    Path(id): Path<ShopStatementId>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(stated(&desk, by, chrome, FormState::default(), id).await?))
}

#[derive(Debug, Deserialize)]
struct StepInput {
    #[serde(default)]
    verb: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    fund: String,
    #[serde(default)]
    payer: String,
    #[serde(default)]
    voucher: String,
    #[serde(default)]
    paid_on: String,
}

async fn step(
    State(desk): State<Desk>,
    As(by): As<StockReader>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ShopStatementId>,
    ProtectedForm(input, form): ProtectedForm<StepInput>,
) -> HttpResult<Response> {
    desk.shop_statement(&by, id).await?;
    let done = if input.verb == "pay" {
        paid(&desk, &by, id, &input).await
    } else {
        desk.take_shop_step(&by, id, &input.verb, &input.reason).await
    };
    match done {
        Ok(_) => {
            Ok(see_other(&visitor, &format!("/shops/statements/{id}"), Tone::Good, chrome.t.shops_done()))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let page = stated(&desk, by, chrome, form, id).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn paid(
    desk: &Desk,
    by: &StockReader,
    id: ShopStatementId,
    input: &StepInput,
) -> ServiceResult<ShopStatement> {
    let township = Township::of(by).ok_or(ServiceError::NotAllowed)?;
    let new = NewShopPayment {
        fund: input.fund.clone(),
        payer: input.payer.clone(),
        voucher: input.voucher.clone(),
        paid_on: day_of(&input.paid_on)?,
    };
    desk.pay_shop_statement(&township, id, &new).await
}
