//! Undoing a posting: a reason, a second person, once, and never below what is left.

use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        ids::ReversalId,
        posting::{Commodity, Line},
    },
    service::{
        Actor, ServiceError,
        books::{Order, facts},
        caller::{Clerk, Reviewer, Role, Staff},
    },
    store::ledger::read,
};

use crate::hamlet::{Village, refused};

/// A posted award of household 0 and the place of its transaction.
async fn posted(v: &Village) -> (greencoin::store::award::AwardRow, i64) {
    let row = v.approved(0, "D3").await;
    v.publish().await;
    v.clock.advance_seconds(5 * 86_400);
    v.desk.post_due_lines(v.book).await.unwrap();
    let row = v.desk.award_file(v.book, row.id).await.unwrap().award;
    let seq = row.txn_seq.unwrap();
    (row, seq)
}

#[tokio::test]
async fn a_reversal_takes_two_people_and_happens_once() {
    let v = Village::new().await;
    let (row, seq) = posted(&v).await;
    assert_eq!(refused(v.desk.request_reversal(&v.clerk(), seq, " ").await), "text_missing");
    let request = v.desk.request_reversal(&v.clerk(), seq, "记错户").await.unwrap();
    assert_eq!(v.desk.request_reversal(&v.clerk(), seq, "记错户").await.unwrap(), request);
    assert_eq!(refused(v.desk.request_reversal(&v.clerk(), seq, "另有原因").await), "already_requested");
    let alone = Staff { roles: vec![Role::Clerk, Role::Reviewer], ..v.clerk.clone() };
    let approve = async |staff: &Staff, id: ReversalId| {
        v.desk.approve_reversal(&Reviewer::of(staff).unwrap(), id, "同意").await
    };
    assert_eq!(refused(approve(&alone, request.id).await), "own_request");
    let member = Staff { person: Some(v.people[0][1]), ..v.second.clone() };
    assert_eq!(refused(approve(&member, request.id).await), "own_household");

    let done = approve(&v.second, request.id).await.unwrap();
    assert_eq!((done.state.as_str(), v.available(0).await, v.honor(0).await), ("posted", 0, 10_000));
    assert_eq!(v.state(row.id).await, "reversed");
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let txn = read::txn(&mut tx, v.book, done.txn_seq.unwrap()).await.unwrap().unwrap();
    assert_eq!((txn.kind.as_str(), txn.reverses_seq), ("reversal", Some(seq)));
    drop(tx);
    assert_eq!(refused(approve(&v.third, request.id).await), "already_decided");
    assert_eq!(refused(v.desk.request_reversal(&v.clerk(), seq, "再来").await), "already_reversed");
    let mirror = done.txn_seq.unwrap();
    assert_eq!(refused(v.desk.request_reversal(&v.clerk(), mirror, "再来").await), "reversal_of_reversal");
    v.assert_balanced().await;
}

#[tokio::test]
async fn who_recorded_an_award_does_not_decide_on_undoing_it() {
    let v = Village::new().await;
    let (row, seq) = posted(&v).await;
    let recorder = Staff { roles: vec![Role::Reviewer], ..v.clerk.clone() };
    assert_eq!(row.recorder, recorder.actor().to_string());
    let asker = Clerk::of(&v.other_clerk).unwrap();
    let request = v.desk.request_reversal(&asker, seq, "记错户").await.unwrap();
    let by = Reviewer::of(&recorder).unwrap();
    assert_eq!(refused(v.desk.approve_reversal(&by, request.id, "同意").await), "own_record");
    assert_eq!(refused(v.desk.refuse_reversal(&by, request.id, "没有记错").await), "own_record");
    assert_eq!((v.state(row.id).await.as_str(), v.available(0).await), ("posted", 500));
}

#[tokio::test]
async fn a_refused_request_may_be_made_again() {
    let v = Village::new().await;
    let (row, seq) = posted(&v).await;
    let request = v.desk.request_reversal(&v.clerk(), seq, "记错户").await.unwrap();
    let by = Reviewer::of(&v.second).unwrap();
    v.desk.refuse_reversal(&by, request.id, "没有记错").await.unwrap();
    assert_eq!((v.state(row.id).await.as_str(), v.available(0).await), ("posted", 500));
    v.desk.request_reversal(&v.clerk(), seq, "确实记错").await.unwrap();
}

#[tokio::test]
async fn points_already_spent_cannot_be_taken_back_and_the_shortage_is_named() {
    let v = Village::new().await;
    let (_, seq) = posted(&v).await;
    let lines = vec![
        Line::new(chart::household_available("H0001").unwrap(), Commodity::point(), 400),
        Line::new(chart::redeemed("Main").unwrap(), Commodity::point(), -400),
    ];
    let order = Order {
        key: "spent",
        kind: TxnKind::Redemption,
        effective_on: v.desk.today(),
        source: None,
        body: facts([("n", "1".to_owned())]),
    };
    let command = v.desk.command(&Actor::System, order, lines).unwrap();
    let spent = v.desk.posted(v.book, command, Vec::new()).await.unwrap().seq;

    let request = v.desk.request_reversal(&v.clerk(), seq, "记错户").await.unwrap();
    let by = Reviewer::of(&v.second).unwrap();
    let Err(ServiceError::Refused(refusal)) = v.desk.approve_reversal(&by, request.id, "").await else {
        panic!("taken back what was spent")
    };
    assert_eq!((refusal.code, refusal.facts["shortage"].as_str()), ("shortfall", "4"));

    // once the redemption itself is undone there is enough again, and the same request goes through
    let back = v.desk.request_reversal(&Clerk::of(&v.other_clerk).unwrap(), spent, "退货").await.unwrap();
    v.desk.approve_reversal(&by, back.id, "").await.unwrap();
    assert_eq!(v.available(0).await, 500);
    v.desk.approve_reversal(&by, request.id, "").await.unwrap();
    assert_eq!(v.available(0).await, 0);
}
