//! Saving and drawing: whose minutes pay, the pool and its queue, the cap, gifts and donations, and the four places.

use greencoin::{
    domain::timebank::{drawing::GiftState, need::NeedGround, order::OrderState, policy::Brim},
    service::timebank::volunteer::Fitness,
    store::timebank::gift,
};

use super::bank::{Bank, HOUR};
use crate::village::refused;

const ALONE: &[NeedGround] = &[NeedGround::EmptyNest];

#[tokio::test]
async fn the_spouse_pays_where_the_policy_says_so_and_the_pool_where_nobody_can() {
    let b = Bank::new().await;
    // his wife has nothing herself
    let order = b.asked("wife", b.wife, 60).await;
    assert_eq!(order.payer_id, Some(b.elder.1));
    assert_eq!(b.has(b.elder).await, (19 * 60, 60));
    // whoever has no minutes, no spouse and no hardship is served by nobody's minutes
    let new = b.cleaning(b.widow.1, 60);
    assert_eq!(refused(b.v.desk.ask_for_service(&b.desk(), "none", &new).await), "time_nobody_pays");
    let need = b.v.desk.see_need(&b.desk, b.widow.1, ALONE).await.unwrap();
    assert_eq!((need.pool, need.score), (1, 6));
    assert_eq!(b.asked("waits", b.widow.1, 60).await.state, "queued", "the pool is empty");
    // the daughter is too young to draw
    let young = b.cleaning(b.daughter.1, 60);
    assert_eq!(refused(b.v.desk.ask_for_service(&b.desk(), "young", &young).await), "time_nobody_pays");
    b.holds().await;
}

#[tokio::test]
async fn the_pool_pays_by_need_within_its_quotas_and_never_falls_below_zero() {
    let b = Bank::new().await;
    let home = b.volunteer.0;
    b.v.desk.see_need(&b.desk, b.widow.1, ALONE).await.unwrap();
    b.v.desk.see_need(&b.desk, b.elder.1, &[NeedGround::EmptyNest, NeedGround::LowIncome]).await.unwrap();
    b.v.desk.donate_minutes(&b.of(b.elder.0), "all", b.elder.1, 20 * 60 - 30).await.unwrap();
    assert_eq!(b.balance("Equity:Time:Pool").await, 20 * 60 - 30);
    let too_much = b.v.desk.issue_pool(&b.township, "year", 600 * 60 + 1, "财政").await;
    assert_eq!(refused(too_much), "limit_exceeded");
    // 19 h 30 min in the pool: two orders of 8 hours and one that has to wait
    let first = b.asked("w1", b.widow.1, 480).await;
    let second = b.asked("w2", b.widow.1, 480).await;
    let third = b.asked("w3", b.widow.1, 480).await;
    let greater = b.asked("e", b.elder.1, 480).await;
    assert_eq!((first.state.as_str(), second.state.as_str()), ("open", "open"));
    assert_eq!((third.state.as_str(), greater.state.as_str()), ("queued", "queued"));
    assert_eq!(b.v.desk.fund_waiting_orders(b.v.book).await.unwrap(), 0, "too little for the greatest need");
    b.v.desk.cancel_time_order(&b.desk(), second.id, "住院了").await.unwrap();
    assert_eq!(b.v.desk.fund_waiting_orders(b.v.book).await.unwrap(), 1);
    assert_eq!((b.state(greater.id).await, b.state(third.id).await), (OrderState::Open, OrderState::Queued));
    assert_eq!(b.balance("Equity:Time:Pool").await, 20 * 60 - 30 - 960);
    // 48 hours a year for one person: 8 are out
    b.v.desk.issue_pool(&b.township, "more", 100 * 60, "财政").await.unwrap();
    assert_eq!(b.v.desk.fund_waiting_orders(b.v.book).await.unwrap(), 1);
    for n in 0..4 {
        assert_eq!(b.asked(&format!("q{n}"), b.widow.1, 480).await.state, "open");
    }
    let new = b.cleaning(b.widow.1, 480);
    let beyond = b.v.desk.ask_for_service(&b.desk(), "beyond", &new).await;
    assert_eq!(refused(beyond), "limit_exceeded");
    // served for less: the rest goes back to the pool and to the person's quota
    b.v.desk.accept_order(&b.of(home), first.id, b.volunteer.1).await.unwrap();
    b.v.clock.advance_seconds(HOUR);
    let word = greencoin::service::timebank::serve::Proof::Word;
    b.v.desk.check_in(&b.desk(), first.id, &word).await.unwrap();
    b.v.clock.advance_seconds(2 * HOUR);
    b.v.desk.check_out(&b.desk(), first.id, &word).await.unwrap();
    let volunteer = greencoin::service::timebank::settle::Confirms::Volunteer;
    b.v.desk.confirm_order(&b.of(home), first.id, &volunteer).await.unwrap();
    b.v.desk.confirm_order(&b.of(b.widow.0), first.id, &super::rated(5)).await.unwrap();
    let before = b.balance("Equity:Time:Pool").await;
    b.v.desk.post_order(b.v.book, first.id).await.unwrap();
    assert_eq!(b.balance("Equity:Time:Pool").await, before + 360);
    assert_eq!(b.has(b.volunteer).await, (120, 0));
    assert_eq!(b.asked("again", b.widow.1, 360).await.state, "open", "six hours of the quota came back");
    b.holds().await;
}

