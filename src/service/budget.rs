//! Budgets (发行额度): a source of money authorises points at what the rules say a point is worth, never more than the
//! money that no other budget has taken. The guard is a meter of free money, counted under the book's lock: money that
//! comes in adds to it, a budget takes from it, and what would bring it below nothing is refused, whichever comes first.

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Actor, Desk, Effect, Receipt, Refusal, ServiceError, ServiceResult,
    award::required,
    books::{Order, facts, path},
    caller::{Staff, Township},
    notice::budget_left,
    refuse, rulesets, sweep,
};
use crate::{
    domain::{
        amount::yuan,
        book::{Command, MeterUse, Posted, TxnKind},
        chart,
        ids::{BookId, FundId},
        money::{free_money_meter, worth},
        posting::{Commodity, Line, MAX_QUANTITY},
        time::Day,
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx, as_of,
        award::lists,
        fund,
        ledger::{lookup, read},
        serial::{self, Series},
    },
};

impl Desk {
    /// Authorises `points` (minor units) to be issued from `fund`: the township's decision, entered with its basis.
    /// Where rules are in force the source's money must cover what the points are worth.
    pub async fn authorise(
        &self,
        by: &Staff,
        key: &str,
        fund: &str,
        points: i64,
        basis: &str,
    ) -> ServiceResult<Receipt> {
        if !(1..=MAX_QUANTITY).contains(&points) {
            return Err(refuse("quantity_out_of_range").with("field", "points").into());
        }
        let lines = vec![
            Line::new(path(chart::authorised(fund))?, Commodity::point(), points),
            Line::new(path(chart::budget(fund))?, Commodity::point(), -points),
        ];
        let body = [("fund", fund.to_owned()), ("points", points.to_string())];
        let order =
            Order { key, kind: TxnKind::Budget, effective_on: self.today(), source: None, body: facts(body) };
        let mut command = self.command(&by.actor(), order, lines)?;
        let mut tx = self.db.begin_read().await?;
        if let Some(rate) = value_of_a_point(&mut tx, by.book, self.today()).await? {
            let change = -worth(points, rate);
            command.meters = free_money(&mut tx, by.book, fund, change, self.today()).await?;
        }
        drop(tx);
        command.private = self.private("basis", basis);
        self.posted(by.book, command, Vec::new()).await.map_err(|error| in_words(error, fund))
    }

    /// Closes the budget of a source: what is neither issued nor promised by a sheet that hangs can no longer be issued,
    /// and its money is free again. Nothing left is a refusal.
    pub async fn close_budget(
        &self,
        by: &Township,
        key: &str,
        fund: &str,
        reason: &str,
    ) -> ServiceResult<Receipt> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_read().await?;
        let row = fund::by_code(&mut tx, by.book, fund).await?.ok_or(ServiceError::NotFound("fund"))?;
        let key = format!("budget-close:{key}");
        let known = lookup::keys(&mut tx, by.book, &[&key]).await?;
        if let Some(seq) = known.into_iter().find_map(|k| k.seq) {
            // closed under this key before: what is left now is another amount
            return Ok(Receipt { seq, posted: None });
        }
        let left = unpromised(&mut tx, by.book, row.id, fund).await?;
        if left <= 0 {
            return Err(refuse("budget_empty").with("fund", fund).into());
        }
        let mut command = self.closing(&mut tx, &by.actor(), by.book, &key, (fund, left)).await?;
        drop(tx);
        command.private = self.private("basis", reason);
        let guard = StillCovers { book: by.book, fund: row.id };
        self.posted(by.book, command, vec![Box::new(guard)]).await
    }

    /// At the turn of the year: what is left of budgets that do not carry over is closed, but for what sheets that
    /// hang have promised. How many were closed. Once a year for each book; a pass that finds it done reads one number.
    pub async fn close_last_years_budgets(&self, book: BookId) -> ServiceResult<usize> {
        let today = self.today();
        let year = i64::from(today.ymd().0);
        let mut tx = self.db.begin_read().await?;
        let before = serial::last(&mut tx, book, Series::BudgetYear).await?;
        if before >= year || sweep::is_closed(&mut tx, book, today).await? {
            return Ok(0);
        }
        let new_year = Day::from_ymd(today.ymd().0, 1, 1).unwrap_or(today).start();
        let then = as_of::seq_at(&mut tx, book, new_year.plus_seconds(-1)).await?;
        let mut closings = Vec::new();
        for fund in fund::list(&mut tx, book).await?.into_iter().filter(|f| !f.carries_over) {
            let old = budget_at(&mut tx, book, &fund.code, then).await?;
            let left = unpromised(&mut tx, book, fund.id, &fund.code).await?.min(old);
            if left > 0 {
                let key = format!("budget-year:{}:{year}", fund.code);
                let command = self.closing(&mut tx, &Actor::System, book, &key, (&fund.code, left)).await?;
                closings.push((fund.id, command));
            }
        }
        drop(tx);
        let count = closings.len();
        for (fund, command) in closings {
            self.posted(book, command, vec![Box::new(StillCovers { book, fund })]).await?;
        }
        let mut tx = self.db.begin_write().await?;
        if serial::take(&mut tx, book, Series::BudgetYear, 0).await? == before {
            serial::take(&mut tx, book, Series::BudgetYear, year - before).await?;
            tx.commit().await?;
        }
        Ok(count)
    }

    /// Points back from a budget to what is authorised, and their money set free.
    async fn closing(
        &self,
        tx: &mut Tx,
        by: &Actor,
        book: BookId,
        key: &str,
        (fund, points): (&str, i64),
    ) -> ServiceResult<Command> {
        let lines = vec![
            Line::new(path(chart::budget(fund))?, Commodity::point(), points),
            Line::new(path(chart::authorised(fund))?, Commodity::point(), -points),
        ];
        let body = facts([("fund", fund.to_owned()), ("closed", points.to_string())]);
        let order = Order { key, kind: TxnKind::Budget, effective_on: self.today(), source: None, body };
        let mut command = self.command(by, order, lines)?;
        if let Some(rate) = value_of_a_point(tx, book, self.today()).await? {
            // rounded down: what was promised to the last fen is given back no further
            let fen = points.saturating_mul(rate).div_euclid(100);
            if fen > 0 {
                command.meters = free_money(tx, book, fund, fen, self.today()).await?;
            }
        }
        Ok(command)
    }
}

