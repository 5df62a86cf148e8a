//! Putting a posting right: undone and posted anew in one act, both or neither, each leading to the others.

use greencoin::{
    domain::{
        household::{HouseholdNo, HouseholdStep},
        ids::ReversalId,
    },
    service::{
        caller::{Auditor, Reviewer, Role, Staff},
        correction::Right,
    },
    store::ledger::read,
};

use crate::hamlet::{Village, refused};

const DAY: i64 = 86_400;

fn right(no: &str, points: &str, honor: &str) -> Right {
    Right::read(no, points, honor).unwrap()
}

/// A posted award of the first household whose undoing was asked for; its place and the request.
async fn asked(v: &Village) -> (i64, ReversalId) {
    let row = v.approved(0, "D3").await;
    v.publish().await;
    v.clock.advance_seconds(5 * DAY);
    v.desk.post_due_lines(v.book).await.unwrap();
    let seq = v.desk.award_file(v.book, row.id).await.unwrap().award.txn_seq.unwrap();
    (seq, v.desk.request_reversal(&v.clerk(), seq, "记错户，应记H0002").await.unwrap().id)
}

async fn head(v: &Village) -> i64 {
    let mut tx = v.desk.db.begin_read().await.unwrap();
    read::head(&mut tx, v.book).await.unwrap().unwrap().seq
}

#[tokio::test]
async fn what_was_wrong_is_undone_and_what_is_right_is_posted_and_each_leads_to_the_others() {
    let v = Village::new().await;
    let (seq, id) = asked(&v).await;
    let by = Reviewer::of(&v.second).unwrap();
    let honor = (v.honor(0).await, v.honor(1).await);
    let done = v.desk.correct_posting(&by, id, &right("H0002", "4.5", "3"), "同意改记").await.unwrap();
    assert_eq!((v.available(0).await, v.available(1).await), (0, 450));
    assert_eq!((v.honor(0).await < honor.0, v.honor(1).await), (true, honor.1 + 300));
    let again = v.desk.correct_posting(&by, id, &right("H0002", "4.5", "3"), "同意改记").await.unwrap();
    assert_eq!(again, done, "the same word again");
    let undone = done.reversal.txn_seq.unwrap();
    assert_eq!((done.seq, head(&v).await), (undone + 1, undone + 1));
    let staff = Staff { roles: vec![Role::Auditor], ..v.third.clone() };
    let auditor = Auditor::of(&staff).unwrap();
    let links = async |seq: i64| {
        let x = v.desk.voucher(&auditor, seq).await.unwrap();
        (x.txn.kind, x.txn.reverses_seq, x.reversed_by, x.corrects, x.corrected_by)
    };
    let (wrong, mirror, correct) = (links(seq).await, links(undone).await, links(done.seq).await);
    assert_eq!(wrong, ("award".to_owned(), None, Some(undone), None, Some(done.seq)));
    assert_eq!(mirror, ("reversal".to_owned(), Some(seq), None, None, Some(done.seq)));
    assert_eq!(correct, ("correction".to_owned(), None, None, Some(seq), None));
    // what is given anew lapses as what was given did
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let lapses = async |tx: &mut greencoin::store::Tx, seq: i64| {
        let entries = read::entries(tx, v.book, seq - 1, seq).await.unwrap();
        entries.iter().find_map(|entry| entry.expires_on)
    };
    let given = lapses(&mut tx, seq).await;
    assert!(given.is_some());
    assert_eq!(lapses(&mut tx, done.seq).await, given);
    drop(tx);
    // who said what is right does not undo it on another's word
    let asked = v.desk.request_reversal(&v.clerk(), done.seq, "又记错").await.unwrap().id;
    assert_eq!(refused(v.desk.approve_reversal(&by, asked, "").await), "own_record");
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

#[tokio::test]
async fn when_the_right_posting_cannot_be_the_wrong_one_is_not_undone() {
    // the budget has 5 points over the award, and the correction would take more than both
    let v = Village::with_budget(1_000).await;
    let (seq, id) = asked(&v).await;
    let by = Reviewer::of(&v.second).unwrap();
    let before = head(&v).await;
    let too_much = v.desk.correct_posting(&by, id, &right("H0002", "10.01", ""), "").await;
    assert_eq!(refused(too_much), "insufficient_budget");
    assert_eq!((head(&v).await, v.available(0).await, v.available(1).await), (before, 500, 0));
    assert_eq!(v.desk.reversal(v.book, id).await.unwrap().state, "requested");
    // another word on the same request goes through
    let done = v.desk.correct_posting(&by, id, &right("H0002", "10", ""), "").await.unwrap();
    assert_eq!((v.available(0).await, v.available(1).await), (0, 1_000));
    assert_eq!(done.reversal.seq, seq);
    assert!(v.desk.verify_books(None).await.unwrap().holds());
}

#[tokio::test]
async fn who_asked_or_is_of_the_right_household_does_not_say_what_is_right() {
    let v = Village::new().await;
    let (_, id) = asked(&v).await;
    let alone = Staff { roles: vec![Role::Reviewer], ..v.clerk.clone() };
    let member = Staff { person: Some(v.people[1][0]), ..v.second.clone() };
    for (staff, code) in [(alone, "own_request"), (member, "own_household")] {
        let by = Reviewer::of(&staff).unwrap();
        let done = v.desk.correct_posting(&by, id, &right("H0002", "5", ""), "").await;
        assert_eq!(refused(done), code);
    }
    let by = Reviewer::of(&v.second).unwrap();
    assert_eq!(
        refused(v.desk.correct_posting(&by, id, &right("H0002", "", ""), "").await),
        "quantity_out_of_range"
    );
    let gone = HouseholdNo::from_ordinal(3);
    v.desk.change_household(&v.clerk(), &gone, HouseholdStep::Close, "迁出").await.unwrap();
    let closed = v.desk.correct_posting(&by, id, &right("H0003", "5", ""), "").await;
    assert_eq!(refused(closed), "household_not_active");
    let nobody = v.desk.correct_posting(&by, id, &right("H0099", "5", ""), "").await;
    assert!(matches!(nobody, Err(greencoin::service::ServiceError::NotFound("household"))));
    v.desk.approve_reversal(&by, id, "").await.unwrap();
    let late = v.desk.correct_posting(&by, id, &right("H0002", "5", ""), "").await;
    assert_eq!(refused(late), "already_decided");
    assert_eq!(v.available(1).await, 0);
}
