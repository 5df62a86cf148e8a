//! What a piece costs: the moving average (移动加权平均) over all shelves of a village, in whole fen. Between two receipts
//! every piece of an article costs the same, so what leaves takes pieces × cost, and the goods at cost are pieces × cost
//! at every place of the log. What the rounding leaves over is posted as a cost difference, never carried in the dark.

use std::collections::BTreeMap;

/// The cost of a piece after `came` pieces worth `value` fen joined `there` pieces at `cost`, rounded half up; both are
/// negative when a receipt is undone. Where nothing is left to spread the value over, or it would be below nothing, the
/// cost stays.
#[must_use]
pub const fn average(there: i64, cost: i64, came: i64, value: i64) -> i64 {
    let pieces = there + came;
    let worth = there * cost + value;
    if pieces <= 0 || worth < 0 {
        return cost;
    }
    (2 * worth + pieces) / (2 * pieces)
}

/// Pieces of one article at each counter, on the shelf or put aside, before a posting and moved by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// What a piece cost before.
    pub was: i64,
    /// What a piece costs afterwards.
    pub now: i64,
    /// By counter: pieces before, and pieces that came or went.
    pub pieces: BTreeMap<String, (i64, i64)>,
}

/// By how much the goods at cost of each counter change when these articles move.
#[must_use]
pub fn change_at_cost<'a>(articles: impl IntoIterator<Item = &'a Moved>) -> BTreeMap<String, i64> {
    let mut out: BTreeMap<String, i64> = BTreeMap::new();
    for article in articles {
        for (counter, (before, by)) in &article.pieces {
            let change = (before + by) * article.now - before * article.was;
            *out.entry(counter.clone()).or_default() += change;
        }
    }
    out.retain(|_, change| *change != 0);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_receipt_at_another_price_moves_the_average_and_undoing_it_moves_it_back() {
        assert_eq!(average(10, 100, 10, 2_000), 150);
        assert_eq!(average(20, 150, -10, -2_000), 100);
        assert_eq!(average(0, 450, 4, 1_999), 500);
        // nothing to spread it over, or less than nothing
        assert_eq!(average(10, 100, -10, -1_000), 100);
        assert_eq!(average(10, 100, -5, -2_000), 100);
    }

    proptest! {
        #[test]
        fn rounding_leaves_at_most_half_a_fen_a_piece(
            there in 0_i64..100_000, cost in 0_i64..1_000_000, came in 1_i64..100_000, each in 0_i64..1_000_000,
        ) {
            let now = average(there, cost, came, came * each);
            let left = there * cost + came * each - (there + came) * now;
            prop_assert!(2 * left.abs() <= there + came, "{left}");
            prop_assert!(now >= cost.min(each) && now <= cost.max(each));
        }

        #[test]
        fn what_changes_at_cost_is_pieces_times_cost_after_less_before(
            was in 0_i64..10_000, now in 0_i64..10_000, shelves in prop::collection::vec((0_i64..500, 0_i64..500), 1..5),
        ) {
            let names = ["A", "B", "C", "D"];
            let pieces: BTreeMap<String, (i64, i64)> =
                names.iter().zip(&shelves).map(|(n, (b, by))| ((*n).to_owned(), (*b, *by))).collect();
            let before: i64 = pieces.values().map(|(b, _)| b * was).sum();
            let after: i64 = pieces.values().map(|(b, by)| (b + by) * now).sum();
            let change: i64 = change_at_cost([&Moved { was, now, pieces }]).values().sum();
            prop_assert_eq!(change, after - before);
        }
    }
}
