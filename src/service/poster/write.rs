//! What was decided, into the database: a handful of multi-row statements a book and batch, whatever its size.

use std::collections::BTreeMap;

use super::Job;
use crate::{
    domain::{
        book::{Book, Command, HASH_VERSION, Outcome, Posted, RefusalRecord, Refused, refusal_chain},
        time::Timestamp,
    },
    store::{
        StoreError, StoreResult, WriteTx,
        ledger::write::{self, NewAccount, NewBalance, NewEntry, NewHead, NewMeterUse, NewRefusal, NewTxn},
        private_text,
    },
};

/// Where the chain of a book's refusals stood when the book was locked.
#[derive(Debug, Clone, Default)]
pub(super) struct Chain {
    /// How many refusals are in it.
    pub(super) refusals: i64,
    /// Its head; empty before the first.
    pub(super) head: Vec<u8>,
}

/// What a batch began from.
pub(super) struct Before {
    /// The place of the last transaction.
    pub(super) seq: i64,
    /// The refusals so far.
    pub(super) chain: Chain,
    /// The instant of the batch.
    pub(super) now: Timestamp,
}

/// Writes what `outcomes` say of `jobs`, effects included; whether there was anything to write.
pub(super) async fn all(
    tx: &mut WriteTx,
    book: &Book,
    before: Before,
    jobs: &[&Job],
    outcomes: &[Outcome],
) -> StoreResult<bool> {
    let mut posted: Vec<(&Job, &Posted)> = Vec::new();
    let mut refused: Vec<(&Job, &Refused)> = Vec::new();
    for (job, outcome) in jobs.iter().zip(outcomes) {
        match outcome {
            Outcome::Posted(p) => posted.push((job, p)),
            Outcome::Refused(r) => refused.push((job, r)),
            Outcome::Replayed(_) | Outcome::Conflict { .. } => {}
        }
    }
    if !posted.is_empty() {
        log(tx, book, &posted).await?;
        private(tx, book, posted.iter().map(|(job, _)| *job)).await?;
        standings(tx, book, &posted).await?;
        let head = NewHead {
            from_seq: before.seq,
            seq: book.seq,
            recorded_at: book.recorded_at,
            frontier: &book.frontier.to_bytes(),
            root: &book.frontier.root(),
            next_account: book.next_account,
            closed_through: book.closed_through,
        };
        write::advance(tx, book.id, &head).await?;
        for (job, posted) in &posted {
            for effect in &job.effects {
                effect.apply(tx, posted).await?;
            }
        }
    }
    if !refused.is_empty() {
        refusals(tx, book, before, &refused).await?;
        private(tx, book, refused.iter().map(|(job, _)| *job)).await?;
    }
    Ok(!posted.is_empty() || !refused.is_empty())
}

/// Refusals, each chained to the one before.
async fn refusals(
    tx: &mut WriteTx,
    book: &Book,
    before: Before,
    refused: &[(&Job, &Refused)],
) -> StoreResult<()> {
    let mut chain = before.chain;
    let from = chain.refusals;
    let mut links = Vec::with_capacity(refused.len());
    for (job, r) in refused {
        chain.refusals += 1;
        let asked = job.command.stored_body();
        let record = RefusalRecord {
            book: book.id,
            ordinal: chain.refusals,
            key: job.command.key.as_str(),
            kind: job.command.kind.as_str(),
            actor: &job.command.actor,
            recorded_at: before.now,
            code: r.code.as_str(),
            facts: &r.facts,
            body: &asked,
        };
        chain.head = refusal_chain(&chain.head, &record).to_vec();
        links.push((chain.refusals, chain.head.clone()));
    }
    let rows = refused
        .iter()
        .zip(&links)
        .map(|((job, r), (ordinal, head))| {
            Ok(NewRefusal {
                key: job.command.key.as_str(),
                kind: job.command.kind.as_str(),
                actor: &job.command.actor,
                recorded_at: before.now,
                code: r.code.as_str(),
                facts: text(&r.facts)?,
                body: body(&job.command)?,
                ordinal: *ordinal,
                chain: head,
            })
        })
        .collect::<StoreResult<Vec<_>>>()?;
    write::refusals(tx, book.id, &rows).await?;
    write::advance_refusals(tx, book.id, from, chain.refusals, &chain.head).await
}

