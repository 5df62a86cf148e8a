//! A store room in which anything may happen: after each step pieces × cost is what the ledger has, and at the end the
//! book is the shelf, now and as of any day.

use std::collections::BTreeMap;

use greencoin::{
    domain::{ids::CounterId, time::Day},
    service::{
        as_of::AsOf,
        caller::Bookkeeper,
        stock::{Donor, Draft, Leaving},
    },
    store::counter::CounterRow,
};
use proptest::prelude::*;

use crate::{
    stock::{agreed, holds, incoming, keeper, loss, second_counter, undo},
    village::{OIL, SOAP, TOWEL, Village, refused, second_person},
};

const DAY: i64 = 86_400;

/// Pieces by counter and article.
type Pieces = BTreeMap<(String, i64), i64>;
/// By how much the pieces of an article at a counter changed.
type Moves = Vec<(String, i64, i64)>;

/// One thing that happens in the store room; figures are taken modulo what there is.
#[derive(Debug, Clone)]
enum Step {
    Receive { there: bool, sku: usize, pieces: i64, cost: i64, given: bool, days: i32 },
    Transfer { back: bool, sku: usize, pieces: i64 },
    Lose { there: bool, sku: usize, pieces: i64, batch: i64 },
    Count { there: bool, sku: usize, by: i64, sold_meanwhile: i64 },
    Redeem { sku: usize, pieces: i64 },
    Undo { back: usize },
    Tomorrow,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (any::<bool>(), 0..3_usize, 1..40_i64, 0..2_000_i64, any::<bool>(), 0..200_i32).prop_map(
            |(there, sku, pieces, cost, given, days)| Step::Receive { there, sku, pieces, cost, given, days }
        ),
        2 => (any::<bool>(), 0..3_usize, 1..30_i64)
            .prop_map(|(back, sku, pieces)| Step::Transfer { back, sku, pieces }),
        1 => (any::<bool>(), 0..3_usize, 1..30_i64, 0..12_i64)
            .prop_map(|(there, sku, pieces, batch)| Step::Lose { there, sku, pieces, batch }),
        2 => (any::<bool>(), 0..3_usize, -5..5_i64, 0..3_i64)
            .prop_map(|(there, sku, by, sold_meanwhile)| Step::Count { there, sku, by, sold_meanwhile }),
        3 => (0..3_usize, 1..5_i64).prop_map(|(sku, pieces)| Step::Redeem { sku, pieces }),
        3 => (0..12_usize).prop_map(|back| Step::Undo { back }),
        1 => Just(Step::Tomorrow),
    ];
    prop::collection::vec(step, 8..28)
}

/// A village with what should lie on its shelves, kept by hand.
struct Room {
    v: Village,
    there: CounterRow,
    shelves: Pieces,
    /// What each transaction did to them.
    done: Vec<(i64, Moves)>,
    /// The shelves at the end of each day that is over.
    days: Vec<(Day, Pieces)>,
    keys: i64,
}

const SKUS: [i64; 3] = [SOAP, OIL, TOWEL];

impl Room {
    async fn in_village(v: Village) -> Self {
        let there = second_counter(&v).await;
        for home in 0..6 {
            v.give(home, 15_000).await;
        }
        let shelves = [(SOAP, 20), (OIL, 10), (TOWEL, 200)];
        let shelves = shelves.into_iter().map(|(sku, n)| (("C1".to_owned(), sku), n)).collect();
        Self { v, there, shelves, done: Vec::new(), days: Vec::new(), keys: 0 }
    }

    fn at(&self, there: bool) -> (CounterId, String) {
        let c = if there { &self.there } else { &self.v.counter };
        (c.id, c.code.clone())
    }

    fn has(&self, code: &str, sku: i64) -> i64 {
        self.shelves.get(&(code.to_owned(), sku)).copied().unwrap_or(0)
    }

    async fn moved(&mut self, seq: i64, moves: Moves) {
        for (code, sku, by) in &moves {
            *self.shelves.entry((code.clone(), *sku)).or_default() += by;
        }
        self.done.push((seq, moves));
    }

    async fn redeem(&mut self, sku: i64, pieces: i64) {
        self.keys += 1;
        let key = format!("k{}", self.keys);
        let home = usize::try_from(self.keys).unwrap() % 6;
        self.v.clock.advance_seconds(60);
        let Ok(receipt) = self.v.redeem(&self.v.code(home).await, &[(sku, pieces)], &key).await else {
            return;
        };
        self.moved(receipt.seq, vec![("C1".to_owned(), sku, -pieces)]).await;
    }

