//! Printed household cards. A card is found by the digest of what its QR says or by its short number; nothing here
//! can print one.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, CardId, HouseholdId, OrgId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a card in use.
        ADD = "INSERT INTO card (book_id, id, household_id, card_no, token_digest, state, issued_at, issued_by) \
            VALUES ($1, $2, $3, $4, $5, 'active', $6, $7)";
        /// By id.
        BY_ID = "SELECT id, household_id, card_no, state, issued_at, issued_by, revoked_at, revoked_reason \
            FROM card WHERE book_id = $1 AND id = $2";
        /// By the digest of its QR.
        BY_DIGEST = "SELECT id, household_id, card_no, state, issued_at, issued_by, revoked_at, revoked_reason \
            FROM card WHERE book_id = $1 AND token_digest = $2";
        /// By the short number.
        BY_NO = "SELECT id, household_id, card_no, state, issued_at, issued_by, revoked_at, revoked_reason \
            FROM card WHERE book_id = $1 AND card_no = $2";
        /// All cards of a household, the one in use first.
        OF_HOUSEHOLD = "SELECT id, household_id, card_no, state, issued_at, issued_by, revoked_at, revoked_reason \
            FROM card WHERE book_id = $1 AND household_id = $2 ORDER BY state, issued_at DESC, id DESC LIMIT 100";
        /// The card in use of a household.
        ACTIVE_OF = "SELECT id, household_id, card_no, state, issued_at, issued_by, revoked_at, revoked_reason \
            FROM card WHERE book_id = $1 AND household_id = $2 AND state = 'active' \
            ORDER BY issued_at DESC, id DESC LIMIT 1";
        /// The households of a group or household group in use of points, with their numbers.
        HOUSEHOLDS_OF = "SELECT id, no FROM household WHERE book_id = $1 AND (group_id = $2 OR org_id = $2) \
            AND state = 'active' ORDER BY no LIMIT 1000";
        /// Kills a card.
        REVOKE = "UPDATE card SET state = 'revoked', revoked_at = $3, revoked_reason = $4 \
            WHERE book_id = $1 AND id = $2 AND state = 'active'";
    }
}

/// A card.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardRow {
    /// Its name inside the program.
    pub id: CardId,
    /// Whose it is.
    pub household_id: HouseholdId,
    /// Ten digits, for typing.
    pub card_no: String,
    /// `active` or `revoked`.
    pub state: String,
    /// When it was made.
    pub issued_at: Timestamp,
    /// By whom.
    pub issued_by: String,
    /// When it died.
    pub revoked_at: Option<Timestamp>,
    /// Why.
    pub revoked_reason: Option<String>,
}

impl CardRow {
    /// Whether it may be used.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.state == "active"
    }
}

/// Adds a card in use; [`super::StoreError::Duplicate`] when its number is taken.
pub async fn add(tx: &mut WriteTx, book: BookId, card: &CardRow, digest: &[u8]) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(card.id)
        .bind(card.household_id)
        .bind(&card.card_no)
        .bind(digest)
        .bind(card.issued_at)
        .bind(&card.issued_by)
        .execute(c))
}

/// One card.
pub async fn by_id(tx: &mut Tx, book: BookId, id: CardId) -> StoreResult<Option<CardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_ID).bind(book).bind(id).fetch_optional(c))?)
}

/// The card whose QR has that digest.
pub async fn by_digest(tx: &mut Tx, book: BookId, digest: &[u8]) -> StoreResult<Option<CardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_DIGEST).bind(book).bind(digest).fetch_optional(c))?)
}

/// The card with that short number.
pub async fn by_no(tx: &mut Tx, book: BookId, card_no: &str) -> StoreResult<Option<CardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_NO).bind(book).bind(card_no).fetch_optional(c))?)
}

/// All cards of a household, the one in use first; at most 100.
pub async fn of_household(tx: &mut Tx, book: BookId, household: HouseholdId) -> StoreResult<Vec<CardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOUSEHOLD).bind(book).bind(household).fetch_all(c))?)
}

/// The card in use of a household.
pub async fn active_of(tx: &mut Tx, book: BookId, household: HouseholdId) -> StoreResult<Option<CardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ACTIVE_OF).bind(book).bind(household).fetch_optional(c))?)
}

/// The active households of a group or household group, with their numbers; at most 1,000.
pub async fn households_of(
    tx: &mut Tx,
    book: BookId,
    place: OrgId,
) -> StoreResult<Vec<(HouseholdId, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::HOUSEHOLDS_OF).bind(book).bind(place).fetch_all(c))?)
}

/// Kills a card in use.
pub async fn revoke(
    tx: &mut WriteTx,
    book: BookId,
    id: CardId,
    at: Timestamp,
    reason: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::REVOKE).bind(book).bind(id).bind(at).bind(reason).execute(c))
}
