//! Handing services over to the national system (全国志愿服务信息系统): where each stands, and what its answer may be. Holds no
//! file format.

use crate::domain::wording::vocabulary;

/// The most services in one file.
pub const FILE_LINES_MAX: i64 = 1_000;

vocabulary! {
    /// Where a service stands with the national system.
    TransferState {
        /// It goes into the next file.
        Waiting = "waiting", "待报送", "waiting";
        /// It is in a file, and there is no answer.
        Handed = "handed", "已报送，待回执", "handed over, no answer yet";
        /// It is there, under a number of that system.
        Accepted = "accepted", "已同步", "accepted";
        /// It was not taken.
        Refused = "refused", "被退回", "refused";
        /// It was put right since it was handed over: it goes into the next file again.
        Corrected = "corrected", "已更正，待重报", "corrected, goes again";
    }
}

vocabulary! {
    /// What the national system says to one line.
    Answer {
        /// Taken, under a number.
        Accepted = "accepted", "接收", "accepted";
        /// Not taken, with a reason.
        Refused = "refused", "退回", "refused";
    }
}

/// The last line of a service in a file: which transaction it told of, and the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The transaction that said the minutes then; 0 when the service had been undone.
    pub seq: i64,
    /// What the national system said.
    pub answer: Option<Answer>,
}

/// Where a service stands: `now` is the transaction that says its minutes, 0 when it was undone. Nothing when the
/// national system need not know of it: it was undone before it was ever handed over.
#[must_use]
pub const fn state(now: i64, told: Option<Told>) -> Option<TransferState> {
    match told {
        None if now == 0 => None,
        None => Some(TransferState::Waiting),
        Some(told) if told.seq != now => Some(TransferState::Corrected),
        Some(told) => Some(match told.answer {
            None => TransferState::Handed,
            Some(Answer::Accepted) => TransferState::Accepted,
            Some(Answer::Refused) => TransferState::Refused,
        }),
    }
}

impl TransferState {
    /// Whether it goes into the next file; what was refused only when somebody says so.
    #[must_use]
    pub const fn goes(self, refused_too: bool) -> bool {
        match self {
            Self::Waiting | Self::Corrected => true,
            Self::Refused => refused_too,
            Self::Handed | Self::Accepted => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_waits_is_handed_over_answered_and_goes_again_when_put_right() {
        let told = |seq, answer| Some(Told { seq, answer });
        assert_eq!(state(5, None), Some(TransferState::Waiting));
        assert_eq!(state(0, None), None);
        assert_eq!(state(5, told(5, None)), Some(TransferState::Handed));
        assert_eq!(state(5, told(5, Some(Answer::Accepted))), Some(TransferState::Accepted));
        assert_eq!(state(5, told(5, Some(Answer::Refused))), Some(TransferState::Refused));
        assert_eq!(state(9, told(5, Some(Answer::Accepted))), Some(TransferState::Corrected));
        assert_eq!(state(0, told(5, Some(Answer::Accepted))), Some(TransferState::Corrected));
        assert_eq!(state(0, told(0, None)), Some(TransferState::Handed));
    }

    #[test]
    fn what_was_refused_goes_again_only_on_somebodys_word() {
        let goes = |again| TransferState::ALL.iter().filter(|s| s.goes(again)).count();
        assert_eq!(goes(false), 2);
        assert_eq!(goes(true), 3);
        assert!(!TransferState::Handed.goes(true) && !TransferState::Accepted.goes(true));
    }
}
