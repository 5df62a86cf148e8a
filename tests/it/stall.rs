//! A counter in the application under test: a fund, an article, a shopkeeper's browser, households with points; and a
//! sitting.

use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        goods::GoodsKind,
        household::HouseholdNo,
        ids::HouseholdId,
        posting::{Commodity, Line},
        ruleset,
    },
    service::{
        Actor,
        books::{Order, facts},
        caller::{Clerk, Role, Township},
        counters::NewCounter,
        funds::NewFund,
        goods::NewGoods,
        rulesets::Adoption,
    },
    store::counter::CounterRow,
};

use serde_json::json;

use crate::{
    support::{Client, TestApp},
    village::deliver,
};

pub struct Stall {
    pub app: TestApp,
    pub clerk: Clerk,
    /// The shopkeeper's browser.
    pub shop: Client,
    pub counter: CounterRow,
}

impl Stall {
    /// One article (number 1, 1 point) with `pieces` of it on the shelf.
    pub async fn new(pieces: i64) -> Self {
        let app = TestApp::new().await;
        let (desk, village) = (&app.desk, &app.village);
        let clerk = app.clerk(village).await;
        let township = Township::of(&app.staff(Role::Township, village).await).unwrap();
        desk.open_fund(&township, &NewFund::named("Gift", "帮扶资金", "Gift")).await.unwrap();
        desk.receive_money(&clerk, "money", "Gift", "D1", 10_000_000).await.unwrap();
        desk.authorise(&clerk, "budget", "Gift", 100_000_000, "村民会议").await.unwrap();
        let new = NewCounter { code: "C1".into(), name: "村口兑换点".into(), name_en: "Gate".into() };
        let counter = desk.add_counter(&clerk, new).await.unwrap();
        let user = app.user("keeper", Role::Shopkeeper, village.org).await;
        desk.add_keeper(&clerk, counter.id, user.id).await.unwrap();
        let new = NewGoods {
            name: "毛巾".into(),
            name_en: "Towel".into(),
            unit: "条".into(),
            unit_en: "piece".into(),
            category: "日用".into(),
            kind: GoodsKind::Goods,
            barcode: None,
            quota: None,
            price: 100,
            cost_fen: 80,
        };
        desk.add_goods(&clerk, new).await.unwrap();
        deliver(desk, &clerk, counter.id, &[(1, pieces)]).await;
        let shop = app.sign_in_as(&user).await;
        Self { app, clerk, shop, counter }
    }

    /// A household with points (in 分).
    pub async fn household(&self, ordinal: u32, points: i64) -> HouseholdId {
        let desk = &self.app.desk;
        let (id, _) = self.app.household(&self.app.village, ordinal).await;
        let no = HouseholdNo::from_ordinal(ordinal);
        let lines = vec![
            Line::new(chart::budget("Gift").unwrap(), Commodity::point(), points * 100),
            Line::new(chart::household_available(no.as_str()).unwrap(), Commodity::point(), -points * 100),
        ];
        let key = format!("give {no}");
        let order = Order {
            key: &key,
            kind: TxnKind::Opening,
            effective_on: desk.today(),
            source: None,
            body: facts([("household", no.to_string())]),
        };
        let command = desk.command(&self.clerk.actor(), order, lines).unwrap();
        desk.posted(self.app.village.book, command, Vec::new()).await.unwrap();
        id
    }

    /// What the QR of a household's card says.
    pub async fn card(&self, household: HouseholdId) -> String {
        self.app.desk.issue_cards(&self.clerk, &[household]).await.unwrap().remove(0).digits
    }
}

/// A sitting of a panel of five, with an award of its own on the agenda. Made last: what is recorded from now on waits for
/// the panel.
pub async fn sitting(app: &TestApp, clerk: &mut Client) -> String {
    let mut seats = Vec::new();
    for n in 0..6 {
        let user = app.user(&format!("panel{n}"), Role::Reviewer, app.village.org).await;
        let post = if n < 5 { "member" } else { "observer" };
        seats.push(json!({ "user": user.id.to_string(), "post": post }));
    }
    let mut town = app.sign_in(Role::Township).await;
    let at = format!("/api/v1/bodies?v={}", app.village.no);
    let body = json!({ "kind": "panel", "from": "2026-06-03", "basis": "决议", "seats": seats });
    town.post_json(&at, &body).await.expect(201);
    let line =
        json!({ "household": "H0002", "item": "D3", "occurred_on": "2026-06-03", "evidence": "台账4页" });
    let done = clerk.post_json("/api/v1/awards", &json!({ "lines": [line] })).await.expect(200).json();
    let award = done["awards"][0]["id"].as_str().unwrap().to_owned();
    let user = app.user("first", Role::Reviewer, app.village.org).await;
    let word = json!({ "awards": [award], "verdict": "approve" });
    app.sign_in_as(&user).await.post_json("/api/v1/reviews", &word).await.expect(200);
    let new = json!({ "sits_on": "2026-06-03", "place": "村部", "awards": [award] });
    let sitting = clerk.post_json("/api/v1/sittings", &new).await.expect(201).json();
    sitting["id"].as_str().unwrap().to_owned()
}

/// Both villages under the shipped rules.
pub async fn adopt(app: &TestApp) {
    let (_, text) = ruleset::shipped()[0];
    let set = app.desk.publish_ruleset(Actor::System, text).await.unwrap();
    let basis = "村民代表会议决议".to_owned();
    let adoption = Adoption { hash: set.hash().to_owned(), from: app.desk.today(), basis };
    for book in [app.village.book, app.other.book] {
        app.desk.adopt_ruleset(Actor::System, book, &adoption).await.unwrap();
    }
}
