//! Market days of a counter: the calendar and what follows from it, what days came to, what to buy.

use std::{collections::BTreeMap, sync::Arc};

use greencoin::{
    domain::{
        basket::Basket,
        forecast::Advice,
        market::{Hours, Opening, OpeningRule, Otherwise},
        time::Day,
        turnout::ServedBy,
    },
    service::{
        ServiceError,
        caller::{Role, Shopkeeper, Staff, StockReader},
        market::{CounterCalendar, NewCalendar, NewException},
        redeem::order::{NewOrder, PickUp},
    },
};
use serde_json::json;

use crate::{
    engine::{Engine, clock},
    intruder::{Intruder, other},
    stall::Stall,
    village::{OIL, SOAP, TOWEL, Village, fact, refused},
};

const DAY: i64 = 86_400;
const MINUTE: i64 = 60;

fn rules(lines: &[&str]) -> Vec<OpeningRule> {
    lines.iter().map(|line| line.parse().unwrap()).collect()
}

async fn set(v: &Village, lines: &[&str], refuse_outside: bool) -> Result<CounterCalendar, ServiceError> {
    let new = NewCalendar { first_day: v.desk.today(), rules: rules(lines), refuse_outside };
    v.desk.set_market_calendar(&v.clerk, v.counter.id, &new).await
}

async fn single(
    v: &Village,
    day: Day,
    kind: Otherwise,
    reason: &str,
) -> Result<CounterCalendar, ServiceError> {
    let hours = (kind == Otherwise::Open).then(|| Hours::parse("9:00", "11:00").unwrap());
    let new = NewException { day, kind, hours, reason: reason.to_owned() };
    v.desk.set_market_day(&v.clerk, v.counter.id, &new).await
}

/// A rule that means only days of the week on which today is not.
fn other_weekday(v: &Village, ahead: i32) -> String {
    format!("weekdays|{}|08:00|11:30", v.desk.today().plus(ahead).weekday())
}

fn reader(v: &Village) -> StockReader {
    StockReader::of(&v.clerk).unwrap()
}

#[tokio::test]
async fn a_counter_without_a_calendar_is_open_always_and_a_later_calendar_takes_the_place_of_the_one_before()
{
    let v = Village::new().await;
    let today = v.desk.today();
    assert_eq!(v.desk.next_opening(v.book, v.counter.id).await.unwrap(), None);
    assert!(v.desk.next_openings(v.book).await.unwrap().is_empty());
    let weekly = set(&v, &[&other_weekday(&v, 2)], false).await.unwrap();
    assert_eq!(weekly.openings.next_at(v.desk.now()).unwrap().day, today.plus(2));
    // the same again is the same, and changes nothing
    assert_eq!(set(&v, &[&other_weekday(&v, 2)], false).await.unwrap(), weekly);
    let new = NewCalendar {
        first_day: today.plus(10),
        rules: rules(&["solar_digits|3,8|08:00|11:30", "lunar_days|1,12-23|14:00|16:00"]),
        refuse_outside: true,
    };
    let both = v.desk.set_market_calendar(&v.clerk, v.counter.id, &new).await.unwrap();
    assert_eq!(both.calendars.len(), 2);
    assert!(both.openings.on(today.plus(2)).is_open() && !both.openings.on(today.plus(3)).is_open());
    assert!(
        !both.openings.refuses(today.plus(3))
            && both.openings.calendar_on(today.plus(10)).unwrap().refuse_outside
    );
    let all = v.desk.next_openings(v.book).await.unwrap();
    assert_eq!((all.len(), all[0].next.as_ref().unwrap().day), (1, today.plus(2)));
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let v = Village::new().await;
    let today = v.desk.today();
    assert_eq!(refused(set(&v, &[], false).await), "rules_number_wrong");
    assert_eq!(refused(set(&v, &["every_day||08:00|11:00"; 9], false).await), "rules_number_wrong");
    let past = NewCalendar {
        first_day: today.plus(-1),
        rules: rules(&["every_day||08:00|11:00"]),
        refuse_outside: false,
    };
    let done = v.desk.set_market_calendar(&v.clerk, v.counter.id, &past).await;
    assert_eq!(refused(done), "market_day_out_of_range");
    assert_eq!(refused(single(&v, today.plus(-1), Otherwise::Closed, "x").await), "market_day_out_of_range");
    assert_eq!(refused(single(&v, today.plus(400), Otherwise::Closed, "x").await), "market_day_out_of_range");
    assert_eq!(refused(single(&v, today, Otherwise::Closed, " ").await), "text_missing");
    assert_eq!(refused(single(&v, today, Otherwise::Closed, "有\0误").await), "text_unreadable");
    assert_eq!(refused(single(&v, today, Otherwise::Closed, &"长".repeat(61)).await), "market_reason_long");
    let hours = Some(Hours::parse("8:00", "9:00").unwrap());
    let new = NewException { day: today, kind: Otherwise::Closed, hours, reason: "x".into() };
    let done = v.desk.set_market_day(&v.clerk, v.counter.id, &new).await;
    assert_eq!(refused(done), "opening_hours_wrong");
    let file = v.desk.market_calendar(v.book, v.counter.id).await.unwrap();
    assert!(file.openings.is_always() && file.calendars.is_empty());
    let neighbour = v.neighbour().await;
    let elsewhere = v.desk.market_calendar(neighbour.book, v.counter.id).await;
    assert!(matches!(elsewhere, Err(ServiceError::NotFound("counter"))), "{elsewhere:?}");
}

