//! Closing a period: its statement is what the lines say, stands in the log, and nothing lands behind it, whoever writes
//! at the same moment and whatever the clock does.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::future::join_all;
use greencoin::{
    domain::{
        book::{Outcome, TxnKind},
        canonical::hex,
        chart,
        posting::{Commodity, Line},
        time::Day,
    },
    jobs,
    service::{
        ServiceError,
        books::{Order, facts},
        caller::{Bookkeeper, Role, Staff},
        holds::NewHold,
        periods::ClosedPeriod,
    },
    store::{audit, ledger::read},
};
use serde_json::json;

use crate::{
    hamlet,
    stall::Stall,
    support::TestApp,
    village::{Village, refused},
};

const DAY: i64 = 86_400;

fn reader(v: &Village) -> Bookkeeper {
    Bookkeeper::of(&v.clerk).unwrap()
}

/// Gives a household points that count for `day`.
async fn give(v: &Village, home: usize, key: &str, points: i64, day: Day) -> Outcome {
    let no = format!("H{:04}", home + 1);
    let lines = vec![
        Line::new(chart::budget("Gift").unwrap(), Commodity::point(), points),
        Line::new(chart::household_available(&no).unwrap(), Commodity::point(), -points),
    ];
    let body = facts([("key", key.to_owned())]);
    let order = Order { key, kind: TxnKind::Opening, effective_on: day, source: None, body };
    let command = v.desk.command(&v.clerk.actor(), order, lines).unwrap();
    v.desk.post(v.book, command, Vec::new()).await.unwrap()
}

/// Opening, debits, credits and closing of every account, from all lines of the book one by one.
async fn naive(v: &Village, from: Option<Day>, through: Day) -> BTreeMap<(String, String), [i64; 4]> {
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let days: BTreeMap<i64, Day> = read::txns(&mut tx, v.book, 0, 100_000)
        .await
        .unwrap()
        .into_iter()
        .map(|t| (t.seq, t.effective_on))
        .collect();
    let mut out: BTreeMap<(String, String), [i64; 4]> = BTreeMap::new();
    for e in read::entries(&mut tx, v.book, 0, 100_000).await.unwrap() {
        let day = days[&e.seq];
        let [opening, debits, credits, closing] = out.entry((e.path, e.commodity)).or_default();
        if from.is_some_and(|from| day < from) {
            *opening += e.quantity;
        } else if day <= through {
            *debits += e.quantity.max(0);
            *credits += (-e.quantity).max(0);
        }
        *closing += if day <= through { e.quantity } else { 0 };
    }
    out.retain(|_, [opening, debits, credits, _]| (*opening, *debits, *credits) != (0, 0, 0));
    out
}

fn said(period: &ClosedPeriod) -> BTreeMap<(String, String), [i64; 4]> {
    let lines = period.statement.lines.iter();
    lines
        .map(|l| ((l.path.clone(), l.commodity.clone()), [l.opening, l.debits, l.credits, l.closing]))
        .collect()
}

