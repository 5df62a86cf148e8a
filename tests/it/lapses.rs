//! What lapses: once a day, first in, first out, the same as a naive reading of every lot; and who is told before.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use greencoin::{
    domain::{
        book::{Outcome, TxnKind},
        chart,
        entropy::{ChaChaEntropy, Entropy},
        posting::{Commodity, Line},
        ruleset,
        time::Day,
    },
    jobs,
    service::{
        Desk, Keys,
        books::{Order, facts},
        caller::Resident,
        holds::NewHold,
        lapses::Lapse,
    },
    store::ledger::read,
};

use crate::{
    engine::{Engine, clock},
    hamlet,
    village::Village,
};

const DAY: i64 = 86_400;

/// Gives the first household points (in hundredths) that lapse after `day`; the place of the posting.
pub async fn give(v: &Village, key: &str, points: i64, day: Option<Day>) -> i64 {
    let lines = vec![
        Line::new(chart::budget("Gift").unwrap(), Commodity::point(), points),
        Line::new(chart::household_available("H0001").unwrap(), Commodity::point(), -points).expiring(day),
    ];
    post(v, key, TxnKind::Opening, lines, None).await.unwrap()
}

async fn spend(v: &Village, key: &str, points: i64) -> Option<i64> {
    post(v, key, TxnKind::Correction, spent(points), None).await
}

fn spent(points: i64) -> Vec<Line> {
    vec![
        Line::new(chart::household_available("H0001").unwrap(), Commodity::point(), points),
        Line::new(chart::redeemed("C1").unwrap(), Commodity::point(), -points),
    ]
}

/// Undoes a posting; nothing when it cannot be taken back any more.
pub async fn undo(v: &Village, key: &str, seq: i64) -> Option<i64> {
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let entries = read::entries(&mut tx, v.book, seq - 1, seq).await.unwrap();
    drop(tx);
    let mirrored = entries.iter().map(|e| {
        let line = Line::new(e.path.parse().unwrap(), e.commodity.parse().unwrap(), -e.quantity);
        line.expiring(e.expires_on)
    });
    post(v, key, TxnKind::Reversal, mirrored.collect(), Some(seq)).await
}

async fn post(v: &Village, key: &str, kind: TxnKind, lines: Vec<Line>, reverses: Option<i64>) -> Option<i64> {
    post_by(&v.desk, v, key, kind, lines, reverses).await
}

async fn post_by(
    desk: &Desk,
    v: &Village,
    key: &str,
    kind: TxnKind,
    lines: Vec<Line>,
    reverses: Option<i64>,
) -> Option<i64> {
    let body = facts([("key", key.to_owned())]);
    let order = Order { key, kind, effective_on: v.desk.today(), source: None, body };
    let mut command = desk.command(&v.clerk.actor(), order, lines).unwrap();
    command.reverses = reverses;
    match desk.post(v.book, command, Vec::new()).await.unwrap() {
        Outcome::Posted(posted) => Some(posted.seq),
        Outcome::Refused(_) => None,
        other => panic!("{other:?}"),
    }
}

async fn available(v: &Village) -> i64 {
    v.desk.own_holdings(&v.resident(0)).await.unwrap().available
}

async fn lapses(v: &Village) -> Vec<Lapse> {
    v.desk.own_holdings(&v.resident(0)).await.unwrap().lapses
}

/// Every lot on its own: what was credited with a last day, and every debit that still stands, eating the lots one
/// after the other.
#[derive(Default)]
struct Lots {
    credits: BTreeMap<i64, (Option<Day>, i64)>,
    debits: BTreeMap<i64, i64>,
}

impl Lots {
    fn left(&self) -> Vec<(Option<Day>, i64)> {
        let mut lots: Vec<(Option<Day>, i64)> = self.credits.values().copied().collect();
        lots.sort_by_key(|(day, _)| day.unwrap_or(Day::from_number(i32::MAX)));
        for debit in self.debits.values() {
            let mut hungry = *debit;
            for (_, lot) in &mut lots {
                let eaten = hungry.min(*lot);
                *lot -= eaten;
                hungry -= eaten;
            }
            assert_eq!(hungry, 0, "more was taken than there was");
        }
        lots
    }

