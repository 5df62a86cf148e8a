//! A rule file as written: the shapes serde reads and the JSON Schema describes. Holds no checks beyond shape.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{AccountKind, AwardPeriod, BasisKind, Expiry, NoticeMode, RedeemDay, RouteStep, number::Number};
use crate::domain::rule::{
    CapPeriod, Direction, EvidenceKind, OverCap, Recorder, Route, Sanction, SubjectKind, Target, Unit,
    UsageScope,
};

/// A GreenCoin rule set (积分细则): the header of a programme and its items.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "RuleSet")]
#[expect(dead_code, reason = "describes the whole file to the schema; the tables are read one by one")]
pub(super) struct RawRuleSet {
    /// The header.
    programme: RawProgramme,
    /// The routes R0 to R3.
    route: Vec<RawRoute>,
    /// The families of items.
    category: Vec<RawNamed>,
    /// The bodies that verify.
    body: Vec<RawNamed>,
    /// Compact clauses and documents that items cite.
    basis: Vec<RawBasis>,
    /// Items of which one event earns one only.
    exclusive: Option<Vec<RawExclusive>>,
    /// The items.
    item: Vec<RawItem>,
}

/// The header of a rule set.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Programme")]
pub(super) struct RawProgramme {
    /// Code, such as RS-1.
    pub(super) code: String,
    /// Name in Chinese.
    pub(super) name: String,
    /// Name in English.
    pub(super) name_en: String,
    /// Rises by one with each adoption.
    pub(super) version: u32,
    /// First day it applies, such as "2026-01-01".
    pub(super) effective_from: String,
    /// Who holds the points.
    pub(super) account: AccountKind,
    /// What a point is called.
    pub(super) unit: String,
    /// The same in English.
    pub(super) unit_en: String,
    /// Decimal places of a point: 2.
    pub(super) scale: u32,
    /// What a point is worth at the counter, in fen.
    pub(super) rate_fen: i64,
    /// Reputation points at the start of a year.
    pub(super) base_honor: Number,
    /// The least the reputation score falls to.
    pub(super) honor_floor: Number,
    /// The most points issued in a year.
    pub(super) annual_ceiling: Number,
    /// A month is warned about above ceiling / 12 × this.
    pub(super) monthly_ceiling_factor: Number,
    /// Redeemable points of one account in a month.
    pub(super) cap_month: Number,
    /// Redeemable points of one account in a year.
    pub(super) cap_year: Number,
    /// How often awards are put together.
    pub(super) award_period: AwardPeriod,
    /// When the counters are open.
    pub(super) redeem_days: Vec<RedeemDay>,
    /// How days of notice are counted.
    pub(super) notice_mode: NoticeMode,
    /// Route R0 is for this many points at most.
    pub(super) r0_max: Number,
    /// When points lapse.
    pub(super) expiry: Expiry,
    /// The limits of the counters; each may be left out.
    pub(super) counter: Option<RawCounter>,
}

/// The limits of the counters.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Counter")]
pub(super) struct RawCounter {
    /// Points one redemption may take at most; 200 if left out.
    pub(super) order_max: Option<Number>,
    /// Points a household's cards may take in one day; 50 if left out.
    pub(super) card_day_max: Option<Number>,
    /// Points up to which a card needs no PIN; 20 if left out.
    pub(super) card_pin_above: Option<Number>,
    /// Seconds a phone code lives, 15 to 60; 60 if left out.
    pub(super) code_seconds: Option<i64>,
    /// Wrong PINs in a row that block it, 1 to 5; 3 if left out.
    pub(super) pin_tries: Option<u8>,
}

/// The steps of one route.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Route_")]
pub(super) struct RawRoute {
    /// R0, R1, R2 or R3.
    pub(super) code: Route,
    /// Its steps, in order; the last is the notice.
    pub(super) steps: Vec<RouteStep>,
    /// Days of notice, 5 at least.
    pub(super) notice_days: u32,
    /// An amount of so many points or more takes this route at least.
    pub(super) from_points: Option<Number>,
}

/// Something with a code and a name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Named")]
pub(super) struct RawNamed {
    /// Its code.
    pub(super) code: String,
    /// Name in Chinese.
    pub(super) name: String,
    /// Name in English.
    pub(super) name_en: String,
}

/// What items rest on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Basis")]
pub(super) struct RawBasis {
    /// Its code, for items to cite.
    pub(super) code: String,
    /// Compact clause, programme document or law.
    pub(super) kind: BasisKind,
    /// Title or text in Chinese.
    pub(super) title: String,
    /// Title or text in English.
    pub(super) title_en: String,
}

/// Items of which one event earns one only.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ExclusiveGroup")]
pub(super) struct RawExclusive {
    /// Its code.
    pub(super) code: String,
    /// Why, in Chinese.
    pub(super) name: String,
    /// Why, in English.
    pub(super) name_en: String,
    /// Items of this file.
    pub(super) members: Vec<String>,
    /// What lies outside it, such as "RS-4/V2".
    #[serde(default)]
    pub(super) outside: Vec<String>,
}

