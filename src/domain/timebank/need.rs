//! The public pool: who may be served from it and who comes first. The grounds are looked at once by a verifier and not
//! kept: what stays is a score and a yes or no.

use super::policy::Pool;
use crate::domain::{time::Timestamp, wording::vocabulary};

vocabulary! {
    /// What speaks for somebody.
    NeedGround {
        /// Sixty or older.
        Aged60 = "aged_60", "60周岁以上", "60 or older";
        /// Eighty or older.
        Aged80 = "aged_80", "80周岁以上", "80 or older";
        /// Lives alone, or with nobody who could help.
        EmptyNest = "empty_nest", "空巢独居", "lives alone";
        /// On minimum income.
        LowIncome = "low_income", "低保家庭", "on minimum income";
        /// Cannot look after themselves, wholly or in part.
        Disabled = "disabled", "失能半失能或残疾", "disabled";
        /// Expects a child.
        Pregnant = "pregnant", "孕产妇", "expects a child";
        /// A child whose parents work elsewhere.
        LeftBehind = "left_behind", "留守儿童", "a child left behind";
        /// Hardship of another kind that the place recognises.
        Hardship = "hardship", "特殊困难", "special hardship";
    }
}

impl NeedGround {
    /// Whether age alone gives it.
    #[must_use]
    pub const fn is_age(self) -> bool {
        matches!(self, Self::Aged60 | Self::Aged80)
    }

    /// What it adds to the score.
    #[must_use]
    pub const fn weight(self) -> i64 {
        match self {
            Self::Aged60 => 1,
            // eighty comes on top of sixty
            Self::Aged80 | Self::LowIncome | Self::Pregnant | Self::LeftBehind | Self::Hardship => 2,
            Self::EmptyNest | Self::Disabled => 3,
        }
    }
}

/// The grounds that the age alone gives, and those that a verifier saw.
#[must_use]
pub fn grounds(age: Option<i32>, seen: &[NeedGround]) -> Vec<NeedGround> {
    let old = |from: i32| age.is_some_and(|age| age >= from);
    let by_age = |ground: &NeedGround| match ground {
        NeedGround::Aged60 => old(60),
        NeedGround::Aged80 => old(80),
        _ => seen.contains(ground),
    };
    NeedGround::ALL.iter().copied().filter(by_age).collect()
}

/// How great the need is.
#[must_use]
pub fn score(grounds: &[NeedGround]) -> i64 {
    grounds.iter().map(|ground| ground.weight()).sum()
}

/// Whether the pool serves somebody with these grounds.
#[must_use]
pub fn eligible(pool: &Pool, grounds: &[NeedGround]) -> bool {
    pool.eligible.iter().any(|all| all.iter().all(|ground| grounds.contains(ground)))
}

/// An order that waits for the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub no: i64,
    /// How great the need is.
    pub score: i64,
    /// Since when it waits.
    pub since: Timestamp,
    /// How many minutes it asks for.
    pub minutes: i64,
}

/// Those that `available` minutes can pay, the greatest need first, then the longest wait. Nobody smaller overtakes
/// somebody in greater need for whom it does not quite reach.
#[must_use]
pub fn next(waiting: &[Waiting], available: i64) -> Vec<i64> {
    let mut queue = waiting.to_vec();
    queue.sort_by_key(|one| (std::cmp::Reverse(one.score), one.since, one.no));
    let mut left = available;
    let mut funded = Vec::new();
    for one in queue {
        if one.minutes > left {
            break;
        }
        left -= one.minutes;
        funded.push(one.no);
    }
    funded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timebank::policy::{DEFAULT, Policies};

    #[test]
    fn the_pool_serves_the_oldest_alone_and_the_poor_and_frail_alone() {
        use NeedGround as G;
        let policies = Policies::shipped();
        let pool = &policies.by_code(DEFAULT).unwrap().pool;
        let serves = |age, seen: &[G]| eligible(pool, &grounds(Some(age), seen));
        assert!(serves(80, &[G::EmptyNest]));
        assert!(!serves(79, &[G::EmptyNest]));
        assert!(serves(60, &[G::EmptyNest, G::LowIncome, G::Disabled]));
        assert!(!serves(60, &[G::EmptyNest, G::LowIncome]));
        assert!(!serves(59, &[G::EmptyNest, G::LowIncome, G::Disabled]));
        // nobody is as old as they say: the register says it
        assert!(!serves(70, &[G::Aged80, G::EmptyNest]));
        assert!(!eligible(pool, &grounds(None, &[G::EmptyNest])));
        let beijing = &policies.by_code("beijing").unwrap().pool;
        assert!(!eligible(beijing, &grounds(Some(90), G::ALL)), "no pool there");
    }

    #[test]
    fn the_greatest_need_comes_first_and_is_not_overtaken() {
        let at = |s| Timestamp::from_micros(s);
        let one = |no, score, since, minutes| Waiting { no, score, since: at(since), minutes };
        let waiting = [one(1, 3, 1, 60), one(2, 6, 2, 120), one(3, 6, 1, 90), one(4, 1, 0, 30)];
        assert_eq!(next(&waiting, 300), [3, 2, 1, 4]);
        assert_eq!(next(&waiting, 210), [3, 2]);
        assert_eq!(next(&waiting, 120), [3], "30 would be enough for the last, who waits behind others");
        assert!(next(&waiting, 89).is_empty());
    }
}
