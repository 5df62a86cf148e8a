//! Checking a pack with nothing but a key: the rows give the root of the signed head, the tiles are those of the log, the
//! spreadsheets hold the same values, and the journals the same postings. Workbooks are held by their digest alone.

use std::{
    collections::BTreeMap,
    fs::File as FsFile,
    io::{BufReader, Read},
    path::Path,
};

use super::{
    journals::Journals,
    log::{Listed, LogReader, Logged},
    open::{self, Opened},
    row::{Lines, PackFault, Row},
};
use crate::{
    domain::{
        canonical::hex,
        ids::BookId,
        merkle::{
            Frontier, Hash,
            tiles::{self, Rising, TILE_WIDTH, Tile, Upper},
        },
        tlog::{Checkpoint, VerifierKey},
    },
    service::export::{File, Format, Table, cells},
};

/// What was found of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackReport {
    /// The signed head.
    pub head: Checkpoint,
    /// The key that verified it.
    pub key: VerifierKey,
    /// The programme's name.
    pub name: String,
    /// Files whose digest was compared.
    pub files: usize,
    /// Transactions whose leaf was computed again; none where the export holds no rows of the log.
    pub transactions: i64,
    /// Their entries.
    pub entries: i64,
    /// Tiles compared with the log.
    pub tiles: u64,
    /// Journals compared with the log.
    pub journals: usize,
}

/// Checks the export in a folder: by the key that is given, or else by those it brings along.
///
/// # Errors
/// The first thing that does not hold, by file, line and field.
pub fn check_pack(folder: &Path, key: Option<&VerifierKey>) -> Result<PackReport, PackFault> {
    let opened = open::open(folder, key)?;
    opened.digests(folder)?;
    opened.strangers(folder)?;
    let mut report = PackReport {
        head: opened.head.clone(),
        key: opened.key.clone(),
        name: opened.manifest.name.clone(),
        files: opened.manifest.files.len(),
        transactions: 0,
        entries: 0,
        tiles: 0,
        journals: 0,
    };
    if opened.has_rows() {
        rows(folder, &opened, &mut report)?;
        for table in Table::ALL {
            if opened.lists(File::Table(table, Format::Csv)) {
                csv(folder, table)?;
            }
        }
    }
    Ok(report)
}

fn rows(folder: &Path, opened: &Opened, report: &mut PackReport) -> Result<(), PackFault> {
    let book = book(folder, opened)?;
    let accounts = accounts(folder)?;
    let mut journals = Journals::begin(folder, opened, &accounts)?;
    let mut log = LogReader::open(folder, book, accounts)?;
    let mut frontier = Frontier::new();
    let mut files = opened.manifest.tiles.then(|| Tiles::new(folder, opened.head.size));
    while let Some(logged) = log.next()? {
        frontier.append(logged.hash);
        report.transactions += 1;
        report.entries += i64::try_from(logged.entries.len()).unwrap_or(0);
        if let Some(files) = &mut files {
            files.leaf(&logged)?;
        }
        journals.transaction(&logged);
    }
    head(&opened.head, &frontier)?;
    if let Some(files) = files {
        report.tiles = files.finish()?;
    }
    report.journals = journals.compare()?;
    Ok(())
}

/// The root over the rows is the one that was signed.
pub(super) fn head(head: &Checkpoint, log: &Frontier) -> Result<(), PackFault> {
    let of = |size: u64, root: &Hash| format!("{size} {}", hex(root));
    let (signed, found) = (of(head.size, &head.root), of(log.size(), &log.root()));
    if signed == found { Ok(()) } else { Err(PackFault::of("transactions.jsonl", "root", signed, found)) }
}

/// The book that the rows are of, the one that was signed.
pub(super) fn book(folder: &Path, opened: &Opened) -> Result<BookId, PackFault> {
    let row = Lines::open(folder, Table::Book)?.only()?;
    row.same("book_id", opened.manifest.book.clone(), row.text("book_id")?)?;
    row.same("seq", opened.manifest.seq, row.int("seq")?)?;
    row.same("root", opened.manifest.root.clone(), row.text("root")?)?;
    let book: BookId = row.parsed("book_id", "a UUID")?;
    row.same("book_id", opened.head.origin.clone(), crate::domain::tlog::checkpoint::origin(book))?;
    Ok(book)
}

