//! What an auditor asks of a book: lines by any dimension, totals by day, counts that must agree. Reads only.

use super::{StoreResult, Tx, event::Event, on};
use crate::domain::{
    ids::{BookId, TxnId},
    time::{Day, Timestamp},
};

/// Statements.
pub mod sql {
    use crate::store::{ledger::block::blocks, sql::statements};
    statements! {
        /// The last happening of a kind to the book itself.
        LAST_EVENT = "SELECT id, at, subject, subject_id, verb, from_state, to_state, actor, on_behalf, reason \
            FROM event WHERE book_id = $1 AND subject_id = $2 AND subject = $3 ORDER BY at DESC, id DESC LIMIT 1";
        /// Lines of the whole book, newest first.
        LINES = "SELECT t.seq, e.line, a.path, a.commodity, e.quantity, e.balance_after, t.effective_on, \
            t.recorded_at, t.kind, t.rule, t.actor, t.source FROM txn AS t JOIN entry AS e ON e.book_id = t.book_id \
            AND e.seq = t.seq JOIN account AS a ON a.book_id = e.book_id AND a.account_id = e.account_id \
            WHERE t.book_id = $1 AND (t.seq < $2 OR (t.seq = $2 AND e.line > $3)) AND t.effective_on >= $4 \
            AND t.effective_on <= $5 AND ($6 = '' OR t.kind = $6) AND ($7 = '' OR t.rule = $7) \
            ORDER BY t.seq DESC, e.line LIMIT $8";
        /// Lines of the accounts whose path is `$8` or begins like `$9`, newest first.
        LINES_OF = concat!(
            blocks!(),
            "SELECT t.seq, e.line, a.path, a.commodity, e.quantity, e.balance_after, t.effective_on, \
            t.recorded_at, t.kind, t.rule, t.actor, t.source FROM account AS a CROSS JOIN block CROSS JOIN entry AS \
            e JOIN txn AS t \
            ON t.book_id = e.book_id AND t.seq = e.seq WHERE a.book_id = $1 AND (a.path = $8 OR a.path LIKE $9) \
            AND e.book_id = $1 AND e.block = block.n AND e.account_id = a.account_id AND (t.seq < $2 OR (t.seq = $2 \
            AND e.line > $3)) AND t.effective_on >= $4 AND t.effective_on <= $5 \
            AND ($6 = '' OR t.kind = $6) AND ($7 = '' OR t.rule = $7) ORDER BY t.seq DESC, e.line LIMIT $10"
        );
        /// The place of a transaction by its name.
        BY_ID = "SELECT seq FROM txn WHERE book_id = $1 AND id = $2";
        /// Points issued and redeemed by business day.
        DAYS = concat!(
            blocks!(),
            "SELECT t.effective_on, \
            CAST(SUM(CASE WHEN a.path LIKE 'Equity:Budget:%' THEN e.quantity ELSE 0 END) AS BIGINT) AS issued, \
            CAST(SUM(CASE WHEN a.path LIKE 'Income:Redeemed:%' THEN -e.quantity ELSE 0 END) AS BIGINT) AS redeemed \
            FROM account AS a CROSS JOIN block CROSS JOIN entry AS e JOIN txn AS t ON t.book_id = e.book_id \
            AND t.seq = e.seq WHERE a.book_id = $1 AND e.book_id = $1 AND e.block = block.n \
            AND e.account_id = a.account_id AND a.commodity = 'POINT' \
            AND (a.path LIKE 'Equity:Budget:%' OR a.path LIKE 'Income:Redeemed:%') AND t.kind <> 'budget' \
            AND t.effective_on >= $2 GROUP BY t.effective_on ORDER BY t.effective_on"
        );
        /// Redemptions whose lines do not add up to what was taken.
        UNEVEN_ORDERS = "SELECT CAST(COUNT(*) AS BIGINT) FROM redemption AS r WHERE r.book_id = $1 AND r.points <> \
            (SELECT COALESCE(SUM(l.quantity * l.price), 0) FROM redemption_line AS l WHERE l.book_id = r.book_id \
            AND l.redemption_id = r.id)";
        /// How many receipts, sheets and awards there are, and the highest number of each.
        NUMBERS = "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM redemption WHERE book_id = $1) AS receipts, \
            (SELECT CAST(COALESCE(MAX(no), 0) AS BIGINT) FROM redemption WHERE book_id = $1) AS last_receipt, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM notice WHERE book_id = $1) AS sheets, \
            (SELECT CAST(COALESCE(MAX(no), 0) AS BIGINT) FROM notice WHERE book_id = $1) AS last_sheet, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM award WHERE book_id = $1) AS awards, \
            (SELECT CAST(COALESCE(MAX(no), 0) AS BIGINT) FROM award WHERE book_id = $1) AS last_award";
        /// Points that sheets say were posted, of awards neither waiting nor refused.
        SHEET_POINTS = "SELECT CAST(COALESCE(SUM(a.points), 0) AS BIGINT) FROM award AS a WHERE a.book_id = $1 \
            AND a.state IN ('posted', 'reversed') AND a.notice_id IS NOT NULL";
        /// Points that transactions from awards credited to households.
        AWARD_POINTS = concat!(
            blocks!(),
            "SELECT CAST(COALESCE(SUM(-e.quantity), 0) AS BIGINT) FROM account AS a CROSS JOIN block \
            CROSS JOIN entry AS e JOIN txn AS t ON t.book_id = e.book_id AND t.seq = e.seq WHERE a.book_id = $1 \
            AND e.book_id = $1 AND e.block = block.n AND e.account_id = a.account_id AND a.commodity = 'POINT' \
            AND a.path LIKE 'Liabilities:Households:%' AND t.kind IN ('award', 'deduction')"
        );
        /// Awards that wait longer than since `$2`, and objections still open.
        WAITING = "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM award WHERE book_id = $1 \
            AND state IN ('recorded', 'returned', 'approved') AND recorded_at < $2) AS awards, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM objection WHERE book_id = $1 AND state = 'open') AS objections, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM reversal WHERE book_id = $1 AND state = 'requested') AS reversals";
    }
}

