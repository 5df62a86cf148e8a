//! Lists of awards, each keyset-paged, and the counts of the clerk's first page.

use crate::{
    domain::{
        due_process::AwardState,
        ids::{AwardId, BookId, FundId, HouseholdId, NoticeId, OrgId},
        time::{Day, Timestamp},
    },
    store::{StoreResult, Tx, on},
};

use super::AwardRow;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// In one state, oldest first.
        IN_STATE = concat!("SELECT ", award_columns!(), " FROM award WHERE book_id = $1 AND state = $2 AND no > $3 \
            ORDER BY no LIMIT $4");
        /// Waiting for review, by the place on the ladder.
        TO_REVIEW = concat!("SELECT ", award_columns!(), " FROM award WHERE book_id = $1 AND state = 'recorded' \
            AND step >= $2 AND step <= $3 AND no > $4 ORDER BY no LIMIT $5");
        /// Approved, of one group or of all; without those of which the township may still be asked, or has been.
        APPROVED = concat!("SELECT ", award_columns!(), " FROM award WHERE book_id = $1 AND state = 'approved' \
            AND ($2 = 0 OR group_id = $3) AND no > $4 AND NOT EXISTS (SELECT 1 FROM amendment AS m \
            WHERE m.book_id = award.book_id AND m.award_id = award.id AND m.waits_until >= $6) \
            AND NOT EXISTS (SELECT 1 FROM appeal AS p WHERE p.book_id = award.book_id AND p.award_id = award.id \
            AND p.state = 'open') ORDER BY no LIMIT $5");
        /// Of one recorder, newest first.
        OF_RECORDER = concat!("SELECT ", award_columns!(), " FROM award WHERE book_id = $1 AND recorder = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
        /// Returned to one recorder, oldest first.
        RETURNED = concat!("SELECT ", award_columns!(), " FROM award WHERE book_id = $1 AND state = 'returned' \
            AND recorder = $2 AND no > $3 ORDER BY no LIMIT $4");
        /// Of one household, newest first.
        OF_HOUSEHOLD = concat!("SELECT ", award_columns!(), " FROM award WHERE book_id = $1 AND household_id = $2 \
            AND no < $3 ORDER BY no DESC LIMIT $4");
        /// The lines of a sheet.
        OF_NOTICE = concat!("SELECT ", award_columns!(), " FROM award WHERE book_id = $1 AND notice_id = $2 \
            AND notice_line > $3 ORDER BY notice_line LIMIT $4");
        /// Lines whose clock has run out, undisputed.
        DUE = concat!("SELECT ", award_columns!(), " FROM award WHERE book_id = $1 AND state = 'in_notice' \
            AND closes_at <= $2 AND no > $3 ORDER BY no LIMIT $4");
        /// The numbers of the households and people of such lines.
        DUE_NUMBERS = "SELECT a.id, h.no AS household_no, p.no AS person_no FROM award AS a \
            JOIN household AS h ON h.book_id = a.book_id AND h.id = a.household_id \
            LEFT JOIN person AS p ON p.book_id = a.book_id AND p.id = a.person_id \
            WHERE a.book_id = $1 AND a.state = 'in_notice' AND a.closes_at <= $2 AND a.no > $3 ORDER BY a.no LIMIT $4";
        /// The points of such lines and whose budget they are taken from.
        DUE_POINTS = "SELECT a.no, n.fund_id, a.points FROM award a JOIN notice n ON n.book_id = a.book_id \
            AND n.id = a.notice_id WHERE a.book_id = $1 AND a.state = 'in_notice' AND a.closes_at <= $2 \
            AND a.points > 0 AND a.no > $3 ORDER BY a.no LIMIT $4";
        /// How many lines of a sheet are not decided yet.
        UNDECIDED = "SELECT CAST(COUNT(*) AS BIGINT) FROM award WHERE book_id = $1 AND notice_id = $2 \
            AND state IN ('in_notice', 'objected')";
        /// Points on published sheets of a fund that are not posted yet, and those of one more sheet.
        IN_NOTICE_POINTS = "SELECT CAST(COALESCE(SUM(a.points), 0) AS BIGINT) FROM award a JOIN notice n \
            ON n.book_id = a.book_id AND n.id = a.notice_id WHERE a.book_id = $1 AND a.state IN ('in_notice', 'objected') \
            AND n.fund_id = $2 AND (n.state = 'published' OR n.id = $3)";
        /// Points that sheets that hang promise out of a fund.
        PROMISED_POINTS = "SELECT CAST(COALESCE(SUM(a.points), 0) AS BIGINT) FROM award a JOIN notice n \
            ON n.book_id = a.book_id AND n.id = a.notice_id WHERE a.book_id = $1 AND a.state IN ('in_notice', 'objected') \
            AND n.fund_id = $2 AND n.state = 'published'";
        /// Points that sheets that hang, and one more, promise for what happened from `$2` to before `$3`.
        PROMISED_FOR = "SELECT CAST(COALESCE(SUM(a.points), 0) AS BIGINT) FROM award a JOIN notice n \
            ON n.book_id = a.book_id AND n.id = a.notice_id WHERE a.book_id = $1 AND a.state IN ('in_notice', 'objected') \
            AND a.points > 0 AND a.occurred_on >= $2 AND a.occurred_on < $3 AND (n.state = 'published' OR n.id = $4)";
        /// How many in each state; lines of a sheet that does not hang yet have no clock and count apart.
        COUNTS = "SELECT state, CAST(COUNT(*) AS BIGINT) AS count FROM (SELECT CASE WHEN state = 'in_notice' \
            AND closes_at IS NULL THEN 'compiled' ELSE state END AS state FROM award WHERE book_id = $1 \
            AND state IN ('recorded', 'returned', 'approved', 'in_notice', 'objected')) AS waiting \
            GROUP BY state ORDER BY state";
        /// How many wait at each place of the ladder.
        STEPS = "SELECT step, CAST(COUNT(*) AS BIGINT) AS waiting FROM award WHERE book_id = $1 AND state = 'recorded' \
            GROUP BY step ORDER BY step";
        /// The items a recorder used last.
        LAST_ITEMS = "SELECT item FROM (SELECT item, no FROM award WHERE book_id = $1 AND recorder = $2 \
            ORDER BY no DESC LIMIT 200) AS recent GROUP BY item ORDER BY MAX(no) DESC LIMIT $3";
        /// Sheets that have no undecided line left.
        FINISHED = "SELECT n.id FROM notice n WHERE n.book_id = $1 AND n.state = 'published' AND NOT EXISTS \
            (SELECT 1 FROM award a WHERE a.book_id = n.book_id AND a.notice_id = n.id \
            AND a.state IN ('in_notice', 'objected')) ORDER BY n.no LIMIT $2";
    }
}

