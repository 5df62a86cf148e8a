//! What somebody said to an order as it moved: beside the history, from where it can go.

use crate::{
    domain::ids::{BookId, EventId, PersonId, TimeOrderId},
    store::{StoreResult, Tx, WriteTx, any, exactly, on},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a note.
        ADD = "INSERT INTO time_note (book_id, event_id, order_id, words) VALUES ($1, $2, $3, $4)";
        /// The notes of an order.
        OF_ORDER = "SELECT event_id, words FROM time_note WHERE book_id = $1 AND order_id = $2 LIMIT 200";
        /// Empties the notes of the orders of a person, whichever side they were on.
        ERASE = "UPDATE time_note SET words = '' WHERE book_id = $1 AND order_id IN (SELECT o.id FROM time_order AS o \
            WHERE o.book_id = $1 AND (o.served_id = $2 OR o.volunteer_id = $2))";
    }
}

/// Adds a note to what happened to an order.
pub async fn add(
    tx: &mut WriteTx,
    book: BookId,
    (event, order): (EventId, TimeOrderId),
    words: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(event)
        .bind(order)
        .bind(words)
        .execute(c))
}

/// The notes of an order, by what happened.
pub async fn of_order(tx: &mut Tx, book: BookId, order: TimeOrderId) -> StoreResult<Vec<(EventId, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_ORDER).bind(book).bind(order).fetch_all(c))?)
}

/// Empties the notes of the orders of a person, whichever side they were on.
pub async fn erase(tx: &mut WriteTx, book: BookId, person: PersonId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE).bind(book).bind(person).execute(c))
}
