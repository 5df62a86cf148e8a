//! Several commands that happen together or not at all: they are decided one after the other, and when one may not
//! happen the book is put back as it was.

use super::{
    command::{Command, Key, MeterUse},
    decide::{remembered, repeated},
    outcome::{Outcome, Prior, PriorResult},
    state::{Account, AccountKey, Book, Needs, Original},
};
use crate::domain::{
    merkle::Frontier,
    time::{Day, Timestamp},
};

/// A map's value under a key before the commands; nothing when it had none.
type Was<K, V> = Vec<(K, Option<V>)>;

/// How a book stood, as far as these commands can move it.
struct Mark {
    seq: i64,
    recorded_at: Timestamp,
    frontier: Frontier,
    closed_through: Option<Day>,
    next_account: i64,
    accounts: Was<AccountKey, Option<Account>>,
    meters: Was<String, i64>,
    known: Was<Key, Option<Prior>>,
    originals: Was<i64, Option<Original>>,
}

impl Book {
    /// Decides commands that happen together or not at all. Each gets its answer: when one is refused, or its key is
    /// in conflict, the others are [`Outcome::NotApplied`] and keep their keys, and what was refused is kept under
    /// its key, so that the same commands again get the same answers. `Err` as for [`Book::decide`].
    pub fn decide_together(&mut self, commands: &[&Command], now: Timestamp) -> Result<Vec<Outcome>, Needs> {
        let needs = self.needs(commands.iter().copied());
        if !needs.is_empty() {
            return Err(needs);
        }
        let mark = self.mark(commands);
        // what was refused once is refused for ever: nobody else is decided anew because of it
        let failed_before =
            commands.iter().any(|c| self.prior(&c.key).is_some_and(|p| fails(&repeated(p, c))));
        let mut outcomes = Vec::with_capacity(commands.len());
        for command in commands {
            let known = self.prior(&command.key).is_some();
            outcomes.push(if failed_before && !known {
                Outcome::NotApplied { because: 0 }
            } else {
                match self.decide(command, now) {
                    Ok(outcome) => outcome,
                    Err(needs) => {
                        self.back_to(mark);
                        return Err(needs);
                    }
                }
            });
        }
        let Some(because) = outcomes.iter().position(fails) else { return Ok(outcomes) };
        self.back_to(mark);
        for (command, outcome) in commands.iter().zip(&mut outcomes) {
            match outcome {
                Outcome::Refused(refused) => {
                    let prior = remembered(command, PriorResult::Refused(refused.clone()));
                    self.known.insert(command.key.clone(), Some(prior));
                }
                // posted before these commands, it stands; repeated within them, it came to nothing with its first
                Outcome::Replayed(PriorResult::Posted { seq }) if *seq <= self.seq => {}
                Outcome::Posted(_)
                | Outcome::NotApplied { .. }
                | Outcome::Replayed(PriorResult::Posted { .. }) => {
                    *outcome = Outcome::NotApplied { because };
                }
                Outcome::Replayed(PriorResult::Refused(_)) | Outcome::Conflict { .. } => {}
            }
        }
        Ok(outcomes)
    }

    fn mark(&self, commands: &[&Command]) -> Mark {
        let mut mark = Mark {
            seq: self.seq,
            recorded_at: self.recorded_at,
            frontier: self.frontier.clone(),
            closed_through: self.closed_through,
            next_account: self.next_account,
            accounts: Vec::new(),
            meters: Vec::new(),
            known: Vec::new(),
            originals: Vec::new(),
        };
        for command in commands {
            mark.known.push((command.key.clone(), self.known.get(&command.key).cloned()));
            for line in command.posting.lines() {
                let key = (line.account.clone(), line.commodity.clone());
                let was = self.accounts.get(&key).copied();
                mark.accounts.push((key, was));
            }
            let linked: Vec<i64> = self.linked(command).collect();
            let given_back = linked.iter().filter_map(|seq| self.original(*seq)).flat_map(|o| &o.meters);
            for MeterUse { meter, .. } in command.meters.iter().chain(given_back) {
                mark.meters.push((meter.clone(), self.meters.get(meter).copied()));
            }
            mark.originals.extend(linked.iter().map(|seq| (*seq, self.originals.get(seq).cloned())));
        }
        mark
    }

    fn back_to(&mut self, mark: Mark) {
        for (key, was) in mark.accounts {
            match was {
                Some(account) => drop(self.accounts.insert(key, account)),
                None => drop(self.accounts.remove(&key)),
            }
        }
        for (meter, was) in mark.meters {
            match was {
                Some(used) => drop(self.meters.insert(meter, used)),
                None => drop(self.meters.remove(&meter)),
            }
        }
        for (key, was) in mark.known {
            match was {
                Some(prior) => drop(self.known.insert(key, prior)),
                None => drop(self.known.remove(&key)),
            }
        }
        self.originals.retain(|seq, _| *seq <= mark.seq);
        self.recent.retain(|seq, _| *seq <= mark.seq);
        for (seq, was) in mark.originals {
            match was {
                Some(original) => drop(self.originals.insert(seq, original)),
                None => drop(self.originals.remove(&seq)),
            }
        }
        self.seq = mark.seq;
        self.recorded_at = mark.recorded_at;
        self.frontier = mark.frontier;
        self.closed_through = mark.closed_through;
        self.next_account = mark.next_account;
    }
}

/// Whether an outcome keeps the others from happening.
const fn fails(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Posted(_) | Outcome::Replayed(PriorResult::Posted { .. }) | Outcome::NotApplied { .. } => {
            false
        }
        Outcome::Refused(_) | Outcome::Replayed(PriorResult::Refused(_)) | Outcome::Conflict { .. } => true,
    }
}
