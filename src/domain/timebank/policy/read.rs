//! From TOML to policies: a table over its base, then every field into its type. Holds no rule about service.

use std::str::FromStr;

use serde::Deserialize;

use super::{
    Counting, CoverRule, Drawing, Gifts, HOUR, Inheritance, Joining, Policy, PolicyFault, Pool, Saving,
    StarTable,
};

/// The longest cap, quota or star, in hours: a lifetime of full days.
const HOURS_MAX: i64 = 1_000_000;
/// The oldest age a rule may name.
const AGE_MAX: i64 = 120;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    policy: Vec<Raw>,
}

macro_rules! raw {
    ($($field:ident: $kind:ty,)+) => {
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            code: String,
            base: Option<String>,
            version: u32,
            name: String,
            name_en: String,
            source: String,
            $($field: Option<$kind>,)+
        }

        impl Raw {
            /// What this table does not say is taken from its base.
            fn over(self, base: &Self) -> Self {
                Self { $($field: self.$field.or_else(|| base.$field.clone()),)+ ..self }
            }
        }
    };
}

raw! {
    quarter_minutes: i64,
    least_minutes: i64,
    pairs_a_day: i64,
    auto_hours_a_day: i64,
    parent_hours_a_day: i64,
    late_working_days: i64,
    confirm_hours: i64,
    hold_rating: i64,
    adult_age: i64,
    minor_age: i64,
    minors: String,
    services: Vec<String>,
    draw_age: i64,
    hardship_age: i64,
    drawers: Vec<String>,
    cap_hours: i64,
    brim: Vec<String>,
    groups: String,
    expiry_years: i64,
    wind_up_months: i64,
    special_care_hours: i64,
    gift: RawGift,
    inheritance: RawInheritance,
    cover: RawCover,
    pool: RawPool,
    reward_points_per_hour: i64,
    clearing: String,
    star_hours: Vec<i64>,
    star_notice_working_days: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGift {
    to: String,
    age: i64,
    cooling_days: i64,
    year_hours: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInheritance {
    claim_days: i64,
    under_gift_limit: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCover {
    watch_months: i64,
    act_months: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPool {
    year_hours: i64,
    person_hours: i64,
    eligible: Vec<Vec<String>>,
}

/// Reads a file.
pub(super) fn policies(text: &str) -> Result<Vec<Policy>, Vec<PolicyFault>> {
    let file: File = toml::from_str(text).map_err(|e| vec![PolicyFault::Unreadable(e.to_string())])?;
    let (mut whole, mut read, mut faults): (Vec<Raw>, Vec<Policy>, Vec<PolicyFault>) = Default::default();
    for raw in file.policy {
        if whole.iter().any(|known| known.code == raw.code) {
            faults.push(PolicyFault::Twice(raw.code));
            continue;
        }
        let raw = match &raw.base {
            None => raw,
            Some(base) => match whole.iter().find(|known| known.code == *base) {
                Some(base) => raw.over(base),
                None => {
                    faults.push(PolicyFault::NoBase { policy: raw.code, base: base.clone() });
                    continue;
                }
            },
        };
        let mut reader = Reader { policy: &raw.code, faults: Vec::new() };
        let policy = reader.policy(&raw);
        match policy {
            Some(policy) if reader.faults.is_empty() => read.push(policy),
            _ => faults.append(&mut reader.faults),
        }
        whole.push(raw);
    }
    if faults.is_empty() { Ok(read) } else { Err(faults) }
}

/// Takes fields apart and remembers every one that is wrong.
struct Reader<'a> {
    policy: &'a str,
    faults: Vec<PolicyFault>,
}

impl Reader<'_> {
    fn impossible<T>(&mut self, field: &'static str) -> Option<T> {
        self.faults.push(PolicyFault::Impossible { policy: self.policy.to_owned(), field });
        None
    }

    fn said<T>(&mut self, field: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.faults.push(PolicyFault::Missing { policy: self.policy.to_owned(), field });
        }
        value
    }

    /// A number from `least` to `most`.
    fn number<T: TryFrom<i64>>(
        &mut self,
        field: &'static str,
        value: Option<i64>,
        (least, most): (i64, i64),
    ) -> Option<T> {
        let value = self.said(field, value)?;
        let fits = (least..=most).contains(&value).then(|| T::try_from(value).ok()).flatten();
        fits.or_else(|| self.impossible(field))
    }

    fn hours(&mut self, field: &'static str, value: Option<i64>) -> Option<i64> {
        self.number::<i64>(field, value, (0, HOURS_MAX)).map(|hours| hours * HOUR)
    }

    fn age(&mut self, field: &'static str, value: Option<i64>) -> Option<i32> {
        self.number(field, value, (0, AGE_MAX))
    }

    fn word<T: FromStr>(&mut self, field: &'static str, value: Option<&String>) -> Option<T> {
        let value = self.said(field, value)?;
        value.parse().ok().or_else(|| self.impossible(field))
    }

    fn words<T: FromStr>(&mut self, field: &'static str, value: Option<&Vec<String>>) -> Option<Vec<T>> {
        let value = self.said(field, value)?;
        let read: Option<Vec<T>> = value.iter().map(|word| word.parse().ok()).collect();
        read.or_else(|| self.impossible(field))
    }

    fn policy(&mut self, raw: &Raw) -> Option<Policy> {
        // every part is read, so that every fault is named
        let (counting, joining) = (self.counting(raw), self.joining(raw));
        let (drawing, saving) = (self.drawing(raw), self.saving(raw));
        let (gifts, pool, stars) = (self.gifts(raw), self.pool(raw), self.stars(raw));
        let (inheritance, cover) = (self.inheritance(raw), self.cover(raw));
        let services = self.words("services", raw.services.as_ref());
        let services = services.filter(|list| !list.is_empty()).or_else(|| self.impossible("services"));
        let reward = self.number::<i64>("reward_points_per_hour", raw.reward_points_per_hour, (0, 100));
        let clearing = self.word("clearing", raw.clearing.as_ref());
        Some(Policy {
            code: raw.code.clone(),
            version: raw.version,
            name: raw.name.clone(),
            name_en: raw.name_en.clone(),
            source: raw.source.clone(),
            counting: counting?,
            joining: joining?,
            services: services?,
            drawing: drawing?,
            saving: saving?,
            gifts: gifts?,
            inheritance: inheritance?,
            cover: cover?,
            pool: pool?,
            reward_points_per_hour: Some(reward?).filter(|points| *points > 0),
            clearing: clearing?,
            stars: stars?,
        })
    }

    fn counting(&mut self, raw: &Raw) -> Option<Counting> {
        let quarter = self.number("quarter_minutes", raw.quarter_minutes, (1, HOUR));
        let least = self.number("least_minutes", raw.least_minutes, (0, 4 * HOUR));
        let pairs_a_day = self.number("pairs_a_day", raw.pairs_a_day, (1, 10));
        let auto = self.number::<i64>("auto_hours_a_day", raw.auto_hours_a_day, (1, 24));
        let parent = self.number::<i64>("parent_hours_a_day", raw.parent_hours_a_day, (1, 24));
        let late_working_days = self.number("late_working_days", raw.late_working_days, (0, 10));
        let confirm_hours = self.number("confirm_hours", raw.confirm_hours, (1, 30 * 24));
        let hold_rating = self.number("hold_rating", raw.hold_rating, (0, 4));
        let (auto, parent) = (auto?, parent?);
        if parent < auto {
            return self.impossible("parent_hours_a_day");
        }
        Some(Counting {
            quarter: quarter?,
            least: least?,
            pairs_a_day: pairs_a_day?,
            auto_a_day: auto * HOUR,
            parent_a_day: parent * HOUR,
            late_working_days: late_working_days?,
            confirm_hours: confirm_hours?,
            hold_rating: hold_rating?,
        })
    }

    fn joining(&mut self, raw: &Raw) -> Option<Joining> {
        let adult_age = self.number("adult_age", raw.adult_age, (16, AGE_MAX));
        let minor_age = self.age("minor_age", raw.minor_age);
        let minors = self.word("minors", raw.minors.as_ref());
        let (adult_age, minor_age) = (adult_age?, minor_age?);
        if minor_age > adult_age {
            return self.impossible("minor_age");
        }
        Some(Joining { adult_age, minor_age, minors: minors? })
    }

    fn drawing(&mut self, raw: &Raw) -> Option<Drawing> {
        let age = self.age("draw_age", raw.draw_age);
        let hardship_age = self.age("hardship_age", raw.hardship_age);
        let drawers = self.words("drawers", raw.drawers.as_ref());
        let (age, hardship_age) = (age?, hardship_age?);
        if hardship_age > age {
            return self.impossible("hardship_age");
        }
        Some(Drawing { age, hardship_age, drawers: drawers? })
    }

    fn saving(&mut self, raw: &Raw) -> Option<Saving> {
        let cap = self.hours("cap_hours", raw.cap_hours);
        let brim = self.words("brim", raw.brim.as_ref());
        let groups = self.word("groups", raw.groups.as_ref());
        let expiry = self.number::<u32>("expiry_years", raw.expiry_years, (0, 100));
        let wind_up_months = self.number("wind_up_months", raw.wind_up_months, (0, 120));
        let special = self.hours("special_care_hours", raw.special_care_hours);
        let cap = Some(cap?).filter(|minutes| *minutes > 0);
        let brim: Vec<_> = brim?;
        // beyond a cap there must be something to choose, without one there is no brim
        if cap.is_some() == brim.is_empty() {
            return self.impossible("brim");
        }
        Some(Saving {
            cap,
            brim,
            groups: groups?,
            expiry_years: Some(expiry?).filter(|years| *years > 0),
            wind_up_months: wind_up_months?,
            special_care: Some(special?).filter(|minutes| *minutes > 0),
        })
    }

    fn gifts(&mut self, raw: &Raw) -> Option<Gifts> {
        let gift = self.said("gift", raw.gift.as_ref())?;
        let to = self.word("gift.to", Some(&gift.to));
        let age = self.age("gift.age", Some(gift.age));
        let cooling_days = self.number("gift.cooling_days", Some(gift.cooling_days), (1, 90));
        let a_year = self.hours("gift.year_hours", Some(gift.year_hours));
        Some(Gifts { to: to?, age: age?, cooling_days: cooling_days?, a_year: a_year? })
    }

    fn inheritance(&mut self, raw: &Raw) -> Option<Inheritance> {
        let rule = self.said("inheritance", raw.inheritance.as_ref())?;
        let claim_days = self.number("inheritance.claim_days", Some(rule.claim_days), (30, 36_500));
        Some(Inheritance { claim_days: claim_days?, under_gift_limit: rule.under_gift_limit })
    }

    fn cover(&mut self, raw: &Raw) -> Option<CoverRule> {
        let rule = self.said("cover", raw.cover.as_ref())?;
        let watch = self.number("cover.watch_months", Some(rule.watch_months), (1, 1_200));
        let act = self.number::<i64>("cover.act_months", Some(rule.act_months), (1, 1_200));
        let (watch_months, act_months) = (watch?, act?);
        if act_months < watch_months {
            return self.impossible("cover.act_months");
        }
        Some(CoverRule { watch_months, act_months })
    }

    fn pool(&mut self, raw: &Raw) -> Option<Pool> {
        let pool = self.said("pool", raw.pool.as_ref())?;
        let a_year = self.hours("pool.year_hours", Some(pool.year_hours));
        let a_person = self.hours("pool.person_hours", Some(pool.person_hours));
        let eligible: Option<Vec<Vec<_>>> =
            pool.eligible.iter().map(|all| self.words("pool.eligible", Some(all))).collect();
        let eligible = eligible?;
        if eligible.iter().any(Vec::is_empty) {
            // no grounds at all would make everybody eligible
            return self.impossible("pool.eligible");
        }
        Some(Pool { a_year: a_year?, a_person: a_person?, eligible })
    }

    fn stars(&mut self, raw: &Raw) -> Option<StarTable> {
        let hours = self.said("star_hours", raw.star_hours.as_ref());
        let days = self.number("star_notice_working_days", raw.star_notice_working_days, (5, 30));
        let mut last = 0;
        let mut steps = Vec::new();
        for step in hours? {
            if !(last + 1..=HOURS_MAX).contains(step) {
                return self.impossible("star_hours");
            }
            last = *step;
            steps.push(step * HOUR);
        }
        Some(StarTable { steps, notice_working_days: days? })
    }
}
