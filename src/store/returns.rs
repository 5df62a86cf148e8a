//! Goods that came back, and redemptions that were void. Written once with their posting, never changed.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, CounterId, OrderId, ReturnId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a return, unless what it takes back was undone by now.
        ADD = "INSERT INTO goods_return (book_id, id, no, kind, redemption_id, counter_id, goes_to, credential, cashier, \
            placed_at, points, cost_fen, txn_seq) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 \
            FROM redemption AS r WHERE r.book_id = $1 AND r.id = $5 AND NOT EXISTS (SELECT 1 FROM txn AS t \
            WHERE t.book_id = $1 AND t.reverses_seq = r.txn_seq) ON CONFLICT (book_id, id) DO NOTHING";
        /// Adds a line, unless what a piece costs moved since it was looked up.
        ADD_LINE = "INSERT INTO goods_return_line (book_id, return_id, line, sku, quantity, points, cost_fen) \
            SELECT $1, $2, $3, $4, $5, $6, $7 FROM goods AS g WHERE g.book_id = $1 AND g.sku = $4 \
            AND g.cost_fen = $8 ON CONFLICT (book_id, return_id, line) DO NOTHING";
        /// By its place in the ledger.
        BY_SEQ = "SELECT id, no, kind, redemption_id, counter_id, goes_to, credential, cashier, placed_at, points, \
            cost_fen, txn_seq FROM goods_return WHERE book_id = $1 AND txn_seq = $2";
        /// What came back of a redemption, oldest first.
        OF_REDEMPTION = "SELECT id, no, kind, redemption_id, counter_id, goes_to, credential, cashier, placed_at, \
            points, cost_fen, txn_seq FROM goods_return WHERE book_id = $1 AND redemption_id = $2 ORDER BY no";
        /// What came back by a run of transactions, and of which receipt.
        BETWEEN = "SELECT g.id, g.no, g.kind, g.redemption_id, g.counter_id, g.goes_to, g.credential, g.cashier, \
            g.placed_at, g.points, g.cost_fen, g.txn_seq, r.no AS receipt FROM goods_return AS g JOIN redemption AS r \
            ON r.book_id = g.book_id AND r.id = g.redemption_id WHERE g.book_id = $1 AND g.txn_seq > $2 \
            AND g.txn_seq <= $3 ORDER BY g.txn_seq";
        /// Pieces of each article that came back of a redemption.
        PIECES = "SELECT l.sku, CAST(SUM(l.quantity) AS BIGINT) AS pieces FROM goods_return AS r \
            JOIN goods_return_line AS l ON l.book_id = r.book_id AND l.return_id = r.id \
            WHERE r.book_id = $1 AND r.redemption_id = $2 GROUP BY l.sku ORDER BY l.sku";
        /// How often something came back of what was posted at a place.
        COUNT_OF_SEQ = "SELECT CAST(COUNT(*) AS BIGINT) FROM redemption AS r JOIN goods_return AS g \
            ON g.book_id = r.book_id AND g.redemption_id = r.id WHERE r.book_id = $1 AND r.txn_seq = $2";
        /// What came back at a counter within a span of time.
        TOTAL = "SELECT CAST(COUNT(*) AS BIGINT) AS count, CAST(COALESCE(SUM(points), 0) AS BIGINT) AS points, \
            CAST(COALESCE(SUM(cost_fen), 0) AS BIGINT) AS cost_fen FROM goods_return \
            WHERE book_id = $1 AND counter_id = $2 AND placed_at >= $3 AND placed_at < $4";
        /// The lines of one.
        LINES = "SELECT line, sku, quantity, points, cost_fen FROM goods_return_line \
            WHERE book_id = $1 AND return_id = $2 ORDER BY line";
        /// How many there are.
        COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM goods_return WHERE book_id = $1";
    }
}

