//! The way of an award (加减分) from record to posting, and back by reversal: handbook §8.2. States and the only
//! moves between them; who may move is decided in the service layer, when is decided by [`crate::domain::notice`].

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where an award stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AwardState {
    /// Recorded (已申报), waiting for review.
    Recorded,
    /// Sent back to its recorder with a reason (退回).
    Returned,
    /// All reviews of its route passed (待公示).
    Approved,
    /// On a published or compiled notice sheet (公示中).
    InNotice,
    /// Its line is frozen by an open objection (异议处理中).
    Objected,
    /// Refused with a reason (驳回). Final; nothing is deleted.
    Rejected,
    /// In the ledger (已入账).
    Posted,
    /// Posted and undone by a reversal (已冲正). Final.
    Reversed,
}

/// What can happen to an award.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AwardMove {
    /// A review passed; `last` when it was the last of the route.
    Approve {
        /// Whether no review of the route is left.
        last: bool,
    },
    /// A reviewer wants it mended.
    Return,
    /// The recorder hands it in again.
    Resubmit,
    /// A reviewer refuses it.
    Reject,
    /// It goes onto a notice sheet.
    Compile,
    /// The sheet it stood on is withdrawn before publication.
    Uncompile,
    /// Somebody objects.
    Object,
    /// The objection was found groundless: the clock goes on.
    Dismiss,
    /// The objection was right, or, of an award that stands again, the appeal.
    Uphold,
    /// The sheet it hangs on is recalled: it is reviewed anew.
    Recall,
    /// Its notice ran out undisputed.
    Post,
    /// The posting was undone.
    Reverse,
}

/// That move is not possible from that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an award that is {from} cannot {attempted:?}")]
pub struct InvalidTransition {
    /// Where it stands.
    pub from: AwardState,
    /// What was tried.
    pub attempted: AwardMove,
}

impl AwardState {
    /// Every state, in the order of the way.
    pub const ALL: [Self; 8] = [
        Self::Recorded,
        Self::Returned,
        Self::Approved,
        Self::InNotice,
        Self::Objected,
        Self::Rejected,
        Self::Posted,
        Self::Reversed,
    ];

    /// The state after `step`.
    pub fn after(self, step: AwardMove) -> Result<Self, InvalidTransition> {
        use AwardMove as M;
        Ok(match (self, step) {
            (Self::Recorded, M::Approve { last: false })
            | (Self::Returned, M::Resubmit)
            | (Self::InNotice | Self::Objected, M::Recall) => Self::Recorded,
            (Self::Recorded, M::Approve { last: true }) | (Self::InNotice, M::Uncompile) => Self::Approved,
            (Self::Recorded, M::Return) => Self::Returned,
            (Self::Recorded | Self::Returned, M::Reject) | (Self::Objected | Self::Approved, M::Uphold) => {
                Self::Rejected
            }
            (Self::Approved, M::Compile) | (Self::Objected, M::Dismiss) => Self::InNotice,
            (Self::InNotice, M::Object) => Self::Objected,
            (Self::InNotice, M::Post) => Self::Posted,
            (Self::Posted, M::Reverse) => Self::Reversed,
            (from, attempted) => return Err(InvalidTransition { from, attempted }),
        })
    }

    /// Whether it still counts against caps: everything but what was refused or undone.
    #[must_use]
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Rejected | Self::Reversed)
    }

    /// As stored and as the API says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::InNotice => "in_notice",
            Self::Objected => "objected",
            Self::Rejected => "rejected",
            Self::Posted => "posted",
            Self::Reversed => "reversed",
        }
    }
}

impl fmt::Display for AwardState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text named no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a state")]
pub struct InvalidState;

impl FromStr for AwardState {
    type Err = InvalidState;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|s| s.as_str() == text).ok_or(InvalidState)
    }
}