    fn sum(&self, which: impl Fn(Option<Day>) -> bool) -> i64 {
        self.left().iter().filter(|(day, _)| which(*day)).map(|(_, lot)| lot).sum()
    }
}

struct Story<'a> {
    v: &'a Village,
    dice: ChaChaEntropy,
    lots: Lots,
    spent: Vec<i64>,
    holds: Vec<(i64, i64)>,
    turn: i64,
}

impl Story<'_> {
    fn below(&self, n: i64) -> i64 {
        i64::try_from(u64::from_be_bytes(self.dice.bytes()) % u64::try_from(n).unwrap()).unwrap()
    }

    async fn act(&mut self) {
        self.turn += 1;
        let (v, key, amount) = (self.v, format!("turn {}", self.turn), 1 + self.below(4_000));
        match self.below(10) {
            0..=3 => {
                let day = (self.below(6) > 0).then(|| v.desk.today().plus(5));
                let seq = give(v, &key, amount, day).await;
                self.lots.credits.insert(seq, (day, amount));
            }
            4 | 5 => {
                if let Some(seq) = spend(v, &key, amount).await {
                    self.lots.debits.insert(seq, amount);
                    self.spent.push(seq);
                }
            }
            6 => {
                let until = Some(v.desk.today().plus(i32::try_from(self.below(4)).unwrap()));
                let (household, counter) = (v.homes[0], v.counter.id);
                let new = NewHold { household, counter, points: amount, until, reason: "订货".to_owned() };
                if let Ok(hold) = v.desk.place_hold(&v.clerk, &key, &new).await {
                    self.lots.debits.insert(hold.seq, amount);
                    self.holds.push((hold.seq, amount));
                }
            }
            7 if !self.holds.is_empty() => {
                let (seq, held) = self.holds.remove(0);
                let taken = 1 + self.below(held);
                if v.desk.capture_hold(&v.shop, &key, seq, Some(taken)).await.is_ok() {
                    self.lots.debits.insert(seq, taken);
                }
            }
            8 if !self.spent.is_empty() => {
                let seq = self.spent.swap_remove(0);
                if undo(v, &key, seq).await.is_some() {
                    self.lots.debits.remove(&seq);
                }
            }
            _ => {
                let last = self.lots.credits.last_key_value().map(|(seq, _)| *seq);
                if let Some(seq) = last.filter(|_| self.below(3) == 0)
                    && undo(v, &key, seq).await.is_some()
                {
                    self.lots.credits.remove(&seq);
                }
            }
        }
        assert_eq!(available(v).await, self.lots.sum(|_| true));
    }

    /// A night: holds whose day is over come back, and what is over by then lapses.
    async fn night(&mut self) {
        self.v.clock.advance_seconds(DAY);
        let open = self.v.desk.open_holds(&self.v.clerk, None).await.unwrap();
        jobs::tick(&self.v.desk).await.unwrap();
        let today = self.v.desk.today();
        for hold in open.iter().filter(|h| h.until < today) {
            self.lots.debits.remove(&hold.seq);
            self.holds.retain(|(seq, _)| *seq != hold.seq);
        }
        let over = self.lots.sum(|day| day.is_some_and(|day| day < today));
        if over > 0 {
            self.lots.debits.insert(i64::MAX - self.turn * 1_000 - i64::from(today.number() % 1_000), over);
        }
        assert_eq!(available(self.v).await, self.lots.sum(|_| true), "on {today}");
        assert_eq!(jobs::tick(&self.v.desk).await.unwrap().lapsed, 0, "a day lapses once");
        let told: i64 = lapses(self.v).await.iter().map(|l| l.points).sum();
        assert_eq!(told, self.lots.sum(|day| day.is_some()), "everything that has a last day is near");
    }
}

