//! What may still be issued (发放上限): by the year, by the month, and by the money behind the points. A sheet that would
//! pass a ceiling, or leave the points it promises without money, is refused before it hangs, with what is missing; and
//! each line counts against its year's ceiling when it is posted, under the book's lock, whatever hung meanwhile.
//!
//! A year's ceiling is for what happened in the year: December's points are December's, though they are posted in January.
//! Balances brought over from paper were issued before and do not count.

use std::collections::BTreeMap;

use super::{
    Desk, ServiceError, ServiceResult, audit::trial_lines, budget::value_of_a_point, refuse, rulesets,
};
use crate::{
    domain::{
        amount::{points, yuan},
        book::MeterUse,
        chart::AccountKind as Kind,
        ids::{BookId, NoticeId},
        money::{Coverage, CoverageLevel, issue_meter},
        posting::Commodity,
        ruleset::Programme,
        time::Day,
    },
    store::{
        Tx,
        award::{AwardRow, lists},
        ledger::read,
    },
};

/// How the issue of a village stands to its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The year.
    pub year: i32,
    /// Its month.
    pub month: u8,
    /// Points issued for what happened in the year, in minor units.
    pub issued: i64,
    /// Points that sheets that hang promise for it.
    pub promised: i64,
    /// The most that may have been issued by the end of the month.
    pub month_ceiling: i64,
    /// The most of the year.
    pub year_ceiling: i64,
    /// Money and goods behind the points that are out.
    pub coverage: Coverage,
    /// … and behind those that hang, too.
    pub with_promised: Coverage,
}

impl Desk {
    /// How the issue of a book stands to its limits; nothing while it has no rules.
    pub async fn issue_standing(&self, book: BookId) -> ServiceResult<Option<Standing>> {
        let today = self.today();
        let mut tx = self.db.begin_read().await?;
        let set = match rulesets::in_force(&mut tx, book, today).await {
            Err(ServiceError::Refused(_)) => return Ok(None),
            other => other?,
        };
        let (year, month, _) = today.ymd();
        let promised = lists::promised_for(&mut tx, book, days_of(year), None).await?;
        let all = lists::promised_for(&mut tx, book, ALL_DAYS, None).await?;
        let issued = read::meter(&mut tx, book, &issue_meter(year)).await?;
        let coverage = coverage(&mut tx, book, set.programme.rate_fen).await?;
        Ok(Some(Standing {
            year,
            month,
            issued,
            promised,
            month_ceiling: set.programme.ceiling_on(year, today),
            year_ceiling: set.programme.annual_ceiling,
            coverage,
            with_promised: coverage.with(all),
        }))
    }
}

/// Whether a sheet may hang: within the ceilings of its lines' years, and with money behind what it promises. Called
/// under the lock of the notices.
pub(super) async fn check(
    tx: &mut Tx,
    book: BookId,
    sheet: NoticeId,
    awards: &[AwardRow],
    (today, closes_on): (Day, Day),
) -> ServiceResult<()> {
    if awards.iter().all(|a| a.points <= 0) {
        return Ok(());
    }
    check_ceilings(tx, book, sheet, awards, closes_on).await?;
    let Some(rate_fen) = value_of_a_point(tx, book, today).await? else { return Ok(()) };
    // the lines first: a posting in between then counts twice rather than not at all
    let promised = lists::promised_for(tx, book, ALL_DAYS, Some(sheet)).await?;
    let after = coverage(tx, book, rate_fen).await?.with(promised);
    if after.level() == CoverageLevel::Short {
        return Err(refuse("coverage_short")
            .with("needed", yuan(after.owed_fen()))
            .with("available", yuan(after.behind_fen))
            .with("shortage", yuan(after.owed_fen().saturating_sub(after.behind_fen)))
            .into());
    }
    Ok(())
}

async fn check_ceilings(
    tx: &mut Tx,
    book: BookId,
    sheet: NoticeId,
    awards: &[AwardRow],
    closes_on: Day,
) -> ServiceResult<()> {
    for (year, (limit, annual)) in limits(tx, awards, closes_on).await? {
        // the lines first, as above
        let needed = lists::promised_for(tx, book, days_of(year), Some(sheet)).await?;
        let available = limit - read::meter(tx, book, &issue_meter(year)).await?;
        if needed > available {
            let code = if limit < annual { "month_ceiling_reached" } else { "year_ceiling_reached" };
            return Err(refuse(code)
                .with("year", year)
                .with("month", closes_on.ymd().1)
                .with("ceiling", points(limit))
                .with("needed", points(needed))
                .with("available", points(available))
                .with("shortage", points(needed - available))
                .into());
        }
    }
    Ok(())
}

/// By year, what the rules of these awards let have been issued by the month in which their clock runs out, and in the
/// year; where their rules differ, the least.
async fn limits(
    tx: &mut Tx,
    awards: &[AwardRow],
    closes_on: Day,
) -> ServiceResult<BTreeMap<i32, (i64, i64)>> {
    let mut limits = BTreeMap::new();
    for award in awards.iter().filter(|a| a.points > 0) {
        let set = rulesets::of_hash(tx, &award.ruleset).await?;
        let year = award.occurred_on.ymd().0;
        let own = (set.programme.ceiling_on(year, closes_on), set.programme.annual_ceiling);
        let least = limits.entry(year).or_insert(own);
        *least = own.min(*least);
    }
    Ok(limits)
}

/// What a posting of `points` for something of `year` counts against, if it issues any.
pub(super) fn issue_use(programme: &Programme, year: i32, points: i64, today: Day) -> Option<MeterUse> {
    (points > 0).then(|| MeterUse::capped(issue_meter(year), points, programme.ceiling_on(year, today)))
}

/// Money and goods behind the points of a book that are out.
pub(super) async fn coverage(tx: &mut Tx, book: BookId, rate_fen: i64) -> ServiceResult<Coverage> {
    let lines = trial_lines(tx, book).await?;
    let sum = |commodity: &str, kinds: [Kind; 2]| -> i64 {
        let own = lines.iter().filter(|l| l.commodity == commodity);
        own.filter(|l| l.kind.is_some_and(|k| kinds.contains(&k))).map(|l| l.quantity).sum()
    };
    Ok(Coverage {
        behind_fen: sum(Commodity::CNYFEN, [Kind::Fund, Kind::StockCost]),
        points: -sum(Commodity::POINT, [Kind::Available, Kind::Held]),
        rate_fen,
    })
}

/// Every day.
const ALL_DAYS: (Day, Day) = (Day::from_number(i32::MIN), Day::from_number(i32::MAX));

/// A year, from its first day to before the next.
fn days_of(year: i32) -> (Day, Day) {
    let first = |year| Day::from_ymd(year, 1, 1);
    let (from, until) = ALL_DAYS;
    (first(year).unwrap_or(from), first(year.saturating_add(1)).unwrap_or(until))
}
