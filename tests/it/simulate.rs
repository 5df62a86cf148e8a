//! A draft tried out over the pages and the API: by whom, of what, with what.

use greencoin::{
    domain::ruleset,
    service::{Actor, caller::Role},
};
use serde_json::json;

use crate::{proposals::COMPACT, support::TestApp};

async fn app_with_a_draft() -> (TestApp, String) {
    let app = TestApp::new().await;
    for ordinal in 1..=5 {
        app.household(&app.village, ordinal).await;
    }
    let set = app.desk.publish_ruleset(Actor::System, ruleset::shipped()[0].1).await.unwrap();
    let draft = json!({ "paper": "rules", "title": "细则", "template": set.hash() });
    let mut clerk = app.sign_in(Role::Clerk).await;
    let id = clerk.post_json("/api/v1/proposals", &draft).await.expect(201).json()["id"].clone();
    let id = id.as_str().unwrap().to_owned();
    (app, id)
}

#[tokio::test]
async fn staff_try_a_draft_with_usual_participation_and_see_where_the_ceiling_breaks() {
    let (app, id) = app_with_a_draft().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let page = clerk.get(&format!("/rules/{id}")).await.expect(200).text();
    assert!(page.contains(&format!("href=\"/rules/{id}/simulate\"")), "{page}");
    let at = format!("/api/v1/proposals/{id}/simulation?by=stated");
    let said = clerk.get_json(&at).await;
    let item = |said: &serde_json::Value, code: &str| {
        said["items"].as_array().unwrap().iter().find(|i| i["item"] == code).unwrap()["points"].clone()
    };
    // five households of one group: 60 % of 5 and 70 % are 3 × 2 × 12; 20 % of 5 is 1 × 5 × 12; a quarter is 1 × 5 × 12;
    // 80 % is 4 × 5 × 4
    assert_eq!((item(&said, "A1"), item(&said, "A2")), (json!("72"), json!("60")));
    assert_eq!((item(&said, "A5"), item(&said, "E1")), (json!("60"), json!("80")));
    assert_eq!((&said["points"], &said["yuan"]), (&json!("272"), &json!("136.00")));
    assert_eq!((&said["ceiling_breaks"], &said["points_in_force"]), (&json!(null), &json!(null)));

    // nobody comes to 200, so that only the ceiling changes; a household's cap may not be above it
    for key in ["cap_year", "annual_ceiling"] {
        let low = json!({ "target": "programme", "key": key, "value": "200", "ground": "会议" });
        clerk.post_json(&format!("/api/v1/proposals/{id}/overrides"), &low).await.expect(200);
    }
    let said = clerk.get_json(&at).await;
    assert_eq!(said["shortage"], "72");
    let page = clerk.get(&format!("/rules/{id}/simulate?by=stated")).await.expect(200).text();
    assert!(page.contains("超过年度上限200分（136%）") && page.contains("冲破上限，全年差72分"), "{page}");
    assert!(page.contains("<figure class=\"chart bars\">") && page.contains("月度最清洁户"), "{page}");
    let empty = clerk.get(&format!("/rules/{id}/simulate")).await.expect(200).text();
    assert!(empty.contains("一年约发0分"), "{empty}");
    app.finish().await;
}

#[tokio::test]
async fn only_staff_try_drafts_and_only_of_rules() {
    let (app, id) = app_with_a_draft().await;
    let mut shop = app.sign_in(Role::Shopkeeper).await;
    shop.get(&format!("/rules/{id}/simulate")).await.expect(403);
    shop.get(&format!("/api/v1/proposals/{id}/simulation")).await.expect(403);
    let mut clerk = app.sign_in(Role::Clerk).await;
    clerk.get(&format!("/api/v1/proposals/{id}/simulation?by=guess")).await.expect(422);
    let compact = json!({ "paper": "compact", "title": "村规", "text": COMPACT });
    let other = clerk.post_json("/api/v1/proposals", &compact).await.expect(201).json()["id"].clone();
    let other = other.as_str().unwrap();
    let refused = clerk.get(&format!("/api/v1/proposals/{other}/simulation")).await.expect(422).json();
    assert_eq!(refused["code"], "only_rules_are_tried");
    assert!(!clerk.get(&format!("/rules/{other}")).await.expect(200).text().contains("/simulate"));
    app.finish().await;
}
