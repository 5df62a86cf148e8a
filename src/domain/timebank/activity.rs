//! Group activities (集体活动): what one may become, what a line of its list counts, whom the sample draws, how often
//! somebody may stay away. Pure; the minutes of orders and of activities are counted by the same rules.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{
    interval::Interval,
    policy::{Counting, Gathering},
};
use crate::domain::{
    ids::{PersonId, TimeActivityId},
    time::{Day, Timestamp},
    wording::vocabulary,
};

/// An activity lasts no longer: what goes on is posted anew, and looked at anew.
pub const DAYS_MAX: i64 = 365;
/// No activity has more places.
pub const PLACES_MAX: i64 = 5_000;
/// The oldest age that may be asked for.
pub const AGE_MAX: i64 = 100;
/// Days over which absences are counted together.
const YEAR_DAYS: i64 = 365;
const MICROS_PER_MINUTE: i64 = 60_000_000;
const MICROS_PER_DAY: i64 = 24 * 60 * MICROS_PER_MINUTE;

vocabulary! {
    /// Where an activity stands.
    ActivityState {
        /// Another person looks at it first.
        Draft = "draft", "待审批", "to be approved";
        /// The other person says no.
        Declined = "declined", "未批准", "not approved";
        /// On the board.
        Open = "open", "报名中", "open";
        /// Called off.
        Cancelled = "cancelled", "已取消", "called off";
        /// Its list is drawn up.
        Closed = "closed", "待签字", "list to be signed";
        /// Signed: its hours are posted.
        Signed = "signed", "已签字", "signed";
        /// Not signed: nothing counts.
        Refused = "refused", "不予记入", "nothing counts";
    }
}

vocabulary! {
    /// What can happen to an activity.
    ActivityMove {
        /// Another person agrees to it.
        Approve = "approve", "批准", "approve";
        /// Another person does not.
        Decline = "decline", "不批准", "decline";
        /// It is called off.
        Cancel = "cancel", "取消活动", "call off";
        /// The list is drawn up.
        Close = "close", "结束并出名单", "close the list";
        /// A second person signs the list.
        Sign = "sign", "签字记入", "sign";
        /// A second person does not.
        Refuse = "refuse", "不签字", "do not sign";
    }
}

vocabulary! {
    /// What a line of the list comes to.
    Outcome {
        /// Its minutes count.
        Counts = "counts", "计时", "counts";
        /// Withdrew in time.
        Withdrew = "withdrew", "已退出", "withdrew";
        /// There was no place.
        Waited = "waited", "候补", "on the waiting list";
        /// Neither came nor withdrew.
        Absent = "absent", "未到也未退", "neither came nor withdrew";
        /// Less than is recorded.
        TooShort = "too_short", "时间不够，不计", "too short to count";
        /// A minor without the guardian there.
        Unaccompanied = "unaccompanied", "监护人未到场，不计", "no guardian there: counts nothing";
        /// Drawn, and not confirmed as seen.
        NotSeen = "not_seen", "抽查无人见到，不计", "drawn, and nobody saw them: counts nothing";
    }
}

/// Nothing of the kind can happen from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an activity that is {from} cannot {attempted}")]
pub struct InvalidStep {
    /// Where it stands.
    pub from: ActivityState,
    /// What was tried.
    pub attempted: ActivityMove,
}

impl ActivityState {
    /// The state after `step`.
    ///
    /// # Errors
    /// When nothing of the kind can happen to it.
    pub const fn after(self, step: ActivityMove) -> Result<Self, InvalidStep> {
        use ActivityMove as M;
        Ok(match (self, step) {
            (Self::Draft, M::Approve) => Self::Open,
            (Self::Draft, M::Decline) => Self::Declined,
            (Self::Draft | Self::Open, M::Cancel) => Self::Cancelled,
            (Self::Open, M::Close) => Self::Closed,
            (Self::Closed, M::Sign) => Self::Signed,
            (Self::Closed, M::Refuse) => Self::Refused,
            (from, attempted) => return Err(InvalidStep { from, attempted }),
        })
    }
}

/// Why an activity cannot be posted as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    /// It begins before now.
    #[error("it begins before now")]
    Past,
    /// It ends before it begins, or lasts longer than [`DAYS_MAX`].
    #[error("it ends after it begins, within {DAYS_MAX} days")]
    Length,
    /// No place, or more than [`PLACES_MAX`].
    #[error("it has 1 to {PLACES_MAX} places")]
    Places,
    /// No age, or older than anybody.
    #[error("the age is 0 to {AGE_MAX}")]
    Age,
}

