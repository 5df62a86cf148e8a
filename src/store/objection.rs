//! Objections (异议) to lines of notices, and their decisions.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{AwardId, BookId, HouseholdId, NoticeId, ObjectionId},
    time::Timestamp,
};

macro_rules! columns {
    () => {
        "id, no, award_id, notice_id, raised_at, manner, raised_by, household_id, content, state, decided_at, \
         decided_by, decision"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds an objection.
        ADD = "INSERT INTO objection (book_id, id, no, award_id, notice_id, raised_at, manner, raised_by, \
            household_id, content, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open')";
        /// One objection.
        ONE = concat!("SELECT ", columns!(), " FROM objection WHERE book_id = $1 AND id = $2");
        /// The objections to one award, oldest first.
        OF_AWARD = concat!("SELECT ", columns!(), " FROM objection WHERE book_id = $1 AND award_id = $2 \
            ORDER BY no LIMIT 100");
        /// Objections in a state, newest first.
        LIST = concat!("SELECT ", columns!(), " FROM objection WHERE book_id = $1 AND state = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
        /// How many are open.
        OPEN = "SELECT CAST(COUNT(*) AS BIGINT) FROM objection WHERE book_id = $1 AND state = 'open'";
        /// Decides one.
        DECIDE = "UPDATE objection SET state = $3, decided_at = $4, decided_by = $5, decision = $6 \
            WHERE book_id = $1 AND id = $2 AND state = 'open'";
    }
}

/// An objection.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ObjectionRow {
    /// Its name.
    pub id: ObjectionId,
    /// Its number in the book.
    pub no: i64,
    /// The award objected to.
    pub award_id: AwardId,
    /// The sheet it stands on.
    pub notice_id: NoticeId,
    /// When.
    pub raised_at: Timestamp,
    /// `self`, `proxy` or `anonymous`.
    pub manner: String,
    /// Who entered it.
    pub raised_by: String,
    /// The household that objects; nothing for a lead without a name.
    pub household_id: Option<HouseholdId>,
    /// What is objected.
    pub content: String,
    /// `open`, `upheld` or `dismissed`.
    pub state: String,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<String>,
    /// With what words.
    pub decision: Option<String>,
}

/// Adds an objection.
pub async fn add(tx: &mut WriteTx, book: BookId, o: &ObjectionRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(o.id)
        .bind(o.no)
        .bind(o.award_id)
        .bind(o.notice_id)
        .bind(o.raised_at)
        .bind(&o.manner)
        .bind(&o.raised_by)
        .bind(o.household_id)
        .bind(&o.content)
        .execute(c))
}

/// One objection.
pub async fn one(tx: &mut Tx, book: BookId, id: ObjectionId) -> StoreResult<Option<ObjectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The objections to one award, oldest first.
pub async fn of_award(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Vec<ObjectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_AWARD).bind(book).bind(award).fetch_all(c))?)
}

/// Objections in `state` numbered below `before`, newest first.
pub async fn list(
    tx: &mut Tx,
    book: BookId,
    state: &str,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<ObjectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(state).bind(before).bind(limit).fetch_all(c))?)
}

/// How many objections are open.
pub async fn open(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OPEN).bind(book).fetch_one(c))?)
}

/// Decides an objection; fails unless it is open.
pub async fn decide(
    tx: &mut WriteTx,
    book: BookId,
    id: ObjectionId,
    state: &str,
    at: Timestamp,
    by: &str,
    words: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::DECIDE)
        .bind(book)
        .bind(id)
        .bind(state)
        .bind(at)
        .bind(by)
        .bind(words)
        .execute(c))
}
