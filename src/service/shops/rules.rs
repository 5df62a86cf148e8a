//! What holds at a counter: whether it is a private shop's, and on what terms on a day. Reads only.

use crate::{
    domain::{
        ids::{BookId, CounterId},
        shop::ShopTerms,
        time::Day,
    },
    service::{ServiceResult, budget::value_of_a_point, refuse},
    store::{
        Tx,
        counter::{self, CounterRow},
        shop::{self, ShopRow},
    },
};

/// What a point is worth where a village has no rules yet, in fen.
const RATE_FEN: i64 = 100;

/// On what terms points are taken at a counter on a day: nothing at a counter of the village. Refused at a shop's outside
/// the days of its agreement.
pub(in crate::service) async fn terms_at(
    tx: &mut Tx,
    book: BookId,
    at: &CounterRow,
    day: Day,
) -> ServiceResult<Option<ShopTerms>> {
    let all = shop::of_counter(tx, book, at.id).await?;
    let Some(last) = all.last() else { return Ok(None) };
    match all.iter().find(|row| row.covers(day)) {
        Some(row) => terms_of(tx, book, row, day).await.map(Some),
        None => Err(refuse("shop_not_in_force")
            .with("shop", &last.name)
            .with("from", last.from_day)
            .with("until", last.last_day())
            .into()),
    }
}

/// The terms of an agreement on a day.
pub(in crate::service) async fn terms_of(
    tx: &mut Tx,
    book: BookId,
    row: &ShopRow,
    day: Day,
) -> ServiceResult<ShopTerms> {
    let rate_fen = value_of_a_point(tx, book, day).await?.unwrap_or(RATE_FEN);
    Ok(ShopTerms { rate_fen, discount: row.discount })
}

/// Refuses what only counters of the village do: goods of its own, orders, points put aside, devices without network.
pub(in crate::service) async fn of_the_village(
    tx: &mut Tx,
    book: BookId,
    at: CounterId,
) -> ServiceResult<()> {
    match shop::of_counter(tx, book, at).await?.last() {
        None => Ok(()),
        Some(row) => Err(refuse("shop_goods_only").with("shop", &row.name).into()),
    }
}

/// Whether a counter, by its code, is or was a private shop's.
pub(in crate::service) async fn is_private(tx: &mut Tx, book: BookId, code: &str) -> ServiceResult<bool> {
    match counter::by_code(tx, book, code).await? {
        Some(at) => Ok(!shop::of_counter(tx, book, at.id).await?.is_empty()),
        None => Ok(false),
    }
}