#[tokio::test]
async fn a_day_outside_the_calendar_only_warns_unless_the_calendar_refuses() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let card = v.card(0).await;
    set(&v, &[&other_weekday(&v, 1)], false).await.unwrap();
    v.redeem(&card, &[(TOWEL, 1)], "a").await.unwrap();
    set(&v, &[&other_weekday(&v, 1)], true).await.unwrap();
    let seq = v.seq().await;
    let shut = v.redeem(&card, &[(TOWEL, 1)], "b").await;
    assert_eq!(fact(&shut, "next"), v.desk.today().plus(1).to_string());
    assert_eq!(refused(shut), "not_market_day");
    assert_eq!(v.seq().await, seq);
    // the same request as before gets its receipt, whatever day it is
    v.redeem(&card, &[(TOWEL, 1)], "a").await.unwrap();
    // a single day that opens is a market day, and one that stays shut is none
    single(&v, v.desk.today(), Otherwise::Open, "补开").await.unwrap();
    v.redeem(&card, &[(TOWEL, 1)], "c").await.unwrap();
    single(&v, v.desk.today(), Otherwise::Closed, "大雪").await.unwrap();
    assert_eq!(refused(v.redeem(&card, &[(TOWEL, 1)], "d").await), "not_market_day");
    single(&v, v.desk.today(), Otherwise::Usual, "雪化了").await.unwrap();
    assert_eq!(refused(v.redeem(&card, &[(TOWEL, 1)], "e").await), "not_market_day");
    v.clock.advance_seconds(DAY);
    v.redeem(&v.card(0).await, &[(TOWEL, 1)], "f").await.unwrap();
    v.check_sums().await;
}

#[tokio::test]
async fn an_order_is_not_handed_over_on_a_day_on_which_nothing_is() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let basket = Basket::new([(TOWEL, 2)]).unwrap();
    let new = NewOrder { counter: v.counter.id, basket };
    let order = v.desk.place_order(&v.resident(0), "o", &new).await.unwrap();
    set(&v, &[&other_weekday(&v, 1)], true).await.unwrap();
    let pick_up = PickUp { credential: order.code.clone().unwrap(), basket: None };
    let shut = v.desk.collect_order(&v.shop, order.id, &pick_up, "k").await;
    assert_eq!(refused(shut), "not_market_day");
    v.clock.advance_seconds(DAY);
    v.desk.collect_order(&v.shop, order.id, &pick_up, "k").await.unwrap();
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

