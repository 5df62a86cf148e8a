//! The same way of a point over the API, and who may not take it.

use greencoin::{
    domain::ruleset,
    jobs,
    service::{
        Actor,
        caller::{Role, Township},
        funds::NewFund,
        rulesets::Adoption,
    },
};
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

pub async fn village() -> TestApp {
    let app = TestApp::new().await;
    let (_, text) = ruleset::shipped()[0];
    let set = app.desk.publish_ruleset(Actor::System, text).await.unwrap();
    for village in [&app.village, &app.other] {
        let adoption = Adoption {
            hash: set.hash().to_owned(),
            from: app.desk.today(),
            basis: "村民代表会议决议".to_owned(),
        };
        app.desk.adopt_ruleset(Actor::System, village.book, &adoption).await.unwrap();
        let township = app.staff(Role::Township, village).await;
        let fund = NewFund::named("Service", "专项经费", "");
        app.desk.open_fund(&Township::of(&township).unwrap(), &fund).await.unwrap();
        app.desk.receive_money(&township, "money", "Service", "Finance", 10_000_000).await.unwrap();
        app.desk.authorise(&township, "budget", "Service", 8_000_000, "会议纪要").await.unwrap();
    }
    for ordinal in 1..=3 {
        app.household(&app.village, ordinal).await;
    }
    app
}

pub fn line(no: &str) -> Value {
    json!({ "household": no, "item": "D3", "occurred_on": "2026-06-03", "evidence": "台账3页" })
}

async fn record(clerk: &mut Client, key: &str, lines: Value) -> Value {
    clerk.headers.insert("idempotency-key", key.parse().unwrap());
    let answer = clerk.post_json("/api/v1/awards", &json!({ "lines": lines })).await.expect(200).json();
    clerk.headers.remove("idempotency-key");
    answer
}

#[tokio::test]
async fn a_point_goes_all_the_way_over_the_api_and_a_lost_answer_can_be_asked_for_again() {
    let app = village().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let first = record(&mut clerk, "k1", json!([line("H0001"), line("H0002")])).await;
    assert_eq!((first["recorded"].as_bool(), first["awards"][0]["points"].as_str()), (Some(true), Some("5")));
    let again = record(&mut clerk, "k1", json!([line("H0001"), line("H0002")])).await;
    assert_eq!(again, first);
    clerk.headers.insert("idempotency-key", "k1".parse().unwrap());
    let other =
        clerk.post_json("/api/v1/awards", &json!({ "lines": [line("H0003")] })).await.expect(409).json();
    assert_eq!(other["code"], "idempotency_conflict");
    clerk.headers.insert("idempotency-key", "".parse().unwrap());
    clerk.post_json("/api/v1/awards", &json!({ "lines": [line("H0003")] })).await.expect(400);
    clerk.headers.remove("idempotency-key");
    let refused = record(&mut clerk, "k2", json!([line("H0001"), line("H9999")])).await;
    assert_eq!(
        (refused["recorded"].as_bool(), refused["refusals"][0]["line"].as_i64()),
        (Some(false), Some(1))
    );

    let ids: Vec<String> =
        first["awards"].as_array().unwrap().iter().map(|a| a["id"].as_str().unwrap().to_owned()).collect();
    let mut reviewer = app.sign_in(Role::Reviewer).await;
    assert_eq!(reviewer.get_json("/api/v1/reviews").await.as_array().unwrap().len(), 2);
    let word = json!({ "awards": ids, "verdict": "approve" });
    for _ in 0..2 {
        let done = reviewer.post_json("/api/v1/reviews", &word).await.expect(200).json();
        assert_eq!(
            (done[0]["state"].as_str(), done[1]["state"].as_str()),
            (Some("approved"), Some("approved"))
        );
    }

    let sheet = json!({ "title": "六月公示", "fund": "Service" });
    let compiled = clerk.post_json("/api/v1/notices", &sheet).await.expect(201).json();
    let again = clerk.post_json("/api/v1/notices", &sheet).await.expect(201).json();
    assert_eq!(compiled["id"], again["id"]);
    let at = format!("/api/v1/notices/{}", compiled["id"].as_str().unwrap());
    for _ in 0..2 {
        let published = reviewer.post_json(&format!("{at}/publish"), &json!({})).await.expect(200).json();
        assert_eq!(
            (&published["state"], &published["closes_at"]),
            (&json!("published"), &json!("2026-06-08T10:00:00+08:00"))
        );
    }
    assert_eq!(clerk.get_json(&at).await["lines"].as_array().unwrap().len(), 2);

    let mut household = app.sign_in_household(&app.village, "H0003").await;
    let objection = json!({ "award": ids[0], "content": "没有帮过" });
    let raised = household.post_json("/api/v1/objections", &objection).await.expect(201).json();
    let again = household.post_json("/api/v1/objections", &objection).await.expect(201).json();
    assert_eq!(raised, again);
    let mut second = app.sign_in(Role::Reviewer).await;
    let of = format!("/api/v1/objections/{}", raised["id"].as_str().unwrap());
    clerk.post_json(&format!("{of}/accept"), &json!({})).await.expect(200);
    let decide = format!("{of}/decide");
    let finding = json!({ "finding": "uphold", "words": "属实" });
    let by_first = reviewer.post_json(&decide, &finding).await.expect(422).json();
    assert_eq!(by_first["code"], "already_reviewed");
    for _ in 0..2 {
        let decided = second.post_json(&decide, &finding).await.expect(200).json();
        assert_eq!(decided["state"], "rejected");
    }

    app.clock.advance_seconds(5 * 86_400);
    assert_eq!(jobs::tick(&app.desk).await.unwrap().posted, 1);
    let mut clerk = app.sign_in(Role::Clerk).await;
    let file = clerk.get_json(&format!("/api/v1/awards/{}", ids[1])).await;
    assert_eq!(file["award"]["state"], "posted");
    assert!(file["why"].as_str().unwrap().contains("+5"), "{file}");
    let request = json!({ "seq": file["award"]["txn_seq"], "reason": "记错户" });
    let asked = clerk.post_json("/api/v1/reversals", &request).await.expect(201).json();
    let mut reviewer = app.sign_in(Role::Reviewer).await;
    let approve = format!("/api/v1/reversals/{}/approve", asked["id"].as_str().unwrap());
    let undone = reviewer.post_json(&approve, &json!({ "words": "属实" })).await.expect(200).json();
    let again = reviewer.post_json(&approve, &json!({ "words": "属实" })).await.expect(200).json();
    assert_eq!(undone, again);
    assert_eq!(clerk.get_json(&format!("/api/v1/awards/{}", ids[1])).await["award"]["state"], "reversed");
    app.finish().await;
}

