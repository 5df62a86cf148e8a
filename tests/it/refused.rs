//! Refused commands can be looked up, and what was refused or differs is told in the API and on the pages.

use greencoin::{service::caller::Role, store::private_text};
use serde_json::json;

use crate::{
    bulk::{keyed, openings},
    office_api::village,
    support::TestApp,
};

async fn with_refusals() -> TestApp {
    let app = village().await;
    let mut township = app.sign_in(Role::Township).await;
    let at = format!("/api/v1/openings/bulk?v={}", app.village.no);
    let items = [("H0001", "5"), ("H0001", "6"), ("H0002", "90000"), ("H0001", "7")];
    keyed(&mut township, &at, "k", &openings("each", &items)).await.expect(200);
    app
}

#[tokio::test]
async fn an_auditor_reads_who_asked_for_what_and_why_it_was_not_done() {
    let app = with_refusals().await;
    let mut auditor = app.sign_in(Role::Auditor).await;
    let all = auditor.get_json("/api/v1/audit/refused").await;
    let all = all.as_array().unwrap();
    assert_eq!(all.iter().map(|r| r["no"].as_i64().unwrap()).collect::<Vec<_>>(), [3, 2, 1]);
    let short = &all[1];
    assert_eq!(
        (&short["code"], &short["kind"], &short["key"]),
        (&json!("insufficient_budget"), &json!("opening"), &json!("k#2"))
    );
    assert_eq!((&short["facts"]["needed"], &short["facts"]["available"]), (&json!("90000"), &json!("79995")));
    assert!(short["detail"].as_str().unwrap().contains("90000"), "{short}");
    assert_eq!((&short["asked"]["household"], &short["asked"]["points"]), (&json!("H0002"), &json!("90000")));
    assert!(
        short["actor"].as_str().unwrap().starts_with("user:")
            && short["name"].as_str().unwrap().contains("测试")
    );
    assert!(!short.to_string().contains("纸质存折"), "{short}");
    let count = async |query: &str, auditor: &mut crate::support::Client| {
        auditor.get_json(&format!("/api/v1/audit/refused?{query}")).await.as_array().unwrap().len()
    };
    assert_eq!(count("code=limit_exceeded", &mut auditor).await, 2);
    assert_eq!(count("after=3&limit=1", &mut auditor).await, 1);
    assert_eq!(count("after=1", &mut auditor).await, 0);
    assert_eq!(count("day=2026-06-03", &mut auditor).await, 3);
    assert_eq!(count("day=2026-06-02", &mut auditor).await, 0);
    assert_eq!(count(&format!("actor={}", short["actor"].as_str().unwrap()), &mut auditor).await, 3);
    assert_eq!(count("actor=user:nobody", &mut auditor).await, 0);
    assert_eq!(count("actor=user:nobody&limit=-1&after=-9223372036854775808", &mut auditor).await, 0);

    let page = auditor.get("/audit/refused").await.expect(200).text();
    for words in
        ["未办成的请求", "额度不够", "90000", "H0002", "k#2", "期初", "href=\"/audit/refused?actor=user:"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(auditor.get("/audit").await.text().contains("href=\"/audit/refused\""));
    let page = auditor.get("/audit/refused?code=limit_exceeded&day=&after=x").await.expect(200).text();
    assert!(!page.contains("H0002") && page.contains("超过上限"), "{page}");
    app.sign_in(Role::Clerk).await.get("/audit/refused").await.expect(403);
    let mut stranger = app.sign_in_over(Role::Auditor, app.other.org).await;
    assert_eq!(stranger.get_json("/api/v1/audit/refused").await, json!([]));
    app.finish().await;
}

#[tokio::test]
async fn texts_of_a_refused_command_stay_beside_the_log_and_no_page_is_longer_than_fifty() {
    let app = with_refusals().await;
    let mut tx = app.desk.db.begin_read().await.unwrap();
    let texts = private_text::of_key(&mut tx, app.village.book, "k#2").await.unwrap();
    let kept: Vec<_> = texts.into_iter().map(|text| (text.name, text.content)).collect();
    assert_eq!(kept, [("basis".to_owned(), Some("2025年纸质存折".to_owned()))]);
    drop(tx);
    let mut township = app.sign_in(Role::Township).await;
    let at = format!("/api/v1/openings/bulk?v={}", app.village.no);
    keyed(&mut township, &at, "many", &openings("each", &[("H0001", "1"); 60])).await.expect(200);
    let mut auditor = app.sign_in(Role::Auditor).await;
    for limit in ["", "?limit=1000"] {
        let page = auditor.get_json(&format!("/api/v1/audit/refused{limit}")).await;
        assert_eq!(page.as_array().unwrap().len(), 50);
    }
    app.finish().await;
}

#[tokio::test]
async fn what_was_refused_once_is_told_again_with_the_header_and_the_same_words() {
    let app = village().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let receipt =
        json!({ "kind": "loss", "counter": app.village.org.to_string(), "fund": "None", "lines": [] });
    let first = keyed(&mut clerk, "/api/v1/stock/papers", "k", &receipt).await.expect(422);
    let again = keyed(&mut clerk, "/api/v1/stock/papers", "k", &receipt).await.expect(422);
    assert_eq!(again.headers["idempotent-replayed"].to_str().unwrap(), "true");
    assert_eq!(
        (first.json()["code"].clone(), first.json()["detail"].clone()),
        (again.json()["code"].clone(), again.json()["detail"].clone())
    );
    let mut other = receipt.clone();
    other["fund"] = json!("Service");
    let conflict = keyed(&mut clerk, "/api/v1/stock/papers", "k", &other).await.expect(409).json();
    assert_eq!((&conflict["code"], &conflict["fields"]), (&json!("idempotency_conflict"), &json!("fund")));
    assert!(conflict["detail"].as_str().unwrap().contains("fund"), "{conflict}");
    app.finish().await;
}
