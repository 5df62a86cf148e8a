//! Appeals (申诉) to the township against what a village found about an objection.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{AppealId, AwardId, BookId, HouseholdId, ObjectionId},
    time::Timestamp,
};

macro_rules! columns {
    () => {
        "id, no, objection_id, award_id, raised_at, manner, raised_by, household_id, content, state, decided_at, \
         decided_by, decision"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// What a household wrote is gone.
        ERASE_WORDS = "UPDATE appeal SET content = '' WHERE book_id = $1 AND household_id = $2";
        /// Adds an appeal.
        ADD = "INSERT INTO appeal (book_id, id, no, objection_id, award_id, raised_at, manner, raised_by, \
            household_id, content, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open')";
        /// One appeal.
        ONE = concat!("SELECT ", columns!(), " FROM appeal WHERE book_id = $1 AND id = $2");
        /// The appeal about one objection.
        OF_OBJECTION = concat!("SELECT ", columns!(), " FROM appeal WHERE book_id = $1 AND objection_id = $2");
        /// The appeals about one award, oldest first.
        OF_AWARD = concat!("SELECT ", columns!(), " FROM appeal WHERE book_id = $1 AND award_id = $2 \
            ORDER BY no LIMIT 100");
        /// Appeals in a state, newest first.
        LIST = concat!("SELECT ", columns!(), " FROM appeal WHERE book_id = $1 AND state = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
        /// How many are open.
        OPEN = "SELECT CAST(COUNT(*) AS BIGINT) FROM appeal WHERE book_id = $1 AND state = 'open'";
        /// The township's final word.
        DECIDE = "UPDATE appeal SET state = $3, decided_at = $4, decided_by = $5, decision = $6 \
            WHERE book_id = $1 AND id = $2 AND state = 'open'";
    }
}

/// An appeal.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AppealRow {
    /// Its name.
    pub id: AppealId,
    /// Its number in the book.
    pub no: i64,
    /// The objection it is about.
    pub objection_id: ObjectionId,
    /// The award behind that.
    pub award_id: AwardId,
    /// When.
    pub raised_at: Timestamp,
    /// `self`, `proxy` or `anonymous`.
    pub manner: String,
    /// Who entered it.
    pub raised_by: String,
    /// The household that appeals; nothing for whoever raised a lead without a name.
    pub household_id: Option<HouseholdId>,
    /// Why.
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

/// Adds an appeal.
pub async fn add(tx: &mut WriteTx, book: BookId, a: &AppealRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(a.id)
        .bind(a.no)
        .bind(a.objection_id)
        .bind(a.award_id)
        .bind(a.raised_at)
        .bind(&a.manner)
        .bind(&a.raised_by)
        .bind(a.household_id)
        .bind(&a.content)
        .execute(c))
}

/// One appeal.
pub async fn one(tx: &mut Tx, book: BookId, id: AppealId) -> StoreResult<Option<AppealRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The appeal about an objection.
pub async fn of_objection(
    tx: &mut Tx,
    book: BookId,
    objection: ObjectionId,
) -> StoreResult<Option<AppealRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_OBJECTION).bind(book).bind(objection).fetch_optional(c))?)
}

/// The appeals about an award, oldest first.
pub async fn of_award(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Vec<AppealRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_AWARD).bind(book).bind(award).fetch_all(c))?)
}

/// Appeals in `state` numbered below `before`, newest first.
pub async fn list(
    tx: &mut Tx,
    book: BookId,
    state: &str,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<AppealRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(state).bind(before).bind(limit).fetch_all(c))?)
}

/// How many appeals are open.
pub async fn open(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OPEN).bind(book).fetch_one(c))?)
}

/// Decides an appeal; fails unless it is open.
pub async fn decide(
    tx: &mut WriteTx,
    book: BookId,
    id: AppealId,
    (state, words): (&str, &str),
    at: Timestamp,
    by: &str,
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
