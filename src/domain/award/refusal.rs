//! Why a claim earns nothing: a stable code, the numbers, and plain words in both languages.

use serde::{Deserialize, Serialize};

use super::{BTreeMap, Cut, Item, ItemCode, Label, explain};
use crate::domain::{
    lang::Lang,
    rule::{CapPeriod, Measure},
};

/// The reasons for a refusal, with stable names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The item is switched off.
    ItemDisabled,
    /// The rules, or the item, did not apply on that day.
    NotEffective,
    /// The item is for one person, and none is named.
    PersonMissing,
    /// The quantity is below the least, above the most, or worth nothing.
    QuantityOutOfRange,
    /// The item has grades and the claim names none of them.
    GradeUnknown,
    /// A cap is used up (封顶).
    CapReached,
    /// As many households as may have it have it (名额已满).
    QuotaFull,
    /// The same event earned by another item (互斥).
    Exclusive,
    /// The same or a higher level was honoured this year (就高不重复).
    HighestOnly,
    /// No deduction is left to give back.
    NothingToRestore,
    /// The reputation score is at its floor.
    FloorReached,
    /// A sanction pauses it.
    Paused,
    /// The answers are not to the questions of this claim: a fault of the program.
    UsageMismatch,
}

impl RefusalCode {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ItemDisabled => "item_disabled",
            Self::NotEffective => "not_effective",
            Self::PersonMissing => "person_missing",
            Self::QuantityOutOfRange => "quantity_out_of_range",
            Self::GradeUnknown => "grade_unknown",
            Self::CapReached => "cap_reached",
            Self::QuotaFull => "quota_full",
            Self::Exclusive => "exclusive",
            Self::HighestOnly => "highest_only",
            Self::NothingToRestore => "nothing_to_restore",
            Self::FloorReached => "floor_reached",
            Self::Paused => "paused",
            Self::UsageMismatch => "usage_mismatch",
        }
    }
}

/// A claim that earns nothing, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The reason.
    pub code: RefusalCode,
    /// The item.
    pub item: ItemCode,
    /// What it is called.
    pub name: Label,
    /// The numbers and names of the reason.
    pub facts: BTreeMap<String, String>,
    /// The limit that refused it, where one did.
    pub limit: Option<Box<Cut>>,
}

impl Refusal {
    pub(super) fn new(code: RefusalCode, item: &Item, facts: &[(&str, String)]) -> Self {
        let facts = facts.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        Self { code, item: item.code.clone(), name: item.name.clone(), facts, limit: None }
    }

    pub(super) fn limit(code: RefusalCode, item: &Item, cut: Cut) -> Self {
        let number = |value| explain::measured(cut.limit.measure, value);
        let facts = [
            ("scope", explain::tag(&cut.scope)),
            ("period", explain::tag(&cut.period)),
            ("measure", explain::tag(&cut.limit.measure)),
            ("used", number(cut.used)),
            ("limit", number(cut.limit.max)),
        ];
        Self { limit: Some(Box::new(cut)), ..Self::new(code, item, &facts) }
    }

    fn fact(&self, key: &str) -> &str {
        self.facts.get(key).map_or("", String::as_str)
    }

