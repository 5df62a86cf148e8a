//! How a time bank does, month by month: hours that came in against hours drawn, how long people wait, what nobody took,
//! who serves and who asks by phone (domain.md §6, KPIs). Pure arithmetic over plain rows; nobody is ranked. Holds no
//! words, and nothing of the age of saved hours.

use crate::domain::{
    fairness::Share,
    time::{Day, MICROS_PER_SECOND, Period, Timestamp},
};

/// Months of the course of a figure.
pub const MONTHS: usize = 12;
/// Younger than this is young, in years: the share of them is what the pilots failed at (domain.md §3.12).
pub const YOUNG_BELOW: i32 = 35;
/// Minutes that came in for each that was drawn, in hundredths, from which on a bank only takes: this program's own
/// figure, no standard is known.
pub const EARNED_TIMES: i64 = 500;
/// Of what was asked for, the share that nobody took, in thousandths, that is worth a look: this program's own figure.
pub const UNFILLED: i64 = 200;

/// What became of what somebody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Served and posted: on which day, how many minutes, out of the public pool or out of somebody's savings.
    Served {
        /// The day it was served.
        on: Day,
        /// Minutes that counted.
        minutes: i64,
        /// Whether the public pool paid.
        pool: bool,
    },
    /// Nobody ever took it, and it is called off or its hour is over.
    Unfilled,
    /// Called off, missed, undone, or found to count nothing, though somebody had taken it.
    Ended,
    /// On its way.
    Open,
}

/// One order, as far as the figures need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Whether the network point took it on the phone.
    pub by_phone: bool,
    /// When somebody first took it.
    pub taken_at: Option<Timestamp>,
    /// What became of it.
    pub fate: Fate,
}

/// The figures of one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Day,
    /// Minutes that came into accounts: served for somebody, and credited by notices and activities.
    pub earned: i64,
    /// Minutes that people drew out of what they or their family saved.
    pub drawn: i64,
    /// Minutes served out of the public pool.
    pub pooled: i64,
    /// Orders asked for, of them by phone.
    pub by_phone: Share,
    /// Orders asked for, of them taken by nobody.
    pub unfilled: Share,
    /// Half of those that were taken had been taken after so many seconds.
    pub wait_median: Option<i64>,
    /// Nine in ten of them.
    pub wait_most: Option<i64>,
}

impl Month {
    /// How many minutes came in for each that was drawn, pool and savings together, in hundredths; nothing while
    /// nothing was drawn.
    #[must_use]
    pub fn earned_to_drawn(&self) -> Option<i64> {
        ratio(self.earned, self.drawn + self.pooled)
    }
}

/// `a / b` in hundredths, cut off.
fn ratio(a: i64, b: i64) -> Option<i64> {
    let value = i128::from(a) * 100 / i128::from(if b > 0 { b } else { return None });
    i64::try_from(value).ok()
}

/// The first days of the months up to the one of `day`, the oldest first, and the first of the month after.
#[must_use]
pub fn months(day: Day) -> Vec<Day> {
    let (mut first, next) = day.period(Period::Month);
    let mut out = vec![next];
    for _ in 0..MONTHS {
        out.push(first);
        first = first.plus(-1).period(Period::Month).0;
    }
    out.reverse();
    out
}

/// The figures of the months up to the one of `day`, the oldest first, and of all of them together. `credited` are the
/// minutes that came in otherwise than by orders, a month each.
#[must_use]
pub fn figures(day: Day, asked: &[Asked], credited: &[i64]) -> (Vec<Month>, Month) {
    let firsts = months(day);
    let spans = firsts.iter().zip(firsts.iter().skip(1));
    let months: Vec<Month> = spans
        .zip(credited.iter().chain(std::iter::repeat(&0)))
        .map(|((from, to), credited)| span((*from, *to), asked, *credited))
        .collect();
    let next = day.period(Period::Month).1;
    let from = firsts.first().copied().unwrap_or(next);
    let all = span((from, next), asked, credited.iter().take(months.len()).sum());
    (months, all)
}

fn span((from, to): (Day, Day), asked: &[Asked], credited: i64) -> Month {
    let within = |day: Day| from <= day && day < to;
    let (mut drawn, mut pooled) = (0, 0);
    for one in asked {
        match one.fate {
            Fate::Served { on, minutes, pool: true } if within(on) => pooled += minutes,
            Fate::Served { on, minutes, pool: false } if within(on) => drawn += minutes,
            _ => {}
        }
    }
    let of_span: Vec<&Asked> = asked.iter().filter(|one| within(one.asked_at.day())).collect();
    let count = |what: &dyn Fn(&Asked) -> bool| {
        let part = of_span.iter().filter(|one| what(one)).count();
        Share { part: i64::try_from(part).unwrap_or(i64::MAX), whole: len(&of_span) }
    };
    let mut waits: Vec<i64> = of_span
        .iter()
        .filter_map(|one| Some(one.taken_at?.since(one.asked_at).max(0) / MICROS_PER_SECOND))
        .collect();
    waits.sort_unstable();
    Month {
        first: from,
        earned: credited + drawn + pooled,
        drawn,
        pooled,
        by_phone: count(&|one| one.by_phone),
        unfilled: count(&|one| one.fate == Fate::Unfilled),
        wait_median: nearest(&waits, 50),
        wait_most: nearest(&waits, 90),
    }
}