/// The accounts as they are listed.
pub(super) fn accounts(folder: &Path) -> Result<BTreeMap<i64, Listed>, PackFault> {
    let (mut lines, mut accounts) = (Lines::open(folder, Table::Accounts)?, BTreeMap::new());
    while let Some(row) = lines.next()? {
        let id = row.int("account_id")?;
        row.same("account_id", i64::try_from(accounts.len() + 1).unwrap_or(i64::MAX), id)?;
        accounts.insert(id, listed(&row)?);
    }
    Ok(accounts)
}

fn listed(row: &Row) -> Result<Listed, PackFault> {
    let (path, commodity) = (row.text("path")?, row.text("commodity")?);
    row.parsed::<crate::domain::posting::Path>("path", "an account")?;
    row.parsed::<crate::domain::posting::Commodity>("commodity", "a commodity")?;
    row.same("scale", super::log::scale(&commodity), row.int("scale")?)?;
    Ok(Listed { path, commodity, quantity: row.int("quantity")?, version: row.int("version")? })
}

/// The spreadsheet of a table has exactly the bytes that its rows give.
fn csv(folder: &Path, table: Table) -> Result<(), PackFault> {
    let name = table.file(Format::Csv);
    let unread = |e: std::io::Error| PackFault::unread(&name, &e);
    let mut file = BufReader::new(FsFile::open(folder.join(&name)).map_err(unread)?);
    let mut lines = Lines::open(folder, table)?;
    let mut wanted = "\u{feff}".as_bytes().to_vec();
    cells::headings(&mut wanted, table.columns());
    let mut found = Vec::new();
    for line in 1.. {
        found.resize(wanted.len(), 0);
        let whole = file.read_exact(&mut found).is_ok();
        if !whole || found != wanted {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
            return Err(PackFault::of(&name, "line", text(&wanted), text(&found)).at(line));
        }
        wanted.clear();
        match lines.next()? {
            Some(row) => cells::csv(&mut wanted, &row.cells(table.columns())?),
            None => break,
        }
    }
    match file.read(&mut [0]).map_err(unread)? {
        0 => Ok(()),
        _ => Err(PackFault::of(&name, "line", "the end of the file", "more")),
    }
}

/// The files of the log, compared as its leaves come.
struct Tiles<'f> {
    folder: &'f Path,
    size: u64,
    rising: Rising,
    uppers: Vec<Upper>,
    hashes: Vec<u8>,
    bundle: Vec<u8>,
    index: u64,
    compared: u64,
}

impl<'f> Tiles<'f> {
    fn new(folder: &'f Path, size: u64) -> Self {
        Self {
            folder,
            size,
            rising: Rising::default(),
            uppers: Vec::new(),
            hashes: Vec::new(),
            bundle: Vec::new(),
            index: 0,
            compared: 0,
        }
    }

    fn leaf(&mut self, logged: &Logged) -> Result<(), PackFault> {
        self.uppers.extend(self.rising.append(logged.hash));
        self.hashes.extend_from_slice(&logged.hash);
        let length = u16::try_from(logged.leaf.len()).unwrap_or(u16::MAX);
        self.bundle.extend_from_slice(&length.to_be_bytes());
        self.bundle.extend_from_slice(&logged.leaf);
        self.index += 1;
        if self.index.is_multiple_of(TILE_WIDTH) || self.index == self.size {
            let tile = Tile::within(0, (self.index - 1) / TILE_WIDTH, self.size);
            let tile = tile.ok_or_else(|| {
                PackFault::of("transactions.jsonl", "line", format!("{} rows", self.size), "more")
            })?;
            self.same(&tile.path(), &self.hashes)?;
            self.same(&tile.entries_path(), &self.bundle)?;
            self.compared += 2;
            self.hashes.clear();
            self.bundle.clear();
        }
        Ok(())
    }

    fn finish(mut self) -> Result<u64, PackFault> {
        for tile in tiles::all(self.size).filter(|tile| tile.level > 0) {
            let places = tile.places();
            let inside = self.uppers.iter().filter(|u| u.level == tile.level && places.contains(&u.index));
            self.same(&tile.path(), &inside.flat_map(|u| u.hash).collect::<Vec<u8>>())?;
            self.compared += 1;
        }
        Ok(self.compared)
    }

    fn same(&self, name: &str, wanted: &[u8]) -> Result<(), PackFault> {
        let found = std::fs::read(self.folder.join(name)).map_err(|e| PackFault::unread(name, &e))?;
        if found == wanted {
            return Ok(());
        }
        let at = found.iter().zip(wanted).take_while(|(a, b)| a == b).count();
        Err(PackFault::of(name, "bytes", "those of the log", format!("others from byte {}", at + 1)))
    }
}
