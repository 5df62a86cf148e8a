//! The way of a village's papers (积分细则、村规民约) by procedure: draft, comment, self-check, four deliberations, the
//! decision disclosed, filed with the township, the result disclosed, in force, repealed: handbook §8.1. States, the only
//! moves between them, and what each demands. Who holds which office is decided in the service layer.

use std::collections::BTreeSet;

use super::time::Day;

pub mod meeting;
#[cfg(test)]
mod properties;
mod words;

pub use meeting::{Body, Meeting, Tally};
pub use words::{Paper, ProposalState, Step};

/// The least days a draft is open for comment.
pub const COMMENT_DAYS_MIN: i32 = 7;
/// The least days a decision hangs before it is filed (handbook §8.1: 5–7 days).
pub const DISCLOSE_DAYS_MIN: i32 = 5;
/// The most days either of them runs.
pub const DAYS_MAX: i32 = 60;
/// A paper takes effect this many days after the township has it on file, at the earliest (handbook §4).
pub const EFFECT_AFTER_DAYS: i32 = 7;
/// … and this many days later at the latest.
pub const EFFECT_DAYS_MAX: i32 = 366;

/// What somebody wants to do with a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Change its text.
    Change,
    /// Open it for comment.
    OpenComment {
        /// For so many days.
        days: i32,
    },
    /// Say that it keeps to the law.
    Check,
    /// Enter one of the four deliberations.
    Meet {
        /// Which.
        meeting: Meeting,
        /// The day it was held.
        held_on: Day,
        /// Who came and how they voted.
        tally: Tally,
    },
    /// Put the decision on notice.
    Disclose {
        /// For so many days.
        days: i32,
    },
    /// Find an objection to the decision right.
    Uphold,
    /// Send it to the township.
    File,
    /// Take it on file.
    Accept,
    /// Send it back.
    Return,
    /// Disclose the result.
    Announce {
        /// The first day it applies.
        from: Day,
    },
    /// Repeal it.
    Repeal {
        /// The first day it applies no more.
        from: Day,
    },
    /// Take it back.
    Withdraw,
}

impl Act {
    /// As it is kept.
    #[must_use]
    pub const fn step(&self) -> Step {
        match self {
            Self::Change => Step::Change,
            Self::OpenComment { .. } => Step::Comment,
            Self::Check => Step::Check,
            Self::Meet { meeting, .. } => meeting.step(),
            Self::Disclose { .. } => Step::Disclose,
            Self::Uphold => Step::Uphold,
            Self::File => Step::File,
            Self::Accept => Step::Accept,
            Self::Return => Step::Return,
            Self::Announce { .. } => Step::Announce,
            Self::Repeal { .. } => Step::Repeal,
            Self::Withdraw => Step::Withdraw,
        }
    }
}

/// Why it may not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// Not the turn of that step.
    #[error("not from {0}")]
    NotNow(ProposalState),
    /// The text has faults.
    #[error("the text has faults")]
    Faulty,
    /// Fewer days than the least, or more than the most.
    #[error("runs {least} to {most} days")]
    Days {
        /// The least.
        least: i32,
        /// The most.
        most: i32,
    },
    /// People may still speak, until the end of that day.
    #[error("open until {0}")]
    StillOpen(Day),
    /// Somebody who spoke has no answer.
    #[error("{0} without an answer")]
    Unanswered(usize),
    /// Nobody checks or discloses what they wrote themselves.
    #[error("one's own draft")]
    OwnDraft,
    /// The township's person had a hand in it in the village.
    #[error("had a hand in it")]
    OwnHand,
    /// A day before the step before, or after today.
    #[error("between {earliest} and {latest}")]
    Held {
        /// The earliest.
        earliest: Day,
        /// The latest.
        latest: Day,
    },
    /// The figures of a meeting do not add up.
    #[error("the figures do not add up")]
    Headcount,
    /// Too few came: the meeting could not resolve anything.
    #[error("{needed} have to be present")]
    NoQuorum {
        /// So many.
        needed: i64,
    },
    /// Which body of the villagers met has to be said, and of the other meetings not.
    #[error("which body met")]
    WhichBody,
    /// A compact is adopted by the villagers' assembly itself, never by representatives.
    #[error("by the villagers' assembly only")]
    AssemblyOnly,
    /// Too soon or too late to take effect.
    #[error("between {earliest} and {latest}")]
    Effect {
        /// The earliest.
        earliest: Day,
        /// The latest.
        latest: Day,
    },
}

/// What of a proposal decides on its next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What is adopted.
    pub paper: Paper,
    /// Where it stands.
    pub state: ProposalState,
    /// Everybody who wrote on the present text.
    pub drafters: BTreeSet<String>,
    /// Everybody of the village who had a hand in it.
    pub hands: BTreeSet<String>,
    /// The day of the last step.
    pub last_on: Day,
    /// The last day of the comment period or the notice that runs or ran last.
    pub open_until: Option<Day>,
    /// Comments or objections without an answer.
    pub unanswered: usize,
    /// Whether the text has no fault.
    pub sound: bool,
    /// The day the township took it on file.
    pub accepted_on: Option<Day>,
    /// The first day of the version it replaces.
    pub replaces_from: Option<Day>,
    /// Its own first day.
    pub effective_from: Option<Day>,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Where it stands then.
    pub state: ProposalState,
    /// The day of the step.
    pub on: Day,
    /// The last day on which people may speak, where that begins.
    pub open_until: Option<Day>,
}

