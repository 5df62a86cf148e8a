//! Private shops, who may and who may not: refusals of their own that change nothing, each side only its part, a shop only
//! its own; the pages; and what `verify` makes of papers that were changed.

use std::sync::Arc;

use greencoin::{
    domain::household::HouseholdNo,
    service::{
        ServiceError,
        caller::{Clerk, Reviewer, Role, Shopkeeper, Staff, StockReader, StockWitness},
        shops::NewShop,
    },
};
use serde_json::json;

use crate::{
    engine::{Engine, clock},
    intruder::{Intruder, other},
    shops::{DAY, Shop, counter, staff, terms},
    stall::Stall,
    village::{SOAP, Village, refused},
};

/// The tables, and what may change unseen.
const TABLES: [(&str, &[&str]); 5] = [
    ("shop_agreement", &["book_id"]),
    ("shop_statement", &["book_id"]),
    ("shop_statement_line", &["book_id"]),
    ("shop_step", &["book_id"]),
    ("shop_payment", &["book_id"]),
];

#[tokio::test]
async fn whatever_column_of_a_shops_papers_is_changed_verify_notices() {
    let (engine, clock) = (Arc::new(Engine::sqlite()), clock());
    let desk = engine.desk(&clock).await;
    let shop = Shop::in_village(Village::on(engine.clone(), clock, desk, 1).await).await;
    shop.redeem(0, &[(SOAP, 2)]).await.unwrap();
    shop.next_month().await;
    let id = shop.draw().await.row.id;
    let reader = StockReader::of(&shop.keeper).unwrap();
    shop.v.desk.dispute_shop_statement(&reader, id, "少了一笔").await.unwrap();
    shop.v.desk.answer_shop_dispute(&shop.v.clerk, id, "不少").await.unwrap();
    shop.paid(id).await;
    shop.v.desk.end_shop_agreement(&shop.v.clerk, shop.id(), "到此为止").await.unwrap();
    shop.sound().await;
    let mut intruder = Intruder::at(&engine.url).await;
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for (table, unseen) in TABLES {
        intruder.keep(table).await;
        let (columns, _) = intruder.columns(table).await;
        for (column, kind) in columns.iter().filter(|(column, _)| !unseen.contains(&column.as_str())) {
            intruder.run(&format!("UPDATE {table} SET {column} = {}", other(column, kind))).await;
            tried += 1;
            if shop.v.desk.verify_books(Some(1)).await.is_ok_and(|report| report.holds()) {
                wrong.push(format!("{table}.{column}"));
            }
            intruder.restore(table).await;
        }
    }
    assert!(wrong.is_empty() && tried > 50, "of {tried}: {wrong:?}");
    shop.sound().await;
}

#[tokio::test]
async fn an_agreement_takes_two_people_who_are_neither_the_shop_nor_its_household() {
    let v = Village::new().await;
    let (at, keeper) = counter(&v, "S1").await;
    let own = Staff { roles: vec![Role::Clerk], ..(*keeper).clone() };
    let itself = v.desk.draw_shop_agreement(&Clerk::of(&own).unwrap(), &terms(&v, &at)).await;
    assert_eq!(refused(itself), "own_shop");
    let of_home = NewShop { household: Some(HouseholdNo::from_ordinal(1)), ..terms(&v, &at) };
    let of_family = Staff { person: Some(v.heads[0]), ..staff(&v, Role::Clerk) };
    let kin = v.desk.draw_shop_agreement(&Clerk::of(&of_family).unwrap(), &of_home).await;
    assert_eq!(refused(kin), "kin_of_the_shop");
    let unknown = Staff { known: false, ..staff(&v, Role::Clerk) };
    let unsaid = v.desk.draw_shop_agreement(&Clerk::of(&unknown).unwrap(), &terms(&v, &at)).await;
    assert_eq!(refused(unsaid), "identity_unsaid");
    let drawn = v.desk.draw_shop_agreement(&v.clerk, &of_home).await.unwrap();
    assert_eq!(v.desk.draw_shop_agreement(&v.clerk, &of_home).await.unwrap(), drawn);
    let alone = Staff { roles: vec![Role::Clerk, Role::Reviewer], ..(*v.clerk).clone() };
    let both = v.desk.agree_shop_agreement(&Reviewer::of(&alone).unwrap(), drawn.id).await;
    assert_eq!(refused(both), "own_agreement");
    let shopkeeper = Staff { roles: vec![Role::Shopkeeper, Role::Reviewer], ..(*keeper).clone() };
    let itself = v.desk.agree_shop_agreement(&Reviewer::of(&shopkeeper).unwrap(), drawn.id).await;
    assert_eq!(refused(itself), "own_shop");
    let family = Staff { person: Some(v.heads[0]), ..staff(&v, Role::Reviewer) };
    let kin = v.desk.agree_shop_agreement(&Reviewer::of(&family).unwrap(), drawn.id).await;
    assert_eq!(refused(kin), "kin_of_the_shop");
    let second = Reviewer::of(&staff(&v, Role::Reviewer)).unwrap();
    let agreed = v.desk.agree_shop_agreement(&second, drawn.id).await.unwrap();
    assert_eq!(v.desk.agree_shop_agreement(&second, drawn.id).await.unwrap(), agreed);
    assert_eq!(refused(v.desk.refuse_shop_agreement(&second, drawn.id, "晚了").await), "already_decided");
    assert!(v.desk.verify_books(None).await.unwrap().holds());
}