/// One item.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Item")]
pub(super) struct RawItem {
    /// Code, unique in the file.
    pub(super) code: String,
    /// Code of its category.
    pub(super) category: String,
    /// Name in Chinese.
    pub(super) name: String,
    /// Name in English.
    pub(super) name_en: String,
    /// credit, deduct or restore; credit if left out.
    pub(super) direction: Option<Direction>,
    /// Whose conduct it looks at.
    pub(super) subject: SubjectKind,
    /// Which score it moves.
    pub(super) target: Target,
    /// Worth, the same each time.
    pub(super) points: Option<Number>,
    /// Worth for every `per` units.
    pub(super) rate: Option<Number>,
    /// Units that `rate` is for; 1 if left out.
    pub(super) per: Option<Number>,
    /// Quantities are rounded down to a multiple of this.
    pub(super) step: Option<Number>,
    /// Worth within bounds that the panel chooses in: [least, most].
    pub(super) range: Option<[Number; 2]>,
    /// Worth by grade, level or kind.
    #[serde(default)]
    pub(super) grades: Vec<RawGrade>,
    /// What the quantity counts.
    pub(super) unit: Unit,
    /// Least quantity of one claim.
    pub(super) min_quantity: Option<Number>,
    /// Greatest quantity of one claim.
    pub(super) max_quantity: Option<Number>,
    /// How much of it in a period.
    #[serde(default)]
    pub(super) caps: Vec<RawCap>,
    /// What happens to an award over a cap; cut if left out.
    pub(super) over_cap: Option<OverCap>,
    /// How many households may have it.
    pub(super) quota: Option<RawQuota>,
    /// Only the best level of a year counts.
    #[serde(default)]
    pub(super) highest_only: bool,
    /// What has to lie in the file.
    pub(super) evidence: RawEvidence,
    /// Who may record it.
    pub(super) recorders: Vec<Recorder>,
    /// Codes of the bodies that verify it.
    pub(super) verifiers: Vec<String>,
    /// The least route.
    pub(super) route: Route,
    /// Days of notice, where longer than the route's.
    pub(super) notice_days: Option<u32>,
    /// Whether its hours are also saved as minutes of service.
    #[serde(default)]
    pub(super) service_minutes: bool,
    /// First day it applies.
    pub(super) effective_from: Option<String>,
    /// Last day it applies.
    pub(super) effective_until: Option<String>,
    /// Codes of the clauses it rests on.
    pub(super) basis: Vec<String>,
    /// How often a household is reminded before it is deducted; once if left out.
    pub(super) reminders: Option<u32>,
    /// Facts the recorder confirms.
    #[serde(default)]
    pub(super) conditions: Vec<RawCondition>,
    /// Which deductions it gives back.
    pub(super) restores: Option<RawRestoration>,
    /// What it pauses beside its points.
    pub(super) sanction: Option<Sanction>,
    /// The notice never shows the facts.
    #[serde(default)]
    pub(super) hide_facts: bool,
    /// Rests on sensitive personal information.
    #[serde(default)]
    pub(super) sensitive: bool,
    /// Whether it can be claimed; yes if left out.
    pub(super) enabled: Option<bool>,
}

/// One choice of a graded item.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Grade")]
pub(super) struct RawGrade {
    /// Code, unique in the item.
    pub(super) code: String,
    /// Name in Chinese.
    pub(super) name: String,
    /// Name in English.
    pub(super) name_en: String,
    /// Worth, the same each time.
    pub(super) points: Option<Number>,
    /// Worth for every `per` units.
    pub(super) rate: Option<Number>,
    /// Units that `rate` is for; 1 if left out.
    pub(super) per: Option<Number>,
    /// Quantities are rounded down to a multiple of this.
    pub(super) step: Option<Number>,
    /// What its quantity counts, where it differs from the item's.
    pub(super) unit: Option<Unit>,
    /// Its route, where it differs from the item's.
    pub(super) route: Option<Route>,
}

/// A cap: exactly one of times, points, honor, hours, people.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Cap")]
pub(super) struct RawCap {
    /// For each of these.
    pub(super) per: UsageScope,
    /// In each of these.
    pub(super) period: CapPeriod,
    /// So many awards.
    pub(super) times: Option<i64>,
    /// So many points.
    pub(super) points: Option<Number>,
    /// So many reputation points.
    pub(super) honor: Option<Number>,
    /// So many hours of service.
    pub(super) hours: Option<Number>,
    /// So many different persons.
    pub(super) people: Option<i64>,
}

/// A quota: exactly one of percent, households.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Quota")]
pub(super) struct RawQuota {
    /// group or village.
    pub(super) per: UsageScope,
    /// In each of these.
    pub(super) period: CapPeriod,
    /// So many in a hundred of its households.
    pub(super) percent: Option<u32>,
    /// So many households.
    pub(super) households: Option<u32>,
}

/// What has to lie in the file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Evidence")]
pub(super) struct RawEvidence {
    /// The kinds accepted.
    pub(super) kinds: Vec<EvidenceKind>,
    /// Whether each kind is needed; any one will do if left out.
    #[serde(default)]
    pub(super) all: bool,
    /// How many pieces at least; 1 if left out.
    pub(super) min_count: Option<u32>,
}

/// A fact the recorder confirms.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Condition")]
pub(super) struct RawCondition {
    /// In Chinese.
    pub(super) text: String,
    /// In English.
    pub(super) text_en: String,
}

/// Which deductions an item gives back.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Restoration")]
pub(super) struct RawRestoration {
    /// Codes of the deductions.
    pub(super) items: Vec<String>,
    /// Within so many days of the deduction.
    pub(super) within_days: u32,
}

/// The schema of the whole file, pretty-printed, with a line end.
pub(super) fn schema() -> String {
    let schema = schemars::schema_for!(RawRuleSet);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