#[tokio::test]
async fn what_lapses_is_what_a_naive_reading_of_every_lot_says() {
    for seed in [3, 17, 2_026] {
        let v = Village::new().await;
        let dice = ChaChaEntropy::from_seed(seed);
        let mut story =
            Story { v: &v, dice, lots: Lots::default(), spent: Vec::new(), holds: Vec::new(), turn: 0 };
        for _ in 0..22 {
            for _ in 0..story.below(7) {
                story.act().await;
            }
            story.night().await;
        }
        let report = v.desk.verify_books(None).await.unwrap();
        assert!(report.holds(), "{report:#?}");
        let mut tx = v.desk.db.begin_read().await.unwrap();
        let expired = read::balance(&mut tx, v.book, "Equity:Expired", "POINT").await.unwrap();
        assert!(expired < 0, "something lapsed in the story of seed {seed}");
    }
}

#[tokio::test]
async fn a_household_is_told_thirty_days_before_and_again_with_emphasis_seven_days_before() {
    let v = Village::new().await;
    let day = v.desk.today().plus(40);
    give(&v, "a", 3_500, Some(day)).await;
    assert!(lapses(&v).await.is_empty(), "forty days are long");
    v.clock.advance_seconds(10 * DAY);
    assert_eq!(lapses(&v).await, [Lapse { day, points: 3_500, soon: false }]);
    v.clock.advance_seconds(23 * DAY);
    spend(&v, "s", 500).await.unwrap();
    assert_eq!(lapses(&v).await, [Lapse { day, points: 3_000, soon: true }]);
    let groups = v.desk.lapsing_homes(&v.clerk).await.unwrap();
    assert_eq!((groups.len(), groups[0].homes[0].no.as_str()), (1, "H0001"));
    assert_eq!(groups[0].homes[0].lapses, lapses(&v).await);
    v.clock.advance_seconds(7 * DAY);
    assert_eq!(jobs::tick(&v.desk).await.unwrap().lapsed, 0, "the last day counts");
    assert_eq!(available(&v).await, 3_000);
    v.clock.advance_seconds(DAY);
    let other = v.engine.desk(&v.clock).await;
    let (one, two) = tokio::join!(v.desk.post_lapses(v.book), other.post_lapses(v.book));
    one.unwrap();
    two.unwrap();
    assert_eq!((available(&v).await, lapses(&v).await.len()), (0, 0));
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let head = read::head(&mut tx, v.book).await.unwrap().unwrap();
    let txn = read::txn(&mut tx, v.book, head.seq).await.unwrap().unwrap();
    let key = format!("expiry:Liabilities:Households:H0001:Available:{}:2", v.desk.today());
    assert_eq!((txn.kind.as_str(), txn.actor.as_str(), txn.key), ("expiry", "system", key));
    drop(tx);
    other.db.close().await;
    assert!(v.desk.verify_books(None).await.unwrap().holds());
}

/// Randomness that is first asked for between the look at an account and its posting: then, and once, somebody spends
/// at another desk.
struct Meanwhile {
    dice: ChaChaEntropy,
    what: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Entropy for Meanwhile {
    fn fill(&self, out: &mut [u8]) {
        let what = self.what.lock().unwrap().take();
        if let Some(what) = what {
            what();
        }
        self.dice.fill(out);
    }
}

/// A desk beside whose sweep 30 points of the first household are spent.
async fn spent_beside(v: &Arc<Village>) -> Desk {
    let own = Arc::clone(v);
    let spend = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let desk = own.engine.desk(&own.clock).await;
            let lines = spent(3_000);
            post_by(&desk, &own, "meanwhile", TxnKind::Correction, lines, None).await.unwrap();
            desk.db.close().await;
        });
    };
    let spend = move || std::thread::spawn(spend).join().unwrap();
    let entropy = Meanwhile { dice: ChaChaEntropy::from_seed(7), what: Mutex::new(Some(Box::new(spend))) };
    Desk::new(v.engine.open().await, v.clock.clone(), Arc::new(entropy), Keys::new([7; 32]))
}

