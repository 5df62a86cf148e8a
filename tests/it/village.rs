//! A small village for tests of the counter: one group, six households, a clerk, a shopkeeper at one counter, money
//! in a fund, goods on the shelf. Made through the use cases as far as there are some.

use std::sync::Arc;

use greencoin::{
    domain::{
        basket::Basket,
        chart,
        goods::GoodsKind,
        household::{HouseholdNo, Membership, PersonNo},
        ids::{BookId, CounterId, HouseholdId, OrgId, PersonId, UserId},
        person::Relation,
        pinyin,
        posting::{Commodity, Line},
        time::{ManualClock, Period},
    },
    service::{
        Desk, ServiceError,
        books::{Order, facts},
        caller::{Clerk, Resident, Role, Shopkeeper, Staff, StockWitness, Storekeeper},
        counters::NewCounter,
        goods::NewGoods,
        redeem::{RedeemRequest, RedemptionReceipt},
        stock::{Donor, Draft, Incoming},
    },
    store::{
        Db,
        counter::CounterRow,
        fund::{self, FundRow},
        household, ledger, login,
        org::{self, OrgRow},
        person,
        programme::{self, ProgrammeRow},
    },
};

use crate::engine::{Engine, clock};

/// Articles of every village, in order of their numbers.
pub const SOAP: i64 = 1;
pub const OIL: i64 = 2;
pub const HAIRCUT: i64 = 3;
pub const TOWEL: i64 = 4;

/// Names of heads, one household each.
const HEADS: [&str; 6] = ["张建国", "欧阳秀华", "李梅", "王小明", "买买提·艾力", "杨㛃"];

pub struct Village {
    pub engine: Arc<Engine>,
    pub clock: Arc<ManualClock>,
    pub desk: Desk,
    pub book: BookId,
    pub group: OrgId,
    pub clerk: Clerk,
    pub shop: Shopkeeper,
    pub counter: CounterRow,
    pub homes: Vec<HouseholdId>,
    pub heads: Vec<PersonId>,
}

impl Village {
    pub async fn new() -> Self {
        Self::at(clock()).await
    }

    /// … by another clock.
    pub async fn at(clock: Arc<ManualClock>) -> Self {
        let engine = Arc::new(Engine::fresh().await);
        let desk = engine.desk(&clock).await;
        Self::on(engine, clock, desk, 1).await
    }

    /// One more village in the same installation, however many there are.
    pub async fn another(&self) -> Self {
        let mut tx = self.desk.db.begin_read().await.unwrap();
        let last = programme::list(&mut tx, 0, 1_000).await.unwrap().last().unwrap().no;
        drop(tx);
        Self::on(Arc::clone(&self.engine), Arc::clone(&self.clock), self.desk.clone(), last + 1).await
    }

    /// A neighbour in the same installation.
    pub async fn neighbour(&self) -> Self {
        Self::on(Arc::clone(&self.engine), Arc::clone(&self.clock), self.desk.clone(), 2).await
    }

    /// The village with number `no` in an installation that is open already.
    pub async fn on(engine: Arc<Engine>, clock: Arc<ManualClock>, desk: Desk, no: i64) -> Self {
        let (book, village, group): (BookId, OrgId, OrgId) = (desk.id(), desk.id(), desk.id());
        places(&desk, book, no, village, group).await;
        let staff = |user, role| Staff {
            user,
            book,
            org: village,
            person: None,
            also: Vec::new(),
            known: true,
            roles: vec![role],
            scope: None,
        };
        let clerk = Clerk::of(&staff(user(&desk, &format!("clerk{no}"), "文书").await, Role::Clerk)).unwrap();
        let keeper = user(&desk, &format!("shop{no}"), "营业员").await;
        let shop = Shopkeeper::of(&staff(keeper, Role::Shopkeeper)).unwrap();
        let new = NewCounter { code: "C1".into(), name: "村口兑换点".into(), name_en: "Gate".into() };
        let counter = desk.add_counter(&clerk, new).await.unwrap();
        desk.add_keeper(&clerk, counter.id, keeper).await.unwrap();
        let (homes, heads) = households(&desk, book, group).await;
        let village = Self { engine, clock, desk, book, group, clerk, shop, counter, homes, heads };
        village.stock().await;
        village
    }

