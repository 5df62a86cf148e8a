//! Drawing up a stock paper: goods in, to another counter, written off, or a count begun. Articles are typed by number,
//! bar code or name, one a line.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use crate::{
    domain::{
        amount,
        ids::CounterId,
        stock::{LossReason, PaperKind},
        wording::fold_typed,
    },
    http::{As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::Storekeeper,
        funds::FundView,
        goods::Stocked,
        refuse,
        stock::{Donor, Draft, Incoming, Leaving},
    },
    store::counter::CounterRow,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Articles of a village.
const ALL: i64 = 1_000;
/// Lines on the page, if not asked for more.
const ROWS: usize = 8;
/// Lines on the page at most.
const ROWS_MAX: usize = 60;

#[derive(Template)]
#[template(path = "stock/draft.html", config = ".askama.toml")]
struct DraftPage {
    chrome: Chrome,
    form: FormState,
    kind: PaperKind,
    counters: Vec<CounterRow>,
    funds: Vec<FundView>,
    goods: Vec<Stocked>,
    rows: Vec<usize>,
}

impl DraftPage {
    /// What was typed in a line.
    fn typed(&self, name: &str, row: &usize) -> &str {
        self.form.value(&format!("{name}-{row}"))
    }

    fn more(&self) -> usize {
        (self.rows.len() * 2).min(ROWS_MAX)
    }

    /// Code and word of each reason.
    fn reasons(&self) -> Vec<(&'static str, &'static str)> {
        LossReason::ALL.iter().map(|r| (r.as_str(), self.chrome.t.loss_reason(*r))).collect()
    }

    fn is_receipt(&self) -> bool {
        self.kind == PaperKind::Receipt
    }

    fn is_transfer(&self) -> bool {
        self.kind == PaperKind::Transfer
    }

    fn is_loss(&self) -> bool {
        self.kind == PaperKind::Loss
    }

    fn is_count(&self) -> bool {
        self.kind == PaperKind::Count
    }
}

async fn show(
    desk: &Desk,
    by: &Storekeeper,
    chrome: Chrome,
    (kind, rows): (PaperKind, usize),
    form: FormState,
) -> HttpResult<Response> {
    let counters = desk.counters(by.book).await?;
    let funds = if kind == PaperKind::Receipt { desk.funds(by.book).await? } else { Vec::new() };
    let mut goods = desk.goods(by.book, 0, ALL).await?;
    goods.retain(|g| !g.row.is_service());
    let title = chrome.t.paper_kind(kind);
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let rows = (1..=rows.clamp(1, ROWS_MAX)).collect();
    let page = DraftPage { chrome: chrome.titled(title), form, kind, counters, funds, goods, rows };
    Ok(Page(page).with_status(status))
}

#[derive(Deserialize, Default)]
pub(super) struct Begin {
    #[serde(default)]
    counter: String,
    /// The first line, from an alert.
    #[serde(default)]
    article: String,
    #[serde(default)]
    pieces: String,
    #[serde(default)]
    batch: String,
    #[serde(default)]
    reason: String,
    rows: Option<usize>,
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<Storekeeper>,
    chrome: Chrome,
    Path(kind): Path<PaperKind>,
    Query(begin): Query<Begin>,
) -> HttpResult<Response> {
    let form = FormState::default()
        .with("counter", begin.counter)
        .with("reason", begin.reason)
        .with("article-1", begin.article)
        .with("pieces-1", begin.pieces)
        .with("batch-1", begin.batch);
    show(&desk, &by, chrome, (kind, begin.rows.unwrap_or(ROWS)), form).await
}

/// The fields of the form, by name.
struct Fields<'a>(&'a FormState, &'a [Stocked]);

