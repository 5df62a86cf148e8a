//! Putting aside: one posting moves points to what is held and pieces to what is reserved, with the order's rows.

use futures_util::{FutureExt, future::BoxFuture};

use super::{Desk, NewOrder, ORDER_METER, Order, ServiceError, ServiceResult, refuse, waiting_meter};
use crate::{
    domain::{
        amount::points,
        book::{Command, MeterUse, Posted, TxnKind},
        chart,
        ids::{BookId, HouseholdId, OrderId},
        order::{ORDER_DAYS, ORDERS_WAITING_MAX},
        posting::{Commodity, Line},
        time::{Day, Timestamp},
    },
    service::{
        Actor, Effect,
        books::{self, facts, path},
        caller::{Clerk, Resident},
        goods::commodity,
        recusal,
        redeem::{
            TRIES_MAX,
            price::{self, Priced, PricedLine},
        },
        rulesets, shops,
    },
    store::{
        StoreError, StoreResult, WriteTx,
        counter::{self, CounterRow},
        household::{self, Household},
        order::{self, OrderLineRow, OrderRow},
    },
};

impl Desk {
    /// A household puts something aside for itself.
    pub async fn place_order(&self, by: &Resident, key: &str, new: &NewOrder) -> ServiceResult<Order> {
        self.put_aside(by.book, by.actor(), by.household, key, new).await
    }

    /// The clerk puts something aside for a household that asked, by word or by telephone.
    pub async fn place_order_for(
        &self,
        by: &Clerk,
        household: HouseholdId,
        key: &str,
        new: &NewOrder,
    ) -> ServiceResult<Order> {
        let mut tx = self.db.begin_read().await?;
        household::by_id(&mut tx, by.book, household).await?.ok_or(ServiceError::NotFound("household"))?;
        recusal::check(&mut tx, by, household, self.today()).await?;
        drop(tx);
        self.put_aside(by.book, by.actor(), household, key, new).await
    }

    async fn put_aside(
        &self,
        book: BookId,
        by: Actor,
        household: HouseholdId,
        key: &str,
        new: &NewOrder,
    ) -> ServiceResult<Order> {
        for _ in 0..TRIES_MAX {
            if let Some(first) = self.placed_before(book, household, key, new).await? {
                return Ok(first);
            }
            match self.put_aside_once(book, by, household, key, new).await {
                // a price or the household changed between our look and the posting: look again, to say which
                Err(ServiceError::Refused(r)) if r.code == "state_changed" => {}
                other => return other,
            }
        }
        Err(refuse("state_changed").into())
    }

    /// The order this key placed, if it asked for the same.
    async fn placed_before(
        &self,
        book: BookId,
        household: HouseholdId,
        key: &str,
        new: &NewOrder,
    ) -> ServiceResult<Option<Order>> {
        let mut tx = self.db.begin_read().await?;
        let found = crate::store::ledger::lookup::keys(&mut tx, book, &[key]).await?.into_iter().next();
        let Some(seq) = found.and_then(|row| row.seq) else { return Ok(None) };
        let Some(row) = order::by_hold(&mut tx, book, seq).await? else { return Ok(None) };
        let lines = order::lines(&mut tx, book, row.id).await?;
        let asked: Vec<(i64, i64)> = new.basket.items().collect();
        let had: Vec<(i64, i64)> = lines.iter().map(|l| (l.sku, l.quantity)).collect();
        let mut fields = Vec::new();
        for (name, same) in [
            ("basket", had == asked),
            ("counter", row.counter_id == new.counter),
            ("household", row.household_id == household),
        ] {
            if !same {
                fields.push(name);
            }
        }
        if fields.is_empty() {
            return self.order_view(&mut tx, book, row, true).await.map(Some);
        }
        Err(refuse("idempotency_conflict").with("fields", fields.join(", ")).into())
    }

