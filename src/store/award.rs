//! Awards (加减分): the current state of each; its history is in [`crate::store::event`] and in the reviews.
//! Counting for caps is in [`usage`], moves along the way in [`moves`], lists for pages in [`lists`].

use super::{StoreError, StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    due_process::AwardState,
    ids::{AwardId, BatchId, BookId, HouseholdId, NoticeId, OrgId, PersonId},
    notice::LineClock,
    time::{Day, Timestamp},
};

macro_rules! award_columns {
    () => {
        "id, no, ruleset, item, household_id, group_id, person_id, quantity, grade, event_key, occurred_on, \
         recorded_at, recorder, on_behalf, batch_id, points, honor, minutes, route, inputs, explanation, evidence, \
         note, late, state, step, notice_id, notice_line, closes_at, remaining, txn_seq, reason, honor_moved, panel"
    };
}

pub mod facts;
pub mod hours;
pub mod lists;
pub mod moves;
pub mod pauses;
pub mod usage;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds an award.
        ADD = "INSERT INTO award (book_id, id, no, ruleset, item, household_id, group_id, person_id, quantity, grade, \
            event_key, occurred_on, recorded_at, recorder, on_behalf, batch_id, points, honor, minutes, route, inputs, \
            explanation, evidence, note, late, state, step, panel) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
            $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, 'recorded', 0, $26)";
        /// One award.
        ONE = concat!("SELECT ", award_columns!(), " FROM award WHERE book_id = $1 AND id = $2");
        /// The award a transaction posted.
        BY_SEQ = concat!("SELECT ", award_columns!(), " FROM award WHERE book_id = $1 AND txn_seq = $2");
        /// The awards of one batch, in the order of the sheet.
        OF_BATCH = concat!("SELECT ", award_columns!(), " FROM award WHERE book_id = $1 AND batch_id = $2 ORDER BY no LIMIT 1000");
        /// Remembers a batch by its key.
        ADD_BATCH = "INSERT INTO award_batch (book_id, key, id, recorder, recorded_at, digest, lines) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        /// The batch of a key.
        BATCH = "SELECT id, recorder, recorded_at, digest, lines FROM award_batch WHERE book_id = $1 AND key = $2";
        /// Adds a review.
        ADD_REVIEW = "INSERT INTO award_review (book_id, award_id, ordinal, step, verdict, reviewer, reviewed_at, reason) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        /// The reviews of one award, in order.
        REVIEWS = "SELECT ordinal, step, verdict, reviewer, reviewed_at, reason FROM award_review \
            WHERE book_id = $1 AND award_id = $2 ORDER BY ordinal LIMIT 100";
    }
}

/// An award.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AwardRow {
    /// Its name.
    pub id: AwardId,
    /// Its number in the book.
    pub no: i64,
    /// The rule set it was computed by.
    pub ruleset: String,
    /// The item.
    pub item: String,
    /// Whose it is.
    pub household_id: HouseholdId,
    /// The group of the household.
    pub group_id: OrgId,
    /// Who did it.
    pub person_id: Option<PersonId>,
    /// How much, as decimal text.
    pub quantity: String,
    /// Which grade.
    pub grade: Option<String>,
    /// Acts of one event share it.
    pub event_key: Option<String>,
    /// When it happened.
    pub occurred_on: Day,
    /// When it was entered.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorder: String,
    /// For whom, when on behalf (代办).
    pub on_behalf: Option<String>,
    /// The form or sheet it came on.
    pub batch_id: Option<BatchId>,
    /// Points, signed.
    pub points: i64,
    /// Honour points, signed.
    pub honor: i64,
    /// Minutes of service.
    pub minutes: i64,
    /// `R0` … `R3`.
    pub route: String,
    /// What the rules were told, as JSON.
    pub inputs: String,
    /// What they answered, as JSON.
    pub explanation: String,
    /// The evidence, as JSON.
    pub evidence: String,
    /// The recorder's remark.
    pub note: String,
    /// Entered long after it happened.
    pub late: bool,
    /// Where it stands.
    pub state: String,
    /// The place on the ladder of reviews it has come to.
    pub step: i32,
    /// The sheet it stands on.
    pub notice_id: Option<NoticeId>,
    /// Its line there.
    pub notice_line: Option<i32>,
    /// When its clock runs out.
    pub closes_at: Option<Timestamp>,
    /// What is left of a stopped clock, in microseconds.
    pub remaining: Option<i64>,
    /// The transaction that posted it.
    pub txn_seq: Option<i64>,
    /// Why it was sent back or refused.
    pub reason: Option<String>,
    /// Honour points that the ledger moved: less than `honor` where a deduction met the floor.
    pub honor_moved: Option<i64>,
    /// Whether the panel is a step of its route.
    pub panel: bool,
}

