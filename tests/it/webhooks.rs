//! Telling other programs: a real receiver on this machine hears every event, signed, in order and at least once,
//! whatever it answers and whoever dies in between.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        entropy::ChaChaEntropy,
        ids::WebhookId,
        posting::{Commodity, Line},
        time::{Clock, ManualClock, Timestamp},
        webhook::RETRY_SECONDS,
    },
    jobs::webhooks::pass,
    service::{
        Desk, Keys,
        books::{Order, facts},
        caller::{CountyAdmin, Role},
        webhook::{Delivery, LEASE_SECONDS, WebhookStep},
    },
    store::webhook::WebhookRow,
};
use serde_json::{Value, json};

use crate::{
    dump::dump,
    receiver::{Next, Receiver, verifies},
    support::TestApp,
    village::Village,
};

async fn post(app: &TestApp, from: usize, count: usize) {
    let staff = app.staff(Role::Clerk, &app.village).await;
    for i in from..from + count {
        app.desk.authorise(&staff, &format!("b{i}"), "Gift", 100, "张三家的决议").await.unwrap();
    }
}

async fn add(app: &TestApp, url: &str, kinds: &[&str]) -> (WebhookId, String) {
    let kinds: Vec<String> = kinds.iter().map(|k| (*k).to_owned()).collect();
    let (row, secret) = app.desk.add_webhook(&app.admin, app.village.no, url, &kinds).await.unwrap();
    (row.id, secret.0)
}

async fn hook(app: &TestApp) -> WebhookRow {
    app.desk.webhooks(&app.admin, app.village.no).await.unwrap().remove(0)
}

async fn change(app: &TestApp, id: WebhookId, step: WebhookStep) {
    app.desk.change_webhook(&app.admin, app.village.no, id, step).await.unwrap();
}

#[tokio::test]
async fn every_event_arrives_in_order_signed_and_word_for_word_as_in_the_outbox() {
    let app = TestApp::new().await;
    post(&app, 0, 1).await;
    let (receiver, url) = Receiver::start().await;
    let (_, secret) = add(&app, &url, &[]).await;
    assert_eq!(pass(&app.desk).await.unwrap(), 0, "what was before is not told");
    post(&app, 1, 3).await;
    assert_eq!(pass(&app.desk).await.unwrap(), 3);
    assert_eq!(pass(&app.desk).await.unwrap(), 0);
    assert_eq!(receiver.seqs(), [2, 3, 4]);
    let mut auditor = app.sign_in(Role::Auditor).await;
    let events = auditor.get_json("/api/v1/events?after=1").await;
    for (heard, event) in receiver.heard().iter().zip(events["items"].as_array().unwrap()) {
        let told = heard.json();
        assert_eq!((&told["data"], &told["type"]), (event, &json!("budget")));
        assert_eq!((&told["timestamp"], &told["village"]), (&event["recorded_at"], &json!(app.village.no)));
        assert_eq!(heard.header("webhook-id"), event["id"].as_str().unwrap());
        assert_eq!(heard.header("webhook-timestamp"), app.desk.now().seconds().to_string());
        assert!(heard.head.starts_with("POST /hook HTTP/1.1") && verifies(&secret, heard), "{heard:?}");
        assert!(!heard.body.contains("张三"), "{heard:?}");
    }
    let everything = format!("{:?}", dump(&app.desk.db).await);
    let bare = secret.strip_prefix("whsec_").unwrap();
    assert!(!everything.contains(bare), "the secret lies open in the database");
    app.finish().await;
}

