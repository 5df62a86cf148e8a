//! The bytes behind the leaves, put together again from stored rows. They hold numbers and pseudonyms, no names and no
//! free text; yet who knows a household's number reads its account in them, so they are not for everybody.

use std::collections::{BTreeMap, VecDeque};

use super::{ServiceError, ServiceResult, narrow};
use crate::{
    domain::{
        book::{Entry, HASH_VERSION, MeterRecord, Record, leaf_bytes},
        canonical::hex,
        ids::BookId,
        merkle::{self, tiles::Tile},
    },
    store::{
        StoreError, StoreResult, Tx,
        ledger::read::{self, EntryRow, MeterUseRow, TxnRow},
    },
};

/// The leaves of the transactions after `after` up to `through`, in order. Each is compared with its stored hash.
pub async fn between(tx: &mut Tx, book: BookId, after: i64, through: i64) -> ServiceResult<Vec<Vec<u8>>> {
    let txns = read::txns(tx, book, after, through - after).await?;
    let mut entries: VecDeque<EntryRow> = read::entries(tx, book, after, through).await?.into();
    let mut uses: VecDeque<MeterUseRow> = read::meter_uses(tx, book, after, through).await?.into();
    let mut leaves = Vec::with_capacity(txns.len());
    for txn in txns {
        let mut own = (Vec::new(), Vec::new());
        while let Some(entry) = entries.pop_front_if(|e| e.seq <= txn.seq) {
            own.0.push(entry);
        }
        while let Some(used) = uses.pop_front_if(|u| u.seq <= txn.seq) {
            own.1.push(used);
        }
        leaves.push(leaf(book, txn, own.0, own.1)?);
    }
    Ok(leaves)
}

/// The entry bundle of C2SP tlog-tiles for a tile of leaves: every leaf behind its length in 16 bits.
pub(super) async fn bundle(tx: &mut Tx, book: BookId, tile: Tile) -> ServiceResult<Vec<u8>> {
    let places = tile.places();
    let mut out = Vec::new();
    for leaf in between(tx, book, narrow(places.start), narrow(places.end)).await? {
        let length = u16::try_from(leaf.len())
            .map_err(|_| ServiceError::Internal(format!("a leaf of {} bytes", leaf.len())))?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&leaf);
    }
    Ok(out)
}

fn leaf(book: BookId, txn: TxnRow, entries: Vec<EntryRow>, uses: Vec<MeterUseRow>) -> ServiceResult<Vec<u8>> {
    if txn.hash_version != HASH_VERSION {
        return Err(StoreError::inconsistent("txn", "hash_version", txn.hash_version.to_string()).into());
    }
    let (seq, stored) = (txn.seq, txn.leaf_hash.clone());
    let bytes = leaf_bytes(&record(book, txn, entries, uses)?);
    if merkle::leaf_hash(&bytes).as_slice() == stored {
        Ok(bytes)
    } else {
        Err(StoreError::inconsistent("txn", "leaf_hash", format!("{} at {seq}", hex(&stored))).into())
    }
}

/// A transaction with its rows, as it is hashed.
pub fn record(
    book: BookId,
    txn: TxnRow,
    entries: Vec<EntryRow>,
    uses: Vec<MeterUseRow>,
) -> StoreResult<Record> {
    let body: BTreeMap<String, String> =
        serde_json::from_str(&txn.body).map_err(|_| StoreError::inconsistent("txn", "body", &txn.body))?;
    let entries = entries.into_iter().map(|e| {
        Ok(Entry {
            account_id: e.account_id,
            path: parse(&e.path, "account", "path")?,
            commodity: parse(&e.commodity, "account", "commodity")?,
            version: e.version,
            line: e.line,
            quantity: e.quantity,
            balance_after: e.balance_after,
            expires_on: e.expires_on,
        })
    });
    let meters = uses.into_iter().map(|u| MeterRecord {
        meter: u.meter,
        amount: u.amount,
        limit: u.ceiling,
        used_after: u.used_after,
    });
    Ok(Record {
        book,
        seq: txn.seq,
        id: txn.id,
        key: parse(&txn.key, "txn", "key")?,
        kind: parse(&txn.kind, "txn", "kind")?,
        effective_on: txn.effective_on,
        recorded_at: txn.recorded_at,
        actor: txn.actor,
        source: txn.source,
        ruleset: txn.ruleset,
        rule: txn.rule,
        reverses: txn.reverses_seq,
        resolves: txn.resolves_seq,
        body,
        meters: meters.collect(),
        entries: entries.collect::<StoreResult<_>>()?,
    })
}

fn parse<T: std::str::FromStr>(text: &str, table: &'static str, column: &'static str) -> StoreResult<T> {
    text.parse().map_err(|_| StoreError::inconsistent(table, column, text))
}
