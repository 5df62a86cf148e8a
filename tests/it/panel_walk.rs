//! Ten people with every role try what comes to hand, in random order: nobody ends up with two parts in one award. And
//! what the observer signs, and what not.

use std::collections::BTreeMap;

use greencoin::{
    domain::{
        ids::{AwardId, SittingId},
        panel::Vote,
    },
    service::{
        award::review::Verdict,
        caller::{Clerk, Recorder, Reviewer, Role, Staff},
        panel::convene::NewSitting,
    },
};

use crate::{
    hamlet::refused,
    panel::{OBSERVER, Seated},
};

/// Three hundred attempts: whatever was approved, nobody had two parts in it, and nobody decided on their own household
/// or kin.
#[tokio::test]
async fn no_sequence_of_calls_gives_anybody_two_parts_or_a_say_on_their_kin() {
    let mut s = Seated::new().await;
    for n in 0..6 {
        s.live(n, n).await;
    }
    s.v.make_kin(s.v.people[6][0], s.v.people[0][0]).await;
    let v = &s.v;
    let outside = [&v.reviewer, &v.second, &v.third];
    let all = |n: usize| {
        let who = s.people.iter().chain(outside).nth(n).unwrap();
        Staff { roles: vec![Role::Clerk, Role::Reviewer, Role::Township], ..who.clone() }
    };
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut awards, mut sittings): (Vec<AwardId>, Vec<(SittingId, i32)>) = (Vec::new(), Vec::new());
    for turn in 0..300 {
        let who = all(dice.below(10));
        match dice.below(9) {
            0 => {
                let item = ["D3", "A6"][dice.below(2)];
                let new = v.claim(dice.below(8), item).await;
                let by = Recorder::of(&who).unwrap();
                if let Ok(row) = v.desk.record_award(&by, new, &format!("t{turn}")).await {
                    awards.push(row.id);
                }
            }
            1..=3 if !awards.is_empty() => {
                let id = awards[dice.below(awards.len())];
                let by = Reviewer::of(&who).unwrap();
                let _ = v.desk.review_award(&by, id, Verdict::Approve, "").await;
            }
            4 => {
                let waiting = v.desk.agenda_waiting(&who).await.unwrap();
                let ids: Vec<AwardId> = waiting.iter().map(|a| a.id).take(3).collect();
                let lines = i32::try_from(ids.len()).unwrap();
                let new = NewSitting { sits_on: v.desk.today(), place: "村部".to_owned(), awards: ids };
                if let Ok(row) = v.desk.convene(&Clerk::of(&who).unwrap(), &new).await {
                    sittings.push((row.id, lines));
                }
            }
            5..=7 if !sittings.is_empty() => {
                let (id, lines) = sittings[dice.below(sittings.len())];
                for n in 0..7 {
                    let by = Reviewer::of(&all(n)).unwrap();
                    let _ = v.desk.attend(&by, id).await;
                    for line in 1..=lines {
                        let _ = v.desk.cast_vote(&by, id, line, Vote::Yes).await;
                    }
                }
            }
            8 if !sittings.is_empty() => {
                let (id, _) = sittings.remove(0);
                let _ = v.desk.observe_sitting(&s.by(OBSERVER), id, "").await;
                let words = BTreeMap::new();
                let _ = v.desk.close_sitting(&Clerk::of(&who).unwrap(), id, "表决", &words).await;
            }
            _ => {}
        }
    }
    let mut approved = 0;
    for id in awards {
        let file = v.desk.award_file(v.book, id).await.unwrap();
        approved += usize::from(file.award.state == "approved");
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for review in &file.reviews {
            assert_ne!(review.reviewer, file.award.recorder, "recorded and approved");
            let step = seen.entry(review.reviewer.clone()).or_insert(review.step.clone());
            assert_eq!(*step, review.step, "two steps by one person");
            let home = (0..7).find(|n| s.people[*n].actor().to_string() == review.reviewer);
            let home = home.filter(|n| *n < 6).map(|n| v.households[n]);
            assert_ne!(home, Some(file.award.household_id), "on their own household");
            let kin = s.people[0].actor().to_string() == review.reviewer
                && file.award.household_id == v.households[6];
            assert!(!kin, "on their kin");
        }
    }
    assert!(approved > 0, "the random walk got somewhere");
}

#[tokio::test]
async fn what_comes_after_the_observers_signature_is_not_under_it() {
    let s = Seated::new().await;
    let award = s.reviewed(0, "D3").await;
    let desk = &s.v.desk;
    let agenda = NewSitting { sits_on: desk.today(), place: "村部".to_owned(), awards: vec![award] };
    let id = desk.convene(&s.clerk(), &agenda).await.unwrap().id;
    for n in [0, 1, 2, 3, OBSERVER] {
        desk.attend(&s.by(n), id).await.unwrap();
    }
    let close = async || desk.close_sitting(&s.clerk(), id, "记录", &BTreeMap::new()).await;
    let sign = async || desk.observe_sitting(&s.by(OBSERVER), id, "程序合规").await.unwrap();
    sign().await;
    desk.attend(&s.by(4), id).await.unwrap();
    assert_eq!(refused(close().await), "not_observed", "somebody came later");
    for n in 0..5 {
        sign().await;
        s.vote(n, id, 1, Vote::Yes).await;
        assert_eq!(refused(close().await), "not_observed", "somebody voted later");
    }
    sign().await;
    desk.attend(&s.by(4), id).await.unwrap();
    assert_eq!(close().await.unwrap().state, "closed", "who is there already may say so again");
}

/// A small deterministic generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }
}
