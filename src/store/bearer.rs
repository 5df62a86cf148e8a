//! Alerts: one person came for several households within minutes. Raised with a posting, reviewed once.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{AlertId, BookId, CounterId, HouseholdId, OrderId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Raises one.
        ADD = "INSERT INTO bearer_alert (book_id, id, bearer, counter_id, redemption_id, raised_at, households, state) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'open')";
        /// One.
        ONE = "SELECT id, bearer, counter_id, redemption_id, raised_at, households, state, reviewed_at, reviewed_by, note \
            FROM bearer_alert WHERE book_id = $1 AND id = $2";
        /// Whether one was raised for a bearer since an instant.
        SINCE = "SELECT CAST(COUNT(*) AS BIGINT) FROM bearer_alert WHERE book_id = $1 AND bearer = $2 \
            AND raised_at > $3";
        /// Those that wait first, then the latest.
        LIST = "SELECT id, bearer, counter_id, redemption_id, raised_at, households, state, reviewed_at, reviewed_by, note \
            FROM bearer_alert WHERE book_id = $1 ORDER BY state, raised_at DESC, id DESC LIMIT $2";
        /// How many wait.
        OPEN = "SELECT CAST(COUNT(*) AS BIGINT) FROM bearer_alert WHERE book_id = $1 AND state = 'open'";
        /// Somebody looked into it.
        REVIEW = "UPDATE bearer_alert SET state = 'reviewed', reviewed_at = $3, reviewed_by = $4, note = $5 \
            WHERE book_id = $1 AND id = $2 AND state = 'open'";
        /// What was found is gone, where a household had a part in it.
        ERASE = "UPDATE bearer_alert SET note = '' WHERE book_id = $1 AND state = 'reviewed' AND note <> '' \
            AND bearer IN (SELECT bearer FROM redemption_bystander WHERE book_id = $1 AND household_id = $2)";
    }
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AlertRow {
    /// Its name.
    pub id: AlertId,
    /// By what the redemptions are known to be one person's.
    pub bearer: String,
    /// Where.
    pub counter_id: CounterId,
    /// The redemption with which it was noticed.
    pub redemption_id: OrderId,
    /// When.
    pub raised_at: Timestamp,
    /// How many households by then.
    pub households: i64,
    /// `open` or `reviewed`.
    pub state: String,
    /// When somebody looked into it.
    pub reviewed_at: Option<Timestamp>,
    /// Who.
    pub reviewed_by: Option<String>,
    /// What was found.
    pub note: Option<String>,
}

impl AlertRow {
    /// Whether nobody looked into it yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }
}

/// Raises one.
pub async fn add(tx: &mut WriteTx, book: BookId, a: &AlertRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(a.id)
        .bind(&a.bearer)
        .bind(a.counter_id)
        .bind(a.redemption_id)
        .bind(a.raised_at)
        .bind(a.households)
        .execute(c))
}

/// One alert.
pub async fn one(tx: &mut Tx, book: BookId, id: AlertId) -> StoreResult<Option<AlertRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// How many were raised for a bearer since an instant.
pub async fn since(tx: &mut Tx, book: BookId, bearer: &str, since: Timestamp) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::SINCE).bind(book).bind(bearer).bind(since).fetch_one(c))?)
}

/// Alerts: those that wait first, then the latest.
pub async fn list(tx: &mut Tx, book: BookId, limit: i64) -> StoreResult<Vec<AlertRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(limit).fetch_all(c))?)
}

/// How many wait for somebody to look into them.
pub async fn open(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OPEN).bind(book).fetch_one(c))?)
}

/// Somebody looked into one that is open.
pub async fn review(
    tx: &mut WriteTx,
    book: BookId,
    id: AlertId,
    (at, by): (Timestamp, &str),
    note: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::REVIEW)
        .bind(book)
        .bind(id)
        .bind(at)
        .bind(by)
        .bind(note)
        .execute(c))
}

/// Erases what was found, wherever a household had a part in it.
pub async fn erase_words(tx: &mut WriteTx, book: BookId, household: HouseholdId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE).bind(book).bind(household).execute(c))
}
