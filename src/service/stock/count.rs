//! The blind stocktake (盲盘): whoever counts sees no figure of the book. Each article is compared with the book as it was
//! at the instant it was written down, so the counter may go on handing out goods, and what moved meanwhile is no
//! difference.

use std::collections::BTreeMap;

use super::{
    Desk, PAPER_PIECES_MAX, PaperKind, PaperStep, ServiceResult, after,
    draw::{article_cost, own},
    refuse, standing,
};
use crate::{
    domain::ids::StockPaperId,
    service::{ServiceError, award::state_changed, caller::Storekeeper, counters::Step},
    store::{
        ledger::read,
        serial::{self, Series},
        stock::{self, PaperRow},
    },
};

impl Desk {
    /// Writes down what was counted: articles and pieces, each as of now. An article counted again counts from then;
    /// the same figure again stays as it was.
    pub async fn write_count(
        &self,
        by: &Storekeeper,
        id: StockPaperId,
        counted: &[(i64, i64)],
    ) -> ServiceResult<PaperRow> {
        let mut tx = self.db.begin_write().await?;
        // what is written down at once stands together
        serial::take(&mut tx, by.book, Series::StockPaper, 0).await?;
        let row = self.paper_row(&mut tx, by.book, id).await?;
        after(&row, PaperStep::Submit).map_err(|_| refuse("count_closed").with("no", row.no))?;
        own(by, &row)?;
        let head = read::head(&mut tx, by.book).await?.ok_or(ServiceError::NotFound("book"))?;
        let earlier = stock::lines(&mut tx, by.book, id).await?;
        let before: BTreeMap<i64, i64> = earlier.iter().map(|l| (l.sku, l.pieces)).collect();
        for (sku, pieces) in counted {
            if !(0..=PAPER_PIECES_MAX).contains(pieces) {
                return Err(refuse("quantity_out_of_range").with("field", "pieces").into());
            }
            if before.get(sku) == Some(pieces) {
                continue;
            }
            article_cost(&mut tx, by.book, *sku).await?;
            let line = i32::try_from(*sku).map_err(|_| ServiceError::NotFound("goods"))?;
            stock::count_line(&mut tx, by.book, id, line, (*sku, *pieces), head.seq).await?;
        }
        tx.commit().await?;
        Ok(row)
    }

    /// The count is finished: it waits for the second person.
    pub async fn submit_count(&self, by: &Storekeeper, id: StockPaperId) -> ServiceResult<PaperRow> {
        let mut tx = self.db.begin_write().await?;
        let row = self.paper_row(&mut tx, by.book, id).await?;
        own(by, &row)?;
        if standing(&row)?.0 != PaperKind::Count {
            return Err(refuse("count_closed").with("no", row.no).into());
        }
        let to = after(&row, PaperStep::Submit)?;
        if stock::lines(&mut tx, by.book, id).await?.is_empty() {
            return Err(refuse("basket_empty").into());
        }
        stock::move_on(&mut tx, by.book, id, &row.state, to.as_str()).await.map_err(state_changed)?;
        let step = Step {
            subject: "stock_paper",
            subject_id: id.0,
            verb: "submit",
            from: Some(&row.state),
            to: Some(to.as_str()),
            reason: "",
        };
        self.leave_trace(&mut tx, by.book, by.actor(), step).await?;
        let row = self.paper_row(&mut tx, by.book, id).await?;
        tx.commit().await?;
        Ok(row)
    }
}