/// Goods that came back.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ReturnRow {
    /// Its name inside the program.
    pub id: ReturnId,
    /// Its number: consecutive, without gaps.
    pub no: i64,
    /// `returned` or `voided`.
    pub kind: String,
    /// Of which redemption.
    pub redemption_id: OrderId,
    /// Where.
    pub counter_id: CounterId,
    /// `shelf` or `loss`.
    pub goes_to: String,
    /// How the household was known: `phone` or `card`.
    pub credential: String,
    /// Who took them.
    pub cashier: String,
    /// When.
    pub placed_at: Timestamp,
    /// Points given back, in hundredths.
    pub points: i64,
    /// Of the cost that was booked as a reward, in fen.
    pub cost_fen: i64,
    /// Its place in the ledger.
    pub txn_seq: i64,
}

/// Goods that came back, and of which receipt.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NumberedReturn {
    /// What came back.
    #[sqlx(flatten)]
    pub back: ReturnRow,
    /// The number of the receipt.
    pub receipt: i64,
}

/// One article that came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct ReturnLineRow {
    /// 1, 2, 3 …
    pub line: i32,
    /// The article.
    pub sku: i64,
    /// Pieces.
    pub quantity: i64,
    /// Points given back.
    pub points: i64,
    /// Of the cost that was booked as a reward.
    pub cost_fen: i64,
}

/// What came back after `from` and up to `through`.
pub async fn between(tx: &mut Tx, book: BookId, from: i64, through: i64) -> StoreResult<Vec<NumberedReturn>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BETWEEN).bind(book).bind(from).bind(through).fetch_all(c))?)
}

/// Adds a return.
pub async fn add(tx: &mut WriteTx, book: BookId, r: &ReturnRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.id)
        .bind(r.no)
        .bind(&r.kind)
        .bind(r.redemption_id)
        .bind(r.counter_id)
        .bind(&r.goes_to)
        .bind(&r.credential)
        .bind(&r.cashier)
        .bind(r.placed_at)
        .bind(r.points)
        .bind(r.cost_fen)
        .bind(r.txn_seq)
        .execute(c))
}

/// Adds a line to a return; `cost_now` is what a piece costs as far as the posting knows.
pub async fn add_line(
    tx: &mut WriteTx,
    book: BookId,
    of: ReturnId,
    l: &ReturnLineRow,
    cost_now: i64,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_LINE)
        .bind(book)
        .bind(of)
        .bind(l.line)
        .bind(l.sku)
        .bind(l.quantity)
        .bind(l.points)
        .bind(l.cost_fen)
        .bind(cost_now)
        .execute(c))
}

/// One return, by its place in the ledger.
pub async fn by_seq(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Option<ReturnRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_SEQ).bind(book).bind(seq).fetch_optional(c))?)
}

/// What came back of a redemption, oldest first.
pub async fn of_redemption(tx: &mut Tx, book: BookId, of: OrderId) -> StoreResult<Vec<ReturnRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_REDEMPTION).bind(book).bind(of).fetch_all(c))?)
}

/// Pieces of each article that came back of a redemption.
pub async fn pieces(tx: &mut Tx, book: BookId, of: OrderId) -> StoreResult<Vec<(i64, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PIECES).bind(book).bind(of).fetch_all(c))?)
}

/// How often something came back of the redemption posted at `seq`.
pub async fn count_of_seq(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::COUNT_OF_SEQ).bind(book).bind(seq).fetch_one(c))?)
}

/// What came back at a counter from `from` to before `to`.
pub async fn total(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    (from, to): (Timestamp, Timestamp),
) -> StoreResult<super::redemption::TotalRow> {
    Ok(on!(tx, |c| sqlx::query_as(sql::TOTAL).bind(book).bind(counter).bind(from).bind(to).fetch_one(c))?)
}

/// The lines of a return, in order.
pub async fn lines(tx: &mut Tx, book: BookId, of: ReturnId) -> StoreResult<Vec<ReturnLineRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES).bind(book).bind(of).fetch_all(c))?)
}

/// How many returns there are.
pub async fn count(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::COUNT).bind(book).fetch_one(c))?)
}