/// The rows that are only ever added.
async fn log(tx: &mut WriteTx, book: &Book, posted: &[(&Job, &Posted)]) -> StoreResult<()> {
    let mut txns = Vec::with_capacity(posted.len());
    let mut entries = Vec::with_capacity(posted.len() * 2);
    let mut accounts = Vec::new();
    let mut uses = Vec::new();
    for (job, p) in posted {
        let c = &job.command;
        txns.push(NewTxn {
            seq: p.seq,
            id: p.id,
            key: c.key.as_str(),
            kind: c.kind.as_str(),
            effective_on: p.effective_on,
            recorded_at: p.recorded_at,
            actor: &c.actor,
            source: c.source.as_deref(),
            ruleset: c.ruleset.as_deref(),
            rule: c.rule.as_deref(),
            reverses: c.reverses,
            resolves: c.resolves,
            body: body(c)?,
            hash_version: HASH_VERSION,
            leaf_hash: &p.leaf_hash,
        });
        for opened in &p.opened {
            let limit = book.account(&(opened.path.clone(), opened.commodity.clone())).map(|a| a.limit);
            accounts.push(NewAccount {
                account_id: opened.id,
                path: opened.path.as_str(),
                commodity: opened.commodity.as_str(),
                min: limit.and_then(|l| l.min),
                max: limit.and_then(|l| l.max),
                opened_seq: p.seq,
            });
        }
        for e in &p.entries {
            entries.push(NewEntry {
                account_id: e.account_id,
                version: e.version,
                seq: p.seq,
                line: e.line,
                quantity: e.quantity,
                balance_after: e.balance_after,
                expires_on: e.expires_on,
            });
        }
        for (ordinal, u) in (1..).zip(&p.meters) {
            uses.push(NewMeterUse {
                seq: p.seq,
                ordinal,
                meter: &u.meter,
                amount: u.amount,
                ceiling: u.limit,
                used_after: u.used_after,
            });
        }
    }
    write::accounts(tx, book.id, &accounts).await?;
    write::txns(tx, book.id, &txns).await?;
    write::entries(tx, book.id, &entries).await?;
    write::meter_uses(tx, book.id, &uses).await
}

/// The rows that move on: one a touched account and meter, as they stand after the batch.
async fn standings(tx: &mut WriteTx, book: &Book, posted: &[(&Job, &Posted)]) -> StoreResult<()> {
    let mut balances = BTreeMap::new();
    let mut meters = BTreeMap::new();
    for (_, p) in posted {
        for e in &p.entries {
            if let Some(a) = book.account(&(e.path.clone(), e.commodity.clone())) {
                let row = NewBalance {
                    account_id: a.id,
                    quantity: a.balance,
                    debited: a.debited,
                    version: a.version,
                };
                balances.insert(a.id, row);
            }
        }
        for u in &p.meters {
            meters.insert(u.meter.as_str(), u.used_after);
        }
    }
    let balances: Vec<NewBalance> = balances.into_values().collect();
    let meters: Vec<(&str, i64)> = meters.into_iter().collect();
    write::balances(tx, book.id, &balances).await?;
    write::meters(tx, book.id, &meters).await
}

/// The texts that may speak of people, beside the log.
async fn private<'a>(tx: &mut WriteTx, book: &Book, jobs: impl Iterator<Item = &'a Job>) -> StoreResult<()> {
    for command in jobs.map(|job| &job.command) {
        for (name, own) in &command.private {
            let (key, hidden) = (command.key.as_str(), own.commitment());
            private_text::add(tx, book.id, key, name, &hidden, &own.salt, &own.text).await?;
        }
    }
    Ok(())
}

fn body(command: &Command) -> StoreResult<String> {
    if command.private.is_empty() { text(&command.body) } else { text(&command.stored_body()) }
}

/// Sorted names, no spaces: the same text for the same facts.
fn text(facts: &BTreeMap<String, String>) -> StoreResult<String> {
    serde_json::to_string(facts).map_err(|e| StoreError::inconsistent("txn", "body", e.to_string()))
}
