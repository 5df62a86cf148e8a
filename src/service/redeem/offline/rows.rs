//! The rows that go with postings for a device: what it was given, what it sold, what is left, where it stands.

use futures_util::{FutureExt, future::BoxFuture};

use super::ready::{Portion, Ready};
use crate::{
    domain::{
        book::Posted,
        chart,
        ids::{BookId, CardId, CounterId, HouseholdId, OfflineRoundId, OrderId},
        posting::Commodity,
        time::{Day, Timestamp},
    },
    service::{Effect, redeem::post::RECEIPT_METER},
    store::{
        StoreError, StoreResult, WriteTx, day_close,
        offline::{self, NewAllowance, OfflineGoodsRow, RoundRow, Turn, entry, entry::EntryRow},
        redemption::{self, RedemptionLineRow, RedemptionRow},
    },
};

/// The meter of what of a household is out on devices on a day, or was sold there.
pub(super) fn meter(household_no: &str, day: Day) -> String {
    format!("offline:{household_no}:{day}")
}

/// A round and its articles.
pub(super) struct Opened {
    book: BookId,
    row: RoundRow,
    goods: Vec<OfflineGoodsRow>,
}

impl Opened {
    pub(super) fn of(book: BookId, ready: &Ready) -> Self {
        let goods = ready.goods.iter().map(|(row, pieces)| {
            let pieces = (!row.is_service()).then_some(*pieces);
            OfflineGoodsRow { sku: row.sku, pieces, remaining: pieces, price: row.price }
        });
        Self { book, row: ready.row.clone(), goods: goods.collect() }
    }
}

impl Effect for Opened {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, _: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        Box::pin(async move {
            offline::add(tx, self.book, &self.row).await?;
            for g in &self.goods {
                offline::add_goods(tx, self.book, self.row.id, g).await?;
            }
            Ok(())
        })
    }
}

/// An allowance with the posting that keeps it aside.
pub(super) struct Allowed {
    pub(super) book: BookId,
    pub(super) round: OfflineRoundId,
    pub(super) counter: CounterId,
    pub(super) portion: Portion,
}

impl Effect for Allowed {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        Box::pin(async move {
            let Portion { home, card, marks, points, meter } = &self.portion;
            redemption::guard(tx, self.book, home.id, self.counter, Some(*card)).await?;
            let new = NewAllowance {
                household: home.id,
                card: *card,
                qr_mark: &marks.0,
                number_mark: &marks.1,
                points: *points,
                meter,
                hold_seq: posted.seq,
            };
            offline::add_allowance(tx, self.book, self.round, &new).await
        })
    }
}

/// What keeps what is left aside now.
pub(super) struct Kept {
    pub(super) book: BookId,
    pub(super) round: OfflineRoundId,
    /// Of whom, and how much; nothing means the goods.
    pub(super) of: Option<(HouseholdId, i64)>,
}

impl Effect for Kept {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        match self.of {
            Some((household, left)) => {
                offline::leave(tx, self.book, self.round, household, (left, Some(posted.seq))).boxed()
            }
            None => offline::keep(tx, self.book, self.round, Some(posted.seq)).boxed(),
        }
    }
}

/// Where a round stands, what is left of what was touched, and entries that moved nothing. Goes with the first posting,
/// or by itself when there is none.
#[derive(Clone)]
pub(super) struct Turned {
    pub(super) book: BookId,
    pub(super) round: OfflineRoundId,
    pub(super) turn: i64,
    pub(super) state: &'static str,
    pub(super) next_no: i64,
    pub(super) head: Vec<u8>,
    pub(super) at: Timestamp,
    pub(super) fault: Option<String>,
    pub(super) ended: Option<(Timestamp, String)>,
    /// Points left of households that were touched.
    pub(super) left: Vec<(HouseholdId, i64)>,
    /// Pieces left, if goods were touched.
    pub(super) goods: Option<Vec<(i64, i64)>>,
    /// Conflicts that set nothing apart.
    pub(super) unmoved: Vec<EntryRow>,
}

