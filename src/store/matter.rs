//! Matters that households reported (随手拍): the current state of each; its history is in [`crate::store::event`].

use super::{StoreError, StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{AwardId, BookId, HouseholdId, MatterId, OrgId, PersonId, UserId},
    matter::{MatterGrade, MatterKind, MatterState},
    time::Timestamp,
};

pub mod photo;

macro_rules! columns {
    () => {
        "id, no, key, household_id, person_id, group_id, kind, manner, words, reported_at, reported_by, state, \
         moved_at, moved_by, grade, first_id, assignee, finished_by, remark, award_id, unpaid, mended, mended_award_id, \
         malicious"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a report.
        ADD = "INSERT INTO matter (book_id, id, no, key, household_id, person_id, group_id, kind, manner, words, \
            reported_at, reported_by, state, moved_at, moved_by, remark) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
            $10, $11, $12, 'reported', $11, $12, '')";
        /// One matter.
        ONE = concat!("SELECT ", columns!(), " FROM matter WHERE book_id = $1 AND id = $2");
        /// One matter by its number.
        BY_NO = concat!("SELECT ", columns!(), " FROM matter WHERE book_id = $1 AND no = $2");
        /// What somebody reported under a key.
        BY_KEY = concat!("SELECT ", columns!(), " FROM matter WHERE book_id = $1 AND reported_by = $2 AND key = $3");
        /// Who put down the report that an award was recorded from.
        REPORTER_OF_AWARD = "SELECT reported_by FROM matter WHERE book_id = $1 \
            AND (award_id = $2 OR mended_award_id = $2) ORDER BY no LIMIT 1";
        /// When reports of a household were found to be in bad faith.
        MALICIOUS = "SELECT moved_at FROM matter WHERE book_id = $1 AND household_id = $2 AND state = 'invalid' \
            AND malicious ORDER BY moved_at LIMIT 100";
        /// In one state, oldest first.
        IN_STATE = concat!("SELECT ", columns!(), " FROM matter WHERE book_id = $1 AND state = $2 AND no > $3 \
            ORDER BY no LIMIT $4");
        /// Closed, newest first.
        CLOSED = concat!("SELECT ", columns!(), " FROM matter WHERE book_id = $1 AND state = 'closed' AND no < $2 \
            ORDER BY no DESC LIMIT $3");
        /// Of one household, newest first.
        OF_HOUSEHOLD = concat!("SELECT ", columns!(), " FROM matter WHERE book_id = $1 AND household_id = $2 \
            AND no < $3 ORDER BY no DESC LIMIT $4");
        /// Assigned to somebody and not done, oldest first.
        OF_ASSIGNEE = concat!("SELECT ", columns!(), " FROM matter WHERE book_id = $1 AND assignee = $2 \
            AND state = 'assigned' AND no > $3 ORDER BY no LIMIT $4");
        /// Waits for a look since before a time, oldest first.
        WAITING = concat!("SELECT ", columns!(), " FROM matter WHERE book_id = $1 AND state IN ('reported', 'done') \
            AND moved_at < $2 AND no > $3 ORDER BY no LIMIT $4");
        /// How many do.
        WAITING_COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM matter WHERE book_id = $1 \
            AND state IN ('reported', 'done') AND moved_at < $2";
        /// Of a kind in a group, before another and since a time, that were not refused; the latest first.
        BEFORE = concat!("SELECT ", columns!(), " FROM matter WHERE book_id = $1 AND group_id = $2 AND kind = $3 \
            AND no < $4 AND reported_at >= $5 AND state NOT IN ('duplicate', 'invalid', 'withdrawn') \
            ORDER BY no DESC LIMIT 50");
        /// How many stand in each state that is not the end.
        COUNTS = "SELECT state, CAST(COUNT(*) AS BIGINT) AS standing FROM matter WHERE book_id = $1 \
            AND state IN ('reported', 'accepted', 'assigned', 'done', 'verified') GROUP BY state ORDER BY state";
        /// Of one household, each with the person who saw it.
        PERSONS = "SELECT id, person_id FROM matter WHERE book_id = $1 AND household_id = $2 ORDER BY no";
        /// What the household said and was told is gone.
        ERASE_WORDS = "UPDATE matter SET words = '', remark = '' WHERE book_id = $1 AND id = $2";
        /// From one state to another.
        MOVE = "UPDATE matter SET state = $4, moved_at = $5, moved_by = $6, grade = $7, first_id = $8, assignee = $9, \
            finished_by = $10, remark = $11, award_id = $12, unpaid = $13, mended = $14, mended_award_id = $15, \
            malicious = $16 WHERE book_id = $1 AND id = $2 AND state = $3";
    }
}

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct MatterRow {
    /// Its name.
    pub id: MatterId,
    /// Its number in the book.
    pub no: i64,
    /// What makes one form sent twice one report.
    pub key: String,
    /// The household that reported it.
    pub household_id: HouseholdId,
    /// Who saw it.
    pub person_id: Option<PersonId>,
    /// In which group it is.
    pub group_id: OrgId,
    /// What it is about.
    pub kind: String,
    /// `self`, `phone` or `paper`.
    pub manner: String,
    /// What the household says.
    pub words: String,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// Who put the report down.
    pub reported_by: String,
    /// Where it stands.
    pub state: String,
    /// Since when.
    pub moved_at: Timestamp,
    /// By whom.
    pub moved_by: String,
    /// How large it is, once it was found so.
    pub grade: Option<String>,
    /// The earlier report that a duplicate repeats.
    pub first_id: Option<MatterId>,
    /// Who sees to it.
    pub assignee: Option<UserId>,
    /// Who put down that it was done.
    pub finished_by: Option<String>,
    /// The last word of the office to the household.
    pub remark: String,
    /// The award to the first valid reporter.
    pub award_id: Option<AwardId>,
    /// Why there is none by the rules: the code of the refusal.
    pub unpaid: Option<String>,
    /// Whether whoever reported it mended it as well.
    pub mended: bool,
    /// The award for that.
    pub mended_award_id: Option<AwardId>,
    /// Whether what was not so was said in bad faith.
    pub malicious: bool,
}

