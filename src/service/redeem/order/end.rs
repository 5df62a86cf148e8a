//! An order that is not collected: cancelled by the household, the clerk or who stands at the counter, or given back by
//! the clock when its days are over. Points, goods, quota and the place among those that wait go back in one posting.

use futures_util::future::BoxFuture;

use super::{Desk, Order, ServiceError, ServiceResult, over, refuse, row_of, state_of};
use crate::{
    domain::{
        book::Posted,
        ids::{BookId, OrderId},
        order::{CancelReason, OrderState, OrderStep},
        time::Timestamp,
    },
    service::{
        Actor, Effect,
        caller::{Resident, Role, Shopkeeper, Staff},
        recusal,
    },
    store::{
        StoreResult, WriteTx,
        ledger::read,
        order::{self, OrderEnd, OrderRow},
    },
};

impl Desk {
    /// A household takes its own order back.
    pub async fn cancel_own_order(&self, by: &Resident, id: OrderId, key: &str) -> ServiceResult<Order> {
        let mut tx = self.db.begin_read().await?;
        let row = row_of(&mut tx, by.book, id).await?;
        if row.household_id != by.household {
            return Err(ServiceError::NotFound("order"));
        }
        drop(tx);
        self.cancel(by.book, by.actor(), row, CancelReason::Asked, key).await
    }

    /// The clerk or whoever stands at the counter takes an order back, and says why.
    pub async fn cancel_order(
        &self,
        by: &Staff,
        id: OrderId,
        reason: CancelReason,
        key: &str,
    ) -> ServiceResult<Order> {
        let mut tx = self.db.begin_read().await?;
        let row = row_of(&mut tx, by.book, id).await?;
        drop(tx);
        if !by.holds(Role::Clerk) {
            let keeper = Shopkeeper::of(by).ok_or(ServiceError::NotAllowed)?;
            self.counter_at(&keeper, Some(row.counter_id)).await?;
        }
        let mut tx = self.db.begin_read().await?;
        recusal::check(&mut tx, by, row.household_id, self.today()).await?;
        drop(tx);
        self.cancel(by.book, by.actor(), row, reason, key).await
    }

    async fn cancel(
        &self,
        book: BookId,
        by: Actor,
        row: OrderRow,
        reason: CancelReason,
        key: &str,
    ) -> ServiceResult<Order> {
        let state = state_of(&row)?;
        let mine = row.ended_by.as_deref() == Some(by.to_string().as_str());
        // the same again after a lost answer is the same
        if state != OrderState::Cancelled || !mine {
            state.after(OrderStep::Cancel).map_err(|o| over(&row, o.0))?;
            let mut tx = self.db.begin_read().await?;
            let entries = read::entries(&mut tx, book, row.hold_seq - 1, row.hold_seq).await?;
            drop(tx);
            let ended = Ended {
                book,
                hold: row.hold_seq,
                state: OrderState::Cancelled,
                at: self.now(),
                by: by.to_string(),
                reason: Some(reason),
            };
            let effects: Vec<Box<dyn Effect>> = vec![Box::new(ended)];
            match self.release(book, by, key, row.hold_seq, &entries, effects).await {
                Err(ServiceError::Refused(r)) if r.code == "already_resolved" => {
                    return Err(refuse("state_changed").into());
                }
                other => other?,
            };
        }
        let mut tx = self.db.begin_read().await?;
        let row = row_of(&mut tx, book, row.id).await?;
        self.order_view(&mut tx, book, row, false).await
    }

    /// What goes with giving a hold back by the clock: the order whose it was ends, too.
    pub(in crate::service) fn lapsing_order(
        &self,
        book: BookId,
        hold: i64,
        source: Option<&str>,
    ) -> Vec<Box<dyn Effect>> {
        let of_order = source.is_some_and(|source| source.starts_with("order:"));
        let ended = Ended {
            book,
            hold,
            state: OrderState::Lapsed,
            at: self.now(),
            by: Actor::System.to_string(),
            reason: None,
        };
        if of_order { vec![Box::new(ended)] } else { Vec::new() }
    }
}

/// The order's row ends with the posting that resolves its hold.
pub(super) struct Ended {
    pub(super) book: BookId,
    pub(super) hold: i64,
    pub(super) state: OrderState,
    pub(super) at: Timestamp,
    pub(super) by: String,
    pub(super) reason: Option<CancelReason>,
}

impl Ended {
    pub(super) async fn write(&self, tx: &mut WriteTx) -> StoreResult<()> {
        let end = OrderEnd {
            hold_seq: self.hold,
            state: self.state.as_str(),
            at: self.at,
            by: &self.by,
            reason: self.reason.map(CancelReason::as_str),
        };
        order::end(tx, self.book, &end).await
    }
}

impl Effect for Ended {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, _: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        Box::pin(self.write(tx))
    }
}
