//! Goods that come back and receipts that are void: all legs together, each piece once, never points kept and goods given
//! back twice.

use greencoin::{
    domain::{
        basket::Basket,
        book::TxnKind,
        chart,
        posting::{Commodity, Line},
        returns::{ReturnKind, ReturnedTo},
        time::Day,
    },
    jobs,
    service::{
        ServiceError,
        books::{Order, facts},
        caller::{Reviewer, Role, Shopkeeper, Staff, Storekeeper},
        counters::NewCounter,
        redeem::{
            RedemptionReceipt,
            order::{NewOrder, PickUp},
            returns::{GoodsBack, Returned},
        },
        stock::{Donor, Draft, Incoming},
    },
    store::ledger::read,
};
use serde_json::json;

use crate::{
    stall::Stall,
    village::{HAIRCUT, OIL, SOAP, TOWEL, Village, fact, refused, second_person},
};

const HOUR: i64 = 3_600;

async fn bought(v: &Village, home: usize, items: &[(i64, i64)], key: &str) -> RedemptionReceipt {
    v.redeem(&v.card(home).await, items, key).await.unwrap()
}

async fn back(
    v: &Village,
    of: &RedemptionReceipt,
    shown: &str,
    items: &[(i64, i64)],
    goes_to: ReturnedTo,
    key: &str,
) -> Result<Returned, ServiceError> {
    let basket = Some(Basket::new(items.iter().copied()).unwrap());
    let back = GoodsBack { credential: shown.to_owned(), basket, goes_to };
    v.desk.take_back(&v.shop, of.id, &back, key).await
}

async fn balance(v: &Village, path: &str, commodity: &str) -> i64 {
    let mut tx = v.desk.db.begin_read().await.unwrap();
    read::balance(&mut tx, v.book, path, commodity).await.unwrap()
}

async fn holds(v: &Village) {
    v.check_sums().await;
    let ties = v.desk.stock_ties(v.book).await.unwrap();
    assert!(ties.iter().all(greencoin::service::stock::StockTie::agrees), "{ties:?}");
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

#[tokio::test]
async fn what_comes_back_whole_gives_back_points_goods_cost_and_the_cards_day() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let taken = v.redeem(&v.card(0).await, &[(SOAP, 4)], "k").await.unwrap();
    let card = v.card(0).await;
    let part = back(&v, &taken, &card, &[(SOAP, 3)], ReturnedTo::Shelf, "r").await.unwrap();
    assert_eq!((part.no, part.kind, part.points), (1, ReturnKind::Returned, 1_500));
    assert_eq!((v.available(0).await, v.stock_of(SOAP).await), (45, 19));
    assert_eq!(balance(&v, "Income:Redeemed:C1", Commodity::POINT).await, -500);
    assert_eq!(balance(&v, "Expenses:Rewards", Commodity::CNYFEN).await, 450);
    assert_eq!(balance(&v, "Expenses:Issued", "SKU-000001").await, 1);
    // the same again after a lost answer
    let again = back(&v, &taken, &card, &[(SOAP, 3)], ReturnedTo::Shelf, "r").await.unwrap();
    assert_eq!((again, v.stock_of(SOAP).await), (part.clone(), 19));
    let much = back(&v, &taken, &card, &[(SOAP, 2)], ReturnedTo::Shelf, "r2").await;
    assert_eq!(fact(&much, "left"), "1");
    assert_eq!(refused(much), "returned_already");
    let seen = v.desk.identify(&v.shop, None, &card, None).await.unwrap();
    assert_eq!(seen.card_left, Some(4_500), "5 of 50 points are used today");
    let lines = v.desk.own_statement(&v.resident(0), Default::default(), None, 10).await.unwrap();
    assert_eq!((lines[0].kind.as_str(), lines[0].amount, lines[0].after), ("goods_return", 1_500, 4_500));
    back(&v, &taken, &card, &[(SOAP, 1)], ReturnedTo::Shelf, "r3").await.unwrap();
    assert_eq!(
        refused(back(&v, &taken, &card, &[(SOAP, 1)], ReturnedTo::Shelf, "r4").await),
        "returned_already"
    );
    assert_eq!((v.available(0).await, v.stock_of(SOAP).await), (50, 20));
    let receipt = v.desk.own_receipt(&v.resident(0), taken.id).await.unwrap();
    assert_eq!(receipt.returned.iter().map(|r| r.points).collect::<Vec<_>>(), [1_500, 500]);
    holds(&v).await;
}

