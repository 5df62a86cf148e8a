//! The floor: the same rows, in the same batch size, by a bare loop on one connection: one multi-row statement a table,
//! the head, a commit. It decides nothing, hashes nothing, looks nothing up and answers nobody.

use std::{collections::BTreeMap, time::Instant};

use anyhow::Context;

use super::ledger::Load;
use crate::{
    domain::ids::TxnId,
    store::ledger::{
        read,
        write::{self, Batch, NewBalance, NewEntry, NewHead, NewTxn},
    },
};

/// Accounts read at once.
const ACCOUNTS: i64 = 100_000;

/// Postings a second of the bare loop on a book where nothing was awarded yet.
pub(super) async fn measure(load: &Load, count: u32, batch: f64) -> anyhow::Result<f64> {
    let mut state = Bare::begin(load).await?;
    let started = Instant::now();
    let (mut done, mut due) = (0_u32, 0.0_f64);
    while done < count {
        // an average batch of 1.5 is written as 1, 2, 1, 2 …
        due += batch;
        let mut size = 0_u32;
        while f64::from(size) + 1.0 <= due && done + size < count {
            size += 1;
        }
        due -= f64::from(size);
        state.write(load, done, size.max(1)).await?;
        done += size.max(1);
    }
    Ok(f64::from(count) / started.elapsed().as_secs_f64())
}

/// A book as the loop keeps it in mind.
struct Bare {
    head: read::Head,
    /// Path → account, entries, balance so far.
    accounts: BTreeMap<String, NewBalance>,
}

impl Bare {
    async fn begin(load: &Load) -> anyhow::Result<Self> {
        let mut tx = load.desk.db.begin_read().await?;
        let head = read::head(&mut tx, load.book).await?.context("the book is not there")?;
        let rows = read::accounts(&mut tx, load.book, 0, ACCOUNTS).await?;
        let accounts = rows.into_iter().map(|a| {
            let (account_id, quantity) = (a.account_id, a.quantity);
            (a.path, NewBalance { account_id, quantity, debited: a.debited, version: a.version })
        });
        Ok(Self { head, accounts: accounts.collect() })
    }

    async fn write(&mut self, load: &Load, first: u32, count: u32) -> anyhow::Result<()> {
        let (from_seq, from_refusals) = (self.head.seq, self.head.refusals);
        let keys: Vec<String> = (first..first + count).map(|n| format!("award-{n}")).collect();
        let bodies: Vec<String> = keys.iter().map(|key| format!("{{\"n\":\"{key}\"}}")).collect();
        let (now, leaf) = (load.desk.now(), [0_u8; 32]);
        let (mut txns, mut entries, mut touched) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (number, (key, body)) in (first..).zip(keys.iter().zip(&bodies)) {
            self.head.seq += 1;
            let seq = self.head.seq;
            let lines = load.cast.lines(load.workload, number).context("nobody has that number")?;
            for (number, line) in (1..).zip(lines) {
                let account = self.accounts.get_mut(line.account.as_str()).context("no such account")?;
                account.version += 1;
                account.quantity += line.quantity;
                account.debited += line.quantity.max(0);
                entries.push(NewEntry {
                    account_id: account.account_id,
                    version: account.version,
                    seq,
                    line: number,
                    quantity: line.quantity,
                    balance_after: account.quantity,
                    expires_on: None,
                });
                touched.insert(account.account_id, *account);
            }
            let id: TxnId = load.desk.id();
            txns.push(txn(seq, id, (key, body), now, &leaf));
        }
        let head = NewHead {
            from_seq,
            from_refusals,
            seq: self.head.seq,
            refusals: from_refusals,
            refusal_chain: None,
            recorded_at: now,
            frontier: &self.head.frontier,
            root: &self.head.root,
            closed_through: None,
            next_account: self.head.next_account,
        };
        let rows = Batch { txns, entries, balances: touched.into_values().collect(), ..Batch::of(head) };
        let mut tx = load.desk.db.begin_write().await?;
        write::rows(&mut tx, load.book, &rows).await?;
        Ok(tx.commit().await?)
    }
}

fn txn<'a>(
    seq: i64,
    id: TxnId,
    (key, body): (&'a str, &'a str),
    now: crate::domain::time::Timestamp,
    leaf: &'a [u8],
) -> NewTxn<'a> {
    NewTxn {
        seq,
        id,
        key,
        kind: "award",
        effective_on: now.day(),
        recorded_at: now,
        actor: "system",
        source: None,
        ruleset: None,
        rule: None,
        reverses: None,
        resolves: None,
        body,
        hash_version: 1,
        leaf_hash: leaf,
    }
}
