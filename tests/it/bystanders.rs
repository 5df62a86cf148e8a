//! Who stands beside a household at the counter: witnesses, second persons, and cards that are lost.

use greencoin::{
    domain::{
        bystander::{NothingShown, Part, Recused},
        kin::{Kin, KinKind},
        returns::ReturnedTo,
    },
    service::{
        ServiceError,
        caller::{Bookkeeper, Role, Shopkeeper, Staff},
        redeem::{
            Bystander, CredentialKind, RedeemRequest, RedemptionReceipt,
            order::{NewOrder, PickUp},
            returns::GoodsBack,
        },
        statement::{Score, Why},
    },
    store::person,
};
use serde_json::json;

use crate::{
    bearers::helper,
    engine::Engine,
    intruder::Intruder,
    stall::Stall,
    village::{SOAP, TOWEL, Village, fact, refused},
};

const PIN: &str = "258146";
const DAY: i64 = 86_400;

pub fn beside(part: Part, who: &str) -> Bystander {
    let reason = (part == Part::Witness).then_some(NothingShown::Forgot);
    Bystander { part, who: who.to_owned(), secret: PIN.to_owned(), reason }
}

/// A village whose households all have a PIN and points.
pub async fn village() -> Village {
    with_pins(Village::new().await).await
}

async fn with_pins(v: Village) -> Village {
    for home in 0..6 {
        v.desk.set_pin(&v.clerk, v.homes[home], PIN).await.unwrap();
        v.give(home, 200).await;
    }
    v
}

pub async fn with(
    v: &Village,
    (shown, items): (&str, &[(i64, i64)]),
    who: Bystander,
    key: &str,
) -> Result<RedemptionReceipt, ServiceError> {
    let request = RedeemRequest { bystander: Some(who), ..v.request(shown, items) };
    v.desk.redeem(&v.shop, &request, key).await
}

/// The shopkeeper as the head of the first household, whose sibling is the head of the second.
async fn related(v: &Village) -> Shopkeeper {
    let mut tx = v.desk.db.begin_write().await.unwrap();
    let tie = Kin { person: v.heads[0], relative: v.heads[1], kind: KinKind::Sibling, until: None };
    person::add_kin(&mut tx, v.book, (&tie, 1), (v.desk.now(), "test")).await.unwrap();
    tx.commit().await.unwrap();
    let staff = Staff { person: Some(v.heads[0]), ..Staff::clone(&v.shop) };
    Shopkeeper::of(&staff).unwrap()
}

pub fn books(v: &Village) -> Bookkeeper {
    Bookkeeper::of(&v.clerk).unwrap()
}