#[tokio::test]
async fn faulty_goods_are_written_off_and_the_shelf_stays_as_it_is() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let taken = v.redeem(&v.code(0).await, &[(OIL, 1), (SOAP, 2)], "k").await.unwrap();
    v.clock.advance_seconds(60);
    let code = v.code(0).await;
    back(&v, &taken, &code, &[(OIL, 1)], ReturnedTo::Loss, "r").await.unwrap();
    assert_eq!((v.available(0).await, v.stock_of(OIL).await), (90, 9));
    assert_eq!(balance(&v, "Expenses:Loss", "SKU-000002").await, 1);
    assert_eq!(balance(&v, "Expenses:Loss", Commodity::CNYFEN).await, 4_800);
    // the code is used up, and the quota of the quarter is free again
    assert_eq!(refused(v.redeem(&code, &[(TOWEL, 1)], "x").await), "phone_code_used");
    v.give(0, 100).await;
    v.clock.advance_seconds(60);
    v.redeem(&v.code(0).await, &[(OIL, 2)], "k2").await.unwrap();
    holds(&v).await;
}

#[tokio::test]
async fn after_twenty_four_hours_in_another_name_or_elsewhere_nothing_comes_back() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let taken = bought(&v, 0, &[(SOAP, 2), (HAIRCUT, 1)], "k").await;
    let seq = v.seq().await;
    let (own, other) = (v.card(0).await, v.card(1).await);
    assert_eq!(
        refused(back(&v, &taken, &other, &[(SOAP, 1)], ReturnedTo::Shelf, "1").await),
        "not_their_receipt"
    );
    assert_eq!(
        refused(back(&v, &taken, &own, &[(HAIRCUT, 1)], ReturnedTo::Shelf, "2").await),
        "service_not_returned"
    );
    assert_eq!(refused(back(&v, &taken, &own, &[(OIL, 1)], ReturnedTo::Shelf, "3").await), "not_on_receipt");
    let new = NewCounter { code: "C2".into(), name: "二店".into(), name_en: String::new() };
    v.desk.add_counter(&v.clerk, new).await.unwrap();
    let stranger = Staff { user: v.desk.id(), roles: vec![Role::Shopkeeper], ..(*v.shop).clone() };
    let elsewhere = GoodsBack { credential: own.clone(), basket: None, goes_to: ReturnedTo::Shelf };
    let elsewhere = v.desk.take_back(&Shopkeeper::of(&stranger).unwrap(), taken.id, &elsewhere, "4").await;
    assert!(matches!(elsewhere, Err(ServiceError::NotFound("counter"))), "{elsewhere:?}");
    v.clock.advance_seconds(24 * HOUR);
    let at_last = back(&v, &taken, &own, &[(SOAP, 1)], ReturnedTo::Shelf, "5").await.unwrap();
    assert_eq!(at_last.seq, seq + 1);
    v.clock.advance_seconds(1);
    assert_eq!(
        refused(back(&v, &taken, &own, &[(SOAP, 1)], ReturnedTo::Shelf, "6").await),
        "return_too_late"
    );
    assert_eq!(refused(v.desk.make_void(&v.shop, taken.id, &own, "7").await), "void_too_late");
    holds(&v).await;
}

#[tokio::test]
async fn what_was_typed_wrongly_is_void_on_its_day_services_too() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let taken = bought(&v, 0, &[(SOAP, 2), (HAIRCUT, 1)], "k").await;
    let card = v.card(0).await;
    back(&v, &taken, &card, &[(SOAP, 1)], ReturnedTo::Shelf, "r").await.unwrap();
    let void = v.desk.make_void(&v.shop, taken.id, &card, "v").await.unwrap();
    assert_eq!((void.kind, void.points, void.no), (ReturnKind::Voided, 1_500, 2));
    assert_eq!((v.available(0).await, v.stock_of(SOAP).await), (50, 20));
    assert_eq!(v.desk.make_void(&v.shop, taken.id, &card, "v").await.unwrap(), void);
    assert_eq!(refused(v.desk.make_void(&v.shop, taken.id, &card, "v2").await), "nothing_to_return");
    let day = v.desk.redemptions_of(&v.shop, v.counter.id, v.desk.today(), None, 10).await.unwrap();
    assert_eq!((day.total.points, day.returned.points, day.returned.count), (2_000, 2_000, 2));
    holds(&v).await;
}

