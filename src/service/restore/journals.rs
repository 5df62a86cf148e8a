//! Journals against the log. Both hold the same transactions, but a journal is ordered by business day: so for each day
//! the digests of its transactions are added up on either side, and the sums compared. Everything but the words of a
//! transaction is in the digest: date, place, tags and postings. What is asserted (running and closing balances) is
//! followed on the way. Memory grows with days and accounts.

use std::{
    collections::BTreeMap,
    fs::File as FsFile,
    io::{BufRead, BufReader},
    path::Path,
};

use sha2::{Digest, Sha256};

use super::{
    log::{Listed, Logged},
    open::Opened,
    row::{Lines, PackFault},
};
use crate::{
    domain::time::Day,
    service::export::{
        File, Format, Table, beancount, hledger,
        plain::{self, Booked, Head, Names},
    },
};

/// How many transactions, and the sum of their digests.
type Sum = (u64, [u64; 4]);

/// What the log says the journals hold.
pub(super) struct Journals {
    folder: std::path::PathBuf,
    formats: Vec<Format>,
    names: Names,
    name: String,
    note: String,
    made: Day,
    days: BTreeMap<(u8, Day), Sum>,
    balances: BTreeMap<String, i64>,
}

impl Journals {
    pub(super) fn begin(
        folder: &Path,
        opened: &Opened,
        accounts: &BTreeMap<i64, Listed>,
    ) -> Result<Self, PackFault> {
        let mut lines = Lines::open(folder, Table::Commodities)?;
        let mut names = Names::new();
        while let Some(row) = lines.next()? {
            names.insert(row.text("code")?, row.text("name")?);
        }
        let journals = [Format::Hledger, Format::Beancount];
        let manifest = &opened.manifest;
        let made = manifest.created_at.get(..10).and_then(|day| day.parse().ok());
        Ok(Self {
            folder: folder.to_owned(),
            formats: journals.into_iter().filter(|f| opened.lists(File::Journal(*f))).collect(),
            names,
            name: manifest.name.clone(),
            note: opened.note.clone(),
            made: made.ok_or_else(|| {
                PackFault::of("manifest.json", "created_at", "a time", &manifest.created_at)
            })?,
            days: BTreeMap::new(),
            balances: accounts.values().map(|a| (plain::account(&a.path, &a.commodity), 0)).collect(),
        })
    }

    /// Takes in a transaction of the log.
    pub(super) fn transaction(&mut self, logged: &Logged) {
        let t = &logged.txn;
        let lines = logged
            .entries
            .iter()
            .map(|e| (plain::account(&e.path, &e.commodity), e.commodity.clone(), e.quantity));
        let booked = Booked {
            seq: t.seq,
            day: t.effective_on,
            kind: t.kind.clone(),
            rule: t.rule.clone(),
            recorded_at: t.recorded_at,
            reverses: t.reverses_seq,
            resolves: t.resolves_seq,
            leaf: t.leaf_hash.clone(),
            lines: lines.collect(),
        };
        for (account, _, quantity) in &booked.lines {
            *self.balances.entry(account.clone()).or_default() += quantity;
        }
        for format in &self.formats {
            let mut text = String::new();
            if *format == Format::Beancount {
                beancount::transaction(&mut text, &booked, &self.names);
            } else {
                // what is asserted is followed in the journal's own order
                hledger::transaction(&mut text, &booked, &self.names, &mut |_, _| 0);
            }
            let block: Vec<String> =
                text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
            add(&mut self.days, *format, booked.day, &block);
        }
    }

    /// Compares the journals; returns how many there are.
    pub(super) fn compare(&self) -> Result<usize, PackFault> {
        for format in &self.formats {
            self.journal(*format)?;
        }
        Ok(self.formats.len())
    }

    fn journal(&self, format: Format) -> Result<(), PackFault> {
        let name = File::Journal(format).name();
        let file = FsFile::open(self.folder.join(&name)).map_err(|e| PackFault::unread(&name, &e))?;
        let mut reader = Blocks { name: &name, lines: BufReader::new(file), line: 0 };
        let days: Vec<Day> =
            self.days.keys().filter(|(f, _)| *f == mark(format)).map(|(_, day)| *day).collect();
        let (first, last) = (days.first().unwrap_or(&self.made), days.last().unwrap_or(&self.made));
        let head = Head {
            note: &self.note,
            name: &self.name,
            first: *first,
            after: last.plus(1),
            names: &self.names,
        };
        let accounts = self.balances.keys().map(String::as_str);
        let above = if format == Format::Beancount {
            beancount::head(&head, accounts)
        } else {
            hledger::head(&head, accounts)
        };
        reader.text(&above)?;
        let mut seen: BTreeMap<(u8, Day), Sum> = BTreeMap::new();
        let mut balances: BTreeMap<String, i64> = BTreeMap::new();
        let mut before = None;
        let mut rest = Vec::new();
        while let Some((line, block)) = reader.block()? {
            let wrong = |field: &str, expected: &str, found: &str| {
                Err(PackFault::of(&name, field, expected, found).at(line))
            };
            let place = placed(format, &block);
            let Some((day, seq)) = place else {
                rest = block;
                break;
            };
            if before.is_some_and(|before| before >= (day, seq)) {
                return wrong("date", "later in the order of date and seq", block.first().map_or("", |l| l));
            }
            before = Some((day, seq));
            if format == Format::Hledger
                && let Some(bad) = asserted(&block, &mut balances)
            {
                return wrong("balance", &bad.1.to_string(), &bad.0);
            }
            add(&mut seen, format, day, &block);
        }
        let mut below = String::new();
        if format == Format::Beancount {
            for (account, quantity) in &self.balances {
                beancount::balance(&mut below, &head, account, *quantity);
            }
        }
        if rest.join("\n").trim_end() != below.trim_end() || reader.block()?.is_some() {
            return Err(PackFault::of(&name, "balance", "the closing balances of the log", "others"));
        }
        for day in days {
            let key = (mark(format), day);
            if self.days.get(&key) != seen.get(&key) {
                let expected = format!("the transactions that the log has for {day}");
                return Err(PackFault::of(&name, "postings", expected, "others"));
            }
        }
        match seen.keys().find(|key| !self.days.contains_key(key)) {
            None => Ok(()),
            Some((_, day)) => Err(PackFault::of(&name, "date", "a day of the log", day)),
        }
    }
}

