//! Whether a village can serve what it promised (兑付保障): hours of those who may draw now or within a year against what is
//! really served, and what the public pool may still issue.

use super::{Desk, ServiceResult, ageing::outstanding_of, policy_on};
use crate::{
    domain::{
        chart,
        posting::Commodity,
        time::Day,
        timebank::cover::{Cover, cover, draws_soon},
    },
    service::caller::Auditor,
    store::{ledger::read, timebank::outstanding},
};

/// People read at once.
const PEOPLE_PAGE: i64 = 1_000;
/// Days over which service is counted: twelve months.
const DAYS: i32 = 365;

/// What was promised, what is served, what the pool has left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverView {
    /// As of this day.
    pub on: Day,
    /// All outstanding minutes.
    pub outstanding: i64,
    /// Those of people who may draw soon, against what is served.
    pub cover: Cover,
    /// Months from which on the policy warns, and from which on somebody has to act.
    pub thresholds: (i64, i64),
    /// Minutes in the public pool, free.
    pub pool: i64,
    /// Minutes that may still be issued into it this year.
    pub quota_left: i64,
}

impl Desk {
    /// What was promised against what is served in the last twelve months.
    pub async fn time_bank_cover(&self, by: &Auditor) -> ServiceResult<CoverView> {
        let (book, on) = (by.book, self.today());
        let mut tx = self.db.begin_read().await?;
        let policy = policy_on(&mut tx, book, on).await?;
        let aged = outstanding_of(&mut tx, book, on).await?;
        let (mut promised, mut after) = (0, String::new());
        loop {
            let page = outstanding::born(&mut tx, book, &after, PEOPLE_PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            last.as_str().clone_into(&mut after);
            for (no, born) in page {
                let age = born.map(|born| (on.ymd().0 - born).max(0));
                let has = aged.get(no.as_str()).map_or(0, |of_one| of_one.balance().max(0));
                promised += if draws_soon(&policy.drawing, age) { has } else { 0 };
            }
        }
        let served = outstanding::served(&mut tx, book, on.plus(-DAYS), on).await?;
        let issued = read::meter(&mut tx, book, &format!("time-issue:{}", on.ymd().0)).await?;
        let pool = -read::balance(&mut tx, book, chart::time_pool().as_str(), Commodity::MIN).await?;
        Ok(CoverView {
            on,
            outstanding: aged.values().map(crate::domain::timebank::ageing::Ageing::balance).sum(),
            cover: cover(&policy.cover, promised, served),
            thresholds: (policy.cover.watch_months, policy.cover.act_months),
            pool,
            quota_left: (policy.pool.a_year - issued).max(0),
        })
    }
}
