//! The course of an objection: accepted, decided, taken to the township, ended; every step, every forbidden one, and what
//! it does to the line and to the ledger.

use greencoin::{
    domain::{
        ids::{AwardId, ObjectionId},
        notice::NoticeState,
        objection::Course,
        time::Timestamp,
    },
    jobs,
    service::{
        ServiceError,
        appeal::Appellant,
        caller::{Resident, Reviewer, Role, Staff, Township},
        objection::{Finding, Objector},
    },
    store::appeal::AppealRow,
};

use crate::hamlet::{Village, at, id, refused};

const DAY: i64 = 86_400;

fn resident(v: &Village, household: usize) -> Resident {
    Resident { book: v.book, household: v.households[household] }
}

async fn objected(v: &Village, household: usize, award: AwardId) -> ObjectionId {
    v.desk.object(&Objector::Resident(resident(v, household)), award, "不属实").await.unwrap().id
}

async fn decided(v: &Village, id: ObjectionId, finding: Finding) {
    v.desk.accept_objection(&v.clerk, id).await.unwrap();
    v.desk.decide_objection(&Reviewer::of(&v.third).unwrap(), id, finding, "经查证").await.unwrap();
}

async fn appealed(v: &Village, household: usize, id: ObjectionId) -> AppealRow {
    v.desk.appeal(&Appellant::Resident(resident(v, household)), id, "没有查清").await.unwrap()
}

async fn course(v: &Village, id: ObjectionId) -> Course {
    v.desk.objection_file(v.book, id).await.unwrap().course
}

/// Somebody of the township who has reviewed nothing.
fn elder(v: &Village) -> Township {
    Township::of(&Staff { user: id(990), ..v.township.clone() }).unwrap()
}

async fn due(v: &Village) -> (usize, usize) {
    let pass = v.desk.post_due_lines(v.book).await.unwrap();
    (pass.posted, pass.closed)
}

#[tokio::test]
async fn an_objection_is_accepted_once_and_before_it_is_decided() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    let objection = objected(&v, 1, row.id).await;
    let by = Reviewer::of(&v.third).unwrap();
    assert_eq!(
        refused(v.desk.decide_objection(&by, objection, Finding::Dismiss, "不成立").await),
        "not_accepted"
    );
    let shop = Staff { roles: vec![Role::Shopkeeper], ..v.clerk.clone() };
    assert!(matches!(v.desk.accept_objection(&shop, objection).await, Err(ServiceError::NotAllowed)));
    let first = v.desk.accept_objection(&v.clerk, objection).await.unwrap();
    assert_eq!(first.course, Course::Accepted);
    assert_eq!(v.desk.accept_objection(&v.clerk, objection).await.unwrap(), first, "the same answer again");
    assert_eq!(refused(v.desk.accept_objection(&v.other_clerk, objection).await), "already_accepted");
    v.desk.decide_objection(&by, objection, Finding::Dismiss, "不成立").await.unwrap();
    assert_eq!(course(&v, objection).await, Course::Decided(Finding::Dismiss));
    assert_eq!(refused(v.desk.accept_objection(&v.other_clerk, objection).await), "already_decided");
}

#[tokio::test]
async fn what_the_clerk_writes_down_is_accepted_by_that() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    let proxy = Objector::Proxy { clerk: v.clerk(), household: v.households[1] };
    let box_ = Objector::Anonymous { clerk: v.clerk() };
    for by in [proxy, box_] {
        let objection = v.desk.object(&by, row.id, "不属实").await.unwrap();
        assert_eq!(course(&v, objection.id).await, Course::Accepted);
    }
    let own = objected(&v, 2, row.id).await;
    let passerby = v.desk.object(&Objector::Passerby { book: v.book }, row.id, "不属实").await.unwrap();
    assert_eq!((course(&v, own).await, course(&v, passerby.id).await), (Course::Raised, Course::Raised));
}

