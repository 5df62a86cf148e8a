//! What to buy before the next market day: a plain look back, told with the numbers it comes from. Proposes only; whoever
//! buys decides. Holds no shelves and no prices of its own.
//!
//! The method. Of the last market days, four at least and eight at most, the highest number of pieces taken on one of
//! them is what may be asked for; no more than the points still out there could pay for. What is put aside for orders
//! lies on no shelf any more and is wanted by nobody else. What lies on the shelf serves that need, what lapses soon
//! first; what has lapsed does not serve it. What is missing then is to be bought.

/// Days that are looked back on.
pub const DAYS_MAX: usize = 8;
/// Fewer days say nothing.
pub const DAYS_MIN: usize = 4;

/// What is known of an article at a counter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Pieces taken on each of the last market days, the latest first; a day on which none was taken is 0.
    pub taken: Vec<i64>,
    /// Pieces on the shelf that may still be handed out.
    pub on_hand: i64,
    /// Of those, pieces that lapse within sixty days.
    pub lapsing: i64,
    /// Pieces put aside for orders.
    pub held: i64,
    /// Pieces that the points still out there could pay for.
    pub affordable: i64,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// There are too few days to say.
    TooFewDays(usize),
    /// At least so many pieces.
    Buy(i64),
    /// Nothing, and what lapses soon goes first: so many pieces.
    UseUp(i64),
    /// Nothing.
    Nothing,
}

impl Advice {
    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooFewDays(_) => "too_few_days",
            Self::Buy(_) => "buy",
            Self::UseUp(_) => "use_up",
            Self::Nothing => "nothing",
        }
    }

    /// Pieces to buy; none unless it says so.
    #[must_use]
    pub const fn pieces(self) -> i64 {
        match self {
            Self::Buy(pieces) => pieces,
            _ => 0,
        }
    }
}

/// What follows, with the numbers that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// What it was drawn from.
    pub known: Known,
    /// Days that were looked at.
    pub days: usize,
    /// Pieces taken on an average day, rounded up.
    pub mean: i64,
    /// Pieces taken on the busiest.
    pub highest: i64,
    /// Pieces that may be asked for.
    pub need: i64,
    /// What to do.
    pub advice: Advice,
}

/// Draws the conclusion.
#[must_use]
pub fn forecast(mut known: Known) -> Forecast {
    known.taken.truncate(DAYS_MAX);
    for figure in known.taken.iter_mut().chain([
        &mut known.on_hand,
        &mut known.lapsing,
        &mut known.held,
        &mut known.affordable,
    ]) {
        *figure = (*figure).max(0);
    }
    let days = known.taken.len();
    let count = i64::try_from(days).unwrap_or(i64::MAX).max(1);
    let sum = known.taken.iter().fold(0_i64, |sum, n| sum.saturating_add(*n));
    let mean = sum.saturating_add(count - 1) / count;
    let highest = known.taken.iter().copied().max().unwrap_or(0);
    let need = highest.min(known.affordable);
    let missing = (need - known.on_hand).max(0);
    let advice = match missing {
        _ if days < DAYS_MIN => Advice::TooFewDays(days),
        1.. => Advice::Buy(missing),
        _ if known.lapsing > 0 => Advice::UseUp(known.lapsing),
        _ => Advice::Nothing,
    };
    Forecast { known, days, mean, highest, need, advice }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn known(taken: &[i64], on_hand: i64, lapsing: i64, affordable: i64) -> Known {
        Known { taken: taken.to_vec(), on_hand, lapsing, held: 2, affordable }
    }

    #[test]
    fn the_busiest_day_is_bought_for_and_no_more_than_points_can_pay() {
        let busy = forecast(known(&[3, 10, 4, 0], 6, 0, 100));
        assert_eq!((busy.mean, busy.highest, busy.need, busy.advice), (5, 10, 10, Advice::Buy(4)));
        let poor = forecast(known(&[3, 10, 4, 0], 6, 0, 8));
        assert_eq!((poor.need, poor.advice), (8, Advice::Buy(2)));
        assert_eq!(forecast(known(&[3, 10, 4, 0], 10, 0, 100)).advice, Advice::Nothing);
        assert_eq!(forecast(known(&[3, 10, 4, 0], 12, 5, 100)).advice, Advice::UseUp(5));
        assert_eq!(forecast(known(&[0; 8], 0, 0, 100)).advice, Advice::Nothing);
    }

    #[test]
    fn too_few_days_say_so_whatever_lies_there() {
        assert_eq!(forecast(known(&[9, 9, 9], 0, 0, 100)).advice, Advice::TooFewDays(3));
        assert_eq!(forecast(Known::default()).advice, Advice::TooFewDays(0));
    }

    #[test]
    fn only_the_last_eight_days_count() {
        let old = forecast(known(&[1, 1, 1, 1, 1, 1, 1, 1, 50], 0, 0, 100));
        assert_eq!((old.days, old.highest, old.advice), (8, 1, Advice::Buy(1)));
    }

    fn any_known() -> impl Strategy<Value = Known> {
        let pieces = -5..500_i64;
        (prop::collection::vec(pieces.clone(), 0..12), pieces.clone(), pieces.clone(), pieces.clone(), pieces)
            .prop_map(|(taken, on_hand, lapsing, held, affordable)| Known {
                taken,
                on_hand,
                lapsing,
                held,
                affordable,
            })
    }

    proptest! {
        /// Nothing negative, and what is bought and what lies there cover the need exactly when there was too little.
        #[test]
        fn what_is_bought_is_what_is_missing(known in any_known()) {
            let f = forecast(known);
            prop_assert!(f.mean >= 0 && f.need >= 0 && f.advice.pieces() >= 0);
            prop_assert!(f.mean <= f.highest && f.need <= f.highest && f.need <= f.known.affordable);
            if let Advice::Buy(pieces) = f.advice {
                prop_assert!(pieces > 0);
                prop_assert_eq!(f.known.on_hand + pieces, f.need);
            } else if f.days >= DAYS_MIN {
                prop_assert!(f.known.on_hand >= f.need);
            }
        }

        /// Who asks for more never makes less be bought; who has more on the shelf never makes more be bought.
        #[test]
        fn more_demand_never_buys_less(known in any_known(), day in 0..8_usize, more in 0..50_i64) {
            let base = forecast(known.clone());
            let mut asked = known.clone();
            if let Some(taken) = asked.taken.get_mut(day) {
                *taken += more;
            }
            prop_assert!(forecast(asked).advice.pieces() >= base.advice.pieces());
            let richer = Known { affordable: known.affordable + more, ..known.clone() };
            prop_assert!(forecast(richer).advice.pieces() >= base.advice.pieces());
            let fuller = Known { on_hand: known.on_hand + more, ..known };
            prop_assert!(forecast(fuller).advice.pieces() <= base.advice.pieces());
        }

        /// What lapses soon serves the need like everything else that lies there: it is never bought again.
        #[test]
        fn what_lapses_soon_is_not_bought_again(known in any_known(), share in 0..=100_i64) {
            let on_hand = known.on_hand.max(0);
            let lapsing = Known { on_hand, lapsing: on_hand * share / 100, ..known.clone() };
            let none = Known { on_hand, lapsing: 0, ..known };
            prop_assert_eq!(forecast(lapsing.clone()).advice.pieces(), forecast(none).advice.pieces());
            let f = forecast(lapsing);
            if f.known.lapsing >= f.need {
                prop_assert_eq!(f.advice.pieces(), 0);
            }
        }
    }
}
