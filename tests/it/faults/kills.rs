//! `kill -9` under load: clients that redeem over HTTP, and a death at a random moment.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
};

use tokio::{sync::mpsc, task::JoinSet};

use super::{
    Dice,
    counter::{Counter, Heard, Load, Receipt},
    program::{Program, Start},
    rounds, seed,
};

/// Deaths of one village: its cards may take so much in a day.
const DEATHS: usize = 10;
const CLIENTS: usize = 6;
/// Answers before a death, at most.
const ANSWERS_MAX: usize = 20;

/// Clients that redeem until the program dies after so many answers: what was answered, and what was not.
async fn until_death(
    program: &mut Program,
    load: &Arc<Load>,
    answers: usize,
    moments: u64,
) -> (BTreeMap<usize, Receipt>, Vec<usize>) {
    let (told, mut heard) = mpsc::unbounded_channel();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (http, base) = (program.http.clone(), program.base.clone());
        let (load, told) = (Arc::clone(load), told.clone());
        clients.spawn(async move {
            loop {
                let number = load.next.fetch_add(1, Ordering::Relaxed);
                let Heard::Done(receipt, repeated) = load.redeem(&http, &base, number).await else {
                    return number;
                };
                assert!(!repeated, "a first request is answered as a repeated one");
                told.send((number, receipt)).unwrap();
            }
        });
    }
    drop(told);
    let mut acked = BTreeMap::new();
    while acked.len() < answers {
        let (number, receipt) = heard.recv().await.unwrap();
        acked.insert(number, receipt);
    }
    // a little later, so that it does not always die right after an answer
    for _ in 0..moments {
        tokio::task::yield_now().await;
    }
    program.kill();
    let unacked = clients.join_all().await;
    while let Some((number, receipt)) = heard.recv().await {
        acked.insert(number, receipt);
    }
    (acked, unacked)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_answered_is_lost_and_nothing_is_done_twice_over_many_deaths() {
    let dice = Dice::new(seed("deaths"));
    for _ in 0..rounds(2, 20) {
        let mut counter = Counter::open().await;
        let mut program = counter.start(&Start::default());
        for death in 0..DEATHS {
            let answers = 1 + dice.index(ANSWERS_MAX);
            let load = Arc::clone(&counter.load);
            let (acked, unacked) = until_death(&mut program, &load, answers, dice.below(2_000)).await;
            counter.all.extend(acked.clone());
            program = counter.start(&Start::default());
            assert_eq!(program.ready().await, (200, "ready\n".to_owned()));
            counter.keeps(&acked, &format!("death {death}")).await;
            counter.settle(&program, &unacked).await;
            counter.verifies(&format!("death {death}")).await;
        }
        counter.settled(&program).await;
    }
}