#[tokio::test]
async fn the_township_is_told_once_of_whoever_is_late() {
    let v = Village::new().await;
    let (a, b) = (v.approved(0, "D3").await, v.approved(1, "D3").await);
    v.publish().await;
    let (left, taken) = (objected(&v, 2, a.id).await, objected(&v, 2, b.id).await);
    v.desk.accept_objection(&v.clerk, taken).await.unwrap();
    let told = async || jobs::tick(&v.desk).await.unwrap().escalated;
    v.clock.advance_seconds(3 * DAY);
    assert_eq!(told().await, 0, "three days are its time");
    v.clock.advance_seconds(1);
    assert_eq!((told().await, told().await), (1, 0));
    let file = v.desk.objection_file(v.book, left).await.unwrap();
    assert!(file.objection.escalated_at.is_some() && file.is_late(v.desk.now()));
    v.desk.accept_objection(&v.clerk, left).await.unwrap();
    v.clock.advance_seconds(7 * DAY);
    assert_eq!((told().await, told().await), (1, 0), "the other was accepted ten days ago");
    v.clock.advance_seconds(30 * DAY);
    assert_eq!(told().await, 0, "each is told once");
    assert_eq!((v.state(a.id).await, v.state(b.id).await), ("objected".into(), "objected".into()));
}

/// Handbook §16, example 3, taken further: one day was left when the township was asked, and one day is left after it.
#[tokio::test]
async fn a_line_is_frozen_while_the_township_looks_and_then_goes_on_with_what_was_left() {
    let v = Village::new().await;
    let home = v.approved(0, "A6").await;
    v.clock.set(at("2026-06-03T18:00:00+08:00"));
    let notice = v.publish().await;
    v.clock.set(at("2026-06-08T18:00:00+08:00"));
    let objection = objected(&v, 2, home.id).await;
    v.clock.set(at("2026-06-12T18:00:00+08:00"));
    decided(&v, objection, Finding::Dismiss).await;
    v.clock.set(at("2026-06-13T18:00:00+08:00"));
    let appeal = appealed(&v, 2, objection).await;
    assert_eq!(course(&v, objection).await, Course::Appealed(Finding::Dismiss));
    v.clock.set(at("2026-06-20T18:00:00+08:00"));
    assert_eq!((due(&v).await, v.state(home.id).await.as_str()), ((0, 0), "objected"));
    let state = v.desk.decide_appeal(&elder(&v), appeal.id, Finding::Dismiss, "维持").await.unwrap();
    assert_eq!(state.as_str(), "in_notice");
    v.clock.set(at("2026-06-21T17:59:59+08:00"));
    assert_eq!(due(&v).await, (0, 0));
    v.clock.set(at("2026-06-21T18:00:00+08:00"));
    assert_eq!((due(&v).await, v.available(0).await), ((1, 1), 2_000));
    let ended = Course::Concluded { village: Finding::Dismiss, township: Finding::Dismiss };
    assert_eq!(course(&v, objection).await, ended);
    assert_eq!(v.desk.notice(v.book, notice).await.unwrap().state().unwrap(), NoticeState::Closed);
}

#[tokio::test]
async fn an_appeal_that_is_right_brings_the_line_down_with_everything_else_about_it() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    let first = objected(&v, 1, row.id).await;
    decided(&v, first, Finding::Dismiss).await;
    let other = objected(&v, 2, row.id).await;
    let appeal = appealed(&v, 1, first).await;
    let state = v.desk.decide_appeal(&elder(&v), appeal.id, Finding::Uphold, "确实没有").await.unwrap();
    assert_eq!(state.as_str(), "rejected");
    assert_eq!(course(&v, other).await, Course::Decided(Finding::Uphold));
    v.clock.advance_seconds(30 * DAY);
    assert_eq!((due(&v).await, v.available(0).await), ((0, 1), 0));
}

#[tokio::test]
async fn the_township_asks_for_the_reversal_of_what_is_in_the_ledger_already() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    v.clock.advance_seconds(4 * DAY);
    let objection = objected(&v, 1, row.id).await;
    decided(&v, objection, Finding::Dismiss).await;
    v.clock.advance_seconds(2 * DAY);
    assert_eq!((due(&v).await, v.available(0).await), ((1, 1), 500));
    let appeal = appealed(&v, 1, objection).await;
    let state = v.desk.decide_appeal(&elder(&v), appeal.id, Finding::Uphold, "没有这回事").await.unwrap();
    assert_eq!((state.as_str(), v.available(0).await), ("posted", 500));
    let asked = v.desk.reversals(v.book, "requested", None, 10).await.unwrap();
    assert_eq!((asked.len(), asked[0].reason.as_str()), (1, "没有这回事"));
    v.desk.approve_reversal(&Reviewer::of(&v.second).unwrap(), asked[0].id, "同意").await.unwrap();
    assert_eq!((v.state(row.id).await.as_str(), v.available(0).await), ("reversed", 0));
}

