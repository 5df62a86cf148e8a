//! One stock paper: its lines, the blind count, and the second person's word.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    domain::{ids::StockPaperId, stock::PaperState, wording::fold_typed},
    http::{As, HttpResult, Path, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{StockReader, StockWitness, Storekeeper},
        goods::Stocked,
        refuse,
        stock::{PaperLine, PaperView},
    },
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Articles of a village.
const ALL: i64 = 1_000;

#[derive(Template)]
#[template(path = "stock/paper.html", config = ".askama.toml")]
struct PaperPage {
    chrome: Chrome,
    form: FormState,
    view: PaperView,
    /// What can be counted; only for whoever counts.
    countable: Vec<Stocked>,
}

impl PaperPage {
    fn is_open(&self) -> bool {
        !self.view.state.is_final()
    }

    fn is_counting(&self) -> bool {
        self.view.state == PaperState::Counting
    }

    fn is_count(&self) -> bool {
        self.view.kind == crate::domain::stock::PaperKind::Count
    }

    fn is_loss(&self) -> bool {
        self.view.kind == crate::domain::stock::PaperKind::Loss
    }

    fn is_receipt(&self) -> bool {
        self.view.kind == crate::domain::stock::PaperKind::Receipt
    }

    fn state(&self) -> &'static str {
        self.chrome.t.paper_state(self.view.state)
    }

    /// What was found beyond the book, or short of it.
    fn difference(&self, line: &PaperLine) -> String {
        line.difference().map(|by| format!("{}{by}", if by > 0 { "+" } else { "" })).unwrap_or_default()
    }

    fn badge(&self) -> &'static str {
        match self.view.state {
            PaperState::Posted => "good",
            PaperState::Counting | PaperState::DrawnUp => "warn",
            PaperState::Refused => "bad",
            PaperState::Withdrawn => "info",
        }
    }

    fn reason(&self) -> Option<&'static str> {
        let reason = self.view.row.reason.as_deref()?.parse().ok()?;
        Some(self.chrome.t.loss_reason(reason))
    }

    /// What was counted of an article so far.
    fn counted(&self, sku: &i64) -> String {
        let typed = self.form.value(&format!("count-{sku}"));
        if !typed.is_empty() {
            return typed.to_owned();
        }
        let line = self.view.lines.iter().find(|l| l.row.sku == *sku);
        line.map(|l| l.row.pieces.to_string()).unwrap_or_default()
    }

    /// Whether the average cost moved with a line.
    fn moved(&self, line: &PaperLine) -> Option<(i64, i64)> {
        line.row.cost_was.zip(line.row.cost_now).filter(|(was, now)| was != now)
    }
}

pub(super) async fn show(
    desk: &Desk,
    by: &StockReader,
    chrome: Chrome,
    id: StockPaperId,
    form: FormState,
) -> HttpResult<Response> {
    let view = desk.stock_paper(by, id).await?;
    let mut countable = Vec::new();
    if view.state == PaperState::Counting && view.is_own {
        countable = desk.goods(by.book, 0, ALL).await?;
        countable.retain(|g| !g.row.is_service());
    }
    let t = chrome.t;
    let title = format!("{} {}", t.paper_kind(view.kind), t.paper_no(view.row.no));
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(Page(PaperPage { chrome: chrome.titled(title), form, view, countable }).with_status(status))
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<StockReader>,
    chrome: Chrome,
    Path(id): Path<StockPaperId>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, id, FormState::default()).await
}

/// What was typed beside the articles; what is left empty was not counted.
fn counted(fields: &[(String, String)]) -> ServiceResult<Vec<(i64, i64)>> {
    let mut out = Vec::new();
    for (name, value) in fields {
        let Some(sku) = name.strip_prefix("count-").and_then(|n| n.parse().ok()) else { continue };
        let typed = fold_typed(value);
        if !typed.is_empty() {
            let wrong = || refuse("quantity_out_of_range").with("field", &typed);
            out.push((sku, typed.parse().map_err(|_| wrong())?));
        }
    }
    Ok(out)
}

/// Performs what the button says.
async fn perform(
    desk: &Desk,
    by: &StockReader,
    id: StockPaperId,
    (fields, form): (&[(String, String)], &FormState),
) -> ServiceResult<PaperState> {
    let words = form.value("words");
    let keeper = || Storekeeper::of(by).ok_or(ServiceError::NotAllowed);
    let witness = || StockWitness::of(by).ok_or(ServiceError::NotAllowed);
    let row = match form.value("act") {
        "approve" => desk.approve_stock_paper(&witness()?, id, words).await?,
        "refuse" => desk.refuse_stock_paper(&witness()?, id, words).await?,
        "withdraw" => desk.withdraw_stock_paper(&keeper()?, id, words).await?,
        "count" => desk.write_count(&keeper()?, id, &counted(fields)?).await?,
        "submit" => {
            desk.write_count(&keeper()?, id, &counted(fields)?).await?;
            desk.submit_count(&keeper()?, id).await?
        }
        _ => return Err(refuse("bad_form").with("reason", "act").into()),
    };
    row.state.parse().map_err(|_| ServiceError::Internal(format!("paper {id}: {}", row.state)))
}

pub(super) async fn act(
    State(desk): State<Desk>,
    visitor: Visitor,
    As(by): As<StockReader>,
    chrome: Chrome,
    Path(id): Path<StockPaperId>,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    match perform(&desk, &by, id, (&fields, &form)).await {
        Ok(state) => {
            let to = format!("/stock/papers/{id}");
            Ok(see_other(&visitor, &to, Tone::Good, chrome.t.paper_state(state)))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, id, form).await
        }
    }
}
