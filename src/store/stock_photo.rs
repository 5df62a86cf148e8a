//! Photos of goods that were written off. The digest is on the paper; the bytes can be erased. No list reads them.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{BookId, StockPaperId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds the bytes of a photo.
        ADD = "INSERT INTO stock_photo (book_id, paper_id, size, added_at, bytes) VALUES ($1, $2, $3, $4, $5)";
        /// Its digest on the paper, while nobody has decided and there is none.
        ON_PAPER = "UPDATE stock_paper SET photo = $3 WHERE book_id = $1 AND id = $2 AND state = 'drawn_up' \
            AND photo IS NULL";
        /// The bytes, unless they were erased.
        BYTES = "SELECT bytes FROM stock_photo WHERE book_id = $1 AND paper_id = $2 AND erased_at IS NULL";
        /// Whether they were not erased yet.
        IS_KEPT = "SELECT CAST(COUNT(*) AS BIGINT) FROM stock_photo \
            WHERE book_id = $1 AND paper_id = $2 AND erased_at IS NULL";
        /// Older than a time and not erased, oldest first.
        OLDER = "SELECT paper_id FROM stock_photo WHERE book_id = $1 AND added_at < $2 AND erased_at IS NULL \
            ORDER BY added_at LIMIT $3";
        /// The bytes are gone, and since when.
        ERASE = "UPDATE stock_photo SET bytes = NULL, erased_at = $3 \
            WHERE book_id = $1 AND paper_id = $2 AND erased_at IS NULL";
    }
}

/// Puts a photo to a paper that nobody has decided on; refused when there is one already, or somebody was faster.
pub async fn add(
    tx: &mut WriteTx,
    book: BookId,
    paper: StockPaperId,
    (digest, bytes): (&[u8], &[u8]),
    at: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ON_PAPER).bind(book).bind(paper).bind(digest).execute(c))?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(paper)
        .bind(size)
        .bind(at)
        .bind(bytes)
        .execute(c))
}

/// The bytes, unless they were erased.
pub async fn bytes(tx: &mut Tx, book: BookId, paper: StockPaperId) -> StoreResult<Option<Vec<u8>>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::BYTES).bind(book).bind(paper).fetch_optional(c))?)
}

/// Whether they were not erased yet.
pub async fn is_kept(tx: &mut Tx, book: BookId, paper: StockPaperId) -> StoreResult<bool> {
    let count: i64 = on!(tx, |c| sqlx::query_scalar(sql::IS_KEPT).bind(book).bind(paper).fetch_one(c))?;
    Ok(count > 0)
}

/// Photos added before a time that still have their bytes, oldest first.
pub async fn older(
    tx: &mut Tx,
    book: BookId,
    before: Timestamp,
    limit: i64,
) -> StoreResult<Vec<StockPaperId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OLDER).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// Erases the bytes; erasing twice is no error.
pub async fn erase(tx: &mut WriteTx, book: BookId, paper: StockPaperId, at: Timestamp) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE).bind(book).bind(paper).bind(at).execute(c))
}
