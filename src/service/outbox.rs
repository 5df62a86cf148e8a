//! The ledger as a stream of events for other programs: each transaction of a book is one, in order and without gaps.
//! It is read from the ledger itself, so there is nothing that could drift from it, and whoever asks for what came
//! after the last place seen misses nothing and sees nothing twice. No names and no free text are in it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Desk, ServiceResult, caller::Auditor};
use crate::{
    domain::{amount::decimal, canonical::hex, ids::BookId},
    store::ledger::read::{self, EntryRow, TxnRow},
};

/// Events of one answer.
pub const EVENTS_PAGE: i64 = 100;

/// A transaction as other programs see it. The API and the webhooks say it in the same words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerEvent {
    /// Its name: the same wherever it is told, so that a receiver can drop what it has.
    pub id: String,
    /// Its place in the book, from 1, without gaps.
    pub seq: i64,
    /// What it does.
    #[serde(rename = "type")]
    #[schema(example = "award")]
    pub kind: String,
    /// The business day it counts for.
    #[schema(example = "2026-06-03")]
    pub effective_on: String,
    /// When it was recorded.
    #[schema(example = "2026-06-03T10:00:00.000001+08:00")]
    pub recorded_at: String,
    /// What it comes from: `award:<id>`, `order:<id>` …
    pub source: Option<String>,
    /// The content hash of the rule set behind it.
    pub ruleset: Option<String>,
    /// The rule behind it.
    pub rule: Option<String>,
    /// The place of the transaction it undoes.
    pub reverses: Option<i64>,
    /// The place of the hold it resolves.
    pub resolves: Option<i64>,
    /// Its leaf in the log, in hexadecimal.
    pub leaf_hash: String,
    /// What moved.
    pub lines: Vec<EventLine>,
}

/// A line of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventLine {
    /// Account.
    #[schema(example = "Liabilities:Households:H0001:Available")]
    pub account: String,
    /// Commodity.
    #[schema(example = "POINT")]
    pub commodity: String,
    /// Debit positive, as decimal text.
    #[schema(example = "-5")]
    pub amount: String,
    /// The account's balance with it.
    #[schema(example = "-55")]
    pub balance_after: String,
    /// When the credit lapses.
    pub expires_on: Option<String>,
}

impl Desk {
    /// Events after place `after`, at most `limit`, for whoever may read the whole book.
    pub async fn events(&self, by: &Auditor, after: i64, limit: i64) -> ServiceResult<Vec<LedgerEvent>> {
        self.events_of(by.book, after, limit).await
    }

    /// Events of a book after place `after`, at most `limit` and [`EVENTS_PAGE`].
    pub(super) async fn events_of(
        &self,
        book: BookId,
        after: i64,
        limit: i64,
    ) -> ServiceResult<Vec<LedgerEvent>> {
        // A batch becomes visible as a whole and the next only after it: a place that is seen has all before it.
        let mut tx = self.db.begin_read().await?;
        let txns = read::txns(&mut tx, book, after.max(0), limit.clamp(1, EVENTS_PAGE)).await?;
        let (Some(first), Some(last)) = (txns.first(), txns.last()) else { return Ok(Vec::new()) };
        let mut entries = read::entries(&mut tx, book, first.seq - 1, last.seq).await?.into_iter().peekable();
        let mut events = Vec::with_capacity(txns.len());
        for txn in txns {
            let mut lines = Vec::new();
            while let Some(entry) = entries.next_if(|e| e.seq == txn.seq) {
                lines.push(line(entry));
            }
            events.push(event(txn, lines));
        }
        Ok(events)
    }
}

fn event(txn: TxnRow, lines: Vec<EventLine>) -> LedgerEvent {
    LedgerEvent {
        id: txn.id.to_string(),
        seq: txn.seq,
        kind: txn.kind,
        effective_on: txn.effective_on.to_string(),
        recorded_at: txn.recorded_at.rfc3339(),
        source: txn.source,
        ruleset: txn.ruleset,
        rule: txn.rule,
        reverses: txn.reverses_seq,
        resolves: txn.resolves_seq,
        leaf_hash: hex(&txn.leaf_hash),
        lines,
    }
}

fn line(entry: EntryRow) -> EventLine {
    EventLine {
        amount: decimal(entry.quantity, &entry.commodity),
        balance_after: decimal(entry.balance_after, &entry.commodity),
        account: entry.path,
        commodity: entry.commodity,
        expires_on: entry.expires_on.map(|day| day.to_string()),
    }
}
