//! The log from the first transaction on: each is taken apart into the command it came from, decided again by
//! [`Book::decide`], and compared with what is stored, leaf hash last. Holds no moving rows: see [`super::standings`].

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{
    PAGE_ROWS, Pass, Tally, ahead::Rows, beside::Beside, clearing, fault, maybe, periods::Closings, same,
};
use crate::{
    domain::{
        book::{
            AccountKey, Book, Command, HASH_VERSION, MeterUse, Needs, Original, Outcome, Posted, RefusalCode,
            TxnKind,
        },
        canonical::hex,
        ids::BookId,
        merkle::Frontier,
        posting::{Line, Posting},
        time::Timestamp,
    },
    store::{
        Tx,
        ledger::{
            block,
            read::{self, MeterUseRow, TxnRow},
        },
        verify::{self, RawAccount, RawEntry},
    },
};

/// How far a book's instants may run ahead of the clock: they strictly increase, even when the clock stands.
pub(super) const AHEAD_SECONDS_MAX: i64 = 60;

/// A transaction with its rows.
pub(super) struct Stored {
    pub(super) txn: TxnRow,
    pub(super) entries: Vec<RawEntry>,
    pub(super) uses: Vec<MeterUseRow>,
}

/// Some transactions that held.
pub(super) struct Page {
    /// The place before the first.
    pub(super) after: i64,
    /// The place of the last.
    pub(super) through: i64,
    /// Their rows.
    pub(super) stored: Vec<Stored>,
}

/// The book as far as it was replayed.
pub(super) struct Replay {
    pub(super) book: Book,
    pub(super) accounts: BTreeMap<i64, RawAccount>,
    /// What each account number stands for.
    pub(super) keys: BTreeMap<i64, AccountKey>,
    pub(super) meters: HashMap<String, i64>,
    reversed: HashMap<i64, i64>,
    resolved: HashMap<i64, i64>,
    /// Roots shown to somebody, by size, still to come.
    shown: VecDeque<(i64, Vec<u8>, Timestamp)>,
    /// Roots at the sizes on sheets, for the papers.
    pub(super) roots: HashMap<i64, Vec<u8>>,
    /// What stands beside the log, followed transaction by transaction.
    pub(super) beside: Beside,
    closings: Closings,
    /// Where the log ends, as the head says.
    pub(super) end: i64,
}

impl Replay {
    pub(super) async fn begin(tx: &mut Tx, book: BookId) -> Pass<Self> {
        let mut accounts = BTreeMap::new();
        let mut keys = BTreeMap::new();
        let mut after = i64::MIN;
        loop {
            let page = verify::accounts(tx, book, after, PAGE_ROWS).await?;
            let Some(last) = page.last() else { break };
            after = last.account_id;
            for row in page {
                let seq = Some(row.opened_seq);
                let path = row.path.parse();
                let path = path.map_err(|_| fault(seq, "account", &row.path, "path", "a path", &row.path))?;
                let code = row.commodity.parse();
                let code = code.map_err(|_| {
                    fault(seq, "account", &row.path, "commodity", "a commodity", &row.commodity)
                })?;
                keys.insert(row.account_id, (path, code));
                accounts.insert(row.account_id, row);
            }
        }
        let head = read::head(tx, book).await?;
        let head = head.ok_or_else(|| fault(None, "book", "", "book_id", "a row", "-"))?;
        Ok(Self {
            book: Book::loaded(book, head.policy(), 0, Timestamp::from_micros(0), Frontier::new(), None, 1),
            accounts,
            keys,
            meters: HashMap::new(),
            reversed: HashMap::new(),
            resolved: HashMap::new(),
            shown: read::checkpoints(tx, book).await?.into(),
            roots: HashMap::new(),
            beside: Beside::begin(tx, book).await?,
            closings: Closings::default(),
            end: head.seq,
        })
    }

