//! The auditor's pages: overview, trial balance, lines, vouchers, exports. From any of them it is at most three steps
//! to the rule version, the evidence, the reviewers and the sheet behind a number. They change nothing.

use std::borrow::Borrow;

use askama::Template;
use axum::{
    Router,
    extract::State,
    routing::{get, post},
};

use crate::{
    domain::{
        amount::{points, yuan},
        canonical::hex,
        chart::{AccountKind, kind_of},
        posting::{Commodity, Path},
    },
    http::{AppState, As, HttpResult},
    service::{
        Desk,
        audit::{
            TrialLine,
            overview::{Identity, IdentityKind, Light, Month, Overview},
        },
        caller::Auditor,
        verify::BookReport,
    },
    text::T,
    web::{
        form::ProtectedForm,
        page::{Chrome, Page},
    },
};

pub mod callbacks;
pub mod export;
pub mod fairness;
pub mod holds;
pub mod lines;
pub mod matters;
pub mod objections;
pub mod office;
pub mod people;
pub mod refused;
pub mod sittings;
pub mod voucher;

/// The pages of the auditor.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/audit", get(overview))
        .route("/audit/trial", get(trial))
        .route("/audit/verify", post(verify))
        .merge(callbacks::routes())
        .merge(export::routes())
        .merge(fairness::routes())
        .merge(holds::routes())
        .merge(lines::routes())
        .merge(matters::routes())
        .merge(objections::routes())
        .merge(office::routes())
        .merge(people::routes())
        .merge(refused::routes())
        .merge(sittings::routes())
        .merge(voucher::routes())
}

impl T {
    /// A quantity as people read it: points with two decimals, fen as yuan, everything else whole.
    #[must_use]
    pub fn shown(self, quantity: impl Borrow<i64>, commodity: impl AsRef<str>) -> String {
        match commodity.as_ref() {
            Commodity::POINT | Commodity::HONOR => points(*quantity.borrow()),
            Commodity::CNYFEN => yuan(*quantity.borrow()),
            _ => quantity.borrow().to_string(),
        }
    }

    /// What a commodity is called.
    #[must_use]
    pub fn commodity_name(self, commodity: impl AsRef<str>) -> String {
        match commodity.as_ref() {
            Commodity::POINT => self.points().to_owned(),
            Commodity::HONOR => self.honor().to_owned(),
            Commodity::MIN => self.audit_minutes().to_owned(),
            Commodity::CNYFEN => self.audit_yuan().to_owned(),
            other => {
                let digits = other.trim_start_matches(|c: char| !c.is_ascii_digit() || c == '0');
                self.pieces_of(digits)
            }
        }
    }

    /// What an account is called: its kind, and whose it is.
    #[must_use]
    pub fn account_words(self, path: impl AsRef<str>) -> String {
        let parsed: Option<Path> = path.as_ref().parse().ok();
        let kind = parsed.as_ref().and_then(kind_of);
        let whose = parsed.as_ref().and_then(|p| p.components().nth(2)).filter(|_| !is_time(&kind));
        let name = self.account_kind(&kind);
        whose.map_or_else(|| name.to_owned(), |whose| format!("{name} {whose}"))
    }

    /// The name of a kind of account.
    #[must_use]
    pub fn account_kind(self, kind: &Option<AccountKind>) -> &'static str {
        kind.map_or("—", |kind| match self.lang() {
            crate::domain::lang::Lang::Zh => kind.name(),
            crate::domain::lang::Lang::En => kind.name_en(),
        })
    }
}

/// The village's own accounts of minutes: the third part of their path belongs to their name.
fn is_time(kind: &Option<AccountKind>) -> bool {
    use AccountKind::{PoolHeld, TimeHonor, TimeIssued, TimePool, TimeService};
    matches!(kind, Some(TimeService | TimeIssued | TimePool | PoolHeld | TimeHonor))
}

#[derive(Template)]
#[template(path = "audit/overview.html", config = ".askama.toml")]
struct OverviewPage {
    chrome: Chrome,
    view: Overview,
    bars: Vec<Bar>,
}

/// Two bars of the chart, in its units.
struct Bar {
    month: Month,
    label: String,
    left: usize,
    right: usize,
    middle: usize,
    issued_top: i64,
    issued_height: i64,
    redeemed_top: i64,
    redeemed_height: i64,
}

/// Height of the tallest bar.
const BAR_HEIGHT: i64 = 160;
/// Width that one month takes.
const BAR_STEP: usize = 60;

