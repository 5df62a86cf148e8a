//! What requests were answered under their keys. Who may repeat what is decided above.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::time::Timestamp;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Takes a key; another request with it waits here until this one is through.
        CLAIM = "INSERT INTO answer (caller, operation, key, at, sealed) VALUES ($1, $2, $3, $4, $5)";
        /// What was answered.
        SEALED = "SELECT sealed FROM answer WHERE caller = $1 AND operation = $2 AND key = $3";
        /// Writes the answer down.
        SETTLE = "UPDATE answer SET sealed = $4 WHERE caller = $1 AND operation = $2 AND key = $3";
        /// Gives a key back that led to no answer.
        FORGET = "DELETE FROM answer WHERE caller = $1 AND operation = $2 AND key = $3";
    }
}

/// A key: who chose it, for what, and its text.
#[derive(Debug, Clone, Copy)]
pub struct AnswerKey<'a> {
    /// Who chose it.
    pub caller: &'a str,
    /// Method and path.
    pub operation: &'a str,
    /// What was chosen.
    pub key: &'a str,
}

/// Takes the key with what is known of its answer so far; [`super::StoreError::Duplicate`] when it was taken.
pub async fn claim(tx: &mut WriteTx, k: AnswerKey<'_>, at: Timestamp, sealed: &[u8]) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::CLAIM)
        .bind(k.caller)
        .bind(k.operation)
        .bind(k.key)
        .bind(at)
        .bind(sealed)
        .execute(c))
}

/// What was answered under the key.
pub async fn sealed(tx: &mut Tx, k: AnswerKey<'_>) -> StoreResult<Option<Vec<u8>>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::SEALED)
        .bind(k.caller)
        .bind(k.operation)
        .bind(k.key)
        .fetch_optional(c))?)
}

/// Writes the answer of a key just taken.
pub async fn settle(tx: &mut WriteTx, k: AnswerKey<'_>, sealed: &[u8]) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SETTLE)
        .bind(k.caller)
        .bind(k.operation)
        .bind(k.key)
        .bind(sealed)
        .execute(c))
}

/// Gives a key just taken back.
pub async fn forget(tx: &mut WriteTx, k: AnswerKey<'_>) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::FORGET)
        .bind(k.caller)
        .bind(k.operation)
        .bind(k.key)
        .execute(c))
}
