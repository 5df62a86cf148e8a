//! Orders: points and goods wait together, leave together, and go back by themselves; nothing is sold twice.

use greencoin::{
    domain::{
        basket::Basket,
        kin::{Kin, KinKind},
        order::{CancelReason, ORDER_DAYS, OrderState},
        posting::Commodity,
    },
    jobs,
    service::{
        ServiceError,
        caller::{Reviewer, Role, Staff},
        redeem::{
            RedemptionReceipt,
            order::{NewOrder, Order, PickUp},
        },
    },
    store::{ledger::read, person},
};
use serde_json::json;

use crate::{
    stall::Stall,
    village::{HAIRCUT, OIL, SOAP, TOWEL, Village, fact, refused},
};

const DAY: i64 = 86_400;

fn new(v: &Village, items: &[(i64, i64)]) -> NewOrder {
    NewOrder { counter: v.counter.id, basket: Basket::new(items.iter().copied()).unwrap() }
}

async fn place(v: &Village, home: usize, items: &[(i64, i64)], key: &str) -> Result<Order, ServiceError> {
    v.desk.place_order(&v.resident(home), key, &new(v, items)).await
}

async fn collect(
    v: &Village,
    order: &Order,
    shown: &str,
    items: Option<&[(i64, i64)]>,
    key: &str,
) -> Result<RedemptionReceipt, ServiceError> {
    let basket = items.map(|items| Basket::new(items.iter().copied()).unwrap());
    let pick_up = PickUp { credential: shown.to_owned(), basket };
    v.desk.collect_order(&v.shop, order.id, &pick_up, key).await
}

fn code(order: &Order) -> String {
    order.code.clone().unwrap()
}

/// Available and held points of a household.
async fn has(v: &Village, home: usize) -> (i64, i64) {
    let has = v.desk.own_holdings(&v.resident(home)).await.unwrap();
    (has.available / 100, has.held / 100)
}

async fn balance(v: &Village, path: &str, commodity: &str) -> i64 {
    let mut tx = v.desk.db.begin_read().await.unwrap();
    read::balance(&mut tx, v.book, path, commodity).await.unwrap()
}

/// Pieces of an article on the shelf and put aside.
async fn pieces(v: &Village, sku: i64) -> (i64, i64) {
    let code = format!("SKU-{sku:06}");
    (balance(v, "Assets:Stock:C1", &code).await, balance(v, "Assets:Reserved:C1", &code).await)
}

async fn holds(v: &Village) {
    v.check_sums().await;
    let ties = v.desk.stock_ties(v.book).await.unwrap();
    assert!(ties.iter().all(greencoin::service::stock::StockTie::agrees), "{ties:?}");
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

#[tokio::test]
async fn an_order_holds_points_and_goods_and_is_collected_with_one_posting() {
    let v = Village::new().await;
    v.give(0, 55).await;
    let order = place(&v, 0, &[(SOAP, 2), (HAIRCUT, 1), (SOAP, 1)], "o").await.unwrap();
    assert_eq!((order.no, order.points, order.state), (1, 2_500, OrderState::Waiting));
    assert_eq!(order.kept_until, v.desk.today().plus(ORDER_DAYS));
    assert_eq!(order.items.iter().map(|i| (i.sku, i.pieces)).collect::<Vec<_>>(), [(SOAP, 3), (HAIRCUT, 1)]);
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((30, 25), (17, 3)));
    // the same again after a lost answer
    assert_eq!(place(&v, 0, &[(SOAP, 3), (HAIRCUT, 1)], "o").await.unwrap(), order);
    let other = place(&v, 0, &[(SOAP, 1)], "o").await;
    assert_eq!(fact(&other, "fields"), "basket");
    assert_eq!(refused(other), "idempotency_conflict");
    let list = v.desk.pick_up_list(&v.shop, v.counter.id, 0).await.unwrap();
    assert_eq!(list.orders.iter().map(|o| (o.no, o.code.clone())).collect::<Vec<_>>(), [(1, None)]);
    assert_eq!(list.aside.iter().map(|(i, n)| (i.sku, *n)).collect::<Vec<_>>(), [(SOAP, 3), (HAIRCUT, 1)]);
    holds(&v).await;
    let receipt = collect(&v, &order, &code(&order), None, "c").await.unwrap();
    assert_eq!((receipt.no, receipt.points, receipt.before, receipt.after), (1, 2_500, 5_500, 3_000));
    assert_eq!((receipt.credential.as_str(), receipt.id, receipt.lines.len()), ("pickup", order.id, 2));
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((30, 0), (17, 0)));
    assert_eq!(balance(&v, "Expenses:Issued", "SKU-000001").await, 3);
    assert_eq!(balance(&v, "Expenses:Rewards", Commodity::CNYFEN).await, 3 * 450);
    let again = collect(&v, &order, &code(&order), None, "c").await.unwrap();
    assert!(again.repeated && again.no == receipt.no);
    assert_eq!(refused(collect(&v, &order, &code(&order), None, "c2").await), "order_ended");
    assert_eq!(refused(v.desk.cancel_own_order(&v.resident(0), order.id, "x").await), "order_ended");
    let lines = v.desk.own_statement(&v.resident(0), Default::default(), None, 10).await.unwrap();
    assert_eq!(lines.first().map(|l| (l.kind.as_str(), l.amount)), Some(("hold", -2_500)));
    holds(&v).await;
}

