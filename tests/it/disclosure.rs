//! The village's money on the public board: in, out and left add up, nobody is named, and a donor's paper leads anybody
//! to its proof.

use greencoin::service::caller::Role;
use serde_json::json;

use crate::{office_api::village, support::TestApp};

/// A gift of 88.50 yuan, written down by the clerk and confirmed by a second person; its id.
async fn gift(app: &TestApp) -> String {
    let mut town = app.sign_in(Role::Township).await;
    let fund = json!({ "code": "Gifts", "name": "乡亲捐赠", "kind": "donation" });
    town.post_json(&format!("/api/v1/funds?v={}", app.village.no), &fund).await.expect(201);
    let mut clerk = app.sign_in(Role::Clerk).await;
    let money = json!({ "fund": "Gifts", "amount": "88.50", "payer": "李大山", "document": "收字12号",
        "received_on": app.desk.today() });
    let row = clerk.post_json("/api/v1/money", &money).await.expect(201).json();
    let id = row["id"].as_str().unwrap().to_owned();
    let mut second = app.sign_in(Role::Reviewer).await;
    second.post_json(&format!("/api/v1/money/{id}/confirm"), &json!({})).await.expect(200);
    id
}

#[tokio::test]
async fn everybody_reads_what_came_in_what_went_out_and_what_is_left_and_nobodys_name() {
    let app = village().await;
    gift(&app).await;
    let mut anybody = app.anonymous();
    let board = format!("/board/{}", app.village.no);
    let told = anybody.get_json(&format!("/api/v1{board}/money")).await;
    // 100,000 yuan of the county's, booked as a gift, and 88.50
    assert_eq!(told["sources"], json!([{ "kind": "donation", "yuan": "100088.50" }]));
    assert_eq!(
        (&told["received"], &told["spent"], &told["left"], &told["goods"], &told["owed"]),
        (&json!("100088.50"), &json!("0.00"), &json!("100088.50"), &json!("0.00"), &json!("0.00"))
    );
    assert_eq!((&told["points"], &told["coverage"]), (&json!("0"), &json!(null)), "no point is out");
    assert!(anybody.get(&board).await.expect(200).text().contains(&format!("{board}/money")));
    let page = anybody.get(&format!("{board}/money")).await.expect(200).text();
    for words in ["捐赠", "100088.5", "账上结余"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    for name in ["李大山", "Finance", "收字12号"] {
        assert!(!page.contains(name) && !told.to_string().contains(name), "{name}");
    }
    anybody.get("/board/99/money").await.expect(404);
    app.finish().await;
}

#[tokio::test]
async fn a_donors_paper_leads_anybody_to_the_proof_that_the_money_stands_in_the_ledger() {
    let app = village().await;
    let id = gift(&app).await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let paper = clerk.get(&format!("/money/{id}")).await.expect(200).text();
    assert!(paper.contains("<svg") && paper.contains("依法长期保存"), "{paper}");
    let way =
        paper.split("href=\"").filter_map(|part| part.split('"').next()).find(|to| to.starts_with("/proof/"));
    let way = way.expect("a link to the proof").to_owned();
    assert!(way.starts_with(&format!("/proof/{}/", app.village.no)), "{way}");
    let proof = app.anonymous().get(&way).await.expect(200).text();
    assert!(!proof.contains("李大山"), "{proof}");
    app.finish().await;
}
