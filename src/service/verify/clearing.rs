//! Moves between villages: each side has its other side in the other book, under the same key, of the same size; so what
//! two villages keep open with each other nets to zero. Holds no replay.

use std::collections::BTreeMap;

use super::{Pass, fault, same};
use crate::{
    domain::{book::TxnKind, ids::BookId, timebank::positions::StatementState},
    service::timebank::clearing::{months, of_village},
    store::{
        Tx,
        ledger::{
            lookup,
            read::{self, TxnRow},
        },
        programme,
        timebank::clearing as rows,
    },
};

/// Compares a side of a move with its other side.
pub(super) async fn follow(tx: &mut Tx, book: BookId, txn: &TxnRow) -> Pass {
    let seq = Some(txn.seq);
    let missing = |found: &str| fault(seq, "txn", "", "body", "its other side in the other book", found);
    let body: BTreeMap<String, String> = serde_json::from_str(&txn.body).unwrap_or_default();
    let with = body.get("with_book").cloned().unwrap_or_default();
    let other: BookId = with.parse().map_err(|_| missing(&with))?;
    if read::head(tx, other).await?.is_none() {
        // a village's books brought here alone: its neighbour's stand elsewhere
        return Ok(());
    }
    let found = lookup::keys(tx, other, &[&txn.key]).await?;
    let clears = TxnKind::Clearing.as_str();
    let place = found.iter().find(|row| row.kind == clears).and_then(|row| row.seq);
    let place = place.ok_or_else(|| missing("-"))?;
    let there = read::txn(tx, other, place).await?.ok_or_else(|| missing("-"))?;
    let back: BTreeMap<String, String> = serde_json::from_str(&there.body).unwrap_or_default();
    let leads_back = back.get("with_book").cloned().unwrap_or_default();
    same(seq, "txn", "", "body", book.to_string(), leads_back)?;
    let open = cleared(tx, book, txn.seq).await?;
    let open_there = cleared(tx, other, place).await?;
    for (commodity, quantity) in &open {
        let arrived = open_there.get(commodity).copied().unwrap_or(0);
        same(seq, "entry", commodity, "quantity", -arrived, *quantity)?;
    }
    same(seq, "entry", "", "quantity", open.len(), open_there.len())
}

/// What a transaction moves on clearing accounts, by commodity.
async fn cleared(tx: &mut Tx, book: BookId, seq: i64) -> Pass<BTreeMap<String, i64>> {
    let mut out = BTreeMap::new();
    for entry in read::entries(tx, book, seq - 1, seq).await? {
        if entry.path.starts_with("Liabilities:Clearing:") {
            *out.entry(entry.commodity).or_insert(0) += entry.quantity;
        }
    }
    Ok(out)
}

/// Statements of what a month left open are what moved in it, and where the other side has one, it says the same.
pub(super) async fn statements(tx: &mut Tx, book: BookId) -> Pass {
    let own = programme::by_book(tx, book).await?.map(|village| village.no);
    for (named, month) in months(tx, book).await? {
        let moved = of_village(tx, book, month).await?;
        for row in rows::of_month(tx, book, named).await? {
            let name = format!("B{} {}", row.with_village, row.month);
            let position = moved.get(&row.with_village).copied().unwrap_or_default();
            same(None, "time_clearing", &name, "sent", position.sent, row.sent)?;
            same(None, "time_clearing", &name, "received", position.received, row.received)?;
            same(None, "time_clearing", &name, "month", month.0, row.month)?;
            let state = row.state()?;
            let decided = state != StatementState::Drawn;
            same(None, "time_clearing", &name, "decided_by", decided, row.decided_by.is_some())?;
            same(None, "time_clearing", &name, "decided_at", decided, row.decided_at.is_some())?;
            let resolved = state == StatementState::Resolved;
            same(None, "time_clearing", &name, "resolved_by", resolved, row.resolved_by.is_some())?;
            same(None, "time_clearing", &name, "resolved_at", resolved, row.resolved_at.is_some())?;
            let disputed = matches!(state, StatementState::Disputed | StatementState::Resolved);
            same(None, "time_clearing", &name, "settle_by", disputed, row.settle_by.is_some())?;
            let (Some(own), Some(there)) = (own, programme::by_no(tx, row.with_village).await?) else {
                continue;
            };
            if let Some(back) = rows::one(tx, there.book_id, own, row.month).await? {
                same(None, "time_clearing", &name, "sent", back.received, row.sent)?;
                same(None, "time_clearing", &name, "received", back.sent, row.received)?;
            }
        }
    }
    Ok(())
}