    async fn put_aside_once(
        &self,
        book: BookId,
        by: Actor,
        household: HouseholdId,
        key: &str,
        new: &NewOrder,
    ) -> ServiceResult<Order> {
        let mut tx = self.db.begin_read().await?;
        let home = household::by_id(&mut tx, book, household).await?;
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        if !home.state()?.may_redeem() {
            return Err(refuse("household_frozen").with("household", &home.no).into());
        }
        let at =
            counter::by_id(&mut tx, book, new.counter).await?.ok_or(ServiceError::NotFound("counter"))?;
        shops::of_the_village(&mut tx, book, at.id).await?;
        let priced = price::basket(&mut tx, book, &new.basket).await?;
        let terms = rulesets::counter_terms(&mut tx, book, self.today()).await?;
        if priced.points > terms.order_max {
            let refusal = refuse("order_limit").with("needed", points(priced.points));
            return Err(refusal.with("limit", points(terms.order_max)).into());
        }
        drop(tx);
        let aside = Aside {
            book,
            id: self.id(),
            by: by.to_string(),
            at: self.now(),
            until: self.today().plus(ORDER_DAYS),
            home,
            counter: at,
            priced,
        };
        let command = self.aside_command(by, key, new, &aside)?;
        let id = aside.id;
        match self.posted(book, command, vec![Box::new(aside)]).await {
            Ok(receipt) => {
                let mut tx = self.db.begin_read().await?;
                let row = order::by_hold(&mut tx, book, receipt.seq).await?;
                let row = row.ok_or_else(|| ServiceError::Internal(format!("order {id} has no row")))?;
                self.order_view(&mut tx, book, row, true).await
            }
            Err(ServiceError::Refused(refusal)) => Err(self.in_counter_words(book, refusal).await?),
            Err(other) => Err(other),
        }
    }

    fn aside_command(&self, by: Actor, key: &str, new: &NewOrder, aside: &Aside) -> ServiceResult<Command> {
        let (no, counter) = (aside.home.no.as_str(), aside.counter.code.as_str());
        let (priced, point) = (&aside.priced, Commodity::point());
        let mut lines = vec![
            Line::new(path(chart::household_available(no))?, point.clone(), priced.points),
            Line::new(path(chart::household_held(no))?, point, -priced.points),
        ];
        for line in priced.lines.iter().filter(|l| !l.row.is_service()) {
            let code = commodity(line.row.sku)?;
            lines.push(Line::new(path(chart::stock(counter))?, code.clone(), -line.pieces));
            lines.push(Line::new(path(chart::reserved(counter))?, code, line.pieces));
        }
        let order = books::Order {
            key,
            kind: TxnKind::Hold,
            effective_on: self.today(),
            source: Some(format!("order:{}", aside.id)),
            // what every hold says of itself, and what is in the basket
            body: facts([
                ("household", no.to_owned()),
                ("counter", counter.to_owned()),
                ("points", priced.points.to_string()),
                ("until", aside.until.to_string()),
                ("basket", new.basket.to_string()),
            ]),
        };
        let mut command = self.command(&by, order, lines)?;
        let quotas =
            priced.lines.iter().filter_map(|line| Some((line.quota(no, self.today())?, line.pieces)));
        command.meters.extend(quotas.map(|((meter, limit), pieces)| MeterUse::capped(meter, pieces, limit)));
        command.meters.push(MeterUse::capped(waiting_meter(no), 1, ORDERS_WAITING_MAX));
        command.meters.push(MeterUse::next_number(ORDER_METER));
        Ok(command)
    }
}

/// What goes with the posting that puts aside.
struct Aside {
    book: BookId,
    id: OrderId,
    by: String,
    at: Timestamp,
    until: Day,
    home: Household,
    counter: CounterRow,
    priced: Priced,
}

impl Aside {
    async fn write(&self, tx: &mut WriteTx, posted: &Posted) -> StoreResult<()> {
        let number = posted.meters.iter().find(|m| m.meter == ORDER_METER);
        let missing = || StoreError::inconsistent("goods_order", "no", self.id.to_string());
        let row = OrderRow {
            id: self.id,
            no: number.ok_or_else(missing)?.used_after,
            counter_id: self.counter.id,
            household_id: self.home.id,
            placed_at: self.at,
            placed_by: self.by.clone(),
            kept_until: self.until,
            points: self.priced.points,
            state: String::new(),
            hold_seq: posted.seq,
            ended_at: None,
            ended_by: None,
            reason: None,
        };
        order::add(tx, self.book, &row).await?;
        for (line, place) in self.priced.lines.iter().zip(1..) {
            order::add_line(tx, self.book, self.id, &self.line(line, place)).await?;
        }
        Ok(())
    }

    fn line(&self, line: &PricedLine, place: i32) -> OrderLineRow {
        OrderLineRow {
            line: place,
            sku: line.row.sku,
            name: line.row.name.clone(),
            unit: line.row.unit.clone(),
            quantity: line.pieces,
            price: line.row.price,
            points: line.points,
            is_service: line.row.is_service(),
            quota_meter: line.quota(self.home.no.as_str(), self.at.day()).map(|(meter, _)| meter),
        }
    }
}

impl Effect for Aside {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        self.write(tx, posted).boxed()
    }
}
