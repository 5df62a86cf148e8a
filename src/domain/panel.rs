//! The panel (评议小组) and how it decides a line: who may vote, who stands in, what the ballots come to. Pure; who is
//! kin to whom is told by the caller.

use std::collections::{BTreeMap, BTreeSet};

use super::{ids::UserId, wording::vocabulary};

/// Members a panel has at least, and voters a line needs.
pub const PANEL_LEAST: usize = 5;
/// Members the two committees have at least.
pub const COMMITTEES_LEAST: usize = 2;
/// Seats a body has at most.
pub const SEATS_MAX: usize = 60;

vocabulary! {
    /// A body that the villagers named.
    BodyKind {
        /// Votes on awards, line by line.
        Panel = "panel", "评议小组", "review panel";
        /// Recheck what the panel passed.
        Committees = "committees", "村两委", "two committees";
    }
}

vocabulary! {
    /// What somebody does on a body.
    Post {
        /// Votes.
        Member = "member", "成员", "member";
        /// Votes in place of a member who is away or steps back.
        Substitute = "substitute", "候补", "substitute";
        /// Of the supervision committee: watches and never votes.
        Observer = "observer", "监督员", "observer";
    }
}

vocabulary! {
    /// A ballot.
    Vote {
        /// For it.
        Yes = "yes", "同意", "yes";
        /// Against it.
        No = "no", "不同意", "no";
        /// Neither.
        Abstain = "abstain", "弃权", "abstain";
    }
}

vocabulary! {
    /// What a line came to.
    Outcome {
        /// More than half of those who could vote were for it.
        Passed = "passed", "通过", "passed";
        /// More than half of those who could vote were against it.
        Refused = "refused", "未通过", "refused";
        /// Too few could vote, or neither side had more than half: to the next sitting.
        Deferred = "deferred", "留待下次", "deferred";
    }
}

/// A seat. The order of the seats is the order in which substitutes stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// Whose.
    pub user: UserId,
    /// For what.
    pub post: Post,
}

/// Why people cannot sit as named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeatFault {
    /// Somebody has two seats.
    #[error("somebody has two seats")]
    Twice,
    /// Fewer members than the least.
    #[error("{members} members, {least} are needed")]
    TooFew {
        /// Named.
        members: usize,
        /// Needed.
        least: usize,
    },
    /// More seats than any body has.
    #[error("{0} seats")]
    TooMany(usize),
    /// Nobody watches.
    #[error("no observer")]
    NoObserver,
    /// Only a panel has substitutes and observers.
    #[error("members only")]
    MembersOnly,
}

/// Whether such a body can sit.
///
/// # Errors
/// The first [`SeatFault`].
pub fn check_seats(kind: BodyKind, seats: &[Seat]) -> Result<(), SeatFault> {
    if seats.len() > SEATS_MAX {
        return Err(SeatFault::TooMany(seats.len()));
    }
    if seats.iter().map(|s| s.user).collect::<BTreeSet<_>>().len() != seats.len() {
        return Err(SeatFault::Twice);
    }
    let of = |post| seats.iter().filter(|s| s.post == post).count();
    let least = match kind {
        BodyKind::Panel => PANEL_LEAST,
        BodyKind::Committees => COMMITTEES_LEAST,
    };
    if of(Post::Member) < least {
        return Err(SeatFault::TooFew { members: of(Post::Member), least });
    }
    match kind {
        BodyKind::Panel if of(Post::Observer) == 0 => Err(SeatFault::NoObserver),
        BodyKind::Committees if of(Post::Member) != seats.len() => Err(SeatFault::MembersOnly),
        BodyKind::Panel | BodyKind::Committees => Ok(()),
    }
}

/// Who may vote on a line: the members who are present and need not step back, and for every member who is missing one
/// substitute in the order of the seats. Never an observer.
#[must_use]
pub fn voters(seats: &[Seat], present: &BTreeSet<UserId>, barred: &BTreeSet<UserId>) -> BTreeSet<UserId> {
    let able = |s: &&Seat| present.contains(&s.user) && !barred.contains(&s.user);
    let of = |post| seats.iter().filter(move |s| s.post == post);
    let mut out: BTreeSet<UserId> = of(Post::Member).filter(able).map(|s| s.user).collect();
    let missing = of(Post::Member).count().saturating_sub(out.len());
    out.extend(of(Post::Substitute).filter(able).map(|s| s.user).take(missing));
    out
}

/// The ballots of a line, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Who could vote.
    pub voters: usize,
    /// For it.
    pub yes: usize,
    /// Against it.
    pub no: usize,
    /// Neither; who could vote and did not is one of these.
    pub abstained: usize,
}

impl Tally {
    /// Counts the ballots of those who may vote, and no other.
    #[must_use]
    pub fn of(voters: &BTreeSet<UserId>, ballots: &BTreeMap<UserId, Vote>) -> Self {
        let count = |vote| voters.iter().filter(|v| ballots.get(*v) == Some(&vote)).count();
        let (yes, no) = (count(Vote::Yes), count(Vote::No));
        Self { voters: voters.len(), yes, no, abstained: voters.len() - yes - no }
    }

