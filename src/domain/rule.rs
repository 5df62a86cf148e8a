//! The anatomy of one item (积分项) of a rule set: what it is worth, to whom, on what evidence, how often.
//! Holds no reading of files (see [`crate::domain::ruleset`]) and no arithmetic (see [`crate::domain::award`]).

use std::fmt;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lang::Lang, time::Day};

mod cap;
mod evidence;
mod words;

pub use cap::{Cap, CapPeriod, Limit, Measure, OverCap, Quota, QuotaSize, UsageScope};
pub use evidence::{Evidence, EvidenceKind};

/// The code of an item, unique in its rule set: `A2`, `C1`. A name in another rule set is written `RS-4/V2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemCode(pub String);

impl ItemCode {
    /// The code as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ItemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What something is called, in both languages. Village content, so not in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Label {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Label {
    /// In the language asked for.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Whether an item gives, takes or gives back (加分、扣分、修复).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Adds (加分).
    Credit,
    /// Takes away reputation only (扣分).
    Deduct,
    /// Gives back what a deduction took, once the matter is put right (整改修复).
    Restore,
}

/// Whose conduct an item looks at (对象). Points go to the account of the programme all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// The household as one (户).
    Household,
    /// One person of a household (人).
    Person,
    /// A villagers' group or an estate (组).
    Group,
}

/// Which score an item moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The spendable balance only (可兑换).
    Points,
    /// The reputation score only (评比分).
    Honor,
    /// Both by the same amount.
    Both,
}

impl Target {
    /// Whether the spendable balance moves.
    #[must_use]
    pub const fn points(self) -> bool {
        matches!(self, Self::Points | Self::Both)
    }

    /// Whether the reputation score moves.
    #[must_use]
    pub const fn honor(self) -> bool {
        matches!(self, Self::Honor | Self::Both)
    }
}

/// What a quantity counts (单位).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Occurrences (次).
    Time,
    /// Hours (小时).
    Hour,
    /// Days (天).
    Day,
    /// Months (月).
    Month,
    /// Quarters (季).
    Quarter,
    /// Years (年).
    Year,
    /// Kilograms (公斤).
    Kilogram,
    /// Grams (克).
    Gram,
    /// Bottles (个瓶).
    Bottle,
    /// Mu of land, 1/15 ha (亩).
    Mu,
    /// Places (处).
    Place,
    /// Cases or reports (件).
    Case,
    /// Ideas or leads (条).
    Idea,
    /// Lessons (课时).
    Lesson,
    /// Points themselves, for a range the panel chooses in (分).
    Point,
}

/// How an award travels from claim to posting. A higher one has every step of the lower ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Route {
    /// Small and evidenced by a machine or a weighing slip: straight to the month's notice.
    R0,
    /// Recorder, clerk, panel (评议小组), notice.
    R1,
    /// R1, then the two committees recheck (两委复核) and the supervision committee signs.
    R2,
    /// R2, then the township checks the record (乡镇核).
    R3,
}

impl Route {
    /// `R0` … `R3`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::R0 => "R0",
            Self::R1 => "R1",
            Self::R2 => "R2",
            Self::R3 => "R3",
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who may put an item on record (经办人).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recorder {
    /// The household itself, by claim (申报).
    Resident,
    /// The head of a household group (联户长).
    GroupHead,
    /// Grid staff (网格员).
    Grid,
    /// The village clerk (文书).
    Clerk,
    /// The system, from a machine or a closed order.
    System,
}

/// What one claim of an item is worth. Amounts are minor units (hundredths) without a sign: see [`Direction`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Worth {
    /// The same each time.
    Fixed(i64),
    /// Points for every `per` units of the quantity.
    Rate(Rate),
    /// What the panel decides, within bounds; the quantity of the claim is the number of points.
    Range {
        /// The least it may give.
        min: i64,
        /// The most it may give.
        max: i64,
    },
    /// By the grade or level reached, or the kind of thing handed in.
    Grades(Vec<Grade>),
    /// What the deduction took: the quantity of the claim, never more than was deducted.
    Restored,
}

/// Points for every so many units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Points (分, not minor units).
    pub points: Decimal,
    /// For this many units.
    pub per: Decimal,
    /// A quantity is rounded down to a multiple of this first; nothing if none.
    pub step: Option<Decimal>,
}