#[tokio::test]
async fn terms_that_cannot_be_are_refused_and_nothing_is_drawn_up() {
    let v = Village::new().await;
    let (at, _) = counter(&v, "S1").await;
    let today = v.desk.today();
    let good = terms(&v, &at);
    let wrong = [
        (NewShop { name: " ".into(), ..good.clone() }, "text_missing"),
        (NewShop { licence: String::new(), ..good.clone() }, "text_missing"),
        (NewShop { name: "长".repeat(101), ..good.clone() }, "text_too_long"),
        (NewShop { discount: 301, ..good.clone() }, "quantity_out_of_range"),
        (NewShop { discount: -1, ..good.clone() }, "quantity_out_of_range"),
        (NewShop { settles_on: 0, ..good.clone() }, "quantity_out_of_range"),
        (NewShop { settles_on: 29, ..good.clone() }, "quantity_out_of_range"),
        (NewShop { until: today.plus(-1), from: today.plus(-9), ..good.clone() }, "shop_days"),
        (NewShop { from: today.plus(2), until: today.plus(1), ..good.clone() }, "shop_days"),
        (NewShop { until: today.plus(4_000), ..good.clone() }, "shop_days"),
    ];
    for (new, code) in wrong {
        assert_eq!(refused(v.desk.draw_shop_agreement(&v.clerk, &new).await), code, "{new:?}");
    }
    let nowhere = NewShop { counter: v.desk.id(), ..good.clone() };
    let nowhere = v.desk.draw_shop_agreement(&v.clerk, &nowhere).await;
    assert!(matches!(nowhere, Err(ServiceError::NotFound("counter"))), "{nowhere:?}");
    assert!(v.desk.shops(&StockReader::of(&v.clerk).unwrap()).await.unwrap().is_empty());
    // the village's own counter has goods on its shelf
    let own = NewShop { counter: v.counter.id, ..good.clone() };
    let drawn = v.desk.draw_shop_agreement(&v.clerk, &own).await.unwrap();
    let second = Reviewer::of(&staff(&v, Role::Reviewer)).unwrap();
    assert_eq!(refused(v.desk.agree_shop_agreement(&second, drawn.id).await), "shop_has_stock");
    v.desk.refuse_shop_agreement(&second, drawn.id, "有库存").await.unwrap();
    v.desk.draw_shop_agreement(&v.clerk, &good).await.unwrap();
    let other = NewShop { discount: 0, from: today.plus(5), ..good };
    assert_eq!(refused(v.desk.draw_shop_agreement(&v.clerk, &other).await), "shop_overlaps");
    assert!(v.desk.verify_books(None).await.unwrap().holds());
}

