//! The time bank: from asking to posted hours, every step that may not be taken, saving and drawing.

mod bank;
mod clock;
mod drawing;
mod estates;
mod forbidden;
mod outstanding;
pub mod pages;
mod told;
mod walk;

use bank::{Bank, HOUR, rated};
use greencoin::{
    domain::timebank::order::{CallBack, OrderState, Verdict},
    service::timebank::serve::{LateOrder, Proof},
    service::{
        caller::{CountyAdmin, Reviewer, Role},
        timebank::ask::NewOrder,
    },
};

use crate::village::refused;

#[tokio::test]
async fn an_order_taken_on_the_phone_ends_with_posted_hours_once() {
    let b = Bank::new().await;
    let order = b.asked("phone", b.elder.1, 120).await;
    assert_eq!((order.state.as_str(), order.manner.as_str()), ("open", "desk"));
    assert_eq!(b.has(b.elder).await, (18 * 60, 120), "put aside at once");
    assert_eq!(b.asked("phone", b.elder.1, 120).await.id, order.id, "one form sent twice");
    let asked = b.v.desk.matches_for(&b.desk, order.id).await.unwrap();
    assert_eq!(asked.iter().map(|m| m.person).collect::<Vec<_>>(), [b.volunteer.1, b.other.1]);
    b.v.desk.decline_order(&b.of(b.other.0), order.id, b.other.1, "走亲戚").await.unwrap();
    b.v.desk.accept_order(&b.desk(), order.id, b.volunteer.1).await.unwrap();
    b.v.clock.advance_seconds(HOUR);
    b.check_in(order.id).await.unwrap();
    b.v.clock.advance_seconds(100 * 60);
    b.check_out(order.id).await.unwrap();
    assert_eq!(b.state(order.id).await, OrderState::Done);
    assert_eq!(b.confirm(order.id, 5).await.unwrap(), OrderState::Rated);
    let first = b.v.desk.post_order(b.v.book, order.id).await.unwrap();
    let again = b.v.desk.post_order(b.v.book, order.id).await.unwrap();
    assert_eq!((first.seq, first.replayed(), again.replayed()), (again.seq, false, true));
    assert_eq!(b.v.desk.post_settled_orders(b.v.book).await.unwrap(), 0);
    assert_eq!((b.has(b.volunteer).await, b.has(b.elder).await), ((90, 0), (20 * 60 - 90, 0)));
    let row = b.v.desk.time_order(b.v.book, order.id).await.unwrap();
    assert_eq!((row.counted, row.post_seq, row.rating), (90, Some(first.seq), Some(5)));
    b.holds().await;
}

#[tokio::test]
async fn family_asks_for_family_and_strangers_do_not() {
    let b = Bank::new().await;
    let ask = |key: &'static str, side| {
        let (b, new) = (&b, b.cleaning(b.elder.1, 60));
        async move { b.v.desk.ask_for_service(&side, key, &new).await }
    };
    assert_eq!(ask("own", b.of(b.elder.0)).await.unwrap().manner, "self");
    assert_eq!(ask("daughter", b.of(b.daughter.0)).await.unwrap().manner, "family");
    assert_eq!(refused(ask("neighbour", b.of(b.volunteer.0)).await), "not_your_household");
    assert_eq!(refused(ask("", b.desk()).await), "invalid_key");
    for (minutes, code) in
        [(0, "time_how_long"), (15, "time_how_long"), (50, "time_how_long"), (735, "time_how_long")]
    {
        let new = b.cleaning(b.elder.1, minutes);
        assert_eq!(refused(b.v.desk.ask_for_service(&b.desk(), "odd", &new).await), code, "{minutes}");
    }
    let past = NewOrder { starts_at: b.v.desk.now().plus_seconds(-1), ..b.cleaning(b.elder.1, 60) };
    assert_eq!(refused(b.v.desk.ask_for_service(&b.desk(), "past", &past).await), "time_when");
    let order = b.asked("kin", b.elder.1, 60).await;
    let fit = greencoin::service::timebank::volunteer::Fitness {
        well: true,
        insured_until: Some(b.v.desk.today()),
        ..Default::default()
    };
    b.v.desk.join_time_bank(&b.of(b.daughter.0), b.daughter.1, &fit).await.unwrap();
    let own = b.v.desk.accept_order(&b.of(b.daughter.0), order.id, b.daughter.1).await;
    assert_eq!(refused(own), "time_family", "care for one's own father is no volunteer service");
    b.holds().await;
}