#[tokio::test]
async fn beyond_the_cap_hours_wait_for_the_volunteers_choice() {
    let b = Bank::new().await;
    b.credit(105, 1_500 * 60 - 30).await;
    let id = b.confirmed("full", 90, 90, 5).await;
    assert_eq!(refused(b.v.desk.post_order(b.v.book, id).await), "time_brim");
    assert_eq!(b.v.desk.post_settled_orders(b.v.book).await.unwrap(), 0, "it waits");
    let choose = |brim| {
        let day = b.v.desk.today();
        let (b, insured_until, trained_on) = (&b, Some(day.plus(300)), Some(day));
        let fit = Fitness { well: true, insured_until, trained_on, guardian: None, brim: Some(brim) };
        async move { b.v.desk.join_time_bank(&b.of(b.volunteer.0), b.volunteer.1, &fit).await.unwrap() }
    };
    choose(Brim::Donate).await;
    b.v.desk.post_order(b.v.book, id).await.unwrap();
    assert_eq!((b.has(b.volunteer).await.0, b.balance("Equity:Time:Pool").await), (1_500 * 60, 60));
    choose(Brim::Honor).await;
    let id = b.confirmed("honour", 60, 60, 5).await;
    b.v.desk.post_order(b.v.book, id).await.unwrap();
    assert_eq!((b.has(b.volunteer).await.0, b.balance("Equity:Time:Honor").await), (1_500 * 60, 60));
    b.holds().await;
}

#[tokio::test]
async fn a_gift_cools_for_seven_days_and_the_year_has_its_limit() {
    let b = Bank::new().await;
    b.credit(103, 300 * 60).await;
    let give = |key: &'static str, to, minutes| {
        let b = &b;
        async move { b.v.desk.give_minutes(&b.of(b.daughter.0), key, (b.daughter.1, to), minutes).await }
    };
    let first = give("g1", b.elder.1, 120 * 60).await.unwrap();
    assert_eq!(give("g1", b.elder.1, 120 * 60).await.unwrap().id, first.id, "sent twice, given once");
    assert_eq!(b.has(b.daughter).await, (180 * 60, 120 * 60));
    assert_eq!(refused(give("g2", b.elder.1, 81 * 60).await), "limit_exceeded");
    assert_eq!(refused(give("g3", b.widow.1, 60).await), "time_gift_tie");
    assert_eq!(refused(give("g4", b.daughter.1, 60).await), "time_gift_oneself");
    let stranger = b.v.desk.give_minutes(&b.of(b.widow.0), "x", (b.daughter.1, b.elder.1), 60).await;
    assert_eq!(refused(stranger), "not_your_household");
    b.v.desk.take_gift_back(&b.of(b.daughter.0), first.id).await.unwrap();
    assert_eq!(b.has(b.daughter).await, (300 * 60, 0));
    assert_eq!(refused(b.v.desk.take_gift_back(&b.of(b.daughter.0), first.id).await), "time_gift_over");
    let second = give("g5", b.elder.1, 200 * 60).await.unwrap();
    b.v.clock.advance_seconds(7 * 24 * HOUR - 1);
    assert_eq!(b.v.desk.hand_over_gifts(b.v.book).await.unwrap(), 0);
    b.v.clock.advance_seconds(1);
    assert_eq!(refused(b.v.desk.take_gift_back(&b.of(b.daughter.0), second.id).await), "time_gift_over");
    assert_eq!(b.v.desk.hand_over_gifts(b.v.book).await.unwrap(), 1);
    assert_eq!(b.v.desk.hand_over_gifts(b.v.book).await.unwrap(), 0);
    assert_eq!((b.has(b.daughter).await, b.has(b.elder).await), ((100 * 60, 0), (220 * 60, 0)));
    let mut tx = b.v.desk.db.begin_read().await.unwrap();
    let row = gift::one(&mut tx, b.v.book, second.id).await.unwrap().unwrap();
    assert_eq!(row.state().unwrap(), GiftState::Given);
    drop(tx);
    assert_eq!(refused(give("g6", b.elder.1, 60).await), "limit_exceeded", "two hundred hours a year");
    b.holds().await;
}

#[tokio::test]
async fn the_same_request_has_another_answer_in_another_place() {
    for (policy, wife, daughter) in [
        ("RS-3", Ok(()), Err("time_nobody_pays")),
        ("nanjing", Err("time_nobody_pays"), Err("time_nobody_pays")),
        ("guangzhou-nansha", Ok(()), Ok(())),
    ] {
        let b = Bank::under(policy).await;
        for (key, who, expected) in [("wife", b.wife, wife), ("daughter", b.daughter.1, daughter)] {
            let asked = b.v.desk.ask_for_service(&b.desk(), key, &b.cleaning(who, 60)).await;
            let answer = match asked {
                Ok(_) => Ok(()),
                other => Err(refused(other)),
            };
            assert_eq!(answer, expected, "{policy}: {key}");
        }
        b.holds().await;
    }
}
