//! One transaction with everything behind it: rule version, evidence, the people who recorded and reviewed it, the
//! sheet, what undid it, and the proof that it is in the log. It changes nothing.

use askama::Template;
use axum::{Router, extract::State, routing::get};

use crate::{
    domain::canonical::hex,
    http::{AppState, As, HttpResult, Path},
    service::{
        Desk,
        audit::voucher::{AwardVoucher, Voucher},
        caller::Auditor,
    },
    web::page::{Chrome, Page},
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/audit/txn/{seq}", get(voucher))
}

#[derive(Template)]
#[template(path = "audit/voucher.html", config = ".askama.toml")]
struct VoucherPage {
    chrome: Chrome,
    view: Voucher,
}

impl VoucherPage {
    fn leaf(&self) -> String {
        hex(&self.view.txn.leaf_hash)
    }

    /// How the number came about, in plain words.
    fn why(&self, award: &AwardVoucher) -> String {
        award.explanation.as_ref().map(|e| e.words(self.chrome.t.lang())).unwrap_or_default()
    }

    fn digest(bytes: &Option<Vec<u8>>) -> String {
        bytes.as_deref().map(hex).unwrap_or_default()
    }
}

async fn voucher(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    Path(seq): Path<i64>,
) -> HttpResult<Page<impl Template>> {
    let view = desk.voucher(&by, seq).await?;
    let title = chrome.t.audit_voucher(seq);
    Ok(Page(VoucherPage { chrome: chrome.titled(title), view }))
}
