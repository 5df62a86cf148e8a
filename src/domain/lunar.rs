//! The lunar calendar (农历) of 2020 to 2060: which lunar day a business day is, and back. Market days are often set by it.
//! Holds no rules of counters: those are in [`super::market`].
//!
//! A table of 41 words in place of a library: `icu_calendar` would bring its own dates, locales and five more crates for
//! what is a walk over this table, and its years are such a table too. Every word was compared with two
//! implementations that compute new moons; a year that is not in the table is unknown, and nothing is guessed for it.

use super::{lang::Lang, time::Day};

/// The first lunar year of the table.
pub const FIRST_YEAR: i32 = 2020;

/// A word a year: the lowest four bits are the month after which a leap month comes (0 for none), the twelve above
/// them the long months from the twelfth up to the first, the bit above those says whether the leap month is long.
const YEARS: [u32; 41] = [
    0x0_7954, 0x0_6aa0, 0x0_ad50, 0x0_5b52, 0x0_4b60, 0x0_a6e6, 0x0_a4e0, 0x0_d260, 0x0_ea65,
    0x0_d530, // 2020
    0x0_5aa0, 0x0_76a3, 0x0_96d0, 0x0_4afb, 0x0_4ad0, 0x0_a4d0, 0x1_d0b6, 0x0_d250, 0x0_d520,
    0x0_dd45, // 2030
    0x0_b5a0, 0x0_56d0, 0x0_55b2, 0x0_49b0, 0x0_a577, 0x0_a4b0, 0x0_aa50, 0x1_b255, 0x0_6d20,
    0x0_ada0, // 2040
    0x1_4b63, 0x0_9370, 0x0_49f8, 0x0_4970, 0x0_64b0, 0x1_68a6, 0x0_ea50, 0x0_6b20, 0x1_a6c4,
    0x0_aae0, // 2050
    0x0_92e0, // 2060
];

const MONTHS: [&str; 12] = ["正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"];
const DIGITS: [&str; 11] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// A day of the lunar calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LunarDay {
    /// The lunar year, by the year in which it begins.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// The leap month that follows the month of this number.
    pub leap: bool,
    /// 1 to 30.
    pub day: u8,
}

/// The months of a year in order: number, whether it is the leap month, days.
fn months(word: u32) -> impl Iterator<Item = (u8, bool, u8)> {
    let leap = word & 0xf;
    let days = move |bit: u32| if word & bit == 0 { 29 } else { 30 };
    (1..=12_u8).flat_map(move |month| {
        let extra = (u32::from(month) == leap).then(|| (month, true, days(0x1_0000)));
        std::iter::once((month, false, days(0x1_0000 >> month))).chain(extra)
    })
}

/// Every month of the table: its year, number, whether it is a leap month, first day, days.
fn table() -> impl Iterator<Item = (i32, u8, bool, Day, u8)> {
    let new_year = Day::from_ymd(2020, 1, 25).unwrap_or_else(|| Day::from_number(0));
    let all = (FIRST_YEAR..).zip(YEARS);
    let each = all.flat_map(|(year, word)| months(word).map(move |(m, leap, days)| (year, m, leap, days)));
    each.scan(new_year, |first, (year, month, leap, days)| {
        let begins = *first;
        *first = begins.plus(i32::from(days));
        Some((year, month, leap, begins, days))
    })
}

/// The lunar day of a business day; nothing outside the table.
#[must_use]
pub fn of(day: Day) -> Option<LunarDay> {
    table().find_map(|(year, month, leap, first, days)| {
        let nth = u8::try_from(day.number() - first.number()).ok().filter(|nth| *nth < days)?;
        Some(LunarDay { year, month, leap, day: nth + 1 })
    })
}

impl LunarDay {
    /// The business day; nothing for a day that the table does not have.
    #[must_use]
    pub fn day(self) -> Option<Day> {
        table().find_map(|(year, month, leap, first, days)| {
            let here = (year, month, leap) == (self.year, self.month, self.leap);
            (here && (1..=days).contains(&self.day)).then(|| first.plus(i32::from(self.day) - 1))
        })
    }

    /// 十月十九, 闰六月初一; or `10-19`, `leap 6-1`.
    #[must_use]
    pub fn words(self, lang: Lang) -> String {
        match lang {
            Lang::Zh => {
                format!("{}{}{}", if self.leap { "闰" } else { "" }, month_zh(self.month), day_zh(self.day))
            }
            Lang::En => format!("{}{}-{}", if self.leap { "leap " } else { "" }, self.month, self.day),
        }
    }
}

