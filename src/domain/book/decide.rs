//! The decision: checks a command in a fixed order against the book, and applies it only when every check holds.

use std::collections::BTreeMap;

use super::{
    command::{Command, MeterUse, TxnKind},
    leaf::{Entry, HASH_VERSION, LEAF_BYTES_MAX, MeterRecord, Record, leaf_bytes_at_most, leaf_hash},
    links,
    outcome::{Opened, Outcome, Posted, Prior, PriorResult, RefusalCode as Code, Refused},
    private::{commitment, in_body},
    state::{Account, AccountKey, Book, Needs, Original, debited_change, fence},
};
use crate::domain::{
    chart::{AccountKind, classify},
    posting::{Line, MAX_QUANTITY},
    time::Timestamp,
};

/// What will change if the command is applied.
struct Plan {
    /// The standing of each line's account after it; opened accounts still have the number 0.
    accounts: Vec<(AccountKey, Account)>,
    meters: Vec<MeterRecord>,
}

impl Book {
    /// Decides one command. A refusal changes nothing but what is known of its key. `Err` names what the store has
    /// not loaded: a fault of the caller, not an outcome; nothing has changed.
    pub fn decide(&mut self, command: &Command, now: Timestamp) -> Result<Outcome, Needs> {
        let needs = self.needs([command]);
        if !needs.is_empty() {
            return Err(needs);
        }
        if let Some(prior) = self.prior(&command.key) {
            return Ok(repeated(prior, command));
        }
        // Strictly later than the last, whatever the clock does.
        let recorded_at = now.max(Timestamp::from_micros(self.recorded_at.micros().saturating_add(1)));
        let (outcome, prior) = match self.plan(command, recorded_at) {
            Ok(plan) => {
                let (posted, prior) = self.apply(command, plan, recorded_at);
                (Outcome::Posted(posted), prior)
            }
            Err(refused) => {
                (Outcome::Refused(refused.clone()), remembered(command, PriorResult::Refused(refused)))
            }
        };
        self.known.insert(command.key.clone(), Some(prior));
        Ok(outcome)
    }

    fn plan(&self, command: &Command, recorded_at: Timestamp) -> Result<Plan, Refused> {
        self.check_days(command, recorded_at)?;
        check_moves(command)?;
        let kinds = check_chart(command)?;
        let given_back = links::check(self, command, &kinds)?;
        let meters = self.plan_meters(command.meters.iter().chain(&given_back))?;
        let bytes = leaf_bytes_at_most(command, &meters);
        if bytes > LEAF_BYTES_MAX {
            let facts = [("bytes", bytes.to_string()), ("limit", LEAF_BYTES_MAX.to_string())];
            return Err(Refused::new(Code::LeafTooLarge, facts));
        }
        let undoes = command.reverses.is_some() || command.resolves.is_some();
        let returns = undoes || command.kind == TxnKind::GoodsReturn;
        let lines = command.posting.lines().iter().zip(kinds);
        let accounts =
            lines.map(|(line, kind)| self.plan_account(line, kind, returns)).collect::<Result<_, _>>()?;
        Ok(Plan { accounts, meters })
    }

    fn check_days(&self, command: &Command, recorded_at: Timestamp) -> Result<(), Refused> {
        let effective_on = ("effective_on", command.effective_on.to_string());
        if let Some(closed) = self.closed_through.filter(|closed| command.effective_on <= *closed) {
            let facts = [effective_on, ("closed_through", closed.to_string())];
            return Err(Refused::new(Code::ClosedPeriod, facts));
        }
        let today = recorded_at.day();
        // a period is closed when its last day is over
        let closing = command.kind == TxnKind::PeriodClose && command.effective_on == today;
        if command.effective_on > today || closing {
            return Err(Refused::new(Code::FutureDate, [effective_on, ("today", today.to_string())]));
        }
        if let Some((seq, through)) = fence(command)
            && let Some(landed) = self.landed((seq, through)).or((seq > self.seq).then_some(self.seq))
        {
            let facts =
                [("through", through.to_string()), ("seq", seq.to_string()), ("landed", landed.to_string())];
            return Err(Refused::new(Code::PeriodMoved, facts));
        }
        Ok(())
    }

