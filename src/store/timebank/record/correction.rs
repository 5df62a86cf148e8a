//! Requests to put recorded hours right.

use crate::{
    domain::{
        ids::{BookId, PersonId, TimeCorrectionId, TimeOrderId},
        time::Timestamp,
        timebank::correction::CorrectionState,
    },
    store::{StoreError, StoreResult, Tx, WriteTx, exactly, on},
};

macro_rules! columns {
    () => {
        "id, no, key, person_id, order_id, root, seq, was, wanted, reason, asked_at, asked_by, state, decided_at, \
         decided_by, decision, minutes, undo_seq, post_seq"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Asks.
        ADD = concat!("INSERT INTO time_correction (book_id, ", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
            $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)");
        /// Refuses.
        REFUSE = "UPDATE time_correction SET state = 'refused', decided_at = $3, decided_by = $4, decision = $5 \
            WHERE book_id = $1 AND id = $2 AND state = 'asked'";
        /// Notes that what was wrong is undone, with the decision.
        CORRECT = "UPDATE time_correction SET state = 'corrected', decided_at = $3, decided_by = $4, decision = $5, \
            minutes = $6, undo_seq = $7, post_seq = $8 WHERE book_id = $1 AND id = $2 AND state = 'asked'";
        /// One request.
        ONE = concat!("SELECT ", columns!(), " FROM time_correction WHERE book_id = $1 AND id = $2");
        /// Asked under a key.
        BY_KEY = concat!("SELECT ", columns!(), " FROM time_correction WHERE book_id = $1 AND asked_by = $2 AND key = $3");
        /// About one service, the latest first.
        OF_ROOT = concat!("SELECT ", columns!(), " FROM time_correction WHERE book_id = $1 AND root = $2 \
            ORDER BY no DESC LIMIT 50");
        /// In a state, oldest first.
        IN_STATE = concat!("SELECT ", columns!(), " FROM time_correction WHERE book_id = $1 AND state = $2 AND no > $3 \
            ORDER BY no LIMIT $4");
        /// All by number.
        BY_NUMBER = concat!("SELECT ", columns!(), " FROM time_correction WHERE book_id = $1 AND no > $2 ORDER BY no \
            LIMIT $3");
    }
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CorrectionRow {
    /// Its name.
    pub id: TimeCorrectionId,
    /// Its number.
    pub no: i64,
    /// What makes one form sent twice one request.
    pub key: String,
    /// Whose hours.
    pub person_id: PersonId,
    /// Of which order.
    pub order_id: TimeOrderId,
    /// The transaction that put the service into the book.
    pub root: i64,
    /// The transaction that said the minutes when it was asked.
    pub seq: i64,
    /// How many.
    pub was: i64,
    /// What whoever asks believes to be right.
    pub wanted: i64,
    /// Why.
    pub reason: String,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// By whom.
    pub asked_by: String,
    /// Where it stands.
    pub state: String,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<String>,
    /// What they said.
    pub decision: Option<String>,
    /// What is right.
    pub minutes: Option<i64>,
    /// The transaction that undid what was wrong.
    pub undo_seq: Option<i64>,
    /// The transaction that says what is right; none when nothing is.
    pub post_seq: Option<i64>,
}

impl CorrectionRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<CorrectionState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("time_correction", "state", &self.state))
    }
}

/// What another person decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What they said.
    pub words: String,
}

/// Asks.
pub async fn add(tx: &mut WriteTx, book: BookId, r: &CorrectionRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.id)
        .bind(r.no)
        .bind(&r.key)
        .bind(r.person_id)
        .bind(r.order_id)
        .bind(r.root)
        .bind(r.seq)
        .bind(r.was)
        .bind(r.wanted)
        .bind(&r.reason)
        .bind(r.asked_at)
        .bind(&r.asked_by)
        .bind(&r.state)
        .bind(r.decided_at)
        .bind(&r.decided_by)
        .bind(&r.decision)
        .bind(r.minutes)
        .bind(r.undo_seq)
        .bind(r.post_seq)
        .execute(c))
}

/// Refuses. Fails unless it waits.
pub async fn refuse(tx: &mut WriteTx, book: BookId, id: TimeCorrectionId, d: &Decision) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::REFUSE)
        .bind(book)
        .bind(id)
        .bind(d.at)
        .bind(&d.by)
        .bind(&d.words)
        .execute(c))
}

/// Puts right: how many minutes, and the two transactions. Fails unless it waits.
pub async fn correct(
    tx: &mut WriteTx,
    (book, id): (BookId, TimeCorrectionId),
    d: &Decision,
    (minutes, undo, post): (i64, i64, Option<i64>),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::CORRECT)
        .bind(book)
        .bind(id)
        .bind(d.at)
        .bind(&d.by)
        .bind(&d.words)
        .bind(minutes)
        .bind(undo)
        .bind(post)
        .execute(c))
}

/// One request.
pub async fn one(tx: &mut Tx, book: BookId, id: TimeCorrectionId) -> StoreResult<Option<CorrectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// What somebody asked under a key.
pub async fn by_key(tx: &mut Tx, book: BookId, by: &str, key: &str) -> StoreResult<Option<CorrectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_KEY).bind(book).bind(by).bind(key).fetch_optional(c))?)
}

/// Requests about the service that a transaction put into the book, the latest first.
pub async fn of_root(tx: &mut Tx, book: BookId, root: i64) -> StoreResult<Vec<CorrectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_ROOT).bind(book).bind(root).fetch_all(c))?)
}

/// Requests in a state numbered above `after`, oldest first.
pub async fn in_state(
    tx: &mut Tx,
    book: BookId,
    state: CorrectionState,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<CorrectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::IN_STATE)
        .bind(book)
        .bind(state.as_str())
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// Requests numbered above `after`.
pub async fn by_number(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<CorrectionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_NUMBER).bind(book).bind(after).bind(limit).fetch_all(c))?)
}
