//! Taking an order: accepted, declined, given back, another goes instead, somebody did not come, called off.

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Desk, Ending, Happened, OrderMove, OrderState, ServiceError, ServiceResult, Side, event_of, is_family,
    moved, policy_on, refuse, rows,
    volunteer::{bound, fit},
};
use crate::{
    domain::{
        book::{Posted, TxnKind},
        ids::{BookId, PersonId, TimeOrderId},
    },
    service::{
        Actor, Effect,
        award::{limited, required},
        books::{Order, facts},
        caller::Recorder,
        reversal::mirrored,
    },
    store::{
        StoreResult, Tx, WriteTx,
        ledger::read,
        serial::{self, Series},
        timebank::{
            order::OrderRow,
            pair::{self, AnswerRow},
        },
    },
};

impl Desk {
    /// A volunteer takes an order, or the desk writes down that one does.
    pub async fn accept_order(&self, by: &Side, id: TimeOrderId, who: PersonId) -> ServiceResult<()> {
        self.go(by, id, who, OrderMove::Accept, "").await
    }

    /// Another volunteer goes instead of the first, before or after a no-show.
    pub async fn substitute(
        &self,
        by: &Side,
        id: TimeOrderId,
        who: PersonId,
        reason: &str,
    ) -> ServiceResult<()> {
        self.go(by, id, who, OrderMove::Substitute, required("reason", reason)?).await
    }

    async fn go(
        &self,
        by: &Side,
        id: TimeOrderId,
        who: PersonId,
        step: OrderMove,
        reason: &str,
    ) -> ServiceResult<()> {
        let book = by.book();
        let mut tx = self.db.begin_write().await?;
        // the lock under which nobody is bound twice at a time
        serial::take(&mut tx, book, Series::TimeOrder, 0).await?;
        let (row, from, to) = moved(&mut tx, book, id, step, Ending::Counted).await?;
        if row.volunteer_id == Some(who) && from == OrderState::Accepted {
            return Err(refuse("time_same_volunteer").into());
        }
        by.speaks_for(&mut tx, who, self.today()).await?;
        // whoever gives an order away must be the one who has it
        if let (OrderMove::Substitute, Side::Household(_), Some(first)) = (step, by, row.volunteer_id) {
            by.speaks_for(&mut tx, first, self.today()).await?;
        }
        let policy = policy_on(&mut tx, book, self.today()).await?;
        fit(&mut tx, book, &policy, (who, &row)).await??;
        if is_family(&mut tx, book, (who, row.served_id), row.starts_at.day()).await? {
            return Err(refuse("time_family").into());
        }
        if bound(&mut tx, book, who, &row).await? {
            return Err(refuse("time_bound").into());
        }
        if let Some(first) = row.volunteer_id.filter(|first| *first != who) {
            self.note_answer(&mut tx, book, (id, first, "replaced"), by.actor()).await?;
        }
        self.note_answer(&mut tx, book, (id, who, "accepted"), by.actor()).await?;
        let row = OrderRow { volunteer_id: Some(who), state: to.as_str().to_owned(), ..row };
        self.save_order(&mut tx, book, (&row, from, step), by.actor(), reason).await?;
        Ok(tx.commit().await?)
    }

