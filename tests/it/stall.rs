//! A counter in the application under test: a fund, an article, a shopkeeper's browser, households with points.

use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        goods::GoodsKind,
        household::HouseholdNo,
        ids::HouseholdId,
        posting::{Commodity, Line},
    },
    service::{
        books::{Order, facts},
        caller::{Clerk, Role, Township},
        counters::NewCounter,
        goods::NewGoods,
        receiving::Delivery,
    },
    store::counter::CounterRow,
};

use crate::support::{Client, TestApp};

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
        desk.open_fund(&township, "Gift", "帮扶资金", "Gift").await.unwrap();
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
        let delivery = Delivery { counter: counter.id, fund: "Gift".into(), lines: vec![(1, pieces)] };
        desk.receive_goods(&clerk, "delivery", &delivery).await.unwrap();
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