/// Every column of the two tables, every row that is gone and a row too many.
#[tokio::test]
async fn verify_notices_whatever_is_changed_in_a_calendar() {
    let (engine, clock) = (Engine::sqlite(), clock());
    let desk = engine.desk(&clock).await;
    let v = Village::on(Arc::new(engine), clock, desk, 1).await;
    set(&v, &[&other_weekday(&v, 1)], false).await.unwrap();
    set(&v, &["solar_digits|3,8|08:00|11:30"], true).await.unwrap();
    single(&v, v.desk.today().plus(3), Otherwise::Open, "补开").await.unwrap();
    single(&v, v.desk.today().plus(4), Otherwise::Closed, "盘点").await.unwrap();
    let fault = async || v.desk.verify_books(Some(1)).await.map(|mut r| r.books.remove(0).fault);
    assert_eq!(fault().await.unwrap(), None);
    let mut intruder = Intruder::at(&v.engine.url).await;
    let mut wrong = Vec::new();
    for table in ["counter_calendar", "counter_exception"] {
        intruder.keep(table).await;
        let (columns, _) = intruder.columns(table).await;
        for (column, kind) in &columns {
            intruder
                .run(&format!("UPDATE {table} SET {column} = {} WHERE no = 1", other(column, kind)))
                .await;
            if fault().await.unwrap().is_none_or(|f| f.table != table) {
                wrong.push(format!("{table}.{column}"));
            }
            intruder.restore(table).await;
        }
        for no in [1, 2] {
            intruder.run(&format!("DELETE FROM {table} WHERE no = {no}")).await;
            if fault().await.unwrap().is_none_or(|f| f.table != table) {
                wrong.push(format!("{table}: row {no} is gone"));
            }
            intruder.restore(table).await;
        }
    }
    assert_eq!(fault().await.unwrap(), None, "everything was put back");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_day_is_counted_from_its_receipts_as_a_whole() {
    let v = Village::new().await;
    for home in 0..3 {
        v.give(home, 100).await;
    }
    let basket = Basket::new([(TOWEL, 3)]).unwrap();
    let order =
        v.desk.place_order(&v.resident(2), "o", &NewOrder { counter: v.counter.id, basket }).await.unwrap();
    let first = v.desk.now();
    v.redeem(&v.card(0).await, &[(TOWEL, 1)], "a").await.unwrap();
    v.clock.advance_seconds(20);
    v.redeem(&v.code(1).await, &[(TOWEL, 2)], "b").await.unwrap();
    v.clock.advance_seconds(40);
    v.redeem(&v.card(0).await, &[(TOWEL, 1)], "c").await.unwrap();
    v.clock.advance_seconds(45 * MINUTE);
    // an order that is fetched with the card counts as an order
    let pick_up = PickUp { credential: v.card(2).await, basket: None };
    v.desk.collect_order(&v.shop, order.id, &pick_up, "d").await.unwrap();
    let view = v.desk.day_of_market(&reader(&v), v.counter.id, v.desk.today()).await.unwrap();
    let day = &view.day.turnout;
    assert_eq!((day.receipts, day.households, day.points), (4, 3, 700));
    assert_eq!((day.median, day.p90), (Some(40), Some(45 * MINUTE)));
    let pause = day.pause.unwrap();
    assert_eq!((pause.seconds(), pause.from), (45 * MINUTE, first.plus_seconds(60)));
    let ways: BTreeMap<_, _> = day.ways.iter().copied().collect();
    assert_eq!((ways[&ServedBy::Card], ways[&ServedBy::Phone], ways[&ServedBy::Order]), (2, 1, 1));
    assert_eq!(day.steps.iter().map(|s| s.receipts).sum::<i64>(), 4);
    assert_eq!(day.busiest().unwrap().receipts, 3);
    assert!(view.earlier.is_empty());
    v.clock.advance_seconds(DAY);
    v.redeem(&v.card(0).await, &[(TOWEL, 1)], "e").await.unwrap();
    let view = v.desk.day_of_market(&reader(&v), v.counter.id, v.desk.today()).await.unwrap();
    assert_eq!((view.day.turnout.receipts, view.earlier.len(), view.earlier[0].turnout.receipts), (1, 1, 4));
    let list = v.desk.days_of_market(&reader(&v), v.counter.id, None).await.unwrap();
    assert_eq!(list.iter().map(|d| d.turnout.receipts).collect::<Vec<_>>(), [1, 4]);
    assert!(list.iter().all(|d| d.opening == Opening::Always));
    let tomorrow = v.desk.day_of_market(&reader(&v), v.counter.id, v.desk.today().plus(1)).await;
    assert!(matches!(tomorrow, Err(ServiceError::NotFound("market_day"))), "{tomorrow:?}");
    let elsewhere = Staff { user: v.desk.id(), roles: vec![Role::Shopkeeper], ..(*v.shop).clone() };
    let stranger = StockReader::of(&elsewhere).unwrap();
    let seen = v.desk.days_of_market(&stranger, v.counter.id, None).await;
    assert!(matches!(seen, Err(ServiceError::NotFound("counter"))), "{seen:?}");
    assert!(Shopkeeper::of(&elsewhere).is_some());
}

#[tokio::test]
async fn a_market_day_to_which_nobody_came_is_listed_and_days_outside_the_calendar_are_not_compared() {
    let v = Village::new().await;
    v.give(0, 100).await;
    set(&v, &[&other_weekday(&v, 1)], false).await.unwrap();
    v.redeem(&v.card(0).await, &[(TOWEL, 1)], "a").await.unwrap();
    v.clock.advance_seconds(2 * DAY);
    let list = v.desk.days_of_market(&reader(&v), v.counter.id, None).await.unwrap();
    let seen: Vec<_> = list.iter().map(|d| (d.opening.is_open(), d.turnout.receipts)).collect();
    assert_eq!(seen, [(true, 0), (false, 1)]);
    let view = v.desk.day_of_market(&reader(&v), v.counter.id, v.desk.today()).await.unwrap();
    assert!(view.earlier.is_empty(), "the only receipt was on no market day");
}

#[tokio::test]
async fn what_to_buy_follows_from_the_last_market_days_the_shelf_and_the_points() {
    let v = Village::new().await;
    v.give(0, 1_000).await;
    let advice = async |sku: i64| {
        let all = v.desk.buying_forecast(&reader(&v), v.counter.id).await.unwrap();
        all.articles.into_iter().find(|a| a.article.sku == sku).unwrap().forecast
    };
    assert_eq!(advice(SOAP).await.advice, Advice::TooFewDays(0));
    for (day, pieces) in [2_i64, 6, 3, 4].into_iter().enumerate() {
        v.redeem(&v.code(0).await, &[(SOAP, pieces)], &format!("d{day}")).await.unwrap();
        v.clock.advance_seconds(DAY);
    }
    // 20 came, 15 went, 5 are there; six may be asked for
    let soap = advice(SOAP).await;
    assert_eq!((soap.days, soap.mean, soap.highest, soap.known.on_hand), (4, 4, 6, 5));
    assert_eq!(soap.advice, Advice::Buy(1));
    assert_eq!(advice(OIL).await.advice, Advice::Nothing, "nobody takes any");
    let all = v.desk.buying_forecast(&reader(&v), v.counter.id).await.unwrap();
    assert!(all.articles.iter().all(|a| !a.article.is_service()));
    assert_eq!(all.outstanding, 1_000 * 100 - 15 * 500);
    // what is put aside for an order lies on no shelf: it is told, and not counted again
    let basket = Basket::new([(SOAP, 2)]).unwrap();
    let order = NewOrder { counter: v.counter.id, basket };
    v.desk.place_order(&v.resident(0), "o", &order).await.unwrap();
    let soap = advice(SOAP).await;
    assert_eq!((soap.known.held, soap.known.on_hand, soap.advice), (2, 3, Advice::Buy(3)));
    // more than the points can pay for is not bought
    v.deliver(v.counter.id, &[(SOAP, 10)]).await;
    assert_eq!(advice(SOAP).await.advice, Advice::Nothing);
    let table = greencoin::service::market::forecast::table(&all);
    let text = String::from_utf8(table).unwrap();
    assert!(text.starts_with("\u{feff}") && text.contains("buy"), "{text}");
    assert!(text.lines().any(|line| line.starts_with("1,") && line.contains("香皂")), "{text}");
}

#[tokio::test]
async fn from_the_clerks_form_to_the_households_page_and_the_public_board() {
    let mut stall = Stall::new(50).await;
    let home = stall.household(1, 55).await;
    let card = stall.card(home).await;
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    let (id, today) = (stall.counter.id, stall.app.desk.today());
    let at = format!("/clerk/counters/{id}/calendar");
    let page = clerk.get(&at).await.expect(200).text();
    assert!(page.contains("没有开门日历"), "{page}");
    let day = today.plus(1).weekday().to_string();
    let first = today.to_string();
    let form = |on: &'static str| {
        [
            ("first_day", first.clone()),
            ("kind-1", "weekdays".into()),
            ("on-1", on.into()),
            ("opens-1", "08:00".into()),
            ("closes-1", "11:30".into()),
            ("kind-2", String::new()),
        ]
    };
    let wrong = form("9");
    let wrong: Vec<(&str, &str)> = wrong.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let page = clerk.post_form(&at, &wrong).await.expect(409).text();
    assert!(page.contains("这样的日子认不出来：9") && page.contains("value=\"9\""), "{page}");
    let right = form("1");
    let mut right: Vec<(&str, &str)> = right.iter().map(|(n, v)| (*n, v.as_str())).collect();
    right[2].1 = &day;
    clerk.post_form(&at, &right).await.expect(303);
    let page = clerk.get(&at).await.expect(200).text();
    assert!(page.contains("下次开门") && page.contains("每周"), "{page}");
    let shut = today.plus(1).to_string();
    let single = [("day", shut.as_str()), ("kind", "closed"), ("reason", "盘点")];
    clerk.post_form(&format!("{at}/days"), &single).await.expect(303);
    assert!(clerk.get(&at).await.expect(200).text().contains("盘点"));
    // the counter is told, and may serve
    let page = stall.shop.get("/shop").await.expect(200).text();
    assert!(page.contains("今天不是开门的日子"), "{page}");
    let bought = json!({ "credential": card, "lines": [{ "sku": 1, "pieces": 2 }] });
    stall.shop.post_json("/api/v1/redemptions", &bought).await.expect(200);
    let page = stall.shop.get("/shop/days").await.expect(200).text();
    assert!(page.contains(&format!("/shop/days/{today}")) && page.contains("不是开门日"), "{page}");
    let page = stall.shop.get(&format!("/shop/days/{today}")).await.expect(200).text();
    assert!(page.contains("<svg") && page.contains("最忙的半小时"), "{page}");
    let page = clerk.get("/stock/forecast").await.expect(200).text();
    assert!(page.contains("毛巾") && page.contains("说不准"), "{page}");
    let csv = clerk.get("/stock/forecast.csv").await.expect(200).text();
    assert!(csv.contains("毛巾") && csv.contains("too_few_days"), "{csv}");
    // everybody reads it
    let no = stall.app.village.no;
    let next = format!("{}月{}日", today.plus(8).ymd().1, today.plus(8).ymd().2);
    let mut anybody = stall.app.anonymous();
    let page = anybody.get(&format!("/board/{no}")).await.expect(200).text();
    assert!(page.contains("下次开门") && page.contains(&next), "{page}");
    let told = anybody.get(&format!("/api/v1/board/{no}/openings")).await.expect(200).json();
    assert_eq!(told[0]["next"]["day"], today.plus(8).to_string());
    assert_eq!(told[0]["open_today"], false);
    stall.app.finish().await;
}

