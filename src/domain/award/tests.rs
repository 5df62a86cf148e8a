//! Awards by example: the acceptance cases of the trade.
#![expect(clippy::string_slice, reason = "cut at places just found in the text")]

use super::*;
use crate::domain::{
    lang::Lang,
    rule::CapPeriod,
    ruleset::{self, RuleSet},
};

pub(super) fn rural() -> RuleSet {
    let [(file, text), _] = ruleset::shipped();
    ruleset::parse(text, file).unwrap()
}

fn urban() -> RuleSet {
    let [_, (file, text)] = ruleset::shipped();
    ruleset::parse(text, file).unwrap()
}

pub(super) const VILLAGE: Context = Context { group_households: 91, village_households: 1155 };

/// Computes with the answers given by a function of the question; 0 where it has none.
pub(super) fn claim(
    set: &RuleSet,
    code: &str,
    inputs: &Inputs,
    on: &str,
    answer: impl Fn(&UsageQuestion) -> i64,
) -> Result<Award, Refusal> {
    let item = set.item(code).unwrap();
    let (subject, occurred_on) = (Subject { person: true }, on.parse().unwrap());
    let answers: Vec<_> = questions(set, item, subject, occurred_on).iter().map(answer).collect();
    compute(&Claim { set, item, subject, inputs, occurred_on }, &answers, VILLAGE)
}

fn first(set: &RuleSet, code: &str, inputs: &Inputs) -> Award {
    claim(set, code, inputs, "2026-06-10", |_| 0).unwrap()
}

fn starts(q: &UsageQuestion, day: &str) -> bool {
    q.from.is_some_and(|from| from.to_string() == day)
}

#[test]
fn hours_over_the_month_are_cut_and_said_so() {
    let used = |q: &UsageQuestion| match q.measure {
        Measure::Minutes if starts(q, "2026-06-01") => 38 * 60,
        _ => 0,
    };
    let award = claim(&rural(), "C1", &Inputs::quantity(3), "2026-06-10", used).unwrap();
    assert_eq!((award.points, award.honor, award.minutes), (400, 400, 120));
    assert_eq!(
        award.explanation.words(Lang::Zh),
        "志愿服务 3 小时 × 2分 = 6分；本月已记 38 小时，上限 40 小时，计 2 小时 = 4分"
    );
    assert_eq!(
        award.explanation.words(Lang::En),
        "Volunteering 3 h × 2 points = 6 points; 38 h recorded this month, the limit is 40 h: 2 h count = 4 points"
    );
    let full = |q: &UsageQuestion| if q.measure == Measure::Minutes { 40 * 60 } else { 0 };
    let refusal = claim(&rural(), "C1", &Inputs::quantity(1), "2026-06-10", full).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::CapReached);
}

#[test]
fn hours_are_rounded_down_to_the_quarter_and_saved_as_minutes() {
    let award = first(&rural(), "C1", &Inputs::quantity("2.9".parse::<Decimal>().unwrap()));
    assert_eq!((award.points, award.minutes), (550, 165));
    let short = Inputs::quantity("0.4".parse::<Decimal>().unwrap());
    let refusal = claim(&rural(), "C1", &short, "2026-06-10", |_| 0).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::QuantityOutOfRange);
    assert_eq!(refusal.words(Lang::Zh), "C1 志愿服务：数量 0.4 不在范围内，应为 0.5 至 12");
}

#[test]
fn the_third_member_of_a_household_is_refused_by_the_clean_up_day() {
    let set = rural();
    let others = |people: i64| move |q: &UsageQuestion| if q.measure == Measure::People { people } else { 0 };
    let members: Vec<_> =
        (0..3).map(|n| claim(&set, "A5", &Inputs::once(), "2026-06-10", others(n))).collect();
    let points: i64 = members.iter().flatten().map(|award| award.points).sum();
    assert_eq!(points, 1_000);
    let refusal = members[2].as_ref().unwrap_err();
    assert_eq!(refusal.code, RefusalCode::CapReached);
    assert_eq!(refusal.facts["limit"], "2");
    assert_eq!(refusal.words(Lang::Zh), "A5 集体保洁日：本月本户已记 2 人，上限 2 人，名额已用完，不能再计");
}

#[test]
fn a_hazard_already_rewarded_as_a_report_is_refused_as_exclusive() {
    let reported =
        |q: &UsageQuestion| i64::from(q.items.iter().any(|i| i.as_str() == "RS-4/V2") && q.same_event);
    let refusal = claim(&rural(), "B2", &Inputs::grade("minor"), "2026-06-10", reported).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Exclusive);
    assert!(refusal.words(Lang::Zh).contains("互斥"));
}

#[test]
fn a_hazard_counts_for_its_first_reporter_only() {
    let known =
        |q: &UsageQuestion| i64::from(q.same_event && q.items.first().is_some_and(|i| i.as_str() == "B2"));
    let refusal = claim(&rural(), "B2", &Inputs::grade("major"), "2026-06-10", known).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::CapReached);
}