    async fn stock(&self) {
        let quota = Some((2, Period::Quarter));
        for (name, name_en, kind, quota, price, cost_fen) in [
            ("香皂", "Soap", GoodsKind::Goods, None, 500, 450),
            ("食用油", "Cooking oil", GoodsKind::Goods, quota, 5_000, 4_800),
            ("理发", "Haircut", GoodsKind::Service, None, 1_000, 0),
            ("毛巾", "Towel", GoodsKind::Goods, None, 100, 80),
        ] {
            let new = NewGoods {
                name: name.into(),
                name_en: name_en.into(),
                unit: "件".into(),
                unit_en: "piece".into(),
                category: "日用".into(),
                kind,
                barcode: None,
                quota,
                price,
                cost_fen,
            };
            self.desk.add_goods(&self.clerk, new).await.unwrap();
        }
        self.desk.receive_money(&self.clerk, "money", "Gift", "D1", 1_000_000).await.unwrap();
        self.deliver(self.counter.id, &[(SOAP, 20), (OIL, 10), (TOWEL, 200)]).await;
        self.desk.authorise(&self.clerk, "budget", "Gift", 100_000_000, "村民会议").await.unwrap();
    }

    pub async fn deliver(&self, counter: CounterId, lines: &[(i64, i64)]) {
        deliver(&self.desk, &self.clerk, counter, lines).await;
    }

    /// Gives a household points (in 分), as an award would.
    pub async fn give(&self, home: usize, points: i64) {
        let no = HouseholdNo::from_ordinal(u32::try_from(home + 1).unwrap());
        let key = format!("give {home} {points} {}", self.desk.id::<EventKey>().0);
        let lines = vec![
            Line::new(chart::budget("Gift").unwrap(), Commodity::point(), points * 100),
            Line::new(chart::household_available(no.as_str()).unwrap(), Commodity::point(), -points * 100),
        ];
        let order = Order {
            key: &key,
            kind: greencoin::domain::book::TxnKind::Opening,
            effective_on: self.desk.today(),
            source: None,
            body: facts([("household", no.to_string())]),
        };
        let command = self.desk.command(&self.clerk.actor(), order, lines).unwrap();
        self.desk.posted(self.book, command, Vec::new()).await.unwrap();
    }

    pub fn resident(&self, home: usize) -> Resident {
        Resident { book: self.book, household: self.homes[home] }
    }

    /// A new phone code of a household, as scanned.
    pub async fn code(&self, home: usize) -> String {
        self.desk.phone_code(&self.resident(home)).await.unwrap().digits
    }

    /// What the QR of a household's card says.
    pub async fn card(&self, home: usize) -> String {
        self.desk.issue_cards(&self.clerk, &[self.homes[home]]).await.unwrap().remove(0).digits
    }

    pub fn request(&self, credential: &str, items: &[(i64, i64)]) -> RedeemRequest {
        RedeemRequest {
            counter: None,
            credential: credential.to_owned(),
            visit: None,
            pin: None,
            basket: Basket::new(items.iter().copied()).unwrap(),
            bystander: None,
            same_as: None,
        }
    }

    pub async fn redeem(
        &self,
        credential: &str,
        items: &[(i64, i64)],
        key: &str,
    ) -> Result<RedemptionReceipt, ServiceError> {
        self.desk.redeem(&self.shop, &self.request(credential, items), key).await
    }

    /// Spendable points (in 分).
    pub async fn available(&self, home: usize) -> i64 {
        self.desk.own_holdings(&self.resident(home)).await.unwrap().available / 100
    }

    /// Pieces on the first counter's shelf.
    pub async fn stock_of(&self, sku: i64) -> i64 {
        let goods = self.desk.goods(self.book, 0, 100).await.unwrap();
        goods.iter().find(|g| g.row.sku == sku).unwrap().at("C1")
    }

    /// Place of the last transaction: unchanged means that nothing was posted.
    pub async fn seq(&self) -> i64 {
        let mut tx = self.desk.db.begin_read().await.unwrap();
        ledger::read::head(&mut tx, self.book).await.unwrap().unwrap().seq
    }

    /// Every commodity of the book sums to zero.
    pub async fn check_sums(&self) {
        let mut tx = self.desk.db.begin_read().await.unwrap();
        let sums = ledger::read::sums(&mut tx, self.book).await.unwrap();
        assert!(sums.iter().all(|(_, sum)| *sum == 0), "{sums:?}");
    }
}

