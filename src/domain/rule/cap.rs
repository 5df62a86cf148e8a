//! How often and how much: caps (上限) of an item, quotas (名额), and what they are counted over.
//! Holds no counting: the store counts, [`crate::domain::award`] compares.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::time::{Day, Period};

/// Over whom something is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UsageScope {
    /// The person of the claim.
    Person,
    /// The household of the claim.
    Household,
    /// The villagers' group of the household.
    Group,
    /// The whole village.
    Village,
}

/// Over how long a cap is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CapPeriod {
    /// Claims that share one event key: one meeting, one hazard, one matter.
    Event,
    /// A business day.
    Day,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
    /// Once and for all.
    Ever,
}

impl CapPeriod {
    /// The days `[from, until)` around `day`; nothing where the period has no bounds of that kind.
    #[must_use]
    pub fn around(self, day: Day) -> (Option<Day>, Option<Day>) {
        let period = match self {
            Self::Event | Self::Ever => return (None, None),
            Self::Day => Period::Day,
            Self::Month => Period::Month,
            Self::Quarter => Period::Quarter,
            Self::Year => Period::Year,
        };
        let (from, until) = day.period(period);
        (Some(from), Some(until))
    }
}

/// What a cap, or a question to the store, counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Awards.
    Times,
    /// Spendable points, in minor units.
    Points,
    /// Reputation points, in minor units.
    Honor,
    /// Minutes of service.
    Minutes,
    /// Distinct persons other than the person of the claim.
    People,
    /// Distinct households other than the household of the claim.
    Households,
}

/// A limit on how much of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limit {
    /// What is counted.
    pub measure: Measure,
    /// The most there may be, in the unit of the measure (minor units for points).
    pub max: i64,
}

/// A cap of an item: so much for each of the scope in each period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cap {
    /// For each of these.
    pub scope: UsageScope,
    /// In each of these.
    pub period: CapPeriod,
    /// So much.
    pub limit: Limit,
}

/// What happens to an award that would go over a cap in points or minutes. One over a count is always refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OverCap {
    /// Cut to what is left, and said so.
    #[default]
    Cut,
    /// Refused whole.
    Refuse,
}

/// How many households may have an item in a period (名额).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quota {
    /// Of the group or of the village.
    pub scope: UsageScope,
    /// In each of these.
    pub period: CapPeriod,
    /// So many.
    pub size: QuotaSize,
}

/// The size of a [`Quota`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaSize {
    /// So many in a hundred of the households, rounded down, but one at least.
    Percent(u32),
    /// So many households.
    Count(u32),
}

impl Quota {
    /// The number of households it lets through, of `households`.
    #[must_use]
    pub fn places(&self, households: u32) -> i64 {
        match self.size {
            QuotaSize::Count(n) => i64::from(n),
            QuotaSize::Percent(p) => (i64::from(households) * i64::from(p) / 100).max(1),
        }
    }
}
