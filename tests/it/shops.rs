//! Private shops: an agreement by two, points for the shop's own goods, what is owed, the monthly statement that both
//! sides confirm, and its payment.

use greencoin::{
    domain::{
        basket::Basket,
        ids::{ShopId, ShopStatementId},
        posting::Commodity,
        returns::ReturnedTo,
        shop::ShopStanding,
    },
    service::{
        ServiceError,
        caller::{Reviewer, Role, Shopkeeper, Staff, StockReader, StockWitness, Township},
        counters::NewCounter,
        redeem::{RedemptionReceipt, day_close::Counted, returns::GoodsBack},
        shops::{NewShop, pay::NewShopPayment, statements::ShopStatement},
    },
    store::{counter::CounterRow, ledger::read, shop::ShopRow},
};

use crate::village::{HAIRCUT, SOAP, TOWEL, Village, fact, refused, second_person};

pub const DAY: i64 = 86_400;

/// A village with a private shop at a counter of its own.
pub struct Shop {
    pub v: Village,
    pub counter: CounterRow,
    pub keeper: Shopkeeper,
    pub row: ShopRow,
    key: std::cell::Cell<u32>,
}

pub fn staff(v: &Village, role: Role) -> Staff {
    Staff { user: v.desk.id(), roles: vec![role], person: None, ..(*v.clerk).clone() }
}

/// A counter with a keeper, and no agreement yet.
pub async fn counter(v: &Village, code: &str) -> (CounterRow, Shopkeeper) {
    let new = NewCounter { code: code.into(), name: "老王小卖部".into(), name_en: "Wang's".into() };
    let counter = v.desk.add_counter(&v.clerk, new).await.unwrap();
    let keeper = Shopkeeper::of(&staff(v, Role::Shopkeeper)).unwrap();
    v.desk.add_keeper(&v.clerk, counter.id, keeper.user).await.unwrap();
    (counter, keeper)
}

pub fn terms(v: &Village, counter: &CounterRow) -> NewShop {
    NewShop {
        counter: counter.id,
        name: "老王小卖部".into(),
        licence: "92530302MA6K".into(),
        household: None,
        discount: 50,
        settles_on: 5,
        from: v.desk.today(),
        until: v.desk.today().plus(364),
    }
}

impl Shop {
    pub async fn new() -> Self {
        Self::in_village(Village::new().await).await
    }

    pub async fn in_village(v: Village) -> Self {
        let (counter, keeper) = counter(&v, "S1").await;
        let drawn = v.desk.draw_shop_agreement(&v.clerk, &terms(&v, &counter)).await.unwrap();
        let second = Reviewer::of(&staff(&v, Role::Reviewer)).unwrap();
        let row = v.desk.agree_shop_agreement(&second, drawn.id).await.unwrap();
        for home in 0..4 {
            v.give(home, 200).await;
        }
        Self { v, counter, keeper, row, key: std::cell::Cell::new(0) }
    }

    pub fn id(&self) -> ShopId {
        self.row.id
    }

    fn next_key(&self) -> String {
        self.key.set(self.key.get() + 1);
        format!("shop{}", self.key.get())
    }

    pub async fn redeem(&self, home: usize, items: &[(i64, i64)]) -> Result<RedemptionReceipt, ServiceError> {
        // phone codes live a minute and work once
        self.v.clock.advance_seconds(61);
        let request = self.v.request(&self.v.code(home).await, items);
        self.v.desk.redeem(&self.keeper, &request, &self.next_key()).await
    }

    pub async fn owed(&self) -> i64 {
        let mut tx = self.v.desk.db.begin_read().await.unwrap();
        -read::balance(&mut tx, self.v.book, "Liabilities:Merchants:S1", Commodity::CNYFEN).await.unwrap()
    }

    pub async fn next_month(&self) {
        let month = self.v.desk.today().period(greencoin::domain::time::Period::Month).1;
        self.v.clock.set(month.plus(3).at_time_of(self.v.desk.now()));
        let _opened = self.v.desk.set_counter_open(&self.keeper, self.counter.id, true).await;
    }

