//! A rule set (积分细则): the header of a programme and its items, read from one TOML file.
//! Parsing refuses whatever could not be applied or may not be: a [`RuleSet`] in hand is a sound one.
//! Holds no computing of awards: see [`crate::domain::award`].

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::{
    rule::{Item, ItemCode, Label, Route},
    time::Day,
};

mod build;
mod check;
pub mod compact;
mod counter;
mod diff;
mod expiry;
mod fault;
mod law;
mod legality;
mod number;
pub mod overrides;
mod raw;
mod read;
mod said;
mod wrong;

pub use counter::CounterTerms;
pub use diff::{Change, diff};
pub use expiry::{Expiry, ExpiryPeriod};
pub use fault::{Fault, FaultKind};
pub use law::article;
pub use wrong::{Said, Wrong};

/// The villages' rule set, and the urban communities', as shipped: file name and text.
#[must_use]
pub const fn shipped() -> [(&'static str, &'static str); 2] {
    [
        ("rural-village.toml", include_str!("../../rules/rural-village.toml")),
        ("urban-community.toml", include_str!("../../rules/urban-community.toml")),
    ]
}

/// The one way from text to rules. `file` is only named in the faults.
///
/// # Errors
/// Every fault found, in the order of the lines.
pub fn parse(text: &str, file: &str) -> Result<RuleSet, Vec<Fault>> {
    let mut faults = fault::Faults::new(text, file);
    let document = read::document(text, &mut faults);
    let set = document.and_then(|document| build::rule_set(&document, text, &mut faults));
    let faults = faults.into_sorted();
    match set {
        Some(set) if faults.is_empty() => Ok(set),
        _ => Err(faults),
    }
}

/// Every fault of a file; none for a sound one.
#[must_use]
pub fn check(text: &str, file: &str) -> Vec<Fault> {
    parse(text, file).err().unwrap_or_default()
}

/// The JSON Schema of the file, for editors.
#[must_use]
pub fn schema() -> String {
    raw::schema()
}

/// The name of a rule set by content: SHA-256, in hex, of its bytes after NFC and with LF line ends.
#[must_use]
pub fn hash(text: &str) -> String {
    let canonical: String = text.replace("\r\n", "\n").replace('\r', "\n").nfc().collect();
    Sha256::digest(canonical.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The version that applies to what happened on `day`: the latest that had taken effect by then.
#[must_use]
pub fn in_force(versions: &[RuleSet], day: Day) -> Option<&RuleSet> {
    versions
        .iter()
        .filter(|set| set.programme.effective_from <= day)
        .max_by_key(|set| (set.programme.effective_from, set.programme.version))
}

/// Who holds the points of a programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// The household (户).
    Household,
    /// The person (人).
    Person,
}

/// How days of notice are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeMode {
    /// Every day counts (自然日).
    Calendar,
    /// Working days only (工作日).
    Working,
}

/// How often awards are put together for review and notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AwardPeriod {
    /// Every week.
    Week,
    /// Every month.
    Month,
    /// Every quarter.
    Quarter,
}

/// A day on which the counters are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RedeemDay {
    /// Every day.
    Daily,
    /// Mondays.
    Monday,
    /// Tuesdays.
    Tuesday,
    /// Wednesdays.
    Wednesday,
    /// Thursdays.
    Thursday,
    /// Fridays.
    Friday,
    /// Saturdays.
    Saturday,
    /// Sundays.
    Sunday,
    /// The last day of a quarter.
    QuarterEnd,
}

/// The steps of one route and the days its notice runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteRule {
    /// Which route.
    pub route: Route,
    /// Its steps, in order.
    pub steps: Vec<RouteStep>,
    /// Days of notice.
    pub notice_days: u32,
    /// An amount of so many minor units or more takes this route at least.
    pub from_points: Option<i64>,
}

/// A step an award passes on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RouteStep {
    /// Put on record (申报).
    Record,
    /// Looked over by the clerk (初审).
    ClerkReview,
    /// Decided by the panel of five or more, kin recused (评议).
    Panel,
    /// Rechecked by the two committees (两委复核).
    CommitteesRecheck,
    /// Signed by the supervision committee (村务监督委员会).
    Supervision,
    /// The record checked by the township (乡镇核).
    Township,
    /// Put on public notice (公示).
    Notice,
}

/// What an item or a programme rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// Its code, for items to cite.
    pub code: String,
    /// Compact clause, programme document or law.
    pub kind: BasisKind,
    /// Its title or text.
    pub title: Label,
}

/// The kinds of [`Basis`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BasisKind {
    /// A clause of the village or residents' compact (村规民约).
    Compact,
    /// A document of the programme (实施方案).
    Programme,
    /// A law or regulation.
    Law,
}

/// Something with a code and a name: a category, a verifying body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The code.
    pub code: String,
    /// The name.
    pub name: Label,
}

