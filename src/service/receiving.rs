//! Goods coming in (入库): one posting puts pieces on a counter's shelf and their cost from the fund into stock.

use std::collections::BTreeMap;

use super::{
    Desk, Receipt, ServiceError, ServiceResult,
    books::{Order, facts, path},
    caller::Clerk,
    goods::commodity,
    refuse,
};
use crate::{
    domain::{
        book::TxnKind,
        chart,
        ids::CounterId,
        posting::{Commodity, Line},
    },
    store::{counter, fund, goods},
};

/// The most articles on one delivery note.
pub const DELIVERY_ARTICLES_MAX: usize = 400;
/// The most pieces of one article on one delivery note.
pub const DELIVERY_PIECES_MAX: i64 = 100_000;

/// What came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Onto whose shelf.
    pub counter: CounterId,
    /// The code of the fund that paid.
    pub fund: String,
    /// Articles and pieces.
    pub lines: Vec<(i64, i64)>,
}

impl Desk {
    /// Receives goods: pieces onto the shelf, their cost out of the fund.
    pub async fn receive_goods(&self, by: &Clerk, key: &str, delivery: &Delivery) -> ServiceResult<Receipt> {
        let pieces = merged(&delivery.lines)?;
        let mut tx = self.db.begin_read().await?;
        let to = counter::by_id(&mut tx, by.book, delivery.counter)
            .await?
            .ok_or(ServiceError::NotFound("counter"))?;
        let from =
            fund::by_code(&mut tx, by.book, &delivery.fund).await?.ok_or(ServiceError::NotFound("fund"))?;
        let (shelf, received) = (path(chart::stock(&to.code))?, path(chart::received(&from.code))?);
        let mut lines = Vec::with_capacity(2 * pieces.len() + 2);
        let mut cost = 0;
        for (sku, count) in &pieces {
            let row = goods::by_sku(&mut tx, by.book, *sku).await?.ok_or(ServiceError::NotFound("goods"))?;
            if row.is_service() {
                return Err(refuse("no_stock_of_services").with("article", &row.name).into());
            }
            let code = commodity(*sku)?;
            lines.push(Line::new(shelf.clone(), code.clone(), *count));
            lines.push(Line::new(received.clone(), code, -count));
            cost += row.cost_fen * count;
        }
        drop(tx);
        if cost > 0 {
            lines.push(Line::new(path(chart::stock_cost(&to.code))?, Commodity::cnyfen(), cost));
            lines.push(Line::new(path(chart::fund(&from.code))?, Commodity::cnyfen(), -cost));
        }
        let note: Vec<String> = pieces.iter().map(|(sku, count)| format!("{sku}x{count}")).collect();
        let body = facts([("counter", to.code), ("fund", from.code), ("goods", note.join(" "))]);
        let order = Order { key, kind: TxnKind::GoodsIn, effective_on: self.today(), source: None, body };
        let command = self.command(&by.actor(), order, lines)?;
        self.posted(by.book, command, Vec::new()).await
    }
}

/// Each article once, with its pieces.
fn merged(lines: &[(i64, i64)]) -> ServiceResult<BTreeMap<i64, i64>> {
    let mut pieces: BTreeMap<i64, i64> = BTreeMap::new();
    for (sku, count) in lines {
        let sum = pieces.entry(*sku).or_default();
        *sum = sum.saturating_add(*count);
        if *count <= 0 || *sum > DELIVERY_PIECES_MAX {
            return Err(refuse("quantity_out_of_range").with("field", "pieces").into());
        }
    }
    if pieces.is_empty() {
        return Err(refuse("basket_empty").into());
    }
    if pieces.len() > DELIVERY_ARTICLES_MAX {
        return Err(refuse("too_many").with("field", "goods").with("limit", DELIVERY_ARTICLES_MAX).into());
    }
    Ok(pieces)
}
