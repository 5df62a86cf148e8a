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
    /// The objection was right.
    Uphold,
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
            (Self::Recorded, M::Approve { last: false }) | (Self::Returned, M::Resubmit) => Self::Recorded,
            (Self::Recorded, M::Approve { last: true }) | (Self::InNotice, M::Uncompile) => Self::Approved,
            (Self::Recorded, M::Return) => Self::Returned,
            (Self::Recorded | Self::Returned, M::Reject) | (Self::Objected, M::Uphold) => Self::Rejected,
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

/// The reviews a route asks for, in order. Each by a different person, none of them the recorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewStep {
    /// First review and panel (初审·评议).
    Review,
    /// Recheck by the two committees, signed by the supervision committee (复核).
    Recheck,
    /// Record check by the township (乡镇核).
    Township,
}

impl ReviewStep {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Recheck => "recheck",
            Self::Township => "township",
        }
    }

    /// The reviews of route `R0` … `R3`. Even machine-evidenced R0 awards are seen by a second person here.
    #[must_use]
    pub const fn of_route(level: u8) -> &'static [Self] {
        match level {
            0 | 1 => &[Self::Review],
            2 => &[Self::Review, Self::Recheck],
            _ => &[Self::Review, Self::Recheck, Self::Township],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOVES: [AwardMove; 12] = [
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
        AwardMove::Post,
        AwardMove::Reverse,
    ];

    #[test]
    fn exactly_thirteen_moves_are_possible() {
        let possible = AwardState::ALL
            .iter()
            .flat_map(|from| MOVES.iter().filter(move |step| from.after(**step).is_ok()))
            .count();
        assert_eq!(possible, 13);
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
}
