//! The counter: one posting for points, goods and cost; every way to fail a refusal of its own that changes nothing.

use greencoin::{
    domain::{kin::Kin, kin::KinKind, posting::Commodity},
    service::{
        caller::{Role, Shopkeeper, Staff},
        counters::NewCounter,
        redeem::VISIT_SECONDS,
    },
    store::{household, ledger::read, person},
};

use crate::village::{HAIRCUT, OIL, SOAP, TOWEL, Village, fact, refused};

async fn balance(v: &Village, path: &str, commodity: &str) -> i64 {
    let mut tx = v.desk.db.begin_read().await.unwrap();
    read::balance(&mut tx, v.book, path, commodity).await.unwrap()
}

#[tokio::test]
async fn points_goods_and_cost_move_together() {
    let v = Village::new().await;
    v.give(0, 55).await;
    let code = v.code(0).await;
    let seen = v.desk.identify(&v.shop, None, &code, None).await.unwrap();
    assert_eq!((seen.no.as_str(), seen.masked_name.as_str(), seen.available), ("H0001", "张*国", 5_500));
    assert_eq!((seen.pin_above, seen.card_left), (None, None));
    let receipt = v.redeem(&code, &[(SOAP, 2), (HAIRCUT, 1)], "k1").await.unwrap();
    assert_eq!((receipt.no, receipt.points, receipt.before, receipt.after), (1, 2_000, 5_500, 3_500));
    assert_eq!((receipt.cashier.as_str(), receipt.masked_name.as_str()), ("营业员", "张*国"));
    assert_eq!(receipt.lines.len(), 2);
    assert_eq!((v.available(0).await, v.stock_of(SOAP).await), (35, 18));
    assert_eq!(balance(&v, "Income:Redeemed:C1", Commodity::POINT).await, -2_000);
    assert_eq!(balance(&v, "Expenses:Issued", "SKU-000001").await, 2);
    assert_eq!(balance(&v, "Expenses:Rewards", Commodity::CNYFEN).await, 900);
    let stock_cost = 20 * 450 + 10 * 4_800 + 200 * 80 - 900;
    assert_eq!(balance(&v, "Assets:StockCost:C1", Commodity::CNYFEN).await, stock_cost);
    v.check_sums().await;
}

#[tokio::test]
async fn a_retry_after_a_lost_answer_gives_the_same_receipt_even_when_the_code_has_lapsed() {
    let v = Village::new().await;
    v.give(0, 55).await;
    let code = v.code(0).await;
    let first = v.redeem(&code, &[(SOAP, 1)], "k1").await.unwrap();
    v.clock.advance_seconds(3_600);
    let seq = v.seq().await;
    let mut again = v.redeem(&code, &[(SOAP, 1)], "k1").await.unwrap();
    assert!(again.repeated && !first.repeated);
    again.repeated = false;
    assert_eq!((again, v.seq().await), (first, seq));
    let other = v.redeem(&code, &[(SOAP, 2)], "k1").await;
    assert_eq!(fact(&other, "fields"), "basket");
    assert_eq!(refused(other), "idempotency_conflict");
}

#[tokio::test]
async fn a_phone_code_works_once_and_the_same_basket_again_is_the_same_receipt() {
    let v = Village::new().await;
    v.give(0, 55).await;
    let code = v.code(0).await;
    let first = v.redeem(&code, &[(SOAP, 1)], "k1").await.unwrap();
    let again = v.redeem(&code, &[(SOAP, 1)], "k2").await.unwrap();
    assert_eq!((again.no, again.repeated), (first.no, true));
    let other = v.redeem(&code, &[(SOAP, 2)], "k3").await;
    assert_eq!(fact(&other, "receipt"), "1");
    assert_eq!(refused(other), "phone_code_used");
    assert_eq!(refused(v.desk.identify(&v.shop, None, &code, None).await), "phone_code_used");
    assert_eq!(v.available(0).await, 50);
}

