//! Batches, what of them lies on which shelf, from how few pieces a shelf counts as low, and what a piece costs now.
//! Pieces on the shelf are the ledger's balances.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{BookId, CounterId, StockPaperId},
    stock::shelf::Lot,
    time::Day,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a batch.
        ADD_BATCH = "INSERT INTO stock_batch (book_id, no, sku, paper_id, label, last_day, cost_fen, pieces) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        /// One batch.
        BATCH = "SELECT no, sku, paper_id, label, last_day, cost_fen, pieces FROM stock_batch \
            WHERE book_id = $1 AND no = $2";
        /// The batches of an article on one shelf, as they were left.
        LOTS = "SELECT batch, last_day, came, left_over FROM stock_lot \
            WHERE book_id = $1 AND counter_id = $2 AND sku = $3 ORDER BY batch LIMIT 1000";
        /// Every batch at a counter of which something was left.
        LOTS_AT = "SELECT sku, batch, last_day, came, left_over FROM stock_lot \
            WHERE book_id = $1 AND counter_id = $2 AND came > 0 ORDER BY sku, batch LIMIT 20000";
        /// How a batch is left on a shelf.
        PUT_LOT = "INSERT INTO stock_lot (book_id, counter_id, sku, batch, last_day, came, left_over) \
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (book_id, counter_id, sku, batch) \
            DO UPDATE SET came = excluded.came, left_over = excluded.left_over";
        /// From how few pieces an article counts as low at a counter.
        FLOORS = "SELECT sku, pieces FROM stock_floor WHERE book_id = $1 AND counter_id = $2 \
            ORDER BY sku LIMIT 1000";
        /// Sets it.
        SET_FLOOR = "INSERT INTO stock_floor (book_id, counter_id, sku, pieces) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (book_id, counter_id, sku) DO UPDATE SET pieces = excluded.pieces";
        /// Takes it away.
        UNSET_FLOOR = "DELETE FROM stock_floor WHERE book_id = $1 AND counter_id = $2 AND sku = $3";
        /// The cost of a piece, unless it moved since it was looked up.
        RECOST = "UPDATE goods SET cost_fen = $4 WHERE book_id = $1 AND sku = $2 AND cost_fen = $3";
    }
}

/// A batch.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BatchRow {
    /// Its number in the village.
    pub no: i64,
    /// The article.
    pub sku: i64,
    /// The receipt it came with.
    pub paper_id: StockPaperId,
    /// The maker's mark.
    pub label: String,
    /// The last day on which it may be handed out.
    pub last_day: Option<Day>,
    /// What one piece cost.
    pub cost_fen: i64,
    /// Pieces that came.
    pub pieces: i64,
}

#[derive(sqlx::FromRow)]
struct LotRow {
    batch: i64,
    last_day: Option<Day>,
    came: i64,
    left_over: i64,
}

impl From<LotRow> for Lot {
    fn from(row: LotRow) -> Self {
        Self { batch: row.batch, last_day: row.last_day, came: row.came, left: row.left_over }
    }
}

/// Adds a batch.
pub async fn add_batch(tx: &mut WriteTx, book: BookId, b: &BatchRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_BATCH)
        .bind(book)
        .bind(b.no)
        .bind(b.sku)
        .bind(b.paper_id)
        .bind(&b.label)
        .bind(b.last_day)
        .bind(b.cost_fen)
        .bind(b.pieces)
        .execute(c))
}

/// One batch.
pub async fn batch(tx: &mut Tx, book: BookId, no: i64) -> StoreResult<Option<BatchRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BATCH).bind(book).bind(no).fetch_optional(c))?)
}

/// The batches of an article on one shelf, as the last stock paper left them.
pub async fn lots(tx: &mut Tx, book: BookId, counter: CounterId, sku: i64) -> StoreResult<Vec<Lot>> {
    let rows: Vec<LotRow> =
        on!(tx, |c| sqlx::query_as(sql::LOTS).bind(book).bind(counter).bind(sku).fetch_all(c))?;
    Ok(rows.into_iter().map(Lot::from).collect())
}

/// Every article's batches at a counter, as the last stock papers left them.
pub async fn lots_at(tx: &mut Tx, book: BookId, counter: CounterId) -> StoreResult<Vec<(i64, Lot)>> {
    let rows: Vec<(i64, i64, Option<Day>, i64, i64)> =
        on!(tx, |c| sqlx::query_as(sql::LOTS_AT).bind(book).bind(counter).fetch_all(c))?;
    let lot = |(sku, batch, last_day, came, left)| (sku, Lot { batch, last_day, came, left });
    Ok(rows.into_iter().map(lot).collect())
}

/// How a batch is left on a shelf.
pub async fn put_lot(
    tx: &mut WriteTx,
    book: BookId,
    counter: CounterId,
    sku: i64,
    lot: &Lot,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::PUT_LOT)
        .bind(book)
        .bind(counter)
        .bind(sku)
        .bind(lot.batch)
        .bind(lot.last_day)
        .bind(lot.came)
        .bind(lot.left)
        .execute(c))
}

/// From how few pieces each article counts as low at a counter.
pub async fn floors(tx: &mut Tx, book: BookId, counter: CounterId) -> StoreResult<Vec<(i64, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::FLOORS).bind(book).bind(counter).fetch_all(c))?)
}

/// Sets it; none takes it away.
pub async fn set_floor(
    tx: &mut WriteTx,
    book: BookId,
    counter: CounterId,
    sku: i64,
    pieces: i64,
) -> StoreResult<()> {
    if pieces == 0 {
        return any!(&mut **tx, |c| sqlx::query(sql::UNSET_FLOOR)
            .bind(book)
            .bind(counter)
            .bind(sku)
            .execute(c));
    }
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SET_FLOOR)
        .bind(book)
        .bind(counter)
        .bind(sku)
        .bind(pieces)
        .execute(c))
}

/// A piece costs `now` instead of `was`; fails when it moved meanwhile. The same again only proves that it did not.
pub async fn recost(tx: &mut WriteTx, book: BookId, sku: i64, was: i64, now: i64) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::RECOST).bind(book).bind(sku).bind(was).bind(now).execute(c))
}
