//! What a book must be told before it decides, from the database.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Job, batch::Shelf, write::Chain};
use crate::{
    domain::{
        book::{AccountKey, Book, Key, MeterUse, Original, Prior, PriorResult, Refused, is_commitment},
        ids::BookId,
        merkle::Frontier,
        posting::Line,
    },
    store::{
        StoreError, StoreResult, Tx,
        ledger::{
            lookup,
            read::{self, Head},
        },
        private_text,
    },
};

/// A book as its row says.
pub(super) fn shelf(id: BookId, head: &Head) -> StoreResult<Shelf> {
    let frontier = Frontier::from_bytes(&head.frontier).map_err(|_| {
        StoreError::inconsistent("book", "frontier", format!("{} bytes", head.frontier.len()))
    })?;
    let size = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
    if size != head.seq {
        return Err(StoreError::inconsistent("book", "frontier", format!("size {size} at seq {}", head.seq)));
    }
    let book = Book::loaded(
        id,
        head.policy(),
        head.seq,
        head.recorded_at,
        frontier,
        head.closed_through,
        head.next_account,
    );
    let chain = Chain { refusals: head.refusals, head: head.refusal_chain.clone().unwrap_or_default() };
    Ok(Shelf { book, chain })
}

/// Takes keys that are not in memory for new. Whoever writes what is decided so must make sure of it. Whether there is
/// more that must be looked up.
pub(super) fn assume_new(book: &mut Book, jobs: &[&Job]) -> bool {
    let mut needs = book.needs(jobs.iter().flat_map(|job| job.commands()));
    for key in std::mem::take(&mut needs.keys) {
        book.load_prior(key, None);
    }
    !needs.is_empty()
}

/// Loads everything the commands need; twice where a link leads further.
pub(super) async fn all(tx: &mut Tx, book: &mut Book, jobs: &[&Job]) -> StoreResult<()> {
    loop {
        let needs = book.needs(jobs.iter().flat_map(|job| job.commands()));
        if needs.is_empty() {
            return Ok(());
        }
        keys(tx, book, &needs.keys).await?;
        accounts(tx, book, needs.accounts).await?;
        meters(tx, book, needs.meters).await?;
        for (after, day) in needs.fences {
            let landed = read::landed(tx, book.id, (after, book.seq), day).await?;
            book.load_fence((after, day), landed);
        }
        for seq in needs.originals {
            let found = original(tx, book.id, seq).await?;
            book.load_original(seq, found);
        }
    }
}

async fn keys(tx: &mut Tx, book: &mut Book, keys: &BTreeSet<Key>) -> StoreResult<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = keys.iter().map(Key::as_str).collect();
    let mut found: HashMap<String, Prior> = HashMap::new();
    for row in lookup::keys(tx, book.id, &names).await? {
        let table = if row.seq.is_some() { "txn" } else { "refusal" };
        let result = match row.seq {
            Some(seq) => PriorResult::Posted { seq },
            None => PriorResult::Refused(Refused {
                code: parse(&row.code.unwrap_or_default(), table, "code")?,
                facts: facts(&row.facts.unwrap_or_default(), table, "facts")?,
            }),
        };
        let kind = parse(&row.kind, table, "kind")?;
        let body = facts(&row.body, table, "body")?;
        let salts = salts(tx, book.id, &row.key, &body).await?;
        found.insert(row.key, Prior { kind, actor: row.actor, body, salts, result });
    }
    for key in keys {
        let prior = found.remove(key.as_str());
        book.load_prior(key.clone(), prior);
    }
    Ok(())
}

/// The salts of a key's private texts, as far as they are not erased.
async fn salts(
    tx: &mut Tx,
    book: BookId,
    key: &str,
    body: &BTreeMap<String, String>,
) -> StoreResult<BTreeMap<String, [u8; 32]>> {
    let mut salts = BTreeMap::new();
    if !body.values().any(|value| is_commitment(value)) {
        return Ok(salts);
    }
    for row in private_text::of_key(tx, book, key).await? {
        if let Some(salt) = row.salt {
            let salt = salt.try_into().map_err(|_| StoreError::inconsistent("private_text", "salt", key))?;
            salts.insert(row.name, salt);
        }
    }
    Ok(salts)
}

async fn accounts(tx: &mut Tx, book: &mut Book, wanted: BTreeSet<AccountKey>) -> StoreResult<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let names: Vec<(&str, &str)> =
        wanted.iter().map(|(path, commodity)| (path.as_str(), commodity.as_str())).collect();
    let mut found = HashMap::new();
    for row in lookup::accounts(tx, book.id, &names).await? {
        found.insert((row.path, row.commodity), (row.account_id, row.quantity, row.debited, row.version));
    }
    for key in wanted {
        let standing = found.remove(&(key.0.as_str().to_owned(), key.1.as_str().to_owned()));
        let path = key.0.as_str().to_owned();
        book.load_account(key, standing).map_err(|_| StoreError::inconsistent("account", "path", path))?;
    }
    Ok(())
}

async fn meters(tx: &mut Tx, book: &mut Book, wanted: BTreeSet<String>) -> StoreResult<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let mut found: HashMap<String, i64> = lookup::meters(tx, book.id, &names).await?.into_iter().collect();
    for name in wanted {
        let used = found.remove(&name).unwrap_or(0);
        book.load_meter(name, used);
    }
    Ok(())
}

async fn original(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Option<Original>> {
    let Some(txn) = read::txn(tx, book, seq).await? else { return Ok(None) };
    let mut lines = Vec::new();
    for row in read::entries(tx, book, seq - 1, seq).await? {
        lines.push(Line {
            account: parse(&row.path, "account", "path")?,
            commodity: parse(&row.commodity, "account", "commodity")?,
            quantity: row.quantity,
            expires_on: row.expires_on,
        });
    }
    let uses = read::meter_uses(tx, book, seq - 1, seq).await?;
    Ok(Some(Original {
        kind: parse(&txn.kind, "txn", "kind")?,
        resolves: txn.resolves_seq,
        lines,
        meters: uses
            .into_iter()
            .map(|row| MeterUse { meter: row.meter, amount: row.amount, limit: row.ceiling })
            .collect(),
        reversed_by: read::reversed_by(tx, book, seq).await?,
        resolved_by: read::resolved_by(tx, book, seq).await?,
    }))
}

fn parse<T: std::str::FromStr>(text: &str, table: &'static str, column: &'static str) -> StoreResult<T> {
    text.parse().map_err(|_| StoreError::inconsistent(table, column, text))
}

fn facts(text: &str, table: &'static str, column: &'static str) -> StoreResult<BTreeMap<String, String>> {
    serde_json::from_str(text).map_err(|_| StoreError::inconsistent(table, column, text))
}
