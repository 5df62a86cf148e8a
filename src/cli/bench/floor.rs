//! The floor: the same rows, in the same batch size, through the same multi-row statements, by a bare loop on one
//! connection. It decides nothing, hashes nothing, looks nothing up and answers nobody.

use std::{collections::BTreeMap, time::Instant};

use super::ledger::HOUSEHOLDS;
use crate::{
    domain::{
        ids::{BookId, TxnId},
        merkle::{Frontier, empty_root},
    },
    service::Desk,
    store::ledger::write::{self, NewAccount, NewBalance, NewEntry, NewHead, NewTxn},
};

/// Postings a second of the bare loop.
pub(super) async fn measure(desk: &Desk, postings: u32, batch: f64) -> anyhow::Result<f64> {
    let book: BookId = desk.id();
    let mut tx = desk.db.begin_write().await?;
    desk.create_book(&mut tx, book).await?;
    tx.commit().await?;
    let mut state = Bare { book, seq: 0, versions: BTreeMap::new() };
    let started = Instant::now();
    let (mut done, mut due) = (0_u32, 0.0_f64);
    while done < postings {
        // an average batch of 1.5 is written as 1, 2, 1, 2 …
        due += batch;
        let mut count = 0_u32;
        while f64::from(count) + 1.0 <= due && done + count < postings {
            count += 1;
        }
        due -= f64::from(count);
        state.write(desk, done, count.max(1)).await?;
        done += count.max(1);
    }
    Ok(f64::from(postings) / started.elapsed().as_secs_f64())
}

struct Bare {
    book: BookId,
    seq: i64,
    /// Account → entries and balance so far; 0 is the budget.
    versions: BTreeMap<i64, (i64, i64)>,
}

impl Bare {
    async fn write(&mut self, desk: &Desk, first: u32, count: u32) -> anyhow::Result<()> {
        let from_seq = self.seq;
        let ids: Vec<TxnId> = (0..count).map(|_| desk.id()).collect();
        let keys: Vec<String> = (first..first + count).map(|n| format!("award-{n}")).collect();
        let paths: Vec<String> = (0..count)
            .map(|n| format!("Liabilities:Households:H{:05}:Available", household(first + n)))
            .collect();
        let (now, leaf) = (desk.now(), [0_u8; 32]);
        let (mut txns, mut entries, mut accounts) = (Vec::new(), Vec::new(), Vec::new());
        let mut touched = BTreeMap::new();
        for (place, n) in (first..first + count).enumerate() {
            self.seq += 1;
            let lines = [(0, 100_i64), (i64::from(household(n)) + 1, -100_i64)];
            for (line, (account_id, quantity)) in (1..).zip(lines) {
                let (version, balance) = self.versions.get(&account_id).copied().unwrap_or((0, 0));
                if version == 0 {
                    let path = if account_id == 0 {
                        "Equity:Budget:Bench"
                    } else {
                        paths.get(place).map_or("", |p| p)
                    };
                    let opened_seq = self.seq;
                    accounts.push(NewAccount {
                        account_id,
                        path,
                        commodity: "POINT",
                        min: None,
                        max: Some(0),
                        opened_seq,
                    });
                }
                let (version, balance_after) = (version + 1, balance + quantity);
                self.versions.insert(account_id, (version, balance_after));
                entries.push(NewEntry {
                    account_id,
                    version,
                    seq: self.seq,
                    line,
                    quantity,
                    balance_after,
                    expires_on: None,
                });
                touched.insert(
                    account_id,
                    NewBalance { account_id, quantity: balance_after, debited: 0, version },
                );
            }
            let (Some(id), Some(key)) = (ids.get(place), keys.get(place)) else { continue };
            txns.push(NewTxn {
                seq: self.seq,
                id: *id,
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
                body: format!("{{\"n\":\"{key}\"}}"),
                hash_version: 1,
                leaf_hash: &leaf,
            });
        }
        let mut tx = desk.db.begin_write().await?;
        write::accounts(&mut tx, self.book, &accounts).await?;
        write::txns(&mut tx, self.book, &txns).await?;
        write::entries(&mut tx, self.book, &entries).await?;
        let balances: Vec<NewBalance> = touched.into_values().collect();
        write::balances(&mut tx, self.book, &balances).await?;
        let head = NewHead {
            from_seq,
            from_refusals: 0,
            seq: self.seq,
            refusals: 0,
            refusal_chain: None,
            recorded_at: now,
            frontier: &Frontier::new().to_bytes(),
            root: &empty_root(),
            closed_through: None,
            next_account: 1,
        };
        write::advance(&mut tx, self.book, &head, &[]).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn household(n: u32) -> u32 {
    n.wrapping_mul(2_654_435_761) % HOUSEHOLDS
}
