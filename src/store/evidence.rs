//! Photos and voice notes of claims. The bytes stand in a table of their own, so that they can be erased and nothing
//! reads past them; digest and likeness stay.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{BookId, ClaimId, EvidenceId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a piece.
        ADD = "INSERT INTO evidence (book_id, id, claim_id, kind, media, size, digest, look, added_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        /// Adds its bytes.
        ADD_BYTES = "INSERT INTO evidence_bytes (book_id, evidence_id, bytes) VALUES ($1, $2, $3)";
        /// One piece.
        ONE = "SELECT id, claim_id, kind, media, size, digest, look, added_at, erased_at FROM evidence \
            WHERE book_id = $1 AND id = $2";
        /// The pieces of a claim.
        OF_CLAIM = "SELECT id, claim_id, kind, media, size, digest, look, added_at, erased_at FROM evidence \
            WHERE book_id = $1 AND claim_id = $2 ORDER BY added_at, id LIMIT 10";
        /// The bytes of a piece.
        BYTES = "SELECT bytes FROM evidence_bytes WHERE book_id = $1 AND evidence_id = $2";
        /// Photos of other claims since a time, with their likeness, the latest first.
        PHOTOS = "SELECT e.id, e.claim_id, e.digest, e.look, c.no FROM evidence e JOIN claim c ON c.book_id = e.book_id \
            AND c.id = e.claim_id WHERE e.book_id = $1 AND e.kind = 'photo' AND e.added_at >= $2 AND e.claim_id <> $3 \
            ORDER BY e.added_at DESC LIMIT 20000";
        /// Of a kind, older than a time and not erased, oldest first.
        OLDER = "SELECT id FROM evidence WHERE book_id = $1 AND kind = $2 AND added_at < $3 AND erased_at IS NULL \
            ORDER BY added_at LIMIT $4";
        /// The bytes are gone.
        ERASE = "DELETE FROM evidence_bytes WHERE book_id = $1 AND evidence_id = $2";
        /// Since when they are gone.
        ERASED = "UPDATE evidence SET erased_at = $3 WHERE book_id = $1 AND id = $2 AND erased_at IS NULL";
    }
}

/// A photo or a voice note.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct EvidenceRow {
    /// Its name.
    pub id: EvidenceId,
    /// The claim it came with.
    pub claim_id: ClaimId,
    /// `photo` or `voice`.
    pub kind: String,
    /// Its media type.
    pub media: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the bytes.
    pub digest: Vec<u8>,
    /// What a photo looks like, in 64 bits.
    pub look: Option<i64>,
    /// When it came.
    pub added_at: Timestamp,
    /// Since when its bytes are gone.
    pub erased_at: Option<Timestamp>,
}

/// A photo to compare with.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PhotoRow {
    /// Its name.
    pub id: EvidenceId,
    /// The claim it came with.
    pub claim_id: ClaimId,
    /// SHA-256 of its bytes.
    pub digest: Vec<u8>,
    /// What it looks like.
    pub look: Option<i64>,
    /// The number of the claim.
    pub no: i64,
}

/// Adds a piece with its bytes.
pub async fn add(tx: &mut WriteTx, book: BookId, e: &EvidenceRow, bytes: &[u8]) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(e.id)
        .bind(e.claim_id)
        .bind(&e.kind)
        .bind(&e.media)
        .bind(e.size)
        .bind(&e.digest)
        .bind(e.look)
        .bind(e.added_at)
        .execute(c))?;
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_BYTES).bind(book).bind(e.id).bind(bytes).execute(c))
}

/// One piece.
pub async fn one(tx: &mut Tx, book: BookId, id: EvidenceId) -> StoreResult<Option<EvidenceRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The pieces of a claim.
pub async fn of_claim(tx: &mut Tx, book: BookId, claim: ClaimId) -> StoreResult<Vec<EvidenceRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_CLAIM).bind(book).bind(claim).fetch_all(c))?)
}

/// The bytes of a piece, unless they were erased.
pub async fn bytes(tx: &mut Tx, book: BookId, id: EvidenceId) -> StoreResult<Option<Vec<u8>>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::BYTES).bind(book).bind(id).fetch_optional(c))?)
}

/// Photos of other claims since `from`, the latest first.
pub async fn photos(tx: &mut Tx, book: BookId, from: Timestamp, but: ClaimId) -> StoreResult<Vec<PhotoRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PHOTOS).bind(book).bind(from).bind(but).fetch_all(c))?)
}

/// Pieces of a kind that came before a time and still have their bytes, oldest first.
pub async fn older(
    tx: &mut Tx,
    book: BookId,
    kind: &str,
    before: Timestamp,
    limit: i64,
) -> StoreResult<Vec<EvidenceId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OLDER)
        .bind(book)
        .bind(kind)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// Erases the bytes of a piece; erasing twice is no error.
pub async fn erase(tx: &mut WriteTx, book: BookId, id: EvidenceId, at: Timestamp) -> StoreResult<()> {
    let gone: StoreResult<()> = any!(&mut **tx, |c| sqlx::query(sql::ERASE).bind(book).bind(id).execute(c));
    gone?;
    any!(&mut **tx, |c| sqlx::query(sql::ERASED).bind(book).bind(id).bind(at).execute(c))
}
