//! What villages keep open with each other (跨村清算): moves of minutes of a month, netted by pair, and the statement that
//! both sides sign. Hours for hours, whatever the places: nothing is converted.

use std::collections::BTreeMap;

use crate::domain::{calendar::Calendar, time::Day, wording::vocabulary};

/// Working days in which a dispute is to be settled.
pub const DISPUTE_WORKING_DAYS: u32 = 15;

vocabulary! {
    /// Where one side's statement stands.
    StatementState {
        /// Drawn up; this side has not looked at it.
        Drawn = "drawn", "待确认", "to be confirmed";
        /// This side confirms it.
        Confirmed = "confirmed", "已确认", "confirmed";
        /// This side disputes it.
        Disputed = "disputed", "有异议", "disputed";
        /// The dispute was settled.
        Resolved = "resolved", "异议已处理", "dispute settled";
    }
}

vocabulary! {
    /// What a side does with its statement.
    StatementMove {
        /// Confirms it.
        Confirm = "confirm", "确认", "confirm";
        /// Disputes it.
        Dispute = "dispute", "提出异议", "dispute";
        /// Settles the dispute.
        Resolve = "resolve", "处理异议", "settle the dispute";
    }
}

impl StatementState {
    /// Where a move leads; nothing when it cannot be made from here.
    #[must_use]
    pub const fn after(self, step: StatementMove) -> Option<Self> {
        match (self, step) {
            (Self::Drawn, StatementMove::Confirm) => Some(Self::Confirmed),
            (Self::Drawn, StatementMove::Dispute) => Some(Self::Disputed),
            (Self::Disputed, StatementMove::Resolve) => Some(Self::Resolved),
            _ => None,
        }
    }
}

/// The last day on which a dispute of `day` is to be settled.
#[must_use]
pub fn settle_by(calendar: &Calendar, day: Day) -> Day {
    calendar.working_days_after(day, DISPUTE_WORKING_DAYS)
}

/// What one village moved with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Minutes that left for the other.
    pub sent: i64,
    /// Minutes that came from the other.
    pub received: i64,
}

impl Position {
    /// What this side took over from the other, less what it gave: minutes it has to serve for the other.
    #[must_use]
    pub const fn net(&self) -> i64 {
        self.received - self.sent
    }

    /// The same seen from the other side.
    #[must_use]
    pub const fn mirrored(&self) -> Self {
        Self { sent: self.received, received: self.sent }
    }
}

/// One village's moves with the others, by the number of the other.
pub type OfVillage = BTreeMap<i64, Position>;

/// A side that does not agree with its other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Apart {
    /// The village.
    pub village: i64,
    /// The other.
    pub with: i64,
}

/// The first pair whose two sides do not say the same.
#[must_use]
pub fn apart(all: &BTreeMap<i64, OfVillage>) -> Option<Apart> {
    all.iter().find_map(|(village, own)| {
        own.iter().find_map(|(with, position)| {
            let back = all.get(with).and_then(|theirs| theirs.get(village)).copied().unwrap_or_default();
            (back != position.mirrored()).then_some(Apart { village: *village, with: *with })
        })
    })
}

/// Every village's net, over all others.
#[must_use]
pub fn nets(all: &BTreeMap<i64, OfVillage>) -> BTreeMap<i64, i64> {
    all.iter().map(|(village, own)| (*village, own.values().map(Position::net).sum())).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn book(moves: &[(i64, i64, i64)]) -> BTreeMap<i64, OfVillage> {
        let mut all: BTreeMap<i64, OfVillage> = BTreeMap::new();
        for (from, to, minutes) in moves.iter().filter(|(from, to, _)| from != to) {
            all.entry(*from).or_default().entry(*to).or_default().sent += minutes;
            all.entry(*to).or_default().entry(*from).or_default().received += minutes;
        }
        all
    }

    #[test]
    fn a_statement_is_confirmed_or_disputed_once() {
        use {StatementMove as M, StatementState as S};
        let ways = S::ALL.iter().flat_map(|from| M::ALL.iter().filter_map(|step| from.after(*step))).count();
        assert_eq!(ways, 3);
        assert_eq!(S::Drawn.after(M::Confirm), Some(S::Confirmed));
        assert_eq!(S::Disputed.after(M::Resolve), Some(S::Resolved));
    }

    #[test]
    fn whoever_takes_minutes_over_has_them_to_serve() {
        let all = book(&[(1, 2, 60), (2, 1, 15), (1, 3, 30)]);
        assert_eq!(nets(&all), BTreeMap::from([(1, -75), (2, 45), (3, 30)]));
        let mut wrong = all;
        wrong.get_mut(&2).unwrap().get_mut(&1).unwrap().received = 59;
        assert_eq!(apart(&wrong), Some(Apart { village: 1, with: 2 }));
    }

    proptest! {
        #[test]
        fn the_nets_of_all_villages_sum_to_zero(
            moves in prop::collection::vec((1..9_i64, 1..9_i64, 1..1_000_i64), 0..60),
        ) {
            let all = book(&moves);
            prop_assert_eq!(nets(&all).values().sum::<i64>(), 0);
            prop_assert_eq!(apart(&all), None);
            for (village, own) in &all {
                for (with, position) in own {
                    prop_assert_eq!(all[with][village].net(), -position.net());
                }
            }
        }
    }
}
