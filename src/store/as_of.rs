//! Accounts as they stood: by business days up to one, as recorded up to a place in the log. Places and versions rise
//! with the time of recording, so a moment is found by halving, the account's last entry by then in the newest block
//! that has one, and only what was recorded after the end of the business day is looked at line by line. Holds no
//! decision.

use super::{StoreResult, Tx, on, statement::LineRow};
use crate::domain::{
    ids::BookId,
    time::{Day, Timestamp},
};

/// Statements.
pub mod sql {
    use crate::store::{ledger::block::blocks, sql::statements};
    statements! {
        /// The last place recorded by an instant; 0 before the first.
        SEQ_AT = "WITH RECURSIVE half (low, high) AS (SELECT CAST(0 AS BIGINT), seq FROM book WHERE book_id = $1 \
            UNION ALL SELECT \
            CASE WHEN (SELECT recorded_at FROM txn WHERE book_id = $1 AND seq = (low + high + 1) / 2) <= $2 \
            THEN (low + high + 1) / 2 ELSE low END, \
            CASE WHEN (SELECT recorded_at FROM txn WHERE book_id = $1 AND seq = (low + high + 1) / 2) <= $2 \
            THEN high ELSE (low + high + 1) / 2 - 1 END FROM half WHERE low < high) \
            SELECT low FROM half WHERE low = high";
        /// The last entry an account had at a place, from the newest block that has one.
        VERSION_AT = "WITH RECURSIVE back (n, found) AS (SELECT CASE WHEN seq < $3 THEN seq ELSE CAST($3 AS BIGINT) \
            END / 16384 + 1, \
            CAST(NULL AS BIGINT) FROM book WHERE book_id = $1 UNION ALL SELECT n - 1, (SELECT version FROM entry \
            WHERE book_id = $1 AND block = n - 1 AND account_id = $2 AND seq <= $3 ORDER BY version DESC LIMIT 1) \
            FROM back WHERE n > 0 AND found IS NULL) SELECT found FROM back WHERE found IS NOT NULL";
        /// The balance with an entry.
        BALANCE_AT = concat!(
            blocks!(),
            "SELECT e.balance_after FROM block CROSS JOIN entry AS e WHERE e.book_id = $1 AND e.block = block.n \
            AND e.account_id = $2 AND e.version = $3"
        );
        /// What entries after a version up to another moved, as far as they count for days up to one.
        MOVED = concat!(
            blocks!(),
            "SELECT CAST(COALESCE(SUM(e.quantity), 0) AS BIGINT) FROM block CROSS JOIN entry AS e JOIN txn AS t \
            ON t.book_id = e.book_id AND t.seq = e.seq WHERE e.book_id = $1 AND e.block = block.n \
            AND e.account_id = $2 AND e.version > $3 AND e.version <= $4 AND t.effective_on <= $5"
        );
        /// Entries up to a version that count for days up to one, the latest first: out of the newest blocks that
        /// have so many.
        LINES = "WITH RECURSIVE block (n, found) AS (SELECT seq / 16384 + 1, CAST(0 AS BIGINT) FROM book \
            WHERE book_id = $1 UNION ALL SELECT n - 1, found + (SELECT COUNT(*) FROM entry AS e JOIN txn AS t \
            ON t.book_id = e.book_id AND t.seq = e.seq WHERE e.book_id = $1 AND e.block = n - 1 AND e.account_id = $2 \
            AND e.version <= $3 AND t.effective_on <= $4) FROM block WHERE n > 0 AND found < $5) \
            SELECT e.version, e.seq, e.quantity, e.balance_after, e.expires_on, t.kind, t.effective_on, \
            t.recorded_at, t.reverses_seq, t.key FROM block CROSS JOIN entry AS e \
            JOIN txn AS t ON t.book_id = e.book_id AND t.seq = e.seq WHERE e.book_id = $1 AND e.block = block.n \
            AND e.account_id = $2 AND e.version <= $3 \
            AND t.effective_on <= $4 ORDER BY e.version DESC LIMIT $5";
    }
}

/// The last place that was recorded by `at`.
pub async fn seq_at(tx: &mut Tx, book: BookId, at: Timestamp) -> StoreResult<i64> {
    let found: Option<i64> =
        on!(tx, |c| sqlx::query_scalar(sql::SEQ_AT).bind(book).bind(at).fetch_optional(c))?;
    Ok(found.unwrap_or(0))
}

/// How many entries an account had when the book had `seq` transactions.
pub async fn version_at(tx: &mut Tx, book: BookId, account: i64, seq: i64) -> StoreResult<i64> {
    let found: Option<i64> = on!(tx, |c| sqlx::query_scalar(sql::VERSION_AT)
        .bind(book)
        .bind(account)
        .bind(seq)
        .fetch_optional(c))?;
    Ok(found.unwrap_or(0))
}

/// An account's balance with its entry number `version`; zero before the first.
pub async fn balance_at(tx: &mut Tx, book: BookId, account: i64, version: i64) -> StoreResult<i64> {
    let found: Option<i64> = on!(tx, |c| sqlx::query_scalar(sql::BALANCE_AT)
        .bind(book)
        .bind(account)
        .bind(version)
        .fetch_optional(c))?;
    Ok(found.unwrap_or(0))
}

/// What the entries `after` … `through` of an account moved, as far as they count for days up to `day`.
pub async fn moved(
    tx: &mut Tx,
    book: BookId,
    account: i64,
    (after, through): (i64, i64),
    day: Day,
) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::MOVED)
        .bind(book)
        .bind(account)
        .bind(after)
        .bind(through)
        .bind(day)
        .fetch_one(c))?)
}

/// Entries of an account up to number `through` that count for days up to `day`, the latest first.
pub async fn lines(
    tx: &mut Tx,
    book: BookId,
    account: i64,
    through: i64,
    day: Day,
    limit: i64,
) -> StoreResult<Vec<LineRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES)
        .bind(book)
        .bind(account)
        .bind(through)
        .bind(day)
        .bind(limit)
        .fetch_all(c))?)
}