#[tokio::test]
async fn nobody_acts_out_of_role_or_on_another_village() {
    let app = village().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let done = record(&mut clerk, "k1", json!([line("H0001")])).await;
    let id = done["awards"][0]["id"].as_str().unwrap().to_owned();
    let word = json!({ "awards": [id], "verdict": "approve" });
    clerk.post_json("/api/v1/reviews", &word).await.expect(403);
    let mut shop = app.sign_in(Role::Shopkeeper).await;
    shop.get("/api/v1/awards").await.expect(403);
    shop.get(&format!("/api/v1/awards/{id}")).await.expect(403);
    let mut reviewer = app.sign_in(Role::Reviewer).await;
    reviewer.post_json("/api/v1/notices", &json!({ "title": "x", "fund": "Service" })).await.expect(403);
    let adoption = json!({ "hash": "x", "from": "2026-07-01", "basis": "x" });
    reviewer.post_json("/api/v1/adoptions", &adoption).await.expect(403);

    let mut elsewhere = app.sign_in_over(Role::Reviewer, app.other.org).await;
    elsewhere.get(&format!("/api/v1/awards/{id}")).await.expect(404);
    let answer = elsewhere.post_json("/api/v1/reviews", &word).await.expect(200).json();
    assert_eq!(answer[0]["code"], "not_found");
    assert_eq!(clerk.get_json(&format!("/api/v1/awards/{id}")).await["award"]["state"], "recorded");
    app.finish().await;
}

#[tokio::test]
async fn the_township_authorises_points_once_and_adopts_no_second_rules_past_the_procedure() {
    let app = village().await;
    let mut county = app.sign_in(Role::County).await;
    let (_, text) = ruleset::shipped()[0];
    let raised = text.replacen("version = 1", "version = 2", 1);
    let published =
        county.post_json("/api/v1/rulesets", &json!({ "content": raised })).await.expect(201).json();
    let faulty =
        county.post_json("/api/v1/rulesets", &json!({ "content": "[programme]" })).await.expect(422).json();
    assert_eq!(faulty["code"], "faulty_rules");

    // it has rules: from here on they change by procedure only
    let no = app.village.no;
    let mut township = app.sign_in(Role::Township).await;
    let adoption = json!({ "hash": published["hash"], "from": "2026-07-01", "basis": "村民代表会议决议" });
    let refused =
        township.post_json(&format!("/api/v1/adoptions?v={no}"), &adoption).await.expect(422).json();
    assert_eq!(refused["code"], "by_procedure");
    let listed = township.get_json(&format!("/api/v1/adoptions?v={no}")).await;
    assert_eq!(listed.as_array().unwrap().len(), 1);

    township.headers.insert("idempotency-key", "more".parse().unwrap());
    let at = format!("/api/v1/funds/Service/authorise?v={no}");
    let more = json!({ "points": "100.5", "basis": "追加" });
    let first = township.post_json(&at, &more).await.expect(200).json();
    let again = township.post_json(&at, &more).await.expect(200).json();
    assert_eq!(first, again);
    let funds = township.get_json(&format!("/api/v1/funds?v={no}")).await;
    assert_eq!(funds[0]["left"], "80100.5");
    app.finish().await;
}