async fn holds(v: &Village) {
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

#[tokio::test]
async fn a_statement_is_what_the_lines_say_and_begins_where_the_last_one_ended() {
    let v = Village::new().await;
    v.give(0, 50).await;
    v.clock.advance_seconds(20 * DAY);
    v.give(1, 30).await;
    let code = v.code(1).await;
    v.redeem(&code, &[(crate::village::SOAP, 2)], "k").await.unwrap();
    let through = v.desk.today();
    v.clock.advance_seconds(2 * DAY);
    // it counts for the period, though it is posted after its end; and this does not
    give(&v, 2, "late", 700, through).await;
    give(&v, 2, "next", 900, through.plus(1)).await;
    let first = v.desk.close_period(&v.clerk, through).await.unwrap();
    assert_eq!(v.desk.close_period(&v.clerk, through).await.unwrap(), first, "the same closing");
    let colleague = Staff { user: v.desk.id(), ..(*v.clerk).clone() };
    assert_eq!(refused(v.desk.close_period(&colleague, through).await), "period_closed", "not theirs");
    assert!(matches!(v.desk.close_period(&v.shop, through.plus(1)).await, Err(ServiceError::NotAllowed)));
    assert_eq!(refused(v.desk.close_period(&v.clerk, through.plus(-1)).await), "period_closed");
    assert_eq!(refused(v.desk.close_period(&v.clerk, v.desk.today()).await), "period_not_over");
    assert!(matches!(give(&v, 2, "too late", 1, through).await, Outcome::Refused(_)));
    v.give(0, 5).await;
    v.clock.advance_seconds(30 * DAY);
    give(&v, 0, "second", 100, through.plus(10)).await;
    let second = v.desk.close_period(&v.clerk, v.desk.today().plus(-1)).await.unwrap();
    v.give(0, 7).await;
    let (one, two) = (
        v.desk.closed_period(&reader(&v), first.seq).await.unwrap(),
        v.desk.closed_period(&reader(&v), second.seq).await.unwrap(),
    );
    assert!(one.agrees && two.agrees);
    assert_eq!(said(&one), naive(&v, None, through).await);
    assert_eq!(said(&two), naive(&v, Some(through.plus(1)), second.through).await);
    for (account, [opening, ..]) in said(&two) {
        let ended = said(&one).get(&account).map_or(0, |[.., closing]| *closing);
        assert_eq!(opening, ended, "{account:?}");
    }
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let txn = read::txn(&mut tx, v.book, first.seq).await.unwrap().unwrap();
    drop(tx);
    assert!(txn.body.contains(&hex(&one.statement.digest())), "the digest is in the leaf: {}", txn.body);
    holds(&v).await;
}

#[tokio::test]
async fn whoever_writes_at_the_same_moment_the_statement_has_all_that_landed() {
    let v = Arc::new(Village::new().await);
    let other = v.engine.desk(&v.clock).await;
    let through = v.desk.today();
    v.clock.advance_seconds(DAY);
    for round in 0..4_i64 {
        let through = through.plus(i32::try_from(round).unwrap());
        let posts = (0..40).map(|n| {
            let (v, other) = (Arc::clone(&v), &other);
            async move {
                for _ in 0..n % 5 {
                    tokio::task::yield_now().await;
                }
                let day = if n % 2 == 0 { through } else { v.desk.today() };
                let key = format!("{round} {n}");
                if n == 20 {
                    other.close_period(&v.clerk, through).await.map(|_| ()).unwrap();
                } else {
                    give(&v, usize::try_from(n % 6).unwrap(), &key, 100 + n, day).await;
                }
            }
        });
        join_all(posts).await;
        v.clock.advance_seconds(DAY);
    }
    let closings = v.desk.closings(&reader(&v)).await.unwrap();
    assert_eq!(closings.len(), 4);
    for closing in closings {
        let period = v.desk.closed_period(&reader(&v), closing.seq).await.unwrap();
        assert!(period.agrees, "{closing:?}");
        assert_eq!(said(&period), naive(&v, closing.from, closing.through).await);
    }
    other.db.close().await;
    holds(&v).await;
}

#[tokio::test]
async fn a_statement_drawn_up_before_something_landed_does_not_close() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let through = v.desk.today();
    v.clock.advance_seconds(DAY);
    let (seq, today) = (v.seq().await, v.desk.today());
    let close = |key: &str, seq: i64| {
        let body = facts([("seq", seq.to_string()), ("statement", "00".repeat(32))]);
        let order = Order { key, kind: TxnKind::PeriodClose, effective_on: through, source: None, body };
        v.desk.command(&v.clerk.actor(), order, Vec::new()).unwrap()
    };
    give(&v, 0, "today", 1, today).await;
    give(&v, 0, "late", 1, through).await;
    let refusal = v.desk.posted(v.book, close("stale", seq), Vec::new()).await;
    assert_eq!(refused(refusal), "period_moved");
    // the same after a restart, when the book knows nothing of what landed
    let again = v.engine.desk(&v.clock).await;
    let refusal = again.posted(v.book, close("stale again", seq), Vec::new()).await;
    assert_eq!(refused(refusal), "period_moved");
    again.db.close().await;
    v.desk.close_period(&v.clerk, through).await.unwrap();
    holds(&v).await;
}