#[tokio::test]
async fn what_was_undone_does_not_come_back_and_what_came_back_is_not_undone() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let (first, second) = (bought(&v, 0, &[(SOAP, 2)], "a").await, bought(&v, 0, &[(SOAP, 2)], "b").await);
    let panel = Staff { user: v.desk.id(), roles: vec![Role::Reviewer], ..(*v.clerk).clone() };
    let panel = Reviewer::of(&panel).unwrap();
    let early = v.desk.request_reversal(&v.clerk, first.seq, "记错").await.unwrap();
    let late = v.desk.request_reversal(&v.clerk, second.seq, "记错").await.unwrap();
    v.desk.approve_reversal(&panel, early.id, "").await.unwrap();
    let card = v.card(0).await;
    assert_eq!(
        refused(back(&v, &first, &card, &[(SOAP, 1)], ReturnedTo::Shelf, "1").await),
        "already_reversed"
    );
    let took = back(&v, &second, &card, &[(SOAP, 1)], ReturnedTo::Shelf, "2").await.unwrap();
    assert_eq!(refused(v.desk.approve_reversal(&panel, late.id, "").await), "returned_not_reversed");
    assert_eq!(refused(v.desk.request_reversal(&v.clerk, second.seq, "再试").await), "returned_not_reversed");
    let undo = v.desk.request_reversal(&v.clerk, took.seq, "退错").await.unwrap();
    assert_eq!(refused(v.desk.approve_reversal(&panel, undo.id, "").await), "invalid_link");
    assert_eq!((v.available(0).await, v.stock_of(SOAP).await), (95, 19));
    holds(&v).await;
}

#[tokio::test]
async fn the_same_pieces_at_the_same_moment_come_back_once() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let taken = bought(&v, 0, &[(SOAP, 2)], "k").await;
    let card = v.card(0).await;
    let keys: Vec<String> = (0..16).map(|n| format!("r{n}")).collect();
    let tries = keys.iter().map(|key| back(&v, &taken, &card, &[(SOAP, 1)], ReturnedTo::Shelf, key));
    let done = futures_util::future::join_all(tries).await;
    assert_eq!(done.iter().filter(|d| d.is_ok()).count(), 2);
    let lost: Vec<_> = done.into_iter().filter(Result::is_err).map(refused).collect();
    assert!(lost.iter().all(|code| ["returned_already", "state_changed"].contains(code)), "{lost:?}");
    assert_eq!((v.available(0).await, v.stock_of(SOAP).await), (50, 20));
    holds(&v).await;
}

#[tokio::test]
async fn goods_that_cost_something_else_by_now_come_back_at_what_they_cost_now() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let taken = bought(&v, 0, &[(SOAP, 4)], "k").await;
    let dear = Incoming { sku: SOAP, pieces: 16, cost_fen: Some(650), last_day: None, label: String::new() };
    let draft = Draft::Receipt {
        counter: v.counter.id,
        fund: "Gift".into(),
        donor: Donor::default(),
        lines: vec![dear],
    };
    let paper = v.desk.draw_stock_paper(&Storekeeper::of(&v.clerk).unwrap(), &draft, "").await.unwrap();
    v.desk.approve_stock_paper(&second_person(&v.desk, &v.clerk), paper.id, "").await.unwrap();
    let card = v.card(0).await;
    back(&v, &taken, &card, &[(SOAP, 2)], ReturnedTo::Shelf, "r").await.unwrap();
    assert_eq!(balance(&v, "Expenses:Rewards", Commodity::CNYFEN).await, 900);
    assert_eq!(balance(&v, "Expenses:CostDifference", Commodity::CNYFEN).await, 2 * (450 - 550));
    holds(&v).await;
}

#[tokio::test]
async fn an_order_that_was_collected_comes_back_with_the_quota_it_was_counted_against() {
    let v = Village::new().await;
    v.give(0, 150).await;
    let new = NewOrder { counter: v.counter.id, basket: Basket::new([(OIL, 2)]).unwrap() };
    let order = v.desk.place_order(&v.resident(0), "o", &new).await.unwrap();
    let pick_up = PickUp { credential: order.code.clone().unwrap(), basket: None };
    let receipt = v.desk.collect_order(&v.shop, order.id, &pick_up, "c").await.unwrap();
    let card = v.card(0).await;
    back(&v, &receipt, &card, &[(OIL, 1)], ReturnedTo::Shelf, "r").await.unwrap();
    let new = NewOrder { counter: v.counter.id, basket: Basket::new([(OIL, 1)]).unwrap() };
    v.desk.place_order(&v.resident(0), "o2", &new).await.unwrap();
    let more = v.desk.place_order(&v.resident(0), "o3", &new).await;
    assert_eq!(refused(more), "goods_quota");
    holds(&v).await;
}

