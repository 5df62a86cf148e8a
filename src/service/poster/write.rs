//! What was decided, into the database: a handful of multi-row statements a book and batch, whatever its size. First
//! all that is taken from the book in memory, which then moves on; the writing itself needs no book.

use std::collections::{BTreeMap, HashMap};

use super::{Job, Task};
use crate::{
    domain::{
        book::{Book, Command, HASH_VERSION, Key, Outcome, Posted, RefusalRecord, Refused, refusal_chain},
        chart::Limit,
        ids::BookId,
        merkle::Hash,
        time::{Day, Timestamp},
    },
    store::{
        StoreError, StoreResult, WriteTx,
        ledger::write::{
            self, Batch, NewAccount, NewBalance, NewEntry, NewHead, NewMeterUse, NewRefusal, NewTxn,
        },
        private_text,
    },
};

/// Where the chain of a book's refusals stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chain {
    /// How many refusals are in it.
    pub(super) refusals: i64,
    /// Its head; empty before the first.
    pub(super) head: Vec<u8>,
}

/// A job with its answer.
pub(super) struct Decided {
    pub(super) job: Job,
    /// One a task.
    pub(super) outcomes: Vec<Outcome>,
    /// When it was decided.
    pub(super) now: Timestamp,
    /// Keys that were taken for new without asking the store, which must find out when it is written.
    pub(super) unasked: Vec<Key>,
}

impl Decided {
    fn each(&self) -> impl Iterator<Item = (&Task, &Outcome)> {
        self.job.tasks.iter().zip(&self.outcomes)
    }

    /// The same with what is stored of each request.
    fn each_body(&self) -> impl Iterator<Item = (&Task, &str, &Outcome)> {
        self.each().zip(&self.job.bodies).map(|((task, outcome), body)| (task, body.as_str(), outcome))
    }
}

/// What a batch does to one book, drawn up command by command while another batch is being written: nothing is left to
/// be looked up when its turn comes.
pub(super) struct Draft {
    /// Transactions and refusals before it.
    from: (i64, i64),
    /// Bounds of the accounts it opens.
    limits: HashMap<i64, Limit>,
    balances: BTreeMap<i64, NewBalance>,
    meters: BTreeMap<String, i64>,
    /// The chain with each of its refusals.
    links: Vec<Hash>,
    /// The batch's commands on this book, in order.
    places: Vec<usize>,
}

