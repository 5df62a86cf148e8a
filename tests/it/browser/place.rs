//! A village small enough to be made in a second, by the same use cases that make the demo; served in this process on a
//! loopback port, with a clock that the test moves.

use std::sync::Arc;

use greencoin::{
    cli,
    domain::{
        household::{HouseholdNo, PersonNo},
        money::SourceKind,
        org::OrgKind,
        person::{BirthYear, Name, Relation},
        time::{ManualClock, Period},
    },
    http::{
        AppState,
        state::{DemoGuide, Site},
    },
    jobs,
    service::{
        Desk,
        caller::Role,
        demo::{
            perform::{self, PASSWORD, TOTP_SECRET},
            plan::{
                Batch, Deed, DemoCounter, DemoEvent, DemoFund, DemoGoods, DemoHousehold, DemoLine, DemoOrg,
                DemoPerson, DemoPlan, DemoStaff, GoodsCategory, LineRef, Objection, Redemption, Sheet,
                ShownCode,
            },
        },
        login::code_at,
    },
    web,
};
use rust_decimal::Decimal;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::engine::Engine;

/// The present when a test begins: a Wednesday, 10:00 in the village.
const NOW: &str = "2026-06-03T10:00:00+08:00";
/// Sign-in names, roles and places (in `orgs`) of those who work here.
const STAFF: [(&str, &str, Role, usize); 9] = [
    ("clerk", "刘芳", Role::Clerk, VILLAGE),
    ("grid01", "何志强", Role::Recorder, GRID),
    ("review1", "陈立群", Role::Reviewer, VILLAGE),
    ("review2", "赵文静", Role::Reviewer, VILLAGE),
    ("review3", "孙国平", Role::Reviewer, VILLAGE),
    ("shop1", "钱桂花", Role::Shopkeeper, VILLAGE),
    ("audit", "沈静", Role::Auditor, VILLAGE),
    ("town", "周启明", Role::Township, 1),
    ("county", "吴海燕", Role::County, 0),
];
const VILLAGE: usize = 2;
/// Households that pass a monthly inspection: no more than six in ten may.
const INSPECTED: usize = 3;
const GRID: usize = 3;
const CLERK: usize = 0;
const REVIEWERS: [usize; 3] = [2, 3, 4];
const SHOP: usize = 5;
/// Households: the head first.
const HOMES: [&[(&str, Relation, i32)]; 6] = [
    &[
        ("张建国", Relation::Head, 1975),
        ("李秀英", Relation::Spouse, 1976),
        ("张小雨", Relation::Child, 2012),
    ],
    &[("欧阳秀华", Relation::Head, 1958)],
    &[("王小明", Relation::Head, 1988), ("杨㛃", Relation::Spouse, 1990), ("王德福", Relation::Parent, 1955)],
    &[("买买提·艾力", Relation::Head, 1982)],
    &[("周𬭎", Relation::Head, 1970), ("吴桂兰", Relation::Spouse, 1971)],
    &[("李梅", Relation::Head, 1969)],
];

/// The village, served.
pub struct Place {
    pub desk: Desk,
    pub clock: Arc<ManualClock>,
    /// `http://127.0.0.1:port`, without a slash at the end.
    pub base: String,
    serving: JoinHandle<()>,
    // last: the database goes when everything that uses it has gone
    engine: Engine,
}