#[tokio::test]
async fn a_household_appeals_for_the_award_it_lost_and_the_sheet_stays_as_it_hung() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    let objection = objected(&v, 1, row.id).await;
    decided(&v, objection, Finding::Uphold).await;
    let own = v.desk.own_objections(&resident(&v, 0)).await.unwrap();
    assert_eq!(own.iter().map(|f| f.objection.id).collect::<Vec<_>>(), [objection]);
    let theirs = Appellant::Resident(resident(&v, 1));
    assert_eq!(refused(v.desk.appeal(&theirs, objection, "再告").await), "not_your_objection");
    let proxy = Appellant::Proxy { clerk: v.clerk(), household: v.households[0] };
    let appeal = v.desk.appeal(&proxy, objection, "有人作证").await.unwrap();
    let state = v.desk.decide_appeal(&elder(&v), appeal.id, Finding::Uphold, "应当加分").await.unwrap();
    assert_eq!(state.as_str(), "rejected", "what hung is not changed: it stands again as another");
    let ended = Course::Concluded { village: Finding::Uphold, township: Finding::Uphold };
    let file = v.desk.objection_file(v.book, objection).await.unwrap();
    assert_eq!(file.course, ended);
    let again = file.restored.unwrap();
    v.publish().await;
    v.clock.advance_seconds(5 * DAY);
    assert_eq!(
        (due(&v).await.0, v.state(again.award).await.as_str(), v.available(0).await),
        (1, "posted", 500)
    );
}

#[tokio::test]
async fn an_appeal_comes_once_in_time_and_from_whom_it_concerns() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    let objection = objected(&v, 1, row.id).await;
    let by = Appellant::Resident(resident(&v, 1));
    assert_eq!(refused(v.desk.appeal(&by, objection, "早").await), "not_decided");
    decided(&v, objection, Finding::Dismiss).await;
    for household in [0, 2] {
        let other = Appellant::Resident(resident(&v, household));
        assert_eq!(refused(v.desk.appeal(&other, objection, "替人").await), "not_your_objection");
    }
    let unnamed = Appellant::Unnamed { book: v.book };
    assert_eq!(refused(v.desk.appeal(&unnamed, objection, "匿名").await), "not_your_objection");
    v.clock.advance_seconds(5 * DAY);
    let appeal = appealed(&v, 1, objection).await;
    assert_eq!(appealed(&v, 1, objection).await, appeal, "the same words again are the same appeal");
    assert_eq!(refused(v.desk.appeal(&by, objection, "又").await), "already_appealed");
    v.desk.decide_appeal(&elder(&v), appeal.id, Finding::Dismiss, "维持").await.unwrap();
    assert_eq!(refused(v.desk.appeal(&by, objection, "再").await), "already_appealed");
    let late = objected_elsewhere(&v).await;
    v.clock.advance_seconds(5 * DAY + 1);
    assert_eq!(refused(v.desk.appeal(&by, late, "晚").await), "appeal_late");
}

/// Another line, dismissed just now.
async fn objected_elsewhere(v: &Village) -> ObjectionId {
    let row = v.approved(3, "D3").await;
    v.publish().await;
    let objection = objected(v, 1, row.id).await;
    decided(v, objection, Finding::Dismiss).await;
    objection
}

#[tokio::test]
async fn two_voices_that_fell_may_both_be_taken_further_until_the_line_is_down() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    let (one, two) = (objected(&v, 1, row.id).await, objected(&v, 2, row.id).await);
    decided(&v, one, Finding::Dismiss).await;
    decided(&v, two, Finding::Dismiss).await;
    let appeal = appealed(&v, 1, one).await;
    v.desk.decide_appeal(&elder(&v), appeal.id, Finding::Uphold, "属实").await.unwrap();
    let by = Appellant::Resident(resident(&v, 2));
    assert_eq!(refused(v.desk.appeal(&by, two, "也不服").await), "nothing_to_appeal");
}