    /// The reason in plain words: what happened, to what, what to do next.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let name = format!("{} {}", self.item, self.name.get(lang));
        match lang {
            Lang::Zh => format!("{name}：{}", self.zh()),
            Lang::En => format!("{name}: {}", self.en()),
        }
    }

    fn used(&self, lang: Lang) -> String {
        self.limit.as_ref().map_or_else(String::new, |cut| cut.used_words(lang))
    }

    /// What makes acts of one day one event, where an event was counted.
    fn one_event(&self, lang: Lang) -> &'static str {
        match (self.limit.as_ref().map(|l| l.period), lang) {
            (Some(CapPeriod::Event), Lang::Zh) => "（没有写活动名称的，同一天算同一活动）",
            (Some(CapPeriod::Event), Lang::En) => {
                " (acts of one day without the name of an event count as one event)"
            }
            _ => "",
        }
    }

    fn zh(&self) -> String {
        let used = self.used(Lang::Zh);
        match self.code {
            RefusalCode::ItemDisabled => "本项目未启用，不能申报".to_owned(),
            RefusalCode::NotEffective => {
                let until = match self.fact("until") {
                    "" => "起".to_owned(),
                    until => format!(" 至 {until} "),
                };
                format!("发生日 {} 不在适用期内（{}{until}）", self.fact("occurred_on"), self.fact("from"))
            }
            RefusalCode::PersonMissing => "按人计分，请选择是哪一位家庭成员".to_owned(),
            RefusalCode::QuantityOutOfRange => match self.fact("most") {
                "" => format!("数量 {} 不足以计分，至少 {}", self.fact("quantity"), self.fact("least")),
                most => format!(
                    "数量 {} 不在范围内，应为 {} 至 {most}",
                    self.fact("quantity"),
                    self.fact("least")
                ),
            },
            RefusalCode::GradeUnknown => format!("请选择等级（{}）", self.fact("grades")),
            RefusalCode::CapReached => match self.limit.as_ref().map(|l| l.limit.measure) {
                Some(Measure::Points | Measure::Honor | Measure::Minutes) => {
                    format!("{used}，已到上限，不能再计")
                }
                _ => format!("{used}，名额已用完，不能再计{}", self.one_event(Lang::Zh)),
            },
            RefusalCode::QuotaFull => format!("{used}，名额已满"),
            RefusalCode::Exclusive => {
                format!(
                    "互斥：同一事项已按 {} 计分，不能重复（没有写活动名称的，同一天算同一活动）",
                    self.fact("excluded_by")
                )
            }
            RefusalCode::HighestOnly => format!("就高不重复：{used}，不低于本次"),
            RefusalCode::NothingToRestore => "没有可修复的扣分，或已过修复期限".to_owned(),
            RefusalCode::FloorReached => "评比分已到最低，不再扣分".to_owned(),
            RefusalCode::Paused => format!(
                "因 {} {} 自 {} 起暂停，至 {} 止，期满后再记",
                self.fact("by"),
                self.fact("by_zh"),
                self.fact("since"),
                self.fact("until")
            ),
            RefusalCode::UsageMismatch => "计分依据不齐，请重试；如再出现请联系管理员".to_owned(),
        }
    }

    fn en(&self) -> String {
        let used = self.used(Lang::En);
        match self.code {
            RefusalCode::ItemDisabled => "this item is not in use and cannot be claimed".to_owned(),
            RefusalCode::NotEffective => {
                let until = match self.fact("until") {
                    "" => " on".to_owned(),
                    until => format!(" to {until}"),
                };
                format!(
                    "{} is outside the time it applies ({}{until})",
                    self.fact("occurred_on"),
                    self.fact("from")
                )
            }
            RefusalCode::PersonMissing => {
                "counted for each person: choose the member of the household".to_owned()
            }
            RefusalCode::QuantityOutOfRange => match self.fact("most") {
                "" => format!(
                    "{} is too little to earn anything; {} at least",
                    self.fact("quantity"),
                    self.fact("least")
                ),
                most => format!(
                    "{} is out of range; it has to be {} to {most}",
                    self.fact("quantity"),
                    self.fact("least")
                ),
            },
            RefusalCode::GradeUnknown => format!("choose a grade ({})", self.fact("grades")),
            RefusalCode::CapReached => format!("{used}; no more can be counted{}", self.one_event(Lang::En)),
            RefusalCode::QuotaFull => format!("{used}; all places are taken"),
            RefusalCode::Exclusive => {
                format!(
                    "the same event already counts as {}; it counts once (acts of one day without the name of an event count as one event)",
                    self.fact("excluded_by")
                )
            }
            RefusalCode::HighestOnly => format!("only the highest level counts: {used}, no less than this"),
            RefusalCode::NothingToRestore => {
                "no deduction is left to give back, or its time has run out".to_owned()
            }
            RefusalCode::FloorReached => "the honor score is at its lowest; nothing more is taken".to_owned(),
            RefusalCode::Paused => format!(
                "paused by {} {} since {}, until {}; record it after that",
                self.fact("by"),
                self.fact("by_en"),
                self.fact("since"),
                self.fact("until")
            ),
            RefusalCode::UsageMismatch => {
                "the counts do not fit the rule; try again, and tell the administrator if it returns"
                    .to_owned()
            }
        }
    }
}