fn bars(months: &[Month]) -> Vec<Bar> {
    let most = months.iter().map(|m| m.issued.max(m.redeemed)).max().unwrap_or(0).max(1);
    let height = |value: i64| value.max(0).saturating_mul(BAR_HEIGHT) / most;
    months
        .iter()
        .enumerate()
        .map(|(place, month)| {
            let (issued, redeemed) = (height(month.issued), height(month.redeemed));
            let left = place * BAR_STEP + 8;
            Bar {
                month: *month,
                label: month.first.to_string().chars().take(7).collect(),
                left,
                right: left + 22,
                middle: left + 22,
                issued_top: 10 + BAR_HEIGHT - issued,
                issued_height: issued,
                redeemed_top: 10 + BAR_HEIGHT - redeemed,
                redeemed_height: redeemed,
            }
        })
        .collect()
}

impl OverviewPage {
    fn light(identity: &Identity) -> &'static str {
        match identity.light {
            Light::Green => "good",
            Light::Yellow => "warn",
            Light::Red => "bad",
        }
    }

    fn light_word(&self, identity: &Identity) -> &'static str {
        let t = self.chrome.t;
        match identity.light {
            Light::Green => t.audit_holds(),
            Light::Yellow => t.audit_watch(),
            Light::Red => t.audit_fails(),
        }
    }

    fn words(&self, kind: &IdentityKind) -> (&'static str, &'static str, &'static str) {
        let t = self.chrome.t;
        match kind {
            IdentityKind::Zero => (t.audit_id_zero(), t.audit_id_zero_left(), t.audit_id_zero_right()),
            IdentityKind::Issued => {
                (t.audit_id_issued(), t.audit_id_issued_left(), t.audit_id_issued_right())
            }
            IdentityKind::Ceiling => {
                (t.audit_id_ceiling(), t.audit_id_issued_left(), t.audit_id_ceiling_right())
            }
            IdentityKind::Coverage => {
                (t.audit_id_coverage(), t.audit_id_coverage_left(), t.audit_id_coverage_right())
            }
            IdentityKind::Orders => (t.audit_id_orders(), t.audit_id_orders_left(), t.audit_id_zero_right()),
            IdentityKind::Stock => (t.audit_id_stock(), t.audit_id_stock_left(), t.audit_id_stock_right()),
            IdentityKind::StockCost => (t.audit_id_stock_cost(), t.shelf_ties_left(), t.shelf_ties_right()),
            IdentityKind::Merchants => {
                (t.audit_id_merchants(), t.audit_id_merchants_left(), t.audit_id_merchants_right())
            }
            IdentityKind::Sheets => {
                (t.audit_id_sheets(), t.audit_id_sheets_left(), t.audit_id_sheets_right())
            }
            IdentityKind::Minutes => {
                (t.audit_id_minutes(), t.audit_id_minutes_left(), t.audit_id_minutes_right())
            }
            IdentityKind::Log => (t.audit_id_log(), t.audit_id_log_left(), t.audit_id_log_right()),
            IdentityKind::Numbers => {
                (t.audit_id_numbers(), t.audit_id_numbers_left(), t.audit_id_numbers_right())
            }
        }
    }

    fn root(&self) -> String {
        hex(&self.view.head.root)
    }
}

async fn overview(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
) -> HttpResult<Page<impl Template>> {
    let view = desk.audit_overview(&by).await?;
    let title = chrome.t.audit_title();
    let bars = bars(&view.months);
    Ok(Page(OverviewPage { chrome: chrome.titled(title), view, bars }))
}

#[derive(Template)]
#[template(path = "audit/trial.html", config = ".askama.toml")]
struct TrialPage {
    chrome: Chrome,
    lines: Vec<TrialLine>,
}

impl TrialPage {
    /// The sum of a commodity, after its last line.
    fn sum_after(&self, place: &usize) -> Option<i64> {
        let line = self.lines.get(*place)?;
        let last = self.lines.get(place + 1).is_none_or(|next| next.commodity != line.commodity);
        let own = self.lines.iter().filter(|l| l.commodity == line.commodity);
        last.then(|| own.map(|l| l.quantity).sum())
    }
}

async fn trial(State(desk): State<Desk>, by: As<Auditor>, chrome: Chrome) -> HttpResult<Page<impl Template>> {
    let lines = desk.trial_balance(&by).await?;
    let title = chrome.t.audit_trial();
    Ok(Page(TrialPage { chrome: chrome.titled(title), lines }))
}

#[derive(Template)]
#[template(path = "audit/verify.html", config = ".askama.toml")]
struct VerifyPage {
    chrome: Chrome,
    report: BookReport,
}

async fn verify(
    State(desk): State<Desk>,
    by: As<Auditor>,
    chrome: Chrome,
    _form: ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Page<impl Template>> {
    let report = desk.verify(&by).await?;
    let title = chrome.t.audit_verify();
    Ok(Page(VerifyPage { chrome: chrome.titled(title), report }))
}
