//! The procedure through the pages and the API: clerk, reviewer, household, township and auditor, each in their turn.

use greencoin::{
    domain::ruleset,
    service::{Actor, caller::Role},
};
use serde_json::json;

use crate::{
    proposals::COMPACT,
    support::{Client, TestApp},
};

/// A clerk's form of the proposal's page.
async fn act(who: &mut Client, at: &str, fields: &[(&str, &str)]) {
    who.post_form(at, fields).await.expect(303);
}

const CAME: [(&str, &str); 5] =
    [("entitled", "9"), ("present", "9"), ("yes", "8"), ("no", "1"), ("abstain", "0")];

async fn meet(who: &mut Client, at: &str, meeting: &str, day: &str) {
    let mut fields = vec![("action", meeting), ("day", day), ("words", "会议记录")];
    if meeting == "assembly" {
        fields.push(("body", "households"));
    }
    fields.extend(CAME);
    act(who, at, &fields).await;
}

#[tokio::test]
async fn a_compact_goes_from_draft_to_force_through_the_pages_of_each_role() {
    let app = TestApp::new().await;
    app.household(&app.village, 1).await;
    let no = app.village.no;
    let mut clerk = app.sign_in(Role::Clerk).await;
    clerk.get("/rules").await.expect(200);
    let fined = format!("{COMPACT}\n第十条 乱倒垃圾罚款50元");
    let draft = [("paper", "compact"), ("title", "青禾村村规民约"), ("text", fined.as_str())];
    let at = clerk.post_form("/rules", &draft).await.expect(303).location().to_owned();
    let page = clerk.get(&at).await.expect(200).text();
    assert!(page.contains("第10行（第10条）") && page.contains("《行政处罚法》第十七条"), "{page}");
    let refused = clerk.post_form(&at, &[("action", "comment"), ("days", "7")]).await.expect(422).text();
    assert!(refused.contains("《行政处罚法》第十七条"), "{refused}");
    act(&mut clerk, &at, &[("action", "text"), ("text", COMPACT), ("words", "删去罚款")]).await;
    act(&mut clerk, &at, &[("action", "comment"), ("days", "7")]).await;

    let mut home = app.sign_in_household(&app.village, "H0001").await;
    let id = at.rsplit('/').next().unwrap();
    let mine = format!("/my/proposals/{id}");
    let shown = home.get(&mine).await.expect(200).text();
    assert!(shown.contains("门前三包"), "{shown}");
    home.post_form(&mine, &[("words", "第二条说清楚些")]).await.expect(303);
    let page = clerk.get(&at).await.expect(200).text();
    let (_, rest) = page.split_once("action=\"/rules/voices/").unwrap();
    let voice = format!("/rules/voices/{}", rest.split('"').next().unwrap());
    clerk.post_form(&voice, &[("taken", "no"), ("words", "会上解释")]).await.expect(303);
    assert!(home.get(&mine).await.expect(200).text().contains("会上解释"));

    app.clock.advance_seconds(8 * 86_400);
    let (mut clerk, mut reviewer) = (app.sign_in(Role::Clerk).await, app.sign_in(Role::Reviewer).await);
    act(&mut reviewer, &at, &[("action", "check"), ("words", "没有问题")]).await;
    let day = app.desk.today().to_string();
    for meeting in ["branch", "committees", "members", "assembly"] {
        assert!(clerk.get(&at).await.expect(200).text().contains(&format!("value=\"{meeting}\"")));
        meet(&mut clerk, &at, meeting, &day).await;
    }
    let hang = [("action", "disclose"), ("days", "5"), ("words", "村务公开栏")];
    clerk.post_form(&at, &hang).await.expect(403);
    act(&mut reviewer, &at, &hang).await;
    app.clock.advance_seconds(6 * 86_400);
    let mut clerk = app.sign_in(Role::Clerk).await;
    act(&mut clerk, &at, &[("action", "file")]).await;

    let mut township = app.sign_in(Role::Township).await;
    let inbox = township.get("/township/filings").await.expect(200).text();
    let link = format!("{at}?v={no}");
    assert!(inbox.contains(&link), "{inbox}");
    let page = township.get(&link).await.expect(200).text();
    assert!(page.contains("应到9人，实到9人；赞成8，反对1，弃权0"), "{page}");
    let accept = [("action", "accept"), ("filing_no", "青镇备7号"), ("words", "")];
    act(&mut township, &link, &accept).await;
    let from = app.desk.today().plus(7).to_string();
    act(&mut clerk, &at, &[("action", "announce"), ("day", &from), ("words", "公开栏")]).await;
    app.clock.advance_seconds(7 * 86_400);
    let mut home = app.sign_in_household(&app.village, "H0001").await;
    let compact = home.get("/my/compact").await.expect(200).text();
    assert!(compact.contains("第9条 诚实申报") && compact.contains("青镇备7号"), "{compact}");
    let mut auditor = app.sign_in(Role::Auditor).await;
    let history = auditor.get(&at).await.expect(200).text();
    for word in ["支部提议", "两委商议", "党员审议", "村民决议", "决议公开", "实施结果公开", "会议记录"]
    {
        assert!(history.contains(word), "{word}");
    }
    auditor.post_form(&at, &accept).await.expect(403);
    let mut shop = app.sign_in(Role::Shopkeeper).await;
    shop.get("/rules").await.expect(403);
    shop.get(&at).await.expect(403);

    // and the order that repeals it
    let mut township = app.sign_in(Role::Township).await;
    township.get(&format!("/rules?v={no}")).await.expect(200);
    let order = [
        ("paper", "compact"),
        ("adopted_from", from.as_str()),
        ("from", from.as_str()),
        ("law", "第二十七条"),
        ("reason", "违法"),
    ];
    clerk_may_not(&app, &order).await;
    township.post_form(&format!("/rules/repeal?v={no}"), &order).await.expect(303);
    assert!(!home.get("/my/compact").await.expect(200).text().contains("诚实申报"));
    app.finish().await;
}

