//! Thumbnails of articles. No list reads the bytes.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{ids::BookId, time::Timestamp};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// The picture of an article from now on.
        PUT = "INSERT INTO goods_picture (book_id, sku, digest, bytes, set_at, set_by) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (book_id, sku) DO UPDATE SET digest = excluded.digest, \
            bytes = excluded.bytes, set_at = excluded.set_at, set_by = excluded.set_by";
        /// It has none any more.
        REMOVE = "DELETE FROM goods_picture WHERE book_id = $1 AND sku = $2";
        /// Which articles have one, and its digest.
        DIGESTS = "SELECT sku, digest FROM goods_picture WHERE book_id = $1 ORDER BY sku LIMIT 2000";
        /// The bytes of one.
        BYTES = "SELECT bytes FROM goods_picture WHERE book_id = $1 AND sku = $2";
    }
}

/// A thumbnail.
#[derive(Debug, Clone, Copy)]
pub struct Thumbnail<'a> {
    /// SHA-256 of the bytes.
    pub digest: &'a [u8],
    /// A JPEG.
    pub bytes: &'a [u8],
    /// Since when.
    pub at: Timestamp,
    /// Who set it.
    pub by: &'a str,
}

/// The picture of an article from now on.
pub async fn put(tx: &mut WriteTx, book: BookId, sku: i64, picture: Thumbnail<'_>) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::PUT)
        .bind(book)
        .bind(sku)
        .bind(picture.digest)
        .bind(picture.bytes)
        .bind(picture.at)
        .bind(picture.by)
        .execute(c))
}

/// An article has no picture any more; it need not have had one.
pub async fn remove(tx: &mut WriteTx, book: BookId, sku: i64) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::REMOVE).bind(book).bind(sku).execute(c))
}

/// Articles with a picture, and its digest.
pub async fn digests(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(i64, Vec<u8>)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DIGESTS).bind(book).fetch_all(c))?)
}

/// The bytes of a picture.
pub async fn bytes(tx: &mut Tx, book: BookId, sku: i64) -> StoreResult<Option<Vec<u8>>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::BYTES).bind(book).bind(sku).fetch_optional(c))?)
}
