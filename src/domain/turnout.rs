//! What a day at a counter came to: how many came, how fast they were served, when the queue was longest. Of the day as a
//! whole only: nothing here speaks of one household or of whoever stood there. Holds no rules of days.

use std::collections::BTreeSet;

use super::{ids::HouseholdId, time::Timestamp, wording::vocabulary};

/// Minutes of one step of the day.
pub const STEP_MINUTES: u16 = 30;
const MICROS_PER_STEP: i64 = 30 * 60_000_000;
const MICROS_PER_SECOND: i64 = 1_000_000;

vocabulary! {
    /// How whoever came was served.
    ServedBy {
        /// A code on the phone.
        Phone = "phone", "手机码", "phone code";
        /// A printed card.
        Card = "card", "积分卡", "card";
        /// What had been ordered was handed over.
        Order = "order", "预约取货", "order collected";
        /// By household number, with a witness.
        Witness = "witness", "见证", "with a witness";
        /// Somebody registered to fetch for the household.
        Helper = "helper", "代办", "by a helper";
    }
}

impl ServedBy {
    /// From what a redemption says of itself, and whether an order was handed over with it.
    #[must_use]
    pub fn of(credential: &str, of_order: bool) -> Self {
        match credential {
            _ if of_order => Self::Order,
            "pickup" => Self::Order,
            "phone" => Self::Phone,
            "witness" => Self::Witness,
            "helper" => Self::Helper,
            _ => Self::Card,
        }
    }
}

/// One receipt of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// When.
    pub at: Timestamp,
    /// For whom: only to count households.
    pub household: HouseholdId,
    /// How.
    pub by: ServedBy,
    /// Points taken, in hundredths.
    pub points: i64,
}

/// Receipts of half an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The minute of the day on which it begins.
    pub from: u16,
    /// Receipts in it.
    pub receipts: i64,
}

/// The longest time between two receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// The receipt before.
    pub from: Timestamp,
    /// The receipt after.
    pub to: Timestamp,
}

impl Pause {
    /// How long.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.to.since(self.from) / MICROS_PER_SECOND
    }
}

/// What a day came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turnout {
    /// Receipts.
    pub receipts: i64,
    /// Different households.
    pub households: i64,
    /// Points taken, in hundredths.
    pub points: i64,
    /// Half hours from the first receipt to the last, those without any among them.
    pub steps: Vec<Step>,
    /// Seconds from receipt to receipt: half of them took no longer.
    pub median: Option<i64>,
    /// … and nine in ten.
    pub p90: Option<i64>,
    /// The longest of them.
    pub pause: Option<Pause>,
    /// How they were served: how many each way.
    pub ways: Vec<(ServedBy, i64)>,
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The smallest figure that so many in a hundred do not exceed; of figures in order.
fn nearest_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

impl Turnout {
    /// Of the receipts of one day, in any order.
    #[must_use]
    pub fn of(mut all: Vec<Served>) -> Self {
        all.sort_by_key(|s| s.at);
        let pairs = all.iter().zip(all.iter().skip(1));
        let pauses: Vec<Pause> = pairs.map(|(a, b)| Pause { from: a.at, to: b.at }).collect();
        let mut seconds: Vec<i64> = pauses.iter().map(|p| p.seconds()).collect();
        seconds.sort_unstable();
        let households: BTreeSet<_> = all.iter().map(|s| s.household.0).collect();
        let ways = ServedBy::ALL.iter().map(|by| (*by, length(all.iter().filter(|s| s.by == *by).count())));
        Self {
            receipts: length(all.len()),
            households: length(households.len()),
            points: all.iter().map(|s| s.points).sum(),
            steps: steps(&all),
            median: nearest_rank(&seconds, 50),
            p90: nearest_rank(&seconds, 90),
            // of two that are as long, the earlier
            pause: pauses.into_iter().rev().max_by_key(|p| p.to.since(p.from)),
            ways: ways.collect(),
        }
    }

    /// The half hour with the most receipts; of two alike, the earlier.
    #[must_use]
    pub fn busiest(&self) -> Option<Step> {
        self.steps.iter().rev().copied().max_by_key(|step| step.receipts)
    }