const fn mark(format: Format) -> u8 {
    match format {
        Format::Beancount => 1,
        _ => 0,
    }
}

fn add(days: &mut BTreeMap<(u8, Day), Sum>, format: Format, day: Day, block: &[String]) {
    let mut digest = Sha256::new();
    for (index, line) in block.iter().enumerate() {
        digest.update(proven(format, index, line));
        digest.update(b"\n");
    }
    let digest: [u8; 32] = digest.finalize().into();
    let sum = days.entry((mark(format), day)).or_default();
    sum.0 += 1;
    let (words, _) = digest.as_chunks::<8>();
    for (lane, word) in sum.1.iter_mut().zip(words) {
        *lane = lane.wrapping_add(u64::from_be_bytes(*word));
    }
}

/// What of a line the log proves: not the words for people, and not what is asserted.
fn proven(format: Format, index: usize, line: &str) -> String {
    match (format, index) {
        (Format::Beancount, 0) => {
            let (day, tail) = (line.split_once(" * \""), line.rsplit_once("\" ^"));
            match (day, tail) {
                (Some((day, _)), Some((_, tail))) => format!("{day} ^{tail}"),
                _ => line.to_owned(),
            }
        }
        (_, 0) => line.split_once(')').map_or(line, |(before, _)| before).to_owned(),
        (Format::Beancount, _) => line.to_owned(),
        _ => line.split_once(" == ").map_or(line, |(before, _)| before).to_owned(),
    }
}

/// The day and place of a transaction; nothing for another block.
fn placed(format: Format, block: &[String]) -> Option<(Day, i64)> {
    let line = block.first()?;
    let day = line.get(..10)?.parse().ok()?;
    let digits = match format {
        Format::Beancount => line.rsplit_once("\" ^tx-")?.1.split_once(' ')?.0,
        _ => line.split_once("(tx-")?.1.split_once(')')?.0,
    };
    Some((day, digits.parse().ok()?))
}

/// Follows the balances that the lines assert; the first that is wrong, and what it must be.
fn asserted(block: &[String], balances: &mut BTreeMap<String, i64>) -> Option<(String, i64)> {
    for line in block.iter().skip(2) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [account, quantity, _, "==", after, _] = words.as_slice() else {
            return Some((line.clone(), 0));
        };
        let balance = balances.entry((*account).to_owned()).or_default();
        *balance = balance.saturating_add(quantity.parse().ok()?);
        if after.parse() != Ok(*balance) {
            return Some((line.trim().to_owned(), *balance));
        }
    }
    None
}

/// A journal as blocks of lines with empty lines between.
struct Blocks<'n, R> {
    name: &'n str,
    lines: R,
    line: u64,
}

impl<R: BufRead> Blocks<'_, R> {
    fn next(&mut self) -> Result<Option<String>, PackFault> {
        let mut line = String::new();
        self.lines.read_line(&mut line).map_err(|e| PackFault::unread(self.name, &e))?;
        self.line += 1;
        Ok(line.strip_suffix('\n').map(str::to_owned))
    }

    /// Exactly this text comes next.
    fn text(&mut self, wanted: &str) -> Result<(), PackFault> {
        for wanted in wanted.lines() {
            let found = self.next()?.unwrap_or_default();
            if found != wanted {
                return Err(PackFault::of(self.name, "header", wanted, found).at(self.line));
            }
        }
        Ok(())
    }

    /// The next block with the number of its first line; nothing at the end.
    fn block(&mut self) -> Result<Option<(u64, Vec<String>)>, PackFault> {
        let mut block = Vec::new();
        let mut first = self.line + 1;
        while let Some(line) = self.next()? {
            if line.is_empty() {
                if block.is_empty() {
                    first = self.line + 1;
                    continue;
                }
                return Ok(Some((first, block)));
            }
            block.push(line);
        }
        Ok((!block.is_empty()).then_some((first, block)))
    }
}
