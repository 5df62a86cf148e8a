//! The Poster on a real database: what it answers is what is stored, once, on both engines.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::{FutureExt, future::BoxFuture, future::join_all};
use greencoin::{
    domain::{
        book::{Command, MeterUse, Outcome, Posted, PriorResult, RefusalCode, TxnKind},
        chart,
        ids::{BookId, EventId},
        posting::{Commodity, Line, Posting},
        time::Timestamp,
    },
    service::{Desk, Effect, ServiceError},
    store::{StoreResult, WriteTx, event, ledger::read},
};
use uuid::Uuid;

use crate::engine::{Engine, clock};

pub const BOOK: BookId = BookId(Uuid::from_u128(1));

pub async fn desk(engine: &Engine) -> Desk {
    let desk = engine.desk(&clock()).await;
    let mut tx = desk.db.begin_write().await.unwrap();
    desk.create_book(&mut tx, BOOK).await.unwrap();
    tx.commit().await.unwrap();
    desk
}

fn command(desk: &Desk, key: &str, kind: TxnKind, lines: Vec<Line>) -> Command {
    Command {
        id: desk.id(),
        key: key.parse().unwrap(),
        kind,
        effective_on: desk.today(),
        actor: "system".to_owned(),
        source: None,
        ruleset: None,
        rule: None,
        reverses: None,
        resolves: None,
        posting: Posting::new(lines).unwrap(),
        meters: Vec::new(),
        body: BTreeMap::from([("key".to_owned(), key.to_owned())]),
        private: BTreeMap::new(),
    }
}

pub fn budget(desk: &Desk, key: &str, points: i64) -> Command {
    let lines = vec![
        Line::new(chart::authorised("Gift").unwrap(), Commodity::point(), points),
        Line::new(chart::budget("Gift").unwrap(), Commodity::point(), -points),
    ];
    command(desk, key, TxnKind::Budget, lines)
}

pub fn award(desk: &Desk, key: &str, household: &str, points: i64) -> Command {
    let lines = vec![
        Line::new(chart::budget("Gift").unwrap(), Commodity::point(), points),
        Line::new(chart::household_available(household).unwrap(), Commodity::point(), -points),
    ];
    command(desk, key, TxnKind::Award, lines)
}

pub async fn available(desk: &Desk, household: &str) -> i64 {
    let mut tx = desk.db.begin_read().await.unwrap();
    let path = chart::household_available(household).unwrap();
    -read::balance(&mut tx, BOOK, path.as_str(), Commodity::POINT).await.unwrap()
}

#[tokio::test]
async fn what_is_answered_is_stored_and_a_repeated_key_gets_the_first_answer() {
    let engine = Engine::fresh().await;
    let desk = desk(&engine).await;
    desk.posted(BOOK, budget(&desk, "b", 1_000), vec![]).await.unwrap();
    let first = desk.posted(BOOK, award(&desk, "a", "H0001", 300), vec![]).await.unwrap();
    let again = desk.posted(BOOK, award(&desk, "a", "H0001", 300), vec![]).await.unwrap();
    assert_eq!((first.seq, again.seq, again.replayed()), (2, 2, true));
    assert_eq!(available(&desk, "H0001").await, 300);

    let mut other = award(&desk, "a", "H0001", 300);
    other.body.insert("key".to_owned(), "other".to_owned());
    let Outcome::Conflict { fields } = desk.post(BOOK, other, vec![]).await.unwrap() else {
        panic!("no conflict")
    };
    assert_eq!(fields, ["key"]);
}

#[tokio::test]
async fn a_refusal_is_kept_under_its_key_even_when_it_would_succeed_later() {
    let engine = Engine::fresh().await;
    let desk = desk(&engine).await;
    desk.posted(BOOK, budget(&desk, "b1", 100), vec![]).await.unwrap();
    let Outcome::Refused(first) = desk.post(BOOK, award(&desk, "a", "H0001", 300), vec![]).await.unwrap()
    else {
        panic!("not refused")
    };
    assert_eq!(first.code, RefusalCode::InsufficientBudget);
    desk.posted(BOOK, budget(&desk, "b2", 1_000), vec![]).await.unwrap();
    let again = desk.post(BOOK, award(&desk, "a", "H0001", 300), vec![]).await.unwrap();
    assert_eq!(again, Outcome::Replayed(PriorResult::Refused(first)));
    assert_eq!(available(&desk, "H0001").await, 0);
}

#[tokio::test]
async fn a_thousand_commands_at_once_share_commits_and_none_is_lost() {
    let engine = Engine::fresh().await;
    let desk = desk(&engine).await;
    desk.posted(BOOK, budget(&desk, "b", 1_000_000), vec![]).await.unwrap();
    let posts = (0..1_000).map(|i| {
        let household = format!("H{:04}", i % 37 + 1);
        desk.posted(BOOK, award(&desk, &format!("a{i}"), &household, 5), vec![])
    });
    let mut seqs: Vec<i64> = join_all(posts).await.into_iter().map(|r| r.unwrap().seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (2..=1_001).collect::<Vec<_>>());
    let batches = desk.poster.stats().batches.load(std::sync::atomic::Ordering::Relaxed);
    assert!(batches < 200, "{batches} commits for a thousand commands");
    let mut tx = desk.db.begin_read().await.unwrap();
    assert!(read::sums(&mut tx, BOOK).await.unwrap().iter().all(|(_, sum)| *sum == 0));
}