/// One of the choices of a graded item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    /// Unique in the item: `county`, `plastic`.
    pub code: String,
    /// What it is called.
    pub label: Label,
    /// What it is worth.
    pub worth: GradeWorth,
    /// What its quantity counts.
    pub unit: Unit,
    /// The route, where it differs from the item's.
    pub route: Option<Route>,
}

/// What a grade is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GradeWorth {
    /// The same each time, in minor units.
    Fixed(i64),
    /// By quantity.
    Rate(Rate),
}

/// Which deductions an item of direction [`Direction::Restore`] gives back, and how long after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restoration {
    /// The deductions.
    pub items: Vec<ItemCode>,
    /// Within so many days of the deduction.
    pub within_days: u32,
}

/// A pause that an item brings beside its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct Sanction {
    /// What is paused.
    pub pauses: Pause,
    /// For how many days.
    pub days: u32,
}

/// What a [`Sanction`] pauses. Never an ordinary service, never a benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// New credits.
    Awards,
    /// Signing up for activities.
    SignUp,
}

/// One item of a rule set (积分细则 row).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its code.
    pub code: ItemCode,
    /// The code of its category.
    pub category: String,
    /// What it is called.
    pub name: Label,
    /// Gives, takes or gives back.
    pub direction: Direction,
    /// Whose conduct it looks at.
    pub subject: SubjectKind,
    /// Which score it moves.
    pub target: Target,
    /// What one claim is worth.
    pub worth: Worth,
    /// What the quantity counts.
    pub unit: Unit,
    /// The least quantity of one claim.
    pub min_quantity: Option<Decimal>,
    /// The greatest quantity of one claim.
    pub max_quantity: Option<Decimal>,
    /// How much of it in a period.
    pub caps: Vec<Cap>,
    /// What happens to an award over a cap.
    pub over_cap: OverCap,
    /// How many households may have it in a period.
    pub quota: Option<Quota>,
    /// Only the best level of a year counts (就高不重复).
    pub highest_only: bool,
    /// What has to lie in the file.
    pub evidence: Evidence,
    /// Who may record it.
    pub recorders: Vec<Recorder>,
    /// The bodies that verify it, by code.
    pub verifiers: Vec<String>,
    /// The least route; an amount over a threshold takes a higher one.
    pub route: Route,
    /// Days of notice, where longer than the route's.
    pub notice_days: Option<u32>,
    /// Whether its hours are also saved as minutes of service.
    pub service_minutes: bool,
    /// The first day it applies, where later than the rule set's.
    pub effective_from: Option<Day>,
    /// The last day it applies.
    pub effective_until: Option<Day>,
    /// The clauses it rests on, by code.
    pub basis: Vec<String>,
    /// Facts the recorder confirms, that no register can count.
    pub conditions: Vec<Label>,
    /// How often a household is reminded before it is deducted; at least once.
    pub reminders: u32,
    /// What it gives back, for a restoration.
    pub restores: Option<Restoration>,
    /// What it pauses beside its points.
    pub sanction: Option<Sanction>,
    /// The notice shows the category and the points, never the facts.
    pub hide_facts: bool,
    /// Rests on sensitive personal information: needs an official document and route R3.
    pub sensitive: bool,
    /// Whether it can be claimed at all.
    pub enabled: bool,
}

impl Item {
    /// Whether a claim has to state a quantity (otherwise it is 1).
    #[must_use]
    pub fn asks_quantity(&self) -> bool {
        match &self.worth {
            Worth::Fixed(_) => false,
            Worth::Rate(_) | Worth::Range { .. } | Worth::Restored => true,
            Worth::Grades(grades) => grades.iter().any(|g| matches!(g.worth, GradeWorth::Rate(_))),
        }
    }

    /// The grades to choose from; none for an item without.
    #[must_use]
    pub fn grades(&self) -> &[Grade] {
        match &self.worth {
            Worth::Grades(grades) => grades,
            _ => &[],
        }
    }

    /// The grade of that code.
    #[must_use]
    pub fn grade(&self, code: &str) -> Option<&Grade> {
        self.grades().iter().find(|g| g.code == code)
    }
}
