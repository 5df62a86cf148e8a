//! What a book remembers, what it must be told before it decides, and how it is told. Holds no decision.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    command::{Command, Key, MeterUse, TxnKind},
    outcome::Prior,
};
use crate::domain::{
    chart::{AccountKind, Limit, NotInChart, Policy, classify},
    ids::BookId,
    merkle::Frontier,
    posting::{Commodity, Line, Path},
    time::{Day, Timestamp},
};

/// The field of a closing's body with the digest of the period's statement.
pub const STATEMENT_FIELD: &str = "statement";
/// The field of a closing's body with the place at which the statement was drawn up.
pub const DRAWN_UP_FIELD: &str = "seq";

/// What names an account in a book.
pub type AccountKey = (Path, Commodity);

/// An account's standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Its number in the book, dense from 1.
    pub id: i64,
    /// What it is for.
    pub kind: AccountKind,
    /// Its bounds, by the chart and the book's policy.
    pub limit: Limit,
    /// Debits less credits.
    pub balance: i64,
    /// Debits so far, less those given back: see [`debited_change`].
    pub debited: i64,
    /// How many entries it has.
    pub version: i64,
}

/// What a later command needs to know of a transaction it undoes or resolves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Why it existed.
    pub kind: TxnKind,
    /// The hold it resolved.
    pub resolves: Option<i64>,
    /// Its lines.
    pub lines: Vec<Line>,
    /// What it counted.
    pub meters: Vec<MeterUse>,
    /// The transaction that undid it.
    pub reversed_by: Option<i64>,
    /// The transaction that resolved it.
    pub resolved_by: Option<i64>,
}

/// What is not in memory and must be loaded (or found not to exist) before deciding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Accounts, for [`Book::load_account`].
    pub accounts: BTreeSet<AccountKey>,
    /// Meters, for [`Book::load_meter`].
    pub meters: BTreeSet<String>,
    /// Keys, for [`Book::load_prior`].
    pub keys: BTreeSet<Key>,
    /// Transactions, for [`Book::load_original`].
    pub originals: BTreeSet<i64>,
    /// Fences of periods, for [`Book::load_fence`].
    pub fences: BTreeSet<(i64, Day)>,
}

impl Needs {
    /// Whether everything is in memory.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
            && self.meters.is_empty()
            && self.keys.is_empty()
            && self.originals.is_empty()
            && self.fences.is_empty()
    }
}

/// A book in memory. Where a map holds `None`, the store was asked and has nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Which book.
    pub id: BookId,
    /// What the programme decides about limits.
    pub policy: Policy,
    /// The last transaction's place; 0 before the first.
    pub seq: i64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The Merkle log so far.
    pub frontier: Frontier,
    /// The last day of the last closed period.
    pub closed_through: Option<Day>,
    /// The number the next account gets.
    pub next_account: i64,
    /// Whether everything the book ever had is in memory, so that absence needs no question to the store.
    whole: bool,
    pub(super) accounts: HashMap<AccountKey, Option<Account>>,
    pub(super) meters: HashMap<String, i64>,
    pub(super) known: HashMap<Key, Option<Prior>>,
    pub(super) originals: HashMap<i64, Option<Original>>,
    /// For a place and a day, the last transaction after the place that counts for the day or an earlier one, as far
    /// as the store knew; what came later is in `recent`.
    pub(super) fences: HashMap<(i64, Day), Option<i64>>,
    /// Business days of the transactions decided since lookups were forgotten.
    pub(super) recent: BTreeMap<i64, Day>,
}

impl Book {
    /// A book without transactions, all of which is in memory.
    #[must_use]
    pub fn new(id: BookId, policy: Policy) -> Self {
        Self {
            whole: true,
            ..Self::loaded(id, policy, 0, Timestamp::from_micros(0), Frontier::new(), None, 1)
        }
    }

    /// A book as its row says. The rest is loaded when [`Self::needs`] asks for it.
    #[must_use]
    pub fn loaded(
        id: BookId,
        policy: Policy,
        seq: i64,
        recorded_at: Timestamp,
        frontier: Frontier,
        closed_through: Option<Day>,
        next_account: i64,
    ) -> Self {
        Self {
            id,
            policy,
            seq,
            recorded_at,
            frontier,
            closed_through,
            next_account,
            whole: false,
            accounts: HashMap::new(),
            meters: HashMap::new(),
            known: HashMap::new(),
            originals: HashMap::new(),
            fences: HashMap::new(),
            recent: BTreeMap::new(),
        }
    }