#[tokio::test]
async fn a_private_shop_keeps_no_goods_orders_or_points_of_the_village() {
    use greencoin::{
        domain::basket::Basket,
        service::{
            caller::Storekeeper,
            holds::NewHold,
            redeem::order::NewOrder,
            stock::{Donor, Draft},
        },
    };
    let shop = Shop::new().await;
    let v = &shop.v;
    let at = shop.counter.id;
    let seq = v.seq().await;
    let lines = vec![crate::stock::incoming(SOAP, 1, 450, None)];
    let draft = Draft::Receipt { counter: at, fund: "Gift".into(), donor: Donor::default(), lines };
    let paper = v.desk.draw_stock_paper(&Storekeeper::of(&v.clerk).unwrap(), &draft, "").await;
    assert_eq!(refused(paper), "shop_goods_only");
    let new = NewOrder { counter: at, basket: Basket::new([(SOAP, 1)]).unwrap() };
    assert_eq!(refused(v.desk.place_order(&v.resident(0), "o", &new).await), "shop_goods_only");
    let hold = NewHold { household: v.homes[0], counter: at, points: 100, until: None, reason: "留".into() };
    assert_eq!(refused(v.desk.place_hold(&v.clerk, "h", &hold).await), "shop_goods_only");
    assert_eq!(v.seq().await, seq);
}

#[tokio::test]
async fn a_statement_is_confirmed_by_the_shop_and_by_somebody_else_of_the_village() {
    let shop = Shop::new().await;
    let v = &shop.v;
    shop.redeem(0, &[(SOAP, 1)]).await.unwrap();
    shop.next_month().await;
    let id = shop.draw().await.row.id;
    let who_drew = StockWitness::of(&v.clerk).unwrap();
    assert_eq!(refused(v.desk.confirm_for_village(&who_drew, id).await), "own_statement");
    let keeper = Staff { roles: vec![Role::Shopkeeper, Role::Reviewer], ..(*shop.keeper).clone() };
    let itself = v.desk.confirm_for_village(&StockWitness::of(&keeper).unwrap(), id).await;
    assert_eq!(refused(itself), "own_shop");
    let only_shop = v.desk.confirm_for_village(&StockWitness::of(&shop.keeper).unwrap(), id).await;
    assert!(matches!(only_shop, Err(ServiceError::NotAllowed)), "{only_shop:?}");
    let elsewhere = v.desk.confirm_as_shop(&v.shop, id).await;
    assert!(matches!(elsewhere, Err(ServiceError::NotFound("shop_statement"))), "{elsewhere:?}");
    let drew = Staff { roles: vec![Role::Shopkeeper, Role::Clerk], ..(*v.clerk).clone() };
    v.desk.add_keeper(&v.clerk, shop.counter.id, v.clerk.user).await.unwrap();
    let both = v.desk.confirm_as_shop(&Shopkeeper::of(&drew).unwrap(), id).await;
    assert_eq!(refused(both), "both_sides");
    let empty = v.desk.dispute_shop_statement(&StockReader::of(&shop.keeper).unwrap(), id, " ").await;
    assert_eq!(refused(empty), "text_missing");
    let auditor = StockReader::of(&staff(v, Role::Auditor)).unwrap();
    let reads_only = v.desk.dispute_shop_statement(&auditor, id, "不对").await;
    assert!(matches!(reads_only, Err(ServiceError::NotAllowed)), "{reads_only:?}");
}

#[tokio::test]
async fn a_payment_names_its_source_and_voucher_and_a_day_that_has_come() {
    use greencoin::service::shops::pay::NewShopPayment;
    let shop = Shop::new().await;
    let v = &shop.v;
    shop.redeem(0, &[(SOAP, 1)]).await.unwrap();
    shop.next_month().await;
    let id = shop.draw().await.row.id;
    shop.reviewed(id).await;
    let seq = v.seq().await;
    let good = shop.payment();
    for (new, code) in [
        (NewShopPayment { voucher: " ".into(), ..good.clone() }, "text_missing"),
        (NewShopPayment { payer: String::new(), ..good.clone() }, "text_missing"),
        (NewShopPayment { paid_on: v.desk.today().plus(1), ..good.clone() }, "future_date"),
    ] {
        assert_eq!(refused(v.desk.pay_shop_statement(&shop.township(), id, &new).await), code);
    }
    let nowhere = NewShopPayment { fund: "None".into(), ..good };
    let nowhere = v.desk.pay_shop_statement(&shop.township(), id, &nowhere).await;
    assert!(matches!(nowhere, Err(ServiceError::NotFound("fund"))), "{nowhere:?}");
    assert_eq!(v.seq().await, seq);
}

