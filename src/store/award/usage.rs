//! What counts against caps: sums over awards that are neither rejected nor reversed; what was reversed and put right
//! counts as it was recorded. No comparing here.

use crate::{
    domain::{
        ids::{AwardId, BookId, HouseholdId, OrgId, PersonId},
        time::Day,
    },
    store::{StoreResult, Tx, on},
};

macro_rules! measures {
    () => {
        "CAST(COUNT(*) AS BIGINT) AS times, CAST(COALESCE(SUM(points), 0) AS BIGINT) AS points, \
         CAST(COALESCE(SUM(honor), 0) AS BIGINT) AS honor, CAST(COALESCE(SUM(minutes), 0) AS BIGINT) AS minutes, \
         CAST(COUNT(DISTINCT CASE WHEN person_id <> $2 THEN person_id END) AS BIGINT) AS people, \
         CAST(COUNT(DISTINCT CASE WHEN household_id <> $3 THEN household_id END) AS BIGINT) AS households"
    };
}

macro_rules! window {
    () => {
        " AND occurred_on >= $4 AND occurred_on < $5 AND id <> $6 AND state <> 'rejected' AND (state <> 'reversed' \
          OR EXISTS (SELECT 1 FROM reversal AS r WHERE r.book_id = award.book_id AND r.seq = award.txn_seq \
          AND r.correction_seq IS NOT NULL)) AND ($7 = '' OR event_key = $7 OR (event_key IS NULL AND occurred_on = $8))"
    };
}

/// Statements. `$8` lists items between commas; empty stands for all.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Of one person.
        OF_PERSON = concat!("SELECT ", measures!(), " FROM award WHERE book_id = $1 AND person_id = $2", window!(),
            " AND ($9 = '' OR $9 LIKE '%,' || item || ',%')");
        /// Of one household.
        OF_HOUSEHOLD = concat!("SELECT ", measures!(), " FROM award WHERE book_id = $1 AND household_id = $3", window!(),
            " AND ($9 = '' OR $9 LIKE '%,' || item || ',%')");
        /// Of one item in the village, or in one group of it.
        OF_ITEM = concat!("SELECT ", measures!(), " FROM award WHERE book_id = $1 AND item = $9", window!(),
            " AND ($10 = 0 OR group_id = $11)");
    }
}

/// One question, with the claim it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    /// The claim's person; a nil id if it names none.
    pub person: PersonId,
    /// The claim's household.
    pub household: HouseholdId,
    /// The first day that counts.
    pub from: Day,
    /// The first day no longer.
    pub until: Day,
    /// The claim itself, if it is on record already.
    pub without: AwardId,
    /// Only acts of that event, and on its day those that name none; empty for any.
    pub event_key: &'a str,
    /// The day of the claim.
    pub on_day: Day,
}

/// The sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Usage {
    /// How many awards.
    pub times: i64,
    /// Their points.
    pub points: i64,
    /// Their honour points.
    pub honor: i64,
    /// Their minutes.
    pub minutes: i64,
    /// How many other persons.
    pub people: i64,
    /// How many other households.
    pub households: i64,
}

/// Over the awards of the claim's person; `items` between commas, empty for all.
pub async fn of_person(tx: &mut Tx, book: BookId, w: Window<'_>, items: &str) -> StoreResult<Usage> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_PERSON)
        .bind(book)
        .bind(w.person)
        .bind(w.household)
        .bind(w.from)
        .bind(w.until)
        .bind(w.without)
        .bind(w.event_key)
        .bind(w.on_day)
        .bind(items)
        .fetch_one(c))?)
}

/// Over the awards of the claim's household; `items` between commas, empty for all.
pub async fn of_household(tx: &mut Tx, book: BookId, w: Window<'_>, items: &str) -> StoreResult<Usage> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOUSEHOLD)
        .bind(book)
        .bind(w.person)
        .bind(w.household)
        .bind(w.from)
        .bind(w.until)
        .bind(w.without)
        .bind(w.event_key)
        .bind(w.on_day)
        .bind(items)
        .fetch_one(c))?)
}

/// Over the awards of one item in the whole village, or in one group.
pub async fn of_item(
    tx: &mut Tx,
    book: BookId,
    w: Window<'_>,
    item: &str,
    group: Option<OrgId>,
) -> StoreResult<Usage> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_ITEM)
        .bind(book)
        .bind(w.person)
        .bind(w.household)
        .bind(w.from)
        .bind(w.until)
        .bind(w.without)
        .bind(w.event_key)
        .bind(w.on_day)
        .bind(item)
        .bind(i32::from(group.is_some()))
        .bind(group.unwrap_or(OrgId(uuid::Uuid::nil())))
        .fetch_one(c))?)
}
