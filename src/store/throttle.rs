//! Failed sign-ins in a row, by subject. A subject is a digest: this table names nobody.

use super::{StoreResult, WriteTx, any, exactly, on};
use crate::domain::time::Timestamp;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// What a subject did so far; its row stays locked, so that tries side by side are counted one by one.
        LOCK = "INSERT INTO throttle (subject, failures, failed_at) VALUES ($1, 0, 0) \
            ON CONFLICT (subject) DO UPDATE SET failures = throttle.failures RETURNING failures, failed_at";
        /// One more try, or the first one in a long while.
        CHARGE = "UPDATE throttle SET failed_at = $2, failures = \
            CASE WHEN failed_at < $3 THEN 1 ELSE failures + 1 END WHERE subject = $1";
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

/// What `subject` did so far, locked until the transaction ends.
pub async fn lock(tx: &mut WriteTx, subject: &str) -> StoreResult<ThrottleRow> {
    Ok(on!(&mut **tx, |c| sqlx::query_as(sql::LOCK).bind(subject).fetch_one(c))?)
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