/// Whether an activity can be posted at `now`.
///
/// # Errors
/// The first thing that is wrong with it.
pub const fn plan(
    (starts, ends): (Timestamp, Timestamp),
    places: i64,
    least_age: i64,
    now: Timestamp,
) -> Result<(), PlanFault> {
    let length = ends.since(starts);
    if starts.since(now) <= 0 {
        Err(PlanFault::Past)
    } else if length <= 0 || length > DAYS_MAX * MICROS_PER_DAY {
        Err(PlanFault::Length)
    } else if places < 1 || places > PLACES_MAX {
        Err(PlanFault::Places)
    } else if least_age < 0 || least_age > AGE_MAX {
        Err(PlanFault::Age)
    } else {
        Ok(())
    }
}

/// Somebody on the list as it is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed<'a> {
    /// Whether they withdrew.
    pub withdrew: bool,
    /// Whether there was a place for them.
    pub placed: bool,
    /// Whether they were under age.
    pub minor: bool,
    /// Whether the guardian was there.
    pub guardian: bool,
    /// If they were drawn and somebody looked: whether they were seen.
    pub seen: Option<bool>,
    /// When they were there.
    pub pairs: &'a [Interval],
}

/// What the intervals count, day by day: whole minutes of the day together, rounded down, or nothing.
#[must_use]
pub fn by_day(counting: &Counting, pairs: &[Interval]) -> BTreeMap<Day, i64> {
    let mut micros: BTreeMap<Day, i64> = BTreeMap::new();
    for pair in pairs {
        let sum = micros.entry(pair.day()).or_default();
        *sum = sum.saturating_add(pair.until().since(pair.from()));
    }
    micros.into_iter().map(|(day, sum)| (day, counting.counted(sum / MICROS_PER_MINUTE))).collect()
}

/// What a line comes to, and the minutes that count.
#[must_use]
pub fn line(counting: &Counting, of: &Listed<'_>) -> (Outcome, i64) {
    let minutes = by_day(counting, of.pairs).values().sum();
    let outcome = match of {
        Listed { withdrew: true, .. } => Outcome::Withdrew,
        Listed { placed: false, .. } => Outcome::Waited,
        Listed { pairs: [], .. } => Outcome::Absent,
        Listed { seen: Some(false), .. } => Outcome::NotSeen,
        Listed { minor: true, guardian: false, .. } => Outcome::Unaccompanied,
        _ if minutes == 0 => Outcome::TooShort,
        _ => return (Outcome::Counts, minutes),
    };
    (outcome, 0)
}

/// How many of so many are drawn.
#[must_use]
pub fn how_many(rule: &Gathering, came: usize) -> usize {
    (came * rule.sample_percent).div_ceil(100).max(rule.sample_least).min(came)
}

/// The seed of a sample: what the log ended with when the list was closed, and which list.
#[must_use]
pub fn seed(leaf: &[u8], activity: TimeActivityId) -> [u8; 32] {
    Sha256::new().chain_update(leaf).chain_update(activity.0).finalize().into()
}

/// Who of those who came has to be confirmed as seen: the smallest SHA-256 of the seed and their 16 bytes. In which order
/// they come in does not matter.
#[must_use]
pub fn draw(rule: &Gathering, seed: &[u8; 32], came: &[PersonId]) -> Vec<PersonId> {
    let lot =
        |id: &PersonId| -> [u8; 32] { Sha256::new().chain_update(seed).chain_update(id.0).finalize().into() };
    let mut lots: Vec<([u8; 32], PersonId)> = came.iter().map(|id| (lot(id), *id)).collect();
    lots.sort_unstable();
    lots.dedup();
    let many = how_many(rule, lots.len());
    lots.into_iter().take(many).map(|(_, id)| id).collect()
}

/// Up to which day somebody may not sign up, after the absences noted at `noted` (in order): as many as the rule says
/// within a year close it for some days from the last of them on.
#[must_use]
pub fn closed_until(rule: &Gathering, noted: &[Timestamp], today: Day) -> Option<Day> {
    let runs = noted.windows(rule.absences.max(1));
    let full = runs.filter_map(|run| Some((run.first()?, run.last()?)));
    let within = full.filter(|(first, last)| last.since(**first) < YEAR_DAYS * MICROS_PER_DAY);
    let last = within.map(|(_, last)| last.day().plus(rule.absence_days)).max()?;
    (today <= last).then_some(last)
}

#[cfg(test)]
mod tests;
