//! The four deliberations (四议): who has to come, and what carries a motion. Law of Organisation of the Villagers'
//! Committees §22 (villagers' assembly), §26 (representatives), numbered as of 2018; the party's meetings by its rules for
//! branches. Holds no order of the other steps.

use super::{Forbidden, Paper, ProposalState, Step};
use crate::domain::wording::vocabulary;

vocabulary! {
    /// One of the four.
    Meeting {
        /// The party branch puts it forward.
        Branch = "branch", "党支部提议", "the party branch puts it forward";
        /// The party branch and the villagers' committee agree on it.
        Committees = "committees", "村两委商议", "the two committees agree on it";
        /// All party members examine it.
        Members = "members", "党员大会审议", "the party members examine it";
        /// The villagers or their representatives resolve on it.
        Assembly = "assembly", "村民（代表）会议决议", "the villagers resolve on it";
    }
}

vocabulary! {
    /// Which body of the villagers met.
    Body {
        /// All villagers of eighteen and above.
        Villagers = "villagers", "村民会议（十八周岁以上村民）", "villagers' assembly (adults)";
        /// A representative of each household.
        Households = "households", "村民会议（户代表）", "villagers' assembly (household representatives)";
        /// The villagers' representatives.
        Representatives = "representatives", "村民代表会议", "representatives' assembly";
    }
}

/// More people than any village has.
pub const ENTITLED_MAX: i64 = 100_000;

impl Meeting {
    /// The state it is held in.
    #[must_use]
    pub const fn follows(self) -> ProposalState {
        match self {
            Self::Branch => ProposalState::Checked,
            Self::Committees => ProposalState::Proposed,
            Self::Members => ProposalState::Consulted,
            Self::Assembly => ProposalState::Examined,
        }
    }

    /// Where it leads when the motion is carried.
    #[must_use]
    pub const fn leads_to(self) -> ProposalState {
        match self {
            Self::Branch => ProposalState::Proposed,
            Self::Committees => ProposalState::Consulted,
            Self::Members => ProposalState::Examined,
            Self::Assembly => ProposalState::Resolved,
        }
    }

    /// As it is kept.
    #[must_use]
    pub const fn step(self) -> Step {
        match self {
            Self::Branch => Step::Branch,
            Self::Committees => Step::Committees,
            Self::Members => Step::Members,
            Self::Assembly => Step::Assembly,
        }
    }

    /// The meeting whose turn it is.
    #[must_use]
    pub fn of_turn(state: ProposalState) -> Option<Self> {
        Self::ALL.iter().copied().find(|m| m.follows() == state)
    }
}

/// Who came and how they voted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Which body, of the villagers' meeting.
    pub body: Option<Body>,
    /// Who may come.
    pub entitled: i64,
    /// Who came.
    pub present: i64,
    /// For it.
    pub yes: i64,
    /// Against it.
    pub no: i64,
    /// Neither.
    pub abstain: i64,
}

impl Tally {
    /// How many have to come to that meeting.
    #[must_use]
    pub const fn quorum(&self, meeting: Meeting) -> i64 {
        let two_thirds = (self.entitled * 2 + 2) / 3;
        match (meeting, self.body) {
            (Meeting::Assembly, Some(Body::Households | Body::Representatives)) => two_thirds,
            // "half and more" of the members; elsewhere more than half
            (Meeting::Members, _) => (self.entitled + 1) / 2,
            _ => self.entitled / 2 + 1,
        }
    }

