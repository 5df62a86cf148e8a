//! Where a book's events are sent, how far each receiver has come, and how it answered. What is sent is the ledger.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, WebhookId},
    time::Timestamp,
};

macro_rules! columns {
    () => {
        "id, url, kinds, secret, old_secret, old_until, state, place, failures, next_at, failing_since, \
         last_error, last_at, test, created_at, created_by"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a receiver.
        ADD = "INSERT INTO webhook (book_id, id, url, kinds, secret, state, place, failures, next_at, created_at, \
            created_by) VALUES ($1, $2, $3, $4, $5, 'active', $6, 0, $7, $7, $8)";
        /// The receivers of a book.
        LIST = concat!("SELECT ", columns!(), " FROM webhook WHERE book_id = $1 ORDER BY id LIMIT 100");
        /// One receiver.
        ONE = concat!("SELECT ", columns!(), " FROM webhook WHERE book_id = $1 AND id = $2");
        /// Receivers whose turn it is.
        DUE = concat!("SELECT ", columns!(), " FROM webhook WHERE book_id = $1 AND next_at <= $2 \
            AND (state = 'active' OR test = 'wanted') ORDER BY id LIMIT 100");
        /// Takes a receiver in hand: nobody else sends to it until the lease is over.
        TAKE = "UPDATE webhook SET next_at = $3 WHERE book_id = $1 AND id = $2 AND next_at = $4";
        /// A message arrived: the place moves on, from where it was sent only.
        ARRIVED = "UPDATE webhook SET place = $4, last_at = $5, next_at = $6, failures = 0, failing_since = NULL, \
            last_error = NULL WHERE book_id = $1 AND id = $2 AND place = $3 AND state = 'active'";
        /// A message did not arrive.
        FAILED = "UPDATE webhook SET failures = $4, next_at = $5, failing_since = $6, last_error = $7, state = $8 \
            WHERE book_id = $1 AND id = $2 AND place = $3 AND state = 'active'";
        /// Gives a receiver back.
        GIVE_BACK = "UPDATE webhook SET next_at = $4 WHERE book_id = $1 AND id = $2 AND next_at = $3";
        /// What became of a test.
        TESTED = "UPDATE webhook SET test = $3 WHERE book_id = $1 AND id = $2 AND test = 'wanted'";
        /// Asks for a test.
        TEST = "UPDATE webhook SET test = 'wanted', next_at = $3 WHERE book_id = $1 AND id = $2";
        /// Pauses it, or goes on.
        SET_STATE = "UPDATE webhook SET state = $3, failures = 0, failing_since = NULL, next_at = $4 \
            WHERE book_id = $1 AND id = $2";
        /// Goes on from another place.
        REWIND = "UPDATE webhook SET place = $3, failures = 0, failing_since = NULL, next_at = $4 \
            WHERE book_id = $1 AND id = $2";
        /// Another secret; the old one signs too for a while.
        ROTATE = "UPDATE webhook SET old_secret = secret, old_until = $4, secret = $3 WHERE book_id = $1 AND id = $2";
        /// Takes it away.
        REMOVE = "DELETE FROM webhook WHERE book_id = $1 AND id = $2";
    }
}

/// A receiver.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct WebhookRow {
    /// Its name.
    pub id: WebhookId,
    /// Where messages go.
    pub url: String,
    /// Kinds of transactions, separated by blanks; empty for all.
    pub kinds: String,
    /// What signs them, sealed.
    pub secret: Vec<u8>,
    /// What signed them before, sealed.
    pub old_secret: Option<Vec<u8>>,
    /// Until when that one signs too.
    pub old_until: Option<Timestamp>,
    /// `active`, `paused`, `failing` (given up) or `gone` (it said so).
    pub state: String,
    /// The last place that arrived or was passed over.
    pub place: i64,
    /// Failures in a row.
    pub failures: i64,
    /// Nothing is sent before.
    pub next_at: Timestamp,
    /// Since when everything fails.
    pub failing_since: Option<Timestamp>,
    /// What went wrong the last time: a stable code.
    pub last_error: Option<String>,
    /// When something arrived last.
    pub last_at: Option<Timestamp>,
    /// A test: `wanted`, `arrived` or what went wrong.
    pub test: Option<String>,
    /// Since when it is here.
    pub created_at: Timestamp,
    /// Who added it.
    pub created_by: String,
}

