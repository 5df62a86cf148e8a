//! Helpers of households, and one person who comes for many: noticed, looked into, never stopped.

use greencoin::{
    domain::{bystander::Part, household::PersonNo},
    service::{
        ServiceError,
        bearers::Alert,
        caller::{Bookkeeper, Role, Shopkeeper, Staff},
        helpers::{HelperView, NewHelper},
        redeem::{RedeemRequest, RedemptionReceipt},
    },
};

use crate::{
    bystanders::{beside, books, holds, village, with},
    village::{SOAP, TOWEL, Village, fact, refused},
};

const DAY: i64 = 86_400;
const MINUTE: i64 = 60;
/// Heads of households two to six, as the register has them.
const NAMES: [&str; 5] = ["欧阳秀华", "李梅", "王小明", "买买提·艾力", "杨㛃"];

pub async fn helper(v: &Village, home: usize, who: usize, points: i64) -> Result<HelperView, ServiceError> {
    let household_no = format!("H{:04}", who + 1);
    let new = NewHelper { household_no, name: NAMES[who - 1].to_owned(), day_max: points * 100 };
    v.desk.register_helper(&v.resident(home), &new).await
}

async fn alerts(v: &Village) -> Vec<Alert> {
    v.desk.bearer_alerts(&books(v)).await.unwrap()
}

#[tokio::test]
async fn a_helper_redeems_up_to_the_households_limit_until_it_ends_that() {
    let v = village().await;
    let agreed = helper(&v, 0, 1, 15).await.unwrap();
    assert_eq!((agreed.masked_name.as_str(), agreed.household_no.as_str()), ("欧阳*华", "H0002"));
    assert!(!agreed.by_clerk);
    let by = beside(Part::Helper, "H0002");
    let taken = with(&v, ("H0001", &[(SOAP, 2)]), by.clone(), "k1").await.unwrap();
    assert_eq!(taken.credential, "helper");
    let stood = taken.beside.unwrap();
    assert_eq!((stood.part, stood.who.as_str(), stood.reason), (Part::Helper, "欧阳*华", None));
    let much = with(&v, ("H0001", &[(SOAP, 2)]), by.clone(), "k2").await;
    assert_eq!(fact(&much, "limit"), "15");
    assert_eq!(refused(much), "helper_limit");
    // with the household's card the limit is the same
    let card = v.card(0).await;
    assert_eq!(refused(with(&v, (&card, &[(SOAP, 2)]), by.clone(), "k3").await), "helper_limit");
    assert_eq!(with(&v, (&card, &[(SOAP, 1)]), by.clone(), "k4").await.unwrap().credential, "card");
    v.clock.advance_seconds(DAY);
    // for whom nothing was agreed, and by whom
    assert_eq!(refused(with(&v, ("H0003", &[(SOAP, 1)]), by.clone(), "k5").await), "not_a_helper");
    let other = beside(Part::Helper, "H0003");
    assert_eq!(refused(with(&v, ("H0001", &[(SOAP, 1)]), other, "k6").await), "not_a_helper");
    assert!(
        matches!(
            v.desk.end_helper(&v.resident(2), agreed.row.id).await,
            Err(ServiceError::NotFound("helper"))
        ),
        "another household's"
    );
    v.desk.end_helper(&v.resident(0), agreed.row.id).await.unwrap();
    v.desk.end_helper(&v.resident(0), agreed.row.id).await.unwrap();
    assert_eq!(refused(with(&v, ("H0001", &[(SOAP, 1)]), by, "k7").await), "not_a_helper");
    let told = v.desk.own_helpers(&v.resident(0)).await.unwrap();
    assert_eq!(told.iter().map(|h| h.row.state.as_str()).collect::<Vec<_>>(), ["ended"]);
    holds(&v).await;
}

