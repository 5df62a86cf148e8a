//! What becomes of a posted award that its amount does not say: a deduction at the floor of the score, a sanction and
//! its pause, a line the budget does not cover. Each is on record, shown, and derived again by `verify`.

use greencoin::{
    domain::{
        book::{Command, Outcome as Decided, TxnKind},
        chart,
        ids::{AwardId, PersonId},
        lang::Lang,
        posting::{Commodity, Line},
        rule::Pause,
        ruleset,
    },
    service::{
        Actor, Receipt, ServiceError,
        award::{NewAward, explain::Outcome},
        books::{Order, facts},
        caller::Reviewer,
        notice::{due::Shortage, post::Pass},
        rulesets::Adoption,
    },
    store::ledger::read,
    text::T,
    web::show,
};

use crate::hamlet::{Village, refused};

const DAY: i64 = 86_400;

async fn holds(v: &Village) {
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

/// Posts `lines` beside all papers.
async fn post(v: &Village, key: &str, kind: TxnKind, lines: Vec<Line>) -> Receipt {
    let body = facts([("key", key.to_owned())]);
    let order = Order { key, kind, effective_on: v.desk.today(), source: None, body };
    let command = v.desk.command(&Actor::System, order, lines).unwrap();
    v.desk.posted(v.book, command, Vec::new()).await.unwrap()
}

/// Brings the score of the first household down to `score`.
async fn lower(v: &Village, score: i64) {
    let change = v.honor(0).await - score;
    let lines = vec![
        Line::new(chart::household_honor("H0001").unwrap(), Commodity::honor(), change),
        Line::new(chart::honor_source(), Commodity::honor(), -change),
    ];
    post(v, &format!("lower {score}"), TxnKind::Honor, lines).await;
}

/// Takes `points` back from the budget.
async fn withdraw(v: &Village, points: i64) {
    let lines = vec![
        Line::new(chart::budget("Service").unwrap(), Commodity::point(), points),
        Line::new(chart::authorised("Service").unwrap(), Commodity::point(), -points),
    ];
    post(v, &format!("withdraw {points}"), TxnKind::Budget, lines).await;
}

async fn deduction(v: &Village, days_ago: i32) -> AwardId {
    let occurred_on = v.desk.today().plus(-days_ago);
    let row = v.record(NewAward { occurred_on, ..v.claim(0, "F2").await }).await.unwrap();
    v.approve(row.id).await;
    row.id
}

async fn why(v: &Village, id: AwardId) -> Option<Outcome> {
    v.desk.why(v.book, id).await.unwrap().outcome
}

#[tokio::test]
async fn a_deduction_that_meets_the_floor_is_on_record_with_what_it_took_and_can_be_undone() {
    let v = Village::new().await;
    let (first, second) = (deduction(&v, 2).await, deduction(&v, 1).await);
    v.publish().await;
    lower(&v, 300).await;
    v.clock.advance_seconds(7 * DAY);
    let pass = v.desk.post_due_lines(v.book).await.unwrap();
    assert_eq!(pass, Pass { posted: 2, left: 0, closed: 1 });
    assert_eq!(v.honor(0).await, 0);
    let part = v.desk.award_file(v.book, first).await.unwrap().award;
    let none = v.desk.award_file(v.book, second).await.unwrap().award;
    assert_eq!((part.honor, part.honor_moved), (-500, Some(-300)));
    assert_eq!((none.honor, none.honor_moved, none.state.as_str()), (-500, Some(0), "posted"));
    let seq = none.txn_seq.expect("a posted award stands in the log");
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let txn = read::txn(&mut tx, v.book, seq).await.unwrap().unwrap();
    assert_eq!(txn.kind, "deduction");
    assert!(read::entries(&mut tx, v.book, seq - 1, seq).await.unwrap().is_empty());
    drop(tx);
    assert_eq!(why(&v, first).await, Some(Outcome::Floor { asked: 500, taken: 300 }));
    let words = show::outcome(T(Lang::Zh), why(&v, second).await.unwrap());
    assert_eq!(words, "应扣5分，评比分已到最低，这次没有扣。");
    holds(&v).await;
    let request = v.desk.request_reversal(&v.clerk(), seq, "记错户").await.unwrap();
    v.desk.approve_reversal(&Reviewer::of(&v.second).unwrap(), request.id, "同意").await.unwrap();
    assert_eq!((v.state(second).await, v.honor(0).await), ("reversed".to_owned(), 0));
    holds(&v).await;
}

/// F8 against the second household, posted.
async fn sanctioned(v: &Village) -> AwardId {
    let row = v.approved(1, "F8").await;
    v.publish().await;
    v.clock.advance_seconds(7 * DAY);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().left, 0);
    v.clock.advance_seconds(60);
    row.id
}

#[tokio::test]
async fn a_household_with_a_sanction_gets_no_new_credits_until_it_is_over() {
    let v = Village::new().await;
    let before = v.approved(1, "D3").await;
    let sanction = sanctioned(&v).await;
    assert_eq!(v.state(before.id).await, "posted", "what was on record before takes its course");
    let until = v.desk.today().plus(90);
    assert_eq!(why(&v, sanction).await, Some(Outcome::Pause { pauses: Pause::Awards, until }));
    let Err(ServiceError::Refused(refusal)) = v.record(v.claim(1, "D3").await).await else {
        panic!("a credit was taken in a pause")
    };
    assert_eq!((refusal.code, refusal.facts["until"].clone()), ("paused", until.to_string()));
    assert!(refusal.facts["reason_zh"].contains("F8 虚报、转卖积分"), "{refusal:?}");
    let preview = v.desk.preview_award(&v.recorder(), &v.claim(1, "D3").await).await;
    assert_eq!(refused(preview), "paused");
    v.record(v.claim(1, "F1").await).await.unwrap();
    v.record(v.claim(2, "D3").await).await.unwrap();
    holds(&v).await;
    v.clock.advance_seconds(90 * DAY);
    assert_eq!(refused(v.record(v.claim(1, "D3").await).await), "paused");
    v.clock.advance_seconds(DAY);
    let during = NewAward { occurred_on: until, ..v.claim(1, "D3").await };
    assert_eq!(refused(v.record(during).await), "paused", "done while it lasted");
    v.record(v.claim(1, "D3").await).await.unwrap();
    holds(&v).await;
}