/// Goods come in at catalogue cost: the clerk draws up the receipt, a second person agrees.
pub async fn deliver(desk: &Desk, by: &Clerk, counter: CounterId, lines: &[(i64, i64)]) {
    let incoming = |(sku, pieces): &(i64, i64)| Incoming {
        sku: *sku,
        pieces: *pieces,
        cost_fen: None,
        last_day: None,
        label: String::new(),
    };
    let draft = Draft::Receipt {
        counter,
        fund: "Gift".into(),
        donor: Donor::default(),
        lines: lines.iter().map(incoming).collect(),
    };
    let paper = desk.draw_stock_paper(&Storekeeper::of(by).unwrap(), &draft, "").await.unwrap();
    desk.approve_stock_paper(&second_person(desk, by), paper.id, "").await.unwrap();
}

/// Somebody of the panel who has nothing to do with `first`.
pub fn second_person(desk: &Desk, first: &Staff) -> StockWitness {
    let staff = Staff { user: desk.id(), roles: vec![Role::Reviewer], person: None, ..first.clone() };
    StockWitness::of(&staff).unwrap()
}

/// Only to draw something that makes a key unique.
struct EventKey(uuid::Uuid);

impl From<uuid::Uuid> for EventKey {
    fn from(id: uuid::Uuid) -> Self {
        Self(id)
    }
}

/// The code of a refusal; anything else fails the test.
pub fn refused<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> &'static str {
    match result {
        Err(ServiceError::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}

/// A fact of a refusal.
pub fn fact<T: std::fmt::Debug>(result: &Result<T, ServiceError>, name: &str) -> String {
    match result {
        Err(ServiceError::Refused(refusal)) => refusal.facts.get(name).cloned().unwrap_or_default(),
        other => panic!("not refused: {other:?}"),
    }
}

async fn user(desk: &Desk, name: &str, display: &str) -> UserId {
    let id: UserId = desk.id();
    let mut tx = desk.db.begin_write().await.unwrap();
    login::insert(&mut tx, id, name, display, "", "active", desk.now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn places(desk: &Desk, book: BookId, no: i64, village: OrgId, group: OrgId) {
    let today = desk.today();
    let place = |db: &Db, id, parent, kind: &str| {
        let row = OrgRow {
            id,
            parent_id: parent,
            kind: kind.to_owned(),
            labels: "rural".to_owned(),
            name: format!("{kind} {no}"),
            position: 1,
            opened_on: today,
            closed_on: None,
        };
        (db.clone(), row)
    };
    let mut tx = desk.db.begin_write().await.unwrap();
    for (_, row) in
        [place(&desk.db, village, None, "village"), place(&desk.db, group, Some(village), "group")]
    {
        org::insert(&mut tx, &row).await.unwrap();
    }
    desk.create_book(&mut tx, book).await.unwrap();
    let row = ProgrammeRow {
        book_id: book,
        org_id: village,
        no,
        name: format!("{no}号村绿币"),
        name_en: format!("Village {no}"),
        opened_on: today,
        demo: false,
    };
    programme::insert(&mut tx, &row).await.unwrap();
    let row = FundRow {
        id: desk.id(),
        code: "Gift".into(),
        name: "帮扶资金".into(),
        name_en: "Gift".into(),
        kind: "donation".into(),
        payer: "帮扶单位".into(),
        document: String::new(),
        purpose: String::new(),
        carries_over: true,
    };
    fund::add(&mut tx, book, &row).await.unwrap();
    tx.commit().await.unwrap();
}

async fn households(desk: &Desk, book: BookId, group: OrgId) -> (Vec<HouseholdId>, Vec<PersonId>) {
    let today = desk.today();
    let (mut homes, mut heads) = (Vec::new(), Vec::new());
    let mut tx = desk.db.begin_write().await.unwrap();
    for (ordinal, name) in (1..).zip(HEADS) {
        let (home, head): (HouseholdId, PersonId) = (desk.id(), desk.id());
        let no = HouseholdNo::from_ordinal(ordinal);
        let row = household::Household::new(home, no, group, group, 7_000 + i64::from(ordinal), today);
        household::add(&mut tx, book, &row).await.unwrap();
        let keys = pinyin::search_keys(&name.parse().unwrap());
        let row = person::Person {
            id: head,
            no: PersonNo::from_ordinal(ordinal),
            name: name.to_owned(),
            pinyin: keys.pinyin,
            initials: keys.initials,
            birth_year: None,
            phone: None,
        };
        person::add(&mut tx, book, &row).await.unwrap();
        let membership =
            Membership { person: head, household: home, relation: Relation::Head, from: today, to: None };
        person::join(&mut tx, book, &membership).await.unwrap();
        homes.push(home);
        heads.push(head);
    }
    tx.commit().await.unwrap();
    (homes, heads)
}
