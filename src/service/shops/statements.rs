//! The monthly statement of a shop (月对账单): every redemption and return of its counter that stands on no earlier one, by
//! their places in the log, drawn up by the clerk once the month, or the agreement, is over. It never changes: what was
//! wrong is undone in the ledger and stands on the next as a negative line.

use super::{
    Desk, ServiceError, ServiceResult, ShopRow, lines, of_id, owed,
    records::{self, Kept},
    refuse,
};
use crate::{
    domain::{
        ids::{BookId, CounterId, ShopId, ShopStatementId},
        shop::{Due, Settling, ShopStanding, ShopVerb, due},
        time::{Day, Period, Timestamp},
    },
    service::caller::{Clerk, StockReader},
    store::{
        StoreError, Tx, as_of,
        counter::{self, CounterRow},
        shop::{
            self,
            statement::{self, ShopLineRow, ShopPaymentRow, ShopStatementRow, ShopStepRow},
        },
    },
};

/// A statement with all that was said and paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopStatement {
    /// The statement.
    pub row: ShopStatementRow,
    /// The agreement it goes by.
    pub shop: ShopRow,
    /// The counter.
    pub counter: CounterRow,
    /// Its lines.
    pub lines: Vec<ShopLineRow>,
    /// What was done with it, in order.
    pub steps: Vec<ShopStepRow>,
    /// What was paid.
    pub payment: Option<ShopPaymentRow>,
    /// How far it has come.
    pub standing: ShopStanding,
    /// What is carried into it, and due.
    pub due: Due,
    /// What the ledger says is owed to the shop now, in fen.
    pub owed_fen: i64,
}

/// A statement in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedStatement {
    /// The statement.
    pub row: ShopStatementRow,
    /// How far it has come.
    pub standing: ShopStanding,
    /// What is carried into it, and due.
    pub due: Due,
    /// What was paid, in fen.
    pub paid_fen: i64,
}

impl Desk {
    /// Draws up the statement of the month that `month` lies in; of the last month, or of the end of the agreement, when
    /// left out. The same again gets the same answer.
    pub async fn draw_shop_statement(
        &self,
        by: &Clerk,
        id: ShopId,
        month: Option<Day>,
    ) -> ServiceResult<ShopStatement> {
        let mut tx = self.db.begin_read().await?;
        let agreement = of_id(&mut tx, by.book, id).await?;
        if !matches!(agreement.state.as_str(), "agreed" | "ended") {
            return Err(refuse("already_decided").with("state", &agreement.state).into());
        }
        self.outsider(&mut tx, by, agreement.counter_id, agreement.household_id).await?;
        let at = counter::by_id(&mut tx, by.book, agreement.counter_id).await?;
        let at = at.ok_or(ServiceError::NotFound("counter"))?;
        let earlier = statement::of_counter(&mut tx, by.book, at.id).await?;
        let before = earlier.last();
        let first_day = match before {
            Some(last) => last.last_day.plus(1),
            None => first_of(&mut tx, by.book, &agreement).await?,
        };
        let last_day = self.last_day(&agreement, first_day, month)?;
        if last_day < first_day {
            if let Some(done) =
                before.filter(|b| b.last_day == last_day && b.drawn_by == by.actor().to_string())
            {
                // the answer was lost
                return statement_view(&mut tx, by.book, done.id).await;
            }
            return Err(refuse("statement_covered").with("until", first_day.plus(-1)).into());
        }
        let just_before = |day: Day| Timestamp::from_micros(day.start().micros() - 1);
        let from_seq = match before {
            Some(last) => last.upto_seq,
            None => as_of::seq_at(&mut tx, by.book, just_before(first_day)).await?,
        };
        let upto_seq = as_of::seq_at(&mut tx, by.book, just_before(last_day.plus(1))).await?;
        let lines = lines::of_run(&mut tx, by.book, at.id, (from_seq, upto_seq)).await?;
        let settling = settling(&mut tx, by.book, &earlier).await?;
        if lines.is_empty() && settling.iter().map(|s| s.net - s.paid).sum::<i64>() == 0 {
            return Err(refuse("nothing_to_settle").with("from", first_day).with("until", last_day).into());
        }
        drop(tx);
        let row = ShopStatementRow {
            id: self.id(),
            counter_id: at.id,
            no: before.map_or(1, |b| b.no + 1),
            agreement_id: agreement.id,
            first_day,
            last_day,
            from_seq,
            upto_seq,
            line_count: i64::try_from(lines.len()).unwrap_or(i64::MAX),
            points: lines.iter().map(|l| l.points).sum(),
            gross_fen: lines.iter().map(|l| l.gross_fen).sum(),
            net_fen: lines.iter().map(|l| l.net_fen).sum(),
            drawn_at: self.now(),
            drawn_by: by.actor().to_string(),
            seq: 0,
        };
        let (made, command) = (row.id, self.shop_record(by, &records::drawn(&row, &lines, &at.code))?);
        let kept = Kept::Drawn { book: by.book, row, lines };
        self.posted(by.book, command, vec![Box::new(kept)]).await?;
        let mut tx = self.db.begin_read().await?;
        statement_view(&mut tx, by.book, made).await
    }