pub async fn holds(v: &Village) {
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

#[tokio::test]
async fn a_household_with_nothing_to_show_takes_a_little_with_a_witness_and_everybody_reads_it() {
    let v = village().await;
    let who = v.desk.identify_with(&v.shop, None, ("H0001", None), Some(Part::Witness)).await.unwrap();
    assert_eq!((who.credential, who.card_left, who.recused), (CredentialKind::Number, None, None));
    assert_eq!(refused(v.desk.identify(&v.shop, None, "H0001", None).await), "card_needed");
    let witness = beside(Part::Witness, "H0002");
    let taken = with(&v, ("H0001", &[(SOAP, 2)]), witness.clone(), "k1").await.unwrap();
    assert_eq!(taken.credential, "witness");
    let stood = taken.beside.clone().unwrap();
    assert_eq!((stood.part, stood.who.as_str()), (Part::Witness, "H0002"));
    assert_eq!((stood.reason, stood.recused), (Some(NothingShown::Forgot), None));
    // the same again after a lost answer, though the PIN is typed wrongly now
    let again = Bystander { secret: "111222".to_owned(), ..witness.clone() };
    let again = with(&v, ("H0001", &[(SOAP, 2)]), again, "k1").await.unwrap();
    assert!(again.repeated && again.no == taken.no);
    let other = with(&v, ("H0001", &[(SOAP, 2)]), beside(Part::Witness, "H0003"), "k1").await;
    assert_eq!(fact(&other, "fields"), "person");
    let lines = v.desk.own_statement(&v.resident(0), Score::Points, None, 1).await.unwrap();
    let Why::Redemption(receipt) = &lines[0].why else { panic!("{:?}", lines[0].why) };
    assert_eq!(receipt.beside.as_ref().map(|b| b.part), Some(Part::Witness));

    let much = with(&v, ("H0001", &[(SOAP, 3)]), witness.clone(), "k2").await;
    assert_eq!((fact(&much, "used"), fact(&much, "limit")), ("10".to_owned(), "20".to_owned()));
    assert_eq!(refused(much), "witness_limit");
    with(&v, ("H0001", &[(SOAP, 2)]), witness.clone(), "k3").await.unwrap();
    v.clock.advance_seconds(DAY);
    with(&v, ("H0001", &[(TOWEL, 1)]), witness.clone(), "k4").await.unwrap();
    assert_eq!(refused(with(&v, ("H0001", &[(TOWEL, 1)]), witness.clone(), "k5").await), "witness_times");
    let month = v.desk.beside_month(&books(&v), v.desk.today()).await.unwrap();
    assert_eq!(month.counts, [("村口兑换点".to_owned(), "Gate".to_owned(), Part::Witness, 3)]);
    assert_eq!(month.lines.len(), 3);
    assert_eq!((month.lines[2].no, month.lines[2].beside.who.as_str()), (1, "H0002"));
    v.clock.advance_seconds(30 * DAY);
    with(&v, ("H0001", &[(TOWEL, 1)]), witness, "k6").await.unwrap();
    holds(&v).await;
}

#[tokio::test]
async fn a_witness_is_another_person_not_of_the_household_nor_the_shopkeepers() {
    let v = village().await;
    let shop = related(&v).await;
    let seq = v.seq().await;
    let ask = async |who: Bystander, key: &str| {
        let request = RedeemRequest { bystander: Some(who), ..v.request("H0003", &[(TOWEL, 1)]) };
        v.desk.redeem(&shop, &request, key).await
    };
    for (n, (who, code)) in [
        ("H0003", "bystander_of_household"),
        ("H0001", "bystander_of_shopkeeper"),
        ("H0002", "bystander_of_shopkeeper"),
        ("H0099", "bystander_unknown"),
        ("shop1", "bystander_unknown"),
        ("nobody", "bystander_unknown"),
        ("", "bystander_unknown"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(refused(ask(beside(Part::Witness, who), &format!("a{n}")).await), code, "{who}");
    }
    let wrong = Bystander { secret: "111222".to_owned(), ..beside(Part::Witness, "H0004") };
    assert_eq!(refused(ask(wrong, "b").await), "wrong_pin");
    let silent = Bystander { reason: None, ..beside(Part::Witness, "H0004") };
    assert_eq!(refused(ask(silent, "c").await), "witness_reason");
    let card = v.card(2).await;
    let needless = with(&v, (&card, &[(TOWEL, 1)]), beside(Part::Witness, "H0004"), "d").await;
    assert_eq!(refused(needless), "witness_needless");
    assert_eq!(refused(v.redeem("H0003", &[(TOWEL, 1)], "e").await), "card_needed");
    let frozen = with(&v, ("H0098", &[(TOWEL, 1)]), beside(Part::Witness, "H0004"), "f").await;
    assert_eq!(refused(frozen), "unknown_household");
    assert_eq!(v.seq().await, seq, "nothing was posted");
    // a card of the witness's household does as well as its number
    ask(beside(Part::Witness, &v.card(3).await), "g").await.unwrap();
    assert_eq!(v.available(2).await, 199);
    holds(&v).await;
}

#[tokio::test]
async fn the_shopkeepers_own_household_and_kin_take_a_second_person() {
    let v = village().await;
    let shop = related(&v).await;
    let take = async |home: usize, who: Option<Bystander>, key: &str| {
        let request = RedeemRequest { bystander: who, ..v.request(&v.card(home).await, &[(SOAP, 1)]) };
        v.desk.redeem(&shop, &request, key).await
    };
    let own = v.desk.identify(&shop, None, &v.card(0).await, None).await.unwrap();
    assert_eq!(own.recused, Some(Recused::Own));
    assert_eq!(refused(take(0, None, "a").await), "second_needed");
    let kin = beside(Part::Second, "H0002");
    assert_eq!(refused(take(0, Some(kin), "b").await), "bystander_of_shopkeeper");
    for (home, recused) in [(0, Recused::Own), (1, Recused::Kin)] {
        let key = format!("c{home}");
        let receipt = take(home, Some(beside(Part::Second, "H0003")), &key).await.unwrap();
        let stood = receipt.beside.unwrap();
        assert_eq!((stood.part, stood.who.as_str(), stood.recused), (Part::Second, "H0003", Some(recused)));
        assert_eq!(receipt.credential, "card");
    }
    // a helper stands for the household, not beside the shopkeeper
    helper(&v, 0, 2, 20).await.unwrap();
    let request =
        RedeemRequest { bystander: Some(beside(Part::Helper, "H0003")), ..v.request("H0001", &[(TOWEL, 1)]) };
    assert_eq!(refused(v.desk.redeem(&shop, &request, "d").await), "second_needed");
    // a witness is a second person too
    let request = RedeemRequest {
        bystander: Some(beside(Part::Witness, "H0004")),
        ..v.request("H0001", &[(TOWEL, 1)])
    };
    let receipt = v.desk.redeem(&shop, &request, "e").await.unwrap();
    assert_eq!(receipt.beside.unwrap().recused, Some(Recused::Own));
    assert_eq!(v.available(0).await, 194);
    holds(&v).await;
}

#[tokio::test]
async fn a_lost_card_is_dead_at_once_wherever_it_is_shown() {
    let v = village().await;
    let card = v.card(0).await;
    let number = v.desk.cards_of(v.book, v.homes[0]).await.unwrap()[0].card_no.clone();
    let bought = v.redeem(&card, &[(SOAP, 2)], "bought").await.unwrap();
    let wanted = NewOrder { counter: v.counter.id, basket: v.request("", &[(SOAP, 1)]).basket };
    let order = v.desk.place_order(&v.resident(0), "order", &wanted).await.unwrap();
    assert!(v.desk.household_by_code(&v.clerk, &card).await.unwrap().is_some());
    assert!(v.desk.report_card_lost(&v.resident(0)).await.unwrap());
    let seq = v.seq().await;
    for (n, shown) in [card.as_str(), number.as_str()].into_iter().enumerate() {
        assert_eq!(refused(v.desk.identify(&v.shop, None, shown, None).await), "card_revoked");
        assert_eq!(refused(v.redeem(shown, &[(TOWEL, 1)], &format!("walk {n}")).await), "card_revoked");
        let pick_up = PickUp { credential: shown.to_owned(), basket: None };
        let collected = v.desk.collect_order(&v.shop, order.id, &pick_up, &format!("order {n}")).await;
        assert_eq!(refused(collected), "card_revoked");
        let basket = Some(v.request("", &[(SOAP, 1)]).basket);
        let back = GoodsBack { credential: shown.to_owned(), basket, goes_to: ReturnedTo::Shelf };
        let back = v.desk.take_back(&v.shop, bought.id, &back, &format!("back {n}")).await;
        assert_eq!(refused(back), "card_revoked");
        let void = v.desk.make_void(&v.shop, bought.id, shown, &format!("void {n}")).await;
        assert_eq!(refused(void), "card_revoked");
        // nor does it lead to the household's file, or vouch for others
        assert_eq!(v.desk.household_by_code(&v.clerk, shown).await.unwrap(), None);
        let vouched =
            with(&v, ("H0002", &[(TOWEL, 1)]), beside(Part::Witness, shown), &format!("w{n}")).await;
        assert_eq!(refused(vouched), "card_revoked");
        // the household itself is no help either without a PIN of another
        let own = with(&v, (shown, &[(TOWEL, 1)]), beside(Part::Second, "H0002"), &format!("s{n}")).await;
        assert_eq!(refused(own), "card_revoked");
    }
    assert_eq!(v.seq().await, seq, "nothing was posted");
    // a card that is declared lost while its redemption is on the way
    let other = v.card(1).await;
    let (request, second) = (v.request(&other, &[(TOWEL, 1)]), v.resident(1));
    let (redeemed, lost) =
        tokio::join!(v.desk.redeem(&v.shop, &request, "race"), v.desk.report_card_lost(&second));
    assert!(lost.unwrap());
    assert!(redeemed.is_ok() || refused(redeemed) == "card_revoked");
    holds(&v).await;
}

#[tokio::test]
async fn who_stood_beside_cannot_be_changed_behind_the_books() {
    let v = {
        let engine = Engine::sqlite();
        let clock = crate::engine::clock();
        let desk = engine.desk(&clock).await;
        with_pins(Village::on(std::sync::Arc::new(engine), clock, desk, 1).await).await
    };
    let first = v.redeem(&v.card(2).await, &[(TOWEL, 1)], "a").await.unwrap();
    with(&v, ("H0001", &[(TOWEL, 1)]), beside(Part::Witness, "H0002"), "b").await.unwrap();
    let request = RedeemRequest {
        same_as: Some(first.id),
        bystander: Some(beside(Part::Second, "H0002")),
        ..v.request(&v.card(3).await, &[(TOWEL, 1)])
    };
    v.desk.redeem(&v.shop, &request, "c").await.unwrap();
    holds(&v).await;
    let mut intruder = Intruder::at(&v.engine.url).await;
    intruder.keep("redemption_bystander").await;
    let changes = [
        "UPDATE redemption_bystander SET part = 'helper' WHERE part = 'witness'",
        "UPDATE redemption_bystander SET person = person || 'x' WHERE part = 'second'",
        "UPDATE redemption_bystander SET reason = 'broken' WHERE part = 'witness'",
        "UPDATE redemption_bystander SET recused = 'own_household' WHERE part = 'witness'",
        "UPDATE redemption_bystander SET same_as = NULL WHERE part = 'second'",
        "UPDATE redemption_bystander SET bearer = 'witness:x' WHERE part = 'witness'",
        "UPDATE redemption_bystander SET helper_id = zeroblob(16) WHERE part = 'witness'",
        "UPDATE redemption_bystander SET placed_at = placed_at - 1 WHERE part = 'second'",
        "UPDATE redemption_bystander SET household_id = zeroblob(16) WHERE part = 'second'",
        "DELETE FROM redemption_bystander WHERE part = 'witness'",
        "INSERT INTO redemption_bystander SELECT book_id, zeroblob(16), household_id, part, person, reason, recused, \
         helper_id, same_as, bearer, placed_at FROM redemption_bystander WHERE part = 'witness'",
    ];
    for change in changes {
        assert!(intruder.run(change).await > 0, "{change}");
        let report = v.desk.verify_books(None).await.unwrap();
        let fault = report.books[0].fault.clone().unwrap_or_else(|| panic!("not noticed: {change}"));
        assert_eq!(fault.table, "redemption_bystander", "{change}");
        intruder.restore("redemption_bystander").await;
    }
    intruder.run("UPDATE redemption SET credential = 'helper' WHERE credential = 'witness'").await;
    assert!(!v.desk.verify_books(None).await.unwrap().holds());
    intruder.run("UPDATE redemption SET credential = 'witness' WHERE credential = 'helper'").await;
    holds(&v).await;
}

#[tokio::test]
async fn a_member_of_staff_vouches_with_the_code_of_their_sign_in_once() {
    let mut stall = Stall::new(50).await;
    stall.household(1, 55).await;
    let village = stall.app.village.clone();
    let user = stall.app.user("zhang", Role::Recorder, village.org).await;
    let ask = |who: &str, secret: &str| {
        let bystander = json!({ "part": "witness", "who": who, "secret": secret, "reason": "broken" });
        json!({ "credential": "H0001", "bystander": bystander, "lines": [{ "sku": 1, "pieces": 5 }] })
    };
    let code = stall.app.code(&user);
    let wrong = stall.shop.post_json("/api/v1/redemptions", &ask("zhang", "000000")).await.expect(403).json();
    assert_eq!(wrong["code"], "wrong_code");
    let own = stall.shop.post_json("/api/v1/redemptions", &ask("keeper", &code)).await.expect(422).json();
    assert_eq!(own["code"], "bystander_is_shopkeeper");
    let done = stall.shop.post_json("/api/v1/redemptions", &ask("zhang", &code)).await.expect(200).json();
    assert_eq!(
        (done["credential"].as_str(), done["beside"]["part"].as_str()),
        (Some("witness"), Some("witness"))
    );
    assert_eq!(done["beside"]["who"], "zhang（测试）");
    let twice = stall.shop.post_json("/api/v1/redemptions", &ask("zhang", &code)).await.expect(403).json();
    assert_eq!(twice["code"], "code_used");
    let mut auditor = stall.app.sign_in(Role::Auditor).await;
    let month = auditor.get_json("/api/v1/bystanders").await;
    assert_eq!(
        (month["counts"][0]["count"].as_i64(), month["redemptions"][0]["no"].as_i64()),
        (Some(1), Some(1))
    );
    let page = auditor.get("/alerts").await.expect(200).text();
    assert!(page.contains("见证人：zhang（测试）") && page.contains("卡或手机坏了"), "{page}");
    stall.app.finish().await;
}

#[tokio::test]
async fn without_phone_and_card_on_the_pages_and_without_script() {
    let mut stall = Stall::new(50).await;
    stall.household(1, 55).await;
    let other = stall.household(2, 55).await;
    stall.app.desk.set_pin(&stall.clerk, other, PIN).await.unwrap();
    let counter = stall.counter.id.to_string();
    let shop = &mut stall.shop;
    assert!(shop.get("/shop").await.expect(200).text().contains("/shop/without?counter="));
    assert!(shop.get("/shop/without").await.expect(200).text().contains("每户每天最多20分，每月最多3次"));
    let who = [("code", "H0001"), ("counter", counter.as_str()), ("part", "witness"), ("reason", "lost")];
    let basket = shop.post_form("/shop/customer", &who).await.expect(200).text();
    assert!(basket.contains("name=\"reason\" value=\"lost\""), "{basket}");
    let chosen = [&who[..], &[("qty-1", "5")]].concat();
    let confirm = shop.post_form("/shop/confirm", &chosen).await.expect(200).text();
    assert!(confirm.contains("见证人的户号、卡号或登录名"), "{confirm}");
    let key = confirm.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let last = [&who[..], &[("basket", "1x5"), ("key", &key), ("beside", "H0002")]].concat();
    let wrong = [&last[..], &[("beside_pin", "111222")]].concat();
    let again = shop.post_form("/shop/redeem", &wrong).await.expect(409).text();
    assert!(again.contains("role=\"alert\"") && again.contains("value=\"H0002\""), "{again}");
    assert!(!again.contains("111222"));
    let right = [&last[..], &[("beside_pin", PIN)]].concat();
    let done = shop.post_form("/shop/redeem", &right).await.expect(303);
    let receipt = shop.get(done.location()).await.expect(200).text();
    assert!(receipt.contains("见证人：H0002") && receipt.contains("卡丢了，还没补"), "{receipt}");
    assert!(receipt.contains("&amp;same="), "{receipt}");
    let mut home = stall.app.sign_in_household(&stall.app.village, "H0001").await;
    assert!(home.get("/my/statement").await.expect(200).text().contains("见证人：H0002"));
    stall.app.finish().await;
}