#[tokio::test]
async fn a_sanction_that_is_undone_pauses_nothing_any_more() {
    let v = Village::new().await;
    let sanction = sanctioned(&v).await;
    let holdings = v.desk.holdings_of(&v.clerk, v.households[1]).await.unwrap();
    assert_eq!((holdings.pauses.len(), holdings.unmoved.len()), (1, 1));
    let seq = v.desk.award_file(v.book, sanction).await.unwrap().award.txn_seq.unwrap();
    let request = v.desk.request_reversal(&v.clerk(), seq, "查无实据").await.unwrap();
    v.desk.approve_reversal(&Reviewer::of(&v.second).unwrap(), request.id, "同意").await.unwrap();
    v.record(v.claim(1, "D3").await).await.unwrap();
    let holdings = v.desk.holdings_of(&v.clerk, v.households[1]).await.unwrap();
    assert!(holdings.pauses.is_empty());
    holds(&v).await;
}

#[tokio::test]
async fn who_stayed_away_three_times_is_on_no_sign_in_sheet_for_thirty_days() {
    let v = Village::new().await;
    let (_, text) = ruleset::shipped()[1];
    let set = v.desk.publish_ruleset(Actor::System, text).await.unwrap();
    let basis = "居民代表会议决议".to_owned();
    let adoption = Adoption { hash: set.hash().to_owned(), from: v.desk.today(), basis };
    v.desk.adopt_ruleset(Actor::System, v.book, &adoption).await.unwrap();
    let claim =
        async |item: &str, person: PersonId| NewAward { person: Some(person), ..v.claim(0, item).await };
    let (one, other) = (v.people[0][0], v.people[0][1]);
    let row = v.record(claim("U26", one).await).await.unwrap();
    v.approve(row.id).await;
    v.publish().await;
    v.clock.advance_seconds(10 * DAY);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    v.clock.advance_seconds(60);
    assert_eq!(refused(v.record(claim("U10", one).await).await), "paused");
    v.record(claim("U10", other).await).await.unwrap();
    v.record(claim("U20", one).await).await.unwrap();
    v.clock.advance_seconds(31 * DAY);
    v.record(claim("U10", one).await).await.unwrap();
    holds(&v).await;
}

/// Handbook §16, example 4, when the budget shrinks after the sheet was published.
#[tokio::test]
async fn lines_the_budget_does_not_cover_are_shown_and_posted_once_when_it_does() {
    let v = Village::with_budget(1_000).await;
    v.approved(0, "D3").await;
    v.approved(1, "D3").await;
    v.publish().await;
    withdraw(&v, 700).await;
    v.clock.advance_seconds(5 * DAY);
    let left = Pass { posted: 0, left: 2, closed: 0 };
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap(), left);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap(), left);
    let funds = v.desk.funds(v.book).await.unwrap();
    assert_eq!((funds[0].left, funds[0].short), (300, Shortage { lines: 2, points: 700 }));
    let words = "服务群众专项经费：2行因预算不足未入账，差7分。乡镇追加额度后自动入账。";
    assert_eq!(show::shortages(T(Lang::Zh), &funds), [words]);
    holds(&v).await;
    v.desk.authorise(&v.township, "some", "Service", 200, "追加").await.unwrap();
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap(), Pass { posted: 1, left: 1, closed: 0 });
    let funds = v.desk.funds(v.book).await.unwrap();
    assert_eq!((funds[0].left, funds[0].short), (0, Shortage { lines: 1, points: 500 }));
    v.desk.authorise(&v.township, "rest", "Service", 500, "追加").await.unwrap();
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap(), Pass { posted: 1, left: 0, closed: 1 });
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap(), Pass::default());
    assert_eq!(v.desk.funds(v.book).await.unwrap()[0].short, Shortage::default());
    assert_eq!((v.available(0).await, v.available(1).await), (500, 500));
    holds(&v).await;
}

#[tokio::test]
async fn a_line_that_was_refused_for_want_of_budget_is_not_refused_for_ever() {
    let v = Village::with_budget(500).await;
    let row = v.approved(0, "D3").await;
    let notice = v.publish().await;
    v.clock.advance_seconds(5 * DAY);
    // another process saw the line first, and the budget was gone between its look and its posting
    let lines = vec![
        Line::new(chart::budget("Service").unwrap(), Commodity::point(), 501),
        Line::new(chart::household_available("H0001").unwrap(), Commodity::point(), -501),
    ];
    let body =
        facts([("award", row.id.to_string()), ("notice", notice.to_string()), ("book", v.book.to_string())]);
    let key = format!("notice:{notice}:1");
    let order = Order { key: &key, kind: TxnKind::Award, effective_on: v.desk.today(), source: None, body };
    let command: Command = v.desk.command(&Actor::System, order, lines).unwrap();
    assert!(matches!(v.desk.post(v.book, command, Vec::new()).await.unwrap(), Decided::Refused(_)));
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap(), Pass { posted: 1, left: 0, closed: 1 });
    assert_eq!(v.available(0).await, 500);
    holds(&v).await;
}
