//! Closing a period (关账): what is not settled is counted and shown, the statement of the period is drawn up, and its
//! digest goes into the transaction that closes it. The statement is drawn up from a snapshot; the closing says at
//! which place, and the book refuses it when anything landed in the period since: then it is drawn up again. Nothing is
//! reopened: what was forgotten lands in the next period.

use std::collections::BTreeMap;

use super::{
    Desk, ServiceError, ServiceResult,
    as_of::settled,
    award::explain,
    books::{Order, facts},
    caller::{Bookkeeper, Role, Staff},
    refuse,
};
use crate::{
    domain::{
        book::{DRAWN_UP_FIELD, STATEMENT_FIELD, TxnKind},
        canonical::hex,
        ids::BookId,
        period::{PeriodLine, PeriodStatement},
        time::{Day, Period, Timestamp},
    },
    store::{
        Tx, hold,
        ledger::read::{self, TxnRow},
        period::{self as rows, Unsettled},
    },
};

/// How often a statement is drawn up again because something landed in its period meanwhile.
const TRIES_MAX: usize = 8;
/// Closings on one page.
const CLOSINGS_PAGE: i64 = 120;
/// Accounts read at once.
const PAGE_ROWS: i64 = 1_000;

/// What is not settled before a closing, and which day would be closed through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreCheck {
    /// The day asked about.
    pub through: Day,
    /// The last day of the last closed period.
    pub closed_through: Option<Day>,
    /// Awards, sheets, objections and reversals.
    pub unsettled: Unsettled,
    /// Open holds.
    pub holds: i64,
}

/// A closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// The transaction that closed it.
    pub seq: i64,
    /// The first day; nothing for the first period.
    pub from: Option<Day>,
    /// The last day.
    pub through: Day,
    /// When.
    pub at: Timestamp,
    /// By whom, by name.
    pub by: String,
    /// How many transactions the book had when the statement was drawn up; nothing for closings from before there
    /// were statements.
    pub drawn_up: Option<i64>,
    /// The digest of the statement, as hexadecimal text.
    pub digest: Option<String>,
    /// The leaf of the closing, as hexadecimal text.
    pub leaf: String,
}

/// A closing with its statement, drawn up again from the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedPeriod {
    /// The closing.
    pub closing: Closing,
    /// The statement.
    pub statement: PeriodStatement,
    /// Whether it has the digest that was signed.
    pub agrees: bool,
    /// The head of the log now.
    pub head: (i64, String),
}

impl Desk {
    /// What is not settled of a period, before it is closed. What of it stands in the way is said by
    /// [`Desk::unresolved`]; what is posted afterwards lands in the next period.
    pub async fn period_check(&self, by: &Bookkeeper, through: Option<Day>) -> ServiceResult<PreCheck> {
        let through = through.unwrap_or_else(|| self.today().period(Period::Month).0.plus(-1));
        let mut tx = self.db.begin_read().await?;
        let head = read::head(&mut tx, by.book).await?.ok_or(ServiceError::NotFound("book"))?;
        Ok(PreCheck {
            through,
            closed_through: head.closed_through,
            unsettled: rows::unsettled(&mut tx, by.book, through).await?,
            holds: hold::count(&mut tx, by.book).await?,
        })
    }

    /// Closes the periods up to `through`, a day that is over: nothing lands on or before it any more. The clerk does
    /// it, or the township that keeps the village's accounts. The same closing asked for again is the same closing.
    pub async fn close_period(&self, by: &Staff, through: Day) -> ServiceResult<Closing> {
        if !(by.holds(Role::Clerk) || by.holds(Role::Township)) {
            return Err(ServiceError::NotAllowed);
        }
        for _ in 0..TRIES_MAX {
            let mut tx = self.db.begin_read().await?;
            let head = read::head(&mut tx, by.book).await?.ok_or(ServiceError::NotFound("book"))?;
            if head.closed_through == Some(through) {
                let last = rows::closings(&mut tx, by.book, i64::MAX, 1).await?;
                let same = last.into_iter().find(|txn| txn.actor == by.actor().to_string());
                if let Some(txn) = same {
                    return closing(&mut tx, by.book, txn).await;
                }
            }
            if through >= self.today() {
                let today = self.today();
                return Err(refuse("period_not_over").with("through", through).with("today", today).into());
            }
            if let Some(closed) = head.closed_through.filter(|closed| through <= *closed) {
                return Err(refuse("period_closed").with("closed_through", closed).into());
            }
            let last = head.closed_through;
            let balances = balances(&mut tx, by.book).await?;
            let drawn_up =
                statement(&mut tx, by.book, (last, through), (head.seq, head.seq), &balances).await?;
            drop(tx);
            match self.close_on(by, &drawn_up).await {
                Err(ServiceError::Refused(refusal)) if refusal.code == "period_moved" => {}
                Err(error) => return Err(error),
                Ok(seq) => {
                    let mut tx = self.db.begin_read().await?;
                    let txn = read::txn(&mut tx, by.book, seq).await?;
                    let txn = txn.ok_or(ServiceError::NotFound("transaction"))?;
                    return closing(&mut tx, by.book, txn).await;
                }
            }
        }
        Err(ServiceError::Busy)
    }

