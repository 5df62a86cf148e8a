//! Orders (预约单) and their lines. Written with the posting that puts points and goods aside; an order ends once, with the
//! posting that resolves it.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, CounterId, HouseholdId, OrderId},
    time::{Day, Timestamp},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds an order, unless the household may not redeem by now.
        ADD = "INSERT INTO goods_order (book_id, id, no, counter_id, household_id, placed_at, placed_by, kept_until, \
            points, state, hold_seq) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10 FROM household AS h \
            WHERE h.book_id = $1 AND h.id = $5 AND h.state = 'active' ON CONFLICT (book_id, id) DO NOTHING";
        /// Adds a line, unless its price moved or it was taken off sale since it was looked up.
        ADD_LINE = "INSERT INTO goods_order_line (book_id, order_id, line, sku, name, unit, quantity, price, points, \
            is_service, quota_meter) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM goods AS g \
            WHERE g.book_id = $1 AND g.sku = $4 AND g.state = 'on_sale' AND g.price = $8 \
            ON CONFLICT (book_id, order_id, line) DO NOTHING";
        /// Ends one that waits.
        END = "UPDATE goods_order SET state = $3, ended_at = $4, ended_by = $5, reason = $6 \
            WHERE book_id = $1 AND hold_seq = $2 AND state = 'waiting'";
        /// By id.
        BY_ID = "SELECT id, no, counter_id, household_id, placed_at, placed_by, kept_until, points, state, hold_seq, \
            ended_at, ended_by, reason FROM goods_order WHERE book_id = $1 AND id = $2";
        /// By the posting that put it aside.
        BY_HOLD = "SELECT id, no, counter_id, household_id, placed_at, placed_by, kept_until, points, state, hold_seq, \
            ended_at, ended_by, reason FROM goods_order WHERE book_id = $1 AND hold_seq = $2";
        /// Those that wait at a counter, in the order in which they were placed.
        WAITING = "SELECT id, no, counter_id, household_id, placed_at, placed_by, kept_until, points, state, hold_seq, \
            ended_at, ended_by, reason FROM goods_order WHERE book_id = $1 AND counter_id = $2 AND state = 'waiting' \
            AND no > $3 ORDER BY no LIMIT $4";
        /// A household's, the latest first, below a number.
        OF_HOUSEHOLD = "SELECT id, no, counter_id, household_id, placed_at, placed_by, kept_until, points, state, \
            hold_seq, ended_at, ended_by, reason FROM goods_order WHERE book_id = $1 AND household_id = $2 \
            AND no < $3 ORDER BY no DESC LIMIT $4";
        /// The lines of one.
        LINES = "SELECT line, sku, name, unit, quantity, price, points, is_service, quota_meter FROM goods_order_line \
            WHERE book_id = $1 AND order_id = $2 ORDER BY line";
        /// Pieces of each article in all orders that wait at a counter.
        ASIDE = "SELECT l.sku, CAST(SUM(l.quantity) AS BIGINT) AS pieces FROM goods_order AS o \
            JOIN goods_order_line AS l ON l.book_id = o.book_id AND l.order_id = o.id WHERE o.book_id = $1 \
            AND o.counter_id = $2 AND o.state = 'waiting' GROUP BY l.sku ORDER BY l.sku";
        /// Orders put aside by a run of transactions, and where the posting is that ended each.
        PLACED_BETWEEN = "SELECT o.id, o.no, o.counter_id, o.household_id, o.placed_at, o.placed_by, o.kept_until, \
            o.points, o.state, o.hold_seq, o.ended_at, o.ended_by, o.reason, t.seq AS ended_seq FROM goods_order AS o \
            LEFT JOIN txn AS t ON t.book_id = o.book_id AND t.resolves_seq = o.hold_seq \
            WHERE o.book_id = $1 AND o.hold_seq > $2 AND o.hold_seq <= $3 ORDER BY o.hold_seq";
        /// Orders above a number with what resolved their holds.
        RESOLUTIONS = "SELECT o.no, o.state, o.ended_by, t.seq, t.kind, t.actor FROM goods_order AS o LEFT JOIN txn AS t \
            ON t.book_id = o.book_id AND t.resolves_seq = o.hold_seq WHERE o.book_id = $1 AND o.no > $2 \
            ORDER BY o.no LIMIT $3";
    }
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OrderRow {
    /// Its name inside the program; also the redemption's when it is collected.
    pub id: OrderId,
    /// Its number: consecutive, without gaps.
    pub no: i64,
    /// Where it is kept.
    pub counter_id: CounterId,
    /// Whose it is.
    pub household_id: HouseholdId,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// By whom.
    pub placed_by: String,
    /// The last day on which it is kept.
    pub kept_until: Day,
    /// Points put aside, in hundredths.
    pub points: i64,
    /// How far it is.
    pub state: String,
    /// The posting that put points and goods aside.
    pub hold_seq: i64,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// By whom.
    pub ended_by: Option<String>,
    /// Why it was cancelled.
    pub reason: Option<String>,
}

