//! Commands that happen together or not at all: in the core against the naive way (a copy of the book), and through
//! the Poster on a real database.

use std::sync::atomic::Ordering;

use futures_util::future::join_all;
use greencoin::{
    domain::{
        book::{Book, Command, MeterUse, Outcome, PriorResult, RefusalCode},
        ids::BookId,
        time::Timestamp,
    },
    service::{Desk, ServiceError, poster::Task},
    store::ledger::read,
};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{
    engine::{Engine, clock},
    ledger_props::POLICY,
    model::{Step, random_commands},
    poster::{BOOK, available, award, budget, desk},
};

fn came_true(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Posted(_) | Outcome::Replayed(PriorResult::Posted { .. }))
}

/// What must come out, found out on copies.
fn naive(before: &Book, commands: &[&Command], now: Timestamp) -> (Vec<Outcome>, Book) {
    let mut copy = before.clone();
    let each: Vec<Outcome> = commands.iter().map(|c| copy.decide(c, now).unwrap()).collect();
    if each.iter().all(came_true) {
        return (each, copy);
    }
    let known = |c: &Command| before.prior(&c.key).is_some();
    let failed_before = commands.iter().zip(&each).any(|(c, o)| known(c) && !came_true(o));
    let because =
        commands.iter().zip(&each).position(|(c, o)| !came_true(o) && (known(c) || !failed_before)).unwrap();
    let mut after = before.clone();
    let mut outcomes = Vec::new();
    for (command, outcome) in commands.iter().zip(each) {
        let stays = if known(command) { true } else { !failed_before && !came_true(&outcome) };
        if let (true, Outcome::Refused(_)) = (stays, &outcome) {
            after.load_prior(command.key.clone(), copy.prior(&command.key).cloned());
        }
        outcomes.push(if stays { outcome } else { Outcome::NotApplied { because } });
    }
    (outcomes, after)
}

/// How many groups came about and how many did not.
fn run(seed: u64) -> (usize, usize) {
    let mut book = Book::new(BookId(Uuid::from_u128(7)), POLICY);
    let steps = random_commands(seed, 160);
    let (mut whole, mut in_vain, mut size) = (0, 0, 1);
    let (alone, mut rest) = steps.split_at(60);
    for Step { command, now } in alone {
        book.decide(command, *now).unwrap();
    }
    while !rest.is_empty() {
        size = (size * 7 + 3) % 5;
        let (group, after) = rest.split_at((size + 1).min(rest.len()));
        rest = after;
        let now = group.iter().map(|step: &Step| step.now).max().unwrap();
        let commands: Vec<&Command> = group.iter().map(|step| &step.command).collect();
        let (expected, then) = naive(&book, &commands, now);
        let outcomes = book.decide_together(&commands, now).unwrap();
        assert_eq!(outcomes, expected, "seed {seed}");
        assert_eq!(book, then, "seed {seed}: {outcomes:#?}");
        let again = book.clone().decide_together(&commands, now).unwrap();
        assert_eq!(
            outcomes.iter().map(came_true).collect::<Vec<_>>(),
            again.iter().map(came_true).collect::<Vec<_>>(),
            "the same commands again come to the same"
        );
        *(if outcomes.iter().all(came_true) { &mut whole } else { &mut in_vain }) += 1;
    }
    (whole, in_vain)
}

#[test]
fn histories_have_groups_of_both_fates() {
    let (whole, in_vain) = (0..8).map(run).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(whole > 20 && in_vain > 20, "{whole} {in_vain}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn commands_together_come_to_all_or_to_nothing(seed in any::<u64>()) {
        let _groups = run(seed);
    }
}

fn tasks(commands: Vec<Command>) -> Vec<Task> {
    commands.into_iter().map(|command| Task { command, effects: Vec::new() }).collect()
}

fn awards(desk: &Desk, name: &str, count: usize, points: i64) -> Vec<Command> {
    (0..count).map(|i| award(desk, &format!("{name}#{i}"), &format!("H{:04}", i % 37 + 1), points)).collect()
}

async fn head(desk: &Desk) -> (i64, i64, Vec<u8>) {
    let mut tx = desk.db.begin_read().await.unwrap();
    let head = read::head(&mut tx, BOOK).await.unwrap().unwrap();
    (head.seq, head.refusals, head.root)
}

fn seqs(outcomes: &[Outcome]) -> Vec<i64> {
    let seq = |outcome: &Outcome| match outcome {
        Outcome::Posted(posted) => posted.seq,
        Outcome::Replayed(PriorResult::Posted { seq }) => *seq,
        other => panic!("{other:?}"),
    };
    outcomes.iter().map(seq).collect()
}

#[tokio::test]
async fn a_thousand_commands_together_are_one_commit_and_the_same_again_moves_nothing() {
    let engine = Engine::fresh().await;
    let clock = clock();
    let desk = desk(&engine).await;
    desk.posted(BOOK, budget(&desk, "b", 1_000_000), vec![]).await.unwrap();
    let commits = desk.poster.stats().batches.load(Ordering::Relaxed);
    let all = tasks(awards(&desk, "bulk", 1_000, 5));
    let outcomes = desk.poster.post_together(BOOK, all).await.unwrap();
    assert_eq!(seqs(&outcomes), (2..=1_001).collect::<Vec<_>>());
    assert_eq!(desk.poster.stats().batches.load(Ordering::Relaxed), commits + 1);
    let before = head(&desk).await;
    let again = desk.poster.post_together(BOOK, tasks(awards(&desk, "bulk", 1_000, 5))).await.unwrap();
    assert_eq!(seqs(&again), (2..=1_001).collect::<Vec<_>>());
    assert!(again.iter().all(|o| matches!(o, Outcome::Replayed(_))));
    assert_eq!(head(&desk).await, before);
    // and through another process, whose memory knows nothing of it
    let other = engine.desk(&clock).await;
    let again = other.poster.post_together(BOOK, tasks(awards(&desk, "bulk", 1_000, 5))).await.unwrap();
    assert!(again.iter().all(|o| matches!(o, Outcome::Replayed(_))));
    assert_eq!(head(&desk).await, before);
    engine.check(&clock);
}

