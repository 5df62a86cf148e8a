//! The policy of a village and its public pool: minutes issued into it within the yearly quota, whom it serves, and its
//! queue by need.

use super::{
    Desk, Ending, KEY_BYTES_MAX, OrderMove, OrderState, ServiceError, ServiceResult, ask::Purse, event_of,
    moved, policy_on, refuse, rows, shipped, take::Saved,
};
use crate::{
    domain::{
        book::{MeterUse, Posted, TxnKind},
        chart,
        ids::{BookId, PersonId},
        posting::{Commodity, Line},
        time::Day,
        timebank::need::{self, NeedGround, Waiting},
    },
    service::{
        Actor, Effect, Receipt,
        award::required,
        books::{Order, facts},
        caller::{Recorder, Township},
    },
    store::{
        StoreResult, WriteTx,
        ledger::read,
        serial::{self, Series},
        timebank::{
            order::OrderRow,
            policy::{self as adopted, AdoptedRow, NeedRow},
        },
    },
};
use futures_util::{FutureExt, future::BoxFuture};

impl Desk {
    /// The township puts a policy into force in a village, from today or a later day on.
    pub async fn adopt_time_policy(
        &self,
        by: &Township,
        code: &str,
        from_on: Day,
        basis: &str,
    ) -> ServiceResult<AdoptedRow> {
        let basis = required("basis", basis)?;
        let policy = shipped(code)?;
        if from_on < self.today() {
            return Err(refuse("time_policy_back").with("today", self.today()).into());
        }
        let mut tx = self.db.begin_write().await?;
        let row = AdoptedRow {
            no: serial::take(&mut tx, by.book, Series::TimePolicy, 1).await?,
            code: policy.code,
            version: i32::try_from(policy.version).unwrap_or(0),
            from_on,
            basis: basis.to_owned(),
            adopted_at: self.now(),
            adopted_by: by.actor().to_string(),
        };
        adopted::adopt(&mut tx, by.book, &row).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Somebody's need is looked at: the grounds decide and are not kept.
    pub async fn see_need(
        &self,
        by: &Recorder,
        who: PersonId,
        seen: &[NeedGround],
    ) -> ServiceResult<NeedRow> {
        let mut tx = self.db.begin_write().await?;
        super::Side::Desk(by.clone()).speaks_for(&mut tx, who, self.today()).await?;
        let policy = policy_on(&mut tx, by.book, self.today()).await?;
        let age = super::age_of(&mut tx, by.book, who, self.today()).await?;
        let grounds = need::grounds(age, seen);
        let row = NeedRow {
            person_id: who,
            seen_at: self.now(),
            score: i32::try_from(need::score(&grounds)).unwrap_or(0),
            pool: i32::from(need::eligible(&policy.pool, &grounds)),
            hardship: i32::from(grounds.contains(&NeedGround::Hardship)),
            seen_by: by.actor().to_string(),
        };
        adopted::see(&mut tx, by.book, &row).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Issues minutes into the public pool, within the quota of the year.
    pub async fn issue_pool(
        &self,
        by: &Township,
        key: &str,
        minutes: i64,
        basis: &str,
    ) -> ServiceResult<Receipt> {
        let basis = required("basis", basis)?;
        if minutes <= 0 {
            return Err(refuse("quantity_out_of_range").with("field", "minutes").into());
        }
        let mut tx = self.db.begin_read().await?;
        let policy = policy_on(&mut tx, by.book, self.today()).await?;
        drop(tx);
        let lines = vec![
            Line::new(chart::time_issued(), Commodity::min(), minutes),
            Line::new(chart::time_pool(), Commodity::min(), -minutes),
        ];
        if key.is_empty() || key.len() > KEY_BYTES_MAX {
            return Err(refuse("invalid_key").into());
        }
        let order = Order {
            key: &format!("time-issue:{}:{key}", by.actor()),
            kind: TxnKind::TimeGrant,
            effective_on: self.today(),
            source: None,
            body: facts([("minutes", minutes.to_string())]),
        };
        let mut command = self.command(&by.actor(), order, lines)?;
        command.private = self.private("basis", basis);
        let year = self.today().ymd().0;
        command.meters.push(MeterUse::capped(format!("time-issue:{year}"), minutes, policy.pool.a_year));
        self.posted(by.book, command, Vec::new()).await
    }

    /// Puts orders that wait for the pool on the board, the greatest need first, as far as its minutes reach; how many.
    pub async fn fund_waiting_orders(&self, book: BookId) -> ServiceResult<usize> {
        let mut tx = self.db.begin_read().await?;
        let (mut queued, mut after) = (Vec::new(), 0);
        loop {
            let page = rows::in_state(&mut tx, book, OrderState::Queued, after, super::ORDERS_PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.no;
            queued.extend(page);
        }
        // what should have begun by now is past helping; the desk calls it off
        queued.retain(|order| order.starts_at >= self.now());
        let pool = chart::time_pool();
        let left = -read::balance(&mut tx, book, pool.as_str(), Commodity::MIN).await?;
        drop(tx);
        let waiting: Vec<Waiting> = queued.iter().map(waits).collect();
        let mut funded = 0;
        for no in need::next(&waiting, left) {
            let Some(order) = queued.iter().find(|order| order.no == no) else { continue };
            match self.fund(book, order.clone()).await {
                Ok(()) => funded += 1,
                Err(ServiceError::Refused(refusal)) => {
                    tracing::info!(order = no, code = refusal.code, "the pool did not pay");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(funded)
    }

    async fn fund(&self, book: BookId, order: OrderRow) -> ServiceResult<()> {
        let mut tx = self.db.begin_read().await?;
        let (row, from, to) = moved(&mut tx, book, order.id, OrderMove::Fund, Ending::Counted).await?;
        let head = read::head(&mut tx, book).await?.ok_or(ServiceError::NotFound("book"))?;
        drop(tx);
        // a refusal stands under its key: at another place of the book it may be paid
        let key = format!("time-fund:{}:{}", row.id, head.seq);
        let command = self.hold_minutes(Actor::System, book, &key, &row, &Purse::Pool).await?;
        let happened = event_of(self, row.id, ("fund", Some(from), to), Actor::System, "");
        let row = OrderRow { state: to.as_str().to_owned(), ..row };
        let effect = Funded(Saved { book, row, happened });
        self.posted(book, command, vec![Box::new(effect)]).await.map(drop)
    }
}

fn waits(order: &OrderRow) -> Waiting {
    Waiting { no: order.no, score: order.need.into(), since: order.asked_at, minutes: order.minutes.into() }
}

/// An order that the pool pays for now.
struct Funded(Saved);

impl Effect for Funded {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            let row = OrderRow { hold_seq: Some(posted.seq), ..self.0.row.clone() };
            let saved = Saved { book: self.0.book, row, happened: self.0.happened.clone() };
            saved.apply(tx, posted).await
        }
        .boxed()
    }
}
