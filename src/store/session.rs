//! Sign-ins. Only the digest of the cookie's secret is kept, so a copy of the database opens no session.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{BookId, HouseholdId, SessionId, UserId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// A new sign-in.
        INSERT = "INSERT INTO session (digest, id, user_id, book_id, household_id, stage, csrf, created_at, seen_at, \
            expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, NULL)";
        /// The live sign-in of a cookie.
        BY_DIGEST = "SELECT id, user_id, book_id, household_id, stage, csrf, created_at, seen_at, expires_at \
            FROM session WHERE digest = $1 AND revoked_at IS NULL AND expires_at > $2";
        /// Used just now.
        TOUCH = "UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2";
        /// Ends one sign-in.
        REVOKE = "UPDATE session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
        /// Ends every sign-in of an account but one.
        REVOKE_OTHERS = "UPDATE session SET revoked_at = $3 WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL";
        /// Ends every sign-in of a household.
        REVOKE_HOUSEHOLD = "UPDATE session SET revoked_at = $3 \
            WHERE book_id = $1 AND household_id = $2 AND revoked_at IS NULL";
        /// The live sign-ins of an account, newest first.
        OF_USER = "SELECT id, user_id, book_id, household_id, stage, csrf, created_at, seen_at, expires_at FROM session \
            WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at DESC LIMIT $3";
    }
}

/// A live sign-in. Debug hides its CSRF token.
#[derive(Clone, sqlx::FromRow)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// A staff account, or
    pub user_id: Option<UserId>,
    /// a book's
    pub book_id: Option<BookId>,
    /// household.
    pub household_id: Option<HouseholdId>,
    /// `password` (the second factor is still owed) or `full`.
    pub stage: String,
    /// What its forms carry.
    pub csrf: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Last used.
    pub seen_at: Timestamp,
    /// Ends then whatever happens.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for SessionRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionRow").field("id", &self.id).field("stage", &self.stage).finish_non_exhaustive()
    }
}

/// Adds a sign-in.
pub async fn insert(tx: &mut WriteTx, digest: &[u8], row: &SessionRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::INSERT)
        .bind(digest)
        .bind(row.id)
        .bind(row.user_id)
        .bind(row.book_id)
        .bind(row.household_id)
        .bind(&row.stage)
        .bind(&row.csrf)
        .bind(row.created_at)
        .bind(row.expires_at)
        .execute(c))
}

/// The live sign-in whose cookie digests to `digest`.
pub async fn by_digest(tx: &mut Tx, digest: &[u8], now: Timestamp) -> StoreResult<Option<SessionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_DIGEST).bind(digest).bind(now).fetch_optional(c))?)
}

/// Notes that it was used.
pub async fn touch(tx: &mut WriteTx, id: SessionId, now: Timestamp) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::TOUCH).bind(id).bind(now).execute(c))
}

/// Ends it; ending it twice is no error.
pub async fn revoke(tx: &mut WriteTx, id: SessionId, now: Timestamp) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::REVOKE).bind(id).bind(now).execute(c))
}

/// Ends every sign-in of `user` but `keep`.
pub async fn revoke_others(
    tx: &mut WriteTx,
    user: UserId,
    keep: SessionId,
    now: Timestamp,
) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::REVOKE_OTHERS).bind(user).bind(keep).bind(now).execute(c))
}

/// Ends every sign-in of a household.
pub async fn revoke_household(
    tx: &mut WriteTx,
    book: BookId,
    household: HouseholdId,
    now: Timestamp,
) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::REVOKE_HOUSEHOLD).bind(book).bind(household).bind(now).execute(c))
}

/// The live sign-ins of `user`.
pub async fn of_user(tx: &mut Tx, user: UserId, now: Timestamp, limit: i64) -> StoreResult<Vec<SessionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_USER).bind(user).bind(now).bind(limit).fetch_all(c))?)
}
