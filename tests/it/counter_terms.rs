//! The limits of the counters are the programme's: another version of the rules, another limit, from its first day.

use greencoin::{
    domain::ruleset,
    service::{Actor, rulesets::Adoption},
};

use crate::village::{HAIRCUT, OIL, SOAP, TOWEL, Village, fact, refused};

const OTHERS: &str =
    "counter = { order_max = 30, card_day_max = 12, card_pin_above = 3, code_seconds = 30, pin_tries = 2 }";

/// The village takes up the shipped rules with other limits, `days` from today on.
async fn adopt(v: &Village, days: i32) {
    let (_, text) = ruleset::shipped()[0];
    let (before, line) = text.split_once("counter = ").unwrap();
    let (_, after) = line.split_once('\n').unwrap();
    let set = v.desk.publish_ruleset(Actor::System, &format!("{before}{OTHERS}\n{after}")).await.unwrap();
    let from = v.desk.today().plus(days);
    let adoption =
        Adoption { hash: set.hash().to_owned(), from, basis: "村民代表会议决议".to_owned() };
    v.desk.adopt_ruleset(Actor::System, v.book, &adoption).await.unwrap();
}

#[tokio::test]
async fn another_version_brings_other_limits_from_its_first_day() {
    let v = Village::new().await;
    v.give(0, 200).await;
    adopt(&v, 1).await;
    let code = v.code(0).await;
    v.redeem(&code, &[(OIL, 1)], "50 today").await.unwrap();
    let card = v.card(0).await;
    v.redeem(&card, &[(SOAP, 4)], "20 by card alone").await.unwrap();
    v.clock.advance_seconds(86_400);
    let code = v.code(0).await;
    let refusal = v.redeem(&code, &[(OIL, 1)], "50 tomorrow").await;
    assert_eq!((refused(refusal), v.available(0).await), ("order_limit", 130));
    let refusal = v.redeem(&code, &[(OIL, 1)], "again").await;
    assert_eq!((fact(&refusal, "limit"), fact(&refusal, "needed")), ("30".to_owned(), "50".to_owned()));
    let refusal = v.redeem(&card, &[(SOAP, 1)], "5 by card alone").await;
    assert_eq!(fact(&refusal, "limit"), "3");
    assert_eq!(refused(refusal), "pin_needed");
    v.redeem(&card, &[(TOWEL, 3)], "3 by card alone").await.unwrap();
    let known = v.desk.identify(&v.shop, None, &card, None).await.unwrap();
    assert_eq!((known.pin_above, known.card_left, known.pin_tries), (Some(300), Some(900), 2));
    v.desk.set_pin(&v.clerk, v.homes[0], "274913").await.unwrap();
    let with = |pin: &str| {
        let mut request = v.request(&card, &[(HAIRCUT, 1)]);
        request.pin = Some(pin.to_owned());
        request
    };
    let refusal = v.desk.redeem(&v.shop, &with("274913"), "10 more of 12").await;
    assert_eq!(fact(&refusal, "limit"), "12");
    assert_eq!(refused(refusal), "card_limit");
    assert_eq!(fact(&v.desk.redeem(&v.shop, &with("111222"), "wrong once").await, "tries_left"), "1");
    assert_eq!(refused(v.desk.redeem(&v.shop, &with("111222"), "wrong twice").await), "pin_blocked");
    let code = v.desk.phone_code(&v.resident(0)).await.unwrap();
    assert_eq!(code.lapses_at.seconds() - v.desk.now().seconds(), 30);
    v.engine.check(&v.clock);
}
