//! Days and hours of the demo year.

use crate::domain::time::{Day, Period, Timestamp};

/// The first day of the month `months` before that of `day`.
pub(super) fn months_before(day: Day, months: u8) -> Day {
    let mut first = day.period(Period::Month).0;
    for _ in 0..months {
        first = first.plus(-1).period(Period::Month).0;
    }
    first
}

/// The first day of every month from that of `start` to that of `today`.
pub(super) fn months(start: Day, today: Day) -> Vec<Day> {
    let mut firsts = vec![start.period(Period::Month).0];
    while let Some(next) = firsts.last().map(|d| d.period(Period::Month).1).filter(|d| *d <= today) {
        firsts.push(next);
    }
    firsts
}

/// The `n`th day of the month (1 to 28).
pub(super) fn in_month(first: Day, n: i32) -> Day {
    first.plus(n - 1)
}

/// The first such weekday (1 = Monday) on or after `day`.
pub(super) fn weekday_from(day: Day, weekday: u8) -> Day {
    day.plus((i32::from(weekday) - i32::from(day.weekday())).rem_euclid(7))
}

/// That minute of the day; minutes beyond midnight run into the next day.
pub(super) fn at(day: Day, hour: i64, minute: i64) -> Timestamp {
    day.start().plus_seconds(hour * 3600 + minute * 60)
}
