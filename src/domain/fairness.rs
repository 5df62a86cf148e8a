//! Favouritism made visible: shares, means and counts of a month over plain rows, and from when on a figure is worth a
//! look. The figures are about offices and shares; nothing here orders people, and a figure that stands out proves
//! nothing: it says where to look first. No national threshold is known, so the ones below are this program's own.

use std::collections::BTreeMap;

use super::time::Day;

/// Fewer lines than this say nothing about anybody.
pub const LINES_MIN: i64 = 20;
/// Points by cadres' households against their share of people, in hundredths: one and a half times.
pub const CADRE_TIMES: i64 = 150;
/// One household's share of what one recorder gave, in thousandths.
pub const ONE_HOUSEHOLD: i64 = 200;
/// A recorder's mean against the mean of the others, in hundredths: twice.
pub const MEAN_TIMES: i64 = 200;
/// A reviewer's share of one recorder's lines, in thousandths.
pub const SAME_REVIEWER: i64 = 800;
/// Lines each way before two people count as approving each other.
pub const EACH_WAY_MIN: i64 = 10;
/// The last days of a month.
pub const LAST_DAYS: i64 = 3;
/// The lines of the last days against an even month, in hundredths: twice.
pub const LAST_DAYS_TIMES: i64 = 200;
/// By chance one whole number of five is a multiple of five; twice that, in thousandths.
pub const ROUND: i64 = 400;

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// The part.
    pub part: i64,
    /// The whole.
    pub whole: i64,
}

impl Share {
    /// In thousandths, cut off; nothing of nothing.
    #[must_use]
    pub fn per_mille(self) -> Option<i64> {
        (self.whole > 0).then(|| times(self.part, self.whole, 1_000))
    }
}

/// `a / b` in units of `1 / unit`, cut off; `b` is not 0.
fn times(a: i64, b: i64, unit: i64) -> i64 {
    let value = i128::from(a) * i128::from(unit) / i128::from(b.max(1));
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Households of whoever holds an office, of all: people and points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CadreShare {
    /// Their people, of all people in households.
    pub people: Share,
    /// Their points, of all points.
    pub points: Share,
}

impl CadreShare {
    /// How many times their share of people their share of points is, in hundredths; nothing while one of them is
    /// nothing.
    #[must_use]
    pub fn times(self) -> Option<i64> {
        let (people, points) = (self.people.per_mille()?, self.points.per_mille()?);
        (people > 0).then(|| times(points, people, 100))
    }

    /// Whether it is worth a look.
    #[must_use]
    pub fn stands_out(self) -> bool {
        self.times().is_some_and(|times| times > CADRE_TIMES)
    }
}

/// What one recorder entered: counted by the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecorderCount {
    /// Who.
    pub recorder: String,
    /// Lines.
    pub lines: i64,
    /// Their points, in minor units.
    pub points: i64,
    /// Households they went to.
    pub homes: i64,
    /// Points of the household that got most of them.
    pub most: i64,
}

/// One recorder beside the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecorderFigure {
    /// What was counted.
    pub count: RecorderCount,
    /// Of all lines of the month.
    pub lines: Share,
    /// Of the recorder's points, those of one household.
    pub one: Share,
    /// Points a line, in minor units.
    pub mean: i64,
    /// Points a line of all other recorders; nothing when there is no other.
    pub others: Option<i64>,
}

impl RecorderFigure {
    /// Whether one household got much of it.
    #[must_use]
    pub fn concentrated(&self) -> bool {
        self.count.lines >= LINES_MIN && self.one.per_mille().is_some_and(|share| share > ONE_HOUSEHOLD)
    }

    /// Whether the lines are worth much more than those of others.
    #[must_use]
    pub fn generous(&self) -> bool {
        let far = |others: i64| others > 0 && times(self.mean, others, 100) > MEAN_TIMES;
        self.count.lines >= LINES_MIN && self.others.is_some_and(far)
    }
}

/// Each recorder beside the others, in the order they came in.
#[must_use]
pub fn recorders(counts: Vec<RecorderCount>) -> Vec<RecorderFigure> {
    let lines: i64 = counts.iter().map(|c| c.lines).sum();
    let points: i64 = counts.iter().map(|c| c.points).sum();
    let figure = |count: RecorderCount| RecorderFigure {
        lines: Share { part: count.lines, whole: lines },
        one: Share { part: count.most, whole: count.points },
        mean: times(count.points, count.lines, 1),
        others: (lines > count.lines).then(|| times(points - count.points, lines - count.lines, 1)),
        count,
    };
    counts.into_iter().map(figure).collect()
}

