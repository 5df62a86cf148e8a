//! Periods: where they were closed, what moved in one account by account, and what of it is not settled. Reads only.

use super::{StoreResult, Tx, ledger::read::TxnRow, on};
use crate::domain::{ids::BookId, time::Day};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Closings before a place, the latest first.
        CLOSINGS = "SELECT seq, id, key, kind, effective_on, recorded_at, actor, source, ruleset, rule, reverses_seq, \
            resolves_seq, body, hash_version, leaf_hash FROM txn WHERE book_id = $1 AND kind = 'period_close' \
            AND seq < $2 ORDER BY seq DESC LIMIT $3";
        /// What a run of transactions moved on each account: debits and credits that count for days after one and up
        /// to another, and all that counts for later days.
        MOVED = "SELECT e.account_id, \
            CAST(SUM(CASE WHEN t.effective_on <= $5 AND e.quantity > 0 THEN e.quantity ELSE 0 END) AS BIGINT) AS debits, \
            CAST(SUM(CASE WHEN t.effective_on <= $5 AND e.quantity < 0 THEN -e.quantity ELSE 0 END) AS BIGINT) AS credits, \
            CAST(SUM(CASE WHEN t.effective_on > $5 THEN e.quantity ELSE 0 END) AS BIGINT) AS later \
            FROM txn AS t JOIN entry AS e ON e.book_id = t.book_id AND e.seq = t.seq WHERE t.book_id = $1 \
            AND t.seq > $2 AND t.seq <= $3 AND t.effective_on > $4 GROUP BY e.account_id";
        /// What happened up to a day and is not settled.
        UNSETTLED = "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM award WHERE book_id = $1 AND occurred_on <= $2 \
            AND state IN ('recorded', 'returned')) AS in_review, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM award WHERE book_id = $1 AND occurred_on <= $2 \
            AND state = 'approved') AS approved, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM award WHERE book_id = $1 AND occurred_on <= $2 \
            AND state IN ('in_notice', 'objected')) AS in_notice, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM notice WHERE book_id = $1 AND state = 'published') AS notices, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM objection WHERE book_id = $1 AND state = 'open') AS objections, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM reversal WHERE book_id = $1 AND state = 'requested') AS reversals, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM claim WHERE book_id = $1 AND occurred_on <= $2 \
            AND state IN ('received', 'checking')) AS claims, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM inspection WHERE book_id = $1 AND seen_on <= $2 \
            AND state IN ('open', 'closed')) AS rounds, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM sitting WHERE book_id = $1 AND sits_on <= $2 \
            AND state = 'open') AS sittings";
    }
}

/// What moved on an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Moved {
    /// Which.
    pub account_id: i64,
    /// Debits of the period.
    pub debits: i64,
    /// Credits of the period.
    pub credits: i64,
    /// What counts for later days.
    pub later: i64,
}

/// What is not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Unsettled {
    /// Awards still being reviewed.
    pub in_review: i64,
    /// Awards approved and on no sheet.
    pub approved: i64,
    /// Awards in notice, or objected to.
    pub in_notice: i64,
    /// Sheets that hang.
    pub notices: i64,
    /// Objections not decided.
    pub objections: i64,
    /// Reversals and corrections not decided.
    pub reversals: i64,
    /// Claims not decided.
    pub claims: i64,
    /// Inspection rounds not on record.
    pub rounds: i64,
    /// Sittings not closed.
    pub sittings: i64,
}

/// Closings before place `before`, the latest first.
pub async fn closings(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<TxnRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::CLOSINGS).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// What the transactions `after` … `upto` moved: in the period after `last` up to `through`, and later.
pub async fn moved(
    tx: &mut Tx,
    book: BookId,
    (after, upto): (i64, i64),
    last: Day,
    through: Day,
) -> StoreResult<Vec<Moved>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::MOVED)
        .bind(book)
        .bind(after)
        .bind(upto)
        .bind(last)
        .bind(through)
        .fetch_all(c))?)
}

/// What happened up to `through` and is not settled.
pub async fn unsettled(tx: &mut Tx, book: BookId, through: Day) -> StoreResult<Unsettled> {
    Ok(on!(tx, |c| sqlx::query_as(sql::UNSETTLED).bind(book).bind(through).fetch_one(c))?)
}
