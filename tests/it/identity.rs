//! Who may do what: sign-in, second factor, throttling, roles, villages, tokens.

use axum::http::header;
use greencoin::{
    domain::org::OrgKind,
    service::{ServiceError, caller::Role},
};
use serde_json::json;

use crate::support::{PASSWORD, PIN, TestApp, place};

#[tokio::test]
async fn staff_sign_in_with_password_and_code_and_each_code_works_once() {
    let app = TestApp::new().await;
    let user = app.user("li.na", Role::Clerk, app.village.org).await;
    let mut first = app.sign_in_as(&user).await;
    let me = first.get_json("/api/v1/me").await;
    assert_eq!(me["kind"], "staff");
    assert_eq!(me["books"][0]["no"], app.village.no);

    let mut second = app.anonymous();
    second.post_form("/login", &[("login", "LI.NA "), ("password", PASSWORD)]).await.expect(303);
    let used = second.post_form("/login/code", &[("code", &app.code(&user))]).await.expect(403);
    assert!(used.text().contains("已经用过"), "{}", used.text());
    // the password alone opens nothing
    assert_eq!(second.get("/account").await.expect(303).location(), "/login/code");
    second.get("/api/v1/me").await.expect(401);
    app.clock.advance_seconds(30);
    second.post_form("/login/code", &[("code", &app.code(&user))]).await.expect(303);
    second.get("/account").await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn the_first_sign_in_sets_up_the_second_factor_and_changes_the_password() {
    let app = TestApp::new().await;
    let (id, password) = app.desk.create_user(&app.admin, "wang", "王芳").await.unwrap();
    let mut client = app.anonymous();
    client.post_form("/login", &[("login", "wang"), ("password", &password.0)]).await.expect(303);
    assert!(client.get("/login/code").await.expect(303).location().starts_with("/login/enrol"));
    let page = client.get("/login/enrol").await.expect(200).text();
    let (_, rest) = page.split_once("name=\"sealed\" value=\"").unwrap();
    let sealed = rest.split('"').next().unwrap().to_owned();
    let (_, rest) = page.split_once("class=\"mono\">").unwrap();
    let secret = totp_rs::Secret::try_from_base32(rest.split('<').next().unwrap()).unwrap();
    let user = crate::support::User { id, login: "wang".to_owned(), totp: secret.as_bytes().to_vec() };

    let wrong =
        client.post_form("/login/enrol", &[("sealed", &sealed), ("code", "000000")]).await.expect(403);
    assert!(
        wrong.text().contains(sealed.get(sealed.len() - 8..).unwrap())
            || wrong.text().contains("class=\"mono\">")
    );
    let code = app.code(&user);
    let done = client.post_form("/login/enrol", &[("sealed", &sealed), ("code", &code)]).await.expect(303);
    assert_eq!(done.location(), "/account/password");
    assert_eq!(client.get("/account").await.expect(303).location(), "/account/password");
    let fields =
        [("password", password.0.as_str()), ("password_new", PASSWORD), ("password_again", PASSWORD)];
    client.post_form("/account/password", &fields).await.expect(303);
    let account = client.get("/account").await.expect(200).text();
    assert!(account.contains("密码已修改"), "the message shows once: {account}");
    assert!(!client.get("/account").await.text().contains("密码已修改"));
    app.finish().await;
}

#[tokio::test]
async fn wrong_passwords_cost_ever_more_time() {
    let app = TestApp::new().await;
    let user = app.user("zhao", Role::Auditor, app.village.org).await;
    let mut client = app.anonymous();
    let wrong = [("login", "zhao"), ("password", "not the password")];
    for _ in 0..5 {
        let answer = client.post_form("/login", &wrong).await.expect(403);
        assert!(answer.text().contains("用户名或密码不对"));
    }
    let right = [("login", "zhao"), ("password", PASSWORD)];
    let refused = client.post_form("/login", &right).await.expect(403);
    assert!(refused.text().contains("30秒"), "{}", refused.text());
    let body = json!({"login": "zhao", "password": PASSWORD, "code": app.code(&user)});
    let problem = client.post_json("/api/v1/token", &body).await.expect(429);
    assert_eq!(problem.headers[header::RETRY_AFTER], "30");
    assert_eq!(problem.json()["code"], "throttled");
    app.clock.advance_seconds(30);
    client.post_form("/login", &right).await.expect(303);
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_role_is_refused_and_nobody_is_sent_to_sign_in() {
    let app = TestApp::new().await;
    let mut stranger = app.anonymous();
    assert_eq!(stranger.get("/admin").await.expect(303).location(), "/login?next=/admin");
    assert_eq!(stranger.get("/api/v1/me").await.expect(401).json()["code"], "not_signed_in");
    for role in [Role::Clerk, Role::Shopkeeper, Role::Auditor, Role::Township, Role::Recorder, Role::Reviewer]
    {
        let mut client = app.sign_in(role).await;
        let answer = client.get("/admin").await.expect(403);
        assert!(answer.text().contains("您没有这项权限"), "{}", answer.text());
    }
    app.sign_in(Role::County).await.get("/admin").await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn roles_reach_down_the_tree_and_never_across_it() {
    let app = TestApp::new().await;
    let clerk = app.user("clerk-a", Role::Clerk, app.village.org).await;
    let who = app.desk.staff_sign_in(clerk.id).await.unwrap().unwrap();
    assert!(app.desk.staff_for(&who, app.village.book).await.unwrap().is_some());
    assert!(app.desk.staff_for(&who, app.other.book).await.unwrap().is_none());

    let township = app.user("town", Role::Township, app.township).await;
    let who = app.desk.staff_sign_in(township.id).await.unwrap().unwrap();
    assert_eq!(app.desk.books_of(&who).await.unwrap().len(), 2);
    assert!(app.desk.staff_for(&who, app.other.book).await.unwrap().is_some());

    let hamlet = place(&app.desk, &app.admin, app.village.group, OrgKind::Hamlet, "东湾").await;
    let recorder = app.user("rec", Role::Recorder, hamlet).await;
    let who = app.desk.staff_sign_in(recorder.id).await.unwrap().unwrap();
    let staff = app.desk.staff_for(&who, app.village.book).await.unwrap().unwrap();
    assert_eq!((staff.scope, staff.roles.as_slice()), (Some(hamlet), [Role::Recorder].as_slice()));
    assert!(app.desk.staff_for(&who, app.other.book).await.unwrap().is_none());
    assert_eq!(app.desk.books_of(&who).await.unwrap().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn somebody_of_one_village_cannot_open_another() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let other = app.other.no.to_string();
    clerk.post_form("/village", &[("village", &other)]).await.expect(403);
    let mut town = app.sign_in(Role::Township).await;
    let list = town.get("/village").await.expect(200).text();
    assert!(list.contains("青禾村") && list.contains("溪口村"));
    town.post_form("/village", &[("village", &other)]).await.expect(303);
    assert_eq!(town.cookies["gc_book"], other);
    app.finish().await;
}

#[tokio::test]
async fn the_county_administrator_handles_no_points() {
    let app = TestApp::new().await;
    let user = app.user("clerk-b", Role::Clerk, app.village.org).await;
    let refused = app.desk.grant_role(&app.admin, user.id, Role::County, app.admin.org).await;
    assert!(matches!(refused, Err(ServiceError::Refused(r)) if r.code == "role_conflict"));
    let refused = app.desk.grant_role(&app.admin, user.id, Role::Clerk, app.township).await;
    assert!(matches!(refused, Err(ServiceError::Refused(r)) if r.code == "role_place"));
    app.finish().await;
}

#[tokio::test]
async fn a_role_taken_back_ends_with_the_next_request() {
    let app = TestApp::new().await;
    let user = app.user("qian", Role::Clerk, app.village.org).await;
    let mut client = app.sign_in_as(&user).await;
    let token = client.post_json("/api/v1/token", &json!({})).await.expect(200).json();
    let mut device = app.anonymous();
    let bearer = format!("Bearer {}", token["token"].as_str().unwrap());
    device.headers.insert(header::AUTHORIZATION, bearer.parse().unwrap());
    assert_eq!(device.get_json("/api/v1/me").await["books"].as_array().unwrap().len(), 1);
    let who = app.desk.staff_sign_in(user.id).await.unwrap().unwrap();
    app.desk.revoke_role(&app.admin, user.id, who.grants[0].id, "").await.unwrap();
    assert_eq!(device.get_json("/api/v1/me").await["books"].as_array().unwrap().len(), 0);
    assert_eq!(client.get_json("/api/v1/me").await["grants"].as_array().unwrap().len(), 0);
    app.finish().await;
}

#[tokio::test]
async fn an_api_token_lives_fifteen_minutes_and_cannot_be_forged() {
    let app = TestApp::new().await;
    let user = app.user("sun", Role::Auditor, app.village.org).await;
    let mut device = app.anonymous();
    let credentials = json!({"login": "sun", "password": PASSWORD, "code": app.code(&user)});
    let token = device.post_json("/api/v1/token", &credentials).await.expect(200).json();
    let token = token["token"].as_str().unwrap().to_owned();
    device.headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    device.get("/api/v1/me").await.expect(200);
    let mut forged = device.clone();
    let (head, signature) = token.rsplit_once('.').unwrap();
    let flipped: String = signature.chars().rev().collect();
    forged.headers.insert(header::AUTHORIZATION, format!("Bearer {head}.{flipped}").parse().unwrap());
    forged.get("/api/v1/me").await.expect(401);
    app.clock.advance_seconds(15 * 60);
    device.get("/api/v1/me").await.expect(401);
    app.finish().await;
}

#[tokio::test]
async fn a_sign_in_can_be_ended_from_another_machine() {
    let app = TestApp::new().await;
    let user = app.user("zhou", Role::Clerk, app.village.org).await;
    let mut office = app.sign_in_as(&user).await;
    app.clock.advance_seconds(60);
    let mut phone = app.sign_in_as(&user).await;
    phone.get("/account").await.expect(200);
    office.post_form("/account/sessions/end-others", &[]).await.expect(303);
    phone.get("/account").await.expect(303);
    office.get("/account").await.expect(200);
    office.post_form("/logout", &[]).await.expect(303);
    office.get("/account").await.expect(303);
    app.finish().await;
}

#[tokio::test]
async fn a_new_password_ends_every_other_sign_in() {
    let app = TestApp::new().await;
    let user = app.user("zhou", Role::Clerk, app.village.org).await;
    let mut office = app.sign_in_as(&user).await;
    app.clock.advance_seconds(60);
    let mut phone = app.sign_in_as(&user).await;
    let new = "another-good-one-2026";
    let fields = [("password", PASSWORD), ("password_new", new), ("password_again", new)];
    office.post_form("/account/password", &fields).await.expect(303);
    phone.get("/account").await.expect(303);
    office.get("/account").await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn an_unused_sign_in_lapses() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    app.clock.advance_seconds(7_100);
    clerk.get("/account").await.expect(200);
    app.clock.advance_seconds(7_100);
    clerk.get("/account").await.expect(200);
    app.clock.advance_seconds(7_300);
    clerk.get("/account").await.expect(303);
    app.finish().await;
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once() {
    let app = TestApp::new().await;
    let user = app.user("wu.di", Role::Clerk, app.village.org).await;
    let mut client = app.sign_in_as(&user).await;
    app.desk.disable_user(&app.admin, user.id, "").await.unwrap();
    client.get("/account").await.expect(303);
    let mut again = app.anonymous();
    let refused = again.post_form("/login", &[("login", "wu.di"), ("password", PASSWORD)]).await.expect(403);
    assert!(refused.text().contains("停用"));
    app.finish().await;
}

#[tokio::test]
async fn three_wrong_pins_block_a_household_until_the_clerk_sets_a_new_one() {
    let app = TestApp::new().await;
    let (household, no) = app.household(&app.village, 1).await;
    let village = app.village.no.to_string();
    let mut client = app.sign_in_household(&app.village, "h1").await;
    assert_eq!(client.get_json("/api/v1/me").await["kind"], "resident");
    assert_eq!(client.get_json("/api/v1/me").await["id"], household.to_string());

    let mut thief = app.anonymous();
    for (pin, said) in
        [("111222", "户号或密码不对"), ("111223", "户号或密码不对"), ("111224", "已锁住"), (PIN, "已锁住")]
    {
        let fields = [("village", village.as_str()), ("household", &no), ("pin", pin)];
        let answer = thief.post_form("/login/resident", &fields).await.expect(403);
        assert!(answer.text().contains(said), "{pin}: {}", answer.text());
    }
    let clerk = app.clerk(&app.village).await;
    app.desk.set_pin(&clerk, household, "583920").await.unwrap();
    client.get("/api/v1/me").await.expect(401);
    let fields = [("village", village.as_str()), ("household", &no), ("pin", "583920")];
    thief.post_form("/login/resident", &fields).await.expect(303);
    // a household of another village is not this clerk's
    let (stranger, _) = app.household(&app.other, 1).await;
    let refused = app.desk.set_pin(&clerk, stranger, "583920").await;
    assert!(matches!(refused, Err(ServiceError::NotFound("household"))));
    app.finish().await;
}

#[tokio::test]
async fn one_address_cannot_go_on_to_block_a_whole_village() {
    let app = TestApp::new().await;
    let village = app.village.no.to_string();
    let mut thief = app.anonymous();
    for ordinal in 1..=11_u32 {
        let no = format!("H{ordinal:04}");
        let fields = [("village", village.as_str()), ("household", &no), ("pin", "111222")];
        let answer = thief.post_form("/login/resident", &fields).await.expect(403);
        assert_eq!(answer.text().contains("试错次数太多"), ordinal == 11, "{ordinal}");
    }
    app.finish().await;
}
