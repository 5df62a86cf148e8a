//! How an award was arrived at, as data that is stored with it and said in plain words in both languages.
//! It carries the names it needs, so it can be read when the rules have long changed.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Direction, ItemCode, Label, Measure, Sanction};
use crate::domain::{
    amount::points,
    lang::Lang,
    rule::{CapPeriod, Limit, Pause, Target, Unit, UsageScope},
};

/// How the amount before limits came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Shown {
    /// The same each time.
    Fixed,
    /// Points for every `per` units.
    Rate {
        /// Points (分).
        points: Decimal,
        /// For this many units.
        per: Decimal,
    },
    /// Decided by the panel within bounds, in minor units.
    Decided {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// Given back.
    Restored,
}

/// Which limit cut an award.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutReason {
    /// A cap of the item.
    Cap,
    /// The quota of the item.
    Quota,
    /// The redeemable points of one account: the reputation score is not cut.
    AccountCap,
    /// Only the highest level counts: the difference.
    HighestOnly,
    /// Never more than was deducted.
    Restoration,
    /// The floor of the reputation score.
    HonorFloor,
}

/// One cut, with its numbers. Amounts are minor units without a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Which limit.
    pub reason: CutReason,
    /// Counted over whom.
    pub scope: UsageScope,
    /// Counted over how long.
    pub period: CapPeriod,
    /// The limit.
    pub limit: Limit,
    /// What was used of it before.
    pub used: i64,
    /// The amount before the cut.
    pub before: i64,
    /// The amount after it.
    pub after: i64,
    /// The minutes left, where minutes were cut.
    pub minutes_left: Option<i64>,
}

/// How an award was arrived at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The item.
    pub item: ItemCode,
    /// What it is called.
    pub name: Label,
    /// The grade, for an item that has grades.
    pub grade: Option<Label>,
    /// Gives, takes or gives back.
    pub direction: Direction,
    /// Which score it moves.
    pub target: Target,
    /// How the amount before limits came about.
    pub shown: Shown,
    /// The quantity counted, rounded down to the step of the rule.
    pub quantity: Decimal,
    /// What it counts.
    pub unit: Unit,
    /// The amount before limits, in minor units without a sign.
    pub gross: i64,
    /// The limits met, in order.
    pub cuts: Vec<Cut>,
    /// Spendable points, in minor units.
    pub points: i64,
    /// Reputation points, in minor units with their sign.
    pub honor: i64,
    /// Minutes of service.
    pub minutes: i64,
    /// What it pauses.
    pub sanction: Option<Sanction>,
}

/// A count of some measure as people write it: hours for minutes, points for minor units.
pub(super) fn measured(measure: Measure, value: i64) -> String {
    match measure {
        Measure::Times | Measure::People | Measure::Households => value.to_string(),
        Measure::Points | Measure::Honor => points(value),
        Measure::Minutes => hours(value),
    }
}

/// The stable name of a closed vocabulary's word.
pub(super) fn tag<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn hours(minutes: i64) -> String {
    (Decimal::from(minutes) / Decimal::from(60)).round_dp(2).normalize().to_string()
}

fn measure_word(measure: Measure, lang: Lang) -> &'static str {
    match (measure, lang) {
        (Measure::Times, Lang::Zh) => " 次",
        (Measure::Times, Lang::En) => " times",
        (Measure::Points, Lang::Zh) => " 分",
        (Measure::Honor, Lang::Zh) => " 评比分",
        (Measure::Points, Lang::En) => " points",
        (Measure::Honor, Lang::En) => " honor points",
        (Measure::Minutes, Lang::Zh) => " 小时",
        (Measure::Minutes, Lang::En) => " h",
        (Measure::People, Lang::Zh) => " 人",
        (Measure::People, Lang::En) => " people",
        (Measure::Households, Lang::Zh) => " 户",
        (Measure::Households, Lang::En) => " households",
    }
}

impl Cut {
    /// `本月已记 38 小时，上限 40 小时`.
    #[must_use]
    pub fn used_words(&self, lang: Lang) -> String {
        let unit = measure_word(self.limit.measure, lang);
        let (used, max) =
            (measured(self.limit.measure, self.used), measured(self.limit.measure, self.limit.max));
        let period = self.period.word(lang);
        let whose = match self.scope {
            UsageScope::Person => "",
            scope => scope.word(lang),
        };
        match (self.reason, lang) {
            (CutReason::HighestOnly, Lang::Zh) => format!("{period}同项已记 {used} 分"),
            (CutReason::HighestOnly, Lang::En) => format!("{used} points for the same honour {period}"),
            (CutReason::Restoration, Lang::Zh) => format!("可修复的扣分共 {max} 分，已修复 {used} 分"),
            (CutReason::Restoration, Lang::En) => {
                format!("{max} points were deducted, {used} given back already")
            }
            (CutReason::HonorFloor, Lang::Zh) => format!("评比分现为 {used} 分，最低 {max} 分"),
            (CutReason::HonorFloor, Lang::En) => format!("the honor score is {used}, its floor {max}"),
            (CutReason::AccountCap, Lang::Zh) => {
                format!("{period}{whose}可兑换已记 {used} 分，上限 {max} 分")
            }
            (CutReason::AccountCap, Lang::En) => {
                format!("{used} redeemable points recorded {period}, the limit is {max}")
            }
            (_, Lang::Zh) => format!("{period}{whose}已记 {used}{unit}，上限 {max}{unit}"),
            (_, Lang::En) if whose.is_empty() => {
                format!("{used}{unit} recorded {period}, the limit is {max}{unit}")
            }
            (_, Lang::En) => format!("{used}{unit} recorded {period} for {whose}, the limit is {max}{unit}"),
        }
    }