impl AwardRow {
    /// Whether it was posted and had nothing to move: a deduction at the floor of the score, or a mere sanction.
    #[must_use]
    pub const fn moved_nothing(&self) -> bool {
        matches!(self.honor_moved, Some(0)) && self.points == 0 && self.minutes == 0
    }
}

impl AwardRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<AwardState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("award", "state", &self.state))
    }

    /// 0 to 3.
    #[must_use]
    pub fn route_level(&self) -> u8 {
        match self.route.as_str() {
            "R0" => 0,
            "R1" => 1,
            "R2" => 2,
            _ => 3,
        }
    }

    /// Its line's clock, while it stands on a published sheet.
    #[must_use]
    pub const fn clock(&self) -> Option<LineClock> {
        match (self.closes_at, self.remaining) {
            (Some(at), _) => Some(LineClock::Runs(at)),
            (None, Some(left)) => Some(LineClock::Stopped(left)),
            (None, None) => None,
        }
    }
}

/// A form or sheet handed in.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BatchRow {
    /// Its name.
    pub id: BatchId,
    /// By whom.
    pub recorder: String,
    /// When.
    pub recorded_at: Timestamp,
    /// SHA-256 of what was handed in.
    pub digest: Vec<u8>,
    /// How many awards.
    pub lines: i32,
}

/// A reviewer's word.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ReviewRow {
    /// 1, 2, 3 …
    pub ordinal: i32,
    /// `review`, `panel`, `recheck` or `township`.
    pub step: String,
    /// `approve`, `return` or `reject`.
    pub verdict: String,
    /// Who.
    pub reviewer: String,
    /// When.
    pub reviewed_at: Timestamp,
    /// With what words.
    pub reason: String,
}

/// Adds an award, recorded.
pub async fn add(tx: &mut WriteTx, book: BookId, a: &AwardRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(a.id)
        .bind(a.no)
        .bind(&a.ruleset)
        .bind(&a.item)
        .bind(a.household_id)
        .bind(a.group_id)
        .bind(a.person_id)
        .bind(&a.quantity)
        .bind(&a.grade)
        .bind(&a.event_key)
        .bind(a.occurred_on)
        .bind(a.recorded_at)
        .bind(&a.recorder)
        .bind(&a.on_behalf)
        .bind(a.batch_id)
        .bind(a.points)
        .bind(a.honor)
        .bind(a.minutes)
        .bind(&a.route)
        .bind(&a.inputs)
        .bind(&a.explanation)
        .bind(&a.evidence)
        .bind(&a.note)
        .bind(a.late)
        .bind(a.panel)
        .execute(c))
}

/// One award.
pub async fn one(tx: &mut Tx, book: BookId, id: AwardId) -> StoreResult<Option<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The award that transaction `seq` posted.
pub async fn by_seq(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Option<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_SEQ).bind(book).bind(seq).fetch_optional(c))?)
}

/// The awards of one batch, in the order of the sheet.
pub async fn of_batch(tx: &mut Tx, book: BookId, batch: BatchId) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_BATCH).bind(book).bind(batch).fetch_all(c))?)
}

/// Remembers a batch by its key.
pub async fn add_batch(tx: &mut WriteTx, book: BookId, key: &str, b: &BatchRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_BATCH)
        .bind(book)
        .bind(key)
        .bind(b.id)
        .bind(&b.recorder)
        .bind(b.recorded_at)
        .bind(&b.digest)
        .bind(b.lines)
        .execute(c))
}

/// The batch of a key.
pub async fn batch(tx: &mut Tx, book: BookId, key: &str) -> StoreResult<Option<BatchRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BATCH).bind(book).bind(key).fetch_optional(c))?)
}

/// Adds a review.
pub async fn add_review(tx: &mut WriteTx, book: BookId, award: AwardId, r: &ReviewRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_REVIEW)
        .bind(book)
        .bind(award)
        .bind(r.ordinal)
        .bind(&r.step)
        .bind(&r.verdict)
        .bind(&r.reviewer)
        .bind(r.reviewed_at)
        .bind(&r.reason)
        .execute(c))
}

/// The reviews of one award, in order.
pub async fn reviews(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Vec<ReviewRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::REVIEWS).bind(book).bind(award).fetch_all(c))?)
}