/// One line as an auditor reads it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LedgerLine {
    /// Place of its transaction.
    pub seq: i64,
    /// Line.
    pub line: i32,
    /// Account.
    pub path: String,
    /// Commodity.
    pub commodity: String,
    /// Debit +, credit −.
    pub quantity: i64,
    /// The balance with it.
    pub balance_after: i64,
    /// The business day it counts for.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What the transaction does.
    pub kind: String,
    /// The rule behind it.
    pub rule: Option<String>,
    /// Who.
    pub actor: String,
    /// What it comes from.
    pub source: Option<String>,
}

/// Which lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFilter<'a> {
    /// Before this place …
    pub before_seq: i64,
    /// … or at it, after this line.
    pub after_line: i32,
    /// From this business day.
    pub from: Day,
    /// To this business day.
    pub to: Day,
    /// Only this kind; empty for any.
    pub kind: &'a str,
    /// Only this rule; empty for any.
    pub rule: &'a str,
    /// Only this account, or those below it; empty for any.
    pub path: &'a str,
    /// So many.
    pub limit: i64,
}

/// What was issued and redeemed on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct DayFlow {
    /// The business day.
    pub effective_on: Day,
    /// Points issued, net of reversals.
    pub issued: i64,
    /// Points redeemed, net of reversals.
    pub redeemed: i64,
}

/// Counts and highest numbers of the papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Numbers {
    /// Receipts.
    pub receipts: i64,
    /// The highest receipt number.
    pub last_receipt: i64,
    /// Notice sheets.
    pub sheets: i64,
    /// The highest sheet number.
    pub last_sheet: i64,
    /// Awards.
    pub awards: i64,
    /// The highest award number.
    pub last_award: i64,
}

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// Awards not yet on a sheet for too long.
    pub awards: i64,
    /// Objections not decided.
    pub objections: i64,
    /// Reversals not decided.
    pub reversals: i64,
}

/// The last happening of the kind `subject` to the book itself.
pub async fn last_event(tx: &mut Tx, book: BookId, subject: &str) -> StoreResult<Option<Event>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LAST_EVENT).bind(book).bind(book.0).bind(subject).fetch_optional(c))?)
}

/// Lines, newest first.
pub async fn lines(tx: &mut Tx, book: BookId, f: &LineFilter<'_>) -> StoreResult<Vec<LedgerLine>> {
    if f.path.is_empty() {
        return Ok(on!(tx, |c| sqlx::query_as(sql::LINES)
            .bind(book)
            .bind(f.before_seq)
            .bind(f.after_line)
            .bind(f.from)
            .bind(f.to)
            .bind(f.kind)
            .bind(f.rule)
            .bind(f.limit)
            .fetch_all(c))?);
    }
    let below = format!("{}:%", f.path);
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES_OF)
        .bind(book)
        .bind(f.before_seq)
        .bind(f.after_line)
        .bind(f.from)
        .bind(f.to)
        .bind(f.kind)
        .bind(f.rule)
        .bind(f.path)
        .bind(below.as_str())
        .bind(f.limit)
        .fetch_all(c))?)
}

/// The place of a transaction by its name.
pub async fn seq_of(tx: &mut Tx, book: BookId, id: TxnId) -> StoreResult<Option<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::BY_ID).bind(book).bind(id).fetch_optional(c))?)
}

/// Points issued and redeemed by business day, from `from` on.
pub async fn days(tx: &mut Tx, book: BookId, from: Day) -> StoreResult<Vec<DayFlow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DAYS).bind(book).bind(from).fetch_all(c))?)
}

/// How many redemptions do not add up to their lines.
pub async fn uneven_orders(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::UNEVEN_ORDERS).bind(book).fetch_one(c))?)
}

/// Counts and highest numbers of the papers.
pub async fn numbers(tx: &mut Tx, book: BookId) -> StoreResult<Numbers> {
    Ok(on!(tx, |c| sqlx::query_as(sql::NUMBERS).bind(book).fetch_one(c))?)
}

/// Points on sheets as posted, and points that their transactions credited.
pub async fn sheet_and_ledger(tx: &mut Tx, book: BookId) -> StoreResult<(i64, i64)> {
    let sheet = on!(&mut *tx, |c| sqlx::query_scalar(sql::SHEET_POINTS).bind(book).fetch_one(c))?;
    let ledger = on!(&mut *tx, |c| sqlx::query_scalar(sql::AWARD_POINTS).bind(book).fetch_one(c))?;
    Ok((sheet, ledger))
}

/// What waits, awards since before `since`.
pub async fn waiting(tx: &mut Tx, book: BookId, since: Timestamp) -> StoreResult<Waiting> {
    Ok(on!(tx, |c| sqlx::query_as(sql::WAITING).bind(book).bind(since).fetch_one(c))?)
}
