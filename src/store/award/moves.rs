//! The steps of an award, each one statement that fails unless the award still stands where the caller saw it.

use crate::{
    domain::{
        due_process::AwardState,
        ids::{AwardId, BookId, NoticeId},
        time::Timestamp,
    },
    store::{StoreResult, WriteTx, exactly},
};

use super::AwardRow;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// From one state and review step to another.
        REVIEWED = "UPDATE award SET state = $5, step = $6, reason = $7 WHERE book_id = $1 AND id = $2 AND state = $3 \
            AND step = $4";
        /// A returned award is mended and handed in again.
        RESUBMIT = "UPDATE award SET state = 'recorded', step = 0, reason = NULL, ruleset = $3, person_id = $4, \
            quantity = $5, grade = $6, event_key = $7, occurred_on = $8, points = $9, honor = $10, minutes = $11, \
            route = $12, inputs = $13, explanation = $14, evidence = $15, note = $16, late = $17, panel = $18 \
            WHERE book_id = $1 AND id = $2 AND state = 'returned'";
        /// Onto a sheet.
        COMPILE = "UPDATE award SET state = 'in_notice', notice_id = $3, notice_line = $4 WHERE book_id = $1 AND id = $2 \
            AND state = 'approved'";
        /// Off a sheet that was never published.
        UNCOMPILE = "UPDATE award SET state = 'approved', notice_id = NULL, notice_line = NULL WHERE book_id = $1 \
            AND notice_id = $2 AND state = 'in_notice'";
        /// The clocks of a sheet's lines begin.
        START = "UPDATE award SET closes_at = $3 WHERE book_id = $1 AND notice_id = $2 AND state = 'in_notice'";
        /// An objection stops a line's clock.
        OBJECT = "UPDATE award SET state = 'objected', closes_at = NULL, remaining = $3 WHERE book_id = $1 AND id = $2 \
            AND state = 'in_notice' AND closes_at IS NOT NULL";
        /// The objection fell: the clock goes on.
        DISMISS = "UPDATE award SET state = 'in_notice', closes_at = $3, remaining = NULL WHERE book_id = $1 AND id = $2 \
            AND state = 'objected'";
        /// The objection stood.
        UPHOLD = "UPDATE award SET state = 'rejected', closes_at = NULL, remaining = NULL, reason = $3 \
            WHERE book_id = $1 AND id = $2 AND state = 'objected'";
        /// Its sheet is recalled: back to the first review.
        RECALL = "UPDATE award SET state = 'recorded', step = 0, notice_id = NULL, notice_line = NULL, closes_at = NULL, \
            remaining = NULL, reason = NULL WHERE book_id = $1 AND id = $2 AND state IN ('in_notice', 'objected')";
        /// Into the ledger; a line whose clock has not run out does not match.
        POST = "UPDATE award SET state = 'posted', txn_seq = $3, honor_moved = $4 WHERE book_id = $1 AND id = $2 \
            AND state = 'in_notice' AND closes_at <= $5";
        /// Undone.
        REVERSE = "UPDATE award SET state = 'reversed', reason = $3 WHERE book_id = $1 AND id = $2 AND state = 'posted'";
    }
}

/// Where an award stands on its route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its state.
    pub state: AwardState,
    /// The place on the ladder of reviews.
    pub step: i32,
}

/// Moves an award by a review.
pub async fn reviewed(
    tx: &mut WriteTx,
    book: BookId,
    id: AwardId,
    from: Place,
    to: Place,
    reason: Option<&str>,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::REVIEWED)
        .bind(book)
        .bind(id)
        .bind(from.state.as_str())
        .bind(from.step)
        .bind(to.state.as_str())
        .bind(to.step)
        .bind(reason)
        .execute(c))
}

/// Hands a returned award in again, as mended in `a`.
pub async fn resubmit(tx: &mut WriteTx, book: BookId, a: &AwardRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::RESUBMIT)
        .bind(book)
        .bind(a.id)
        .bind(&a.ruleset)
        .bind(a.person_id)
        .bind(&a.quantity)
        .bind(&a.grade)
        .bind(&a.event_key)
        .bind(a.occurred_on)
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

/// Puts an approved award onto line `line` of a sheet.
pub async fn compile(
    tx: &mut WriteTx,
    book: BookId,
    id: AwardId,
    notice: NoticeId,
    line: i32,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::COMPILE)
        .bind(book)
        .bind(id)
        .bind(notice)
        .bind(line)
        .execute(c))
}

/// Takes all `lines` lines off a sheet that was never published.
pub async fn uncompile(tx: &mut WriteTx, book: BookId, notice: NoticeId, lines: u64) -> StoreResult<()> {
    exactly!(lines, &mut **tx, |c| sqlx::query(sql::UNCOMPILE).bind(book).bind(notice).execute(c))
}

/// Starts the clocks of all `lines` lines of a sheet.
pub async fn start(
    tx: &mut WriteTx,
    book: BookId,
    notice: NoticeId,
    closes_at: Timestamp,
    lines: u64,
) -> StoreResult<()> {
    exactly!(lines, &mut **tx, |c| sqlx::query(sql::START).bind(book).bind(notice).bind(closes_at).execute(c))
}

/// Freezes a line with `remaining` microseconds left; fails unless its clock runs.
pub async fn object(tx: &mut WriteTx, book: BookId, id: AwardId, remaining: i64) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::OBJECT).bind(book).bind(id).bind(remaining).execute(c))
}

/// Lets a frozen line's clock go on until `closes_at`.
pub async fn dismiss(tx: &mut WriteTx, book: BookId, id: AwardId, closes_at: Timestamp) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::DISMISS).bind(book).bind(id).bind(closes_at).execute(c))
}

/// Rejects a frozen line.
pub async fn uphold(tx: &mut WriteTx, book: BookId, id: AwardId, reason: &str) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::UPHOLD).bind(book).bind(id).bind(reason).execute(c))
}

/// Takes a line off a sheet that is recalled, back to its first review; fails unless it is undecided.
pub async fn recall(tx: &mut WriteTx, book: BookId, id: AwardId) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::RECALL).bind(book).bind(id).execute(c))
}

/// Marks a line posted by transaction `seq`, which moved so many honour points; fails unless its clock had run out by
/// `now`.
pub async fn post(
    tx: &mut WriteTx,
    book: BookId,
    id: AwardId,
    seq: i64,
    honor_moved: i64,
    now: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::POST)
        .bind(book)
        .bind(id)
        .bind(seq)
        .bind(honor_moved)
        .bind(now)
        .execute(c))
}

/// Marks a posted award undone.
pub async fn reverse(tx: &mut WriteTx, book: BookId, id: AwardId, reason: &str) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::REVERSE).bind(book).bind(id).bind(reason).execute(c))
}
