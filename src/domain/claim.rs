//! A claim (申报): what a household says it did, on its way to an award. States and the only moves between them, and
//! what its household is told of its progress. Who may move it is decided in the service layer.

use super::{
    due_process::{AwardState, ReviewStep},
    notice::LineClock,
    time::{Day, Timestamp},
    wording::vocabulary,
};

vocabulary! {
    /// Where a claim stands.
    ClaimState {
        /// Handed in (已收到).
        Received = "received", "已收到", "received";
        /// Somebody looks into it (核实中).
        Checking = "checking", "核实中", "being checked";
        /// It became an award, which goes its own way.
        Accepted = "accepted", "已转加分", "became an award";
        /// Refused, with the reason.
        Refused = "refused", "未通过", "refused";
        /// Taken back by whoever handed it in.
        Withdrawn = "withdrawn", "已撤回", "withdrawn";
    }
}

vocabulary! {
    /// How a claim came in.
    Manner {
        /// The household itself.
        Own = "self", "本户申报", "by the household";
        /// Family of another household helped.
        Helper = "helper", "亲属代办", "by family";
        /// The head of the household group, or whoever looks after the grid.
        Head = "head", "联户长或网格员代报", "by the group head";
        /// On paper, keyed in by the clerk.
        Paper = "paper", "纸质申报", "on paper";
    }
}

/// What can happen to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClaimMove {
    /// Somebody begins to look into it.
    Check,
    /// It becomes an award.
    Accept,
    /// It is refused.
    Refuse,
    /// It is taken back.
    Withdraw,
}

/// That move is not possible from that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a claim that is {from} cannot {attempted:?}")]
pub struct InvalidMove {
    /// Where it stands.
    pub from: ClaimState,
    /// What was tried.
    pub attempted: ClaimMove,
}

impl ClaimState {
    /// The state after `step`.
    ///
    /// # Errors
    /// When nothing of the kind can happen to it any more.
    pub const fn after(self, step: ClaimMove) -> Result<Self, InvalidMove> {
        use ClaimMove as M;
        Ok(match (self, step) {
            (Self::Received, M::Check) => Self::Checking,
            (Self::Received | Self::Checking, M::Accept) => Self::Accepted,
            (Self::Received | Self::Checking, M::Refuse) => Self::Refused,
            (Self::Received | Self::Checking, M::Withdraw) => Self::Withdrawn,
            (from, attempted) => return Err(InvalidMove { from, attempted }),
        })
    }
}

/// Where the award of an accepted claim stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its state.
    pub state: AwardState,
    /// Its place on the ladder of reviews.
    pub step: i32,
    /// The clock of its line, once it hangs.
    pub clock: Option<LineClock>,
    /// Points, signed.
    pub points: i64,
    /// Honour points, signed.
    pub honor: i64,
    /// Why it fell.
    pub reason: String,
}

/// What a household is told of its claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It has come in.
    Received,
    /// Somebody looks into it.
    Checking,
    /// It is reviewed, at this step.
    InReview(ReviewStep),
    /// It was sent back to whoever recorded it.
    Returned,
    /// All reviews are passed; it waits for a sheet.
    Passed,
    /// It hangs until the end of that instant's day.
    InNotice(Day),
    /// Somebody objected: the clock stands.
    Objected,
    /// It is in the account.
    Posted {
        /// Points, signed.
        points: i64,
        /// Honour points, signed.
        honor: i64,
    },
    /// It was posted and undone.
    Undone(String),
    /// It did not pass, and why.
    Refused(String),
    /// It was taken back.
    Withdrawn,
}

impl Progress {
    /// Of a claim with the award it became, if it became one.
    #[must_use]
    pub fn of(claim: ClaimState, reason: &str, award: Option<&Course>) -> Self {
        match (claim, award) {
            (ClaimState::Received, _) => Self::Received,
            (ClaimState::Checking, _) => Self::Checking,
            (ClaimState::Refused, _) => Self::Refused(reason.to_owned()),
            (ClaimState::Withdrawn, _) => Self::Withdrawn,
            (ClaimState::Accepted, None) => Self::InReview(ReviewStep::Review),
            (ClaimState::Accepted, Some(award)) => Self::of_award(award),
        }
    }

    fn of_award(award: &Course) -> Self {
        match award.state {
            AwardState::Recorded => {
                Self::InReview(ReviewStep::at(award.step).unwrap_or(ReviewStep::Township))
            }
            AwardState::Returned => Self::Returned,
            AwardState::Approved => Self::Passed,
            AwardState::InNotice => match award.clock {
                Some(LineClock::Runs(until)) => Self::InNotice(Timestamp::day(until)),
                Some(LineClock::Stopped(_)) | None => Self::Passed,
            },
            AwardState::Objected => Self::Objected,
            AwardState::Rejected => Self::Refused(award.reason.clone()),
            AwardState::Posted => Self::Posted { points: award.points, honor: award.honor },
            AwardState::Reversed => Self::Undone(award.reason.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOVES: [ClaimMove; 4] =
        [ClaimMove::Check, ClaimMove::Accept, ClaimMove::Refuse, ClaimMove::Withdraw];

    #[test]
    fn a_claim_is_decided_once() {
        let possible = |state: ClaimState| {
            MOVES.into_iter().filter(|step| state.after(*step).is_ok()).collect::<Vec<_>>()
        };
        assert_eq!(possible(ClaimState::Received), MOVES);
        assert_eq!(possible(ClaimState::Checking), MOVES[1..]);
        for over in [ClaimState::Accepted, ClaimState::Refused, ClaimState::Withdrawn] {
            assert!(possible(over).is_empty(), "{over}");
        }
    }

    #[test]
    fn the_progress_follows_the_award_to_its_end() {
        let at = |state, step, clock| Course {
            state,
            step,
            clock,
            points: 500,
            honor: 500,
            reason: "查无此事".to_owned(),
        };
        let told = |award: &Course| Progress::of(ClaimState::Accepted, "", Some(award));
        let until = LineClock::Runs("2026-06-09T18:00:00+08:00".parse().unwrap());
        let panel = ReviewStep::Panel.place();
        assert_eq!(told(&at(AwardState::Recorded, panel, None)), Progress::InReview(ReviewStep::Panel));
        assert_eq!(told(&at(AwardState::InNotice, 4, None)), Progress::Passed);
        let day = "2026-06-09".parse().unwrap();
        assert_eq!(told(&at(AwardState::InNotice, 4, Some(until))), Progress::InNotice(day));
        assert_eq!(told(&at(AwardState::Posted, 4, None)), Progress::Posted { points: 500, honor: 500 });
        assert_eq!(told(&at(AwardState::Rejected, 1, None)), Progress::Refused("查无此事".to_owned()));
        assert_eq!(Progress::of(ClaimState::Refused, "看不清", None), Progress::Refused("看不清".to_owned()));
    }
}
