//! Matters over HTTP: the same by the API and by the pages, what everybody may read, what stands on the desks.

use base64::{Engine, engine::general_purpose::STANDARD};
use greencoin::{
    domain::ruleset,
    service::{Actor, caller::Role, rulesets::Adoption},
};
use serde_json::{Value, json};

use crate::{claims::photo, support::TestApp};

async fn app() -> TestApp {
    let app = TestApp::new().await;
    let set = app.desk.publish_ruleset(Actor::System, ruleset::shipped()[0].1).await.unwrap();
    let basis = "村民代表会议决议".to_owned();
    let adoption = Adoption { hash: set.hash().to_owned(), from: app.desk.today(), basis };
    app.desk.adopt_ruleset(Actor::System, app.village.book, &adoption).await.unwrap();
    app
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_api_takes_a_matter_all_the_way_and_the_board_tells_nothing_of_it() {
    let app = app().await;
    let (_, no) = app.household(&app.village, 1).await;
    app.household(&app.village, 2).await;
    let mut home = app.sign_in_household(&app.village, &no).await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let mut reviewer = app.sign_in(Role::Reviewer).await;
    let saw = json!({ "kind": "broken", "words": "张三家门口路灯坏了", "photo": STANDARD.encode(photo(64, 48, 1)) });
    let matter = home.post_json("/api/v1/matters", &saw).await.expect(201).json();
    assert_eq!((matter["no"].clone(), matter["state"].clone()), (json!(1), json!("reported")));
    assert_eq!(matter["progress"], "已收到，6月10日前有人核实");
    let at = format!("/api/v1/matters/{}", text(&matter["id"]));
    let shown = home.get(&format!("{at}/photo")).await.expect(200);
    assert_eq!(shown.headers["content-type"], "image/jpeg");
    // by telephone, the same thing again
    let again = json!({ "household": "H0002", "kind": "broken", "manner": "phone", "words": "路灯" });
    let again = clerk.post_json("/api/v1/matters", &again).await.expect(201).json();
    let again = format!("/api/v1/matters/{}", text(&again["id"]));
    let early = clerk.post_json(&format!("{again}/accept"), &json!({ "grade": "small" })).await.expect(422);
    assert_eq!(early.json()["code"], "matter_earlier_waits");
    assert!(early.text().contains("事项1号"), "{}", early.text());

    let taken =
        clerk.post_json(&format!("{at}/accept"), &json!({ "grade": "small" })).await.expect(200).json();
    assert_eq!((taken["grade"].clone(), taken["household"].clone()), (json!("small"), json!("H0001")));
    let award = clerk.get_json(&format!("/api/v1/awards/{}", text(&taken["award"]))).await;
    assert!(!award.to_string().contains("路灯") && !award.to_string().contains("张三"), "{award}");
    clerk.post_json(&format!("{again}/duplicate"), &json!({ "first": 1 })).await.expect(200);
    let who = clerk.get_json(&format!("{at}/candidates")).await;
    let user = json!({ "user": who[0]["user"] });
    clerk.post_json(&format!("{at}/assign"), &user).await.expect(200);
    let done = json!({ "remark": "换了灯" });
    clerk.post_json(&format!("{at}/finish"), &done).await.expect(200);
    let own = clerk.post_json(&format!("{at}/verify"), &json!({})).await.expect(422).json();
    assert_eq!(own["code"], "matter_own_work");
    reviewer.post_json(&format!("{at}/verify"), &json!({})).await.expect(200);
    reviewer.post_json(&format!("{at}/close"), &json!({})).await.expect(403);
    clerk.post_json(&format!("{at}/close"), &json!({})).await.expect(200);

    let mut anybody = app.anonymous();
    let board = anybody.get_json(&format!("/api/v1/board/{}/matters", app.village.no)).await;
    assert_eq!(
        board,
        json!([{ "no": 1, "kind": "broken", "grade": "small", "group": board[0]["group"],
            "reported_on": "2026-06-03", "closed_on": "2026-06-03" }])
    );
    let page = anybody.get(&format!("/board/{}/matters", app.village.no)).await.expect(200).text();
    assert!(page.contains("公共设施损坏"));
    for secret in ["张三", "换了灯", "H0001", "门口"] {
        assert!(!page.contains(secret), "{secret}");
    }
    anybody.get(&at).await.expect(401);
    home.get(&again).await.expect(404);
    let told = home.get_json(&at).await;
    assert_eq!((told["matter"]["remark"].clone(), told["alike"].clone()), (json!("换了灯"), json!([])));
    assert_eq!(told["matter"]["points"], "初审中");
    app.finish().await;
}

#[tokio::test]
async fn the_pages_do_the_same_and_say_what_waits_too_long() {
    let app = app().await;
    let (_, no) = app.household(&app.village, 1).await;
    let mut home = app.sign_in_household(&app.village, &no).await;
    let form = home.get("/my/matters/new").await.expect(200).text();
    assert!(form.contains("卫生死角") && form.contains("data-photo"), "{form}");
    let saw = json!({ "kind": "dirt", "words": "沟里全是垃圾" });
    let matter = home.post_json("/api/v1/matters", &saw).await.expect(201).json();
    let at = format!("/matters/{}", text(&matter["id"]));
    assert!(home.get("/my/matters").await.expect(200).text().contains("已收到，6月10日前有人核实"));
    // nobody is signed in as long as that
    app.clock.advance_seconds(8 * 86_400);
    let mut home = app.sign_in_household(&app.village, &no).await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let mut reviewer = app.sign_in(Role::Reviewer).await;
    let mut auditor = app.sign_in(Role::Auditor).await;
    let desks = [
        clerk.get("/clerk").await.expect(200).text(),
        auditor.get("/audit/matters").await.expect(200).text(),
        clerk.get("/matters").await.expect(200).text(),
    ];
    assert!(desks.iter().all(|page| page.contains("1件超过5个工作日没有人看")), "{desks:?}");
    assert_eq!(desks.each_ref().map(|page| page.contains("沟里")), [false, false, true]);
    assert!(home.get("/my/matters").await.expect(200).text().contains("超期"));
    assert!(!clerk.get(&at).await.expect(200).text().contains("value=\"close\""));
    let step = format!("{at}/step");
    let refused = clerk.post_form(&step, &[("step", "accept")]).await.expect(303);
    assert_eq!(refused.location(), at);
    assert!(clerk.get(&at).await.expect(200).text().contains("请选择分级"));
    clerk.post_form(&step, &[("step", "accept"), ("grade", "small")]).await.expect(303);
    assert!(clerk.get(&at).await.expect(200).text().contains("已申报"));
    let who = clerk.get_json(&format!("/api/v1{at}/candidates")).await;
    clerk
        .post_form(&step, &[("step", "assign"), ("user", who[0]["user"].as_str().unwrap())])
        .await
        .expect(303);
    assert!(clerk.get("/matters?state=given").await.expect(200).text().contains("沟里全是垃圾"));
    clerk.post_form(&step, &[("step", "finish"), ("remark", "清走了两车")]).await.expect(303);
    assert!(!clerk.get(&at).await.expect(200).text().contains("value=\"verify\""), "not one's own work");
    let seen = reviewer.get(&at).await.expect(200).text();
    assert!(
        seen.contains("value=\"verify\"") && seen.contains("上报人不公开") && !seen.contains("H0001"),
        "{seen}"
    );
    reviewer.post_form(&step, &[("step", "verify")]).await.expect(303);
    clerk.post_form(&step, &[("step", "close")]).await.expect(303);
    let told = home.get(&format!("/my{at}")).await.expect(200).text();
    assert!(told.contains("已办结") && told.contains("清走了两车") && told.contains("初审中"), "{told}");
    let mut shop = app.sign_in(Role::Shopkeeper).await;
    for page in ["/matters", at.as_str()] {
        shop.get(page).await.expect(403);
    }
    app.finish().await;
}
