//! What was redeemed at a shop's counter, came back or was undone in a run of the log, as lines of a statement: points,
//! what they are worth, and what the village owes for them. What goes back is negative. Writes nothing.

use std::collections::BTreeMap;

use super::{ServiceError, ServiceResult, ShopRow, terms_of};
use crate::{
    domain::{
        ids::{BookId, CounterId},
        returns::Bought,
        shop::{ShopEntryKind, ShopTerms},
        time::Day,
    },
    store::{
        StoreError, Tx,
        redemption::{self, RedemptionRow},
        returns::{self, ReturnRow},
        shop::{self, statement::ShopLineRow},
    },
};

/// The lines of a counter after `run.0` and up to `run.1`, in the order of the log.
pub(in crate::service) async fn of_run(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    run: (i64, i64),
) -> ServiceResult<Vec<ShopLineRow>> {
    let agreements = shop::of_counter(tx, book, counter).await?;
    let mut out: BTreeMap<i64, ShopLineRow> = BTreeMap::new();
    for row in shop::sold(tx, book, counter, run).await? {
        out.extend(sold(tx, book, &agreements, &row).await?.map(|line| (line.seq, line)));
    }
    for row in shop::back(tx, book, counter, run).await? {
        out.extend(back(tx, book, &agreements, &row).await?.map(|line| (line.seq, line)));
    }
    for undone in shop::undone(tx, book, counter, run).await? {
        let (seq, day) = (undone.seq, undone.recorded_at.day());
        let Some(first) = of_seq(tx, book, &agreements, undone.reverses_seq).await? else { continue };
        let line = ShopLineRow {
            kind: ShopEntryKind::Reversal.as_str().to_owned(),
            seq,
            day,
            points: -first.points,
            gross_fen: -first.gross_fen,
            net_fen: -first.net_fen,
            ..first
        };
        out.insert(seq, line);
    }
    Ok(out.into_values().zip(1..).map(|(line, place)| ShopLineRow { line: place, ..line }).collect())
}

async fn of_seq(
    tx: &mut Tx,
    book: BookId,
    agreements: &[ShopRow],
    seq: i64,
) -> ServiceResult<Option<ShopLineRow>> {
    if let Some(row) = redemption::by_seq(tx, book, seq).await? {
        return sold(tx, book, agreements, &row).await;
    }
    let row = returns::by_seq(tx, book, seq).await?;
    back(tx, book, agreements, &row.ok_or(ServiceError::NotFound("redemption"))?).await
}

async fn sold(
    tx: &mut Tx,
    book: BookId,
    agreements: &[ShopRow],
    row: &RedemptionRow,
) -> ServiceResult<Option<ShopLineRow>> {
    let Some(terms) = terms_on(tx, book, agreements, row.placed_at.day()).await? else { return Ok(None) };
    let lines = redemption::lines(tx, book, row.id).await?;
    // what stands in the register is what the terms say
    let owed: i64 = lines.iter().map(|l| terms.owed(l.points)).sum();
    if owed != row.cost_fen || lines.iter().any(|l| terms.owed(l.points) != l.cost_fen) {
        return Err(StoreError::inconsistent(
            "redemption",
            "cost_fen",
            format!("{} of {owed}", row.cost_fen),
        )
        .into());
    }
    Ok(Some(ShopLineRow {
        line: 0,
        kind: ShopEntryKind::Redemption.as_str().to_owned(),
        seq: row.txn_seq,
        receipt: row.no,
        day: row.placed_at.day(),
        points: row.points,
        gross_fen: lines.iter().map(|l| terms.gross(l.points)).sum(),
        net_fen: row.cost_fen,
    }))
}

async fn back(
    tx: &mut Tx,
    book: BookId,
    agreements: &[ShopRow],
    row: &ReturnRow,
) -> ServiceResult<Option<ShopLineRow>> {
    let of = redemption::by_id(tx, book, row.redemption_id).await?;
    let of = of.ok_or(ServiceError::NotFound("redemption"))?;
    let Some(terms) = terms_on(tx, book, agreements, of.placed_at.day()).await? else { return Ok(None) };
    let lines = redemption::lines(tx, book, of.id).await?;
    let mut earlier: BTreeMap<i64, i64> = BTreeMap::new();
    for before in returns::of_redemption(tx, book, of.id).await?.iter().filter(|r| r.no < row.no) {
        for line in returns::lines(tx, book, before.id).await? {
            *earlier.entry(line.sku).or_default() += line.quantity;
        }
    }
    let mut gross = 0;
    for line in returns::lines(tx, book, row.id).await? {
        let first = lines.iter().find(|l| l.sku == line.sku);
        let bought =
            first.map(|l| Bought { pieces: l.quantity, points: l.points, cost_fen: terms.gross(l.points) });
        let before = earlier.get(&line.sku).copied().unwrap_or(0);
        let part = bought.and_then(|b| b.back(before, line.quantity));
        let wrong = || StoreError::inconsistent("goods_return_line", "quantity", line.quantity.to_string());
        gross += part.ok_or_else(wrong)?.cost_fen;
    }
    Ok(Some(ShopLineRow {
        line: 0,
        kind: row.kind.clone(),
        seq: row.txn_seq,
        receipt: of.no,
        day: row.placed_at.day(),
        points: -row.points,
        gross_fen: -gross,
        net_fen: -row.cost_fen,
    }))
}

/// The terms of a day; nothing where the counter was the village's own then.
async fn terms_on(
    tx: &mut Tx,
    book: BookId,
    agreements: &[ShopRow],
    day: Day,
) -> ServiceResult<Option<ShopTerms>> {
    if agreements.first().is_none_or(|first| day < first.from_day) {
        return Ok(None);
    }
    let row = agreements.iter().find(|row| row.covers(day));
    let row = row.ok_or_else(|| StoreError::inconsistent("shop_agreement", "from_day", day.to_string()))?;
    terms_of(tx, book, row, day).await.map(Some)
}