#[tokio::test]
async fn a_shop_sees_only_its_own_agreement_and_statements() {
    let shop = Shop::new().await;
    let v = &shop.v;
    let (at, other_keeper) = counter(v, "S2").await;
    let drawn = v.desk.draw_shop_agreement(&v.clerk, &terms(v, &at)).await.unwrap();
    shop.redeem(0, &[(SOAP, 1)]).await.unwrap();
    shop.next_month().await;
    let id = shop.draw().await.row.id;
    let (mine, theirs) = (StockReader::of(&shop.keeper).unwrap(), StockReader::of(&other_keeper).unwrap());
    let seen: Vec<_> = v.desk.shops(&mine).await.unwrap().into_iter().map(|s| s.row.id).collect();
    assert_eq!(seen, [shop.id()]);
    let seen: Vec<_> = v.desk.shops(&theirs).await.unwrap().into_iter().map(|s| s.row.id).collect();
    assert_eq!(seen, [drawn.id]);
    assert!(v.desk.shop_statement(&mine, id).await.is_ok());
    for refused in [
        v.desk.shop(&theirs, shop.id()).await.map(drop),
        v.desk.shop_statement(&theirs, id).await.map(drop),
        v.desk.shop_statements(&theirs, shop.id()).await.map(drop),
        v.desk.take_shop_step(&theirs, id, "dispute", "x").await.map(drop),
        v.desk.end_shop_agreement(&theirs, shop.id(), "x").await.map(drop),
    ] {
        assert!(matches!(refused, Err(ServiceError::NotFound(_))), "{refused:?}");
    }
    let all = v.desk.shops(&StockReader::of(&staff(v, Role::Auditor)).unwrap()).await.unwrap();
    assert_eq!(all.len(), 2);
}

#[tokio::test]
async fn two_who_pay_the_same_statement_at_once_pay_it_once() {
    let shop = Shop::new().await;
    let v = &shop.v;
    shop.redeem(0, &[(SOAP, 2)]).await.unwrap();
    shop.next_month().await;
    let id = shop.draw().await.row.id;
    shop.reviewed(id).await;
    let (a, b, paper) = (shop.township(), shop.township(), shop.payment());
    let (a, b) =
        tokio::join!(v.desk.pay_shop_statement(&a, id, &paper), v.desk.pay_shop_statement(&b, id, &paper));
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    assert_eq!(shop.owed().await, 0);
    v.clock.advance_seconds(DAY);
    shop.sound().await;
}

