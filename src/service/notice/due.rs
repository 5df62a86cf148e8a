//! The lines whose clock has run out undisputed: what each needs to be posted, and which of them the budget of their
//! fund does not cover. Posts nothing.

use std::collections::{BTreeMap, HashMap};

use super::budget_left;
use crate::{
    domain::{
        book::MeterUse,
        ids::{AwardId, BookId, FundId, NoticeId},
        money::issue_meter,
        rule::{Direction, Sanction},
        time::{Day, Timestamp},
    },
    service::{ServiceError, ServiceResult, issue, rulesets},
    store::{
        Tx,
        award::{
            AwardRow,
            lists::{self, DueNumbers},
        },
        fund,
        ledger::read,
        notice,
    },
};

/// Lines read at once.
const LINES_A_PAGE: i64 = 2_000;

/// What is needed to build one line's command.
pub(super) struct Due {
    pub(super) award: AwardRow,
    /// The code of the fund its points are taken from.
    pub(super) fund: String,
    pub(super) household_no: String,
    pub(super) person_no: Option<String>,
    /// Whether its item takes: only such a line may move nothing.
    pub(super) deducts: bool,
    /// What its item pauses.
    pub(super) sanction: Option<Sanction>,
    /// Honour points to move: a deduction is cut at the floor.
    pub(super) honor: i64,
    /// The floor of the score by its rules.
    pub(super) floor: i64,
    pub(super) expires_on: Option<Day>,
    /// What it counts against, if it issues points.
    pub(super) issue: Option<MeterUse>,
}

/// The due lines of a book numbered above `after`: those that can be posted, the number of those the budget does not
/// cover, and where the next page begins.
pub(super) struct Page {
    pub(super) lines: Vec<Due>,
    pub(super) uncovered: usize,
    pub(super) next: Option<i64>,
}

/// Reads a page of due lines.
pub(super) async fn page(
    tx: &mut Tx,
    book: BookId,
    now: Timestamp,
    after: i64,
    funds: &mut Funds,
) -> ServiceResult<Page> {
    let awards = lists::due(tx, book, now, after, LINES_A_PAGE).await?;
    let full = i64::try_from(awards.len()).is_ok_and(|n| n == LINES_A_PAGE);
    let next = awards.last().filter(|_| full).map(|a| a.no);
    let numbers: HashMap<AwardId, DueNumbers> = lists::due_numbers(tx, book, now, after, LINES_A_PAGE)
        .await?
        .into_iter()
        .map(|n| (n.id, n))
        .collect();
    let (mut lines, mut uncovered) = (Vec::with_capacity(awards.len()), 0);
    for award in awards {
        let Some(notice_id) = award.notice_id else { continue };
        let fund = funds.of_notice(tx, book, notice_id).await?;
        // what the ceiling does not allow yet waits for the next month; what the budget cannot cover stays where it is:
        // the first pages of clerk and auditor say so
        let within = funds.within_ceiling(tx, book, &award, now.day()).await?;
        if !within || !funds.cover(tx, book, fund, award.points).await? {
            uncovered += 1;
            continue;
        }
        funds.count(&award);
        let fund = funds.code(tx, book, fund).await?;
        let Some(numbers) = numbers.get(&award.id) else { continue };
        lines.push(line(tx, award, numbers, fund, now).await?);
    }
    Ok(Page { lines, uncovered, next })
}

async fn line(
    tx: &mut Tx,
    award: AwardRow,
    numbers: &DueNumbers,
    fund: String,
    now: Timestamp,
) -> ServiceResult<Due> {
    let set = rulesets::of_hash(tx, &award.ruleset).await?;
    let item = set.item(&award.item);
    Ok(Due {
        fund,
        household_no: numbers.household_no.clone(),
        person_no: numbers.person_no.clone(),
        issue: issue::issue_use(&set.programme, award.occurred_on.ymd().0, award.points, now.day()),
        deducts: item.is_some_and(|i| i.direction == Direction::Deduct),
        sanction: item.and_then(|i| i.sanction),
        honor: award.honor,
        floor: set.programme.honor_floor,
        expires_on: set.programme.expiry.last_day(now.day()),
        award,
    })
}