#[tokio::test]
async fn the_api_sets_and_reads_the_same() {
    let mut stall = Stall::new(50).await;
    let home = stall.household(1, 55).await;
    let card = stall.card(home).await;
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    let (id, today) = (stall.counter.id, stall.app.desk.today());
    let at = format!("/api/v1/counters/{id}/calendar");
    let rule = json!({ "kind": "every_day", "opens": "8:00", "closes": "18:00" });
    let body = json!({ "first_day": today.to_string(), "rules": [rule], "refuse_outside": true });
    let set = clerk.post_json(&at, &body).await.expect(200).json();
    assert_eq!(set["calendars"][0]["rules"][0]["opens"], "08:00");
    assert_eq!(set["next"]["day"], today.to_string());
    let wrong = json!({ "first_day": today.to_string(), "rules": [{ "kind": "cycle", "on": "5", "opens": "8:00", "closes": "9:00" }] });
    assert_eq!(clerk.post_json(&at, &wrong).await.expect(422).json()["code"], "rule_days_wrong");
    let single = json!({ "day": today.to_string(), "opening": "closed", "reason": "停电" });
    let done = clerk.post_json(&format!("{at}/days"), &single).await.expect(200).json();
    assert_eq!(done["single_days"][0]["reason"], "停电");
    assert_eq!(clerk.get(&at).await.expect(200).json(), done);
    let bought = json!({ "credential": card, "lines": [{ "sku": 1, "pieces": 2 }] });
    let shut = stall.shop.post_json("/api/v1/redemptions", &bought).await.expect(422).json();
    assert_eq!(shut["code"], "not_market_day");
    let usual = json!({ "day": today.to_string(), "opening": "usual", "reason": "来电了" });
    clerk.post_json(&format!("{at}/days"), &usual).await.expect(200);
    stall.shop.post_json("/api/v1/redemptions", &bought).await.expect(200);
    let days = stall.shop.get(&format!("/api/v1/counters/{id}/market-days")).await.expect(200).json();
    assert_eq!(
        (&days[0]["receipts"], &days[0]["points"], &days[0]["planned"]),
        (&json!(1), &json!("2"), &json!(true))
    );
    let day = stall.shop.get(&format!("/api/v1/counters/{id}/market-days/{today}")).await.expect(200).json();
    assert_eq!(day["day"]["households"], 1);
    let buy = clerk.get(&format!("/api/v1/counters/{id}/forecast")).await.expect(200).json();
    assert_eq!((&buy["articles"][0]["advice"], &buy["outstanding"]), (&json!("too_few_days"), &json!("53")));
    stall.shop.post_json(&at, &body).await.expect(403);
    stall.app.finish().await;
}