    fn plan_meters<'a>(&self, uses: impl Iterator<Item = &'a MeterUse>) -> Result<Vec<MeterRecord>, Refused> {
        let mut planned: Vec<MeterRecord> = Vec::new();
        for MeterUse { meter, amount, limit } in uses {
            let earlier = planned.iter().rev().find(|record| record.meter == *meter);
            let used = earlier.map_or_else(|| self.used(meter), |record| record.used_after);
            let after = used.checked_add(*amount).filter(|after| after.abs() <= MAX_QUANTITY);
            let Some(used_after) = after else {
                return Err(Refused::new(Code::OutOfRange, [("meter", meter.clone())]));
            };
            let facts = |limit: i64| {
                [
                    ("meter", meter.clone()),
                    ("used", used.to_string()),
                    ("limit", limit.to_string()),
                    ("asked", amount.to_string()),
                ]
            };
            if let Some(limit) = limit.filter(|limit| *amount > 0 && used_after > *limit) {
                return Err(Refused::new(Code::LimitExceeded, facts(limit)));
            }
            if used_after < 0 {
                return Err(Refused::new(Code::MeterUnderflow, facts(0)));
            }
            planned.push(MeterRecord { meter: meter.clone(), amount: *amount, limit: *limit, used_after });
        }
        Ok(planned)
    }

    fn plan_account(
        &self,
        line: &Line,
        kind: AccountKind,
        returns: bool,
    ) -> Result<(AccountKey, Account), Refused> {
        let key = (line.account.clone(), line.commodity.clone());
        let limit = kind.limit(&self.policy);
        let fresh = Account { id: 0, kind, limit, balance: 0, debited: 0, version: 0 };
        let before = self.account(&key).copied().unwrap_or(fresh);
        let out_of_range = || Refused::new(Code::OutOfRange, [("account", line.account.to_string())]);
        let balance = before
            .balance
            .checked_add(line.quantity)
            .filter(|balance| balance.abs() <= MAX_QUANTITY)
            .ok_or_else(out_of_range)?;
        let change = debited_change(kind, line, returns);
        let debited = before.debited.checked_add(change).ok_or_else(out_of_range)?;
        // Only a move further out is refused: a bound that was lowered later must not lock in what is beyond it.
        if let Some(max) = limit.max.filter(|max| line.quantity > 0 && balance > *max) {
            return Err(beyond(line, kind, max - before.balance));
        }
        if let Some(min) = limit.min.filter(|min| line.quantity < 0 && balance < *min) {
            return Err(beyond(line, kind, before.balance - min));
        }
        Ok((key, Account { balance, debited, version: before.version + 1, ..before }))
    }

    /// What is posted, and what is known of the key from now on.
    fn apply(&mut self, command: &Command, plan: Plan, recorded_at: Timestamp) -> (Posted, Prior) {
        self.seq += 1;
        self.recorded_at = recorded_at;
        let mut opened = Vec::new();
        let mut entries = Vec::with_capacity(plan.accounts.len());
        for ((line, (key, mut account)), number) in command.posting.lines().iter().zip(plan.accounts).zip(1..)
        {
            if account.id == 0 {
                account.id = self.next_account;
                self.next_account += 1;
                opened.push(Opened { id: account.id, path: key.0.clone(), commodity: key.1.clone() });
            }
            entries.push(Entry {
                account_id: account.id,
                path: key.0.clone(),
                commodity: key.1.clone(),
                version: account.version,
                line: number,
                quantity: line.quantity,
                balance_after: account.balance,
                expires_on: line.expires_on,
            });
            self.accounts.insert(key, Some(account));
        }
        for record in &plan.meters {
            self.meters.insert(record.meter.clone(), record.used_after);
        }
        self.link(command);
        self.recent.insert(self.seq, command.effective_on);
        if command.kind == TxnKind::PeriodClose {
            self.closed_through = Some(command.effective_on);
        }
        let record = self.record(command, entries, plan.meters);
        let leaf_hash = leaf_hash(&record);
        self.frontier.append(leaf_hash);
        let Record { seq, id, kind, actor, body, recorded_at, effective_on, entries, meters, .. } = record;
        let salts = salts(command);
        let prior = Prior { kind, actor, body, salts, result: PriorResult::Posted { seq } };
        let posted = Posted {
            seq,
            id,
            recorded_at,
            effective_on,
            entries,
            opened,
            meters,
            leaf_hash,
            hash_version: HASH_VERSION,
        };
        (posted, prior)
    }

    /// Remembers the transaction for those that undo or resolve it, and marks those it undoes or resolves.
    fn link(&mut self, command: &Command) {
        let seq = self.seq;
        if let Some(Some(original)) = command.reverses.and_then(|s| self.originals.get_mut(&s)) {
            original.reversed_by = Some(seq);
        }
        if let Some(Some(hold)) = command.resolves.and_then(|s| self.originals.get_mut(&s)) {
            hold.resolved_by = Some(seq);
        }
        let original = Original {
            kind: command.kind,
            resolves: command.resolves,
            lines: command.posting.lines().to_vec(),
            meters: command.meters.clone(),
            reversed_by: None,
            resolved_by: None,
        };
        self.originals.insert(seq, Some(original));
    }

    fn record(&self, command: &Command, entries: Vec<Entry>, meters: Vec<MeterRecord>) -> Record {
        Record {
            book: self.id,
            seq: self.seq,
            id: command.id,
            key: command.key.clone(),
            kind: command.kind,
            effective_on: command.effective_on,
            recorded_at: self.recorded_at,
            actor: command.actor.clone(),
            source: command.source.clone(),
            ruleset: command.ruleset.clone(),
            rule: command.rule.clone(),
            reverses: command.reverses,
            resolves: command.resolves,
            body: command.stored_body(),
            meters,
            entries,
        }
    }
}

