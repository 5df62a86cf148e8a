//! The list of a group activity: who signed up, when they were there, what their line came to.

use crate::{
    domain::{
        ids::{BookId, PersonId, TimeActivityId},
        time::Timestamp,
    },
    store::{StoreResult, Tx, WriteTx, exactly, on},
};

macro_rules! columns {
    () => {
        "activity_id, place, person_id, minor, asked_at, asked_by, ended_at, ended_by, guardian, guardian_by, drawn, \
         seen, seen_by, outcome, counted, hand, hand_by, post_seq"
    };
}

macro_rules! times {
    () => {
        "activity_id, person_id, pair, in_at, in_means, in_by, out_at, out_means, out_by"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Signs up.
        ADD = "INSERT INTO time_place (book_id, activity_id, place, person_id, minor, asked_at, asked_by, guardian, \
            drawn, counted) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0)";
        /// Writes a line as it stands now, unless it is posted.
        SAVE = "UPDATE time_place SET ended_at = $4, ended_by = $5, guardian = $6, guardian_by = $7, drawn = $8, \
            seen = $9, seen_by = $10, outcome = $11, counted = $12, hand = $13, hand_by = $14, post_seq = $15 \
            WHERE book_id = $1 AND activity_id = $2 AND place = $3 AND post_seq IS NULL";
        /// The list of an activity, in order.
        OF_ACTIVITY = concat!("SELECT ", columns!(), " FROM time_place WHERE book_id = $1 AND activity_id = $2 ORDER BY place");
        /// What somebody signed up for, the latest first.
        OF_PERSON = concat!("SELECT ", columns!(), " FROM time_place WHERE book_id = $1 AND person_id = $2 \
            ORDER BY asked_at DESC, place DESC LIMIT $3");
        /// When somebody's absences were noted since an instant, in order.
        ABSENT = "SELECT a.closed_at FROM time_place AS p JOIN time_activity AS a ON a.book_id = p.book_id \
            AND a.id = p.activity_id WHERE p.book_id = $1 AND p.person_id = $2 AND p.outcome = 'absent' \
            AND a.state = 'signed' AND a.closed_at >= $3 ORDER BY a.closed_at";
        /// Lines of signed lists that count and are not posted.
        UNPOSTED = concat!("SELECT ", columns!(), " FROM time_place WHERE book_id = $1 AND outcome = 'counts' \
            AND post_seq IS NULL AND activity_id IN (SELECT a.id FROM time_activity AS a WHERE a.book_id = $1 \
            AND a.state = 'signed') ORDER BY activity_id, place LIMIT $2");
        /// How many lines are posted.
        POSTED = "SELECT CAST(COUNT(post_seq) AS BIGINT) FROM time_place WHERE book_id = $1";
        /// Signs in; or writes a whole pair.
        COME = concat!("INSERT INTO time_presence (book_id, ", times!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        /// Signs out.
        GO = "UPDATE time_presence SET out_at = $5, out_means = $6, out_by = $7 WHERE book_id = $1 AND activity_id = $2 \
            AND person_id = $3 AND pair = $4 AND out_at IS NULL";
        /// When those of an activity were there.
        TIMES = concat!("SELECT ", times!(), " FROM time_presence WHERE book_id = $1 AND activity_id = $2 \
            ORDER BY person_id, pair");
        /// When somebody was anywhere, beginning in a span, or is still.
        TIMES_OF = concat!("SELECT ", times!(), " FROM time_presence WHERE book_id = $1 AND person_id = $2 \
            AND ((in_at >= $3 AND in_at < $4) OR out_at IS NULL) ORDER BY in_at");
        /// When somebody was there of whom the minutes are posted, beginning in a span.
        POSTED_TIMES = "SELECT t.activity_id, t.person_id, t.pair, t.in_at, t.in_means, t.in_by, t.out_at, t.out_means, \
            t.out_by FROM time_presence AS t JOIN time_place AS p ON p.book_id = t.book_id AND p.activity_id = t.activity_id \
            AND p.person_id = t.person_id WHERE t.book_id = $1 AND t.person_id = $2 AND t.in_at >= $3 AND t.in_at < $4 \
            AND p.post_seq IS NOT NULL ORDER BY t.in_at";
    }
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PlaceRow {
    /// Of which activity.
    pub activity_id: TimeActivityId,
    /// Its place.
    pub place: i32,
    /// Who.
    pub person_id: PersonId,
    /// Under age on the day of the activity.
    pub minor: i32,
    /// When they signed up.
    pub asked_at: Timestamp,
    /// By whom.
    pub asked_by: String,
    /// When they withdrew.
    pub ended_at: Option<Timestamp>,
    /// By whom.
    pub ended_by: Option<String>,
    /// Whether the guardian was there.
    pub guardian: i32,
    /// Who says so.
    pub guardian_by: Option<String>,
    /// Drawn for the sample.
    pub drawn: i32,
    /// Whether somebody saw them.
    pub seen: Option<i32>,
    /// Who says so.
    pub seen_by: Option<String>,
    /// What the line came to.
    pub outcome: Option<String>,
    /// The minutes that count.
    pub counted: i32,
    /// Whose hand a long day got.
    pub hand: Option<String>,
    /// Who gave it.
    pub hand_by: Option<String>,
    /// The transaction that posted it.
    pub post_seq: Option<i64>,
}

/// When somebody was there.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PresenceRow {
    /// At which activity.
    pub activity_id: TimeActivityId,
    /// Who.
    pub person_id: PersonId,
    /// Its place among theirs.
    pub pair: i32,
    /// From when.
    pub in_at: Timestamp,
    /// How that is known: `code` or `desk`.
    pub in_means: String,
    /// Who wrote it.
    pub in_by: String,
    /// Until when; equal to `in_at` when the sign-out was forgotten.
    pub out_at: Option<Timestamp>,
    /// How that is known.
    pub out_means: Option<String>,
    /// Who wrote it.
    pub out_by: Option<String>,
}

/// Signs up.
pub async fn add(tx: &mut WriteTx, book: BookId, p: &PlaceRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(p.activity_id)
        .bind(p.place)
        .bind(p.person_id)
        .bind(p.minor)
        .bind(p.asked_at)
        .bind(&p.asked_by)
        .execute(c))
}

