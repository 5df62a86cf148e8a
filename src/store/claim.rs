//! Claims of residents (申报): the current state of each; its history is in [`crate::store::event`].

use super::{StoreError, StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    claim::ClaimState,
    ids::{AwardId, BookId, ClaimId, HouseholdId, PersonId},
    time::{Day, Timestamp},
};

macro_rules! columns {
    () => {
        "id, no, key, household_id, person_id, item, grade, quantity, occurred_on, words, manner, helper, claimed_at, \
         claimed_by, state, handler, handled_at, reason, award_id"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a claim.
        ADD = "INSERT INTO claim (book_id, id, no, key, household_id, person_id, item, grade, quantity, occurred_on, \
            words, manner, helper, claimed_at, claimed_by, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
            $12, $13, $14, $15, 'received')";
        /// One claim.
        ONE = concat!("SELECT ", columns!(), " FROM claim WHERE book_id = $1 AND id = $2");
        /// The claim somebody handed in under a key.
        BY_KEY = concat!("SELECT ", columns!(), " FROM claim WHERE book_id = $1 AND claimed_by = $2 AND key = $3");
        /// The claim an award was recorded from.
        OF_AWARD = concat!("SELECT ", columns!(), " FROM claim WHERE book_id = $1 AND award_id = $2 ORDER BY no LIMIT 1");
        /// In one state, oldest first.
        IN_STATE = concat!("SELECT ", columns!(), " FROM claim WHERE book_id = $1 AND state = $2 AND no > $3 \
            ORDER BY no LIMIT $4");
        /// Of one household, newest first.
        OF_HOUSEHOLD = concat!("SELECT ", columns!(), " FROM claim WHERE book_id = $1 AND household_id = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
        /// Handed in by somebody, newest first.
        OF_CLAIMANT = concat!("SELECT ", columns!(), " FROM claim WHERE book_id = $1 AND claimed_by = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
        /// How many wait in each state.
        COUNTS = "SELECT state, CAST(COUNT(*) AS BIGINT) AS waiting FROM claim WHERE book_id = $1 \
            AND state IN ('received', 'checking') GROUP BY state ORDER BY state";
        /// Of one household, each with the person it is about.
        PERSONS = "SELECT id, person_id FROM claim WHERE book_id = $1 AND household_id = $2 ORDER BY no";
        /// What the claimant said is gone.
        ERASE_WORDS = "UPDATE claim SET words = '', helper = '' WHERE book_id = $1 AND id = $2";
        /// From one state to another.
        MOVE = "UPDATE claim SET state = $4, handler = $5, handled_at = $6, reason = $7, award_id = $8 \
            WHERE book_id = $1 AND id = $2 AND state = $3";
    }
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ClaimRow {
    /// Its name.
    pub id: ClaimId,
    /// Its number in the book.
    pub no: i64,
    /// What makes one form sent twice one claim.
    pub key: String,
    /// For which household.
    pub household_id: HouseholdId,
    /// Who did it.
    pub person_id: Option<PersonId>,
    /// The item's code.
    pub item: String,
    /// Which grade.
    pub grade: Option<String>,
    /// How much, as decimal text.
    pub quantity: String,
    /// When it happened.
    pub occurred_on: Day,
    /// What the claimant says.
    pub words: String,
    /// `self`, `helper`, `head` or `paper`.
    pub manner: String,
    /// Who helped, or the number of the paper.
    pub helper: String,
    /// When it was handed in.
    pub claimed_at: Timestamp,
    /// By whom.
    pub claimed_by: String,
    /// Where it stands.
    pub state: String,
    /// Who looks into it.
    pub handler: Option<String>,
    /// Since when.
    pub handled_at: Option<Timestamp>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// The award it became.
    pub award_id: Option<AwardId>,
}

impl ClaimRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<ClaimState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("claim", "state", &self.state))
    }
}

/// Adds a claim, received.
pub async fn add(tx: &mut WriteTx, book: BookId, c: &ClaimRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |conn| sqlx::query(sql::ADD)
        .bind(book)
        .bind(c.id)
        .bind(c.no)
        .bind(&c.key)
        .bind(c.household_id)
        .bind(c.person_id)
        .bind(&c.item)
        .bind(&c.grade)
        .bind(&c.quantity)
        .bind(c.occurred_on)
        .bind(&c.words)
        .bind(&c.manner)
        .bind(&c.helper)
        .bind(c.claimed_at)
        .bind(&c.claimed_by)
        .execute(conn))
}

/// One claim.
pub async fn one(tx: &mut Tx, book: BookId, id: ClaimId) -> StoreResult<Option<ClaimRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The claim somebody handed in under a key.
pub async fn by_key(tx: &mut Tx, book: BookId, by: &str, key: &str) -> StoreResult<Option<ClaimRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_KEY).bind(book).bind(by).bind(key).fetch_optional(c))?)
}

/// The claim an award was recorded from.
pub async fn of_award(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Option<ClaimRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_AWARD).bind(book).bind(award).fetch_optional(c))?)
}

/// Claims in one state numbered above `after`, oldest first.
pub async fn in_state(
    tx: &mut Tx,
    book: BookId,
    state: ClaimState,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<ClaimRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::IN_STATE)
        .bind(book)
        .bind(state.as_str())
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// Claims of one household numbered below `before`, newest first.
pub async fn of_household(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<ClaimRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOUSEHOLD)
        .bind(book)
        .bind(household)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// Claims handed in by somebody numbered below `before`, newest first.
pub async fn of_claimant(
    tx: &mut Tx,
    book: BookId,
    by: &str,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<ClaimRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_CLAIMANT)
        .bind(book)
        .bind(by)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// How many wait in each state.
pub async fn counts(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(String, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::COUNTS).bind(book).fetch_all(c))?)
}

/// Claims of one household, each with the person it is about.
pub async fn persons_of(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
) -> StoreResult<Vec<(ClaimId, Option<PersonId>)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PERSONS).bind(book).bind(household).fetch_all(c))?)
}

/// Erases what the claimant said.
pub async fn erase_words(tx: &mut WriteTx, book: BookId, id: ClaimId) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ERASE_WORDS).bind(book).bind(id).execute(c))
}

/// Moves a claim on; `to` says where it stands then. Fails unless it still stands at `from`.
pub async fn advance(tx: &mut WriteTx, book: BookId, from: ClaimState, to: &ClaimRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::MOVE)
        .bind(book)
        .bind(to.id)
        .bind(from.as_str())
        .bind(&to.state)
        .bind(&to.handler)
        .bind(to.handled_at)
        .bind(&to.reason)
        .bind(to.award_id)
        .execute(c))
}
