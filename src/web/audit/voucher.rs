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
        award::Evidence,
        caller::Auditor,
    },
    store::ledger::read::MeterUseRow,
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

    /// What was put in: `2 小时`, and the grade where the item has some.
    fn inputs(&self, award: &AwardVoucher) -> String {
        let lang = self.chrome.t.lang();
        let Some(e) = &award.explanation else { return String::new() };
        let grade = e.grade.as_ref().map(|g| format!(" · {}", g.get(lang))).unwrap_or_default();
        format!("{} {}{grade}", e.quantity.normalize(), e.unit.word(lang))
    }

    /// What the item is called.
    fn item(&self, award: &AwardVoucher) -> String {
        let name = award.explanation.as_ref().map(|e| e.name.get(self.chrome.t.lang()).to_owned());
        format!("{} {}", award.file.award.item, name.unwrap_or_default())
    }

    /// What lies in the file.
    fn evidence(&self, award: &AwardVoucher) -> Vec<String> {
        let listed: Vec<Evidence> = serde_json::from_str(&award.file.award.evidence).unwrap_or_default();
        listed.iter().map(|e| e.words(self.chrome.t.lang())).collect()
    }

    /// Who did something in the history of the award.
    fn actor(&self, award: &AwardVoucher, place: &usize) -> String {
        award.actors.get(*place).map(|name| self.chrome.t.who(name)).unwrap_or_default()
    }

    /// Which record a posting came from, without the word before it.
    fn source_id(source: &str) -> &str {
        source.split_once(':').map_or(source, |(_, id)| id)
    }

    /// How much a meter stood at: points where it counts points.
    fn metered(&self, used: &MeterUseRow) -> String {
        let shown = |amount: i64| match used.meter.split(':').next() {
            Some("card") => crate::domain::amount::points(amount),
            _ => amount.to_string(),
        };
        match used.ceiling {
            Some(ceiling) => self.chrome.t.meter_of(shown(used.used_after), shown(ceiling)),
            None => shown(used.used_after),
        }
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
