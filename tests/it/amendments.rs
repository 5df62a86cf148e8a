//! An objection that is right in part: less stands again, once, on a sheet of its own, by the words of two people; and
//! what the township does with it.

use std::str::FromStr;

use greencoin::{
    domain::{
        ids::{AwardId, ObjectionId},
        objection::Course,
        rule::Route,
    },
    service::{
        ServiceResult,
        appeal::Appellant,
        award::amend,
        caller::{Clerk, Resident, Reviewer, Role, Staff, Township},
        course::{ObjectionFile, Stands},
        notice::NewNotice,
        objection::{Answer, Finding, Less, Objector},
    },
    store::{appeal::AppealRow, award::AwardRow, notice::NoticeRow},
};
use rust_decimal::Decimal;

use crate::hamlet::{Village, id, refused};

const DAY: i64 = 86_400;

fn resident(v: &Village, household: usize) -> Resident {
    Resident { book: v.book, household: v.households[household] }
}

fn decider(v: &Village) -> Reviewer {
    Reviewer::of(&v.third).unwrap()
}

fn elder(v: &Village) -> Township {
    Township::of(&Staff { user: id(990), ..v.township.clone() }).unwrap()
}

fn only(quantity: &str) -> Answer {
    Answer::InPart(Less { quantity: Some(Decimal::from_str(quantity).unwrap()), grade: None })
}

/// Four mu, 20 points, on a sheet that hangs.
async fn four_mu(v: &Village) -> AwardRow {
    let mut claim = v.claim(0, "A7").await;
    claim.quantity = 4.into();
    let row = v.record(claim).await.unwrap();
    v.approve(row.id).await;
    v.publish().await;
    assert_eq!(row.points, 2_000);
    row
}

async fn objected(v: &Village, household: usize, award: AwardId) -> ObjectionId {
    let by = Objector::Resident(resident(v, household));
    let objection = v.desk.object(&by, award, "只有两亩").await.unwrap();
    v.desk.accept_objection(&v.clerk, objection.id).await.unwrap();
    objection.id
}

/// The village found that two mu were right.
async fn halved(v: &Village, award: AwardId) -> (ObjectionId, Stands) {
    let objection = objected(v, 1, award).await;
    v.desk.decide_objection(&decider(v), objection, only("2"), "实测两亩").await.unwrap();
    let stands = file(v, objection).await.amended.unwrap();
    (objection, stands)
}

async fn file(v: &Village, objection: ObjectionId) -> ObjectionFile {
    v.desk.objection_file(v.book, objection).await.unwrap()
}

async fn appealed(v: &Village, household: usize, objection: ObjectionId) -> ServiceResult<AppealRow> {
    v.desk.appeal(&Appellant::Resident(resident(v, household)), objection, "量错了").await
}

async fn concluded(v: &Village, appeal: &AppealRow, finding: Finding) -> ServiceResult<String> {
    let state = v.desk.decide_appeal(&elder(v), appeal.id, finding, "复核过").await?;
    Ok(state.as_str().to_owned())
}

async fn compiled(v: &Village) -> ServiceResult<NoticeRow> {
    let new =
        NewNotice { title: "改分公示".to_owned(), group: None, fund: "Service".to_owned(), days: None };
    v.desk.compile_notice(&Clerk::of(&v.clerk).unwrap(), &new).await
}

async fn posted(v: &Village) -> usize {
    v.desk.post_due_lines(v.book).await.unwrap().posted
}

async fn assert_proven(v: &Village) {
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:?}");
    v.assert_balanced().await;
}

#[tokio::test]
async fn an_objection_right_in_part_leaves_less_on_a_new_sheet_which_somebody_else_publishes() {
    let v = Village::new().await;
    let row = four_mu(&v).await;
    let (objection, stands) = halved(&v, row.id).await;
    assert_eq!(
        (stands.points, stands.honor, v.state(stands.award).await.as_str()),
        (1_000, 1_000, "approved")
    );
    assert_eq!(v.state(row.id).await, "rejected", "the sheet that hangs is not changed");
    assert_eq!(file(&v, objection).await.course, Course::Decided(Finding::Uphold));
    let first = v.desk.award_file(v.book, row.id).await.unwrap();
    assert_eq!(first.replaced_by.map(|r| r.id), Some(stands.award));
    let second = v.desk.award_file(v.book, stands.award).await.unwrap();
    assert_eq!((second.replaces, second.award.recorder), (Some(row.no), row.recorder.clone()));
    assert_eq!(v.desk.why(v.book, stands.award).await.unwrap().reviewers.len(), 2, "who saw more saw less");

    v.clock.advance_seconds(5 * DAY);
    assert_eq!(refused(compiled(&v).await), "nothing_to_compile", "the township may still be asked");
    v.clock.advance_seconds(1);
    let sheet = compiled(&v).await.unwrap();
    assert_eq!(sheet.lines, 1);
    assert_eq!(refused(v.desk.publish_notice(&decider(&v), sheet.id).await), "own_amendment");
    v.desk.publish_notice(&Reviewer::of(&v.second).unwrap(), sheet.id).await.unwrap();
    v.clock.advance_seconds(5 * DAY);
    assert_eq!((posted(&v).await, v.available(0).await), (1, 1_000));
    v.clock.advance_seconds(30 * DAY);
    assert_eq!((posted(&v).await, v.available(0).await), (0, 1_000));
    assert_proven(&v).await;
}

