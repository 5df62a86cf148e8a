//! Money behind the points: two people for what comes in, numbered papers without gaps, budgets within the money.

use futures_util::future::join_all;
use greencoin::{
    domain::money::SourceKind,
    service::{
        ServiceError, ServiceResult,
        caller::{Reviewer, Staff},
        funds::{FundView, NewFund},
        money::MoneyIn,
    },
    store::money::MoneyRow,
};

use crate::hamlet::{Village, at, refused};

const DAY: i64 = 86_400;

fn money_in(v: &Village, fund: &str, fen: i64) -> MoneyIn {
    MoneyIn {
        fund: fund.to_owned(),
        fen,
        payer: "李大山".to_owned(),
        document: "收字12号".to_owned(),
        purpose: "积分物资".to_owned(),
        received_on: v.desk.today(),
    }
}

async fn recorded(v: &Village, fund: &str, fen: i64) -> MoneyRow {
    v.desk.record_money(&v.clerk(), &money_in(v, fund, fen)).await.unwrap()
}

async fn confirm(v: &Village, by: &Staff, row: &MoneyRow) -> ServiceResult<MoneyRow> {
    v.desk.confirm_money(&Reviewer::of(by).unwrap(), row.id).await
}

async fn came_in(v: &Village, fund: &str, fen: i64) -> MoneyRow {
    let row = recorded(v, fund, fen).await;
    confirm(v, &v.reviewer, &row).await.unwrap()
}

/// A village with one more source, of this kind.
async fn with_source(kind: SourceKind, carries_over: bool) -> Village {
    let v = Village::new().await;
    let new = NewFund { kind, carries_over, ..NewFund::named("New", "新来源", "") };
    v.desk.open_fund(&v.township(), &new).await.unwrap();
    v
}

async fn source(v: &Village) -> FundView {
    v.desk.funds(v.book).await.unwrap().into_iter().find(|f| f.fund.code == "New").unwrap()
}

fn facts<T: std::fmt::Debug>(result: ServiceResult<T>) -> (&'static str, Vec<String>) {
    match result.unwrap_err() {
        ServiceError::Refused(r) => {
            let names = ["needed", "available", "shortage"];
            (r.code, names.iter().map(|n| r.facts.get(*n).cloned().unwrap_or_default()).collect())
        }
        other => panic!("not a refusal: {other:?}"),
    }
}

#[tokio::test]
async fn money_counts_when_a_second_person_has_confirmed_it_and_then_once() {
    let v = with_source(SourceKind::Collective, true).await;
    let row = recorded(&v, "New", 50_000).await;
    assert_eq!((row.state.as_str(), source(&v).await.money), ("recorded", 0));
    let both = Staff { user: v.clerk.user, ..v.reviewer.clone() };
    assert_eq!(refused(confirm(&v, &both, &row).await), "own_receipt");
    let posted = confirm(&v, &v.reviewer, &row).await.unwrap();
    let again = confirm(&v, &v.reviewer, &row).await.unwrap();
    assert_eq!((posted.state.as_str(), posted.seq.is_some(), posted.receipt_no), ("confirmed", true, None));
    assert_eq!(again, posted);
    assert_eq!(refused(confirm(&v, &v.second, &row).await), "state_changed");
    let wrong = recorded(&v, "New", 7).await;
    let by = Reviewer::of(&v.reviewer).unwrap();
    let wrong = v.desk.refuse_money(&by, wrong.id, "没有单据").await.unwrap();
    assert_eq!((wrong.state.as_str(), wrong.seq), ("refused", None));
    let after = source(&v).await;
    assert_eq!((after.money, after.free), (50_000, 50_000));
    let tomorrow = MoneyIn { received_on: v.desk.today().plus(1), ..money_in(&v, "New", 1) };
    assert_eq!(refused(v.desk.record_money(&v.clerk(), &tomorrow).await), "future_date");
    v.assert_balanced().await;
}

#[tokio::test]
async fn papers_for_donors_are_numbered_without_gaps_whatever_is_refused_or_undone() {
    let v = with_source(SourceKind::Donation, true).await;
    let rows =
        [recorded(&v, "New", 100).await, recorded(&v, "New", 200).await, recorded(&v, "New", 300).await];
    let by = Reviewer::of(&v.second).unwrap();
    v.desk.refuse_money(&by, rows[1].id, "重复").await.unwrap();
    let (last, first) = tokio::join!(confirm(&v, &v.reviewer, &rows[2]), confirm(&v, &v.reviewer, &rows[0]));
    let (last, first) = (last.unwrap(), first.unwrap());
    let mut numbers = [last.receipt_no, first.receipt_no];
    numbers.sort_unstable();
    assert_eq!(numbers, [Some(1), Some(2)]);
    let undo = v.desk.request_reversal(&v.clerk(), first.seq.unwrap(), "退回捐赠人").await.unwrap();
    v.desk.approve_reversal(&by, undo.id, "同意").await.unwrap();
    let undone = v.desk.money(v.book, first.id).await.unwrap();
    assert!(undone.reversed_by.is_some() && undone.receipt_no == first.receipt_no);
    assert_eq!(came_in(&v, "New", 400).await.receipt_no, Some(3));
    assert_eq!((source(&v).await.money, source(&v).await.free), (700, 700));
    v.assert_balanced().await;
}

