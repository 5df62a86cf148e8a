//! From articles and pieces to points, by the village's own prices. What a client believes a price to be is never
//! read.

use super::{either, refuse};
use crate::{
    domain::{basket::Basket, goods::period_of, ids::BookId, shop::ShopTerms, time::Day},
    service::ServiceResult,
    store::{
        Tx,
        goods::{self, GoodsRow},
    },
};

/// An article with pieces.
#[derive(Debug, Clone)]
pub(super) struct PricedLine {
    pub(super) row: GoodsRow,
    pub(super) pieces: i64,
    pub(super) points: i64,
    pub(super) cost_fen: i64,
}

/// A basket at the prices of this moment.
#[derive(Debug, Clone)]
pub(super) struct Priced {
    pub(super) lines: Vec<PricedLine>,
    pub(super) points: i64,
    pub(super) cost_fen: i64,
    /// The day whose terms say what a private shop is owed; nothing at a counter of the village.
    pub(super) shop_on: Option<Day>,
}

impl Priced {
    /// The same at a private shop: what it is owed for the points takes the place of what goods cost.
    pub(super) fn at_shop(mut self, terms: ShopTerms, on: Day) -> Self {
        for line in &mut self.lines {
            line.cost_fen = terms.owed(line.points);
        }
        self.cost_fen = self.lines.iter().map(|l| l.cost_fen).sum();
        self.shop_on = Some(on);
        self
    }
}

impl PricedLine {
    /// The meter of what a household took of this article in the period of `day`, and the most it may be.
    pub(super) fn quota(&self, household_no: &str, day: Day) -> Option<(String, i64)> {
        let period = period_of(self.row.quota_period.as_deref()?)?;
        let (first, _) = day.period(period);
        Some((format!("quota:{household_no}:{}:{first}", self.row.sku), self.row.quota?))
    }
}

/// Prices a basket.
pub(super) async fn basket(tx: &mut Tx, book: BookId, basket: &Basket) -> ServiceResult<Priced> {
    let mut priced = Priced { lines: Vec::new(), points: 0, cost_fen: 0, shop_on: None };
    for (sku, pieces) in basket.items() {
        let Some(row) = goods::by_sku(tx, book, sku).await? else {
            return Err(refuse("article_unknown").with("article", sku).into());
        };
        if !row.is_on_sale() {
            return Err(refuse("not_on_sale")
                .with("article", &row.name)
                .with("article_en", either(&row.name_en, &row.name))
                .into());
        }
        // bounded: price ≤ 10,000 points, pieces ≤ 999, articles ≤ 50
        let points = row.price * pieces;
        // nothing of a service lies in stock
        let cost_fen = if row.is_service() { 0 } else { row.cost_fen * pieces };
        priced.points += points;
        priced.cost_fen += cost_fen;
        priced.lines.push(PricedLine { row, pieces, points, cost_fen });
    }
    Ok(priced)
}
