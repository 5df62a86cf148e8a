//! Gifts of minutes.

use crate::{
    domain::{
        ids::{BookId, PersonId, TimeGiftId},
        time::Timestamp,
        timebank::drawing::GiftState,
    },
    store::{StoreError, StoreResult, Tx, WriteTx, exactly, on},
};

macro_rules! columns {
    () => {
        "id, no, giver_id, receiver_id, minutes, state, made_at, made_by, due_at, hold_seq, end_seq"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a gift.
        ADD = concat!("INSERT INTO time_gift (book_id, ", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
            $10, $11, $12)");
        /// Ends its cooling days.
        END = "UPDATE time_gift SET state = $3, end_seq = $4 WHERE book_id = $1 AND id = $2 AND state = 'cooling'";
        /// One gift.
        ONE = concat!("SELECT ", columns!(), " FROM time_gift WHERE book_id = $1 AND id = $2");
        /// The gift that a hold was placed for.
        OF_HOLD = concat!("SELECT ", columns!(), " FROM time_gift WHERE book_id = $1 AND hold_seq = $2");
        /// Those that transactions of a run put minutes aside for, or ended.
        OF_RUN = concat!("SELECT ", columns!(), " FROM time_gift WHERE book_id = $1 AND ((hold_seq > $2 AND \
            hold_seq <= $3) OR (end_seq > $2 AND end_seq <= $3))");
        /// How many there are, how many have an end, and how many say so.
        COUNTS = "SELECT CAST(COUNT(*) AS BIGINT) AS made, CAST(COUNT(end_seq) AS BIGINT) AS ended, \
            CAST(COALESCE(SUM(CASE WHEN state <> 'cooling' THEN 1 ELSE 0 END), 0) AS BIGINT) AS said \
            FROM time_gift WHERE book_id = $1";
        /// Those whose days are over.
        DUE = concat!("SELECT ", columns!(), " FROM time_gift WHERE book_id = $1 AND state = 'cooling' AND due_at <= $2 \
            ORDER BY due_at, no LIMIT $3");
        /// What somebody gave, the latest first.
        OF_GIVER = concat!("SELECT ", columns!(), " FROM time_gift WHERE book_id = $1 AND giver_id = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
    }
}

/// A gift.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct GiftRow {
    /// Its name.
    pub id: TimeGiftId,
    /// Its number.
    pub no: i64,
    /// Who gives.
    pub giver_id: PersonId,
    /// Who receives.
    pub receiver_id: PersonId,
    /// How many minutes.
    pub minutes: i32,
    /// Where it stands.
    pub state: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
    /// When it can no longer be taken back.
    pub due_at: Timestamp,
    /// The transaction that put the minutes aside.
    pub hold_seq: i64,
    /// The transaction that gave them, or gave them back.
    pub end_seq: Option<i64>,
}

impl GiftRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<GiftState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("time_gift", "state", &self.state))
    }
}

/// Adds a gift.
pub async fn add(tx: &mut WriteTx, book: BookId, g: &GiftRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(g.id)
        .bind(g.no)
        .bind(g.giver_id)
        .bind(g.receiver_id)
        .bind(g.minutes)
        .bind(&g.state)
        .bind(g.made_at)
        .bind(&g.made_by)
        .bind(g.due_at)
        .bind(g.hold_seq)
        .bind(g.end_seq)
        .execute(c))
}

/// Ends its cooling days. Fails unless they run.
pub async fn end(
    tx: &mut WriteTx,
    book: BookId,
    id: TimeGiftId,
    state: GiftState,
    seq: i64,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::END)
        .bind(book)
        .bind(id)
        .bind(state.as_str())
        .bind(seq)
        .execute(c))
}

/// One gift.
pub async fn one(tx: &mut Tx, book: BookId, id: TimeGiftId) -> StoreResult<Option<GiftRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The gift that a hold was placed for.
pub async fn of_hold(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Option<GiftRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_HOLD).bind(book).bind(seq).fetch_optional(c))?)
}

/// Those whose days are over by `now`.
pub async fn due(tx: &mut Tx, book: BookId, now: Timestamp, limit: i64) -> StoreResult<Vec<GiftRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DUE).bind(book).bind(now).bind(limit).fetch_all(c))?)
}

/// Gifts that the transactions after `after` up to `through` put minutes aside for, or ended.
pub async fn of_run(tx: &mut Tx, book: BookId, after: i64, through: i64) -> StoreResult<Vec<GiftRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_RUN).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// How many gifts there are, how many have an end, and how many say so.
pub async fn counts(tx: &mut Tx, book: BookId) -> StoreResult<(i64, i64, i64)> {
    Ok(on!(tx, |c| sqlx::query_as(sql::COUNTS).bind(book).fetch_one(c))?)
}

/// What somebody gave, numbered below `before`, the latest first.
pub async fn of_giver(
    tx: &mut Tx,
    book: BookId,
    giver: PersonId,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<GiftRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_GIVER)
        .bind(book)
        .bind(giver)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}
