//! Another village's things: whatever their ids, and by whatever operation or page, its neighbours' staff find
//! nothing there and change nothing.

use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD};
use greencoin::service::caller::Role;
use serde_json::{Value, json};

use crate::{
    stall::{Stall, adopt},
    support::{Client, TestApp},
    twins::pages,
};

mod fill;

use fill::{body, send_photo};

/// The whole county's: published rule sets are no village's own.
const COMMON: [&str; 1] = ["/api/v1/rulesets/{hash}"];
/// The public notice board is everybody's.
const BOARD: &str = "/api/v1/board/";

/// A village with one of everything that has an id.
struct Full {
    stall: Stall,
    clerk: Client,
    household: String,
    card: String,
    award: String,
    claim: String,
    matter: String,
    photo: String,
    sitting: String,
    round: String,
    notice: String,
    objection: String,
    reminder: String,
    reversal: String,
    honour: String,
    red_list: String,
    paper: String,
    redemption: String,
    order: String,
    device: String,
    keeper: String,
    helper: String,
    proposal: String,
    voice: String,
    time_order: String,
    time_estate: String,
    seq: i64,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

impl Full {
    async fn new() -> Self {
        let mut stall = Stall::new(50).await;
        adopt(&stall.app).await;
        let home = stall.household(2, 30).await;
        let card = stall.card(home).await;
        let taken = json!({ "credential": card, "lines": [{ "sku": 1, "pieces": 1 }] });
        let receipt = stall.shop.post_json("/api/v1/redemptions", &taken).await.expect(200).json();
        let mut clerk = stall.app.sign_in(Role::Clerk).await;
        let aside = json!({ "counter": stall.counter.id.to_string(), "lines": [{ "sku": 1, "pieces": 1 }] });
        let aside =
            clerk.post_json(&format!("/api/v1/households/{home}/orders"), &aside).await.expect(201).json();
        let device = json!({
            "device": "平板", "device_key": fill::DEVICE_KEY, "each": "1", "lines": [{ "sku": 1, "pieces": 1 }],
        });
        let device = stall.shop.post_json("/api/v1/offline/rounds", &device).await.expect(201).json();
        let mut reviewer = stall.app.sign_in(Role::Reviewer).await;
        let head = json!({ "name": "张建国", "birth_year": 1960, "on": "2026-01-01" });
        let opened = clerk.post_json("/api/v1/households/open", &head).await.expect(201).json();
        let helper = json!({ "household_no": opened["no"], "name": "张建国", "day_max": "20" });
        let helper =
            clerk.post_json(&format!("/api/v1/households/{home}/helpers"), &helper).await.expect(200).json();
        let photo = STANDARD.encode(crate::claims::photo(64, 48, 1));
        let said = json!({ "household": "H0002", "item": "D3", "occurred_on": "2026-06-03", "photo": photo });
        let claim = clerk.post_json("/api/v1/claims", &said).await.expect(201).json();
        let saw = json!({ "household": "H0002", "kind": "broken", "words": "路灯不亮", "photo": photo });
        let reported = clerk.post_json("/api/v1/matters", &saw).await.expect(201).json();
        let line =
            json!({ "household": "H0002", "item": "D3", "occurred_on": "2026-06-03", "evidence": "台账3页" });
        let done = clerk.post_json("/api/v1/awards", &json!({ "lines": [line] })).await.expect(200).json();
        let award = text(&done["awards"][0]["id"]);
        let word = json!({ "awards": [award], "verdict": "approve" });
        reviewer.post_json("/api/v1/reviews", &word).await.expect(200);
        let sheet = json!({ "title": "六月公示", "fund": "Gift" });
        let sheet = clerk.post_json("/api/v1/notices", &sheet).await.expect(201).json();
        let notice = text(&sheet["id"]);
        reviewer.post_json(&format!("/api/v1/notices/{notice}/publish"), &json!({})).await.expect(200);
        let content = json!({ "award": award, "content": "没有帮过" });
        let objection = clerk.post_json("/api/v1/objections", &content).await.expect(201).json();
        let seq = receipt["seq"].as_i64().unwrap();
        let asked = json!({ "seq": seq, "reason": "记错户" });
        let reversal = clerk.post_json("/api/v1/reversals", &asked).await.expect(201).json();
        let loss = json!({ "kind": "loss", "counter": stall.counter.id.to_string(), "reason": "damaged",
            "lines": [{ "sku": 1, "pieces": 1 }] });
        let paper = clerk.post_json("/api/v1/stock/papers", &loss).await.expect(201).json();
        let draft = json!({ "paper": "compact", "title": "村规民约", "text": "1. 门前三包" });
        let draft = clerk.post_json("/api/v1/proposals", &draft).await.expect(201).json();
        let proposal = text(&draft["id"]);
        let at = format!("/api/v1/proposals/{proposal}");
        clerk.post_json(&format!("{at}/comment"), &json!({ "days": 7 })).await.expect(200);
        let said = json!({ "content": "好" });
        let said = clerk.post_json(&format!("{at}/voices"), &said).await.expect(201).json();
        let matter = json!({ "household": "H0002", "item": "F2", "what": "污水", "fix_by": "2026-06-20" });
        let reminder = clerk.post_json("/api/v1/reminders", &matter).await.expect(201).json();
        let time_order = crate::timebank::pages::waiting(&stall.app).await;
        let time_estate = crate::timebank::pages::bereaved(&stall.app).await;
        let (honour, red_list) = crate::recognition::papers(&mut clerk).await;
        let cards = clerk.get_json(&format!("/api/v1/households/{home}/cards")).await;
        let at = format!("/api/v1/counters/{}/keepers", stall.counter.id);
        let keepers = clerk.get_json(&at).await;
        let sitting = crate::stall::sitting(&stall.app, &mut clerk).await;
        let mut eyes = Vec::new();
        for login in ["eye1", "eye2"] {
            eyes.push(stall.app.user(login, Role::Recorder, stall.app.village.org).await.id.to_string());
        }
        let round = json!({ "seen_on": "2026-06-03", "items": ["A1"], "inspectors": eyes });
        let round = clerk.post_json("/api/v1/inspections", &round).await.expect(201).json();
        Self {
            household: home.to_string(),
            card: text(&cards[0]["id"]),
            claim: text(&claim["id"]),
            matter: text(&reported["id"]),
            photo: text(&claim["evidence"][0]["id"]),
            sitting,
            round: text(&round["id"]),
            award,
            notice,
            objection: text(&objection["id"]),
            reminder: text(&reminder["id"]),
            reversal: text(&reversal["id"]),
            honour,
            red_list,
            paper: text(&paper["id"]),
            redemption: text(&receipt["id"]),
            order: text(&aside["id"]),
            device: text(&device["id"]),
            keeper: text(&keepers[0]["user"]),
            helper: text(&helper["id"]),
            proposal,
            voice: text(&said["id"]),
            time_order,
            time_estate,
            seq,
            stall,
            clerk,
        }
    }