#[tokio::test]
async fn nobody_is_bound_or_counted_twice_at_a_time() {
    let b = Bank::new().await;
    let first = b.asked("a", b.elder.1, 60).await;
    let second = b.asked("b", b.elder.1, 60).await;
    let side = b.of(b.volunteer.0);
    b.v.desk.accept_order(&side, first.id, b.volunteer.1).await.unwrap();
    assert_eq!(refused(b.v.desk.accept_order(&side, second.id, b.volunteer.1).await), "time_bound");
    b.v.clock.advance_seconds(HOUR);
    assert_eq!(refused(b.v.desk.check_in(&side, first.id, &Proof::Word).await), "time_show_card");
    let stranger = Proof::Shown(b.v.code(0).await);
    assert_eq!(refused(b.v.desk.check_in(&side, first.id, &stranger).await), "time_other_card");
    for pair in 1..=3 {
        b.check_in(first.id).await.unwrap();
        b.v.clock.advance_seconds(300);
        let late = b.v.desk.enter_late(&b.desk, &format!("s{pair}"), &sheet(&b, 60)).await;
        assert_eq!(refused(late), "time_checked_in", "the sheet reaches into an open check-in");
        b.v.clock.advance_seconds(300);
        b.check_out(first.id).await.unwrap();
        b.v.clock.advance_seconds(60);
    }
    assert_eq!(refused(b.check_in(first.id).await), "time_pairs");
    let late = b.v.desk.enter_late(&b.desk, "s", &sheet(&b, 30)).await;
    assert_eq!(refused(late), "time_overlap");
    assert_eq!(b.confirm(first.id, 5).await.unwrap(), OrderState::Rated);
    let row = b.v.desk.time_order(b.v.book, first.id).await.unwrap();
    assert_eq!(row.counted, 30, "three times ten minutes");
    b.holds().await;
}

/// A sheet of so many minutes that ended just now.
fn sheet(b: &Bank, minutes: i64) -> LateOrder {
    let starts_at = b.v.desk.now().plus_seconds(-minutes * 60);
    let order = NewOrder { starts_at, ..b.cleaning(b.elder.1, minutes) };
    LateOrder { order, volunteer: b.volunteer.1, sheet: "2026-17".to_owned() }
}

#[tokio::test]
async fn a_sheet_counts_under_two_names_and_not_after_its_days() {
    let b = Bank::new().await;
    let row = b.v.desk.enter_late(&b.desk, "s1", &sheet(&b, 60)).await.unwrap();
    assert_eq!((row.state.as_str(), row.sheet.as_deref()), ("late", Some("2026-17")));
    assert_eq!(b.v.desk.enter_late(&b.desk, "s1", &sheet(&b, 60)).await.unwrap().id, row.id);
    let mut same = b.staff(Role::Reviewer);
    same.user = b.desk.user;
    let same = Reviewer::of(&same).unwrap();
    assert_eq!(refused(b.v.desk.countersign(&same, row.id, true, "").await), "time_own_second");
    b.v.desk.countersign(&b.arbiter, row.id, true, "").await.unwrap();
    b.v.desk.post_order(b.v.book, row.id).await.unwrap();
    assert_eq!(b.has(b.volunteer).await, (60, 0));
    b.v.clock.advance_seconds(2 * HOUR);
    let refusal = b.v.desk.enter_late(&b.desk, "s2", &sheet(&b, 30)).await.unwrap();
    b.v.desk.countersign(&b.arbiter, refusal.id, false, "签字对不上").await.unwrap();
    assert_eq!(b.state(refusal.id).await, OrderState::NotCounted);
    assert_eq!(b.has(b.elder).await, (19 * 60, 0), "what was put aside went back");
    let old = sheet(&b, 30);
    b.v.clock.advance_seconds(15 * 24 * HOUR);
    assert_eq!(refused(b.v.desk.enter_late(&b.desk, "s3", &old).await), "time_too_late");
    b.holds().await;
}

