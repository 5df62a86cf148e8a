//! How far a household's passbook is printed, and how far it has read its messages.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, HouseholdId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Where the passbook stands.
        OF = "SELECT version, used, printed_at, printed_by FROM passbook WHERE book_id = $1 AND household_id = $2";
        /// Moves it, from where it stood.
        MOVE = "INSERT INTO passbook AS p (book_id, household_id, version, used, printed_at, printed_by) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (book_id, household_id) DO UPDATE SET \
            version = excluded.version, used = excluded.used, printed_at = excluded.printed_at, \
            printed_by = excluded.printed_by WHERE p.version = $7 AND p.used = $8";
        /// Up to which line the household has seen its statement.
        SEEN = "SELECT version FROM household_seen WHERE book_id = $1 AND household_id = $2";
        /// It has seen more; never less.
        SEE = "INSERT INTO household_seen AS s (book_id, household_id, version, seen_at) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (book_id, household_id) DO UPDATE SET version = excluded.version, seen_at = excluded.seen_at \
            WHERE s.version <= excluded.version";
    }
}

/// Where a passbook stands.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PassbookRow {
    /// The line of the statement that was printed last.
    pub version: i64,
    /// Lines used on the page that lies open.
    pub used: i32,
    /// When.
    pub printed_at: Timestamp,
    /// By whom.
    pub printed_by: String,
}

/// Where a passbook stands, if one was ever printed.
pub async fn of(tx: &mut Tx, book: BookId, household: HouseholdId) -> StoreResult<Option<PassbookRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF).bind(book).bind(household).fetch_optional(c))?)
}

/// Moves it from where it stood (line and place); fails when somebody else printed meanwhile.
pub async fn set(
    tx: &mut WriteTx,
    book: BookId,
    household: HouseholdId,
    to: &PassbookRow,
    (version, used): (i64, i32),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::MOVE)
        .bind(book)
        .bind(household)
        .bind(to.version)
        .bind(to.used)
        .bind(to.printed_at)
        .bind(&to.printed_by)
        .bind(version)
        .bind(used)
        .execute(c))
}

/// Up to which line the household has seen its statement.
pub async fn seen(tx: &mut Tx, book: BookId, household: HouseholdId) -> StoreResult<i64> {
    let seen: Option<i64> =
        on!(tx, |c| sqlx::query_scalar(sql::SEEN).bind(book).bind(household).fetch_optional(c))?;
    Ok(seen.unwrap_or(0))
}

/// It has seen its statement up to a line; what it has seen stays seen.
pub async fn see(
    tx: &mut WriteTx,
    book: BookId,
    household: HouseholdId,
    version: i64,
    at: Timestamp,
) -> StoreResult<()> {
    super::any!(&mut **tx, |c| sqlx::query(sql::SEE)
        .bind(book)
        .bind(household)
        .bind(version)
        .bind(at)
        .execute(c))
}
