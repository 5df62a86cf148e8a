//! Redemption counters (兑换点) and who stands at them. What a counter holds is the ledger's.

use futures_util::TryFutureExt;

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::ids::{BookId, CounterId, UserId};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a counter.
        ADD = "INSERT INTO counter (book_id, id, code, name, name_en, state) VALUES ($1, $2, $3, $4, $5, 'open')";
        /// One counter.
        BY_ID = "SELECT id, code, name, name_en, state FROM counter WHERE book_id = $1 AND id = $2";
        /// One counter, by the code in its account paths.
        BY_CODE = "SELECT id, code, name, name_en, state FROM counter WHERE book_id = $1 AND code = $2";
        /// All counters of a village.
        LIST = "SELECT id, code, name, name_en, state FROM counter WHERE book_id = $1 ORDER BY code LIMIT 200";
        /// Opens or closes.
        SET_STATE = "UPDATE counter SET state = $3 WHERE book_id = $1 AND id = $2 AND state <> $3";
        /// Where somebody stands.
        OF_KEEPER = "SELECT c.id, c.code, c.name, c.name_en, c.state FROM counter_keeper k \
            JOIN counter c ON c.book_id = k.book_id AND c.id = k.counter_id \
            WHERE k.book_id = $1 AND k.user_id = $2 ORDER BY c.code LIMIT 200";
        /// Puts somebody behind a counter.
        ADD_KEEPER = "INSERT INTO counter_keeper (book_id, counter_id, user_id) VALUES ($1, $2, $3) \
            ON CONFLICT (book_id, counter_id, user_id) DO NOTHING";
        /// Takes somebody away from a counter.
        REMOVE_KEEPER = "DELETE FROM counter_keeper WHERE book_id = $1 AND counter_id = $2 AND user_id = $3";
        /// Who stands at a counter.
        KEEPERS = "SELECT k.user_id, l.display_name FROM counter_keeper k LEFT JOIN login l ON l.id = k.user_id \
            WHERE k.book_id = $1 AND k.counter_id = $2 ORDER BY k.user_id LIMIT 200";
    }
}

/// A counter.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CounterRow {
    /// Its name inside the program.
    pub id: CounterId,
    /// Part of account paths: ASCII, never changes.
    pub code: String,
    /// What the village calls it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// `open` or `closed`.
    pub state: String,
}

impl CounterRow {
    /// Whether goods are handed over there now.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }
}

/// Somebody who stands at a counter.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeeperRow {
    /// The account.
    pub user_id: UserId,
    /// The name, while the account exists.
    pub display_name: Option<String>,
}

/// Adds an open counter.
pub async fn add(tx: &mut WriteTx, book: BookId, c: &CounterRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c_| sqlx::query(sql::ADD)
        .bind(book)
        .bind(c.id)
        .bind(&c.code)
        .bind(&c.name)
        .bind(&c.name_en)
        .execute(c_))
}

/// One counter.
pub async fn by_id(tx: &mut Tx, book: BookId, id: CounterId) -> StoreResult<Option<CounterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_ID).bind(book).bind(id).fetch_optional(c))?)
}

/// One counter, by the code in its account paths.
pub async fn by_code(tx: &mut Tx, book: BookId, code: &str) -> StoreResult<Option<CounterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_CODE).bind(book).bind(code).fetch_optional(c))?)
}

/// All counters of a village, at most 200.
pub async fn list(tx: &mut Tx, book: BookId) -> StoreResult<Vec<CounterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).fetch_all(c))?)
}

/// Opens (`open`) or closes (`closed`) a counter that is in the other state.
pub async fn set_state(tx: &mut WriteTx, book: BookId, id: CounterId, state: &str) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SET_STATE).bind(book).bind(id).bind(state).execute(c))
}

/// The counters somebody stands at.
pub async fn of_keeper(tx: &mut Tx, book: BookId, user: UserId) -> StoreResult<Vec<CounterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_KEEPER).bind(book).bind(user).fetch_all(c))?)
}

/// Puts somebody behind a counter; nothing happens if they stand there already.
pub async fn add_keeper(tx: &mut WriteTx, book: BookId, counter: CounterId, user: UserId) -> StoreResult<()> {
    on!(&mut **tx, |c| sqlx::query(sql::ADD_KEEPER)
        .bind(book)
        .bind(counter)
        .bind(user)
        .execute(c)
        .map_ok(drop))
    .map_err(Into::into)
}

/// Takes somebody away from a counter.
pub async fn remove_keeper(
    tx: &mut WriteTx,
    book: BookId,
    counter: CounterId,
    user: UserId,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::REMOVE_KEEPER).bind(book).bind(counter).bind(user).execute(c))
}

/// Who stands at a counter.
pub async fn keepers(tx: &mut Tx, book: BookId, counter: CounterId) -> StoreResult<Vec<KeeperRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::KEEPERS).bind(book).bind(counter).fetch_all(c))?)
}
