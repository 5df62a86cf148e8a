//! Orders and volunteers counted for whoever watches over a time bank. Reads only; holds no figure.

use crate::{
    domain::{ids::BookId, time::Timestamp},
    store::{StoreResult, Tx, on},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// The order at a number or the next one: when it was asked for.
        ORDER_AT = "SELECT no, asked_at FROM time_order WHERE book_id = $1 AND no >= $2 ORDER BY no LIMIT 1";
        /// Orders from a number on, with when somebody first took each, and whether its posting was undone.
        ORDERS = "SELECT o.no, o.asked_at, o.manner, o.starts_at, o.state, o.counted, o.done_at, \
            CASE WHEN o.payer_id IS NULL THEN 1 ELSE 0 END AS pool, \
            (SELECT MIN(a.answered_at) FROM time_answer AS a WHERE a.book_id = o.book_id AND a.order_id = o.id \
            AND a.answer = 'accepted') AS taken_at, \
            CASE WHEN EXISTS (SELECT 1 FROM txn AS t WHERE t.book_id = o.book_id AND t.reverses_seq = o.post_seq) \
            THEN 1 ELSE 0 END AS reversed FROM time_order AS o WHERE o.book_id = $1 AND o.no >= $2 ORDER BY o.no LIMIT $3";
        /// The years of birth of the volunteers on the list, each with how many were born in it.
        BIRTHS = "SELECT p.birth_year, CAST(COUNT(*) AS BIGINT) AS volunteers FROM time_volunteer AS v \
            JOIN person AS p ON p.book_id = v.book_id AND p.id = v.person_id WHERE v.book_id = $1 \
            AND v.left_on IS NULL GROUP BY p.birth_year ORDER BY p.birth_year";
    }
}

/// An order as the figures need it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AskedRow {
    /// Its number.
    pub no: i64,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// `self`, `family` or `desk`.
    pub manner: String,
    /// When it was to begin.
    pub starts_at: Timestamp,
    /// Where it stands.
    pub state: String,
    /// Minutes that counted.
    pub counted: i32,
    /// When it was checked out.
    pub done_at: Option<Timestamp>,
    /// 1 when the public pool pays.
    pub pool: i32,
    /// When somebody first took it.
    pub taken_at: Option<Timestamp>,
    /// 1 when its posting was undone.
    pub reversed: i32,
}

/// The order at number `no` or the next one: its number, and when it was asked for.
pub async fn order_at(tx: &mut Tx, book: BookId, no: i64) -> StoreResult<Option<(i64, Timestamp)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ORDER_AT).bind(book).bind(no).fetch_optional(c))?)
}

/// Orders from number `from` on, by number.
pub async fn orders(tx: &mut Tx, book: BookId, from: i64, limit: i64) -> StoreResult<Vec<AskedRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ORDERS).bind(book).bind(from).bind(limit).fetch_all(c))?)
}

/// Years of birth of the volunteers on the list, each with how many were born in it.
pub async fn births(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(Option<i32>, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BIRTHS).bind(book).fetch_all(c))?)
}
