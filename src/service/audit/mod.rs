//! What the auditor sees: lines by any dimension, the trial balance, the identities that must hold, and each
//! transaction with everything behind it. Reads only, and only the book at hand.
//!
//! * [`overview`] — identities and the months
//! * [`refused`] — commands that were not done, and why
//! * [`voucher`] — one transaction, drilled through

use std::collections::BTreeMap;

use super::{Desk, ServiceError, ServiceResult, caller::Auditor, refuse};
use crate::{
    domain::{
        chart::{AccountKind, kind_of},
        ids::BookId,
        posting::Path,
        time::Day,
    },
    store::{
        Tx,
        audit::{self as rows, LedgerLine, LineFilter},
        ledger::read::{self, AccountRow},
    },
};

pub mod overview;
pub mod refused;
pub mod voucher;

/// Lines on one page.
pub const LINES_PAGE: i64 = 100;
/// Accounts read at once.
const PAGE_ROWS: i64 = 1_000;

/// One line of the trial balance: all accounts of a kind in a commodity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialLine {
    /// What the accounts are for; nothing when the chart does not have them.
    pub kind: Option<AccountKind>,
    /// What is counted.
    pub commodity: String,
    /// How many accounts.
    pub accounts: i64,
    /// Debits less credits.
    pub quantity: i64,
}

/// Which lines to look at. Every field may be left empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineQuery {
    /// An account, or the beginning of its path: `Liabilities:Households:H0001`.
    pub account: Option<String>,
    /// A household's number.
    pub household: Option<String>,
    /// A person's number.
    pub person: Option<String>,
    /// A rule's code.
    pub rule: Option<String>,
    /// A kind of transaction.
    pub kind: Option<String>,
    /// From this business day.
    pub from: Option<Day>,
    /// To this business day.
    pub to: Option<Day>,
    /// Where the page before ended: `seq.line`.
    pub after: Option<String>,
}

/// A page of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinePage {
    /// Newest first.
    pub lines: Vec<LedgerLine>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// An account with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFile {
    /// Its commodities and balances.
    pub balances: Vec<AccountRow>,
    /// What it is for.
    pub kind: Option<AccountKind>,
}

impl LineQuery {
    /// The account path that household, person or account ask for; empty for any.
    fn path(&self) -> ServiceResult<String> {
        let given = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned)
        };
        if let Some(no) = given(&self.household) {
            let no: crate::domain::household::HouseholdNo =
                no.parse().map_err(|_| refuse("invalid_number").with("number", &no))?;
            return Ok(format!("Liabilities:Households:{no}"));
        }
        if let Some(no) = given(&self.person) {
            let no: crate::domain::household::PersonNo =
                no.parse().map_err(|_| refuse("invalid_number").with("number", &no))?;
            return Ok(format!("Liabilities:Persons:{no}"));
        }
        let account = given(&self.account).unwrap_or_default();
        // a path has no wildcards, and neither has its beginning
        if account.chars().any(|c| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '-'))) {
            return Err(refuse("invalid_account").with("account", account).into());
        }
        Ok(account)
    }

    fn start(&self) -> ServiceResult<(i64, i32)> {
        let Some(after) = self.after.as_deref().filter(|a| !a.is_empty()) else { return Ok((i64::MAX, 0)) };
        let place =
            after.split_once('.').and_then(|(seq, line)| Some((seq.parse().ok()?, line.parse().ok()?)));
        Ok(place.ok_or_else(|| refuse("invalid_cursor").with("after", after))?)
    }
}

impl Desk {
    /// The trial balance.
    pub async fn trial_balance(&self, by: &Auditor) -> ServiceResult<Vec<TrialLine>> {
        let mut tx = self.db.begin_read().await?;
        trial_lines(&mut tx, by.book).await
    }

    /// Lines, newest first.
    pub async fn ledger_lines(&self, by: &Auditor, query: &LineQuery) -> ServiceResult<LinePage> {
        let path = query.path()?;
        let (before_seq, after_line) = query.start()?;
        let filter = LineFilter {
            before_seq,
            after_line,
            from: query.from.unwrap_or(Day::from_number(i32::MIN)),
            to: query.to.unwrap_or(Day::from_number(i32::MAX)),
            kind: query.kind.as_deref().unwrap_or_default(),
            rule: query.rule.as_deref().unwrap_or_default(),
            path: &path,
            limit: LINES_PAGE + 1,
        };
        let mut tx = self.db.begin_read().await?;
        let mut lines = rows::lines(&mut tx, by.book, &filter).await?;
        let more = i64::try_from(lines.len()).is_ok_and(|n| n > LINES_PAGE);
        lines.truncate(usize::try_from(LINES_PAGE).unwrap_or(usize::MAX));
        let next = lines.last().filter(|_| more).map(|l| format!("{}.{}", l.seq, l.line));
        Ok(LinePage { lines, next })
    }

    /// An account by its path.
    pub async fn account_file(&self, by: &Auditor, path: &str) -> ServiceResult<AccountFile> {
        let mut tx = self.db.begin_read().await?;
        let balances = read::accounts_of(&mut tx, by.book, path).await?;
        if balances.is_empty() {
            return Err(ServiceError::NotFound("account"));
        }
        Ok(AccountFile { balances, kind: kind(path) })
    }
}

fn kind(path: &str) -> Option<AccountKind> {
    kind_of(&path.parse::<Path>().ok()?)
}

/// The trial balance inside a transaction: kinds in the order of the chart, commodities by code.
pub async fn trial_lines(tx: &mut Tx, book: BookId) -> ServiceResult<Vec<TrialLine>> {
    let mut lines: BTreeMap<(String, &str, &str), TrialLine> = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = read::accounts(tx, book, after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { break };
        after = last.account_id;
        for account in page {
            let kind = kind(&account.path);
            let root = match account.path.split(':').next() {
                Some("Assets") => "1",
                Some("Liabilities") => "2",
                Some("Equity") => "3",
                Some("Income") => "4",
                _ => "5",
            };
            let key = (account.commodity.clone(), root, kind.map_or("", AccountKind::name_en));
            let line = lines.entry(key).or_insert_with(|| TrialLine {
                kind,
                commodity: account.commodity.clone(),
                accounts: 0,
                quantity: 0,
            });
            line.accounts += 1;
            line.quantity += account.quantity;
        }
    }
    Ok(lines.into_values().collect())
}
