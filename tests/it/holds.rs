//! Points put aside: taken in part or whole, given back, and given back by themselves when their day is over.

use greencoin::{
    domain::{
        basket::Basket,
        household::HouseholdNo,
        time::{Day, Timestamp},
    },
    jobs,
    service::{
        ServiceError,
        caller::{Role, Shopkeeper, Staff},
        holds::{HOLD_DAYS, HOLD_DAYS_MAX, Hold, NewHold},
        redeem::order::NewOrder,
    },
    store::{
        ledger::read,
        serial::{self, Series},
    },
};
use serde_json::json;

use crate::{
    stall::Stall,
    village::{SOAP, Village, refused},
};

const DAY: i64 = 86_400;

fn aside(v: &Village, points: i64) -> NewHold {
    let reason = "订一袋大米".to_owned();
    NewHold { household: v.homes[0], counter: v.counter.id, points: points * 100, until: None, reason }
}

/// Available and held points of the first household.
async fn has(v: &Village) -> (i64, i64) {
    let has = v.desk.own_holdings(&v.resident(0)).await.unwrap();
    (has.available / 100, has.held / 100)
}

async fn holds(v: &Village) {
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

#[tokio::test]
async fn what_is_put_aside_is_taken_in_part_and_the_rest_goes_back_at_once() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let hold = v.desk.place_hold(&v.clerk, "h", &aside(&v, 30)).await.unwrap();
    assert_eq!((has(&v).await, hold.until), ((20, 30), v.desk.today().plus(HOLD_DAYS)));
    let listed: Vec<Hold> = v.desk.own_holds(&v.resident(0)).await.unwrap();
    assert_eq!((listed[0].seq, listed[0].reason.as_deref()), (hold.seq, Some("订一袋大米")));
    assert_eq!(v.desk.place_hold(&v.clerk, "h", &aside(&v, 30)).await.unwrap().seq, hold.seq);
    let other_reason = NewHold { reason: "别的事".to_owned(), ..aside(&v, 30) };
    assert_eq!(refused(v.desk.place_hold(&v.clerk, "h", &other_reason).await), "idempotency_conflict");
    assert_eq!(refused(v.desk.place_hold(&v.clerk, "more", &aside(&v, 21)).await), "insufficient_points");
    let too_much = v.desk.capture_hold(&v.shop, "c0", hold.seq, Some(3_001)).await;
    assert_eq!(refused(too_much), "hold_amount");
    let taken = v.desk.capture_hold(&v.shop, "c", hold.seq, Some(2_000)).await.unwrap();
    assert_eq!((taken.taken, taken.returned, has(&v).await), (2_000, 1_000, (30, 0)));
    assert_eq!(v.desk.capture_hold(&v.shop, "c", hold.seq, Some(2_000)).await.unwrap(), taken);
    assert_eq!(refused(v.desk.capture_hold(&v.shop, "d", hold.seq, None).await), "already_resolved");
    assert_eq!(refused(v.desk.release_hold(&v.clerk, "e", hold.seq).await), "already_resolved");
    assert!(v.desk.own_holds(&v.resident(0)).await.unwrap().is_empty());
    let mut tx = v.desk.db.begin_read().await.unwrap();
    assert_eq!(read::balance(&mut tx, v.book, "Income:Redeemed:C1", "POINT").await.unwrap(), -2_000);
    drop(tx);
    holds(&v).await;
}

#[tokio::test]
async fn a_hold_whose_day_is_over_is_released_once_by_a_posting_of_its_own() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let hold = v.desk.place_hold(&v.clerk, "h", &aside(&v, 30)).await.unwrap();
    let longer = NewHold { until: Some(v.desk.today().plus(30)), ..aside(&v, 10) };
    v.desk.place_hold(&v.clerk, "longer", &longer).await.unwrap();
    assert_eq!(jobs::tick(&v.desk).await.unwrap().released, 0);
    v.clock.advance_seconds(i64::from(HOLD_DAYS) * DAY);
    assert_eq!(jobs::tick(&v.desk).await.unwrap().released, 0, "its last day is not over");
    assert_eq!(has(&v).await, (10, 40));
    v.clock.advance_seconds(DAY);
    // another process, with nothing in memory, at the same time
    let other = v.engine.desk(&v.clock).await;
    let (one, two) = tokio::join!(v.desk.release_due_holds(v.book), other.release_due_holds(v.book));
    assert!(one.unwrap() + two.unwrap() >= 1);
    assert_eq!((has(&v).await, jobs::tick(&v.desk).await.unwrap().released), ((40, 10), 0));
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let seq = read::resolved_by(&mut tx, v.book, hold.seq).await.unwrap().unwrap();
    let txn = read::txn(&mut tx, v.book, seq).await.unwrap().unwrap();
    let key = format!("hold-timeout:{}", hold.seq);
    assert_eq!((txn.kind.as_str(), txn.actor.as_str(), txn.key), ("release", "system", key));
    drop(tx);
    other.db.close().await;
    assert_eq!(refused(v.desk.capture_hold(&v.shop, "late", hold.seq, None).await), "already_resolved");
    holds(&v).await;
}

