//! Requests to undo a posting (冲正), from the first person's reason to the second person's word.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{BookId, ReversalId},
    time::Timestamp,
};

macro_rules! columns {
    () => {
        "id, seq, requested_at, requested_by, reason, state, decided_at, decided_by, decision, txn_seq, \
         correction_seq"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a request.
        ADD = "INSERT INTO reversal (book_id, id, seq, requested_at, requested_by, reason, state) \
            VALUES ($1, $2, $3, $4, $5, $6, 'requested')";
        /// One request.
        ONE = concat!("SELECT ", columns!(), " FROM reversal WHERE book_id = $1 AND id = $2");
        /// The requests about one transaction, oldest first.
        OF_SEQ = concat!("SELECT ", columns!(), " FROM reversal WHERE book_id = $1 AND seq = $2 \
            ORDER BY requested_at, id LIMIT 100");
        /// Requests in a state, newest first; ids rise with time.
        LIST = concat!("SELECT ", columns!(), " FROM reversal WHERE book_id = $1 AND state = $2 AND id < $3 \
            ORDER BY id DESC LIMIT $4");
        /// How many wait.
        WAITING = "SELECT CAST(COUNT(*) AS BIGINT) FROM reversal WHERE book_id = $1 AND state = 'requested'";
        /// The second person's word.
        DECIDE = "UPDATE reversal SET state = $3, decided_at = $4, decided_by = $5, decision = $6, txn_seq = $7 \
            WHERE book_id = $1 AND id = $2 AND state = 'requested'";
        /// What stands in the place of what was undone.
        CORRECTED = "UPDATE reversal SET correction_seq = $3 WHERE book_id = $1 AND id = $2 AND state = 'posted' \
            AND correction_seq IS NULL";
        /// Takes the words out of the request that a transaction came from.
        ERASE_WORDS = "UPDATE reversal SET reason = '', decision = '' WHERE book_id = $1 AND txn_seq = $2";
    }
}

/// A request to undo a posting.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ReversalRow {
    /// Its name.
    pub id: ReversalId,
    /// The transaction to undo.
    pub seq: i64,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// By whom.
    pub requested_by: String,
    /// Why.
    pub reason: String,
    /// `requested`, `refused` or `posted`.
    pub state: String,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<String>,
    /// With what words.
    pub decision: Option<String>,
    /// The transaction that undid it.
    pub txn_seq: Option<i64>,
    /// The transaction that stands in its place, where it was put right.
    pub correction_seq: Option<i64>,
}

/// The second person's word on a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversalDecision<'a> {
    /// `refused` or `posted`.
    pub state: &'a str,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: &'a str,
    /// With what words.
    pub words: &'a str,
    /// The transaction that undid it.
    pub txn_seq: Option<i64>,
}

/// Adds a request.
pub async fn add(tx: &mut WriteTx, book: BookId, r: &ReversalRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.id)
        .bind(r.seq)
        .bind(r.requested_at)
        .bind(&r.requested_by)
        .bind(&r.reason)
        .execute(c))
}

/// One request.
pub async fn one(tx: &mut Tx, book: BookId, id: ReversalId) -> StoreResult<Option<ReversalRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The requests about one transaction, oldest first.
pub async fn of_seq(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Vec<ReversalRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_SEQ).bind(book).bind(seq).fetch_all(c))?)
}

/// Requests in `state` before `before`, newest first.
pub async fn list(
    tx: &mut Tx,
    book: BookId,
    state: &str,
    before: ReversalId,
    limit: i64,
) -> StoreResult<Vec<ReversalRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(state).bind(before).bind(limit).fetch_all(c))?)
}

/// How many requests wait for their second person.
pub async fn waiting(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::WAITING).bind(book).fetch_one(c))?)
}

/// The second person's word; fails unless the request still waits.
pub async fn decide(
    tx: &mut WriteTx,
    book: BookId,
    id: ReversalId,
    d: &ReversalDecision<'_>,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::DECIDE)
        .bind(book)
        .bind(id)
        .bind(d.state)
        .bind(d.at)
        .bind(d.by)
        .bind(d.words)
        .bind(d.txn_seq)
        .execute(c))
}

/// Takes the words out of the request that transaction `seq` came from, if it came from one.
pub async fn erase_words(tx: &mut WriteTx, book: BookId, seq: i64) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_WORDS).bind(book).bind(seq).execute(c))
}

/// Names what stands in the place of what was undone.
pub async fn corrected(tx: &mut WriteTx, book: BookId, id: ReversalId, seq: i64) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::CORRECTED).bind(book).bind(id).bind(seq).execute(c))
}
