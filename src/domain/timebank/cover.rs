//! Whether what was promised can be served (兑付保障): hours that may be drawn soon against hours that are really served.

use super::policy::{CoverRule, Drawing};
use crate::domain::wording::vocabulary;

/// Months over which service is counted.
pub const MONTHS: i64 = 12;

vocabulary! {
    /// How it stands.
    CoverLevel {
        /// Within what is served.
        Covered = "covered", "能兑付", "covered";
        /// More than the policy wants to see owed.
        Watch = "watch", "需关注", "watch";
        /// So much that somebody has to act.
        Act = "act", "需采取措施", "act";
    }
}

/// Whether somebody may draw now or within a year; nobody guesses an age.
#[must_use]
pub fn draws_soon(drawing: &Drawing, age: Option<i32>) -> bool {
    drawing.age == 0 || age.is_some_and(|age| age + 1 >= drawing.age)
}

/// What was promised against what is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cover {
    /// Minutes that may be drawn now or within a year.
    pub promised: i64,
    /// Minutes served in the last [`MONTHS`].
    pub served: i64,
    /// Tenths of a month that it takes to serve what was promised; nothing when nobody serves.
    pub month_tenths: Option<i64>,
    /// How it stands.
    pub level: CoverLevel,
}

/// Compares the two.
#[must_use]
pub fn cover(rule: &CoverRule, promised: i64, served: i64) -> Cover {
    let month_tenths = (served > 0).then(|| promised * MONTHS * 10 / served);
    let beyond = |months: i64| promised * MONTHS > months * served;
    let level = if promised <= 0 {
        CoverLevel::Covered
    } else if beyond(rule.act_months) {
        CoverLevel::Act
    } else if beyond(rule.watch_months) {
        CoverLevel::Watch
    } else {
        CoverLevel::Covered
    };
    Cover { promised, served, month_tenths, level }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::timebank::policy::{DEFAULT, Policies};

    #[test]
    fn the_policy_says_from_where_on_it_is_warned() {
        let rule = Policies::shipped().by_code(DEFAULT).unwrap().cover;
        // 100 hours a month are served
        let with = |promised_hours: i64| cover(&rule, promised_hours * 60, 1_200 * 60);
        for (hours, tenths, level) in [
            (0, 0, CoverLevel::Covered),
            (1_200, 120, CoverLevel::Covered),
            (1_201, 120, CoverLevel::Watch),
            (2_400, 240, CoverLevel::Watch),
            (2_401, 240, CoverLevel::Act),
        ] {
            let found = with(hours);
            assert_eq!((found.month_tenths, found.level), (Some(tenths), level), "{hours} h");
        }
        let nobody = cover(&rule, 60, 0);
        assert_eq!((nobody.month_tenths, nobody.level), (None, CoverLevel::Act), "nobody serves");
        assert_eq!(cover(&rule, 0, 0).level, CoverLevel::Covered);
    }

    #[test]
    fn whoever_draws_within_a_year_is_counted() {
        let drawing = Policies::shipped().by_code(DEFAULT).unwrap().drawing.clone();
        let soon: Vec<bool> =
            [Some(58), Some(59), Some(60), None].map(|age| draws_soon(&drawing, age)).into();
        assert_eq!(soon, [false, true, true, false]);
        let any = Policies::shipped().by_code("guangzhou-nansha").unwrap().drawing.clone();
        assert!(draws_soon(&any, None));
    }

    proptest! {
        #[test]
        fn more_promised_never_looks_better(promised in 0..1_000_000_i64, more in 0..100_000_i64, served in 0..500_000_i64) {
            let rule = Policies::shipped().by_code(DEFAULT).unwrap().cover;
            prop_assert!(cover(&rule, promised + more, served).level >= cover(&rule, promised, served).level);
        }
    }
}
