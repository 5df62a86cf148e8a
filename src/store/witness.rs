//! Both sides of witnessing: whom we ask to cosign our heads, whose heads we cosign and how far.

use super::{StoreResult, Tx, WriteTx, any, on};
use crate::domain::time::Timestamp;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Asks a witness from now on.
        ASK = "INSERT INTO witness (url, vkey, since) VALUES ($1, $2, $3) \
            ON CONFLICT (url) DO UPDATE SET vkey = excluded.vkey, since = excluded.since";
        /// Asks it no more.
        FORGET = "DELETE FROM witness WHERE url = $1 RETURNING url";
        /// The witnesses we ask.
        ASKED = "SELECT url, vkey, since FROM witness ORDER BY url";
        /// Cosigns a log from now on.
        TRUST = "INSERT INTO witnessed_log (vkey, origin, since) VALUES ($1, $2, $3) ON CONFLICT (vkey) DO NOTHING";
        /// The logs we cosign.
        TRUSTED = "SELECT vkey, origin, since, asked_at FROM witnessed_log ORDER BY origin, since, vkey";
        /// The keys of a log, locked until the transaction ends.
        LOCK = "UPDATE witnessed_log SET asked_at = $2 WHERE origin = $1 RETURNING vkey";
        /// The last head of a log that we cosigned.
        LAST = "SELECT origin, size, root, note, cosigned_at FROM witnessed_head WHERE origin = $1 \
            ORDER BY size DESC LIMIT 1";
        /// Remembers a head that we cosign; the first of its size stays.
        ADD = "INSERT INTO witnessed_head (origin, size, root, note, cosigned_at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (origin, size) DO NOTHING";
    }
}

/// A witness we ask.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct WitnessRow {
    /// What `/add-checkpoint` is put behind.
    pub url: String,
    /// What verifies its cosignatures.
    pub vkey: String,
    /// Since when.
    pub since: Timestamp,
}

/// A key of a log we cosign.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct WitnessedLogRow {
    /// What verifies its heads.
    pub vkey: String,
    /// Its name.
    pub origin: String,
    /// Since when.
    pub since: Timestamp,
    /// When a head of it last came in.
    pub asked_at: Option<Timestamp>,
}

/// A head of another log that we cosigned.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct WitnessedHead {
    /// Which log.
    pub origin: String,
    /// How many leaves.
    pub size: i64,
    /// The root over them.
    pub root: Vec<u8>,
    /// The head as it came.
    pub note: String,
    /// When.
    pub cosigned_at: Timestamp,
}

/// Asks a witness from now on.
pub async fn ask(tx: &mut WriteTx, row: &WitnessRow) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ASK).bind(&row.url).bind(&row.vkey).bind(row.since).execute(c))
}

/// Asks it no more; whether it was asked.
pub async fn forget(tx: &mut WriteTx, url: &str) -> StoreResult<bool> {
    let found: Option<String> =
        on!(&mut **tx, |c| sqlx::query_scalar(sql::FORGET).bind(url).fetch_optional(c))?;
    Ok(found.is_some())
}

/// The witnesses we ask.
pub async fn asked(tx: &mut Tx) -> StoreResult<Vec<WitnessRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ASKED).fetch_all(c))?)
}

/// Cosigns a log from now on.
pub async fn trust(tx: &mut WriteTx, vkey: &str, origin: &str, since: Timestamp) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::TRUST).bind(vkey).bind(origin).bind(since).execute(c))
}

/// The logs we cosign.
pub async fn trusted(tx: &mut Tx) -> StoreResult<Vec<WitnessedLogRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::TRUSTED).fetch_all(c))?)
}

/// The keys of a log, locked until the transaction ends.
pub async fn lock(tx: &mut WriteTx, origin: &str, now: Timestamp) -> StoreResult<Vec<String>> {
    Ok(on!(&mut **tx, |c| sqlx::query_scalar(sql::LOCK).bind(origin).bind(now).fetch_all(c))?)
}

/// The last head of a log that we cosigned.
pub async fn last(tx: &mut Tx, origin: &str) -> StoreResult<Option<WitnessedHead>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LAST).bind(origin).fetch_optional(c))?)
}

/// Remembers a head that we cosign.
pub async fn add(tx: &mut WriteTx, head: &WitnessedHead) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ADD)
        .bind(&head.origin)
        .bind(head.size)
        .bind(&head.root)
        .bind(&head.note)
        .bind(head.cosigned_at)
        .execute(c))
}