#[tokio::test]
async fn a_closing_on_a_statement_that_is_not_true_is_found() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let through = v.desk.today();
    v.clock.advance_seconds(DAY);
    let body = facts([("seq", v.seq().await.to_string()), ("statement", "00".repeat(32))]);
    let order = Order { key: "lie", kind: TxnKind::PeriodClose, effective_on: through, source: None, body };
    let command = v.desk.command(&v.clerk.actor(), order, Vec::new()).unwrap();
    let seq = v.desk.posted(v.book, command, Vec::new()).await.unwrap().seq;
    let fault = v.desk.verify_books(None).await.unwrap().books.remove(0).fault.unwrap();
    assert_eq!(
        (fault.seq, fault.table, fault.field, fault.found),
        (Some(seq), "txn", "body", "00".repeat(32))
    );
    assert!(!v.desk.closed_period(&reader(&v), seq).await.unwrap().agrees);
}

/// The clock goes back behind a closing: whatever posts is refused in words, and nothing lands.
#[tokio::test]
async fn every_way_to_post_is_refused_in_words_in_a_closed_period() {
    let mut stall = Stall::new(50).await;
    let home = stall.household(1, 30).await;
    let card = stall.card(home).await;
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    let mut township = stall.app.sign_in(Role::Township).await;
    let (counter, book) = (stall.counter.id.to_string(), stall.app.village.book);
    let hold =
        json!({ "household": home.to_string(), "counter": counter, "points": "5", "reason": "订毛巾" });
    let open = clerk.post_json("/api/v1/holds", &hold).await.expect(201).json();
    stall.app.clock.advance_seconds(DAY);
    let closing = stall.app.desk.close_period(&stall.clerk, stall.app.desk.today().plus(-1)).await.unwrap();
    stall.app.clock.advance_seconds(-DAY);
    let seq = closing.seq;
    let at = format!("/api/v1/holds/{}", open["seq"]);
    let redemption = json!({ "credential": card, "lines": [{ "sku": 1, "pieces": 1 }] });
    let receipt = json!({ "kind": "receipt", "counter": counter, "fund": "Gift", "lines": [{ "sku": 1, "pieces": 1 }] });
    let paper = clerk.post_json("/api/v1/stock/papers", &receipt).await.expect(201).json();
    let agree = format!("/api/v1/stock/papers/{}/approve", paper["id"].as_str().unwrap());
    let mut reviewer = stall.app.sign_in(Role::Reviewer).await;
    let authorise = format!("/api/v1/funds/Gift/authorise?v={}", stall.app.village.no);
    let budget = json!({ "points": "5", "basis": "纪要" });
    let mut refusals = vec![
        stall.shop.post_json("/api/v1/redemptions", &redemption).await,
        stall.shop.post_json(&format!("{at}/capture"), &json!({})).await,
        stall.shop.post_json(&format!("{at}/release"), &json!({})).await,
        clerk.post_json("/api/v1/holds", &hold).await,
        reviewer.post_json(&agree, &json!({})).await,
        township.post_json(&authorise, &budget).await,
    ];
    for refusal in &mut refusals {
        let (status, said) = (refusal.status.as_u16(), refusal.json());
        assert_eq!((status, said["code"].as_str()), (422, Some("closed_period")), "{said}");
        assert!(said["detail"].as_str().unwrap().contains("已关账"), "{said}");
    }
    let desk = &stall.app.desk;
    assert_eq!(refused(desk.receive_money(&stall.clerk, "m", "Gift", "D1", 1).await), "closed_period");
    // what runs by the clock waits, and goes on when the clock is right again
    let done = jobs::tick(desk).await.unwrap();
    assert_eq!((done.released, done.lapsed, done.posted), (0, 0, 0));
    let mut tx = desk.db.begin_read().await.unwrap();
    assert_eq!(read::head(&mut tx, book).await.unwrap().unwrap().seq, seq, "nothing landed");
    drop(tx);
    stall.app.clock.advance_seconds(9 * DAY);
    assert_eq!(jobs::tick(desk).await.unwrap().released, 1);
    stall.app.finish().await;
}

