//! What comes before a deduction (扣分): the household is reminded in private, has time to mend, is looked at again; only
//! what was found unmended when the time was over may go on record, and it is given back when it is mended later.
//! Handbook §4 F, §8.2. States and the only moves between them. A deduction touches the honour score and nothing else.

use std::fmt;

use super::{due_process::InvalidState, time::Day};

/// The least time a household has to mend, or to answer.
pub const FIX_DAYS_MIN: i32 = 7;
/// The most: what takes longer is reminded of again.
pub const FIX_DAYS_MAX: i32 = 90;
/// A reminder given on paper is entered at most so many days later.
pub const GIVEN_DAYS_AGO_MAX: i32 = 60;

/// Where a reminder stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReminderState {
    /// Given (提醒), with time to mend (限期整改).
    Reminded,
    /// Found mended: nothing is deducted. Final.
    Mended,
    /// Given by mistake. Final.
    Withdrawn,
    /// Found unmended when the time was over: a deduction may be put on record.
    Unmended,
    /// A deduction is on record, on its way through review and notice.
    Deducted,
    /// Mended later: giving back (修复) is on record.
    Restored,
}

/// What can happen to a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReminderMove {
    /// Another reminder with a new day.
    Again,
    /// Somebody looked and found it mended.
    FoundMended,
    /// Somebody looked when the time was over and found it unmended.
    FoundUnmended,
    /// It was a mistake.
    Withdraw,
    /// The deduction goes on record.
    Deduct,
    /// What was deducted is given back.
    Restore,
}

/// That move is not possible from that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reminder that is {from} cannot {attempted:?}")]
pub struct InvalidReminderMove {
    /// Where it stands.
    pub from: ReminderState,
    /// What was tried.
    pub attempted: ReminderMove,
}

impl ReminderState {
    /// Every state, in the order of the way.
    pub const ALL: [Self; 6] =
        [Self::Reminded, Self::Mended, Self::Withdrawn, Self::Unmended, Self::Deducted, Self::Restored];

    /// The state after `step`.
    pub fn after(self, step: ReminderMove) -> Result<Self, InvalidReminderMove> {
        use ReminderMove as M;
        Ok(match (self, step) {
            (Self::Reminded | Self::Unmended, M::Again) => Self::Reminded,
            (Self::Reminded | Self::Unmended, M::FoundMended) => Self::Mended,
            (Self::Reminded | Self::Unmended, M::Withdraw) => Self::Withdrawn,
            (Self::Reminded, M::FoundUnmended) => Self::Unmended,
            (Self::Unmended, M::Deduct) => Self::Deducted,
            (Self::Deducted, M::Restore) => Self::Restored,
            (from, attempted) => return Err(InvalidReminderMove { from, attempted }),
        })
    }

    /// Whether the household still has something to do or to wait for.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Reminded | Self::Unmended | Self::Deducted)
    }

    /// As stored and as the API says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reminded => "reminded",
            Self::Mended => "mended",
            Self::Withdrawn => "withdrawn",
            Self::Unmended => "unmended",
            Self::Deducted => "deducted",
            Self::Restored => "restored",
        }
    }
}

impl fmt::Display for ReminderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for ReminderState {
    type Err = InvalidState;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|s| s.as_str() == text).ok_or(InvalidState)
    }
}

/// Why a reminder's days cannot stand so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTerm {
    /// Given in the future, or too long ago.
    #[error("given on a day that cannot be entered")]
    Given,
    /// Too short or too long.
    #[error("from 7 to 90 days to mend")]
    Days,
}

/// Whether somebody reminded on `given` may be given until `fix_by`, when it is entered on `today`.
pub const fn check_term(given: Day, fix_by: Day, today: Day) -> Result<(), InvalidTerm> {
    let ago = today.number() - given.number();
    if ago < 0 || ago > GIVEN_DAYS_AGO_MAX {
        return Err(InvalidTerm::Given);
    }
    let days = fix_by.number() - given.number();
    if days < FIX_DAYS_MIN || days > FIX_DAYS_MAX { Err(InvalidTerm::Days) } else { Ok(()) }
}

