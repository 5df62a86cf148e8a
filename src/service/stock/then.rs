//! Shelves as of any day, and whether pieces × cost is what the goods at cost say (账实相符, 账账相符). Reads only.

use std::collections::BTreeMap;

use super::{Desk, ServiceError, ServiceResult, shelf_path};
use crate::{
    domain::{chart, ids::BookId, posting::Commodity},
    service::{
        as_of::{AsOf, View},
        books::path,
        caller::Bookkeeper,
        goods::sku_of,
    },
    store::{
        Tx,
        counter::{self, CounterRow},
        goods::{self, GOODS_MAX, GoodsRow},
        ledger::read,
    },
};

/// A counter's shelf as of a pair of times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfThen {
    /// The counter.
    pub counter: CounterRow,
    /// Articles with their pieces, as far as there were any.
    pub articles: Vec<(GoodsRow, i64)>,
    /// What they cost together, in fen.
    pub cost_fen: i64,
}

/// Whether a counter's pieces and its goods at cost agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockTie {
    /// The counter's code.
    pub counter: String,
    /// Pieces, on the shelf and put aside, times what a piece costs, in fen.
    pub pieces_at_cost: i64,
    /// The goods at cost by the ledger, in fen.
    pub in_ledger: i64,
}

impl StockTie {
    /// Whether they do.
    #[must_use]
    pub const fn agrees(&self) -> bool {
        self.pieces_at_cost == self.in_ledger
    }
}

impl Desk {
    /// Every counter's shelf as of a pair.
    pub async fn stock_as_of(&self, by: &Bookkeeper, as_of: AsOf) -> ServiceResult<Vec<ShelfThen>> {
        let mut tx = self.db.begin_read().await?;
        let view = View::of(&mut tx, by.book, as_of).await?;
        let articles = goods::list(&mut tx, by.book, 0, GOODS_MAX).await?;
        let articles: BTreeMap<i64, GoodsRow> = articles.into_iter().map(|a| (a.sku, a)).collect();
        let mut out = Vec::new();
        for counter in counter::list(&mut tx, by.book).await? {
            let mut on_shelf = Vec::new();
            let shelf = shelf_path(&counter.code)?;
            for account in read::accounts_of(&mut tx, by.book, shelf.as_str()).await? {
                let pieces = view.balance(&mut tx, by.book, account.account_id).await?;
                let article = sku_of(&account.commodity).and_then(|sku| articles.get(&sku));
                if let Some(article) = article.filter(|_| pieces != 0) {
                    on_shelf.push((article.clone(), pieces));
                }
            }
            let cost = path(chart::stock_cost(&counter.code))?;
            let mut cost_fen = 0;
            for account in read::accounts_of(&mut tx, by.book, cost.as_str()).await? {
                cost_fen += view.balance(&mut tx, by.book, account.account_id).await?;
            }
            out.push(ShelfThen { counter, articles: on_shelf, cost_fen });
        }
        Ok(out)
    }

    /// Whether pieces × cost is what the ledger has as goods at cost, counter by counter.
    pub async fn stock_ties(&self, book: BookId) -> ServiceResult<Vec<StockTie>> {
        let mut tx = self.db.begin_read().await?;
        ties(&mut tx, book).await
    }
}

/// The same within a transaction.
pub(in crate::service) async fn ties(tx: &mut Tx, book: BookId) -> ServiceResult<Vec<StockTie>> {
    let articles = goods::list(tx, book, 0, GOODS_MAX).await?;
    let costs: BTreeMap<i64, i64> = articles.into_iter().map(|a| (a.sku, a.cost_fen)).collect();
    let mut worth: BTreeMap<String, i64> = BTreeMap::new();
    for row in goods::holdings(tx, book).await? {
        let counter = row.path.rsplit(':').next().unwrap_or_default().to_owned();
        let cost = sku_of(&row.commodity).and_then(|sku| costs.get(&sku));
        let cost = cost.ok_or_else(|| ServiceError::Internal(format!("{} is no article", row.commodity)))?;
        *worth.entry(counter).or_default() += row.quantity * cost;
    }
    let mut out = Vec::new();
    for at in counter::list(tx, book).await? {
        let cost = path(chart::stock_cost(&at.code))?;
        let in_ledger = read::balance(tx, book, cost.as_str(), Commodity::CNYFEN).await?;
        let pieces_at_cost = worth.remove(&at.code).unwrap_or(0);
        out.push(StockTie { counter: at.code, pieces_at_cost, in_ledger });
    }
    Ok(out)
}
