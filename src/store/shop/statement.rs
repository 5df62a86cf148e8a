//! Monthly statements of private shops, what was said of them, and what was paid. Written once, never changed.

use super::super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, CounterId, ShopId, ShopStatementId},
    time::{Day, Timestamp},
};

macro_rules! columns {
    () => {
        "id, counter_id, no, agreement_id, first_day, last_day, from_seq, upto_seq, line_count, points, gross_fen, \
         net_fen, drawn_at, drawn_by, seq"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a statement, unless somebody else has drawn up that number.
        ADD = concat!("INSERT INTO shop_statement (book_id, ", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
            $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (book_id, counter_id, no) DO NOTHING");
        /// Adds a line.
        ADD_LINE = "INSERT INTO shop_statement_line (book_id, statement_id, line, kind, seq, receipt, day, points, \
            gross_fen, net_fen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        /// Adds a step, unless it is paid by now.
        ADD_STEP = "INSERT INTO shop_step (book_id, statement_id, step, verb, done_at, done_by, reason) \
            SELECT $1, $2, $3, $4, $5, $6, $7 FROM shop_statement AS s WHERE s.book_id = $1 AND s.id = $2 \
            AND NOT EXISTS (SELECT 1 FROM shop_payment AS p WHERE p.book_id = $1 AND p.statement_id = $2) \
            ON CONFLICT (book_id, statement_id, step) DO NOTHING";
        /// Adds a payment, unless something was done with the statement since it was looked at.
        ADD_PAYMENT = "INSERT INTO shop_payment (book_id, statement_id, fund, carried_fen, fen, payer, voucher, paid_on, \
            done_at, done_by, seq) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM shop_statement AS s \
            WHERE s.book_id = $1 AND s.id = $2 AND (SELECT COUNT(*) FROM shop_step AS t WHERE t.book_id = $1 \
            AND t.statement_id = $2) = $12 ON CONFLICT (book_id, statement_id) DO NOTHING";
        /// One.
        ONE = concat!("SELECT ", columns!(), " FROM shop_statement WHERE book_id = $1 AND id = $2");
        /// All of a counter, by number.
        OF_COUNTER = concat!("SELECT ", columns!(), " FROM shop_statement WHERE book_id = $1 AND counter_id = $2 \
            ORDER BY no LIMIT 1000");
        /// All of a village.
        LIST = concat!("SELECT ", columns!(), " FROM shop_statement WHERE book_id = $1 \
            ORDER BY counter_id, no LIMIT 10000");
        /// The lines of one.
        LINES = "SELECT line, kind, seq, receipt, day, points, gross_fen, net_fen FROM shop_statement_line \
            WHERE book_id = $1 AND statement_id = $2 ORDER BY line";
        /// What was done with one.
        STEPS = "SELECT step, verb, done_at, done_by, reason FROM shop_step WHERE book_id = $1 AND statement_id = $2 ORDER BY step";
        /// What was paid by one, and where that was undone.
        PAYMENT = "SELECT p.statement_id, p.fund, p.carried_fen, p.fen, p.payer, p.voucher, p.paid_on, p.done_at, p.done_by, p.seq, \
            (SELECT t.seq FROM txn AS t WHERE t.book_id = p.book_id AND t.reverses_seq = p.seq) AS reversed_by \
            FROM shop_payment AS p WHERE p.book_id = $1 AND p.statement_id = $2";
    }
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ShopStatementRow {
    /// Its name inside the program.
    pub id: ShopStatementId,
    /// Whose counter.
    pub counter_id: CounterId,
    /// Its number among the counter's.
    pub no: i64,
    /// The agreement it goes by.
    pub agreement_id: ShopId,
    /// Its first day.
    pub first_day: Day,
    /// Its last day.
    pub last_day: Day,
    /// After this place of the log …
    pub from_seq: i64,
    /// … and up to this one.
    pub upto_seq: i64,
    /// How many lines it has.
    pub line_count: i64,
    /// Points taken less points given back, in hundredths.
    pub points: i64,
    /// What they are worth, in fen.
    pub gross_fen: i64,
    /// What the village owes for them.
    pub net_fen: i64,
    /// When it was drawn up.
    pub drawn_at: Timestamp,
    /// By whom.
    pub drawn_by: String,
    /// Its place in the log.
    pub seq: i64,
}

impl ShopStatementRow {
    /// What the shop leaves to the village.
    #[must_use]
    pub const fn discount_fen(&self) -> i64 {
        self.gross_fen - self.net_fen
    }
}

/// A line of a statement; what goes back is negative.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ShopLineRow {
    /// 1, 2, 3 …
    pub line: i32,
    /// `redemption`, `returned`, `voided` or `reversal`.
    pub kind: String,
    /// Its place in the log.
    pub seq: i64,
    /// The number of the receipt.
    pub receipt: i64,
    /// The business day.
    pub day: Day,
    /// Points, in hundredths.
    pub points: i64,
    /// What they are worth, in fen.
    pub gross_fen: i64,
    /// What the village owes for them.
    pub net_fen: i64,
}

/// What was done with a statement.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ShopStepRow {
    /// 1, 2, 3 …
    pub step: i32,
    /// What, as [`crate::domain::shop::ShopVerb`] says it.
    pub verb: String,
    /// When.
    pub done_at: Timestamp,
    /// By whom.
    pub done_by: String,
    /// Why, of a dispute and its answer.
    pub reason: String,
}

