//! Redemptions (兑换单) and their lines: the redemption register. Written once with their posting, never changed.

use super::{StoreError, StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, CardId, CounterId, HouseholdId, OrderId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a redemption.
        ADD = "INSERT INTO redemption (book_id, id, no, counter_id, household_id, credential, card_id, code_digest, \
            cashier, placed_at, points, cost_fen, available_before, available_after, txn_seq) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
        /// Adds a line, unless what a piece costs moved since it was looked up. Services cost nothing here, and at a
        /// private shop its goods are worth their points.
        ADD_LINE = "INSERT INTO redemption_line (book_id, redemption_id, line, sku, name, unit, quantity, price, \
            points, cost_fen) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM goods AS g \
            WHERE g.book_id = $1 AND g.sku = $4 AND (g.kind = 'service' OR g.cost_fen * $7 = $10 OR EXISTS (SELECT 1 \
            FROM redemption AS r JOIN shop_agreement AS s ON s.book_id = r.book_id AND s.counter_id = r.counter_id \
            WHERE r.book_id = $1 AND r.id = $2 AND s.state IN ('agreed', 'ended'))) \
            ON CONFLICT (book_id, redemption_id, line) DO NOTHING";
        /// By id.
        BY_ID = "SELECT id, no, counter_id, household_id, credential, card_id, code_digest, cashier, placed_at, \
            points, cost_fen, available_before, available_after, txn_seq FROM redemption \
            WHERE book_id = $1 AND id = $2";
        /// By receipt number.
        BY_NO = "SELECT id, no, counter_id, household_id, credential, card_id, code_digest, cashier, placed_at, \
            points, cost_fen, available_before, available_after, txn_seq FROM redemption \
            WHERE book_id = $1 AND no = $2";
        /// By its place in the ledger.
        BY_SEQ = "SELECT id, no, counter_id, household_id, credential, card_id, code_digest, cashier, placed_at, \
            points, cost_fen, available_before, available_after, txn_seq FROM redemption \
            WHERE book_id = $1 AND txn_seq = $2";
        /// By the phone code it used up.
        BY_CODE = "SELECT id, no, counter_id, household_id, credential, card_id, code_digest, cashier, placed_at, \
            points, cost_fen, available_before, available_after, txn_seq FROM redemption \
            WHERE book_id = $1 AND code_digest = $2";
        /// By the client's key of its posting.
        BY_KEY = "SELECT r.id, r.no, r.counter_id, r.household_id, r.credential, r.card_id, r.code_digest, r.cashier, \
            r.placed_at, r.points, r.cost_fen, r.available_before, r.available_after, r.txn_seq FROM txn t \
            JOIN redemption r ON r.book_id = t.book_id AND r.txn_seq = t.seq \
            WHERE t.book_id = $1 AND t.key = $2";
        /// A counter's redemptions within a span of time, the latest first, before a receipt number.
        OF_COUNTER = "SELECT id, no, counter_id, household_id, credential, card_id, code_digest, cashier, placed_at, \
            points, cost_fen, available_before, available_after, txn_seq FROM redemption \
            WHERE book_id = $1 AND counter_id = $2 AND placed_at >= $3 AND placed_at < $4 AND no < $5 \
            ORDER BY no DESC LIMIT $6";
        /// A household's redemptions, the latest first, before a receipt number.
        OF_HOUSEHOLD = "SELECT id, no, counter_id, household_id, credential, card_id, code_digest, cashier, placed_at, \
            points, cost_fen, available_before, available_after, txn_seq FROM redemption \
            WHERE book_id = $1 AND household_id = $2 AND no < $3 ORDER BY no DESC LIMIT $4";
        /// One row if the household may redeem, the counter is open and the card (if any) is in use.
        GUARD = "SELECT CAST(COUNT(*) AS BIGINT) FROM household AS h JOIN counter AS c ON c.book_id = h.book_id \
            WHERE h.book_id = $1 AND h.id = $2 AND h.state = 'active' AND c.id = $3 AND c.state = 'open' \
            AND (EXISTS (SELECT 1 FROM card AS k WHERE k.book_id = $1 AND k.id = $4 AND k.state = 'active') \
            OR $4 IS NULL)";
        /// What a counter gave out within a span of time.
        TOTAL = "SELECT CAST(COUNT(*) AS BIGINT) AS count, CAST(COALESCE(SUM(points), 0) AS BIGINT) AS points, \
            CAST(COALESCE(SUM(cost_fen), 0) AS BIGINT) AS cost_fen FROM redemption \
            WHERE book_id = $1 AND counter_id = $2 AND placed_at >= $3 AND placed_at < $4";
        /// The lines of one redemption.
        LINES = "SELECT line, sku, name, unit, quantity, price, points, cost_fen FROM redemption_line \
            WHERE book_id = $1 AND redemption_id = $2 ORDER BY line";
    }
}

