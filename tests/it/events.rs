//! The outbox: a reader that asks for what came after the last place seen gets every transaction once, in order,
//! while others are writing.

use futures_util::future::join_all;
use greencoin::service::{
    caller::{Auditor, Role, Staff},
    holds::NewHold,
    outbox::EVENTS_PAGE,
};

use crate::{
    lapses::{give, undo},
    support::TestApp,
    village::{SOAP, Village},
};

const WRITERS: usize = 8;
const POSTINGS_EACH: usize = 25;

pub fn auditor(v: &Village) -> Auditor {
    Auditor::of(&Staff { roles: vec![Role::Auditor], ..(*v.clerk).clone() }).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_beside_many_writers_sees_every_place_once_and_in_order() {
    let v = Village::new().await;
    let by = auditor(&v);
    let all = v.seq().await + i64::try_from(WRITERS * POSTINGS_EACH).unwrap();
    let writers = join_all((0..WRITERS).map(|writer| {
        let v = &v;
        async move {
            for _ in 0..POSTINGS_EACH {
                v.give(writer % 4, 1).await;
            }
        }
    }));
    let reader = async {
        let mut seen: Vec<i64> = Vec::new();
        while i64::try_from(seen.len()).unwrap() < all {
            let after = seen.last().copied().unwrap_or(0);
            let events = v.desk.events(&by, after, 7).await.unwrap();
            assert!(events.iter().all(|e| !e.lines.is_empty()), "an event without its lines");
            seen.extend(events.iter().map(|e| e.seq));
            tokio::task::yield_now().await;
        }
        seen
    };
    let ((), seen) = tokio::join!(async { drop(writers.await) }, reader);
    assert_eq!(seen, (1..=all).collect::<Vec<_>>());
    assert!(v.desk.events(&by, all, 100).await.unwrap().is_empty());
    let most = v.desk.events(&by, 0, i64::MAX).await.unwrap().len();
    assert_eq!(i64::try_from(most).unwrap(), EVENTS_PAGE, "no answer is longer");
}

#[tokio::test]
async fn an_event_tells_all_of_a_transaction_and_nothing_about_people() {
    let v = Village::new().await;
    v.give(0, 40).await;
    let code = v.code(0).await;
    let receipt = v.redeem(&code, &[(SOAP, 1)], "k").await.unwrap();
    let events = v.desk.events(&auditor(&v), receipt.seq - 1, 100).await.unwrap();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((event.kind.as_str(), event.effective_on.as_str()), ("redemption", "2026-06-03"));
    assert_eq!(event.source, Some(format!("order:{}", receipt.id)));
    assert!(event.recorded_at.ends_with("+08:00") && event.leaf_hash.len() == 64, "{event:?}");
    let line = &event.lines[0];
    assert_eq!(line.account, "Liabilities:Households:H0001:Available");
    assert_eq!((line.amount.as_str(), line.balance_after.as_str()), ("5", "-35"));
    let told = serde_json::to_value(event).unwrap();
    assert_eq!(told["type"], "redemption");
    assert!(!told.to_string().contains(&*v.clerk.user.to_string()) && told.get("body").is_none(), "{told}");
}

#[tokio::test]
async fn an_event_leads_to_what_it_undoes_or_resolves_and_says_when_its_credit_lapses() {
    let v = Village::new().await;
    let day = v.desk.today().plus(30);
    let given = give(&v, "given", 5_000, Some(day)).await;
    let (household, counter) = (v.homes[0], v.counter.id);
    let new = NewHold { household, counter, points: 100, until: None, reason: "订货".to_owned() };
    let hold = v.desk.place_hold(&v.clerk, "h", &new).await.unwrap().seq;
    let taken = v.desk.release_hold(&v.clerk, "r", hold).await.unwrap().seq;
    let undone = undo(&v, "undo", given).await.unwrap();
    let events = v.desk.events(&auditor(&v), given - 1, 100).await.unwrap();
    let links: Vec<_> = events.iter().map(|e| (e.seq, e.resolves, e.reverses)).collect();
    let expected =
        [(given, None, None), (hold, None, None), (taken, Some(hold), None), (undone, None, Some(given))];
    assert_eq!(links, expected);
    let lapses: Vec<_> = events[0].lines.iter().map(|line| line.expires_on.clone()).collect();
    assert_eq!(lapses, [None, Some(day.to_string())]);
}

#[tokio::test]
async fn the_outbox_is_for_auditors_of_the_village_and_says_where_to_go_on() {
    let app = TestApp::new().await;
    let staff = app.staff(Role::Clerk, &app.village).await;
    for key in ["b1", "b2", "b3"] {
        app.desk.authorise(&staff, key, "Gift", 1_250, "张三家的决议").await.unwrap();
    }
    let mut auditor = app.sign_in(Role::Auditor).await;
    let first = auditor.get_json("/api/v1/events?limit=2").await;
    assert_eq!((first["items"].as_array().unwrap().len(), first["next"].as_i64()), (2, Some(2)));
    assert_eq!(first["items"][0]["lines"][0]["amount"], "12.5");
    assert!(!first.to_string().contains("张三"), "{first}");
    let rest = auditor.get_json("/api/v1/events?after=2").await;
    assert_eq!((rest["items"][0]["seq"].as_i64(), rest["next"].as_i64()), (Some(3), Some(3)));
    let nothing = auditor.get_json("/api/v1/events?after=3").await;
    assert_eq!((nothing["items"].as_array().unwrap().len(), nothing["next"].as_i64()), (0, Some(3)));
    let odd = auditor.get_json("/api/v1/events?after=-9223372036854775808&limit=-4").await;
    assert_eq!(odd["items"].as_array().unwrap().len(), 1);
    auditor.get("/api/v1/events?after=x").await.expect(400);
    let mut stranger = app.sign_in_over(Role::Auditor, app.other.org).await;
    assert_eq!(stranger.get_json("/api/v1/events").await["items"].as_array().unwrap().len(), 0);
    stranger.get(&format!("/api/v1/events?v={}", app.village.no)).await.expect(403);
    app.sign_in(Role::Clerk).await.get("/api/v1/events").await.expect(403);
    app.anonymous().get("/api/v1/events").await.expect(401);
    app.finish().await;
}
