//! What may be issued: never past the ceiling of the year or the month, never without money, whoever asks at once.

use futures_util::future::join_all;
use greencoin::{
    domain::{
        book::{MeterUse, TxnKind},
        chart,
        ids::{AwardId, NoticeId},
        money::{CoverageLevel, issue_meter},
        notice::NoticeState,
        posting::{Commodity, Line},
        ruleset,
    },
    service::{
        Actor, ServiceError, ServiceResult,
        award::NewAward,
        books::{Order, facts},
        caller::Reviewer,
        issue::Standing,
        notice::post::Pass,
    },
    store::notice::NoticeRow,
};

use crate::{
    engine::{Engine, clock},
    hamlet::{Village, at},
};

const DAY: i64 = 86_400;
/// Clerks who publish at once.
const CLERKS: usize = 64;

/// A village whose rules let `ceiling` points be issued a year, with so many fen behind them. It is 3 June.
async fn village(ceiling: &str, fen: i64) -> Village {
    let (engine, clock) = (Engine::fresh().await, clock());
    clock.set(at("2026-06-03T10:00:00+08:00"));
    let desk = engine.desk(&clock).await;
    let v = Village::found(engine, clock, desk, 1).await;
    let rules = ruleset::shipped()[0]
        .1
        .replace("annual_ceiling = 80000", &format!("annual_ceiling = {ceiling}"))
        .replace("cap_month = 60", "cap_month = 50")
        .replace("cap_year = 400", "cap_year = 100");
    v.endow_with(&rules, fen * 2, fen).await;
    v
}

/// Two points of their own for person `n`, on a sheet of its own.
async fn sheet(v: &Village, n: usize) -> (AwardId, NoticeId) {
    let household = n % 8;
    let new = NewAward {
        person: Some(v.people[household][n / 8 % 3]),
        occurred_on: v.desk.today().plus(-i32::try_from(n / 24).unwrap()),
        ..v.claim(household, "C1").await
    };
    let award = v.record(new).await.unwrap();
    v.approve(award.id).await;
    (award.id, v.compile().await)
}

async fn publish(v: &Village, sheet: NoticeId) -> ServiceResult<NoticeRow> {
    v.desk.publish_notice(&Reviewer::of(&v.reviewer).unwrap(), sheet).await
}

/// The code of a refusal, and what it says is needed, there and missing.
fn refusal<T: std::fmt::Debug>(result: ServiceResult<T>) -> (&'static str, [String; 3]) {
    match result.unwrap_err() {
        ServiceError::Refused(r) => (r.code, ["needed", "available", "shortage"].map(|f| r.facts[f].clone())),
        other => panic!("not a refusal: {other:?}"),
    }
}

async fn standing(v: &Village) -> Standing {
    v.desk.issue_standing(v.book).await.unwrap().unwrap()
}

async fn post_all(v: &Village) {
    for pass in join_all((0..4).map(|_| v.desk.post_due_lines(v.book))).await {
        pass.unwrap();
    }
}

/// Every sheet published at once, each by a task of its own.
async fn publish_all(v: &Village, sheets: &[(AwardId, NoticeId)]) -> Vec<ServiceResult<NoticeRow>> {
    let by = Reviewer::of(&v.reviewer).unwrap();
    let tasks = sheets.iter().map(|(_, sheet)| {
        let (desk, by, sheet) = (v.desk.clone(), by.clone(), *sheet);
        tokio::spawn(async move { desk.publish_notice(&by, sheet).await })
    });
    join_all(tasks.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect()
}

fn words(facts: [&str; 3]) -> [String; 3] {
    facts.map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_ceiling_is_passed_whoever_publishes_at_once_and_a_refused_sheet_is_as_it_was() {
    // 100 a year: by the end of June 100 ÷ 12 × 6 × 1.3 = 65, by July 75.83
    let v = village("100", 1_000_000).await;
    let mut sheets = Vec::new();
    for n in 0..CLERKS {
        sheets.push(sheet(&v, n).await);
    }
    let asked = publish_all(&v, &sheets).await;
    let mut hanging = 0;
    for ((award, sheet), result) in sheets.iter().zip(asked) {
        let now = v.desk.notice(v.book, *sheet).await.unwrap();
        if result.is_ok() {
            assert_eq!(now.state().unwrap(), NoticeState::Published);
            hanging += 1;
        } else {
            assert_eq!(refusal(result), ("month_ceiling_reached", words(["66", "65", "1"])));
            assert_eq!((now.state().unwrap(), now.published_at), (NoticeState::Compiled, None));
            assert_eq!(v.desk.award_file(v.book, *award).await.unwrap().award.closes_at, None);
        }
    }
    assert_eq!(hanging, 32, "the largest even number of points within 65");
    v.clock.advance_seconds(5 * DAY);
    post_all(&v).await;
    assert_eq!((standing(&v).await.issued, standing(&v).await.promised), (6_400, 0));

    // what happened in the year has its whole ceiling when the year is over
    v.clock.set(at("2027-01-04T10:00:00+08:00"));
    let refused = publish_all(&v, &sheets).await.into_iter().filter(Result::is_err).map(refusal);
    let over = ("year_ceiling_reached", words(["38", "36", "2"]));
    assert_eq!(refused.collect::<Vec<_>>(), vec![over; 64 - 32 - 18]);
    v.clock.advance_seconds(5 * DAY);
    post_all(&v).await;
    let issued: i64 = join_all((0..8).map(|home| v.available(home))).await.into_iter().sum();
    assert_eq!(issued, 10_000, "the ceiling to the point");
    assert_eq!((standing(&v).await.year, standing(&v).await.issued), (2027, 0));
    v.assert_balanced().await;
}

#[tokio::test]
async fn lines_post_within_the_ceiling_whatever_hung_before_and_wait_for_the_month_that_has_room() {
    let v = village("100", 1_000_000).await;
    for n in 0..4 {
        let (_, sheet) = sheet(&v, n).await;
        publish(&v, sheet).await.unwrap();
    }
    issue(&v, 6_000, 6_500).await.unwrap();
    v.clock.advance_seconds(5 * DAY);
    // 65 − 60 = 5: two lines of 2
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap(), Pass { posted: 2, left: 2, closed: 2 });
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap(), Pass { posted: 0, left: 2, closed: 0 });
    assert_eq!(standing(&v).await.issued, 6_400);
    v.clock.set(at("2026-07-01T00:00:00+08:00"));
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap(), Pass { posted: 2, left: 0, closed: 2 });
    assert_eq!(standing(&v).await.issued, 6_800);
    assert_eq!(refused_by_the_book(&v).await, "limit_exceeded");
    v.assert_balanced().await;
}