    /// Whether the motion is carried.
    ///
    /// # Errors
    /// When it was no meeting that could resolve anything.
    pub fn carried(&self, meeting: Meeting, paper: Paper) -> Result<bool, Forbidden> {
        if (meeting == Meeting::Assembly) != self.body.is_some() {
            return Err(Forbidden::WhichBody);
        }
        let votes = [self.yes, self.no, self.abstain];
        let counted = votes.iter().all(|n| (0..=ENTITLED_MAX).contains(n));
        let people = self.entitled > 0 && self.entitled <= ENTITLED_MAX && self.present <= self.entitled;
        if !counted || !people || votes.iter().sum::<i64>() != self.present {
            return Err(Forbidden::Headcount);
        }
        if paper == Paper::Compact && self.body == Some(Body::Representatives) {
            return Err(Forbidden::AssemblyOnly);
        }
        let needed = self.quorum(meeting);
        if self.present < needed {
            return Err(Forbidden::NoQuorum { needed });
        }
        // the members' meeting counts against all who may vote, the others against who came
        let base = if meeting == Meeting::Members { self.entitled } else { self.present };
        Ok(self.yes * 2 > base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn tally(body: Option<Body>, entitled: i64, present: i64, yes: i64) -> Tally {
        Tally { body, entitled, present, yes, no: present - yes, abstain: 0 }
    }

    #[test]
    fn quorums_are_those_of_the_law_at_their_very_edge() {
        let carried = |meeting, body, entitled, present| {
            tally(body, entitled, present, present).carried(meeting, Paper::Rules)
        };
        let short = |needed| Err(Forbidden::NoQuorum { needed });
        let assembly = |body, entitled, present| carried(Meeting::Assembly, Some(body), entitled, present);
        assert_eq!(assembly(Body::Villagers, 2_000, 1_000), short(1_001));
        assert_eq!(assembly(Body::Villagers, 2_000, 1_001), Ok(true));
        assert_eq!(assembly(Body::Households, 1_155, 769), short(770));
        assert_eq!(assembly(Body::Households, 1_155, 770), Ok(true));
        assert_eq!(assembly(Body::Representatives, 61, 40), short(41));
        assert_eq!(assembly(Body::Representatives, 61, 41), Ok(true));
        assert_eq!(carried(Meeting::Members, None, 48, 23), short(24));
        assert_eq!(
            carried(Meeting::Members, None, 48, 24),
            Ok(false),
            "half of the members is not more than half"
        );
        assert_eq!(carried(Meeting::Committees, None, 8, 4), short(5));
        assert_eq!(carried(Meeting::Branch, None, 5, 3), Ok(true));
    }

    #[test]
    fn half_of_the_votes_carries_nothing() {
        let vote =
            |yes| tally(Some(Body::Representatives), 60, 50, yes).carried(Meeting::Assembly, Paper::Rules);
        assert_eq!(vote(25), Ok(false));
        assert_eq!(vote(26), Ok(true));
    }

    #[test]
    fn a_compact_is_never_adopted_by_representatives() {
        let all = tally(Some(Body::Representatives), 60, 60, 60);
        assert_eq!(all.carried(Meeting::Assembly, Paper::Compact), Err(Forbidden::AssemblyOnly));
        assert_eq!(all.carried(Meeting::Assembly, Paper::Rules), Ok(true));
        let homes = tally(Some(Body::Households), 60, 60, 60);
        assert_eq!(homes.carried(Meeting::Assembly, Paper::Compact), Ok(true));
    }

    #[test]
    fn figures_that_do_not_add_up_are_no_meeting() {
        let of = |t: Tally| t.carried(Meeting::Branch, Paper::Rules);
        let good = tally(None, 7, 5, 5);
        assert_eq!(of(Tally { present: 8, yes: 8, ..good }), Err(Forbidden::Headcount));
        assert_eq!(of(Tally { abstain: 1, ..good }), Err(Forbidden::Headcount));
        assert_eq!(of(Tally { yes: 6, no: -1, ..good }), Err(Forbidden::Headcount));
        assert_eq!(of(Tally { entitled: 0, present: 0, yes: 0, ..good }), Err(Forbidden::Headcount));
        assert_eq!(of(Tally { body: Some(Body::Villagers), ..good }), Err(Forbidden::WhichBody));
        assert_eq!(good.carried(Meeting::Assembly, Paper::Rules), Err(Forbidden::WhichBody));
    }
}