#[tokio::test]
async fn only_the_kinds_asked_for_arrive_and_the_rest_is_passed_over() {
    let app = TestApp::new().await;
    let (receiver, url) = Receiver::start().await;
    add(&app, &url, &["funding", "honor"]).await;
    post(&app, 0, 2).await;
    let staff = app.staff(Role::Clerk, &app.village).await;
    app.desk.receive_money(&staff, "money", "Gift", "D1", 5_000).await.unwrap();
    post(&app, 2, 1).await;
    assert_eq!(pass(&app.desk).await.unwrap(), 1);
    assert_eq!((receiver.seqs(), hook(&app).await.place), (vec![3], 4));
    // a kind that begins like one that was asked for is another
    let lines = vec![
        Line::new(chart::honor_source(), Commodity::honor(), 100),
        Line::new(chart::household_honor("H0001").unwrap(), Commodity::honor(), -100),
    ];
    let today = app.desk.today();
    let body = facts([("n", "1".to_owned())]);
    let order = Order { key: "base", kind: TxnKind::HonorBase, effective_on: today, source: None, body };
    let command = app.desk.command(&staff.actor(), order, lines).unwrap();
    app.desk.posted(app.village.book, command, Vec::new()).await.unwrap();
    assert_eq!((pass(&app.desk).await.unwrap(), hook(&app).await.place), (0, 5));
    app.finish().await;
}

#[tokio::test]
async fn what_fails_is_sent_again_by_the_schedule_under_its_old_name_and_nothing_overtakes_it() {
    let app = TestApp::new().await;
    let (receiver, url) = Receiver::start().await;
    let (_, secret) = add(&app, &url, &[]).await;
    post(&app, 0, 2).await;
    receiver.plan(&[Next::Say(500), Next::Close, Next::Say(302), Next::Say(429)]);
    let errors = ["status:500", "answer", "status:302", "status:429"];
    for ((failures, error), wait) in (1..).zip(errors).zip(RETRY_SECONDS) {
        assert_eq!(pass(&app.desk).await.unwrap(), 0);
        let row = hook(&app).await;
        assert_eq!((row.failures, row.last_error.as_deref(), row.place), (failures, Some(error), 0));
        let due = row.next_at.seconds() - app.desk.now().seconds();
        assert!((wait..=wait + wait / 5).contains(&due), "{failures}: {due}");
        app.clock.advance_seconds(wait - 1);
        assert_eq!(pass(&app.desk).await.unwrap(), 0);
        assert_eq!(receiver.heard().len(), usize::try_from(failures).unwrap(), "too early");
        app.clock.advance_seconds(due - wait + 1);
    }
    // later than it was due: the second of the try counts
    app.clock.advance_seconds(7);
    assert_eq!(pass(&app.desk).await.unwrap(), 2);
    assert_eq!(receiver.heard()[4].header("webhook-timestamp"), app.desk.now().seconds().to_string());
    assert_eq!(receiver.seqs(), [1, 1, 1, 1, 1, 2]);
    let heard = receiver.heard();
    assert!(heard.iter().all(|h| verifies(&secret, h)));
    assert!(heard[..5].iter().all(|h| h.header("webhook-id") == heard[0].header("webhook-id")));
    assert_ne!(heard[0].header("webhook-timestamp"), heard[4].header("webhook-timestamp"));
    let row = hook(&app).await;
    assert_eq!((row.failures, row.last_error, row.failing_since), (0, None, None));
    app.finish().await;
}

#[tokio::test]
async fn what_arrives_between_two_failures_makes_the_second_a_first() {
    let app = TestApp::new().await;
    let (receiver, url) = Receiver::start().await;
    add(&app, &url, &[]).await;
    post(&app, 0, 2).await;
    receiver.plan(&[Next::Say(500), Next::Say(204), Next::Say(500)]);
    assert_eq!(pass(&app.desk).await.unwrap(), 0);
    app.clock.advance_seconds(RETRY_SECONDS[0] * 2);
    assert_eq!(pass(&app.desk).await.unwrap(), 1);
    let (row, now) = (hook(&app).await, app.desk.now());
    assert_eq!((row.failures, row.place, row.failing_since), (1, 1, Some(now)));
    assert!(row.next_at.seconds() - now.seconds() < RETRY_SECONDS[1], "{row:?}");
    app.finish().await;
}