/// Something that did not arrive.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    /// The place it was sent from.
    pub place: i64,
    /// Failures in a row with it.
    pub failures: i64,
    /// When it is tried again.
    pub next_at: Timestamp,
    /// Since when everything fails.
    pub since: Timestamp,
    /// What went wrong.
    pub error: &'a str,
    /// What becomes of the receiver.
    pub state: &'a str,
}

/// Adds a receiver that gets what comes after the row's place.
pub async fn add(tx: &mut WriteTx, book: BookId, row: &WebhookRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(row.id)
        .bind(&row.url)
        .bind(&row.kinds)
        .bind(&row.secret)
        .bind(row.place)
        .bind(row.created_at)
        .bind(&row.created_by)
        .execute(c))
}

/// The receivers of a book.
pub async fn list(tx: &mut Tx, book: BookId) -> StoreResult<Vec<WebhookRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).fetch_all(c))?)
}

/// One receiver.
pub async fn one(tx: &mut Tx, book: BookId, id: WebhookId) -> StoreResult<Option<WebhookRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// Receivers whose turn it is.
pub async fn due(tx: &mut Tx, book: BookId, now: Timestamp) -> StoreResult<Vec<WebhookRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DUE).bind(book).bind(now).fetch_all(c))?)
}

/// Takes a receiver in hand until `until`; [`super::StoreError::RowsAffected`] when somebody else has it.
pub async fn take(tx: &mut WriteTx, book: BookId, row: &WebhookRow, until: Timestamp) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::TAKE)
        .bind(book)
        .bind(row.id)
        .bind(until)
        .bind(row.next_at)
        .execute(c))
}

/// Something arrived: the place moves from `from` to `to`, and the lease goes on until `until`.
pub async fn arrived(
    tx: &mut WriteTx,
    book: BookId,
    id: WebhookId,
    (from, to): (i64, i64),
    at: Option<Timestamp>,
    until: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ARRIVED)
        .bind(book)
        .bind(id)
        .bind(from)
        .bind(to)
        .bind(at)
        .bind(until)
        .execute(c))
}

/// Something did not arrive.
pub async fn failed(tx: &mut WriteTx, book: BookId, id: WebhookId, f: &Failure<'_>) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::FAILED)
        .bind(book)
        .bind(id)
        .bind(f.place)
        .bind(f.failures)
        .bind(f.next_at)
        .bind(f.since)
        .bind(f.error)
        .bind(f.state)
        .execute(c))
}

/// Gives a receiver back, if it is still in hand since `until` was written.
pub async fn give_back(
    tx: &mut WriteTx,
    book: BookId,
    id: WebhookId,
    until: Timestamp,
    next_at: Timestamp,
) -> StoreResult<()> {
    super::any!(&mut **tx, |c| sqlx::query(sql::GIVE_BACK)
        .bind(book)
        .bind(id)
        .bind(until)
        .bind(next_at)
        .execute(c))
}

/// What became of a test.
pub async fn tested(tx: &mut WriteTx, book: BookId, id: WebhookId, result: &str) -> StoreResult<()> {
    super::any!(&mut **tx, |c| sqlx::query(sql::TESTED).bind(book).bind(id).bind(result).execute(c))
}

/// Asks for a test.
pub async fn test(tx: &mut WriteTx, book: BookId, id: WebhookId, now: Timestamp) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::TEST).bind(book).bind(id).bind(now).execute(c))
}

/// Pauses it, or goes on at once.
pub async fn set_state(
    tx: &mut WriteTx,
    book: BookId,
    id: WebhookId,
    state: &str,
    now: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SET_STATE)
        .bind(book)
        .bind(id)
        .bind(state)
        .bind(now)
        .execute(c))
}

/// Goes on after another place.
pub async fn rewind(
    tx: &mut WriteTx,
    book: BookId,
    id: WebhookId,
    place: i64,
    now: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::REWIND).bind(book).bind(id).bind(place).bind(now).execute(c))
}

/// Another secret; the one before signs too until `old_until`.
pub async fn rotate(
    tx: &mut WriteTx,
    book: BookId,
    id: WebhookId,
    secret: &[u8],
    old_until: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ROTATE)
        .bind(book)
        .bind(id)
        .bind(secret)
        .bind(old_until)
        .execute(c))
}

/// Takes it away.
pub async fn remove(tx: &mut WriteTx, book: BookId, id: WebhookId) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::REMOVE).bind(book).bind(id).execute(c))
}
