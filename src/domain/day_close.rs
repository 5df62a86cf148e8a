//! The day's closing of a counter (日结): what the book says of the day beside the slips that were counted, signed by two.
//! Holds no figures of its own.

use super::wording::vocabulary;

/// The most slips that may be counted on one day.
pub const SLIPS_MAX: i64 = 100_000;

vocabulary! {
    /// Why the slips counted are not as many as the redemptions of the day.
    SlipDifference {
        /// A slip was not printed, or was lost.
        Missing = "missing", "漏打或丢失凭条", "a slip was not printed or was lost";
        /// A slip was printed twice.
        Twice = "twice", "重复打印凭条", "a slip was printed twice";
        /// Slips of void redemptions were taken out.
        Void = "void", "抽走了作废凭条", "slips of void redemptions were taken out";
        /// Nobody knows: it is looked into.
        Unknown = "unknown", "原因不明，待查", "unknown, to be looked into";
    }
}

/// Slips and redemptions differ, and nobody says why; or they agree, and somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{slips} slips and {redemptions} redemptions do not fit the reason given")]
pub struct Unexplained {
    /// Counted.
    pub slips: i64,
    /// By the book.
    pub redemptions: i64,
}

/// Whether a difference is explained, and only a difference.
pub const fn explained(redemptions: i64, slips: i64, why: Option<SlipDifference>) -> Result<(), Unexplained> {
    if why.is_some() == (redemptions != slips) { Ok(()) } else { Err(Unexplained { slips, redemptions }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_needs_its_reason_and_nothing_else_has_one() {
        assert_eq!(explained(3, 3, None), Ok(()));
        assert_eq!(explained(3, 2, Some(SlipDifference::Missing)), Ok(()));
        assert_eq!(explained(3, 2, None), Err(Unexplained { slips: 2, redemptions: 3 }));
        assert!(explained(3, 3, Some(SlipDifference::Twice)).is_err());
    }
}
