//! A village with a time bank: an elder with saved minutes, his wife, his grown daughter in a house of her own, an elder
//! without any, two volunteers, a desk, arbiters and a township.

use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        household::{HouseholdNo, Membership, PersonNo},
        ids::{HouseholdId, PersonId, TimeOrderId},
        kin::{Kin, KinKind},
        person::Relation,
        posting::{Commodity, Line},
        timebank::{
            ServiceKind,
            order::{OrderState, Rating},
        },
    },
    service::{
        ServiceResult,
        books::{Order, facts},
        caller::{Recorder, Resident, Reviewer, Role, Staff, Township},
        timebank::{
            Side,
            ask::NewOrder,
            serve::Proof,
            settle::Confirms,
            volunteer::{Fitness, NewOffer},
        },
    },
    store::{household, ledger::read, person, timebank::order::OrderRow},
};

use crate::village::Village;

pub const HOUR: i64 = 3_600;

pub struct Bank {
    pub v: Village,
    /// Born 1940, with 20 hours saved.
    pub elder: (HouseholdId, PersonId),
    pub wife: PersonId,
    /// His daughter, in a house of her own.
    pub daughter: (HouseholdId, PersonId),
    /// Born 1938, with nothing saved.
    pub widow: (HouseholdId, PersonId),
    pub volunteer: (HouseholdId, PersonId),
    pub other: (HouseholdId, PersonId),
    pub desk: Recorder,
    pub arbiter: Reviewer,
    pub township: Township,
}

impl Bank {
    pub async fn new() -> Self {
        Self::under("RS-3").await
    }

    pub async fn under(policy: &str) -> Self {
        Self::of_village(Village::new().await, policy).await
    }

    /// In a village that is there already.
    pub async fn of_village(v: Village, policy: &str) -> Self {
        let elder = settler(&v, 101, "陈大爷", 1940, None).await;
        let wife = settler(&v, 102, "刘奶奶", 1942, Some(elder.0)).await.1;
        let daughter = settler(&v, 103, "陈小红", 1968, None).await;
        let widow = settler(&v, 104, "何婆婆", 1938, None).await;
        let volunteer = settler(&v, 105, "周志远", 1985, None).await;
        let other = settler(&v, 106, "吴秀英", 1979, None).await;
        let mut tx = v.desk.db.begin_write().await.unwrap();
        for (relative, kind) in [(wife, KinKind::Spouse), (daughter.1, KinKind::Child)] {
            let tie = Kin { person: elder.1, relative, kind, until: None };
            person::add_kin(&mut tx, v.book, (&tie, 1), (v.desk.now(), "system")).await.unwrap();
        }
        tx.commit().await.unwrap();
        let staff = |role| staff(&v, role);
        let desk = Recorder::of(&staff(Role::Clerk)).unwrap();
        let arbiter = Reviewer::of(&staff(Role::Reviewer)).unwrap();
        let township = Township::of(&staff(Role::Township)).unwrap();
        v.desk.adopt_time_policy(&township, policy, v.desk.today(), "镇政府文件").await.unwrap();
        let bank = Self { v, elder, wife, daughter, widow, volunteer, other, desk, arbiter, township };
        bank.credit(101, 20 * 60).await;
        for (home, who) in [bank.volunteer, bank.other] {
            let day = bank.v.desk.today().plus(300);
            let fit = Fitness {
                well: true,
                insured_until: Some(day),
                trained_on: Some(bank.v.desk.today()),
                ..Fitness::default()
            };
            let side = bank.of(home);
            bank.v.desk.join_time_bank(&side, who, &fit).await.unwrap();
            let offer = NewOffer { kind: ServiceKind::Cleaning, weekdays: 127, from: 0, until: 24 * 60 };
            bank.v.desk.offer_service(&side, who, &offer).await.unwrap();
        }
        bank
    }

    /// A household signed in.
    pub fn of(&self, home: HouseholdId) -> Side {
        Side::Household(Resident { book: self.v.book, household: home })
    }

    pub fn desk(&self) -> Side {
        Side::Desk(self.desk.clone())
    }

    pub fn staff(&self, role: Role) -> Staff {
        staff(&self.v, role)
    }

    /// Minutes that somebody has from before.
    pub async fn credit(&self, ordinal: u32, minutes: i64) {
        let no = PersonNo::from_ordinal(ordinal);
        let lines = vec![
            Line::new(chart::time_service(), Commodity::min(), minutes),
            Line::new(chart::person_time(no.as_str()).unwrap(), Commodity::min(), -minutes),
        ];
        let key = format!("before {ordinal} {}", self.v.seq().await);
        let order = Order {
            key: &key,
            kind: TxnKind::TimeService,
            effective_on: self.v.desk.today(),
            source: None,
            body: facts([("person", no.to_string())]),
        };
        let command = self.v.desk.command(&greencoin::service::Actor::System, order, lines).unwrap();
        self.v.desk.posted(self.v.book, command, Vec::new()).await.unwrap();
    }

