//! The honours registry (荣誉登记): who was granted what, by whom, on which paper.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{AwardId, BookId, HonourId, HouseholdId},
    time::{Day, Timestamp},
};

macro_rules! columns {
    () => {
        "id, no, household_id, title, level, granted_by, granted_on, document, state, recorded_at, recorded_by, \
         decided_at, decided_by, award_id"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds an honour.
        ADD = "INSERT INTO honour (book_id, id, no, household_id, title, level, granted_by, granted_on, document, \
            state, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'proposed', $10, $11)";
        /// One honour.
        ONE = concat!("SELECT ", columns!(), " FROM honour WHERE book_id = $1 AND id = $2");
        /// Honours, newest first.
        LIST = concat!("SELECT ", columns!(), " FROM honour WHERE book_id = $1 AND no < $2 ORDER BY no DESC LIMIT $3");
        /// The honours of a household granted in a span of days.
        OF_HOUSEHOLD = concat!("SELECT ", columns!(), " FROM honour WHERE book_id = $1 AND household_id = $2 \
            AND granted_on >= $3 AND granted_on < $4 ORDER BY granted_on, no LIMIT 100");
        /// Confirms or withdraws one.
        DECIDE = "UPDATE honour SET state = $4, decided_at = $5, decided_by = $6 WHERE book_id = $1 AND id = $2 \
            AND state = $3";
        /// What was written about a household is gone.
        ERASE_WORDS = "UPDATE honour SET title = '', granted_by = '', document = '' WHERE book_id = $1 \
            AND household_id = $2";
        /// It was claimed as an award.
        CLAIMED = "UPDATE honour SET award_id = $3 WHERE book_id = $1 AND id = $2 AND state = 'confirmed'";
    }
}

/// An honour.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HonourRow {
    /// Its name.
    pub id: HonourId,
    /// Its number in the book.
    pub no: i64,
    /// Whose.
    pub household_id: HouseholdId,
    /// What it is called.
    pub title: String,
    /// `village`, `town`, `county`, `province` or `state`.
    pub level: String,
    /// Who granted it.
    pub granted_by: String,
    /// When.
    pub granted_on: Day,
    /// The paper it rests on.
    pub document: String,
    /// `proposed`, `confirmed` or `withdrawn`.
    pub state: String,
    /// When it was entered.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: String,
    /// When it was confirmed or withdrawn.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<String>,
    /// The award it was claimed as.
    pub award_id: Option<AwardId>,
}

/// Adds an honour, not confirmed yet.
pub async fn add(tx: &mut WriteTx, book: BookId, h: &HonourRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(h.id)
        .bind(h.no)
        .bind(h.household_id)
        .bind(&h.title)
        .bind(&h.level)
        .bind(&h.granted_by)
        .bind(h.granted_on)
        .bind(&h.document)
        .bind(h.recorded_at)
        .bind(&h.recorded_by)
        .execute(c))
}

/// One honour.
pub async fn one(tx: &mut Tx, book: BookId, id: HonourId) -> StoreResult<Option<HonourRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// Honours numbered below `before`, newest first.
pub async fn list(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<HonourRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// The honours of a household granted from `from` to the day before `until`.
pub async fn of_household(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    (from, until): (Day, Day),
) -> StoreResult<Vec<HonourRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOUSEHOLD)
        .bind(book)
        .bind(household)
        .bind(from)
        .bind(until)
        .fetch_all(c))?)
}

/// Moves an honour from state `from` to `to`.
pub async fn decide(
    tx: &mut WriteTx,
    book: BookId,
    id: HonourId,
    (from, to): (&str, &str),
    at: Timestamp,
    by: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::DECIDE)
        .bind(book)
        .bind(id)
        .bind(from)
        .bind(to)
        .bind(at)
        .bind(by)
        .execute(c))
}

/// Notes the award a confirmed honour was claimed as.
pub async fn claimed(tx: &mut WriteTx, book: BookId, id: HonourId, award: AwardId) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::CLAIMED).bind(book).bind(id).bind(award).execute(c))
}

/// Erases what was written about a household, in all of them.
pub async fn erase_words(tx: &mut WriteTx, book: BookId, household: HouseholdId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_WORDS).bind(book).bind(household).execute(c))
}
