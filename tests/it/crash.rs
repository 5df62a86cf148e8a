//! `kill -9` under load, ten times: the program as a child process, clients that redeem over HTTP, and a death at a
//! seeded moment. What was answered is there, once, with the same receipt; what was not answered is there once or not
//! at all, and asking again settles it; the books can be derived again from the first line each time.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, ChildStderr, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use greencoin::{
    domain::{
        entropy::{ChaChaEntropy, Entropy},
        time::{Clock, ManualClock, SystemClock},
    },
    http::token,
    service::caller::Role,
    store::{ledger::lookup, login},
};
use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    engine::Engine,
    village::{TOWEL, Village},
};

const DEATHS: usize = 10;
const CLIENTS: usize = 6;
/// Answers before a death, at most: ten rounds of them stay below what cards may take in a day.
const ANSWERS_MAX: usize = 20;
const POINTS_EACH: i64 = 60;
const TOWELS: i64 = 600;

/// Who redeems, and with what.
struct Load {
    bearer: String,
    cards: Vec<String>,
    next: AtomicUsize,
}

impl Load {
    fn key(number: usize) -> String {
        format!("basket-{number}")
    }

    fn home(&self, number: usize) -> usize {
        number % self.cards.len()
    }
}

/// What a client got for its key: the receipt's number and its place in the book.
type Receipt = (i64, i64);

/// The program, until it is killed.
struct Program {
    child: Child,
    base: String,
    http: Client<HttpConnector, Full<Bytes>>,
    /// Kept open, so that the program can go on writing.
    _log: BufReader<ChildStderr>,
}

