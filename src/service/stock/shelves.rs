//! Shelves now: what lies where in which batch, what lapses within sixty days (临期), what runs low. While a counter is
//! being counted its figures are shown to nobody.

use std::collections::HashMap;

use super::{Desk, ServiceResult, at_hand, counter_of, draw::article_cost, refuse};
use crate::{
    domain::{
        ids::{BookId, CounterId},
        stock::{
            EXPIRY_ALERT_DAYS,
            shelf::{Lot, Shelf},
        },
        time::Day,
    },
    service::{
        caller::{StockReader, Storekeeper},
        goods::shelf as pieces_of,
    },
    store::{
        Tx,
        counter::{self, CounterRow},
        goods::{self, GOODS_MAX, GoodsRow},
        shelf, stock,
    },
};

/// The highest number of pieces from which a shelf counts as low.
const FLOOR_MAX: i64 = 100_000;

/// An article at a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    /// The article.
    pub article: GoodsRow,
    /// Pieces on the shelf.
    pub pieces: i64,
    /// The batches they lie in, the first to hand out first.
    pub lots: Vec<Lot>,
    /// From how few pieces it counts as low.
    pub floor: Option<i64>,
}

impl Shelved {
    /// Whether it runs low.
    #[must_use]
    pub fn is_low(&self) -> bool {
        self.floor.is_some_and(|floor| self.pieces < floor)
    }

    /// The batch to hand out next: the first in turn that has not lapsed.
    #[must_use]
    pub fn next_out(&self, today: Day) -> Option<&Lot> {
        self.lots.iter().find(|lot| lot.last_day.is_none_or(|day| today <= day))
    }

    /// The batches that lapse within the alert of `today`, or have.
    pub fn lapsing(&self, today: Day) -> impl Iterator<Item = &Lot> {
        let until = today.plus(EXPIRY_ALERT_DAYS);
        self.lots.iter().filter(move |lot| lot.last_day.is_some_and(|day| day <= until))
    }
}

/// What somebody must see to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StockAlerts {
    /// Batches that lapse within sixty days, or have: counter, article, batch; the first to lapse first.
    pub lapsing: Vec<(CounterRow, GoodsRow, Lot)>,
    /// Shelves that run low.
    pub low: Vec<(CounterRow, Shelved)>,
}

impl Desk {
    /// The shelf of a counter, article by article; nothing while it is being counted.
    pub async fn stock_shelf(&self, by: &StockReader, id: CounterId) -> ServiceResult<Option<Vec<Shelved>>> {
        let mut tx = self.db.begin_read().await?;
        let at = counter_of(&mut tx, by.book, id).await?;
        if stock::counting(&mut tx, by.book, id).await?.is_some() {
            return Ok(None);
        }
        let articles = goods::list(&mut tx, by.book, 0, GOODS_MAX).await?;
        shelved(&mut tx, by.book, &at, &articles).await.map(Some)
    }

    /// What lapses soon and what runs low, at every counter that is not being counted.
    pub async fn stock_alerts(&self, by: &StockReader) -> ServiceResult<StockAlerts> {
        let mut tx = self.db.begin_read().await?;
        let articles = goods::list(&mut tx, by.book, 0, GOODS_MAX).await?;
        let hidden = stock::counted_now(&mut tx, by.book).await?;
        let (mut out, today) = (StockAlerts::default(), self.today());
        for at in counter::list(&mut tx, by.book).await? {
            if hidden.contains(&at.code) {
                continue;
            }
            for shelved in shelved(&mut tx, by.book, &at, &articles).await? {
                for lot in shelved.lapsing(today) {
                    out.lapsing.push((at.clone(), shelved.article.clone(), lot.clone()));
                }
                if shelved.is_low() {
                    out.low.push((at.clone(), shelved));
                }
            }
        }
        out.lapsing.sort_by_key(|(_, article, lot)| (lot.last_day, article.sku, lot.batch));
        Ok(out)
    }

    /// From how few pieces an article counts as low at a counter; none takes the alert away.
    pub async fn set_stock_floor(
        &self,
        by: &Storekeeper,
        counter: CounterId,
        sku: i64,
        pieces: i64,
    ) -> ServiceResult<()> {
        if !(0..=FLOOR_MAX).contains(&pieces) {
            return Err(refuse("quantity_out_of_range").with("field", "pieces").into());
        }
        let mut tx = self.db.begin_write().await?;
        counter_of(&mut tx, by.book, counter).await?;
        at_hand(&mut tx, by, &[counter]).await?;
        article_cost(&mut tx, by.book, sku).await?;
        shelf::set_floor(&mut tx, by.book, counter, sku, pieces).await?;
        Ok(tx.commit().await?)
    }
}

/// Every article that lies at a counter, ever lay there or is watched there.
async fn shelved(
    tx: &mut Tx,
    book: BookId,
    at: &CounterRow,
    articles: &[GoodsRow],
) -> ServiceResult<Vec<Shelved>> {
    let pieces = pieces_of(tx, book, &at.code).await?;
    let floors: HashMap<i64, i64> = shelf::floors(tx, book, at.id).await?.into_iter().collect();
    let mut lots: HashMap<i64, Vec<Lot>> = HashMap::new();
    for (sku, lot) in shelf::lots_at(tx, book, at.id).await? {
        lots.entry(sku).or_default().push(lot);
    }
    let mut out = Vec::new();
    for article in articles.iter().filter(|a| !a.is_service()) {
        let (has, floor) = (pieces.get(&article.sku).copied(), floors.get(&article.sku).copied());
        if has.is_none() && floor.is_none() {
            continue;
        }
        let has = has.unwrap_or(0);
        let mut shelf = Shelf::new(lots.remove(&article.sku).unwrap_or_default());
        shelf.settle(has);
        let lots = shelf.lots().iter().filter(|lot| lot.left > 0).cloned().collect();
        out.push(Shelved { article: article.clone(), pieces: has, lots, floor });
    }
    Ok(out)
}
