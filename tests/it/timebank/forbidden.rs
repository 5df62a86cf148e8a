//! From every state every step: those that the domain forbids are refused and change nothing.

use greencoin::{
    domain::{
        ids::TimeOrderId,
        timebank::order::{CallBack, Ending, OrderMove, OrderState, Verdict},
    },
    service::{
        ServiceError,
        caller::{Reviewer, Role, Staff},
        timebank::settle::Confirms,
    },
};

use super::bank::{Bank, HOUR};

/// An order in `state`.
async fn standing(b: &Bank, state: OrderState) -> TimeOrderId {
    use OrderState as S;
    let key = state.as_str();
    let desk = &b.v.desk;
    let id = match state {
        S::Queued => {
            desk.see_need(&b.desk, b.widow.1, &[greencoin::domain::timebank::need::NeedGround::EmptyNest])
                .await
                .unwrap();
            b.asked(key, b.widow.1, 60).await.id
        }
        S::Open => b.asked(key, b.elder.1, 60).await.id,
        S::Accepted => b.accepted(key, 60).await,
        S::Serving => {
            let id = b.accepted(key, 60).await;
            b.check_in(id).await.unwrap();
            id
        }
        S::Done => b.done(key, 60, 60).await,
        S::Rated => b.confirmed(key, 60, 60, 5).await,
        S::Held => b.confirmed(key, 60, 60, 1).await,
        S::NotCounted => b.confirmed(key, 60, 20, 5).await,
        S::Posted => {
            let id = b.confirmed(key, 60, 60, 5).await;
            desk.post_order(b.v.book, id).await.unwrap();
            id
        }
        S::Disputed => {
            let id = b.done(key, 60, 60).await;
            desk.dispute_order(&b.of(b.elder.0), id, "没做完").await.unwrap();
            id
        }
        S::Cleared => {
            let id = b.confirmed(key, 60, 60, 1).await;
            desk.decide_order(&b.arbiter, id, (Verdict::AsServed, None), "属实").await.unwrap();
            id
        }
        S::Late => {
            b.v.clock.advance_seconds(HOUR);
            desk.enter_late(&b.desk, key, &super::sheet(b, 30)).await.unwrap().id
        }
        S::Cancelled => {
            let id = b.asked(key, b.elder.1, 60).await.id;
            desk.cancel_time_order(&b.of(b.elder.0), id, "不用了").await.unwrap();
            id
        }
        S::NoShow => {
            let id = b.accepted(key, 60).await;
            desk.report_no_show(&b.desk, id, true, "没来").await.unwrap();
            id
        }
    };
    assert_eq!(b.state(id).await, state);
    id
}

/// Tries a step; nothing where no use case takes it by itself.
async fn attempt(b: &Bank, id: TimeOrderId, step: OrderMove) -> Option<Result<(), ServiceError>> {
    use OrderMove as M;
    let (desk, volunteer, elder) = (&b.v.desk, b.of(b.volunteer.0), b.of(b.elder.0));
    Some(match step {
        // the queue finds by itself who comes next
        M::Fund => return None,
        M::Accept => desk.accept_order(&volunteer, id, b.volunteer.1).await,
        M::GiveBack => desk.give_order_back(&volunteer, id, "有事").await,
        M::Substitute => desk.substitute(&b.desk(), id, b.other.1, "换人").await,
        M::Miss => desk.report_no_show(&b.desk, id, true, "没来").await,
        M::Reopen => desk.reopen_order(&b.desk, id).await,
        M::Cancel => desk.cancel_time_order(&b.desk(), id, "不用了").await,
        M::CheckIn => b.check_in(id).await,
        M::CheckOut => b.check_out(id).await,
        M::Forget => desk.drop_open_pair(&b.desk, id, "忘了").await,
        M::Confirm => desk.confirm_order(&volunteer, id, &Confirms::Volunteer).await.map(drop),
        M::Dispute => desk.dispute_order(&elder, id, "不对").await,
        M::Decide => desk.decide_order(&b.arbiter, id, (Verdict::Nothing, None), "查无").await.map(drop),
        M::Countersign => desk.countersign(&b.arbiter, id, true, "").await,
        M::Reject => desk.countersign(&b.arbiter, id, false, "不符").await,
        M::Post => desk.post_order(b.v.book, id).await.map(drop),
    })
}