/// The reviews a route may ask for, in order. Each by other people, none of them the recorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewStep {
    /// First review (初审), by one person.
    Review,
    /// The panel votes at a sitting (评议).
    Panel,
    /// Recheck by the two committees (复核).
    Recheck,
    /// Record check by the township (乡镇核).
    Township,
}

impl ReviewStep {
    /// All of them, in order.
    pub const LADDER: [Self; 4] = [Self::Review, Self::Panel, Self::Recheck, Self::Township];
    /// The place after the last.
    pub const THROUGH: i32 = 4;

    /// Its place on the ladder.
    #[must_use]
    pub const fn place(self) -> i32 {
        match self {
            Self::Review => 0,
            Self::Panel => 1,
            Self::Recheck => 2,
            Self::Township => 3,
        }
    }

    /// The step at a place of the ladder; none where all is through.
    #[must_use]
    pub fn at(place: i32) -> Option<Self> {
        Self::LADDER.into_iter().find(|step| step.place() == place)
    }

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Panel => "panel",
            Self::Recheck => "recheck",
            Self::Township => "township",
        }
    }

    /// Whether a route asks for it. Even machine-evidenced R0 awards are seen by a second person; the panel sits on
    /// everything above, where the village has one.
    #[must_use]
    pub const fn is_of(self, level: u8, panel: bool) -> bool {
        match self {
            Self::Review => true,
            Self::Panel => panel && level >= 1,
            Self::Recheck => level >= 2,
            Self::Township => level >= 3,
        }
    }

    /// The place an award comes to when it passed this step.
    #[must_use]
    pub fn passed(self, level: u8, panel: bool) -> i32 {
        let next = Self::LADDER.into_iter().find(|step| *step > self && step.is_of(level, panel));
        next.map_or(Self::THROUGH, Self::place)
    }
}

impl FromStr for ReviewStep {
    type Err = InvalidState;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::LADDER.into_iter().find(|s| s.as_str() == text).ok_or(InvalidState)
    }
}

/// One person, by every login that is or was theirs, as acts name them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selves(Vec<String>);

impl Selves {
    /// Of these logins.
    #[must_use]
    pub const fn new(logins: Vec<String>) -> Self {
        Self(logins)
    }

    /// Whether the act of `who` was this person's.
    #[must_use]
    pub fn are(&self, who: &str) -> bool {
        self.0.iter().any(|own| own == who)
    }

    /// The login by which this person stands among `others`, if they do.
    pub fn among<'a>(&self, mut others: impl Iterator<Item = &'a String>) -> Option<&'a String> {
        others.find(|who| self.are(who))
    }
}

/// The part that people had in an award so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Who recorded it.
    pub recorder: String,
    /// Who handed in the claim, or put down the report, it was recorded from.
    pub claimant: Option<String>,
    /// Who looked at its household, where an inspection round put it on record.
    pub inspectors: Vec<String>,
    /// Who approved it or voted on it, at which step.
    pub seen: Vec<(ReviewStep, String)>,
    /// On whose word it stands again, where an objection or an appeal changed it.
    pub amended: Vec<String>,
}

/// Why somebody may take no step of an award, whoever its household is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Involved {
    /// They recorded or claimed it.
    Recorded,
    /// It rests on their look.
    Inspected,
    /// They had their say at another step.
    Reviewed,
}

