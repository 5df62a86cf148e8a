//! Many clients over HTTP that redeem, undo, repeat, poison keys and read, that give up at random, while the program is
//! killed and started again. Then everything that was left open is asked for until it is answered, and the whole history
//! is held against the book: see [`super::judge`].

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use greencoin::{domain::ids::UserId, service::caller::Role, store::login};
use http_body_util::Full;
use hyper::{Request, body::Bytes};
use serde_json::{Value, json};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};

use super::{
    Dice,
    counter::{Counter, bearer},
    judge,
    program::{Http, Start, exchange, get, post},
    rounds, seed,
};
use crate::village::{TOWEL, Village};

const CLIENTS: usize = 6;
const DEATHS: usize = 3;
/// What one customer asks for at most, in pieces: sometimes too many.
const PIECES_MAX: u64 = 9;
/// How long the impatient wait.
const IMPATIENCE_MILLIS: u64 = 25;
const PATIENCE: Duration = Duration::from_secs(60);

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// So many towels for a household, under a key.
    Redeem { key: String, home: usize, pieces: i64 },
    /// The reversal of a transaction, asked for by one and granted by another.
    Undo { seq: i64 },
    /// What a household has.
    Read { home: usize },
}

/// What was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Number, place, and what is left.
    Receipt {
        no: i64,
        seq: i64,
        after: i64,
    },
    Refused(String),
    /// The place of the reversal.
    Undone(i64),
    /// What the household has.
    Balance(i64),
    /// Nothing, or nothing that decides it.
    Nothing,
}

/// Something asked, from when to when, and what was heard.
#[derive(Debug, Clone)]
pub struct Event {
    pub ask: Ask,
    pub began: Instant,
    pub ended: Instant,
    pub said: Said,
}

/// The program's address while it is up.
type Place = Option<String>;
/// How often something is asked for again before it is taken to be lost for good.
const TRIES_MAX: usize = 200;
/// What some households spent before, in pieces: so that points run out before the card's day does.
const SPENT_BEFORE: i64 = 25;

struct Customers {
    bearer: String,
    clerk: String,
    reviewer: String,
    cards: Vec<String>,
    homes: Vec<String>,
    keys: AtomicUsize,
    history: Mutex<Vec<Event>>,
    /// Told of each event.
    asked: Notify,
    place: watch::Receiver<Place>,
}

/// A number of points without a fraction, as the API writes it.
fn whole(value: &Value) -> i64 {
    value.as_str().unwrap().parse().unwrap()
}

impl Customers {
    /// What is answered, if anything is in time; while the program is down it is waited for.
    async fn send(
        &self,
        http: &Http,
        patience: Duration,
        request: impl Fn(&str) -> Request<Full<Bytes>>,
    ) -> Option<(u16, Value)> {
        let base = self.place.clone().wait_for(Option::is_some).await.unwrap().clone().unwrap();
        let answer = tokio::time::timeout(patience, exchange(http, request(&base))).await.ok()??;
        if answer.status >= 500 {
            assert_eq!(answer.status, 503, "{answer:?}");
            return None;
        }
        Some((answer.status, answer.json()))
    }

    async fn ask(&self, http: &Http, ask: &Ask, patience: Duration) -> Said {
        let began = Instant::now();
        let said = match ask {
            Ask::Redeem { key, home, pieces } => {
                let card = &self.cards[*home];
                let body = json!({"credential": card, "lines": [{"sku": TOWEL, "pieces": pieces}]});
                let path = "/api/v1/redemptions";
                match self.send(http, patience, |base| post(base, path, &self.bearer, key, &body)).await {
                    Some((200, receipt)) => Said::Receipt {
                        no: receipt["no"].as_i64().unwrap(),
                        seq: receipt["seq"].as_i64().unwrap(),
                        after: whole(&receipt["after"]),
                    },
                    other => refused(other),
                }
            }
            Ask::Undo { seq } => self.undo(http, *seq, patience).await,
            Ask::Read { home } => {
                let path = format!("/api/v1/households/{}/balance", self.homes[*home]);
                match self.send(http, patience, |base| get(base, &path, &self.clerk)).await {
                    Some((200, balance)) => Said::Balance(whole(&balance["available"])),
                    other => refused(other),
                }
            }
        };
        let event = Event { ask: ask.clone(), began, ended: Instant::now(), said: said.clone() };
        self.history.lock().unwrap().push(event);
        self.asked.notify_one();
        said
    }

    async fn undo(&self, http: &Http, seq: i64, patience: Duration) -> Said {
        let body = json!({"seq": seq, "reason": "误扣"});
        let (path, key) = ("/api/v1/reversals", format!("undo-{seq}"));
        let asked = self.send(http, patience, |base| post(base, path, &self.clerk, &key, &body)).await;
        let Some((201, row)) = asked else { return refused(asked) };
        let path = format!("/api/v1/reversals/{}/approve", row["id"].as_str().unwrap());
        let body = json!({"words": "同意"});
        match self.send(http, patience, |base| post(base, &path, &self.reviewer, &key, &body)).await {
            Some((200, row)) => Said::Undone(row["txn_seq"].as_i64().unwrap()),
            other => refused(other),
        }
    }

    fn next_key(&self) -> String {
        format!("order-{}", self.keys.fetch_add(1, Ordering::Relaxed))
    }

