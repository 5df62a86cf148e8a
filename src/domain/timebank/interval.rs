//! Check-in and check-out (签到、签退): the intervals in which one person served, what they count, and that no moment of
//! one person is counted twice. Holds no order's state.

use super::policy::Counting;
use crate::domain::{
    time::{Day, Timestamp},
    wording::vocabulary,
};

/// The longest a pair may last: whoever forgot to check out has no interval, but a sheet.
pub const PAIR_HOURS_MAX: i64 = 16;
const MICROS_PER_MINUTE: i64 = 60_000_000;

vocabulary! {
    /// How somebody checked in or out.
    CheckMeans {
        /// The printed card of whoever is served.
        Card = "card", "服务对象的卡", "the card of whoever is served";
        /// The code on the phone of whoever is served.
        Code = "code", "动态码", "the live code";
        /// The network point wrote it down on the phone.
        Desk = "desk", "网点代记", "written down by the desk";
        /// From a sheet, afterwards.
        Sheet = "sheet", "补录", "from a sheet, afterwards";
    }
}

impl CheckMeans {
    /// Whether it proves that both were there at that moment.
    #[must_use]
    pub const fn proves(self) -> bool {
        matches!(self, Self::Card | Self::Code)
    }
}

/// From one instant up to another, the second not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    from: Timestamp,
    until: Timestamp,
}

/// Why an instant cannot begin or end an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckRefusal {
    /// It ends before it begins.
    #[error("it ends before it begins")]
    Backwards,
    /// Longer than [`PAIR_HOURS_MAX`].
    #[error("it lasts longer than {PAIR_HOURS_MAX} hours")]
    TooLong,
    /// The same person served elsewhere then.
    #[error("the same person is recorded from {from} already")]
    Overlap {
        /// Since when.
        from: Timestamp,
    },
    /// Already checked in, here or elsewhere.
    #[error("checked in since {0}")]
    Open(Timestamp),
    /// As many pairs as one order may have on one day.
    #[error("no more than {0} pairs a day")]
    TooMany(usize),
}

impl Interval {
    /// From `from` up to `until`.
    ///
    /// # Errors
    /// When it ends before it begins, or lasts too long.
    pub const fn new(from: Timestamp, until: Timestamp) -> Result<Self, CheckRefusal> {
        let length = until.since(from);
        if length <= 0 {
            return Err(CheckRefusal::Backwards);
        }
        if length > PAIR_HOURS_MAX * 60 * MICROS_PER_MINUTE {
            return Err(CheckRefusal::TooLong);
        }
        Ok(Self { from, until })
    }

    /// Its beginning.
    #[must_use]
    pub const fn from(&self) -> Timestamp {
        self.from
    }

    /// Its end.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// The day it counts for: the one it began on.
    #[must_use]
    pub fn day(&self) -> Day {
        self.from.day()
    }

    /// Whether the two have a moment in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.until && other.from < self.until
    }

    /// Whether the instant lies in it.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    const fn micros(&self) -> i64 {
        self.until.since(self.from)
    }
}

/// What one person has on record when they check in or out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnRecord<'a> {
    /// Every interval of the person near that moment, of whatever order.
    pub closed: &'a [Interval],
    /// Since when they are checked in somewhere.
    pub open: Option<Timestamp>,
    /// Pairs of this order on this day, the open one not counted.
    pub pairs_today: usize,
}

/// Whether the person may check in at `at`.
///
/// # Errors
/// When they are checked in already, were on record at that moment, or the order has its pairs of the day.
pub fn check_in(counting: &Counting, has: OnRecord<'_>, at: Timestamp) -> Result<(), CheckRefusal> {
    if let Some(since) = has.open {
        return Err(CheckRefusal::Open(since));
    }
    if has.pairs_today >= counting.pairs_a_day {
        return Err(CheckRefusal::TooMany(counting.pairs_a_day));
    }
    match has.closed.iter().find(|interval| interval.contains(at)) {
        Some(interval) => Err(CheckRefusal::Overlap { from: interval.from }),
        None => Ok(()),
    }
}

/// The interval that ends at `at`.
///
/// # Errors
/// When it would be none, or one moment of it is on record already.
pub fn check_out(since: Timestamp, closed: &[Interval], at: Timestamp) -> Result<Interval, CheckRefusal> {
    let interval = Interval::new(since, at)?;
    free(&interval, closed, None)?;
    Ok(interval)
}

/// Whether no moment of `interval` is on record for the same person, closed or still open.
///
/// # Errors
/// The first that it overlaps.
pub fn free(interval: &Interval, closed: &[Interval], open: Option<Timestamp>) -> Result<(), CheckRefusal> {
    if let Some(since) = open.filter(|since| *since < interval.until) {
        return Err(CheckRefusal::Open(since));
    }
    match closed.iter().find(|other| other.overlaps(interval)) {
        Some(other) => Err(CheckRefusal::Overlap { from: other.from }),
        None => Ok(()),
    }
}

/// What the pairs of one order count: whole minutes of all of them together, rounded down, never more than was asked
/// for. Longer service is asked for as another order, so that whoever pays agrees first.
#[must_use]
pub fn counted(counting: &Counting, pairs: &[Interval], asked: i64) -> i64 {
    let micros = pairs.iter().fold(0_i64, |sum, pair| sum.saturating_add(pair.micros()));
    counting.counted((micros / MICROS_PER_MINUTE).min(asked))
}