#[tokio::test]
async fn what_is_spent_beside_the_sweep_does_not_lapse_and_the_rest_lapses_on_the_same_day() {
    // whether there is more on the account than what is over, or not: then the ledger itself refuses
    for more in [10_000, 0] {
        let v = Arc::new(Village::new().await);
        give(&v, "over", 5_000, Some(v.desk.today())).await;
        if more > 0 {
            give(&v, "more", more, None).await;
        }
        v.clock.advance_seconds(DAY);
        let sweeping = spent_beside(&v).await;
        assert_eq!(sweeping.post_lapses(v.book).await.unwrap(), 0);
        sweeping.db.close().await;
        assert_eq!(available(&v).await, more + 2_000);
        assert_eq!(v.desk.post_lapses(v.book).await.unwrap(), 1);
        assert_eq!(available(&v).await, more);
        assert!(v.desk.verify_books(None).await.unwrap().holds());
    }
}

#[tokio::test]
async fn what_was_over_on_days_without_a_sweep_lapses_with_the_next_and_not_by_a_wrong_clock() {
    let v = Village::new().await;
    give(&v, "a", 1_000, Some(v.desk.today().plus(2))).await;
    // two sweeps look at it and leave it, then nothing runs for days
    assert_eq!(v.desk.post_lapses(v.book).await.unwrap(), 0);
    v.clock.advance_seconds(DAY);
    assert_eq!(v.desk.post_lapses(v.book).await.unwrap(), 0);
    v.clock.advance_seconds(6 * DAY);
    v.desk.close_period(&v.clerk, v.desk.today().plus(-1)).await.unwrap();
    v.clock.advance_seconds(-2 * DAY);
    assert_eq!(v.desk.post_lapses(v.book).await.unwrap(), 0, "the period is closed");
    let mut tx = v.desk.db.begin_read().await.unwrap();
    assert_eq!(read::head(&mut tx, v.book).await.unwrap().unwrap().refusals, 0);
    drop(tx);
    v.clock.advance_seconds(2 * DAY);
    assert_eq!((v.desk.post_lapses(v.book).await.unwrap(), available(&v).await), (1, 0));
}

#[tokio::test]
async fn a_village_that_reminds_on_other_days_reminds_on_those() {
    let (engine, clock) = (Engine::fresh().await, clock());
    let desk = engine.desk(&clock).await;
    let v = hamlet::Village::found(engine, clock, desk, 1).await;
    let (_, text) = ruleset::shipped()[0];
    let other = text.replace("reminders = [30, 7]", "reminders = [10, 45]");
    assert_ne!(other, text);
    v.endow_by(&other, hamlet::BUDGET).await;
    let day = v.desk.today().plus(46);
    let lines = vec![
        Line::new(chart::budget("Service").unwrap(), Commodity::point(), 100),
        Line::new(chart::household_available("H0001").unwrap(), Commodity::point(), -100).expiring(Some(day)),
    ];
    let body = facts([("key", "a".to_owned())]);
    let order = Order { key: "a", kind: TxnKind::Opening, effective_on: v.desk.today(), source: None, body };
    let command = v.desk.command(&v.clerk.actor(), order, lines).unwrap();
    v.desk.posted(v.book, command, Vec::new()).await.unwrap();
    let told = async |days: i64| {
        v.clock.advance_seconds(days * DAY);
        let by = Resident { book: v.book, household: v.households[0] };
        v.desk.own_holdings(&by).await.unwrap().lapses.first().map(|lapse| lapse.soon)
    };
    assert_eq!((told(0).await, told(1).await), (None, Some(false)));
    assert_eq!((told(34).await, told(1).await), (Some(false), Some(true)));
}
