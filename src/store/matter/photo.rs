//! The photos of matters. The bytes can be erased; digest and likeness stay. No list reads the bytes.

use crate::{
    domain::{
        ids::{BookId, ClaimId, MatterId},
        time::Timestamp,
    },
    store::{StoreResult, Tx, WriteTx, any, exactly, on},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a photo.
        ADD = "INSERT INTO matter_photo (book_id, matter_id, size, digest, look, added_at, bytes) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        /// The photo of a matter.
        OF = "SELECT matter_id, size, digest, look, added_at, erased_at FROM matter_photo \
            WHERE book_id = $1 AND matter_id = $2";
        /// Its bytes, unless they were erased.
        BYTES = "SELECT bytes FROM matter_photo WHERE book_id = $1 AND matter_id = $2 AND erased_at IS NULL";
        /// Photos of matters since a time, the latest first.
        SINCE = "SELECT p.matter_id, p.digest, p.look, m.no FROM matter_photo p JOIN matter m \
            ON m.book_id = p.book_id AND m.id = p.matter_id WHERE p.book_id = $1 AND p.added_at >= $2 \
            ORDER BY p.added_at DESC LIMIT 20000";
        /// Photos of claims since a time, the latest first.
        OF_CLAIMS = "SELECT e.claim_id, e.digest, e.look, c.no FROM evidence e JOIN claim c \
            ON c.book_id = e.book_id AND c.id = e.claim_id WHERE e.book_id = $1 AND e.kind = 'photo' \
            AND e.added_at >= $2 ORDER BY e.added_at DESC LIMIT 20000";
        /// Older than a time and not erased, oldest first.
        OLDER = "SELECT matter_id FROM matter_photo WHERE book_id = $1 AND added_at < $2 AND erased_at IS NULL \
            ORDER BY added_at LIMIT $3";
        /// The bytes are gone, and since when.
        ERASE = "UPDATE matter_photo SET bytes = NULL, erased_at = $3 \
            WHERE book_id = $1 AND matter_id = $2 AND erased_at IS NULL";
    }
}

/// A photo, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct MatterPhotoRow {
    /// Of which matter.
    pub matter_id: MatterId,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the bytes.
    pub digest: Vec<u8>,
    /// What it looks like, in 64 bits.
    pub look: i64,
    /// When it came.
    pub added_at: Timestamp,
    /// Since when its bytes are gone.
    pub erased_at: Option<Timestamp>,
}

/// Adds a photo with its bytes.
pub async fn add(tx: &mut WriteTx, book: BookId, p: &MatterPhotoRow, bytes: &[u8]) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(p.matter_id)
        .bind(p.size)
        .bind(&p.digest)
        .bind(p.look)
        .bind(p.added_at)
        .bind(bytes)
        .execute(c))
}

/// The photo of a matter.
pub async fn of(tx: &mut Tx, book: BookId, matter: MatterId) -> StoreResult<Option<MatterPhotoRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF).bind(book).bind(matter).fetch_optional(c))?)
}

/// Its bytes, unless they were erased.
pub async fn bytes(tx: &mut Tx, book: BookId, matter: MatterId) -> StoreResult<Option<Vec<u8>>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::BYTES).bind(book).bind(matter).fetch_optional(c))?)
}

/// A photo to compare with: of what, its digest, what it looks like, the number of what it came with.
pub type Compared<Id> = (Id, Vec<u8>, Option<i64>, i64);

/// Photos of matters since `from`, the latest first.
pub async fn since(tx: &mut Tx, book: BookId, from: Timestamp) -> StoreResult<Vec<Compared<MatterId>>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::SINCE).bind(book).bind(from).fetch_all(c))?)
}

/// Photos of claims since `from`, the latest first.
pub async fn of_claims(tx: &mut Tx, book: BookId, from: Timestamp) -> StoreResult<Vec<Compared<ClaimId>>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_CLAIMS).bind(book).bind(from).fetch_all(c))?)
}

/// Matters whose photos came before a time and still have their bytes, oldest first.
pub async fn older(tx: &mut Tx, book: BookId, before: Timestamp, limit: i64) -> StoreResult<Vec<MatterId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OLDER).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// Erases the bytes of a photo; erasing twice is no error, and neither is a matter without one.
pub async fn erase(tx: &mut WriteTx, book: BookId, matter: MatterId, at: Timestamp) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE).bind(book).bind(matter).bind(at).execute(c))
}
