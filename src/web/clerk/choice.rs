//! What can be recorded, as the record form and the meeting sheet offer it: the recorder's own last items first, the
//! rest by family (类). Holds no arithmetic of rules: it hands the script the numbers of the rule.

use rust_decimal::Decimal;

use super::view::signed;
use crate::{
    domain::{
        amount,
        lang::Lang,
        person::Name,
        pinyin,
        rule::{Direction, Grade, GradeWorth, Item, Rate, SubjectKind, Worth},
        ruleset::RuleSet,
    },
    text::T,
};

/// One choice of the record form: an item, or one grade of it.
#[derive(Debug, Clone)]
pub struct Choice {
    /// `A2` or `D2|county`.
    pub value: String,
    /// Code and name.
    pub label: String,
    /// What it is worth, in words.
    pub worth: String,
    /// What `per` units are worth, in minor units with their sign, for the script.
    pub minor: i64,
    /// For so many units.
    pub per: Decimal,
    /// A quantity is rounded down to a multiple of this; 0 for not at all.
    pub step: Decimal,
    /// The quantity to begin with: the least that is worth anything.
    pub first: Decimal,
    /// Whether it asks for a quantity.
    pub ask: bool,
    /// What the quantity counts.
    pub unit: String,
    /// Whether it asks for a person.
    pub person: bool,
    /// What typing finds it by.
    pub key: String,
    /// Its category.
    pub category: String,
}

/// A family of items, folded until somebody opens it.
#[derive(Debug, Clone)]
pub struct Family {
    /// What it is called.
    pub name: String,
    /// Its items, in the order of the rules.
    pub choices: Vec<Choice>,
}

impl Family {
    /// Whether the item chosen is one of these.
    #[must_use]
    pub fn holds(&self, chosen: &str) -> bool {
        self.choices.iter().any(|c| c.value == chosen)
    }
}

/// What can be recorded today.
#[derive(Debug, Clone)]
pub struct Choices {
    /// The recorder's last items.
    pub recent: Vec<Choice>,
    /// Everything else, by family.
    pub families: Vec<Family>,
}

impl Choices {
    /// All of them, in the order shown.
    pub fn all(&self) -> impl Iterator<Item = &Choice> {
        self.recent.iter().chain(self.families.iter().flat_map(|f| &f.choices))
    }
}

/// What can be recorded today: the recorder's last items first, then the rule set's families in its order.
#[must_use]
pub fn choices(t: T, set: &RuleSet, last: &[String], may_deduct: bool) -> Choices {
    let mut recent: Vec<(usize, Choice)> = Vec::new();
    let mut families: Vec<Family> = Vec::new();
    for item in set.items.iter().filter(|i| i.enabled && (may_deduct || i.direction != Direction::Deduct)) {
        let category = set.category(&item.category).map(|c| c.get(t.lang()).to_owned()).unwrap_or_default();
        let mut own: Vec<Choice> =
            item.grades().iter().map(|g| choice(t, item, Some(g), &category)).collect();
        if own.is_empty() {
            own.push(choice(t, item, None, &category));
        }
        if let Some(rank) = last.iter().position(|code| code == item.code.as_str()) {
            recent.extend(own.into_iter().map(|choice| (rank, choice)));
            continue;
        }
        match families.iter_mut().find(|f| f.name == category) {
            Some(family) => family.choices.extend(own),
            None => families.push(Family { name: category, choices: own }),
        }
    }
    recent.sort_by_key(|(rank, _)| *rank);
    Choices { recent: recent.into_iter().map(|(_, choice)| choice).collect(), families }
}

/// What a household can claim: what the rules give for, by family.
#[must_use]
pub fn claimable(t: T, set: &RuleSet) -> Choices {
    let mut all = choices(t, set, &[], false);
    let gives = |choice: &Choice| {
        let code = choice.value.split('|').next().unwrap_or_default();
        set.item(code).is_some_and(|item| item.direction == Direction::Credit)
    };
    for family in &mut all.families {
        family.choices.retain(gives);
    }
    all.families.retain(|family| !family.choices.is_empty());
    all
}

/// What the script reckons with, and whether a quantity is asked for.
struct Reckoning {
    minor: i64,
    per: Decimal,
    step: Decimal,
    ask: bool,
}

fn reckoning(item: &Item, grade: Option<&Grade>) -> Reckoning {
    let fixed = |minor| Reckoning { minor, per: Decimal::ONE, step: Decimal::ZERO, ask: false };
    let by = |rate: &Rate| {
        let minor = i64::try_from((rate.points * Decimal::ONE_HUNDRED).trunc().normalize()).unwrap_or(0);
        Reckoning { minor, per: rate.per, step: rate.step.unwrap_or_default(), ask: true }
    };
    match (&item.worth, grade.map(|g| &g.worth)) {
        (_, Some(GradeWorth::Fixed(points))) | (Worth::Fixed(points), _) => fixed(*points),
        (_, Some(GradeWorth::Rate(rate))) | (Worth::Rate(rate), _) => by(rate),
        // the quantity is the number of points itself
        (Worth::Range { .. } | Worth::Restored, _) => Reckoning { ask: true, ..fixed(amount::POINT_MINOR) },
        (Worth::Grades(_), None) => fixed(0),
    }
}

fn choice(t: T, item: &Item, grade: Option<&Grade>, category: &str) -> Choice {
    let sign = if item.direction == Direction::Deduct { -1 } else { 1 };
    let Reckoning { minor, per, step, ask } = reckoning(item, grade);
    let minor = minor * sign;
    let unit = grade.map_or(item.unit, |g| g.unit).word(t.lang()).to_owned();
    let name = item.name.get(t.lang());
    let label = match grade {
        Some(grade) if t.lang() == Lang::En => {
            format!("{} {name} ({})", item.code, grade.label.get(t.lang()))
        }
        Some(grade) => format!("{} {name}（{}）", item.code, grade.label.get(t.lang())),
        None => format!("{} {name}", item.code),
    };
    let worth = match ask {
        // 2 points for 500 grams, not 0.004 for one
        true if per != Decimal::ONE => format!("{}/{}{unit}", signed(minor), per.normalize()),
        true => format!("{}/{unit}", signed(minor)),
        false => signed(minor),
    };
    let value = grade.map_or_else(|| item.code.to_string(), |grade| format!("{}|{}", item.code, grade.code));
    // a name of people has no commas, and this one is only sounded out
    let letters: String = item.name.zh.chars().filter(|c| c.is_alphabetic()).collect();
    let keys = Name::parse(&letters).map(|n| pinyin::search_keys(&n)).ok();
    let pinyin = keys.map(|k| format!("{} {}", k.pinyin, k.initials)).unwrap_or_default();
    Choice {
        key: format!("{label} {pinyin} {}", item.name.en),
        value,
        label,
        worth,
        minor,
        first: item.min_quantity.unwrap_or_default().max(step).max(per).max(Decimal::ONE).normalize(),
        per: per.normalize(),
        step: step.normalize(),
        ask,
        unit,
        person: item.subject == SubjectKind::Person,
        category: category.to_owned(),
    }
}