#[tokio::test]
async fn from_the_agreement_to_the_payment_on_the_pages() {
    let mut stall = Stall::new(50).await;
    let desk = stall.app.desk.clone();
    let home = stall.household(1, 55).await;
    let card = stall.card(home).await;
    let new = greencoin::service::counters::NewCounter {
        code: "S1".into(),
        name: "老王小卖部".into(),
        name_en: "Wang's".into(),
    };
    let at = desk.add_counter(&stall.clerk, new).await.unwrap();
    let user = stall.app.user("wang", Role::Shopkeeper, stall.app.village.org).await;
    desk.add_keeper(&stall.clerk, at.id, user.id).await.unwrap();
    let (id, until) = (at.id.to_string(), desk.today().plus(300).to_string());
    let from = desk.today().to_string();
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    let fields = [
        ("counter", id.as_str()),
        ("name", "老王小卖部"),
        ("licence", "92530302MA6K"),
        ("household", ""),
        ("discount", "50"),
        ("settles_on", "5"),
        ("from", from.as_str()),
        ("until", until.as_str()),
    ];
    let mut wrong = fields;
    wrong[4] = ("discount", "500");
    clerk.post_form("/shops", &wrong).await.expect(422);
    let page = clerk.post_form("/shops", &fields).await.expect(303).location().to_owned();
    assert!(clerk.get(&page).await.expect(200).text().contains("待第二人同意"));
    let mut reviewer = stall.app.sign_in(Role::Reviewer).await;
    reviewer.post_form(&page, &[("act", "agree")]).await.expect(303);
    let mut shop = stall.app.sign_in_as(&user).await;
    let bought = json!({ "credential": card, "lines": [{ "sku": 1, "pieces": 2 }] });
    shop.post_json("/api/v1/redemptions", &bought).await.expect(200);
    assert!(shop.get("/shop").await.expect(200).text().contains("href=\"/shops\""));
    assert!(shop.get(&page).await.expect(200).text().contains("1.90"));
    assert!(!stall.shop.get("/shops").await.expect(200).text().contains("老王小卖部"));
    stall.shop.get(&page).await.expect(404);
    clerk.post_form(&page, &[("act", "statement")]).await.expect(422);
    stall.app.clock.advance_seconds(40 * DAY);
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    let statement = clerk.post_form(&page, &[("act", "statement")]).await.expect(303).location().to_owned();
    let mut shop = stall.app.sign_in_as(&user).await;
    let shown = shop.get(&statement).await.expect(200).text();
    assert!(shown.contains("confirm_shop") && !shown.contains("confirm_village"), "{shown}");
    shop.post_form(&statement, &[("verb", "confirm_shop")]).await.expect(303);
    let mut reviewer = stall.app.sign_in(Role::Reviewer).await;
    reviewer.post_form(&statement, &[("verb", "confirm_village")]).await.expect(303);
    let mut town = stall.app.sign_in(Role::Township).await;
    let own = format!("{statement}?v={}", stall.app.village.no);
    town.get(&own).await.expect(200);
    town.post_form(&statement, &[("verb", "review")]).await.expect(303);
    let shown = town.get(&statement).await.expect(200).text();
    assert!(shown.contains("value=\"pay\""), "{shown}");
    let day = desk.today().to_string();
    let paid = [
        ("verb", "pay"),
        ("fund", "Gift"),
        ("payer", "镇财政所"),
        ("voucher", "付-1"),
        ("paid_on", day.as_str()),
    ];
    town.post_form(&statement, &paid).await.expect(303);
    let mut auditor = stall.app.sign_in(Role::Auditor).await;
    auditor.get(&own).await.expect(200);
    let shown = auditor.get(&statement).await.expect(200).text();
    assert!(shown.contains("付-1") && shown.contains("已付款") && shown.contains("1.90"), "{shown}");
    let list = auditor.get_json("/api/v1/shops").await;
    assert_eq!((list[0]["owed"].as_str(), list[0]["state"].as_str()), (Some("0.00"), Some("agreed")));
    stall.app.finish().await;
}

#[tokio::test]
async fn the_days_of_two_agreements_about_one_counter_run_on() {
    let shop = Shop::new().await;
    let v = &shop.v;
    shop.redeem(0, &[(SOAP, 2)]).await.unwrap();
    v.desk.end_shop_agreement(&v.clerk, shop.id(), "改让利").await.unwrap();
    v.clock.advance_seconds(DAY);
    let new = NewShop { discount: 100, ..terms(v, &shop.counter) };
    let drawn = v.desk.draw_shop_agreement(&v.clerk, &new).await.unwrap();
    let second = Reviewer::of(&staff(v, Role::Reviewer)).unwrap();
    let next = v.desk.agree_shop_agreement(&second, drawn.id).await.unwrap();
    shop.redeem(0, &[(SOAP, 2)]).await.unwrap();
    assert_eq!(shop.owed().await, 950 + 900);
    let first = shop.draw().await;
    assert_eq!((first.row.no, first.row.net_fen, first.row.last_day), (1, 950, next.from_day.plus(-1)));
    shop.next_month().await;
    let second = v.desk.draw_shop_statement(&v.clerk, next.id, None).await.unwrap();
    assert_eq!((second.row.no, second.row.from_seq, second.row.net_fen), (2, first.row.upto_seq, 900));
    shop.sound().await;
}
