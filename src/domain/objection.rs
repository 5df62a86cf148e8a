//! The course of an objection (异议): accepted within its days, decided by the village, taken once to the township, ended
//! (handbook §8.12); and the line under it, which is frozen while anything about it is open. Holds no persons: who may
//! take a step is decided in the service layer.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    due_process::AwardState,
    notice::{LineClock, Pace},
    time::Timestamp,
};

/// Days within which an objection is accepted (受理); after that the township is told.
pub const ACCEPT_DAYS: i64 = 3;
/// Days from acceptance to the village's answer.
pub const DECIDE_DAYS: i64 = 10;
/// Days after the village's answer within which it can be taken to the township.
pub const APPEAL_DAYS: i64 = 5;
/// Days the township has for its final word.
pub const CONCLUDE_DAYS: i64 = 15;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// It was right.
    Uphold,
    /// It was groundless.
    Dismiss,
}

impl Finding {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Uphold, Self::Dismiss];

    /// As stored: what the objection or appeal then is.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uphold => "upheld",
            Self::Dismiss => "dismissed",
        }
    }

    /// From what is stored; nothing while it is open.
    #[must_use]
    pub fn of(state: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == state)
    }
}

/// Less of the same award: what an objection that is right in part leaves of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Less {
    /// In the unit of the item or grade; as it was, if not said.
    pub quantity: Option<Decimal>,
    /// The code of the grade; as it was, if not said.
    pub grade: Option<String>,
}

/// What the village answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is right (成立): the line comes down.
    Uphold,
    /// It is right in part (部分成立): the line comes down, and the award stands again with less, on a new sheet.
    InPart(Less),
    /// It is groundless (不成立): the clock goes on.
    Dismiss,
}

impl Answer {
    /// What was found about the line as it hung.
    #[must_use]
    pub const fn finding(&self) -> Finding {
        match self {
            Self::Uphold | Self::InPart(_) => Finding::Uphold,
            Self::Dismiss => Finding::Dismiss,
        }
    }

    /// As the history of the award says it.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Uphold => "uphold",
            Self::InPart(_) => "uphold_in_part",
            Self::Dismiss => "dismiss",
        }
    }
}

impl From<Finding> for Answer {
    fn from(finding: Finding) -> Self {
        match finding {
            Finding::Uphold => Self::Uphold,
            Finding::Dismiss => Self::Dismiss,
        }
    }
}

/// How far an objection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Course {
    /// Raised (提出), not yet accepted.
    Raised,
    /// Accepted (受理), being looked into.
    Accepted,
    /// Answered by the village.
    Decided(Finding),
    /// Taken to the township; the village had found so.
    Appealed(Finding),
    /// The township has said its final word (终结).
    Concluded {
        /// What the village had found.
        village: Finding,
        /// What the township found about the appeal.
        township: Finding,
    },
}

/// What can happen to an objection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// It is accepted.
    Accept,
    /// The village answers.
    Decide(Finding),
    /// It is taken to the township.
    Appeal,
    /// The township says its final word about the appeal.
    Conclude(Finding),
}

/// That step is not possible from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an objection that is {from:?} cannot {step:?}")]
pub struct InvalidStep {
    /// Where it stands.
    pub from: Course,
    /// What was tried.
    pub step: Step,
}

impl Course {
    /// The course after `step`.
    pub fn after(self, step: Step) -> Result<Self, InvalidStep> {
        Ok(match (self, step) {
            (Self::Raised, Step::Accept) => Self::Accepted,
            (Self::Accepted, Step::Decide(finding)) => Self::Decided(finding),
            (Self::Decided(finding), Step::Appeal) => Self::Appealed(finding),
            (Self::Appealed(village), Step::Conclude(township)) => Self::Concluded { village, township },
            (from, step) => return Err(InvalidStep { from, step }),
        })
    }

    /// Until when the next step is to be taken, if it came this far at `since`. For what is decided this is the last
    /// instant to appeal; for everything else whoever has not acted by then is late.
    #[must_use]
    pub fn due(self, since: Timestamp) -> Option<Timestamp> {
        let days = match self {
            Self::Raised => ACCEPT_DAYS,
            Self::Accepted => DECIDE_DAYS,
            Self::Decided(_) => APPEAL_DAYS,
            Self::Appealed(_) => CONCLUDE_DAYS,
            Self::Concluded { .. } => return None,
        };
        Some(since.plus_days(days))
    }

