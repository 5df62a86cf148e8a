//! The register's changes, the county's work and one's own account over the API, and who may not do it.

use greencoin::{
    domain::ruleset,
    service::{Actor, caller::Role, rulesets::Adoption},
};
use serde_json::json;

use crate::support::{PASSWORD, TestApp};

#[tokio::test]
async fn the_clerk_keeps_the_register_over_the_api_and_nobody_else() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let groups = clerk.get_json("/api/v1/groups").await;
    let group = groups.as_array().unwrap().iter().find(|g| g["kind"] == "group").unwrap();
    let head = json!({ "name": "张建国", "birth_year": 1960, "on": "2026-01-01", "place": group["id"] });
    let first = clerk.post_json("/api/v1/households/open", &head).await.expect(201).json();
    let next = json!({ "name": "李秀英", "on": "2026-01-01" });
    let second = clerk.post_json("/api/v1/households/open", &next).await.expect(201).json();
    let (first, second) = (first["no"].as_str().unwrap(), second["no"].as_str().unwrap());
    let child = json!({ "name": "张小明", "relation": "child", "on": "2026-02-01" });
    let members = format!("/api/v1/households/{first}/members");
    let child = clerk.post_json(&members, &child).await.expect(201).json();
    let child = child["no"].as_str().unwrap();
    let unknown = json!({ "name": "张小明", "relation": "neighbour", "on": "2026-02-01" });
    let refused = clerk.post_json(&members, &unknown).await.expect(422).json();
    assert_eq!(refused["code"], "relation_unknown");
    let moves = json!({ "to": second, "relation": "other", "on": "2026-03-01" });
    clerk.post_json(&format!("/api/v1/people/{child}/move"), &moves).await.expect(204);
    let leaves = json!({ "on": "2026-04-01", "reason": "外出" });
    clerk.post_json(&format!("/api/v1/people/{child}/leave"), &leaves).await.expect(204);
    let people = clerk.get_json(&format!("/api/v1/households/{first}")).await;
    let kin = json!({ "relative": people["people"][0]["no"], "kin": "child" });
    clerk.post_json(&format!("/api/v1/people/{child}/kin"), &kin).await.expect(204);
    let state = format!("/api/v1/households/{first}/state");
    let closed = json!({ "step": "close", "reason": "迁出" });
    assert_eq!(clerk.post_json(&state, &closed).await.expect(200).json()["state"], "closed");

    let mut shop = app.sign_in(Role::Shopkeeper).await;
    shop.get("/api/v1/groups").await.expect(403);
    shop.post_json("/api/v1/households/open", &next).await.expect(403);
    shop.post_json(&state, &closed).await.expect(403);
    let mut elsewhere = app.sign_in_over(Role::Clerk, app.other.org).await;
    elsewhere.post_json(&state, &closed).await.expect(404);
    elsewhere.post_json(&format!("/api/v1/people/{child}/leave"), &leaves).await.expect(404);
    app.finish().await;
}

