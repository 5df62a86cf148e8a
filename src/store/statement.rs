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
        /// The number of an account.
        ACCOUNT = "SELECT account_id FROM account WHERE book_id = $1 AND path = $2 AND commodity = $3";
        /// Entries of an account below a version, the latest first.
        LINES = "SELECT e.version, e.seq, e.quantity, e.balance_after, e.expires_on, t.kind, t.effective_on, \
            t.recorded_at, t.reverses_seq FROM entry AS e JOIN txn AS t ON t.book_id = e.book_id AND t.seq = e.seq \
            WHERE e.book_id = $1 AND e.account_id = $2 AND e.version < $3 ORDER BY e.version DESC LIMIT $4";
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
}

/// Entries of the account at `path` in `commodity`, below `before`, the latest first. An account never used has none.
pub async fn lines(
    tx: &mut Tx,
    book: BookId,
    (path, commodity): (&str, &str),
    before: i64,
    limit: i64,
) -> StoreResult<Vec<LineRow>> {
    let account: Option<i64> = on!(tx, |c| sqlx::query_scalar(sql::ACCOUNT)
        .bind(book)
        .bind(path)
        .bind(commodity)
        .fetch_optional(c))?;
    let Some(account) = account else { return Ok(Vec::new()) };
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES)
        .bind(book)
        .bind(account)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}