    /// An address with this village's ids in it.
    fn at(&self, path: &str) -> String {
        let counter = self.stall.counter.id.to_string();
        let place = self.stall.app.village.group.to_string();
        let id = [
            ("/places/", place.as_str()),
            ("/time/orders/", self.time_order.as_str()),
            ("/time/estates/", self.time_estate.as_str()),
            ("/users/", self.keeper.as_str()),
            ("/voices/", self.voice.as_str()),
            ("/proposals/", self.proposal.as_str()),
            ("/rules/", self.proposal.as_str()),
            ("/awards/", self.award.as_str()),
            ("/returned/", self.award.as_str()),
            ("/notices/", self.notice.as_str()),
            ("/claims/", self.claim.as_str()),
            ("/matters/", self.matter.as_str()),
            ("/evidence/", self.photo.as_str()),
            ("/sittings/", self.sitting.as_str()),
            ("/inspections/", self.round.as_str()),
            ("/objections/", self.objection.as_str()),
            ("/reminders/", self.reminder.as_str()),
            ("/reversals/", self.reversal.as_str()),
            ("/honours/", self.honour.as_str()),
            ("/red-lists/", self.red_list.as_str()),
            ("/cards/", self.card.as_str()),
            ("/clerk/helpers/", self.helper.as_str()),
            ("/households/", self.household.as_str()),
            ("/counters/", counter.as_str()),
            ("/papers/", self.paper.as_str()),
            ("/redemptions/", self.redemption.as_str()),
            ("/orders/", self.order.as_str()),
            ("/offline/rounds/", self.device.as_str()),
            ("/devices/", self.device.as_str()),
            ("/receipts/", self.redemption.as_str()),
            ("/sign-ins/", self.keeper.as_str()),
            ("/sessions/", self.keeper.as_str()),
        ];
        let id = id.iter().find(|(part, _)| path.contains(part)).map_or("", |(_, id)| *id);
        let person = path.contains("/people/");
        path.replace("{id}", id)
            .replace("{no}", if person { "P000001" } else { "H0001" })
            .replace("{award}", &self.award)
            .replace("{user}", &self.keeper)
            .replace("{grant}", &self.keeper)
            .replace("{helper}", &self.helper)
            .replace("{counter}", &counter)
            .replace("{sku}", "1")
            .replace("{number}", "1")
            .replace("{code}", "Nothing")
            .replace("{with}", "2")
            .replace("{day}", "2026-06-03")
            .replace("{seq}", &self.seq.to_string())
    }
    /// What its own clerk sees of it.
    async fn seen(&mut self) -> Vec<Value> {
        let mut out = Vec::new();
        let paths = [
            "/api/v1/awards/{id}".to_owned(),
            "/api/v1/notices/{id}".to_owned(),
            "/api/v1/claims/{id}".to_owned(),
            "/api/v1/matters/{id}".to_owned(),
            "/api/v1/sittings/{id}".to_owned(),
            "/api/v1/households/{no}".to_owned(),
            "/api/v1/people/{no}".replace("{no}", "P000001"),
            "/api/v1/goods/{sku}".to_owned(),
            "/api/v1/counters/{id}/keepers".to_owned(),
            "/api/v1/counters".to_owned(),
            "/api/v1/stock/papers/{id}".to_owned(),
            "/api/v1/stock/shelves/{counter}".to_owned(),
            format!("/api/v1/households/{}/cards", self.household),
            format!("/api/v1/households/{}/helpers", self.household),
            format!("/api/v1/households/{}/balance", self.household),
            "/api/v1/objections".to_owned(),
            "/api/v1/reminders/{id}".to_owned(),
            "/api/v1/reversals".to_owned(),
            "/api/v1/honours".to_owned(),
            "/api/v1/time/orders/{id}".to_owned(),
            "/api/v1/time/estates/{id}".to_owned(),
            "/api/v1/red-lists/{id}".to_owned(),
            "/api/v1/funds".to_owned(),
            "/api/v1/proposals/{id}".to_owned(),
            "/api/v1/orders/{id}".to_owned(),
            "/api/v1/offline/rounds/{id}".to_owned(),
        ];
        for path in paths {
            let at = self.at(&path);
            out.push(self.clerk.get_json(&at).await);
        }
        out
    }
}

/// Somebody who may do everything in the other village, and nothing here.
async fn neighbour(app: &TestApp) -> Client {
    let user = app.user("linju", Role::Clerk, app.other.org).await;
    for role in [Role::Recorder, Role::Reviewer, Role::Shopkeeper, Role::Auditor] {
        app.desk.grant_role(&app.admin, user.id, role, app.other.org).await.unwrap();
    }
    app.sign_in_as(&user).await
}

#[tokio::test]
async fn no_operation_finds_or_touches_another_villages_things() {
    let mut full = Full::new().await;
    let before = full.seen().await;
    let mut client = neighbour(&full.stall.app).await;
    let csrf = client.csrf().await;
    client.headers.insert("x-csrf-token", csrf.parse().unwrap());
    let document = serde_json::to_value(greencoin::api::description()).unwrap();
    let (mut tried, mut wrong) = (0, Vec::new());
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if !path.contains('{') || COMMON.contains(&path.as_str()) || path.starts_with(BOARD) {
                continue;
            }
            let verb: Method = method.to_uppercase().parse().unwrap();
            let body = body(&document, operation, &full).to_string().into_bytes();
            let answer = client.send(verb, &full.at(path), Some("application/json"), body).await;
            let status = answer.status.as_u16();
            if ![403, 404].contains(&status) {
                wrong.push(format!("{method} {path}: {status} {}", answer.text()));
            }
            tried += 1;
        }
    }
    assert!(wrong.is_empty() && tried > 45, "{tried} operations with an id\n{}", wrong.join("\n"));
    let counter = full.stall.counter.id.to_string();
    let inside = [
        ("/api/v1/cards", json!({ "households": [full.household] })),
        ("/api/v1/cards", json!({ "group": full.stall.app.village.group.to_string() })),
        ("/api/v1/objections", json!({ "award": full.award, "content": "x" })),
        ("/api/v1/reversals", json!({ "seq": full.seq, "reason": "x" })),
        (
            "/api/v1/stock/papers",
            json!({ "kind": "receipt", "counter": counter, "fund": "Gift", "lines": [{ "sku": 1, "pieces": 1 }] }),
        ),
        ("/api/v1/identify", json!({ "credential": "1", "counter": counter })),
    ];
    for (path, body) in inside {
        let answer = client.post_json(path, &body).await;
        let empty = answer.status.as_u16() == 200 && answer.json() == json!([]);
        assert!(empty || answer.status.as_u16() == 404, "{path}: {} {}", answer.status, answer.text());
    }
    let word = json!({ "awards": [full.award], "verdict": "approve" });
    assert_eq!(client.post_json("/api/v1/reviews", &word).await.expect(200).json()[0]["code"], "not_found");
    assert_eq!(full.seen().await, before);
    full.stall.app.finish().await;
}