    /// What a client asks next: mostly something new, sometimes what it asked before, or the same key for something
    /// else.
    fn choose(&self, dice: &Dice, own: &[(Ask, Said)]) -> Ask {
        let home = dice.index(self.cards.len());
        let pieces = 1 + i64::try_from(dice.below(PIECES_MAX)).unwrap();
        let before = (!own.is_empty()).then(|| &own[dice.index(own.len())]);
        match (dice.below(20), before) {
            (0..=2, Some((ask @ Ask::Redeem { .. }, _))) => ask.clone(),
            (3, Some((Ask::Redeem { key, home, pieces }, _))) => {
                Ask::Redeem { key: key.clone(), home: *home, pieces: pieces + 1 }
            }
            (4..=5, Some((_, Said::Receipt { seq, .. }))) => Ask::Undo { seq: *seq },
            (6..=10, _) => Ask::Read { home },
            _ => Ask::Redeem { key: self.next_key(), home, pieces },
        }
    }

    async fn shop(&self, http: Http, dice: Dice, orders: usize) {
        let mut own = Vec::new();
        for _ in 0..orders {
            let ask = self.choose(&dice, &own);
            let hasty = dice.below(4) == 0;
            let patience =
                if hasty { Duration::from_millis(dice.below(IMPATIENCE_MILLIS)) } else { PATIENCE };
            let said = self.ask(&http, &ask, patience).await;
            own.push((ask, said));
        }
    }

    /// Everything that changes something and was left open is asked for until it is answered; then everything is read.
    async fn settle(&self, http: &Http) {
        let history = self.history.lock().unwrap().clone();
        let mut open: Vec<&Ask> = Vec::new();
        for event in &history {
            let changes = !matches!(event.ask, Ask::Read { .. });
            let answered = history.iter().any(|e| e.ask == event.ask && e.said != Said::Nothing);
            if changes && !answered && !open.contains(&&event.ask) {
                open.push(&event.ask);
            }
        }
        println!("{} asked, {} left open", history.len(), open.len());
        for ask in open {
            let mut tries = 0;
            while self.ask(http, ask, PATIENCE).await == Said::Nothing {
                tries += 1;
                assert!(tries < TRIES_MAX, "{ask:?} gets no answer");
            }
        }
        for home in 0..self.homes.len() {
            assert!(matches!(self.ask(http, &Ask::Read { home }, PATIENCE).await, Said::Balance(_)));
        }
    }
}

/// A refusal that decides; a state that moved on meanwhile decides nothing.
fn refused(answer: Option<(u16, Value)>) -> Said {
    match answer {
        None => Said::Nothing,
        Some((409 | 422, problem)) => match problem["code"].as_str().unwrap() {
            "state_changed" => Said::Nothing,
            code => Said::Refused(code.to_owned()),
        },
        Some(other) => panic!("{other:?}"),
    }
}

async fn reviewer(v: &Village) -> UserId {
    let id: UserId = v.desk.id();
    let mut tx = v.desk.db.begin_write().await.unwrap();
    login::insert(&mut tx, id, "second", "复核员", "", "active", v.desk.now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// The customers, half of which have spent something before.
async fn customers(counter: &Counter, place: watch::Receiver<Place>) -> Customers {
    let v = &counter.v;
    for home in (0..v.homes.len()).step_by(2) {
        let code = v.code(home).await;
        v.redeem(&code, &[(TOWEL, SPENT_BEFORE)], &format!("before {home}")).await.unwrap();
    }
    let second = reviewer(v).await;
    Customers {
        bearer: counter.load.bearer.clone(),
        clerk: bearer(v, v.clerk.user, Role::Clerk).await,
        reviewer: bearer(v, second, Role::Reviewer).await,
        cards: counter.load.cards.clone(),
        homes: v.homes.iter().map(ToString::to_string).collect(),
        keys: AtomicUsize::new(0),
        history: Mutex::new(Vec::new()),
        asked: Notify::new(),
        place,
    }
}

async fn one_history(seed: u64, orders: usize) {
    let counter = Counter::open().await;
    let (told, place) = watch::channel(None);
    let customers = Arc::new(customers(&counter, place).await);
    let beginning = judge::Beginning::of(&counter.v).await;
    let mut program = counter.start(&Start::default());
    told.send(Some(program.base.clone())).unwrap();
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (customers, http) = (Arc::clone(&customers), program.http.clone());
        let dice = Dice::new(seed ^ u64::try_from(client + 1).unwrap());
        clients.spawn(async move { customers.shop(http, dice, orders).await });
    }
    let dice = Dice::new(seed);
    let share = CLIENTS * orders / (DEATHS + 1);
    for death in 1..=DEATHS {
        let at = share * death - dice.index(share / 2);
        while customers.history.lock().unwrap().len() < at {
            tokio::select! {
                () = customers.asked.notified() => {}
                // nobody is done before the last death, so this is one that failed
                Some(client) = clients.join_next() => client.unwrap(),
            }
        }
        // whoever comes now waits; whoever is inside hears nothing
        told.send(None).unwrap();
        program.kill();
        program = counter.start(&Start::default());
        told.send(Some(program.base.clone())).unwrap();
    }
    while let Some(client) = clients.join_next().await {
        client.unwrap();
    }
    customers.settle(&program.http).await;
    counter.verifies("after the history").await;
    let history = customers.history.lock().unwrap().clone();
    judge::judge(&counter.v, &beginning, &history).await;
    drop(program);
    counter.v.desk.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_history_of_many_clients_timeouts_and_deaths_is_one_order_that_respects_real_time() {
    let seed = seed("history");
    for round in 0..rounds(1, 20) {
        println!("round {round}");
        one_history(seed.wrapping_add(round << 8), usize::try_from(rounds(40, 60)).unwrap()).await;
    }
}
