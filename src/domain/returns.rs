//! Goods that come back (退货) and redemptions that never were (作废): what goes back for each piece, and until when. Pro
//! rata on every leg, so that parts add up to the whole and nobody keeps points for goods that were kept.

use super::{
    time::{MICROS_PER_SECOND, Timestamp},
    wording::vocabulary,
};

/// Hours within which goods may come back.
pub const RETURN_HOURS: i64 = 24;

vocabulary! {
    /// What a return is.
    ReturnKind {
        /// Goods were handed over and come back.
        Returned = "returned", "退货", "returned";
        /// It was typed wrongly: the goods never left.
        Voided = "voided", "作废", "void";
    }
}

vocabulary! {
    /// Where the goods go.
    ReturnedTo {
        /// Whole and closed: onto the shelf again.
        Shelf = "shelf", "完好，放回货架", "whole: back onto the shelf";
        /// Not to be handed out again.
        Loss = "loss", "有问题，报损", "faulty: written off";
    }
}

/// One article of a redemption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bought {
    /// Pieces handed over.
    pub pieces: i64,
    /// Points taken for them.
    pub points: i64,
    /// What they cost then, in fen.
    pub cost_fen: i64,
}

/// What goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoesBack {
    /// Points to the household.
    pub points: i64,
    /// Of the cost that was booked as a reward.
    pub cost_fen: i64,
}

impl Bought {
    /// What goes back for `pieces` when `earlier` came back before: the parts of any order of returns add up to the whole.
    /// Nothing when it would be more than was handed over.
    #[must_use]
    pub fn back(self, earlier: i64, pieces: i64) -> Option<GoesBack> {
        if pieces < 1 || earlier < 0 || earlier + pieces > self.pieces {
            return None;
        }
        // of numbers that are exact in every JSON reader and at most 999 pieces: no overflow
        let upto = |whole: i64, n: i64| whole * n / self.pieces;
        let (points, cost) = (self.points, self.cost_fen);
        Some(GoesBack {
            points: upto(points, earlier + pieces) - upto(points, earlier),
            cost_fen: upto(cost, earlier + pieces) - upto(cost, earlier),
        })
    }
}

/// Whether goods handed over at `handed` may still come back at `now`.
#[must_use]
pub const fn in_time(handed: Timestamp, now: Timestamp) -> bool {
    now.micros() - handed.micros() <= RETURN_HOURS * 3_600 * MICROS_PER_SECOND
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_twenty_four_hours_are_counted_to_the_second() {
        let handed = Timestamp::from_micros(1_000);
        assert!(in_time(handed, handed.plus_seconds(86_400)));
        assert!(!in_time(handed, handed.plus_seconds(86_401)));
    }

    #[test]
    fn more_than_was_handed_over_never_comes_back() {
        let soap = Bought { pieces: 3, points: 1_500, cost_fen: 1_350 };
        assert_eq!(soap.back(0, 2), Some(GoesBack { points: 1_000, cost_fen: 900 }));
        assert_eq!(soap.back(2, 1), Some(GoesBack { points: 500, cost_fen: 450 }));
        for (earlier, pieces) in [(0, 4), (2, 2), (3, 1), (0, 0), (0, -1), (-1, 1)] {
            assert_eq!(soap.back(earlier, pieces), None, "{earlier} {pieces}");
        }
    }

    proptest! {
        /// However it is parted, what came back never exceeds the whole, and all of it is exactly the whole.
        #[test]
        fn parts_add_up_to_the_whole(
            pieces in 1_i64..200, points in 0_i64..1_000_000, cost_fen in 0_i64..1_000_000,
            parts in prop::collection::vec(1_i64..50, 1..20),
        ) {
            let bought = Bought { pieces, points, cost_fen };
            let (mut earlier, mut sum) = (0, GoesBack { points: 0, cost_fen: 0 });
            for part in parts {
                let part = part.min(pieces - earlier);
                let Some(back) = bought.back(earlier, part) else { break };
                prop_assert!(back.points >= 0 && back.cost_fen >= 0);
                sum.points += back.points;
                sum.cost_fen += back.cost_fen;
                earlier += part;
                prop_assert!(sum.points <= points && sum.cost_fen <= cost_fen);
            }
            prop_assert!(earlier < pieces || (sum.points, sum.cost_fen) == (points, cost_fen));
        }
    }
}
