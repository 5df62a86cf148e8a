//! Which policy a village runs from a day on, and how great somebody's need is.

use crate::{
    domain::{
        ids::{BookId, PersonId},
        time::{Day, Timestamp},
    },
    store::{StoreResult, Tx, WriteTx, any, exactly, on},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adopts a policy.
        ADOPT = "INSERT INTO time_policy (book_id, no, code, version, from_on, basis, adopted_at, adopted_by) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        /// The policy of a day.
        IN_FORCE = "SELECT no, code, version, from_on, basis, adopted_at, adopted_by FROM time_policy \
            WHERE book_id = $1 AND from_on <= $2 ORDER BY from_on DESC, no DESC LIMIT 1";
        /// Writes down somebody's need.
        SEE = "INSERT INTO time_need (book_id, person_id, seen_at, score, pool, hardship, seen_by) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        /// Nothing is known of somebody's need any more.
        ERASE_NEED = "UPDATE time_need SET score = 0, pool = 0, hardship = 0 WHERE book_id = $1 AND person_id = $2";
        /// Somebody's need, as last seen.
        NEED = "SELECT person_id, seen_at, score, pool, hardship, seen_by FROM time_need WHERE book_id = $1 \
            AND person_id = $2 ORDER BY seen_at DESC LIMIT 1";
    }
}

/// A policy that was adopted.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AdoptedRow {
    /// Its number.
    pub no: i64,
    /// The policy's code.
    pub code: String,
    /// Its version then.
    pub version: i32,
    /// From which day on.
    pub from_on: Day,
    /// The decision.
    pub basis: String,
    /// When it was entered.
    pub adopted_at: Timestamp,
    /// By whom.
    pub adopted_by: String,
}

/// Somebody's need.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NeedRow {
    /// Whose.
    pub person_id: PersonId,
    /// When it was looked at.
    pub seen_at: Timestamp,
    /// How great it is.
    pub score: i32,
    /// 1 when the pool serves this person.
    pub pool: i32,
    /// 1 when the place recognised a hardship.
    pub hardship: i32,
    /// Who looked.
    pub seen_by: String,
}

/// Adopts a policy.
pub async fn adopt(tx: &mut WriteTx, book: BookId, row: &AdoptedRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADOPT)
        .bind(book)
        .bind(row.no)
        .bind(&row.code)
        .bind(row.version)
        .bind(row.from_on)
        .bind(&row.basis)
        .bind(row.adopted_at)
        .bind(&row.adopted_by)
        .execute(c))
}

/// The policy of a day.
pub async fn in_force(tx: &mut Tx, book: BookId, day: Day) -> StoreResult<Option<AdoptedRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::IN_FORCE).bind(book).bind(day).fetch_optional(c))?)
}

/// Writes down somebody's need.
pub async fn see(tx: &mut WriteTx, book: BookId, row: &NeedRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SEE)
        .bind(book)
        .bind(row.person_id)
        .bind(row.seen_at)
        .bind(row.score)
        .bind(row.pool)
        .bind(row.hardship)
        .bind(&row.seen_by)
        .execute(c))
}

/// Forgets somebody's need.
pub async fn erase_need(tx: &mut WriteTx, book: BookId, person: PersonId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_NEED).bind(book).bind(person).execute(c))
}

/// Somebody's need, as last seen.
pub async fn need(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<Option<NeedRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::NEED).bind(book).bind(person).fetch_optional(c))?)
}