#[tokio::test]
async fn the_county_keeps_places_and_accounts_over_the_api_and_nobody_else() {
    let app = TestApp::new().await;
    let mut county = app.sign_in(Role::County).await;
    let top = county.get_json("/api/v1/places").await;
    assert_eq!(top["place"]["kind"], "county");
    let input = json!({ "kind": "village", "labels": "rural", "name": "新村" });
    let at = format!("/api/v1/places/{}", app.township);
    let made = county.post_json(&at, &input).await.expect(201).json();
    let place = format!("/api/v1/places/{}", made["id"].as_str().unwrap());
    let renamed = json!({ "name": "新民村" });
    county.post_json(&format!("{place}/rename"), &renamed).await.expect(204);
    let book = json!({ "name": "新民村绿币" });
    county.post_json(&format!("{place}/programmes"), &book).await.expect(201);
    let seen = county.get_json(&place).await;
    assert_eq!((&seen["place"]["name"], &seen["programmes"][0]["name"]), (&renamed["name"], &book["name"]));
    assert_eq!(county.get_json("/api/v1/villages").await.as_array().unwrap().len(), 3);

    let new = json!({ "login": "zhang", "name": "张会计" });
    let made_user = county.post_json("/api/v1/users", &new).await.expect(201).json();
    let user = format!("/api/v1/users/{}", made_user["id"].as_str().unwrap());
    let role = json!({ "role": "auditor", "org": app.village.org.to_string() });
    county.post_json(&format!("{user}/grants"), &role).await.expect(204);
    let file = county.get_json(&user).await;
    assert_eq!(file["grants"][0]["role"], "auditor");
    let grant = file["grants"][0]["id"].as_str().unwrap();
    county.post_json(&format!("{user}/grants/{grant}/revoke"), &json!({})).await.expect(204);
    let again = county.post_json(&format!("{user}/password"), &json!({})).await.expect(200).json();
    assert_ne!(again["password"], made_user["password"]);
    county.post_json(&format!("{user}/factor"), &json!({})).await.expect(204);
    county.post_json(&format!("{user}/disable"), &json!({})).await.expect(204);
    let users = county.get_json("/api/v1/users").await;
    let line = users.as_array().unwrap().iter().find(|u| u["login"] == "zhang").unwrap();
    assert_eq!(line["state"], "disabled");

    let mut clerk = app.sign_in(Role::Clerk).await;
    for path in ["/api/v1/places", "/api/v1/users", "/api/v1/villages", user.as_str(), place.as_str()] {
        clerk.get(path).await.expect(403);
    }
    clerk.post_json("/api/v1/users", &new).await.expect(403);
    clerk.post_json(&at, &input).await.expect(403);
    clerk.post_json(&format!("{user}/grants"), &role).await.expect(403);
    county.get(&format!("/api/v1/places/{}", app.village.book)).await.expect(404);
    app.finish().await;
}

#[tokio::test]
async fn one_ends_ones_own_sign_ins_and_changes_ones_own_password_over_the_api() {
    let app = TestApp::new().await;
    let user = app.user("lihong", Role::Clerk, app.village.org).await;
    let mut here = app.sign_in_as(&user).await;
    let mut other = app.sign_in(Role::Clerk).await;
    let mine = here.get_json("/api/v1/me/sign-ins").await;
    assert_eq!((mine.as_array().unwrap().len(), mine[0]["here"].as_bool()), (1, Some(true)));
    let end = format!("/api/v1/me/sign-ins/{}/end", mine[0]["id"].as_str().unwrap());
    other.post_json(&end, &json!({})).await.expect(404);
    let change = json!({ "old": PASSWORD, "new": "another horse battery staple" });
    here.post_json("/api/v1/me/password", &change).await.expect(204);
    here.post_json(&end, &json!({})).await.expect(204);
    here.get("/api/v1/me/sign-ins").await.expect(401);
    app.finish().await;
}

#[tokio::test]
async fn a_household_reads_the_rules_and_the_sheets_that_hang_over_the_api() {
    let app = TestApp::new().await;
    let (_, text) = ruleset::shipped()[0];
    let set = app.desk.publish_ruleset(Actor::System, text).await.unwrap();
    let adoption =
        Adoption { hash: set.hash().to_owned(), from: app.desk.today(), basis: "决议".to_owned() };
    app.desk.adopt_ruleset(Actor::System, app.village.book, &adoption).await.unwrap();
    let (_, no) = app.household(&app.village, 1).await;
    let mut home = app.sign_in_household(&app.village, &no).await;
    let rules = home.get_json("/api/v1/rules").await;
    let rule = rules.as_array().unwrap().iter().find(|r| r["code"] == "D3").unwrap();
    assert!(!rule["worth"].as_str().unwrap().is_empty());
    assert_eq!(home.get_json("/api/v1/my/notices").await, json!([]));
    home.get(&format!("/api/v1/my/notices/{}", app.village.org)).await.expect(404);
    home.get("/api/v1/users").await.expect(403);
    let mut clerk = app.sign_in(Role::Clerk).await;
    clerk.get("/api/v1/my/notices").await.expect(403);
    app.finish().await;
}
