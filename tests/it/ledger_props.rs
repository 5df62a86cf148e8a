//! The decision core against its naive twin, over random histories: the same outcomes and the same state, whole or
//! loaded piece by piece; a refusal changes nothing; sums are zero and roots can be recomputed.

use std::collections::BTreeMap;

use greencoin::domain::{
    book::{Book, Command, Entry, MeterRecord, Outcome, Posted, PriorResult, Record, leaf_hash},
    chart::Policy,
    ids::BookId,
    merkle::{Hash, root_of},
    time::Timestamp,
};
use proptest::prelude::*;
use uuid::Uuid;

use crate::model::{Model, Step, TIME_CAP, TIME_OVERDRAFT, Verdict, number, random_commands};

const BOOK: BookId = BookId(Uuid::from_u128(0x9c));
pub(crate) const POLICY: Policy = Policy { time_overdraft: TIME_OVERDRAFT, time_cap: Some(TIME_CAP) };

pub(crate) fn verdict(outcome: &Outcome) -> Verdict {
    let prior = |result: &PriorResult| match result {
        PriorResult::Posted { seq } => Verdict::Posted(*seq),
        PriorResult::Refused(refused) => Verdict::Refused(refused.code.as_str()),
    };
    match outcome {
        Outcome::Posted(posted) => Verdict::Posted(posted.seq),
        Outcome::Refused(refused) => Verdict::Refused(refused.code.as_str()),
        Outcome::Replayed(result) => Verdict::Replayed(Box::new(prior(result))),
        Outcome::Conflict { fields } => Verdict::Conflict(fields.clone()),
        Outcome::NotApplied { .. } => panic!("a command by itself waits for no other"),
    }
}

/// Decides on a book that starts with its head only and is told no more than it asks for.
fn decide_piecemeal(whole: &Book, command: &Command, now: Timestamp) -> (Book, Outcome) {
    let mut book = Book::loaded(
        BOOK,
        POLICY,
        whole.seq,
        whole.recorded_at,
        whole.frontier.clone(),
        whole.closed_through,
        whole.next_account,
    );
    if let Err(needs) = book.clone().decide(command, now) {
        assert!(!needs.is_empty());
    }
    loop {
        let needs = book.needs([command]);
        if needs.is_empty() {
            break;
        }
        for key in needs.accounts {
            let standing = whole.account(&key).map(|a| (a.id, a.balance, a.debited, a.version));
            // An account outside the chart is never opened, so it is never found either.
            book.load_account(key, standing).unwrap();
        }
        for meter in needs.meters {
            let used = whole.used(&meter);
            book.load_meter(meter, used);
        }
        for key in needs.keys {
            let prior = whole.prior(&key).cloned();
            book.load_prior(key, prior);
        }
        for seq in needs.originals {
            book.load_original(seq, whole.original(seq).cloned());
        }
    }
    let outcome = book.decide(command, now).unwrap();
    (book, outcome)
}

/// What the transaction should be, from the twin alone.
fn expected_record(model: &Model, ids: &mut BTreeMap<(String, String), i64>) -> Record {
    let (command, recorded_at) = model.posted.last().unwrap().clone();
    let mut entries = Vec::new();
    for (line, place) in command.posting.lines().iter().zip(1..) {
        let next = number(ids.len()) + 1;
        let id = *ids.entry((line.account.to_string(), line.commodity.to_string())).or_insert(next);
        let (balance_after, _, version) = model.standing(line.account.as_str(), line.commodity.as_str());
        entries.push(Entry {
            account_id: id,
            path: line.account.clone(),
            commodity: line.commodity.clone(),
            version,
            line: place,
            quantity: line.quantity,
            balance_after,
            expires_on: line.expires_on,
        });
    }
    let uses = model.uses(&command);
    let mut left: Vec<_> = uses.iter().map(|m| (m.meter.clone(), m.amount)).collect();
    let meters = uses.iter().map(|m| {
        left.remove(0);
        let later: i64 = left.iter().filter(|(meter, _)| *meter == m.meter).map(|(_, amount)| amount).sum();
        let used_after = model.used(&m.meter) - later;
        MeterRecord { meter: m.meter.clone(), amount: m.amount, limit: m.limit, used_after }
    });
    let meters = meters.collect();
    let Command {
        id, key, kind, effective_on, actor, source, ruleset, rule, reverses, resolves, body, ..
    } = command;
    let seq = model.seq();
    Record {
        book: BOOK,
        seq,
        id,
        key,
        kind,
        effective_on,
        recorded_at,
        actor,
        source,
        ruleset,
        rule,
        reverses,
        resolves,
        body,
        meters,
        entries,
    }
}