#[tokio::test]
async fn what_is_not_taken_goes_back_with_its_quota_and_the_next_household_can_have_it() {
    let v = Village::new().await;
    v.give(0, 150).await;
    let order = place(&v, 0, &[(OIL, 2), (SOAP, 4)], "o").await.unwrap();
    assert_eq!(refused(place(&v, 0, &[(SOAP, 7)], "more").await), "insufficient_points");
    v.give(0, 50).await;
    assert_eq!(refused(place(&v, 0, &[(OIL, 1)], "quota").await), "goods_quota");
    let shown = v.card(0).await;
    let more = collect(&v, &order, &shown, Some(&[(OIL, 3)]), "c0").await;
    assert_eq!(fact(&more, "available"), "2");
    assert_eq!(refused(more), "order_has_less");
    let receipt = collect(&v, &order, &shown, Some(&[(OIL, 1), (SOAP, 1)]), "c").await.unwrap();
    assert_eq!((receipt.points, receipt.before, receipt.after), (5_500, 20_000, 14_500));
    assert_eq!(
        (has(&v, 0).await, pieces(&v, OIL).await, pieces(&v, SOAP).await),
        ((145, 0), (9, 0), (19, 0))
    );
    // one bottle of the quarter is left
    let next = v.code(0).await;
    v.redeem(&next, &[(OIL, 1)], "r").await.unwrap();
    v.clock.advance_seconds(60);
    let third = v.code(0).await;
    assert_eq!(refused(v.redeem(&third, &[(OIL, 1)], "r2").await), "goods_quota");
    holds(&v).await;
}

#[tokio::test]
async fn an_order_nobody_comes_for_gives_everything_back_by_itself() {
    let v = Village::new().await;
    v.give(0, 150).await;
    let first = place(&v, 0, &[(OIL, 2)], "o").await.unwrap();
    v.clock.advance_seconds(7 * DAY);
    jobs::tick(&v.desk).await.unwrap();
    assert_eq!((has(&v, 0).await, pieces(&v, OIL).await), ((50, 100), (8, 2)), "its last day is not over");
    v.clock.advance_seconds(DAY);
    assert_eq!(refused(collect(&v, &first, &code(&first), None, "late").await), "order_over");
    assert_eq!(jobs::tick(&v.desk).await.unwrap().released, 1);
    assert_eq!(jobs::tick(&v.desk).await.unwrap().released, 0);
    assert_eq!((has(&v, 0).await, pieces(&v, OIL).await), ((150, 0), (10, 0)));
    let mine = v.desk.own_orders(&v.resident(0), None, 10).await.unwrap();
    assert_eq!((mine[0].state, mine[0].code.clone()), (OrderState::Lapsed, None));
    // the quota of the quarter is free again
    place(&v, 0, &[(OIL, 2)], "again").await.unwrap();
    holds(&v).await;
}

