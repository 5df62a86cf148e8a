//! Minutes that move between villages: out of one book and into the other in one transaction, or not at all.

use futures_util::future::join_all;
use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        household::PersonNo,
        ids::BookId,
        org::OrgKind,
        posting::{Commodity, Line},
    },
    service::{
        Desk, ServiceError,
        books::{Order, facts},
        caller::{Role, Township},
        clearing::MinutesMove,
    },
    store::{ledger::read, person},
};
use serde_json::json;

use crate::{
    bulk::keyed,
    support::{TestApp, Village, place},
    village,
};

/// Somebody with number P000001, the same person in each village, with `minutes` saved.
async fn saver(app: &TestApp, village: &Village, name: &str, minutes: i64) {
    let mut tx = app.desk.db.begin_write().await.unwrap();
    person::add(&mut tx, village.book, &somebody(app, name)).await.unwrap();
    tx.commit().await.unwrap();
    if minutes > 0 {
        serve(&app.desk, village.book, "service", minutes).await;
    }
}

fn somebody(app: &TestApp, name: &str) -> person::Person {
    person::Person {
        id: app.desk.id(),
        no: PersonNo::from_ordinal(1),
        name: name.to_owned(),
        pinyin: String::new(),
        initials: String::new(),
        birth_year: Some(1960),
        phone: None,
    }
}

async fn serve(desk: &Desk, book: BookId, key: &str, minutes: i64) {
    let lines = vec![
        Line::new(chart::time_service(), Commodity::min(), minutes),
        Line::new(chart::person_time("P000001").unwrap(), Commodity::min(), -minutes),
    ];
    let body = facts([("key", key.to_owned())]);
    let order = Order { key, kind: TxnKind::TimeService, effective_on: desk.today(), source: None, body };
    let command = desk.command(&greencoin::service::Actor::System, order, lines).unwrap();
    desk.posted(book, command, Vec::new()).await.unwrap();
}

/// Saved minutes of P000001, and what the book keeps open with others.
async fn has(app: &TestApp, village: &Village, other: &Village) -> (i64, i64) {
    let mut tx = app.desk.db.begin_read().await.unwrap();
    let time = "Liabilities:Persons:P000001:Time";
    let open = format!("Liabilities:Clearing:B{}", other.no);
    let saved = read::balance(&mut tx, village.book, time, "MIN").await.unwrap();
    (-saved, read::balance(&mut tx, village.book, &open, "MIN").await.unwrap())
}

async fn seqs(app: &TestApp) -> (i64, i64) {
    let mut tx = app.desk.db.begin_read().await.unwrap();
    let here = read::head(&mut tx, app.village.book).await.unwrap().unwrap().seq;
    (here, read::head(&mut tx, app.other.book).await.unwrap().unwrap().seq)
}

#[tokio::test]
async fn minutes_leave_one_village_and_arrive_in_the_other_or_neither_book_moves() {
    let app = TestApp::new().await;
    saver(&app, &app.village, "张建国", 90).await;
    saver(&app, &app.other, "张建国", 0).await;
    let mut township = app.sign_in(Role::Township).await;
    let at = |village: &Village| format!("/api/v1/clearing?v={}", village.no);
    let body = |to: &Village, minutes: i64| {
        json!({ "person": "P000001", "village": to.no, "person_there": "P000001", "minutes": minutes,
            "reason": "迁到溪口村" })
    };
    let (here, there) = (at(&app.village), at(&app.other));
    let moved = township.post_json(&here, &body(&app.other, 60)).await.expect(200).json();
    assert_eq!(has(&app, &app.village, &app.other).await, (30, -60));
    assert_eq!(has(&app, &app.other, &app.village).await, (60, 60), "nets to zero");
    let before = seqs(&app).await;
    assert_eq!((moved["seq"].as_i64().unwrap(), moved["seq_there"].as_i64().unwrap()), before);
    // too many, whichever of the two books is decided first
    for (from, to, at) in [(&app.village, &app.other, &here), (&app.other, &app.village, &there)] {
        let refusal = township.post_json(at, &body(to, 61)).await;
        let refusal = refusal.expect(422).json();
        assert_eq!(refusal["code"], "insufficient_time", "{refusal} from {}", from.no);
    }
    assert_eq!(seqs(&app).await, before, "neither book moved");
    township.post_json(&there, &body(&app.village, 60)).await.expect(200);
    assert_eq!(has(&app, &app.village, &app.other).await, (90, 0));
    assert_eq!(has(&app, &app.other, &app.village).await, (0, 0));
    township.post_json(&here, &body(&app.village, 1)).await.expect(422);
    app.sign_in(Role::Clerk).await.post_json("/api/v1/clearing", &body(&app.other, 1)).await.expect(403);
    app.finish().await;
}