/// A clock at whose second reading, between the look at who is due and the taking in hand, something happens beside.
struct Between {
    clock: Arc<ManualClock>,
    read: AtomicUsize,
    what: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Clock for Between {
    fn now(&self) -> Timestamp {
        if self.read.fetch_add(1, Ordering::Relaxed) == 1
            && let Some(what) = self.what.lock().unwrap().take()
        {
            what();
        }
        self.clock.now()
    }
}

#[tokio::test]
async fn who_comes_second_to_a_receiver_that_both_saw_due_leaves_it_alone() {
    let v = Arc::new(Village::new().await);
    let county = CountyAdmin { user: v.clerk.user, org: v.clerk.org };
    v.desk.add_webhook(&county, 1, "http://127.0.0.1:9/hook", &[]).await.unwrap();
    let own = Arc::clone(&v);
    let faster = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let desk = own.engine.desk(&own.clock).await;
            assert_eq!(desk.webhook_turns(own.book, 1).await.unwrap().len(), 1);
            desk.db.close().await;
        });
    };
    let faster = move || std::thread::spawn(faster).join().unwrap();
    let clock = Between {
        clock: Arc::clone(&v.clock),
        read: AtomicUsize::new(0),
        what: Mutex::new(Some(Box::new(faster))),
    };
    let entropy = Arc::new(ChaChaEntropy::from_seed(7));
    let desk = Desk::new(v.engine.open().await, Arc::new(clock), entropy, Keys::new([7; 32]));
    assert_eq!(desk.webhook_turns(v.book, 1).await.unwrap().len(), 0);
    desk.db.close().await;
}

#[tokio::test]
async fn who_dies_with_a_receiver_in_hand_is_followed_by_another_and_nothing_is_lost() {
    let app = TestApp::new().await;
    let (receiver, url) = Receiver::start().await;
    add(&app, &url, &[]).await;
    post(&app, 0, 4).await;
    // it took the receiver, told the first, wrote that down, told the second, and died before it wrote that down
    let (book, no) = (app.village.book, app.village.no);
    let mut turn = app.desk.webhook_turns(book, no).await.unwrap().remove(0);
    let (place, first) = app.desk.webhook_next(&mut turn).await.unwrap().unwrap();
    assert!(app.desk.webhook_came(&mut turn, place, &Delivery::Arrived).await.unwrap());
    let (second, lost) = app.desk.webhook_next(&mut turn).await.unwrap().unwrap();
    drop(turn);
    assert_eq!((place, second), (1, 2));
    assert_eq!(pass(&app.desk).await.unwrap(), 0, "it is in other hands still");
    app.clock.advance_seconds(LEASE_SECONDS);
    assert_eq!(pass(&app.desk).await.unwrap(), 3);
    assert_eq!(receiver.seqs(), [2, 3, 4]);
    assert_eq!(
        receiver.heard()[0].header("webhook-id"),
        lost.id,
        "the one that may come twice keeps its name"
    );
    assert_ne!(first.id, lost.id);
    app.finish().await;
}

#[tokio::test]
async fn two_processes_never_hold_one_receiver_at_once() {
    let app = TestApp::new().await;
    let (receiver, url) = Receiver::start().await;
    add(&app, &url, &[]).await;
    post(&app, 0, 6).await;
    let (one, two, three) = tokio::join!(pass(&app.desk), pass(&app.desk), pass(&app.desk));
    assert_eq!(one.unwrap() + two.unwrap() + three.unwrap(), 6);
    assert_eq!(receiver.seqs(), [1, 2, 3, 4, 5, 6]);
    app.finish().await;
}

#[tokio::test]
async fn a_receiver_that_never_answers_holds_up_nobody() {
    let app = TestApp::new().await;
    let (slow, slow_url) = Receiver::start().await;
    let (quick, quick_url) = Receiver::start().await;
    add(&app, &slow_url, &[]).await;
    add(&app, &quick_url, &[]).await;
    post(&app, 0, 5).await;
    slow.plan(&[Next::Hang]);
    let all_heard = async {
        while quick.heard().len() < 5 || slow.heard().is_empty() {
            quick.came.notified().await;
        }
    };
    tokio::select! {
        _ = pass(&app.desk) => panic!("the slow one was not waited for"),
        () = all_heard => {}
    }
    assert_eq!((quick.seqs(), slow.seqs()), (vec![1, 2, 3, 4, 5], vec![1]));
    app.finish().await;
}

