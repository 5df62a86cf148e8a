//! Verification: re-derives everything that is stored of a book and names the first thing that does not hold, by
//! place in the book, table and field. Reads page by page inside one snapshot; memory grows with accounts and meters,
//! not with transactions. Writes nothing but the note that it ran.
//!
//! * [`ahead`] — the log, read ahead of its replay
//! * [`ledger`] — every transaction decided again, leaf by leaf
//! * [`standings`] — the moving rows are what the transactions add up to
//! * [`beside`] — signed heads, hashes above the leaves, texts outside the leaves
//! * [`clearing`] — moves between villages against their other side
//! * [`periods`] — statements of closed periods, drawn up again
//! * [`papers`] — awards and redemptions against their postings
//! * [`sheets`] — notice sheets against their lines and their place in the log
//! * [`callbacks`] — the random lists of call-backs, drawn again
//! * [`timebank`] — orders and gifts of the time bank against their postings
//! * [`estates`] — inheritances of hours against their postings
//! * [`bystanders`] — who stood beside redemptions
//! * [`caps`] — awards computed again from their rules, and their caps

use super::{
    Desk, ServiceError, ServiceResult,
    caller::{Auditor, Staff},
};
use crate::{
    domain::{
        canonical::hex,
        ids::BookId,
        merkle::Frontier,
        time::Timestamp,
        tlog::{Checkpoint, checkpoint::origin},
    },
    store::{
        Db, StoreError, StoreResult, Tx,
        event::{self, Event},
        programme::{self, ProgrammeRow},
    },
};

mod ahead;
mod beside;
mod bystanders;
mod callbacks;
mod caps;
mod clearing;
mod day_closes;
mod estates;
mod goods;
mod ledger;
mod offline;
mod orders;
mod papers;
mod periods;
mod returns;
mod sheets;
mod standings;
mod timebank;

use ahead::{Ahead, Rows};

/// Transactions (and other rows) read at once.
const PAGE_ROWS: i64 = 500;
/// Books verified by one call.
const BOOKS_MAX: i64 = 100_000;

/// The first thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The transaction it belongs to, if it belongs to one.
    pub seq: Option<i64>,
    /// The table.
    pub table: &'static str,
    /// Which row, where the transaction does not say it: a path, a number, a key.
    pub row: String,
    /// The column.
    pub field: &'static str,
    /// What everything else says it must be.
    pub expected: String,
    /// What is stored.
    pub found: String,
}

/// What was found of one book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookReport {
    /// The book.
    pub book: BookId,
    /// The number of its programme.
    pub no: i64,
    /// Its name.
    pub name: String,
    /// Its English name, or empty.
    pub name_en: String,
    /// Transactions that held.
    pub transactions: i64,
    /// Their entries.
    pub entries: i64,
    /// Awards computed again.
    pub awards: i64,
    /// Redemptions compared.
    pub redemptions: i64,
    /// The root of the log over the transactions that held, as hexadecimal text.
    pub root: String,
    /// How many of the first transactions came by an import, which brings no papers along.
    pub imported: i64,
    /// The first fault.
    pub fault: Option<Fault>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// One report a book, by number.
    pub books: Vec<BookReport>,
}

impl VerifyReport {
    /// Whether everything holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.books.iter().all(|b| b.fault.is_none())
    }
}

/// A verification that was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastVerify {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: String,
    /// Whether everything held.
    pub holds: bool,
    /// How far, or what did not hold.
    pub finding: String,
}

/// Why a pass over a book ended early.
enum Stop {
    Fault(Box<Fault>),
    Failed(ServiceError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Inconsistent { table, column, found } => {
                fault(None, table, "", column, "a value that can be", &found)
            }
            other => Self::Failed(other.into()),
        }
    }
}

impl From<ServiceError> for Stop {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Store(error) => error.into(),
            other => Self::Failed(other),
        }
    }
}

type Pass<T = ()> = Result<T, Stop>;