#[tokio::test]
async fn helpers_are_few_known_by_name_and_of_another_household() {
    let v = village().await;
    let new = |no: &str, name: &str, day_max| NewHelper {
        household_no: no.to_owned(),
        name: name.to_owned(),
        day_max,
    };
    let home = v.resident(0);
    let ask = async |new: NewHelper| v.desk.register_helper(&home, &new).await;
    assert_eq!(refused(ask(new("H0002", "李梅", 100)).await), "helper_unknown", "of another household");
    assert_eq!(refused(ask(new("H0099", "李梅", 100)).await), "helper_unknown");
    assert_eq!(refused(ask(new("H0001", "张建国", 100)).await), "helper_of_household");
    assert_eq!(refused(ask(new("H0002", "欧阳秀华", 0)).await), "helper_day_max");
    assert_eq!(refused(ask(new("H0002", "欧阳秀华", 5_001)).await), "helper_day_max");
    for who in 1..=3 {
        helper(&v, 0, who, 50).await.unwrap();
    }
    assert_eq!(refused(helper(&v, 0, 1, 50).await), "helper_known");
    assert_eq!(refused(helper(&v, 0, 4, 50).await), "helpers_enough");
    for home in [2, 3] {
        helper(&v, home, 1, 50).await.unwrap();
    }
    assert_eq!(refused(helper(&v, 4, 1, 50).await), "helper_of_many");
    // the clerk registers neither themselves nor for their own
    let clerk = Staff { person: Some(v.heads[4]), ..Staff::clone(&v.clerk) };
    let clerk = greencoin::service::caller::Clerk::of(&clerk).unwrap();
    let own = v.desk.register_helper_for(&clerk, v.homes[5], &new("H0005", "买买提·艾力", 100)).await;
    assert_eq!(refused(own), "own_household");
    let theirs = v.desk.register_helper_for(&clerk, v.homes[4], &new("H0006", "杨㛃", 100)).await;
    assert_eq!(refused(theirs), "own_household");
    let done = v.desk.register_helper_for(&clerk, v.homes[5], &new("H0003", "李梅", 100)).await.unwrap();
    assert!(done.by_clerk);
}

#[tokio::test]
async fn three_households_by_one_helper_in_ten_minutes_are_noticed_and_nobody_is_stopped() {
    let v = village().await;
    let by = beside(Part::Helper, "H0006");
    for home in 0..3 {
        helper(&v, home, 5, 20).await.unwrap();
    }
    let fetch = async |home: usize, key: &str| {
        with(&v, (&format!("H{:04}", home + 1), &[(TOWEL, 1)]), by.clone(), key).await.unwrap()
    };
    fetch(0, "a").await;
    fetch(0, "b").await;
    v.clock.advance_seconds(9 * MINUTE);
    fetch(1, "c").await;
    assert!(alerts(&v).await.is_empty(), "two households");
    v.clock.advance_seconds(MINUTE);
    fetch(2, "d").await;
    assert!(alerts(&v).await.is_empty(), "ten minutes after the first");
    fetch(0, "e").await;
    let raised = alerts(&v).await;
    assert_eq!(raised.len(), 1);
    assert_eq!((raised[0].row.households, raised[0].who.as_str()), (3, "杨*"));
    let homes: Vec<&str> = raised[0].lines.iter().map(|l| l.household_no.as_str()).collect();
    assert_eq!(homes, ["H0001", "H0001", "H0002", "H0003", "H0001"]);
    fetch(1, "f").await;
    assert_eq!(alerts(&v).await.len(), 1, "one is enough");
    assert_eq!(v.desk.open_alerts(v.book).await.unwrap(), 1);

    let id = raised[0].row.id;
    let served = Staff { roles: vec![Role::Clerk, Role::Shopkeeper], ..Staff::clone(&v.shop) };
    let served = Bookkeeper::of(&served).unwrap();
    assert_eq!(refused(v.desk.review_alert(&served, id, "没问题").await), "alert_own");
    let bearer = Staff { person: Some(v.heads[5]), ..Staff::clone(&v.clerk) };
    let bearer = Bookkeeper::of(&bearer).unwrap();
    assert_eq!(refused(v.desk.review_alert(&bearer, id, "没问题").await), "alert_own");
    assert_eq!(refused(v.desk.review_alert(&books(&v), id, " ").await), "text_missing");
    let done = v.desk.review_alert(&books(&v), id, "三户都打电话问过，是托她买的").await.unwrap();
    assert_eq!((done.row.state.as_str(), done.reviewer.as_str()), ("reviewed", "文书"));
    assert_eq!(refused(v.desk.review_alert(&books(&v), id, "再写").await), "alert_reviewed");
    let foreign = v.neighbour().await;
    let theirs = v.desk.review_alert(&books(&foreign), id, "x").await;
    assert!(matches!(theirs, Err(ServiceError::NotFound("alert"))), "{theirs:?}");
    assert!(alerts(&foreign).await.is_empty());
    // what was found goes with the last person of a household that had a part in it
    let no = PersonNo::from_ordinal(2);
    v.clock.advance_seconds(DAY);
    v.desk.leave_household(&v.clerk, &no, v.desk.today(), "迁出").await.unwrap();
    v.desk.erase_person(&v.clerk.actor(), v.book, &no, "本人申请").await.unwrap();
    assert_eq!(alerts(&v).await[0].row.note.as_deref(), Some(""));
    let ended = v.desk.own_helpers(&v.resident(1)).await.unwrap();
    assert!(ended.iter().all(|h| !h.row.is_active()), "nobody is left to help");
    holds(&v).await;
}