    /// Replays a page.
    pub(super) async fn page(&mut self, tx: &mut Tx, rows: Rows, tally: &mut Tally) -> Pass<Page> {
        let id = self.book.id;
        let Rows { after, through, txns, mut entries, mut uses } = rows;
        self.beside.load(tx, if after == 0 { i64::MIN } else { after }, through).await?;
        let mut stored = Vec::with_capacity(txns.len());
        for txn in txns {
            let seq = txn.seq;
            same(Some(self.book.seq + 1), "txn", "", "seq", self.book.seq + 1, seq)?;
            let own = Stored {
                entries: take(&mut entries, seq, |e| e.seq),
                uses: take(&mut uses, seq, |u| u.seq),
                txn,
            };
            let posted = self.decide(tx, &own).await?;
            self.compare(&own, &posted)?;
            self.remember(&own);
            if own.txn.kind == TxnKind::Clearing.as_str() {
                clearing::follow(tx, id, &own.txn).await?;
            }
            if own.txn.kind == TxnKind::PeriodClose.as_str() {
                self.closings.follow(tx, &self.book, &own.txn).await?;
            }
            self.checkpoint(seq, Some(posted.recorded_at))?;
            self.beside.follow(tx, &own.txn, &self.book.frontier).await?;
            tally.transactions += 1;
            tally.entries += i64::try_from(own.entries.len()).unwrap_or(0);
            tally.log.clone_from(&self.book.frontier);
            stored.push(own);
        }
        self.book.forget_lookups();
        Ok(Page { after, through, stored })
    }

    async fn decide(&mut self, tx: &mut Tx, stored: &Stored) -> Pass<Posted> {
        let seq = Some(stored.txn.seq);
        let command = self.command(tx, stored).await?;
        let needs = self.book.needs([&command]);
        self.load(tx, needs).await?;
        loop {
            let needs = match self.book.decide(&command, stored.txn.recorded_at) {
                Ok(Outcome::Posted(posted)) => return Ok(posted),
                Ok(Outcome::Refused(refused)) => {
                    let (table, field) = blame(refused.code);
                    let facts: Vec<String> =
                        refused.facts.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    let found = format!("{} ({})", refused.code.as_str(), facts.join(", "));
                    return Err(fault(seq, table, "", field, "what the book would take", found));
                }
                Ok(Outcome::Replayed(_) | Outcome::Conflict { .. } | Outcome::NotApplied { .. }) => {
                    return Err(fault(seq, "txn", "", "key", "a key used once", &stored.txn.key));
                }
                Err(needs) => needs,
            };
            self.load(tx, needs).await?;
        }
    }

    async fn load(&mut self, tx: &mut Tx, needs: Needs) -> Pass {
        for key in needs.accounts {
            // an account that was opened is in memory; any other is opened now
            self.book.load_account(key, None).map_err(|e| {
                fault(None, "account", e.account.as_str(), "path", "an account of the chart", &e.commodity)
            })?;
        }
        for meter in needs.meters {
            let used = self.meters.get(&meter).copied().unwrap_or(0);
            self.book.load_meter(meter, used);
        }
        for key in needs.keys {
            self.book.load_prior(key, None);
        }
        for (after, day) in needs.fences {
            let landed = read::landed(tx, self.book.id, (after, self.book.seq), day).await?;
            self.book.load_fence((after, day), landed);
        }
        for place in needs.originals {
            let original = self.original(tx, place).await?;
            self.book.load_original(place, original);
        }
        Ok(())
    }

    /// A transaction that was replayed before, for one that undoes or resolves it.
    async fn original(&self, tx: &mut Tx, place: i64) -> Pass<Option<Original>> {
        if place < 1 || place > self.book.seq {
            return Ok(None);
        }
        let Some(txn) = read::txn(tx, self.book.id, place).await? else { return Ok(None) };
        let entries = verify::entries(tx, self.book.id, place - 1, place).await?;
        let uses = read::meter_uses(tx, self.book.id, place - 1, place).await?;
        Ok(Some(Original {
            kind: kind(&txn)?,
            resolves: txn.resolves_seq,
            lines: self.lines(&entries)?,
            meters: uses.iter().map(meter_use).collect(),
            reversed_by: self.reversed.get(&place).copied(),
            resolved_by: self.resolved.get(&place).copied(),
        }))
    }