/// A redemption.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RedemptionRow {
    /// Its name inside the program.
    pub id: OrderId,
    /// The receipt number: consecutive, without gaps.
    pub no: i64,
    /// Where.
    pub counter_id: CounterId,
    /// Who took the goods.
    pub household_id: HouseholdId,
    /// How the household was known: `phone`, `card`, `card_pin`, `pickup`, `witness`, `helper`.
    pub credential: String,
    /// The card shown.
    pub card_id: Option<CardId>,
    /// SHA-256 of the phone code shown.
    pub code_digest: Option<Vec<u8>>,
    /// Who handed the goods over.
    pub cashier: String,
    /// When.
    pub placed_at: Timestamp,
    /// Points taken, in hundredths.
    pub points: i64,
    /// What the goods cost, in fen.
    pub cost_fen: i64,
    /// Spendable points before.
    pub available_before: i64,
    /// Spendable points after.
    pub available_after: i64,
    /// Its place in the ledger.
    pub txn_seq: i64,
}

/// One article of a redemption.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RedemptionLineRow {
    /// 1, 2, 3 …
    pub line: i32,
    /// The article.
    pub sku: i64,
    /// Its name at that time.
    pub name: String,
    /// Its unit at that time.
    pub unit: String,
    /// Pieces.
    pub quantity: i64,
    /// The price of one piece at that time, in hundredths of a point.
    pub price: i64,
    /// Pieces times price.
    pub points: i64,
    /// What they cost, in fen.
    pub cost_fen: i64,
}

/// What a counter gave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct TotalRow {
    /// Redemptions.
    pub count: i64,
    /// Points taken, in hundredths.
    pub points: i64,
    /// What the goods cost, in fen.
    pub cost_fen: i64,
}

/// Adds a redemption.
pub async fn add(tx: &mut WriteTx, book: BookId, r: &RedemptionRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.id)
        .bind(r.no)
        .bind(r.counter_id)
        .bind(r.household_id)
        .bind(&r.credential)
        .bind(r.card_id)
        .bind(&r.code_digest)
        .bind(&r.cashier)
        .bind(r.placed_at)
        .bind(r.points)
        .bind(r.cost_fen)
        .bind(r.available_before)
        .bind(r.available_after)
        .bind(r.txn_seq)
        .execute(c))
}

/// Adds a line to a redemption.
pub async fn add_line(tx: &mut WriteTx, book: BookId, of: OrderId, l: &RedemptionLineRow) -> StoreResult<()> {
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
        .bind(l.cost_fen)
        .execute(c))
}

/// Checks, inside the posting's transaction, that nothing died since it was looked at: the household may redeem, the
/// counter is open, the card is in use.
pub async fn guard(
    tx: &mut WriteTx,
    book: BookId,
    household: HouseholdId,
    counter: CounterId,
    card: Option<CardId>,
) -> StoreResult<()> {
    let found: i64 = on!(&mut **tx, |c| sqlx::query_scalar(sql::GUARD)
        .bind(book)
        .bind(household)
        .bind(counter)
        .bind(card)
        .fetch_one(c))?;
    match u64::try_from(found) {
        Ok(1) => Ok(()),
        other => Err(StoreError::RowsAffected { expected: 1, actual: other.unwrap_or(0) }),
    }
}

/// One redemption.
pub async fn by_id(tx: &mut Tx, book: BookId, id: OrderId) -> StoreResult<Option<RedemptionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_ID).bind(book).bind(id).fetch_optional(c))?)
}

/// One redemption, by receipt number.
pub async fn by_no(tx: &mut Tx, book: BookId, no: i64) -> StoreResult<Option<RedemptionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_NO).bind(book).bind(no).fetch_optional(c))?)
}

/// One redemption, by its place in the ledger.
pub async fn by_seq(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Option<RedemptionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_SEQ).bind(book).bind(seq).fetch_optional(c))?)
}

/// The redemption that used up a phone code.
pub async fn by_code(tx: &mut Tx, book: BookId, digest: &[u8]) -> StoreResult<Option<RedemptionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_CODE).bind(book).bind(digest).fetch_optional(c))?)
}

/// The redemption posted under a client's key.
pub async fn by_key(tx: &mut Tx, book: BookId, key: &str) -> StoreResult<Option<RedemptionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_KEY).bind(book).bind(key).fetch_optional(c))?)
}

/// A counter's redemptions from `from` to before `to`, the latest first, with numbers below `before`.
pub async fn of_counter(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    (from, to): (Timestamp, Timestamp),
    before: i64,
    limit: i64,
) -> StoreResult<Vec<RedemptionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_COUNTER)
        .bind(book)
        .bind(counter)
        .bind(from)
        .bind(to)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// A household's redemptions, the latest first, with numbers below `before`.
pub async fn of_household(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<RedemptionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOUSEHOLD)
        .bind(book)
        .bind(household)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// What a counter gave out from `from` to before `to`.
pub async fn total(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    (from, to): (Timestamp, Timestamp),
) -> StoreResult<TotalRow> {
    Ok(on!(tx, |c| sqlx::query_as(sql::TOTAL).bind(book).bind(counter).bind(from).bind(to).fetch_one(c))?)
}

/// The lines of a redemption, in order.
pub async fn lines(tx: &mut Tx, book: BookId, of: OrderId) -> StoreResult<Vec<RedemptionLineRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES).bind(book).bind(of).fetch_all(c))?)
}