    /// The last day of the statement that is asked for; it must be over.
    fn last_day(&self, of: &ShopRow, first_day: Day, month: Option<Day>) -> ServiceResult<Day> {
        let (today, end) = (self.today(), of.last_day());
        let ends_it = |wanted: Day| end < wanted && end >= first_day;
        let last = match month {
            Some(day) => day.period(Period::Month).1,
            None if end < today && end >= first_day => end,
            None => today.period(Period::Month).0.plus(-1),
        };
        let last = if ends_it(last) { end } else { last };
        if last >= today { Err(refuse("statement_month_open").with("until", last).into()) } else { Ok(last) }
    }

    /// The statements of a shop's counter, the latest first, if the reader may see them.
    pub async fn shop_statements(&self, by: &StockReader, id: ShopId) -> ServiceResult<Vec<ListedStatement>> {
        let shop = self.shop(by, id).await?;
        let mut tx = self.db.begin_read().await?;
        let rows = statement::of_counter(&mut tx, by.book, shop.row.counter_id).await?;
        let all = settling(&mut tx, by.book, &rows).await?;
        let listed = rows.into_iter().zip(&all).map(|(row, one)| ListedStatement {
            due: due(&all, row.id),
            row,
            standing: one.standing,
            paid_fen: one.paid,
        });
        let mut out: Vec<_> = listed.collect();
        out.reverse();
        Ok(out)
    }

    /// One statement, if the reader may see it.
    pub async fn shop_statement(
        &self,
        by: &StockReader,
        id: ShopStatementId,
    ) -> ServiceResult<ShopStatement> {
        let mine = self.shop_counters(by).await?;
        let mut tx = self.db.begin_read().await?;
        let found = statement_view(&mut tx, by.book, id).await?;
        if mine.is_some_and(|mine| !mine.contains(&found.counter.id)) {
            return Err(ServiceError::NotFound("shop_statement"));
        }
        Ok(found)
    }

    /// What was redeemed at a shop since its last statement, if the reader may see it.
    pub async fn shop_since(&self, by: &StockReader, id: ShopId) -> ServiceResult<Vec<ShopLineRow>> {
        let shop = self.shop(by, id).await?;
        let mut tx = self.db.begin_read().await?;
        let last = statement::of_counter(&mut tx, by.book, shop.row.counter_id).await?.pop();
        let from = match last {
            Some(last) => last.upto_seq,
            None => {
                let first = first_of(&mut tx, by.book, &shop.row).await?;
                let before = Timestamp::from_micros(first.start().micros() - 1);
                as_of::seq_at(&mut tx, by.book, before).await?
            }
        };
        lines::of_run(&mut tx, by.book, shop.row.counter_id, (from, i64::MAX)).await
    }
}

/// The first day on which the counter was a shop's.
async fn first_of(tx: &mut Tx, book: BookId, of: &ShopRow) -> ServiceResult<Day> {
    let all = shop::of_counter(tx, book, of.counter_id).await?;
    Ok(all.first().map_or(of.from_day, |row| row.from_day))
}

/// The steps of a statement as the domain reads them.
pub(in crate::service) fn standing_of(
    row: &ShopStatementRow,
    steps: &[ShopStepRow],
    paid: bool,
) -> ServiceResult<ShopStanding> {
    let wrong = |found: &str| StoreError::inconsistent("shop_step", "verb", format!("{found} of {}", row.no));
    let mut verbs: Vec<ShopVerb> = Vec::with_capacity(steps.len());
    for step in steps {
        verbs.push(step.verb.parse().map_err(|_| wrong(&step.verb))?);
    }
    ShopStanding::of(verbs, paid).map_err(|e| wrong(&e.to_string()).into())
}

/// What of each statement counts for the ones after it.
pub(in crate::service) async fn settling(
    tx: &mut Tx,
    book: BookId,
    rows: &[ShopStatementRow],
) -> ServiceResult<Vec<Settling>> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let steps = statement::steps(tx, book, row.id).await?;
        let payment = statement::payment(tx, book, row.id).await?;
        let standing = standing_of(row, &steps, payment.is_some())?;
        // a payment that was undone is carried to the next
        let paid = payment.filter(|p| p.reversed_by.is_none()).map_or(0, |p| p.fen);
        out.push(Settling { id: row.id, no: row.no, net: row.net_fen, paid, standing });
    }
    Ok(out)
}

pub(super) async fn statement_view(
    tx: &mut Tx,
    book: BookId,
    id: ShopStatementId,
) -> ServiceResult<ShopStatement> {
    let row = statement::one(tx, book, id).await?.ok_or(ServiceError::NotFound("shop_statement"))?;
    let shop = of_id(tx, book, row.agreement_id).await?;
    let counter = at_counter(tx, book, row.counter_id).await?;
    let rows = statement::of_counter(tx, book, row.counter_id).await?;
    let all = settling(tx, book, &rows).await?;
    let standing = all.iter().find(|s| s.id == id).map_or(ShopStanding::BEGIN, |s| s.standing);
    Ok(ShopStatement {
        lines: statement::lines(tx, book, id).await?,
        steps: statement::steps(tx, book, id).await?,
        payment: statement::payment(tx, book, id).await?,
        standing,
        due: due(&all, id),
        owed_fen: owed(tx, book, &counter.code).await?,
        row,
        shop,
        counter,
    })
}

async fn at_counter(tx: &mut Tx, book: BookId, id: CounterId) -> ServiceResult<CounterRow> {
    counter::by_id(tx, book, id).await?.ok_or(ServiceError::NotFound("counter"))
}
