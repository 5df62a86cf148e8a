//! Objections (异议) to lines of notices, and their decisions.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{AwardId, BookId, HouseholdId, NoticeId, ObjectionId},
    time::Timestamp,
};

macro_rules! columns {
    () => {
        "id, no, award_id, notice_id, raised_at, manner, raised_by, household_id, content, state, decided_at, \
         decided_by, decision, accepted_at, accepted_by, escalated_at"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// What a household wrote is gone.
        ERASE_WORDS = "UPDATE objection SET content = '' WHERE book_id = $1 AND household_id = $2";
        /// Adds an objection.
        ADD = "INSERT INTO objection (book_id, id, no, award_id, notice_id, raised_at, manner, raised_by, \
            household_id, content, state, accepted_at, accepted_by) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $12)";
        /// One objection.
        ONE = concat!("SELECT ", columns!(), " FROM objection WHERE book_id = $1 AND id = $2");
        /// The objections to one award, oldest first.
        OF_AWARD = concat!("SELECT ", columns!(), " FROM objection WHERE book_id = $1 AND award_id = $2 \
            ORDER BY no LIMIT 100");
        /// Objections in a state, newest first.
        LIST = concat!("SELECT ", columns!(), " FROM objection WHERE book_id = $1 AND state = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
        /// One objection by its number.
        BY_NO = concat!("SELECT ", columns!(), " FROM objection WHERE book_id = $1 AND no = $2");
        /// Objections of every state, newest first.
        EVERY = concat!("SELECT ", columns!(), " FROM objection WHERE book_id = $1 AND no < $2 \
            ORDER BY no DESC LIMIT $3");
        /// What a household objected to, newest first.
        OF_HOUSEHOLD = concat!("SELECT ", columns!(), " FROM objection WHERE book_id = $1 AND household_id = $2 \
            ORDER BY no DESC LIMIT $3");
        /// What was found right about a household's own awards, newest first.
        AGAINST = "SELECT o.id, o.no, o.award_id, o.notice_id, o.raised_at, o.manner, o.raised_by, o.household_id, \
            o.content, o.state, o.decided_at, o.decided_by, o.decision, o.accepted_at, o.accepted_by, o.escalated_at \
            FROM award AS a JOIN objection AS o ON o.book_id = a.book_id AND o.award_id = a.id \
            WHERE a.book_id = $1 AND a.household_id = $2 AND o.state = 'upheld' ORDER BY o.no DESC LIMIT $3";
        /// Those with which somebody is late and of which the township was not told: not accepted since before one
        /// instant, or accepted before another and not decided.
        LATE = concat!("SELECT ", columns!(), " FROM objection WHERE book_id = $1 AND state = 'open' \
            AND escalated_at IS NULL AND ((accepted_at IS NULL AND raised_at < $2) OR accepted_at < $3) \
            ORDER BY no LIMIT $4");
        /// How many the township was told of are open.
        ESCALATED = "SELECT CAST(COUNT(*) AS BIGINT) FROM objection WHERE book_id = $1 AND state = 'open' \
            AND escalated_at IS NOT NULL";
        /// Accepts one.
        ACCEPT = "UPDATE objection SET accepted_at = $3, accepted_by = $4 WHERE book_id = $1 AND id = $2 \
            AND state = 'open' AND accepted_at IS NULL";
        /// The township is told.
        ESCALATE = "UPDATE objection SET escalated_at = $3 WHERE book_id = $1 AND id = $2 AND state = 'open' \
            AND escalated_at IS NULL";
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
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// By whom.
    pub accepted_by: Option<String>,
    /// When the township was told that somebody is late with it.
    pub escalated_at: Option<Timestamp>,
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
        .bind(o.accepted_at)
        .bind(&o.accepted_by)
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

/// The objection with that number.
pub async fn by_no(tx: &mut Tx, book: BookId, no: i64) -> StoreResult<Option<ObjectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_NO).bind(book).bind(no).fetch_optional(c))?)
}

/// Objections of every state numbered below `before`, newest first.
pub async fn every(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<ObjectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::EVERY).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// What a household objected to, newest first.
pub async fn of_household(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    limit: i64,
) -> StoreResult<Vec<ObjectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOUSEHOLD).bind(book).bind(household).bind(limit).fetch_all(c))?)
}

/// What was found right about a household's own awards, newest first.
pub async fn against(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    limit: i64,
) -> StoreResult<Vec<ObjectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::AGAINST).bind(book).bind(household).bind(limit).fetch_all(c))?)
}

/// Open ones raised before `raised` and not accepted, or accepted before `accepted`, of which the township was not told.
pub async fn late(
    tx: &mut Tx,
    book: BookId,
    raised: Timestamp,
    accepted: Timestamp,
    limit: i64,
) -> StoreResult<Vec<ObjectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LATE)
        .bind(book)
        .bind(raised)
        .bind(accepted)
        .bind(limit)
        .fetch_all(c))?)
}

/// How many open ones the township was told of.
pub async fn escalated(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::ESCALATED).bind(book).fetch_one(c))?)
}

/// Accepts an objection; fails unless it is open and nobody has.
pub async fn accept(
    tx: &mut WriteTx,
    book: BookId,
    id: ObjectionId,
    at: Timestamp,
    by: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ACCEPT).bind(book).bind(id).bind(at).bind(by).execute(c))
}

/// Notes that the township was told; fails unless it is open and was not told.
pub async fn escalate(tx: &mut WriteTx, book: BookId, id: ObjectionId, at: Timestamp) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ESCALATE).bind(book).bind(id).bind(at).execute(c))
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

/// Erases what a household wrote, in all of them.
pub async fn erase_words(tx: &mut WriteTx, book: BookId, household: HouseholdId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_WORDS).bind(book).bind(household).execute(c))
}
