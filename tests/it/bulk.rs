//! Many things asked for at once: a dense answer, all or each, once; and whatever is sent, never a crash.

use axum::http::Method;
use greencoin::service::{
    award::NewAward,
    bulk::{ItemAnswer, Mode},
    caller::{Role, Township},
    opening::{OpeningItem, OpeningSheet},
};
use serde_json::{Value, json};

use crate::{
    hamlet,
    office_api::{line, village},
    support::{Answer, Client, TestApp},
};

const OPENINGS: &str = "/api/v1/openings/bulk";
const AWARDS: &str = "/api/v1/awards/bulk";

pub async fn keyed(client: &mut Client, path: &str, key: &str, body: &Value) -> Answer {
    client.headers.insert("idempotency-key", key.parse().unwrap());
    let answer = client.post_json(path, body).await;
    client.headers.remove("idempotency-key");
    answer
}

pub fn openings(mode: &str, items: &[(&str, &str)]) -> Value {
    let items: Vec<Value> =
        items.iter().map(|(no, points)| json!({ "household": no, "points": points })).collect();
    json!({ "mode": mode, "fund": "Service", "basis": "2025年纸质存折", "items": items })
}

/// `done`, or the code, item by item.
fn codes(answer: &Value) -> Vec<String> {
    let items = answer["items"].as_array().unwrap();
    assert!(items.iter().enumerate().all(|(place, item)| item["index"] == place), "{answer}");
    let code = |item: &Value| item["code"].as_str().unwrap_or(item["outcome"].as_str().unwrap()).to_owned();
    items.iter().map(code).collect()
}

async fn seq(app: &TestApp) -> i64 {
    let mut tx = app.desk.db.begin_read().await.unwrap();
    greencoin::store::ledger::read::head(&mut tx, app.village.book).await.unwrap().unwrap().seq
}

#[tokio::test]
async fn balances_come_over_from_paper_once_for_each_household_and_each_is_answered() {
    let app = village().await;
    let mut township = app.sign_in(Role::Township).await;
    let v = app.village.no;
    let at = format!("{OPENINGS}?v={v}");
    let sheet = openings(
        "each",
        &[
            ("H0001", "126.5"),
            ("H9999", "1"),
            ("H0002", "-3"),
            ("H0001", "1"),
            ("no", "1"),
            ("H0003", "80000"),
        ],
    );
    let first = keyed(&mut township, &at, "k1", &sheet).await.expect(200);
    let told = first.json();
    assert_eq!(
        codes(&told),
        ["done", "not_found", "bad_number", "brought_over", "invalid_number", "budget_short"]
    );
    assert_eq!((&told["done"], &told["items"][0]["available"]), (&json!(1), &json!("126.5")));
    assert!(told["items"][5]["detail"].as_str().unwrap().contains("79873.5"), "{told}");
    let again = keyed(&mut township, &at, "k1", &sheet).await.expect(200);
    assert_eq!((again.body, again.headers["idempotent-replayed"].to_str().unwrap()), (first.body, "true"));
    let mut other = sheet.clone();
    other["items"][2]["points"] = json!("3");
    let conflict = keyed(&mut township, &at, "k1", &other).await.expect(409).json();
    assert_eq!(conflict["fields"], "items.2.points");
    assert_eq!(seq(&app).await, 3, "the money, the budget and one balance");
    // later, under another key, it is once for ever still
    let later = keyed(&mut township, &at, "k2", &openings("each", &[("H0001", "5")])).await.json();
    assert_eq!(codes(&later), ["brought_over"]);
    let mut auditor = app.sign_in(Role::Auditor).await;
    let voucher = auditor.get("/audit/txn/3").await.expect(200).text();
    assert!(voucher.contains("2025年纸质存折") || voucher.contains("期初"), "{voucher}");
    for role in [Role::Clerk, Role::Reviewer, Role::Auditor] {
        let mut client = app.sign_in(role).await;
        keyed(&mut client, OPENINGS, "k", &openings("each", &[("H0002", "5")])).await.expect(403);
    }
    app.finish().await;
}