    /// Posts the closing on a statement; its place.
    async fn close_on(&self, by: &Staff, statement: &PeriodStatement) -> ServiceResult<i64> {
        let (through, seq) = (statement.through, statement.seq);
        let body = facts([
            ("from", statement.from.map(|day| day.to_string()).unwrap_or_default()),
            ("through", through.to_string()),
            ("accounts", statement.lines.len().to_string()),
            (DRAWN_UP_FIELD, seq.to_string()),
            (STATEMENT_FIELD, hex(&statement.digest())),
        ]);
        let key = format!("period-close:{through}:{seq}");
        let order =
            Order { key: &key, kind: TxnKind::PeriodClose, effective_on: through, source: None, body };
        let command = self.command(&by.actor(), order, Vec::new())?;
        Ok(self.posted(by.book, command, Vec::new()).await?.seq)
    }

    /// Closed periods, the latest first.
    pub async fn closings(&self, by: &Bookkeeper) -> ServiceResult<Vec<Closing>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for txn in rows::closings(&mut tx, by.book, i64::MAX, CLOSINGS_PAGE).await? {
            out.push(closing(&mut tx, by.book, txn).await?);
        }
        Ok(out)
    }

    /// A closing with its statement, drawn up again from the log.
    pub async fn closed_period(&self, by: &Bookkeeper, seq: i64) -> ServiceResult<ClosedPeriod> {
        let mut tx = self.db.begin_read().await?;
        let txn = read::txn(&mut tx, by.book, seq).await?;
        let txn = txn.filter(|txn| txn.kind == TxnKind::PeriodClose.as_str());
        let txn = txn.ok_or(ServiceError::NotFound("period"))?;
        let closing = closing(&mut tx, by.book, txn).await?;
        let head = read::head(&mut tx, by.book).await?.ok_or(ServiceError::NotFound("book"))?;
        let balances = balances(&mut tx, by.book).await?;
        let days = (closing.from.map(|day| day.plus(-1)), closing.through);
        let places = (closing.drawn_up.unwrap_or(seq - 1), head.seq);
        let statement = statement(&mut tx, by.book, days, places, &balances).await?;
        let agrees = closing.digest.as_deref() == Some(hex(&statement.digest()).as_str());
        Ok(ClosedPeriod { closing, statement, agrees, head: (head.seq, hex(&head.root)) })
    }
}

/// An account by number: its path, its commodity, its balance.
pub(super) type Standing = BTreeMap<i64, (String, String, i64)>;

async fn balances(tx: &mut Tx, book: BookId) -> ServiceResult<Standing> {
    let (mut out, mut after) = (Standing::new(), 0);
    loop {
        let page = read::accounts(tx, book, after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { return Ok(out) };
        after = last.account_id;
        out.extend(page.into_iter().map(|a| (a.account_id, (a.path, a.commodity, a.quantity))));
    }
}

/// The statement of the days after `last` up to `through`, drawn up at place `seq`; `balances` are those at place `upto`,
/// the same or a later one. What was recorded by the end of `last` belongs to earlier periods, so only later rows
/// are read.
pub(super) async fn statement(
    tx: &mut Tx,
    book: BookId,
    (last, through): (Option<Day>, Day),
    (seq, upto): (i64, i64),
    balances: &Standing,
) -> ServiceResult<PeriodStatement> {
    let after = match last {
        Some(day) => settled(tx, book, day).await?,
        None => 0,
    };
    let since = last.unwrap_or(Day::from_number(i32::MIN));
    let moved = rows::moved(tx, book, (after, upto), since, through).await?;
    let moved: BTreeMap<i64, rows::Moved> = moved.into_iter().map(|m| (m.account_id, m)).collect();
    let lines = balances.iter().map(|(id, (path, commodity, balance))| {
        let (debits, credits, later) = moved.get(id).map_or((0, 0, 0), |m| (m.debits, m.credits, m.later));
        let closing = balance - later;
        let opening = closing - debits + credits;
        PeriodLine { path: path.clone(), commodity: commodity.clone(), opening, debits, credits, closing }
    });
    Ok(PeriodStatement::new(book, last, through, seq, lines.collect()))
}

async fn closing(tx: &mut Tx, book: BookId, txn: TxnRow) -> ServiceResult<Closing> {
    let before = rows::closings(tx, book, txn.seq, 1).await?;
    let body: BTreeMap<String, String> = serde_json::from_str(&txn.body).unwrap_or_default();
    Ok(Closing {
        seq: txn.seq,
        from: before.first().map(|earlier| earlier.effective_on.plus(1)),
        through: txn.effective_on,
        at: txn.recorded_at,
        by: explain::name(tx, &txn.actor).await?,
        drawn_up: body.get(DRAWN_UP_FIELD).and_then(|seq| seq.parse().ok()),
        digest: body.get(STATEMENT_FIELD).cloned(),
        leaf: hex(&txn.leaf_hash),
    })
}
