//! Machines' clocks are put back and forward: by a time server, by somebody's hand. Codes, sign-ins, guesses, notices,
//! holds and the counter go on, and nothing happens twice because of it. And days begin at midnight in the village.

use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        posting::{Commodity, Line},
        time::Day,
    },
    http::token,
    jobs,
    service::{
        books::{Order, facts},
        caller::{Resident, Reviewer, Role},
        holds::{Hold, NewHold},
        login::fold_login_name,
        objection::{Finding, Objector},
    },
    store::ledger::read::{self, TxnRow},
};

use crate::{
    engine::morning,
    hamlet::{self, at},
    support::{PASSWORD, TestApp},
    village::{SOAP, TOWEL, Village, fact, refused},
};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// The last millisecond of the village's 3 June, and its midnight.
const LAST_MOMENT: &str = "2026-06-03T15:59:59.999Z";
const MIDNIGHT: &str = "2026-06-03T16:00:00Z";

/// The whole book; its times go on, no business day lies after the time of its posting, and it can be derived again.
async fn book(v: &Village) -> Vec<TxnRow> {
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let txns = read::txns(&mut tx, v.book, 0, 1_000).await.unwrap();
    drop(tx);
    assert!(txns.windows(2).all(|pair| pair[0].recorded_at < pair[1].recorded_at));
    assert!(txns.iter().all(|t| t.effective_on <= t.recorded_at.day()));
    v.check_sums().await;
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
    txns
}

/// Ten points of the first household, put aside through a day.
async fn aside(v: &Village, key: &str, until: Day) -> Hold {
    let (household, counter, reason) = (v.homes[0], v.counter.id, "订一袋大米".to_owned());
    let new = NewHold { household, counter, points: 1_000, until: Some(until), reason };
    v.desk.place_hold(&v.clerk, key, &new).await.unwrap()
}

/// A point of the second household that lapses after a day.
async fn lot(v: &Village, key: &str, day: Day) {
    let lines = vec![
        Line::new(chart::budget("Gift").unwrap(), Commodity::point(), 100),
        Line::new(chart::household_available("H0002").unwrap(), Commodity::point(), -100).expiring(Some(day)),
    ];
    let (today, body) = (v.desk.today(), facts([("key", key.to_owned())]));
    let order = Order { key, kind: TxnKind::Opening, effective_on: today, source: None, body };
    let command = v.desk.command(&v.clerk.actor(), order, lines).unwrap();
    v.desk.posted(v.book, command, Vec::new()).await.unwrap();
}

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
    book(&v).await;
    assert_eq!(v.available(0).await, 55);
}

#[tokio::test]
async fn what_a_card_takes_before_and_after_sixteen_hundred_utc_falls_on_two_business_days() {
    let v = Village::new().await;
    v.give(0, 200).await;
    let card = v.card(0).await;
    let today = v.desk.today();
    for (instant, keys) in [(LAST_MOMENT, ["a", "b", "c", "d"]), (MIDNIGHT, ["e", "f", "g", "h"])] {
        v.clock.set(at(instant));
        for (key, pieces) in keys.iter().zip([4, 4, 2]) {
            v.redeem(&card, &[(SOAP, pieces)], key).await.unwrap();
        }
        assert_eq!(refused(v.redeem(&card, &[(TOWEL, 1)], keys[3]).await), "card_limit", "{instant}");
    }
    let txns = book(&v).await;
    let days: Vec<Day> = txns.iter().filter(|t| t.kind == "redemption").map(|t| t.effective_on).collect();
    assert_eq!(days, [[today; 3], [today.plus(1); 3]].concat());
    assert!(txns.iter().all(|t| t.effective_on == t.recorded_at.day()));
    assert_eq!(v.available(0).await, 100);
}

#[tokio::test]
async fn what_happens_tomorrow_is_recorded_as_soon_as_it_is_tomorrow_in_the_village() {
    let v = hamlet::Village::new().await;
    let day = v.desk.today();
    v.clock.set(at(LAST_MOMENT));
    let first = v.record(v.claim(0, "D3").await).await.unwrap();
    let mut early = v.claim(1, "D3").await;
    early.occurred_on = day.plus(1);
    assert_eq!(refused(v.record(early).await), "future_date");
    v.clock.set(at(MIDNIGHT));
    let second = v.record(v.claim(1, "D3").await).await.unwrap();
    assert_eq!((first.occurred_on, first.recorded_at.day()), (day, day));
    assert_eq!((second.occurred_on, second.recorded_at.day()), (day.plus(1), day.plus(1)));
}

#[tokio::test]
async fn what_runs_daily_runs_once_for_each_day_from_midnight_in_the_village() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let today = v.desk.today();
    for (day, key) in [(today, "a"), (today.plus(1), "b")] {
        aside(&v, key, day).await;
        lot(&v, &format!("lot {key}"), day).await;
    }
    for (instant, done) in [
        (LAST_MOMENT, (0, 0)),
        (MIDNIGHT, (1, 1)),
        (MIDNIGHT, (0, 0)),
        ("2026-06-04T15:59:59.999Z", (0, 0)),
        ("2026-06-04T16:00:00Z", (1, 1)),
        ("2026-06-04T16:00:00Z", (0, 0)),
    ] {
        v.clock.set(at(instant));
        let tick = jobs::tick(&v.desk).await.unwrap();
        assert_eq!((tick.released, tick.lapsed), done, "{instant}");
    }
    assert_eq!((v.available(0).await, v.available(1).await), (50, 0));
    book(&v).await;
}