fn fault(
    seq: Option<i64>,
    table: &'static str,
    row: &str,
    field: &'static str,
    expected: impl ToString,
    found: impl ToString,
) -> Stop {
    let (row, expected, found) = (row.to_owned(), expected.to_string(), found.to_string());
    Stop::Fault(Box::new(Fault { seq, table, row, field, expected, found }))
}

/// A fault unless the two agree.
fn same<T: PartialEq + ToString>(
    seq: Option<i64>,
    table: &'static str,
    row: &str,
    field: &'static str,
    expected: T,
    found: T,
) -> Pass {
    if expected == found { Ok(()) } else { Err(fault(seq, table, row, field, expected, found)) }
}

/// `-` for nothing.
fn maybe<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| v.to_string())
}

/// What a pass over a book counts.
#[derive(Debug, Default)]
struct Tally {
    transactions: i64,
    entries: i64,
    awards: i64,
    redemptions: i64,
    imported: i64,
    /// The log over the transactions that held.
    log: Frontier,
}

impl Desk {
    /// Verifies every book, or the one whose programme has that number: for the operator, who stands above all books.
    pub async fn verify_books(&self, no: Option<i64>) -> ServiceResult<VerifyReport> {
        let mut tx = self.db.begin_read().await?;
        let programmes = match no {
            None => programme::list(&mut tx, 0, BOOKS_MAX).await?,
            Some(no) => {
                vec![programme::by_no(&mut tx, no).await?.ok_or(ServiceError::NotFound("programme"))?]
            }
        };
        drop(tx);
        let mut books = Vec::with_capacity(programmes.len());
        for row in programmes {
            books.push(self.verify_book(row, None).await?);
        }
        Ok(VerifyReport { books })
    }

    /// Verifies the auditor's book and writes down that it was done.
    pub async fn verify(&self, by: &Auditor) -> ServiceResult<BookReport> {
        let mut tx = self.db.begin_read().await?;
        let row = programme::by_book(&mut tx, by.book).await?.ok_or(ServiceError::NotFound("programme"))?;
        drop(tx);
        let report = self.verify_book(row, None).await?;
        let finding = match &report.fault {
            None => format!("{} {}", report.transactions, report.root),
            Some(f) => format!("{} {}.{}", maybe(f.seq), f.table, f.field),
        };
        let note = Event {
            id: self.id(),
            at: self.now(),
            subject: "verify".to_owned(),
            subject_id: by.book.0,
            verb: "verify".to_owned(),
            from_state: None,
            to_state: Some(if report.fault.is_none() { "holds" } else { "fault" }.to_owned()),
            actor: by.actor().to_string(),
            on_behalf: None,
            reason: finding,
        };
        let mut tx = self.db.begin_write().await?;
        event::add(&mut tx, by.book, &note).await?;
        tx.commit().await?;
        Ok(report)
    }

    /// The last verification of a book that was written down.
    pub async fn last_verify(&self, by: &Staff) -> ServiceResult<Option<LastVerify>> {
        let mut tx = self.db.begin_read().await?;
        let last = crate::store::audit::last_event(&mut tx, by.book, "verify").await?;
        Ok(last.map(|e| LastVerify {
            at: e.at,
            actor: e.actor,
            holds: e.to_state.as_deref() == Some("holds"),
            finding: e.reason,
        }))
    }

    /// Verifies the book that a kept head belongs to, and that nothing before the head has changed since.
    pub async fn verify_since(&self, kept: &Checkpoint) -> ServiceResult<BookReport> {
        let mut tx = self.db.begin_read().await?;
        let programmes = programme::list(&mut tx, 0, BOOKS_MAX).await?;
        drop(tx);
        let row = programmes.into_iter().find(|row| origin(row.book_id) == kept.origin);
        self.verify_book(row.ok_or(ServiceError::NotFound("book"))?, Some(kept)).await
    }

