//! Balances and statements as of a pair: by business days up to one (按业务日期), as recorded up to an instant
//! (截至记账时间). No transaction counts for a day after the one it was recorded on, so whatever was recorded by the
//! end of the business day counts, and only what came later is looked at line by line. Reads only.

use super::{
    Desk, ServiceError, ServiceResult,
    books::path,
    caller::{Bookkeeper, Resident, Staff},
    refuse,
    statement::{Holdings, Score, StatementLine, may_read},
};
use crate::{
    domain::{
        chart::{self, AccountKind, kind_of},
        ids::{BookId, HouseholdId},
        posting::{Commodity, Path},
        time::{Day, Timestamp},
    },
    store::{
        Tx, as_of as rows, household,
        ledger::read::{self, AccountRow},
        statement::LineRow,
    },
};

/// Lines on one page at most.
const PAGE_MAX: i64 = 100;

/// The pair. What is left out is not bounded: everything so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AsOf {
    /// The last business day that counts.
    pub effective_on: Option<Day>,
    /// The last instant of recording that counts.
    pub recorded_at: Option<Timestamp>,
}

impl AsOf {
    /// From what was typed: a day, and an instant as RFC 3339 or as a form sends it, `2026-06-03T18:00`, which means
    /// the whole of that minute. Left blank it does not bound.
    pub fn read(effective_on: &str, recorded_at: &str) -> ServiceResult<Self> {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let day = given(effective_on)
            .map(|text| text.parse().map_err(|_| refuse("bad_day").with("text", &text)))
            .transpose()?;
        let at = given(recorded_at)
            .map(|text| instant(&text).ok_or_else(|| refuse("invalid_instant").with("text", &text)))
            .transpose()?;
        Ok(Self { effective_on: day, recorded_at: at })
    }

    /// Whether it bounds nothing.
    #[must_use]
    pub const fn is_now(self) -> bool {
        self.effective_on.is_none() && self.recorded_at.is_none()
    }
}

fn instant(text: &str) -> Option<Timestamp> {
    // in an address, an unescaped + is a space
    let whole = text.replace(' ', "+").parse().ok();
    let minute = || format!("{text}:59.999999+08:00").parse().ok();
    whole.or_else(minute)
}

/// Which lines of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// Those below this version; all when left out.
    pub before: Option<i64>,
    /// So many at most.
    pub limit: i64,
}

/// A balance as of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountThen {
    /// The account.
    pub path: String,
    /// What is counted.
    pub commodity: String,
    /// What the account is for.
    pub kind: Option<AccountKind>,
    /// Debits less credits.
    pub quantity: i64,
}

/// A pair, found in one book.
pub(super) struct View {
    day: Day,
    /// The last place that counts.
    seq: i64,
    /// The last place before which all counts: recorded by the end of the business day.
    settled: i64,
}

impl View {
    pub(super) async fn of(tx: &mut Tx, book: BookId, as_of: AsOf) -> ServiceResult<Self> {
        let head = read::head(tx, book).await?.ok_or(ServiceError::NotFound("book"))?;
        let seq = match as_of.recorded_at {
            None => head.seq,
            Some(at) => rows::seq_at(tx, book, at).await?,
        };
        Ok(match as_of.effective_on {
            None => Self { day: Day::from_number(i32::MAX), seq, settled: seq },
            Some(day) => Self { day, seq, settled: settled(tx, book, day).await?.min(seq) },
        })
    }

    /// The balance of an account.
    pub(super) async fn balance(&self, tx: &mut Tx, book: BookId, account: i64) -> ServiceResult<i64> {
        let last = rows::version_at(tx, book, account, self.seq).await?;
        self.balance_through(tx, book, account, last).await
    }

    /// What its entries up to number `last` come to.
    async fn balance_through(
        &self,
        tx: &mut Tx,
        book: BookId,
        account: i64,
        last: i64,
    ) -> ServiceResult<i64> {
        let settled = rows::version_at(tx, book, account, self.settled).await?.min(last);
        let before = rows::balance_at(tx, book, account, settled).await?;
        if settled == last {
            return Ok(before);
        }
        Ok(before + rows::moved(tx, book, account, (settled, last), self.day).await?)
    }

    /// Its lines, the latest first, each with the balance that it and those before it come to.
    async fn lines(
        &self,
        tx: &mut Tx,
        book: BookId,
        account: i64,
        leaf: Leaf,
    ) -> ServiceResult<Vec<LineRow>> {
        let last = rows::version_at(tx, book, account, self.seq).await?;
        let last = leaf.before.map_or(last, |before| last.min(before.saturating_sub(1)));
        let limit = leaf.limit.clamp(1, PAGE_MAX);
        let mut lines = rows::lines(tx, book, account, last, self.day, limit).await?;
        let mut balance = self.balance_through(tx, book, account, last).await?;
        for line in &mut lines {
            line.balance_after = balance;
            balance -= line.quantity;
        }
        Ok(lines)
    }
}

/// The last place recorded by the end of `day`: up to there everything counts for `day` or an earlier one.
pub(super) async fn settled(tx: &mut Tx, book: BookId, day: Day) -> ServiceResult<i64> {
    let end = Timestamp::from_micros(day.plus(1).start().micros() - 1);
    Ok(rows::seq_at(tx, book, end).await?)
}

