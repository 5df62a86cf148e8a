//! Export: a book as plain files that an auditor opens in a spreadsheet or reads with a program, with a manifest that
//! ties them to the head of the log. Pulled piece by piece, so that neither a file nor an answer has to fit in memory.
//! No names of people: households and persons stand as numbers.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{Desk, ServiceError, ServiceResult, refuse};
use crate::{
    domain::{
        canonical::hex,
        ids::{BookId, CounterId, HouseholdId, NoticeId},
        time::{Day, Timestamp},
    },
    store::{
        Tx, counter,
        ledger::read::{self, Head},
        programme::{self, ProgrammeRow},
        verify,
    },
};

mod cells;
mod manifest;
mod tables;

pub use manifest::{Difference, FileEntry, MANIFEST, Manifest, check_folder};
pub use tables::Table;

/// Rows read at once.
const PAGE_ROWS: i64 = 500;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values in UTF-8 with a byte-order mark, as spreadsheets want it.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl Format {
    /// As the command line and addresses say it, and the ending of the files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jsonl => "application/jsonl; charset=utf-8",
        }
    }
}

impl std::str::FromStr for Format {
    type Err = UnknownName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Csv, Self::Jsonl].into_iter().find(|f| f.as_str() == text).ok_or(UnknownName)
    }
}

/// There is no such format or table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such format or table")]
pub struct UnknownName;

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

/// A book at one moment, ready to be written out. Everything is read inside one snapshot.
pub struct Export {
    tx: Tx,
    options: Options,
    programme: ProgrammeRow,
    head: Head,
    created_at: Timestamp,
    households: HashMap<HouseholdId, String>,
    counters: HashMap<CounterId, String>,
    sheets: HashMap<NoticeId, i64>,
}

/// Where a file stands.
#[derive(Debug, Clone)]
pub struct Cursor {
    table: Table,
    after: Option<i64>,
    done: bool,
    rows: u64,
    bytes: u64,
    digest: Sha256,
}

impl Cursor {
    /// The beginning of a file.
    #[must_use]
    pub fn of(table: Table) -> Self {
        Self { table, after: None, done: false, rows: 0, bytes: 0, digest: Sha256::new() }
    }

    /// Its line in the manifest, once it is written.
    #[must_use]
    pub fn entry(self, format: Format) -> FileEntry {
        FileEntry {
            name: self.table.file(format),
            rows: self.rows,
            bytes: self.bytes,
            sha256: hex(&self.digest.finalize()),
        }
    }
}

impl Desk {
    /// Begins an export of the book. `through` keeps the log to its first transactions, for a file that belongs to an
    /// earlier manifest.
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
        let mut tx = self.db.begin_read().await?;
        let programme = programme::by_book(&mut tx, book).await?;
        let programme = programme.ok_or(ServiceError::NotFound("programme"))?;
        let mut head = read::head(&mut tx, book).await?.ok_or(ServiceError::NotFound("book"))?;
        head.seq = through.map_or(head.seq, |seq| seq.min(head.seq));
        let households = verify::households(&mut tx, book).await?.into_iter().collect();
        let counters = counter::list(&mut tx, book).await?.into_iter().map(|c| (c.id, c.code)).collect();
        let sheets = tables::sheet_numbers(&mut tx, book).await?;
        let created_at = self.now();
        Ok(Export { tx, options, programme, head, created_at, households, counters, sheets })
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

    /// The next piece of a file; nothing when it is complete.
    pub async fn piece(&mut self, cursor: &mut Cursor) -> ServiceResult<Option<Vec<u8>>> {
        if cursor.done {
            return Ok(None);
        }
        let mut out = Vec::new();
        if cursor.after.is_none() && self.options.format == Format::Csv {
            out.extend_from_slice("\u{feff}".as_bytes());
            cells::headings(&mut out, cursor.table.columns());
        }
        let page = tables::page(self, cursor.table, cursor.after.unwrap_or(i64::MIN)).await?;
        for row in &page.rows {
            match self.options.format {
                Format::Csv => cells::csv(&mut out, row),
                Format::Jsonl => cells::jsonl(&mut out, cursor.table.columns(), row),
            }
        }
        cursor.rows += u64::try_from(page.rows.len()).unwrap_or(0);
        cursor.bytes += u64::try_from(out.len()).unwrap_or(0);
        cursor.digest.update(&out);
        cursor.done = page.next.is_none();
        cursor.after = page.next.or(Some(i64::MAX));
        Ok(Some(out))
    }

    /// The manifest over finished files.
    #[must_use]
    pub fn manifest(&self, files: Vec<FileEntry>) -> Manifest {
        Manifest::new(self, files)
    }

    /// The manifest alone: every file is computed and thrown away.
    pub async fn dry_manifest(&mut self) -> ServiceResult<Manifest> {
        let mut files = Vec::new();
        for table in Table::ALL {
            let mut cursor = Cursor::of(table);
            while self.piece(&mut cursor).await?.is_some() {}
            files.push(cursor.entry(self.options.format));
        }
        Ok(self.manifest(files))
    }

    fn within(&self, day: Day) -> bool {
        self.options.from.is_none_or(|from| day >= from) && self.options.to.is_none_or(|to| day <= to)
    }
}
