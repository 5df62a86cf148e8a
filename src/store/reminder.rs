//! Reminders (提醒): the current state of each; its history is in [`crate::store::event`].

use super::{StoreError, StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{AwardId, BookId, HouseholdId, PersonId, ReminderId},
    reminder::ReminderState,
    time::{Day, Timestamp},
};

macro_rules! columns {
    () => {
        "id, no, household_id, person_id, item, what, times, given_on, fix_by, reminded_at, reminded_by, state, \
         checked_at, checked_by, finding, award_id, restore_id"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a reminder.
        ADD = "INSERT INTO reminder (book_id, id, no, household_id, person_id, item, what, times, given_on, fix_by, \
            reminded_at, reminded_by, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'reminded')";
        /// One reminder.
        ONE = concat!("SELECT ", columns!(), " FROM reminder WHERE book_id = $1 AND id = $2");
        /// The reminder that a deduction rests on.
        OF_AWARD = concat!("SELECT ", columns!(), " FROM reminder WHERE book_id = $1 AND award_id = $2");
        /// Reminders in a state, newest first.
        LIST = concat!("SELECT ", columns!(), " FROM reminder WHERE book_id = $1 AND state = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
        /// Those of one household, newest first.
        OF_HOUSEHOLD = concat!("SELECT ", columns!(), " FROM reminder WHERE book_id = $1 AND household_id = $2 \
            ORDER BY no DESC LIMIT $3");
        /// The oldest of a household for an item that was found unmended and not yet deducted for.
        UNMENDED = concat!("SELECT ", columns!(), " FROM reminder WHERE book_id = $1 AND household_id = $2 \
            AND item = $3 AND state = 'unmended' ORDER BY no LIMIT 1");
        /// What was written about a household is gone.
        ERASE_WORDS = "UPDATE reminder SET what = '', finding = '' WHERE book_id = $1 AND household_id = $2";
        /// From one state to the next.
        MOVE = "UPDATE reminder SET state = $4, times = $5, given_on = $6, fix_by = $7, reminded_at = $8, \
            reminded_by = $9, checked_at = $10, checked_by = $11, finding = $12, award_id = $13, restore_id = $14 \
            WHERE book_id = $1 AND id = $2 AND state = $3";
    }
}

/// A reminder.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ReminderRow {
    /// Its name.
    pub id: ReminderId,
    /// Its number.
    pub no: i64,
    /// Whose it is; nobody else reads it.
    pub household_id: HouseholdId,
    /// Who of it, where the item counts by person.
    pub person_id: Option<PersonId>,
    /// The deduction it comes before.
    pub item: String,
    /// What is to be mended.
    pub what: String,
    /// How often it was given.
    pub times: i32,
    /// When it was given last.
    pub given_on: Day,
    /// The last day to mend it.
    pub fix_by: Day,
    /// When it was entered last.
    pub reminded_at: Timestamp,
    /// By whom.
    pub reminded_by: String,
    /// As stored.
    pub state: String,
    /// When somebody looked again.
    pub checked_at: Option<Timestamp>,
    /// Who.
    pub checked_by: Option<String>,
    /// What was found, or why it was withdrawn.
    pub finding: Option<String>,
    /// The deduction.
    pub award_id: Option<AwardId>,
    /// What gave it back.
    pub restore_id: Option<AwardId>,
}

impl ReminderRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<ReminderState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("reminder", "state", self.state.clone()))
    }
}

/// Adds a reminder.
pub async fn add(tx: &mut WriteTx, book: BookId, r: &ReminderRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.id)
        .bind(r.no)
        .bind(r.household_id)
        .bind(r.person_id)
        .bind(&r.item)
        .bind(&r.what)
        .bind(r.times)
        .bind(r.given_on)
        .bind(r.fix_by)
        .bind(r.reminded_at)
        .bind(&r.reminded_by)
        .execute(c))
}

/// One reminder.
pub async fn one(tx: &mut Tx, book: BookId, id: ReminderId) -> StoreResult<Option<ReminderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The reminder that a deduction rests on.
pub async fn of_award(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Option<ReminderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_AWARD).bind(book).bind(award).fetch_optional(c))?)
}

/// Reminders in a state numbered below `before`, newest first.
pub async fn list(
    tx: &mut Tx,
    book: BookId,
    state: ReminderState,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<ReminderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST)
        .bind(book)
        .bind(state.as_str())
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// Those of one household, newest first.
pub async fn of_household(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    limit: i64,
) -> StoreResult<Vec<ReminderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOUSEHOLD).bind(book).bind(household).bind(limit).fetch_all(c))?)
}

/// The oldest of a household for an item that was found unmended and not yet deducted for.
pub async fn unmended(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    item: &str,
) -> StoreResult<Option<ReminderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::UNMENDED).bind(book).bind(household).bind(item).fetch_optional(c))?)
}

/// Moves a reminder to where `after` stands; fails unless it is in `from` still.
pub async fn to(tx: &mut WriteTx, book: BookId, from: ReminderState, after: &ReminderRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::MOVE)
        .bind(book)
        .bind(after.id)
        .bind(from.as_str())
        .bind(&after.state)
        .bind(after.times)
        .bind(after.given_on)
        .bind(after.fix_by)
        .bind(after.reminded_at)
        .bind(&after.reminded_by)
        .bind(after.checked_at)
        .bind(&after.checked_by)
        .bind(&after.finding)
        .bind(after.award_id)
        .bind(after.restore_id)
        .execute(c))
}

/// Erases what was written about a household, in all of them.
pub async fn erase_words(tx: &mut WriteTx, book: BookId, household: HouseholdId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_WORDS).bind(book).bind(household).execute(c))
}