    async fn step(&mut self, step: Step) {
        let today = self.v.desk.today();
        match step {
            Step::Receive { there, sku, pieces, cost, given, days } => {
                let (id, code) = self.at(there);
                let last_day = (days > 0).then(|| today.plus(days));
                let draft = Draft::Receipt {
                    counter: id,
                    fund: "Gift".into(),
                    donor: Donor {
                        name: if given { "供销社".into() } else { String::new() },
                        household: None,
                    },
                    lines: vec![incoming(SKUS[sku], pieces, cost, last_day)],
                };
                let paper = agreed(&self.v, &draft).await;
                self.moved(paper.txn_seq.unwrap(), vec![(code, SKUS[sku], pieces)]).await;
            }
            Step::Transfer { back, sku, pieces } => {
                let ((from, code), (to, other)) = (self.at(back), self.at(!back));
                let pieces = pieces.min(self.has(&code, SKUS[sku]));
                if pieces > 0 {
                    let lines = vec![Leaving { sku: SKUS[sku], pieces, batch: None }];
                    let paper = agreed(&self.v, &Draft::Transfer { from, to, lines }).await;
                    let moves = vec![(code, SKUS[sku], -pieces), (other, SKUS[sku], pieces)];
                    self.moved(paper.txn_seq.unwrap(), moves).await;
                }
            }
            Step::Lose { there, sku, pieces, batch } => {
                let (id, code) = self.at(there);
                let pieces = pieces.min(self.has(&code, SKUS[sku]));
                let drawn = loss(id, SKUS[sku], pieces, Some(batch));
                let known = pieces > 0
                    && self.v.desk.draw_stock_paper(&keeper(&self.v.clerk), &drawn, "").await.is_ok();
                if pieces > 0 {
                    let batch = known.then_some(batch);
                    let paper = agreed(&self.v, &loss(id, SKUS[sku], pieces, batch)).await;
                    self.moved(paper.txn_seq.unwrap(), vec![(code, SKUS[sku], -pieces)]).await;
                }
            }
            Step::Count { there, sku, by, sold_meanwhile } => {
                self.count(there, SKUS[sku], by, sold_meanwhile).await;
            }
            Step::Redeem { sku, pieces } => self.redeem(SKUS[sku], pieces).await,
            Step::Undo { back } => self.undo(back).await,
            Step::Tomorrow => {
                self.days.push((today, self.shelves.clone()));
                self.v.clock.advance_seconds(DAY);
            }
        }
    }

    async fn count(&mut self, there: bool, sku: i64, by: i64, sold_meanwhile: i64) {
        let (id, code) = self.at(there);
        let clerk = keeper(&self.v.clerk);
        let paper = self.v.desk.draw_stock_paper(&clerk, &Draft::Count { counter: id }, "").await.unwrap();
        let found = (self.has(&code, sku) + by).max(0);
        let difference = found - self.has(&code, sku);
        self.v.desk.write_count(&clerk, paper.id, &[(sku, found)]).await.unwrap();
        if sold_meanwhile > 0 {
            self.redeem(sku, sold_meanwhile).await;
        }
        self.v.desk.submit_count(&clerk, paper.id).await.unwrap();
        let second = second_person(&self.v.desk, &self.v.clerk);
        match self.v.desk.approve_stock_paper(&second, paper.id, "").await {
            Ok(paper) => self.moved(paper.txn_seq.unwrap(), vec![(code, sku, difference)]).await,
            refusal => {
                assert_eq!(refused(refusal), "count_impossible");
                assert!(self.has(&code, sku) + difference < 0);
            }
        }
    }

    async fn undo(&mut self, back: usize) {
        let Some(place) = self.done.len().checked_sub(back + 1) else { return };
        let (seq, moves) = self.done[place].clone();
        let before = self.v.seq().await;
        if undo(&self.v, seq).await.is_ok() {
            self.done.remove(place);
            for (code, sku, by) in moves {
                *self.shelves.entry((code, sku)).or_default() -= by;
            }
        } else {
            assert_eq!(self.v.seq().await, before, "refused, and yet something was posted");
        }
    }

    /// The shelves as the ledger has them as of a pair.
    async fn shelves_then(&self, as_of: AsOf) -> Pieces {
        let mut out = BTreeMap::new();
        for shelf in self.v.desk.stock_as_of(&Bookkeeper::of(&self.v.clerk).unwrap(), as_of).await.unwrap() {
            for (article, pieces) in shelf.articles {
                out.insert((shelf.counter.code.clone(), article.sku), pieces);
            }
        }
        out
    }

    async fn holds(&self) {
        holds(&self.v).await;
        let mut should = self.shelves.clone();
        should.retain(|_, pieces| *pieces != 0);
        assert_eq!(self.shelves_then(AsOf::default()).await, should);
        for (day, shelves) in &self.days {
            let mut should = shelves.clone();
            should.retain(|_, pieces| *pieces != 0);
            let as_of = AsOf { effective_on: Some(*day), recorded_at: None };
            assert_eq!(self.shelves_then(as_of).await, should, "as of {day}");
        }
    }
}

/// Whatever is received, moved, lost, counted, redeemed and undone: pieces × cost is what the ledger has at every
/// counter after each step, the batches come to the pieces, and the book is the shelf, now and as of any day.
#[test]
fn whatever_happens_pieces_at_cost_are_what_the_ledger_has() {
    // one database for all: each sequence happens in a village of its own
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let first = runtime.block_on(Village::new());
    let config = ProptestConfig {
        cases: 12,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    };
    proptest!(config, |(steps in steps())| {
        runtime.block_on(async {
            let mut room = Room::in_village(first.another().await).await;
            for step in steps {
                room.step(step).await;
                for tie in room.v.desk.stock_ties(room.v.book).await.unwrap() {
                    assert!(tie.agrees(), "{tie:?}");
                }
            }
            room.holds().await;
        });
    });
}