impl Draft {
    /// On a book that stands at `from_seq`, before anything of the batch is decided.
    pub(super) fn begin(from_seq: i64, chain: &Chain) -> Self {
        Self {
            from: (from_seq, chain.refusals),
            limits: HashMap::new(),
            balances: BTreeMap::new(),
            meters: BTreeMap::new(),
            links: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Takes from `book`, which stands as this command at `place` of the batch left it, all that must be written of it;
    /// `chain` moves on.
    pub(super) fn add(&mut self, book: &Book, chain: &mut Chain, place: usize, decided: &Decided) {
        self.places.push(place);
        for (task, outcome) in decided.each() {
            match outcome {
                Outcome::Posted(posted) => self.posted(book, posted),
                Outcome::Refused(refused) => {
                    let asked = task.command.stored_body();
                    let ordinal = chain.refusals + 1;
                    let record = record(book.id, ordinal, &task.command, decided.now, refused, &asked);
                    let link = refusal_chain(&chain.head, &record);
                    *chain = Chain { refusals: ordinal, head: link.to_vec() };
                    self.links.push(link);
                }
                Outcome::Replayed(_) | Outcome::Conflict { .. } | Outcome::NotApplied { .. } => {}
            }
        }
    }

    fn posted(&mut self, book: &Book, posted: &Posted) {
        for e in &posted.entries {
            if let Some(a) = book.account(&(e.path.clone(), e.commodity.clone())) {
                let (quantity, debited, version) = (a.balance, a.debited, a.version);
                self.balances.insert(a.id, NewBalance { account_id: a.id, quantity, debited, version });
            }
        }
        for opened in &posted.opened {
            let account = book.account(&(opened.path.clone(), opened.commodity.clone()));
            self.limits.extend(account.map(|a| (opened.id, a.limit)));
        }
        self.meters.extend(posted.meters.iter().map(|u| (u.meter.clone(), book.used(&u.meter))));
    }

    /// What is to be written, the book standing as the last of the commands left it. Nothing when nothing happened:
    /// answers given before need no writing.
    pub(super) fn finish(self, book: &Book, chain: &Chain) -> Option<Part> {
        let part = Part {
            book: book.id,
            from: self.from,
            to: (book.seq, chain.clone()),
            recorded_at: book.recorded_at,
            frontier: book.frontier.to_bytes(),
            root: book.frontier.root(),
            next_account: book.next_account,
            closed_through: book.closed_through,
            limits: self.limits,
            balances: self.balances.into_values().collect(),
            meters: self.meters.into_iter().collect(),
            links: self.links,
            places: self.places,
        };
        (part.from != (part.to.0, part.to.1.refusals)).then_some(part)
    }
}

/// A draft that is finished: the rows of a batch on one book but for what its commands say themselves.
pub(super) struct Part {
    book: BookId,
    from: (i64, i64),
    to: (i64, Chain),
    recorded_at: Timestamp,
    frontier: Vec<u8>,
    root: Hash,
    next_account: i64,
    closed_through: Option<Day>,
    limits: HashMap<i64, Limit>,
    balances: Vec<NewBalance>,
    meters: Vec<(String, i64)>,
    links: Vec<Hash>,
    places: Vec<usize>,
}

impl Part {
    /// Which book, and how many transactions and refusals it must have for this to come next.
    pub(super) const fn began(&self) -> (BookId, (i64, i64)) {
        (self.book, self.from)
    }

    /// Writes it, effects included. An error when the book does not stand where the part begins, or a key that nobody
    /// asked about is not new: nothing of the transaction may be kept then.
    pub(super) async fn write(&self, tx: &mut WriteTx, batch: &[Decided]) -> StoreResult<()> {
        let decided: Vec<&Decided> = self.places.iter().filter_map(|place| batch.get(*place)).collect();
        write::post(tx, self.book, &self.rows(&decided)?).await?;
        for (task, outcome) in decided.iter().flat_map(|decided| decided.each()) {
            match outcome {
                Outcome::Posted(posted) => {
                    private(tx, self.book, &task.command).await?;
                    for effect in &task.effects {
                        effect.apply(tx, posted).await?;
                    }
                }
                Outcome::Refused(_) => private(tx, self.book, &task.command).await?,
                Outcome::Replayed(_) | Outcome::Conflict { .. } | Outcome::NotApplied { .. } => {}
            }
        }
        Ok(())
    }

    /// All its rows.
    fn rows<'a>(&'a self, decided: &[&'a Decided]) -> StoreResult<Batch<'a>> {
        let mut rows = Batch::of(self.head());
        rows.txns.reserve(decided.len());
        rows.entries.reserve(decided.len() * 2);
        let mut ordinals = (self.from.1 + 1..).zip(&self.links);
        for decided in decided {
            let mut unasked: Vec<&str> = decided.unasked.iter().map(Key::as_str).collect();
            for (task, body, outcome) in decided.each_body() {
                match outcome {
                    Outcome::Posted(posted) => {
                        self.posted(&mut rows, &task.command, body, posted);
                        // one that was posted before is found out by the table of transactions itself
                        let own = unasked.iter().position(|key| *key == task.command.key.as_str());
                        let own = own.map(|place| unasked.swap_remove(place));
                        rows.not_refused.extend(own.filter(|_| self.from.1 > 0));
                    }
                    Outcome::Refused(refused) => {
                        if let Some((ordinal, chain)) = ordinals.next() {
                            let row = refusal(&task.command, body, decided.now, refused, ordinal, chain)?;
                            rows.refusals.push(row);
                        }
                    }
                    Outcome::Replayed(_) | Outcome::Conflict { .. } | Outcome::NotApplied { .. } => {}
                }
            }
            rows.not_posted.extend(&unasked);
            rows.not_refused.extend(&unasked);
        }
        rows.balances.clone_from(&self.balances);
        rows.meters = self.meters.iter().map(|(m, used)| (m.as_str(), *used)).collect();
        Ok(rows)
    }

    fn head(&self) -> NewHead<'_> {
        NewHead {
            from_seq: self.from.0,
            from_refusals: self.from.1,
            seq: self.to.0,
            refusals: self.to.1.refusals,
            refusal_chain: Some(self.to.1.head.as_slice()).filter(|head| !head.is_empty()),
            recorded_at: self.recorded_at,
            frontier: &self.frontier,
            root: &self.root,
            next_account: self.next_account,
            closed_through: self.closed_through,
        }
    }

    /// The rows of a transaction that are only ever added.
    fn posted<'a>(&self, rows: &mut Batch<'a>, command: &'a Command, body: &'a str, p: &'a Posted) {
        rows.txns.push(txn(command, body, p));
        for opened in &p.opened {
            let limit = self.limits.get(&opened.id);
            rows.accounts.push(NewAccount {
                account_id: opened.id,
                path: opened.path.as_str(),
                commodity: opened.commodity.as_str(),
                min: limit.and_then(|l| l.min),
                max: limit.and_then(|l| l.max),
                opened_seq: p.seq,
            });
        }
        rows.entries.extend(p.entries.iter().map(|e| NewEntry {
            account_id: e.account_id,
            version: e.version,
            seq: p.seq,
            line: e.line,
            quantity: e.quantity,
            balance_after: e.balance_after,
            expires_on: e.expires_on,
        }));
        rows.uses.extend((1..).zip(&p.meters).map(|(ordinal, u)| NewMeterUse {
            seq: p.seq,
            ordinal,
            meter: &u.meter,
            amount: u.amount,
            ceiling: u.limit,
            used_after: u.used_after,
        }));
    }
}

fn refusal<'a>(
    command: &'a Command,
    body: &'a str,
    now: Timestamp,
    refused: &'a Refused,
    ordinal: i64,
    chain: &'a Hash,
) -> StoreResult<NewRefusal<'a>> {
    Ok(NewRefusal {
        key: command.key.as_str(),
        kind: command.kind.as_str(),
        actor: &command.actor,
        recorded_at: now,
        code: refused.code.as_str(),
        facts: text(&refused.facts)?,
        body,
        ordinal: Some(ordinal),
        chain: Some(chain),
    })
}