#[tokio::test]
async fn one_that_may_not_happen_keeps_all_from_happening_and_everybody_is_told() {
    let engine = Engine::fresh().await;
    let clock = clock();
    let desk = desk(&engine).await;
    desk.posted(BOOK, budget(&desk, "b", 1_000), vec![]).await.unwrap();
    let (seq, refusals, root) = head(&desk).await;
    let group = || {
        let mut commands = awards(&desk, "bulk", 5, 10);
        commands[2] = award(&desk, "bulk#2", "H0003", 5_000);
        commands[4].meters.push(MeterUse::capped("quota", 9, 3));
        tasks(commands)
    };
    let outcomes = desk.poster.post_together(BOOK, group()).await.unwrap();
    for place in [0, 1, 3] {
        assert_eq!(outcomes[place], Outcome::NotApplied { because: 2 });
    }
    let code = |outcome: &Outcome| match outcome {
        Outcome::Refused(r) | Outcome::Replayed(PriorResult::Refused(r)) => r.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(&outcomes[2]), RefusalCode::InsufficientBudget);
    assert_eq!(code(&outcomes[4]), RefusalCode::LimitExceeded);
    assert_eq!(head(&desk).await, (seq, refusals + 2, root.clone()));
    // there is money now, and what was refused is refused still
    desk.posted(BOOK, budget(&desk, "b2", 10_000), vec![]).await.unwrap();
    let again = desk.poster.post_together(BOOK, group()).await.unwrap();
    assert_eq!((code(&again[2]), code(&again[4])), (code(&outcomes[2]), code(&outcomes[4])));
    assert_eq!(again[0], Outcome::NotApplied { because: 2 });
    assert_eq!((available(&desk, "H0001").await, head(&desk).await.0), (0, seq + 1));
    // the keys of the others stayed free
    desk.posted(BOOK, award(&desk, "bulk#0", "H0001", 10), vec![]).await.unwrap();
    assert_eq!(available(&desk, "H0001").await, 10);
    engine.check(&clock);
}

#[tokio::test]
async fn one_key_twice_in_a_batch_is_a_conflict_of_that_item() {
    let engine = Engine::fresh().await;
    let clock = clock();
    let desk = desk(&engine).await;
    desk.posted(BOOK, budget(&desk, "b", 1_000), vec![]).await.unwrap();
    let twice = || {
        let mut second = award(&desk, "a", "H0002", 20);
        second.body.insert("points".to_owned(), "20".to_owned());
        tasks(vec![award(&desk, "a", "H0001", 10), second, award(&desk, "c", "H0003", 10)])
    };
    let conflict = Outcome::Conflict { fields: vec!["points".to_owned()] };
    let together = desk.poster.post_together(BOOK, twice()).await.unwrap();
    let not = Outcome::NotApplied { because: 1 };
    assert_eq!(together, [not.clone(), conflict.clone(), not]);
    let each = desk.poster.post_each(BOOK, twice()).await.unwrap();
    let each: Vec<Outcome> = each.into_iter().map(Result::unwrap).collect();
    assert_eq!(each[1], conflict);
    assert_eq!(seqs(&[each[0].clone(), each[2].clone()]), [2, 3]);
    engine.check(&clock);
}

#[tokio::test]
async fn two_programs_with_the_same_commands_post_them_once() {
    let engine = Engine::fresh().await;
    let clock = clock();
    let one = desk(&engine).await;
    let two = engine.desk(&clock).await;
    one.posted(BOOK, budget(&one, "b", 1_000_000), vec![]).await.unwrap();
    let posts = (0..10).map(|round| {
        let desk = if round % 2 == 0 { &one } else { &two };
        let commands = tasks(awards(&one, &format!("bulk {}", round / 2), 50, 5));
        desk.poster.post_together(BOOK, commands)
    });
    let mut seen = Vec::new();
    for outcomes in join_all(posts).await {
        let seqs = seqs(&outcomes.unwrap());
        assert!(seqs.windows(2).all(|pair| pair[0] + 1 == pair[1]), "others in between: {seqs:?}");
        seen.extend(seqs);
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, (2..=251).collect::<Vec<_>>());
    engine.check(&clock);
}

#[tokio::test]
async fn more_than_the_queue_holds_is_told_to_come_again_and_nothing_of_it_is_taken() {
    let engine = Engine::fresh().await;
    let desk = desk(&engine).await;
    desk.posted(BOOK, budget(&desk, "b", 1_000_000), vec![]).await.unwrap();
    let many = || tasks(awards(&desk, "bulk", greencoin::service::poster::QUEUE_MAX + 1, 1));
    let each = desk.poster.post_each(BOOK, many()).await;
    let together = desk.poster.post_together(BOOK, many()).await;
    assert!(matches!((each, together), (Err(ServiceError::Busy), Err(ServiceError::Busy))));
    assert_eq!(head(&desk).await.0, 1);
}