#[tokio::test]
async fn only_its_counter_takes_it_and_only_staff_without_kin_there_place_it() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let hold = v.desk.place_hold(&v.clerk, "h", &aside(&v, 30)).await.unwrap();
    let stranger = Staff {
        user: v.desk.id(),
        book: v.book,
        org: v.shop.org,
        person: None,
        roles: vec![Role::Shopkeeper],
        also: Vec::new(),
        known: true,
        scope: None,
    };
    let elsewhere = Shopkeeper::of(&stranger).unwrap();
    assert_eq!(refused(v.desk.capture_hold(&elsewhere, "c", hold.seq, None).await), "not_your_counter");
    assert!(v.desk.release_hold(&stranger, "r", hold.seq).await.is_err());
    assert!(v.desk.open_holds(&stranger, None).await.unwrap().is_empty());
    assert_eq!(v.desk.open_holds(&v.shop, Some(v.counter.id)).await.unwrap().len(), 1);
    let own = Staff { person: Some(v.heads[0]), ..(*v.clerk).clone() };
    let own = greencoin::service::caller::Clerk::of(&own).unwrap();
    assert_eq!(refused(v.desk.place_hold(&own, "own", &aside(&v, 1)).await), "own_household");
    let past = NewHold { until: Some(v.desk.today().plus(-1)), ..aside(&v, 1) };
    assert_eq!(refused(v.desk.place_hold(&v.clerk, "past", &past).await), "hold_until");
    let other = v.neighbour().await;
    assert!(other.desk.release_hold(&other.clerk, "theirs", hold.seq).await.is_err());
    v.desk.release_hold(&v.shop, "back", hold.seq).await.unwrap();
    assert_eq!(has(&v).await, (50, 0));
    holds(&v).await;
}

#[tokio::test]
async fn nobody_takes_what_is_their_own_households_or_an_orders_or_over() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let latest = v.desk.today().plus(HOLD_DAYS_MAX);
    let too_long = NewHold { until: Some(latest.plus(1)), ..aside(&v, 1) };
    assert_eq!(refused(v.desk.place_hold(&v.clerk, "long", &too_long).await), "hold_until");
    let longest = NewHold { until: Some(latest), ..aside(&v, 1) };
    assert_eq!(v.desk.place_hold(&v.clerk, "longest", &longest).await.unwrap().until, latest);
    let hold = v.desk.place_hold(&v.clerk, "h", &aside(&v, 10)).await.unwrap();
    let taken = v.desk.place_hold(&v.clerk, "taken", &aside(&v, 5)).await.unwrap();
    let kin = Staff { person: Some(v.heads[0]), ..(*v.shop).clone() };
    let own = Shopkeeper::of(&kin).unwrap();
    assert_eq!(refused(v.desk.capture_hold(&own, "own", hold.seq, None).await), "own_household");
    let ordered = put_aside_by_an_order(&v).await;
    let as_plain = v.desk.capture_hold(&v.shop, "order", ordered, None).await;
    assert!(matches!(as_plain, Err(ServiceError::NotFound("hold"))), "{as_plain:?}");
    v.clock.advance_seconds(i64::from(HOLD_DAYS) * DAY);
    let first = v.desk.capture_hold(&v.shop, "last day", taken.seq, None).await.unwrap();
    v.clock.advance_seconds(DAY);
    // nothing has given it back yet
    assert_eq!(refused(v.desk.capture_hold(&v.shop, "over", hold.seq, None).await), "hold_over");
    let again = v.desk.capture_hold(&v.shop, "last day", taken.seq, None).await.unwrap();
    assert_eq!((again, has(&v).await), (first, (24, 21)));
    holds(&v).await;
}