impl Desk {
    /// An account in each of its commodities, as of a pair.
    pub async fn balances_as_of(
        &self,
        by: &Bookkeeper,
        account: &str,
        as_of: AsOf,
    ) -> ServiceResult<Vec<AccountThen>> {
        let mut tx = self.db.begin_read().await?;
        let accounts = accounts(&mut tx, by.book, account).await?;
        let view = View::of(&mut tx, by.book, as_of).await?;
        let mut out = Vec::with_capacity(accounts.len());
        for row in accounts {
            let quantity = view.balance(&mut tx, by.book, row.account_id).await?;
            let kind = row.path.parse::<Path>().ok().as_ref().and_then(kind_of);
            out.push(AccountThen { path: row.path, commodity: row.commodity, kind, quantity });
        }
        Ok(out)
    }

    /// The lines of an account in one commodity as of a pair, the latest first.
    pub async fn lines_as_of(
        &self,
        by: &Bookkeeper,
        (account, commodity): (&str, &str),
        as_of: AsOf,
        leaf: Leaf,
    ) -> ServiceResult<Vec<LineRow>> {
        let mut tx = self.db.begin_read().await?;
        let found = accounts(&mut tx, by.book, account).await?;
        let row = found.into_iter().find(|a| a.commodity == commodity);
        let row = row.ok_or(ServiceError::NotFound("account"))?;
        let view = View::of(&mut tx, by.book, as_of).await?;
        view.lines(&mut tx, by.book, row.account_id, leaf).await
    }

    /// What the signed-in household had, as of a pair.
    pub async fn own_holdings_as_of(&self, by: &Resident, as_of: AsOf) -> ServiceResult<Holdings> {
        self.holdings_then(by.book, by.household, as_of).await
    }

    /// What a household had as of a pair, for those who may read it.
    pub async fn holdings_as_of(&self, by: &Staff, id: HouseholdId, as_of: AsOf) -> ServiceResult<Holdings> {
        may_read(by)?;
        self.holdings_then(by.book, id, as_of).await
    }

    /// The signed-in household's statement as of a pair, the latest first.
    pub async fn own_statement_as_of(
        &self,
        by: &Resident,
        score: Score,
        as_of: AsOf,
        leaf: Leaf,
    ) -> ServiceResult<Vec<StatementLine>> {
        self.statement_then(by.book, by.household, score, as_of, leaf).await
    }

    /// A household's statement as of a pair, the latest first, for those who may read it.
    pub async fn statement_as_of(
        &self,
        by: &Staff,
        id: HouseholdId,
        score: Score,
        as_of: AsOf,
        leaf: Leaf,
    ) -> ServiceResult<Vec<StatementLine>> {
        may_read(by)?;
        self.statement_then(by.book, id, score, as_of, leaf).await
    }

    /// The balances then. What is under way is no part of the ledger and is told for the present only.
    async fn holdings_then(&self, book: BookId, id: HouseholdId, as_of: AsOf) -> ServiceResult<Holdings> {
        let mut has = self.holdings(book, id).await?;
        if as_of.is_now() {
            return Ok(has);
        }
        let mut tx = self.db.begin_read().await?;
        let view = View::of(&mut tx, book, as_of).await?;
        let no = has.no.clone();
        let points = Commodity::POINT;
        has.available = -then(&mut tx, book, &view, path(chart::household_available(&no))?, points).await?;
        has.held = -then(&mut tx, book, &view, path(chart::household_held(&no))?, points).await?;
        has.arrears = then(&mut tx, book, &view, path(chart::household_arrears(&no))?, points).await?;
        has.honor = -then(&mut tx, book, &view, path(chart::household_honor(&no))?, Commodity::HONOR).await?;
        for member in &mut has.members {
            let account = path(chart::person_time(&member.no))?;
            member.minutes = -then(&mut tx, book, &view, account, Commodity::MIN).await?;
        }
        has.on_devices = 0;
        has.pending.clear();
        has.unmoved.clear();
        has.pauses.clear();
        has.holds.clear();
        has.lapses.clear();
        Ok(has)
    }

    async fn statement_then(
        &self,
        book: BookId,
        id: HouseholdId,
        score: Score,
        as_of: AsOf,
        leaf: Leaf,
    ) -> ServiceResult<Vec<StatementLine>> {
        let mut tx = self.db.begin_read().await?;
        let home = household::by_id(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("household"))?;
        let (account, commodity) = score.account(home.no.as_str())?;
        let Some(row) = account_of(&mut tx, book, account.as_str(), commodity).await? else {
            return Ok(Vec::new());
        };
        let view = View::of(&mut tx, book, as_of).await?;
        let mut out = Vec::new();
        for line in view.lines(&mut tx, book, row.account_id, leaf).await? {
            out.push(self.line(&mut tx, book, line).await?);
        }
        Ok(out)
    }
}

async fn accounts(tx: &mut Tx, book: BookId, account: &str) -> ServiceResult<Vec<AccountRow>> {
    if account.parse::<Path>().is_err() {
        return Err(refuse("invalid_account").with("account", account).into());
    }
    let found = read::accounts_of(tx, book, account).await?;
    if found.is_empty() { Err(ServiceError::NotFound("account")) } else { Ok(found) }
}

async fn account_of(
    tx: &mut Tx,
    book: BookId,
    account: &str,
    commodity: &str,
) -> ServiceResult<Option<AccountRow>> {
    let found = read::accounts_of(tx, book, account).await?;
    Ok(found.into_iter().find(|a| a.commodity == commodity))
}

/// A balance then; an account never used has zero.
async fn then(tx: &mut Tx, book: BookId, view: &View, account: Path, commodity: &str) -> ServiceResult<i64> {
    match account_of(tx, book, account.as_str(), commodity).await? {
        Some(row) => view.balance(tx, book, row.account_id).await,
        None => Ok(0),
    }
}
