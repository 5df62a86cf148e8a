//! Credits with a last day, by account and day. No lots are kept: what was credited for each day and what was taken in
//! all tell what is left, first in, first out (`domain::book::lapsing`).

use super::{StoreResult, Tx, ledger::read::AccountRow, on};
use crate::domain::{ids::BookId, time::Day};

/// Statements.
pub mod sql {
    use crate::store::{ledger::block::blocks, sql::statements};
    statements! {
        /// Accounts with credits whose last day lies in a span.
        ACCOUNTS = "SELECT DISTINCT account_id FROM entry WHERE book_id = $1 AND expires_on IS NOT NULL \
            AND expires_on >= $2 AND expires_on <= $3 ORDER BY account_id";
        /// Accounts to which a transaction after a place gave something back, or credited what was over already.
        TOUCHED = "SELECT DISTINCT e.account_id FROM txn AS t JOIN entry AS e ON e.book_id = t.book_id \
            AND e.seq = t.seq WHERE t.book_id = $1 AND t.seq > $2 AND (t.resolves_seq IS NOT NULL \
            OR t.reverses_seq IS NOT NULL OR e.expires_on <= $3) AND e.quantity < 0 ORDER BY e.account_id";
        /// What an account was credited by last day, less what reversals took back of it.
        CREDITS = concat!(
            blocks!(),
            "SELECT e.expires_on, CAST(SUM(-e.quantity) AS BIGINT) AS quantity FROM block CROSS JOIN entry AS e \
            WHERE e.book_id = $1 AND e.block = block.n AND e.account_id = $2 AND e.expires_on IS NOT NULL \
            GROUP BY e.expires_on ORDER BY e.expires_on"
        );
        /// One account by number.
        ACCOUNT = "SELECT a.account_id, a.path, a.commodity, a.min_quantity, a.max_quantity, a.opened_seq, \
            b.quantity, b.debited, b.version FROM account AS a JOIN balance AS b ON b.book_id = a.book_id \
            AND b.account_id = a.account_id WHERE a.book_id = $1 AND a.account_id = $2";
    }
}

/// Accounts with credits whose last day is `from` … `to`.
pub async fn accounts(tx: &mut Tx, book: BookId, from: Day, to: Day) -> StoreResult<Vec<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::ACCOUNTS).bind(book).bind(from).bind(to).fetch_all(c))?)
}

/// Accounts to which something came back after place `after`, or came with a last day up to `over`.
pub async fn touched(tx: &mut Tx, book: BookId, after: i64, over: Day) -> StoreResult<Vec<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::TOUCHED).bind(book).bind(after).bind(over).fetch_all(c))?)
}

/// What an account was credited, by last day.
pub async fn credits(tx: &mut Tx, book: BookId, account: i64) -> StoreResult<Vec<(Day, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::CREDITS).bind(book).bind(account).fetch_all(c))?)
}

/// The account with that number.
pub async fn account(tx: &mut Tx, book: BookId, account: i64) -> StoreResult<Option<AccountRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ACCOUNT).bind(book).bind(account).fetch_optional(c))?)
}