    /// What it comes to.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        if self.voters < PANEL_LEAST {
            Outcome::Deferred
        } else if 2 * self.yes > self.voters {
            Outcome::Passed
        } else if 2 * self.no > self.voters {
            Outcome::Refused
        } else {
            Outcome::Deferred
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn user(n: u8) -> UserId {
        UserId(Uuid::from_u128(u128::from(n)))
    }

    fn seats(members: u8, substitutes: u8) -> Vec<Seat> {
        let post = |n| {
            if n < members {
                Post::Member
            } else if n < members + substitutes {
                Post::Substitute
            } else {
                Post::Observer
            }
        };
        (0..=members + substitutes).map(|n| Seat { user: user(n), post: post(n) }).collect()
    }

    #[test]
    fn a_panel_has_five_members_and_somebody_who_watches() {
        let check = |kind, seats: &[Seat]| check_seats(kind, seats);
        assert_eq!(check(BodyKind::Panel, &seats(5, 0)), Ok(()));
        assert_eq!(check(BodyKind::Panel, &seats(4, 3)), Err(SeatFault::TooFew { members: 4, least: 5 }));
        assert_eq!(check(BodyKind::Panel, &seats(5, 1)[..6]), Err(SeatFault::NoObserver));
        let mut twice = seats(6, 0);
        twice[1].user = twice[0].user;
        assert_eq!(check(BodyKind::Panel, &twice), Err(SeatFault::Twice));
        assert_eq!(check(BodyKind::Committees, &seats(2, 0)[..2]), Ok(()));
        assert_eq!(check(BodyKind::Committees, &seats(2, 0)), Err(SeatFault::MembersOnly));
    }

    #[test]
    fn a_substitute_stands_in_for_whoever_steps_back_and_without_one_the_line_waits() {
        let everybody: BTreeSet<UserId> = (0..7).map(user).collect();
        let kin = BTreeSet::from([user(2)]);
        let with = voters(&seats(5, 1), &everybody, &kin);
        assert_eq!(with, BTreeSet::from([0, 1, 3, 4, 5].map(user)));
        let without = voters(&seats(5, 0), &everybody, &kin);
        assert_eq!(without.len(), 4);
        let yes: BTreeMap<UserId, Vote> = (0..7).map(|n| (user(n), Vote::Yes)).collect();
        assert_eq!(Tally::of(&with, &yes).outcome(), Outcome::Passed);
        assert_eq!(Tally::of(&without, &yes).outcome(), Outcome::Deferred);
    }

    #[test]
    fn half_is_not_a_majority_and_silence_is_abstention() {
        let six: BTreeSet<UserId> = (0..6).map(user).collect();
        let ballots = |yes: u8, no: u8| -> BTreeMap<UserId, Vote> {
            let yeses = (0..yes).map(|n| (user(n), Vote::Yes));
            yeses.chain((yes..yes + no).map(|n| (user(n), Vote::No))).collect()
        };
        assert_eq!(Tally::of(&six, &ballots(3, 3)).outcome(), Outcome::Deferred);
        assert_eq!(Tally::of(&six, &ballots(4, 2)).outcome(), Outcome::Passed);
        assert_eq!(Tally::of(&six, &ballots(1, 4)).outcome(), Outcome::Refused);
        let quiet = Tally::of(&six, &ballots(3, 0));
        assert_eq!((quiet.abstained, quiet.outcome()), (3, Outcome::Deferred));
    }

    proptest! {
        #[test]
        fn nobody_who_steps_back_is_away_or_watches_ever_counts(
            members in 5_u8..12, substitutes in 0_u8..5,
            here in proptest::collection::btree_set(0_u8..20, 0..20),
            out in proptest::collection::btree_set(0_u8..20, 0..8),
            votes in proptest::collection::btree_map(0_u8..20, 0_usize..3, 0..20),
        ) {
            let seats = seats(members, substitutes);
            let present: BTreeSet<UserId> = here.into_iter().map(user).collect();
            let barred: BTreeSet<UserId> = out.into_iter().map(user).collect();
            let may = voters(&seats, &present, &barred);
            prop_assert!(may.len() <= usize::from(members));
            for seat in &seats {
                if may.contains(&seat.user) {
                    prop_assert!(seat.post != Post::Observer);
                    prop_assert!(present.contains(&seat.user) && !barred.contains(&seat.user));
                }
            }
            let ballots: BTreeMap<UserId, Vote> =
                votes.into_iter().map(|(n, v)| (user(n), Vote::ALL[v])).collect();
            let tally = Tally::of(&may, &ballots);
            let own: BTreeMap<UserId, Vote> =
                ballots.iter().filter(|(u, _)| may.contains(*u)).map(|(u, v)| (*u, *v)).collect();
            prop_assert_eq!(tally, Tally::of(&may, &own));
            prop_assert_eq!(tally.yes + tally.no + tally.abstained, tally.voters);
            if tally.outcome() == Outcome::Passed {
                prop_assert!(tally.yes >= 3 && tally.yes > tally.no + tally.abstained);
            }
        }
    }
}
