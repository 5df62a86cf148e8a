//! Texts of transactions that may speak of people. The log holds a commitment; text and salt stand here until they
//! are erased.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{ids::BookId, time::Timestamp};

/// Statements.
pub mod sql {
    use crate::store::{ledger::block::blocks, sql::statements};
    statements! {
        /// Keeps a text.
        ADD = "INSERT INTO private_text (book_id, key, name, commitment, salt, content) VALUES ($1, $2, $3, $4, $5, $6)";
        /// Keeps that there was a text.
        ADD_ERASED = "INSERT INTO private_text (book_id, key, name, commitment, erased_at) VALUES ($1, $2, $3, $4, $5)";
        /// The texts of a key.
        OF_KEY = "SELECT key, name, commitment, salt, content, erased_at FROM private_text WHERE book_id = $1 \
            AND key = $2 ORDER BY name";
        /// All texts of a book after a key and name.
        EACH = "SELECT key, name, commitment, salt, content, erased_at FROM private_text WHERE book_id = $1 \
            AND (key > $2 OR (key = $2 AND name > $3)) ORDER BY key, name LIMIT $4";
        /// Erases the texts of a key.
        ERASE = "UPDATE private_text SET salt = NULL, content = NULL, erased_at = $3 WHERE book_id = $1 AND key = $2 \
            AND erased_at IS NULL";
        /// Keys of the transactions on accounts whose path begins like `$2` that still have a text.
        KEYS_OF = concat!(
            blocks!(),
            "SELECT DISTINCT t.key FROM account AS a CROSS JOIN block CROSS JOIN entry AS e JOIN txn AS t ON \
            t.book_id = e.book_id \
            AND t.seq = e.seq JOIN private_text AS p ON p.book_id = t.book_id AND p.key = t.key \
            WHERE a.book_id = $1 AND a.path LIKE $2 AND e.book_id = $1 AND e.block = block.n \
            AND e.account_id = a.account_id AND p.erased_at IS NULL ORDER BY t.key"
        );
    }
}

/// A text.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PrivateTextRow {
    /// The key of its transaction, or refusal.
    pub key: String,
    /// The field of the request.
    pub name: String,
    /// What the log holds instead.
    pub commitment: Vec<u8>,
    /// What makes the commitment tell nothing.
    pub salt: Option<Vec<u8>>,
    /// The text.
    pub content: Option<String>,
    /// When it was erased.
    pub erased_at: Option<Timestamp>,
}

/// Keeps a text.
pub async fn add(
    tx: &mut WriteTx,
    book: BookId,
    key: &str,
    name: &str,
    commitment: &[u8],
    salt: &[u8],
    content: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(key)
        .bind(name)
        .bind(commitment)
        .bind(salt)
        .bind(content)
        .execute(c))
}

/// Keeps that there was a text, of a book that came from elsewhere without it.
pub async fn add_erased(
    tx: &mut WriteTx,
    book: BookId,
    key: &str,
    name: &str,
    commitment: &[u8],
    at: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_ERASED)
        .bind(book)
        .bind(key)
        .bind(name)
        .bind(commitment)
        .bind(at)
        .execute(c))
}

/// The texts of a key.
pub async fn of_key(tx: &mut Tx, book: BookId, key: &str) -> StoreResult<Vec<PrivateTextRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_KEY).bind(book).bind(key).fetch_all(c))?)
}

/// All texts of a book after a key and name.
pub async fn all(
    tx: &mut Tx,
    book: BookId,
    after: (&str, &str),
    limit: i64,
) -> StoreResult<Vec<PrivateTextRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::EACH)
        .bind(book)
        .bind(after.0)
        .bind(after.1)
        .bind(limit)
        .fetch_all(c))?)
}

/// Erases the texts of a key.
pub async fn erase(tx: &mut WriteTx, book: BookId, key: &str, at: Timestamp) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE).bind(book).bind(key).bind(at).execute(c))
}

/// Keys of the transactions on accounts whose path is like `pattern` that still have a text.
pub async fn keys_of(tx: &mut Tx, book: BookId, pattern: &str) -> StoreResult<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::KEYS_OF).bind(book).bind(pattern).fetch_all(c))?)
}
