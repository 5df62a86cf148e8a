//! The batches on one shelf of one article. Whoever redeems is taken to get what lapses first (先到期先出), so a redemption
//! writes nothing here: what lies in which batch follows from the pieces on the shelf, and is written down whenever a
//! stock paper moves them.

use crate::domain::time::Day;

/// The batch of what came in before batches were kept, or was found by a count.
pub const UNKNOWN_BATCH: i64 = 0;

/// Pieces of one batch on one shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// Which batch; [`UNKNOWN_BATCH`] for none.
    pub batch: i64,
    /// The last day on which it may be handed out, if it has one.
    pub last_day: Option<Day>,
    /// Pieces that ever came to this shelf.
    pub came: i64,
    /// Pieces still there.
    pub left: i64,
}

/// A shelf: its batches in the order in which they go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf(Vec<Lot>);

impl Shelf {
    /// From its batches in any order.
    #[must_use]
    pub fn new(mut lots: Vec<Lot>) -> Self {
        lots.sort_by_key(turn);
        Self(lots)
    }

    /// The batches, the first to go first.
    #[must_use]
    pub fn lots(&self) -> &[Lot] {
        &self.0
    }

    /// All pieces.
    #[must_use]
    pub fn pieces(&self) -> i64 {
        self.0.iter().map(|lot| lot.left).sum()
    }

    /// Makes the batches come to the pieces on the shelf: what is missing went in turn, what is back goes where it was
    /// taken from last.
    pub fn settle(&mut self, on_shelf: i64) {
        let mut gone = self.pieces() - on_shelf.max(0);
        for lot in &mut self.0 {
            let from_here = gone.clamp(0, lot.left);
            lot.left -= from_here;
            gone -= from_here;
        }
        for lot in self.0.iter_mut().rev() {
            let back = (-gone).clamp(0, lot.came - lot.left);
            lot.left += back;
            gone += back;
        }
        if gone < 0 {
            self.put(UNKNOWN_BATCH, None, -gone);
        }
    }

    /// Pieces of a batch come.
    pub fn put(&mut self, batch: i64, last_day: Option<Day>, pieces: i64) {
        match self.0.iter_mut().find(|lot| lot.batch == batch) {
            Some(lot) => {
                lot.came += pieces;
                lot.left += pieces;
            }
            None => {
                self.0.push(Lot { batch, last_day, came: pieces, left: pieces });
                self.0.sort_by_key(turn);
            }
        }
    }

    /// Pieces of a batch never came: their receipt is undone.
    pub fn forget(&mut self, batch: i64, pieces: i64) {
        if let Some(lot) = self.0.iter_mut().find(|lot| lot.batch == batch) {
            lot.came = (lot.came - pieces).max(0);
            lot.left = lot.left.min(lot.came);
        }
    }

    /// Pieces leave: of the batch named as far as it has them, the rest in turn. Returns what went, by batch.
    pub fn take(&mut self, named: Option<i64>, pieces: i64) -> Vec<Lot> {
        let mut missing = pieces;
        let mut taken: Vec<Lot> = Vec::new();
        let named_first = self.0.iter().filter(|lot| Some(lot.batch) == named);
        let others = self.0.iter().filter(|lot| Some(lot.batch) != named);
        let order: Vec<i64> = named_first.chain(others).map(|lot| lot.batch).collect();
        for batch in order {
            let Some(lot) = self.0.iter_mut().find(|lot| lot.batch == batch) else { continue };
            let from_here = missing.clamp(0, lot.left);
            if from_here > 0 {
                lot.left -= from_here;
                missing -= from_here;
                taken.push(Lot { came: from_here, left: from_here, ..lot.clone() });
            }
        }
        taken
    }
}

/// What came before batches were kept goes first, then what lapses first, then what does not lapse; of two alike the
/// older.
fn turn(lot: &Lot) -> (bool, bool, Option<Day>, i64) {
    (lot.batch != UNKNOWN_BATCH, lot.last_day.is_none(), lot.last_day, lot.batch)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: i32) -> Option<Day> {
        (n > 0).then(|| Day::from_number(20_000 + n))
    }

    fn left(shelf: &Shelf) -> Vec<(i64, i64)> {
        shelf.lots().iter().map(|lot| (lot.batch, lot.left)).collect()
    }

    #[test]
    fn what_lapses_first_goes_first_even_if_it_came_later() {
        let mut shelf = Shelf::default();
        shelf.put(1, day(90), 10);
        shelf.put(2, None, 5);
        shelf.settle(15);
        shelf.put(3, day(30), 4);
        shelf.settle(13);
        assert_eq!(left(&shelf), [(3, 0), (1, 8), (2, 5)]);
        // two come back: to where the last were taken from
        shelf.settle(15);
        assert_eq!(left(&shelf), [(3, 0), (1, 10), (2, 5)]);
        // one more than ever came: nobody knows of which batch
        shelf.settle(20);
        assert_eq!(left(&shelf), [(0, 1), (3, 4), (1, 10), (2, 5)]);
    }

    #[test]
    fn a_named_batch_goes_first_and_no_further_than_it_reaches() {
        let mut shelf = Shelf::new(vec![
            Lot { batch: 1, last_day: day(9), came: 3, left: 3 },
            Lot { batch: 2, last_day: day(5), came: 2, left: 2 },
        ]);
        let taken = shelf.take(Some(1), 4);
        assert_eq!(taken.iter().map(|l| (l.batch, l.left)).collect::<Vec<_>>(), [(1, 3), (2, 1)]);
        assert_eq!(left(&shelf), [(2, 1), (1, 0)]);
    }

    #[derive(Debug, Clone)]
    enum Step {
        Settle(i64),
        Put(i64, i64),
        Take(Option<i64>, i64),
        Forget(i64, i64, i64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (0_i64..60).prop_map(Step::Settle),
            (1_i64..9, 1_i64..20).prop_map(|(b, n)| Step::Put(b, n)),
            (prop::option::of(0_i64..9), 1_i64..20).prop_map(|(b, n)| Step::Take(b, n)),
            (1_i64..9, 1_i64..20, 0_i64..40).prop_map(|(b, n, q)| Step::Forget(b, n, q)),
        ];
        prop::collection::vec(step, 1..40)
    }

    proptest! {
        /// The batches always come to the pieces, none below nothing, none above what came, each batch once.
        #[test]
        fn batches_come_to_the_pieces(steps in steps()) {
            let (mut shelf, mut pieces) = (Shelf::default(), 0);
            for step in steps {
                match step {
                    Step::Settle(on_shelf) => {
                        shelf.settle(on_shelf);
                        pieces = on_shelf;
                    }
                    Step::Put(batch, n) => {
                        shelf.put(batch, day(i32::try_from(batch % 4).unwrap()), n);
                        pieces += n;
                    }
                    Step::Take(named, n) => {
                        let n = n.min(pieces);
                        let taken = shelf.take(named, n);
                        prop_assert_eq!(taken.iter().map(|l| l.left).sum::<i64>(), n);
                        pieces -= n;
                    }
                    Step::Forget(batch, n, on_shelf) => {
                        shelf.forget(batch, n);
                        shelf.settle(on_shelf);
                        pieces = on_shelf;
                    }
                }
                prop_assert_eq!(shelf.pieces(), pieces);
                prop_assert!(shelf.lots().iter().all(|l| 0 <= l.left && l.left <= l.came));
                prop_assert!(shelf.lots().is_sorted_by_key(turn));
            }
        }
    }
}
