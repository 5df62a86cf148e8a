//! Who did what to which thing, on whose behalf, when and why (留痕). Rows are only ever added.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, EventId},
    time::Timestamp,
};
use uuid::Uuid;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds an event.
        ADD = "INSERT INTO event (book_id, id, at, subject, subject_id, verb, from_state, to_state, actor, on_behalf, \
            reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        /// The life of one thing, oldest first.
        OF = "SELECT id, at, subject, subject_id, verb, from_state, to_state, actor, on_behalf, reason FROM event \
            WHERE book_id = $1 AND subject_id = $2 ORDER BY at, id LIMIT 200";
        /// What was done to accounts and places before `$2`, `$3`, the latest first.
        OFFICE = "SELECT id, at, subject, subject_id, verb, from_state, to_state, actor, on_behalf, reason FROM event \
            WHERE book_id = $1 AND subject IN ('account', 'place') AND (at < $2 OR (at = $2 AND id < $3)) \
            ORDER BY at DESC, id DESC LIMIT $4";
    }
}

/// One happening.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Event {
    /// Its name.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// The kind of thing it happened to: `award`, `notice`, `card` …
    pub subject: String,
    /// Which one.
    pub subject_id: Uuid,
    /// What happened: `record`, `approve`, `object` …
    pub verb: String,
    /// The state before, if the thing has states.
    pub from_state: Option<String>,
    /// The state after.
    pub to_state: Option<String>,
    /// Who did it ([`crate::service::Actor`] as text).
    pub actor: String,
    /// For whom, when done on behalf (代办).
    pub on_behalf: Option<String>,
    /// Why; empty when no reason is asked for.
    pub reason: String,
}

/// Adds an event.
pub async fn add(tx: &mut WriteTx, book: BookId, e: &Event) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(e.id)
        .bind(e.at)
        .bind(&e.subject)
        .bind(e.subject_id)
        .bind(&e.verb)
        .bind(&e.from_state)
        .bind(&e.to_state)
        .bind(&e.actor)
        .bind(&e.on_behalf)
        .bind(&e.reason)
        .execute(c))
}

/// The life of one thing, oldest first; at most 200 events.
pub async fn of(tx: &mut Tx, book: BookId, subject_id: Uuid) -> StoreResult<Vec<Event>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF).bind(book).bind(subject_id).fetch_all(c))?)
}

/// What was done to accounts and places before an event, the latest first.
pub async fn office(
    tx: &mut Tx,
    book: BookId,
    before: (Timestamp, EventId),
    limit: i64,
) -> StoreResult<Vec<Event>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OFFICE)
        .bind(book)
        .bind(before.0)
        .bind(before.1)
        .bind(limit)
        .fetch_all(c))?)
}
