//! Properties of awards over random claims: caps hold, replay is equal, more never earns less.
//! The counting here is the plainest there is, so it also says what the store's answers have to be.

use proptest::prelude::*;

use super::{
    tests::{VILLAGE, rural},
    *,
};
use crate::domain::{
    rule::{CapPeriod, GradeWorth, UsageScope, Worth},
    ruleset::{self, AccountKind},
};

const HOUSEHOLDS: u8 = 4;
const PEOPLE: u8 = 3;
const GROUPS: u8 = 2;

/// A claim that earned something, as the store would keep it.
#[derive(Debug, Clone)]
struct Kept {
    item: ItemCode,
    household: u8,
    person: u8,
    event: u8,
    day: Day,
    inputs: Inputs,
    answers: Vec<i64>,
    award: Award,
}

#[derive(Debug, Clone)]
struct Random {
    item: prop::sample::Index,
    grade: prop::sample::Index,
    household: u8,
    person: u8,
    event: u8,
    day: i32,
    quantity: u32,
}

fn random() -> impl Strategy<Value = Random> {
    let ids = (0..HOUSEHOLDS, 0..PEOPLE, 0..3_u8);
    (any::<prop::sample::Index>(), any::<prop::sample::Index>(), ids, 0..120_i32, 1..48_u32).prop_map(
        |(item, grade, (household, person, event), day, quantity)| Random {
            item,
            grade,
            household,
            person,
            event,
            day,
            quantity,
        },
    )
}

fn inputs(item: &Item, random: &Random) -> Inputs {
    let grades = item.grades();
    let grade = (!grades.is_empty()).then(|| random.grade.get(grades));
    let counted = match (&item.worth, grade.map(|g| g.worth)) {
        (_, Some(GradeWorth::Fixed(_))) | (Worth::Fixed(_), _) => Decimal::ONE,
        _ => {
            Decimal::new(i64::from(random.quantity), 1)
                * Decimal::from(if item.code.as_str() == "A4" { 500 } else { 3 })
        }
    };
    Inputs { quantity: counted, grade: grade.map(|g| g.code.clone()) }
}

fn matches(question: &UsageQuestion, kept: &Kept, claim: (u8, u8, u8)) -> bool {
    let (household, person, event) = claim;
    let same = match question.scope {
        UsageScope::Person => (kept.household, kept.person) == (household, person),
        UsageScope::Household => kept.household == household,
        UsageScope::Group => kept.household % GROUPS == household % GROUPS,
        UsageScope::Village => true,
    };
    same && (question.items.is_empty() || question.items.contains(&kept.item))
        && question.from.is_none_or(|from| kept.day >= from)
        && question.until.is_none_or(|until| kept.day < until)
        && (!question.same_event || kept.event == event)
}

fn answer(question: &UsageQuestion, log: &[Kept], claim: (u8, u8, u8)) -> i64 {
    let counted = || log.iter().filter(|kept| matches(question, kept, claim));
    let distinct = |of: &dyn Fn(&Kept) -> (u8, u8), own: (u8, u8)| {
        let others: std::collections::BTreeSet<_> = counted().map(of).filter(|x| *x != own).collect();
        i64::try_from(others.len()).unwrap()
    };
    match question.measure {
        Measure::Times => i64::try_from(counted().count()).unwrap(),
        Measure::Points => counted().map(|k| k.award.points).sum(),
        Measure::Honor => counted().map(|k| k.award.honor).sum(),
        Measure::Minutes => counted().map(|k| k.award.minutes).sum(),
        Measure::People => distinct(&|k| (k.household, k.person), (claim.0, claim.1)),
        Measure::Households => distinct(&|k| (k.household, 0), (claim.0, 0)),
    }
}

/// Makes the claims one after the other, keeping what earned something.
fn run(set: &RuleSet, claims: &[Random]) -> Vec<Kept> {
    let first = set.programme.effective_from;
    let mut log: Vec<Kept> = Vec::new();
    for random in claims {
        let item = random.item.get(&set.items);
        let (day, inputs) = (first.plus(random.day), inputs(item, random));
        let (subject, who) = (Subject { person: true }, (random.household, random.person, random.event));
        let answers: Vec<_> =
            questions(set, item, subject, day).iter().map(|q| answer(q, &log, who)).collect();
        let claim = Claim { set, item, subject, inputs: &inputs, occurred_on: day };
        if let Ok(award) = compute(&claim, &answers, VILLAGE) {
            let (household, person, event) = who;
            log.push(Kept { item: item.code.clone(), household, person, event, day, inputs, answers, award });
        }
    }
    log
}