#[tokio::test]
async fn after_three_days_somebody_calls_and_silence_confirms_only_what_is_proven() {
    let b = Bank::new().await;
    let proven = b.done("proven", 60, 60).await;
    assert!(b.v.desk.to_call_back(&b.desk).await.unwrap().is_empty());
    let early = b.v.desk.call_about_order(&b.desk, proven, CallBack::Confirmed, "").await;
    assert_eq!(refused(early), "time_call_later");
    let told = b.accepted("told", 60).await;
    b.v.desk.check_in(&b.desk(), told, &Proof::Word).await.unwrap();
    b.v.clock.advance_seconds(HOUR);
    b.v.desk.check_out(&b.desk(), told, &Proof::Word).await.unwrap();
    b.v.clock.advance_seconds(73 * HOUR);
    let listed = b.v.desk.to_call_back(&b.desk).await.unwrap();
    assert_eq!(listed.iter().map(|o| o.id).collect::<Vec<_>>(), [proven, told]);
    let silence = |id| b.v.desk.call_about_order(&b.desk, id, CallBack::Unreached, "无人接听");
    assert_eq!(silence(proven).await.unwrap(), OrderState::Rated);
    assert_eq!(refused(silence(told).await), "time_not_proven");
    let denied = b.v.desk.call_about_order(&b.desk, told, CallBack::Denied, "没有来过").await.unwrap();
    assert_eq!(denied, OrderState::Disputed);
    b.holds().await;
}

#[tokio::test]
async fn a_low_rating_waits_and_there_are_three_verdicts() {
    let b = Bank::new().await;
    for (verdict, part, state, minutes) in [
        (Verdict::AsServed, None, OrderState::Cleared, 60),
        (Verdict::InPart, Some(30), OrderState::Cleared, 30),
        (Verdict::Nothing, None, OrderState::NotCounted, 0),
    ] {
        let (before, elder) = (b.has(b.volunteer).await.0, b.has(b.elder).await.0);
        let id = b.done(verdict.as_str(), 60, 60).await;
        assert_eq!(b.confirm(id, 2).await.unwrap(), OrderState::Held);
        assert_eq!(refused(b.v.desk.post_order(b.v.book, id).await), "time_order_moved_on");
        let wrong = b.v.desk.decide_order(&b.arbiter, id, (Verdict::InPart, Some(60)), "？").await;
        assert_eq!(refused(wrong), "time_part");
        let decided = b.v.desk.decide_order(&b.arbiter, id, (verdict, part), "问过双方").await.unwrap();
        assert_eq!(decided, state);
        assert_eq!(b.v.desk.post_settled_orders(b.v.book).await.unwrap(), usize::from(minutes > 0));
        assert_eq!(b.has(b.volunteer).await, (before + minutes, 0), "{verdict}");
        assert_eq!(b.has(b.elder).await, (elder - minutes, 0), "{verdict}");
    }
    b.holds().await;
}

#[tokio::test]
async fn a_long_day_needs_a_higher_hand() {
    let b = Bank::new().await;
    b.credit(101, 20 * 60).await;
    let reviewed = |id| {
        let b = &b;
        async move { b.v.desk.post_order(b.v.book, id).await }
    };
    // from ten in the morning: six hours, then three, then four
    let first = b.confirmed("a", 360, 360, 5).await;
    reviewed(first).await.unwrap();
    let second = b.confirmed("b", 180, 180, 5).await;
    assert_eq!(refused(reviewed(second).await), "time_needs_township");
    b.v.desk.allow_long_day(&b.township, second, "抗洪值守").await.unwrap();
    reviewed(second).await.unwrap();
    let id = b.asked("c", b.elder.1, 60).await.id;
    b.v.desk.cancel_time_order(&b.desk(), id, "太晚了").await.unwrap();
    let starts_at = b.v.desk.today().start().plus_seconds(6 * HOUR);
    let order = NewOrder { starts_at, ..b.cleaning(b.elder.1, 240) };
    let early = LateOrder { order, volunteer: b.volunteer.1, sheet: "清晨".to_owned() };
    let third = b.v.desk.enter_late(&b.desk, "early", &early).await.unwrap().id;
    b.v.desk.countersign(&b.arbiter, third, true, "").await.unwrap();
    assert_eq!(refused(reviewed(third).await), "time_needs_county");
    b.v.desk.allow_long_day(&b.township, third, "抗洪值守").await.unwrap();
    assert_eq!(refused(reviewed(third).await), "time_needs_county", "the township alone is not enough");
    let county = CountyAdmin { user: b.v.desk.id(), org: b.v.group };
    b.v.desk.allow_very_long_day(&county, (b.v.book, third), "抗洪值守").await.unwrap();
    reviewed(third).await.unwrap();
    assert_eq!(b.has(b.volunteer).await, (13 * 60, 0));
    assert!(b.v.desk.confirm_order(&b.of(b.elder.0), third, &rated(5)).await.is_err());
    b.holds().await;
}
