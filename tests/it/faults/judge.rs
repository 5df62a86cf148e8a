//! Holds a history against the book. The book's order is the one order in which everything happened: it must respect
//! real time, give every answer that was heard, explain every refusal and every balance that was read, and be what the
//! naive twin of the book would have let happen.

use std::collections::{BTreeMap, BTreeSet};

use greencoin::{
    domain::{
        book::{Command, MeterUse},
        posting::{Line, Posting},
        time::Day,
    },
    store::ledger::read::{self, EntryRow, MeterUseRow, TxnRow},
};

use super::history::{Ask, Event, Said};
use crate::{
    model::{Model, Verdict, number},
    village::Village,
};

/// What a card may take in a day.
const CARD_DAY_MAX: i64 = 50;

/// How the book stood when the history began.
pub struct Beginning {
    /// The last place.
    seq: i64,
    /// What each household had.
    left: Vec<i64>,
}

impl Beginning {
    pub async fn of(v: &Village) -> Self {
        let mut left = Vec::new();
        for home in 0..v.homes.len() {
            left.push(v.available(home).await);
        }
        Self { seq: v.seq().await, left }
    }
}

/// One thing that happened: whose it is, what it took and of which day, and with what it left them.
#[derive(Debug, Clone)]
struct Step {
    home: usize,
    day: Day,
    taken: i64,
    left: i64,
}

/// What happened, by place.
type Steps = BTreeMap<i64, Step>;

/// The book as a list.
struct Told<'a> {
    beginning: &'a Beginning,
    txns: Vec<TxnRow>,
    entries: Vec<EntryRow>,
    meters: Vec<MeterUseRow>,
}

impl<'a> Told<'a> {
    async fn by(v: &Village, beginning: &'a Beginning) -> Self {
        let last = v.seq().await;
        let mut tx = v.desk.db.begin_read().await.unwrap();
        Self {
            beginning,
            txns: read::txns(&mut tx, v.book, 0, last).await.unwrap(),
            entries: read::entries(&mut tx, v.book, 0, last).await.unwrap(),
            meters: read::meter_uses(&mut tx, v.book, 0, last).await.unwrap(),
        }
    }

    fn last(&self) -> i64 {
        self.txns.last().unwrap().seq
    }

    /// What each place of the history did to whom.
    fn steps(&self) -> Steps {
        let mut left = self.beginning.left.clone();
        let mut steps = Steps::new();
        for txn in self.txns.iter().filter(|txn| txn.seq > self.beginning.seq) {
            let own = |e: &&EntryRow| {
                e.seq == txn.seq
                    && e.path.starts_with("Liabilities:Households:")
                    && e.path.ends_with(":Available")
            };
            let mut of_home = self.entries.iter().filter(own);
            let entry = of_home.next().expect("it concerns a household");
            assert!(of_home.next().is_none(), "place {} concerns two households", txn.seq);
            let no = entry.path.split(':').nth(2).unwrap();
            let home = no.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<usize>().unwrap() - 1;
            let taken = entry.quantity / 100;
            left[home] -= taken;
            assert_eq!(-entry.balance_after, left[home] * 100, "place {}", txn.seq);
            // what is undone is given back to the day that it was taken of
            let day = txn.reverses_seq.map_or(txn.effective_on, |seq| steps[&seq].day);
            steps.insert(txn.seq, Step { home, day, taken, left: left[home] });
        }
        steps
    }

    /// The naive twin agrees to every transaction, in the book's order.
    fn the_twin_agrees(&self) {
        let mut twin = Model::default();
        for txn in &self.txns {
            let lines = self.entries.iter().filter(|e| e.seq == txn.seq).map(line).collect();
            let uses = self.meters.iter().filter(|m| m.seq == txn.seq && m.amount > 0);
            let command = Command {
                id: txn.id,
                key: txn.key.parse().unwrap(),
                kind: txn.kind.parse().unwrap(),
                effective_on: txn.effective_on,
                actor: txn.actor.clone(),
                source: None,
                ruleset: None,
                rule: None,
                reverses: txn.reverses_seq,
                resolves: txn.resolves_seq,
                posting: Posting::new(lines).unwrap(),
                meters: uses
                    .map(|m| MeterUse { meter: m.meter.clone(), amount: m.amount, limit: m.ceiling })
                    .collect(),
                body: BTreeMap::new(),
                private: BTreeMap::new(),
            };
            let verdict = twin.decide(&command, txn.recorded_at);
            assert_eq!(verdict, Verdict::Posted(txn.seq), "{command:?}");
            assert_eq!(twin.posted.last().unwrap().1, txn.recorded_at, "times strictly increase");
        }
    }
}

