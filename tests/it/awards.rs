//! Recording and reviewing awards: caps, recusal, repeated forms, every forbidden move.

use greencoin::{
    domain::ruleset,
    service::{
        Actor, ServiceError,
        award::{NewAward, RecordOutcome, replay::replay, review::Verdict},
        caller::{Recorder, Reviewer, Role, Staff},
        rulesets::Adoption,
    },
};

use crate::hamlet::{Village, at, id, refused};

/// Handbook §16, example 1.
#[tokio::test]
async fn two_members_of_a_household_count_on_a_clean_up_day_and_the_third_is_told_why() {
    let v = Village::new().await;
    let mut lines = Vec::new();
    for person in &v.people[0] {
        lines.push(NewAward { person: Some(*person), ..v.claim(0, "A5").await });
    }
    let RecordOutcome::Refused(refusals) =
        v.desk.record_awards(&v.recorder(), &lines, "sheet").await.unwrap()
    else {
        panic!("the third was taken")
    };
    assert_eq!(refusals.len(), 1);
    assert_eq!((refusals[0].line, refusals[0].refusal.code), (2, "cap_reached"));
    assert!(refusals[0].refusal.facts["reason_zh"].contains("上限"), "{refusals:?}");
    // nothing of a refused sheet is kept
    assert_eq!(v.desk.todo(v.book).await.unwrap().to_review, 0);

    lines.pop();
    let RecordOutcome::Recorded(sheet) =
        v.desk.record_awards(&v.recorder(), &lines, "sheet-2").await.unwrap()
    else {
        panic!("refused")
    };
    assert_eq!(sheet.awards.iter().map(|a| a.points).sum::<i64>(), 1_000);
}

/// Handbook §16, example 2.
#[tokio::test]
async fn the_same_hours_count_once() {
    let v = Village::new().await;
    let person = Some(v.people[0][0]);
    let key = Some("clean-up 3 June".to_owned());
    v.record(NewAward { person, event_key: key.clone(), ..v.claim(0, "A5").await }).await.unwrap();
    let hours = NewAward { person, event_key: key, quantity: 3.into(), ..v.claim(0, "C1").await };
    assert_eq!(refused(v.record(hours.clone()).await), "exclusive");
    let other = NewAward { event_key: Some("evening class".to_owned()), ..hours };
    let row = v.record(other).await.unwrap();
    assert_eq!((row.points, row.honor, row.minutes), (600, 600, 180));
}

#[tokio::test]
async fn who_names_no_event_gains_nothing_by_it() {
    let v = Village::new().await;
    let person = Some(v.people[0][0]);
    let named = |name: &str| Some(name.to_owned());
    v.record(NewAward { person, ..v.claim(0, "A5").await }).await.unwrap();
    let hours = NewAward { person, quantity: 3.into(), ..v.claim(0, "C1").await };
    assert_eq!(refused(v.record(hours.clone()).await), "exclusive", "the same day, neither named");
    let class = NewAward { event_key: named("evening class"), ..hours.clone() };
    assert_eq!(refused(v.record(class).await), "exclusive", "the first might be that one");
    let other = NewAward { person: Some(v.people[0][1]), ..hours.clone() };
    v.record(other).await.unwrap();
    let before = NewAward { occurred_on: v.desk.today().plus(-1), ..hours };
    v.record(before).await.unwrap();
    // once for a household and meeting, and for all meetings of a day that nobody named
    v.record(NewAward { event_key: named("first meeting"), ..v.claim(1, "C3").await }).await.unwrap();
    assert_eq!(refused(v.record(v.claim(1, "C3").await).await), "cap_reached");
    v.record(NewAward { event_key: named("second meeting"), ..v.claim(1, "C3").await }).await.unwrap();
}

