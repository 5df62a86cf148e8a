//! A small village for tests: two groups, eight households, its staff, the shipped rules, a fund with a budget.

use std::sync::Arc;

use greencoin::{
    domain::{
        household::{HouseholdNo, Membership, PersonNo},
        ids::{AwardId, BookId, HouseholdId, NoticeId, OrgId, PersonId, UserId},
        kin::{Kin, KinKind},
        person::Relation,
        posting::Commodity,
        rule::Direction,
        ruleset,
        time::{Day, ManualClock, Timestamp},
    },
    service::{
        Actor, Desk, ServiceError, ServiceResult,
        award::{Evidence, NewAward, review::Verdict},
        caller::{Clerk, Recorder, Reviewer, Role, Staff, Township},
        funds::NewFund,
        notice::NewNotice,
        reminder::NewReminder,
        rulesets::Adoption,
    },
    store::{award::AwardRow, household, ledger::read, org, person, programme},
};
use uuid::Uuid;

use crate::engine::{Engine, clock};

/// Members of every household.
pub const MEMBERS: usize = 3;
/// Points authorised, in minor units.
pub const BUDGET: i64 = 8_000_000;
/// Money behind them, in fen: more than any budget here takes; only the tests of money run out of it.
const MONEY: i64 = 10_000_000;

pub struct Village {
    pub engine: Engine,
    pub clock: Arc<ManualClock>,
    pub desk: Desk,
    pub book: BookId,
    pub households: Vec<HouseholdId>,
    pub people: Vec<Vec<PersonId>>,
    /// Of the village but of none of its households.
    pub clerk: Staff,
    pub other_clerk: Staff,
    pub reviewer: Staff,
    pub second: Staff,
    pub third: Staff,
    pub township: Staff,
}