/// One article of an order.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OrderLineRow {
    /// 1, 2, 3 …
    pub line: i32,
    /// The article.
    pub sku: i64,
    /// Its name then.
    pub name: String,
    /// Its unit then.
    pub unit: String,
    /// Pieces.
    pub quantity: i64,
    /// The price of one piece then, in hundredths of a point.
    pub price: i64,
    /// Pieces times price.
    pub points: i64,
    /// Nothing of it lies on a shelf.
    pub is_service: bool,
    /// What it was counted against.
    pub quota_meter: Option<String>,
}

/// An order, and where the posting is that ended it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PlacedRow {
    /// The order.
    #[sqlx(flatten)]
    pub order: OrderRow,
    /// Place of the posting that resolved it.
    pub ended_seq: Option<i64>,
}

/// An order with what resolved its hold.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ResolutionRow {
    /// The order's number.
    pub no: i64,
    /// Its state.
    pub state: String,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// Place of the posting that resolved it.
    pub seq: Option<i64>,
    /// Its kind.
    pub kind: Option<String>,
    /// Who posted it.
    pub actor: Option<String>,
}

/// How an order ends.
#[derive(Debug, Clone, Copy)]
pub struct OrderEnd<'a> {
    /// The posting that put it aside.
    pub hold_seq: i64,
    /// Its new state.
    pub state: &'a str,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: &'a str,
    /// Why, if it was cancelled.
    pub reason: Option<&'a str>,
}

/// Orders put aside after `from` and up to `through`.
pub async fn placed_between(
    tx: &mut Tx,
    book: BookId,
    from: i64,
    through: i64,
) -> StoreResult<Vec<PlacedRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PLACED_BETWEEN).bind(book).bind(from).bind(through).fetch_all(c))?)
}

/// Adds an order.
pub async fn add(tx: &mut WriteTx, book: BookId, o: &OrderRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(o.id)
        .bind(o.no)
        .bind(o.counter_id)
        .bind(o.household_id)
        .bind(o.placed_at)
        .bind(&o.placed_by)
        .bind(o.kept_until)
        .bind(o.points)
        .bind(o.hold_seq)
        .execute(c))
}

/// Adds a line to an order.
pub async fn add_line(tx: &mut WriteTx, book: BookId, of: OrderId, l: &OrderLineRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_LINE)
        .bind(book)
        .bind(of)
        .bind(l.line)
        .bind(l.sku)
        .bind(&l.name)
        .bind(&l.unit)
        .bind(l.quantity)
        .bind(l.price)
        .bind(l.points)
        .bind(l.is_service)
        .bind(&l.quota_meter)
        .execute(c))
}

/// Ends an order that waits.
pub async fn end(tx: &mut WriteTx, book: BookId, e: &OrderEnd<'_>) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::END)
        .bind(book)
        .bind(e.hold_seq)
        .bind(e.state)
        .bind(e.at)
        .bind(e.by)
        .bind(e.reason)
        .execute(c))
}

/// One order.
pub async fn by_id(tx: &mut Tx, book: BookId, id: OrderId) -> StoreResult<Option<OrderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_ID).bind(book).bind(id).fetch_optional(c))?)
}

/// One order, by the posting that put it aside.
pub async fn by_hold(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Option<OrderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_HOLD).bind(book).bind(seq).fetch_optional(c))?)
}

/// Orders that wait at a counter, numbered above `after`.
pub async fn waiting(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<OrderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::WAITING)
        .bind(book)
        .bind(counter)
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// A household's orders numbered below `before`, the latest first.
pub async fn of_household(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<OrderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOUSEHOLD)
        .bind(book)
        .bind(household)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// The lines of an order, in order.
pub async fn lines(tx: &mut Tx, book: BookId, of: OrderId) -> StoreResult<Vec<OrderLineRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES).bind(book).bind(of).fetch_all(c))?)
}

/// Pieces of each article put aside at a counter for orders that wait.
pub async fn aside(tx: &mut Tx, book: BookId, counter: CounterId) -> StoreResult<Vec<(i64, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ASIDE).bind(book).bind(counter).fetch_all(c))?)
}

/// Orders numbered above `after` with what resolved their holds.
pub async fn resolutions(
    tx: &mut Tx,
    book: BookId,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<ResolutionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::RESOLUTIONS).bind(book).bind(after).bind(limit).fetch_all(c))?)
}
