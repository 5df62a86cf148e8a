//! What undoing a posting means for goods. The mirror gives back pieces at the cost they were moved at; where a piece
//! costs something else by now, the difference is posted beside it, so that the goods at cost stay pieces × cost. A
//! receipt undone takes its price out of the average again.

use std::collections::BTreeMap;

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Desk, PaperKind, ServiceError, ServiceResult, pieces_at,
    settle::{Shelves, before, recost},
    standing,
};
use crate::{
    domain::{
        book::{Command, Posted, TxnKind},
        chart,
        ids::{BookId, ReversalId},
        posting::{Commodity, Line},
        stock::cost::{Moved, average, change_at_cost},
    },
    service::{
        Effect,
        books::{Order, facts, path},
        caller::Reviewer,
        goods::commodity,
    },
    store::{
        StoreResult, Tx, WriteTx,
        counter::{self, CounterRow},
        goods,
        ledger::read::{self, EntryRow, TxnRow},
        stock::{self, PaperLineRow},
    },
};

/// What goes with the mirror of a posting that moved goods.
pub(in crate::service) struct GoodsUndone {
    book: BookId,
    moved: BTreeMap<i64, Moved>,
    /// The lines of the receipt that is undone.
    receipt: Vec<PaperLineRow>,
    /// Counters of the paper that is undone.
    counters: Vec<CounterRow>,
}

/// Beside a mirror: what goes with it, and what must be posted for the cost.
pub(in crate::service) type Beside = (GoodsUndone, Option<Command>);

impl Desk {
    /// What must happen beside the mirror of a transaction; nothing when it moved no goods.
    pub(in crate::service) async fn beside_mirror(
        &self,
        by: &Reviewer,
        id: ReversalId,
        txn: &TxnRow,
        entries: &[EntryRow],
    ) -> ServiceResult<Option<Beside>> {
        let mut goods_back = pieces_back(entries);
        if goods_back.is_empty() {
            return Ok(None);
        }
        let mut tx = self.db.begin_read().await?;
        let paper = stock::by_seq(&mut tx, by.book, txn.seq).await?;
        let (mut receipt, mut counters) = (Vec::new(), Vec::new());
        if let Some(paper) = &paper {
            if standing(paper)?.0 == PaperKind::Receipt {
                receipt = stock::lines(&mut tx, by.book, paper.id).await?;
            }
            for id in [Some(paper.counter_id), paper.to_counter_id].into_iter().flatten() {
                counters.extend(counter::by_id(&mut tx, by.book, id).await?);
            }
        }
        for (sku, moved) in &mut goods_back {
            let row = goods::by_sku(&mut tx, by.book, *sku).await?.ok_or(ServiceError::NotFound("goods"))?;
            (moved.was, moved.now) = (row.cost_fen, row.cost_fen);
            without(&mut tx, by.book, *sku, moved, &receipt).await?;
        }
        drop(tx);
        let command = self.recosting(by, id, txn, &cost_gaps(entries, &goods_back))?;
        Ok(Some((GoodsUndone { book: by.book, moved: goods_back, receipt, counters }, command)))
    }

    fn recosting(
        &self,
        by: &Reviewer,
        id: ReversalId,
        txn: &TxnRow,
        gaps: &BTreeMap<String, i64>,
    ) -> ServiceResult<Option<Command>> {
        let mut lines = Vec::new();
        for (counter, gap) in gaps {
            lines.push(Line::new(path(chart::stock_cost(counter))?, Commodity::cnyfen(), *gap));
        }
        let sum: i64 = gaps.values().sum();
        if sum != 0 {
            lines.push(Line::new(chart::cost_difference(), Commodity::cnyfen(), -sum));
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let body = facts([("seq", txn.seq.to_string()), ("difference", sum.to_string())]);
        let key = format!("recost:{id}:{}", self.random_hex());
        let source = Some(format!("reversal:{id}"));
        let order = Order { key: &key, kind: TxnKind::Recost, effective_on: self.today(), source, body };
        self.command(&by.actor(), order, lines).map(Some)
    }
}

/// Pieces that the mirror moves, by article and counter.
fn pieces_back(entries: &[EntryRow]) -> BTreeMap<i64, Moved> {
    let mut out: BTreeMap<i64, Moved> = BTreeMap::new();
    for e in entries {
        let shelf = ["Assets:Stock:", "Assets:Reserved:"];
        let counter = shelf.iter().find_map(|root| e.path.strip_prefix(root));
        let sku = e.commodity.strip_prefix("SKU-").and_then(|n| n.parse().ok());
        if let (Some(counter), Some(sku)) = (counter, sku) {
            out.entry(sku).or_default().pieces.entry(counter.to_owned()).or_default().1 -= e.quantity;
        }
    }
    out
}

/// The cost without what a receipt that is undone brought in.
async fn without(
    tx: &mut Tx,
    book: BookId,
    sku: i64,
    moved: &mut Moved,
    receipt: &[PaperLineRow],
) -> ServiceResult<()> {
    let of_it = || receipt.iter().filter(|l| l.sku == sku);
    let came: i64 = of_it().map(|l| l.pieces).sum();
    let value: i64 = of_it().map(|l| l.pieces * l.cost_fen.unwrap_or(0)).sum();
    if came == 0 || value == came * moved.was {
        return Ok(());
    }
    let seq = read::head(tx, book).await?.ok_or(ServiceError::NotFound("book"))?.seq;
    let shelves = pieces_at(tx, book, commodity(sku)?.as_str(), seq).await?;
    moved.now = average(shelves.values().sum(), moved.was, -came, -value);
    if moved.now != moved.was {
        for (counter, has) in shelves {
            moved.pieces.entry(counter).or_default().0 = has;
        }
    }
    Ok(())
}

/// By counter: what the goods at cost must change by beyond what the mirror does.
fn cost_gaps(entries: &[EntryRow], moved: &BTreeMap<i64, Moved>) -> BTreeMap<String, i64> {
    let mut gaps = change_at_cost(moved.values());
    for e in entries.iter().filter(|e| e.commodity == Commodity::CNYFEN) {
        if let Some(counter) = e.path.strip_prefix("Assets:StockCost:") {
            // the mirror turns it round
            *gaps.entry(counter.to_owned()).or_default() += e.quantity;
        }
    }
    gaps.retain(|_, gap| *gap != 0);
    gaps
}

impl GoodsUndone {
    async fn write(&self, tx: &mut WriteTx, posted: &Posted) -> StoreResult<()> {
        recost(tx, self.book, &self.moved, posted.seq).await?;
        if self.counters.is_empty() {
            // a redemption: what came back is found when the shelf is next settled
            return Ok(());
        }
        let mut shelves = Shelves { book: self.book, before: before(posted), shelves: BTreeMap::new() };
        for counter in &self.counters {
            for (sku, moved) in &self.moved {
                let Some((_, by)) = moved.pieces.get(&counter.code).filter(|(_, by)| *by != 0) else {
                    continue;
                };
                let shelf = shelves.of(tx, counter, *sku).await?;
                let after = shelf.pieces() + by;
                for line in self.receipt.iter().filter(|l| l.sku == *sku) {
                    shelf.forget(line.batch.unwrap_or_default(), line.pieces);
                }
                shelf.settle(after);
            }
        }
        shelves.save(tx).await
    }
}

impl Effect for GoodsUndone {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        self.write(tx, posted).boxed()
    }
}
