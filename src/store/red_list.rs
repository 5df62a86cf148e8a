//! Red lists (红榜) and what the households on them say to it.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{BookId, HouseholdId, RedListId},
    time::Timestamp,
};

macro_rules! columns {
    () => {
        "id, no, title, basis, state, proposed_at, proposed_by, approved_at, approved_by, shown_at, shown_until, \
         ended_at"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a list.
        ADD = "INSERT INTO red_list (book_id, id, no, title, basis, state, proposed_at, proposed_by) \
            VALUES ($1, $2, $3, $4, $5, 'proposed', $6, $7)";
        /// Adds a household to it.
        ADD_ENTRY = "INSERT INTO red_list_entry (book_id, list_id, line, household_id, deed, consent) \
            VALUES ($1, $2, $3, $4, $5, 'asked')";
        /// One list.
        ONE = concat!("SELECT ", columns!(), " FROM red_list WHERE book_id = $1 AND id = $2");
        /// Lists, newest first.
        LIST = concat!("SELECT ", columns!(), " FROM red_list WHERE book_id = $1 AND no < $2 ORDER BY no DESC LIMIT $3");
        /// Lists in a state, newest first.
        IN_STATE = concat!("SELECT ", columns!(), " FROM red_list WHERE book_id = $1 AND state = $2 \
            ORDER BY no DESC LIMIT $3");
        /// Lists that have hung their days.
        OVER = concat!("SELECT ", columns!(), " FROM red_list WHERE book_id = $1 AND state = 'shown' \
            AND shown_until <= $2 ORDER BY no LIMIT $3");
        /// The households on a list, by their place: the order of their numbers.
        ENTRIES = "SELECT list_id, line, household_id, deed, consent, answered_at, answered_by FROM red_list_entry \
            WHERE book_id = $1 AND list_id = $2 ORDER BY line LIMIT 200";
        /// The lists a household is on.
        OF_HOUSEHOLD = "SELECT list_id, line, household_id, deed, consent, answered_at, answered_by \
            FROM red_list_entry WHERE book_id = $1 AND household_id = $2 ORDER BY list_id DESC LIMIT 50";
        /// What a household says.
        ANSWER = "UPDATE red_list_entry SET consent = $4, answered_at = $5, answered_by = $6 WHERE book_id = $1 \
            AND list_id = $2 AND household_id = $3";
        /// What was written about a household is gone, and nobody of it is left who could agree to be shown.
        ERASE_WORDS = "UPDATE red_list_entry SET deed = '', consent = 'refused' WHERE book_id = $1 \
            AND household_id = $2";
        /// A second person approves it.
        APPROVE = "UPDATE red_list SET state = 'approved', approved_at = $3, approved_by = $4 WHERE book_id = $1 \
            AND id = $2 AND state = 'proposed'";
        /// It hangs.
        SHOW = "UPDATE red_list SET state = 'shown', shown_at = $3, shown_until = $4 WHERE book_id = $1 AND id = $2 \
            AND state = 'approved'";
        /// It hangs no more, or never did.
        END = "UPDATE red_list SET state = $4, ended_at = $5 WHERE book_id = $1 AND id = $2 AND state = $3";
    }
}

/// A red list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RedListRow {
    /// Its name.
    pub id: RedListId,
    /// Its number in the book.
    pub no: i64,
    /// Its heading.
    pub title: String,
    /// The vote or meeting it rests on.
    pub basis: String,
    /// `proposed`, `approved`, `shown`, `taken_down` or `withdrawn`.
    pub state: String,
    /// When it was put together.
    pub proposed_at: Timestamp,
    /// By whom.
    pub proposed_by: String,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// By whom.
    pub approved_by: Option<String>,
    /// Since when it hangs.
    pub shown_at: Option<Timestamp>,
    /// Until when.
    pub shown_until: Option<Timestamp>,
    /// When it was taken down or given up.
    pub ended_at: Option<Timestamp>,
}

/// A household on a red list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RedListEntry {
    /// The list.
    pub list_id: RedListId,
    /// Its place.
    pub line: i32,
    /// Which household.
    pub household_id: HouseholdId,
    /// What it is praised for.
    pub deed: String,
    /// `asked`, `given` or `refused`.
    pub consent: String,
    /// When it answered.
    pub answered_at: Option<Timestamp>,
    /// Who entered the answer.
    pub answered_by: Option<String>,
}

/// Adds a list.
pub async fn add(tx: &mut WriteTx, book: BookId, r: &RedListRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.id)
        .bind(r.no)
        .bind(&r.title)
        .bind(&r.basis)
        .bind(r.proposed_at)
        .bind(&r.proposed_by)
        .execute(c))
}

/// Adds a household to a list; it is asked.
pub async fn add_entry(
    tx: &mut WriteTx,
    book: BookId,
    list: RedListId,
    line: i32,
    (household, deed): (HouseholdId, &str),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_ENTRY)
        .bind(book)
        .bind(list)
        .bind(line)
        .bind(household)
        .bind(deed)
        .execute(c))
}

/// One list.
pub async fn one(tx: &mut Tx, book: BookId, id: RedListId) -> StoreResult<Option<RedListRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// Lists numbered below `before`, newest first.
pub async fn list(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<RedListRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// Lists in `state`, newest first.
pub async fn in_state(tx: &mut Tx, book: BookId, state: &str, limit: i64) -> StoreResult<Vec<RedListRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::IN_STATE).bind(book).bind(state).bind(limit).fetch_all(c))?)
}

/// Lists that have hung their days by `now`.
pub async fn over(tx: &mut Tx, book: BookId, now: Timestamp, limit: i64) -> StoreResult<Vec<RedListRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OVER).bind(book).bind(now).bind(limit).fetch_all(c))?)
}

/// The households on a list, by number.
pub async fn entries(tx: &mut Tx, book: BookId, list: RedListId) -> StoreResult<Vec<RedListEntry>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ENTRIES).bind(book).bind(list).fetch_all(c))?)
}

/// Where a household stands on lists.
pub async fn of_household(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
) -> StoreResult<Vec<RedListEntry>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOUSEHOLD).bind(book).bind(household).fetch_all(c))?)
}

/// Notes what a household says; fails unless it is on the list.
pub async fn answer(
    tx: &mut WriteTx,
    book: BookId,
    (list, household): (RedListId, HouseholdId),
    consent: &str,
    at: Timestamp,
    by: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ANSWER)
        .bind(book)
        .bind(list)
        .bind(household)
        .bind(consent)
        .bind(at)
        .bind(by)
        .execute(c))
}

/// Approves a list; fails unless it is proposed.
pub async fn approve(
    tx: &mut WriteTx,
    book: BookId,
    id: RedListId,
    at: Timestamp,
    by: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::APPROVE).bind(book).bind(id).bind(at).bind(by).execute(c))
}

/// Hangs a list up; fails unless it is approved.
pub async fn show(
    tx: &mut WriteTx,
    book: BookId,
    id: RedListId,
    at: Timestamp,
    until: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SHOW).bind(book).bind(id).bind(at).bind(until).execute(c))
}

/// Ends a list that is in state `from`.
pub async fn end(
    tx: &mut WriteTx,
    book: BookId,
    id: RedListId,
    (from, to): (&str, &str),
    at: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::END)
        .bind(book)
        .bind(id)
        .bind(from)
        .bind(to)
        .bind(at)
        .execute(c))
}

/// Erases what a household was praised for, and takes it off every list that hangs.
pub async fn erase_words(tx: &mut WriteTx, book: BookId, household: HouseholdId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_WORDS).bind(book).bind(household).execute(c))
}