#[tokio::test]
async fn one_person_with_three_cards_is_noticed_when_the_shopkeeper_sees_that_it_is_one() {
    let v = village().await;
    let take = async |home: usize, same: Option<&RedemptionReceipt>, key: &str| {
        let request =
            RedeemRequest { same_as: same.map(|r| r.id), ..v.request(&v.card(home).await, &[(TOWEL, 1)]) };
        v.desk.redeem(&v.shop, &request, key).await
    };
    let first = take(0, None, "a").await.unwrap();
    take(1, None, "b").await.unwrap();
    take(2, None, "c").await.unwrap();
    assert!(alerts(&v).await.is_empty(), "a queue is no bearer");
    let second = take(3, Some(&first), "d").await.unwrap();
    assert!(alerts(&v).await.is_empty(), "two households");
    assert_eq!(second.beside, None, "nobody stood beside");
    take(4, Some(&second), "e").await.unwrap();
    let raised = alerts(&v).await;
    assert_eq!((raised.len(), raised[0].row.households, raised[0].who.as_str()), (1, 3, ""));
    let homes: Vec<&str> = raised[0].lines.iter().map(|l| l.household_no.as_str()).collect();
    assert_eq!(homes, ["H0001", "H0004", "H0005"]);
    let stranger = Staff { user: v.desk.id(), ..Staff::clone(&v.shop) };
    v.desk.add_keeper(&v.clerk, v.counter.id, stranger.user).await.unwrap();
    let stranger = Shopkeeper::of(&stranger).unwrap();
    let request = RedeemRequest { same_as: Some(first.id), ..v.request(&v.card(5).await, &[(TOWEL, 1)]) };
    let elsewhere = v.desk.redeem(&stranger, &request, "f").await;
    assert!(matches!(elsewhere, Err(ServiceError::NotFound("redemption"))), "{elsewhere:?}");
    holds(&v).await;
}

#[tokio::test]
async fn one_witness_for_three_households_in_ten_minutes_is_noticed() {
    let v = village().await;
    for (home, key) in [("H0001", "a"), ("H0002", "b"), ("H0003", "c")] {
        assert!(alerts(&v).await.is_empty());
        with(&v, (home, &[(TOWEL, 1)]), beside(Part::Witness, "H0005"), key).await.unwrap();
    }
    let raised = alerts(&v).await;
    assert_eq!((raised.len(), raised[0].who.as_str(), raised[0].lines.len()), (1, "H0005", 3));
}