#[tokio::test]
async fn an_order_is_cancelled_by_the_household_the_clerk_or_the_counter_and_by_nobody_else() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let mine = place(&v, 0, &[(SOAP, 2)], "a").await.unwrap();
    let other = v.desk.cancel_own_order(&v.resident(1), mine.id, "x").await;
    assert!(matches!(other, Err(ServiceError::NotFound("order"))), "{other:?}");
    let done = v.desk.cancel_own_order(&v.resident(0), mine.id, "x").await.unwrap();
    assert_eq!((done.state, done.reason), (OrderState::Cancelled, Some(CancelReason::Asked)));
    assert_eq!(v.desk.cancel_own_order(&v.resident(0), mine.id, "y").await.unwrap(), done);
    let by_clerk = v.desk.place_order_for(&v.clerk, v.homes[0], "b", &new(&v, &[(SOAP, 2)])).await.unwrap();
    assert!(by_clerk.code.is_some());
    let gone = v.desk.cancel_order(&v.shop, by_clerk.id, CancelReason::Unavailable, "z").await.unwrap();
    assert_eq!((gone.state, gone.reason), (OrderState::Cancelled, Some(CancelReason::Unavailable)));
    let staff = Staff { user: v.desk.id(), roles: vec![Role::Auditor], ..(*v.clerk).clone() };
    let third = place(&v, 0, &[(SOAP, 2)], "c").await.unwrap();
    let refused_to = v.desk.cancel_order(&staff, third.id, CancelReason::Mistake, "w").await;
    assert!(matches!(refused_to, Err(ServiceError::NotAllowed)), "{refused_to:?}");
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((90, 10), (18, 2)));
    holds(&v).await;
}

#[tokio::test]
async fn only_the_orders_own_code_or_its_households_card_or_phone_fetches_it() {
    let v = Village::new().await;
    v.give(0, 100).await;
    v.give(1, 100).await;
    let (mine, theirs) =
        (place(&v, 0, &[(SOAP, 1)], "a").await.unwrap(), place(&v, 1, &[(SOAP, 1)], "b").await.unwrap());
    let seq = v.seq().await;
    assert_eq!(refused(collect(&v, &mine, &code(&theirs), None, "1").await), "pickup_code_wrong");
    assert_eq!(refused(collect(&v, &mine, "1-000000", None, "2").await), "pickup_code_wrong");
    let card = v.card(1).await;
    assert_eq!(refused(collect(&v, &mine, &card, None, "3").await), "not_their_order");
    for guess in 0..4 {
        let _wrong = collect(&v, &mine, &format!("1-00000{guess}"), None, &format!("g{guess}")).await;
    }
    assert_eq!(refused(collect(&v, &mine, "1-000009", None, "4").await), "throttled");
    assert_eq!(v.seq().await, seq);
    let phone = v.code(0).await;
    let receipt = collect(&v, &mine, &phone, None, "5").await.unwrap();
    assert_eq!(receipt.credential, "phone");
    // the phone code is used up
    assert_eq!(refused(v.redeem(&phone, &[(TOWEL, 1)], "6").await), "phone_code_used");
    holds(&v).await;
}

#[tokio::test]
async fn no_household_keeps_more_than_three_orders_waiting_and_none_orders_more_than_it_has() {
    let v = Village::new().await;
    v.give(0, 400).await;
    for n in 0..3 {
        place(&v, 0, &[(TOWEL, 1)], &format!("o{n}")).await.unwrap();
    }
    assert_eq!(refused(place(&v, 0, &[(TOWEL, 1)], "o3").await), "orders_waiting");
    let mine = v.desk.own_orders(&v.resident(0), None, 10).await.unwrap();
    collect(&v, &mine[0], &code(&mine[0]), None, "c").await.unwrap();
    place(&v, 0, &[(TOWEL, 1)], "o4").await.unwrap();
    assert_eq!(refused(place(&v, 1, &[(TOWEL, 1)], "poor").await), "insufficient_points");
    v.give(1, 300).await;
    let empty = place(&v, 1, &[(SOAP, 21)], "empty").await;
    assert_eq!(fact(&empty, "available"), "20");
    assert_eq!(refused(empty), "out_of_stock");
    assert_eq!(refused(place(&v, 1, &[(TOWEL, 199), (SOAP, 1)], "much").await), "order_limit");
    v.desk.set_on_sale(&v.clerk, TOWEL, false).await.unwrap();
    assert_eq!(refused(place(&v, 1, &[(TOWEL, 1)], "off").await), "not_on_sale");
}

