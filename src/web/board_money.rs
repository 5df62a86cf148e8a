//! The village's money on the public board, for anybody and without signing in: in, out, left, and how far it covers the
//! points. Sums only, no names.

use askama::Template;
use axum::{Router, extract::State, routing::get};

use super::{
    page::{Chrome, Page},
    show,
};
use crate::{
    http::{AppState, HttpResult, Path},
    service::{Desk, disclosure::Disclosure},
};

/// The page of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/board/{no}/money", get(page))
}

#[derive(Template)]
#[template(path = "board/money.html", config = ".askama.toml")]
struct MoneyPage {
    chrome: Chrome,
    no: i64,
    village: String,
    today: String,
    m: Disclosure,
}

async fn page(
    State(desk): State<Desk>,
    chrome: Chrome,
    Path(no): Path<i64>,
) -> HttpResult<Page<impl Template>> {
    let t = chrome.t;
    let book = desk.public_book(no).await?;
    let m = desk.disclosed_money(book.book_id).await?;
    let village = t.name(&book.name, &book.name_en).to_owned();
    let chrome = chrome.titled(t.board_money());
    Ok(Page(MoneyPage { chrome, no, village, today: desk.today().to_string(), m }))
}