    /// The command a stored transaction came from.
    async fn command(&mut self, tx: &mut Tx, stored: &Stored) -> Pass<Command> {
        let t = &stored.txn;
        let seq = Some(t.seq);
        same(seq, "txn", "", "hash_version", HASH_VERSION, t.hash_version)?;
        let body: BTreeMap<String, String> = serde_json::from_str(&t.body)
            .map_err(|e| fault(seq, "txn", "", "body", "fields and values", e))?;
        let canonical = serde_json::to_string(&body).unwrap_or_default();
        same(seq, "txn", "", "body", canonical.as_str(), t.body.as_str())?;
        for (entry, line) in stored.entries.iter().zip(1..) {
            same(seq, "entry", "", "seq", t.seq, entry.seq)?;
            same(seq, "entry", "", "line", line, entry.line)?;
            same(seq, "entry", "", "block", block::of(t.seq), entry.block)?;
        }
        for (used, ordinal) in stored.uses.iter().zip(1..) {
            same(seq, "meter_use", &used.meter, "seq", t.seq, used.seq)?;
            same(seq, "meter_use", &used.meter, "ordinal", ordinal, used.ordinal)?;
        }
        let kind = kind(t)?;
        let posting = if stored.entries.is_empty() && kind.may_move_nothing() {
            Posting::nothing()
        } else {
            Posting::new(self.lines(&stored.entries)?)
                .map_err(|e| fault(seq, "entry", "", "quantity", "lines that balance", e))?
        };
        let mut meters: Vec<MeterUse> = stored.uses.iter().map(meter_use).collect();
        if matches!(kind, TxnKind::Reversal | TxnKind::Release) {
            // what it gives back follows what it asked for
            let own = meters.len().saturating_sub(self.given_back(tx, t).await?);
            meters.truncate(own);
        }
        Ok(Command {
            id: t.id,
            key: t.key.parse().map_err(|_| fault(seq, "txn", "", "key", "a key", &t.key))?,
            kind,
            effective_on: t.effective_on,
            actor: t.actor.clone(),
            source: t.source.clone(),
            ruleset: t.ruleset.clone(),
            rule: t.rule.clone(),
            reverses: t.reverses_seq,
            resolves: t.resolves_seq,
            posting,
            meters,
            body,
            private: BTreeMap::new(),
        })
    }

    /// How many meters a reversal or release gives back.
    async fn given_back(&self, tx: &mut Tx, txn: &TxnRow) -> Pass<usize> {
        let mut count = 0;
        let mut next = txn.reverses_seq.or(txn.resolves_seq);
        while let Some(place) = next {
            let Some(original) = self.original(tx, place).await? else { break };
            count += original.meters.iter().filter(|m| m.given_back().is_some()).count();
            // behind a capture stands its hold
            next = original.resolves.filter(|hold| *hold < place && txn.reverses_seq.is_some());
        }
        Ok(count)
    }

    fn lines(&self, entries: &[RawEntry]) -> Pass<Vec<Line>> {
        entries
            .iter()
            .map(|e| {
                let known = self.keys.get(&e.account_id);
                let (account, commodity) = known.cloned().ok_or_else(|| {
                    let (table, field) = if e.account_id < self.book.next_account {
                        ("account", "account_id")
                    } else {
                        ("entry", "account_id")
                    };
                    fault(Some(e.seq), table, "", field, "an account of the book", e.account_id)
                })?;
                Ok(Line { account, commodity, quantity: e.quantity, expires_on: e.expires_on })
            })
            .collect()
    }

    fn compare(&self, stored: &Stored, posted: &Posted) -> Pass {
        let seq = Some(posted.seq);
        let t = &stored.txn;
        if posted.recorded_at != t.recorded_at {
            let expected = format!("later than the transaction before, {}", posted.recorded_at.micros());
            return Err(fault(seq, "txn", "", "recorded_at", expected, t.recorded_at.micros()));
        }
        for (again, entry) in posted.entries.iter().zip(&stored.entries) {
            let row = again.path.as_str();
            same(seq, "entry", row, "account_id", again.account_id, entry.account_id)?;
            same(seq, "entry", row, "version", again.version, entry.version)?;
            same(seq, "entry", row, "balance_after", again.balance_after, entry.balance_after)?;
        }
        for opened in &posted.opened {
            let key = (opened.path.clone(), opened.commodity.clone());
            let (Some(row), Some(account)) = (self.accounts.get(&opened.id), self.book.account(&key)) else {
                return Err(fault(seq, "account", opened.path.as_str(), "account_id", opened.id, "-"));
            };
            let path = row.path.as_str();
            same(seq, "account", path, "opened_seq", posted.seq, row.opened_seq)?;
            same(seq, "account", path, "min_quantity", maybe(account.limit.min), maybe(row.min_quantity))?;
            same(seq, "account", path, "max_quantity", maybe(account.limit.max), maybe(row.max_quantity))?;
        }
        same(seq, "meter_use", "", "ordinal", posted.meters.len(), stored.uses.len())?;
        for (again, used) in posted.meters.iter().zip(&stored.uses) {
            same(seq, "meter_use", &again.meter, "meter", again.meter.as_str(), used.meter.as_str())?;
            same(seq, "meter_use", &again.meter, "amount", again.amount, used.amount)?;
            same(seq, "meter_use", &again.meter, "ceiling", maybe(again.limit), maybe(used.ceiling))?;
            same(seq, "meter_use", &again.meter, "used_after", again.used_after, used.used_after)?;
        }
        if posted.leaf_hash.as_slice() == t.leaf_hash {
            return Ok(());
        }
        Err(fault(seq, "txn", "", "leaf_hash", hex(&posted.leaf_hash), hex(&t.leaf_hash)))
    }