impl Program {
    /// Starts it on the village's database, and returns when it serves.
    async fn start(engine: &Engine, folder: &TempDir) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_greencoin"))
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "greencoin::cli=info", "--log-json"])
            .args(["--database-url", &engine.url, "--data-dir"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let at = loop {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the program ended before it served");
            let said: Value = serde_json::from_str(&line).unwrap();
            if let Some(at) = said["fields"]["at"].as_str() {
                break at.to_owned();
            }
        };
        let http = Client::builder(TokioExecutor::new()).build_http();
        let program = Self { child, base: format!("http://{at}"), http, _log: log };
        // it listens already: the first answer says whether its database does
        let request = Request::get(format!("{}/readyz", program.base)).body(Full::default()).unwrap();
        assert_eq!(program.http.request(request).await.unwrap().status(), 200);
        program
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // killed already, unless the test failed
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Redeems one towel under the number's key; `None` when no answer came.
async fn redeem(
    http: &Client<HttpConnector, Full<Bytes>>,
    base: &str,
    load: &Load,
    number: usize,
) -> Option<(Receipt, bool)> {
    let basket = json!({"credential": load.cards[load.home(number)], "lines": [{"sku": TOWEL, "pieces": 1}]});
    let request = Request::post(format!("{base}/api/v1/redemptions"))
        .header("authorization", &load.bearer)
        .header("idempotency-key", Load::key(number))
        .header("content-type", "application/json")
        .body(Full::from(basket.to_string()))
        .unwrap();
    let answer = http.request(request).await.ok()?;
    let status = answer.status();
    // an answer that breaks off in the middle is none
    let body = answer.into_body().collect().await.ok()?.to_bytes();
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let receipt: Value = serde_json::from_slice(&body).unwrap();
    let numbers = (receipt["no"].as_i64().unwrap(), receipt["seq"].as_i64().unwrap());
    Some((numbers, receipt["repeated"].as_bool().unwrap()))
}

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
                let Some((receipt, repeated)) = redeem(&http, &base, &load, number).await else {
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

/// The places of keys that are in the book.
async fn places(v: &Village, numbers: &[usize]) -> BTreeMap<String, i64> {
    let keys: Vec<String> = numbers.iter().map(|n| Load::key(*n)).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let rows = lookup::keys(&mut tx, v.book, &keys).await.unwrap();
    let places: BTreeMap<String, i64> = rows.iter().map(|row| (row.key.clone(), row.seq.unwrap())).collect();
    assert_eq!(places.len(), rows.len(), "a key is in the book twice");
    places
}

async fn prepare() -> (Village, TempDir, Arc<Load>) {
    let clock = Arc::new(ManualClock::new(SystemClock.now()));
    let v = Village::at(clock).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("master.key"), [7; 32]).unwrap();
    let org = v.desk.programme_of(v.book).await.unwrap().org_id;
    let mut tx = v.desk.db.begin_write().await.unwrap();
    let role = Role::Shopkeeper.as_str();
    login::grant(&mut tx, v.desk.id(), v.shop.user, role, org, v.desk.now(), "system").await.unwrap();
    tx.commit().await.unwrap();
    v.deliver("more towels", v.counter.id, &[(TOWEL, TOWELS - 200)]).await;
    let mut cards = Vec::new();
    for home in 0..v.homes.len() {
        v.give(home, POINTS_EACH).await;
        cards.push(v.card(home).await);
    }
    let bearer = format!("Bearer {}", token::issue(&v.desk, v.shop.user).unwrap());
    (v, folder, Arc::new(Load { bearer, cards, next: AtomicUsize::new(0) }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_answered_is_lost_and_nothing_is_done_twice_over_ten_deaths() {
    let (v, folder, load) = prepare().await;
    let dice = ChaChaEntropy::from_seed(9);
    let below = |n: u64| u64::from_be_bytes(dice.bytes()) % n;
    let mut all: BTreeMap<usize, Receipt> = BTreeMap::new();
    let mut program = Program::start(&v.engine, &folder).await;
    for death in 0..DEATHS {
        let answers = 1 + usize::try_from(below(20)).unwrap() % ANSWERS_MAX;
        let (acked, unacked) = until_death(&mut program, &load, answers, below(2_000)).await;
        all.extend(acked.clone());
        program = Program::start(&v.engine, &folder).await;

        let numbers: Vec<usize> = acked.keys().copied().collect();
        let found = places(&v, &numbers).await;
        for (number, (_, seq)) in &acked {
            assert_eq!(found.get(&Load::key(*number)), Some(seq), "death {death}: an answer was lost");
        }
        let before = places(&v, &unacked).await;
        for number in unacked {
            let (receipt, repeated) = redeem(&program.http, &program.base, &load, number).await.unwrap();
            if let Some(seq) = before.get(&Load::key(number)) {
                assert_eq!((receipt.1, repeated), (*seq, true), "death {death}: asked again, done again");
            }
            let once_more = redeem(&program.http, &program.base, &load, number).await.unwrap();
            assert_eq!(once_more, (receipt, true));
            assert!(all.insert(number, receipt).is_none());
        }
        let report = v.desk.verify_books(None).await.unwrap();
        assert!(report.holds(), "death {death}: {report:?}");
    }
    settled(&v, &load, &program, &all).await;
    program.kill();
}

/// Every key gives its first receipt again, receipts have no gap, and every balance is exact.
async fn settled(v: &Village, load: &Load, program: &Program, all: &BTreeMap<usize, Receipt>) {
    assert_eq!(all.len(), load.next.load(Ordering::Relaxed));
    let mut taken = vec![0; v.homes.len()];
    for (number, receipt) in all {
        let again = redeem(&program.http, &program.base, load, *number).await.unwrap();
        assert_eq!(again, (*receipt, true));
        taken[load.home(*number)] += 1;
    }
    let mut numbers: Vec<i64> = all.values().map(|(no, _)| *no).collect();
    numbers.sort_unstable();
    let count = i64::try_from(all.len()).unwrap();
    assert_eq!(numbers, (1..=count).collect::<Vec<_>>());
    for (home, towels) in taken.iter().enumerate() {
        assert_eq!(v.available(home).await, POINTS_EACH - towels);
    }
    assert_eq!(v.stock_of(TOWEL).await, TOWELS - count);
    v.check_sums().await;
}