/// Ten points put aside by an order, which alone resolves them; the place.
async fn put_aside_by_an_order(v: &Village) -> i64 {
    let basket = Basket::new([(SOAP, 2)]).unwrap();
    let new = NewOrder { counter: v.counter.id, basket };
    v.desk.place_order(&v.resident(0), "ordered", &new).await.unwrap();
    v.seq().await
}

/// A refusal would stand for ever under the key of the release.
#[tokio::test]
async fn a_clock_that_went_back_into_a_closed_period_releases_nothing_until_it_is_right() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let today = NewHold { until: Some(v.desk.today()), ..aside(&v, 30) };
    v.desk.place_hold(&v.clerk, "h", &today).await.unwrap();
    v.clock.advance_seconds(6 * DAY);
    v.desk.close_period(&v.clerk, v.desk.today().plus(-1)).await.unwrap();
    v.clock.advance_seconds(-2 * DAY);
    assert_eq!(v.desk.release_due_holds(v.book).await.unwrap(), 0);
    let mut tx = v.desk.db.begin_read().await.unwrap();
    assert_eq!(read::head(&mut tx, v.book).await.unwrap().unwrap().refusals, 0);
    drop(tx);
    v.clock.advance_seconds(2 * DAY);
    assert_eq!((v.desk.release_due_holds(v.book).await.unwrap(), has(&v).await), (1, (50, 0)));
}

#[tokio::test]
async fn one_that_cannot_be_released_holds_up_no_other_and_the_day_is_not_done() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let hold = v.desk.place_hold(&v.clerk, "h", &aside(&v, 30)).await.unwrap();
    v.desk.place_hold(&v.clerk, "next", &aside(&v, 10)).await.unwrap();
    // somebody has used its key for something else
    let key = format!("hold-timeout:{}", hold.seq);
    let small = NewHold { until: Some(v.desk.today().plus(30)), ..aside(&v, 1) };
    v.desk.place_hold(&v.clerk, &key, &small).await.unwrap();
    v.clock.advance_seconds(i64::from(HOLD_DAYS + 1) * DAY);
    assert_eq!(v.desk.release_due_holds(v.book).await.unwrap(), 1);
    assert_eq!(has(&v).await, (19, 31));
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let swept = serial::last(&mut tx, v.book, Series::HoldSweep).await.unwrap();
    assert!(swept < i64::from(v.desk.today().number()), "it is asked for again");
}

#[tokio::test]
async fn holds_are_placed_and_taken_over_the_api_and_seen_on_the_pages() {
    let mut stall = Stall::new(50).await;
    let home = stall.household(1, 30).await;
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    let input = json!({ "household": home.to_string(), "counter": stall.counter.id.to_string(), "points": "12.5",
        "reason": "订毛巾" });
    let hold = clerk.post_json("/api/v1/holds", &input).await.expect(201).json();
    let no = HouseholdNo::from_ordinal(1);
    let until: Day = hold["until"].as_str().unwrap().parse().unwrap();
    assert_eq!((hold["points"].as_str(), hold["household"].as_str()), (Some("12.5"), Some(no.as_str())));
    let words = format!("12.5分，到{until}");
    let mut own = stall.app.sign_in_household(&stall.app.village, no.as_str()).await;
    assert!(own.get("/my").await.text().contains(&words));
    assert_eq!(own.get_json("/api/v1/my/balance").await["holds"][0]["reason"], "订毛巾");
    assert!(clerk.get(&format!("/clerk/households/{no}")).await.text().contains(&words));
    let mut auditor = stall.app.sign_in(Role::Auditor).await;
    assert!(auditor.get("/audit/holds").await.expect(200).text().contains("订毛巾"));
    assert_eq!(stall.shop.get_json("/api/v1/holds").await.as_array().unwrap().len(), 1);
    let at = format!("/api/v1/holds/{}", hold["seq"]);
    let refusal =
        stall.shop.post_json(&format!("{at}/capture"), &json!({ "points": "13" })).await.expect(422);
    assert!(refusal.text().contains("12.5分"), "{}", refusal.text());
    let taken = stall.shop.post_json(&format!("{at}/capture"), &json!({ "points": "10" })).await.expect(200);
    assert_eq!(taken.json()["returned"], "2.5");
    stall.shop.post_json(&format!("{at}/release"), &json!({})).await.expect(422);
    own.post_json("/api/v1/holds", &input).await.expect(403);
    let _: Timestamp = hold["at"].as_str().unwrap().parse().unwrap();
    stall.app.finish().await;
}
