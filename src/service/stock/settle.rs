//! What goes with every posting that moves goods by a paper: what a piece costs from then on, and the batches of each
//! shelf, made to come to the pieces first.

use std::collections::BTreeMap;

use super::pieces_at;
use crate::{
    domain::{
        book::Posted,
        ids::{BookId, CounterId},
        stock::{
            cost::Moved,
            shelf::{Lot, Shelf},
        },
    },
    service::goods::commodity,
    store::{StoreError, StoreResult, WriteTx, counter::CounterRow, shelf},
};

/// What pieces cost from now on, if they still cost what was looked up, and, where it changes, lie where they lay.
pub(super) async fn recost(
    tx: &mut WriteTx,
    book: BookId,
    moved: &BTreeMap<i64, Moved>,
    seq: i64,
) -> StoreResult<()> {
    for (sku, article) in moved {
        shelf::recost(tx, book, *sku, article.was, article.now).await?;
        if article.was != article.now {
            let code =
                commodity(*sku).map_err(|_| StoreError::inconsistent("goods", "sku", sku.to_string()))?;
            let mut before = article.pieces.clone();
            before.retain(|_, (has, _)| *has != 0);
            let found = pieces_at(tx, book, code.as_str(), seq - 1).await?;
            let same = found.len() == before.len()
                && found.iter().all(|(counter, has)| before.get(counter).is_some_and(|(b, _)| b == has));
            if !same {
                return Err(StoreError::RowsAffected { expected: 1, actual: 0 });
            }
        }
    }
    Ok(())
}

/// Pieces of each article on each shelf just before a posting, as far as it moves them.
pub(super) fn before(posted: &Posted) -> BTreeMap<(String, i64), i64> {
    let mut out = BTreeMap::new();
    for e in &posted.entries {
        let counter = e.path.as_str().strip_prefix("Assets:Stock:");
        let sku = e.commodity.as_str().strip_prefix("SKU-").and_then(|n| n.parse().ok());
        if let (Some(counter), Some(sku)) = (counter, sku) {
            out.insert((counter.to_owned(), sku), e.balance_after - e.quantity);
        }
    }
    out
}

/// The shelves that a posting moves, with their batches.
pub(super) struct Shelves {
    pub(super) book: BookId,
    pub(super) before: BTreeMap<(String, i64), i64>,
    pub(super) shelves: BTreeMap<(CounterId, i64), (Vec<Lot>, Shelf)>,
}

impl Shelves {
    /// One of them, as it was just before the posting.
    pub(super) async fn of(
        &mut self,
        tx: &mut WriteTx,
        counter: &CounterRow,
        sku: i64,
    ) -> StoreResult<&mut Shelf> {
        let key = (counter.id, sku);
        if !self.shelves.contains_key(&key) {
            let lots = shelf::lots(tx, self.book, counter.id, sku).await?;
            let mut found = Shelf::new(lots.clone());
            if let Some(pieces) = self.before.get(&(counter.code.clone(), sku)) {
                found.settle(*pieces);
            }
            self.shelves.insert(key, (lots, found));
        }
        let gone = || StoreError::inconsistent("stock_lot", "sku", sku.to_string());
        self.shelves.get_mut(&key).map(|(_, shelf)| shelf).ok_or_else(gone)
    }

    /// Writes down what changed.
    pub(super) async fn save(&self, tx: &mut WriteTx) -> StoreResult<()> {
        for ((counter, sku), (was, shelf)) in &self.shelves {
            for lot in shelf.lots().iter().filter(|lot| !was.contains(lot)) {
                shelf::put_lot(tx, self.book, *counter, *sku, lot).await?;
            }
        }
        Ok(())
    }
}
