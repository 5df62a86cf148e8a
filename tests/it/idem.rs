//! One key, one outcome: every operation that changes something, and every form, is heard once.

use axum::http::Method;
use futures_util::future::join_all;
use greencoin::{
    api,
    service::{
        Actor,
        caller::Role,
        once::{Ask, Fields, Keep, Once, Said},
    },
    store::{throttle, unit::Unit},
};
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp};

/// Clients that send the same request side by side.
const CLIENTS: usize = 32;

async fn post(client: &mut Client, path: &str, key: &str, body: &Value) -> Answer {
    client.headers.insert("idempotency-key", key.parse().unwrap());
    let answer = client.post_json(path, body).await;
    client.headers.remove("idempotency-key");
    answer
}

fn newcomer(name: &str) -> Value {
    json!({ "name": name, "birth_year": 1960, "on": "2026-01-01" })
}

async fn households(client: &mut Client) -> usize {
    client.get_json("/api/v1/households").await["items"].as_array().unwrap().len()
}

#[test]
fn every_operation_that_changes_something_takes_a_key() {
    let document = serde_json::to_value(api::description()).unwrap();
    let mut exempt: Vec<(String, String)> = api::once::EXEMPT
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if method == "get" {
                continue;
            }
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let named = parameters.iter().filter(|p| p["name"] == "Idempotency-Key" && p["in"] == "header");
            let required = named.filter(|p| p["required"] == true).count();
            let at = (method.clone(), path.clone());
            let is_exempt = exempt.contains(&at);
            assert_eq!(required, usize::from(!is_exempt), "{at:?}");
            exempt.retain(|e| *e != at);
        }
    }
    assert!(exempt.is_empty(), "exempt and not there: {exempt:?}");
}

#[tokio::test]
async fn the_same_request_again_gets_the_first_answer_and_another_body_is_a_conflict() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let at = "/api/v1/households/open";
    let first = post(&mut clerk, at, "k1", &newcomer("张建国")).await.expect(201);
    let again = post(&mut clerk, at, "k1", &newcomer("张建国")).await.expect(201);
    assert_eq!((&first.body, again.headers["idempotent-replayed"].to_str().unwrap()), (&again.body, "true"));
    assert!(!first.headers.contains_key("idempotent-replayed"));
    let other = json!({ "name": "李秀英", "birth_year": 1961, "on": "2026-01-01" });
    let conflict = post(&mut clerk, at, "k1", &other).await.expect(409).json();
    assert_eq!(
        (&conflict["code"], &conflict["fields"]),
        (&json!("idempotency_conflict"), &json!("birth_year, name"))
    );
    assert_eq!(households(&mut clerk).await, 1);
    post(&mut clerk, at, "", &other).await.expect(400);
    // the key is its chooser's: somebody else's is another
    let mut second = app.sign_in(Role::Clerk).await;
    post(&mut second, at, "k1", &other).await.expect(201);
    assert_eq!(households(&mut clerk).await, 2);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_two_of_the_same_at_once_have_one_effect_and_one_answer() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let csrf = clerk.csrf().await;
    clerk.headers.insert("x-csrf-token", csrf.parse().unwrap());
    clerk.headers.insert("idempotency-key", "all".parse().unwrap());
    let all = (0..CLIENTS).map(|_| {
        let mut client = clerk.clone();
        let body = newcomer("张建国").to_string().into_bytes();
        tokio::spawn(async move {
            client.send(Method::POST, "/api/v1/households/open", Some("application/json"), body).await
        })
    });
    let answers: Vec<Answer> = join_all(all).await.into_iter().map(Result::unwrap).collect();
    let first = &answers[0];
    assert!(answers.iter().all(|a| a.status == 201 && a.body == first.body), "{answers:?}");
    let performed = answers.iter().filter(|a| !a.headers.contains_key("idempotent-replayed")).count();
    assert_eq!((performed, households(&mut clerk).await), (1, 1));
    app.finish().await;
}

