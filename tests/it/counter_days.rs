//! Days at a counter as they may come: redemptions, orders, pick-ups, returns, void receipts, goods in, losses, counts,
//! reversals and closed days in any order. After each step every identity of the books holds.

use greencoin::{
    domain::{basket::Basket, order::CancelReason, posting::Commodity, returns::ReturnedTo},
    jobs,
    service::{
        ServiceError,
        audit::overview::Light,
        caller::{Auditor, Reviewer, Role, Staff, Storekeeper},
        redeem::{
            day_close::Counted,
            order::{NewOrder, Order, PickUp},
            returns::GoodsBack,
        },
        stock::{Draft, StockTie},
    },
    store::{ledger::read, order as orders},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use crate::{
    stock::{agreed, incoming, loss},
    village::{OIL, SOAP, TOWEL, Village, second_person},
};

const STEPS: usize = 28;
const VILLAGES: usize = 4;

#[derive(Debug, Clone)]
enum Step {
    Redeem(usize, i64, i64),
    Order(usize, i64, i64),
    Collect(usize, i64),
    Cancel(usize),
    Return(usize, i64, bool),
    Void(usize),
    Reverse(usize),
    GoodsIn(i64, i64, i64),
    Lose(i64, i64),
    Count(i64, i64),
    CloseDay,
    Later(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let sku = || prop_oneof![Just(SOAP), Just(OIL), Just(TOWEL)];
    let step = prop_oneof![
        4 => (0_usize..4, sku(), 1_i64..6).prop_map(|(h, s, n)| Step::Redeem(h, s, n)),
        4 => (0_usize..4, sku(), 1_i64..6).prop_map(|(h, s, n)| Step::Order(h, s, n)),
        3 => (0_usize..6, 1_i64..6).prop_map(|(o, n)| Step::Collect(o, n)),
        1 => (0_usize..6).prop_map(Step::Cancel),
        3 => (0_usize..6, 1_i64..4, any::<bool>()).prop_map(|(r, n, l)| Step::Return(r, n, l)),
        1 => (0_usize..6).prop_map(Step::Void),
        1 => (0_usize..6).prop_map(Step::Reverse),
        2 => (sku(), 1_i64..9, 50_i64..900).prop_map(|(s, n, c)| Step::GoodsIn(s, n, c)),
        1 => (sku(), 1_i64..3).prop_map(|(s, n)| Step::Lose(s, n)),
        1 => (sku(), 0_i64..30).prop_map(|(s, n)| Step::Count(s, n)),
        1 => Just(Step::CloseDay),
        2 => (1_i64..60).prop_map(Step::Later),
    ];
    prop::collection::vec(step, STEPS)
}

/// A village with what was sold and ordered in it so far.
struct Days {
    v: Village,
    receipts: Vec<greencoin::domain::ids::OrderId>,
    orders: Vec<Order>,
    key: usize,
}

impl Days {
    fn key(&mut self) -> String {
        self.key += 1;
        format!("step{}", self.key)
    }

    async fn act(&mut self, step: &Step) -> Result<(), ServiceError> {
        let key = self.key();
        let v = &self.v;
        match step {
            Step::Redeem(home, sku, n) => {
                let done = v.redeem(&v.code(*home).await, &[(*sku, *n)], &key).await?;
                self.receipts.push(done.id);
            }
            Step::Order(home, sku, n) => {
                let basket = Basket::new([(*sku, *n), (TOWEL, 1)]).unwrap();
                let new = NewOrder { counter: v.counter.id, basket };
                let order = v.desk.place_order(&v.resident(*home), &key, &new).await?;
                self.orders.push(order);
            }
            Step::Collect(which, n) => {
                let Some(order) = pick(&self.orders, *which) else { return Ok(()) };
                let first = order.items[0].sku;
                let basket = Some(Basket::new([(first, *n)]).unwrap());
                let pick_up = PickUp { credential: order.code.clone().unwrap(), basket };
                let done = v.desk.collect_order(&v.shop, order.id, &pick_up, &key).await?;
                self.receipts.push(done.id);
            }
            Step::Cancel(which) => {
                let Some(order) = pick(&self.orders, *which) else { return Ok(()) };
                v.desk.cancel_order(&v.clerk, order.id, CancelReason::Mistake, &key).await?;
            }
            Step::Return(which, n, lost) => {
                let Some(id) = pick(&self.receipts, *which) else { return Ok(()) };
                let receipt = v.desk.receipt(&v.clerk, *id).await?;
                let home = v.homes.iter().position(|h| *h == receipt.household).unwrap();
                let goes_to = if *lost { ReturnedTo::Loss } else { ReturnedTo::Shelf };
                let basket = Some(Basket::new([(receipt.lines[0].sku, *n)]).unwrap());
                let back = GoodsBack { credential: v.code(home).await, basket, goes_to };
                v.desk.take_back(&v.shop, *id, &back, &key).await?;
            }
            Step::Void(which) => {
                let Some(id) = pick(&self.receipts, *which) else { return Ok(()) };
                let receipt = v.desk.receipt(&v.clerk, *id).await?;
                let home = v.homes.iter().position(|h| *h == receipt.household).unwrap();
                v.desk.make_void(&v.shop, *id, &v.code(home).await, &key).await?;
            }
            Step::Reverse(which) => {
                let Some(id) = pick(&self.receipts, *which) else { return Ok(()) };
                let seq = v.desk.receipt(&v.clerk, *id).await?.seq;
                let asked = v.desk.request_reversal(&v.clerk, seq, "记错").await?;
                let panel = Staff { user: v.desk.id(), roles: vec![Role::Reviewer], ..(*v.clerk).clone() };
                v.desk.approve_reversal(&Reviewer::of(&panel).unwrap(), asked.id, "").await?;
            }
            Step::GoodsIn(sku, n, cost) => {
                let lines = vec![incoming(*sku, *n, *cost, None)];
                let (counter, donor) = (v.counter.id, greencoin::service::stock::Donor::default());
                agreed(v, &Draft::Receipt { counter, fund: "Gift".into(), donor, lines }).await;
            }
            Step::Lose(sku, n) => self.paper(&loss(v.counter.id, *sku, *n, None)).await?,
            Step::Count(sku, n) => self.count(*sku, *n).await?,
            Step::CloseDay => self.close().await?,
            Step::Later(hours) => {
                v.clock.advance_seconds(hours * 3_600);
                let _opened = v.desk.set_counter_open(&v.shop, v.counter.id, true).await;
                jobs::tick(&v.desk).await?;
            }
        }
        Ok(())
    }

    async fn paper(&self, draft: &Draft) -> Result<(), ServiceError> {
        let v = &self.v;
        let paper = v.desk.draw_stock_paper(&Storekeeper::of(&v.clerk).unwrap(), draft, "").await?;
        v.desk.approve_stock_paper(&second_person(&v.desk, &v.clerk), paper.id, "").await.map(drop)
    }

    async fn count(&self, sku: i64, pieces: i64) -> Result<(), ServiceError> {
        let (v, by) = (&self.v, Storekeeper::of(&self.v.clerk).unwrap());
        let paper = v.desk.draw_stock_paper(&by, &Draft::Count { counter: v.counter.id }, "").await?;
        v.desk.write_count(&by, paper.id, &[(sku, pieces)]).await?;
        v.desk.submit_count(&by, paper.id).await?;
        v.desk.approve_stock_paper(&second_person(&v.desk, &v.clerk), paper.id, "").await.map(drop)
    }

    async fn close(&self) -> Result<(), ServiceError> {
        let v = &self.v;
        let day = v.desk.redemptions_of(&v.shop, v.counter.id, v.desk.today(), None, 1).await?;
        let counted = Counted { slips: day.total.count, why: None };
        let row = v.desk.close_day(&v.shop, v.counter.id, counted).await?;
        v.desk.sign_day_close(&second_person(&v.desk, &v.clerk), v.counter.id, row.day).await.map(drop)
    }

    /// Every identity of the books, and what orders hold against what is held.
    async fn sound(&self, after: &str) {
        let v = &self.v;
        v.check_sums().await;
        let ties = v.desk.stock_ties(v.book).await.unwrap();
        assert!(ties.iter().all(StockTie::agrees), "{after}: {ties:?}");
        let auditor = Staff { user: v.desk.id(), roles: vec![Role::Auditor], ..(*v.clerk).clone() };
        let seen = v.desk.audit_overview(&Auditor::of(&auditor).unwrap()).await.unwrap();
        let red: Vec<_> = seen.identities.iter().filter(|i| i.light == Light::Red).collect();
        assert!(red.is_empty(), "{after}: {red:?}");
        let mut tx = v.desk.db.begin_read().await.unwrap();
        let waiting = orders::waiting(&mut tx, v.book, v.counter.id, 0, 1_000).await.unwrap();
        let mut held = 0;
        for home in 1..=4 {
            let path = format!("Liabilities:Households:H{home:04}:Held");
            held -= read::balance(&mut tx, v.book, &path, Commodity::POINT).await.unwrap();
        }
        assert_eq!(held, waiting.iter().map(|o| o.points).sum::<i64>(), "{after}");
        let aside: std::collections::BTreeMap<i64, i64> =
            orders::aside(&mut tx, v.book, v.counter.id).await.unwrap().into_iter().collect();
        for sku in [SOAP, OIL, TOWEL] {
            let code = format!("SKU-{sku:06}");
            let reserved = read::balance(&mut tx, v.book, "Assets:Reserved:C1", &code).await.unwrap();
            assert_eq!(reserved, aside.get(&sku).copied().unwrap_or(0), "{after}: {code}");
        }
    }
}

fn pick<T>(all: &[T], which: usize) -> Option<&T> {
    (!all.is_empty()).then(|| &all[which % all.len()])
}

#[tokio::test]
async fn whatever_happens_at_a_counter_every_identity_holds_after_each_step() {
    let mut runner = TestRunner::deterministic();
    let mut done = 0;
    for _ in 0..VILLAGES {
        let plan = steps().new_tree(&mut runner).unwrap().current();
        let v = Village::new().await;
        for home in 0..4 {
            v.give(home, 300).await;
        }
        let mut days = Days { v, receipts: Vec::new(), orders: Vec::new(), key: 0 };
        for step in &plan {
            // phone codes live a minute and work once
            days.v.clock.advance_seconds(61);
            match days.act(step).await {
                Ok(()) => done += 1,
                Err(ServiceError::Refused(_)) => {}
                Err(other) => panic!("{step:?}: {other:?}"),
            }
            days.sound(&format!("{step:?}")).await;
        }
        let report = days.v.desk.verify_books(None).await.unwrap();
        assert!(report.holds(), "{report:#?}");
    }
    assert!(done > VILLAGES * STEPS / 3, "{done} steps did anything");
}