fn len<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

/// The smallest of `sorted` that at least so many of a hundred do not exceed.
fn nearest(sorted: &[i64], per_cent: usize) -> Option<i64> {
    let rank = (sorted.len() * per_cent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// Volunteers on the list, of them the young, among those whose year of birth is known: how many were born in each year.
#[must_use]
pub fn young(births: &[(Option<i32>, i64)], year: i32) -> Share {
    let known = births.iter().filter_map(|(born, count)| Some(((*born)?, *count)));
    known.fold(Share::default(), |share, (born, count)| Share {
        part: share.part + if year - born < YOUNG_BELOW { count } else { 0 },
        whole: share.whole + count,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn asked(on: &str, wait_hours: Option<i64>, fate: Fate) -> Asked {
        let asked_at = day(on).start();
        let taken_at = wait_hours.map(|h| asked_at.plus_seconds(h * 3_600));
        Asked { asked_at, by_phone: wait_hours.is_none(), taken_at, fate }
    }

    fn served(on: &str, minutes: i64, pool: bool) -> Fate {
        Fate::Served { on: day(on), minutes, pool }
    }

    #[test]
    fn hours_count_in_the_month_they_were_served_and_waits_in_the_month_they_were_asked_for() {
        let firsts = months(day("2026-11-20"));
        assert_eq!((firsts.len(), firsts[0], firsts[12]), (13, day("2025-12-01"), day("2026-12-01")));
        let orders = [
            asked("2026-10-30", Some(30), served("2026-11-02", 120, false)),
            asked("2026-11-03", Some(2), served("2026-11-04", 60, true)),
            asked("2026-11-05", Some(4), Fate::Ended),
            asked("2026-11-06", None, Fate::Unfilled),
            asked("2026-11-19", None, Fate::Open),
        ];
        let mut credited = vec![0; 12];
        credited[11] = 720;
        let (months, all) = figures(day("2026-11-20"), &orders, &credited);
        let november = &months[11];
        assert_eq!((november.earned, november.drawn, november.pooled), (900, 120, 60));
        assert_eq!(november.earned_to_drawn(), Some(500));
        assert_eq!((november.wait_median, november.wait_most), (Some(2 * 3_600), Some(4 * 3_600)));
        assert_eq!((november.unfilled, november.by_phone), (share(1, 4), share(2, 4)));
        assert_eq!((months[10].drawn, months[10].wait_median), (0, Some(30 * 3_600)));
        assert_eq!((all.earned, all.drawn, all.unfilled), (900, 120, share(1, 5)));
    }

    #[test]
    fn where_nothing_was_drawn_there_is_no_ratio_and_where_nobody_waited_no_median() {
        let (months, all) = figures(day("2026-11-20"), &[], &[5; 12]);
        assert!(months.iter().all(|m| m.earned_to_drawn().is_none() && m.wait_median.is_none()));
        assert_eq!((all.earned, all.unfilled.per_mille()), (60, None));
    }

    #[test]
    fn thirty_four_is_young_and_an_unknown_year_is_not_counted() {
        assert_eq!(young(&[(Some(1992), 3), (Some(1991), 4), (None, 9)], 2026), share(3, 7));
    }

    fn share(part: i64, whole: i64) -> Share {
        Share { part, whole }
    }

    proptest! {
        #[test]
        fn the_months_add_up_to_the_year(
            orders in prop::collection::vec((0_i32..365, prop::option::of(0_i64..500), 0_i64..600, any::<bool>(), 0_u8..4), 0..60),
            credited in prop::collection::vec(0_i64..5_000, 12),
        ) {
            let firsts = months(day("2026-11-20"));
            let orders: Vec<Asked> = orders
                .into_iter()
                .map(|(plus, wait, minutes, pool, fate)| {
                    let on = firsts[0].plus(plus);
                    let asked_at = on.start();
                    let fate = match fate {
                        0 => Fate::Served { on, minutes, pool },
                        1 => Fate::Unfilled,
                        2 => Fate::Ended,
                        _ => Fate::Open,
                    };
                    let taken_at = wait.map(|h| asked_at.plus_seconds(h * 3_600));
                    Asked { asked_at, by_phone: pool, taken_at, fate }
                })
                .collect();
            let (months, all) = figures(day("2026-11-20"), &orders, &credited);
            let sum = |of: fn(&Month) -> i64| months.iter().map(of).sum::<i64>();
            prop_assert_eq!(sum(|m| m.earned), all.earned);
            prop_assert_eq!(sum(|m| m.drawn), all.drawn);
            prop_assert_eq!(sum(|m| m.pooled), all.pooled);
            prop_assert_eq!(sum(|m| m.unfilled.part), all.unfilled.part);
            prop_assert_eq!(sum(|m| m.by_phone.whole), all.by_phone.whole);
            prop_assert!(all.wait_median <= all.wait_most);
            let waits: Vec<i64> = orders.iter().filter_map(|o| o.taken_at.map(|t| t.since(o.asked_at) / MICROS_PER_SECOND)).collect();
            if let Some(median) = all.wait_median {
                let below = waits.iter().filter(|w| **w <= median).count();
                prop_assert!(below * 2 >= waits.len());
            }
        }
    }
}