/// Writes a line as it stands now. Fails when it is posted.
pub async fn save(tx: &mut WriteTx, book: BookId, p: &PlaceRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SAVE)
        .bind(book)
        .bind(p.activity_id)
        .bind(p.place)
        .bind(p.ended_at)
        .bind(&p.ended_by)
        .bind(p.guardian)
        .bind(&p.guardian_by)
        .bind(p.drawn)
        .bind(p.seen)
        .bind(&p.seen_by)
        .bind(&p.outcome)
        .bind(p.counted)
        .bind(&p.hand)
        .bind(&p.hand_by)
        .bind(p.post_seq)
        .execute(c))
}

/// The list of an activity, in order.
pub async fn of_activity(tx: &mut Tx, book: BookId, id: TimeActivityId) -> StoreResult<Vec<PlaceRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_ACTIVITY).bind(book).bind(id).fetch_all(c))?)
}

/// What somebody signed up for, the latest first.
pub async fn of_person(
    tx: &mut Tx,
    book: BookId,
    person: PersonId,
    limit: i64,
) -> StoreResult<Vec<PlaceRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_PERSON).bind(book).bind(person).bind(limit).fetch_all(c))?)
}

/// When somebody's absences were noted since `since`, in order.
pub async fn absent(
    tx: &mut Tx,
    book: BookId,
    person: PersonId,
    since: Timestamp,
) -> StoreResult<Vec<Timestamp>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::ABSENT).bind(book).bind(person).bind(since).fetch_all(c))?)
}

/// Lines of signed lists that count and are not posted.
pub async fn unposted(tx: &mut Tx, book: BookId, limit: i64) -> StoreResult<Vec<PlaceRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::UNPOSTED).bind(book).bind(limit).fetch_all(c))?)
}

/// How many lines are posted.
pub async fn posted(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::POSTED).bind(book).fetch_one(c))?)
}

/// Signs in, or writes a whole pair.
pub async fn come(tx: &mut WriteTx, book: BookId, p: &PresenceRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::COME)
        .bind(book)
        .bind(p.activity_id)
        .bind(p.person_id)
        .bind(p.pair)
        .bind(p.in_at)
        .bind(&p.in_means)
        .bind(&p.in_by)
        .bind(p.out_at)
        .bind(&p.out_means)
        .bind(&p.out_by)
        .execute(c))
}

/// Signs out the pair that `p` is, with its end. Fails unless it is open.
pub async fn go(tx: &mut WriteTx, book: BookId, p: &PresenceRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::GO)
        .bind(book)
        .bind(p.activity_id)
        .bind(p.person_id)
        .bind(p.pair)
        .bind(p.out_at)
        .bind(&p.out_means)
        .bind(&p.out_by)
        .execute(c))
}

/// When those of an activity were there.
pub async fn times(tx: &mut Tx, book: BookId, id: TimeActivityId) -> StoreResult<Vec<PresenceRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::TIMES).bind(book).bind(id).fetch_all(c))?)
}

/// When somebody was anywhere, beginning from `from` up to `until`, or is still.
pub async fn times_of(
    tx: &mut Tx,
    book: BookId,
    person: PersonId,
    (from, until): (Timestamp, Timestamp),
) -> StoreResult<Vec<PresenceRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::TIMES_OF)
        .bind(book)
        .bind(person)
        .bind(from)
        .bind(until)
        .fetch_all(c))?)
}

/// … of whose lines the minutes are posted.
pub async fn posted_times(
    tx: &mut Tx,
    book: BookId,
    person: PersonId,
    (from, until): (Timestamp, Timestamp),
) -> StoreResult<Vec<PresenceRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::POSTED_TIMES)
        .bind(book)
        .bind(person)
        .bind(from)
        .bind(until)
        .fetch_all(c))?)
}
