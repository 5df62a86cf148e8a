//! A counter with customers, reached over HTTP: who redeems with what, what was answered, and what must be true in the
//! end. The test's own desk looks at the same database.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use greencoin::{
    domain::{
        ids::UserId,
        time::{Clock, ManualClock, SystemClock},
    },
    http::token,
    service::caller::Role,
    store::{identity, ledger::lookup, login},
};
use serde_json::json;
use tempfile::TempDir;

use super::program::{Http, Program, Start, exchange, post};
use crate::{
    engine::Engine,
    village::{TOWEL, Village},
};

/// What a card may take: more than any test asks of it.
const POINTS_EACH: i64 = 60;
const TOWELS: i64 = 600;

/// What a client got for its key: the receipt's number and its place in the book.
pub type Receipt = (i64, i64);

/// What a client heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The receipt, and whether it was an earlier one again.
    Done(Receipt, bool),
    /// Nothing, or that it is not known: ask again.
    Nothing,
}

/// Who redeems, and with what.
pub struct Load {
    pub bearer: String,
    pub cards: Vec<String>,
    pub next: AtomicUsize,
}

impl Load {
    pub fn key(number: usize) -> String {
        format!("basket-{number}")
    }

    fn home(&self, number: usize) -> usize {
        number % self.cards.len()
    }

    /// Redeems one towel under the number's key.
    pub async fn redeem(&self, http: &Http, base: &str, number: usize) -> Heard {
        let basket =
            json!({"credential": self.cards[self.home(number)], "lines": [{"sku": TOWEL, "pieces": 1}]});
        let request = post(base, "/api/v1/redemptions", &self.bearer, &Self::key(number), &basket);
        let Some(answer) = exchange(http, request).await else { return Heard::Nothing };
        if answer.status >= 500 {
            assert!([503, 507].contains(&answer.status), "{answer:?}");
            return Heard::Nothing;
        }
        assert_eq!(answer.status, 200, "{answer:?}");
        let receipt = answer.json();
        let numbers = (receipt["no"].as_i64().unwrap(), receipt["seq"].as_i64().unwrap());
        Heard::Done(numbers, receipt["repeated"].as_bool().unwrap())
    }
}

/// The counter, and all receipts that were ever answered.
pub struct Counter {
    pub v: Village,
    pub folder: TempDir,
    pub load: Arc<Load>,
    pub all: BTreeMap<usize, Receipt>,
}

impl Counter {
    /// Opens it on the engine under test.
    pub async fn open() -> Self {
        Self::open_on(Engine::fresh().await).await
    }

    /// Opens it on an empty database.
    pub async fn open_on(engine: Engine) -> Self {
        let clock = Arc::new(ManualClock::new(SystemClock.now()));
        let engine = Arc::new(engine);
        let desk = engine.desk(&clock).await;
        let v = Village::on(engine, clock, desk, 1).await;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("master.key"), [7; 32]).unwrap();
        let bearer = bearer(&v, v.shop.user, Role::Shopkeeper).await;
        v.deliver(v.counter.id, &[(TOWEL, TOWELS - 200)]).await;
        let mut cards = Vec::new();
        for home in 0..v.homes.len() {
            v.give(home, POINTS_EACH).await;
            cards.push(v.card(home).await);
        }
        let load = Arc::new(Load { bearer, cards, next: AtomicUsize::new(0) });
        Self { v, folder, load, all: BTreeMap::new() }
    }

    pub fn start(&self, how: &Start) -> Program {
        Program::start(&self.v.engine.url, self.folder.path(), how)
    }

    /// Redeems under so many new keys, one after the other, and takes the receipts into account.
    pub async fn serve(&mut self, program: &Program, count: usize) {
        for _ in 0..count {
            let number = self.load.next.fetch_add(1, Ordering::Relaxed);
            self.settle(program, &[number]).await;
        }
    }

    /// Nothing answered is lost.
    pub async fn keeps(&self, acked: &BTreeMap<usize, Receipt>, what: &str) {
        let numbers: Vec<usize> = acked.keys().copied().collect();
        let found = places(&self.v, &numbers).await;
        for (number, (_, seq)) in acked {
            assert_eq!(found.get(&Load::key(*number)), Some(seq), "{what}: an answer was lost");
        }
    }

    /// Asks again for what was not answered: what is there already is not done again.
    pub async fn settle(&mut self, program: &Program, unacked: &[usize]) {
        let before = places(&self.v, unacked).await;
        for &number in unacked {
            let (receipt, repeated) = self.insist(program, number).await;
            if let Some(seq) = before.get(&Load::key(number)) {
                assert_eq!((receipt.1, repeated), (*seq, true), "asked again, done again");
            }
            assert_eq!(self.insist(program, number).await, (receipt, true));
            assert!(self.all.insert(number, receipt).is_none());
        }
    }

    /// Asks until there is an answer.
    async fn insist(&self, program: &Program, number: usize) -> (Receipt, bool) {
        for _ in 0..200 {
            if let Heard::Done(receipt, repeated) =
                self.load.redeem(&program.http, &program.base, number).await
            {
                return (receipt, repeated);
            }
            tokio::task::yield_now().await;
        }
        panic!("number {number} gets no answer");
    }

    /// The books can be derived again from the first line.
    pub async fn verifies(&self, what: &str) {
        let report = self.v.desk.verify_books(None).await.unwrap();
        assert!(report.holds(), "{what}: {report:#?}");
    }

    /// Every key gives its first receipt again, receipts have no gap, and every balance is exact.
    pub async fn settled(&self, program: &Program) {
        assert_eq!(self.all.len(), self.load.next.load(Ordering::Relaxed));
        let mut taken = vec![0; self.v.homes.len()];
        for (number, receipt) in &self.all {
            assert_eq!(self.insist(program, *number).await, (*receipt, true));
            taken[self.load.home(*number)] += 1;
        }
        let mut numbers: Vec<i64> = self.all.values().map(|(no, _)| *no).collect();
        numbers.sort_unstable();
        let count = i64::try_from(self.all.len()).unwrap();
        assert_eq!(numbers, (1..=count).collect::<Vec<_>>());
        for (home, towels) in taken.iter().enumerate() {
            assert_eq!(self.v.available(home).await, POINTS_EACH - towels);
        }
        assert_eq!(self.v.stock_of(TOWEL).await, TOWELS - count);
        self.v.check_sums().await;
        self.verifies("in the end").await;
    }
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

/// What a program of somebody with that role shows; the role is given first.
pub async fn bearer(v: &Village, user: UserId, role: Role) -> String {
    let org = v.desk.programme_of(v.book).await.unwrap().org_id;
    let mut tx = v.desk.db.begin_write().await.unwrap();
    login::grant(&mut tx, v.desk.id(), user, role.as_str(), org, v.desk.now(), "system").await.unwrap();
    // nobody of the village
    identity::state(&mut tx, v.book, (user, 1), None, (v.desk.now(), "system")).await.unwrap();
    tx.commit().await.unwrap();
    format!("Bearer {}", token::issue(&v.desk, user).unwrap())
}
