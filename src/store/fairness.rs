//! Awards counted for the figures of favouritism: every statement looks at one run of award numbers, which is one month
//! or one year of a book. Reads only.

use super::{StoreResult, Tx, award::AwardRow, evidence::PhotoRow, on};
use crate::domain::{
    fairness::{DayCount, PairCount, QuantityCount, RecorderCount},
    ids::{AwardId, BookId},
    time::{Day, Timestamp},
};

/// Households in which somebody holds an office on day `$2`: recorder, clerk, reviewer, shopkeeper.
macro_rules! cadres {
    () => {
        "(SELECT DISTINCT m.household_id FROM login_person AS p JOIN membership AS m ON m.book_id = p.book_id \
         AND m.person_id = p.person_id WHERE p.book_id = $1 AND m.from_on <= $2 AND (m.to_on IS NULL OR m.to_on > $2) \
         AND p.ordinal = (SELECT MAX(e.ordinal) FROM login_person AS e WHERE e.book_id = p.book_id AND e.user_id = p.user_id) \
         AND EXISTS (SELECT 1 FROM login_grant AS g WHERE g.user_id = p.user_id AND g.revoked_at IS NULL))"
    };
}

/// Points that were given, and stand, if only in part: what was put right does not drop out of the figures.
macro_rules! given {
    () => {
        "a.points > 0 AND (a.state = 'posted' OR (a.state = 'reversed' AND EXISTS (SELECT 1 FROM reversal AS r \
         WHERE r.book_id = a.book_id AND r.seq = a.txn_seq AND r.correction_seq IS NOT NULL)))"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// The award at a number or the next one: when it was recorded.
        AWARD_AT = "SELECT no, recorded_at FROM award WHERE book_id = $1 AND no >= $2 ORDER BY no LIMIT 1";
        /// The transaction at a place or the next one: when it was recorded.
        TXN_AT = "SELECT seq, recorded_at FROM txn WHERE book_id = $1 AND seq >= $2 ORDER BY seq LIMIT 1";
        /// People in households on a day, and of them those in cadres' households.
        PEOPLE = concat!("SELECT CAST(COUNT(*) AS BIGINT) AS people, CAST(COUNT(c.household_id) AS BIGINT) AS cadres FROM membership AS m \
            LEFT JOIN ", cadres!(), " AS c ON c.household_id = m.household_id WHERE m.book_id = $1 AND m.from_on <= $2 \
            AND (m.to_on IS NULL OR m.to_on > $2)");
        /// Lines by the day they were recorded, with the points posted of them and of these the cadres' households'.
        DAYS = concat!("SELECT CAST((a.recorded_at + 28800000000) / 86400000000 AS BIGINT) AS day, \
            CAST(COUNT(*) AS BIGINT) AS lines, \
            CAST(SUM(CASE WHEN ", given!(), " THEN a.points ELSE 0 END) AS BIGINT) AS points, \
            CAST(SUM(CASE WHEN ", given!(), " AND c.household_id IS NOT NULL THEN a.points \
            ELSE 0 END) AS BIGINT) AS cadre_points FROM award AS a LEFT JOIN ", cadres!(), " AS c \
            ON c.household_id = a.household_id WHERE a.book_id = $1 AND a.no >= $3 AND a.no < $4 GROUP BY 1 ORDER BY 1");
        /// Lines by recorder, with the household that got most.
        RECORDERS = "SELECT h.recorder, CAST(SUM(h.lines) AS BIGINT) AS lines, CAST(SUM(h.points) AS BIGINT) AS points, \
            CAST(COUNT(*) AS BIGINT) AS homes, CAST(MAX(h.points) AS BIGINT) AS most FROM (SELECT recorder, \
            household_id, COUNT(*) AS lines, SUM(CASE WHEN points > 0 THEN points ELSE 0 END) AS points FROM award \
            WHERE book_id = $1 AND no >= $2 AND no < $3 AND state <> 'rejected' GROUP BY recorder, household_id) AS h \
            GROUP BY h.recorder ORDER BY h.recorder LIMIT 1000";
        /// Verdicts by recorder and reviewer.
        PAIRS = "SELECT a.recorder, r.reviewer, CAST(COUNT(*) AS BIGINT) AS decided, \
            CAST(SUM(CASE WHEN r.verdict = 'approve' THEN 1 ELSE 0 END) AS BIGINT) AS approved FROM award AS a \
            JOIN award_review AS r ON r.book_id = a.book_id AND r.award_id = a.id WHERE a.book_id = $1 AND a.no >= $2 \
            AND a.no < $3 GROUP BY a.recorder, r.reviewer ORDER BY a.recorder, r.reviewer LIMIT 10000";
        /// Lines by what was entered as their quantity.
        QUANTITIES = "SELECT quantity, CAST(COUNT(*) AS BIGINT) AS lines FROM award WHERE book_id = $1 AND no >= $2 \
            AND no < $3 GROUP BY quantity ORDER BY quantity LIMIT 10000";
        /// Photos added from a time up to, not with, another, the latest first.
        PHOTOS = "SELECT e.id, e.claim_id, e.digest, e.look, c.no FROM evidence AS e JOIN claim AS c \
            ON c.book_id = e.book_id AND c.id = e.claim_id WHERE e.book_id = $1 AND e.kind = 'photo' \
            AND e.added_at >= $2 AND e.added_at < $3 ORDER BY e.added_at DESC LIMIT $4";
        /// The lines behind a figure, by number. Whatever of recorder, reviewer, day and office is left empty asks for
        /// nothing.
        LINES = concat!("SELECT a.id, a.no, a.ruleset, a.item, a.household_id, a.group_id, a.person_id, a.quantity, \
            a.grade, a.event_key, a.occurred_on, a.recorded_at, a.recorder, a.on_behalf, a.batch_id, a.points, a.honor, \
            a.minutes, a.route, a.inputs, a.explanation, a.evidence, a.note, a.late, a.state, a.step, a.notice_id, \
            a.notice_line, a.closes_at, a.remaining, a.txn_seq, a.reason, a.honor_moved, a.panel FROM award AS a \
            WHERE a.book_id = $1 AND a.no >= $3 AND a.no < $4 AND ($5 = '' OR a.recorder = $5) AND ($6 = '' OR EXISTS \
            (SELECT 1 FROM award_review AS r WHERE r.book_id = a.book_id AND r.award_id = a.id AND r.reviewer = $6)) \
            AND ($7 = 0 OR a.household_id IN ", cadres!(), ") AND a.recorded_at >= $8 AND ($9 = 0 OR a.quantity <> '1') \
            ORDER BY a.no LIMIT $10");
        /// Awards by a run of transactions, whatever became of them since; deductions are none.
        POSTED = "SELECT id FROM award WHERE book_id = $1 AND txn_seq > $2 AND txn_seq <= $3 AND points >= 0 \
            AND honor >= 0 ORDER BY txn_seq, no";
    }
}

