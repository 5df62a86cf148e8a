//! Recognition (表彰): honours somebody was granted, of which only the highest counts, and the red list (红榜), a document
//! that hangs only with the consent of every household on it. Nothing here compares people, and nothing counts points.

use serde::{Deserialize, Serialize};

/// Days a red list hangs at most.
pub const RED_LIST_DAYS: i64 = 30;
/// Households one red list may have.
pub const RED_LIST_MAX: usize = 100;

macro_rules! stored {
    ($name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $name {
            /// Each of them, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As stored and as the API says it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// From storage.
            #[must_use]
            pub fn of(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.as_str() == text)
            }
        }
    };
}

/// Who granted an honour; higher ones are later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The village.
    Village,
    /// The township.
    Town,
    /// The county.
    County,
    /// The province.
    Province,
    /// The state.
    State,
}
stored!(Level { Village = "village", Town = "town", County = "county", Province = "province", State = "state" });

/// Where an entry of the honours registry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HonourState {
    /// Entered, its document not checked yet.
    Proposed,
    /// A second person has seen the document.
    Confirmed,
    /// Entered by mistake.
    Withdrawn,
}
stored!(HonourState { Proposed = "proposed", Confirmed = "confirmed", Withdrawn = "withdrawn" });

/// Where a red list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RedListState {
    /// Put together; every household on it is asked.
    Proposed,
    /// Approved by a second person, after every household has answered.
    Approved,
    /// It hangs.
    Shown,
    /// It hangs no more. The record stays.
    TakenDown,
    /// Given up before it hung.
    Withdrawn,
}
stored!(RedListState {
    Proposed = "proposed",
    Approved = "approved",
    Shown = "shown",
    TakenDown = "taken_down",
    Withdrawn = "withdrawn",
});

/// What a household says to its being shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Consent {
    /// It was asked.
    Asked,
    /// It agrees.
    Given,
    /// It does not, or no more.
    Refused,
}
stored!(Consent { Asked = "asked", Given = "given", Refused = "refused" });

/// What can happen to a red list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RedListStep {
    /// A second person approves it.
    Approve,
    /// It is hung up.
    Show,
    /// It is taken down.
    TakeDown,
    /// It is given up.
    Withdraw,
}

/// Why a red list does not let something happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedListError {
    /// Not from that state.
    #[error("not from that state")]
    State,
    /// Somebody has not answered yet.
    #[error("somebody has not answered")]
    Unanswered,
    /// Nobody on it agrees.
    #[error("nobody agrees")]
    NobodyAgrees,
}

impl RedListState {
    /// The state after `step`, with what the households on it say.
    pub fn after(self, step: RedListStep, said: &[Consent]) -> Result<Self, RedListError> {
        use RedListStep as S;
        let agreed = said.contains(&Consent::Given);
        match (self, step) {
            (Self::Proposed, S::Approve) if said.contains(&Consent::Asked) => Err(RedListError::Unanswered),
            (Self::Proposed, S::Approve) | (Self::Approved, S::Show) if !agreed => {
                Err(RedListError::NobodyAgrees)
            }
            (Self::Proposed, S::Approve) => Ok(Self::Approved),
            (Self::Approved, S::Show) => Ok(Self::Shown),
            (Self::Shown, S::TakeDown) => Ok(Self::TakenDown),
            (Self::Proposed | Self::Approved, S::Withdraw) => Ok(Self::Withdrawn),
            _ => Err(RedListError::State),
        }
    }

    /// Whether a household may still say yes or no: a no takes its line down at once, also from a list that hangs; a
    /// yes comes before the list is approved, because somebody else has seen what was approved.
    #[must_use]
    pub const fn hears(self, said: Consent) -> bool {
        match said {
            Consent::Asked => false,
            Consent::Given => matches!(self, Self::Proposed),
            Consent::Refused => matches!(self, Self::Proposed | Self::Approved | Self::Shown),
        }
    }

    /// Whether the public sees a household on it.
    #[must_use]
    pub fn shows(self, said: Consent) -> bool {
        self == Self::Shown && said == Consent::Given
    }
}

/// The one of several honours that counts: the highest.
#[must_use]
pub fn highest(levels: impl IntoIterator<Item = Level>) -> Option<Level> {
    levels.into_iter().max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STEPS: [RedListStep; 4] =
        [RedListStep::Approve, RedListStep::Show, RedListStep::TakeDown, RedListStep::Withdraw];

    #[test]
    fn exactly_five_steps_are_possible_when_everybody_agrees() {
        let possible = RedListState::ALL
            .iter()
            .flat_map(|from| STEPS.iter().filter(|step| from.after(**step, &[Consent::Given]).is_ok()))
            .count();
        assert_eq!(possible, 5);
        for ended in [RedListState::TakenDown, RedListState::Withdrawn] {
            assert!(STEPS.iter().all(|step| ended.after(*step, &[Consent::Given]).is_err()));
        }
    }

    #[test]
    fn the_highest_honour_counts_and_no_other() {
        assert_eq!(highest([Level::Town, Level::Province, Level::Village]), Some(Level::Province));
        assert_eq!(highest([]), None);
    }

    proptest! {
        /// In whatever order lists move and households answer: nobody is seen who has not agreed, and nobody who has
        /// taken it back.
        #[test]
        fn no_sequence_shows_a_household_that_does_not_agree(
            deeds in prop::collection::vec((0..8_usize, 0..3_usize), 0..40)
        ) {
            let mut state = RedListState::Proposed;
            let mut said = [Consent::Asked; 3];
            let mut last_word = [None; 3];
            for (deed, who) in deeds {
                match deed {
                    0..=3 => {
                        if let Ok(next) = state.after(STEPS[deed], &said) {
                            state = next;
                        }
                    }
                    _ => {
                        let word = if deed % 2 == 0 { Consent::Given } else { Consent::Refused };
                        if state.hears(word) {
                            said[who] = word;
                            last_word[who] = Some(word);
                        }
                    }
                }
                for (word, last) in said.iter().zip(last_word) {
                    prop_assert!(!state.shows(*word) || last == Some(Consent::Given));
                }
                if matches!(state, RedListState::Approved | RedListState::Shown) {
                    prop_assert!(!said.contains(&Consent::Asked));
                }
            }
        }
    }
}
