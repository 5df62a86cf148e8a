//! What the time bank does by the clock, and what it forgets with a person.

use greencoin::{
    domain::{household::PersonNo, timebank::order::OrderState},
    jobs,
    store::{
        event,
        timebank::{note, policy, volunteer},
    },
};

use super::bank::{Bank, HOUR};

#[tokio::test]
async fn what_is_due_happens_by_the_clock_once() {
    let b = Bank::new().await;
    let settled = b.confirmed("settled", 60, 60, 5).await;
    let nobody = b.asked("nobody", b.elder.1, 60).await.id;
    let stood_up = b.asked("nobody came", b.elder.1, 60).await.id;
    b.v.desk.accept_order(&b.of(b.other.0), stood_up, b.other.1).await.unwrap();
    b.credit(103, 300).await;
    let people = (b.daughter.1, b.elder.1);
    let gift = b.v.desk.give_minutes(&b.of(b.daughter.0), "gift", people, 120).await.unwrap();
    let pass = async || jobs::tick(&b.v.desk).await.unwrap().time;
    assert_eq!(pass().await, 1, "the settled hours");
    assert_eq!(b.state(settled).await, OrderState::Posted);
    assert_eq!(b.has(b.elder).await, (20 * 60 - 60 - 120, 120), "two orders");
    assert_eq!(b.has(b.daughter).await, (180, 120), "a gift that cools");
    b.v.clock.advance_seconds(2 * HOUR);
    assert_eq!(b.state(nobody).await, OrderState::Open);
    b.v.clock.advance_seconds(60);
    assert_eq!(pass().await, 1, "nobody took it before its time was over");
    assert_eq!(b.state(nobody).await, OrderState::Cancelled);
    b.v.clock.advance_seconds(7 * 24 * HOUR);
    assert_eq!(pass().await, 1, "the gift has cooled");
    assert_eq!((b.has(b.daughter).await, b.has(b.elder).await), ((180, 0), (20 * 60, 60)), "no. {}", gift.no);
    assert_eq!(b.state(stood_up).await, OrderState::Accepted, "a sheet may still say that somebody came");
    b.v.clock.advance_seconds(12 * 24 * HOUR);
    assert_eq!(pass().await, 1);
    assert_eq!(b.state(stood_up).await, OrderState::Cancelled);
    assert_eq!(b.has(b.elder).await, (20 * 60 - 60 + 120, 0), "what was put aside went back");
    assert_eq!(pass().await, 0);
    b.holds().await;
}

#[tokio::test]
async fn what_is_known_of_somebody_goes_with_them_and_the_hours_stay() {
    let b = Bank::new().await;
    let desk = &b.v.desk;
    let id = b.confirmed("order", 60, 60, 2).await;
    desk.dispute_order(&b.of(b.elder.0), id, "只擦了窗户").await.unwrap();
    desk.decide_order(
        &b.arbiter,
        id,
        (greencoin::domain::timebank::order::Verdict::AsServed, None),
        "儿子在场",
    )
    .await
    .unwrap();
    desk.post_order(b.v.book, id).await.unwrap();
    desk.see_need(&b.desk, b.elder.1, &[greencoin::domain::timebank::need::NeedGround::Disabled])
        .await
        .unwrap();
    let said = async || {
        let mut tx = desk.db.begin_read().await.unwrap();
        let row = desk.time_order(b.v.book, id).await.unwrap();
        let notes = note::of_order(&mut tx, b.v.book, id).await.unwrap();
        let mut words: Vec<String> = notes.into_iter().map(|(_, words)| words).collect();
        words.sort();
        let need = policy::need(&mut tx, b.v.book, b.elder.1).await.unwrap().unwrap().score;
        (row.words, words, need > 0)
    };
    let both = vec!["儿子在场".to_owned(), "只擦了窗户".to_owned()];
    assert_eq!(said().await, ("打扫院子".to_owned(), both, true));
    let mut tx = desk.db.begin_read().await.unwrap();
    let past = event::of(&mut tx, b.v.book, id.0).await.unwrap();
    assert!(
        past.len() > 5 && past.iter().all(|e| e.reason.is_empty()),
        "the history keeps no words: {past:?}"
    );
    drop(tx);
    b.v.clock.advance_seconds(24 * HOUR);
    for ordinal in [101, 105] {
        let no = PersonNo::from_ordinal(ordinal);
        desk.leave_household(&b.v.clerk, &no, desk.today(), "迁出").await.unwrap();
        desk.erase_person(&b.v.clerk.actor(), b.v.book, &no, "本人申请").await.unwrap();
    }
    assert_eq!(said().await, (String::new(), vec![String::new(), String::new()], false));
    let mut tx = desk.db.begin_read().await.unwrap();
    let gone = volunteer::one(&mut tx, b.v.book, b.volunteer.1).await.unwrap().unwrap();
    assert_eq!((gone.well_on, gone.insured_until, gone.left_on), (None, None, Some(desk.today())));
    assert!(volunteer::offers(&mut tx, b.v.book, b.volunteer.1).await.unwrap().is_empty());
    drop(tx);
    assert_eq!(b.balance("Liabilities:Persons:P000105:Time").await, 60);
    b.holds().await;
}
