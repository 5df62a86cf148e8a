//! The same hours are paid once: intervals of awards by the hour, of one person, whichever event and item they name; by
//! the service, the API and the form.

use greencoin::{
    domain::{award::Hours, time::Day},
    service::{
        ServiceResult,
        award::{NewAward, RecordOutcome, review::Verdict},
        caller::{Reviewer, Role},
    },
    store::award::AwardRow,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::json;

use crate::{
    hamlet::{Village, refused},
    office_api::village,
};

fn hours(from: &str, to: &str) -> Option<Hours> {
    Hours::read(from, to).unwrap()
}

/// What a person did of an item yesterday, from when to when; `hours` of work are claimed.
async fn did(
    v: &Village,
    (home, person): (usize, usize),
    item: &str,
    said: Option<Hours>,
    work: &str,
) -> NewAward {
    NewAward {
        person: Some(v.people[home][person]),
        quantity: work.parse().unwrap(),
        occurred_on: yesterday(v),
        event_key: said.map(|hours| format!("活动{}", hours.begin())),
        hours: said,
        ..v.claim(home, item).await
    }
}

fn yesterday(v: &Village) -> Day {
    v.desk.today().plus(-1)
}

async fn served(v: &Village, who: (usize, usize), from: &str, to: &str) -> ServiceResult<AwardRow> {
    v.record(did(v, who, "C1", hours(from, to), "1").await).await
}

#[tokio::test]
async fn no_minute_of_a_person_is_paid_twice() {
    let v = Village::new().await;
    let first = served(&v, (0, 0), "08:00", "10:00").await.unwrap();
    for (from, to) in [("09:59", "11:00"), ("07:00", "08:01"), ("08:00", "10:00"), ("07:00", "12:00")] {
        assert_eq!(refused(served(&v, (0, 0), from, to).await), "hours_twice", "{from} {to}");
    }
    // what touches, somebody else of the household, another day, and hours that nobody told
    served(&v, (0, 0), "10:00", "11:00").await.unwrap();
    served(&v, (0, 1), "08:00", "10:00").await.unwrap();
    let today =
        NewAward { occurred_on: v.desk.today(), ..did(&v, (0, 0), "C1", hours("08:00", "10:00"), "1").await };
    v.record(today).await.unwrap();
    // the clean-up day of the same hours is the same hours; it stands in one group with service
    let cleaned = did(&v, (0, 0), "A5", hours("09:00", "10:00"), "1").await;
    assert_eq!(refused(v.record(cleaned).await), "hours_twice");
    // what was refused does not count any more
    let by = Reviewer::of(&v.reviewer).unwrap();
    v.desk.review_award(&by, first.id, Verdict::Reject, "没有来").await.unwrap();
    served(&v, (0, 0), "08:00", "10:00").await.unwrap();
}

#[tokio::test]
async fn one_sheet_does_not_pay_the_same_hours_twice_either() {
    let v = Village::new().await;
    let lines = [
        did(&v, (0, 0), "C1", hours("08:00", "10:00"), "2").await,
        did(&v, (0, 0), "C1", hours("09:00", "11:00"), "2").await,
    ];
    let done = v.desk.record_awards(&v.recorder(), &lines, "k").await.unwrap();
    let RecordOutcome::Refused(told) = done else { panic!("{done:?}") };
    assert_eq!(told.iter().map(|l| (l.line, l.refusal.code)).collect::<Vec<_>>(), [(1, "hours_twice")]);
    assert!(
        v.desk.record_awards(&v.recorder(), &lines[..1], "k").await.unwrap().into_result().is_ok(),
        "nothing stayed"
    );
}

#[tokio::test]
async fn hours_go_with_items_that_count_them_and_are_not_fewer_than_claimed() {
    let v = Village::new().await;
    let help = NewAward { hours: hours("08:00", "09:00"), ..v.claim(0, "D3").await };
    assert_eq!(refused(v.record(help).await), "hours_not_taken");
    let long = did(&v, (0, 0), "C1", hours("08:00", "09:59"), "2").await;
    assert_eq!(refused(v.record(long).await), "hours_short");
    let row = v.record(did(&v, (0, 0), "C1", hours("08:00", "10:00"), "2").await).await.unwrap();
    assert_eq!(v.desk.hours_of(v.book, row.id).await.unwrap(), hours("08:00", "10:00"));
}

#[tokio::test]
async fn a_line_that_is_mended_says_its_hours_anew() {
    let v = Village::new().await;
    let row = served(&v, (0, 0), "08:00", "10:00").await.unwrap();
    served(&v, (0, 0), "14:00", "16:00").await.unwrap();
    let by = Reviewer::of(&v.reviewer).unwrap();
    v.desk.review_award(&by, row.id, Verdict::Return, "时间写错").await.unwrap();
    let mend = async |said| {
        let new = did(&v, (0, 0), "C1", said, "1").await;
        v.desk.resubmit_award(&v.recorder(), row.id, &new).await
    };
    assert_eq!(refused(mend(hours("15:00", "17:00")).await), "hours_twice");
    mend(hours("09:00", "11:00")).await.unwrap();
    assert_eq!(v.desk.hours_of(v.book, row.id).await.unwrap(), hours("09:00", "11:00"));
    v.desk.review_award(&by, row.id, Verdict::Return, "不必写").await.unwrap();
    let first = served(&v, (0, 0), "08:00", "09:00").await;
    assert!(first.is_ok(), "09:00 to 11:00 is told still: {first:?}");
    mend(None).await.unwrap();
    assert_eq!(v.desk.hours_of(v.book, row.id).await.unwrap(), None);
}

/// Forty intervals at random: those that were taken share no minute, and those that were not shared one.
#[tokio::test]
async fn whatever_is_handed_in_what_is_taken_shares_no_minute() {
    let v = Village::new().await;
    let mut runner = TestRunner::deterministic();
    let mut taken: Vec<Hours> = Vec::new();
    for _ in 0..40 {
        let (from, length) = (0..1_300_i32, 60..140_i32).new_tree(&mut runner).unwrap().current();
        let said = Hours::of(from, from + length).unwrap();
        let new =
            NewAward { quantity: "0.5".parse().unwrap(), ..did(&v, (0, 0), "C1", Some(said), "1").await };
        let fits = taken.iter().all(|other| !other.overlaps(said));
        match v.record(new).await {
            Ok(_) => {
                assert!(fits, "{said} meets one of {taken:?}");
                taken.push(said);
            }
            Err(error) => assert!(!fits, "{said}: {error:?}"),
        }
    }
    assert!(taken.len() > 5);
}

#[tokio::test]
async fn the_api_and_the_form_take_hours_and_tell_whose_they_are() {
    let app = village().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let by = app.clerk(&app.village).await;
    let name = greencoin::domain::person::Name::parse("李秀英").unwrap();
    let relation = greencoin::domain::person::Relation::Spouse;
    let new =
        greencoin::service::register::change::NewPerson { name, relation, birth_year: None, phone: None };
    let no = "H0001".parse().unwrap();
    app.desk.add_member(&by, &no, &new, "2026-06-01".parse().unwrap()).await.unwrap();
    let file = app.desk.household_file(&by, &no).await.unwrap();
    let person = file.members[0].id.to_string();
    let line = |from: &str, to: &str| {
        json!({ "household": "H0001", "person": person, "item": "C1", "quantity": "1", "occurred_on": "2026-06-03",
            "event_key": from, "from": from, "to": to, "evidence": "签到表" })
    };
    let mut record =
        async |line| clerk.post_json("/api/v1/awards", &json!({ "lines": [line] })).await.expect(200).json();
    let done = record(line("08:00", "10:00")).await;
    assert_eq!(done["recorded"], true, "{done}");
    let twice = record(line("09:00", "11:00")).await;
    assert_eq!(twice["refusals"][0]["code"], "hours_twice");
    assert!(twice["refusals"][0]["detail"].as_str().unwrap().contains("08:00–10:00"), "{twice}");
    let id = done["awards"][0]["id"].as_str().unwrap();
    assert_eq!(clerk.get_json(&format!("/api/v1/awards/{id}")).await["hours"], "08:00–10:00");
    let fields = [
        ("key", "k1"),
        ("item", "C1"),
        ("quantity", "1"),
        ("person", person.as_str()),
        ("occurred_on", "2026-06-03"),
        ("event_key", "晚"),
        ("from", "09:30"),
        ("to", "10:30"),
    ];
    let page = clerk.post_form("/clerk/record/H0001", &fields).await.expect(422).text();
    assert!(page.contains("时间重叠") && page.contains("value=\"09:30\""), "{page}");
    let crossed = fields.map(|(name, value)| if name == "to" { (name, "09:00") } else { (name, value) });
    assert!(
        clerk.post_form("/clerk/record/H0001", &crossed).await.expect(422).text().contains("先后的两个时间")
    );
    let later = fields.map(|(name, value)| if name == "from" { (name, "10:00") } else { (name, value) });
    let later = later.map(|(name, value)| if name == "to" { (name, "11:00") } else { (name, value) });
    clerk.post_form("/clerk/record/H0001", &later).await.expect(303);
    assert!(clerk.get(&format!("/clerk/awards/{id}")).await.expect(200).text().contains("08:00–10:00"));
    app.finish().await;
}

/// What stands again after an objection that was right in part still stands for its hours.
#[tokio::test]
async fn what_stands_again_keeps_its_hours() {
    let v = Village::new().await;
    let row = v.record(did(&v, (0, 0), "C1", hours("08:00", "10:00"), "2").await).await.unwrap();
    v.approve(row.id).await;
    v.publish().await;
    let resident = greencoin::service::caller::Resident { book: v.book, household: v.households[1] };
    let by = greencoin::service::objection::Objector::Resident(resident);
    let id = v.desk.object(&by, row.id, "只来了一小时").await.unwrap().id;
    v.desk.accept_objection(&v.clerk, id).await.unwrap();
    let less = greencoin::domain::objection::Less { quantity: Some(1.into()), grade: None };
    let answer = greencoin::domain::objection::Answer::InPart(less);
    v.desk.decide_objection(&Reviewer::of(&v.third).unwrap(), id, answer, "属实一半").await.unwrap();
    assert_eq!(v.state(row.id).await, "rejected");
    assert_eq!(refused(served(&v, (0, 0), "09:00", "10:00").await), "hours_twice");
    served(&v, (0, 0), "10:00", "11:00").await.unwrap();
}