pub fn id<T: From<Uuid>>(n: u128) -> T {
    T::from(Uuid::from_u128(n))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl Village {
    pub async fn new() -> Self {
        Self::with_budget(BUDGET).await
    }

    pub async fn with_budget(budget: i64) -> Self {
        let (engine, clock) = (Engine::fresh().await, clock());
        let desk = engine.desk(&clock).await;
        let village = Self::found(engine, clock, desk, 1).await;
        village.endow(budget).await;
        village
    }

    /// A village whose rules say otherwise in one place.
    pub async fn found_by(own: &str, put: &str) -> Self {
        let (engine, clock) = (Engine::fresh().await, clock());
        let desk = engine.desk(&clock).await;
        let village = Self::found(engine, clock, desk, 1).await;
        let text = ruleset::shipped()[0].1;
        assert!(text.contains(own), "{own}");
        village.endow_by(&text.replace(own, put), BUDGET).await;
        village
    }

    /// Lays out a village in an existing installation; `n` keeps two of them apart.
    pub async fn found(engine: Engine, clock: Arc<ManualClock>, desk: Desk, n: u128) -> Self {
        let base = n * 1_000_000;
        let (book, village): (BookId, OrgId) = (id(base + 1), id(base + 2));
        let mut tx = desk.db.begin_write().await.unwrap();
        desk.create_book(&mut tx, book).await.unwrap();
        let place = |org_id, parent_id, kind: &str, name: &str| org::OrgRow {
            id: org_id,
            parent_id,
            kind: kind.to_owned(),
            labels: "rural".to_owned(),
            name: name.to_owned(),
            position: 0,
            opened_on: day("2020-01-01"),
            closed_on: None,
        };
        org::insert(&mut tx, &place(village, None, "village", "青山村")).await.unwrap();
        let groups: Vec<OrgId> = vec![id(base + 3), id(base + 4)];
        for (group, name) in groups.iter().zip(["一组", "二组"]) {
            org::insert(&mut tx, &place(*group, Some(village), "group", name)).await.unwrap();
        }
        let row = programme::ProgrammeRow {
            book_id: book,
            org_id: village,
            no: i64::try_from(n).unwrap(),
            name: "青山村绿币".to_owned(),
            name_en: String::new(),
            opened_on: day("2020-01-01"),
            demo: false,
        };
        programme::insert(&mut tx, &row).await.unwrap();
        let (mut households, mut people) = (Vec::new(), Vec::new());
        for h in 0..8_u32 {
            let (household, members) = register(&mut tx, book, &groups, base, h).await;
            households.push(household);
            people.push(members);
        }
        tx.commit().await.unwrap();
        let staff = |n: u128, roles: &[Role]| Staff {
            user: id::<UserId>(base + 900 + n),
            book,
            org: village,
            person: None,
            also: Vec::new(),
            known: true,
            roles: roles.to_vec(),
            scope: None,
        };
        Self {
            clerk: staff(1, &[Role::Clerk]),
            other_clerk: staff(2, &[Role::Clerk]),
            reviewer: staff(3, &[Role::Reviewer]),
            second: staff(4, &[Role::Reviewer]),
            third: staff(5, &[Role::Reviewer]),
            township: staff(6, &[Role::Township]),
            engine,
            clock,
            desk,
            book,
            households,
            people,
        }
    }

    /// Rules, fund, budget and this year's honour.
    pub async fn endow(&self, budget: i64) {
        self.endow_by(ruleset::shipped()[0].1, budget).await;
    }

    /// The same with other rules.
    pub async fn endow_by(&self, text: &str, budget: i64) {
        self.endow_with(text, budget, MONEY).await;
    }

    /// The same with so much money, in fen.
    pub async fn endow_with(&self, text: &str, budget: i64, fen: i64) {
        let set = self.desk.publish_ruleset(Actor::System, text).await.unwrap();
        let now = self.clock.now_day();
        // in force since before the tests begin: rules never reach back, so the clock stands there for a moment
        let present = greencoin::domain::time::Clock::now(self.clock.as_ref());
        self.clock.set(at("2026-01-01T08:00:00+08:00"));
        let adoption = Adoption {
            hash: set.hash().to_owned(),
            from: day("2026-01-01"),
            basis: "村民代表会议决议".to_owned(),
        };
        self.desk.adopt_ruleset(Actor::System, self.book, &adoption).await.unwrap();
        self.clock.set(present);
        assert_eq!(now, self.desk.today());
        let township = self.township();
        let fund = NewFund::named("Service", "服务群众专项经费", "Service fund");
        self.desk.open_fund(&township, &fund).await.unwrap();
        self.desk.receive_money(&self.township, "money-1", "Service", "Finance", fen).await.unwrap();
        self.desk.authorise(&self.township, "budget-1", "Service", budget, "镇党委会议纪要").await.unwrap();
        self.desk.give_honor_bases(self.book).await.unwrap();
    }

    pub fn recorder(&self) -> Recorder {
        Recorder::of(&self.clerk).unwrap()
    }

    pub fn clerk(&self) -> Clerk {
        Clerk::of(&self.clerk).unwrap()
    }

    pub fn township(&self) -> Township {
        Township::of(&self.township).unwrap()
    }

    /// One claim of an item, today, with the papers it asks for.
    pub async fn claim(&self, household: usize, item: &str) -> NewAward {
        let set = self.desk.ruleset_for(self.book, self.desk.today()).await.unwrap();
        NewAward {
            household: Some(self.households[household]),
            person: None,
            item: item.to_owned(),
            quantity: 1.into(),
            grade: None,
            occurred_on: self.desk.today(),
            event_key: None,
            hours: None,
            evidence: Evidence::on_file(set.item(item).unwrap(), "台账"),
            note: String::new(),
            on_behalf: None,
        }
    }

    /// Records one claim under a key of its own; a deduction after the household was reminded, and looked at again.
    pub async fn record(&self, new: NewAward) -> ServiceResult<AwardRow> {
        self.remind_before(&new).await;
        let key: Uuid = self.desk.id();
        self.desk.record_award(&self.recorder(), new, &key.to_string()).await
    }

    async fn remind_before(&self, new: &NewAward) {
        let set = self.desk.ruleset_for(self.book, self.desk.today()).await.unwrap();
        if set.item(&new.item).is_none_or(|i| i.direction != Direction::Deduct) {
            return;
        }
        let times = i32::try_from(set.item(&new.item).unwrap().reminders).unwrap();
        let term = |left: i32| {
            let today = self.desk.today();
            (today.plus(-20 - 15 * left), today.plus(-10 - 15 * left))
        };
        let (given_on, fix_by) = term(times - 1);
        let place = self.households.iter().position(|h| Some(*h) == new.household).unwrap();
        let reminder = NewReminder {
            household: HouseholdNo::from_ordinal(number(place)),
            person: new.person,
            item: new.item.clone(),
            what: "请整改".to_owned(),
            given_on,
            fix_by,
        };
        let given = self.desk.remind(&self.recorder(), &reminder).await.unwrap();
        for left in (0..times - 1).rev() {
            let (given_on, fix_by) = term(left);
            self.desk.remind_again(&self.recorder(), given.id, given_on, fix_by).await.unwrap();
        }
        let second = Recorder::of(&self.other_clerk).unwrap();
        self.desk.recheck(&second, given.id, false, "没有整改").await.unwrap();
    }

    /// Every review of its route, each by another person.
    pub async fn approve(&self, id: AwardId) {
        for staff in [&self.reviewer, &self.second, &self.township] {
            let state = self.desk.award_file(self.book, id).await.unwrap().award.state;
            if state != "recorded" {
                return;
            }
            let by = Reviewer::of(staff).unwrap();
            self.desk.review_award(&by, id, Verdict::Approve, "").await.unwrap();
        }
    }

    /// Recorded and approved.
    pub async fn approved(&self, household: usize, item: &str) -> AwardRow {
        let row = self.record(self.claim(household, item).await).await.unwrap();
        self.approve(row.id).await;
        row
    }

    /// Everything approved, on a sheet by the clerk.
    pub async fn compile(&self) -> NoticeId {
        let new =
            NewNotice {
                title: "六月公示".to_owned(), group: None, fund: "Service".to_owned(), days: None
            };
        self.desk.compile_notice(&self.clerk(), &new).await.unwrap().id
    }

    /// … and hung up by a reviewer.
    pub async fn publish(&self) -> NoticeId {
        let notice = self.compile().await;
        self.desk.publish_notice(&Reviewer::of(&self.reviewer).unwrap(), notice).await.unwrap();
        notice
    }

    pub async fn state(&self, id: AwardId) -> String {
        self.desk.award_file(self.book, id).await.unwrap().award.state
    }

    /// What a household has of a commodity in one of its accounts.
    pub async fn balance(&self, household: usize, account: &str, commodity: &str) -> i64 {
        let path =
            format!("Liabilities:Households:{}:{account}", HouseholdNo::from_ordinal(number(household)));
        let mut tx = self.desk.db.begin_read().await.unwrap();
        -read::balance(&mut tx, self.book, &path, commodity).await.unwrap()
    }

    pub async fn available(&self, household: usize) -> i64 {
        self.balance(household, "Available", Commodity::POINT).await
    }

    pub async fn honor(&self, household: usize) -> i64 {
        self.balance(household, "Honor", Commodity::HONOR).await
    }

    /// Makes `a` of one household the parent of `b` of another.
    pub async fn make_kin(&self, a: PersonId, b: PersonId) {
        let mut tx = self.desk.db.begin_write().await.unwrap();
        let tie = Kin { person: b, relative: a, kind: KinKind::Parent, until: None };
        person::add_kin(&mut tx, self.book, (&tie, 1), (self.desk.now(), "test")).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Every book of the installation sums to zero in every commodity.
    pub async fn assert_balanced(&self) {
        let mut tx = self.desk.db.begin_read().await.unwrap();
        assert!(read::sums(&mut tx, self.book).await.unwrap().iter().all(|(_, sum)| *sum == 0));
    }
}

fn number(household: usize) -> u32 {
    u32::try_from(household).unwrap() + 1
}

/// The code a use case refused with.
pub fn refused<T: std::fmt::Debug>(result: ServiceResult<T>) -> &'static str {
    match result.unwrap_err() {
        ServiceError::Refused(refusal) => refusal.code,
        other => panic!("not a refusal: {other:?}"),
    }
}

trait Today {
    fn now_day(&self) -> Day;
}

impl Today for ManualClock {
    fn now_day(&self) -> Day {
        greencoin::domain::time::Clock::now(self).day()
    }
}

async fn register(
    tx: &mut greencoin::store::WriteTx,
    book: BookId,
    groups: &[OrgId],
    base: u128,
    h: u32,
) -> (HouseholdId, Vec<PersonId>) {
    let group = groups[usize::try_from(h / 4).unwrap()];
    let household: HouseholdId = id(base + 100 + u128::from(h));
    let no = HouseholdNo::from_ordinal(h + 1);
    let since = day("2020-01-01");
    let row = household::Household::new(household, no, group, group, i64::from(h) + 1, since);
    household::add(tx, book, &row).await.unwrap();
    let mut members = Vec::new();
    for m in 0..u32::try_from(MEMBERS).unwrap() {
        let ordinal = h * 10 + m + 1;
        let row = person::Person {
            id: id(base + 1_000 + u128::from(ordinal)),
            no: PersonNo::from_ordinal(ordinal),
            name: ["张建国", "李秀英", "王小明"][usize::try_from(m).unwrap()].to_owned(),
            pinyin: String::new(),
            initials: String::new(),
            birth_year: Some(1970),
            phone: None,
        };
        person::add(tx, book, &row).await.unwrap();
        let relation = [Relation::Head, Relation::Spouse, Relation::Child][usize::try_from(m).unwrap()];
        let membership = Membership { person: row.id, household, relation, from: since, to: None };
        person::join(tx, book, &membership).await.unwrap();
        members.push(row.id);
    }
    (household, members)
}