/// Items of which one event earns one only (互斥).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExclusiveGroup {
    /// Its code.
    pub code: String,
    /// Why.
    pub name: Label,
    /// Items of this rule set.
    pub members: Vec<ItemCode>,
    /// What lies outside it: items of other rule sets (`RS-4/V2`), payments already made.
    pub outside: Vec<ItemCode>,
}

/// The header of a rule set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// `RS-1`.
    pub code: String,
    /// What it is called.
    pub name: Label,
    /// Rises by one with each adoption.
    pub version: u32,
    /// The first day it applies.
    pub effective_from: Day,
    /// Who holds the points.
    pub account: AccountKind,
    /// What a point is called (绿币分).
    pub unit: Label,
    /// Decimal places of a point: always [`SCALE`].
    pub scale: u32,
    /// What a point is worth at the counter, in fen.
    pub rate_fen: i64,
    /// Reputation points at the start of a year, in minor units. Never redeemable.
    pub base_honor: i64,
    /// The least the reputation score falls to, in minor units.
    pub honor_floor: i64,
    /// The most points issued in a year, in minor units.
    pub annual_ceiling: i64,
    /// A month is warned about above a twelfth of the ceiling times this.
    pub monthly_factor: Decimal,
    /// Redeemable points of one account in a month, in minor units.
    pub cap_month: i64,
    /// Redeemable points of one account in a year, in minor units.
    pub cap_year: i64,
    /// How often awards are put together.
    pub award_period: AwardPeriod,
    /// When the counters are open.
    pub redeem_days: Vec<RedeemDay>,
    /// How days of notice are counted.
    pub notice_mode: NoticeMode,
    /// Route R0 is for this many minor units at most.
    pub r0_max: i64,
    /// When points lapse.
    pub expiry: Expiry,
    /// The limits of the counters.
    pub counter: CounterTerms,
}

impl Programme {
    /// The soft ceiling of a month, in minor units.
    #[must_use]
    pub fn monthly_soft_ceiling(&self) -> i64 {
        let month = Decimal::from(self.annual_ceiling) / Decimal::from(12) * self.monthly_factor;
        number::floor(month)
    }

    /// The most points that may be issued by the end of the month of `day` for what happened in `year`, in minor units:
    /// so many twelfths of the ceiling as months have begun, times the factor, and never more than the ceiling.
    ///
    /// Handbook §4 speaks of 1/12 × 1.3 a month. It is counted from the beginning of the year, because a village does
    /// not earn evenly: the months in which RS-1 reviews the compact come to more than 1/12 × 1.3, and a stop at each
    /// month alone would break the very rules that the ceiling was worked out for. What a month leaves, a later one may
    /// use; what is ahead, none may.
    #[must_use]
    pub fn ceiling_on(&self, year: i32, day: Day) -> i64 {
        let (current, month, _) = day.ymd();
        if current > year {
            return self.annual_ceiling;
        }
        // multiplied before it is divided: an exact share stays exact
        let share = Decimal::from(self.annual_ceiling) * Decimal::from(month) * self.monthly_factor;
        number::floor(share / Decimal::from(12)).min(self.annual_ceiling)
    }
}

/// The decimal places of a point and of a reputation point.
pub const SCALE: u32 = 2;

/// A sound rule set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSet {
    /// Its header.
    pub programme: Programme,
    /// R0 to R3.
    pub routes: Vec<RouteRule>,
    /// The families of items, in order.
    pub categories: Vec<Named>,
    /// The bodies that verify.
    pub bodies: Vec<Named>,
    /// What it rests on.
    pub bases: Vec<Basis>,
    /// What excludes what.
    pub exclusives: Vec<ExclusiveGroup>,
    /// The items, in order.
    pub items: Vec<Item>,
    hash: String,
}

impl RuleSet {
    /// Its name by content: see [`hash`].
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The item of that code.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code.as_str() == code)
    }

    /// The rule of that route.
    #[must_use]
    pub fn route(&self, route: Route) -> Option<&RouteRule> {
        self.routes.iter().find(|rule| rule.route == route)
    }

    /// The name of a category.
    #[must_use]
    pub fn category(&self, code: &str) -> Option<&Label> {
        self.categories.iter().find(|c| c.code == code).map(|c| &c.name)
    }

    /// The name of a verifying body.
    #[must_use]
    pub fn body(&self, code: &str) -> Option<&Label> {
        self.bodies.iter().find(|b| b.code == code).map(|b| &b.name)
    }

    /// The clause of that code.
    #[must_use]
    pub fn basis(&self, code: &str) -> Option<&Basis> {
        self.bases.iter().find(|b| b.code == code)
    }

    /// The groups that item is in.
    pub fn exclusives_of<'a>(&'a self, code: &'a ItemCode) -> impl Iterator<Item = &'a ExclusiveGroup> {
        self.exclusives.iter().filter(move |group| group.members.contains(code))
    }
}

#[cfg(test)]
mod tests;
