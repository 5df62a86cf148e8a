//! The yearly base of the reputation score (评比分基础分): every household begins the year with what the rules say,
//! never redeemable, and a household registered later begins with it too.

use futures_util::{StreamExt, stream};

use super::{
    Actor, Desk, ServiceError, ServiceResult,
    books::{Order, facts, path},
    rulesets,
};
use crate::{
    domain::{
        book::TxnKind,
        chart,
        household::{HouseholdNo, HouseholdState},
        ids::BookId,
        posting::{Commodity, Line},
        time::Day,
    },
    store::{
        household,
        ledger::read,
        programme::{self, ProgrammeRow},
        serial::{self, Series},
    },
};

/// Households given their base in one pass over a book.
const HOUSEHOLDS_A_PASS: i64 = 2_000;
/// Postings handed to the Poster at once.
const AT_ONCE: usize = 512;
/// The mark of how far a year's bases are given is `year × this + ordinal of the household`.
const YEAR_STEP: i64 = 1_000_000_000;

/// A base to be posted.
struct Base {
    no: HouseholdNo,
    /// What is missing to the base; negative when last year ended above it.
    change: i64,
}

impl Desk {
    /// Gives the households of `book` that have not had it this year's base; how many. A household counts as served
    /// when everyone up to its number is: the mark moves only after all of a pass are posted.
    pub async fn give_honor_bases(&self, book: BookId) -> ServiceResult<usize> {
        let today = self.today();
        let year_mark = i64::from(today.ymd().0) * YEAR_STEP;
        let mut tx = self.db.begin_read().await?;
        let before = serial::last(&mut tx, book, Series::HonorBase).await?;
        let served = u32::try_from((before - year_mark).max(0)).unwrap_or(u32::MAX);
        let after = if served == 0 { String::new() } else { HouseholdNo::from_ordinal(served).to_string() };
        let page = household::page(&mut tx, book, &after, HOUSEHOLDS_A_PASS).await?;
        let Some(last) = page.last().map(|h| i64::from(h.no.ordinal())) else { return Ok(0) };
        let set = match rulesets::in_force(&mut tx, book, today).await {
            Ok(set) => set,
            // a village without rules yet has no base either
            Err(ServiceError::Refused(_)) => return Ok(0),
            Err(other) => return Err(other),
        };
        let mut bases = Vec::new();
        for found in &page {
            if found.state()? == HouseholdState::Closed {
                continue;
            }
            let account = path(chart::household_honor(found.no.as_str()))?;
            let score = -read::balance(&mut tx, book, account.as_str(), Commodity::HONOR).await?;
            bases.push(Base { no: found.no.clone(), change: set.programme.base_honor - score });
        }
        drop(tx);
        let posts = bases.into_iter().filter(|b| b.change != 0).map(|b| self.give_base(book, today, b));
        let results: Vec<ServiceResult<()>> = stream::iter(posts).buffer_unordered(AT_ONCE).collect().await;
        let count = results.len();
        results.into_iter().collect::<ServiceResult<Vec<()>>>()?;
        let mut tx = self.db.begin_write().await?;
        // another process may have moved the mark meanwhile: then it has served the same households
        if serial::take(&mut tx, book, Series::HonorBase, 0).await? == before {
            serial::take(&mut tx, book, Series::HonorBase, year_mark + last - before).await?;
            tx.commit().await?;
        }
        Ok(count)
    }

    async fn give_base(&self, book: BookId, today: Day, base: Base) -> ServiceResult<()> {
        let year = today.ymd().0;
        let lines = vec![
            Line::new(chart::honor_source(), Commodity::honor(), base.change),
            Line::new(path(chart::household_honor(base.no.as_str()))?, Commodity::honor(), -base.change),
        ];
        let order = Order {
            key: &format!("honor-base:{year}:{}", base.no),
            kind: TxnKind::HonorBase,
            effective_on: today,
            source: None,
            body: facts([("year", year.to_string()), ("household", base.no.to_string())]),
        };
        let command = self.command(&Actor::System, order, lines)?;
        self.posted(book, command, Vec::new()).await.map(drop)
    }

    /// Programmes numbered above `after`, for what runs over all books.
    pub async fn programmes_after(&self, after: i64, limit: i64) -> ServiceResult<Vec<ProgrammeRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(programme::list(&mut tx, after, limit).await?)
    }
}
