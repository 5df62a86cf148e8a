//! Hours into the account: what was put aside goes to the volunteer, once, up to the cap; what was not served goes back
//! to whoever pays.

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Desk, Ending, Happened, OrderMove, OrderState, ServiceError, ServiceResult,
    ask::{Purse, quota},
    event_of, moved, number_of, policy_on, refuse, rows,
};
use crate::{
    domain::{
        book::{Command, MeterUse, Posted, TxnKind},
        chart,
        ids::{BookId, PersonId, TimeOrderId},
        posting::{Commodity, Line, Path},
        timebank::{
            drawing::{Deposit, deposit},
            policy::{Brim, Hand, Policy},
        },
    },
    service::{
        Actor, Effect, Receipt,
        books::{Order, facts, path},
        caller::{CountyAdmin, Township},
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx,
        ledger::read,
        serial::{self, Series},
        timebank::{order::OrderRow, volunteer as people},
    },
};

/// The volunteer's side of a posting.
struct Credit {
    no: String,
    saved: Path,
    held: Path,
    deposit: Deposit,
    cap: Option<i64>,
}

impl Desk {
    /// Posts one settled order. However often it is asked, the hours are posted once.
    pub async fn post_order(&self, book: BookId, id: TimeOrderId) -> ServiceResult<Receipt> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("time_order"))?;
        if let (OrderState::Posted, Some(seq)) = (row.state()?, row.post_seq) {
            return Ok(Receipt { seq, posted: None });
        }
        let (row, from, to) = moved(&mut tx, book, id, OrderMove::Post, Ending::Counted).await?;
        let policy = policy_on(&mut tx, book, self.today()).await?;
        let who = row.volunteer_id.ok_or(ServiceError::NotFound("volunteer"))?;
        self.check_hand(&mut tx, book, &policy, (&row, who)).await?;
        let credit = credit(&mut tx, book, &policy, (&row, who)).await?;
        let purse = match row.payer_id {
            Some(payer) => Purse::Person(payer, number_of(&mut tx, book, payer).await?),
            None => Purse::Pool,
        };
        let served = number_of(&mut tx, book, row.served_id).await?;
        drop(tx);
        let command = self.posting(&policy, &row, &purse, (&credit, &served))?;
        let happened = event_of(self, id, ("post", Some(from), to), Actor::System, "");
        let row = OrderRow { state: to.as_str().to_owned(), ..row };
        let effect = HoursPosted { book, row, happened, credit };
        self.posted(book, command, vec![Box::new(effect)]).await
    }

    /// Whether nothing but the ledger stands between a settled order and the account.
    pub(super) async fn may_post(&self, book: BookId, row: &OrderRow) -> ServiceResult<()> {
        let mut tx = self.db.begin_read().await?;
        let policy = policy_on(&mut tx, book, self.today()).await?;
        let who = row.volunteer_id.ok_or(ServiceError::NotFound("volunteer"))?;
        self.check_hand(&mut tx, book, &policy, (row, who)).await?;
        credit(&mut tx, book, &policy, (row, who)).await.map(drop)
    }

    /// Posts every settled order; how many now. One that waits for something is left and does not stop the others.
    pub async fn post_settled_orders(&self, book: BookId) -> ServiceResult<usize> {
        let mut posted = 0;
        for state in [OrderState::Rated, OrderState::Cleared] {
            let mut after = 0;
            loop {
                let mut tx = self.db.begin_read().await?;
                let page = rows::in_state(&mut tx, book, state, after, super::ORDERS_PAGE).await?;
                drop(tx);
                let Some(last) = page.last() else { break };
                after = last.no;
                for row in page {
                    match self.post_order(book, row.id).await {
                        Ok(_) => posted += 1,
                        Err(ServiceError::Refused(refusal)) => {
                            tracing::info!(order = row.no, code = refusal.code, "settled hours wait");
                        }
                        Err(error) => return Err(error),
                    }
                }
            }
        }
        Ok(posted)
    }

    fn posting(
        &self,
        policy: &Policy,
        row: &OrderRow,
        purse: &Purse,
        (credit, served): (&Credit, &str),
    ) -> ServiceResult<Command> {
        let hold = row.hold_seq.ok_or_else(|| StoreError::inconsistent("time_order", "hold_seq", "-"))?;
        let (asked, counted) = (i64::from(row.minutes), i64::from(row.counted));
        let (pays, held) = purse.accounts()?;
        let over = credit.deposit.over.map_or(0, |(_, minutes)| minutes);
        let to_pool = matches!(credit.deposit.over, Some((Brim::Donate, _)));
        let mut lines = vec![Line::new(held, Commodity::min(), asked)];
        let mut add = |account: Path, minutes: i64| match lines.iter_mut().find(|l| l.account == account) {
            Some(line) => line.quantity -= minutes,
            None if minutes > 0 => lines.push(Line::new(account, Commodity::min(), -minutes)),
            None => {}
        };
        add(credit.saved.clone(), credit.deposit.saved);
        add(if to_pool { chart::time_pool() } else { chart::time_honor() }, over);
        add(pays, asked - counted);
        let order = Order {
            key: &format!("time-post:{}", row.id),
            kind: TxnKind::Capture,
            effective_on: self.today(),
            source: Some(format!("time_order:{}", row.id)),
            body: facts([("volunteer", credit.no.clone()), ("minutes", counted.to_string())]),
        };
        let mut command = self.command(&Actor::System, order, lines)?;
        command.resolves = Some(hold);
        command.rule = Some(row.policy.clone());
        command.meters.push(MeterUse::once(&format!("time_order:{}", row.id)));
        if *purse == Purse::Pool && counted < asked {
            let day = row.starts_at.day();
            command.meters.push(quota(served, day, counted - asked, policy.pool.a_person));
        }
        Ok(command)
    }

    /// A day longer than anybody answers for alone needs the hand of the organisation above, or of the county.
    async fn check_hand(
        &self,
        tx: &mut Tx,
        book: BookId,
        policy: &Policy,
        (row, who): (&OrderRow, PersonId),
    ) -> ServiceResult<()> {
        let given = match row.hand.as_deref() {
            Some("county") => Hand::County,
            Some(_) => Hand::Parent,
            None => Hand::Own,
        };
        let day = row.starts_at.day();
        let others = rows::of_volunteer(tx, book, who, (day.start(), day.plus(1).start())).await?;
        let counts = |o: &&OrderRow| o.id == row.id || o.state == OrderState::Posted.as_str();
        let total: i64 = others.iter().filter(counts).map(|o| i64::from(o.counted)).sum();
        let needed = policy.counting.hand(total);
        if needed <= given {
            return Ok(());
        }
        let code = if needed == Hand::County { "time_needs_county" } else { "time_needs_township" };
        Err(refuse(code).with("minutes", total).with("day", day).into())
    }

    /// The township answers for a long day.
    pub async fn allow_long_day(&self, by: &Township, id: TimeOrderId, reason: &str) -> ServiceResult<()> {
        self.give_hand((by.book, id), by.actor(), "parent", reason).await
    }

    /// The county answers for a very long day.
    pub async fn allow_very_long_day(
        &self,
        by: &CountyAdmin,
        (book, id): (BookId, TimeOrderId),
        reason: &str,
    ) -> ServiceResult<()> {
        self.give_hand((book, id), Actor::User(by.user), "county", reason).await
    }

    async fn give_hand(
        &self,
        (book, id): (BookId, TimeOrderId),
        by: Actor,
        hand: &str,
        reason: &str,
    ) -> ServiceResult<()> {
        let reason = crate::service::award::required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeOrder, 0).await?;
        let (row, from, _) = moved(&mut tx, book, id, OrderMove::Post, Ending::Counted).await?;
        let row = OrderRow { hand: Some(hand.to_owned()), hand_by: Some(by.to_string()), ..row };
        rows::save(&mut tx, book, &row).await?;
        let happened = event_of(self, id, ("allow", Some(from), from), by, reason);
        happened.write(&mut tx, book).await?;
        Ok(tx.commit().await?)
    }
}