/// Points of the first household that lapse after `until`.
async fn lapsing(v: &Village, until: Day) {
    let lines = vec![
        Line::new(chart::budget("Gift").unwrap(), Commodity::point(), 5_000),
        Line::new(chart::household_available("H0001").unwrap(), Commodity::point(), -5_000)
            .expiring(Some(until)),
    ];
    let order = Order {
        key: "lapsing",
        kind: TxnKind::Opening,
        effective_on: v.desk.today(),
        source: None,
        body: facts([("household", "H0001".to_owned())]),
    };
    let command = v.desk.command(&v.clerk.actor(), order, lines).unwrap();
    v.desk.posted(v.book, command, Vec::new()).await.unwrap();
}

#[tokio::test]
async fn points_that_come_back_keep_the_day_on_which_they_lapse() {
    let v = Village::new().await;
    lapsing(&v, v.desk.today().plus(1)).await;
    let taken = bought(&v, 0, &[(SOAP, 4)], "k").await;
    let card = v.card(0).await;
    back(&v, &taken, &card, &[(SOAP, 2)], ReturnedTo::Shelf, "r").await.unwrap();
    assert_eq!(v.available(0).await, 40);
    v.clock.advance_seconds(2 * 24 * HOUR);
    jobs::tick(&v.desk).await.unwrap();
    assert_eq!(v.available(0).await, 0, "bought and brought back, points would never lapse");
    holds(&v).await;
}

#[tokio::test]
async fn points_that_come_back_after_their_day_lapse_with_the_next_sweep() {
    let v = Village::new().await;
    lapsing(&v, v.desk.today()).await;
    let taken = bought(&v, 0, &[(SOAP, 4)], "k").await;
    let card = v.card(0).await;
    v.clock.advance_seconds(22 * HOUR);
    jobs::tick(&v.desk).await.unwrap();
    assert_eq!(v.available(0).await, 0, "what was not spent on its day is gone");
    back(&v, &taken, &card, &[(SOAP, 2)], ReturnedTo::Shelf, "r").await.unwrap();
    assert_eq!(v.available(0).await, 10);
    v.clock.advance_seconds(24 * HOUR);
    jobs::tick(&v.desk).await.unwrap();
    assert_eq!(v.available(0).await, 0, "and what came back of it goes the same way");
    holds(&v).await;
}

#[tokio::test]
async fn from_the_receipt_to_the_points_back_on_the_pages_without_script() {
    let mut stall = Stall::new(50).await;
    let home = stall.household(1, 55).await;
    let card = stall.card(home).await;
    let shop = &mut stall.shop;
    let bought = json!({ "credential": card, "lines": [{ "sku": 1, "pieces": 20 }] });
    let receipt = shop.post_json("/api/v1/redemptions", &bought).await.expect(200).json();
    let at = format!("/shop/receipts/{}", receipt["id"].as_str().unwrap());
    assert!(shop.get(&at).await.expect(200).text().contains("退货／作废"));
    let page = shop.get(&format!("{at}/return")).await.expect(200).text();
    assert!(page.contains("name=\"qty-1\"") && page.contains("整张作废"), "{page}");
    let none = [("key", "a"), ("goes_to", "shelf"), ("code", card.as_str()), ("qty-1", "")];
    shop.post_form(&format!("{at}/return"), &none).await.expect(409);
    let five = [("key", "b"), ("goes_to", "shelf"), ("code", card.as_str()), ("qty-1", "5")];
    let done = shop.post_form(&format!("{at}/return"), &five).await.expect(303);
    assert_eq!(done.location(), at);
    assert!(shop.get(&at).await.expect(200).text().contains("退货：退回5分"));
    let rest = [("key", "c"), ("code", card.as_str())];
    shop.post_form(&format!("{at}/void"), &rest).await.expect(303);
    assert!(shop.get("/shop/today").await.expect(200).text().contains("退货和作废"));
    let mut resident = stall.app.sign_in_household(&stall.app.village, "H0001").await;
    assert_eq!(resident.get_json("/api/v1/my/balance").await["available"], "55");
    assert!(resident.get("/my/statement").await.expect(200).text().contains("退货"));
    stall.app.finish().await;
}