#[tokio::test]
async fn a_meter_lets_only_one_of_many_equal_claims_through() {
    let engine = Engine::fresh().await;
    let desk = desk(&engine).await;
    desk.posted(BOOK, budget(&desk, "b", 1_000_000), vec![]).await.unwrap();
    let posts = (0..64).map(|i| {
        let mut c = award(&desk, &format!("a{i}"), "H0001", 5);
        c.meters.push(MeterUse::once("line:7"));
        desk.post(BOOK, c, vec![])
    });
    let outcomes = join_all(posts).await;
    let posted = outcomes.iter().filter(|o| matches!(o, Ok(Outcome::Posted(_)))).count();
    let refused = outcomes
        .iter()
        .filter(|o| matches!(o, Ok(Outcome::Refused(r)) if r.code == RefusalCode::LimitExceeded))
        .count();
    assert_eq!((posted, refused), (1, 63));
    assert_eq!(available(&desk, "H0001").await, 5);
}

/// Writes an event under a fixed id, so that a second one collides.
struct Note(Uuid);

impl Effect for Note {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            let note = event::Event {
                id: EventId(self.0),
                at: posted.recorded_at,
                subject: "award".to_owned(),
                subject_id: self.0,
                verb: "post".to_owned(),
                from_state: None,
                to_state: None,
                actor: "system".to_owned(),
                on_behalf: None,
                reason: String::new(),
            };
            event::add(tx, BOOK, &note).await
        }
        .boxed()
    }
}

#[tokio::test]
async fn an_effect_that_fails_takes_only_its_own_command_with_it() {
    let engine = Engine::fresh().await;
    let desk = desk(&engine).await;
    desk.posted(BOOK, budget(&desk, "b", 1_000), vec![]).await.unwrap();
    // two of the four want the same row: whatever the batching, one of them fails and three are posted
    let posts = [1_u128, 2, 2, 3].into_iter().enumerate().map(|(i, id)| {
        let note: Box<dyn Effect> = Box::new(Note(Uuid::from_u128(id)));
        desk.post(BOOK, award(&desk, &format!("a{i}"), "H0001", 10), vec![note])
    });
    let outcomes = join_all(posts).await;
    let refused: Vec<_> = outcomes.iter().filter(|o| o.is_err()).collect();
    assert_eq!(refused.len(), 1);
    assert!(matches!(refused[0], Err(ServiceError::Refused(r)) if r.code == "state_changed"));
    assert_eq!(available(&desk, "H0001").await, 30);
}

#[tokio::test]
async fn a_reversal_mirrors_its_original_once() {
    let engine = Engine::fresh().await;
    let desk = desk(&engine).await;
    desk.posted(BOOK, budget(&desk, "b", 1_000), vec![]).await.unwrap();
    let award = award(&desk, "a", "H0001", 300);
    let mirror = award.posting.mirror();
    let seq = desk.posted(BOOK, award, vec![]).await.unwrap().seq;
    let reversal = |key: &str| {
        let mut c = command(&desk, key, TxnKind::Reversal, mirror.lines().to_vec());
        c.reverses = Some(seq);
        c
    };
    desk.posted(BOOK, reversal("r1"), vec![]).await.unwrap();
    let Outcome::Refused(second) = desk.post(BOOK, reversal("r2"), vec![]).await.unwrap() else {
        panic!("reversed twice")
    };
    assert_eq!(second.code, RefusalCode::AlreadyReversed);
    assert_eq!(available(&desk, "H0001").await, 0);
}

#[tokio::test]
async fn two_programs_on_one_database_keep_one_order() {
    let engine = Engine::fresh().await;
    let one = desk(&engine).await;
    let two = engine.desk(&clock()).await;
    one.posted(BOOK, budget(&one, "b", 1_000_000), vec![]).await.unwrap();
    let posts = (0..200).map(|i| {
        let desk = if i % 2 == 0 { &one } else { &two };
        desk.posted(BOOK, award(&one, &format!("a{i}"), "H0001", 1), vec![])
    });
    let mut seqs: Vec<i64> = join_all(posts).await.into_iter().map(|r| r.unwrap().seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (2..=201).collect::<Vec<_>>());
    assert_eq!(available(&two, "H0001").await, 200);
}

#[tokio::test]
async fn recorded_times_strictly_increase_even_when_the_clock_steps_back() {
    let engine = Engine::fresh().await;
    let clock = clock();
    let desk = engine.desk(&clock).await;
    let mut tx = desk.db.begin_write().await.unwrap();
    desk.create_book(&mut tx, BOOK).await.unwrap();
    tx.commit().await.unwrap();
    let mut at = Vec::new();
    for (i, step) in [0, 5, -60, 0, 1].into_iter().enumerate() {
        clock.advance_seconds(step);
        let receipt = desk.posted(BOOK, budget(&desk, &format!("b{i}"), 10), vec![]).await.unwrap();
        at.push(receipt.posted.unwrap().recorded_at);
    }
    assert!(at.windows(2).all(|pair| pair[0] < pair[1]), "{at:?}");
    let _: Vec<Timestamp> = at;
    drop(Arc::clone(&clock));
}
