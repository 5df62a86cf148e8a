//! Export: a book as plain files that an auditor opens in a spreadsheet, checks with other people's programs or reads
//! with a program, with a signed manifest that ties them to a signed head of the log. Pulled piece by piece, so that
//! neither a file nor an answer has to fit in memory. No names of people: households and persons stand as numbers.
//!
//! * [`file`] — which files there are
//! * [`tables`], [`ledger`], [`stock`] — the rows of each, page by page
//! * [`cells`], [`xlsx`], [`zip`] — spreadsheets
//! * [`plain`], [`hledger`], [`beancount`], [`journal`], [`order`] — journals
//! * [`manifest`] — digests and the signature
//! * [`pack`] — all of it in one archive

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{Desk, ServiceError, ServiceResult, refuse, tlog};
use crate::{
    domain::{
        canonical::hex,
        ids::{BookId, CounterId, HouseholdId, NoticeId},
        time::{Day, Timestamp},
        tlog::VerifierKey,
    },
    store::{
        Tx, counter,
        ledger::read::Head,
        log::SignedHead,
        programme::{self, ProgrammeRow},
        verify,
    },
};

pub(crate) mod beancount;
pub(crate) mod cells;
mod counters;
mod file;
pub(crate) mod hledger;
mod journal;
mod ledger;
mod manifest;
mod market;
mod order;
mod pack;
pub(crate) mod plain;
mod stock;
mod tables;
pub(in crate::service) mod xlsx;
pub(in crate::service) mod zip;

pub use file::{File, Format, UnknownName};
pub(crate) use manifest::digest;
pub use manifest::{Difference, FileEntry, MANIFEST, MANIFEST_NOTE, Manifest, SealedManifest, check_folder};
pub use pack::Pack;
pub use tables::Table;

use journal::Journal;
use xlsx::Workbook;

/// Rows read at once.
const PAGE_ROWS: i64 = 500;

/// What to export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How.
    pub format: Format,
    /// Only what counts for this business day or a later one.
    pub from: Option<Day>,
    /// Only what counts for this business day or an earlier one.
    pub to: Option<Day>,
}

/// A book at one moment, ready to be written out. Everything is read inside one snapshot, whose head is signed.
pub struct Export {
    tx: Tx,
    options: Options,
    programme: ProgrammeRow,
    head: Head,
    signed: SignedHead,
    /// The signed head as outsiders see it, cosignatures included.
    note: String,
    keys: Vec<VerifierKey>,
    /// When the head was signed: an export of the same head is the same, whenever it is made.
    created_at: Timestamp,
    households: HashMap<HouseholdId, String>,
    counters: HashMap<CounterId, String>,
    sheets: HashMap<NoticeId, i64>,
    /// The key of the last refusal that was written.
    refused: String,
}

/// Where a file stands.
pub struct Cursor {
    file: File,
    state: State,
    rows: u64,
    bytes: u64,
    digest: Sha256,
}

enum State {
    Beginning,
    Rows(i64),
    Sheets(i64, Box<Workbook>),
    Text(Box<Journal>),
    Done,
}

impl Cursor {
    /// The beginning of a file.
    #[must_use]
    pub fn of(file: File) -> Self {
        Self { file, state: State::Beginning, rows: 0, bytes: 0, digest: Sha256::new() }
    }

    /// Whether the manifest lists it.
    #[must_use]
    pub const fn is_listed(&self) -> bool {
        !matches!(self.file, File::Tile(_))
    }

    /// Its line in the manifest, once it is written.
    #[must_use]
    pub fn entry(self) -> FileEntry {
        FileEntry {
            name: self.file.name(),
            rows: self.rows,
            bytes: self.bytes,
            sha256: hex(&self.digest.finalize()),
        }
    }
}

impl Desk {
    /// Begins an export of the book at its present head, which is signed for it. `through` asks for the log as of an
    /// earlier signed head, for a file that belongs to an earlier manifest.
    pub async fn export(
        &self,
        book: BookId,
        options: Options,
        through: Option<i64>,
    ) -> ServiceResult<Export> {
        if let (Some(from), Some(to)) = (options.from, options.to)
            && from > to
        {
            return Err(refuse("dates_reversed").with("from", from).with("to", to).into());
        }
        if options.format.is_journal() && (options.from.is_some() || options.to.is_some()) {
            return Err(refuse("journal_is_whole").with("format", options.format.as_str()).into());
        }
        let (mut tx, mut head, signed) = self.signed_snapshot(book, through).await?;
        let programme = programme::by_book(&mut tx, book).await?;
        let programme = programme.ok_or(ServiceError::NotFound("programme"))?;
        let public = tlog::published(&mut tx, book, signed.clone()).await?;
        head.seq = signed.size;
        head.root = public.checkpoint.root.to_vec();
        let note = public.note.to_string();
        let keys = tlog::keys::log_verifiers(&mut tx, book).await?;
        let households = verify::households(&mut tx, book).await?.into_iter().collect();
        let counters = counter::list(&mut tx, book).await?.into_iter().map(|c| (c.id, c.code)).collect();
        let sheets = tables::sheet_numbers(&mut tx, book).await?;
        let created_at = signed.signed_at;
        Ok(Export {
            tx,
            options,
            programme,
            head,
            signed,
            note,
            keys,
            created_at,
            households,
            counters,
            sheets,
            refused: String::new(),
        })
    }

