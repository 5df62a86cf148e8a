//! Machines' clocks are put back: by a time server, by somebody's hand. Codes, sign-ins, guesses, notices and the
//! counter go on, and nothing happens twice because of it.

use greencoin::{
    http::token,
    service::{
        caller::{Resident, Reviewer, Role},
        login::fold_login_name,
        objection::{Finding, Objector},
    },
    store::ledger::read,
};

use crate::{
    engine::morning,
    hamlet,
    support::{PASSWORD, TestApp},
    village::{SOAP, TOWEL, Village, fact, refused},
};

const HOUR: i64 = 3_600;

#[tokio::test]
async fn a_code_stays_good_and_single_when_the_clock_goes_back() {
    let v = Village::new().await;
    v.give(0, 55).await;
    let code = v.code(0).await;
    v.clock.advance_seconds(-HOUR);
    let first = v.redeem(&code, &[(SOAP, 1)], "a").await.unwrap();
    assert_eq!((first.no, first.after), (1, 5_000));
    let again = v.redeem(&code, &[(TOWEL, 1)], "b").await;
    assert_eq!(fact(&again, "receipt"), "1");
    assert_eq!(refused(again), "phone_code_used");
    // a code shown by the clock as it is now, and the same second once more an hour later
    let second = v.redeem(&v.code(0).await, &[(TOWEL, 1)], "c").await.unwrap();
    assert_eq!((second.no, second.after), (2, 4_900));
    v.clock.set(morning());
    assert_eq!(refused(v.redeem(&v.code(0).await, &[(TOWEL, 1)], "d").await), "phone_code_used");
    v.clock.advance_seconds(1);
    assert_eq!(v.redeem(&v.code(0).await, &[(TOWEL, 1)], "e").await.unwrap().no, 3);
    assert_eq!(v.available(0).await, 48);
}

#[tokio::test]
async fn the_books_time_goes_on_while_the_clock_goes_back_over_midnight() {
    let v = Village::new().await;
    v.give(0, 60).await;
    let card = v.card(0).await;
    for (key, step) in [("a", 0), ("b", -20 * HOUR), ("c", 1), ("d", -24 * HOUR), ("e", 50 * HOUR)] {
        v.clock.advance_seconds(step);
        v.redeem(&card, &[(TOWEL, 1)], key).await.unwrap();
    }
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let txns = read::txns(&mut tx, v.book, 0, 100).await.unwrap();
    assert!(txns.windows(2).all(|pair| pair[0].recorded_at < pair[1].recorded_at));
    assert!(txns.iter().all(|t| t.effective_on <= t.recorded_at.day()));
    drop(tx);
    assert_eq!(v.available(0).await, 55);
    v.check_sums().await;
}

#[tokio::test]
async fn nobody_is_signed_out_by_a_clock_that_goes_back() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    clerk.get("/account").await.expect(200);
    let user = app.user("shop-owner", Role::Shopkeeper, app.village.org).await;
    let bearer = token::issue(&app.desk, user.id).unwrap();
    for step in [-1, -600, 300, -300, 601] {
        app.clock.advance_seconds(step);
        clerk.get("/account").await.expect(200);
        assert!(token::bearer(&app.desk, &bearer).await.is_ok(), "after {step} s");
    }
    // and what has an end still has it
    app.clock.advance_seconds(13 * HOUR);
    clerk.get("/account").await.expect(303);
    assert!(token::bearer(&app.desk, &bearer).await.is_err());
    app.finish().await;
}

#[tokio::test]
async fn wrong_guesses_under_a_fast_clock_lock_nobody_out_when_it_is_put_right() {
    let app = TestApp::new().await;
    let user = app.user("busy-clerk", Role::Clerk, app.village.org).await;
    app.clock.advance_seconds(24 * 365 * HOUR);
    let mut last = String::new();
    for _ in 0..20 {
        last = refused(app.desk.check_password(&user.login, "wrong horse", "10.0.0.9").await).to_owned();
    }
    assert_eq!(last, "throttled");
    app.clock.set(morning());
    let user_id = app.desk.check_password(&fold_login_name(&user.login), PASSWORD, "10.0.0.9").await.unwrap();
    assert_eq!(user_id, user.id);
    app.finish().await;
}

#[tokio::test]
async fn a_notice_posts_each_line_once_and_no_earlier_when_the_clock_goes_back() {
    let v = hamlet::Village::new().await;
    let calm = v.approved(0, "D3").await;
    let disputed = v.approved(1, "D3").await;
    let notice = v.publish().await;
    let closes_at = v.desk.notice(v.book, notice).await.unwrap().closes_at.unwrap();
    let objector = Objector::Resident(Resident { book: v.book, household: v.households[2] });
    // put back before it was even hung up
    v.clock.set(closes_at.plus_days(-30));
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 0);
    let objection = v.desk.object(&objector, disputed.id, "没有").await.unwrap();
    v.clock.set(closes_at.plus_seconds(-1));
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 0);
    v.clock.set(closes_at);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    assert_eq!((v.state(calm.id).await.as_str(), v.available(0).await), ("posted", 500));

    // put back again: nothing is posted twice, and the disputed line has all its time still
    v.clock.set(closes_at.plus_days(-2));
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 0);
    let by = Reviewer::of(&v.third).unwrap();
    v.desk.decide_objection(&by, objection.id, Finding::Dismiss, "现场核实").await.unwrap();
    v.clock.set(closes_at);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 0);
    v.clock.set(closes_at.plus_days(60));
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    assert_eq!((v.available(0).await, v.available(1).await), (500, 500));
    v.assert_balanced().await;
}