/// What a fund lacks for the lines that are due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shortage {
    /// Lines that stay in notice for want of budget.
    pub lines: i64,
    /// What the budget lacks to post them all, in minor units.
    pub points: i64,
}

/// What the funds of a book lack for the lines that are due by `now`; funds that lack nothing are left out.
pub async fn shortages(
    tx: &mut Tx,
    book: BookId,
    now: Timestamp,
) -> ServiceResult<BTreeMap<FundId, Shortage>> {
    let (mut funds, mut out) = (Funds::default(), BTreeMap::<FundId, Shortage>::new());
    let mut after = 0;
    loop {
        let page = lists::due_points(tx, book, now, after, LINES_A_PAGE).await?;
        let Some((last, ..)) = page.last() else { break };
        after = *last;
        for (_, fund, points) in page {
            if !funds.cover(tx, book, fund, points).await? {
                let short = out.entry(fund).or_default();
                short.lines += 1;
                short.points += points;
            }
        }
    }
    for (fund, short) in &mut out {
        short.points -= funds.left.get(fund).copied().unwrap_or(0);
    }
    Ok(out)
}

/// The funds of the sheets at hand and what is left of them, looked up once a pass.
#[derive(Debug, Default)]
pub(super) struct Funds {
    of_notice: HashMap<NoticeId, FundId>,
    codes: HashMap<FundId, String>,
    left: HashMap<FundId, i64>,
    /// Points issued for a year, with those set aside.
    issued: HashMap<i32, i64>,
}

impl Funds {
    async fn of_notice(&mut self, tx: &mut Tx, book: BookId, id: NoticeId) -> ServiceResult<FundId> {
        if let Some(found) = self.of_notice.get(&id) {
            return Ok(*found);
        }
        let row = notice::one(tx, book, id).await?.ok_or(ServiceError::NotFound("notice"))?;
        self.of_notice.insert(id, row.fund_id);
        Ok(row.fund_id)
    }

    async fn code(&mut self, tx: &mut Tx, book: BookId, id: FundId) -> ServiceResult<String> {
        if let Some(code) = self.codes.get(&id) {
            return Ok(code.clone());
        }
        let code = fund::one(tx, book, id).await?.ok_or(ServiceError::NotFound("fund"))?.code;
        self.codes.insert(id, code.clone());
        Ok(code)
    }

    /// Whether the ceilings of its rules let a line be posted today.
    async fn within_ceiling(
        &mut self,
        tx: &mut Tx,
        book: BookId,
        award: &AwardRow,
        today: Day,
    ) -> ServiceResult<bool> {
        if award.points <= 0 {
            return Ok(true);
        }
        let year = award.occurred_on.ymd().0;
        let issued = match self.issued.get(&year) {
            Some(issued) => *issued,
            None => {
                let issued = read::meter(tx, book, &issue_meter(year)).await?;
                self.issued.insert(year, issued);
                issued
            }
        };
        let set = rulesets::of_hash(tx, &award.ruleset).await?;
        Ok(issued.saturating_add(award.points) <= set.programme.ceiling_on(year, today))
    }

    /// Counts a line that will be posted against its year.
    fn count(&mut self, award: &AwardRow) {
        if let Some(issued) = self.issued.get_mut(&award.occurred_on.ymd().0) {
            *issued = issued.saturating_add(award.points.max(0));
        }
    }

    /// Sets `points` aside if the fund still has them.
    async fn cover(&mut self, tx: &mut Tx, book: BookId, fund: FundId, points: i64) -> ServiceResult<bool> {
        let left = match self.left.get(&fund) {
            Some(left) => *left,
            None => {
                let code = self.code(tx, book, fund).await?;
                budget_left(tx, book, &code).await?
            }
        };
        let covered = points <= left;
        self.left.insert(fund, if covered { left - points } else { left });
        Ok(covered)
    }
}
