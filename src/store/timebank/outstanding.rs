//! What is outstanding: every movement of saved minutes, whose they are, and what was served.

use crate::{
    domain::{household::PersonNo, ids::BookId, time::Day},
    store::{StoreResult, Tx, on},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Movements of people's minutes after a place, account by account.
        MOVES = "SELECT a.path, a.account_id, e.version, e.seq, t.effective_on, e.quantity FROM account AS a \
            JOIN entry AS e ON e.book_id = a.book_id AND e.account_id = a.account_id \
            JOIN txn AS t ON t.book_id = e.book_id AND t.seq = e.seq WHERE a.book_id = $1 AND a.commodity = 'MIN' \
            AND a.path LIKE 'Liabilities:Persons:%' AND (a.account_id > $2 OR (a.account_id = $2 AND e.version > $3)) \
            ORDER BY a.account_id, e.version LIMIT $4";
        /// Years of birth of those whose account is not frozen, numbered above one.
        BORN = "SELECT p.no, p.birth_year FROM person AS p WHERE p.book_id = $1 AND p.no > $2 AND NOT EXISTS \
            (SELECT 1 FROM time_estate AS s WHERE s.book_id = $1 AND s.person_id = p.id) ORDER BY p.no LIMIT $3";
        /// Minutes of service posted on the days of a span and not undone.
        SERVED = "SELECT CAST(COALESCE(SUM(o.counted), 0) AS BIGINT) FROM time_order AS o \
            JOIN txn AS t ON t.book_id = o.book_id AND t.seq = o.post_seq WHERE o.book_id = $1 AND o.state = 'posted' \
            AND t.effective_on > $2 AND t.effective_on <= $3 AND NOT EXISTS (SELECT 1 FROM txn AS r \
            WHERE r.book_id = $1 AND r.reverses_seq = o.post_seq)";
    }
}

/// A movement of saved minutes.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct MoveRow {
    /// The account.
    pub path: String,
    /// Its number.
    pub account_id: i64,
    /// Its place among the account's movements.
    pub version: i64,
    /// The transaction.
    pub seq: i64,
    /// The day for which it counts.
    pub effective_on: Day,
    /// Debit positive.
    pub quantity: i64,
}

/// Movements after one of an account.
pub async fn moves(
    tx: &mut Tx,
    book: BookId,
    (account, version): (i64, i64),
    limit: i64,
) -> StoreResult<Vec<MoveRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::MOVES)
        .bind(book)
        .bind(account)
        .bind(version)
        .bind(limit)
        .fetch_all(c))?)
}

/// Years of birth of those whose account is not frozen, numbered above `after`.
pub async fn born(
    tx: &mut Tx,
    book: BookId,
    after: &str,
    limit: i64,
) -> StoreResult<Vec<(PersonNo, Option<i32>)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BORN).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// Minutes of service posted after one day, up to another, and not undone.
pub async fn served(tx: &mut Tx, book: BookId, after: Day, through: Day) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::SERVED).bind(book).bind(after).bind(through).fetch_one(c))?)
}
