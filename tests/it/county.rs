//! The county's office, through its pages: places, books, accounts, roles and recovery.

use greencoin::{domain::org::OrgKind, service::caller::Role};

use crate::support::{PASSWORD, TestApp, place};

/// The value of an input or a button within a page.
fn value_after(page: &str, mark: &str) -> String {
    let (_, rest) = page.split_once(mark).unwrap_or_else(|| panic!("{mark} in {page}"));
    rest.split(['"', '<']).next().unwrap().to_owned()
}

#[tokio::test]
async fn the_county_makes_places_and_opens_a_book_once() {
    let app = TestApp::new().await;
    let mut county = app.sign_in(Role::County).await;
    let path = format!("/admin/places/{}", app.township);
    let fields = [("kind", "village"), ("labels", "rural"), ("name", "柳河村")];
    county.post_form(&format!("{path}/new"), &fields).await.expect(303);
    let twice = county.post_form(&format!("{path}/new"), &fields).await.expect(422);
    assert!(twice.text().contains("已经有柳河村了") && twice.text().contains("value=\"柳河村\""));
    let under = [("kind", "county"), ("labels", "rural"), ("name", "某县")];
    county.post_form(&format!("{path}/new"), &under).await.expect(422);

    let village = place(&app.desk, &app.admin, app.township, OrgKind::Village, "石门村").await;
    let path = format!("/admin/places/{village}");
    let code = [("division", "110101"), ("from", "2026-01-01")];
    county.post_form(&format!("{path}/code"), &code).await.expect(303);
    county.post_form(&format!("{path}/code"), &code).await.expect(422);
    county
        .post_form(&format!("{path}/code"), &[("division", "12"), ("from", "2026-02-01")])
        .await
        .expect(422);
    county.post_form(&format!("{path}/code"), &[("division", "110101"), ("from", "soon")]).await.expect(422);
    let book = [("book_name", "石门积分"), ("book_name_en", "Shimen points")];
    county.post_form(&format!("{path}/book"), &book).await.expect(303);
    assert!(county.get(&path).await.expect(200).text().contains("石门积分"));
    county.post_form(&format!("{path}/book"), &book).await.expect(422);
    county.headers.insert("accept-language", "en".parse().unwrap());
    assert!(county.get(&path).await.expect(200).text().contains("Shimen points"));
    app.finish().await;
}

#[tokio::test]
async fn the_county_makes_an_account_gives_it_a_role_and_recovers_it() {
    let app = TestApp::new().await;
    let mut county = app.sign_in(Role::County).await;
    let fields = [("display_name", "陈静"), ("login", "chen.jing")];
    let made = county.post_form("/admin/users", &fields).await.expect(200).text();
    let password = value_after(&made, "class=\"amount mid mono\">");
    county.post_form("/admin/users", &fields).await.expect(422);
    let user = value_after(&made, "action=\"/admin/users/").split('/').next().unwrap().to_owned();
    let path = format!("/admin/users/{user}");
    assert!(!county.get(&path).await.expect(200).text().contains(&password), "a password is shown once");

    let village = app.village.org.to_string();
    let grant = [("role", "clerk"), ("org", village.as_str())];
    county.post_form(&format!("{path}/grant"), &grant).await.expect(422);
    let outside = [("village", "1"), ("outside", "on")];
    county.post_form(&format!("{path}/person"), &outside).await.expect(303);
    county.post_form(&format!("{path}/grant"), &grant).await.expect(303);
    county
        .post_form(&format!("{path}/grant"), &[("role", "county"), ("org", village.as_str())])
        .await
        .expect(422);
    county.post_form(&format!("{path}/person"), &[("village", "1"), ("person", "P000001")]).await.expect(404);
    let page = county.get(&format!("{path}?at={village}")).await.expect(200).text();
    assert!(page.contains("村文书 ") || page.contains("村文书"));

    let mut chen = app.anonymous();
    chen.post_form("/login", &[("login", "chen.jing"), ("password", &password)]).await.expect(303);
    let again = county.post_form(&format!("{path}/password"), &[]).await.expect(200).text();
    assert_ne!(value_after(&again, "class=\"amount mid mono\">"), password);
    chen.get("/login/enrol").await.expect(303);
    county.post_form(&format!("{path}/factor"), &[]).await.expect(303);
    let revoke = value_after(&page, "name=\"grant\" value=\"");
    county.post_form(&format!("{path}/revoke"), &[("grant", &revoke)]).await.expect(303);
    county.post_form(&format!("{path}/disable"), &[]).await.expect(303);
    chen.post_form("/login", &[("login", "chen.jing"), ("password", PASSWORD)]).await.expect(403);
    app.finish().await;
}