/// Points issued past the sheets, as another process would that did not see them.
async fn issue(v: &Village, points: i64, ceiling: i64) -> ServiceResult<()> {
    let lines = vec![
        Line::new(chart::budget("Service").unwrap(), Commodity::point(), points),
        Line::new(chart::household_available("H0001").unwrap(), Commodity::point(), -points),
    ];
    let key = format!("beside:{points}");
    let (effective_on, body) = (v.desk.today(), facts([]));
    let order = Order { key: &key, kind: TxnKind::Award, effective_on, source: None, body };
    let mut command = v.desk.command(&Actor::System, order, lines).unwrap();
    command.meters.push(MeterUse::capped(issue_meter(2026), points, ceiling));
    v.desk.posted(v.book, command, Vec::new()).await.map(drop)
}

/// 75.83 − 68 = 7.83.
async fn refused_by_the_book(v: &Village) -> &'static str {
    issue(v, 783, 7_583).await.unwrap();
    crate::hamlet::refused(issue(v, 1, 7_583).await)
}

#[tokio::test]
async fn a_sheet_whose_points_have_no_money_behind_them_does_not_hang() {
    // 4 points are worth 2 yuan
    let v = village("80000", 200).await;
    assert_eq!(
        (standing(&v).await.coverage.level(), standing(&v).await.coverage.hundredths()),
        (CoverageLevel::Enough, None)
    );
    let (_, first) = sheet(&v, 0).await;
    publish(&v, first).await.unwrap();
    let (_, second) = sheet(&v, 1).await;
    spend(&v, 1).await;
    assert_eq!(refusal(publish(&v, second).await), ("coverage_short", words(["2.00", "1.99", "0.01"])));
    assert_eq!(v.desk.notice(v.book, second).await.unwrap().state().unwrap(), NoticeState::Compiled);
    v.desk.receive_money(&v.township, "more", "Service", "Finance", 1).await.unwrap();
    // exactly 1.0 does not stop
    publish(&v, second).await.unwrap();
    let then = standing(&v).await;
    assert_eq!((then.coverage.hundredths(), then.with_promised.hundredths()), (None, Some(100)));
    assert_eq!(then.with_promised.level(), CoverageLevel::Thin);
    v.clock.advance_seconds(5 * DAY);
    post_all(&v).await;
    v.desk.receive_money(&v.township, "thin", "Service", "Finance", 39).await.unwrap();
    assert_eq!(
        (standing(&v).await.coverage.hundredths(), standing(&v).await.coverage.level()),
        (Some(119), CoverageLevel::Thin)
    );
    v.desk.receive_money(&v.township, "enough", "Service", "Finance", 1).await.unwrap();
    assert_eq!(standing(&v).await.coverage.level(), CoverageLevel::Enough);
    v.assert_balanced().await;
}

/// Money spent from the fund.
async fn spend(v: &Village, fen: i64) {
    let lines = vec![
        Line::new(chart::fund("Service").unwrap(), Commodity::cnyfen(), -fen),
        Line::new(chart::rewards(), Commodity::cnyfen(), fen),
    ];
    let (effective_on, body) = (v.desk.today(), facts([]));
    let order = Order { key: "spent", kind: TxnKind::Settlement, effective_on, source: None, body };
    let command = v.desk.command(&Actor::System, order, lines).unwrap();
    v.desk.posted(v.book, command, Vec::new()).await.unwrap();
}