#[tokio::test]
async fn a_refusal_stands_and_what_was_not_heard_may_be_asked_again() {
    let app = TestApp::new().await;
    let mut county = app.sign_in(Role::County).await;
    let at = format!("/api/v1/places/{}", app.township);
    let village = json!({ "kind": "village", "labels": "rural", "name": "青禾村" });
    let refused = post(&mut county, &at, "k1", &village).await.expect(409).json();
    let renamed = json!({ "name": "青禾新村" });
    let rename = format!("/api/v1/places/{}/rename", app.village.org);
    post(&mut county, &rename, "k2", &renamed).await.expect(204);
    assert_eq!(post(&mut county, &at, "k1", &village).await.expect(409).json(), refused);
    post(&mut county, &at, "k3", &village).await.expect(201);

    let user = app.user("wangwu", Role::Auditor, app.village.org).await;
    let mut client = app.sign_in_as(&user).await;
    let open = "/api/v1/households/open";
    post(&mut client, open, "k4", &newcomer("张建国")).await.expect(403);
    crate::selves::outside(&app, user.id, app.village.org).await;
    app.desk.grant_role(&app.admin, user.id, Role::Clerk, app.village.org).await.unwrap();
    post(&mut client, open, "k4", &newcomer("张建国")).await.expect(201);
    app.finish().await;
}

#[tokio::test]
async fn a_password_is_told_once_and_kept_nowhere() {
    let app = TestApp::new().await;
    let mut county = app.sign_in(Role::County).await;
    let new = json!({ "login": "zhang", "name": "张会计" });
    let first = post(&mut county, "/api/v1/users", "k1", &new).await.expect(201).json();
    let again = post(&mut county, "/api/v1/users", "k1", &new).await.expect(201).json();
    assert!(first["password"].is_string() && again["password"].is_null());
    assert_eq!(first["id"], again["id"]);

    let page = county.get("/admin/users").await.expect(200).text();
    let once = hidden(&page, "once");
    let form = [("login", "lijuan"), ("display_name", "李会计"), ("once", once.as_str())];
    let shown = county.post_form("/admin/users", &form).await.expect(200).text();
    let told = county.post_form("/admin/users", &form).await.expect(303);
    assert!(shown.contains("临时密码") && shown.contains(told.location()), "{shown}");
    app.finish().await;
}

fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_form_tapped_twice_is_heard_once_and_another_form_of_the_page_is_another() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let page = clerk.get("/clerk/households").await.expect(200).text();
    let once = hidden(&page, "once");
    let place = app.village.group.to_string();
    let form = |name| {
        let on = ("on", "2026-01-01");
        [("name", name), on, ("place", place.as_str()), ("birth_year", "1960"), ("once", once.as_str())]
    };
    let first = clerk.post_form("/clerk/households/new", &form("张建国")).await.expect(303);
    let again = clerk.post_form("/clerk/households/new", &form("张建国")).await.expect(303);
    assert_eq!((first.location(), households(&mut clerk).await), (again.location(), 1));
    assert!(again.headers.contains_key("idempotent-replayed"));
    let other = clerk.post_form("/clerk/households/new", &form("李秀英")).await.expect(303);
    assert_ne!(other.location(), first.location());
    // without a key, as an old page sends it, it is a request like any other
    clerk.post_form("/clerk/households/new", &form("王小明")[..4]).await.expect(303);
    assert_eq!(households(&mut clerk).await, 3);
    app.finish().await;
}

#[tokio::test]
async fn a_unit_keeps_what_its_parts_committed_and_undoes_what_they_dropped() {
    let app = TestApp::new().await;
    let db = &app.desk.db;
    let failures = async |subject: &str| {
        let mut tx = db.begin_write().await.unwrap();
        throttle::lock(&mut tx, subject).await.unwrap().failures
    };
    let charge = async |subject: &str, keep: bool| {
        let mut tx = db.begin_write().await.unwrap();
        throttle::lock(&mut tx, subject).await.unwrap();
        throttle::charge(&mut tx, subject, app.desk.now(), app.desk.now()).await.unwrap();
        if keep {
            tx.commit().await.unwrap();
        }
    };
    let unit: Unit = db.unit().await.unwrap();
    unit.run(async {
        charge("kept", true).await;
        charge("dropped", false).await;
        assert_eq!((failures("kept").await, failures("dropped").await), (1, 0), "seen from inside");
        charge("kept too", true).await;
    })
    .await;
    unit.commit().await.unwrap();
    let broken = db.unit().await.unwrap();
    broken.run(charge("broken", true)).await;
    drop(broken);
    let after = [failures("kept").await, failures("kept too").await, failures("dropped").await];
    assert_eq!((after, failures("broken").await), ([1, 1, 0], 0));
    app.finish().await;
}