/// The name under which [`counts`] gives the lines of sheets that do not hang yet.
pub const ON_SHEETS: &str = "compiled";

/// A state and how many awards are in it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StateCount {
    /// The state.
    pub state: String,
    /// How many.
    pub count: i64,
}

/// Awards in `state` numbered above `after`, oldest first.
pub async fn in_state(
    tx: &mut Tx,
    book: BookId,
    state: AwardState,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::IN_STATE)
        .bind(book)
        .bind(state.as_str())
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// Awards that wait at the places `steps.0` to `steps.1` of the ladder, numbered above `after`.
pub async fn to_review(
    tx: &mut Tx,
    book: BookId,
    steps: (i32, i32),
    after: i64,
    limit: i64,
) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::TO_REVIEW)
        .bind(book)
        .bind(steps.0)
        .bind(steps.1)
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// Approved awards of one group or of all, numbered above `after`, that may go onto a sheet `now`.
pub async fn approved(
    tx: &mut Tx,
    book: BookId,
    group: Option<OrgId>,
    (after, limit): (i64, i64),
    now: Timestamp,
) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::APPROVED)
        .bind(book)
        .bind(i32::from(group.is_some()))
        .bind(group.unwrap_or(OrgId(uuid::Uuid::nil())))
        .bind(after)
        .bind(limit)
        .bind(now)
        .fetch_all(c))?)
}

