//! Failpoints: before and after what is written is written, committed and answered, the process ends, the call fails,
//! the task panics, or everything stands still while clients give up and ask again.

use std::{
    collections::BTreeMap,
    os::unix::process::ExitStatusExt,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use greencoin::service::caller::Role;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{
    counter::{Counter, Heard, bearer},
    program::{Answer, Program, Start, exchange, get, post},
};

const POINTS: [&str; 6] =
    ["before-write", "after-write", "before-commit", "after-commit", "before-answer", "after-answer"];
const ACTIONS: [&str; 4] = ["abort", "fail", "panic", "stall"];
const CLIENTS: usize = 4;
/// What each client redeems while the fault is due.
const BASKETS: usize = 2;
/// How long a client waits for what stalls: less than a stall. Nothing is decided by it.
const LITTLE_PATIENCE: Duration = Duration::from_millis(500);
/// How long a client waits otherwise: longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(30);
const ABORTED: i32 = 6;

fn patience(action: &str) -> Duration {
    if action == "stall" { LITTLE_PATIENCE } else { PATIENCE }
}

/// Clients that redeem and give up after a while: what was answered, and what was not.
async fn load(
    counter: &Counter,
    program: &Program,
    patience: Duration,
) -> (BTreeMap<usize, (i64, i64)>, Vec<usize>) {
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (http, base, load) = (program.http.clone(), program.base.clone(), Arc::clone(&counter.load));
        clients.spawn(async move {
            let (mut acked, mut unacked) = (Vec::new(), Vec::new());
            for _ in 0..BASKETS {
                let number = load.next.fetch_add(1, Ordering::Relaxed);
                match tokio::time::timeout(patience, load.redeem(&http, &base, number)).await {
                    Ok(Heard::Done(receipt, _)) => acked.push((number, receipt)),
                    Ok(Heard::Nothing) | Err(_) => unacked.push(number),
                }
            }
            (acked, unacked)
        });
    }
    let (mut acked, mut unacked) = (BTreeMap::new(), Vec::new());
    for (yes, no) in clients.join_all().await {
        acked.extend(yes);
        unacked.extend(no);
    }
    (acked, unacked)
}

/// The program after the fault: the same, or another one when it ended.
async fn afterwards(counter: &Counter, mut program: Program, action: &str) -> Program {
    if action == "abort" {
        assert_eq!(program.ended().signal(), Some(ABORTED));
        program = counter.start(&Start::default());
    }
    assert_eq!(program.ready().await.0, 200);
    program
}

async fn at_every_point(action: &str) {
    let mut counter = Counter::open().await;
    for point in POINTS {
        let fault = format!("{point}:{action}@2");
        let program = counter.start(&Start::with_fault(&fault));
        let (acked, unacked) = load(&counter, &program, patience(action)).await;
        let program = afterwards(&counter, program, action).await;
        counter.keeps(&acked, &fault).await;
        counter.all.extend(acked);
        counter.settle(&program, &unacked).await;
        counter.serve(&program, 1).await;
        assert!(action == "abort" || program.says("a planned fault"));
        counter.verifies(&fault).await;
    }
    let program = counter.start(&Start::default());
    counter.settled(&program).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_ends_at_any_point_of_a_posting_loses_and_repeats_nothing() {
    at_every_point("abort").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_fails_at_any_point_of_a_posting_loses_and_repeats_nothing() {
    at_every_point("fail").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_at_any_point_of_a_posting_loses_and_repeats_nothing_and_stops_nobody() {
    at_every_point("panic").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_gives_up_on_a_stalled_posting_and_asks_again_gets_the_one_answer() {
    at_every_point("stall").await;
}

fn article(name: &str) -> Value {
    json!({"name": name, "unit": "块", "category": "日用", "kind": "goods", "price": "5", "cost": "4"})
}

/// Lists an article under a key; nothing when there was no answer in time.
async fn list(program: &Program, bearer: &str, name: &str, patience: Duration) -> Option<Answer> {
    let request = post(&program.base, "/api/v1/goods", bearer, name, &article(name));
    let answer = tokio::time::timeout(patience, exchange(&program.http, request)).await.ok()??;
    (answer.status < 500).then_some(answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_is_kept_with_its_answer_happens_once_whatever_breaks_at_whichever_point() {
    let counter = Counter::open().await;
    let bearer = bearer(&counter.v, counter.v.clerk.user, Role::Clerk).await;
    let mut names = Vec::new();
    for action in ACTIONS {
        // nothing is passed after the answer: it is given by whoever asked
        for point in &POINTS[..5] {
            let program = counter.start(&Start::with_fault(&format!("{point}:{action}@1")));
            let name = format!("{point} {action}");
            let first = list(&program, &bearer, &name, patience(action)).await;
            let program = afterwards(&counter, program, action).await;
            let again = loop {
                if let Some(answer) = list(&program, &bearer, &name, PATIENCE).await {
                    break answer;
                }
            };
            assert_eq!(again.status, 200, "{name}: {again:?}");
            assert!(action == "abort" || program.says("a planned fault"));
            if let Some(first) = first {
                assert_eq!(first.json(), again.json(), "{name}");
            }
            names.push(name);
            let shelf = exchange(&program.http, get(&program.base, "/api/v1/goods?limit=100", &bearer)).await;
            let shelf = shelf.unwrap().json();
            let listed: Vec<&str> =
                shelf.as_array().unwrap().iter().map(|a| a["name"].as_str().unwrap()).collect();
            assert_eq!(listed[4..], names);
        }
    }
    counter.verifies("in the end").await;
}
