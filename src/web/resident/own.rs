//! The home page, the statement and the receipts of a household.

use askama::Template;
use axum::{extract::State, response::IntoResponse};
use serde::Deserialize;

use crate::{
    domain::ids::OrderId,
    http::{As, HttpResult, Path, Query},
    service::{
        Desk,
        caller::Resident,
        redeem::RedemptionReceipt,
        statement::{AwardView, Holdings, Score, StatementLine, Why},
    },
    web::{
        market,
        page::{Chrome, Page},
    },
};

/// Lines on one page.
const PAGE: i64 = 30;

#[derive(Template)]
#[template(path = "my/home.html", config = ".askama.toml")]
struct HomePage {
    chrome: Chrome,
    has: Holdings,
    /// Reminders that the household has something to do about.
    reminders: usize,
    /// Movements that were not read yet.
    fresh: i64,
    /// When counters open next.
    openings: Vec<String>,
}

impl HomePage {
    /// What hangs in a notice now.
    fn in_notice(&self) -> Vec<&AwardView> {
        self.has.pending.iter().filter(|a| a.is_in_notice()).collect()
    }

    /// What is still being looked at.
    fn in_review(&self) -> Vec<&AwardView> {
        self.has.pending.iter().filter(|a| !a.is_in_notice()).collect()
    }
}

pub(super) async fn home(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let has = desk.own_holdings(&by).await?;
    let reminders = desk.own_reminders(&by).await?.iter().filter(|r| r.state.is_open()).count();
    let fresh = desk.fresh_messages(&by).await?;
    let openings = market::openings(&desk, by.book, chrome.t).await?;
    let title = chrome.t.my_points_of(&has.no);
    Ok(Page(HomePage { chrome: chrome.titled(title), has, reminders, fresh, openings }))
}

#[derive(Template)]
#[template(path = "my/statement.html", config = ".askama.toml")]
struct StatementPage {
    chrome: Chrome,
    lines: Vec<StatementLine>,
    honor: bool,
    /// Where the next page begins.
    next: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct StatementQuery {
    #[serde(default)]
    score: String,
    before: Option<i64>,
}

pub(super) async fn statement(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
    Query(query): Query<StatementQuery>,
) -> HttpResult<impl IntoResponse> {
    let honor = query.score == "honor";
    let score = if honor { Score::Honor } else { Score::Points };
    let (lines, next) = desk.own_statement_netted(&by, score, query.before, PAGE).await?;
    let title = chrome.t.my_statement();
    Ok(Page(StatementPage { chrome: chrome.titled(title), lines, honor, next }))
}

#[derive(Template)]
#[template(path = "my/receipts.html", config = ".askama.toml")]
struct ReceiptsPage {
    chrome: Chrome,
    receipts: Vec<RedemptionReceipt>,
    next: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<i64>,
}

pub(super) async fn receipts(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
    Query(query): Query<Before>,
) -> HttpResult<impl IntoResponse> {
    let receipts = desk.own_receipts(&by, query.before, PAGE).await?;
    let full = i64::try_from(receipts.len()).is_ok_and(|n| n == PAGE);
    let next = receipts.last().filter(|_| full).map(|r| r.no);
    let title = chrome.t.my_receipts();
    Ok(Page(ReceiptsPage { chrome: chrome.titled(title), receipts, next }))
}

#[derive(Template)]
#[template(path = "my/receipt.html", config = ".askama.toml")]
struct ReceiptPage {
    chrome: Chrome,
    receipt: RedemptionReceipt,
    /// Where the proof is.
    proof: String,
}

pub(super) async fn receipt(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
    Path(id): Path<OrderId>,
) -> HttpResult<impl IntoResponse> {
    let receipt = desk.own_receipt(&by, id).await?;
    let proof = desk.proof_address(by.book, receipt.seq).await?;
    let title = chrome.t.shop_receipt_no(receipt.no);
    Ok(Page(ReceiptPage { chrome: chrome.titled(title), receipt, proof }))
}