    pub async fn draw(&self) -> ShopStatement {
        self.v.desk.draw_shop_statement(&self.v.clerk, self.id(), None).await.unwrap()
    }

    pub fn township(&self) -> Township {
        Township::of(&staff(&self.v, Role::Township)).unwrap()
    }

    pub fn payment(&self) -> NewShopPayment {
        NewShopPayment {
            fund: "Gift".into(),
            payer: "镇财政所".into(),
            voucher: "付-0001".into(),
            paid_on: self.v.desk.today(),
        }
    }

    /// Both sides confirm, the township checks.
    pub async fn reviewed(&self, id: ShopStatementId) -> ShopStatement {
        let v = &self.v;
        v.desk.confirm_as_shop(&self.keeper, id).await.unwrap();
        v.desk.confirm_for_village(&second_person(&v.desk, &v.clerk), id).await.unwrap();
        v.desk.review_shop_statement(&self.township(), id).await.unwrap()
    }

    pub async fn paid(&self, id: ShopStatementId) -> ShopStatement {
        self.reviewed(id).await;
        self.v.desk.pay_shop_statement(&self.township(), id, &self.payment()).await.unwrap()
    }

    pub async fn reverse(&self, seq: i64) {
        let v = &self.v;
        let asked = v.desk.request_reversal(&v.clerk, seq, "记错").await.unwrap();
        let second = Reviewer::of(&staff(v, Role::Reviewer)).unwrap();
        v.desk.approve_reversal(&second, asked.id, "").await.unwrap();
    }

    pub async fn sound(&self) {
        self.v.check_sums().await;
        let report = self.v.desk.verify_books(None).await.unwrap();
        assert!(report.holds(), "{report:#?}");
    }
}

#[tokio::test]
async fn points_move_as_elsewhere_and_the_village_owes_their_value_less_the_discount() {
    let shop = Shop::new().await;
    let before = shop.v.stock_of(SOAP).await;
    let receipt = shop.redeem(0, &[(SOAP, 2), (HAIRCUT, 1)]).await.unwrap();
    assert_eq!((receipt.points, shop.v.available(0).await), (2_000, 180));
    // 20 points at 100 fen, less 50 per mille; no shelf and no cost of the village moves
    assert_eq!((shop.owed().await, shop.v.stock_of(SOAP).await), (1_900, before));
    let mut tx = shop.v.desk.db.begin_read().await.unwrap();
    let rewards = read::balance(&mut tx, shop.v.book, "Expenses:Rewards", Commodity::CNYFEN).await.unwrap();
    let issued = read::balance(&mut tx, shop.v.book, "Expenses:Issued", "SKU-000001").await.unwrap();
    drop(tx);
    assert_eq!((rewards, issued), (1_900, 0));
    // the shop offers what the village priced, whatever the village has on its shelves
    let offered = shop.v.desk.catalogue(shop.v.book, "S1").await.unwrap();
    assert!(offered.len() == 4 && offered.iter().all(|a| a.stock.is_none()), "{offered:?}");
    shop.sound().await;
}

#[tokio::test]
async fn what_comes_back_or_is_void_is_owed_no_more() {
    let shop = Shop::new().await;
    let v = &shop.v;
    let taken = shop.redeem(0, &[(SOAP, 3)]).await.unwrap();
    let other = shop.redeem(1, &[(TOWEL, 5)]).await.unwrap();
    let back = |credential: String, n| GoodsBack {
        credential,
        basket: Some(Basket::new([(SOAP, n)]).unwrap()),
        goes_to: ReturnedTo::Shelf,
    };
    let one = back(v.code(0).await, 1);
    v.desk.take_back(&shop.keeper, taken.id, &one, "r1").await.unwrap();
    assert_eq!(shop.owed().await, 1_425 + 475 - 475);
    v.clock.advance_seconds(61);
    v.desk.make_void(&shop.keeper, other.id, &v.code(1).await, "v1").await.unwrap();
    assert_eq!((shop.owed().await, v.available(1).await), (1_425 - 475, 200));
    let since = v.desk.shop_since(&StockReader::of(&v.clerk).unwrap(), shop.id()).await.unwrap();
    let kinds: Vec<&str> = since.iter().map(|l| l.kind.as_str()).collect();
    assert_eq!(kinds, ["redemption", "redemption", "returned", "voided"]);
    assert_eq!(since.iter().map(|l| l.net_fen).sum::<i64>(), shop.owed().await);
    shop.sound().await;
}