    /// What must be loaded before these commands are decided. Load it and ask again until nothing is missing: a
    /// reversed capture names its hold only once it is loaded itself.
    #[must_use]
    pub fn needs<'a>(&self, commands: impl IntoIterator<Item = &'a Command>) -> Needs {
        let mut needs = Needs::default();
        if self.whole {
            return needs;
        }
        for command in commands {
            if !self.known.contains_key(&command.key) {
                needs.keys.insert(command.key.clone());
            }
            for line in command.posting.lines() {
                let key = (line.account.clone(), line.commodity.clone());
                if !self.accounts.contains_key(&key) {
                    needs.accounts.insert(key);
                }
            }
            let mut meters = |uses: &[MeterUse]| {
                let missing = uses.iter().filter(|u| !self.meters.contains_key(&u.meter));
                needs.meters.extend(missing.map(|u| u.meter.clone()));
            };
            meters(&command.meters);
            for seq in self.linked(command) {
                // A place past the end may be filled by an earlier command of the same batch; the store has nothing.
                match self.originals.get(&seq) {
                    Some(Some(original)) => meters(&original.meters),
                    Some(None) => {}
                    None => drop(needs.originals.insert(seq)),
                }
            }
            needs.fences.extend(fence(command).filter(|fence| !self.fences.contains_key(fence)));
        }
        needs
    }

    /// The transactions a command's decision looks at: its own links, and the hold behind a reversed capture.
    pub(super) fn linked(&self, command: &Command) -> impl Iterator<Item = i64> + use<> {
        let behind =
            command.reverses.and_then(|seq| self.original(seq)).and_then(|original| original.resolves);
        [command.reverses, command.resolves, behind].into_iter().flatten()
    }

    /// Tells of an account (its number, balance, debits, entries), or that there is none.
    pub fn load_account(
        &mut self,
        key: AccountKey,
        standing: Option<(i64, i64, i64, i64)>,
    ) -> Result<(), NotInChart> {
        let account = match standing {
            None => None,
            Some((id, balance, debited, version)) => {
                let kind = classify(&key.0, &key.1)?;
                let limit = kind.limit(&self.policy);
                Some(Account { id, kind, limit, balance, debited, version })
            }
        };
        self.accounts.insert(key, account);
        Ok(())
    }

    /// Tells what a meter stands at; 0 when it was never used.
    pub fn load_meter(&mut self, meter: String, used: i64) {
        self.meters.insert(meter, used);
    }

    /// Tells what became of a key, or that it was never used.
    pub fn load_prior(&mut self, key: Key, prior: Option<Prior>) {
        self.known.insert(key, prior);
    }

    /// Tells of a transaction, or that there is none.
    pub fn load_original(&mut self, seq: i64, original: Option<Original>) {
        self.originals.insert(seq, original);
    }

    /// Tells which transaction after a place was the last to count for a day or an earlier one, if any did.
    pub fn load_fence(&mut self, fence: (i64, Day), landed: Option<i64>) {
        self.fences.insert(fence, landed);
    }

    /// The last transaction after `after` that counts for `day` or an earlier one.
    pub(super) fn landed(&self, (after, day): (i64, Day)) -> Option<i64> {
        let known = self.fences.get(&(after, day)).copied().flatten();
        let recent = self.recent.range(after.saturating_add(1)..).filter(|(_, on)| **on <= day);
        recent.map(|(seq, _)| *seq).max().max(known)
    }

    /// Forgets everything that grows with use, keys first of all: a refusal elsewhere leaves `seq` as it was, so a
    /// key found unused is only good for one batch. Accounts stay. A whole book forgets nothing.
    pub fn forget_lookups(&mut self) {
        if !self.whole {
            self.known.clear();
            self.originals.clear();
            self.meters.clear();
            self.fences.clear();
            self.recent.clear();
        }
    }

    /// An account that is in memory.
    #[must_use]
    pub fn account(&self, key: &AccountKey) -> Option<&Account> {
        self.accounts.get(key)?.as_ref()
    }

    /// All accounts in memory.
    pub fn accounts(&self) -> impl Iterator<Item = (&AccountKey, &Account)> {
        self.accounts.iter().filter_map(|(key, account)| Some((key, account.as_ref()?)))
    }

    /// What a meter stands at.
    #[must_use]
    pub fn used(&self, meter: &str) -> i64 {
        self.meters.get(meter).copied().unwrap_or(0)
    }

    /// All meters in memory.
    pub fn meters(&self) -> impl Iterator<Item = (&str, i64)> {
        self.meters.iter().map(|(meter, used)| (meter.as_str(), *used))
    }

    /// What became of a key, if it is in memory.
    #[must_use]
    pub fn prior(&self, key: &Key) -> Option<&Prior> {
        self.known.get(key)?.as_ref()
    }

    /// A transaction that is in memory.
    #[must_use]
    pub fn original(&self, seq: i64) -> Option<&Original> {
        self.originals.get(&seq)?.as_ref()
    }
}

/// A closing with a statement says at which place it was drawn up: nothing may have landed in the period since.
pub(super) fn fence(command: &Command) -> Option<(i64, Day)> {
    let drawn_up = command.kind == TxnKind::PeriodClose && command.body.contains_key(STATEMENT_FIELD);
    // a place that cannot be read is before everything
    let seq = || command.body.get(DRAWN_UP_FIELD).and_then(|seq| seq.parse().ok()).unwrap_or(0);
    drawn_up.then(|| (seq(), command.effective_on))
}

/// How a line changes its account's `debited`. Every debit counts. On an account with lots, a transaction that undoes
/// or resolves another, or takes goods back, gives debits back instead: a credit without an expiry day there is a return
/// to the lots it came from, and a debit takes back a credit and spends no lot.
#[must_use]
pub fn debited_change(kind: AccountKind, line: &Line, returns: bool) -> i64 {
    match (kind.has_lots() && returns, line.expires_on) {
        (false, _) => line.quantity.max(0),
        (true, None) => line.quantity.min(0),
        (true, Some(_)) => 0,
    }
}

/// What lapses: `due` is all that was ever credited with an expiry day up to the one in question, less what reversals
/// took back of it; first in, first out, everything `debited` came out of it first.
#[must_use]
pub fn lapsed(due: i64, debited: i64) -> i64 {
    due.saturating_sub(debited).max(0)
}

/// What is left of each day's credits, first in, first out: `credits` by last day, in order, less what reversals took
/// back of them. Days of which nothing is left are left out.
#[must_use]
pub fn lapsing(credits: &[(Day, i64)], debited: i64) -> Vec<(Day, i64)> {
    let (mut due, mut before, mut out) = (0_i64, 0, Vec::new());
    for (day, credited) in credits {
        due = due.saturating_add(*credited);
        let after = lapsed(due, debited);
        if after > before {
            out.push((*day, after - before));
        }
        before = before.max(after);
    }
    out
}