    /// What share of the receipts that is, in whole percent, rounded.
    #[must_use]
    pub const fn percent(&self, receipts: i64) -> i64 {
        if self.receipts == 0 { 0 } else { (receipts * 200 + self.receipts) / (self.receipts * 2) }
    }
}

/// The half hours from the first receipt to the last; of receipts in order.
fn steps(all: &[Served]) -> Vec<Step> {
    let step = |at: Timestamp| at.micros_of_day() / MICROS_PER_STEP;
    let Some((first, last)) = all.first().zip(all.last()) else { return Vec::new() };
    let each = (step(first.at)..=step(last.at)).map(|n| Step {
        from: u16::try_from(n).unwrap_or(0) * STEP_MINUTES,
        receipts: length(all.iter().filter(|s| step(s.at) == n).count()),
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn served(second: i64, household: u128, by: ServedBy) -> Served {
        let start: Timestamp = "2026-11-28T08:00:00+08:00".parse().unwrap();
        Served {
            at: start.plus_seconds(second),
            household: HouseholdId(Uuid::from_u128(household)),
            by,
            points: 500,
        }
    }

    /// 8:00:00, 8:00:20, 8:00:50, 8:45:50, 8:46:00: pauses of 20, 30, 2,700 and 10 seconds.
    #[test]
    fn the_figures_of_a_small_day() {
        let all = [(0, 1), (20, 2), (50, 1), (2_750, 3), (2_760, 4)];
        let day = Turnout::of(all.into_iter().rev().map(|(s, h)| served(s, h, ServedBy::Card)).collect());
        assert_eq!((day.receipts, day.households, day.points), (5, 4, 2_500));
        assert_eq!((day.median, day.p90), (Some(20), Some(2_700)));
        let pause = day.pause.unwrap();
        assert_eq!((pause.seconds(), pause.from.time_of_day()), (2_700, "08:00:50".to_owned()));
        assert_eq!(day.steps, [Step { from: 480, receipts: 3 }, Step { from: 510, receipts: 2 }]);
        assert_eq!(day.busiest(), Some(Step { from: 480, receipts: 3 }));
        assert_eq!((day.percent(5), day.percent(2), day.percent(0)), (100, 40, 0));
    }

    #[test]
    fn a_day_on_which_nobody_or_one_came_has_no_pauses() {
        let none = Turnout::of(Vec::new());
        assert_eq!((none.receipts, none.median, none.busiest(), none.percent(0)), (0, None, None, 0));
        let one = Turnout::of(vec![served(0, 1, ServedBy::Phone)]);
        assert_eq!((one.receipts, one.median, one.pause, one.steps.len()), (1, None, None, 1));
    }

    #[test]
    fn an_order_that_is_collected_with_a_card_is_an_order() {
        assert_eq!(ServedBy::of("card", true), ServedBy::Order);
        assert_eq!(ServedBy::of("pickup", false), ServedBy::Order);
        assert_eq!(ServedBy::of("card_pin", false), ServedBy::Card);
        for by in [ServedBy::Phone, ServedBy::Witness, ServedBy::Helper] {
            assert_eq!(ServedBy::of(by.as_str(), false), by);
        }
    }

    fn day() -> impl Strategy<Value = Vec<Served>> {
        prop::collection::vec((0..20_000_i64, 0..30_u128, 0..5_usize), 0..60)
            .prop_map(|all| all.into_iter().map(|(s, h, by)| served(s, h, ServedBy::ALL[by])).collect())
    }

    proptest! {
        /// Every receipt is in one half hour and one way, and the order in which they are read does not matter.
        #[test]
        fn every_receipt_is_counted_once(all in day()) {
            let mut other = all.clone();
            other.reverse();
            let day = Turnout::of(all.clone());
            prop_assert_eq!(&day, &Turnout::of(other));
            prop_assert_eq!(day.steps.iter().map(|s| s.receipts).sum::<i64>(), day.receipts);
            prop_assert_eq!(day.ways.iter().map(|(_, n)| n).sum::<i64>(), day.receipts);
            prop_assert!(day.households <= day.receipts);
            prop_assert!(day.steps.windows(2).all(|w| w[1].from == w[0].from + STEP_MINUTES));
            if let (Some(median), Some(p90), Some(pause)) = (day.median, day.p90, day.pause) {
                prop_assert!(0 <= median && median <= p90 && p90 <= pause.seconds());
            }
        }
    }
}