/// Minutes of a person that are free to draw.
pub(super) async fn free(tx: &mut Tx, book: BookId, no: &str) -> ServiceResult<i64> {
    let account = path(chart::person_time(no))?;
    Ok(-read::balance(tx, book, account.as_str(), Commodity::MIN).await?)
}

/// Saved minutes of a person, those put aside included.
pub(super) async fn saved(tx: &mut Tx, book: BookId, no: &str) -> StoreResult<i64> {
    let (time, held) = (chart::person_time(no), chart::person_time_held(no));
    let mut sum = 0;
    for account in [time, held] {
        let account = account.map_err(|e| StoreError::inconsistent("person", "no", e.0))?;
        sum -= read::balance(tx, book, account.as_str(), Commodity::MIN).await?;
    }
    Ok(sum)
}

async fn credit(
    tx: &mut Tx,
    book: BookId,
    policy: &Policy,
    (row, who): (&OrderRow, PersonId),
) -> ServiceResult<Credit> {
    let no = number_of(tx, book, who).await?;
    let choice = people::one(tx, book, who).await?.and_then(|v| v.brim?.parse().ok());
    let has = saved(tx, book, &no).await?;
    let deposit = deposit(&policy.saving, has, row.counted.into(), choice)
        .map_err(|why| refuse("time_brim").with("minutes", why.over))?;
    let (saved, held) = (path(chart::person_time(&no))?, path(chart::person_time_held(&no))?);
    Ok(Credit { no, saved, held, deposit, cap: policy.saving.cap })
}

/// The order's side of its posting.
struct HoursPosted {
    book: BookId,
    row: OrderRow,
    happened: Happened,
    credit: Credit,
}

impl Effect for HoursPosted {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            let mut sum = 0;
            for account in [&self.credit.saved, &self.credit.held] {
                sum -= read::balance(tx, self.book, account.as_str(), Commodity::MIN).await?;
            }
            // other hours came in between: what goes beyond the cap is another figure now
            if self.credit.deposit.saved > 0 && self.credit.cap.is_some_and(|cap| sum > cap) {
                return Err(StoreError::RowsAffected { expected: 1, actual: 0 });
            }
            let row = OrderRow { post_seq: Some(posted.seq), ..self.row.clone() };
            rows::save(tx, self.book, &row).await?;
            self.happened.write(tx, self.book).await
        }
        .boxed()
    }
}