fn check_state(book: &Book, model: &Model, leaves: &[Hash]) {
    assert_eq!(book.seq, model.seq());
    assert_eq!(i64::try_from(book.frontier.size()).unwrap(), number(leaves.len()));
    let mut sums = BTreeMap::<String, i64>::new();
    let (mut held, mut reserved) = (0, 0);
    for ((path, commodity), account) in book.accounts() {
        let standing = model.standing(path.as_str(), commodity.as_str());
        assert_eq!((account.balance, account.debited, account.version), standing, "{path}");
        assert!(account.limit.min.is_none_or(|min| account.balance >= min), "{path}");
        assert!(account.limit.max.is_none_or(|max| account.balance <= max), "{path}");
        *sums.entry(commodity.to_string()).or_default() += account.balance;
        held += if path.as_str().ends_with(":Held") { account.balance } else { 0 };
        reserved += if path.as_str().starts_with("Assets:Reserved") { account.balance } else { 0 };
    }
    assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");
    for (meter, used) in book.meters() {
        assert_eq!(used, model.used(meter), "{meter}");
    }
    // What is reserved is the sum of the holds that nothing resolved.
    let open = (1..).zip(&model.posted).filter(|(seq, (c, _))| {
        c.kind.as_str() == "hold" && !model.posted.iter().any(|(o, _)| o.resolves == Some(*seq))
    });
    let lines: Vec<_> = open.flat_map(|(_, (c, _))| c.posting.lines()).collect();
    let sum = |part: &str| -> i64 {
        lines.iter().filter(|l| l.account.as_str().contains(part)).map(|l| l.quantity).sum()
    };
    assert_eq!((held, reserved), (sum(":Held"), sum("Assets:Reserved")));
}

fn run(seed: u64, n: usize) {
    let (mut book, mut model) = (Book::new(BOOK, POLICY), Model::default());
    let (mut leaves, mut ids, mut last) = (Vec::<Hash>::new(), BTreeMap::new(), 0);
    for Step { command, now } in random_commands(seed, n) {
        let before = book.clone();
        let (piecemeal, same) = decide_piecemeal(&before, &command, now);
        let outcome = book.decide(&command, now).unwrap();
        assert_eq!(outcome, same, "a book loaded piece by piece decides otherwise");
        assert_eq!(piecemeal.frontier, book.frontier);
        assert_eq!(verdict(&outcome), model.decide(&command, now), "{command:#?}");
        match &outcome {
            Outcome::Posted(Posted { seq, recorded_at, entries, meters, leaf_hash: leaf, .. }) => {
                let record = expected_record(&model, &mut ids);
                assert_eq!((*seq, *recorded_at), (record.seq, record.recorded_at));
                assert_eq!((entries, meters), (&record.entries, &record.meters));
                assert_eq!(*leaf, leaf_hash(&record));
                assert!(recorded_at.micros() > last && command.effective_on <= recorded_at.day());
                last = recorded_at.micros();
                leaves.push(*leaf);
            }
            Outcome::Refused(_) => {
                let mut with_record = before;
                with_record.load_prior(command.key.clone(), book.prior(&command.key).cloned());
                assert_eq!(book, with_record, "a refusal left a trace");
            }
            Outcome::Replayed(_) | Outcome::Conflict { .. } | Outcome::NotApplied { .. } => {
                assert_eq!(book, before);
            }
        }
        assert_eq!(book.next_account, number(ids.len()) + 1);
    }
    check_state(&book, &model, &leaves);
    assert_eq!(book.frontier.root(), root_of(&leaves));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// 100 histories of up to 220 steps, on average over 10^4 in all.
    #[test]
    fn the_book_and_its_naive_twin_agree(seed in any::<u64>(), n in 60_usize..220) {
        run(seed, n);
    }
}

#[test]
fn a_long_history_agrees_as_well() {
    run(20_261_122, 800);
}