    fn remember(&mut self, stored: &Stored) {
        let t = &stored.txn;
        self.reversed.extend(t.reverses_seq.map(|place| (place, t.seq)));
        self.resolved.extend(t.resolves_seq.map(|place| (place, t.seq)));
        for used in &stored.uses {
            self.meters.insert(used.meter.clone(), used.used_after);
        }
    }

    /// Compares the root with what was shown at this size, if anything was.
    pub(super) fn checkpoint(&mut self, size: i64, recorded_at: Option<Timestamp>) -> Pass {
        while let Some((shown, root, at)) = self.shown.pop_front_if(|(shown, ..)| *shown <= size) {
            let row = shown.to_string();
            same(Some(size), "checkpoint", &row, "size", size, shown)?;
            let again = self.book.frontier.root();
            same(Some(size), "checkpoint", &row, "root", hex(&again), hex(&root))?;
            if recorded_at.is_some_and(|then| at.plus_seconds(AHEAD_SECONDS_MAX) < then) {
                let expected = "not before the last transaction under it";
                return Err(fault(Some(size), "checkpoint", &row, "recorded_at", expected, at));
            }
            self.roots.insert(size, again.to_vec());
        }
        Ok(())
    }

    /// Expects this root at this size, as a head says that somebody kept.
    pub(super) fn expect(&mut self, size: i64, root: Vec<u8>) {
        let place = self.shown.partition_point(|(shown, ..)| *shown < size);
        self.shown.insert(place, (size, root, Timestamp::from_micros(i64::MAX / 2)));
    }

    /// The first checkpoint beyond the end of the log.
    pub(super) fn beyond(&self) -> Option<i64> {
        self.shown.front().map(|(size, ..)| *size)
    }
}

/// The rows of transaction `seq` from the front; earlier ones belong to none and stay in front of it.
fn take<R>(rows: &mut VecDeque<R>, seq: i64, of: impl Fn(&R) -> i64) -> Vec<R> {
    let mut own = Vec::new();
    while let Some(row) = rows.pop_front_if(|row| of(row) <= seq) {
        own.push(row);
    }
    own
}

fn kind(txn: &TxnRow) -> Pass<TxnKind> {
    txn.kind.parse().map_err(|_| fault(Some(txn.seq), "txn", "", "kind", "a kind of transaction", &txn.kind))
}

fn meter_use(row: &MeterUseRow) -> MeterUse {
    MeterUse { meter: row.meter.clone(), amount: row.amount, limit: row.ceiling }
}

/// Which column a refusal speaks of.
const fn blame(code: RefusalCode) -> (&'static str, &'static str) {
    use RefusalCode as Code;
    match code {
        Code::ClosedPeriod | Code::FutureDate => ("txn", "effective_on"),
        Code::NotInChart => ("account", "path"),
        Code::NoLots => ("entry", "expires_on"),
        Code::InvalidLink | Code::NothingMoves => ("txn", "kind"),
        Code::OriginalNotFound | Code::AlreadyReversed | Code::ReversalOfReversal | Code::ReversalOfHold => {
            ("txn", "reverses_seq")
        }
        Code::NotAHold | Code::AlreadyResolved => ("txn", "resolves_seq"),
        Code::LimitExceeded | Code::MeterUnderflow => ("meter_use", "amount"),
        Code::ReserveMismatch | Code::Transfer | Code::ExceedsHold => ("entry", "account_id"),
        _ => ("entry", "quantity"),
    }
}