/// Awards of one recorder numbered below `before`, newest first.
pub async fn of_recorder(
    tx: &mut Tx,
    book: BookId,
    recorder: &str,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_RECORDER)
        .bind(book)
        .bind(recorder)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// Awards sent back to one recorder, numbered above `after`.
pub async fn returned(
    tx: &mut Tx,
    book: BookId,
    recorder: &str,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::RETURNED)
        .bind(book)
        .bind(recorder)
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// Awards of one household numbered below `before`, newest first.
pub async fn of_household(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOUSEHOLD)
        .bind(book)
        .bind(household)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// The lines of a sheet after line `after`.
pub async fn of_notice(
    tx: &mut Tx,
    book: BookId,
    notice: NoticeId,
    after: i32,
    limit: i64,
) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_NOTICE)
        .bind(book)
        .bind(notice)
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// Lines whose clock has run out by `now`, undisputed, numbered above `after`.
pub async fn due(
    tx: &mut Tx,
    book: BookId,
    now: Timestamp,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DUE).bind(book).bind(now).bind(after).bind(limit).fetch_all(c))?)
}

/// Whose a due line is.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DueNumbers {
    /// The award.
    pub id: AwardId,
    /// The number of its household.
    pub household_no: String,
    /// The number of its person.
    pub person_no: Option<String>,
}

/// Whose the lines are that [`due`] gives.
pub async fn due_numbers(
    tx: &mut Tx,
    book: BookId,
    now: Timestamp,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<DueNumbers>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DUE_NUMBERS)
        .bind(book)
        .bind(now)
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// Number, fund and points of such lines, where they take points from a budget.
pub async fn due_points(
    tx: &mut Tx,
    book: BookId,
    now: Timestamp,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<(i64, FundId, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DUE_POINTS)
        .bind(book)
        .bind(now)
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// How many lines of a sheet are not decided yet.
pub async fn undecided(tx: &mut Tx, book: BookId, notice: NoticeId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::UNDECIDED).bind(book).bind(notice).fetch_one(c))?)
}

/// Points of a fund that are in notice and not posted yet, those of `sheet` included.
pub async fn in_notice_points(tx: &mut Tx, book: BookId, fund: FundId, sheet: NoticeId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::IN_NOTICE_POINTS).bind(book).bind(fund).bind(sheet).fetch_one(c))?)
}

/// Points that sheets that hang promise out of a fund.
pub async fn promised_points(tx: &mut Tx, book: BookId, fund: FundId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::PROMISED_POINTS).bind(book).bind(fund).fetch_one(c))?)
}

/// Points that sheets that hang, and one more, promise for what happened on the days from `from` to before `until`.
pub async fn promised_for(
    tx: &mut Tx,
    book: BookId,
    (from, until): (Day, Day),
    sheet: Option<NoticeId>,
) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::PROMISED_FOR)
        .bind(book)
        .bind(from)
        .bind(until)
        .bind(sheet)
        .fetch_one(c))?)
}

/// How many awards stand in each state before posting.
pub async fn counts(tx: &mut Tx, book: BookId) -> StoreResult<Vec<StateCount>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::COUNTS).bind(book).fetch_all(c))?)
}

/// How many awards wait at each place of the ladder.
pub async fn steps(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(i32, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::STEPS).bind(book).fetch_all(c))?)
}

/// The items a recorder used last, latest first.
pub async fn last_items(tx: &mut Tx, book: BookId, recorder: &str, limit: i64) -> StoreResult<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::LAST_ITEMS).bind(book).bind(recorder).bind(limit).fetch_all(c))?)
}

/// Published sheets that have no undecided line left.
pub async fn finished(tx: &mut Tx, book: BookId, limit: i64) -> StoreResult<Vec<NoticeId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::FINISHED).bind(book).bind(limit).fetch_all(c))?)
}
