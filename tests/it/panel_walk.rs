//! Ten people with every role, two of them with two logins, try what comes to hand in random order: nobody ends up with
//! two parts in one award, whichever login they used. And what the observer signs, and what not.

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
    store::identity,
};

use crate::{
    hamlet::refused,
    panel::{self, OBSERVER, Seated},
    selves,
};

/// Logins of the walk: the panel, three from outside, and the second logins of two of the panel.
const LOGINS: usize = 12;
/// Whose second logins they are: a member who lives in the village, and the observer, who does too.
const TWINS: [usize; 2] = [1, OBSERVER];

/// Gives somebody of the panel another login, which was theirs before: what was stated of it has ended.
async fn twin(s: &Seated, n: usize) -> Staff {
    let v = &s.v;
    let former = panel::reviewer(v, &format!("former{n}")).await;
    let stamp = (v.desk.now(), "test");
    let person = s.people[n].person;
    let mut tx = v.desk.db.begin_write().await.unwrap();
    identity::end(&mut tx, v.book, s.people[n].user, stamp).await.unwrap();
    identity::state(&mut tx, v.book, (former.user, 1), person, stamp).await.unwrap();
    identity::end(&mut tx, v.book, former.user, stamp).await.unwrap();
    identity::state(&mut tx, v.book, (s.people[n].user, 2), person, stamp).await.unwrap();
    tx.commit().await.unwrap();
    former
}

/// Attempts at random: whatever was approved, nobody had two parts in it, and nobody decided on their own household or
/// kin. Of two people every attempt may come from either of their logins.
#[tokio::test]
async fn no_sequence_of_calls_gives_anybody_two_parts_or_a_say_on_their_kin() {
    let mut s = Seated::new().await;
    for n in 0..6 {
        s.live(n, n).await;
    }
    s.live(OBSERVER, 7).await;
    s.v.make_kin(s.v.people[6][0], s.v.people[0][0]).await;
    let v = &s.v;
    let mut logins: Vec<Staff> = s.people.clone();
    logins.extend([&v.reviewer, &v.second, &v.third].map(Staff::clone));
    for n in TWINS {
        logins.push(twin(&s, n).await);
    }
    for login in &mut logins {
        *login = Staff { known: true, ..selves::known(v, login).await };
        login.roles = vec![Role::Clerk, Role::Reviewer, Role::Township];
    }
    assert_eq!(
        (logins.len(), &logins[10].also, &logins[1].also),
        (LOGINS, &vec![s.people[1].user], &vec![logins[10].user])
    );
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let awards = wander(&s, &logins, &mut dice).await;
    let person = |actor: &str| {
        let login = logins.iter().position(|l| l.actor().to_string() == actor).unwrap();
        if login >= 10 { TWINS[login - 10] } else { login }
    };
    let (mut approved, mut by_twins) = (0, 0);
    for id in awards {
        let file = v.desk.award_file(v.book, id).await.unwrap();
        approved += usize::from(file.award.state == "approved");
        let recorder = person(&file.award.recorder);
        let mut seen: BTreeMap<usize, String> = BTreeMap::new();
        for review in &file.reviews {
            let who = person(&review.reviewer);
            by_twins += usize::from(logins[10..].iter().any(|l| l.actor().to_string() == review.reviewer));
            assert_ne!(who, recorder, "recorded and approved");
            let step = seen.entry(who).or_insert(review.step.clone());
            assert_eq!(*step, review.step, "two steps by one person");
            let home = match who {
                0..6 => Some(who),
                OBSERVER => Some(7),
                _ => None,
            };
            assert_ne!(
                home.map(|n| v.households[n]),
                Some(file.award.household_id),
                "on their own household"
            );
            assert!(who != 0 || file.award.household_id != v.households[6], "on their kin");
        }
    }
    assert!(approved > 0 && by_twins > 0, "the random walk got somewhere: {approved}, {by_twins}");
}

/// Two hundred and eighty attempts; the awards that came of them.
async fn wander(s: &Seated, logins: &[Staff], dice: &mut Dice) -> Vec<AwardId> {
    let v = &s.v;
    let (mut awards, mut sittings): (Vec<AwardId>, Vec<(SittingId, i32)>) = (Vec::new(), Vec::new());
    for turn in 0..280 {
        let who = logins[dice.below(LOGINS)].clone();
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
                // logins that were never seated try as well
                for login in logins[..7].iter().chain(&logins[10..]) {
                    let by = Reviewer::of(login).unwrap();
                    let _ = v.desk.attend(&by, id).await;
                    for line in 1..=lines {
                        let _ = v.desk.cast_vote(&by, id, line, Vote::Yes).await;
                    }
                }
            }
            8 if !sittings.is_empty() => {
                let (id, _) = sittings.remove(0);
                for login in [&logins[OBSERVER], &who] {
                    let _ = v.desk.observe_sitting(&Reviewer::of(login).unwrap(), id, "").await;
                }
                let words = BTreeMap::new();
                let _ = v.desk.close_sitting(&Clerk::of(&who).unwrap(), id, "表决", &words).await;
            }
            _ => {}
        }
    }
    awards
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