#[tokio::test]
async fn a_budget_is_refused_beyond_the_money_behind_it_with_the_figures() {
    let v = with_source(SourceKind::ServiceFund, true).await;
    came_in(&v, "New", 5_000).await;
    let ask = async |key: &str, points| v.desk.authorise(&v.township, key, "New", points, "批复").await;
    // 100 points are worth 50 yuan
    let over = ask("over", 10_001).await;
    assert_eq!(facts(over), ("budget_beyond_money", vec!["50.01".into(), "50.00".into(), "0.01".into()]));
    ask("part", 6_000).await.unwrap();
    assert_eq!(facts(ask("again", 6_000).await).1, ["30.00", "20.00", "10.00"]);
    let money = v.desk.money_received(v.book, i64::MAX, 1).await.unwrap().remove(0);
    let undo = v.desk.request_reversal(&v.clerk(), money.seq.unwrap(), "退回").await.unwrap();
    // the money of a budget is not taken from under it
    let by = Reviewer::of(&v.second).unwrap();
    assert_eq!(refused(v.desk.approve_reversal(&by, undo.id, "同意").await), "meter_underflow");
    let view = source(&v).await;
    assert_eq!((view.authorised, view.left, view.money, view.free), (6_000, 6_000, 5_000, 2_000));
}

#[tokio::test]
async fn budgets_asked_for_at_once_never_come_to_more_than_the_money() {
    let v = with_source(SourceKind::AwardInLieu, true).await;
    came_in(&v, "New", 10_000).await;
    let asks = (0..64).map(|n| {
        let desk = v.desk.clone();
        let township = v.township.clone();
        async move { desk.authorise(&township, &format!("k{n}"), "New", 700 + n, "批复").await }
    });
    let given = join_all(asks).await.into_iter().filter(Result::is_ok).count();
    let view = source(&v).await;
    assert!(given > 0 && view.free >= 0, "{given} {view:?}");
    assert!(view.authorised * 50 <= 10_000 * 100, "{view:?}");
    // nobody was turned away for nothing
    assert!(view.free < 383, "{view:?}");
}

#[tokio::test]
async fn a_closed_budget_still_covers_the_sheets_that_hang_and_frees_the_rest() {
    let v = Village::new().await;
    v.approved(0, "D3").await;
    v.publish().await;
    let free = |funds: Vec<FundView>| (funds[0].left, funds[0].free);
    let before = free(v.desk.funds(v.book).await.unwrap());
    let close = async |key: &str| v.desk.close_budget(&v.township(), key, "Service", "年终清理").await;
    let done = close("close").await.unwrap();
    assert_eq!(close("close").await.unwrap().seq, done.seq);
    assert_eq!(refused(close("again").await), "budget_empty");
    let after = free(v.desk.funds(v.book).await.unwrap());
    assert_eq!(after, (500, before.1 + (before.0 - 500) / 2));
    v.clock.advance_seconds(5 * DAY);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    v.assert_balanced().await;
}

#[tokio::test]
async fn the_new_year_closes_what_does_not_carry_over_once_and_nothing_else() {
    let v = with_source(SourceKind::ServiceFund, false).await;
    v.desk.close_last_years_budgets(v.book).await.unwrap();
    came_in(&v, "New", 5_000).await;
    v.desk.authorise(&v.township, "old", "New", 3_000, "批复").await.unwrap();
    v.clock.set(at("2027-01-01T09:00:00+08:00"));
    v.desk.authorise(&v.township, "new", "New", 1_000, "新年批复").await.unwrap();
    assert_eq!(v.desk.close_last_years_budgets(v.book).await.unwrap(), 1);
    assert_eq!(v.desk.close_last_years_budgets(v.book).await.unwrap(), 0);
    let view = source(&v).await;
    assert_eq!((view.left, view.free), (1_000, 4_500));
    let other = v.desk.funds(v.book).await.unwrap().into_iter().find(|f| f.fund.code == "Service").unwrap();
    assert_eq!(other.left, crate::hamlet::BUDGET);
    v.assert_balanced().await;
}