#[tokio::test]
async fn sixty_four_at_once_get_what_there_is_and_never_more() {
    let v = Village::new().await;
    for home in 0..6 {
        v.give(home, 1_000).await;
    }
    let soap = |n: usize| {
        let v = &v;
        async move {
            let home = n % 6;
            let by = v.resident(home);
            match n % 2 {
                0 => v.desk.place_order(&by, &format!("o{n}"), &new(v, &[(SOAP, 1)])).await.is_ok(),
                _ => v
                    .redeem(&v.desk.phone_code(&by).await.unwrap().digits, &[(SOAP, 1)], &format!("r{n}"))
                    .await
                    .is_ok(),
            }
        }
    };
    // a phone code lives a second at least: those of one household at one instant are one code, used once
    let done = futures_util::future::join_all((0..64).map(soap)).await;
    let (shelf, aside) = pieces(&v, SOAP).await;
    let issued = balance(&v, "Expenses:Issued", "SKU-000001").await;
    assert_eq!(shelf + aside + issued, 20);
    assert!(shelf >= 0 && aside <= 9 + 9, "{shelf} {aside}");
    assert!(done.iter().filter(|ok| **ok).count() >= 12);
    holds(&v).await;
}

#[tokio::test]
async fn more_orders_than_pieces_at_once_leave_an_empty_shelf_and_no_debt() {
    let v = Village::new().await;
    for home in 0..6 {
        v.give(home, 1_000).await;
    }
    let oil = |n: usize| {
        let v = &v;
        async move { place(v, n % 6, &[(OIL, 1)], &format!("o{n}")).await }
    };
    let done = futures_util::future::join_all((0..64).map(oil)).await;
    let won = done.iter().filter(|o| o.is_ok()).count();
    // two bottles a household in a quarter and ten on the shelf
    assert_eq!((won, pieces(&v, OIL).await), (10, (0, 10)));
    let lost: Vec<_> = done.into_iter().filter(Result::is_err).map(refused).collect();
    assert!(
        lost.iter().all(|code| ["out_of_stock", "goods_quota", "orders_waiting"].contains(code)),
        "{lost:?}"
    );
    holds(&v).await;
}

#[tokio::test]
async fn nobody_hands_over_to_their_own_household_or_kin() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let order = place(&v, 0, &[(SOAP, 1)], "o").await.unwrap();
    let mut tx = v.desk.db.begin_write().await.unwrap();
    let tie = Kin { person: v.heads[0], relative: v.heads[1], kind: KinKind::Sibling, until: None };
    person::add_kin(&mut tx, v.book, (&tie, 1), (v.desk.now(), "test")).await.unwrap();
    tx.commit().await.unwrap();
    let related =
        greencoin::service::caller::Shopkeeper::of(&Staff { person: Some(v.heads[1]), ..(*v.shop).clone() })
            .unwrap();
    let pick_up = PickUp { credential: code(&order), basket: None };
    let tried = v.desk.collect_order(&related, order.id, &pick_up, "k").await;
    assert_eq!(refused(tried), "kin_household");
}

