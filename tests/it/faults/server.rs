//! PostgreSQL killed, stopped and started again under load, and the wire to it cut around a commit. The program finds
//! its way back by itself, and by the keys it finds out what came about.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::task::JoinSet;

use super::{
    cluster::Cluster,
    counter::{Counter, Heard, Receipt},
    program::{Program, Start},
    proxy::{Proxy, Wire},
};
use crate::engine::Engine;

const CLIENTS: usize = 3;
/// Answers before the fault.
const ANSWERS: usize = 6;

/// Clients that redeem until they are told to stop.
struct Clients {
    tasks: JoinSet<(BTreeMap<usize, Receipt>, Vec<usize>)>,
    stop: Arc<AtomicBool>,
    answered: tokio::sync::mpsc::UnboundedReceiver<()>,
}

impl Clients {
    fn begin(counter: &Counter, program: &Program) -> Self {
        let (told, answered) = tokio::sync::mpsc::unbounded_channel();
        let (mut tasks, stop) = (JoinSet::new(), Arc::new(AtomicBool::new(false)));
        for _ in 0..CLIENTS {
            let (http, base, load) = (program.http.clone(), program.base.clone(), Arc::clone(&counter.load));
            let (stop, told) = (Arc::clone(&stop), told.clone());
            tasks.spawn(async move {
                let (mut acked, mut unacked) = (BTreeMap::new(), Vec::new());
                // an answer that did not come is the last thing a client hears before the end
                while !stop.load(Ordering::Relaxed) && unacked.is_empty() {
                    let number = load.next.fetch_add(1, Ordering::Relaxed);
                    match load.redeem(&http, &base, number).await {
                        Heard::Done(receipt, _) => drop(acked.insert(number, receipt)),
                        Heard::Nothing => unacked.push(number),
                    }
                    // nobody counts any more, perhaps
                    let _ = told.send(());
                }
                (acked, unacked)
            });
        }
        Self { tasks, stop, answered }
    }

    async fn after_some_answers(&mut self) {
        for _ in 0..ANSWERS {
            self.answered.recv().await.unwrap();
        }
    }

    async fn end(self) -> (BTreeMap<usize, Receipt>, Vec<usize>) {
        self.stop.store(true, Ordering::Relaxed);
        let (mut acked, mut unacked) = (BTreeMap::new(), Vec::new());
        for (yes, no) in self.tasks.join_all().await {
            acked.extend(yes);
            unacked.extend(no);
        }
        (acked, unacked)
    }
}

async fn settles(counter: &mut Counter, program: &Program, clients: Clients, what: &str) {
    let (acked, unacked) = clients.end().await;
    counter.keeps(&acked, what).await;
    counter.all.extend(acked);
    counter.settle(program, &unacked).await;
    counter.serve(program, 2).await;
    assert_eq!(program.ready().await, (200, "ready\n".to_owned()), "{what}");
    counter.verifies(what).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_dies_under_load_and_comes_back_is_found_again_and_nothing_is_lost() {
    let cluster = Cluster::new();
    let mut counter = Counter::open_on(Engine::postgres(cluster.url()).await).await;
    let program = counter.start(&Start::default());
    for how in ["kill", "immediate", "fast"] {
        let mut clients = Clients::begin(&counter, &program);
        clients.after_some_answers().await;
        if how == "kill" {
            cluster.kill();
        } else {
            cluster.stop(how);
        }
        let (status, says) = program.ready().await;
        assert_eq!((status, says.as_str()), (503, "not ready: the database does not answer\n"), "{how}");
        cluster.start();
        settles(&mut counter, &program, clients, how).await;
    }
    counter.settled(&program).await;
    drop(program);
    counter.v.desk.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wire_cut_around_a_commit_leaves_one_posting_and_one_answer() {
    let cluster = Cluster::new();
    let mut counter = Counter::open_on(Engine::postgres(cluster.url()).await).await;
    let proxy = Proxy::before(cluster.port).await;
    let url = counter.v.engine.url.replace(&format!(":{}/", cluster.port), &format!(":{}/", proxy.port));
    let program = Program::start(&url, counter.folder.path(), &Start::default());
    // the heads are signed: the next commits are those of redemptions
    assert!(program.says("a pass of the jobs"));
    for cut in [Wire::CutBeforeCommit, Wire::CutAfterCommit, Wire::CutAfterCommit, Wire::CutBeforeCommit] {
        let mut clients = Clients::begin(&counter, &program);
        clients.after_some_answers().await;
        proxy.set(cut);
        clients.after_some_answers().await;
        assert_eq!(proxy.wire(), Wire::Whole, "it was cut");
        settles(&mut counter, &program, clients, &format!("{cut:?}")).await;
    }
    let mut clients = Clients::begin(&counter, &program);
    clients.after_some_answers().await;
    proxy.set(Wire::Gone);
    let number = counter.load.next.fetch_add(1, Ordering::Relaxed);
    assert_eq!(counter.load.redeem(&program.http, &program.base, number).await, Heard::Nothing);
    assert_eq!(program.ready().await.0, 503);
    proxy.set(Wire::Whole);
    counter.settle(&program, &[number]).await;
    settles(&mut counter, &program, clients, "gone").await;
    counter.settled(&program).await;
    drop(program);
    counter.v.desk.db.close().await;
}
