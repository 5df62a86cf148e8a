//! What a book's log shows to outsiders: keys, signed heads, cosignatures, and the hashes above the leaves. Rows are
//! only ever added.

use super::{StoreResult, Tx, WriteTx, any, on};
use crate::domain::{ids::BookId, time::Timestamp};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a key, unless somebody else has.
        ADD_KEY = "INSERT INTO signing_key (purpose, number, public_key, since) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (purpose, number) DO NOTHING";
        /// The keys of a purpose, oldest first.
        KEYS = "SELECT number, public_key, since FROM signing_key WHERE purpose = $1 ORDER BY number";
        /// Leaf hashes of the transactions after `$2` up to `$3`.
        LEAVES = "SELECT seq, leaf_hash FROM txn WHERE book_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq";
        /// Hashes of a level from place `$3` up to, not with, `$4`.
        HASHES = "SELECT place, hash FROM log_hash WHERE book_id = $1 AND level = $2 AND place >= $3 AND place < $4 \
            ORDER BY place";
        /// Where the next hash of a level goes.
        NEXT_PLACE = "SELECT CAST(COALESCE(MAX(place) + 1, 0) AS BIGINT) FROM log_hash WHERE book_id = $1 AND level = $2";
        /// Adds a hash, unless somebody else has.
        ADD_HASH = "INSERT INTO log_hash (book_id, level, place, hash) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (book_id, level, place) DO NOTHING";
        /// Adds a signed head, unless somebody else has.
        ADD_HEAD = "INSERT INTO signed_head (book_id, size, key_number, note, signed_at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (book_id, size, key_number) DO NOTHING";
        /// The newest signed head.
        LAST_HEAD = "SELECT size, key_number, note, signed_at FROM signed_head WHERE book_id = $1 \
            ORDER BY size DESC, key_number DESC LIMIT 1";
        /// Signed heads of more than `$2` and at most `$3` transactions, in order.
        HEADS = "SELECT size, key_number, note, signed_at FROM signed_head WHERE book_id = $1 \
            AND size > $2 AND size <= $3 ORDER BY size, key_number";
        /// How many signed heads there are.
        HEAD_COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM signed_head WHERE book_id = $1";
        /// Stored hashes above the leaves, in order.
        ALL_HASHES = "SELECT level, place, hash FROM log_hash WHERE book_id = $1 \
            AND (level > $2 OR (level = $2 AND place > $3)) ORDER BY level, place LIMIT $4";
        /// Adds a cosignature; of one witness and head the first stays.
        ADD_COSIGNATURE = "INSERT INTO cosignature (book_id, size, key_name, key_id, line, received_at) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (book_id, size, key_name, key_id) DO NOTHING";
        /// The cosignatures of a head.
        COSIGNATURES = "SELECT size, key_name, key_id, line, received_at FROM cosignature WHERE book_id = $1 \
            AND size = $2 ORDER BY key_name, key_id";
        /// All cosignatures of a book, in order.
        ALL_COSIGNATURES = "SELECT size, key_name, key_id, line, received_at FROM cosignature WHERE book_id = $1 \
            ORDER BY size, key_name, key_id";
        /// The size a witness cosigned last.
        LAST_COSIGNED = "SELECT CAST(COALESCE(MAX(size), 0) AS BIGINT) FROM cosignature WHERE book_id = $1 \
            AND key_name = $2 AND key_id = $3";
    }
}

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Heads of our own logs.
    Log,
    /// Heads of others, as a witness.
    Witness,
}

impl Purpose {
    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Witness => "witness",
        }
    }
}

/// A key's public half.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeyRow {
    /// The how-manieth of its purpose, from 1.
    pub number: i64,
    /// The key.
    pub public_key: Vec<u8>,
    /// Since when it signs; the one before stopped then.
    pub since: Timestamp,
}

/// A head of a book's log with our signature.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SignedHead {
    /// How many transactions.
    pub size: i64,
    /// Which key signed.
    pub key_number: i64,
    /// The signed note.
    pub note: String,
    /// When.
    pub signed_at: Timestamp,
}

/// A witness's signature under one of our heads.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CosignatureRow {
    /// Under which head.
    pub size: i64,
    /// The name of the witness's key.
    pub key_name: String,
    /// The id of the key.
    pub key_id: i64,
    /// The line, without its newline.
    pub line: String,
    /// When it came in.
    pub received_at: Timestamp,
}

