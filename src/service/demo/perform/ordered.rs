//! An order of the household that the demo shows: put aside at the first counter yesterday afternoon, and waiting.

use super::missing;
use crate::{
    domain::{basket::Basket, household::HouseholdNo, ids::BookId},
    service::{Desk, ServiceError, ServiceResult, caller::Resident, redeem::order::NewOrder},
    store,
};

/// Different articles of it.
const ARTICLES: usize = 2;

/// Puts aside what the household can afford of the cheapest articles on the shelf.
pub(super) async fn ordered(desk: &Desk, book: BookId, no: &HouseholdNo) -> ServiceResult<()> {
    let mut tx = desk.db.begin_read().await?;
    let home = store::household::by_no(&mut tx, book, no).await?.ok_or_else(|| missing("household"))?;
    drop(tx);
    let by = Resident { book, household: home.id };
    let mut left = desk.own_holdings(&by).await?.available;
    let counters = desk.counters(book).await?;
    let counter = counters.first().ok_or_else(|| missing("counter"))?;
    let mut articles = desk.catalogue(book, &counter.code).await?;
    articles.retain(|a| a.stock.is_some_and(|pieces| pieces > 0));
    articles.sort_by_key(|a| (a.row.price, a.row.sku));
    let mut items = Vec::new();
    for article in articles.into_iter().take(ARTICLES) {
        if article.row.price <= left {
            left -= article.row.price;
            items.push((article.row.sku, 1));
        }
    }
    let Ok(basket) = Basket::new(items) else { return Ok(()) };
    match desk.place_order(&by, "demo:order", &NewOrder { counter: counter.id, basket }).await {
        // the village's own rules may not let it
        Ok(_) | Err(ServiceError::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
