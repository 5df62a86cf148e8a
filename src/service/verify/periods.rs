//! Closed periods: each statement is drawn up again where the closing stands in the log, its digest is the one that was
//! signed, and every account begins with what it ended the last period with. Holds no replay.

use std::collections::BTreeMap;

use super::{Pass, fault, same};
use crate::{
    domain::{
        book::{Book, DRAWN_UP_FIELD, STATEMENT_FIELD},
        canonical::hex,
        time::Day,
    },
    service::periods::{Standing, statement},
    store::{Tx, ledger::read::TxnRow},
};

/// What the last period ended with.
#[derive(Debug, Default)]
pub(super) struct Closings {
    last: Option<Day>,
    closed: BTreeMap<(String, String), i64>,
}

impl Closings {
    /// Takes in a closing; `book` stands as the closing left it.
    pub(super) async fn follow(&mut self, tx: &mut Tx, book: &Book, txn: &TxnRow) -> Pass {
        let seq = Some(txn.seq);
        let accounts = book.accounts().map(|((path, commodity), account)| {
            (account.id, (path.to_string(), commodity.to_string(), account.balance))
        });
        let standing: Standing = accounts.collect();
        let body: BTreeMap<String, String> = serde_json::from_str(&txn.body).unwrap_or_default();
        let drawn_up = body.get(DRAWN_UP_FIELD).and_then(|seq| seq.parse().ok()).unwrap_or(txn.seq - 1);
        let days = (self.last, txn.effective_on);
        let again = statement(tx, book.id, days, (drawn_up, txn.seq), &standing).await?;
        // closings from before there were statements have none
        if let Some(digest) = body.get(STATEMENT_FIELD) {
            same(seq, "txn", "", "body", hex(&again.digest()).as_str(), digest.as_str())?;
        }
        let mut closed = BTreeMap::new();
        for line in again.lines {
            let key = (line.path, line.commodity);
            let before = self.closed.remove(&key).unwrap_or(0);
            if before != line.opening {
                return Err(fault(seq, "entry", &key.0, "quantity", before, line.opening));
            }
            closed.insert(key, line.closing);
        }
        if let Some(((path, _), before)) = self.closed.iter().find(|(_, before)| **before != 0) {
            return Err(fault(seq, "entry", path, "quantity", before, 0));
        }
        self.closed = closed;
        self.last = Some(txn.effective_on);
        Ok(())
    }
}
