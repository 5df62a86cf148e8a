//! Stock papers behind their postings: every transaction that came from one has it, and it says the same; no other
//! paper claims to be posted.

use std::collections::{BTreeMap, HashMap};

use super::{Pass, fault, ledger::Stored, same};
use crate::{
    domain::{
        book::TxnKind,
        canonical::hex,
        ids::{BookId, CounterId},
        stock::{PaperKind, PaperState},
    },
    service::stock::in_body,
    store::{Tx, stock},
};

/// The paper of a transaction whose source is one.
pub(super) async fn paper(
    tx: &mut Tx,
    book: BookId,
    stored: &Stored,
    counters: &HashMap<CounterId, String>,
) -> Pass {
    let (t, seq) = (&stored.txn, Some(stored.txn.seq));
    let source = t.source.clone().unwrap_or_default();
    let row = stock::by_seq(tx, book, t.seq).await?;
    let row = row.ok_or_else(|| fault(seq, "stock_paper", &source, "txn_seq", t.seq, "-"))?;
    let no = row.no.to_string();
    let body: BTreeMap<String, String> = serde_json::from_str(&t.body).unwrap_or_default();
    let said = |name: &str| body.get(name).cloned().unwrap_or_default();
    same(seq, "stock_paper", &no, "id", source, format!("stock:{}", row.id))?;
    same(seq, "stock_paper", &no, "no", said("paper"), no.clone())?;
    let kind = match row.kind.parse() {
        Ok(PaperKind::Receipt) => TxnKind::GoodsIn,
        Ok(PaperKind::Transfer) => TxnKind::GoodsMove,
        Ok(PaperKind::Loss) => TxnKind::GoodsOut,
        _ => TxnKind::Stocktake,
    };
    same(seq, "stock_paper", &no, "kind", t.kind.as_str(), kind.as_str())?;
    let at: Vec<&str> = [Some(row.counter_id), row.to_counter_id]
        .into_iter()
        .flatten()
        .map(|id| counters.get(&id).map_or("", String::as_str))
        .collect();
    same(seq, "stock_paper", &no, "counter_id", said("counter"), at.join(" "))?;
    same(seq, "stock_paper", &no, "state", PaperState::Posted.as_str(), row.state.as_str())?;
    same(seq, "stock_paper", &no, "fund", said("fund"), row.fund.unwrap_or_default())?;
    same(seq, "stock_paper", &no, "reason", said("reason"), row.reason.unwrap_or_default())?;
    let photo = row.photo.as_deref().map(hex).unwrap_or_default();
    same(seq, "stock_paper", &no, "photo", said("photo"), photo)?;
    same(seq, "stock_paper", &no, "decided_by", t.actor.clone(), row.decided_by.unwrap_or_default())?;
    if row.drawn_by == t.actor {
        return Err(fault(seq, "stock_paper", &no, "drawn_by", "another person", &row.drawn_by));
    }
    let lines = stock::lines(tx, book, row.id).await?;
    same(seq, "stock_line", &no, "pieces", said("goods"), in_body(&lines))
}
