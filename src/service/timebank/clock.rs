//! What the time bank does by the clock: settled hours are posted, gifts whose cooling days are over are handed over,
//! orders that wait for the pool are funded, and those that nobody took in time are called off.

use super::{Desk, Ending, OrderMove, OrderState, ServiceError, ServiceResult, moved, rows, shipped};
use crate::{
    domain::{calendar::Calendar, ids::BookId, timebank::late},
    service::{Actor, sweep::is_closed},
    store::timebank::{order::OrderRow, policy as adopted},
};

impl Desk {
    /// One pass over a book; how much there was to do. A village without a policy costs one read.
    pub async fn keep_time_bank(&self, book: BookId) -> ServiceResult<usize> {
        let today = self.today();
        let mut tx = self.db.begin_read().await?;
        if adopted::in_force(&mut tx, book, today).await?.is_none() || is_closed(&mut tx, book, today).await?
        {
            return Ok(0);
        }
        drop(tx);
        // what is called off may pay for what waits
        let mut done = self.call_off_late_orders(book).await?;
        done += self.post_settled_orders(book).await?;
        done += self.hand_over_gifts(book).await?;
        done += self.lapse_estates(book).await?;
        Ok(done + self.fund_waiting_orders(book).await?)
    }

    /// Calls off what can no longer happen: nobody took it before its time was over; or it was taken, nobody came, and
    /// the days are over in which a sheet could still say otherwise. How many.
    pub async fn call_off_late_orders(&self, book: BookId) -> ServiceResult<usize> {
        let mut called_off = 0;
        for state in [OrderState::Queued, OrderState::Open, OrderState::Accepted, OrderState::NoShow] {
            let mut after = 0;
            loop {
                let mut tx = self.db.begin_read().await?;
                let page = rows::in_state(&mut tx, book, state, after, super::ORDERS_PAGE).await?;
                drop(tx);
                let Some(last) = page.last() else { break };
                after = last.no;
                for row in page {
                    if self.is_too_late(state, &row)? && self.call_off_late(book, &row).await? {
                        called_off += 1;
                    }
                }
            }
        }
        Ok(called_off)
    }

    fn is_too_late(&self, state: OrderState, row: &OrderRow) -> ServiceResult<bool> {
        let end = row.starts_at.plus_seconds(i64::from(row.minutes) * 60);
        if matches!(state, OrderState::Queued | OrderState::Open) {
            return Ok(end < self.now());
        }
        let counting = shipped(&row.policy)?.counting;
        Ok(late::last_day(&counting, &Calendar::shipped(), end.day()) < self.today())
    }

    async fn call_off_late(&self, book: BookId, row: &OrderRow) -> ServiceResult<bool> {
        let mut tx = self.db.begin_read().await?;
        let step = moved(&mut tx, book, row.id, OrderMove::Cancel, Ending::Nothing).await;
        drop(tx);
        let (row, from, to) = match step {
            Ok(step) => step,
            // somebody was quicker
            Err(ServiceError::Refused(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        let row = OrderRow { state: to.as_str().to_owned(), ..row };
        self.end_order(book, Actor::System, (row, from, OrderMove::Cancel), "").await?;
        Ok(true)
    }
}
