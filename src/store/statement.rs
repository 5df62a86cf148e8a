//! The statement of one account: its entries with the transactions they belong to, the latest first.

use super::{StoreResult, Tx, on};
use crate::domain::{
    ids::BookId,
    time::{Day, Timestamp},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// The number of an account, and how many entries it has.
        ACCOUNT = "SELECT a.account_id, b.version FROM account AS a JOIN balance AS b ON b.book_id = a.book_id \
            AND b.account_id = a.account_id WHERE a.book_id = $1 AND a.path = $2 AND a.commodity = $3";
        /// Entries of an account below a version and not before another, the latest first: out of the newest blocks,
        /// as many as it takes to go back so far.
        LINES = "WITH RECURSIVE block (n, low) AS (SELECT seq / 16384 + 1, CAST($3 AS BIGINT) FROM book WHERE \
            book_id = $1 \
            UNION ALL SELECT n - 1, COALESCE((SELECT MIN(version) FROM entry WHERE book_id = $1 AND block = n - 1 \
            AND account_id = $2), low) FROM block WHERE n > 0 AND low > $4) \
            SELECT e.version, e.seq, e.quantity, e.balance_after, e.expires_on, t.kind, t.effective_on, \
            t.recorded_at, t.reverses_seq, t.key FROM block CROSS JOIN entry AS e \
            JOIN txn AS t ON t.book_id = e.book_id AND t.seq = e.seq WHERE e.book_id = $1 AND e.block = block.n \
            AND e.account_id = $2 AND e.version < $3 \
            AND e.version >= $4 ORDER BY e.version DESC";
    }
}

/// One line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LineRow {
    /// Its place among the account's entries.
    pub version: i64,
    /// The transaction.
    pub seq: i64,
    /// Debit +, credit −.
    pub quantity: i64,
    /// The balance with it.
    pub balance_after: i64,
    /// When the credit lapses.
    pub expires_on: Option<Day>,
    /// Why the transaction exists.
    pub kind: String,
    /// The business day it counts for.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The transaction it undoes.
    pub reverses_seq: Option<i64>,
    /// The transaction's idempotency key.
    pub key: String,
}

/// Entries of the account at `path` in `commodity`, below `before`, the latest first. An account never used has none.
pub async fn lines(
    tx: &mut Tx,
    book: BookId,
    (path, commodity): (&str, &str),
    before: i64,
    limit: i64,
) -> StoreResult<Vec<LineRow>> {
    let account: Option<(i64, i64)> =
        on!(tx, |c| sqlx::query_as(sql::ACCOUNT).bind(book).bind(path).bind(commodity).fetch_optional(c))?;
    let Some((account, count)) = account else { return Ok(Vec::new()) };
    let before = before.min(count.saturating_add(1));
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES)
        .bind(book)
        .bind(account)
        .bind(before)
        .bind(before.saturating_sub(limit).max(1))
        .fetch_all(c))?)
}