    fn words(&self, lang: Lang) -> String {
        let (used, after) = (self.used_words(lang), points(self.after));
        match (self.minutes_left, self.reason, lang) {
            (Some(left), _, Lang::Zh) => format!("{used}，计 {} 小时 = {after}分", hours(left)),
            (Some(left), _, Lang::En) => format!("{used}: {} h count = {after} points", hours(left)),
            (_, CutReason::HighestOnly, Lang::Zh) => format!("{used}，就高不重复，补差 {after}分"),
            (_, CutReason::HighestOnly, Lang::En) => {
                format!("{used}: only the highest counts, the difference is {after} points")
            }
            (_, CutReason::AccountCap, Lang::Zh) => format!("{used}，可兑换计 {after}分"),
            (_, CutReason::AccountCap, Lang::En) => format!("{used}: {after} points are redeemable"),
            (_, CutReason::HonorFloor, Lang::Zh) => format!("{used}，只扣 {after}分"),
            (_, CutReason::HonorFloor, Lang::En) => format!("{used}: only {after} points are taken"),
            (_, _, Lang::Zh) => format!("{used}，计 {after}分"),
            (_, _, Lang::En) => format!("{used}: {after} points count"),
        }
    }
}

impl Explanation {
    /// The way to the number in plain words, for the resident and the auditor alike.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let mut parts = vec![self.gross_words(lang)];
        parts.extend(self.cuts.iter().map(|cut| cut.words(lang)));
        if self.target == Target::Both && self.points != self.honor {
            parts.push(match lang {
                Lang::Zh => format!("评比分 {}分", points(self.honor)),
                Lang::En => format!("honor score {} points", points(self.honor)),
            });
        }
        if let Some(sanction) = self.sanction {
            let (days, pauses) = (sanction.days, sanction.pauses);
            parts.push(match (pauses, lang) {
                (Pause::Awards, Lang::Zh) => format!("暂停加分 {days} 天"),
                (Pause::SignUp, Lang::Zh) => format!("暂停活动报名 {days} 天"),
                (Pause::Awards, Lang::En) => format!("no new credits for {days} days"),
                (Pause::SignUp, Lang::En) => format!("no signing up for {days} days"),
            });
        }
        parts.join(match lang {
            Lang::Zh => "；",
            Lang::En => "; ",
        })
    }

    fn gross_words(&self, lang: Lang) -> String {
        let mut name = self.name.get(lang).to_owned();
        if let Some(grade) = &self.grade {
            name = match lang {
                Lang::Zh => format!("{name}（{}）", grade.zh),
                Lang::En => format!("{name} ({})", grade.en),
            };
        }
        let gross = points(self.gross);
        let word = match (self.target, lang) {
            (Target::Honor, Lang::Zh) => "评比分",
            (_, Lang::Zh) => "分",
            (Target::Honor, Lang::En) => " honor points",
            (_, Lang::En) => " points",
        };
        let sign = if self.direction == Direction::Deduct { "−" } else { "+" };
        match self.shown {
            Shown::Rate { points: rate, per } => {
                let (quantity, unit) = (self.quantity.normalize(), self.unit.word(lang));
                let rate = rate.normalize();
                let each = match (per == Decimal::ONE, lang) {
                    (true, _) => format!("{rate}{word}"),
                    (false, Lang::Zh) => format!("{rate}{word}/{}{unit}", per.normalize()),
                    (false, Lang::En) => format!("{rate}{word} for {} {unit}", per.normalize()),
                };
                format!("{name} {quantity} {unit} × {each} = {gross}{word}")
            }
            Shown::Decided { min, max } => match lang {
                Lang::Zh => format!("{name} 评定 {sign}{gross}{word}（{}至{}分）", points(min), points(max)),
                Lang::En => {
                    format!("{name}, decided {sign}{gross}{word} ({} to {})", points(min), points(max))
                }
            },
            Shown::Fixed if self.gross == 0 => name,
            Shown::Fixed | Shown::Restored => format!("{name} {sign}{gross}{word}"),
        }
    }
}
