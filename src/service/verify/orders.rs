//! Orders behind the postings that put them aside and those that end them: what was put aside is what was ordered, and an
//! order is over exactly when its hold is resolved, in the way its state says.

use std::collections::{BTreeMap, HashMap};

use super::{PAGE_ROWS, Pass, fault, ledger::Stored, maybe, same};
use crate::{
    domain::{
        ids::{BookId, CounterId, HouseholdId},
        order::OrderState,
    },
    store::{Tx, goods, order},
};

/// The order of a transaction that put one aside; `no` is the number it must have.
pub(super) async fn placed(
    tx: &mut Tx,
    book: BookId,
    stored: &Stored,
    no: i64,
    (households, counters): (&HashMap<HouseholdId, String>, &HashMap<CounterId, String>),
) -> Pass {
    let (t, seq) = (&stored.txn, Some(stored.txn.seq));
    let source = t.source.clone().unwrap_or_default();
    let row = order::by_hold(tx, book, t.seq).await?;
    let row = row.ok_or_else(|| fault(seq, "goods_order", &source, "hold_seq", t.seq, "-"))?;
    let name = row.no.to_string();
    same(seq, "goods_order", &name, "no", no, row.no)?;
    let number = stored.uses.iter().find(|u| u.meter == "order").map(|u| u.used_after);
    same(seq, "goods_order", &name, "no", maybe(number), name.clone())?;
    same(seq, "goods_order", &name, "id", source, format!("order:{}", row.id))?;
    same(seq, "goods_order", &name, "placed_by", t.actor.as_str(), row.placed_by.as_str())?;
    let body: BTreeMap<String, String> = serde_json::from_str(&t.body).unwrap_or_default();
    let said = |field: &str| body.get(field).cloned().unwrap_or_default();
    let household = households.get(&row.household_id).cloned().unwrap_or_default();
    same(seq, "goods_order", &name, "household_id", said("household"), household)?;
    let counter = counters.get(&row.counter_id).cloned().unwrap_or_default();
    same(seq, "goods_order", &name, "counter_id", said("counter"), counter)?;
    same(seq, "goods_order", &name, "points", said("points"), row.points.to_string())?;
    same(seq, "goods_order", &name, "kept_until", said("until"), row.kept_until.to_string())?;
    let lines = order::lines(tx, book, row.id).await?;
    let basket: Vec<String> = lines.iter().map(|l| format!("{}x{}", l.sku, l.quantity)).collect();
    same(seq, "goods_order_line", &name, "quantity", said("basket"), basket.join(" "))?;
    for line in &lines {
        let is_service = goods::by_sku(tx, book, line.sku).await?.is_some_and(|article| article.is_service());
        same(seq, "goods_order_line", &name, "is_service", is_service, line.is_service)?;
        same(seq, "goods_order_line", &name, "points", line.price * line.quantity, line.points)?;
        if let Some(meter) = &line.quota_meter {
            let used = stored.uses.iter().find(|u| u.meter == *meter).map(|u| u.amount);
            same(seq, "goods_order_line", &name, "quota_meter", maybe(used), line.quantity.to_string())?;
        }
    }
    same(seq, "goods_order_line", &name, "points", row.points, lines.iter().map(|l| l.points).sum())
}

/// Whether every order stands where its hold does.
pub(super) async fn ended(tx: &mut Tx, book: BookId) -> Pass {
    let mut after = 0;
    loop {
        let page = order::resolutions(tx, book, after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.no;
        for row in page {
            let by_clock = row.actor.as_deref() == Some("system");
            let state = match row.kind.as_deref() {
                None => OrderState::Waiting,
                Some("capture") => OrderState::Collected,
                Some("release") if by_clock => OrderState::Lapsed,
                Some(_) => OrderState::Cancelled,
            };
            let no = row.no.to_string();
            same(row.seq, "goods_order", &no, "state", state.as_str(), row.state.as_str())?;
            same(row.seq, "goods_order", &no, "ended_by", maybe(row.actor), maybe(row.ended_by))?;
        }
    }
}