/// Handbook §16, example 9.
#[tokio::test]
async fn a_rule_raised_later_leaves_what_happened_before_as_it_was() {
    let v = Village::new().await;
    let (_, text) = ruleset::shipped()[0];
    let raised = text.replacen("version = 1", "version = 2", 1);
    let (before, after) = raised.split_once("code = \"A2\"").unwrap();
    let raised = format!("{before}code = \"A2\"{}", after.replacen("points = 5", "points = 8", 1));
    let set = v.desk.publish_ruleset(Actor::System, &raised).await.unwrap();
    let from = "2026-07-01".parse().unwrap();
    let adoption =
        Adoption { hash: set.hash().to_owned(), from, basis: "村民代表会议决议".to_owned() };
    v.desk.adopt_ruleset(Actor::System, v.book, &adoption).await.unwrap();
    let june = v.claim(0, "A2").await;
    v.clock.set(at("2026-07-02T09:00:00+08:00"));
    assert_eq!(v.record(june).await.unwrap().points, 500);
    let july = v.claim(1, "A2").await;
    assert_eq!(v.record(july).await.unwrap().points, 800);
    let back = Adoption { from: "2026-06-01".parse().unwrap(), ..adoption };
    assert_eq!(refused(v.desk.adopt_ruleset(Actor::System, v.book, &back).await), "retroactive_rules");
}

/// Handbook §16, example 12.
#[tokio::test]
async fn nobody_records_or_reviews_for_their_own_household_or_kin() {
    let v = Village::new().await;
    let me = v.people[0][0];
    v.make_kin(v.people[1][0], me).await;
    let own = Staff { person: Some(me), ..v.clerk.clone() };
    let by = Recorder::of(&own).unwrap();
    let record = |new, key| v.desk.record_award(&by, new, key);
    assert_eq!(refused(record(v.claim(0, "D3").await, "a").await), "own_household");
    assert_eq!(refused(record(v.claim(1, "D3").await, "b").await), "kin_household");
    record(v.claim(2, "D3").await, "c").await.unwrap();

    let row = v.record(v.claim(1, "D3").await).await.unwrap();
    let kin = Reviewer::of(&Staff { person: Some(me), ..v.reviewer.clone() }).unwrap();
    assert_eq!(refused(v.desk.review_award(&kin, row.id, Verdict::Approve, "").await), "kin_household");
    let other = Reviewer::of(&v.second).unwrap();
    v.desk.review_award(&other, row.id, Verdict::Approve, "").await.unwrap();
}

#[tokio::test]
async fn a_repeated_form_answers_with_the_same_awards_and_another_body_is_a_conflict() {
    let v = Village::new().await;
    let new = v.claim(0, "D3").await;
    let first = v.desk.record_award(&v.recorder(), new.clone(), "form-1").await.unwrap();
    let again = v.desk.record_award(&v.recorder(), new.clone(), "form-1").await.unwrap();
    assert_eq!(first, again);
    assert_eq!(v.desk.todo(v.book).await.unwrap().to_review, 1);
    let other = NewAward { note: "另一件".to_owned(), ..new };
    assert_eq!(
        refused(v.desk.record_award(&v.recorder(), other.clone(), "form-1").await),
        "idempotency_conflict"
    );
    // a key is the recorder's own
    let colleague = Recorder::of(&v.other_clerk).unwrap();
    assert_ne!(v.desk.record_award(&colleague, other, "form-1").await.unwrap().id, first.id);
}

#[tokio::test]
async fn sixteen_equal_forms_at_once_record_one_award() {
    let v = Village::new().await;
    let new = v.claim(0, "D3").await;
    let by = v.recorder();
    let all = (0..16).map(|_| v.desk.record_award(&by, new.clone(), "form"));
    let rows: Vec<_> = futures_util::future::join_all(all).await.into_iter().map(Result::unwrap).collect();
    assert!(rows.iter().all(|r| r.id == rows[0].id));
    assert_eq!(v.desk.todo(v.book).await.unwrap().to_review, 1);
}

