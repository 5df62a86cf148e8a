//! What forms refuse before any use case is asked: a choice that was not made, a mark that is none. Each says it in the
//! words of its code and changes nothing.

use greencoin::{
    domain::{lang::Lang, ruleset},
    service::{Actor, caller::Role, rulesets::Adoption},
    text::refusal::refusal_words,
};
use serde_json::json;

use crate::support::TestApp;

async fn app() -> TestApp {
    let app = TestApp::new().await;
    let set = app.desk.publish_ruleset(Actor::System, ruleset::shipped()[0].1).await.unwrap();
    let basis = "村民代表会议决议".to_owned();
    let adoption = Adoption { hash: set.hash().to_owned(), from: app.desk.today(), basis };
    app.desk.adopt_ruleset(Actor::System, app.village.book, &adoption).await.unwrap();
    app.household(&app.village, 1).await;
    app
}

/// A form's address, the code it refuses with, and its fields.
type Form<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>);

fn words(code: &str) -> String {
    refusal_words(Lang::Zh, code, &std::collections::BTreeMap::new()).1
}

#[tokio::test]
async fn the_clerks_forms_say_which_choice_is_missing() {
    let app = app().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let day = app.desk.today().to_string();
    let day = day.as_str();
    let forms: [Form<'_>; 4] = [
        (
            "/clerk/record/H0001",
            "item_missing",
            vec![("key", "k1"), ("item", ""), ("occurred_on", day), ("quantity", "1")],
        ),
        ("/clerk/sheet", "nobody_chosen", vec![("key", "k2"), ("item", "C3"), ("occurred_on", day)]),
        (
            "/clerk/notices",
            "group_missing",
            vec![("title", "公示"), ("group", "nowhere"), ("fund", "Service")],
        ),
        (
            "/clerk/honours",
            "bad_level",
            vec![
                ("household", "H0001"),
                ("title", "好"),
                ("level", "moon"),
                ("granted_by", "x"),
                ("granted_on", day),
                ("document", "1"),
            ],
        ),
    ];
    for (path, code, fields) in forms {
        let page = clerk.post_form(path, &fields).await.expect(422).text();
        let said = words(code);
        let said = said.split('{').next().unwrap();
        assert!(page.contains(said), "{code}: {said}: {page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_matter_has_a_kind_and_a_grade() {
    let app = app().await;
    let mut home = app.sign_in_household(&app.village, "H0001").await;
    let csrf = home.csrf().await;
    let part = |name: &str, value: &str| {
        format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = [part("csrf", &csrf), part("key", "k"), part("kind", ""), part("words", "路灯坏了")].concat();
    let form = Some("multipart/form-data; boundary=cut");
    let body = format!("{body}--cut--\r\n").into_bytes();
    let page = home.send(axum::http::Method::POST, "/my/matters", form, body).await.expect(422).text();
    assert!(page.contains(&words("matter_no_kind")), "{page}");

    let saw = json!({ "kind": "broken", "words": "路灯坏了" });
    let matter = home.post_json("/api/v1/matters", &saw).await.expect(201).json();
    let mut clerk = app.sign_in(Role::Clerk).await;
    let at = format!("/matters/{}", matter["id"].as_str().unwrap());
    clerk.post_form(&format!("{at}/step"), &[("step", "accept"), ("grade", "")]).await.expect(303);
    let page = clerk.get(&at).await.expect(200).text();
    assert!(page.contains(&words("matter_no_grade")), "{page}");
    assert!(page.contains("待核实"), "{page}");
    app.finish().await;
}
