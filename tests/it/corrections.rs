//! Putting a posting right: undone and posted anew in one act, both or neither, each leading to the others.

use greencoin::{
    domain::ids::ReversalId,
    service::{
        award::NewAward,
        caller::{Auditor, Reviewer, Role, Staff},
        correction::Right,
    },
    store::ledger::read,
};

use crate::hamlet::{Village, refused};

const DAY: i64 = 86_400;

fn right(points: &str, honor: &str) -> Right {
    Right::read(points, honor).unwrap()
}

/// A posted award of the first household whose undoing was asked for; its place and the request.
async fn asked(v: &Village) -> (i64, ReversalId) {
    let row = v.approved(0, "D3").await;
    v.publish().await;
    v.clock.advance_seconds(5 * DAY);
    v.desk.post_due_lines(v.book).await.unwrap();
    let seq = v.desk.award_file(v.book, row.id).await.unwrap().award.txn_seq.unwrap();
    (seq, v.desk.request_reversal(&v.clerk(), seq, "少干了半天，应记4.5分").await.unwrap().id)
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
    let honor = v.honor(0).await;
    let done = v.desk.correct_posting(&by, id, &right("4.5", "3"), "同意改记").await.unwrap();
    assert_eq!((v.available(0).await, v.honor(0).await), (450, honor - 500 + 300));
    let again = v.desk.correct_posting(&by, id, &right("4.5", "3"), "同意改记").await.unwrap();
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
async fn a_correction_only_says_less_so_that_nobody_is_given_anything_without_review_and_notice() {
    let v = Village::new().await;
    let (seq, id) = asked(&v).await;
    let by = Reviewer::of(&v.second).unwrap();
    let before = head(&v).await;
    for (points, honor) in [("5.01", "5"), ("5", "5.01"), ("5", "5"), ("4", "-1"), ("0", "-5")] {
        let done = v.desk.correct_posting(&by, id, &right(points, honor), "").await;
        assert_eq!(refused(done), "correction_beyond", "{points} {honor}");
    }
    assert_eq!((head(&v).await, v.available(0).await), (before, 500));
    assert_eq!(v.desk.reversal(v.book, id).await.unwrap().state, "requested");
    // another word on the same request goes through
    let done = v.desk.correct_posting(&by, id, &right("0.01", ""), "").await.unwrap();
    assert_eq!((v.available(0).await, done.reversal.seq), (1, seq));
    assert_eq!(v.desk.reversal(v.book, id).await.unwrap().correction_seq, Some(done.seq));
    assert!(v.desk.verify_books(None).await.unwrap().holds());
}

#[tokio::test]
async fn a_deduction_is_put_right_to_a_smaller_one_and_never_to_a_credit() {
    let v = Village::new().await;
    let row = v.approved(0, "F2").await;
    v.publish().await;
    v.clock.advance_seconds(8 * DAY);
    v.desk.post_due_lines(v.book).await.unwrap();
    let seq = v.desk.award_file(v.book, row.id).await.unwrap().award.txn_seq.unwrap();
    let id = v.desk.request_reversal(&v.clerk(), seq, "情节轻微").await.unwrap().id;
    let by = Reviewer::of(&v.second).unwrap();
    let after = v.honor(0).await;
    for honor in ["-5.01", "-5", "1"] {
        let done = v.desk.correct_posting(&by, id, &right("", honor), "").await;
        assert_eq!(refused(done), "correction_beyond", "{honor}");
    }
    v.desk.correct_posting(&by, id, &right("", "-2"), "").await.unwrap();
    assert_eq!((v.honor(0).await, v.available(0).await), (after + 300, 0));
}

#[tokio::test]
async fn what_was_put_right_still_counts_against_its_caps_and_what_was_only_undone_does_not() {
    for corrected in [true, false] {
        let v = Village::new().await;
        let claim = async || NewAward { person: Some(v.people[0][0]), ..v.claim(0, "A5").await };
        let row = v.record(claim().await).await.unwrap();
        v.approve(row.id).await;
        v.publish().await;
        v.clock.advance_seconds(5 * DAY);
        v.desk.post_due_lines(v.book).await.unwrap();
        let seq = v.desk.award_file(v.book, row.id).await.unwrap().award.txn_seq.unwrap();
        let id = v.desk.request_reversal(&v.clerk(), seq, "只来了半天").await.unwrap().id;
        let by = Reviewer::of(&v.second).unwrap();
        if corrected {
            v.desk.correct_posting(&by, id, &right("2.5", "2.5"), "").await.unwrap();
        } else {
            v.desk.approve_reversal(&by, id, "").await.unwrap();
        }
        // the same hours once more under another item
        let hours = NewAward {
            occurred_on: row.occurred_on,
            person: Some(v.people[0][0]),
            quantity: 3.into(),
            ..v.claim(0, "C1").await
        };
        let again = v.record(hours).await;
        assert_eq!(
            again.map_or_else(|e| refused::<()>(Err(e)), |_| "recorded"),
            if corrected { "exclusive" } else { "recorded" }
        );
    }
}

#[tokio::test]
async fn who_asked_or_is_of_the_household_does_not_say_what_is_right() {
    let v = Village::new().await;
    let (_, id) = asked(&v).await;
    let alone = Staff { roles: vec![Role::Reviewer], ..v.clerk.clone() };
    let member = Staff { person: Some(v.people[0][0]), ..v.second.clone() };
    for (staff, code) in [(alone, "own_request"), (member, "own_household")] {
        let by = Reviewer::of(&staff).unwrap();
        let done = v.desk.correct_posting(&by, id, &right("4", ""), "").await;
        assert_eq!(refused(done), code);
    }
    let by = Reviewer::of(&v.second).unwrap();
    assert_eq!(refused(v.desk.correct_posting(&by, id, &right("", ""), "").await), "quantity_out_of_range");
    v.desk.approve_reversal(&by, id, "").await.unwrap();
    let late = v.desk.correct_posting(&by, id, &right("4", ""), "").await;
    assert_eq!(refused(late), "already_decided");
    assert_eq!(v.available(0).await, 0);
}