#[tokio::test]
async fn what_the_county_does_to_accounts_and_places_is_written_down_for_the_auditor() {
    let app = TestApp::new().await;
    let user = app.user("zhaoliu", Role::Clerk, app.village.org).await;
    let mut county = app.sign_in(Role::County).await;
    let at = format!("/api/v1/users/{}", user.id);
    let why = json!({ "reason": "离职" });
    county.post_json(&format!("{at}/enable"), &why).await.expect(422);
    county.post_json(&format!("{at}/disable"), &why).await.expect(204);
    county.post_json(&format!("{at}/password"), &why).await.expect(422);
    county.post_json(&format!("{at}/enable"), &json!({ "reason": "返聘" })).await.expect(200);
    county.post_json(&format!("{at}/factor"), &json!({})).await.expect(204);
    let place = format!("/api/v1/places/{}", app.village.org);
    county.post_json(&format!("{place}/close"), &why).await.expect(422);
    let corner = json!({ "kind": "group", "labels": "rural", "name": "九组" });
    let corner = county.post_json(&place, &corner).await.expect(201).json();
    let corner = format!("/api/v1/places/{}", corner["id"].as_str().unwrap());
    county.post_json(&format!("{corner}/close"), &json!({ "reason": "并组" })).await.expect(204);
    county.post_json(&format!("{corner}/close"), &json!({ "reason": "并组" })).await.expect(409);

    let mut auditor = app.sign_in(Role::Auditor).await;
    let seen = auditor.get_json("/api/v1/audit/office").await;
    let mut seen: Vec<(&str, &str)> = seen
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["by"] == county_name(&seen) && e["verb"] != "grant")
        .map(|e| (e["verb"].as_str().unwrap(), e["reason"].as_str().unwrap()))
        .collect();
    // the clock stands still: all of one instant
    seen.sort_unstable();
    let wanted = [("close", "并组"), ("create", ""), ("disable", "离职"), ("enable", "返聘"), ("factor", "")];
    assert_eq!(seen, wanted);
    assert!(auditor.get("/audit/office").await.expect(200).text().contains("返聘"));
    auditor.get("/admin/office").await.expect(403);
    let mut elsewhere = app.sign_in_over(Role::Auditor, app.other.org).await;
    assert!(!elsewhere.get("/audit/office").await.expect(200).text().contains("返聘"));
    let all = county.get_json("/api/v1/office").await;
    assert!(
        all.as_array().unwrap().iter().any(|e| e["verb"] == "open_book" && e["name"] == "青禾村"),
        "{all}"
    );
    assert!(county.get("/admin/office").await.expect(200).text().contains("返聘"));
    let programmes = county.get_json("/api/v1/programmes").await;
    assert_eq!(programmes.as_array().unwrap().len(), 2);
    app.finish().await;
}

/// Who did the latest thing with a reason: the county's administrator of the test.
fn county_name(seen: &Value) -> Value {
    seen.as_array().unwrap().iter().find(|e| e["reason"] == "并组").unwrap()["by"].clone()
}

#[tokio::test]
async fn what_broke_on_its_way_leaves_neither_an_effect_nor_a_key() {
    let app = TestApp::new().await;
    let db = &app.desk.db;
    let ask = Ask {
        caller: Actor::System,
        operation: "POST /x".to_owned(),
        key: "k".to_owned(),
        fields: Fields::new(),
    };
    let charged = async |keep: Keep| {
        let mut tx = db.begin_write().await.unwrap();
        let before = throttle::lock(&mut tx, "somebody").await.unwrap().failures;
        throttle::charge(&mut tx, "somebody", app.desk.now(), app.desk.now()).await.unwrap();
        tx.commit().await.unwrap();
        (before, keep)
    };
    let said = Said { status: 200, headers: Vec::new(), refusal: None, body: "done".to_owned() };
    for (keep, before) in [(Keep::Broken, 0), (Keep::Broken, 0), (Keep::Said(said.clone()), 0)] {
        let done = app.desk.once(&ask, charged(keep)).await.unwrap();
        assert!(matches!(done, Once::First(found) if found == before), "{done:?}");
    }
    let again = app.desk.once(&ask, charged(Keep::Nothing)).await.unwrap();
    assert!(matches!(again, Once::Again(kept) if kept == said));
    app.finish().await;
}

#[tokio::test]
async fn of_a_secret_no_more_is_kept_than_tells_another_one() {
    let app = TestApp::new().await;
    let digits = |name: &str| app.desk.field_digest(name, b"123456").len();
    let secrets = ["pin", "new_pin", "old", "new", "present", "code", "credential", "password"];
    assert!(secrets.into_iter().all(|name| digits(name) == 2));
    assert_eq!(digits("points"), 64);
    assert_ne!(app.desk.field_digest("points", b"1"), app.desk.field_digest("honor", b"1"));
    app.finish().await;
}