#[test]
fn twenty_points_or_a_deduction_take_the_longer_route() {
    let set = rural();
    let way = |code, inputs: &Inputs| {
        let award = first(&set, code, inputs);
        (award.route, award.notice_days)
    };
    assert_eq!(way("A2", &Inputs::once()), (Route::R1, 5));
    assert_eq!(way("A6", &Inputs::once()), (Route::R2, 7));
    assert_eq!(way("B2", &Inputs::grade("major")), (Route::R2, 7));
    assert_eq!(way("D2", &Inputs::grade("county")), (Route::R3, 7));
    assert_eq!(way("F6", &Inputs::once()), (Route::R2, 7));
    let kilos = |n: u32| Inputs { quantity: n.into(), grade: Some("plastic".to_owned()) };
    assert_eq!(way("A3", &kilos(2)), (Route::R0, 5));
    assert_eq!(way("A3", &kilos(4)), (Route::R1, 5), "above five points no machine's word is enough");
    assert_eq!(way("A3", &kilos(10)), (Route::R2, 7));
}

#[test]
fn a_deduction_touches_the_honor_score_and_stops_at_its_floor() {
    let low = |q: &UsageQuestion| if q.items.is_empty() { -9_800 } else { 0 };
    let award = claim(&rural(), "F2", &Inputs::once(), "2026-06-10", low).unwrap();
    assert_eq!((award.points, award.honor), (0, -200));
    assert_eq!(
        award.explanation.words(Lang::Zh),
        "乱倒垃圾、污水 −5评比分；评比分现为 2 分，最低 0 分，只扣 2分"
    );
    let award = first(&rural(), "F2", &Inputs::once());
    assert_eq!((award.points, award.honor), (0, -500));
    let out = |q: &UsageQuestion| if q.items.is_empty() { -10_000 } else { 0 };
    let refusal = claim(&rural(), "F2", &Inputs::once(), "2026-06-10", out).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::FloorReached);
}

#[test]
fn an_event_of_june_is_paid_by_the_rules_of_june() {
    let [(file, text), _] = ruleset::shipped();
    let at = text.find("code = \"A2\"").unwrap();
    let raised = format!("{}{}", &text[..at], text[at..].replacen("points = 5", "points = 8", 1))
        .replacen("version = 1", "version = 2", 1)
        .replacen("effective_from = \"2025-01-01\"", "effective_from = \"2026-07-01\"", 1);
    let versions = [rural(), ruleset::parse(&raised, file).unwrap()];
    let pay = |on: &str| {
        let set = ruleset::in_force(&versions, on.parse().unwrap()).unwrap();
        claim(set, "A2", &Inputs::once(), on, |_| 0).unwrap().points
    };
    assert_eq!((pay("2026-06-30"), pay("2026-07-01")), (500, 800));
    let early = claim(&versions[1], "A2", &Inputs::once(), "2026-06-30", |_| 0).unwrap_err();
    assert_eq!(early.code, RefusalCode::NotEffective);
    assert_eq!(early.facts["from"], "2026-07-01");
}

#[test]
fn the_cleanest_fifth_of_a_group_and_no_more() {
    let taken = |n: i64| move |q: &UsageQuestion| if q.measure == Measure::Households { n } else { 0 };
    let set = rural();
    assert!(claim(&set, "A2", &Inputs::once(), "2026-06-10", taken(17)).is_ok());
    let refusal = claim(&set, "A2", &Inputs::once(), "2026-06-10", taken(18)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::QuotaFull);
    assert_eq!(refusal.words(Lang::Zh), "A2 月度最清洁户：本月本组已记 18 户，上限 18 户，名额已满");
}

#[test]
fn a_higher_honour_earns_the_difference_and_a_lower_one_nothing() {
    let best = |n: i64| {
        move |q: &UsageQuestion| if q.measure == Measure::Honor && starts(q, "2026-01-01") { n } else { 0 }
    };
    let set = rural();
    let county = claim(&set, "D2", &Inputs::grade("county"), "2026-06-10", best(2_000)).unwrap();
    assert_eq!((county.points, county.honor), (2_000, 2_000));
    let town = claim(&set, "D2", &Inputs::grade("town"), "2026-06-10", best(2_000)).unwrap_err();
    assert_eq!(town.code, RefusalCode::HighestOnly);
    assert!(town.words(Lang::Zh).contains("就高不重复"));
}

#[test]
fn the_account_cap_cuts_points_and_leaves_the_honor_score() {
    let used = |q: &UsageQuestion| match q.measure {
        Measure::Points if q.items.is_empty() && starts(q, "2026-06-01") => 5_800,
        _ => 0,
    };
    let award = claim(&rural(), "A2", &Inputs::once(), "2026-06-10", used).unwrap();
    assert_eq!((award.points, award.honor), (200, 500));
    assert_eq!(award.cut().unwrap().reason, CutReason::AccountCap);
    assert_eq!(
        award.explanation.words(Lang::Zh),
        "月度最清洁户 +5分；本月本户可兑换已记 58 分，上限 60 分，可兑换计 2分；评比分 5分"
    );
}