#[tokio::test]
async fn it_pauses_goes_on_sends_again_and_stops_when_told_or_after_days() {
    let app = TestApp::new().await;
    let (receiver, url) = Receiver::start().await;
    let (id, first) = add(&app, &url, &[]).await;
    change(&app, id, WebhookStep::Pause).await;
    post(&app, 0, 2).await;
    assert_eq!(pass(&app.desk).await.unwrap(), 0);
    change(&app, id, WebhookStep::Resume).await;
    assert_eq!(pass(&app.desk).await.unwrap(), 2);
    change(&app, id, WebhookStep::SendAgain(2)).await;
    assert_eq!(pass(&app.desk).await.unwrap(), 1);
    assert_eq!(receiver.seqs(), [1, 2, 2]);
    let nowhere = app.desk.change_webhook(&app.admin, app.village.no, id, WebhookStep::SendAgain(9)).await;
    assert!(nowhere.is_err());
    // both secrets sign for a day, then the new one alone
    let second = app.desk.rotate_webhook(&app.admin, app.village.no, id).await.unwrap().0;
    for (seconds, old_too) in [(0, true), (86_399, true), (1, false)] {
        app.clock.advance_seconds(seconds);
        change(&app, id, WebhookStep::SendAgain(2)).await;
        pass(&app.desk).await.unwrap();
        let last = receiver.heard().pop().unwrap();
        assert_eq!((verifies(&second, &last), verifies(&first, &last)), (true, old_too));
    }
    // five days of nothing but failures
    post(&app, 2, 1).await;
    receiver.plan(&[Next::Say(503); 40]);
    for _ in 0..40 {
        pass(&app.desk).await.unwrap();
        app.clock.advance_seconds(28_800 * 6 / 5 + 1);
    }
    let row = hook(&app).await;
    assert_eq!((row.state.as_str(), row.last_error.as_deref()), ("failing", Some("status:503")));
    assert!(receiver.plan.lock().unwrap().len() > 15, "nobody is asked any more");
    receiver.plan.lock().unwrap().clear();
    change(&app, id, WebhookStep::Resume).await;
    receiver.plan(&[Next::Say(410)]);
    pass(&app.desk).await.unwrap();
    assert_eq!(hook(&app).await.state, "gone");
    change(&app, id, WebhookStep::Remove).await;
    assert!(app.desk.webhooks(&app.admin, app.village.no).await.unwrap().is_empty());
    app.finish().await;
}