#[tokio::test]
async fn a_month_is_drawn_up_confirmed_by_both_checked_and_paid_once() {
    let shop = Shop::new().await;
    let v = &shop.v;
    shop.redeem(0, &[(SOAP, 4)]).await.unwrap();
    shop.redeem(1, &[(TOWEL, 10)]).await.unwrap();
    let early = v.desk.draw_shop_statement(&v.clerk, shop.id(), Some(v.desk.today())).await;
    assert_eq!(refused(early), "statement_month_open");
    shop.next_month().await;
    let drawn = shop.draw().await;
    let r = &drawn.row;
    assert_eq!((r.no, r.line_count, r.points, r.gross_fen, r.net_fen), (1, 2, 3_000, 3_000, 2_850));
    assert_eq!(shop.draw().await, drawn);
    assert_eq!(drawn.standing, ShopStanding::BEGIN);
    let half = v.desk.confirm_as_shop(&shop.keeper, r.id).await.unwrap();
    assert_eq!(half.standing, ShopStanding::Drawn { shop: true, village: false });
    assert_eq!(v.desk.confirm_as_shop(&shop.keeper, r.id).await.unwrap(), half);
    let early = v.desk.review_shop_statement(&shop.township(), r.id).await;
    assert_eq!(refused(early), "statement_not_now");
    let second = second_person(&v.desk, &v.clerk);
    let both = v.desk.confirm_for_village(&second, r.id).await.unwrap();
    assert_eq!(both.standing, ShopStanding::Confirmed);
    let early = v.desk.pay_shop_statement(&shop.township(), r.id, &shop.payment()).await;
    assert_eq!(refused(early), "statement_not_now");
    let township = shop.township();
    v.desk.review_shop_statement(&township, r.id).await.unwrap();
    let paid = v.desk.pay_shop_statement(&township, r.id, &shop.payment()).await.unwrap();
    assert_eq!((paid.standing, paid.payment.as_ref().unwrap().fen), (ShopStanding::Paid, 2_850));
    assert_eq!(shop.owed().await, 0);
    let seq = v.seq().await;
    assert_eq!(v.desk.pay_shop_statement(&township, r.id, &shop.payment()).await.unwrap(), paid);
    let again = v.desk.pay_shop_statement(&shop.township(), r.id, &shop.payment()).await;
    assert_eq!((refused(again), v.seq().await), ("statement_not_now", seq));
    let late = v.desk.dispute_shop_statement(&StockReader::of(&shop.keeper).unwrap(), r.id, "晚了").await;
    assert_eq!(refused(late), "statement_not_now");
    shop.sound().await;
}

#[tokio::test]
async fn what_is_undone_after_the_payment_is_a_negative_line_and_carried_to_the_next() {
    let shop = Shop::new().await;
    let v = &shop.v;
    let wrong = shop.redeem(0, &[(SOAP, 4)]).await.unwrap();
    shop.redeem(1, &[(SOAP, 2)]).await.unwrap();
    shop.next_month().await;
    let first = shop.draw().await;
    shop.paid(first.row.id).await;
    shop.reverse(wrong.seq).await;
    assert_eq!(shop.owed().await, -1_900);
    shop.next_month().await;
    let second = shop.draw().await;
    let line = &second.lines[0];
    assert_eq!((line.kind.as_str(), line.receipt, line.net_fen), ("reversal", wrong.no, -1_900));
    assert_eq!((second.row.from_seq, second.due.due), (first.row.upto_seq, -1_900));
    shop.reviewed(second.row.id).await;
    let nothing = v.desk.pay_shop_statement(&shop.township(), second.row.id, &shop.payment()).await;
    assert_eq!(refused(nothing), "nothing_due");
    shop.redeem(2, &[(SOAP, 5)]).await.unwrap();
    shop.next_month().await;
    let third = shop.draw().await;
    assert_eq!((third.due.carried, third.due.due, third.due.waits_for), (-1_900, 475, None));
    let paid = shop.paid(third.row.id).await;
    assert_eq!((paid.payment.unwrap().fen, shop.owed().await), (475, 0));
    let again = v.desk.shop_statement(&StockReader::of(&v.clerk).unwrap(), first.row.id).await.unwrap();
    assert_eq!((again.row, again.lines), (first.row, first.lines));
    shop.sound().await;
}