/// Every cap of every item, re-counted from the log without any question.
fn caps_hold(set: &RuleSet, log: &[Kept]) {
    for last in log {
        let item = set.item(last.item.as_str()).unwrap();
        for cap in &item.caps {
            let question = {
                let (from, until) = cap.period.around(last.day);
                UsageQuestion {
                    items: vec![item.code.clone()],
                    scope: cap.scope,
                    from,
                    until,
                    same_event: cap.period == CapPeriod::Event,
                    measure: cap.limit.measure,
                }
            };
            let who = (last.household, last.person, last.event);
            let itself = i64::from(cap.limit.measure == Measure::People);
            let used = answer(&question, log, who).abs() + itself;
            assert!(used <= cap.limit.max, "{}: {used} of {cap:?}", item.code);
        }
        for (period, max) in
            [(CapPeriod::Month, set.programme.cap_month), (CapPeriod::Year, set.programme.cap_year)]
        {
            let (from, until) = period.around(last.day);
            let same = |k: &&Kept| {
                let account = match set.programme.account {
                    AccountKind::Household => k.household == last.household,
                    AccountKind::Person => (k.household, k.person) == (last.household, last.person),
                };
                account && from.is_none_or(|f| k.day >= f) && until.is_none_or(|u| k.day < u)
            };
            let points: i64 = log.iter().filter(same).map(|k| k.award.points).sum();
            assert!(points <= max, "{points} of {max} in a {period:?}");
        }
    }
}

fn exclusions_hold(set: &RuleSet, log: &[Kept]) {
    for (n, a) in log.iter().enumerate() {
        for b in log.iter().skip(n + 1) {
            let same =
                (a.household, a.person, a.event) == (b.household, b.person, b.event) && a.item != b.item;
            let excluded =
                set.exclusives.iter().any(|g| g.members.contains(&a.item) && g.members.contains(&b.item));
            assert!(!(same && excluded), "{} and {} of one event", a.item, b.item);
        }
    }
}

fn sets() -> [RuleSet; 2] {
    ruleset::shipped().map(|(file, text)| ruleset::parse(text, file).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_claims_goes_over_a_cap(claims in prop::collection::vec(random(), 1..160)) {
        for set in sets() {
            let log = run(&set, &claims);
            caps_hold(&set, &log);
            exclusions_hold(&set, &log);
            for kept in &log {
                prop_assert!(kept.award.points >= 0, "a deduction took spendable points");
                prop_assert!(kept.award.minutes >= 0);
            }
            for household in 0..HOUSEHOLDS {
                let moved: i64 = log.iter().filter(|k| k.household == household).map(|k| k.award.honor).sum();
                let people = if set.programme.account == AccountKind::Person { i64::from(PEOPLE) } else { 1 };
                prop_assert!(people * set.programme.base_honor + moved >= set.programme.honor_floor);
            }
        }
    }

    #[test]
    fn every_award_replays_to_the_same_award(claims in prop::collection::vec(random(), 1..60)) {
        for set in sets() {
            for kept in run(&set, &claims) {
                let stored = serde_json::to_string(&(&kept.inputs, &kept.answers)).unwrap();
                let (inputs, answers): (Inputs, Vec<i64>) = serde_json::from_str(&stored).unwrap();
                let item = set.item(kept.item.as_str()).unwrap();
                let subject = Subject { person: true };
                let claim = Claim { set: &set, item, subject, inputs: &inputs, occurred_on: kept.day };
                prop_assert_eq!(compute(&claim, &answers, VILLAGE), Ok(kept.award));
            }
        }
    }

    #[test]
    fn more_never_earns_less(tenths in 1..120_i64, more in 0..60_i64, used in 0..3_000_i64) {
        let set = rural();
        let on: Day = "2026-06-10".parse().unwrap();
        for code in ["A7", "C1", "C2", "B5", "A3"] {
            let item = set.item(code).unwrap();
            let subject = Subject { person: true };
            let answers: Vec<_> = questions(&set, item, subject, on).iter().map(|q| match q.measure {
                Measure::Minutes | Measure::Points if !q.same_event => used,
                _ => 0,
            }).collect();
            let earn = |tenths: i64| {
                let grade = (code == "A3").then(|| "plastic".to_owned());
                let inputs = Inputs { quantity: Decimal::new(tenths, 1), grade };
                let claim = Claim { set: &set, item, subject, inputs: &inputs, occurred_on: on };
                compute(&claim, &answers, VILLAGE)
            };
            if let (Ok(less), Ok(more)) = (earn(tenths), earn(tenths + more)) {
                prop_assert!(less.points <= more.points && less.honor <= more.honor && less.minutes <= more.minutes);
                prop_assert!(less.route <= more.route);
            }
        }
    }
}
