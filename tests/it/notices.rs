//! Notices: ceilings, clocks, objections, and a job that posts once whatever happens.

use futures_util::future::join_all;
use greencoin::{
    domain::{canonical::hex, ids::AwardId, notice::NoticeState},
    jobs,
    service::{
        ServiceError,
        award::NewAward,
        caller::{Clerk, Resident, Reviewer, Role, Staff},
        notice::NewNotice,
        objection::{Finding, Objector},
    },
    store::ledger::read,
};

use crate::hamlet::{Village, at, refused};

fn resident(v: &Village, household: usize) -> Objector {
    Objector::Resident(Resident { book: v.book, household: v.households[household] })
}

/// Handbook §16, example 3.
#[tokio::test]
async fn an_objection_freezes_its_line_only_and_a_dismissal_lets_the_clock_go_on() {
    let v = Village::new().await;
    let home = v.approved(0, "A6").await;
    let other = v.approved(1, "D3").await;
    v.clock.set(at("2026-06-03T18:00:00+08:00"));
    let notice = v.publish().await;
    let sheet = v.desk.notice(v.book, notice).await.unwrap();
    assert_eq!((sheet.days, sheet.closes_at), (7, Some(at("2026-06-10T18:00:00+08:00"))));

    v.clock.set(at("2026-06-08T18:00:00+08:00"));
    let objection = v.desk.object(&resident(&v, 2), home.id, "没有拆").await.unwrap();
    v.clock.set(at("2026-06-10T18:00:00+08:00"));
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    assert_eq!((v.state(home.id).await, v.state(other.id).await), ("objected".into(), "posted".into()));
    assert_eq!((v.available(0).await, v.available(1).await), (0, 500));

    v.clock.set(at("2026-06-12T18:00:00+08:00"));
    let by = Reviewer::of(&v.third).unwrap();
    v.desk.accept_objection(&v.clerk, objection.id).await.unwrap();
    v.desk.decide_objection(&by, objection.id, Finding::Dismiss, "现场核实已拆").await.unwrap();
    v.clock.set(at("2026-06-14T17:59:59+08:00"));
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 0);
    v.clock.set(at("2026-06-14T18:00:00+08:00"));
    let pass = v.desk.post_due_lines(v.book).await.unwrap();
    assert_eq!((pass.posted, pass.closed), (1, 1));
    assert_eq!(v.available(0).await, 2_000);
    assert_eq!(v.desk.notice(v.book, notice).await.unwrap().state().unwrap(), NoticeState::Closed);
}