#[tokio::test]
async fn an_atomic_sheet_comes_over_as_a_whole_or_not_at_all() {
    let app = village().await;
    let mut township = app.sign_in(Role::Township).await;
    let at = format!("{OPENINGS}?v={}", app.village.no);
    // refused by the register, then by the ledger
    let unknown = openings("atomic", &[("H0001", "5"), ("H9999", "5"), ("H0002", "5")]);
    let told = keyed(&mut township, &at, "k1", &unknown).await.expect(200).json();
    assert_eq!(codes(&told), ["not_applied", "not_found", "not_applied"]);
    assert_eq!((&told["done"], &told["items"][2]["because"]), (&json!(0), &json!(1)));
    let short = openings("atomic", &[("H0001", "60000"), ("H0002", "60000"), ("H0003", "5")]);
    for _ in 0..2 {
        let told = keyed(&mut township, &at, "k2", &short).await.expect(200).json();
        assert_eq!(codes(&told), ["not_applied", "budget_short", "not_applied"]);
    }
    assert_eq!(seq(&app).await, 2, "the money and the budget");
    let good = openings("atomic", &[("H0001", "5"), ("H0002", "6"), ("H0003", "7")]);
    let told = keyed(&mut township, &at, "k3", &good).await.expect(200).json();
    let seqs: Vec<i64> = (0..3).map(|i| told["items"][i]["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, [3, 4, 5]);
    app.finish().await;
}

#[tokio::test]
async fn a_lost_answer_is_answered_item_by_item_by_the_ledger_itself() {
    let app = village().await;
    let by = Township::of(&app.staff(Role::Township, &app.village).await).unwrap();
    let sheet = |points: &str| OpeningSheet {
        fund: "Service".to_owned(),
        basis: "纸质存折".to_owned(),
        mode: Mode::Each,
        items: [("H0001", "5"), ("H0002", points)]
            .map(|(no, p)| OpeningItem { household: no.to_owned(), points: p.to_owned() })
            .to_vec(),
    };
    let first = app.desk.bring_over(&by, "k", &sheet("6")).await.unwrap();
    let again = app.desk.bring_over(&by, "k", &sheet("6")).await.unwrap();
    for (one, two) in first.iter().zip(&again) {
        let (ItemAnswer::Done { what: a, repeated: false }, ItemAnswer::Done { what: b, repeated: true }) =
            (one, two)
        else {
            panic!("{one:?} {two:?}")
        };
        assert_eq!(a, b);
    }
    let other = app.desk.bring_over(&by, "k", &sheet("7")).await.unwrap();
    assert!(matches!(&other[0], ItemAnswer::Done { repeated: true, .. }));
    let ItemAnswer::Refused(refusal) = &other[1] else { panic!("{other:?}") };
    assert_eq!((refusal.code, refusal.facts["fields"].as_str()), ("idempotency_conflict", "points"));
    assert_eq!(seq(&app).await, 4);
    app.finish().await;
}

#[tokio::test]
async fn a_thousand_items_are_taken_and_one_more_or_none_is_refused() {
    let app = village().await;
    let mut township = app.sign_in(Role::Township).await;
    let at = format!("{OPENINGS}?v={}", app.village.no);
    let many = |count: usize| openings("each", &vec![("H0001", "1"); count]);
    let told = keyed(&mut township, &at, "k1", &many(1_000)).await.expect(200).json();
    assert_eq!((told["items"].as_array().unwrap().len(), &told["done"]), (1_000, &json!(1)));
    let mut clerk = app.sign_in(Role::Clerk).await;
    for count in [0, 1_001] {
        let key = format!("of {count}");
        let refused = keyed(&mut township, &at, &key, &many(count)).await.expect(422).json();
        assert_eq!((&refused["code"], &refused["limit"]), (&json!("batch_size"), &json!("1000")));
        let awards = json!({ "mode": "each", "items": vec![line("H0001"); count] });
        let refused = keyed(&mut clerk, AWARDS, &key, &awards).await.expect(422).json();
        assert_eq!((&refused["code"], &refused["lines"]), (&json!("batch_size"), &json!(count.to_string())));
    }
    assert_eq!(seq(&app).await, 3);
    app.finish().await;
}

#[tokio::test]
async fn awards_are_recorded_each_by_itself_or_together_without_gaps_in_their_numbers() {
    let app = village().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let mut bad = line("H0002");
    bad["item"] = json!("NONE");
    let mut odd = line("H0002");
    odd["quantity"] = json!("many");
    let items = json!([line("H0001"), line("H9999"), bad, odd, line("H0002")]);
    let each = json!({ "mode": "each", "items": items });
    let first = keyed(&mut clerk, AWARDS, "k1", &each).await.expect(200);
    let told = first.json();
    assert_eq!(codes(&told), ["done", "not_found", "unknown_item", "bad_number", "done"]);
    assert_eq!((&told["items"][0]["award"]["no"], &told["items"][4]["award"]["no"]), (&json!(1), &json!(2)));
    assert_eq!(keyed(&mut clerk, AWARDS, "k1", &each).await.expect(200).body, first.body);
    let mut other = each.clone();
    other["items"][4]["quantity"] = json!("2");
    let conflict = keyed(&mut clerk, AWARDS, "k1", &other).await.expect(409).json();
    assert_eq!(conflict["fields"], "items.4.quantity");
    let atomic = json!({ "mode": "atomic", "items": items });
    let told = keyed(&mut clerk, AWARDS, "k2", &atomic).await.expect(200).json();
    assert_eq!(codes(&told), ["not_applied", "not_found", "unknown_item", "bad_number", "not_applied"]);
    assert_eq!(told["items"][4]["because"], 1);
    let good = json!({ "mode": "atomic", "items": [line("H0003"), line("H0001")] });
    let told = keyed(&mut clerk, AWARDS, "k3", &good).await.expect(200).json();
    assert_eq!((&told["items"][0]["award"]["no"], &told["items"][1]["award"]["no"]), (&json!(3), &json!(4)));
    assert_eq!(clerk.get_json("/api/v1/awards").await.as_array().unwrap().len(), 4);
    app.finish().await;
}

/// Over the API a kept answer says so first; the register of awards says it by itself as well.
#[tokio::test]
async fn another_award_under_a_used_key_is_a_conflict_of_that_item_alone() {
    let v = hamlet::Village::new().await;
    let (first, second) = (v.claim(0, "D3").await, v.claim(1, "D3").await);
    let each =
        async |lines: [NewAward; 2]| v.desk.record_each(&v.recorder(), &lines.map(Ok), "k").await.unwrap();
    let done = each([first.clone(), second.clone()]).await;
    assert!(done.iter().all(|answer| matches!(answer, ItemAnswer::Done { repeated: false, .. })));
    let again = each([first.clone(), NewAward { quantity: 2.into(), ..second }]).await;
    let ItemAnswer::Done { what, repeated: true } = &again[0] else { panic!("{again:?}") };
    assert!(matches!(&done[0], ItemAnswer::Done { what: before, .. } if before.id == what.id));
    let ItemAnswer::Refused(refusal) = &again[1] else { panic!("{again:?}") };
    assert_eq!(refusal.code, "idempotency_conflict");
}

#[tokio::test]
async fn whatever_is_sent_is_refused_and_never_breaks() {
    let app = village().await;
    let mut township = app.sign_in(Role::Township).await;
    let csrf = township.csrf().await;
    township.headers.insert("x-csrf-token", csrf.parse().unwrap());
    let at = format!("{OPENINGS}?v={}", app.village.no);
    let bodies = [
        "",
        "[]",
        "null",
        "{",
        "{\"mode\":\"each\"}",
        "{\"mode\":\"ALL\",\"fund\":\"Service\",\"basis\":\"x\",\"items\":[]}",
        "{\"mode\":\"each\",\"fund\":\"Service\",\"basis\":\"x\",\"items\":{}}",
        "{\"mode\":\"each\",\"fund\":\"Service\",\"basis\":\"x\",\"items\":[null]}",
        "{\"mode\":\"each\",\"fund\":\"Service\",\"basis\":\"x\",\"items\":[{\"household\":1,\"points\":1}]}",
        "{\"mode\":\"each\",\"fund\":\"Service\",\"basis\":\"\",\"items\":[{\"household\":\"H0001\",\"points\":\"1\"}]}",
        "{\"mode\":\"each\",\"fund\":\"'; drop table book; --\",\"basis\":\"x\",\"items\":[{\"household\":\"H0001\",\"points\":\"1\"}]}",
        "{\"mode\":\"each\",\"fund\":\"Service\",\"basis\":\"a\\u0000b\",\"items\":[{\"household\":\"H0001\",\"points\":\"1\"}]}",
        "{\"mode\":\"each\",\"fund\":\"a\\u0000b\",\"basis\":\"x\",\"items\":[{\"household\":\"H0001\",\"points\":\"1\"}]}",
    ];
    for body in bodies {
        let answer = township.send(Method::POST, &at, Some("application/json"), body.into()).await;
        assert!((400..500).contains(&answer.status.as_u16()), "{body}: {} {}", answer.status, answer.text());
    }
    let odd = [
        "",
        "0",
        "-0",
        "1e3",
        "NaN",
        "99999999999999999999",
        "999999999999",
        "0.001",
        "１２",
        "1,000",
        "\u{0}",
        "٣",
    ];
    for (place, points) in odd.into_iter().enumerate() {
        let numbers = ["H0001", "h0002", "H0003\u{0}", "", "H0001'", "P000001", "H１"];
        for no in numbers {
            let key = format!("odd {place} {}", no.len());
            let answer = keyed(&mut township, &at, &key, &openings("each", &[(no, points)])).await;
            assert!(answer.status.as_u16() < 500, "{no:?} {points:?}: {}", answer.text());
        }
    }
    app.finish().await;
}