    /// Whether somebody is late with it.
    #[must_use]
    pub fn is_late(self, since: Timestamp, now: Timestamp) -> bool {
        let waits = matches!(self, Self::Raised | Self::Accepted | Self::Appealed(_));
        waits && self.due(since).is_some_and(|due| now.since(due) > 0)
    }

    /// Whether it can still be taken to the township.
    #[must_use]
    pub fn may_appeal(self, since: Timestamp, now: Timestamp) -> bool {
        matches!(self, Self::Decided(_)) && self.due(since).is_some_and(|due| now.since(due) <= 0)
    }

    /// As the API says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Accepted => "accepted",
            Self::Decided(finding) => finding.as_str(),
            Self::Appealed(_) => "appealed",
            Self::Concluded { .. } => "concluded",
        }
    }
}

/// A line of a sheet as its disputes see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisputedLine {
    /// Where the award stands.
    pub state: AwardState,
    /// Its clock, if it has one.
    pub clock: Option<LineClock>,
    /// Objections and appeals about it that are open.
    pub open: usize,
}

/// Why a line does not let something happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It is not in notice.
    #[error("the line is not in notice")]
    NotInNotice,
    /// Its clock has run out.
    #[error("the clock of the line has run out")]
    Over,
    /// Its clock has not run out, or something about it is open.
    #[error("the line is not due")]
    NotDue,
}

impl DisputedLine {
    /// Somebody objects: the clock stops.
    pub fn object(self, now: Timestamp, pace: Pace<'_>) -> Result<Self, LineError> {
        match (self.state, self.clock) {
            (AwardState::InNotice, Some(clock)) if clock.has_run_out(now) => Err(LineError::Over),
            (AwardState::InNotice, Some(_)) | (AwardState::Objected, _) => Ok(self.frozen(now, pace)),
            _ => Err(LineError::NotInNotice),
        }
    }

    /// What was answered goes to the township. A line on its way is frozen again, also when its clock has just run
    /// out; one that is in the ledger already stays there until the township has spoken, and one that stands again and
    /// hangs nowhere yet waits so long.
    pub fn appeal(self, now: Timestamp, pace: Pace<'_>) -> Result<Self, LineError> {
        match (self.state, self.clock) {
            (AwardState::InNotice, Some(_)) | (AwardState::Objected, _) => Ok(self.frozen(now, pace)),
            (AwardState::Posted | AwardState::Approved, _) => Ok(Self { open: self.open + 1, ..self }),
            _ => Err(LineError::NotInNotice),
        }
    }

    /// One of its disputes is settled. One that stands brings a frozen line down for good, and one that hangs nowhere
    /// yet; when the last one falls, the clock goes on with what was left.
    #[must_use]
    pub fn settle(self, stands: bool, now: Timestamp, pace: Pace<'_>) -> Self {
        match (self.state, self.open.saturating_sub(1)) {
            (AwardState::Objected | AwardState::Approved, _) if stands => {
                Self { state: AwardState::Rejected, clock: None, open: 0 }
            }
            (AwardState::Objected, 0) => {
                let clock = self.clock.map(|clock| clock.resume(now, pace));
                Self { state: AwardState::InNotice, clock, open: 0 }
            }
            (_, open) => Self { open, ..self },
        }
    }

    /// It goes into the ledger.
    pub fn post(self, now: Timestamp) -> Result<Self, LineError> {
        match (self.state, self.clock) {
            (AwardState::InNotice, Some(clock)) if clock.has_run_out(now) && self.open == 0 => {
                Ok(Self { state: AwardState::Posted, clock: None, open: 0 })
            }
            (AwardState::InNotice | AwardState::Objected, _) => Err(LineError::NotDue),
            _ => Err(LineError::NotInNotice),
        }
    }

    fn frozen(self, now: Timestamp, pace: Pace<'_>) -> Self {
        let clock = self.clock.map(|clock| clock.stop(now, pace));
        Self { state: AwardState::Objected, clock, open: self.open + 1 }
    }
}

#[cfg(test)]
mod tests;