/// What is known of a key from now on.
pub(super) fn remembered(command: &Command, result: PriorResult) -> Prior {
    Prior {
        kind: command.kind,
        actor: command.actor.clone(),
        body: command.stored_body(),
        salts: salts(command),
        result,
    }
}

fn salts(command: &Command) -> BTreeMap<String, [u8; 32]> {
    command.private.iter().map(|(name, text)| (name.clone(), text.salt)).collect()
}

/// The first outcome again, or what differs from the first command.
pub(super) fn repeated(prior: &Prior, command: &Command) -> Outcome {
    let mut fields = Vec::new();
    if prior.actor != command.actor {
        fields.push("actor".to_owned());
    }
    if prior.kind != command.kind {
        fields.push("kind".to_owned());
    }
    let body = compared_body(prior, command);
    let names = prior.body.keys().chain(body.keys().filter(|name| !prior.body.contains_key(*name)));
    let mut differing: Vec<_> =
        names.filter(|name| prior.body.get(*name) != body.get(*name)).cloned().collect();
    differing.sort();
    fields.append(&mut differing);
    if fields.is_empty() { Outcome::Replayed(prior.result.clone()) } else { Outcome::Conflict { fields } }
}

/// Only some kinds may be put on record without moving anything; a closing and a sheet move nothing.
fn check_moves(command: &Command) -> Result<(), Refused> {
    let kind = ("kind", command.kind.to_string());
    match (command.posting.lines().is_empty(), command.kind) {
        (true, kind_of_it) if !kind_of_it.may_move_nothing() => Err(Refused::new(Code::NothingMoves, [kind])),
        (false, TxnKind::PeriodClose | TxnKind::Notice) => Err(Refused::new(Code::InvalidLink, [kind])),
        _ => Ok(()),
    }
}

/// The command's body with its private texts under the salts of the first command. What was erased since can no longer
/// be compared: it counts as the same.
fn compared_body(prior: &Prior, command: &Command) -> BTreeMap<String, String> {
    let mut body = command.body.clone();
    for (name, text) in &command.private {
        let then = match (prior.salts.get(name), prior.body.get(name)) {
            (Some(salt), _) => in_body(&commitment(salt, &text.text)),
            (None, Some(erased)) => erased.clone(),
            (None, None) => in_body(&text.commitment()),
        };
        body.insert(name.clone(), then);
    }
    body
}

fn check_chart(command: &Command) -> Result<Vec<AccountKind>, Refused> {
    let check = |line: &Line| {
        let kind = classify(&line.account, &line.commodity).map_err(|missing| {
            let facts =
                [("account", missing.account.to_string()), ("commodity", missing.commodity.to_string())];
            Refused::new(Code::NotInChart, facts)
        })?;
        // An expiry day belongs to a new credit, or to the undoing of one; what a resolution returns keeps its own.
        let may_lapse = command.reverses.is_some() || (line.quantity < 0 && command.resolves.is_none());
        if line.expires_on.is_some() && !(kind.has_lots() && may_lapse) {
            return Err(Refused::new(Code::NoLots, [("account", line.account.to_string())]));
        }
        Ok(kind)
    };
    command.posting.lines().iter().map(check).collect()
}

fn beyond(line: &Line, kind: AccountKind, available: i64) -> Refused {
    let code = match (kind, line.quantity > 0) {
        (AccountKind::Available, true) => Code::InsufficientPoints,
        (AccountKind::Budget, true) => Code::InsufficientBudget,
        (AccountKind::Stock, false) => Code::InsufficientStock,
        (AccountKind::Time | AccountKind::TimePool, true) => Code::InsufficientTime,
        (AccountKind::Honor, true) => Code::InsufficientHonor,
        _ => Code::BalanceLimit,
    };
    let facts = [
        ("account", line.account.to_string()),
        ("commodity", line.commodity.to_string()),
        ("needed", line.quantity.abs().to_string()),
        ("available", available.max(0).to_string()),
    ];
    Refused::new(code, facts)
}