#[test]
fn what_was_taken_is_given_back_once() {
    let used = |back: i64| {
        move |q: &UsageQuestion| match q.items.len() {
            7 => -500,
            1 => back,
            _ => 0,
        }
    };
    let set = rural();
    let award = claim(&set, "F9", &Inputs::quantity(5), "2026-06-10", used(0)).unwrap();
    assert_eq!((award.points, award.honor, award.route), (0, 500, Route::R1));
    let rest = claim(&set, "F9", &Inputs::quantity(5), "2026-06-10", used(300)).unwrap();
    assert_eq!(rest.honor, 200);
    let none = claim(&set, "F9", &Inputs::quantity(5), "2026-06-10", used(500)).unwrap_err();
    assert_eq!(none.code, RefusalCode::NothingToRestore);
}

#[test]
fn inputs_that_do_not_fit_the_item_are_refused_by_name() {
    let set = rural();
    let code = |code: &str, inputs: &Inputs| claim(&set, code, inputs, "2026-06-10", |_| 0).unwrap_err().code;
    assert_eq!(code("A2", &Inputs::quantity(2)), RefusalCode::QuantityOutOfRange);
    assert_eq!(code("B5", &Inputs::quantity(11)), RefusalCode::QuantityOutOfRange);
    assert_eq!(code("A4", &Inputs::quantity(499)), RefusalCode::QuantityOutOfRange);
    assert_eq!(code("D7", &Inputs::once()), RefusalCode::GradeUnknown);
    assert_eq!(code("D7", &Inputs::grade("fourth")), RefusalCode::GradeUnknown);
    assert_eq!(code("A2", &Inputs::grade("first")), RefusalCode::GradeUnknown);
    assert_eq!(code("F10", &Inputs::once()), RefusalCode::ItemDisabled);
    let item = set.item("A5").unwrap();
    let (subject, occurred_on) = (Subject { person: false }, "2026-06-10".parse().unwrap());
    let inputs = Inputs::once();
    let nobody = Claim { set: &set, item, subject, inputs: &inputs, occurred_on };
    assert_eq!(compute(&nobody, &[], VILLAGE).unwrap_err().code, RefusalCode::PersonMissing);
    let somebody = Claim { subject: Subject { person: true }, ..nobody };
    assert_eq!(compute(&somebody, &[0], VILLAGE).unwrap_err().code, RefusalCode::UsageMismatch);
}

#[test]
fn every_way_of_being_worth_something_is_put_in_words() {
    let set = rural();
    let zh = |code, inputs: &Inputs| first(&set, code, inputs).explanation.words(Lang::Zh);
    assert_eq!(zh("B5", &Inputs::quantity(8)), "协助调解成功 评定 +8分（5至10分）");
    let bottles = Inputs { quantity: 45.into(), grade: Some("bottles".to_owned()) };
    assert_eq!(zh("A3", &bottles), "可回收物、有害垃圾交投（瓶） 40 个 × 1分/20个 = 2分");
    assert_eq!(zh("C5", &Inputs::quantity(30)), "捐款捐物 评定 +30评比分（1至30分）");
    assert_eq!(zh("F8", &Inputs::once()), "虚报、转卖积分；暂停加分 90 天");
    assert_eq!(zh("D7", &Inputs::grade("first")), "美丽庭院评定（一等） +20分");
    let half = Inputs::quantity("0.5".parse::<Decimal>().unwrap());
    assert_eq!(zh("C2", &half), "投工投劳 0.5 天 × 10分 = 5分");
}

#[test]
fn an_urban_programme_counts_for_each_person() {
    let set = urban();
    let asked =
        questions(&set, set.item("U1").unwrap(), Subject { person: true }, "2026-06-10".parse().unwrap());
    assert!(
        asked
            .iter()
            .filter(|q| q.items.is_empty())
            .all(|q| q.scope == crate::domain::rule::UsageScope::Person)
    );
    let award = first(&set, "U8", &Inputs::quantity(2));
    assert_eq!((award.points, award.minutes), (0, 120));
    assert_eq!(CapPeriod::Ever.around("2026-06-10".parse().unwrap()), (None, None));
}

#[test]
fn an_award_and_a_refusal_survive_being_stored() {
    let set = rural();
    let used = |q: &UsageQuestion| if q.measure == Measure::Minutes { 38 * 60 } else { 0 };
    let refusal = claim(&set, "C1", &Inputs::quantity(3), "2026-06-10", used).unwrap_err();
    let text = serde_json::to_string(&refusal).unwrap();
    assert_eq!(serde_json::from_str::<Refusal>(&text).unwrap(), refusal);
    let award = first(&set, "C1", &Inputs::quantity(3));
    let text = serde_json::to_string(&award).unwrap();
    assert_eq!(serde_json::from_str::<Award>(&text).unwrap(), award);
    for code in [RefusalCode::CapReached, RefusalCode::UsageMismatch, RefusalCode::QuotaFull] {
        assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{}\"", code.as_str()));
    }
}