#[tokio::test]
async fn the_county_adds_receivers_over_the_api_and_nobody_else() {
    let app = TestApp::new().await;
    let (receiver, url) = Receiver::start().await;
    let mut county = app.sign_in(Role::County).await;
    let at = format!("/api/v1/villages/{}/webhooks", app.village.no);
    county.headers.insert("idempotency-key", "k".parse().unwrap());
    let input = json!({ "url": url, "kinds": ["budget"] });
    let made = county.post_json(&at, &input).await.expect(201).json();
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    let again = county.post_json(&at, &input).await.expect(201).json();
    assert_eq!((&again["id"], &again["secret"]), (&made["id"], &Value::Null));
    county.headers.remove("idempotency-key");
    for (url, code) in [
        ("ftp://a/", "webhook_url"),
        ("http://u:p@a/", "webhook_userinfo"),
        ("http://169.254.169.254/latest", "webhook_forbidden"),
        ("http://[fe80::1]/", "webhook_forbidden"),
    ] {
        let refused = county.post_json(&at, &json!({ "url": url })).await.expect(422).json();
        assert_eq!(refused["code"], code, "{url}");
    }
    let unknown = json!({ "url": url, "kinds": ["gossip"] });
    assert_eq!(county.post_json(&at, &unknown).await.expect(422).json()["code"], "unknown_kind");
    let one = format!("{at}/{}", made["id"].as_str().unwrap());
    county.post_json(&one, &json!({ "action": "test" })).await.expect(204);
    pass(&app.desk).await.unwrap();
    let listed = county.get_json(&at).await;
    assert_eq!((&listed[0]["test"], &listed[0]["state"]), (&json!("arrived"), &json!("active")));
    let test = receiver.heard().pop().unwrap();
    assert!(test.json()["type"] == "test" && verifies(made["secret"].as_str().unwrap(), &test));
    let rotated = county.post_json(&format!("{one}/rotate"), &json!({})).await.expect(200).json();
    assert_ne!(rotated["secret"], made["secret"]);
    for bad in [
        json!({ "action": "send_again" }),
        json!({ "action": "send_again", "from": -1 }),
        json!({ "action": "x" }),
    ] {
        county.post_json(&one, &bad).await.expect(422);
    }
    county
        .post_json(&format!("{at}/00000000-0000-0000-0000-000000000000"), &json!({ "action": "pause" }))
        .await
        .expect(404);
    county.get("/api/v1/villages/999/webhooks").await.expect(404);
    for role in [Role::Clerk, Role::Township, Role::Auditor] {
        let mut other = app.sign_in(role).await;
        other.get(&at).await.expect(403);
        other.post_json(&at, &input).await.expect(403);
    }
    app.finish().await;
}

#[tokio::test]
async fn the_page_shows_a_secret_once_and_says_in_plain_words_what_went_wrong() {
    let app = TestApp::new().await;
    let (receiver, url) = Receiver::start().await;
    let mut county = app.sign_in(Role::County).await;
    let at = format!("/admin/webhooks/{}", app.village.no);
    let place = county.get(&format!("/admin/places/{}", app.village.org)).await.expect(200).text();
    assert!(place.contains(&format!("href=\"{at}\"")), "{place}");
    let made = county
        .post_form(&at, &[("url", &url), ("kind", "budget"), ("kind", "award")])
        .await
        .expect(200)
        .text();
    assert!(made.contains("whsec_"), "{made}");
    let page = county.get(&at).await.expect(200).text();
    assert!(!page.contains("whsec_") && page.contains(&url) && page.contains("核定额度"), "{page}");
    let wrong = county.post_form(&at, &[("url", "http://169.254.169.254/")]).await.expect(422).text();
    assert!(wrong.contains("不能推送"), "{wrong}");
    receiver.plan(&[Next::Say(500)]);
    post(&app, 0, 1).await;
    pass(&app.desk).await.unwrap();
    let page = county.get(&at).await.text();
    assert!(page.contains("对方回答500，不是2xx") && page.contains("正在重试"), "{page}");
    let one = format!("{at}/{}", hook(&app).await.id);
    county.post_form(&one, &[("action", "pause")]).await.expect(303);
    assert!(county.get(&at).await.text().contains("已暂停"));
    county.post_form(&one, &[("action", "resume")]).await.expect(303);
    county.post_form(&one, &[("action", "send_again"), ("from", "1")]).await.expect(303);
    county.post_form(&one, &[("action", "send_again"), ("from", "no")]).await.expect(422);
    assert!(county.post_form(&one, &[("action", "rotate")]).await.expect(200).text().contains("whsec_"));
    pass(&app.desk).await.unwrap();
    assert_eq!(receiver.seqs(), [1, 1]);
    let deeds = county.get("/admin/office").await.text();
    assert!(deeds.contains("增加推送") && deeds.contains("更换推送密钥"), "{deeds}");
    county.post_form(&one, &[("action", "remove")]).await.expect(303);
    app.sign_in(Role::Township).await.get(&at).await.expect(403);
    app.finish().await;
}