impl Place {
    /// Makes the village with the history of [`events`] and serves it.
    pub async fn open() -> Self {
        let engine = Engine::fresh().await;
        let clock = crate::engine::clock();
        let desk = engine.desk(&clock).await;
        let tally = perform::perform(&desk, &clock, &plan()).await.unwrap();
        assert_eq!(tally.refusals.len(), 0, "{tally:?}");
        clock.set(NOW.parse().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let guide = DemoGuide {
            logins: STAFF.iter().map(|(login, _, role, _)| ((*login).to_owned(), *role)).collect(),
            password: PASSWORD,
            totp_secret: TOTP_SECRET,
            household: ("H0001".to_owned(), pin("H0001")),
        };
        let site = Site { demo: Some(guide), ..Site::default() };
        let app = cli::app(AppState::new(desk.clone(), site, None, web::frame::error_page));
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { desk, clock, base, serving, engine }
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Moves the clock on by so many seconds.
    pub fn pass(&self, seconds: i64) {
        self.clock.advance_seconds(seconds);
    }

    /// What the authenticator of all staff shows now.
    pub fn code(&self) -> String {
        code_at(&TOTP_SECRET, self.desk.now()).unwrap()
    }

    /// A pass of the jobs, as the server runs one every some seconds.
    pub async fn tick(&self) -> jobs::Tick {
        jobs::tick(&self.desk).await.unwrap()
    }

    /// Ends the test in order.
    pub async fn close(self) {
        self.serving.abort();
        self.desk.poster.drain().await;
        self.desk.db.close().await;
        drop(self.engine);
    }
}

/// The PIN of a household.
pub fn pin(household: &str) -> String {
    perform::pin_of(household)
}

pub fn plan() -> DemoPlan {
    let starts_on = "2026-01-05".parse().unwrap();
    let today = "2026-06-03".parse().unwrap();
    let org = |kind, name: &str, parent| DemoOrg { kind, name: name.to_owned(), parent, code: None };
    let orgs = vec![
        org(OrgKind::County, "云岭县", None),
        org(OrgKind::Township, "松溪镇", Some(0)),
        org(OrgKind::Village, "青禾村", Some(1)),
        org(OrgKind::Grid, "第一网格", Some(VILLAGE)),
        org(OrgKind::Group, "一组（上村）", Some(GRID)),
        org(OrgKind::HouseholdGroup, "上村第1联户", Some(4)),
        org(OrgKind::Group, "二组（水井边）", Some(GRID)),
        org(OrgKind::HouseholdGroup, "水井边第1联户", Some(6)),
    ];
    let (mut households, mut people) = (Vec::new(), Vec::new());
    for (place, members) in HOMES.iter().enumerate() {
        let first = people.len();
        for (name, relation, born) in *members {
            people.push(DemoPerson {
                no: PersonNo::from_ordinal(ordinal(people.len())),
                household: place,
                name: Name::parse(name).unwrap(),
                relation: *relation,
                birth_year: BirthYear::new(*born, 2026).unwrap(),
                phone: None,
                joined_on: starts_on,
            });
        }
        let group = if place < 4 { 4 } else { 6 };
        households.push(DemoHousehold {
            no: HouseholdNo::from_ordinal(ordinal(place)),
            grid: 0,
            group,
            household_group: group + 1,
            people: (first..people.len()).collect(),
        });
    }
    let staff = STAFF.map(|(login, name, role, org)| DemoStaff {
        login: login.to_owned(),
        name: name.to_owned(),
        role,
        org,
        person: None,
    });
    let fund = DemoFund {
        code: "SERVICE",
        name: "县级服务群众专项经费",
        name_en: "County fund for serving residents",
        kind: SourceKind::ServiceFund,
        payer: "县财政局",
        document: "县财〔2025〕18号",
    };
    DemoPlan {
        starts_on,
        today,
        orgs,
        village: VILLAGE,
        households,
        people,
        kin: Vec::new(),
        staff: staff.to_vec(),
        counters: vec![DemoCounter {
            code: "C01",
            name: "村部爱心超市",
            name_en: "Village hall love supermarket",
            keeper: SHOP,
        }],
        goods: goods(),
        funds: vec![fund],
        events: events(),
        showcase: 0,
    }
}

fn ordinal(place: usize) -> u32 {
    u32::try_from(place).unwrap() + 1
}

fn goods() -> Vec<DemoGoods> {
    let one = |sku, name, name_en, unit, unit_en, category, points: i64, quota| DemoGoods {
        sku,
        name,
        name_en,
        unit,
        unit_en,
        category,
        price: points * 100,
        cost_fen: points * 50,
        barcode: None,
        quota,
    };
    let quarter = Some((1, Period::Quarter));
    vec![
        one(1, "香皂", "Soap", "块", "bar", GoodsCategory::Hygiene, 6, None),
        one(2, "毛巾", "Towel", "条", "piece", GoodsCategory::Hygiene, 16, None),
        one(3, "食用油5L", "Cooking oil 5 l", "桶", "can", GoodsCategory::Food, 130, quarter),
        one(4, "理发一次", "Haircut", "次", "time", GoodsCategory::Service, 20, None),
    ]
}

/// Half a year of village life in a dozen deeds: something posted, something in notice, an objection, a sheet not yet
/// published, something to review, something turned down, goods taken home.
fn events() -> Vec<DemoEvent> {
    let at = |at: &str, deed| DemoEvent { at: format!("{at}:00+08:00").parse().unwrap(), deed };
    let one = |household, person, quantity: i64| DemoLine {
        household,
        person,
        quantity: Decimal::from(quantity),
        grade: None,
    };
    let batch = |number, item, day: &str, occasion: &str, lines| {
        Deed::Recorded(Batch {
            number,
            item,
            recorder: CLERK,
            occurred_on: day.parse().unwrap(),
            occasion: occasion.to_owned(),
            evidence: format!("{item}-{day}"),
            lines,
        })
    };
    let reviewed = |batch, refused| Deed::Reviewed { batch, reviewers: REVIEWERS.to_vec(), refused };
    let compiled = |notice, batches| Deed::NoticeCompiled {
        notice,
        sheet: Sheet::Ordinary,
        batches,
        compiled_by: CLERK,
    };
    let published = |notice| Deed::NoticePublished { notice, checked_by: REVIEWERS[1] };
    let inspected = |number, item, day: &str, occasion: &str| {
        batch(number, item, day, occasion, (0..INSPECTED).map(|home| one(home, None, 1)).collect())
    };
    vec![
        at("2026-01-05T08:00", Deed::FundGranted { fund: 0, cny_fen: 4_000_000, points: 8_000_000 }),
        at("2026-01-05T08:10", Deed::HonorBase { year: 2026 }),
        at(
            "2026-01-08T14:00",
            Deed::GoodsReceived {
                counter: 0,
                fund: 0,
                lines: vec![(0, 20), (1, 12), (2, 3)],
                witness: CLERK,
            },
        ),
        at("2026-04-20T17:00", inspected(0, "A1", "2026-04-20", "四月门前三包检查")),
        at(
            "2026-04-20T17:10",
            batch(1, "B4", "2026-04-18", "地界纠纷自行和解", vec![one(0, None, 1), one(2, None, 1)]),
        ),
        at(
            "2026-04-20T17:20",
            batch(2, "C1", "2026-04-19", "敬老院探访", vec![one(0, Some(1), 3), one(2, Some(5), 2)]),
        ),
        at("2026-04-21T09:00", reviewed(0, vec![])),
        at("2026-04-21T09:10", reviewed(1, vec![])),
        at("2026-04-21T09:20", reviewed(2, vec![])),
        at("2026-04-22T09:00", compiled(0, vec![0, 1, 2])),
        at("2026-04-22T15:00", published(0)),
        at(
            "2026-05-08T10:00",
            Deed::Redeemed(Redemption {
                counter: 0,
                household: 0,
                shown: ShownCode::Card,
                lines: vec![(0, 1)],
            }),
        ),
        at("2026-05-20T17:00", inspected(3, "A1", "2026-05-20", "五月门前三包检查")),
        at("2026-05-21T09:00", reviewed(3, vec![2])),
        at("2026-05-31T10:00", compiled(1, vec![3])),
        at("2026-05-31T15:00", published(1)),
        at(
            "2026-06-01T09:00",
            Deed::Objected(Objection {
                number: 0,
                line: LineRef { batch: 3, line: 1 },
                by: None,
                grounds: "检查当天门前有杂物",
            }),
        ),
        at("2026-06-01T17:00", batch(4, "A2", "2026-05-31", "五月最清洁户", vec![one(1, None, 1)])),
        at("2026-06-01T17:10", reviewed(4, vec![])),
        at("2026-06-02T09:00", compiled(2, vec![4])),
        at(
            "2026-06-02T17:00",
            batch(5, "B7", "2026-06-01", "务工信息登记", vec![one(3, None, 1), one(5, None, 1)]),
        ),
    ]
}
