//! A long random walk through the time bank: after every step each person has what they earned and received less what
//! they gave and drew, the pool is not below zero, and no moment of one person is on record twice.

use std::collections::BTreeMap;

use greencoin::{
    domain::{
        ids::PersonId,
        timebank::order::{OrderState, Verdict},
    },
    service::timebank::{serve::Proof, settle::Confirms},
    store::timebank::{gift, order, pair},
};

use super::bank::{Bank, rated};

/// Numbers from a seed, the same on every engine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

#[tokio::test]
async fn whatever_happens_every_minute_is_accounted_for() {
    let b = Bank::new().await;
    b.credit(103, 50 * 60).await;
    b.v.desk
        .see_need(&b.desk, b.widow.1, &[greencoin::domain::timebank::need::NeedGround::EmptyNest])
        .await
        .unwrap();
    let start = BTreeMap::from([(b.elder.1, 20 * 60), (b.daughter.1, 50 * 60)]);
    let mut dice = Dice(20_260_603);
    let (mut done, mut given) = (0, 0);
    for n in 0..320 {
        if step(&b, &mut dice, n, &mut given).await {
            done += 1;
        }
        b.v.clock.advance_seconds(i64::try_from(dice.roll(4_000)).unwrap());
        if n % 10 == 0 {
            balanced(&b, &start, given).await;
        }
    }
    balanced(&b, &start, given).await;
    assert!(done > 60, "most steps lead nowhere: {done}");
    let mut tx = b.v.desk.db.begin_read().await.unwrap();
    let posted = order::in_state(&mut tx, b.v.book, OrderState::Posted, 0, 500).await.unwrap();
    assert!(posted.len() > 3, "{}", posted.len());
    drop(tx);
    b.holds().await;
}

/// One random step; whether it was allowed.
async fn step(b: &Bank, dice: &mut Dice, n: i64, given: &mut i64) -> bool {
    let desk = &b.v.desk;
    let people = [b.volunteer, b.other];
    let (home, who) = people[usize::try_from(dice.roll(2)).unwrap()];
    let served = [b.elder, b.widow][usize::try_from(dice.roll(2)).unwrap()];
    let minutes = 30 + 15 * i64::try_from(dice.roll(8)).unwrap();
    let state = OrderState::ALL[usize::try_from(dice.roll(14)).unwrap()];
    let mut tx = desk.db.begin_read().await.unwrap();
    let standing = order::in_state(&mut tx, b.v.book, state, 0, 500).await.unwrap();
    drop(tx);
    let key = format!("walk {n}");
    let Some(row) = standing.last() else {
        return desk.ask_for_service(&b.desk(), &key, &b.cleaning(served.1, minutes)).await.is_ok();
    };
    let (id, roll) = (row.id, dice.roll(6));
    let verdict = [Verdict::AsServed, Verdict::InPart, Verdict::Nothing][usize::try_from(roll % 3).unwrap()];
    match state {
        OrderState::Queued => desk.fund_waiting_orders(b.v.book).await.unwrap() > 0,
        OrderState::Open if roll == 0 => desk.cancel_time_order(&b.desk(), id, "不用了").await.is_ok(),
        OrderState::Open => desk.accept_order(&b.of(home), id, who).await.is_ok(),
        OrderState::Accepted if roll == 0 => desk.substitute(&b.desk(), id, who, "换人").await.is_ok(),
        OrderState::Accepted | OrderState::NoShow if roll == 1 => {
            desk.report_no_show(&b.desk, id, true, "没来").await.is_ok()
                || desk.reopen_order(&b.desk, id).await.is_ok()
        }
        OrderState::Accepted => desk.check_in(&b.desk(), id, &Proof::Word).await.is_ok(),
        OrderState::Serving if roll == 0 => desk.drop_open_pair(&b.desk, id, "忘了").await.is_ok(),
        OrderState::Serving => desk.check_out(&b.desk(), id, &Proof::Word).await.is_ok(),
        OrderState::Done if roll == 0 => desk.check_in(&b.desk(), id, &Proof::Word).await.is_ok(),
        OrderState::Done if roll == 1 => desk.dispute_order(&b.desk(), id, "不对").await.is_ok(),
        OrderState::Done => {
            let one = desk.confirm_order(&b.desk(), id, &Confirms::Volunteer).await.is_ok();
            one && desk
                .confirm_order(&b.desk(), id, &rated(1 + i64::try_from(roll).unwrap().min(4)))
                .await
                .is_ok()
        }
        OrderState::Held | OrderState::Disputed => {
            desk.decide_order(&b.arbiter, id, (verdict, Some(30)), "问过").await.is_ok()
        }
        OrderState::Rated | OrderState::Cleared => desk.post_order(b.v.book, id).await.is_ok(),
        OrderState::Late => desk.countersign(&b.arbiter, id, roll > 0, "核对").await.is_ok(),
        OrderState::Posted => {
            let minutes = 15 * (1 + i64::try_from(roll).unwrap());
            let gone = desk.donate_minutes(&b.of(b.daughter.0), &key, b.daughter.1, minutes).await.is_ok();
            *given += if gone { minutes } else { 0 };
            gone
        }
        OrderState::Cancelled => {
            let people = (b.daughter.1, b.elder.1);
            let made = desk.give_minutes(&b.of(b.daughter.0), &key, people, minutes).await;
            match made {
                Ok(gift) if roll == 0 => desk.take_gift_back(&b.desk(), gift.id).await.is_ok(),
                Ok(_) => {
                    b.v.clock.advance_seconds(86_400);
                    desk.hand_over_gifts(b.v.book).await.unwrap() > 0
                }
                Err(_) => false,
            }
        }
        OrderState::NotCounted | OrderState::NoShow => {
            let sheet = super::sheet(b, minutes);
            desk.enter_late(&b.desk, &key, &sheet).await.is_ok()
        }
    }
}

