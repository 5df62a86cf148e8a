//! Days at a private shop as they may come: redemptions, returns, void receipts, reversals, statements, disputes and
//! payments in any order. After each step what is owed is what was redeemed less what came back and what was paid.

use greencoin::{
    domain::{basket::Basket, ids::OrderId, returns::ReturnedTo},
    service::{
        ServiceError,
        caller::{Reviewer, Role, StockReader},
        redeem::returns::GoodsBack,
        shops::statements::ShopStatement,
    },
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use crate::{
    shops::{Shop, staff},
    village::{HAIRCUT, SOAP, TOWEL, second_person},
};

const STEPS: usize = 36;
const SHOPS: usize = 3;

#[derive(Debug, Clone)]
enum Step {
    Redeem(usize, i64, i64),
    Return(usize, i64),
    Void(usize),
    Reverse(usize),
    NextMonth,
    Draw,
    Confirm,
    Dispute,
    Answer,
    Pay,
    Unpay,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let sku = || prop_oneof![Just(SOAP), Just(HAIRCUT), Just(TOWEL)];
    let step = prop_oneof![
        5 => (0_usize..4, sku(), 1_i64..5).prop_map(|(h, s, n)| Step::Redeem(h, s, n)),
        2 => (0_usize..6, 1_i64..3).prop_map(|(r, n)| Step::Return(r, n)),
        1 => (0_usize..6).prop_map(Step::Void),
        2 => (0_usize..9).prop_map(Step::Reverse),
        3 => Just(Step::NextMonth),
        3 => Just(Step::Draw),
        3 => Just(Step::Confirm),
        1 => Just(Step::Dispute),
        1 => Just(Step::Answer),
        3 => Just(Step::Pay),
        1 => Just(Step::Unpay),
    ];
    prop::collection::vec(step, STEPS)
}

/// A shop with what was redeemed and drawn up so far.
struct Days {
    shop: Shop,
    receipts: Vec<OrderId>,
    statements: Vec<ShopStatement>,
    key: usize,
}

impl Days {
    async fn act(&mut self, step: &Step) -> Result<(), ServiceError> {
        self.key += 1;
        let key = format!("day{}", self.key);
        let (shop, v) = (&self.shop, &self.shop.v);
        let last = self.statements.last().map(|s| s.row.id);
        match step {
            Step::Redeem(home, sku, n) => {
                let done = shop.redeem(*home, &[(*sku, *n)]).await?;
                self.receipts.push(done.id);
            }
            Step::Return(which, n) => {
                let Some(id) = pick(&self.receipts, *which) else { return Ok(()) };
                let receipt = v.desk.receipt(&v.clerk, *id).await?;
                let home = v.homes.iter().position(|h| *h == receipt.household).unwrap();
                let basket = Some(Basket::new([(receipt.lines[0].sku, *n)]).unwrap());
                let back = GoodsBack { credential: v.code(home).await, basket, goes_to: ReturnedTo::Shelf };
                v.desk.take_back(&shop.keeper, *id, &back, &key).await?;
            }
            Step::Void(which) => {
                let Some(id) = pick(&self.receipts, *which) else { return Ok(()) };
                let receipt = v.desk.receipt(&v.clerk, *id).await?;
                let home = v.homes.iter().position(|h| *h == receipt.household).unwrap();
                v.desk.make_void(&shop.keeper, *id, &v.code(home).await, &key).await?;
            }
            Step::Reverse(which) => {
                let Some(id) = pick(&self.receipts, *which) else { return Ok(()) };
                let seq = v.desk.receipt(&v.clerk, *id).await?.seq;
                undo(shop, seq).await?;
            }
            Step::NextMonth => shop.next_month().await,
            Step::Draw => {
                let drawn = v.desk.draw_shop_statement(&v.clerk, shop.id(), None).await?;
                if last != Some(drawn.row.id) {
                    self.statements.push(drawn);
                }
            }
            Step::Confirm => {
                let Some(id) = last else { return Ok(()) };
                v.desk.confirm_as_shop(&shop.keeper, id).await?;
                v.desk.confirm_for_village(&second_person(&v.desk, &v.clerk), id).await?;
                v.desk.review_shop_statement(&shop.township(), id).await?;
            }
            Step::Dispute => {
                let Some(id) = last else { return Ok(()) };
                let reader = StockReader::of(&shop.keeper).unwrap();
                v.desk.dispute_shop_statement(&reader, id, "不对").await?;
            }
            Step::Answer => {
                let Some(id) = last else { return Ok(()) };
                v.desk.answer_shop_dispute(&v.clerk, id, "查过").await?;
            }
            Step::Pay => {
                for one in &self.statements {
                    let paid = v.desk.pay_shop_statement(&shop.township(), one.row.id, &shop.payment()).await;
                    if !matches!(paid, Ok(_) | Err(ServiceError::Refused(_))) {
                        return paid.map(drop);
                    }
                }
            }
            Step::Unpay => {
                let Some(id) = last else { return Ok(()) };
                let found = v.desk.shop_statement(&StockReader::of(&v.clerk).unwrap(), id).await?;
                let Some(paid) = found.payment else { return Ok(()) };
                undo(shop, paid.seq).await?;
            }
        }
        Ok(())
    }

    /// What is owed, from the register and the payments alone.
    async fn owed(&self) -> i64 {
        let (shop, desk) = (&self.shop, &self.shop.v.desk);
        let reader = StockReader::of(&shop.v.clerk).unwrap();
        let since = desk.shop_since(&reader, shop.id()).await.unwrap();
        let listed = desk.shop_statements(&reader, shop.id()).await.unwrap();
        let stated: i64 = listed.iter().map(|s| s.row.net_fen - s.paid_fen).sum();
        stated + since.iter().map(|l| l.net_fen).sum::<i64>()
    }
}

async fn undo(shop: &Shop, seq: i64) -> Result<(), ServiceError> {
    let v = &shop.v;
    let asked = v.desk.request_reversal(&v.clerk, seq, "记错").await?;
    let second = Reviewer::of(&staff(v, Role::Reviewer)).unwrap();
    v.desk.approve_reversal(&second, asked.id, "").await.map(drop)
}

fn pick<T>(all: &[T], which: usize) -> Option<&T> {
    (!all.is_empty()).then(|| &all[which % all.len()])
}

#[tokio::test]
async fn whatever_happens_at_a_private_shop_what_is_owed_is_what_was_redeemed_less_what_was_paid() {
    let mut runner = TestRunner::deterministic();
    let (mut done, mut paid) = (0, 0);
    for _ in 0..SHOPS {
        let plan = steps().new_tree(&mut runner).unwrap().current();
        let mut days = Days { shop: Shop::new().await, receipts: Vec::new(), statements: Vec::new(), key: 0 };
        for step in &plan {
            days.shop.v.clock.advance_seconds(61);
            match days.act(step).await {
                Ok(()) => done += 1,
                Err(ServiceError::Refused(_)) => {}
                Err(other) => panic!("{step:?}: {other:?}"),
            }
            assert_eq!(days.shop.owed().await, days.owed().await, "{step:?}");
        }
        days.shop.sound().await;
        let reader = StockReader::of(&days.shop.v.clerk).unwrap();
        let listed = days.shop.v.desk.shop_statements(&reader, days.shop.id()).await.unwrap();
        paid += listed.iter().filter(|s| s.paid_fen > 0).count();
    }
    assert!(done > SHOPS * STEPS / 3 && paid > 0, "{done} steps did anything, {paid} were paid");
}
