//! Points and minutes that lapse (过期): once a day what was not spent in time is posted as lapsed, first in, first out,
//! and before that everybody is told: the household on its page, the clerk on a sheet to hang up and to read out.
//! What is put aside does not lapse before it is given back: it then keeps the last day it had.

use futures_util::future::BoxFuture;

use super::{
    Actor, Desk, Effect, ServiceError, ServiceResult,
    as_of::settled,
    books::{Order, facts},
    caller::Clerk,
    error::causes,
    redeem::masked_head,
    rulesets,
    sweep::is_closed,
};
use crate::{
    domain::{
        book::{Posted, TxnKind, lapsed, lapsing},
        chart::{self, AccountKind, kind_of},
        household::HouseholdNo,
        ids::{BookId, OrgId},
        posting::{Commodity, Line, Path},
        ruleset::Expiry,
        time::Day,
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx, household,
        lapse::{self as rows},
        ledger::read::{self, AccountRow},
        org,
        serial::{self, Series},
    },
};

/// Days before the last one on which a household is reminded, where the rules do not say.
const REMIND_DAYS: u32 = 30;
/// … and reminded with emphasis.
const WARN_DAYS: u32 = 7;

/// Points that lapse after a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lapse {
    /// The last day on which they may be spent.
    pub day: Day,
    /// How many, in hundredths.
    pub points: i64,
    /// Whether that day is near.
    pub soon: bool,
}

/// A household with points that lapse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LapsingHome {
    /// Its number.
    pub no: String,
    /// Its head, masked.
    pub masked_name: String,
    /// What lapses, the nearest day first.
    pub lapses: Vec<Lapse>,
}

/// The households of a group with points that lapse, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LapsingGroup {
    /// The group.
    pub id: OrgId,
    /// What it is called.
    pub name: String,
    /// Its households.
    pub homes: Vec<LapsingHome>,
}

/// Days before the last one: reminded from the first on, with emphasis from the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reminders {
    first: u32,
    last: u32,
}

impl Reminders {
    async fn of(tx: &mut Tx, book: BookId, today: Day) -> ServiceResult<Self> {
        let days = match rulesets::in_force(tx, book, today).await {
            Ok(set) => match &set.programme.expiry {
                Expiry::NextYear { reminders, .. }
                | Expiry::Rolling { reminders, .. }
                | Expiry::EndOfPeriod { reminders, .. } => reminders.clone(),
                Expiry::None | Expiry::ResetToBase => Vec::new(),
            },
            // a village without rules yet has nothing that lapses
            Err(ServiceError::Refused(_)) => Vec::new(),
            Err(other) => return Err(other),
        };
        Ok(Self {
            first: days.iter().max().copied().unwrap_or(REMIND_DAYS),
            last: days.iter().min().copied().unwrap_or(WARN_DAYS),
        })
    }

    fn end(days: u32, today: Day) -> Day {
        today.plus(i32::try_from(days).unwrap_or(i32::MAX))
    }

    /// Of what lapses, that of which one is to be reminded today.
    fn told(self, all: Vec<(Day, i64)>, today: Day) -> Vec<Lapse> {
        let near = all.into_iter().filter(|(day, _)| *day >= today && *day <= Self::end(self.first, today));
        let soon = Self::end(self.last, today);
        near.map(|(day, points)| Lapse { day, points, soon: day <= soon }).collect()
    }
}

impl Desk {
    /// Posts what has lapsed in `book` by today, once a day, however often it is asked; how many accounts now. May die
    /// at any point and run again, here and elsewhere at once: an account lapses only as it stood when it was looked
    /// at, which its key says too, so that a refusal of what was spent meanwhile does not bind the next look.
    pub async fn post_lapses(&self, book: BookId) -> ServiceResult<usize> {
        let today = self.today();
        let mut tx = self.db.begin_read().await?;
        let swept = serial::last(&mut tx, book, Series::LapseSweep).await?;
        if swept >= i64::from(today.number()) || is_closed(&mut tx, book, today).await? {
            return Ok(0);
        }
        let over = today.plus(-1);
        let last = Day::from_number(i32::try_from(swept).unwrap_or(i32::MAX));
        let mut due = rows::accounts(&mut tx, book, last.plus(-1), over).await?;
        if swept > 0 {
            let before = settled(&mut tx, book, last.plus(-1)).await?;
            due.extend(rows::touched(&mut tx, book, before, over).await?);
            due.sort_unstable();
            due.dedup();
        }
        let (mut posted, mut left) = (0, 0);
        for id in due {
            let Some((account, points)) = over_now(&mut tx, book, id, over).await? else { continue };
            match self.lapse(book, &account, points, today).await {
                Ok(()) => posted += 1,
                Err(error) => {
                    let account = &account.path;
                    tracing::warn!(account, error = %causes(&error), "what lapsed was not posted");
                    left += 1;
                }
            }
        }
        drop(tx);
        if left == 0 {
            self.mark_swept(book, Series::LapseSweep, swept, today).await?;
        }
        Ok(posted)
    }