#[tokio::test]
async fn an_objection_that_stands_rejects_its_line() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    let objection = v.desk.object(&resident(&v, 1), row.id, "没有帮过").await.unwrap();
    let second = Objector::Anonymous { clerk: v.clerk() };
    v.desk.object(&second, row.id, "意见箱来信").await.unwrap();
    let by = Reviewer::of(&v.third).unwrap();
    v.desk.accept_objection(&v.clerk, objection.id).await.unwrap();
    v.desk.decide_objection(&by, objection.id, Finding::Uphold, "属实").await.unwrap();
    v.clock.advance_seconds(30 * 86_400);
    let pass = v.desk.post_due_lines(v.book).await.unwrap();
    assert_eq!((pass.posted, pass.closed), (0, 1));
    assert_eq!((v.state(row.id).await.as_str(), v.available(0).await), ("rejected", 0));
    assert!(v.desk.objections(v.book, "open", i64::MAX, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_line_stays_frozen_until_its_last_objection_is_decided() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    let first = v.desk.object(&resident(&v, 1), row.id, "一").await.unwrap();
    assert_eq!(refused(v.desk.object(&resident(&v, 1), row.id, "又").await), "already_objected");
    let second = v.desk.object(&resident(&v, 2), row.id, "二").await.unwrap();
    let by = Reviewer::of(&v.third).unwrap();
    for id in [first.id, second.id] {
        v.desk.accept_objection(&v.clerk, id).await.unwrap();
    }
    let after = v.desk.decide_objection(&by, first.id, Finding::Dismiss, "不属实").await.unwrap();
    assert_eq!(after.as_str(), "objected");
    let after = v.desk.decide_objection(&by, second.id, Finding::Dismiss, "不属实").await.unwrap();
    assert_eq!(after.as_str(), "in_notice");
    assert_eq!(
        refused(v.desk.decide_objection(&by, second.id, Finding::Uphold, "再议").await),
        "already_decided"
    );
}

#[tokio::test]
async fn whoever_had_a_part_in_an_award_does_not_decide_its_objection() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    let sheet = v.compile().await;
    v.desk.publish_notice(&Reviewer::of(&v.second).unwrap(), sheet).await.unwrap();
    let objection = v.desk.object(&resident(&v, 1), row.id, "不实").await.unwrap();
    v.desk.accept_objection(&v.clerk, objection.id).await.unwrap();
    let decide = async |staff: &Staff| {
        let by = Reviewer::of(staff).unwrap();
        v.desk.decide_objection(&by, objection.id, Finding::Dismiss, "不属实").await
    };
    let recorder = Staff { roles: vec![Role::Reviewer], ..v.clerk.clone() };
    assert_eq!(refused(decide(&recorder).await), "own_record");
    assert_eq!(refused(decide(&v.reviewer).await), "already_reviewed");
    assert_eq!(refused(decide(&v.second).await), "own_sheet", "who hung it up");
    let neighbour = Staff { person: Some(v.people[1][1]), ..v.third.clone() };
    assert_eq!(refused(decide(&neighbour).await), "own_household");
    decide(&v.third).await.unwrap();
}

#[tokio::test]
async fn an_objection_comes_while_the_sheet_hangs_or_not_at_all() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    assert_eq!(refused(v.desk.object(&resident(&v, 1), row.id, "早").await), "not_in_notice");
    let notice = v.compile().await;
    assert_eq!(refused(v.desk.object(&resident(&v, 1), row.id, "早").await), "not_in_notice");
    v.desk.publish_notice(&Reviewer::of(&v.reviewer).unwrap(), notice).await.unwrap();
    v.clock.advance_seconds(5 * 86_400);
    assert_eq!(refused(v.desk.object(&resident(&v, 1), row.id, "晚").await), "notice_over");
}

