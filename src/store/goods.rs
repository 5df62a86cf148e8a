//! Goods and services, their prices and the history of their prices. Pieces on the shelf are the ledger's balances.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{ids::BookId, time::Timestamp};

/// The most articles a village may list.
pub const GOODS_MAX: i64 = 1_000;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds an article.
        ADD = "INSERT INTO goods (book_id, sku, name, name_en, unit, unit_en, category, kind, barcode, pinyin, \
            initials, quota, quota_period, price, cost_fen, price_version, state) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, 'on_sale')";
        /// One article.
        BY_SKU = "SELECT sku, name, name_en, unit, unit_en, category, kind, barcode, pinyin, initials, quota, \
            quota_period, price, cost_fen, price_version, state FROM goods WHERE book_id = $1 AND sku = $2";
        /// Articles by number.
        LIST = "SELECT sku, name, name_en, unit, unit_en, category, kind, barcode, pinyin, initials, quota, \
            quota_period, price, cost_fen, price_version, state FROM goods \
            WHERE book_id = $1 AND sku > $2 ORDER BY sku LIMIT $3";
        /// How many articles are on sale.
        ON_SALE = "SELECT CAST(COUNT(*) AS BIGINT) FROM goods WHERE book_id = $1 AND state = 'on_sale'";
        /// A new price, if nobody set another one meanwhile.
        SET_PRICE = "UPDATE goods SET price = $4, price_version = $3 + 1 \
            WHERE book_id = $1 AND sku = $2 AND price_version = $3";
        /// Puts on sale or takes off.
        SET_STATE = "UPDATE goods SET state = $3 WHERE book_id = $1 AND sku = $2 AND state <> $3";
        /// Keeps a price in the history.
        ADD_PRICE = "INSERT INTO goods_price (book_id, sku, version, price, cost_fen, set_at, set_by) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        /// The prices an article had, the latest first.
        PRICES = "SELECT version, price, cost_fen, set_at, set_by FROM goods_price \
            WHERE book_id = $1 AND sku = $2 ORDER BY version DESC LIMIT 100";
        /// What lies on the shelf of one account path.
        STOCK = "SELECT a.commodity, b.quantity FROM account a \
            JOIN balance b ON b.book_id = a.book_id AND b.account_id = a.account_id \
            WHERE a.book_id = $1 AND a.path = $2 ORDER BY a.path, a.commodity";
        /// What lies on every shelf or is put aside.
        HOLDINGS = "SELECT a.path, a.commodity, b.quantity FROM account a \
            JOIN balance b ON b.book_id = a.book_id AND b.account_id = a.account_id \
            WHERE a.book_id = $1 AND (a.path LIKE 'Assets:Stock:%' OR a.path LIKE 'Assets:Reserved:%') \
            ORDER BY a.path, a.commodity LIMIT 20000";
        /// What lies on every shelf.
        STOCKS = "SELECT a.path, a.commodity, b.quantity FROM account a \
            JOIN balance b ON b.book_id = a.book_id AND b.account_id = a.account_id \
            WHERE a.book_id = $1 AND a.path LIKE 'Assets:Stock:%' ORDER BY a.path, a.commodity LIMIT 20000";
    }
}

/// An article.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct GoodsRow {
    /// Its number; the commodity is `SKU-` and six digits.
    pub sku: i64,
    /// What the village calls it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// What one piece is: 瓶, 袋, 次.
    pub unit: String,
    /// The same in English.
    pub unit_en: String,
    /// The shelf it is listed under.
    pub category: String,
    /// `goods` or `service`; services have no stock.
    pub kind: String,
    /// The maker's bar code, if it has one.
    pub barcode: Option<String>,
    /// Search key: every syllable.
    pub pinyin: String,
    /// Search key: the first letter of every syllable.
    pub initials: String,
    /// Pieces a household may take in a period.
    pub quota: Option<i64>,
    /// That period.
    pub quota_period: Option<String>,
    /// The price in force, in hundredths of a point.
    pub price: i64,
    /// What one piece costs, in fen: the moving average over what came in.
    pub cost_fen: i64,
    /// Counts the prices it had.
    pub price_version: i32,
    /// `on_sale` or `withdrawn`.
    pub state: String,
}

