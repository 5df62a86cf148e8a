//! Looks of an inspection round: taken once, in any order, by whoever may, and told to nobody who is still to look.

use std::collections::BTreeSet;

use greencoin::service::{
    caller::{Clerk, Role},
    inspection::{looks::NewLook, open::NewRound},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use crate::{
    hamlet::refused,
    inspections::{Patch, came},
};

#[tokio::test]
async fn a_look_that_cannot_be_taken_is_told_and_holds_up_no_other() {
    let p = Patch::new().await;
    let round = p.open(&["A1", "D7"], 2).await;
    let elsewhere = NewLook { household: "H9999".to_owned(), ..p.look(0, 9, &[]) };
    let unreadable =
        NewLook { household: "no number".to_owned(), key: "k-x".to_owned(), ..p.look(0, 9, &[]) };
    let looks = [
        p.look(0, 1, &["A1"]),
        elsewhere,
        p.look(1, 1, &["A2"]),
        p.look(2, 1, &["D7"]),
        p.look(3, 1, &["D7:none"]),
        p.look(4, 0, &["A1"]),
        NewLook { key: "两".to_owned(), ..p.look(5, 1, &[]) },
        unreadable,
        p.look(6, 1, &[]),
        p.look(0, 1, &["A1"]),
        p.look(0, 1, &[]),
    ];
    let wanted = [
        "taken",
        "not_in_round",
        "look_marks",
        "look_marks",
        "look_marks",
        "invalid_key",
        "invalid_key",
        "not_in_round",
        "taken",
        "repeated",
        "idempotency_conflict",
    ];
    assert_eq!(p.looks(0, round, &looks).await, wanted);
    // what came before is answered as before, also when the round has moved on
    p.app.desk.close_round(&p.clerk, round).await.unwrap();
    assert_eq!(
        p.looks(0, round, &[p.look(0, 1, &["A1"]), p.look(7, 1, &[])]).await,
        ["repeated", "round_moved_on"]
    );
    let none = p.app.desk.take_looks(&p.eye(0).await, round, &[]).await;
    assert_eq!(refused(none), "batch_size");
    let other = p.app.desk.take_looks(&p.eye(2).await, round, &[p.look(0, 1, &[])]).await;
    assert!(matches!(other, Err(greencoin::service::ServiceError::NotFound("round"))));
    p.app.finish().await;
}

#[tokio::test]
async fn own_household_and_kin_go_to_the_third_and_without_a_third_to_nobody() {
    let p = Patch::new().await;
    let desk = &p.app.desk;
    p.link(p.users[0].id, p.heads[0]).await;
    let round = p.open(&["A2"], 2).await;
    let walk = desk.walk(&p.eye(0).await, round).await.unwrap();
    assert_eq!((walk.homes.len(), walk.stepped_back), (9, 1));
    assert_eq!(p.looks(0, round, &[p.look(0, 1, &["A2"])]).await, ["own_household"]);
    assert_eq!(desk.round(&p.clerk, round).await.unwrap().all().no_pair, 1);
    desk.name_third(&p.clerk, round, p.users[2].id).await.unwrap();
    let walk = desk.walk(&p.eye(2).await, round).await.unwrap();
    assert_eq!(walk.homes.iter().map(|h| h.no.to_string()).collect::<Vec<_>>(), [p.homes[0].1.clone()]);
    for eye in [1, 2] {
        assert_eq!(p.looks(eye, round, &[p.look(0, 1, &["A2"])]).await, ["taken"]);
    }
    let view = desk.round(&p.clerk, round).await.unwrap();
    assert_eq!((view.all().settled, view.all().no_pair), (1, 0));
    // the clerk who confirms steps back as well; another takes the rest, once
    p.link(p.clerk.user, p.heads[0]).await;
    desk.close_round(&p.clerk, round).await.unwrap();
    let who = desk.staff_sign_in(p.clerk.user).await.unwrap().unwrap();
    let kin = Clerk::of(&desk.staff_for(&who, p.book()).await.unwrap().unwrap()).unwrap();
    let done = desk.confirm_round(&kin, round).await.unwrap();
    assert_eq!(came(&done, "A2"), (0, vec!["own_household"]));
    let other = p.app.clerk(&p.app.village).await;
    let done = desk.confirm_round(&other, round).await.unwrap();
    assert_eq!(came(&done, "A2"), (1, vec![]));
    assert!(desk.confirm_round(&other, round).await.unwrap().is_empty());
    p.app.finish().await;
}

#[tokio::test]
async fn nobody_who_looks_learns_what_another_found_before_the_round_is_closed() {
    let p = Patch::new().await;
    let desk = &p.app.desk;
    let who = p.app.user("both", Role::Clerk, p.app.village.org).await;
    let sign_in = desk.staff_sign_in(who.id).await.unwrap().unwrap();
    let both = Clerk::of(&desk.staff_for(&sign_in, p.book()).await.unwrap().unwrap()).unwrap();
    let new = NewRound {
        seen_on: desk.today(),
        items: vec!["A2".to_owned()],
        groups: Vec::new(),
        eyes: vec![who.id, p.users[1].id, p.users[2].id],
    };
    let round = desk.open_round(&both, &new).await.unwrap().id;
    desk.take_looks(&both, round, &[p.look(0, 1, &["A2"])]).await.unwrap();
    p.looks(1, round, &[p.look(0, 1, &[]), p.look(1, 1, &["A2"])]).await;
    let walk = desk.walk(&both, round).await.unwrap();
    assert_eq!(walk.homes.iter().filter(|h| h.marks.is_some()).count(), 1, "only one's own");
    let view = desk.round(&both, round).await.unwrap();
    assert!(view.blind && view.unsettled.is_empty() && view.earned.is_empty() && view.all().differ == 0);
    // the third is told which household, and not what was found
    let walk = desk.walk(&p.eye(2).await, round).await.unwrap();
    assert!(walk.homes.len() == 1 && walk.homes[0].marks.is_none());
    let view = desk.round(&p.clerk, round).await.unwrap();
    assert_eq!(
        (view.unsettled.len(), view.unsettled[0].found.len()),
        (1, 2),
        "the clerk who does not look is"
    );
    desk.close_round(&both, round).await.unwrap();
    assert_eq!(desk.round(&both, round).await.unwrap().unsettled.len(), 1);
    p.app.finish().await;
}

/// Looks of two people at a few households, some of them mended, and an order to bring them in.
fn any_walk() -> impl Strategy<Value = Vec<(usize, usize, i64, bool)>> {
    prop::collection::vec((0_usize..2, 0_usize..5, 1_i64..4, any::<bool>()), 1..30)
}

#[tokio::test]
async fn batches_replayed_and_in_any_order_come_to_what_one_batch_comes_to() {
    let p = Patch::new().await;
    let mut runner = TestRunner::deterministic();
    for _ in 0..4 {
        let walk = any_walk().new_tree(&mut runner).unwrap().current();
        // a device gives a number once
        let mut seen = BTreeSet::new();
        let walk: Vec<_> =
            walk.into_iter().filter(|(eye, home, seq, _)| seen.insert((*eye, *home, *seq))).collect();
        let look = |home: usize, seq: i64, mark: bool| p.look(home, seq, if mark { &["A2"] } else { &[] });
        let mut views = Vec::new();
        for order in 0..3 {
            let round = p.open(&["A2"], 2).await;
            for eye in [0, 1] {
                let mut own: Vec<NewLook> =
                    walk.iter().filter(|l| l.0 == eye).map(|l| look(l.1, l.2, l.3)).collect();
                match order {
                    0 => {}
                    1 => own.reverse(),
                    _ => own.extend(own.clone()),
                }
                for batch in own.chunks(if order == 0 { 30 } else { 3 }) {
                    p.looks(eye, round, batch).await;
                    if order == 2 {
                        p.looks(eye, round, batch).await;
                    }
                }
            }
            let view = p.app.desk.round(&p.clerk, round).await.unwrap();
            let found: Vec<_> = view.unsettled.iter().map(|u| (u.no.clone(), u.found.clone())).collect();
            let own = p.app.desk.walk(&p.eye(0).await, round).await.unwrap();
            views.push((view.all(), view.earned, view.looked, found, own.homes, own.seq));
        }
        assert_eq!(views[0], views[1]);
        assert_eq!(views[0], views[2]);
    }
    p.app.finish().await;
}