/// The texts that may speak of people, beside the log.
async fn private(tx: &mut WriteTx, book: BookId, command: &Command) -> StoreResult<()> {
    for (name, own) in &command.private {
        let (key, hidden) = (command.key.as_str(), own.commitment());
        private_text::add(tx, book, key, name, &hidden, &own.salt, &own.text).await?;
    }
    Ok(())
}

fn txn<'a>(c: &'a Command, body: &'a str, p: &'a Posted) -> NewTxn<'a> {
    NewTxn {
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
        body,
        hash_version: HASH_VERSION,
        leaf_hash: &p.leaf_hash,
    }
}

fn record<'a>(
    book: BookId,
    ordinal: i64,
    command: &'a Command,
    now: Timestamp,
    refused: &'a Refused,
    asked: &'a BTreeMap<String, String>,
) -> RefusalRecord<'a> {
    RefusalRecord {
        book,
        ordinal,
        key: command.key.as_str(),
        kind: command.kind.as_str(),
        actor: &command.actor,
        recorded_at: now,
        code: refused.code.as_str(),
        facts: &refused.facts,
        body: asked,
    }
}

/// What is stored of a request.
pub(super) fn body(command: &Command) -> StoreResult<String> {
    if command.private.is_empty() { text(&command.body) } else { text(&command.stored_body()) }
}

/// Sorted names, no spaces: the same text for the same facts.
fn text(facts: &BTreeMap<String, String>) -> StoreResult<String> {
    serde_json::to_string(facts).map_err(|e| StoreError::inconsistent("txn", "body", e.to_string()))
}