/// Everybody has what they earned and received, less what they gave and drew.
async fn balanced(b: &Bank, start: &BTreeMap<PersonId, i64>, donated: i64) {
    let mut tx = b.v.desk.db.begin_read().await.unwrap();
    let mut due = start.clone();
    let mut pool = donated;
    *due.entry(b.daughter.1).or_default() -= donated;
    for state in OrderState::ALL {
        for row in order::in_state(&mut tx, b.v.book, *state, 0, 500).await.unwrap() {
            let counted = i64::from(row.counted);
            if *state == OrderState::Posted {
                *due.entry(row.volunteer_id.unwrap()).or_default() += counted;
                match row.payer_id {
                    Some(payer) => *due.entry(payer).or_default() -= counted,
                    None => pool -= counted,
                }
            }
        }
    }
    for row in gift::of_giver(&mut tx, b.v.book, b.daughter.1, i64::MAX, 500).await.unwrap() {
        if row.state == "given" {
            *due.entry(row.giver_id).or_default() -= i64::from(row.minutes);
            *due.entry(row.receiver_id).or_default() += i64::from(row.minutes);
        }
    }
    let mut spans = Vec::new();
    for (_, who) in [b.volunteer, b.other] {
        let all = (b.v.desk.now().plus_days(-400), b.v.desk.now().plus_days(1));
        let mut own = pair::of_person(&mut tx, b.v.book, who, all).await.unwrap();
        own.retain(|p| p.out_at.is_some_and(|out| out > p.in_at));
        spans.push(own);
    }
    drop(tx);
    for (home, who) in [b.elder, b.daughter, b.widow, b.volunteer, b.other] {
        let (free, held) = b.has((home, who)).await;
        assert_eq!(free + held, due.get(&who).copied().unwrap_or(0));
        assert!(free >= 0 && held >= 0);
    }
    let (free, held) = (b.balance("Equity:Time:Pool").await, b.balance("Equity:Time:Held").await);
    assert_eq!(free + held, pool);
    assert!(free >= 0 && held >= 0, "the pool is below zero");
    for own in spans {
        for two in own.windows(2) {
            assert!(two[0].out_at.unwrap() <= two[1].in_at, "{two:#?}");
        }
    }
}
