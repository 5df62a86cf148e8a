//! Stock papers behind their postings: every transaction that came from one has it, and it says the same; no other
//! paper claims to be posted.

use std::collections::BTreeMap;

use super::{Pass, fault, ledger::Stored, same};
use crate::{
    domain::{ids::BookId, stock::PaperState},
    service::stock::in_body,
    store::{Tx, stock},
};

/// The paper of a transaction whose source is one.
pub(super) async fn paper(tx: &mut Tx, book: BookId, stored: &Stored) -> Pass {
    let (t, seq) = (&stored.txn, Some(stored.txn.seq));
    let source = t.source.clone().unwrap_or_default();
    let row = stock::by_seq(tx, book, t.seq).await?;
    let row = row.ok_or_else(|| fault(seq, "stock_paper", &source, "txn_seq", t.seq, "-"))?;
    let no = row.no.to_string();
    let body: BTreeMap<String, String> = serde_json::from_str(&t.body).unwrap_or_default();
    let said = |name: &str| body.get(name).cloned().unwrap_or_default();
    same(seq, "stock_paper", &no, "id", source, format!("stock:{}", row.id))?;
    same(seq, "stock_paper", &no, "no", said("paper"), no.clone())?;
    same(seq, "stock_paper", &no, "state", PaperState::Posted.as_str(), row.state.as_str())?;
    same(seq, "stock_paper", &no, "fund", said("fund"), row.fund.unwrap_or_default())?;
    same(seq, "stock_paper", &no, "reason", said("reason"), row.reason.unwrap_or_default())?;
    same(seq, "stock_paper", &no, "decided_by", t.actor.clone(), row.decided_by.unwrap_or_default())?;
    if row.drawn_by == t.actor {
        return Err(fault(seq, "stock_paper", &no, "drawn_by", "another person", &row.drawn_by));
    }
    let lines = stock::lines(tx, book, row.id).await?;
    same(seq, "stock_line", &no, "pieces", said("goods"), in_body(&lines))
}
