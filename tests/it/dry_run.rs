//! A dry run says exactly what would happen and leaves no trace: the whole database is as it was, and the real answer
//! that follows is the same but for ids and times.

use greencoin::{
    domain::ruleset,
    service::{Actor, caller::Role, rulesets::Adoption},
};
use serde_json::{Value, json};

use crate::{
    bulk::{keyed, openings},
    dump::dump,
    office_api::{line, village},
    stall::Stall,
    support::{Client, TestApp},
};

/// Without what is new each time.
fn lasting(mut answer: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for name in ["id", "at"] {
                    members.remove(name);
                }
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut answer);
    answer
}

/// Tries a request, sees that nothing changed, performs it, and compares.
async fn tried_then_done(app: &TestApp, client: &mut Client, path: &str, key: &str, body: &Value) -> Value {
    let dry =
        if path.contains('?') { format!("{path}&dry_run=true") } else { format!("{path}?dry_run=true") };
    // once signed in, so that the sign-in itself is no difference
    client.csrf().await;
    let before = dump(&app.desk.db).await;
    let said = keyed(client, &dry, key, body).await;
    let after = dump(&app.desk.db).await;
    for (table, rows) in &before {
        assert_eq!(rows, &after[table], "{path}: a dry run wrote to {table}");
    }
    assert_eq!(said.headers["dry-run"].to_str().unwrap(), "true");
    let done = keyed(client, path, key, body).await;
    assert!(!done.headers.contains_key("dry-run") && !done.headers.contains_key("idempotent-replayed"));
    assert_eq!((said.status, lasting(said.json())), (done.status, lasting(done.json())), "{path}");
    done.json()
}

#[tokio::test]
async fn trying_a_bulk_request_changes_nothing_and_says_what_then_happens() {
    let app = village().await;
    let mut township = app.sign_in(Role::Township).await;
    let at = format!("/api/v1/openings/bulk?v={}", app.village.no);
    let items = [("H0001", "126.5"), ("H9999", "1"), ("H0001", "1"), ("H0003", "80000")];
    let done = tried_then_done(&app, &mut township, &at, "k1", &openings("each", &items)).await;
    assert_eq!(done["done"], 1);
    let done = tried_then_done(&app, &mut township, &at, "k2", &openings("atomic", &items)).await;
    assert_eq!(done["done"], 0);
    let short = [("H0002", "5"), ("H0003", "80000")];
    tried_then_done(&app, &mut township, &at, "k3", &openings("atomic", &short)).await;
    let good = [("H0002", "5"), ("H0003", "6")];
    let done = tried_then_done(&app, &mut township, &at, "k4", &openings("atomic", &good)).await;
    assert_eq!(done["done"], 2);

    let mut clerk = app.sign_in(Role::Clerk).await;
    for mode in ["each", "atomic"] {
        let items = json!([line("H0001"), line("H9999"), line("H0002")]);
        let sheet = json!({ "mode": mode, "items": items });
        tried_then_done(&app, &mut clerk, "/api/v1/awards/bulk", mode, &sheet).await;
        // a key that was used says what was said under it, and of other items that they are others
        let dry = "/api/v1/awards/bulk?dry_run=true";
        let again = keyed(&mut clerk, dry, mode, &sheet).await.expect(200);
        for header in ["idempotent-replayed", "dry-run"] {
            assert_eq!(again.headers[header].to_str().unwrap(), "true");
        }
        let mut other = sheet.clone();
        other["items"][2]["household"] = json!("H0003");
        let conflict = keyed(&mut clerk, dry, mode, &other).await.expect(409).json();
        assert_eq!(conflict["fields"], "items.2.household");
    }
    app.finish().await;
}

#[tokio::test]
async fn trying_an_award_tells_its_points_or_its_refusal() {
    let app = village().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let done =
        tried_then_done(&app, &mut clerk, "/api/v1/awards", "k1", &json!({ "lines": [line("H0001")] })).await;
    assert_eq!(done["awards"][0]["points"], "5");
    let unknown = json!({ "lines": [line("H0001"), line("H9999")] });
    let done = tried_then_done(&app, &mut clerk, "/api/v1/awards", "k2", &unknown).await;
    assert_eq!(done["recorded"], false);
    app.finish().await;
}

#[tokio::test]
async fn trying_a_redemption_gives_the_receipt_that_would_be() {
    let stall = Stall::new(50).await;
    let (_, text) = ruleset::shipped()[0];
    let set = stall.app.desk.publish_ruleset(Actor::System, text).await.unwrap();
    let basis = "村民代表会议决议".to_owned();
    let adoption = Adoption { hash: set.hash().to_owned(), from: stall.app.desk.today(), basis };
    stall.app.desk.adopt_ruleset(Actor::System, stall.app.village.book, &adoption).await.unwrap();
    let home = stall.household(1, 30).await;
    let card = stall.card(home).await;
    let mut shop = stall.shop.clone();
    let at = "/api/v1/redemptions";
    let basket = |pieces: i64| json!({ "credential": card, "lines": [{ "sku": 1, "pieces": pieces }] });
    let done = tried_then_done(&stall.app, &mut shop, at, "k1", &basket(3)).await;
    assert_eq!((&done["no"], &done["after"]), (&json!(1), &json!("27")));
    let done = tried_then_done(&stall.app, &mut shop, at, "k2", &basket(40)).await;
    assert!(["insufficient_points", "pin_needed"].contains(&done["code"].as_str().unwrap()), "{done}");
    // a key that was used is answered as it would be
    let again = keyed(&mut shop, &format!("{at}?dry_run=true"), "k1", &basket(3)).await.expect(200).json();
    assert_eq!((&again["no"], &again["repeated"]), (&json!(1), &json!(true)));
    // a PIN is not looked at: it could be guessed here without end
    let mut guess = basket(1);
    guess["pin"] = json!("000000");
    let before = dump(&stall.app.desk.db).await;
    keyed(&mut shop, &format!("{at}?dry_run=true"), "k3", &guess).await.expect(200);
    assert_eq!(dump(&stall.app.desk.db).await, before);
    stall.app.finish().await;
}

#[tokio::test]
async fn a_dry_run_is_never_performed_by_mistake() {
    let app = village().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    clerk.csrf().await;
    let before = dump(&app.desk.db).await;
    let sheet = json!({ "lines": [line("H0001")] });
    for asked in ["dry_run=yes", "dry_run=", "dry_run", "dry_run=false&dry_run=1"] {
        keyed(&mut clerk, &format!("/api/v1/awards?{asked}"), "k", &sheet).await.expect(400);
    }
    let newcomer = json!({ "name": "张建国", "birth_year": 1960, "on": "2026-01-01" });
    let refused = keyed(&mut clerk, "/api/v1/households/open?dry_run=true", "k", &newcomer).await;
    assert_eq!(refused.expect(422).json()["code"], "no_dry_run");
    for asked in ["dry%5Frun=true", "dry_run=false&dry_run=true"] {
        let said = keyed(&mut clerk, &format!("/api/v1/awards?{asked}"), "k", &sheet).await.expect(200);
        assert_eq!(said.headers["dry-run"].to_str().unwrap(), "true");
    }
    assert_eq!(dump(&app.desk.db).await, before);
    app.finish().await;
}