#[tokio::test]
async fn what_is_left_is_less_of_the_same_and_something() {
    let v = Village::new().await;
    let row = four_mu(&v).await;
    let objection = objected(&v, 1, row.id).await;
    let answered = async |objection: ObjectionId, answer: Answer| {
        refused(v.desk.decide_objection(&decider(&v), objection, answer, "部分").await)
    };
    let same = Answer::InPart(Less { quantity: None, grade: None });
    for answer in [only("4"), only("5"), same.clone()] {
        assert_eq!(answered(objection, answer).await, "amendment_beyond");
    }
    assert_eq!(answered(objection, only("0")).await, "quantity_out_of_range");
    let graded = Answer::InPart(Less { quantity: None, grade: Some("town".to_owned()) });
    assert_eq!(answered(objection, graded).await, "grade_unknown");
    assert_eq!(v.state(row.id).await, "objected");
    assert_eq!(file(&v, objection).await.course, Course::Accepted, "nothing was changed");
    assert_eq!(v.desk.household_awards(v.book, v.households[0], i64::MAX, 10).await.unwrap().len(), 1);

    let fixed = v.approved(2, "D3").await;
    v.publish().await;
    let other = objected(&v, 1, fixed.id).await;
    assert!(v.desk.parts_of(v.book, fixed.id).await.unwrap().quantity.is_empty());
    assert_eq!(answered(other, same).await, "amendment_beyond");
    assert_eq!(amend::answer("in_part", "两亩", "").unwrap_err().code, "quantity_out_of_range");
    assert_eq!(amend::answer("partly", "2", ""), Ok(None));
}

#[tokio::test]
async fn another_grade_is_computed_by_the_same_rules_and_takes_their_route() {
    let v = Village::new().await;
    let mut claim = v.claim(0, "D2").await;
    claim.grade = Some("county".to_owned());
    let row = v.record(claim).await.unwrap();
    v.approve(row.id).await;
    v.publish().await;
    let objection = objected(&v, 1, row.id).await;
    let town = amend::answer("in_part", "", " town ").unwrap().unwrap();
    v.desk.decide_objection(&decider(&v), objection, town.clone(), "是镇级").await.unwrap();
    let stands = file(&v, objection).await.amended.unwrap();
    let second = v.desk.award_file(v.book, stands.award).await.unwrap().award;
    assert_eq!((second.points, second.route.as_str()), (2_000, Route::R2.as_str()));
    let again = v.desk.decide_objection(&decider(&v), objection, town, "是镇级").await.unwrap();
    assert_eq!(again.as_str(), "rejected", "the same answer again");
    assert_eq!(v.desk.household_awards(v.book, v.households[0], i64::MAX, 10).await.unwrap().len(), 2);
    assert_proven(&v).await;
}

#[tokio::test]
async fn whoever_objected_may_ask_that_the_rest_falls_too() {
    for (finding, state, lines) in [(Finding::Uphold, "rejected", 0), (Finding::Dismiss, "approved", 1)] {
        let v = Village::new().await;
        let row = four_mu(&v).await;
        let (objection, stands) = halved(&v, row.id).await;
        assert_eq!(refused(appealed(&v, 2, objection).await), "not_your_objection");
        v.clock.advance_seconds(5 * DAY);
        let appeal = appealed(&v, 1, objection).await.unwrap();
        assert_eq!(
            refused(appealed(&v, 0, objection).await),
            "already_appealed",
            "the township is asked once"
        );
        v.clock.advance_seconds(DAY);
        assert_eq!(refused(compiled(&v).await), "nothing_to_compile", "it waits for the final word");
        assert_eq!(concluded(&v, &appeal, finding).await.unwrap(), state);
        let restored = file(&v, objection).await.restored;
        assert_eq!((v.state(stands.award).await.as_str(), restored), (state, None));
        assert_eq!(compiled(&v).await.map_or(0, |sheet| sheet.lines), lines);
        assert_proven(&v).await;
    }
}

#[tokio::test]
async fn the_household_that_lost_a_part_may_get_the_whole_back() {
    let v = Village::new().await;
    let row = four_mu(&v).await;
    let (objection, stands) = halved(&v, row.id).await;
    let appeal = appealed(&v, 0, objection).await.unwrap();
    assert_eq!(concluded(&v, &appeal, Finding::Uphold).await.unwrap(), "rejected");
    let whole = file(&v, objection).await.restored.unwrap();
    assert_eq!((whole.points, whole.waits_until), (2_000, None));
    assert_eq!(v.state(stands.award).await, "rejected");
    let by = [&v.second, &v.third].map(|staff| Reviewer::of(staff).unwrap());
    let sheet = compiled(&v).await.unwrap();
    let elder = Reviewer::of(&Staff { roles: vec![Role::Reviewer], ..Staff::clone(&elder(&v)) }).unwrap();
    assert_eq!(refused(v.desk.publish_notice(&elder, sheet.id).await), "own_amendment");
    v.desk.publish_notice(&by[0], sheet.id).await.unwrap();
    v.clock.advance_seconds(7 * DAY);
    assert_eq!((posted(&v).await, v.available(0).await), (1, 2_000));
    assert_proven(&v).await;
}