impl Past {
    /// Whether `who` must leave `step` to somebody else: not the recorder, not the claimant, not whoever
    /// inspected, nobody at two steps. What
    /// was returned starts anew, but who saw it before still counts as having seen it.
    #[must_use]
    pub fn involves(&self, who: &Selves, step: ReviewStep) -> Option<Involved> {
        let claimed = self.claimant.as_deref().is_some_and(|by| who.are(by));
        if who.are(&self.recorder) || claimed || who.among(self.amended.iter()).is_some() {
            return Some(Involved::Recorded);
        }
        if who.among(self.inspectors.iter()).is_some() {
            return Some(Involved::Inspected);
        }
        let elsewhere = self.seen.iter().any(|(at, by)| who.are(by) && *at != step);
        elsewhere.then_some(Involved::Reviewed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOVES: [AwardMove; 13] = [
        AwardMove::Approve { last: false },
        AwardMove::Approve { last: true },
        AwardMove::Return,
        AwardMove::Resubmit,
        AwardMove::Reject,
        AwardMove::Compile,
        AwardMove::Uncompile,
        AwardMove::Object,
        AwardMove::Dismiss,
        AwardMove::Uphold,
        AwardMove::Recall,
        AwardMove::Post,
        AwardMove::Reverse,
    ];

    #[test]
    fn exactly_sixteen_moves_are_possible() {
        let possible = AwardState::ALL
            .iter()
            .flat_map(|from| MOVES.iter().filter(move |step| from.after(**step).is_ok()))
            .count();
        assert_eq!(possible, 16);
    }

    #[test]
    fn an_award_is_posted_only_from_a_notice_without_objection() {
        for from in AwardState::ALL {
            assert_eq!(from.after(AwardMove::Post).is_ok(), from == AwardState::InNotice);
        }
    }

    #[test]
    fn nothing_leaves_a_final_state() {
        for from in [AwardState::Rejected, AwardState::Reversed] {
            assert!(MOVES.iter().all(|step| from.after(*step).is_err()));
        }
    }

    #[test]
    fn a_route_climbs_the_ladder_and_the_panel_is_a_rung_only_where_there_is_one() {
        let climbed = |level, panel| {
            let (mut place, mut steps) = (0, Vec::new());
            while let Some(step) = ReviewStep::at(place) {
                steps.push(step);
                place = step.passed(level, panel);
            }
            assert_eq!(place, ReviewStep::THROUGH);
            steps
        };
        use ReviewStep::{Panel, Recheck, Review, Township};
        assert_eq!(climbed(0, true), [Review]);
        assert_eq!(climbed(1, true), [Review, Panel]);
        assert_eq!(climbed(1, false), [Review]);
        assert_eq!(climbed(2, true), [Review, Panel, Recheck]);
        assert_eq!(climbed(2, false), [Review, Recheck]);
        assert_eq!(climbed(3, true), ReviewStep::LADDER);
        assert_eq!(climbed(3, false), [Review, Recheck, Township]);
    }

    proptest::proptest! {
        /// Whoever asks whenever, by whichever of two logins: nobody ends up with two parts in one award.
        #[test]
        fn no_order_of_attempts_gives_one_person_two_parts(
            recorder in 0_u8..6, claimant in proptest::option::of(0_u8..6), level in 0_u8..4, panel: bool,
            inspectors in proptest::collection::vec(0_u8..6, 0..3),
            attempts in proptest::collection::vec((0_u8..6, proptest::bool::ANY), 0..60),
        ) {
            let name = |n: u8| format!("user:{n}");
            let other = |n: u8| format!("user:{n} again");
            let person = |who: &str| who.trim_end_matches(" again").to_owned();
            let mut past = Past {
                recorder: name(recorder),
                claimant: claimant.map(name),
                inspectors: inspectors.into_iter().map(name).collect(),
                seen: Vec::new(),
                amended: Vec::new(),
            };
            let (mut place, mut votes) = (0, 0);
            for (n, again) in attempts {
                let Some(step) = ReviewStep::at(place) else { break };
                if past.involves(&Selves::new(vec![name(n), other(n)]), step).is_some() {
                    continue;
                }
                past.seen.push((step, if again { other(n) } else { name(n) }));
                votes += i32::from(step == ReviewStep::Panel);
                if step != ReviewStep::Panel || votes == 3 {
                    place = step.passed(level, panel);
                }
            }
            for (step, who) in &past.seen {
                let who = person(who);
                proptest::prop_assert!(who != past.recorder && Some(&who) != past.claimant.as_ref());
                proptest::prop_assert!(!past.inspectors.contains(&who));
                proptest::prop_assert!(past.seen.iter().all(|(at, by)| person(by) != who || at == step));
            }
        }
    }
}
