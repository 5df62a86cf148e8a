//! Goods that came back behind their postings: of a redemption that stands, in time, no piece twice, points and cost as the
//! redemption had them.

use std::collections::BTreeMap;

use super::{Pass, fault, ledger::Stored, maybe, same};
use crate::{
    domain::{
        ids::BookId,
        returns::{Bought, ReturnKind, in_time},
    },
    store::{
        Tx,
        ledger::read,
        redemption::{self, RedemptionRow},
        returns::{self, ReturnRow},
    },
};

/// The return of a transaction that took goods back; `no` is the number it must have.
pub(super) async fn paper(tx: &mut Tx, book: BookId, stored: &Stored, no: i64) -> Pass {
    let (t, seq) = (&stored.txn, Some(stored.txn.seq));
    let source = t.source.clone().unwrap_or_default();
    let row = returns::by_seq(tx, book, t.seq).await?;
    let row = row.ok_or_else(|| fault(seq, "goods_return", &source, "txn_seq", t.seq, "-"))?;
    let name = row.no.to_string();
    same(seq, "goods_return", &name, "no", no, row.no)?;
    let number = stored.uses.iter().find(|u| u.meter == "return").map(|u| u.used_after);
    same(seq, "goods_return", &name, "no", maybe(number), name.clone())?;
    same(seq, "goods_return", &name, "id", source, format!("return:{}", row.id))?;
    same(seq, "goods_return", &name, "cashier", t.actor.as_str(), row.cashier.as_str())?;
    let body: BTreeMap<String, String> = serde_json::from_str(&t.body).unwrap_or_default();
    let said = |field: &str| body.get(field).cloned().unwrap_or_default();
    same(seq, "goods_return", &name, "kind", said("kind"), row.kind.clone())?;
    same(seq, "goods_return", &name, "goes_to", said("goes_to"), row.goes_to.clone())?;
    let of = redemption::by_id(tx, book, row.redemption_id).await?;
    let of = of.ok_or_else(|| fault(seq, "goods_return", &name, "redemption_id", "a redemption", "-"))?;
    same(seq, "goods_return", &name, "redemption_id", said("receipt"), of.no.to_string())?;
    same(seq, "goods_return", &name, "counter_id", of.counter_id, row.counter_id)?;
    // a phone code works once, and leaves its mark
    let by_phone = stored.uses.iter().any(|u| u.meter.starts_with("once:code:"));
    let shown = if by_phone { "phone" } else { "card" };
    same(seq, "goods_return", &name, "credential", shown, row.credential.as_str())?;
    let undone = read::reversed_by(tx, book, of.txn_seq).await?;
    same(seq, "goods_return", &name, "redemption_id", maybe(None::<i64>), maybe(undone))?;
    let timely = match row.kind.parse() {
        Ok(ReturnKind::Voided) => of.placed_at.day() == row.placed_at.day(),
        _ => in_time(of.placed_at, row.placed_at),
    };
    same(seq, "goods_return", &name, "placed_at", true, timely)?;
    pieces(tx, book, stored, &row, &of).await
}

/// The pieces that came back, with those that came back before.
async fn pieces(tx: &mut Tx, book: BookId, stored: &Stored, row: &ReturnRow, of: &RedemptionRow) -> Pass {
    let (seq, name) = (Some(stored.txn.seq), row.no.to_string());
    let mut earlier: BTreeMap<i64, i64> = BTreeMap::new();
    for before in returns::of_redemption(tx, book, of.id).await?.iter().filter(|r| r.no < row.no) {
        for line in returns::lines(tx, book, before.id).await? {
            *earlier.entry(line.sku).or_default() += line.quantity;
        }
    }
    let bought = redemption::lines(tx, book, of.id).await?;
    let (mut points, mut cost_fen) = (0, 0);
    for line in returns::lines(tx, book, row.id).await? {
        let whole = bought.iter().find(|l| l.sku == line.sku);
        let whole = whole.map(|l| Bought { pieces: l.quantity, points: l.points, cost_fen: l.cost_fen });
        let before = earlier.get(&line.sku).copied().unwrap_or(0);
        let back = whole.and_then(|whole| whole.back(before, line.quantity));
        let back = back.ok_or_else(|| {
            fault(seq, "goods_return_line", &name, "quantity", "what is left", line.quantity)
        })?;
        same(seq, "goods_return_line", &name, "points", back.points, line.points)?;
        same(seq, "goods_return_line", &name, "cost_fen", back.cost_fen, line.cost_fen)?;
        points += line.points;
        cost_fen += line.cost_fen;
    }
    same(seq, "goods_return", &name, "points", points, row.points)?;
    same(seq, "goods_return", &name, "cost_fen", cost_fen, row.cost_fen)
}