#[tokio::test]
async fn no_page_shows_or_touches_another_villages_things() {
    let mut full = Full::new().await;
    let before = full.seen().await;
    let mut client = neighbour(&full.stall.app).await;
    let everything = [
        ("reason", "x"),
        ("why", "asked"),
        ("goes_to", "shelf"),
        ("code", "x"),
        ("qty-1", "1"),
        ("order", full.order.as_str()),
        ("words", "x"),
        ("content", "x"),
        ("notice", full.notice.as_str()),
        ("card", full.card.as_str()),
        ("verdict", "approve"),
        ("line", "1"),
        ("vote", "yes"),
        ("minutes", "x"),
        ("finding", "dismiss"),
        ("decision", "refuse"),
        ("open", "false"),
        ("on_sale", "false"),
        ("version", "1"),
        ("price", "1"),
        ("cost", "1"),
        ("login", "linju"),
        ("new_pin", "258146"),
        ("again_pin", "258146"),
        ("name", "张"),
        ("relation", "child"),
        ("on", "2026-06-03"),
        ("person", "P000001"),
        ("to", "H0001"),
        ("relative", "P000001"),
        ("kin", "child"),
        ("step", "close"),
        ("item", "D3"),
        ("quantity", "1"),
        ("occurred_on", "2026-06-03"),
        ("evidence", "x"),
        ("key", "k"),
        ("home", full.household.as_str()),
        ("answer", "given"),
        ("birth_year", "1990"),
        ("day_max", "1"),
        ("household_no", "H0001"),
        ("note", "x"),
        ("through", "1"),
        ("used", "0"),
    ];
    let (mut tried, mut wrong) = (0, Vec::new());
    for (page, posts) in pages() {
        if !page.contains('{')
            || page.starts_with("/static")
            || page.starts_with("/board")
            || page == "/audit/export/{file}"
        {
            continue;
        }
        // a card is found by its household's number on pages
        let at = full.at(&page.replace("/clerk/cards/{no}", "/clerk/cards/H0001"));
        let at = if page.starts_with("/my/") { format!("{at}?notice={}", full.notice) } else { at };
        let read = client.get(&at).await.status.as_u16();
        if ![403, 404, 405].contains(&read) {
            wrong.push(format!("GET {page}: {read}"));
        }
        if posts {
            let answer = if ["/picture", "/photo"].iter().any(|end| page.ends_with(end)) {
                send_photo(&mut client, &at).await
            } else {
                client.post_form(&at, &everything).await
            };
            let status = answer.status.as_u16();
            if ![403, 404].contains(&status) {
                wrong.push(format!("POST {page}: {status} {}", answer.location()));
            }
        }
        tried += 1;
    }
    assert!(wrong.is_empty() && tried > 35, "{tried} pages with an id\n{}", wrong.join("\n"));
    let counter = full.stall.counter.id.to_string();
    for (form, field, value) in [
        ("/shop/open", "counter", counter.as_str()),
        ("/clerk/objections/new", "award", full.award.as_str()),
        ("/clerk/cards/print", "household", full.household.as_str()),
    ] {
        let fields = [(field, value), ("open", "false"), ("content", "x")];
        client.post_form(form, &fields).await.expect(404);
    }
    assert_eq!(full.seen().await, before);
    full.stall.app.finish().await;
}
