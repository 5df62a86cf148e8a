//! What market days came to: from the receipts as they are stored, of the day as a whole and never of one person.

use std::collections::BTreeSet;

use super::on_file;
use crate::{
    domain::{
        ids::{BookId, CounterId},
        market::{Opening, Openings},
        time::Day,
        turnout::{Served, ServedBy, Turnout},
    },
    service::{Desk, ServiceError, ServiceResult, caller::StockReader},
    store::{Tx, counter, counter::CounterRow, market},
};

/// Market days on one page.
pub const DAYS_PAGE: i64 = 31;
/// How far back a page of days looks.
const BACK_DAYS: i32 = 400;
/// Earlier market days that a day is compared with.
pub const COMPARED_MAX: usize = 8;

/// A day at a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOfMarket {
    /// The day.
    pub day: Day,
    /// Whether it was a market day by the calendar of that day.
    pub opening: Opening,
    /// What it came to.
    pub turnout: Turnout,
}

/// A day with those before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketDayView {
    /// The counter.
    pub counter: CounterRow,
    /// The day.
    pub day: DayOfMarket,
    /// Earlier market days, the latest first.
    pub earlier: Vec<DayOfMarket>,
}

/// What the receipts of a day at a counter come to.
async fn turnout(tx: &mut Tx, book: BookId, at: CounterId, day: Day) -> ServiceResult<Turnout> {
    let rows = market::served(tx, book, at, (day.start(), day.plus(1).start())).await?;
    let served = rows.into_iter().map(|row| Served {
        at: row.placed_at,
        household: row.household_id,
        by: ServedBy::of(&row.credential, row.order_no.is_some()),
        points: row.points,
    });
    Ok(Turnout::of(served.collect()))
}

/// Market days before `before` with receipts, the latest first: of days under a calendar only its open days.
pub(super) async fn days_before(
    tx: &mut Tx,
    book: BookId,
    (at, openings): (CounterId, &Openings),
    before: Day,
    most: usize,
) -> ServiceResult<Vec<Day>> {
    let span = (before.plus(-BACK_DAYS).start(), before.start());
    let days = market::days(tx, book, at, span, i64::from(BACK_DAYS)).await?;
    Ok(days.into_iter().filter(|day| openings.on(*day).is_open()).take(most).collect())
}

impl Desk {
    /// What the days of a counter came to, the latest first: every day with receipts, and market days to which nobody
    /// came, so far as a calendar says that they were some.
    pub async fn days_of_market(
        &self,
        by: &StockReader,
        at: CounterId,
        before: Option<Day>,
    ) -> ServiceResult<Vec<DayOfMarket>> {
        self.may_see_days(by, at).await?;
        let mut tx = self.db.begin_read().await?;
        let counter = counter::by_id(&mut tx, by.book, at).await?.ok_or(ServiceError::NotFound("counter"))?;
        let openings = on_file(&mut tx, by.book, counter).await?.openings;
        let tomorrow = self.today().plus(1);
        let before = before.map_or(tomorrow, |day| day.min(tomorrow));
        let first = before.plus(-BACK_DAYS);
        let span = (first.start(), before.start());
        let mut days: BTreeSet<Day> =
            market::days(&mut tx, by.book, at, span, DAYS_PAGE).await?.into_iter().collect();
        let all = (first.number()..before.number()).map(Day::from_number);
        days.extend(all.filter(|day| matches!(openings.on(*day), Opening::Open { .. })));
        let mut out = Vec::new();
        for day in days.into_iter().rev().take(usize::try_from(DAYS_PAGE).unwrap_or(0)) {
            let turnout = turnout(&mut tx, by.book, at, day).await?;
            out.push(DayOfMarket { day, opening: openings.on(day), turnout });
        }
        Ok(out)
    }

    /// One day at a counter beside the market days before it.
    pub async fn day_of_market(
        &self,
        by: &StockReader,
        at: CounterId,
        day: Day,
    ) -> ServiceResult<MarketDayView> {
        self.may_see_days(by, at).await?;
        if day > self.today() || day < self.today().plus(-10 * BACK_DAYS) {
            return Err(ServiceError::NotFound("market_day"));
        }
        let mut tx = self.db.begin_read().await?;
        let counter = counter::by_id(&mut tx, by.book, at).await?.ok_or(ServiceError::NotFound("counter"))?;
        let file = on_file(&mut tx, by.book, counter).await?;
        let mut earlier = Vec::new();
        let openings = &file.openings;
        for past in days_before(&mut tx, by.book, (at, openings), day, COMPARED_MAX).await? {
            let turnout = turnout(&mut tx, by.book, at, past).await?;
            earlier.push(DayOfMarket { day: past, opening: openings.on(past), turnout });
        }
        let turnout = turnout(&mut tx, by.book, at, day).await?;
        let day = DayOfMarket { day, opening: openings.on(day), turnout };
        Ok(MarketDayView { counter: file.counter, day, earlier })
    }
}