/// The twin knows one article: the others lie on shelves of their own.
fn line(e: &EntryRow) -> Line {
    let (path, commodity) = match e.commodity.strip_prefix("SKU-") {
        Some(sku) if sku != "000001" => {
            let mut parts: Vec<String> = e.path.split(':').map(str::to_owned).collect();
            if parts.len() == 3 {
                parts[2] = format!("{}x{sku}", parts[2]);
            }
            (parts.join(":"), "SKU-000001".to_owned())
        }
        _ => (e.path.clone(), e.commodity.clone()),
    };
    let line = Line::new(path.parse().unwrap(), commodity.parse().unwrap(), e.quantity);
    Line { expires_on: e.expires_on, ..line }
}

/// The verdict: a panic, or nothing.
pub async fn judge(v: &Village, beginning: &Beginning, history: &[Event]) {
    let book = Told::by(v, beginning).await;
    book.the_twin_agrees();
    let steps = book.steps();
    nobody_has_less_than_nothing_and_no_card_takes_too_much(&steps);
    let done = one_outcome_a_key(&book, &steps, history);
    receipts_are_dense(&book, history);
    order_respects_real_time(history);
    let window = |event: &Event| {
        // not before what was known when it was asked, not after what was asked only later
        let known = acked(history).filter(|(_, e)| e.ended < event.began).map(|(seq, _)| seq).max();
        let later = acked(history).filter(|(seq, _)| first_asked(history, *seq) > event.ended);
        (known.unwrap_or(beginning.seq), later.map(|(seq, _)| seq - 1).min().unwrap_or_else(|| book.last()))
    };
    let left = |home: usize, at: i64| {
        let last = steps.range(..=at).rev().find(|(_, step)| step.home == home);
        last.map_or(beginning.left[home], |(_, step)| step.left)
    };
    reads_are_of_one_moment_and_move_forward(&left, history, window);
    refusals_are_deserved_and_stay(&left, &steps, &done, history, window);
    let count = |what: &dyn Fn(&Said) -> bool| history.iter().filter(|event| what(&event.said)).count();
    println!(
        "{} places, {} keys done, {} refused, {} reads, {} unanswered",
        steps.len(),
        done.len(),
        count(&|said| matches!(said, Said::Refused(_))),
        count(&|said| matches!(said, Said::Balance(_))),
        count(&|said| *said == Said::Nothing),
    );
}

/// Where an event's answer says that it happened.
fn seq_of(said: &Said) -> Option<i64> {
    match said {
        Said::Receipt { seq, .. } | Said::Undone(seq) => Some(*seq),
        _ => None,
    }
}

fn acked(history: &[Event]) -> impl Iterator<Item = (i64, &Event)> {
    history.iter().filter_map(|event| Some((seq_of(&event.said)?, event)))
}

/// When what stands at that place was asked for first, by whichever request.
fn first_asked(history: &[Event], seq: i64) -> std::time::Instant {
    let (_, own) = acked(history).find(|(place, _)| *place == seq).unwrap();
    history.iter().filter(|event| event.ask == own.ask).map(|event| event.began).min().unwrap()
}

/// Every answered change is at its place; a key has one outcome; nothing is in the book that nobody asked for.
fn one_outcome_a_key(book: &Told, steps: &Steps, history: &[Event]) -> BTreeMap<String, Ask> {
    let mut done: BTreeMap<String, Ask> = BTreeMap::new();
    let mut places: BTreeMap<i64, (Ask, Said)> = BTreeMap::new();
    for (seq, event) in acked(history) {
        let txn = book.txns.iter().find(|txn| txn.seq == seq).expect("an answer was lost");
        let step = &steps[&seq];
        match (&event.ask, &event.said) {
            (Ask::Redeem { key, home, pieces }, Said::Receipt { after, .. }) => {
                assert_eq!(&txn.key, key);
                assert_eq!((step.home, step.taken, step.left), (*home, *pieces, *after), "{event:?}");
                let first = done.entry(key.clone()).or_insert_with(|| event.ask.clone());
                assert_eq!(first, &event.ask, "two successes of one key");
            }
            (Ask::Undo { seq: undone }, Said::Undone(_)) => assert_eq!(txn.reverses_seq, Some(*undone)),
            other => panic!("{other:?}"),
        }
        let first = places.entry(seq).or_insert_with(|| (event.ask.clone(), event.said.clone()));
        assert_eq!(first, &(event.ask.clone(), event.said.clone()), "one place, two answers");
    }
    let mut heard: Vec<&Event> = Vec::new();
    for event in history.iter().filter(|e| e.said != Said::Nothing && !matches!(e.ask, Ask::Read { .. })) {
        match heard.iter().find(|first| first.ask == event.ask) {
            Some(first) => assert_eq!(first.said, event.said, "one request, two answers: {:?}", event.ask),
            None => heard.push(event),
        }
    }
    let all: Vec<i64> = steps.keys().copied().collect();
    assert_eq!(places.keys().copied().collect::<Vec<_>>(), all, "nothing happened that nobody was told of");
    done
}