/// 正月 … 腊月.
#[must_use]
pub fn month_zh(month: u8) -> String {
    let name = MONTHS.get(usize::from(month.saturating_sub(1))).copied().unwrap_or_default();
    format!("{name}月")
}

/// 初一 … 三十.
#[must_use]
pub fn day_zh(day: u8) -> String {
    let (tens, ones) = match day {
        1..=10 => ("初", day),
        11..=19 => ("十", day - 10),
        20 => ("二", 10),
        21..=29 => ("廿", day - 20),
        _ => ("三", 10),
    };
    format!("{tens}{}", DIGITS.get(usize::from(ones)).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn lunar(text: &str) -> String {
        of(day(text)).unwrap().words(Lang::Zh)
    }

    #[test]
    fn new_years_are_those_of_the_almanac() {
        for text in [
            "2020-01-25",
            "2021-02-12",
            "2022-02-01",
            "2023-01-22",
            "2024-02-10",
            "2025-01-29",
            "2026-02-17",
            "2027-02-06",
            "2028-01-26",
            "2029-02-13",
            "2030-02-03",
            "2031-01-23",
            "2032-02-11",
            "2033-01-31",
            "2034-02-19",
            "2040-02-12",
            "2050-01-23",
            "2060-02-02",
        ] {
            let first = day(text);
            let year = first.ymd().0;
            assert_eq!(of(first), Some(LunarDay { year, month: 1, leap: false, day: 1 }), "{text}");
        }
    }

    #[test]
    fn leap_months_are_where_they_belong() {
        let leaps: Vec<(i32, u8)> = table().filter(|m| m.2).map(|m| (m.0, m.1)).collect();
        let known = [
            (2020, 4),
            (2023, 2),
            (2025, 6),
            (2028, 5),
            (2031, 3),
            (2033, 11),
            (2036, 6),
            (2039, 5),
            (2042, 2),
            (2044, 7),
            (2047, 5),
            (2050, 3),
            (2052, 8),
            (2055, 6),
            (2058, 4),
        ];
        assert_eq!(leaps, known);
        assert_eq!(lunar("2033-12-22"), "闰冬月初一", "the leap month of 2033 that older almanacs had wrong");
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        assert_eq!(lunar("2026-11-28"), "十月二十");
        assert_eq!(lunar("2025-07-25"), "闰六月初一");
        assert_eq!(lunar("2026-02-10"), "腊月廿三", "the kitchen god's day");
        assert_eq!(lunar("2026-02-16"), "腊月廿九", "a year whose last month is short");
        assert_eq!(lunar("2026-09-25"), "八月十五");
        assert_eq!(day_zh(30), "三十");
        assert_eq!(of(day("2025-07-25")).unwrap().words(Lang::En), "leap 6-1");
    }

    #[test]
    fn nothing_is_said_of_years_that_are_not_in_the_table() {
        assert_eq!((of(day("2020-01-24")), of(day("2061-01-21"))), (None, None));
        assert_eq!(lunar("2061-01-20"), "腊月廿九");
        assert_eq!(LunarDay { year: 2026, month: 6, leap: true, day: 1 }.day(), None);
        assert_eq!(LunarDay { year: 2026, month: 12, leap: false, day: 31 }.day(), None);
    }

    #[test]
    fn every_month_has_29_or_30_days_and_a_year_twelve_or_thirteen_of_them() {
        for year in FIRST_YEAR..=2060 {
            let all: Vec<u8> = table().filter(|m| m.0 == year).map(|m| m.4).collect();
            assert!(all.iter().all(|days| (29..=30).contains(days)));
            let days: i32 = all.iter().copied().map(i32::from).sum();
            let usual = if all.len() == 12 { 353..=355 } else { 383..=385 };
            assert!(usual.contains(&days), "{year}: {days}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_day(number in 18_286..33_256_i32) {
            let day = Day::from_number(number);
            let lunar = of(day).unwrap();
            prop_assert_eq!(lunar.day(), Some(day));
            // the next day is the next of the month, or the first of another
            if let Some(next) = of(day.plus(1)) {
                prop_assert!(next.day == lunar.day + 1 || (next.day == 1 && lunar.day >= 29));
            }
        }
    }
}