    async fn verify_book(&self, row: ProgrammeRow, kept: Option<&Checkpoint>) -> ServiceResult<BookReport> {
        let mut tx = self.db.begin_read().await?;
        let mut tally = Tally::default();
        let fault = match whole(self, &mut tx, Some(&self.db), (row.book_id, kept), &mut tally).await {
            Ok(()) => None,
            Err(Stop::Fault(fault)) => Some(*fault),
            Err(Stop::Failed(error)) => return Err(error),
        };
        let Tally { transactions, entries, awards, redemptions, imported, log } = tally;
        let root = hex(&log.root());
        let ProgrammeRow { book_id: book, no, name, name_en, .. } = row;
        Ok(BookReport {
            book,
            no,
            name,
            name_en,
            transactions,
            entries,
            awards,
            redemptions,
            root,
            imported,
            fault,
        })
    }

    /// Verifies a book as it stands inside the caller's transaction; the first fault.
    pub(in crate::service) async fn verify_in(
        &self,
        tx: &mut Tx,
        book: BookId,
    ) -> ServiceResult<Option<Fault>> {
        match whole(self, tx, None, (book, None), &mut Tally::default()).await {
            Ok(()) => Ok(None),
            Err(Stop::Fault(fault)) => Ok(Some(*fault)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }
}

/// The next rows of the log: those read ahead, then what stands beyond the place where the head says it ends.
async fn next(tx: &mut Tx, ahead: &mut Option<Ahead>, replay: &ledger::Replay) -> StoreResult<Option<Rows>> {
    if let Some(pages) = ahead {
        if let Some(rows) = pages.next().await? {
            return Ok(Some(rows));
        }
        *ahead = None;
    }
    Rows::read(tx, replay.book.id, replay.book.seq, i64::MAX).await
}

/// Verifies a book as it stands in `tx`; with a database at hand its log, which does not change, is read ahead there.
async fn whole(
    desk: &Desk,
    tx: &mut Tx,
    ahead: Option<&Db>,
    (book, kept): (BookId, Option<&Checkpoint>),
    tally: &mut Tally,
) -> Pass {
    let mut replay = ledger::Replay::begin(tx, book).await?;
    let mut ahead = ahead.map(|db| Ahead::begin(db, book, replay.end));
    if let Some(kept) = kept {
        replay.expect(i64::try_from(kept.size).unwrap_or(i64::MAX), kept.root.to_vec());
    }
    tally.imported = imported(tx, book, &mut replay).await?;
    let mut papers = papers::Papers::begin(tx, book, tally.imported).await?;
    let mut hours = timebank::TimeBank::begin(book, tally.imported);
    let mut estates = estates::Estates::begin(book, tally.imported);
    let mut sheets = sheets::Sheets::begin(book, tally.imported);
    replay.checkpoint(0, None)?;
    while let Some(rows) = next(tx, &mut ahead, &replay).await? {
        let page = replay.page(tx, rows, tally).await?;
        papers.page(tx, &replay, &page, tally).await?;
        sheets.page(tx, &page).await?;
        hours.page(tx, &replay, &page).await?;
        estates.page(tx, &replay, &page).await?;
    }
    standings::check(tx, &replay).await?;
    replay.beside.finish(desk, tx, replay.book.seq).await?;
    papers.finish(tx).await?;
    sheets.finish(tx, &replay).await?;
    hours.finish(tx).await?;
    estates.finish(tx).await?;
    clearing::statements(tx, book).await?;
    callbacks::check(tx, book).await?;
    caps::check(tx, book, tally).await
}

/// How many transactions came by an import, whose root is expected at that place; 0 for a book that began here.
async fn imported(tx: &mut Tx, book: BookId, replay: &mut ledger::Replay) -> Pass<i64> {
    let Some(note) = crate::store::audit::last_event(tx, book, "import").await? else { return Ok(0) };
    let wrong = || fault(None, "event", "import", "reason", "a size and a root", &note.reason);
    let (size, root) = note.reason.split_once(' ').ok_or_else(wrong)?;
    let size = size.parse().map_err(|_| wrong())?;
    replay.expect(size, super::session::unhex(root).ok_or_else(wrong)?);
    Ok(size)
}
