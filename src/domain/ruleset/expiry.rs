//! When spendable points lapse: never, at the end of a period, after so many months, back to the base.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::time::{Day, Period};

/// When spendable points lapse.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Expiry {
    /// Never.
    None,
    /// On a fixed day of the year after the one they were earned in.
    NextYear {
        /// The month of that day.
        month: u8,
        /// The last day they can be spent.
        day: u8,
        /// Days before it on which holders are reminded.
        reminders: Vec<u32>,
    },
    /// So many months after they were earned.
    Rolling {
        /// The number of months.
        months: u32,
        /// Days before it on which holders are reminded.
        reminders: Vec<u32>,
    },
    /// At the end of the period they were earned in, and some days of grace.
    EndOfPeriod {
        /// Which period.
        period: ExpiryPeriod,
        /// Days after its end on which they can still be spent.
        grace_days: u16,
        /// Days before the last one on which holders are reminded.
        reminders: Vec<u32>,
    },
    /// At the end of the year, back to the base: whatever was earned or brought over lapses, and the honour score begins
    /// anew from its base.
    ResetToBase,
}

/// The period at whose end points lapse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExpiryPeriod {
    /// The month.
    Month,
    /// The quarter.
    Quarter,
    /// The year.
    Year,
}

impl Expiry {
    /// The last day of what was brought over from paper on `day`: only a reset takes that along.
    #[must_use]
    pub fn last_day_of_opening(&self, day: Day) -> Option<Day> {
        matches!(self, Self::ResetToBase).then(|| self.last_day(day)).flatten()
    }

    /// The last day on which points earned on `earned` can be spent; nothing if they never lapse.
    #[must_use]
    pub fn last_day(&self, earned: Day) -> Option<Day> {
        let (year, month, day) = earned.ymd();
        match self {
            Self::None => None,
            Self::NextYear { month, day, .. } => Day::from_ymd(year + 1, *month, *day),
            Self::ResetToBase => Day::from_ymd(year, 12, 31),
            Self::EndOfPeriod { period, grace_days, .. } => {
                let period = match period {
                    ExpiryPeriod::Month => Period::Month,
                    ExpiryPeriod::Quarter => Period::Quarter,
                    ExpiryPeriod::Year => Period::Year,
                };
                Some(earned.period(period).1.plus(i32::from(*grace_days) - 1))
            }
            Self::Rolling { months, .. } => {
                let index = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(*months);
                let (to_year, to_month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
                let to_year = i32::try_from(to_year).ok()?;
                let to_month = u8::try_from(to_month).ok()?;
                (0..4).find_map(|back| Day::from_ymd(to_year, to_month, day.saturating_sub(back)))
            }
        }
    }
}
