//! What the points of a run would cost, and how long the money behind them lasts. Nobody knows when points will be
//! spent, so every point issued is taken to be owed in full: the careful figure, and the one the coverage ratio uses.

use serde::Serialize;

pub(super) use crate::domain::money::worth;
use crate::domain::time::Day;

/// Coverage is told in hundredths.
const WHOLE: i64 = 100;

/// What is behind the points before the first month. Amounts are fen and minor units of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// Money in the funds and goods on the shelf at what they cost.
    pub backing_fen: i64,
    /// Points issued before and not yet spent.
    pub outstanding: i64,
}

/// How long the money lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// What is behind the points, in fen.
    pub backing_fen: i64,
    /// What the points outstanding before are worth, in fen.
    pub owed_before_fen: i64,
    /// What they and all points of the run are worth, in fen.
    pub owed_after_fen: i64,
    /// The money to a hundred fen owed before the first month; nothing where nothing is owed.
    pub coverage_before: Option<i64>,
    /// … after the last month.
    pub coverage_after: Option<i64>,
    /// The first day on which more is owed than there is money for; nothing if it lasts.
    pub runs_out: Option<Day>,
}

pub(super) fn ratio(backing_fen: i64, owed_fen: i64) -> Option<i64> {
    (owed_fen > 0).then(|| {
        let ratio = i128::from(backing_fen) * i128::from(WHOLE) / i128::from(owed_fen);
        i64::try_from(ratio).unwrap_or(i64::MAX)
    })
}

/// `by_day` is what was issued on each day, in order.
pub(super) fn forecast<'a>(
    money: Money,
    rate_fen: i64,
    by_day: impl Iterator<Item = (&'a Day, &'a i64)>,
) -> Forecast {
    let Money { backing_fen, outstanding } = money;
    let mut issued = outstanding;
    let mut runs_out = None;
    for (day, points) in by_day {
        issued = issued.saturating_add(*points);
        if runs_out.is_none() && worth(issued, rate_fen) > backing_fen {
            runs_out = Some(*day);
        }
    }
    let (before, after) = (worth(outstanding, rate_fen), worth(issued, rate_fen));
    Forecast {
        backing_fen,
        owed_before_fen: before,
        owed_after_fen: after,
        coverage_before: ratio(backing_fen, before),
        coverage_after: ratio(backing_fen, after),
        runs_out,
    }
}