    /// The book of the programme with that number; all of them without one. For the operator.
    pub async fn books_numbered(&self, no: Option<i64>) -> ServiceResult<Vec<ProgrammeRow>> {
        let mut tx = self.db.begin_read().await?;
        match no {
            None => Ok(programme::list(&mut tx, 0, i64::from(i32::MAX)).await?),
            Some(no) => {
                Ok(vec![programme::by_no(&mut tx, no).await?.ok_or(ServiceError::NotFound("programme"))?])
            }
        }
    }
}

impl Export {
    /// How rows are written.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.options.format
    }

    /// How many transactions of the log it holds.
    #[must_use]
    pub const fn size(&self) -> i64 {
        self.head.seq
    }

    /// The next piece of a file; nothing when it is complete.
    pub async fn piece(&mut self, cursor: &mut Cursor) -> ServiceResult<Option<Vec<u8>>> {
        loop {
            let Some((piece, rows)) = self.more(cursor).await? else { return Ok(None) };
            cursor.rows += u64::try_from(rows).unwrap_or(0);
            cursor.bytes += u64::try_from(piece.len()).unwrap_or(0);
            cursor.digest.update(&piece);
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
    }

    /// The next bytes, which may be none yet, with the number of their rows.
    async fn more(&mut self, cursor: &mut Cursor) -> ServiceResult<Option<(Vec<u8>, usize)>> {
        let state = std::mem::replace(&mut cursor.state, State::Done);
        match (state, cursor.file) {
            (State::Done, _) => Ok(None),
            (State::Beginning, File::Table(table, Format::Xlsx)) => {
                let book = Workbook::begin(table.as_str(), table.columns()).map_err(too_large)?;
                cursor.state = State::Sheets(i64::MIN, Box::new(book));
                Ok(Some((Vec::new(), 0)))
            }
            (State::Beginning, File::Table(table, format)) => {
                cursor.state = State::Rows(i64::MIN);
                let mut out = Vec::new();
                if format == Format::Csv {
                    out.extend_from_slice("\u{feff}".as_bytes());
                    cells::headings(&mut out, table.columns());
                }
                Ok(Some((out, 0)))
            }
            (State::Beginning, File::Journal(format)) => {
                cursor.state = State::Text(Box::new(Journal::begin(self, format).await?));
                Ok(Some((Vec::new(), 0)))
            }
            (State::Beginning, File::Checkpoint) => Ok(Some((self.note.clone().into_bytes(), 1))),
            (State::Beginning, File::Keys) => {
                let lines: String = self.keys.iter().map(|key| format!("{key}\n")).collect();
                Ok(Some((lines.into_bytes(), self.keys.len())))
            }
            (State::Beginning, File::Tile(resource)) => {
                let (book, size) = (self.programme.book_id, self.head.seq);
                Ok(Some((tlog::tiles::resource(&mut self.tx, book, size, resource).await?, 1)))
            }
            (State::Rows(after), file) => self.rows(cursor, file, after).await.map(Some),
            (State::Sheets(after, book), file) => self.sheets(cursor, file, after, book).await.map(Some),
            (State::Text(mut journal), _) => {
                let Some((text, rows)) = journal.piece(self).await? else { return Ok(None) };
                cursor.state = State::Text(journal);
                Ok(Some((text.into_bytes(), rows)))
            }
        }
    }

    async fn rows(&mut self, cursor: &mut Cursor, file: File, after: i64) -> ServiceResult<(Vec<u8>, usize)> {
        let File::Table(table, format) = file else { return Ok((Vec::new(), 0)) };
        let page = tables::page(self, table, after).await?;
        let mut out = Vec::new();
        for row in &page.rows {
            match format {
                Format::Jsonl => cells::jsonl(&mut out, table.columns(), row),
                _ => cells::csv(&mut out, row),
            }
        }
        cursor.state = page.next.map_or(State::Done, State::Rows);
        Ok((out, page.rows.len()))
    }

    async fn sheets(
        &mut self,
        cursor: &mut Cursor,
        file: File,
        after: i64,
        mut book: Box<Workbook>,
    ) -> ServiceResult<(Vec<u8>, usize)> {
        let File::Table(table, _) = file else { return Ok((Vec::new(), 0)) };
        let page = tables::page(self, table, after).await?;
        book.rows(&page.rows).map_err(too_large)?;
        if page.next.is_none() {
            book.finish().map_err(too_large)?;
        }
        let out = book.take();
        cursor.state = page.next.map_or(State::Done, |next| State::Sheets(next, book));
        Ok((out, page.rows.len()))
    }

    /// The manifest over finished files.
    #[must_use]
    pub fn manifest(&self, files: Vec<FileEntry>, tiles: bool) -> Manifest {
        Manifest::new(self, files, tiles)
    }

    /// The manifest alone: every file is computed and thrown away.
    pub async fn dry_manifest(&mut self) -> ServiceResult<Manifest> {
        let mut files = Vec::new();
        for file in self.options.format.files() {
            let mut cursor = Cursor::of(file);
            while self.piece(&mut cursor).await?.is_some() {}
            files.push(cursor.entry());
        }
        Ok(self.manifest(files, false))
    }

    fn within(&self, day: Day) -> bool {
        self.options.from.is_none_or(|from| day >= from) && self.options.to.is_none_or(|to| day <= to)
    }
}

fn too_large(error: zip::TooLarge) -> ServiceError {
    ServiceError::Internal(error.to_string())
}