/// Adds a key, unless somebody else has.
pub async fn add_key(
    tx: &mut WriteTx,
    purpose: Purpose,
    number: i64,
    public_key: &[u8],
    since: Timestamp,
) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ADD_KEY)
        .bind(purpose.as_str())
        .bind(number)
        .bind(public_key)
        .bind(since)
        .execute(c))
}

/// The keys of a purpose, oldest first.
pub async fn keys(tx: &mut Tx, purpose: Purpose) -> StoreResult<Vec<KeyRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::KEYS).bind(purpose.as_str()).fetch_all(c))?)
}

/// Leaf hashes of the transactions after `after` up to `through`, with their places.
pub async fn leaves(tx: &mut Tx, book: BookId, after: i64, through: i64) -> StoreResult<Vec<(i64, Vec<u8>)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LEAVES).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// Hashes of a level at the places from `start` up to, not with, `end`.
pub async fn hashes(
    tx: &mut Tx,
    book: BookId,
    level: i32,
    start: i64,
    end: i64,
) -> StoreResult<Vec<(i64, Vec<u8>)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::HASHES).bind(book).bind(level).bind(start).bind(end).fetch_all(c))?)
}

/// Where the next hash of a level goes.
pub async fn next_place(tx: &mut Tx, book: BookId, level: i32) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::NEXT_PLACE).bind(book).bind(level).fetch_one(c))?)
}

/// Adds a hash, unless somebody else has.
pub async fn add_hash(
    tx: &mut WriteTx,
    book: BookId,
    level: i32,
    place: i64,
    hash: &[u8],
) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ADD_HASH).bind(book).bind(level).bind(place).bind(hash).execute(c))
}

/// Adds a signed head, unless somebody else has.
pub async fn add_head(tx: &mut WriteTx, book: BookId, head: &SignedHead) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ADD_HEAD)
        .bind(book)
        .bind(head.size)
        .bind(head.key_number)
        .bind(&head.note)
        .bind(head.signed_at)
        .execute(c))
}

/// The newest signed head.
pub async fn last_head(tx: &mut Tx, book: BookId) -> StoreResult<Option<SignedHead>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LAST_HEAD).bind(book).fetch_optional(c))?)
}

/// Signed heads of more than `after` and at most `through` transactions, in order.
pub async fn heads(tx: &mut Tx, book: BookId, after: i64, through: i64) -> StoreResult<Vec<SignedHead>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::HEADS).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// How many signed heads there are.
pub async fn head_count(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::HEAD_COUNT).bind(book).fetch_one(c))?)
}

/// Stored hashes above the leaves after a level and place, in order.
pub async fn all_hashes(
    tx: &mut Tx,
    book: BookId,
    after: (i32, i64),
    limit: i64,
) -> StoreResult<Vec<(i32, i64, Vec<u8>)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ALL_HASHES)
        .bind(book)
        .bind(after.0)
        .bind(after.1)
        .bind(limit)
        .fetch_all(c))?)
}

/// Adds a cosignature; of one witness and head the first stays.
pub async fn add_cosignature(tx: &mut WriteTx, book: BookId, row: &CosignatureRow) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ADD_COSIGNATURE)
        .bind(book)
        .bind(row.size)
        .bind(&row.key_name)
        .bind(row.key_id)
        .bind(&row.line)
        .bind(row.received_at)
        .execute(c))
}

/// The cosignatures of a head.
pub async fn cosignatures(tx: &mut Tx, book: BookId, size: i64) -> StoreResult<Vec<CosignatureRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::COSIGNATURES).bind(book).bind(size).fetch_all(c))?)
}

/// All cosignatures of a book, in order.
pub async fn all_cosignatures(tx: &mut Tx, book: BookId) -> StoreResult<Vec<CosignatureRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ALL_COSIGNATURES).bind(book).fetch_all(c))?)
}

/// The size a witness cosigned last; 0 for none.
pub async fn last_cosigned(tx: &mut Tx, book: BookId, key_name: &str, key_id: i64) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::LAST_COSIGNED)
        .bind(book)
        .bind(key_name)
        .bind(key_id)
        .fetch_one(c))?)
}