impl Fields<'_> {
    fn counter(&self, name: &'static str) -> ServiceResult<CounterId> {
        let typed = self.0.value(name);
        typed.parse().map_err(|_| refuse("field_missing").with("field", name).into())
    }

    /// The article that a line names.
    fn article(&self, row: usize) -> ServiceResult<Option<i64>> {
        let typed = self.0.value(&format!("article-{row}")).trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let number = fold_typed(typed.split_whitespace().next().unwrap_or_default());
        let named = |g: &&Stocked| {
            g.row.sku.to_string() == number
                || g.row.barcode.as_deref() == Some(number.as_str())
                || g.row.name == typed
        };
        let found = self.1.iter().find(named).map(|g| g.row.sku);
        found.map(Some).ok_or_else(|| refuse("article_unread").with("line", row).with("text", typed).into())
    }

    fn pieces(&self, row: usize) -> ServiceResult<i64> {
        let typed = fold_typed(self.0.value(&format!("pieces-{row}")));
        typed.parse().map_err(|_| refuse("quantity_out_of_range").with("field", typed).into())
    }

    fn optional<T: std::str::FromStr>(
        &self,
        name: &str,
        row: usize,
        code: &'static str,
    ) -> ServiceResult<Option<T>> {
        let typed = self.0.value(&format!("{name}-{row}")).trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let wrong = || refuse(code).with("text", typed).with("batch", typed);
        typed.parse().map(Some).map_err(|_| wrong().into())
    }

    fn leaving(&self) -> ServiceResult<Vec<Leaving>> {
        let mut out = Vec::new();
        for row in 1..=ROWS_MAX {
            if let Some(sku) = self.article(row)? {
                let batch = self.optional("batch", row, "batch_unknown")?;
                out.push(Leaving { sku, pieces: self.pieces(row)?, batch });
            }
        }
        Ok(out)
    }

    fn incoming(&self) -> ServiceResult<Vec<Incoming>> {
        let mut out = Vec::new();
        for row in 1..=ROWS_MAX {
            let Some(sku) = self.article(row)? else { continue };
            let cost = self.0.value(&format!("cost-{row}")).trim();
            let read =
                || amount::parse_points(cost).ok_or_else(|| refuse("invalid_amount").with("field", cost));
            out.push(Incoming {
                sku,
                pieces: self.pieces(row)?,
                cost_fen: if cost.is_empty() { None } else { Some(read()?) },
                last_day: self.optional("day", row, "bad_day")?,
                label: self.0.value(&format!("label-{row}")).to_owned(),
            });
        }
        Ok(out)
    }

    fn donor(&self) -> ServiceResult<Donor> {
        let typed = fold_typed(self.0.value("donor_home"));
        let no = || typed.parse().map_err(|_| ServiceError::NotFound("household"));
        let household = if typed.is_empty() { None } else { Some(no()?) };
        Ok(Donor { name: self.0.value("donor").to_owned(), household })
    }

    fn draft(&self, kind: PaperKind) -> ServiceResult<Draft> {
        let counter = self.counter("counter")?;
        Ok(match kind {
            PaperKind::Receipt => Draft::Receipt {
                counter,
                fund: self.0.value("fund").to_owned(),
                donor: self.donor()?,
                lines: self.incoming()?,
            },
            PaperKind::Transfer => {
                Draft::Transfer { from: counter, to: self.counter("to")?, lines: self.leaving()? }
            }
            PaperKind::Loss => {
                let reason = self.0.value("reason").parse();
                let reason = reason.map_err(|_| refuse("field_missing").with("field", "reason"))?;
                Draft::Loss { counter, reason, lines: self.leaving()? }
            }
            PaperKind::Count => Draft::Count { counter },
        })
    }
}

pub(super) async fn draw(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Storekeeper>,
    chrome: Chrome,
    Path(kind): Path<PaperKind>,
    ProtectedForm(_, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let goods = desk.goods(by.book, 0, ALL).await?;
    let drawn = match Fields(&form, &goods).draft(kind) {
        Ok(draft) => desk.draw_stock_paper(&by, &draft, form.value("note")).await,
        Err(error) => Err::<_, ServiceError>(error),
    };
    match drawn {
        Ok(row) => {
            let to = format!("/stock/papers/{}", row.id);
            Ok(see_other(&visitor, &to, Tone::Good, &chrome.t.paper_drawn(row.no)))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, (kind, ROWS), form).await
        }
    }
}
