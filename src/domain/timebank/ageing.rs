//! How old outstanding hours are (账龄): what was saved first is drawn first. Pure: from the movements of an account.

use std::collections::BTreeMap;

use crate::domain::{time::Day, wording::vocabulary};

vocabulary! {
    /// How long ago hours were earned.
    Age {
        /// Less than one year.
        UnderOne = "under_1", "1年以内", "under 1 year";
        /// From one year on, less than three.
        OneToThree = "1_to_3", "1—3年", "1–3 years";
        /// From three years on, less than five.
        ThreeToFive = "3_to_5", "3—5年", "3–5 years";
        /// Five years and more.
        OverFive = "over_5", "5年以上", "5 years and more";
    }
}

impl Age {
    /// The age of what was earned `on` a day. A year is over on the day of the same name.
    #[must_use]
    pub fn of(on: Day, today: Day) -> Self {
        let over = |years| on <= years_before(today, years);
        match (over(1), over(3), over(5)) {
            (false, ..) => Self::UnderOne,
            (_, false, _) => Self::OneToThree,
            (_, _, false) => Self::ThreeToFive,
            _ => Self::OverFive,
        }
    }
}

/// The day of the same name so many years before; the last of February where it has none.
fn years_before(day: Day, years: i32) -> Day {
    let (year, month, of_month) = day.ymd();
    let same = Day::from_ymd(year - years, month, of_month);
    same.or_else(|| Day::from_ymd(year - years, month, of_month.saturating_sub(1))).unwrap_or(day)
}

/// What is outstanding, by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ageing {
    /// Minutes, in the order of [`Age::ALL`].
    pub buckets: [i64; 4],
    /// Minutes drawn before they were earned, where a village lets that happen.
    pub overdrawn: i64,
}

impl Ageing {
    /// What the account has.
    #[must_use]
    pub fn balance(&self) -> i64 {
        self.buckets.iter().sum::<i64>() - self.overdrawn
    }

    /// Both together.
    pub fn add(&mut self, other: &Self) {
        for (sum, more) in self.buckets.iter_mut().zip(other.buckets) {
            *sum += more;
        }
        self.overdrawn += other.overdrawn;
    }
}

/// The lots of one account: what is left of each day.
#[derive(Debug, Clone, Default)]
pub struct Lots {
    left: BTreeMap<Day, i64>,
    owed: i64,
}

impl Lots {
    /// Minutes that came (+) or went (−) on a day. What came pays first what is owed; what goes is taken from the oldest.
    pub fn moved(&mut self, on: Day, minutes: i64) {
        if minutes > 0 {
            let pays = minutes.min(self.owed);
            self.owed -= pays;
            if minutes > pays {
                *self.left.entry(on).or_insert(0) += minutes - pays;
            }
            return;
        }
        let mut goes = -minutes;
        while goes > 0 {
            let Some(mut oldest) = self.left.first_entry() else { break };
            let takes = goes.min(*oldest.get());
            goes -= takes;
            *oldest.get_mut() -= takes;
            if *oldest.get() == 0 {
                oldest.remove();
            }
        }
        self.owed += goes;
    }

    /// What is left, by age.
    #[must_use]
    pub fn ageing(&self, today: Day) -> Ageing {
        let mut out = Ageing { overdrawn: self.owed, ..Ageing::default() };
        for (on, minutes) in &self.left {
            let age = Age::of(*on, today);
            for (bucket, of) in out.buckets.iter_mut().zip(Age::ALL) {
                if *of == age {
                    *bucket += minutes;
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u8, of_month: u8) -> Day {
        Day::from_ymd(year, month, of_month).unwrap()
    }

    #[test]
    fn a_year_is_over_on_the_day_of_the_same_name() {
        let today = day(2026, 11, 23);
        for (on, age) in [
            (today, Age::UnderOne),
            (day(2025, 11, 24), Age::UnderOne),
            (day(2025, 11, 23), Age::OneToThree),
            (day(2023, 11, 24), Age::OneToThree),
            (day(2023, 11, 23), Age::ThreeToFive),
            (day(2021, 11, 24), Age::ThreeToFive),
            (day(2021, 11, 23), Age::OverFive),
        ] {
            assert_eq!(Age::of(on, today), age, "{on}");
        }
        assert_eq!(
            Age::of(day(2023, 2, 28), day(2024, 2, 29)),
            Age::OneToThree,
            "a leap day has no day before it"
        );
    }

    #[test]
    fn what_was_saved_first_is_drawn_first() {
        let mut lots = Lots::default();
        lots.moved(day(2020, 1, 1), 100);
        lots.moved(day(2024, 1, 1), 50);
        lots.moved(day(2026, 1, 1), 30);
        lots.moved(day(2026, 2, 1), -110);
        let found = lots.ageing(day(2026, 11, 23));
        assert_eq!(found, Ageing { buckets: [30, 40, 0, 0], overdrawn: 0 });
        lots.moved(day(2026, 3, 1), -100);
        assert_eq!(lots.ageing(day(2026, 11, 23)), Ageing { buckets: [0; 4], overdrawn: 30 });
        lots.moved(day(2026, 4, 1), 45);
        assert_eq!(lots.ageing(day(2026, 11, 23)), Ageing { buckets: [15, 0, 0, 0], overdrawn: 0 });
    }

    proptest! {
        #[test]
        fn the_ages_sum_to_the_balance(moves in prop::collection::vec((0..4_000_i32, -500..500_i64), 0..80)) {
            let (mut lots, mut balance) = (Lots::default(), 0);
            for (on, minutes) in moves {
                lots.moved(Day::from_number(16_000 + on), minutes);
                balance += minutes;
                let found = lots.ageing(Day::from_number(20_000));
                prop_assert_eq!(found.balance(), balance);
                prop_assert!(found.buckets.iter().all(|minutes| *minutes >= 0) && found.overdrawn >= 0);
                prop_assert!(found.overdrawn == 0 || found.buckets == [0; 4]);
            }
        }

        #[test]
        fn drawing_never_makes_what_is_left_older(
            saved in prop::collection::vec((0..4_000_i32, 1..500_i64), 1..40), drawn in 1..5_000_i64,
        ) {
            let mut lots = Lots::default();
            for (on, minutes) in saved {
                lots.moved(Day::from_number(16_000 + on), minutes);
            }
            let today = Day::from_number(20_000);
            let before = lots.ageing(today);
            lots.moved(today, -drawn);
            let after = lots.ageing(today);
            // as many as were drawn are gone from the oldest on
            let gone: Vec<i64> = before.buckets.iter().zip(after.buckets).map(|(b, a)| b - a).collect();
            for (place, minutes) in gone.iter().enumerate() {
                let older_left: i64 = after.buckets[place + 1..].iter().sum();
                prop_assert!(*minutes == 0 || older_left == 0);
            }
        }
    }
}