#[tokio::test]
async fn a_pick_up_that_was_wrong_is_undone_with_its_hold() {
    let v = Village::new().await;
    v.give(0, 150).await;
    let order = place(&v, 0, &[(OIL, 2)], "o").await.unwrap();
    let receipt = collect(&v, &order, &code(&order), Some(&[(OIL, 1)]), "c").await.unwrap();
    let asked = v.desk.request_reversal(&v.clerk, receipt.seq, "取错户").await.unwrap();
    let panel = Staff { user: v.desk.id(), roles: vec![Role::Reviewer], ..(*v.clerk).clone() };
    v.desk.approve_reversal(&Reviewer::of(&panel).unwrap(), asked.id, "").await.unwrap();
    assert_eq!((has(&v, 0).await, pieces(&v, OIL).await), ((150, 0), (10, 0)));
    assert_eq!(balance(&v, "Expenses:Rewards", Commodity::CNYFEN).await, 0);
    // and the quota is free again
    place(&v, 0, &[(OIL, 2)], "again").await.unwrap();
    holds(&v).await;
}

#[tokio::test]
async fn from_choosing_to_the_receipt_on_the_pages_without_script() {
    let mut stall = Stall::new(50).await;
    stall.household(1, 55).await;
    let mut home = stall.app.sign_in_household(&stall.app.village, "H0001").await;
    let counter = stall.counter.id.to_string();
    assert!(home.get("/my/goods").await.expect(200).text().contains("/my/orders/new"));
    assert!(home.get("/my/orders/new").await.expect(200).text().contains("name=\"qty-1\""));
    let none = [("counter", counter.as_str()), ("key", "k0"), ("qty-1", "0")];
    assert!(home.post_form("/my/orders", &none).await.expect(409).text().contains("还没有选商品"));
    let some = [("counter", counter.as_str()), ("key", "k1"), ("qty-1", "20")];
    home.post_form("/my/orders", &some).await.expect(303);
    let page = home.get("/my/orders").await.expect(200).text();
    assert!(page.contains("预约单第1号") && page.contains("取货码"), "{page}");
    let orders = home.get_json("/api/v1/my/orders").await;
    let (id, code) =
        (orders[0]["id"].as_str().unwrap().to_owned(), orders[0]["code"].as_str().unwrap().to_owned());
    assert!(page.contains(&code));
    let shop = &mut stall.shop;
    let list = shop.get("/shop/orders").await.expect(200).text();
    assert!(list.contains("H0001") && list.contains("× 20") && !list.contains(&code), "{list}");
    let at = format!("/shop/orders/{id}");
    let one = shop.get(&at).await.expect(200).text();
    assert!(!one.contains(&code), "who hands over is told the code by who comes");
    let wrong = [("key", "h0"), ("qty-1", "20"), ("code", "1-000000")];
    assert!(shop.post_form(&at, &wrong).await.expect(409).text().contains("取货码"));
    let right = [("key", "h1"), ("qty-1", "15"), ("code", code.as_str())];
    let done = shop.post_form(&at, &right).await.expect(303);
    let receipt = shop.get(done.location()).await.expect(200).text();
    assert!(receipt.contains("data-speak=\"扣15分，余40分\""), "{receipt}");
    assert_eq!(shop.post_form(&at, &right).await.expect(303).location(), done.location());
    assert!(home.get("/my/orders").await.expect(200).text().contains("已取货"));
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    clerk.get("/clerk/orders").await.expect(200);
    clerk.get("/clerk/orders?q=H0001").await.expect(303);
    let some = [("counter", counter.as_str()), ("key", "k2"), ("qty-1", "2")];
    clerk.post_form("/clerk/orders/H0001", &some).await.expect(303);
    let page = clerk.get("/clerk/orders/H0001").await.expect(200).text();
    let orders = home.get_json("/api/v1/my/orders").await;
    assert!(page.contains(orders[0]["code"].as_str().unwrap()), "{page}");
    let second = orders[0]["id"].as_str().unwrap();
    let back = [("order", second), ("why", "mistake")];
    clerk.post_form("/clerk/orders/H0001/cancel", &back).await.expect(303);
    let mine = home.get_json("/api/v1/my/balance").await;
    assert_eq!((mine["available"].clone(), mine["held"].clone()), (json!("40"), json!("0")));
    stall.app.finish().await;
}