/// What one person decided of another's lines: counted by the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairCount {
    /// Who recorded.
    pub recorder: String,
    /// Who decided.
    pub reviewer: String,
    /// Lines decided.
    pub decided: i64,
    /// Of them approved.
    pub approved: i64,
}

/// Two people who meet over one another's lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairFigure {
    /// What was counted.
    pub count: PairCount,
    /// Of the decisions on the recorder's lines, this reviewer's.
    pub of_recorder: Share,
    /// Whether the reviewer's own lines are decided by the recorder.
    pub each_other: bool,
    /// Whether each always approves the other.
    pub always_each_other: bool,
}

impl PairFigure {
    /// Whether this reviewer decides nearly all of this recorder's lines and never says no.
    #[must_use]
    pub fn always_the_same(&self) -> bool {
        self.count.decided >= LINES_MIN
            && self.count.approved == self.count.decided
            && self.of_recorder.per_mille().is_some_and(|share| share >= SAME_REVIEWER)
    }
}

/// Pairs, in the order they came in.
#[must_use]
pub fn pairs(counts: Vec<PairCount>) -> Vec<PairFigure> {
    let mut of_recorder: BTreeMap<String, i64> = BTreeMap::new();
    let mut by_pair: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for c in &counts {
        *of_recorder.entry(c.recorder.clone()).or_default() += c.decided;
        by_pair.insert((c.recorder.clone(), c.reviewer.clone()), (c.decided, c.approved));
    }
    let always = |(decided, approved): (i64, i64)| decided >= EACH_WAY_MIN && decided == approved;
    let figure = |count: PairCount| {
        let back = by_pair.get(&(count.reviewer.clone(), count.recorder.clone())).copied();
        let whole = of_recorder.get(&count.recorder).copied().unwrap_or(0);
        PairFigure {
            of_recorder: Share { part: count.decided, whole },
            each_other: back.is_some(),
            always_each_other: back.is_some_and(always) && always((count.decided, count.approved)),
            count,
        }
    };
    counts.into_iter().map(figure).collect()
}

/// Lines and points recorded on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    /// Days since 1970-01-01.
    pub day: i64,
    /// Lines.
    pub lines: i64,
    /// Points posted of them, in minor units.
    pub points: i64,
    /// Of these, points of cadres' households.
    pub cadre_points: i64,
}

/// A rush before the month ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthEnd {
    /// Lines of the last days, of the whole month.
    pub lines: Share,
    /// How many days the month has.
    pub days: i64,
}

impl MonthEnd {
    /// The month from `first` up to, not with, `next`.
    #[must_use]
    pub fn of(counts: &[DayCount], first: Day, next: Day) -> Self {
        let (first, next) = (i64::from(first.number()), i64::from(next.number()));
        let sum = |from: i64| counts.iter().filter(|c| (from..next).contains(&c.day)).map(|c| c.lines).sum();
        let lines = Share { part: sum(first.max(next - LAST_DAYS)), whole: sum(first) };
        Self { lines, days: next - first }
    }

    /// So many lines the last days of an even month would have, cut off.
    #[must_use]
    pub fn even(self) -> i64 {
        times(self.lines.whole, self.days, LAST_DAYS)
    }

    /// How many times the lines of an even month, in hundredths.
    #[must_use]
    pub fn times(self) -> Option<i64> {
        let even = self.lines.whole.checked_mul(LAST_DAYS).filter(|even| *even > 0)?;
        Some(times(self.lines.part.saturating_mul(self.days), even, 100))
    }

    /// Whether it is worth a look.
    #[must_use]
    pub fn stands_out(self) -> bool {
        self.lines.whole >= LINES_MIN && self.times().is_some_and(|times| times > LAST_DAYS_TIMES)
    }
}

/// How often a quantity was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantityCount {
    /// As decimal text.
    pub quantity: String,
    /// Lines.
    pub lines: i64,
}

/// Of the quantities that were measured (anything but 1), the multiples of five: guessed rather than counted.
#[must_use]
pub fn round_numbers(counts: &[QuantityCount]) -> Share {
    let measured = counts.iter().filter(|c| c.quantity != "1");
    let mut share = Share::default();
    for c in measured {
        let value: Option<rust_decimal::Decimal> = c.quantity.parse().ok();
        let round = value.is_some_and(|v| !v.is_zero() && (v % rust_decimal::Decimal::from(5)).is_zero());
        share.whole += c.lines;
        share.part += if round { c.lines } else { 0 };
    }
    share
}

/// Whether round numbers are worth a look.
#[must_use]
pub fn too_round(share: Share) -> bool {
    share.whole >= LINES_MIN && share.per_mille().is_some_and(|found| found > ROUND)
}

#[cfg(test)]
mod tests;
