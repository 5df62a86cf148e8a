//! The order of the journals, by business day and then by place, without holding or sorting the book: places are dense,
//! so the transactions of a day are a few runs of consecutive places, kept as the gap before each and its length. A
//! book that is entered day by day needs some bytes a day; one whose days alternate at random, two to four bytes a
//! transaction. An index would cost every posting what only an export needs.

use std::collections::BTreeMap;

use crate::domain::time::Day;

/// Consecutive places of one day, the last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) day: Day,
    pub(super) from: i64,
    pub(super) to: i64,
}

/// The runs of one day, in order, as pairs of variable length.
#[derive(Debug, Default)]
struct Runs {
    bytes: Vec<u8>,
    /// The place after the last one written.
    end: i64,
}

/// All runs of a book. Filled in the order of places, emptied in the order of days.
#[derive(Debug, Default)]
pub(super) struct Order {
    days: BTreeMap<Day, Runs>,
    open: Option<Run>,
    /// The day that is being emptied: what is left of it, and the place reached.
    taking: Option<(Day, std::vec::IntoIter<u8>, i64)>,
}

impl Order {
    /// Takes in the next place.
    pub(super) fn push(&mut self, seq: i64, day: Day) {
        match &mut self.open {
            Some(run) if run.day == day && run.to + 1 == seq => run.to = seq,
            _ => {
                self.close();
                self.open = Some(Run { day, from: seq, to: seq });
            }
        }
    }

    /// After the last place.
    pub(super) fn close(&mut self) {
        let Some(run) = self.open.take() else { return };
        let runs = self.days.entry(run.day).or_default();
        number(&mut runs.bytes, run.from - runs.end);
        number(&mut runs.bytes, run.to - run.from);
        runs.end = run.to + 1;
    }

    /// The first and the last day.
    pub(super) fn span(&self) -> Option<(Day, Day)> {
        Some((*self.days.keys().next()?, *self.days.keys().next_back()?))
    }

    /// The next run; each is given once.
    pub(super) fn next(&mut self) -> Option<Run> {
        loop {
            if let Some((day, bytes, end)) = &mut self.taking {
                if let (Some(gap), Some(more)) = (read(bytes), read(bytes)) {
                    let from = *end + gap;
                    *end = from + more + 1;
                    return Some(Run { day: *day, from, to: from + more });
                }
                self.taking = None;
            }
            let (day, runs) = self.days.pop_first()?;
            self.taking = Some((day, runs.bytes.into_iter(), 0));
        }
    }

    #[cfg(test)]
    fn bytes(&self) -> usize {
        self.days.values().map(|runs| runs.bytes.len()).sum()
    }
}

/// Seven bits a byte, the lowest first.
fn number(out: &mut Vec<u8>, value: i64) {
    let mut rest = u64::try_from(value).unwrap_or(0);
    loop {
        let low = u8::try_from(rest & 0x7f).unwrap_or(0);
        rest >>= 7;
        if rest == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

fn read(bytes: &mut impl Iterator<Item = u8>) -> Option<i64> {
    let (mut value, mut shift) = (0_u64, 0);
    for byte in bytes {
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return i64::try_from(value).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emptied(mut order: Order) -> Vec<(i32, i64)> {
        let mut out = Vec::new();
        while let Some(run) = order.next() {
            out.extend((run.from..=run.to).map(|seq| (run.day.number(), seq)));
        }
        out
    }

    #[test]
    fn places_come_back_by_day_and_then_by_place() {
        let mut order = Order::default();
        let mut wanted = Vec::new();
        let mut state = 7_u64;
        for seq in 1..=5_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let day = 20_000 + i32::try_from(seq / 40 + i64::try_from(state >> 62).unwrap() * 30).unwrap();
            order.push(seq, Day::from_number(day));
            wanted.push((day, seq));
        }
        order.close();
        wanted.sort_unstable();
        assert_eq!(order.span().map(|(a, b)| (a.number(), b.number())), Some((wanted[0].0, wanted[4_999].0)));
        assert_eq!(emptied(order), wanted);
    }

    #[test]
    fn a_book_entered_day_by_day_costs_some_bytes_a_day_and_the_worst_some_bytes_a_transaction() {
        let filled = |day: fn(i64) -> i64| {
            let mut order = Order::default();
            for seq in 1..=1_000_000_i64 {
                order.push(seq, Day::from_number(i32::try_from(day(seq)).unwrap()));
            }
            order.close();
            order.bytes()
        };
        assert!(filled(|seq| seq / 1_000) < 8 * 1_001);
        assert!(filled(|seq| seq % 700) < 4 * 1_000_000);
    }
}
