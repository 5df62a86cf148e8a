//! Published rule sets, and which one a book follows from which day. Both tables only grow.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::BookId,
    time::{Day, Timestamp},
};

macro_rules! adoption {
    () => {
        "a.effective_from, a.hash, a.adopted_at, a.adopted_by, a.basis, r.effective_from AS repealed_from"
    };
}
macro_rules! with_repeals {
    () => {
        " FROM ruleset_adoption AS a LEFT JOIN paper_repeal AS r \
         ON r.book_id = a.book_id AND r.paper = 'rules' AND r.adopted_from = a.effective_from WHERE a.book_id = $1"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Publishes a rule set.
        PUBLISH = "INSERT INTO ruleset (hash, programme, version, name, content, published_at, published_by) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        /// One rule set by its content hash.
        ONE = "SELECT hash, programme, version, name, content, published_at, published_by FROM ruleset WHERE hash = $1";
        /// All rule sets, without their text.
        LIST = "SELECT hash, programme, version, name, '' AS content, published_at, published_by FROM ruleset \
            WHERE hash > $1 ORDER BY hash LIMIT $2";
        /// A book takes up a rule set.
        ADOPT = "INSERT INTO ruleset_adoption (book_id, effective_from, hash, adopted_at, adopted_by, basis) \
            VALUES ($1, $2, $3, $4, $5, $6)";
        /// The rule set that began last by a day, of those that were not repealed before they began.
        BEGUN = concat!("SELECT ", adoption!(), with_repeals!(), " AND a.effective_from <= $2 \
            AND (r.effective_from IS NULL OR r.effective_from > a.effective_from) \
            ORDER BY a.effective_from DESC LIMIT 1");
        /// Every adoption of a book, latest first.
        ADOPTIONS = concat!("SELECT ", adoption!(), with_repeals!(), " ORDER BY a.effective_from DESC LIMIT 100");
    }
}

/// A published rule set.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RulesetRow {
    /// Its content hash.
    pub hash: String,
    /// The code of the programme it is for.
    pub programme: String,
    /// Its version.
    pub version: String,
    /// What it is called.
    pub name: String,
    /// The text; empty in lists.
    pub content: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// By whom.
    pub published_by: String,
}

/// That a book follows a rule set from a day on.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AdoptionRow {
    /// The first day.
    pub effective_from: Day,
    /// The rule set.
    pub hash: String,
    /// When it was entered.
    pub adopted_at: Timestamp,
    /// By whom.
    pub adopted_by: String,
    /// The decision of the villagers it rests on.
    pub basis: String,
    /// The first day it applies no more, by order of the township.
    pub repealed_from: Option<Day>,
}

/// Publishes a rule set.
pub async fn publish(tx: &mut WriteTx, r: &RulesetRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::PUBLISH)
        .bind(&r.hash)
        .bind(&r.programme)
        .bind(&r.version)
        .bind(&r.name)
        .bind(&r.content)
        .bind(r.published_at)
        .bind(&r.published_by)
        .execute(c))
}

/// One rule set by its content hash.
pub async fn one(tx: &mut Tx, hash: &str) -> StoreResult<Option<RulesetRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(hash).fetch_optional(c))?)
}

/// Rule sets after `after` by hash, without their text.
pub async fn list(tx: &mut Tx, after: &str, limit: i64) -> StoreResult<Vec<RulesetRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(after).bind(limit).fetch_all(c))?)
}

/// A book takes up a rule set.
pub async fn adopt(tx: &mut WriteTx, book: BookId, a: &AdoptionRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADOPT)
        .bind(book)
        .bind(a.effective_from)
        .bind(&a.hash)
        .bind(a.adopted_at)
        .bind(&a.adopted_by)
        .bind(&a.basis)
        .execute(c))
}

/// The rule set a book follows on `day`: the one that began last by then, unless it is repealed by then.
pub async fn in_force(tx: &mut Tx, book: BookId, day: Day) -> StoreResult<Option<AdoptionRow>> {
    let begun: Option<AdoptionRow> =
        on!(tx, |c| sqlx::query_as(sql::BEGUN).bind(book).bind(day).fetch_optional(c))?;
    Ok(begun.filter(|a| a.repealed_from.is_none_or(|from| day < from)))
}

/// Every adoption of a book, latest first.
pub async fn adoptions(tx: &mut Tx, book: BookId) -> StoreResult<Vec<AdoptionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ADOPTIONS).bind(book).fetch_all(c))?)
}