    pub fn cleaning(&self, served: PersonId, minutes: i64) -> NewOrder {
        let starts_at = self.v.desk.now().plus_seconds(HOUR);
        NewOrder { served, kind: ServiceKind::Cleaning, starts_at, minutes, words: "打扫院子".to_owned() }
    }

    /// An order that the desk took on the phone.
    pub async fn asked(&self, key: &str, served: PersonId, minutes: i64) -> OrderRow {
        self.v.desk.ask_for_service(&self.desk(), key, &self.cleaning(served, minutes)).await.unwrap()
    }

    /// … accepted by the volunteer, at the time it begins.
    pub async fn accepted(&self, key: &str, minutes: i64) -> TimeOrderId {
        let order = self.asked(key, self.elder.1, minutes).await;
        self.v.desk.accept_order(&self.of(self.volunteer.0), order.id, self.volunteer.1).await.unwrap();
        self.v.clock.advance_seconds(HOUR);
        order.id
    }

    /// … served for so many minutes by the elder's live code.
    pub async fn done(&self, key: &str, asked: i64, served: i64) -> TimeOrderId {
        let id = self.accepted(key, asked).await;
        self.check_in(id).await.unwrap();
        self.v.clock.advance_seconds(served * 60);
        self.check_out(id).await.unwrap();
        id
    }

    /// … confirmed by both, with a rating.
    pub async fn confirmed(&self, key: &str, asked: i64, served: i64, rating: i64) -> TimeOrderId {
        let id = self.done(key, asked, served).await;
        self.confirm(id, rating).await.unwrap();
        id
    }

    pub async fn check_in(&self, id: TimeOrderId) -> ServiceResult<()> {
        let code = self.code().await;
        self.v.desk.check_in(&self.of(self.volunteer.0), id, &code).await
    }

    pub async fn check_out(&self, id: TimeOrderId) -> ServiceResult<()> {
        let code = self.code().await;
        self.v.desk.check_out(&self.of(self.volunteer.0), id, &code).await
    }

    /// The elder's live code.
    pub async fn code(&self) -> Proof {
        let resident = Resident { book: self.v.book, household: self.elder.0 };
        Proof::Shown(self.v.desk.phone_code(&resident).await.unwrap().digits)
    }

    pub async fn confirm(&self, id: TimeOrderId, rating: i64) -> ServiceResult<OrderState> {
        let (desk, volunteer) = (&self.v.desk, self.of(self.volunteer.0));
        desk.confirm_order(&volunteer, id, &Confirms::Volunteer).await?;
        desk.confirm_order(&self.of(self.elder.0), id, &rated(rating)).await
    }

    pub async fn state(&self, id: TimeOrderId) -> OrderState {
        self.v.desk.time_order(self.v.book, id).await.unwrap().state().unwrap()
    }

    /// Saved minutes: free, and put aside.
    pub async fn has(&self, who: (HouseholdId, PersonId)) -> (i64, i64) {
        self.v.desk.saved_minutes(&self.of(who.0), who.1).await.unwrap()
    }

    /// Balance of an account, credit positive.
    pub async fn balance(&self, account: &str) -> i64 {
        let mut tx = self.v.desk.db.begin_read().await.unwrap();
        -read::balance(&mut tx, self.v.book, account, "MIN").await.unwrap()
    }

    /// Everything holds: sums, identities, the log derived again.
    pub async fn holds(&self) {
        self.v.check_sums().await;
        let report = self.v.desk.verify_books(None).await.unwrap();
        assert!(report.holds(), "{report:#?}");
    }
}

pub fn rated(rating: i64) -> Confirms {
    Confirms::Served { rating: Rating::try_from(rating).unwrap(), remark: String::new() }
}

fn staff(v: &Village, role: Role) -> Staff {
    Staff {
        user: v.desk.id(),
        book: v.book,
        org: v.group,
        person: None,
        also: Vec::new(),
        known: true,
        roles: vec![role],
        scope: None,
    }
}

/// Somebody in a new household, or in `home`.
pub async fn settler(
    v: &Village,
    ordinal: u32,
    name: &str,
    born: i32,
    home: Option<HouseholdId>,
) -> (HouseholdId, PersonId) {
    let id: PersonId = v.desk.id();
    let mut tx = v.desk.db.begin_write().await.unwrap();
    let house = match home {
        Some(home) => home,
        None => {
            let house: HouseholdId = v.desk.id();
            let no = HouseholdNo::from_ordinal(ordinal);
            let day = v.desk.today();
            let row = household::Household::new(house, no, v.group, v.group, i64::from(8_000 + ordinal), day);
            household::add(&mut tx, v.book, &row).await.unwrap();
            house
        }
    };
    let row = person::Person {
        id,
        no: PersonNo::from_ordinal(ordinal),
        name: name.to_owned(),
        pinyin: String::new(),
        initials: String::new(),
        birth_year: Some(born),
        phone: None,
    };
    person::add(&mut tx, v.book, &row).await.unwrap();
    let relation = if home.is_some() { Relation::Spouse } else { Relation::Head };
    let joins = Membership { person: id, household: house, relation, from: v.desk.today(), to: None };
    person::join(&mut tx, v.book, &joins).await.unwrap();
    tx.commit().await.unwrap();
    (house, id)
}
