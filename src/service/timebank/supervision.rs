//! The figures of a time bank for whoever watches over it: clerks, auditors, the township. What came in otherwise than by
//! orders is read off the ledger at the ends of the months, the rest from the orders. Reads only, ranks nobody.

use super::{Desk, OrderState, ServiceResult};
use crate::{
    domain::{
        chart,
        fairness::Share,
        ids::BookId,
        time::{Day, Timestamp},
        timebank::supervision::{Asked, Fate, MONTHS, Month, figures, months, young},
    },
    service::{as_of, caller::Bookkeeper},
    store::{
        Tx, as_of as places,
        ledger::read,
        serial::{self, Series},
        timebank::supervision::{self as rows, AskedRow},
    },
};

/// Orders read at once.
const PAGE: i64 = 2_000;
/// An order is served at most so long after it was asked for, in days: what was asked for earlier is not read.
const AHEAD_DAYS: i64 = 92;

/// How a time bank does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supervision {
    /// Month by month, the oldest first; the last may still run.
    pub months: Vec<Month>,
    /// All of them together.
    pub year: Month,
    /// Volunteers on the list whose year of birth is known, of them the young.
    pub young: Share,
}

impl Desk {
    /// The figures of the twelve months up to the one that `day` lies in.
    pub async fn time_supervision(&self, by: &Bookkeeper, day: Day) -> ServiceResult<Supervision> {
        let (book, now) = (by.book, self.now());
        let firsts = months(day);
        let start = firsts.first().map_or(now, |first| first.start());
        let mut tx = self.db.begin_read().await?;
        let mut from = first_since(&mut tx, book, start.plus_days(-AHEAD_DAYS)).await?;
        let mut asked = Vec::new();
        loop {
            let page = rows::orders(&mut tx, book, from, PAGE).await?;
            let Some(last) = page.last() else { break };
            from = last.no + 1;
            asked.extend(page.iter().map(|row| seen(row, now)));
        }
        let credited = credited(&mut tx, book, &firsts).await?;
        let young = young(&rows::births(&mut tx, book).await?, day.ymd().0);
        let (months, year) = figures(day, &asked, &credited);
        Ok(Supervision { months, year, young })
    }
}

fn seen(row: &AskedRow, now: Timestamp) -> Asked {
    let state: Option<OrderState> = row.state.parse().ok();
    let over = state == Some(OrderState::Cancelled) || row.starts_at <= now;
    let fate = match state {
        Some(OrderState::Posted) if row.reversed == 0 => Fate::Served {
            on: row.done_at.unwrap_or(row.starts_at).day(),
            minutes: row.counted.into(),
            pool: row.pool != 0,
        },
        Some(OrderState::Cancelled | OrderState::Open | OrderState::Queued)
            if row.taken_at.is_none() && over =>
        {
            Fate::Unfilled
        }
        Some(OrderState::Posted | OrderState::Cancelled | OrderState::NoShow | OrderState::NotCounted) => {
            Fate::Ended
        }
        _ => Fate::Open,
    };
    Asked { asked_at: row.asked_at, by_phone: row.manner == "desk", taken_at: row.taken_at, fate }
}

/// The number of the first order asked for since `at`.
async fn first_since(tx: &mut Tx, book: BookId, at: Timestamp) -> ServiceResult<i64> {
    let (mut low, mut high) = (1, serial::last(tx, book, Series::TimeOrder).await? + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        match rows::order_at(tx, book, middle).await? {
            Some((no, asked_at)) if asked_at < at => low = no + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// Minutes that notices and activities credited in each month, by when they were recorded; what was undone counts less.
async fn credited(tx: &mut Tx, book: BookId, firsts: &[Day]) -> ServiceResult<Vec<i64>> {
    let path = chart::time_service();
    let Some(account) = read::accounts_of(tx, book, path.as_str()).await?.into_iter().next() else {
        return Ok(vec![0; MONTHS]);
    };
    let mut ends = Vec::with_capacity(firsts.len());
    for first in firsts {
        let seq = as_of::settled(tx, book, first.plus(-1)).await?;
        let version = places::version_at(tx, book, account.account_id, seq).await?;
        ends.push(places::balance_at(tx, book, account.account_id, version).await?);
    }
    Ok(ends.iter().zip(ends.iter().skip(1)).map(|(before, after)| after - before).collect())
}
