//! Awards by example: the acceptance cases of the trade.

use super::*;
use crate::domain::{
    lang::Lang,
    ruleset::{self, RuleSet},
};

pub(super) fn rural() -> RuleSet {
    let [(file, text), _] = ruleset::shipped();
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

#[test]
fn hours_over_the_month_are_cut_and_said_so() {
    let used = |q: &UsageQuestion| match (q.measure, q.from) {
        (Measure::Minutes, Some(from)) if from.to_string() == "2026-06-01" => 38 * 60,
        _ => 0,
    };
    let award = claim(&rural(), "C1", &Inputs::quantity(3), "2026-06-10", used).unwrap();
    assert_eq!((award.points, award.honor, award.minutes), (400, 400, 120));
    assert_eq!(
        award.explanation.words(Lang::Zh),
        "志愿服务 3 小时 × 2分 = 6分；本月已记 38 小时，上限 40 小时，计 2 小时 = 4分"
    );
}