/// Handbook §16, example 4.
#[tokio::test]
async fn a_sheet_beyond_the_budget_is_refused_whole_with_the_shortage() {
    let v = Village::with_budget(2_400).await;
    let big = v.approved(0, "A6").await;
    let first = v.publish().await;
    let small = v.approved(1, "D3").await;
    let second = v.compile().await;
    let refusal = match v.desk.publish_notice(&Reviewer::of(&v.reviewer).unwrap(), second).await {
        Err(ServiceError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    assert_eq!(refusal.code, "ceiling_reached");
    let fact = |name: &str| refusal.facts[name].as_str();
    assert_eq!((fact("needed"), fact("available"), fact("shortage")), ("25", "24", "1"));
    assert_eq!(v.desk.notice(v.book, second).await.unwrap().state().unwrap(), NoticeState::Compiled);

    v.clock.advance_seconds(7 * 86_400);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    assert_eq!(v.desk.notice(v.book, first).await.unwrap().state().unwrap(), NoticeState::Closed);
    assert_eq!(
        refused(v.desk.publish_notice(&Reviewer::of(&v.reviewer).unwrap(), second).await),
        "ceiling_reached"
    );
    v.desk.authorise(&v.township, "more", "Service", 100, "追加额度").await.unwrap();
    v.desk.publish_notice(&Reviewer::of(&v.reviewer).unwrap(), second).await.unwrap();
    assert_eq!((v.state(big.id).await, v.state(small.id).await), ("posted".into(), "in_notice".into()));
}

#[tokio::test]
async fn who_puts_a_sheet_together_does_not_publish_it() {
    let v = Village::new().await;
    v.approved(0, "D3").await;
    let both = Staff { roles: vec![Role::Clerk, Role::Reviewer], ..v.other_clerk.clone() };
    let new =
        NewNotice { title: "公示".to_owned(), group: None, fund: "Service".to_owned(), days: Some(9) };
    let notice = v.desk.compile_notice(&Clerk::of(&both).unwrap(), &new).await.unwrap();
    assert_eq!(notice.days, 9);
    assert_eq!(refused(v.desk.publish_notice(&Reviewer::of(&both).unwrap(), notice.id).await), "own_sheet");
    assert_eq!(refused(v.desk.compile_notice(&v.clerk(), &new).await), "nothing_to_compile");
    v.desk.withdraw_notice(&v.clerk(), notice.id, "标题有误").await.unwrap();
    assert_eq!(v.desk.todo(v.book).await.unwrap().approved, 1);
    let published = v.publish().await;
    let again = v.desk.publish_notice(&Reviewer::of(&v.second).unwrap(), published).await;
    assert_eq!(refused(again), "state_changed");
}

#[tokio::test]
async fn a_sheet_masks_names_hides_deductions_and_carries_the_head_of_the_ledger() {
    let v = Village::new().await;
    v.approved(0, "D3").await;
    v.approved(5, "F2").await;
    let notice = v.publish().await;
    let sheet = v.desk.sheet(v.book, notice).await.unwrap();
    assert_eq!(sheet.lines[0].head.as_deref(), Some("张*国"));
    assert_eq!(sheet.lines[0].household_no.as_deref(), Some("H0001"));
    assert_eq!((sheet.lines[1].head.as_deref(), sheet.lines[1].household_no.as_deref()), (None, None));
    assert_eq!((sheet.lines[1].honor, sheet.lines[1].group.as_str()), (-500, "二组"));
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let head = read::head(&mut tx, v.book).await.unwrap().unwrap();
    // the sheet itself is the next in the log
    assert_eq!(sheet.notice.head_size, Some(head.seq - 1));
    assert_eq!(sheet.notice.sealed_seq, Some(head.seq));
    let sealed = read::txn(&mut tx, v.book, head.seq).await.unwrap().unwrap();
    let digest = hex(&sheet.notice.digest.unwrap());
    assert_eq!((sealed.kind.as_str(), digest.len()), ("notice", 64));
    assert!(sealed.body.contains(&digest), "{}", sealed.body);
}

/// Five hundred lines, four passes at once, then one more: every line once.
#[tokio::test]
async fn passes_at_once_post_every_line_once() {
    let v = Village::new().await;
    let awards = many(&v).await;
    v.publish().await;
    v.clock.advance_seconds(8 * 86_400);
    let passes = join_all((0..4).map(|_| v.desk.post_due_lines(v.book))).await;
    assert!(passes.iter().all(Result::is_ok), "{passes:?}");
    until_nothing_is_left(&v).await;
    check_once(&v, &awards).await;
}

#[tokio::test]
async fn a_pass_that_dies_midway_and_runs_again_posts_nothing_twice() {
    let v = Village::new().await;
    let awards = many(&v).await;
    v.publish().await;
    v.clock.advance_seconds(8 * 86_400);
    for _ in 0..6 {
        let desk = v.desk.clone();
        let book = v.book;
        let pass = tokio::spawn(async move { desk.post_due_lines(book).await });
        tokio::task::yield_now().await;
        pass.abort();
        let _aborted_or_done = pass.await;
    }
    until_nothing_is_left(&v).await;
    check_once(&v, &awards).await;
}

/// A pass that finds the ledger busy leaves lines to the next one, and says so: passes run until one finds nothing.
async fn until_nothing_is_left(v: &Village) {
    let mut idle = false;
    for _ in 0..100 {
        idle = jobs::tick(&v.desk).await.unwrap() == jobs::Tick::default();
        if idle {
            break;
        }
    }
    assert!(idle, "a hundred passes and still something to do");
    let sheets = v.desk.notices(v.book, None, i64::MAX, 10).await.unwrap();
    assert!(sheets.iter().all(|sheet| sheet.state().unwrap() == NoticeState::Closed), "{sheets:?}");
}

async fn many(v: &Village) -> Vec<AwardId> {
    let mut lines = Vec::new();
    for household in 0..8 {
        for member in &v.people[household] {
            for day in 0..4 {
                let occurred_on = v.desk.today().plus(-30 + day * 7);
                let quantity = rust_decimal::Decimal::ONE;
                lines.push(NewAward {
                    person: Some(*member),
                    quantity,
                    occurred_on,
                    ..v.claim(household, "C1").await
                });
            }
        }
    }
    let outcome = v.desk.record_awards(&v.recorder(), &lines, "many").await.unwrap();
    let ids: Vec<AwardId> = outcome.into_result().unwrap().awards.iter().map(|a| a.id).collect();
    for id in &ids {
        v.approve(*id).await;
    }
    ids
}

async fn check_once(v: &Village, awards: &[AwardId]) {
    for id in awards {
        assert_eq!(v.state(*id).await, "posted");
    }
    for household in 0..8 {
        assert_eq!(v.available(household).await, 3 * 4 * 200);
    }
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let txns = read::txns(&mut tx, v.book, 0, 1_000).await.unwrap();
    let posted = txns.iter().filter(|t| t.kind == "award").count();
    assert_eq!(posted, awards.len());
    drop(tx);
    v.assert_balanced().await;
}

/// Handbook §16, example 7.
#[tokio::test]
async fn a_deduction_takes_reputation_down_to_its_floor_and_never_spendable_points() {
    let v = Village::new().await;
    v.approved(0, "D3").await;
    for (n, points) in [(1, 90), (2, 5), (3, 5)] {
        let occurred_on = v.desk.today().plus(-n);
        let f5 = NewAward { occurred_on, ..v.claim(0, if points == 90 { "F5" } else { "F2" }).await };
        let row = v.record(f5).await.unwrap();
        v.approve(row.id).await;
    }
    v.publish().await;
    v.clock.advance_seconds(7 * 86_400);
    let before = v.honor(0).await;
    let pass = v.desk.post_due_lines(v.book).await.unwrap();
    assert_eq!((pass.posted, pass.left), (4, 0));
    assert_eq!((before, v.honor(0).await, v.available(0).await), (10_000, 10_500 - 1_000 - 1_000, 500));
    v.assert_balanced().await;
}

#[tokio::test]
async fn a_closed_sheet_is_taken_down_after_thirty_days() {
    let v = Village::new().await;
    v.approved(0, "D3").await;
    let notice = v.publish().await;
    v.clock.advance_seconds(5 * 86_400);
    assert_eq!(jobs::tick(&v.desk).await.unwrap().closed, 1);
    v.clock.advance_seconds(29 * 86_400);
    assert_eq!(jobs::tick(&v.desk).await.unwrap().taken_down, 0);
    v.clock.advance_seconds(86_400);
    assert_eq!(jobs::tick(&v.desk).await.unwrap().taken_down, 1);
    assert_eq!(v.desk.notice(v.book, notice).await.unwrap().state().unwrap(), NoticeState::TakenDown);
}

#[tokio::test]
async fn every_household_begins_the_year_with_the_same_reputation_once() {
    let v = Village::new().await;
    assert_eq!(v.honor(3).await, 10_000);
    assert_eq!(v.desk.give_honor_bases(v.book).await.unwrap(), 0);
    v.approved(3, "D3").await;
    v.publish().await;
    v.clock.advance_seconds(5 * 86_400);
    jobs::tick(&v.desk).await.unwrap();
    assert_eq!(v.honor(3).await, 10_500);
    v.clock.set(at("2027-01-01T00:00:01+08:00"));
    jobs::tick(&v.desk).await.unwrap();
    assert_eq!((v.honor(3).await, v.honor(0).await, v.available(3).await), (10_000, 10_000, 500));
}