#[tokio::test]
async fn the_final_word_is_said_once_and_by_nobody_concerned() {
    let v = Village::new().await;
    let major = NewMajor::of(&v).await;
    let objection = objected(&v, 1, major.award).await;
    v.desk.accept_objection(&v.clerk, objection).await.unwrap();
    let decider = Staff { user: id(991), roles: vec![Role::Reviewer, Role::Township], ..v.township.clone() };
    let by = Reviewer::of(&decider).unwrap();
    v.desk.decide_objection(&by, objection, Finding::Dismiss, "不成立").await.unwrap();
    let appeal = appealed(&v, 1, objection).await;
    let say = async |staff: &Staff| {
        v.desk.decide_appeal(&Township::of(staff).unwrap(), appeal.id, Finding::Dismiss, "维持").await
    };
    assert_eq!(refused(say(&decider).await), "own_decision");
    assert_eq!(refused(say(&v.township).await), "already_reviewed");
    let town = |staff: &Staff| Staff { roles: vec![Role::Township], ..staff.clone() };
    assert_eq!(refused(say(&town(&v.clerk)).await), "own_record");
    for household in [0, 1] {
        let kin = Staff { person: Some(v.people[household][0]), user: id(992), ..v.township.clone() };
        assert_eq!(refused(say(&kin).await), "own_household");
    }
    let elder = Staff { user: id(993), ..v.township.clone() };
    say(&elder).await.unwrap();
    assert_eq!(say(&elder).await.unwrap().as_str(), "in_notice", "the same word again");
    let other = Township::of(&Staff { user: id(994), ..v.township.clone() }).unwrap();
    let again = v.desk.decide_appeal(&other, appeal.id, Finding::Uphold, "改").await;
    assert_eq!(refused(again), "already_decided");
}

/// An award the township itself has checked, in notice.
struct NewMajor {
    award: AwardId,
}

impl NewMajor {
    async fn of(v: &Village) -> Self {
        let mut claim = v.claim(0, "D2").await;
        claim.grade = Some("county".to_owned());
        let row = v.record(claim).await.unwrap();
        v.approve(row.id).await;
        v.publish().await;
        Self { award: row.id }
    }
}

#[tokio::test]
async fn what_has_hung_its_days_is_gone_even_when_no_job_came_by() {
    let v = Village::new().await;
    let (quiet, disputed) = (v.approved(0, "D3").await, v.approved(1, "D3").await);
    v.clock.set(at("2026-06-03T18:00:00+08:00"));
    let notice = v.publish().await;
    let lines = async |when: &str| {
        let at: Timestamp = when.parse().unwrap();
        v.clock.set(at);
        v.desk
            .hanging_sheet(v.book, notice)
            .await
            .map(|s| s.lines.iter().map(|l| l.award).collect::<Vec<_>>())
    };
    assert_eq!(lines("2026-06-04T18:00:00+08:00").await.unwrap(), [quiet.id, disputed.id]);
    let objection = objected(&v, 2, disputed.id).await;
    assert_eq!(lines("2026-06-09T18:00:00+08:00").await.unwrap().len(), 2);
    assert_eq!(due(&v).await, (1, 0));
    assert_eq!(lines("2026-07-08T17:59:59+08:00").await.unwrap().len(), 2);
    assert_eq!(lines("2026-07-08T18:00:00+08:00").await.unwrap(), [disputed.id], "its dispute is not over");
    assert_eq!(v.desk.hanging(v.book).await.unwrap().len(), 1);
    decided(&v, objection, Finding::Uphold).await;
    assert_eq!(due(&v).await, (0, 1));
    assert!(matches!(lines("2026-07-08T18:00:01+08:00").await, Err(ServiceError::NotFound("notice"))));
    assert!(v.desk.hanging(v.book).await.unwrap().is_empty());
    assert_eq!(jobs::tick(&v.desk).await.unwrap().taken_down, 1);
}
