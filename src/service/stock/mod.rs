//! Goods on shelves (库存): every movement is a paper that one person draws up and another agrees to (双人), and agreeing
//! posts it in pieces and in cost. A piece costs the moving average over all shelves, so the goods at cost are pieces ×
//! cost at every place of the log.
//!
//! * [`draw`] — receipts, transfers and losses drawn up; taking one back
//! * [`count`] — the blind stocktake (盲盘)
//! * [`plan`] — from a paper to its posting
//! * [`agree`] — the second person, and what goes with the posting
//! * [`photo`] — of what is written off
//! * [`settle`] — cost and batches, written with the posting
//! * [`undo`] — what undoing a posting means for cost and batches
//! * [`look`] — papers and their lines
//! * [`shelves`] — batches, what lapses soon, what runs low
//! * [`then`] — shelves as of any day; whether cost and pieces agree

use super::{
    Desk, ServiceError, ServiceResult, books,
    caller::{Role, Staff},
    refuse,
};
use crate::{
    domain::{
        chart,
        household::HouseholdNo,
        ids::{BookId, CounterId},
        stock::{LossReason, PaperKind, PaperState, PaperStep},
        time::Day,
    },
    store::{
        StoreError, StoreResult, Tx, as_of,
        counter::{self, CounterRow},
        ledger::read,
        stock::PaperRow,
    },
};

mod agree;
mod count;
mod draw;
mod look;
mod photo;
mod plan;
mod settle;
mod shelves;
mod then;
pub(super) mod undo;

pub use look::{PaperLine, PaperView};
pub use shelves::{Shelved, StockAlerts};
pub use then::{ShelfThen, StockTie};
pub(super) use {plan::in_body, then::ties};

/// The most articles on one paper.
pub const PAPER_ARTICLES_MAX: usize = 400;
/// The most pieces of one article on one paper.
pub const PAPER_PIECES_MAX: i64 = 100_000;
/// The most one piece may cost, in fen.
pub const COST_FEN_MAX: i64 = 1_000_000;
/// Papers on one page at most.
pub const PAPERS_PAGE: i64 = 100;

/// Articles that come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The article.
    pub sku: i64,
    /// Pieces.
    pub pieces: i64,
    /// What one piece cost, in fen; as the article's now when left out.
    pub cost_fen: Option<i64>,
    /// The last day on which it may be handed out.
    pub last_day: Option<Day>,
    /// The maker's mark of the batch; may be empty.
    pub label: String,
}

/// Articles that leave a shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaving {
    /// The article.
    pub sku: i64,
    /// Pieces.
    pub pieces: i64,
    /// Of which batch; in turn when left out.
    pub batch: Option<i64>,
}

/// Who gave what comes in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Donor {
    /// The name; empty when nobody gave it and the fund paid.
    pub name: String,
    /// The household, if one of the village gave it: shown by its number where no name is said.
    pub household: Option<HouseholdNo>,
}

/// A paper to be drawn up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Draft {
    /// Goods come in (入库单).
    Receipt {
        /// Onto whose shelf.
        counter: CounterId,
        /// The code of the source it counts against.
        fund: String,
        /// Who gave the goods.
        donor: Donor,
        /// What came.
        lines: Vec<Incoming>,
    },
    /// Goods go to another counter (调拨单).
    Transfer {
        /// From here.
        from: CounterId,
        /// To there.
        to: CounterId,
        /// What goes.
        lines: Vec<Leaving>,
    },
    /// Goods are written off (报损单).
    Loss {
        /// From whose shelf.
        counter: CounterId,
        /// Why.
        reason: LossReason,
        /// What is lost.
        lines: Vec<Leaving>,
    },
    /// The shelf is counted (盘点单).
    Count {
        /// Whose.
        counter: CounterId,
    },
}

impl Draft {
    /// What kind of paper it becomes.
    #[must_use]
    pub const fn kind(&self) -> PaperKind {
        match self {
            Self::Receipt { .. } => PaperKind::Receipt,
            Self::Transfer { .. } => PaperKind::Transfer,
            Self::Loss { .. } => PaperKind::Loss,
            Self::Count { .. } => PaperKind::Count,
        }
    }
}

/// The state and kind of a stored paper.
pub(super) fn standing(row: &PaperRow) -> StoreResult<(PaperKind, PaperState)> {
    let wrong = |column, found: &str| StoreError::inconsistent("stock_paper", column, found);
    let kind = row.kind.parse().map_err(|_| wrong("kind", &row.kind))?;
    let state = row.state.parse().map_err(|_| wrong("state", &row.state))?;
    Ok((kind, state))
}

/// Where a step leads, or why it cannot be taken.
fn after(row: &PaperRow, step: PaperStep) -> ServiceResult<PaperState> {
    let (_, state) = standing(row)?;
    state.after(step).map_err(|_| {
        let code = if state.is_final() { "already_decided" } else { "still_counting" };
        refuse(code).with("state", state).into()
    })
}

/// Whether somebody may handle what lies at a counter: the clerk everywhere, a shopkeeper where they stand.
async fn at_hand(tx: &mut Tx, by: &Staff, at: &[CounterId]) -> ServiceResult<()> {
    if by.holds(Role::Clerk) {
        return Ok(());
    }
    let mine = counter::of_keeper(tx, by.book, by.user).await?;
    if mine.iter().any(|c| at.contains(&c.id)) { Ok(()) } else { Err(ServiceError::NotFound("counter")) }
}

async fn counter_of(tx: &mut Tx, book: BookId, id: CounterId) -> ServiceResult<CounterRow> {
    counter::by_id(tx, book, id).await?.ok_or(ServiceError::NotFound("counter"))
}

/// Pieces of an article on one account as they stood at a place of the log.
async fn pieces_on(tx: &mut Tx, book: BookId, path: &str, commodity: &str, seq: i64) -> StoreResult<i64> {
    let accounts = read::accounts_of(tx, book, path).await?;
    let Some(account) = accounts.into_iter().find(|a| a.commodity == commodity) else { return Ok(0) };
    let version = as_of::version_at(tx, book, account.account_id, seq).await?;
    as_of::balance_at(tx, book, account.account_id, version).await
}

/// Pieces of an article at every counter that had any, on the shelf or put aside, at a place of the log.
async fn pieces_at(
    tx: &mut Tx,
    book: BookId,
    commodity: &str,
    seq: i64,
) -> StoreResult<std::collections::BTreeMap<String, i64>> {
    let mut out = std::collections::BTreeMap::new();
    for at in counter::list(tx, book).await? {
        let mut pieces = 0;
        for path in [chart::stock(&at.code), chart::reserved(&at.code)] {
            let path = path.map_err(|e| StoreError::inconsistent("counter", "code", e.0))?;
            pieces += pieces_on(tx, book, path.as_str(), commodity, seq).await?;
        }
        if pieces != 0 {
            out.insert(at.code, pieces);
        }
    }
    Ok(out)
}

/// The path of a counter's shelf.
fn shelf_path(code: &str) -> ServiceResult<crate::domain::posting::Path> {
    books::path(chart::stock(code))
}

impl Desk {
    /// One paper of a book.
    async fn paper_row(
        &self,
        tx: &mut Tx,
        book: BookId,
        id: crate::domain::ids::StockPaperId,
    ) -> ServiceResult<PaperRow> {
        crate::store::stock::one(tx, book, id).await?.ok_or(ServiceError::NotFound("stock_paper"))
    }
}