/// What was paid.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ShopPaymentRow {
    /// By which statement.
    pub statement_id: ShopStatementId,
    /// The code of the source it was paid from.
    pub fund: String,
    /// What the statements before left over.
    pub carried_fen: i64,
    /// How much was paid, in fen.
    pub fen: i64,
    /// Who paid.
    pub payer: String,
    /// The number of the voucher.
    pub voucher: String,
    /// The day it was paid.
    pub paid_on: Day,
    /// When it was written down.
    pub done_at: Timestamp,
    /// By whom.
    pub done_by: String,
    /// Its posting.
    pub seq: i64,
    /// The posting that undid it.
    pub reversed_by: Option<i64>,
}

/// Adds a statement.
pub async fn add(tx: &mut WriteTx, book: BookId, r: &ShopStatementRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.id)
        .bind(r.counter_id)
        .bind(r.no)
        .bind(r.agreement_id)
        .bind(r.first_day)
        .bind(r.last_day)
        .bind(r.from_seq)
        .bind(r.upto_seq)
        .bind(r.line_count)
        .bind(r.points)
        .bind(r.gross_fen)
        .bind(r.net_fen)
        .bind(r.drawn_at)
        .bind(&r.drawn_by)
        .bind(r.seq)
        .execute(c))
}

/// Adds a line to a statement.
pub async fn add_line(
    tx: &mut WriteTx,
    book: BookId,
    of: ShopStatementId,
    l: &ShopLineRow,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_LINE)
        .bind(book)
        .bind(of)
        .bind(l.line)
        .bind(&l.kind)
        .bind(l.seq)
        .bind(l.receipt)
        .bind(l.day)
        .bind(l.points)
        .bind(l.gross_fen)
        .bind(l.net_fen)
        .execute(c))
}

/// Adds a step.
pub async fn add_step(
    tx: &mut WriteTx,
    book: BookId,
    of: ShopStatementId,
    s: &ShopStepRow,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_STEP)
        .bind(book)
        .bind(of)
        .bind(s.step)
        .bind(&s.verb)
        .bind(s.done_at)
        .bind(&s.done_by)
        .bind(&s.reason)
        .execute(c))
}

/// Adds a payment; `steps` is how many steps the statement had when it was looked at.
pub async fn add_payment(tx: &mut WriteTx, book: BookId, p: &ShopPaymentRow, steps: i64) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_PAYMENT)
        .bind(book)
        .bind(p.statement_id)
        .bind(&p.fund)
        .bind(p.carried_fen)
        .bind(p.fen)
        .bind(&p.payer)
        .bind(&p.voucher)
        .bind(p.paid_on)
        .bind(p.done_at)
        .bind(&p.done_by)
        .bind(p.seq)
        .bind(steps)
        .execute(c))
}

/// One statement.
pub async fn one(tx: &mut Tx, book: BookId, id: ShopStatementId) -> StoreResult<Option<ShopStatementRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The statements of a counter, by number.
pub async fn of_counter(tx: &mut Tx, book: BookId, counter: CounterId) -> StoreResult<Vec<ShopStatementRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_COUNTER).bind(book).bind(counter).fetch_all(c))?)
}

/// The statements of a village, by counter and number.
pub async fn list(tx: &mut Tx, book: BookId) -> StoreResult<Vec<ShopStatementRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).fetch_all(c))?)
}

/// The lines of a statement.
pub async fn lines(tx: &mut Tx, book: BookId, of: ShopStatementId) -> StoreResult<Vec<ShopLineRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES).bind(book).bind(of).fetch_all(c))?)
}

/// What was done with a statement, in order.
pub async fn steps(tx: &mut Tx, book: BookId, of: ShopStatementId) -> StoreResult<Vec<ShopStepRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::STEPS).bind(book).bind(of).fetch_all(c))?)
}

/// What was paid by a statement.
pub async fn payment(tx: &mut Tx, book: BookId, of: ShopStatementId) -> StoreResult<Option<ShopPaymentRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PAYMENT).bind(book).bind(of).fetch_optional(c))?)
}