#[tokio::test]
async fn a_notice_that_ran_out_while_the_clock_was_wrong_posts_when_it_is_right() {
    let v = hamlet::Village::new().await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    v.clock.advance_seconds(6 * DAY);
    v.desk.close_period(&v.clerk, v.desk.today().plus(-1)).await.unwrap();
    v.clock.advance_seconds(-DAY / 2 - DAY);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 0);
    v.clock.advance_seconds(2 * DAY);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    assert_eq!(v.state(row.id).await, "posted");
}

#[tokio::test]
async fn a_period_is_checked_closed_and_printed_over_pages_and_api() {
    let app = TestApp::new().await;
    let staff: Staff = app.staff(Role::Clerk, &app.village).await;
    app.desk.authorise(&staff, "budget", "Gift", 500_000, "纪要").await.unwrap();
    let today = app.desk.today();
    app.clock.advance_seconds(DAY);
    let mut clerk = app.sign_in(Role::Clerk).await;
    let page = clerk.get(&format!("/periods?through={today}")).await.expect(200).text();
    assert!(page.contains(&format!("关账到{today}")) && page.contains("还没有关过账"), "{page}");
    let mut auditor = app.sign_in(Role::Auditor).await;
    auditor.post_form("/periods", &[("through", &today.to_string())]).await.expect(403);
    clerk.post_form("/periods", &[("through", "2099-01-01")]).await.expect(422);
    let to = clerk.post_form("/periods", &[("through", &today.to_string())]).await.expect(303);
    let to = to.location().to_owned();
    let sheet = auditor.get(&to).await.expect(200).text();
    assert!(sheet.contains("账期结存表") && sheet.contains("与关账时的摘要一致"), "{sheet}");
    let csv = auditor.get(&format!("{to}/statement.csv")).await.expect(200).text();
    assert!(csv.contains("Equity:Budget:Gift,POINT,0,0,500000,-500000"), "{csv}");
    let listed = auditor.get_json("/api/v1/periods").await;
    let one = auditor.get_json(&format!("/api/v1{to}")).await;
    assert_eq!((one["agrees"].as_bool(), &one["digest"]), (Some(true), &listed[0]["digest"]));
    assert!(
        csv.contains(one["digest"].as_str().unwrap()) && csv.contains(one["head_root"].as_str().unwrap())
    );
    assert_eq!(auditor.get_json("/api/v1/periods/check").await["closed_through"], today.to_string());
    clerk.post_json("/api/v1/periods", &json!({ "through": today.plus(-1).to_string() })).await.expect(422);
    app.sign_in(Role::Shopkeeper).await.get("/periods").await.expect(403);
    let mut tx = app.desk.db.begin_read().await.unwrap();
    audit::last_event(&mut tx, app.village.book, "verify").await.unwrap();
    drop(tx);
    app.finish().await;
}

/// A hold's own day may lie beyond the closing: putting aside is no posting of that day.
#[tokio::test]
async fn what_is_put_aside_stays_so_over_a_closing() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let reason = "订货".to_owned();
    let (household, counter) = (v.homes[0], v.counter.id);
    let new = NewHold { household, counter, points: 1_000, until: Some(v.desk.today().plus(20)), reason };
    let hold = v.desk.place_hold(&v.clerk, "h", &new).await.unwrap();
    v.clock.advance_seconds(DAY);
    let closing = v.desk.close_period(&v.clerk, v.desk.today().plus(-1)).await.unwrap();
    let period = v.desk.closed_period(&reader(&v), closing.seq).await.unwrap();
    let held = ("Liabilities:Households:H0001:Held".to_owned(), "POINT".to_owned());
    assert_eq!(said(&period)[&held], [0, 0, 1_000, -1_000]);
    assert_eq!(v.desk.period_check(&reader(&v), None).await.unwrap().holds, 1);
    v.desk.capture_hold(&v.shop, "c", hold.seq, None).await.unwrap();
    v.deliver(v.counter.id, &[(1, 1)]).await;
    holds(&v).await;
}
