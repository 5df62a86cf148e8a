//! Words of trying a rule set out before it is adopted.

use super::{T, refusal::RefusalWords};
use crate::domain::lang::Lang;

catalogue! {
    sim_title(title) { zh: "试算：{title}", en: "Tried out: {title}" }
    sim_link { zh: "先试算一下：一年发多少分、花多少钱", en: "Try it out: points and money in a year" }
    sim_hint { zh: "按草案把十二个月的事逐条算一遍，用的就是真正记分的那套规则，什么都不会改动。", en: "Twelve months of facts put through the draft by the very rules that award points. Nothing is changed." }
    sim_by_recorded { zh: "按过去一年的记录", en: "By what was recorded" }
    sim_by_stated { zh: "按一般参与情况", en: "By usual participation" }
    sim_recorded_hint(from, until) { zh: "用的是{from}到{until}记录在册的事。上限以外没有记录下来的事，这里看不到；放宽上限时请再看“按一般参与情况”。", en: "With what was recorded from {from} to {until}. What a cap kept from being recorded cannot be seen here: when a cap is raised, look at usual participation, too." }
    sim_stated_hint(from, until) { zh: "假设{from}到{until}本村和一般的村一样参与：多少户愿意做、多久做一次，由样本里的参与情况说明。", en: "As if from {from} to {until} your village took part as villages usually do; the sample says how many households, how often." }
    sim_within(points, ceiling, percent) { zh: "一年约发{points}分，没有超过年度上限{ceiling}分（{percent}%）。", en: "About {points} points a year: within the ceiling of {ceiling} ({percent}%)." }
    sim_over(points, ceiling, percent) { zh: "一年要发{points}分，超过年度上限{ceiling}分（{percent}%）。", en: "{points} points a year: above the ceiling of {ceiling} ({percent}%)." }
    sim_breaks(month, shortage) { zh: "{month}冲破上限，全年差{shortage}分。", en: "The ceiling breaks in {month}; it is {shortage} points short." }
    sim_figures { zh: "总数", en: "In all" }
    sim_points { zh: "全年发放", en: "Points in the year" }
    sim_cost { zh: "折合", en: "Worth" }
    sim_in_force { zh: "现行规则同样算", en: "Rules in force, with the same facts" }
    sim_reached { zh: "得到积分的户", en: "Households reached" }
    sim_households(reached, all, percent) { zh: "{reached}户，占{all}户的{percent}%", en: "{reached} of {all} ({percent}%)" }
    sim_facts { zh: "事项", en: "Facts" }
    sim_counted(awards, facts) { zh: "{facts}件，其中计分{awards}件", en: "{facts}, of which {awards} count" }
    sim_backing { zh: "现有资金和库存", en: "Money and goods there are" }
    sim_coverage { zh: "备付率", en: "Coverage" }
    sim_coverage_of(before, after) { zh: "现在{before}，一年后{after}", en: "{before} now, {after} after the year" }
    sim_coverage_hint { zh: "一年里不再进钱，发出的分都算作要兑付。低于1.2要提醒，低于1.0不能再发。", en: "With no new money in the year, and every point owed. Below 1.2 is a warning, below 1.0 stops new issue." }
    sim_runs_out { zh: "钱用到哪天", en: "Money lasts until" }
    sim_lasts { zh: "一年之内够用", en: "lasts the year" }
    sim_until(day) { zh: "{day}起不够", en: "not enough from {day} on" }
    sim_no_money { zh: "账上没有资金", en: "no money in the books" }
    sim_by_month { zh: "每月发放（分）", en: "Points by month" }
    sim_soft(points) { zh: "月度参考线 {points}", en: "monthly mark {points}" }
    sim_soft_hint { zh: "月度参考线是年度上限的十二分之一乘以细则里的系数，超过只是提醒。", en: "The monthly mark is a twelfth of the ceiling times the factor of the rule set; above it is a warning only." }
    sim_so_far { zh: "累计发放（分）", en: "Points so far" }
    sim_ceiling(points) { zh: "年度上限 {points}", en: "ceiling {points}" }
    sim_by_item { zh: "各项发放（分）", en: "Points by item" }
    sim_item { zh: "项目", en: "Item" }
    sim_item_cost { zh: "折合（元）", en: "Yuan" }
    sim_item_figure(points, households) { zh: "{points}分 · {households}户", en: "{points} · {households} households" }
    sim_month { zh: "月份", en: "Month" }
    sim_held_back { zh: "被上限和名额挡下的", en: "Held back by caps and quotas" }
    sim_refused { zh: "没有计分的事", en: "Facts that earned nothing" }
    sim_cut { zh: "只计一部分的", en: "Cut in part" }
    sim_never { zh: "一次也没用上的项目", en: "Items that never fire" }
    sim_never_hint { zh: "这些项目一年里一分也没发，可以想想还要不要。", en: "Nothing in the year earned these anything: worth asking whether they are needed." }
    sim_unknown { zh: "草案里没有的项目", en: "Items the draft does not have" }
    sim_unknown_of(item, count) { zh: "{item}：{count}件不再计分", en: "{item}: {count} facts would earn nothing" }
    sim_usage_title(programme, version, households) { zh: "{programme} 第{version}版，{households}户，十二个月", en: "{programme} v{version}, {households} households, twelve months" }
    sim_column_points { zh: "分", en: "points" }
    sim_column_yuan { zh: "元", en: "yuan" }
    sim_column_households { zh: "户", en: "households" }
    sim_unusable(file, line, detail) { zh: "{file}:{line}: 读不懂：{detail}", en: "{file}:{line}: cannot be read: {detail}" }
    sim_unusable_figure(file, item, field) { zh: "{file}: {item} 的 {field} 不在范围内", en: "{file}: {field} of {item} is out of bounds" }
    sim_unusable_village(file) { zh: "{file}: 村庄（village）一节要有户数、组数和每户人数，户数不能太多", en: "{file}: the section `village` needs households, groups and people, and not too many households" }
    sim_unusable_long(file) { zh: "{file}: 行数太多", en: "{file}: too many lines" }
    sim_bad_yuan(text) { zh: "{text}: 金额要写成元，最多两位小数", en: "{text}: an amount in yuan has at most two decimals" }
}

impl T {
    /// Why facts earned nothing, in two or three words.
    #[must_use]
    pub fn sim_reason(self, code: &str) -> &'static str {
        let words = REASONS.iter().find(|(known, ..)| *known == code);
        match (words, self.lang()) {
            (Some((_, zh, _)), Lang::Zh) => zh,
            (Some((_, _, en)), Lang::En) => en,
            (None, Lang::Zh) => "其他原因",
            (None, Lang::En) => "other reasons",
        }
    }
}

const REASONS: &[(&str, &str, &str)] = &[
    ("item_disabled", "项目未启用", "not in use"),
    ("not_effective", "不在适用期", "not in force then"),
    ("person_missing", "没写是谁", "nobody named"),
    ("quantity_out_of_range", "数量不在范围", "quantity out of range"),
    ("grade_unknown", "没有这个等级", "no such grade"),
    ("cap_reached", "到上限", "cap reached"),
    ("quota_full", "名额已满", "quota full"),
    ("exclusive", "互斥", "excluded by another"),
    ("highest_only", "就高不重复", "only the highest counts"),
    ("nothing_to_restore", "没有可修复的", "nothing to give back"),
    ("floor_reached", "评比分已到底", "at the floor"),
];

pub(super) const REFUSALS: &[RefusalWords] = &[(
    "only_rules_are_tried",
    "只有积分细则可以试算，村规民约没有分值。",
    "Only rule sets are tried out: a compact has no points.",
)];