    /// A volunteer who was asked says no. The order stays on the board.
    pub async fn decline_order(
        &self,
        by: &Side,
        id: TimeOrderId,
        who: PersonId,
        reason: &str,
    ) -> ServiceResult<()> {
        let reason = limited("reason", reason.trim())?;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book(), Series::TimeOrder, 0).await?;
        let (row, from, _) = moved(&mut tx, by.book(), id, OrderMove::Accept, Ending::Counted).await?;
        by.speaks_for(&mut tx, who, self.today()).await?;
        self.note_answer(&mut tx, by.book(), (id, who, "declined"), by.actor()).await?;
        let happened = event_of(self, row.id, ("decline", Some(from), from), by.actor(), reason);
        happened.write(&mut tx, by.book()).await?;
        Ok(tx.commit().await?)
    }

    /// The volunteer gives an order back before it begins: it is on the board again.
    pub async fn give_order_back(&self, by: &Side, id: TimeOrderId, reason: &str) -> ServiceResult<()> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book(), Series::TimeOrder, 0).await?;
        let (row, from, to) = moved(&mut tx, by.book(), id, OrderMove::GiveBack, Ending::Counted).await?;
        let who = row.volunteer_id.ok_or(ServiceError::NotFound("volunteer"))?;
        by.speaks_for(&mut tx, who, self.today()).await?;
        if self.now() >= row.starts_at {
            return Err(refuse("time_begun").into());
        }
        self.note_answer(&mut tx, by.book(), (id, who, "gave_back"), by.actor()).await?;
        let row = OrderRow { volunteer_id: None, state: to.as_str().to_owned(), ..row };
        self.save_order(&mut tx, by.book(), (&row, from, OrderMove::GiveBack), by.actor(), reason).await?;
        Ok(tx.commit().await?)
    }

    /// One side did not come: written down by the desk, after the time. Only the volunteer's own absence counts against
    /// anybody; whoever was to be served and was not there costs nobody anything.
    pub async fn report_no_show(
        &self,
        by: &Recorder,
        id: TimeOrderId,
        volunteer: bool,
        reason: &str,
    ) -> ServiceResult<()> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::TimeOrder, 0).await?;
        let (row, from, to) = moved(&mut tx, by.book, id, OrderMove::Miss, Ending::Counted).await?;
        let who = row.volunteer_id.ok_or(ServiceError::NotFound("volunteer"))?;
        let side = Side::Desk(by.clone());
        side.speaks_for(&mut tx, who, self.today()).await?;
        side.speaks_for(&mut tx, row.served_id, self.today()).await?;
        if self.now() < row.starts_at {
            return Err(refuse("time_not_begun").into());
        }
        if volunteer {
            self.note_answer(&mut tx, by.book, (id, who, "missed"), by.actor()).await?;
        }
        let row = OrderRow { state: to.as_str().to_owned(), ..row };
        self.save_order(&mut tx, by.book, (&row, from, OrderMove::Miss), by.actor(), reason).await?;
        Ok(tx.commit().await?)
    }

    /// After a no-show the order goes on the board again.
    pub async fn reopen_order(&self, by: &Recorder, id: TimeOrderId) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::TimeOrder, 0).await?;
        let (row, from, to) = moved(&mut tx, by.book, id, OrderMove::Reopen, Ending::Counted).await?;
        let row = OrderRow { volunteer_id: None, state: to.as_str().to_owned(), ..row };
        self.save_order(&mut tx, by.book, (&row, from, OrderMove::Reopen), by.actor(), "").await?;
        Ok(tx.commit().await?)
    }

    /// Calls an order off, for whoever was to be served: what was put aside goes back.
    pub async fn cancel_time_order(&self, by: &Side, id: TimeOrderId, reason: &str) -> ServiceResult<()> {
        let reason = required("reason", reason)?;
        let book = by.book();
        let mut tx = self.db.begin_read().await?;
        let (row, from, to) = moved(&mut tx, book, id, OrderMove::Cancel, Ending::Counted).await?;
        if row.asked_by != by.actor().to_string() {
            by.speaks_for(&mut tx, row.served_id, self.today()).await?;
        }
        drop(tx);
        let row = OrderRow { state: to.as_str().to_owned(), ..row };
        self.end_order(book, by.actor(), (row, from, OrderMove::Cancel), reason).await
    }

    /// Ends an order without hours: what was put aside for it goes back in the same transaction.
    pub(super) async fn end_order(
        &self,
        book: BookId,
        by: Actor,
        (row, from, step): (OrderRow, OrderState, OrderMove),
        reason: &str,
    ) -> ServiceResult<()> {
        let Some(hold) = row.hold_seq else {
            let mut tx = self.db.begin_write().await?;
            self.save_order(&mut tx, book, (&row, from, step), by, reason).await?;
            return Ok(tx.commit().await?);
        };
        let mut tx = self.db.begin_read().await?;
        let lines = read::entries(&mut tx, book, hold - 1, hold).await?;
        drop(tx);
        let lines = lines.iter().map(mirrored).collect::<StoreResult<Vec<_>>>()?;
        let order = Order {
            key: &format!("time-end:{}", row.id),
            kind: TxnKind::Release,
            effective_on: self.today(),
            source: Some(format!("time_order:{}", row.id)),
            body: facts([("state", row.state.clone())]),
        };
        let mut command = self.command(&by, order, lines)?;
        command.resolves = Some(hold);
        let happened = event_of(self, row.id, (step.as_str(), Some(from), row.state()?), by, reason);
        self.posted(book, command, vec![Box::new(Saved { book, row, happened })]).await.map(drop)
    }

    async fn note_answer(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        (order, who, answer): (TimeOrderId, PersonId, &str),
        by: Actor,
    ) -> ServiceResult<()> {
        let place = next_place(tx, book, order).await?;
        let row = AnswerRow {
            order_id: order,
            place,
            person_id: who,
            answer: answer.to_owned(),
            answered_at: self.now(),
            answered_by: by.to_string(),
        };
        Ok(pair::answer(tx, book, &row).await?)
    }
}

async fn next_place(tx: &mut Tx, book: BookId, order: TimeOrderId) -> ServiceResult<i32> {
    let last = pair::answers(tx, book, order).await?.last().map_or(0, |answer| answer.place);
    Ok(last + 1)
}

/// Where an order stands after a posting of its own.
pub(super) struct Saved {
    pub(super) book: BookId,
    pub(super) row: OrderRow,
    pub(super) happened: Happened,
}

impl Effect for Saved {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, _: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            rows::save(tx, self.book, &self.row).await?;
            self.happened.write(tx, self.book).await
        }
        .boxed()
    }
}