#[tokio::test]
async fn the_same_request_moves_once_and_two_people_of_one_number_are_told_apart() {
    let app = TestApp::new().await;
    saver(&app, &app.village, "张建国", 90).await;
    saver(&app, &app.other, "李梅", 0).await;
    let born = person::Person {
        id: app.desk.id(),
        no: PersonNo::from_ordinal(2),
        birth_year: Some(1961),
        ..somebody(&app, "张建国")
    };
    let mut tx = app.desk.db.begin_write().await.unwrap();
    person::add(&mut tx, app.other.book, &born).await.unwrap();
    person::add(
        &mut tx,
        app.other.book,
        &person::Person { no: PersonNo::from_ordinal(3), ..somebody(&app, "张建国") },
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let mut township = app.sign_in(Role::Township).await;
    let at = format!("/api/v1/clearing?v={}", app.village.no);
    let body = |person_there: &str, minutes: i64| {
        json!({ "person": "P000001", "village": app.other.no, "person_there": person_there,
            "minutes": minutes, "reason": "迁居" })
    };
    // another name, and the same name born in another year
    for stranger in ["P000001", "P000002"] {
        let refusal = township.post_json(&at, &body(stranger, 5)).await.expect(422).json();
        assert_eq!(refusal["code"], "not_the_same_person");
    }
    for minutes in [0, -5] {
        let refusal = township.post_json(&at, &body("P000003", minutes)).await.expect(422).json();
        assert_eq!(refusal["code"], "quantity_out_of_range");
    }
    // who oversees another township does not move into this one
    let elsewhere = place(&app.desk, &app.admin, app.admin.org, OrgKind::Township, "石桥镇").await;
    let stranger = app.user("stranger", Role::Township, elsewhere).await;
    let who = app.desk.staff_sign_in(stranger.id).await.unwrap().unwrap();
    let by = Township::of(&app.staff(Role::Township, &app.village).await).unwrap();
    let new = MinutesMove {
        person: PersonNo::from_ordinal(1),
        village: app.other.no,
        person_there: PersonNo::from_ordinal(3),
        minutes: 5,
        reason: "迁居".to_owned(),
    };
    let moved = app.desk.move_minutes(&by, &who, "stranger", &new).await;
    assert!(matches!(moved, Err(ServiceError::NotAllowed)), "{moved:?}");
    assert_eq!(has(&app, &app.village, &app.other).await, (90, 0));
    township.csrf().await;
    let first = keyed(&mut township, &at, "one", &body("P000003", 5)).await.expect(200).json();
    assert_eq!(keyed(&mut township, &at, "one", &body("P000003", 5)).await.expect(200).json(), first);
    assert_eq!(
        keyed(&mut township, &at, "one", &body("P000003", 6)).await.expect(409).json()["fields"],
        "minutes"
    );
    assert_eq!(has(&app, &app.village, &app.other).await, (85, -5), "moved once");
    app.finish().await;
}

#[tokio::test]
async fn moves_both_ways_and_other_postings_at_once_lose_nothing() {
    let app = TestApp::new().await;
    saver(&app, &app.village, "张建国", 500).await;
    saver(&app, &app.other, "张建国", 500).await;
    let mut township = app.sign_in(Role::Township).await;
    township.csrf().await;
    let posts = (0..24_i64).map(|n| {
        let (mut client, app) = (township.clone(), &app);
        async move {
            let (from, to) = if n % 2 == 0 { (&app.village, &app.other) } else { (&app.other, &app.village) };
            if n % 3 == 0 {
                serve(&app.desk, from.book, &format!("more {n}"), 10).await;
            } else {
                let body = json!({ "person": "P000001", "village": to.no, "person_there": "P000001",
                    "minutes": 10 + n, "reason": "服务" });
                client.post_json(&format!("/api/v1/clearing?v={}", from.no), &body).await.expect(200);
            }
        }
    });
    join_all(posts).await;
    let (here, there) =
        (has(&app, &app.village, &app.other).await, has(&app, &app.other, &app.village).await);
    assert_eq!((here.0 + there.0, here.1 + there.1), (1_000 + 80, 0));
    app.finish().await;
}

#[tokio::test]
async fn a_side_without_its_other_side_is_found_and_points_have_no_way_out() {
    let v = village::Village::new().await;
    let other = v.neighbour().await;
    v.give(0, 50).await;
    let lines = |path: &str, commodity: Commodity| {
        let clearing = chart::clearing("B2").unwrap();
        vec![Line::new(path.parse().unwrap(), commodity.clone(), 10), Line::new(clearing, commodity, -10)]
    };
    let post = async |key: &str, kind, lines| {
        let body = facts([("with_book", other.book.to_string())]);
        let order = Order { key, kind, effective_on: v.desk.today(), source: None, body };
        let command = v.desk.command(&v.clerk.actor(), order, lines).unwrap();
        v.desk.posted(v.book, command, Vec::new()).await
    };
    let points = lines("Liabilities:Households:H0001:Available", Commodity::point());
    assert_eq!(village::refused(post("points", TxnKind::Clearing, points).await), "not_in_chart");
    let minutes = || lines("Equity:Time:Service", Commodity::min());
    assert_eq!(village::refused(post("service", TxnKind::TimeService, minutes()).await), "invalid_link");
    assert!(v.desk.verify_books(None).await.unwrap().holds());
    let seq = post("alone", TxnKind::Clearing, minutes()).await.unwrap().seq;
    let fault = v.desk.verify_books(None).await.unwrap().books.remove(0).fault.unwrap();
    assert_eq!((fault.seq, fault.table, fault.field), (Some(seq), "txn", "body"));
}

/// A side of a move as it stands in the log: kind, the book it names, minutes that leave.
type OtherSide = (TxnKind, bool, i64);

#[tokio::test]
async fn a_side_whose_other_side_leads_elsewhere_or_has_another_size_or_kind_is_found() {
    let right = (TxnKind::Clearing, true, -10);
    let wrong: [(OtherSide, Option<(&str, &str)>); 4] = [
        (right, None),
        ((TxnKind::Clearing, false, -10), Some(("txn", "body"))),
        ((TxnKind::Clearing, true, -9), Some(("entry", "quantity"))),
        ((TxnKind::TimeService, true, -10), Some(("txn", "body"))),
    ];
    let v = village::Village::new().await;
    for (n, ((kind, back, leaves), found)) in (1..).zip(wrong) {
        // a pair of villages for each, so that each fault is the first of its books
        let here = village::Village::on(v.engine.clone(), v.clock.clone(), v.desk.clone(), 10 * n).await;
        let there = village::Village::on(v.engine.clone(), v.clock.clone(), v.desk.clone(), 10 * n + 1).await;
        let side = async |own: &village::Village, kind, with: BookId, village: i64, minutes: i64| {
            let account = match kind {
                TxnKind::Clearing => chart::clearing(&format!("B{village}")).unwrap(),
                _ => chart::person_time("P000001").unwrap(),
            };
            let lines = vec![
                Line::new(chart::time_service(), Commodity::min(), minutes),
                Line::new(account, Commodity::min(), -minutes),
            ];
            let body = facts([("with_book", with.to_string())]);
            let order = Order { key: "side", kind, effective_on: own.desk.today(), source: None, body };
            let command = own.desk.command(&own.clerk.actor(), order, lines).unwrap();
            own.desk.posted(own.book, command, Vec::new()).await.unwrap().seq
        };
        serve(&v.desk, there.book, "saved", 60).await;
        let seq = side(&here, TxnKind::Clearing, there.book, 10 * n + 1, 10).await;
        side(&there, kind, if back { here.book } else { v.book }, 10 * n, leaves).await;
        let report = v.desk.verify_books(None).await.unwrap();
        let own = report.books.into_iter().find(|report| report.book == here.book).unwrap();
        let fault = own.fault.map(|fault| (fault.seq, fault.table, fault.field));
        assert_eq!(fault, found.map(|(table, field)| (Some(seq), table, field)), "{kind:?} {back} {leaves}");
    }
}