/// A place and when it was recorded.
pub type Placed = (i64, Timestamp);

/// The award at number `no`, or the next one.
pub async fn award_at(tx: &mut Tx, book: BookId, no: i64) -> StoreResult<Option<Placed>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::AWARD_AT).bind(book).bind(no).fetch_optional(c))?)
}

/// The transaction at place `seq`, or the next one.
pub async fn txn_at(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Option<Placed>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::TXN_AT).bind(book).bind(seq).fetch_optional(c))?)
}

/// People in households on a day, and of them those in cadres' households.
pub async fn people(tx: &mut Tx, book: BookId, on_day: Day) -> StoreResult<(i64, i64)> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PEOPLE).bind(book).bind(on_day).fetch_one(c))?)
}

/// Awards numbered from the first up to, not with, the second, by the day they were recorded; cadres as of a day.
pub async fn days(
    tx: &mut Tx,
    book: BookId,
    cadres_on: Day,
    numbers: (i64, i64),
) -> StoreResult<Vec<DayCount>> {
    let found: Vec<(i64, i64, i64, i64)> = on!(tx, |c| sqlx::query_as(sql::DAYS)
        .bind(book)
        .bind(cadres_on)
        .bind(numbers.0)
        .bind(numbers.1)
        .fetch_all(c))?;
    let count = |(day, lines, points, cadre_points)| DayCount { day, lines, points, cadre_points };
    Ok(found.into_iter().map(count).collect())
}