#[tokio::test]
async fn a_code_that_is_used_at_the_same_moment_by_two_is_used_once() {
    let v = Village::new().await;
    v.give(0, 55).await;
    let code = v.code(0).await;
    let (a, b) = tokio::join!(v.redeem(&code, &[(SOAP, 1)], "a"), v.redeem(&code, &[(SOAP, 1)], "b"));
    assert_eq!(a.unwrap().no, b.unwrap().no);
    assert_eq!((v.available(0).await, v.stock_of(SOAP).await), (50, 19));
    v.clock.advance_seconds(1);
    let code = v.code(0).await;
    let (a, b) = tokio::join!(v.redeem(&code, &[(SOAP, 1)], "c"), v.redeem(&code, &[(TOWEL, 1)], "d"));
    let codes = [a, b].map(|r| r.map_or_else(|e| refused::<()>(Err(e)), |_| "ok"));
    assert!(codes.contains(&"ok") && codes.contains(&"phone_code_used"), "{codes:?}");
}

#[tokio::test]
async fn every_refusal_is_its_own_and_changes_nothing() {
    let v = Village::new().await;
    let other = v.neighbour().await;
    v.give(0, 30).await;
    other.give(0, 30).await;
    let (lapsed, foreign) = (v.code(0).await, other.code(0).await);
    v.clock.advance_seconds(61);
    let seq = v.seq().await;
    let ask = async |credential: &str, items: &[(i64, i64)]| {
        let key = format!("{credential} {items:?}");
        refused(v.redeem(credential, items, &key).await)
    };
    assert_eq!(ask(&lapsed, &[(SOAP, 1)]).await, "code_lapsed");
    assert_eq!(ask("1234", &[(SOAP, 1)]).await, "card_needed");
    assert_eq!(ask("9876543210", &[(SOAP, 1)]).await, "code_unreadable");
    v.clock.set(crate::engine::morning());
    assert_eq!(ask(&foreign, &[(SOAP, 1)]).await, "wrong_village");
    let last = if foreign.ends_with('1') { "2" } else { "1" };
    let forged = format!("{}{last}", foreign.get(..47).unwrap());
    assert_eq!(ask(&forged, &[(SOAP, 1)]).await, "code_forged");
    let living = v.code(0).await;
    let short = v.redeem(&living, &[(SOAP, 7)], "short").await;
    assert_eq!((fact(&short, "needed").as_str(), fact(&short, "available").as_str()), ("35", "30"));
    assert_eq!(refused(short), "insufficient_points");
    assert_eq!(ask(&living, &[(TOWEL, 201)]).await, "order_limit");
    assert_eq!(ask(&living, &[(99, 1)]).await, "article_unknown");
    v.desk.set_on_sale(&v.clerk, TOWEL, false).await.unwrap();
    assert_eq!(ask(&living, &[(TOWEL, 1)]).await, "not_on_sale");
    v.desk.set_counter_open(&v.shop, v.counter.id, false).await.unwrap();
    assert_eq!(ask(&living, &[(SOAP, 1)]).await, "counter_closed");
    assert_eq!(refused(v.desk.identify(&v.shop, None, &living, None).await), "counter_closed");
    v.desk.set_counter_open(&v.shop, v.counter.id, true).await.unwrap();
    let foreign_card = other.card(0).await;
    assert_eq!(ask(&foreign_card, &[(SOAP, 1)]).await, "card_unknown");
    assert_eq!((v.seq().await, v.available(0).await, v.stock_of(SOAP).await), (seq, 30, 20));
}

#[tokio::test]
async fn a_refused_key_stays_refused_and_a_new_key_may_succeed() {
    let v = Village::new().await;
    v.give(0, 3).await;
    let code = v.code(0).await;
    assert_eq!(refused(v.redeem(&code, &[(SOAP, 1)], "k").await), "insufficient_points");
    v.give(0, 10).await;
    assert_eq!(refused(v.redeem(&code, &[(SOAP, 1)], "k").await), "insufficient_points");
    assert_eq!(v.redeem(&code, &[(SOAP, 1)], "k2").await.unwrap().after, 800);
}