impl Turned {
    pub(super) async fn write(&self, tx: &mut WriteTx) -> StoreResult<()> {
        let turn = Turn {
            turn: self.turn,
            state: self.state,
            next_no: self.next_no,
            head: &self.head,
            at: self.at,
            fault: self.fault.as_deref(),
            ended: self.ended.as_ref().map(|(at, by)| (*at, by.as_str())),
        };
        offline::turn(tx, self.book, self.round, &turn).await?;
        for (household, left) in &self.left {
            offline::leave(tx, self.book, self.round, *household, (*left, None)).await?;
        }
        if let Some(goods) = &self.goods {
            offline::keep(tx, self.book, self.round, None).await?;
            for left in goods {
                offline::leave_goods(tx, self.book, self.round, *left).await?;
            }
        }
        for row in &self.unmoved {
            entry::add_conflict(tx, self.book, row).await?;
        }
        Ok(())
    }
}

impl Effect for Turned {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, _: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        self.write(tx).boxed()
    }
}

/// A conflict whose pieces are set apart.
pub(super) struct SetApart {
    pub(super) book: BookId,
    pub(super) row: EntryRow,
}

impl Effect for SetApart {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        Box::pin(async move {
            let row = EntryRow { txn_seq: Some(posted.seq), ..self.row.clone() };
            entry::add_conflict(tx, self.book, &row).await
        })
    }
}

/// A sale: the redemption that it is, and its entry.
pub(super) struct Sale {
    pub(super) book: BookId,
    pub(super) id: OrderId,
    pub(super) counter: CounterId,
    pub(super) household: HouseholdId,
    pub(super) household_no: String,
    pub(super) card: CardId,
    pub(super) cashier: String,
    pub(super) at: Timestamp,
    pub(super) points: i64,
    pub(super) cost_fen: i64,
    pub(super) lines: Vec<RedemptionLineRow>,
    /// The entry, unless people decided about it and it stands already.
    pub(super) entry: Option<EntryRow>,
}

impl Sale {
    async fn write(&self, tx: &mut WriteTx, posted: &Posted) -> StoreResult<()> {
        let missing = |column| StoreError::inconsistent("redemption", column, self.id.to_string());
        let account = chart::household_available(&self.household_no).map_err(|_| missing("household_id"))?;
        let taken =
            posted.entries.iter().find(|e| e.path == account && e.commodity.as_str() == Commodity::POINT);
        let taken = taken.ok_or_else(|| missing("available_after"))?;
        let number = posted.meters.iter().find(|m| m.meter == RECEIPT_METER).ok_or_else(|| missing("no"))?;
        // the day may have been closed since it was looked up
        if day_close::one(tx, self.book, self.counter, self.at.day()).await?.is_some() {
            return Err(StoreError::RowsAffected { expected: 0, actual: 1 });
        }
        if self.entry.is_some() {
            offline::guard(tx, self.book, self.household, self.card).await?;
        }
        let row = RedemptionRow {
            id: self.id,
            no: number.used_after,
            counter_id: self.counter,
            household_id: self.household,
            credential: "card".to_owned(),
            card_id: Some(self.card),
            code_digest: None,
            cashier: self.cashier.clone(),
            placed_at: self.at,
            points: self.points,
            cost_fen: self.cost_fen,
            available_before: taken.quantity - taken.balance_after,
            available_after: -taken.balance_after,
            txn_seq: posted.seq,
        };
        redemption::add(tx, self.book, &row).await?;
        for line in &self.lines {
            redemption::add_line(tx, self.book, self.id, line).await?;
        }
        let Some(entry) = &self.entry else { return Ok(()) };
        let row = EntryRow { redemption_id: Some(self.id), txn_seq: Some(posted.seq), ..entry.clone() };
        entry::add(tx, self.book, &row).await
    }
}

impl Effect for Sale {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        self.write(tx, posted).boxed()
    }
}