fn receipts_are_dense(book: &Told, history: &[Event]) {
    let numbers: BTreeMap<i64, i64> = history
        .iter()
        .filter_map(|event| match event.said {
            Said::Receipt { no, seq, .. } => Some((seq, no)),
            _ => None,
        })
        .collect();
    let earlier = |txn: &&TxnRow| txn.seq <= book.beginning.seq && txn.kind == "redemption";
    let before = number(book.txns.iter().filter(earlier).count());
    assert!(numbers.values().copied().eq(before + 1..=before + number(numbers.len())), "{numbers:?}");
    assert!(book.txns.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq));
}

/// What was answered before something else was asked for stands before it.
fn order_respects_real_time(history: &[Event]) {
    for (seq, event) in acked(history) {
        for (later, _) in acked(history).filter(|(place, _)| *place != seq) {
            if event.ended < first_asked(history, later) {
                assert!(seq < later, "{event:?} was answered before place {later} was asked for");
            }
        }
    }
}

/// What a household's card had been used for on a day.
fn used(steps: &Steps, home: usize, day: Day, at: i64) -> i64 {
    let own = |step: &&Step| step.home == home && step.day == day;
    steps.range(..=at).map(|(_, step)| step).filter(own).map(|step| step.taken).sum()
}

fn nobody_has_less_than_nothing_and_no_card_takes_too_much(steps: &Steps) {
    for (at, step) in steps {
        let used = used(steps, step.home, step.day, *at);
        assert!(step.left >= 0 && used <= CARD_DAY_MAX, "place {at}, with {used} used: {step:?}");
    }
}

/// Each read is explained by a moment between what was known and what was not yet asked for, and by none before a moment
/// that another read had seen already.
fn reads_are_of_one_moment_and_move_forward(
    left: &impl Fn(usize, i64) -> i64,
    history: &[Event],
    window: impl Fn(&Event) -> (i64, i64),
) {
    let mut reads: Vec<&Event> =
        history.iter().filter(|event| matches!(event.said, Said::Balance(_))).collect();
    reads.sort_by_key(|event| event.ended);
    let mut seen: Vec<(&Event, i64)> = Vec::new();
    for event in reads {
        let (Ask::Read { home }, Said::Balance(balance)) = (&event.ask, &event.said) else { panic!() };
        let (known, last) = window(event);
        let before = seen.iter().filter(|(other, _)| other.ended < event.began).map(|(_, at)| *at).max();
        let from = known.max(before.unwrap_or(known));
        let at = (from..=last).find(|at| left(*home, *at) == *balance);
        let at = at.unwrap_or_else(|| panic!("no moment from {from} to {last} explains {event:?}"));
        seen.push((event, at));
    }
}

/// A refusal had its reason at some moment, is never followed by a success of its key, and never contradicts one.
fn refusals_are_deserved_and_stay(
    left: &impl Fn(usize, i64) -> i64,
    steps: &Steps,
    done: &BTreeMap<String, Ask>,
    history: &[Event],
    window: impl Fn(&Event) -> (i64, i64),
) {
    let days: BTreeSet<Day> = steps.values().map(|step| step.day).collect();
    for event in history {
        let Said::Refused(code) = &event.said else { continue };
        // asked for again it has its reason from the first time, which may not have been heard of
        let began = history.iter().filter(|e| e.ask == event.ask).map(|e| e.began).min().unwrap();
        let (known, last) = window(&Event { began, ..event.clone() });
        let some = |reason: &dyn Fn(i64) -> bool| {
            assert!((known..=last).any(reason), "no moment from {known} to {last} deserves {event:?}");
        };
        match (&event.ask, code.as_str()) {
            (Ask::Redeem { key, .. }, "idempotency_conflict") => {
                // the key was asked for with something else
                let other = |e: &Event| {
                    matches!(&e.ask, Ask::Redeem { key: k, .. } if k == key) && e.ask != event.ask
                };
                assert!(history.iter().any(other) && done.get(key) != Some(&event.ask), "{event:?}");
            }
            (Ask::Redeem { key, home, pieces }, reason) => {
                assert_ne!(done.get(key), Some(&event.ask), "refused, and done");
                match reason {
                    "insufficient_points" => some(&|at| left(*home, at) < *pieces),
                    "card_limit" => {
                        some(&|at| {
                            days.iter().any(|day| used(steps, *home, *day, at) + pieces > CARD_DAY_MAX)
                        });
                    }
                    other => panic!("{other}: {event:?}"),
                }
            }
            // only whoever has the receipt undoes it, always under one key
            other => panic!("{other:?}"),
        }
    }
}
