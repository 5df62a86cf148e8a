//! The log out of the files of an export: every transaction put together with its entries and meter uses, its arithmetic
//! followed, its leaf computed again. Memory grows with accounts, not with transactions.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use super::row::{Lines, PackFault, Row};
use crate::{
    domain::{
        book::{HASH_VERSION, leaf_bytes},
        canonical::hex,
        ids::BookId,
        merkle::{self, Hash},
        posting::Commodity,
        time::{Day, Timestamp},
    },
    service::{export::Table, tlog::leaves},
    store::{
        StoreError,
        ledger::read::{EntryRow, MeterUseRow, TxnRow},
    },
};

/// What an account row says.
pub(super) struct Listed {
    pub(super) path: String,
    pub(super) commodity: String,
    pub(super) quantity: i64,
    pub(super) version: i64,
}

/// A transaction with everything that belongs to it.
pub(super) struct Logged {
    pub(super) txn: TxnRow,
    pub(super) entries: Vec<EntryRow>,
    pub(super) uses: Vec<MeterUseRow>,
    /// The bytes that were hashed.
    pub(super) leaf: Vec<u8>,
    /// Their hash.
    pub(super) hash: Hash,
}

/// The log, from its first transaction on.
pub(super) struct LogReader {
    book: BookId,
    txns: Lines,
    entries: Lines,
    uses: Lines,
    seq: i64,
    accounts: BTreeMap<i64, Listed>,
    /// Version and balance of each account so far.
    standing: HashMap<i64, (i64, i64)>,
}

impl LogReader {
    pub(super) fn open(
        folder: &Path,
        book: BookId,
        accounts: BTreeMap<i64, Listed>,
    ) -> Result<Self, PackFault> {
        Ok(Self {
            book,
            txns: Lines::open(folder, Table::Transactions)?,
            entries: Lines::open(folder, Table::Entries)?,
            uses: Lines::open(folder, Table::MeterUses)?,
            seq: 0,
            accounts,
            standing: HashMap::new(),
        })
    }

    /// The next transaction; nothing at the end of the log, where nothing may be left over.
    pub(super) fn next(&mut self) -> Result<Option<Logged>, PackFault> {
        let Some(row) = self.txns.next()? else {
            self.entries.end()?;
            self.uses.end()?;
            self.balances()?;
            return Ok(None);
        };
        self.seq += 1;
        row.same("seq", self.seq, row.int("seq")?)?;
        let txn = txn(&row)?;
        let mut entries = Vec::new();
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        while let Some(row) = self.entries.next_of(self.seq)? {
            let entry = self.entry(&row, entries.len())?;
            *sums.entry(entry.commodity.clone()).or_default() += entry.quantity;
            entries.push(entry);
        }
        if let Some((commodity, sum)) = sums.into_iter().find(|(_, sum)| *sum != 0) {
            let expected = format!("lines of transaction {} that balance in {commodity}", self.seq);
            return Err(PackFault::of(&self.entries.file, "quantity", expected, sum));
        }
        let mut uses = Vec::new();
        while let Some(row) = self.uses.next_of(self.seq)? {
            uses.push(meter_use(&row)?);
        }
        let record = leaves::record(self.book, txn.clone(), entries.clone(), uses.clone());
        let record = record.map_err(|error| match error {
            StoreError::Inconsistent { column, found, .. } => row.fault(column, "a value that can be", found),
            other => row.fault("line", "a transaction", other),
        })?;
        let leaf = leaf_bytes(&record);
        let hash = merkle::leaf_hash(&leaf);
        // whatever of it was changed: the transaction, its entries or its meter uses
        row.same("leaf_hash", hex(&hash), hex(&txn.leaf_hash))?;
        Ok(Some(Logged { txn, entries, uses, leaf, hash }))
    }

    fn entry(&mut self, row: &Row, before: usize) -> Result<EntryRow, PackFault> {
        let entry = EntryRow {
            seq: row.int("seq")?,
            line: row.small("line")?,
            account_id: row.int("account_id")?,
            path: row.text("path")?,
            commodity: row.text("commodity")?,
            version: row.int("version")?,
            quantity: row.int("quantity")?,
            balance_after: row.int("balance_after")?,
            expires_on: row.maybe("expires_on", "a day")?,
        };
        row.same("line", i32::try_from(before + 1).unwrap_or(i32::MAX), entry.line)?;
        let listed = self.accounts.get(&entry.account_id);
        let listed = listed
            .ok_or_else(|| row.fault("account_id", "an account of accounts.jsonl", entry.account_id))?;
        row.same("path", listed.path.as_str(), entry.path.as_str())?;
        row.same("commodity", listed.commodity.as_str(), entry.commodity.as_str())?;
        row.same("scale", scale(&entry.commodity), row.int("scale")?)?;
        let (version, balance) = self.standing.entry(entry.account_id).or_default();
        *version += 1;
        *balance = balance.saturating_add(entry.quantity);
        row.same("version", *version, entry.version)?;
        row.same("balance_after", *balance, entry.balance_after)?;
        Ok(entry)
    }

    /// The accounts stand where the log left them.
    fn balances(&self) -> Result<(), PackFault> {
        for (line, (id, listed)) in (1..).zip(&self.accounts) {
            let (version, balance) = self.standing.get(id).copied().unwrap_or_default();
            let of = |field, expected: i64, found: i64| {
                PackFault::of("accounts.jsonl", field, expected, found).at(line)
            };
            if balance != listed.quantity {
                return Err(of("quantity", balance, listed.quantity));
            }
            if version != listed.version {
                return Err(of("version", version, listed.version));
            }
        }
        Ok(())
    }
}

/// The digits after the point that people see.
pub(super) fn scale(commodity: &str) -> i64 {
    commodity.parse::<Commodity>().map_or(0, |c| i64::from(c.scale()))
}

fn txn(row: &Row) -> Result<TxnRow, PackFault> {
    let txn = TxnRow {
        seq: row.int("seq")?,
        id: row.parsed("id", "a UUID")?,
        key: row.text("key")?,
        kind: row.text("kind")?,
        effective_on: row.parsed::<Day>("effective_on", "a day")?,
        recorded_at: row.parsed::<Timestamp>("recorded_at", "a time")?,
        actor: row.text("actor")?,
        source: row.maybe_text("source")?,
        ruleset: row.maybe_text("ruleset")?,
        rule: row.maybe_text("rule")?,
        reverses_seq: row.maybe_int("reverses_seq")?,
        resolves_seq: row.maybe_int("resolves_seq")?,
        body: row.text("body")?,
        hash_version: row.small("hash_version")?,
        leaf_hash: row.bytes("leaf_hash")?,
    };
    row.same("hash_version", HASH_VERSION, txn.hash_version)?;
    let fields: Result<BTreeMap<String, String>, _> = serde_json::from_str(&txn.body);
    let again = fields.ok().and_then(|fields| serde_json::to_string(&fields).ok());
    row.same("body", again.unwrap_or_else(|| "fields and values".to_owned()), txn.body.clone())?;
    Ok(txn)
}

fn meter_use(row: &Row) -> Result<MeterUseRow, PackFault> {
    Ok(MeterUseRow {
        seq: row.int("seq")?,
        ordinal: row.small("ordinal")?,
        meter: row.text("meter")?,
        amount: row.int("amount")?,
        ceiling: row.maybe_int("ceiling")?,
        used_after: row.int("used_after")?,
    })
}