#[tokio::test]
async fn an_empty_shelf_is_named_and_takes_no_points() {
    let v = Village::new().await;
    v.give(0, 190).await;
    let out = v.redeem(&v.code(0).await, &[(SOAP, 21)], "k").await;
    assert_eq!((fact(&out, "article").as_str(), fact(&out, "available").as_str()), ("香皂", "20"));
    assert_eq!(refused(out), "out_of_stock");
    assert_eq!((v.available(0).await, v.stock_of(SOAP).await), (190, 20));
}

#[tokio::test]
async fn the_server_takes_its_own_price_and_keeps_it_on_the_receipt() {
    let v = Village::new().await;
    v.give(0, 55).await;
    let (soap, _) = v.desk.article(v.book, SOAP).await.unwrap();
    v.desk.set_price(&v.clerk, SOAP, soap.price_version, 700).await.unwrap();
    let receipt = v.redeem(&v.code(0).await, &[(SOAP, 1), (SOAP, 1)], "k").await.unwrap();
    assert_eq!((receipt.points, receipt.lines[0].price, receipt.lines[0].quantity), (1_400, 700, 2));
    v.desk.set_price(&v.clerk, SOAP, 2, 900).await.unwrap();
    assert_eq!(v.desk.receipt(&v.shop, receipt.id).await.unwrap().points, 1_400);
    let (_, history) = v.desk.article(v.book, SOAP).await.unwrap();
    assert_eq!(history.iter().map(|p| p.price).collect::<Vec<_>>(), [900, 700, 500]);
    assert_eq!(refused(v.desk.set_price(&v.clerk, SOAP, 1, 100).await), "state_changed");
}

#[tokio::test]
async fn a_household_takes_no_more_of_an_article_than_its_quota_in_a_period() {
    let v = Village::new().await;
    v.give(0, 400).await;
    v.redeem(&v.code(0).await, &[(OIL, 2)], "k1").await.unwrap();
    v.clock.advance_seconds(1);
    let third = v.redeem(&v.code(0).await, &[(OIL, 1)], "k2").await;
    assert_eq!((fact(&third, "article").as_str(), fact(&third, "limit").as_str()), ("食用油", "2"));
    assert_eq!(refused(third), "goods_quota");
    v.clock.advance_seconds(28 * 86_400);
    assert_eq!(v.redeem(&v.code(0).await, &[(OIL, 1)], "k3").await.unwrap().no, 2);
}

#[tokio::test]
async fn somebody_whose_code_was_read_in_time_may_finish_choosing() {
    let v = Village::new().await;
    v.give(0, 55).await;
    let code = v.code(0).await;
    let seen = v.desk.identify(&v.shop, None, &code, None).await.unwrap();
    v.clock.advance_seconds(200);
    let mut request = v.request(&code, &[(SOAP, 1)]);
    assert_eq!(refused(v.desk.redeem(&v.shop, &request, "k1").await), "code_lapsed");
    request.visit = seen.visit.clone();
    assert_eq!(v.desk.redeem(&v.shop, &request, "k2").await.unwrap().no, 1);
    v.clock.advance_seconds(1);
    let slow = v.code(0).await;
    let mut late = v.request(&slow, &[(SOAP, 1)]);
    late.visit = v.desk.identify(&v.shop, None, &slow, None).await.unwrap().visit;
    v.clock.advance_seconds(VISIT_SECONDS);
    assert_eq!(refused(v.desk.redeem(&v.shop, &late, "k4").await), "code_lapsed");
    let (first, second) = (v.code(0).await, v.code(1).await);
    let mut stolen = v.request(&second, &[(SOAP, 1)]);
    stolen.visit = v.desk.identify(&v.shop, None, &first, None).await.unwrap().visit;
    v.clock.advance_seconds(61);
    assert_eq!(refused(v.desk.redeem(&v.shop, &stolen, "k3").await), "code_lapsed");
}

