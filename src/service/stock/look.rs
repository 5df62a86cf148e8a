//! Papers and their lines, for whoever may read them. What the book said at a count is shown to nobody who counted
//! before the second person has spoken.

use super::{
    Desk, PAPERS_PAGE, PaperKind, PaperState, ServiceError, ServiceResult, after, counter_of, plan::compared,
    standing,
};
use crate::{
    domain::{
        ids::{BookId, StockPaperId},
        stock::PaperStep,
    },
    service::{
        caller::{Staff, StockReader, StockWitness},
        redeem::actor_name,
    },
    store::{
        Tx,
        counter::CounterRow,
        fund::{self, FundRow},
        goods::{self, GoodsRow},
        stock::{self, PaperLineRow, PaperRow},
        stock_photo,
    },
};

/// A line with its article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperLine {
    /// The line. What the book said is left out where it is not to be seen yet.
    pub row: PaperLineRow,
    /// The article.
    pub article: GoodsRow,
}

impl PaperLine {
    /// Pieces found beyond what the book said (盘盈), or short of it (盘亏).
    #[must_use]
    pub fn difference(&self) -> Option<i64> {
        self.row.book_pieces.map(|book| self.row.pieces - book)
    }
}

/// A paper as somebody may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperView {
    /// The paper.
    pub row: PaperRow,
    /// What kind.
    pub kind: PaperKind,
    /// How far it is.
    pub state: PaperState,
    /// Where, or where from.
    pub counter: CounterRow,
    /// Where a transfer goes.
    pub to: Option<CounterRow>,
    /// The source a receipt counts against.
    pub fund: Option<FundRow>,
    /// Its lines.
    pub lines: Vec<PaperLine>,
    /// Who drew it up.
    pub drawn_by: String,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Whether the reader drew it up.
    pub is_own: bool,
    /// Whether the reader may be its second person.
    pub may_decide: bool,
    /// Whether its photo can still be looked at.
    pub photo_kept: bool,
}

impl PaperView {
    /// What the lines are worth by their own prices, in fen; of a receipt.
    #[must_use]
    pub fn worth(&self) -> i64 {
        self.lines.iter().map(|l| l.row.pieces * l.row.cost_fen.unwrap_or(0)).sum()
    }
}

impl Desk {
    /// One paper.
    pub async fn stock_paper(&self, by: &StockReader, id: StockPaperId) -> ServiceResult<PaperView> {
        let mut tx = self.db.begin_read().await?;
        let row = self.paper_row(&mut tx, by.book, id).await?;
        let (kind, state) = standing(&row)?;
        let is_own = row.drawn_by == by.actor().to_string();
        let may_decide = self.may_agree(&mut tx, by, &row).await?;
        let counter = counter_of(&mut tx, by.book, row.counter_id).await?;
        let to = match row.to_counter_id {
            Some(id) => Some(counter_of(&mut tx, by.book, id).await?),
            None => None,
        };
        let fund = match &row.fund {
            Some(code) => fund::by_code(&mut tx, by.book, code).await?,
            None => None,
        };
        let lines = if kind == PaperKind::Count && state == PaperState::DrawnUp && !is_own {
            let lines = stock::lines(&mut tx, by.book, id).await?;
            compared(&mut tx, by.book, &counter, lines).await?
        } else {
            stock::lines(&mut tx, by.book, id).await?
        };
        let drawn_by = actor_name(&mut tx, &row.drawn_by).await?;
        let decided_by = match &row.decided_by {
            Some(actor) => Some(actor_name(&mut tx, actor).await?),
            None => None,
        };
        let lines = with_articles(&mut tx, by.book, lines).await?;
        let photo_kept = row.photo.is_some() && stock_photo::is_kept(&mut tx, by.book, id).await?;
        Ok(PaperView {
            row,
            kind,
            state,
            counter,
            to,
            fund,
            lines,
            drawn_by,
            decided_by,
            is_own,
            may_decide,
            photo_kept,
        })
    }

    async fn may_agree(&self, tx: &mut Tx, by: &Staff, row: &PaperRow) -> ServiceResult<bool> {
        let Some(witness) = StockWitness::of(by) else { return Ok(false) };
        if after(row, PaperStep::Approve).is_err() {
            return Ok(false);
        }
        match self.second_of(tx, &witness, row).await {
            Ok(()) => Ok(true),
            Err(ServiceError::Refused(_) | ServiceError::NotFound(_)) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// Papers before number `before`, the latest first; in one state when it is named.
    pub async fn stock_papers(
        &self,
        by: &StockReader,
        state: Option<PaperState>,
        before: Option<i64>,
        limit: i64,
    ) -> ServiceResult<Vec<PaperRow>> {
        let (before, limit) = (before.unwrap_or(i64::MAX), limit.clamp(1, PAPERS_PAGE));
        let mut tx = self.db.begin_read().await?;
        Ok(match state {
            Some(state) => stock::in_state(&mut tx, by.book, state.as_str(), before, limit).await?,
            None => stock::list(&mut tx, by.book, before, limit).await?,
        })
    }
}

async fn with_articles(tx: &mut Tx, book: BookId, lines: Vec<PaperLineRow>) -> ServiceResult<Vec<PaperLine>> {
    let mut out = Vec::with_capacity(lines.len());
    for row in lines {
        let article = goods::by_sku(tx, book, row.sku).await?.ok_or(ServiceError::NotFound("goods"))?;
        out.push(PaperLine { row, article });
    }
    Ok(out)
}