impl GoodsRow {
    /// Whether it has no stock.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.kind == "service"
    }

    /// Whether it may be chosen.
    #[must_use]
    pub fn is_on_sale(&self) -> bool {
        self.state == "on_sale"
    }
}

/// A price an article had or has.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PriceRow {
    /// 1, 2, 3 …
    pub version: i32,
    /// In hundredths of a point.
    pub price: i64,
    /// What one piece cost then, in fen.
    pub cost_fen: i64,
    /// Since when.
    pub set_at: Timestamp,
    /// Who set it.
    pub set_by: String,
}

/// Pieces on a shelf.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StockRow {
    /// The account path of the shelf.
    pub path: String,
    /// `SKU-000017`.
    pub commodity: String,
    /// How many.
    pub quantity: i64,
}

/// Adds an article on sale at its first price.
pub async fn add(tx: &mut WriteTx, book: BookId, g: &GoodsRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(g.sku)
        .bind(&g.name)
        .bind(&g.name_en)
        .bind(&g.unit)
        .bind(&g.unit_en)
        .bind(&g.category)
        .bind(&g.kind)
        .bind(&g.barcode)
        .bind(&g.pinyin)
        .bind(&g.initials)
        .bind(g.quota)
        .bind(&g.quota_period)
        .bind(g.price)
        .bind(g.cost_fen)
        .execute(c))
}

/// One article.
pub async fn by_sku(tx: &mut Tx, book: BookId, sku: i64) -> StoreResult<Option<GoodsRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_SKU).bind(book).bind(sku).fetch_optional(c))?)
}

/// Articles by number, after `after`.
pub async fn list(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<GoodsRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// How many articles are on sale.
pub async fn on_sale(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::ON_SALE).bind(book).fetch_one(c))?)
}

/// A new price in place of that of `version`; refused when somebody was faster.
pub async fn set_price(
    tx: &mut WriteTx,
    book: BookId,
    sku: i64,
    version: i32,
    price: i64,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SET_PRICE)
        .bind(book)
        .bind(sku)
        .bind(version)
        .bind(price)
        .execute(c))
}

/// Puts an article on sale (`on_sale`) or takes it off (`withdrawn`).
pub async fn set_state(tx: &mut WriteTx, book: BookId, sku: i64, state: &str) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SET_STATE).bind(book).bind(sku).bind(state).execute(c))
}

/// Keeps a price in the history.
pub async fn add_price(tx: &mut WriteTx, book: BookId, sku: i64, p: &PriceRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_PRICE)
        .bind(book)
        .bind(sku)
        .bind(p.version)
        .bind(p.price)
        .bind(p.cost_fen)
        .bind(p.set_at)
        .bind(&p.set_by)
        .execute(c))
}

/// The prices an article had, the latest first; at most 100.
pub async fn prices(tx: &mut Tx, book: BookId, sku: i64) -> StoreResult<Vec<PriceRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PRICES).bind(book).bind(sku).fetch_all(c))?)
}

/// Pieces on one shelf: commodity and quantity.
pub async fn stock(tx: &mut Tx, book: BookId, path: &str) -> StoreResult<Vec<(String, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::STOCK).bind(book).bind(path).fetch_all(c))?)
}

/// Pieces on every shelf of a village.
pub async fn stocks(tx: &mut Tx, book: BookId) -> StoreResult<Vec<StockRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::STOCKS).bind(book).fetch_all(c))?)
}

/// Pieces on every shelf of a village and put aside there.
pub async fn holdings(tx: &mut Tx, book: BookId) -> StoreResult<Vec<StockRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::HOLDINGS).bind(book).fetch_all(c))?)
}