    async fn lapse(
        &self,
        book: BookId,
        account: &AccountRow,
        quantity: i64,
        today: Day,
    ) -> ServiceResult<()> {
        let unread = |column| StoreError::inconsistent("account", column, &account.path);
        let path: Path = account.path.parse().map_err(|_| unread("path"))?;
        let commodity: Commodity = account.commodity.parse().map_err(|_| unread("commodity"))?;
        let lines = vec![
            Line::new(path, commodity.clone(), quantity),
            Line::new(chart::expired(), commodity, -quantity),
        ];
        let order = Order {
            key: &format!("expiry:{}:{today}:{}", account.path, account.version),
            kind: TxnKind::Expiry,
            effective_on: today,
            source: None,
            body: facts([("account", account.path.clone()), ("over", today.plus(-1).to_string())]),
        };
        let command = self.command(&Actor::System, order, lines)?;
        let still = AsSeen { account: account.account_id, version: account.version };
        self.posted(book, command, vec![Box::new(still)]).await.map(drop)
    }

    /// Households of a village with points of which they are to be reminded, by group and number, never by amount.
    pub async fn lapsing_homes(&self, by: &Clerk) -> ServiceResult<Vec<LapsingGroup>> {
        let today = self.today();
        let mut tx = self.db.begin_read().await?;
        let reminders = Reminders::of(&mut tx, by.book, today).await?;
        let mut groups: Vec<LapsingGroup> = Vec::new();
        for id in rows::accounts(&mut tx, by.book, today, Reminders::end(reminders.first, today)).await? {
            let Some(account) = rows::account(&mut tx, by.book, id).await? else { continue };
            let Some(no) = household_of(&account.path) else { continue };
            let lapses = reminders.told(left(&mut tx, by.book, &account).await?, today);
            let Some(home) = household::by_no(&mut tx, by.book, &no).await?.filter(|_| !lapses.is_empty())
            else {
                continue;
            };
            let masked_name = masked_head(&mut tx, by.book, &home).await?;
            let entry = LapsingHome { no: no.to_string(), masked_name, lapses };
            if let Some(group) = groups.iter_mut().find(|g| g.id == home.group_id) {
                group.homes.push(entry);
            } else {
                let name = org::by_id(&mut tx, home.group_id).await?.map(|o| o.name).unwrap_or_default();
                groups.push(LapsingGroup { id: home.group_id, name, homes: vec![entry] });
            }
        }
        groups.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        for group in &mut groups {
            group.homes.sort_by(|a, b| a.no.cmp(&b.no));
        }
        Ok(groups)
    }
}

/// What a household is to be reminded of, the nearest day first.
pub(super) async fn of_household(
    tx: &mut Tx,
    book: BookId,
    no: &str,
    today: Day,
) -> ServiceResult<Vec<Lapse>> {
    let account = super::books::path(chart::household_available(no))?;
    let accounts = read::accounts_of(tx, book, account.as_str()).await?;
    let Some(row) = accounts.into_iter().find(|a| a.commodity == Commodity::POINT) else {
        return Ok(Vec::new());
    };
    let left = left(tx, book, &row).await?;
    if left.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Reminders::of(tx, book, today).await?.told(left, today))
}

/// What is left of an account's credits by last day.
async fn left(tx: &mut Tx, book: BookId, account: &AccountRow) -> ServiceResult<Vec<(Day, i64)>> {
    Ok(lapsing(&rows::credits(tx, book, account.account_id).await?, account.debited))
}

/// How many accounts have credits whose last day was `over` or before and that are not posted as lapsed.
pub(super) async fn waiting(tx: &mut Tx, book: BookId, over: Day) -> ServiceResult<i64> {
    let mut count = 0;
    for id in rows::accounts(tx, book, Day::from_number(i32::MIN), over).await? {
        count += i64::from(over_now(tx, book, id, over).await?.is_some());
    }
    Ok(count)
}

/// What of an account is over: its last day was `over` or before. Nothing when nothing is.
async fn over_now(tx: &mut Tx, book: BookId, id: i64, over: Day) -> ServiceResult<Option<(AccountRow, i64)>> {
    let Some(account) = rows::account(tx, book, id).await? else { return Ok(None) };
    let kind = account.path.parse::<Path>().ok().as_ref().and_then(kind_of);
    if !kind.is_some_and(AccountKind::has_lots) {
        return Ok(None);
    }
    let credits = rows::credits(tx, book, id).await?;
    let due = credits.iter().filter(|(day, _)| *day <= over).map(|(_, credited)| credited).sum();
    let quantity = lapsed(due, account.debited).min(-account.quantity);
    Ok((quantity > 0).then_some((account, quantity)))
}

fn household_of(path: &str) -> Option<HouseholdNo> {
    path.strip_prefix("Liabilities:Households:")?.strip_suffix(":Available")?.parse().ok()
}

/// That nothing else moved the account between the look at it and the posting: what was spent meanwhile did not lapse.
struct AsSeen {
    account: i64,
    version: i64,
}

impl Effect for AsSeen {
    fn apply<'a>(&'a self, _: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        let entry = posted.entries.iter().find(|e| e.account_id == self.account);
        let next = entry.is_some_and(|e| e.version == self.version + 1);
        let seen = if next { Ok(()) } else { Err(StoreError::RowsAffected { expected: 1, actual: 0 }) };
        Box::pin(std::future::ready(seen))
    }
}