#[tokio::test]
async fn never_more_is_paid_than_is_owed_and_statements_are_paid_in_their_order() {
    let shop = Shop::new().await;
    let v = &shop.v;
    let wrong = shop.redeem(0, &[(SOAP, 4)]).await.unwrap();
    shop.redeem(1, &[(SOAP, 2)]).await.unwrap();
    shop.next_month().await;
    let first = shop.draw().await;
    shop.reviewed(first.row.id).await;
    shop.reverse(wrong.seq).await;
    shop.next_month().await;
    let second = shop.draw().await;
    shop.reviewed(second.row.id).await;
    let early = v.desk.pay_shop_statement(&shop.township(), second.row.id, &shop.payment()).await;
    assert_eq!((fact(&early, "earlier"), refused(early)), ("1".to_owned(), "earlier_statement"));
    let paid = v.desk.pay_shop_statement(&shop.township(), first.row.id, &shop.payment()).await.unwrap();
    // 2,850 were due by the statement, 950 of it are owed by now
    assert_eq!((paid.due.due, paid.payment.unwrap().fen, shop.owed().await), (2_850, 950, 0));
    let nothing = v.desk.pay_shop_statement(&shop.township(), second.row.id, &shop.payment()).await;
    assert_eq!(refused(nothing), "nothing_due");
    shop.sound().await;
}

#[tokio::test]
async fn a_dispute_sets_a_statement_back_until_it_is_answered_and_confirmed_anew() {
    let shop = Shop::new().await;
    let v = &shop.v;
    shop.redeem(0, &[(SOAP, 1)]).await.unwrap();
    shop.next_month().await;
    let id = shop.draw().await.row.id;
    shop.reviewed(id).await;
    let reader = StockReader::of(&shop.keeper).unwrap();
    let told = v.desk.dispute_shop_statement(&reader, id, "少了一笔").await.unwrap();
    assert_eq!(told.standing, ShopStanding::Disputed);
    assert_eq!(refused(v.desk.confirm_as_shop(&shop.keeper, id).await), "statement_not_now");
    let unpaid = v.desk.pay_shop_statement(&shop.township(), id, &shop.payment()).await;
    assert_eq!(refused(unpaid), "statement_not_now");
    let answered = v.desk.answer_shop_dispute(&v.clerk, id, "查过，不少").await.unwrap();
    assert_eq!((answered.standing, answered.steps.len()), (ShopStanding::BEGIN, 5));
    shop.paid(id).await;
    shop.sound().await;
}

#[tokio::test]
async fn an_ended_agreement_closes_the_counter_for_points_and_is_settled_at_once() {
    let shop = Shop::new().await;
    let v = &shop.v;
    shop.redeem(0, &[(SOAP, 1)]).await.unwrap();
    let ended = v.desk.end_shop_agreement(&shop.keeper, shop.id(), "搬走了").await.unwrap();
    assert_eq!((ended.state.as_str(), ended.last_day()), ("ended", v.desk.today()));
    assert_eq!(v.desk.end_shop_agreement(&shop.keeper, shop.id(), "搬走了").await.unwrap(), ended);
    // its last day is still its own
    shop.redeem(1, &[(SOAP, 1)]).await.unwrap();
    v.clock.advance_seconds(DAY);
    assert_eq!(refused(shop.redeem(0, &[(SOAP, 1)]).await), "shop_not_in_force");
    let last = shop.draw().await;
    assert_eq!((last.row.last_day, last.row.net_fen), (ended.last_day(), 950));
    shop.paid(last.row.id).await;
    shop.sound().await;
}

