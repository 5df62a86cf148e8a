//! Holds that nothing resolved yet, found in the log. Holds no rule about when they end.

use super::{StoreResult, Tx, on};
use crate::domain::{ids::BookId, time::Timestamp};

/// Statements.
pub mod sql {
    use crate::store::{ledger::block::blocks, sql::statements};
    statements! {
        /// Open holds of a book after a place, in order.
        OPEN = "SELECT t.seq, t.key, t.recorded_at, t.actor, t.source, t.body FROM txn AS t WHERE t.book_id = $1 \
            AND t.kind = 'hold' AND t.seq > $2 AND NOT EXISTS (SELECT 1 FROM txn AS r WHERE r.book_id = t.book_id \
            AND r.resolves_seq = t.seq) ORDER BY t.seq LIMIT $3";
        /// Open holds on the account of a path, in order.
        OPEN_ON = concat!(
            blocks!(),
            "SELECT t.seq, t.key, t.recorded_at, t.actor, t.source, t.body FROM account AS a CROSS JOIN block CROSS \
            JOIN entry AS e JOIN txn AS t ON t.book_id = e.book_id AND t.seq = e.seq WHERE a.book_id = $1 AND a.path \
            = $2 \
            AND e.book_id = $1 AND e.block = block.n AND e.account_id = a.account_id AND a.commodity = 'POINT' AND \
            t.kind = 'hold' AND NOT EXISTS (SELECT 1 FROM txn AS r \
            WHERE r.book_id = t.book_id AND r.resolves_seq = t.seq) ORDER BY t.seq"
        );
        /// How many holds are open; those of the time bank have lists of their own.
        COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM txn AS t WHERE t.book_id = $1 AND t.kind = 'hold' \
            AND (t.source IS NULL OR t.source NOT LIKE 'time%') AND NOT EXISTS (SELECT 1 FROM txn AS r WHERE r.book_id = t.book_id AND r.resolves_seq = t.seq)";
    }
}

/// An open hold.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HoldRow {
    /// Its place.
    pub seq: i64,
    /// Its key.
    pub key: String,
    /// When it was placed.
    pub recorded_at: Timestamp,
    /// By whom.
    pub actor: String,
    /// What it comes from.
    pub source: Option<String>,
    /// What was asked, canonical.
    pub body: String,
}

/// Open holds after place `after`, at most `limit`.
pub async fn open(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<HoldRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OPEN).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// Open holds on the account at `path`.
pub async fn open_on(tx: &mut Tx, book: BookId, path: &str) -> StoreResult<Vec<HoldRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OPEN_ON).bind(book).bind(path).fetch_all(c))?)
}

/// How many holds are open.
pub async fn count(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::COUNT).bind(book).fetch_one(c))?)
}