#[tokio::test]
async fn a_clock_that_jumps_a_day_forward_and_back_takes_and_gives_back_nothing_twice() {
    let v = Village::new().await;
    v.give(0, 60).await;
    let today = v.desk.today();
    let (short, long) = (aside(&v, "short", today).await, aside(&v, "long", today.plus(3)).await);
    let code = v.code(0).await;
    v.clock.advance_seconds(DAY);
    assert_eq!(refused(v.redeem(&code, &[(TOWEL, 1)], "late").await), "code_lapsed");
    let ahead = v.code(0).await;
    v.redeem(&ahead, &[(TOWEL, 1)], "ahead").await.unwrap();
    assert_eq!(jobs::tick(&v.desk).await.unwrap().released, 1);

    v.clock.advance_seconds(-DAY);
    // used and given back is used and given back; the code of before has its minute still, and is good once
    assert_eq!(refused(v.redeem(&ahead, &[(TOWEL, 2)], "ahead again").await), "phone_code_used");
    v.redeem(&code, &[(TOWEL, 1)], "in time").await.unwrap();
    assert_eq!(refused(v.redeem(&code, &[(TOWEL, 2)], "twice").await), "phone_code_used");
    v.clock.advance_seconds(1);
    let unused = v.code(0).await;
    v.clock.advance_seconds(60);
    assert_eq!(refused(v.redeem(&unused, &[(TOWEL, 1)], "after its minute").await), "code_lapsed");
    assert_eq!(
        refused(v.desk.capture_hold(&v.shop, "take short", short.seq, None).await),
        "already_resolved"
    );
    assert_eq!(v.desk.capture_hold(&v.shop, "take long", long.seq, None).await.unwrap().taken, 1_000);

    // what is put aside now is given back once its day is over, though the next day's pass was made already
    aside(&v, "after", today).await;
    let mut released = vec![jobs::tick(&v.desk).await.unwrap().released];
    for _ in 0..2 {
        v.clock.advance_seconds(DAY);
        released.push(jobs::tick(&v.desk).await.unwrap().released);
    }
    assert_eq!((released[0], released.iter().sum::<usize>()), (0, 1));
    assert_eq!(v.available(0).await, 48);
    book(&v).await;
}

#[tokio::test]
async fn a_sign_in_is_there_again_when_the_clock_jumped_a_day_forward_and_back() {
    let app = TestApp::new().await;
    let (_, no) = app.household(&app.village, 1).await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let mut home = app.sign_in_household(&app.village, &no).await;
    app.clock.advance_seconds(DAY);
    clerk.get("/account").await.expect(303);
    home.get("/api/v1/me").await.expect(200);
    let mut ahead = app.sign_in(Role::Clerk).await;
    app.clock.advance_seconds(-DAY);
    clerk.get("/account").await.expect(200);
    home.get("/api/v1/me").await.expect(200);
    ahead.get("/account").await.expect(200);
    // and each has its own end
    app.clock.advance_seconds(12 * HOUR);
    clerk.get("/account").await.expect(303);
    ahead.get("/account").await.expect(200);
    app.clock.advance_seconds(DAY);
    ahead.get("/account").await.expect(303);
    home.get("/api/v1/me").await.expect(200);
    app.clock.advance_seconds(15 * DAY);
    home.get("/api/v1/me").await.expect(401);
    app.finish().await;
}

#[tokio::test]
async fn a_notice_closes_once_when_the_clock_jumps_a_day_over_its_end_and_back() {
    let v = hamlet::Village::new().await;
    let first = v.approved(0, "D3").await;
    let published = v.desk.today();
    let notice = v.publish().await;
    let closes_at = v.desk.notice(v.book, notice).await.unwrap().closes_at.unwrap();
    v.clock.set(closes_at.plus_seconds(-12 * HOUR));
    assert_eq!(jobs::tick(&v.desk).await.unwrap().posted, 0);
    v.clock.advance_seconds(DAY);
    let tick = jobs::tick(&v.desk).await.unwrap();
    assert_eq!((tick.posted, tick.closed), (1, 1));

    v.clock.advance_seconds(-DAY);
    let tick = jobs::tick(&v.desk).await.unwrap();
    assert_eq!((tick.posted, tick.closed), (0, 0));
    assert_eq!((v.state(first.id).await.as_str(), v.available(0).await), ("posted", 500));
    // a sheet that is hung up now has all its days by the clock as it is now
    v.approved(1, "D3").await;
    let today = v.desk.today();
    let next = v.publish().await;
    let ends = v.desk.notice(v.book, next).await.unwrap().closes_at.unwrap();
    let days = |from: Day, to: Day| to.number() - from.number();
    assert_eq!(days(today, ends.day()), days(published, closes_at.day()));
    v.clock.set(ends.plus_seconds(-1));
    assert_eq!(jobs::tick(&v.desk).await.unwrap().posted, 0);
    v.clock.set(ends);
    assert_eq!(jobs::tick(&v.desk).await.unwrap().posted, 1);
    assert_eq!(v.available(1).await, 500);
    v.assert_balanced().await;
    assert!(v.desk.verify_books(None).await.unwrap().holds());
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
    v.desk.accept_objection(&v.clerk, objection.id).await.unwrap();
    v.desk.decide_objection(&by, objection.id, Finding::Dismiss, "现场核实").await.unwrap();
    v.clock.set(closes_at);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 0);
    v.clock.set(closes_at.plus_days(60));
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    assert_eq!((v.available(0).await, v.available(1).await), (500, 500));
    v.assert_balanced().await;
}
