//! Entries that devices sent, as they were signed, and what people decided about those that could not be taken.

use crate::{
    domain::{
        ids::{BookId, HouseholdId, OfflineRoundId, OrderId},
        time::Timestamp,
    },
    store::{StoreResult, Tx, WriteTx, exactly, on},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds an entry.
        ADD = "INSERT INTO offline_entry (book_id, round_id, number, digest, content, signature, received_at, received_by, \
            household_id, outcome, flags, redemption_id, txn_seq) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        /// Adds one that people decide on.
        ADD_CONFLICT = "INSERT INTO offline_conflict (book_id, round_id, number, received_at) VALUES ($1, $2, $3, $4)";
        /// Entries of a round above a number.
        OF_ROUND = "SELECT e.round_id, e.number, e.digest, e.content, e.signature, e.received_at, e.received_by, \
            e.household_id, e.outcome, e.flags, e.redemption_id, e.txn_seq, r.no AS receipt FROM offline_entry AS e \
            LEFT JOIN redemption AS r ON r.book_id = e.book_id AND r.id = e.redemption_id \
            WHERE e.book_id = $1 AND e.round_id = $2 AND e.number > $3 ORDER BY e.number LIMIT $4";
        /// One entry.
        ONE = "SELECT e.round_id, e.number, e.digest, e.content, e.signature, e.received_at, e.received_by, \
            e.household_id, e.outcome, e.flags, e.redemption_id, e.txn_seq, r.no AS receipt FROM offline_entry AS e \
            LEFT JOIN redemption AS r ON r.book_id = e.book_id AND r.id = e.redemption_id \
            WHERE e.book_id = $1 AND e.round_id = $2 AND e.number = $3";
        /// Digests of a round's entries.
        DIGESTS = "SELECT number, digest FROM offline_entry WHERE book_id = $1 AND round_id = $2 ORDER BY number";
        /// Those that nobody decided yet, the oldest first.
        OPEN = "SELECT e.round_id, e.number, e.digest, e.content, e.signature, e.received_at, e.received_by, \
            e.household_id, e.outcome, e.flags, e.redemption_id, e.txn_seq, r.no AS receipt FROM offline_conflict AS c \
            JOIN offline_entry AS e ON e.book_id = c.book_id AND e.round_id = c.round_id AND e.number = c.number \
            LEFT JOIN redemption AS r ON r.book_id = e.book_id AND r.id = e.redemption_id \
            WHERE c.book_id = $1 AND c.decision IS NULL ORDER BY c.received_at, c.round_id, c.number LIMIT $2";
        /// Those that people should know something of, the latest first.
        FLAGGED = "SELECT e.round_id, e.number, e.digest, e.content, e.signature, e.received_at, e.received_by, \
            e.household_id, e.outcome, e.flags, e.redemption_id, e.txn_seq, r.no AS receipt FROM offline_entry AS e \
            LEFT JOIN redemption AS r ON r.book_id = e.book_id AND r.id = e.redemption_id \
            WHERE e.book_id = $1 AND e.flags <> '' ORDER BY e.received_at DESC, e.round_id, e.number LIMIT $2";
        /// What was decided about one.
        DECISION = "SELECT decision, decided_at, decided_by, txn_seq FROM offline_conflict \
            WHERE book_id = $1 AND round_id = $2 AND number = $3";
        /// Decides one that nobody decided yet.
        DECIDE = "UPDATE offline_conflict SET decision = $4, decided_at = $5, decided_by = $6, txn_seq = $7 \
            WHERE book_id = $1 AND round_id = $2 AND number = $3 AND decision IS NULL";
    }
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct EntryRow {
    /// Of which round.
    pub round_id: OfflineRoundId,
    /// Its number.
    pub number: i64,
    /// SHA-256 of what was signed.
    pub digest: Vec<u8>,
    /// What was signed.
    pub content: String,
    /// The signature.
    pub signature: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
    /// Who sent it.
    pub received_by: String,
    /// Whose card it was.
    pub household_id: Option<HouseholdId>,
    /// `sold`, or why people decide.
    pub outcome: String,
    /// What people should know of it.
    pub flags: String,
    /// The redemption that it became.
    pub redemption_id: Option<OrderId>,
    /// The posting of the sale, or the one that sets its pieces apart.
    pub txn_seq: Option<i64>,
    /// The receipt's number.
    pub receipt: Option<i64>,
}

/// What was decided about an entry.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DecisionRow {
    /// What.
    pub decision: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<String>,
    /// The last posting of it.
    pub txn_seq: Option<i64>,
}

/// Adds an entry.
pub async fn add(tx: &mut WriteTx, book: BookId, e: &EntryRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(e.round_id)
        .bind(e.number)
        .bind(&e.digest)
        .bind(&e.content)
        .bind(&e.signature)
        .bind(e.received_at)
        .bind(&e.received_by)
        .bind(e.household_id)
        .bind(&e.outcome)
        .bind(&e.flags)
        .bind(e.redemption_id)
        .bind(e.txn_seq)
        .execute(c))
}

/// Adds an entry that people decide on.
pub async fn add_conflict(tx: &mut WriteTx, book: BookId, e: &EntryRow) -> StoreResult<()> {
    add(tx, book, e).await?;
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_CONFLICT)
        .bind(book)
        .bind(e.round_id)
        .bind(e.number)
        .bind(e.received_at)
        .execute(c))
}

/// Entries of a round above a number.
pub async fn of_round(
    tx: &mut Tx,
    book: BookId,
    round: OfflineRoundId,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<EntryRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_ROUND)
        .bind(book)
        .bind(round)
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// One entry.
pub async fn one(
    tx: &mut Tx,
    book: BookId,
    round: OfflineRoundId,
    number: i64,
) -> StoreResult<Option<EntryRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(round).bind(number).fetch_optional(c))?)
}

/// Numbers and digests of a round's entries.
pub async fn digests(tx: &mut Tx, book: BookId, round: OfflineRoundId) -> StoreResult<Vec<(i64, Vec<u8>)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DIGESTS).bind(book).bind(round).fetch_all(c))?)
}

/// Entries that nobody decided yet, the oldest first.
pub async fn open(tx: &mut Tx, book: BookId, limit: i64) -> StoreResult<Vec<EntryRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OPEN).bind(book).bind(limit).fetch_all(c))?)
}

/// Entries that people should know something of, the latest first.
pub async fn flagged(tx: &mut Tx, book: BookId, limit: i64) -> StoreResult<Vec<EntryRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::FLAGGED).bind(book).bind(limit).fetch_all(c))?)
}

/// What was decided about an entry; nothing when there was nothing to decide.
pub async fn decision(
    tx: &mut Tx,
    book: BookId,
    round: OfflineRoundId,
    number: i64,
) -> StoreResult<Option<DecisionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DECISION).bind(book).bind(round).bind(number).fetch_optional(c))?)
}

/// Decides an entry that nobody decided yet.
pub async fn decide(
    tx: &mut WriteTx,
    book: BookId,
    (round, number): (OfflineRoundId, i64),
    d: &DecisionRow,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::DECIDE)
        .bind(book)
        .bind(round)
        .bind(number)
        .bind(&d.decision)
        .bind(d.decided_at)
        .bind(&d.decided_by)
        .bind(d.txn_seq)
        .execute(c))
}
