//! Sheets that were recalled, and their lines as they hung: see [`crate::store::notice`].

use super::NoticeRow;
use crate::{
    domain::{
        ids::{BookId, NoticeId},
        time::Timestamp,
    },
    store::{StoreResult, Tx, WriteTx, award::AwardRow, exactly, on},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// A sheet that hangs is recalled: no line of it is open any more.
        RECALL = "UPDATE notice SET state = 'closed', closed_at = $3, recalled_at = $3, recalled_by = $4, \
            recalled_because = $5 WHERE book_id = $1 AND id = $2 AND state = 'published'";
        /// Keeps the lines of a sheet as they hang.
        KEEP = "INSERT INTO recalled_line (book_id, notice_id, line, award_id, ruleset, points, honor, minutes, \
            occurred_on, late) SELECT book_id, notice_id, notice_line, id, ruleset, points, honor, minutes, occurred_on, \
            late FROM award WHERE book_id = $1 AND notice_id = $2";
        /// The lines of a recalled sheet as they hung: what has changed of the awards since is not shown.
        LINES = "SELECT a.id, a.no, l.ruleset, a.item, a.household_id, a.group_id, a.person_id, a.quantity, a.grade, \
            a.event_key, l.occurred_on, a.recorded_at, a.recorder, a.on_behalf, a.batch_id, l.points, l.honor, l.minutes, \
            a.route, a.inputs, a.explanation, a.evidence, a.note, l.late, a.state, a.step, l.notice_id, \
            l.line AS notice_line, a.closes_at, a.remaining, a.txn_seq, a.reason, a.honor_moved, a.panel \
            FROM recalled_line AS l JOIN award AS a ON a.book_id = l.book_id AND a.id = l.award_id \
            WHERE l.book_id = $1 AND l.notice_id = $2 AND l.line > $3 ORDER BY l.line LIMIT $4";
        /// Recalled sheets whose recall is not in the log yet.
        UNSEALED = concat!("SELECT ", columns!(), " FROM notice WHERE book_id = $1 AND state = 'closed' \
            AND recalled_at IS NOT NULL AND recall_seq IS NULL ORDER BY no LIMIT $2");
        /// The recall of a sheet is in the log.
        SEAL = "UPDATE notice SET recall_seq = $3 WHERE book_id = $1 AND id = $2 AND recalled_at IS NOT NULL \
            AND recall_seq IS NULL";
    }
}

/// Recalls a sheet; fails unless it hangs.
pub async fn recall(
    tx: &mut WriteTx,
    book: BookId,
    id: NoticeId,
    (at, by): (Timestamp, &str),
    because: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::RECALL)
        .bind(book)
        .bind(id)
        .bind(at)
        .bind(by)
        .bind(because)
        .execute(c))
}

/// Keeps all `lines` lines of a sheet as they hang.
pub async fn keep(tx: &mut WriteTx, book: BookId, id: NoticeId, lines: u64) -> StoreResult<()> {
    exactly!(lines, &mut **tx, |c| sqlx::query(sql::KEEP).bind(book).bind(id).execute(c))
}

/// The lines of a recalled sheet after line `after`, as they hung.
pub async fn lines(
    tx: &mut Tx,
    book: BookId,
    id: NoticeId,
    after: i32,
    limit: i64,
) -> StoreResult<Vec<AwardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES).bind(book).bind(id).bind(after).bind(limit).fetch_all(c))?)
}

/// Recalled sheets whose recall is not in the log yet, oldest first.
pub async fn unsealed(tx: &mut Tx, book: BookId, limit: i64) -> StoreResult<Vec<NoticeRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::UNSEALED).bind(book).bind(limit).fetch_all(c))?)
}

/// Notes the transaction that holds a recall; fails if one does already.
pub async fn seal(tx: &mut WriteTx, book: BookId, id: NoticeId, seq: i64) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SEAL).bind(book).bind(id).bind(seq).execute(c))
}