#[tokio::test]
async fn before_its_first_day_and_after_its_last_nothing_is_redeemed() {
    let v = Village::new().await;
    let (counter, keeper) = counter(&v, "S1").await;
    let from = v.desk.today().plus(2);
    let new = NewShop { from, until: from, ..terms(&v, &counter) };
    let drawn = v.desk.draw_shop_agreement(&v.clerk, &new).await.unwrap();
    let second = Reviewer::of(&staff(&v, Role::Reviewer)).unwrap();
    let row = v.desk.agree_shop_agreement(&second, drawn.id).await.unwrap();
    v.give(0, 100).await;
    let shop = Shop { v, counter, keeper, row, key: std::cell::Cell::new(0) };
    for expected in ["shop_not_in_force", "shop_not_in_force", "", "shop_not_in_force"] {
        match shop.redeem(0, &[(SOAP, 1)]).await {
            Ok(_) => assert_eq!(expected, ""),
            Err(error) => assert_eq!(refused::<()>(Err(error)), expected),
        }
        shop.v.clock.advance_seconds(DAY);
    }
    shop.sound().await;
}

#[tokio::test]
async fn what_a_counter_sold_for_the_village_before_is_no_line_of_the_shop() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let (counter, keeper) = counter(&v, "S1").await;
    let request = v.request(&v.code(0).await, &[(HAIRCUT, 1)]);
    let own = v.desk.redeem(&keeper, &request, "own").await.unwrap();
    let second = Reviewer::of(&staff(&v, Role::Reviewer)).unwrap();
    let today = v.desk.draw_shop_agreement(&v.clerk, &terms(&v, &counter)).await.unwrap();
    assert_eq!(refused(v.desk.agree_shop_agreement(&second, today.id).await), "shop_sold_before");
    v.desk.refuse_shop_agreement(&second, today.id, "今天卖过").await.unwrap();
    v.clock.advance_seconds(DAY);
    let drawn = v.desk.draw_shop_agreement(&v.clerk, &terms(&v, &counter)).await.unwrap();
    let row = v.desk.agree_shop_agreement(&second, drawn.id).await.unwrap();
    let shop = Shop { v, counter, keeper, row, key: std::cell::Cell::new(0) };
    shop.redeem(0, &[(SOAP, 1)]).await.unwrap();
    shop.reverse(own.seq).await;
    assert_eq!(shop.owed().await, 475);
    shop.sound().await;
    shop.next_month().await;
    assert_eq!(shop.draw().await.row.line_count, 1);
    shop.sound().await;
}

#[tokio::test]
async fn a_day_at_a_private_shop_is_closed_like_any_other() {
    let shop = Shop::new().await;
    let v = &shop.v;
    shop.redeem(0, &[(SOAP, 2)]).await.unwrap();
    let counted = Counted { slips: 1, why: None };
    let row = v.desk.close_day(&shop.keeper, shop.counter.id, counted).await.unwrap();
    assert_eq!((row.redemptions, row.points, row.cost_fen), (1, 1_000, 950));
    let second = StockWitness::of(&second_person(&v.desk, &v.clerk)).unwrap();
    v.desk.sign_day_close(&second, shop.counter.id, row.day).await.unwrap();
    assert_eq!(refused(shop.redeem(0, &[(SOAP, 1)]).await), "counter_closed");
    shop.sound().await;
}

#[tokio::test]
async fn an_undone_payment_is_owed_again_and_carried_to_the_next() {
    let shop = Shop::new().await;
    shop.redeem(0, &[(SOAP, 2)]).await.unwrap();
    shop.next_month().await;
    let paid = shop.paid(shop.draw().await.row.id).await;
    shop.reverse(paid.payment.unwrap().seq).await;
    assert_eq!(shop.owed().await, 950);
    shop.next_month().await;
    let next = shop.draw().await;
    assert_eq!((next.lines.len(), next.due.carried, next.due.due), (0, 950, 950));
    shop.paid(next.row.id).await;
    assert_eq!(shop.owed().await, 0);
    shop.sound().await;
}