/// What a point is worth in fen by the rules in force; nothing while none are.
pub(super) async fn value_of_a_point(tx: &mut Tx, book: BookId, day: Day) -> ServiceResult<Option<i64>> {
    match rulesets::in_force(tx, book, day).await {
        Ok(set) => Ok(Some(set.programme.rate_fen)),
        Err(ServiceError::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// A change of the money that no budget has taken. Before the first one, what stood on the source's account beyond its
/// unissued points counts as free: books that are older than the meter begin with it, once.
pub(super) async fn free_money(
    tx: &mut Tx,
    book: BookId,
    fund: &str,
    change: i64,
    today: Day,
) -> ServiceResult<Vec<MeterUse>> {
    let meter = free_money_meter(fund);
    let mut uses = Vec::with_capacity(3);
    if lookup::meters(tx, book, &[&meter]).await?.is_empty() {
        let money = read::balance(tx, book, path(chart::fund(fund))?.as_str(), Commodity::CNYFEN).await?;
        let rate = value_of_a_point(tx, book, today).await?.unwrap_or(0);
        let free = money.saturating_sub(worth(budget_left(tx, book, fund).await?, rate));
        if free > 0 {
            uses.push(MeterUse::once(&format!("{meter}:begun")));
            uses.push(MeterUse::capped(&*meter, free, MAX_QUANTITY));
        }
    }
    uses.push(MeterUse::capped(meter, change, MAX_QUANTITY));
    Ok(uses)
}

/// Money of a source that no budget has taken, in fen.
pub(super) async fn money_left(tx: &mut Tx, book: BookId, fund: &str, today: Day) -> ServiceResult<i64> {
    let uses = free_money(tx, book, fund, 0, today).await?;
    let begun: i64 = uses.iter().filter(|u| u.meter == free_money_meter(fund)).map(|u| u.amount).sum();
    Ok(read::meter(tx, book, &free_money_meter(fund)).await? + begun)
}

/// Points of a budget that no hanging sheet has promised.
async fn unpromised(tx: &mut Tx, book: BookId, fund: FundId, code: &str) -> ServiceResult<i64> {
    // the lines first: a posting in between then counts twice rather than not at all
    let promised = lists::promised_points(tx, book, fund).await?;
    Ok(budget_left(tx, book, code).await? - promised)
}

/// What a budget had left at a place of the log.
async fn budget_at(tx: &mut Tx, book: BookId, fund: &str, seq: i64) -> ServiceResult<i64> {
    let account = path(chart::budget(fund))?;
    let accounts = read::accounts_of(tx, book, account.as_str()).await?;
    let Some(account) = accounts.first() else { return Ok(0) };
    let version = as_of::version_at(tx, book, account.account_id, seq).await?;
    Ok(-as_of::balance_at(tx, book, account.account_id, version).await?)
}

/// What the ledger said of a budget, as an answer to people.
fn in_words(error: ServiceError, fund: &str) -> ServiceError {
    let ServiceError::Refused(Refusal { code: "meter_underflow", facts }) = &error else { return error };
    let fact = |name: &str| facts.get(name).and_then(|v| v.parse::<i64>().ok()).unwrap_or(0);
    let (needed, free) = (-fact("asked"), fact("used"));
    refuse("budget_beyond_money")
        .with("fund", fund)
        .with("needed", yuan(needed))
        .with("available", yuan(free))
        .with("shortage", yuan(needed.saturating_sub(free)))
        .into()
}

/// A budget that is closed still covers the sheets that hang: one that was published meanwhile undoes the closing.
struct StillCovers {
    book: BookId,
    fund: FundId,
}

impl Effect for StillCovers {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            serial::take(tx, self.book, Series::Notice, 0).await?;
            let promised = lists::promised_points(tx, self.book, self.fund).await?;
            let budget = posted.entries.iter().find(|e| e.quantity > 0);
            if budget.is_some_and(|e| -e.balance_after >= promised) {
                Ok(())
            } else {
                Err(StoreError::RowsAffected { expected: 1, actual: 0 })
            }
        }
        .boxed()
    }
}
