//! Minutes that move between villages: out of one book and into the other in one transaction, or not at all.

use futures_util::future::join_all;
use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        household::PersonNo,
        ids::BookId,
        posting::{Commodity, Line},
    },
    service::{
        Desk,
        books::{Order, facts},
        caller::Role,
    },
    store::{ledger::read, person},
};
use serde_json::json;

use crate::{
    support::{TestApp, Village},
    village,
};

/// Somebody with number P000001, the same person in each village, with `minutes` saved.
async fn saver(app: &TestApp, village: &Village, name: &str, minutes: i64) {
    let mut tx = app.desk.db.begin_write().await.unwrap();
    let row = person::Person {
        id: app.desk.id(),
        no: PersonNo::from_ordinal(1),
        name: name.to_owned(),
        pinyin: String::new(),
        initials: String::new(),
        birth_year: Some(1960),
        phone: None,
    };
    person::add(&mut tx, village.book, &row).await.unwrap();
    tx.commit().await.unwrap();
    if minutes > 0 {
        serve(&app.desk, village.book, "service", minutes).await;
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
    let mut township = app.sign_in(Role::Township).await;
    let at = format!("/api/v1/clearing?v={}", app.village.no);
    let body = json!({ "person": "P000001", "village": app.other.no, "person_there": "P000001", "minutes": 5,
        "reason": "迁居" });
    let refusal = township.post_json(&at, &body).await.expect(422).json();
    assert_eq!(refusal["code"], "not_the_same_person");
    assert_eq!(has(&app, &app.village, &app.other).await, (90, 0));
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