impl Case {
    /// What follows when `by` does `act` on `today`.
    ///
    /// # Errors
    /// Why it may not happen; nothing changes then.
    pub fn decide(&self, act: &Act, by: &str, today: Day) -> Result<Next, Forbidden> {
        use ProposalState as S;
        let next = |state| Ok(Next { state, on: today, open_until: None });
        match (self.state, act) {
            // an objection that is right: everything is gone through anew
            (S::Draft, Act::Change) | (S::Disclosed, Act::Uphold) => next(S::Draft),
            (S::Comment, Act::Change) => {
                self.nobody_speaks(today)?;
                next(S::Comment)
            }
            (S::Draft, Act::OpenComment { days }) => {
                self.sound()?;
                let open_until = Some(runs(*days, COMMENT_DAYS_MIN, today)?);
                Ok(Next { state: S::Comment, on: today, open_until })
            }
            (S::Comment, Act::Check) => {
                self.nobody_speaks(today)?;
                self.answered()?;
                self.not_the_drafter(by)?;
                self.sound()?;
                next(S::Checked)
            }
            (_, Act::Meet { meeting, held_on, tally }) if meeting.follows() == self.state => {
                self.held(*held_on, today)?;
                let carried = tally.carried(*meeting, self.paper)?;
                let state = if carried { meeting.leads_to() } else { S::Rejected };
                Ok(Next { state, on: *held_on, open_until: None })
            }
            (S::Resolved, Act::Disclose { days }) => {
                self.not_the_drafter(by)?;
                let open_until = Some(runs(*days, DISCLOSE_DAYS_MIN, today)?);
                Ok(Next { state: S::Disclosed, on: today, open_until })
            }
            (S::Disclosed, Act::File) => {
                self.nobody_speaks(today)?;
                self.answered()?;
                next(S::Filed)
            }
            (S::Filed, Act::Accept) => {
                self.no_hand(by)?;
                self.sound()?;
                next(S::Accepted)
            }
            (S::Filed, Act::Return) => {
                self.no_hand(by)?;
                next(S::Draft)
            }
            (S::Accepted, Act::Announce { from }) => {
                self.sound()?;
                self.takes_effect(*from, today)?;
                next(S::Announced)
            }
            (S::Announced, Act::Repeal { from }) => {
                self.no_hand(by)?;
                let earliest = self.effective_from.unwrap_or(today).max(today);
                within(*from, earliest, today)?;
                next(S::Repealed)
            }
            (
                S::Draft | S::Comment | S::Checked | S::Proposed | S::Consulted | S::Examined,
                Act::Withdraw,
            ) => next(S::Withdrawn),
            (from, _) => Err(Forbidden::NotNow(from)),
        }
    }

    fn sound(&self) -> Result<(), Forbidden> {
        if self.sound { Ok(()) } else { Err(Forbidden::Faulty) }
    }

    fn nobody_speaks(&self, today: Day) -> Result<(), Forbidden> {
        match self.open_until {
            Some(until) if today <= until => Err(Forbidden::StillOpen(until)),
            _ => Ok(()),
        }
    }

    const fn answered(&self) -> Result<(), Forbidden> {
        if self.unanswered == 0 { Ok(()) } else { Err(Forbidden::Unanswered(self.unanswered)) }
    }

    fn not_the_drafter(&self, by: &str) -> Result<(), Forbidden> {
        if self.drafters.contains(by) { Err(Forbidden::OwnDraft) } else { Ok(()) }
    }

    fn no_hand(&self, by: &str) -> Result<(), Forbidden> {
        if self.hands.contains(by) || self.drafters.contains(by) {
            return Err(Forbidden::OwnHand);
        }
        Ok(())
    }

    fn held(&self, held_on: Day, today: Day) -> Result<(), Forbidden> {
        if held_on < self.last_on || held_on > today {
            return Err(Forbidden::Held { earliest: self.last_on, latest: today });
        }
        Ok(())
    }

    fn takes_effect(&self, from: Day, today: Day) -> Result<(), Forbidden> {
        let filed = self.accepted_on.unwrap_or(today).plus(EFFECT_AFTER_DAYS);
        let after = self.replaces_from.map_or(filed, |day| filed.max(day.plus(1)));
        // a version takes effect on a day to come: nothing of today is decided under two rules
        within(from, after.max(today.plus(1)), today)
    }
}

fn within(from: Day, earliest: Day, today: Day) -> Result<(), Forbidden> {
    let latest = earliest.max(today).plus(EFFECT_DAYS_MAX);
    if from < earliest || from > latest { Err(Forbidden::Effect { earliest, latest }) } else { Ok(()) }
}

const fn runs(days: i32, least: i32, today: Day) -> Result<Day, Forbidden> {
    if days < least || days > DAYS_MAX {
        return Err(Forbidden::Days { least, most: DAYS_MAX });
    }
    Ok(today.plus(days))
}