/// … by recorder.
pub async fn recorders(tx: &mut Tx, book: BookId, numbers: (i64, i64)) -> StoreResult<Vec<RecorderCount>> {
    let found: Vec<(String, i64, i64, i64, i64)> =
        on!(tx, |c| sqlx::query_as(sql::RECORDERS).bind(book).bind(numbers.0).bind(numbers.1).fetch_all(c))?;
    let count =
        |(recorder, lines, points, homes, most)| RecorderCount { recorder, lines, points, homes, most };
    Ok(found.into_iter().map(count).collect())
}

/// … by recorder and reviewer.
pub async fn pairs(tx: &mut Tx, book: BookId, numbers: (i64, i64)) -> StoreResult<Vec<PairCount>> {
    let found: Vec<(String, String, i64, i64)> =
        on!(tx, |c| sqlx::query_as(sql::PAIRS).bind(book).bind(numbers.0).bind(numbers.1).fetch_all(c))?;
    let count = |(recorder, reviewer, decided, approved)| PairCount { recorder, reviewer, decided, approved };
    Ok(found.into_iter().map(count).collect())
}

/// … by quantity.
pub async fn quantities(tx: &mut Tx, book: BookId, numbers: (i64, i64)) -> StoreResult<Vec<QuantityCount>> {
    let found: Vec<(String, i64)> =
        on!(tx, |c| sqlx::query_as(sql::QUANTITIES).bind(book).bind(numbers.0).bind(numbers.1).fetch_all(c))?;
    Ok(found.into_iter().map(|(quantity, lines)| QuantityCount { quantity, lines }).collect())
}

/// Photos of claims from a time up to, not with, another, the latest first.
pub async fn photos(
    tx: &mut Tx,
    book: BookId,
    times: (Timestamp, Timestamp),
    limit: i64,
) -> StoreResult<Vec<PhotoRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PHOTOS)
        .bind(book)
        .bind(times.0)
        .bind(times.1)
        .bind(limit)
        .fetch_all(c))?)
}

/// Which lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind<'a> {
    /// Cadres as of this day.
    pub cadres_on: Day,
    /// From this number up to, not with, the other.
    pub numbers: (i64, i64),
    /// Only this recorder's; empty for any.
    pub recorder: &'a str,
    /// Only what this reviewer decided; empty for any.
    pub reviewer: &'a str,
    /// Only cadres' households.
    pub cadres: bool,
    /// Only what was recorded from then on.
    pub since: Timestamp,
    /// Only measured quantities.
    pub measured: bool,
    /// So many.
    pub limit: i64,
}

/// The lines behind a figure, by number.
pub async fn lines(tx: &mut Tx, book: BookId, which: &Behind<'_>) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES)
        .bind(book)
        .bind(which.cadres_on)
        .bind(which.numbers.0)
        .bind(which.numbers.1)
        .bind(which.recorder)
        .bind(which.reviewer)
        .bind(i32::from(which.cadres))
        .bind(which.since)
        .bind(i32::from(which.measured))
        .bind(which.limit)
        .fetch_all(c))?)
}

/// Awards by the transactions after the first place up to the second.
pub async fn posted(tx: &mut Tx, book: BookId, places: (i64, i64)) -> StoreResult<Vec<AwardId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::POSTED).bind(book).bind(places.0).bind(places.1).fetch_all(c))?)
}