#[tokio::test]
async fn a_cap_holds_when_many_record_at_once() {
    let v = Village::new().await;
    let new = v.claim(0, "D3").await;
    let by = v.recorder();
    let keys: Vec<String> = (0..12).map(|n| format!("k{n}")).collect();
    let all = keys.iter().map(|key| v.desk.record_award(&by, new.clone(), key));
    let done = futures_util::future::join_all(all).await;
    assert_eq!(done.iter().filter(|r| r.is_ok()).count(), 3, "three times a month");
}

#[tokio::test]
async fn what_cannot_have_happened_is_not_recorded() {
    let v = Village::new().await;
    let today = v.desk.today();
    let base = v.claim(0, "D3").await;
    let cases = [
        (NewAward { occurred_on: today.plus(1), ..base.clone() }, "future_date"),
        (NewAward { occurred_on: today.plus(-400), ..base.clone() }, "too_long_ago"),
        (NewAward { item: "Z9".to_owned(), ..base.clone() }, "unknown_item"),
        (NewAward { household: None, ..base.clone() }, "household_missing"),
        (NewAward { person: Some(v.people[1][0]), ..base.clone() }, "not_a_member"),
        (NewAward { evidence: Vec::new(), ..base.clone() }, "evidence_missing"),
        (NewAward { quantity: 2.into(), ..base.clone() }, "quantity_out_of_range"),
        (NewAward { household: Some(id(77)), ..base.clone() }, "not_found"),
        (v.claim(0, "A5").await, "person_missing"),
    ];
    for (new, code) in cases {
        assert_eq!(refused(v.record(new).await), code);
    }
    assert_eq!(refused(v.desk.record_awards(&v.recorder(), &[], "none").await), "batch_size");
}

#[tokio::test]
async fn a_late_entry_is_marked_and_takes_the_next_higher_route() {
    let v = Village::new().await;
    let today = v.desk.today();
    let on_time = v.record(v.claim(0, "D3").await).await.unwrap();
    let late = NewAward { occurred_on: today.plus(-32), ..v.claim(1, "D3").await };
    let late = v.record(late).await.unwrap();
    assert_eq!((on_time.late, on_time.route.as_str()), (false, "R1"));
    assert_eq!((late.late, late.route.as_str()), (true, "R2"));
}

#[tokio::test]
async fn a_recorder_keeps_to_their_part_of_the_village() {
    let v = Village::new().await;
    let group = v.desk.award_file(v.book, v.record(v.claim(0, "D3").await).await.unwrap().id).await.unwrap();
    let staff =
        Staff { roles: vec![Role::Recorder], scope: Some(group.award.group_id), ..v.other_clerk.clone() };
    let by = Recorder::of(&staff).unwrap();
    v.desk.record_award(&by, v.claim(1, "D3").await, "in").await.unwrap();
    assert_eq!(refused(v.desk.record_award(&by, v.claim(7, "D3").await, "out").await), "outside_scope");
}

#[tokio::test]
async fn each_step_of_a_route_takes_another_person_and_none_is_the_recorder() {
    let v = Village::new().await;
    let new = NewAward { grade: Some("county".to_owned()), ..v.claim(0, "D2").await };
    let row = v.record(new).await.unwrap();
    assert_eq!(row.route, "R3");
    let review = async |staff: &Staff| {
        v.desk.review_award(&Reviewer::of(staff).unwrap(), row.id, Verdict::Approve, "").await
    };
    let recorder = Staff { roles: vec![Role::Clerk, Role::Reviewer], ..v.clerk.clone() };
    assert_eq!(refused(review(&recorder).await), "own_record");
    assert_eq!(refused(review(&v.township).await), "wrong_step");
    review(&v.reviewer).await.unwrap();
    assert_eq!(refused(review(&v.reviewer).await), "already_reviewed");
    review(&v.second).await.unwrap();
    assert_eq!(refused(review(&v.third).await), "wrong_step");
    assert_eq!(review(&v.township).await.unwrap().as_str(), "approved");
    assert_eq!(refused(review(&v.third).await), "state_changed");
    assert!(Reviewer::of(&v.clerk).is_none() && Recorder::of(&v.reviewer).is_none());
}

