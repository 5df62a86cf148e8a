//! Notices that run by working days: over the National Day, with an objection in it, and with a calendar that is changed
//! while a sheet hangs.

use std::sync::Arc;

use greencoin::{
    domain::{calendar::Calendar, ids::AwardId, ruleset},
    service::{
        caller::Reviewer,
        objection::{Finding, Objector},
    },
};

use crate::{
    engine::{Engine, clock},
    hamlet::{Village, at},
};

/// A village whose notices run by working days, on 28 September 2026 at six in the evening.
async fn village() -> Village {
    let (engine, clock) = (Engine::fresh().await, clock());
    let desk = engine.desk(&clock).await;
    let v = Village::found(engine, clock, desk, 1).await;
    let rules = ruleset::shipped()[0].1.replace("notice_mode = \"calendar\"", "notice_mode = \"working\"");
    v.endow_by(&rules, 10_000_000).await;
    v.clock.set(at("2026-09-28T18:00:00+08:00"));
    v
}

async fn closes(v: &Village, award: AwardId) -> String {
    let row = v.desk.award_file(v.book, award).await.unwrap().award;
    row.closes_at.map_or_else(|| "stopped".to_owned(), greencoin::domain::time::Timestamp::minute)
}

/// How many lines are posted a moment before and at that minute.
async fn posted_around(v: &Village, minute: &str) -> (usize, usize) {
    let until = at(minute);
    v.clock.set(until.plus_seconds(-1));
    let before = v.desk.post_due_lines(v.book).await.unwrap().posted;
    v.clock.set(until);
    (before, v.desk.post_due_lines(v.book).await.unwrap().posted)
}

#[tokio::test]
async fn an_objection_over_the_national_day_costs_a_line_none_of_its_working_days() {
    let v = village().await;
    let (quiet, disputed) = (v.approved(0, "D3").await.id, v.approved(1, "D3").await.id);
    v.publish().await;
    // 29 and 30 September, 8 and 9 October, and the Saturday made up
    assert_eq!(closes(&v, quiet).await, "2026-10-10 18:00");
    v.clock.set(at("2026-09-30T18:00:00+08:00"));
    let by = Objector::Proxy { clerk: v.clerk(), household: v.households[1] };
    let objection = v.desk.object(&by, disputed, "不是我家").await.unwrap();
    assert_eq!(closes(&v, disputed).await, "stopped");
    v.clock.set(at("2026-10-05T12:00:00+08:00"));
    let second = Reviewer::of(&v.third).unwrap();
    v.desk.decide_objection(&second, objection.id, Finding::Dismiss, "查了记录").await.unwrap();
    // three working days after it goes on, as three that start then
    assert_eq!(closes(&v, disputed).await, "2026-10-10 12:00");
    assert_eq!(posted_around(&v, "2026-10-10T12:00:00+08:00").await, (0, 1));
    assert_eq!(posted_around(&v, "2026-10-10T18:00:00+08:00").await, (0, 1));
    v.assert_balanced().await;
}

#[tokio::test]
async fn a_line_with_one_working_day_left_runs_on_into_a_working_day_also_after_an_appeal() {
    let v = village().await;
    let disputed = v.approved(1, "D3").await.id;
    v.publish().await;
    v.clock.set(at("2026-10-09T18:00:00+08:00"));
    let by = Objector::Proxy { clerk: v.clerk(), household: v.households[1] };
    let objection = v.desk.object(&by, disputed, "不是我家").await.unwrap();
    v.clock.set(at("2026-10-16T18:00:00+08:00"));
    let second = Reviewer::of(&v.third).unwrap();
    v.desk.decide_objection(&second, objection.id, Finding::Dismiss, "查了记录").await.unwrap();
    assert_eq!(closes(&v, disputed).await, "2026-10-19 18:00", "Friday to Monday");
    let appellant =
        greencoin::service::appeal::Appellant::Proxy { clerk: v.clerk(), household: v.households[1] };
    let appeal = v.desk.appeal(&appellant, objection.id, "没有问过我").await.unwrap();
    v.clock.set(at("2026-10-23T20:00:00+08:00"));
    v.desk.decide_appeal(&v.township(), appeal.id, Finding::Dismiss, "村里说得对").await.unwrap();
    assert_eq!(closes(&v, disputed).await, "2026-10-26 20:00");
    assert_eq!(posted_around(&v, "2026-10-26T20:00:00+08:00").await, (0, 1));
    v.assert_balanced().await;
}

#[tokio::test]
async fn a_sheet_that_hangs_keeps_its_day_when_the_calendar_changes_and_the_next_goes_by_the_new_one() {
    let mut v = village().await;
    let first = v.approved(0, "D3").await.id;
    v.publish().await;
    let year = "[[year]]\nyear = 2026\nsource = \"x\"\npublished = true\nworkdays = []\nholidays = ";
    let newer = Calendar::parse(&format!("{year}[\"2026-09-29..2026-10-16\"]\n")).unwrap();
    v.desk.calendar = Arc::new(Calendar::shipped().with(newer));
    assert_eq!(closes(&v, first).await, "2026-10-10 18:00");
    let second = v.approved(1, "D3").await.id;
    v.publish().await;
    assert_eq!(closes(&v, second).await, "2026-10-23 18:00");
    assert_eq!(posted_around(&v, "2026-10-10T18:00:00+08:00").await, (0, 1));
    assert_eq!(v.state(first).await, "posted");
    assert_eq!(posted_around(&v, "2026-10-23T18:00:00+08:00").await, (0, 1));
}
