//! What somebody wants at the counter: articles and pieces, each article once. Holds no prices: those are the
//! village's, and are looked up when the basket is redeemed.

use std::{collections::BTreeMap, fmt, str::FromStr};

/// The most different articles of one redemption.
pub const BASKET_ARTICLES_MAX: usize = 50;
/// The most pieces of one article.
pub const BASKET_PIECES_MAX: i64 = 999;

/// Articles by number, with the pieces wanted of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Basket(BTreeMap<i64, i64>);

/// Why articles are no basket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBasket {
    /// Nothing is in it.
    #[error("nothing was chosen")]
    Empty,
    /// Pieces are zero, negative or too many.
    #[error("{pieces} pieces of article {sku}: choose 1 to {BASKET_PIECES_MAX}")]
    Pieces {
        /// The article.
        sku: i64,
        /// How many were asked for.
        pieces: i64,
    },
    /// Too many different articles.
    #[error("more than {BASKET_ARTICLES_MAX} different articles")]
    TooManyArticles,
    /// The text is not `sku x pieces`.
    #[error("not a basket")]
    Text,
}

impl Basket {
    /// A basket of these; the same article named twice is added up.
    ///
    /// # Errors
    /// [`InvalidBasket`] says what is wrong with it.
    pub fn new(items: impl IntoIterator<Item = (i64, i64)>) -> Result<Self, InvalidBasket> {
        let mut merged: BTreeMap<i64, i64> = BTreeMap::new();
        for (sku, pieces) in items {
            if !(1..=BASKET_PIECES_MAX).contains(&pieces) {
                return Err(InvalidBasket::Pieces { sku, pieces });
            }
            let sum = merged.entry(sku).or_default();
            *sum += pieces;
            if *sum > BASKET_PIECES_MAX {
                return Err(InvalidBasket::Pieces { sku, pieces: *sum });
            }
            if merged.len() > BASKET_ARTICLES_MAX {
                return Err(InvalidBasket::TooManyArticles);
            }
        }
        if merged.is_empty() { Err(InvalidBasket::Empty) } else { Ok(Self(merged)) }
    }

    /// Article numbers and pieces, by article number.
    pub fn items(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.0.iter().map(|(sku, pieces)| (*sku, *pieces))
    }

    /// Pieces of one article; zero when it is not in it.
    #[must_use]
    pub fn pieces(&self, sku: i64) -> i64 {
        self.0.get(&sku).copied().unwrap_or(0)
    }
}

/// `17x2 20x1`: the same basket always gives the same text.
impl fmt::Display for Basket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (sku, pieces)) in self.items().enumerate() {
            let gap = if place == 0 { "" } else { " " };
            write!(f, "{gap}{sku}x{pieces}")?;
        }
        Ok(())
    }
}

impl FromStr for Basket {
    type Err = InvalidBasket;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let items: Option<Vec<(i64, i64)>> = text
            .split_whitespace()
            .map(|item| item.split_once('x').and_then(|(s, p)| Some((s.parse().ok()?, p.parse().ok()?))))
            .collect();
        Self::new(items.ok_or(InvalidBasket::Text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_article_twice_counts_once_with_the_sum() {
        let basket = Basket::new([(20, 1), (17, 2), (20, 3)]).unwrap();
        assert_eq!(basket.to_string(), "17x2 20x4");
        assert_eq!("17x2 20x4".parse(), Ok(basket));
    }

    #[test]
    fn nothing_none_and_too_much_are_no_basket() {
        assert_eq!(Basket::new([]), Err(InvalidBasket::Empty));
        assert_eq!(Basket::new([(1, 0)]), Err(InvalidBasket::Pieces { sku: 1, pieces: 0 }));
        assert_eq!(Basket::new([(1, -2)]), Err(InvalidBasket::Pieces { sku: 1, pieces: -2 }));
        assert!(matches!(Basket::new([(1, 999), (1, 1)]), Err(InvalidBasket::Pieces { .. })));
        assert_eq!(Basket::new((1..=51).map(|s| (s, 1))), Err(InvalidBasket::TooManyArticles));
        assert_eq!("17".parse::<Basket>(), Err(InvalidBasket::Text));
    }
}
