//! Who stood beside a redemption (见证人、第二人、代办人): one row where anybody did. Written once with the posting.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, CounterId, HelperId, HouseholdId, OrderId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds one.
        ADD = "INSERT INTO redemption_bystander (book_id, redemption_id, household_id, part, person, reason, recused, \
            helper_id, same_as, bearer, placed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        /// Of one redemption.
        OF = "SELECT redemption_id, household_id, part, person, reason, recused, helper_id, same_as, bearer, placed_at \
            FROM redemption_bystander WHERE book_id = $1 AND redemption_id = $2";
        /// Whom a bearer came for since an instant.
        SERVED = "SELECT household_id, placed_at FROM redemption_bystander WHERE book_id = $1 AND bearer = $2 \
            AND placed_at > $3 ORDER BY placed_at LIMIT 200";
        /// What a bearer took within a span of time.
        OF_BEARER = "SELECT r.id, r.no, h.no, r.placed_at, r.points, b.part FROM redemption_bystander AS b \
            JOIN redemption AS r ON r.book_id = b.book_id AND r.id = b.redemption_id \
            JOIN household AS h ON h.book_id = r.book_id AND h.id = r.household_id \
            WHERE b.book_id = $1 AND b.bearer = $2 AND b.placed_at >= $3 AND b.placed_at < $4 \
            ORDER BY r.no LIMIT 200";
        /// Redemptions with somebody beside within a span of time, the latest first.
        LIST = "SELECT redemption_id, household_id, part, person, reason, recused, helper_id, same_as, bearer, placed_at \
            FROM redemption_bystander WHERE book_id = $1 AND placed_at >= $2 AND placed_at < $3 AND part IS NOT NULL \
            ORDER BY placed_at DESC, redemption_id LIMIT $4";
        /// How many of each part within a span of time, by counter.
        COUNTS = "SELECT r.counter_id, b.part, CAST(COUNT(*) AS BIGINT) AS count FROM redemption_bystander AS b \
            JOIN redemption AS r ON r.book_id = b.book_id AND r.id = b.redemption_id \
            WHERE b.book_id = $1 AND b.placed_at >= $2 AND b.placed_at < $3 AND b.part IS NOT NULL \
            GROUP BY r.counter_id, b.part ORDER BY r.counter_id, b.part";
        /// How many there are.
        COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM redemption_bystander WHERE book_id = $1";
    }
}

/// Who stood beside a redemption.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BystanderRow {
    /// The redemption.
    pub redemption_id: OrderId,
    /// Whose it was.
    pub household_id: HouseholdId,
    /// [`crate::domain::bystander::Part`] as text; nothing when only the bearer was there before.
    pub part: Option<String>,
    /// The login or household that vouched, as [`crate::service::Actor`] writes it.
    pub person: Option<String>,
    /// [`crate::domain::bystander::NothingShown`] as text.
    pub reason: Option<String>,
    /// [`crate::domain::bystander::Recused`] as text.
    pub recused: Option<String>,
    /// By which agreement a helper came.
    pub helper_id: Option<HelperId>,
    /// The redemption that the same person came for before.
    pub same_as: Option<OrderId>,
    /// By what several are known to be one person's.
    pub bearer: Option<String>,
    /// When.
    pub placed_at: Timestamp,
}

/// One redemption of a bearer: its id and number, the household's number, when, points and part.
pub type Borne = (OrderId, i64, String, Timestamp, i64, Option<String>);

/// Adds one.
pub async fn add(tx: &mut WriteTx, book: BookId, r: &BystanderRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.redemption_id)
        .bind(r.household_id)
        .bind(&r.part)
        .bind(&r.person)
        .bind(&r.reason)
        .bind(&r.recused)
        .bind(r.helper_id)
        .bind(r.same_as)
        .bind(&r.bearer)
        .bind(r.placed_at)
        .execute(c))
}

/// Who stood beside one redemption.
pub async fn of(tx: &mut Tx, book: BookId, redemption: OrderId) -> StoreResult<Option<BystanderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF).bind(book).bind(redemption).fetch_optional(c))?)
}

/// Whom a bearer came for since an instant.
pub async fn served(
    tx: &mut Tx,
    book: BookId,
    bearer: &str,
    since: Timestamp,
) -> StoreResult<Vec<(HouseholdId, Timestamp)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::SERVED).bind(book).bind(bearer).bind(since).fetch_all(c))?)
}

/// What a bearer took from `from` to before `to`.
pub async fn of_bearer(
    tx: &mut Tx,
    book: BookId,
    bearer: &str,
    (from, to): (Timestamp, Timestamp),
) -> StoreResult<Vec<Borne>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_BEARER).bind(book).bind(bearer).bind(from).bind(to).fetch_all(c))?)
}

/// Redemptions with somebody beside from `from` to before `to`, the latest first.
pub async fn list(
    tx: &mut Tx,
    book: BookId,
    (from, to): (Timestamp, Timestamp),
    limit: i64,
) -> StoreResult<Vec<BystanderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(from).bind(to).bind(limit).fetch_all(c))?)
}

/// How many of each part from `from` to before `to`, by counter.
pub async fn counts(
    tx: &mut Tx,
    book: BookId,
    (from, to): (Timestamp, Timestamp),
) -> StoreResult<Vec<(CounterId, String, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::COUNTS).bind(book).bind(from).bind(to).fetch_all(c))?)
}

/// How many there are.
pub async fn count(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::COUNT).bind(book).fetch_one(c))?)
}