#[tokio::test]
async fn two_counters_have_two_shelves() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let new = NewCounter { code: "C2".into(), name: "南村兑换点".into(), name_en: String::new() };
    let second = v.desk.add_counter(&v.clerk, new).await.unwrap();
    let mut request = v.request(&v.code(0).await, &[(SOAP, 1)]);
    request.counter = Some(second.id);
    assert!(v.desk.redeem(&v.shop, &request, "k1").await.is_err(), "nobody redeems where they do not stand");
    v.desk.add_keeper(&v.clerk, second.id, v.shop.user).await.unwrap();
    assert_eq!(refused(v.desk.redeem(&v.shop, &request, "k2").await), "out_of_stock");
    v.deliver(second.id, &[(SOAP, 1)]).await;
    assert_eq!(v.desk.redeem(&v.shop, &request, "k3").await.unwrap().counter, second.id);
    assert_eq!(v.stock_of(SOAP).await, 20);
    let stock = v.desk.goods(v.book, 0, 10).await.unwrap();
    assert_eq!((stock[0].at("C2"), stock[0].total()), (0, 20));
}

#[tokio::test]
async fn nobody_hands_goods_to_their_own_household_or_kin_alone() {
    let v = Village::new().await;
    v.give(0, 50).await;
    v.give(1, 50).await;
    let mut tx = v.desk.db.begin_write().await.unwrap();
    let tie = Kin { person: v.heads[0], relative: v.heads[1], kind: KinKind::Sibling, until: None };
    person::add_kin(&mut tx, v.book, (&tie, 1), (v.desk.now(), "test")).await.unwrap();
    tx.commit().await.unwrap();
    let staff = Staff { person: Some(v.heads[0]), roles: vec![Role::Shopkeeper], ..Staff::clone(&v.shop) };
    let shop = Shopkeeper::of(&staff).unwrap();
    let own = v.request(&v.code(0).await, &[(SOAP, 1)]);
    assert_eq!(refused(v.desk.redeem(&shop, &own, "k1").await), "second_needed");
    let kin = v.request(&v.code(1).await, &[(SOAP, 1)]);
    assert_eq!(refused(v.desk.redeem(&shop, &kin, "k2").await), "second_needed");
}

#[tokio::test]
async fn a_frozen_household_redeems_nothing() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let code = v.code(0).await;
    let mut tx = v.desk.db.begin_write().await.unwrap();
    use greencoin::domain::household::{FreezeReason, HouseholdState};
    let frozen = HouseholdState::Frozen(FreezeReason::Dispute);
    household::set_state(&mut tx, v.book, v.homes[0], HouseholdState::Active, frozen, None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(refused(v.redeem(&code, &[(SOAP, 1)], "k1").await), "household_frozen");
    assert_eq!(refused(v.desk.phone_code(&v.resident(0)).await), "household_frozen");
}

#[tokio::test]
async fn the_day_list_counts_what_went_over_the_counter() {
    let v = Village::new().await;
    for home in 0..3 {
        v.give(home, 50).await;
        v.redeem(&v.code(home).await, &[(SOAP, 2)], &format!("k{home}")).await.unwrap();
    }
    let today = v.desk.today();
    let list = v.desk.redemptions_of(&v.shop, v.counter.id, today, None, 2).await.unwrap();
    assert_eq!(list.rows.iter().map(|r| r.no).collect::<Vec<_>>(), [3, 2]);
    assert_eq!((list.total.count, list.total.points, list.total.cost_fen), (3, 3_000, 2_700));
    let rest = v.desk.redemptions_of(&v.shop, v.counter.id, today, Some(2), 2).await.unwrap();
    assert_eq!(rest.rows.iter().map(|r| r.no).collect::<Vec<_>>(), [1]);
    let tomorrow = v.desk.redemptions_of(&v.shop, v.counter.id, today.plus(1), None, 2).await.unwrap();
    assert_eq!(tomorrow.total.count, 0);
    let other = v.neighbour().await;
    assert!(other.desk.receipt(&other.shop, list.rows[0].id).await.is_err());
    assert!(other.desk.receipt(&other.clerk, list.rows[0].id).await.is_err());
}