#[tokio::test]
async fn a_returned_award_is_mended_by_its_recorder_and_starts_anew() {
    let v = Village::new().await;
    let hours = NewAward { person: Some(v.people[0][0]), quantity: 9.into(), ..v.claim(0, "C1").await };
    let row = v.record(hours.clone()).await.unwrap();
    assert_eq!((row.points, row.minutes), (1_600, 480), "eight hours a day");
    let by = Reviewer::of(&v.reviewer).unwrap();
    assert_eq!(refused(v.desk.review_award(&by, row.id, Verdict::Return, " ").await), "text_missing");
    v.desk.review_award(&by, row.id, Verdict::Return, "签到表只有三小时").await.unwrap();
    let mended = NewAward { quantity: 3.into(), ..hours };
    let stranger = Recorder::of(&v.other_clerk).unwrap();
    assert_eq!(refused(v.desk.resubmit_award(&stranger, row.id, &mended).await), "not_the_recorder");
    let again = v.desk.resubmit_award(&v.recorder(), row.id, &mended).await.unwrap();
    assert_eq!((again.points, again.minutes, again.state.as_str()), (600, 180, "recorded"));
    v.desk.review_award(&by, row.id, Verdict::Approve, "").await.unwrap();
    assert_eq!(v.state(row.id).await, "approved");
}

#[tokio::test]
async fn a_rejected_award_frees_its_cap_and_never_moves_again() {
    let v = Village::new().await;
    let rows = [v.claim(0, "D3").await, v.claim(0, "D3").await, v.claim(0, "D3").await];
    let mut ids = Vec::new();
    for new in rows {
        ids.push(v.record(new).await.unwrap().id);
    }
    assert_eq!(refused(v.record(v.claim(0, "D3").await).await), "cap_reached");
    let by = Reviewer::of(&v.reviewer).unwrap();
    v.desk.review_award(&by, ids[0], Verdict::Reject, "查无此事").await.unwrap();
    assert_eq!(refused(v.desk.review_award(&by, ids[0], Verdict::Approve, "").await), "state_changed");
    v.record(v.claim(0, "D3").await).await.unwrap();
}

#[tokio::test]
async fn every_stored_award_computes_again_to_the_same_number() {
    let v = Village::new().await;
    let hours =
        NewAward { person: Some(v.people[0][0]), quantity: "7.4".parse().unwrap(), ..v.claim(0, "C1").await };
    let honour = NewAward { grade: Some("town".to_owned()), ..v.claim(2, "D2").await };
    for new in [hours, honour, v.claim(3, "D3").await, v.claim(4, "F2").await] {
        let row = v.record(new).await.unwrap();
        let mut tx = v.desk.db.begin_read().await.unwrap();
        assert_eq!(replay(&mut tx, &row).await.unwrap(), None);
        let mut forged = row.clone();
        forged.points += 100;
        assert_eq!(replay(&mut tx, &forged).await.unwrap().unwrap().field, "points");
    }
}

#[tokio::test]
async fn a_clerk_of_another_village_finds_nothing_here() {
    let v = Village::new().await;
    let row = v.record(v.claim(0, "D3").await).await.unwrap();
    let Village { engine, clock, desk, .. } = v;
    let other = Village::found(engine, clock, desk, 2).await;
    other.endow(1_000).await;
    assert!(matches!(other.desk.award_file(other.book, row.id).await, Err(ServiceError::NotFound("award"))));
    let by = Reviewer::of(&other.reviewer).unwrap();
    let review = other.desk.review_award(&by, row.id, Verdict::Approve, "").await;
    assert!(matches!(review, Err(ServiceError::NotFound("award"))));
    let theirs = NewAward { household: Some(row.household_id), ..other.claim(0, "D3").await };
    assert_eq!(refused(other.record(theirs).await), "not_found");
    assert_eq!(other.desk.todo(other.book).await.unwrap().to_review, 0);
}