impl MatterRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<MatterState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("matter", "state", &self.state))
    }

    /// What it is about.
    pub fn kind(&self) -> StoreResult<MatterKind> {
        self.kind.parse().map_err(|_| StoreError::inconsistent("matter", "kind", &self.kind))
    }

    /// How large it is.
    pub fn grade(&self) -> StoreResult<Option<MatterGrade>> {
        let parsed = self.grade.as_deref().map(str::parse).transpose();
        parsed.map_err(|_| {
            StoreError::inconsistent("matter", "grade", self.grade.as_deref().unwrap_or_default())
        })
    }
}

/// Adds a report.
pub async fn add(tx: &mut WriteTx, book: BookId, m: &MatterRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(m.id)
        .bind(m.no)
        .bind(&m.key)
        .bind(m.household_id)
        .bind(m.person_id)
        .bind(m.group_id)
        .bind(&m.kind)
        .bind(&m.manner)
        .bind(&m.words)
        .bind(m.reported_at)
        .bind(&m.reported_by)
        .execute(c))
}

/// One matter.
pub async fn one(tx: &mut Tx, book: BookId, id: MatterId) -> StoreResult<Option<MatterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// One matter by its number.
pub async fn by_no(tx: &mut Tx, book: BookId, no: i64) -> StoreResult<Option<MatterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_NO).bind(book).bind(no).fetch_optional(c))?)
}

/// What somebody reported under a key.
pub async fn by_key(tx: &mut Tx, book: BookId, by: &str, key: &str) -> StoreResult<Option<MatterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_KEY).bind(book).bind(by).bind(key).fetch_optional(c))?)
}

/// Who put down the report that an award was recorded from.
pub async fn reporter_of_award(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::REPORTER_OF_AWARD).bind(book).bind(award).fetch_optional(c))?)
}

/// When reports of a household were found to be in bad faith, in order.
pub async fn malicious(tx: &mut Tx, book: BookId, household: HouseholdId) -> StoreResult<Vec<Timestamp>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::MALICIOUS).bind(book).bind(household).fetch_all(c))?)
}

/// Matters in one state numbered above `after`, oldest first.
pub async fn in_state(
    tx: &mut Tx,
    book: BookId,
    state: MatterState,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<MatterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::IN_STATE)
        .bind(book)
        .bind(state.as_str())
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// Closed matters numbered below `before`, newest first.
pub async fn closed(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<MatterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::CLOSED).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// Matters of one household numbered below `before`, newest first.
pub async fn of_household(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<MatterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOUSEHOLD)
        .bind(book)
        .bind(household)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// Matters assigned to somebody and not done, numbered above `after`, oldest first.
pub async fn of_assignee(
    tx: &mut Tx,
    book: BookId,
    user: UserId,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<MatterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_ASSIGNEE)
        .bind(book)
        .bind(user)
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// Matters that wait for a look since before a time, numbered above `after`, oldest first.
pub async fn waiting(
    tx: &mut Tx,
    book: BookId,
    since: Timestamp,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<MatterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::WAITING).bind(book).bind(since).bind(after).bind(limit).fetch_all(c))?)
}

/// How many wait for a look since before a time.
pub async fn waiting_count(tx: &mut Tx, book: BookId, since: Timestamp) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::WAITING_COUNT).bind(book).bind(since).fetch_one(c))?)
}

/// Matters of the same kind in the same group, before `m` and since a time, that were not refused; the latest first.
pub async fn before(
    tx: &mut Tx,
    book: BookId,
    m: &MatterRow,
    since: Timestamp,
) -> StoreResult<Vec<MatterRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BEFORE)
        .bind(book)
        .bind(m.group_id)
        .bind(&m.kind)
        .bind(m.no)
        .bind(since)
        .fetch_all(c))?)
}

/// How many stand in each state that is not the end.
pub async fn counts(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(String, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::COUNTS).bind(book).fetch_all(c))?)
}

/// Matters of one household, each with the person who saw it.
pub async fn persons_of(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
) -> StoreResult<Vec<(MatterId, Option<PersonId>)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PERSONS).bind(book).bind(household).fetch_all(c))?)
}

/// Erases what the household said and was told.
pub async fn erase_words(tx: &mut WriteTx, book: BookId, id: MatterId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_WORDS).bind(book).bind(id).execute(c))
}

/// Moves a matter on; `to` says where it stands then. Fails unless it still stands at `from`.
pub async fn advance(tx: &mut WriteTx, book: BookId, from: MatterState, to: &MatterRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::MOVE)
        .bind(book)
        .bind(to.id)
        .bind(from.as_str())
        .bind(&to.state)
        .bind(to.moved_at)
        .bind(&to.moved_by)
        .bind(&to.grade)
        .bind(to.first_id)
        .bind(to.assignee)
        .bind(&to.finished_by)
        .bind(&to.remark)
        .bind(to.award_id)
        .bind(&to.unpaid)
        .bind(to.mended)
        .bind(to.mended_award_id)
        .bind(to.malicious)
        .execute(c))
}