#[tokio::test]
async fn what_fell_and_should_not_have_stands_again_as_far_as_the_rules_have_room() {
    let v = Village::new().await;
    let (lost, other) = (four_mu(&v).await, async || v.record(v.claim(0, "A7").await).await.unwrap());
    let objection = objected(&v, 1, lost.id).await;
    v.desk.decide_objection(&decider(&v), objection, Finding::Uphold, "没有种").await.unwrap();
    // meanwhile the year's room of 30 points is used but for 15
    for _ in 0..3 {
        other().await;
    }
    let appeal = appealed(&v, 0, objection).await.unwrap();
    concluded(&v, &appeal, Finding::Uphold).await.unwrap();
    let whole = file(&v, objection).await.restored.unwrap();
    assert_eq!(whole.points, 1_500);
    assert_proven(&v).await;
}

#[tokio::test]
async fn the_words_of_the_township_stand_where_no_room_is_left() {
    let v = Village::new().await;
    let row = v.approved(0, "E2").await;
    v.publish().await;
    let objection = objected(&v, 1, row.id).await;
    v.desk.decide_objection(&decider(&v), objection, Finding::Uphold, "没有").await.unwrap();
    v.record(v.claim(0, "E2").await).await.unwrap();
    let appeal = appealed(&v, 0, objection).await.unwrap();
    assert_eq!(concluded(&v, &appeal, Finding::Uphold).await.unwrap(), "rejected");
    let ended = file(&v, objection).await;
    let course = Course::Concluded { village: Finding::Uphold, township: Finding::Uphold };
    assert_eq!((ended.course, ended.restored), (course, None));
}

#[tokio::test]
async fn whoever_had_a_part_in_the_first_decides_nothing_about_the_second() {
    let v = Village::new().await;
    let row = four_mu(&v).await;
    let (_, stands) = halved(&v, row.id).await;
    v.clock.advance_seconds(5 * DAY + 1);
    let sheet = compiled(&v).await.unwrap();
    let publisher = Staff { user: id(992), ..v.third.clone() };
    v.desk.publish_notice(&Reviewer::of(&publisher).unwrap(), sheet.id).await.unwrap();
    let objection = objected(&v, 2, stands.award).await;
    let decide = async |staff: &Staff| {
        let by = Reviewer::of(&Staff { roles: vec![Role::Reviewer], ..staff.clone() }).unwrap();
        v.desk.decide_objection(&by, objection, Finding::Dismiss, "不成立").await
    };
    assert_eq!(refused(decide(&v.third).await), "own_decision", "on whose word it stands");
    assert_eq!(refused(decide(&v.clerk).await), "own_record");
    assert_eq!(refused(decide(&v.reviewer).await), "already_reviewed", "who reviewed the first");
    assert_eq!(refused(decide(&publisher).await), "own_sheet");
    assert_eq!(decide(&Staff { user: id(991), ..v.third.clone() }).await.unwrap().as_str(), "in_notice");
}

#[tokio::test]
async fn of_two_who_ask_the_township_about_the_rest_each_gets_a_word_of_their_own() {
    let v = Village::new().await;
    let row = four_mu(&v).await;
    let other = objected(&v, 2, row.id).await;
    let (objection, stands) = halved(&v, row.id).await;
    assert_eq!(
        file(&v, other).await.amended,
        Some(stands.clone()),
        "the other voice was answered by the same"
    );
    let (rest, whole) = (appealed(&v, 1, objection).await.unwrap(), appealed(&v, 0, other).await.unwrap());
    assert_eq!(refused(concluded(&v, &whole, Finding::Uphold).await), "appeals_open");
    assert_eq!(concluded(&v, &rest, Finding::Dismiss).await.unwrap(), "approved");
    assert_eq!(concluded(&v, &whole, Finding::Uphold).await.unwrap(), "rejected");
    assert_eq!(file(&v, other).await.restored.map(|s| s.points), Some(2_000));
    assert_eq!(v.state(stands.award).await, "rejected");
    assert_proven(&v).await;
}

#[tokio::test]
async fn what_a_recall_sent_back_to_review_is_not_given_a_second_time_by_the_township() {
    let v = Village::new().await;
    let row = four_mu(&v).await;
    let objection = objected(&v, 1, row.id).await;
    let sheet = v.desk.award_file(v.book, row.id).await.unwrap().award.notice_id.unwrap();
    v.desk.recall_notice(&Reviewer::of(&v.second).unwrap(), sheet, "面积记错").await.unwrap();
    assert_eq!(v.state(row.id).await, "recorded");
    assert_eq!(refused(appealed(&v, 0, objection).await), "nothing_to_appeal");
    assert_eq!(v.desk.household_awards(v.book, v.households[0], i64::MAX, 10).await.unwrap().len(), 1);
}