/// Whether the time to mend is over: the last day is the household's still.
#[must_use]
pub const fn is_over(fix_by: Day, today: Day) -> bool {
    today.number() > fix_by.number()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        award::{Claim, Context, Inputs, Subject, compute, questions},
        rule::Direction,
        ruleset,
    };

    const MOVES: [ReminderMove; 6] = [
        ReminderMove::Again,
        ReminderMove::FoundMended,
        ReminderMove::FoundUnmended,
        ReminderMove::Withdraw,
        ReminderMove::Deduct,
        ReminderMove::Restore,
    ];

    #[test]
    fn exactly_nine_moves_are_possible_and_none_from_a_final_state() {
        let possible = |from: ReminderState| MOVES.iter().filter(|step| from.after(**step).is_ok()).count();
        assert_eq!(ReminderState::ALL.map(possible), [4, 0, 0, 4, 1, 0]);
    }

    proptest! {
        /// However people go about it, a deduction stands behind a reminder, a week, and a look that found it unmended.
        #[test]
        fn nothing_is_deducted_before_a_week_and_a_second_look(
            steps in proptest::collection::vec((0..6_usize, 0..30_i32, 0..120_i32), 1..40),
        ) {
            let mut today = Day::from_number(20_000);
            let (mut state, mut given, mut fix_by) = (ReminderState::Reminded, today, today.plus(FIX_DAYS_MIN));
            let mut unmended_on = None;
            for (step, wait, term) in steps {
                today = today.plus(wait);
                let step = MOVES[step];
                let again = today.plus(term);
                let allowed = match step {
                    ReminderMove::Again => check_term(today, again, today).is_ok(),
                    ReminderMove::FoundUnmended => is_over(fix_by, today),
                    _ => true,
                };
                let Ok(after) = state.after(step) else { continue };
                if !allowed {
                    continue;
                }
                match step {
                    ReminderMove::Again => (given, fix_by, unmended_on) = (today, again, None),
                    ReminderMove::FoundUnmended => unmended_on = Some(today),
                    ReminderMove::Deduct => {
                        let looked = unmended_on.expect("looked at again");
                        prop_assert!(looked.number() > given.number() + FIX_DAYS_MIN);
                    }
                    _ => {}
                }
                state = after;
            }
        }

        /// Whatever a deduction or its giving back is computed from, it moves no points and no minutes.
        #[test]
        fn no_deduction_ever_touches_points(quantity in 1..500_u32, answers in 0..100_000_i64) {
            for set in ruleset::shipped().map(|(file, text)| ruleset::parse(text, file).unwrap()) {
                for item in set.items.iter().filter(|i| i.direction != Direction::Credit) {
                    let subject = Subject { person: true };
                    let day = Day::from_number(20_600);
                    let asked = questions(&set, item, subject, day).len();
                    let inputs = Inputs { quantity: quantity.into(), grade: None };
                    let claim = Claim { set: &set, item, subject, inputs: &inputs, occurred_on: day };
                    let context = Context { group_households: 90, village_households: 1_155 };
                    if let Ok(award) = compute(&claim, &vec![answers; asked], context) {
                        prop_assert_eq!((award.points, award.minutes), (0, 0), "{}", item.code);
                    }
                }
            }
        }
    }

    #[test]
    fn a_week_is_the_least_and_paper_is_entered_within_two_months() {
        let today = Day::from_number(20_000);
        let term = |ago: i32, days: i32| check_term(today.plus(-ago), today.plus(days - ago), today);
        assert_eq!((term(0, 7), term(60, 90)), (Ok(()), Ok(())));
        assert_eq!((term(0, 6), term(0, 91)), (Err(InvalidTerm::Days), Err(InvalidTerm::Days)));
        assert_eq!((term(-1, 7), term(61, 90)), (Err(InvalidTerm::Given), Err(InvalidTerm::Given)));
        assert!(!is_over(today, today) && is_over(today, today.plus(1)));
    }
}
