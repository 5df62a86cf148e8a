//! Failed sign-ins in a row, by subject. A subject is a digest: this table names nobody.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::time::Timestamp;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// What a subject did so far.
        FIND = "SELECT failures, failed_at FROM throttle WHERE subject = $1";
        /// One more try, or the first one in a long while.
        CHARGE = "INSERT INTO throttle (subject, failures, failed_at) VALUES ($1, 1, $2) \
            ON CONFLICT (subject) DO UPDATE SET failed_at = excluded.failed_at, failures = \
            CASE WHEN throttle.failed_at < $3 THEN 1 ELSE throttle.failures + 1 END";
        /// Forgets a subject.
        CLEAR = "DELETE FROM throttle WHERE subject = $1";
    }
}

/// What a subject did so far.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct ThrottleRow {
    /// Tries that failed in a row.
    pub failures: i64,
    /// The last one.
    pub failed_at: Timestamp,
}

/// What `subject` did so far.
pub async fn find(tx: &mut Tx, subject: &str) -> StoreResult<Option<ThrottleRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::FIND).bind(subject).fetch_optional(c))?)
}

/// Counts one more try; tries before `forgotten_before` no longer count.
pub async fn charge(
    tx: &mut WriteTx,
    subject: &str,
    now: Timestamp,
    forgotten_before: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::CHARGE)
        .bind(subject)
        .bind(now)
        .bind(forgotten_before)
        .execute(c))
}

/// Forgets `subject`.
pub async fn clear(tx: &mut WriteTx, subject: &str) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::CLEAR).bind(subject).execute(c))
}