#[tokio::test]
async fn every_step_that_is_not_allowed_is_refused_from_every_state_and_changes_nothing() {
    let b = Bank::new().await;
    let mut tried = 0;
    for state in OrderState::ALL {
        // the one that stays checked in comes last
        if *state == OrderState::Serving {
            continue;
        }
        let id = standing(&b, *state).await;
        tried += forbidden(&b, id, *state).await;
        b.v.clock.advance_seconds(2 * HOUR);
    }
    let id = standing(&b, OrderState::Serving).await;
    tried += forbidden(&b, id, OrderState::Serving).await;
    assert!(tried > 170, "{tried}");
    b.holds().await;
}

async fn forbidden(b: &Bank, id: TimeOrderId, state: OrderState) -> usize {
    let before = b.v.desk.time_order(b.v.book, id).await.unwrap();
    let mut tried = 0;
    for step in OrderMove::ALL {
        let endings = [Ending::Counted, Ending::Low, Ending::Nothing];
        if endings.into_iter().any(|ending| state.after(*step, ending).is_ok()) {
            continue;
        }
        let Some(answer) = attempt(b, id, *step).await else { continue };
        tried += 1;
        match answer {
            // hours that are posted answer with the same posting again
            Ok(()) if (state, *step) == (OrderState::Posted, OrderMove::Post) => {}
            Err(ServiceError::Refused(refusal)) => {
                assert_eq!(refusal.code, "time_order_moved_on", "{state} {step}");
            }
            other => panic!("{state} {step}: {other:?}"),
        }
    }
    let called = b.v.desk.call_about_order(&b.desk, id, CallBack::Confirmed, "").await;
    assert!(called.is_err(), "{state}: nobody is called yet");
    let after = b.v.desk.time_order(b.v.book, id).await.unwrap();
    assert_eq!(after, before, "{state}");
    tried
}

#[tokio::test]
async fn a_no_show_is_remembered_and_somebody_else_goes() {
    let b = Bank::new().await;
    let id = standing(&b, OrderState::NoShow).await;
    b.v.desk.substitute(&b.desk(), id, b.other.1, "临时替换").await.unwrap();
    assert_eq!(b.state(id).await, OrderState::Accepted);
    let again = b.asked("again", b.elder.1, 60).await;
    let reasons = b.v.desk.matches_for(&b.desk, again.id).await.unwrap();
    let order: Vec<_> = reasons.iter().map(|m| m.person).collect();
    assert_eq!(order, [b.other.1, b.volunteer.1], "who did not come is asked later");
    let row = b.v.desk.time_order(b.v.book, id).await.unwrap();
    assert_eq!(row.volunteer_id, Some(b.other.1));
    b.holds().await;
}

#[tokio::test]
async fn a_forgotten_check_out_counts_nothing_and_what_was_put_aside_goes_back() {
    let b = Bank::new().await;
    let id = standing(&b, OrderState::Serving).await;
    b.v.clock.advance_seconds(17 * HOUR);
    let late = b.check_out(id).await;
    assert_eq!(crate::village::refused(late), "time_forgotten");
    b.v.desk.drop_open_pair(&b.desk, id, "忘了签退").await.unwrap();
    assert_eq!(b.confirm(id, 5).await.unwrap(), OrderState::NotCounted);
    assert_eq!((b.has(b.elder).await, b.has(b.volunteer).await), ((20 * 60, 0), (0, 0)));
    b.holds().await;
}

#[tokio::test]
async fn nobody_decides_about_an_order_of_their_own_house_or_kin_or_one_they_entered() {
    let b = Bank::new().await;
    let id = b.done("order", 60, 60).await;
    b.v.desk.confirm_order(&b.desk(), id, &Confirms::Volunteer).await.unwrap();
    b.v.desk.dispute_order(&b.of(b.elder.0), id, "没做完").await.unwrap();
    let decide = async |staff: Staff| {
        let by = Reviewer::of(&Staff { roles: vec![Role::Reviewer], ..staff }).unwrap();
        let verdict = (Verdict::AsServed, None);
        crate::village::refused(b.v.desk.decide_order(&by, id, verdict, "属实").await)
    };
    let one = |person| Staff { person: Some(person), user: b.v.desk.id(), ..b.staff(Role::Reviewer) };
    assert_eq!(decide(one(b.wife)).await, "own_household");
    assert_eq!(decide(one(b.volunteer.1)).await, "own_household");
    assert_eq!(decide(one(b.daughter.1)).await, "kin_household");
    assert_eq!(decide(Staff::clone(&b.desk)).await, "time_own_second", "who confirmed for the volunteer");
    assert_eq!(b.state(id).await, OrderState::Disputed);
}
