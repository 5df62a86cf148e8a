//! Orders (预约取货): goods and points put aside for a household until a day, then collected wholly or in part, cancelled,
//! or given back by the clock. Holds no prices and no balances: those are the order's lines and the ledger's.

use super::{
    basket::Basket,
    wording::{fold_typed, vocabulary},
};

/// How many days an order is kept, the day it was placed not counted.
pub const ORDER_DAYS: i32 = 7;
/// Orders of one household that may wait at the same time.
pub const ORDERS_WAITING_MAX: i64 = 3;
/// Digits of a pick-up code that prove it; those before them are the order's number.
pub const PICKUP_PROOF_DIGITS: usize = 6;

vocabulary! {
    /// How far an order is.
    OrderState {
        /// Points and goods are put aside.
        Waiting = "waiting", "待取货", "waiting";
        /// Handed over, wholly or in part.
        Collected = "collected", "已取货", "collected";
        /// Taken back before it was collected.
        Cancelled = "cancelled", "已取消", "cancelled";
        /// Nobody came in time; points and goods went back by themselves.
        Lapsed = "lapsed", "逾期已解冻", "lapsed";
    }
}

vocabulary! {
    /// Why an order was cancelled.
    CancelReason {
        /// The household asked for it.
        Asked = "asked", "居民要求", "the household asked";
        /// The goods cannot be handed over.
        Unavailable = "unavailable", "货不能交", "the goods cannot be had";
        /// It was placed by mistake.
        Mistake = "mistake", "下错单", "placed by mistake";
    }
}

/// What can be done with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStep {
    /// It is handed over.
    Collect,
    /// It is taken back.
    Cancel,
    /// Its day is over.
    Lapse,
}

/// That order is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {0} does not take this step")]
pub struct OrderOver(pub OrderState);

impl OrderState {
    /// Where `step` leads: an order ends once.
    pub const fn after(self, step: OrderStep) -> Result<Self, OrderOver> {
        match (self, step) {
            (Self::Waiting, OrderStep::Collect) => Ok(Self::Collected),
            (Self::Waiting, OrderStep::Cancel) => Ok(Self::Cancelled),
            (Self::Waiting, OrderStep::Lapse) => Ok(Self::Lapsed),
            _ => Err(OrderOver(self)),
        }
    }
}

/// One article of an order at the price of the day it was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordered {
    /// The article.
    pub sku: i64,
    /// Pieces put aside.
    pub pieces: i64,
    /// The price of one piece then.
    pub price: i64,
}

/// What of an article is handed over, and what goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The article.
    pub sku: i64,
    /// Pieces handed over.
    pub taken: i64,
    /// Pieces that go back.
    pub back: i64,
    /// Points of the pieces handed over.
    pub points: i64,
}

/// Why pieces cannot be handed over on an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidShare {
    /// More than was put aside, or an article that was not.
    #[error("article {sku}: {asked} asked for, {aside} put aside")]
    TooMany {
        /// The article.
        sku: i64,
        /// Pieces asked for.
        asked: i64,
        /// Pieces put aside.
        aside: i64,
    },
}

/// Divides an order into what is handed over now and what goes back. Every piece is in one of the two.
///
/// # Errors
/// [`InvalidShare`] when more is asked for than was put aside.
pub fn share(ordered: &[Ordered], taken: &Basket) -> Result<Vec<Share>, InvalidShare> {
    for (sku, asked) in taken.items() {
        let aside: i64 = ordered.iter().filter(|o| o.sku == sku).map(|o| o.pieces).sum();
        if asked > aside {
            return Err(InvalidShare::TooMany { sku, asked, aside });
        }
    }
    let one = |o: &Ordered| {
        let pieces = taken.pieces(o.sku);
        Share { sku: o.sku, taken: pieces, back: o.pieces - pieces, points: pieces * o.price }
    };
    Ok(ordered.iter().map(one).collect())
}

/// A pick-up code as people read it: the order's number, then the digits that prove it.
#[must_use]
pub fn pickup_code(no: i64, proof: &str) -> String {
    format!("{no}-{proof}")
}

/// The order's number and the digits that prove it, of a pick-up code as typed; spaces and dashes do not matter.
#[must_use]
pub fn read_pickup_code(typed: &str) -> Option<(i64, String)> {
    let digits = fold_typed(typed);
    let long_enough = digits.len() > PICKUP_PROOF_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
    let (no, proof) = digits.split_at_checked(digits.len().checked_sub(PICKUP_PROOF_DIGITS)?)?;
    let no = no.parse().ok().filter(|_| long_enough)?;
    Some((no, proof.to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_order_ends_once() {
        for state in OrderState::ALL {
            for step in [OrderStep::Collect, OrderStep::Cancel, OrderStep::Lapse] {
                assert_eq!(state.after(step).is_ok(), *state == OrderState::Waiting, "{state} {step:?}");
            }
        }
    }

    #[test]
    fn a_pickup_code_is_read_however_it_is_typed() {
        for typed in ["12-048213", "12 048 213", "12048213"] {
            assert_eq!(read_pickup_code(typed), Some((12, "048213".to_owned())), "{typed}");
        }
        assert_eq!(read_pickup_code(&pickup_code(7, "000001")), Some((7, "000001".to_owned())));
        for typed in ["", "048213", "-", "12-04821x", "十二048213"] {
            assert_eq!(read_pickup_code(typed), None, "{typed}");
        }
    }

    fn orders() -> impl Strategy<Value = (Vec<Ordered>, Vec<i64>)> {
        prop::collection::vec((1_i64..20, 1_i64..5_000, 0_i64..25), 1..12).prop_map(|all| {
            let ordered = (1..).zip(&all).map(|(sku, (pieces, price, _))| Ordered {
                sku,
                pieces: *pieces,
                price: *price,
            });
            (ordered.collect(), all.iter().map(|(_, _, wish)| *wish).collect())
        })
    }

    proptest! {
        /// Nothing is lost and nothing is made: pieces and points handed over and given back are those put aside.
        #[test]
        fn what_is_taken_and_what_goes_back_is_what_was_put_aside((ordered, wish) in orders()) {
            let items: Vec<(i64, i64)> =
                ordered.iter().zip(&wish).filter(|(_, w)| **w > 0).map(|(o, w)| (o.sku, *w)).collect();
            let taken = if items.is_empty() { Basket::default() } else { Basket::new(items).unwrap() };
            let fits = ordered.iter().all(|o| taken.pieces(o.sku) <= o.pieces);
            let shares = share(&ordered, &taken);
            prop_assert_eq!(shares.is_ok(), fits);
            if let Ok(shares) = shares {
                prop_assert_eq!(shares.len(), ordered.len());
                for (s, o) in shares.iter().zip(&ordered) {
                    prop_assert!(s.taken >= 0 && s.back >= 0);
                    prop_assert_eq!((s.sku, s.taken + s.back), (o.sku, o.pieces));
                    prop_assert_eq!(s.points + s.back * o.price, o.pieces * o.price);
                }
            }
        }
    }
}