async fn clerk_may_not(app: &TestApp, order: &[(&str, &str)]) {
    app.sign_in(Role::Clerk).await.post_form("/rules/repeal", order).await.expect(403);
}

#[tokio::test]
async fn the_api_draws_up_rules_from_a_template_and_says_every_change_in_words() {
    let app = TestApp::new().await;
    let (_, text) = ruleset::shipped()[0];
    let set = app.desk.publish_ruleset(Actor::System, text).await.unwrap();
    let no = app.village.no;
    let mut township = app.sign_in(Role::Township).await;
    let taken = json!({ "hash": set.hash(), "from": app.desk.today().to_string(), "basis": "纸质决议" });
    township.post_json(&format!("/api/v1/adoptions?v={no}"), &taken).await.expect(204);
    let again = json!({ "hash": set.hash(), "from": app.desk.today().plus(9).to_string(), "basis": "x" });
    let refused = township.post_json(&format!("/api/v1/adoptions?v={no}"), &again).await.expect(422).json();
    assert_eq!(refused["code"], "by_procedure");

    let mut clerk = app.sign_in(Role::Clerk).await;
    let draft = json!({ "paper": "rules", "title": "细则", "template": set.hash() });
    let id = clerk.post_json("/api/v1/proposals", &draft).await.expect(201).json()["id"].clone();
    let at = format!("/api/v1/proposals/{}", id.as_str().unwrap());
    let change = json!({ "target": "item A2", "key": "points", "value": "8", "ground": "代表会议意见" });
    clerk.post_json(&format!("{at}/overrides"), &change).await.expect(200);
    let shown = clerk.get_json(&at).await;
    assert_eq!(shown["changes"], json!(["总则：版本 1 → 2", "月度最清洁户（A2）：分值 +5分 → +8分"]));
    assert_eq!(shown["changes_en"][1], "Cleanest household of the month (A2): worth +5 points → +8 points");
    assert_eq!(shown["overrides"][1]["ground"], "代表会议意见");
    assert!(shown["faults_en"][0].as_str().unwrap().contains("compact-1"), "no compact is in force here");
    let opened = clerk.post_json(&format!("{at}/comment"), &json!({ "days": 7 })).await.expect(422).json();
    assert_eq!(opened["code"], "faulty_rules");

    app.household(&app.village, 1).await;
    let mut home = app.sign_in_household(&app.village, "H0001").await;
    home.get(&at).await.expect(404);
    assert_eq!(home.get_json("/api/v1/proposals").await, json!([]), "a draft is the village's own");
    home.post_json(&format!("{at}/withdraw"), &json!({ "reason": "x" })).await.expect(403);
    let gone =
        clerk.post_json(&format!("{at}/withdraw"), &json!({ "reason": "重写" })).await.expect(200).json();
    assert_eq!(gone["state"], "withdrawn");
    assert_eq!(township.get_json("/api/v1/filings").await, json!([]));
    assert_eq!(home.get_json("/api/v1/compacts").await, json!([]));
    let rules = home.get("/my/rules").await.expect(200).text();
    assert!(rules.contains("第一条 门前三包"), "each item names the clause it rests on: {rules}");
    app.finish().await;
}
