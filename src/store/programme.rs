//! The points programmes: which village keeps which book.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, OrgId},
    time::Day,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// A new programme.
        INSERT = "INSERT INTO programme (book_id, org_id, no, name, name_en, opened_on, demo) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        /// By the short number.
        BY_NO = "SELECT book_id, org_id, no, name, name_en, opened_on, demo FROM programme WHERE no = $1";
        /// By book.
        BY_BOOK = "SELECT book_id, org_id, no, name, name_en, opened_on, demo FROM programme WHERE book_id = $1";
        /// All, by number.
        LIST = "SELECT book_id, org_id, no, name, name_en, opened_on, demo FROM programme WHERE no > $1 \
            ORDER BY no LIMIT $2";
        /// Those of a place and everything in it, by number.
        UNDER = "WITH RECURSIVE down (id, depth) AS (SELECT id, 0 FROM org WHERE id = $1 \
            UNION ALL SELECT o.id, down.depth + 1 FROM org o JOIN down ON o.parent_id = down.id WHERE down.depth < 9) \
            SELECT p.book_id, p.org_id, p.no, p.name, p.name_en, p.opened_on, p.demo \
            FROM down JOIN programme p ON p.org_id = down.id WHERE p.no > $2 ORDER BY p.no LIMIT $3";
        /// That of the nearest place above.
        ABOVE = "WITH RECURSIVE up (id, parent_id, depth) AS (SELECT id, parent_id, 0 FROM org WHERE id = $1 \
            UNION ALL SELECT o.id, o.parent_id, up.depth + 1 FROM org o JOIN up ON o.id = up.parent_id WHERE up.depth < 9) \
            SELECT p.book_id, p.org_id, p.no, p.name, p.name_en, p.opened_on, p.demo \
            FROM up JOIN programme p ON p.org_id = up.id ORDER BY up.depth, p.no LIMIT 1";
        /// The highest number so far.
        LAST_NO = "SELECT CAST(COALESCE(MAX(no), 0) AS BIGINT) FROM programme";
    }
}

/// A programme.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ProgrammeRow {
    /// Its book.
    pub book_id: BookId,
    /// The village.
    pub org_id: OrgId,
    /// The short number people type.
    pub no: i64,
    /// Its name.
    pub name: String,
    /// Its English name, or empty.
    pub name_en: String,
    /// Since when.
    pub opened_on: Day,
    /// Whether it is a practice village.
    pub demo: bool,
}

/// Adds a programme.
pub async fn insert(tx: &mut WriteTx, row: &ProgrammeRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::INSERT)
        .bind(row.book_id)
        .bind(row.org_id)
        .bind(row.no)
        .bind(&row.name)
        .bind(&row.name_en)
        .bind(row.opened_on)
        .bind(row.demo)
        .execute(c))
}

/// The programme of that number.
pub async fn by_no(tx: &mut Tx, no: i64) -> StoreResult<Option<ProgrammeRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_NO).bind(no).fetch_optional(c))?)
}

/// The programme of that book.
pub async fn by_book(tx: &mut Tx, book: BookId) -> StoreResult<Option<ProgrammeRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_BOOK).bind(book).fetch_optional(c))?)
}

/// Programmes by number, after `after`.
pub async fn list(tx: &mut Tx, after: i64, limit: i64) -> StoreResult<Vec<ProgrammeRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(after).bind(limit).fetch_all(c))?)
}

/// Programmes of `org` and everything in it, by number, after `after`.
pub async fn under(tx: &mut Tx, org: OrgId, after: i64, limit: i64) -> StoreResult<Vec<ProgrammeRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::UNDER).bind(org).bind(after).bind(limit).fetch_all(c))?)
}

/// The programme that a part of a village belongs to.
pub async fn above(tx: &mut Tx, org: OrgId) -> StoreResult<Option<ProgrammeRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ABOVE).bind(org).fetch_optional(c))?)
}

/// The highest number so far, 0 if there is none.
pub async fn last_no(tx: &mut Tx) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::LAST_NO).fetch_one(c))?)
}
