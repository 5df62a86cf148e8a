//! The register of a village: a whole one taken over at once, and changed person by person.

use std::fmt::Write as _;

use greencoin::{
    domain::{
        household::{FreezeReason, HouseholdState, HouseholdStep},
        ids::{BookId, OrgId, UserId},
        kin::KinKind,
        person::Relation,
        time::Day,
    },
    service::{
        Desk, ServiceError,
        caller::{Clerk, Role, Staff},
        import,
        register::change::NewPerson,
    },
    store::{
        org::{self, OrgRow},
        programme::{self, ProgrammeRow},
    },
};
use uuid::Uuid;

use crate::engine::{Engine, clock};

const BOOK: BookId = BookId(Uuid::from_u128(1));
const VILLAGE: OrgId = OrgId(Uuid::from_u128(10));
const GROUP: OrgId = OrgId(Uuid::from_u128(11));
const NEIGHBOURS: OrgId = OrgId(Uuid::from_u128(12));

/// A village with one group and one household group, and its clerk.
async fn village(desk: &Desk) -> Clerk {
    let mut tx = desk.db.begin_write().await.unwrap();
    desk.create_book(&mut tx, BOOK).await.unwrap();
    let opened_on = desk.today();
    for (id, parent_id, kind, name) in [
        (VILLAGE, None, "village", "青石村"),
        (GROUP, Some(VILLAGE), "group", "一组"),
        (NEIGHBOURS, Some(GROUP), "household_group", "第一联户"),
    ] {
        let row = OrgRow {
            id,
            parent_id,
            kind: kind.to_owned(),
            labels: "rural".to_owned(),
            name: name.to_owned(),
            position: 1,
            opened_on,
            closed_on: None,
        };
        org::insert(&mut tx, &row).await.unwrap();
    }
    let row = ProgrammeRow {
        book_id: BOOK,
        org_id: VILLAGE,
        no: 1,
        name: "青石村绿币".to_owned(),
        name_en: "Qingshi".to_owned(),
        opened_on,
        demo: true,
    };
    programme::insert(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    let staff = Staff {
        user: UserId(Uuid::from_u128(20)),
        book: BOOK,
        org: VILLAGE,
        person: None,
        roles: vec![Role::Clerk],
        also: Vec::new(),
        known: true,
        scope: None,
    };
    Clerk::of(&staff).unwrap()
}

fn refused(error: &ServiceError) -> &'static str {
    match error {
        ServiceError::Refused(refusal) => refusal.code,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_whole_village_is_taken_over_in_one_transaction() {
    let engine = Engine::fresh().await;
    let desk = engine.desk(&clock()).await;
    let clerk = village(&desk).await;
    let mut file = "户号,姓名,与户主关系,出生年,手机,小组/联户\n".to_owned();
    for no in 1..=1155 {
        let place = if no % 2 == 0 { "一组" } else { "第一联户" };
        writeln!(file, "{no},张建国,户主,1968,13800000000,{place}\n,李秀英,配偶,1970,,").unwrap();
        if no % 3 > 0 {
            writeln!(file, ",张小明,长子,2001,,").unwrap();
        }
    }
    let context = desk.import_context(&clerk).await.unwrap();
    let plan = import::parse(file.as_bytes(), &context).unwrap();
    let done = desk.enrol_plan(&clerk, &plan, desk.today()).await.unwrap();
    assert_eq!((done.households, done.people), (1155, 1155 * 3 - 385));

    // the same file again finds its numbers taken, in the dry run and at the desk
    let context = desk.import_context(&clerk).await.unwrap();
    assert_eq!(import::parse(file.as_bytes(), &context).unwrap_err().len(), 1155);
    let error = desk.enrol_plan(&clerk, &plan, desk.today()).await.unwrap_err();
    assert_eq!(refused(&error), "household_exists");

    let first = desk.find_households(&clerk, "", "", 10).await.unwrap();
    assert_eq!(
        (first.len(), first[0].household.no.as_str(), first[0].head.as_str()),
        (10, "H0001", "张建国")
    );
    assert_eq!(first[0].household.org_id, NEIGHBOURS);
    assert_eq!(first[0].household.group_id, GROUP);
    assert_eq!(desk.find_households(&clerk, "zjg", "H1100", 100).await.unwrap().len(), 55);
    assert_eq!(desk.find_households(&clerk, "1155", "", 100).await.unwrap().len(), 1);
    assert_eq!(desk.households_of_group(&clerk, GROUP).await.unwrap().len(), 1155);
}

#[tokio::test]
async fn numbers_are_given_to_households_that_have_none_and_never_twice() {
    let engine = Engine::fresh().await;
    let desk = engine.desk(&clock()).await;
    let clerk = village(&desk).await;
    let context = desk.import_context(&clerk).await.unwrap();
    let file = "户号,姓名,与户主关系\n老张家,张建国,户主\nH0007,李四,户主\n老王家,王五,户主\n";
    let plan = import::parse(file.as_bytes(), &context).unwrap();
    desk.enrol_plan(&clerk, &plan, desk.today()).await.unwrap();
    let head =
        NewPerson {
            name: "赵六".parse().unwrap(), relation: Relation::Head, birth_year: None, phone: None
        };
    let next = desk.open_household(&clerk, Some(GROUP), &head, desk.today()).await.unwrap();
    let all = desk.find_households(&clerk, "", "", 100).await.unwrap();
    let numbers: Vec<&str> = all.iter().map(|h| h.household.no.as_str()).collect();
    assert_eq!(numbers, ["H0007", "H0008", "H0009", "H0010"]);
    assert_eq!(next.as_str(), "H0010");
}

#[tokio::test]
async fn people_join_move_and_leave_by_date() {
    let engine = Engine::fresh().await;
    let desk = engine.desk(&clock()).await;
    let clerk = village(&desk).await;
    let start: Day = "2026-01-01".parse().unwrap();
    let person = |name: &str, relation| NewPerson {
        name: name.parse().unwrap(),
        relation,
        birth_year: None,
        phone: None,
    };
    let old = desk.open_household(&clerk, None, &person("张建国", Relation::Head), start).await.unwrap();
    let new = desk.open_household(&clerk, None, &person("李四", Relation::Head), start).await.unwrap();
    let child = desk.add_member(&clerk, &old, &person("张小妹", Relation::Child), start).await.unwrap();
    let head = desk.add_member(&clerk, &old, &person("张二", Relation::Head), start).await;
    assert_eq!(refused(&head.unwrap_err()), "two_heads");
    let wedding: Day = "2026-05-01".parse().unwrap();
    desk.move_member(&clerk, &child, &new, Relation::ChildInLaw, wedding).await.unwrap();
    let file = desk.household_file(&clerk, &old).await.unwrap();
    assert_eq!((file.members.len(), file.history.len(), file.history[1].to_on), (1, 2, Some(wedding)));
    let early = desk.leave_household(&clerk, &child, wedding, "").await;
    assert_eq!(refused(&early.unwrap_err()), "membership_reversed");
    desk.leave_household(&clerk, &child, desk.today(), "迁出").await.unwrap();
    assert_eq!(desk.household_file(&clerk, &new).await.unwrap().members.len(), 1);
    let late = desk.leave_household(&clerk, &child, desk.today(), "").await;
    assert_eq!(refused(&late.unwrap_err()), "not_a_member");

    let head = desk.household_file(&clerk, &old).await.unwrap().members[0].no.clone();
    desk.add_kin(&clerk, &head, &child, KinKind::Child).await.unwrap();
    assert_eq!(refused(&desk.add_kin(&clerk, &head, &child, KinKind::Child).await.unwrap_err()), "kin_known");

    let freeze = HouseholdStep::Freeze(FreezeReason::LostCard);
    let frozen = desk.change_household(&clerk, &old, freeze, "丢卡").await.unwrap();
    assert_eq!(frozen, HouseholdState::Frozen(FreezeReason::LostCard));
    let twice = desk.change_household(&clerk, &old, freeze, "丢卡").await;
    assert_eq!(refused(&twice.unwrap_err()), "household_state");
    desk.change_household(&clerk, &old, HouseholdStep::Unfreeze, "找到了").await.unwrap();
    let events = desk.household_file(&clerk, &old).await.unwrap().events;
    let mut verbs: Vec<&str> = events.iter().map(|e| e.verb.as_str()).collect();
    verbs.sort_unstable();
    assert_eq!(verbs, ["join", "kin", "leave", "open", "state", "state"]);
}
