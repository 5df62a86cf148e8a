//! Village compacts by their first day, and orders that repeal a compact or a rule set. Both tables only grow.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::BookId,
    time::{Day, Timestamp},
};

macro_rules! columns {
    () => {
        "c.effective_from, c.version, c.hash, c.title, c.content, c.adopted_at, c.adopted_by, c.basis, \
         r.effective_from AS repealed_from"
    };
}
macro_rules! with_repeals {
    () => {
        " FROM compact AS c LEFT JOIN paper_repeal AS r \
         ON r.book_id = c.book_id AND r.paper = 'compact' AND r.adopted_from = c.effective_from WHERE c.book_id = $1"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// A book takes up a compact.
        ADOPT = "INSERT INTO compact (book_id, effective_from, version, hash, title, content, adopted_at, adopted_by, \
            basis) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        /// The compact that began last by a day, of those that were not repealed before they began.
        BEGUN = concat!("SELECT ", columns!(), with_repeals!(), " AND c.effective_from <= $2 \
            AND (r.effective_from IS NULL OR r.effective_from > c.effective_from) \
            ORDER BY c.effective_from DESC LIMIT 1");
        /// Every compact, latest first.
        ALL_OF = concat!("SELECT ", columns!(), with_repeals!(), " ORDER BY c.effective_from DESC LIMIT 100");
        /// Repeals a paper.
        REPEAL = "INSERT INTO paper_repeal (book_id, paper, adopted_from, effective_from, ordered_at, ordered_by, law, \
            reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        /// Every repeal, latest first.
        REPEALS = "SELECT paper, adopted_from, effective_from, ordered_at, ordered_by, law, reason FROM paper_repeal \
            WHERE book_id = $1 ORDER BY effective_from DESC, paper LIMIT 100";
    }
}

/// A compact and when it applies.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CompactRow {
    /// The first day.
    pub effective_from: Day,
    /// Its version, from 1.
    pub version: i64,
    /// Its content hash.
    pub hash: String,
    /// What it is called.
    pub title: String,
    /// The clauses, one a line.
    pub content: String,
    /// When it was entered.
    pub adopted_at: Timestamp,
    /// By whom.
    pub adopted_by: String,
    /// The decision it rests on.
    pub basis: String,
    /// The first day it applies no more, by order of the township.
    pub repealed_from: Option<Day>,
}

/// An order that repeals a paper.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RepealRow {
    /// `rules` or `compact`.
    pub paper: String,
    /// The first day of what is repealed.
    pub adopted_from: Day,
    /// The first day it applies no more.
    pub effective_from: Day,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// By whom.
    pub ordered_by: String,
    /// By which article.
    pub law: String,
    /// Why.
    pub reason: String,
}

/// A book takes up a compact.
pub async fn adopt(tx: &mut WriteTx, book: BookId, c: &CompactRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |conn| sqlx::query(sql::ADOPT)
        .bind(book)
        .bind(c.effective_from)
        .bind(c.version)
        .bind(&c.hash)
        .bind(&c.title)
        .bind(&c.content)
        .bind(c.adopted_at)
        .bind(&c.adopted_by)
        .bind(&c.basis)
        .execute(conn))
}

/// The compact in force on `day`: the one that began last by then, unless it is repealed by then.
pub async fn in_force(tx: &mut Tx, book: BookId, day: Day) -> StoreResult<Option<CompactRow>> {
    let begun: Option<CompactRow> =
        on!(tx, |c| sqlx::query_as(sql::BEGUN).bind(book).bind(day).fetch_optional(c))?;
    Ok(begun.filter(|c| c.repealed_from.is_none_or(|from| day < from)))
}

/// Every compact of a book, latest first.
pub async fn all_of(tx: &mut Tx, book: BookId) -> StoreResult<Vec<CompactRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ALL_OF).bind(book).fetch_all(c))?)
}

/// Repeals a paper.
pub async fn repeal(tx: &mut WriteTx, book: BookId, r: &RepealRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::REPEAL)
        .bind(book)
        .bind(&r.paper)
        .bind(r.adopted_from)
        .bind(r.effective_from)
        .bind(r.ordered_at)
        .bind(&r.ordered_by)
        .bind(&r.law)
        .bind(&r.reason)
        .execute(c))
}

/// Every repeal of a book, latest first.
pub async fn repeals(tx: &mut Tx, book: BookId) -> StoreResult<Vec<RepealRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::REPEALS).bind(book).fetch_all(c))?)
}
