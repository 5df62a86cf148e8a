//! Inheritances of hours, and what of somebody is still on its way.

use crate::{
    domain::{
        ids::{BookId, PersonId, TimeEstateId},
        time::{Day, Timestamp},
        timebank::estate::EstateState,
    },
    store::{StoreError, StoreResult, Tx, WriteTx, any, exactly, on},
};

macro_rules! columns {
    () => {
        "id, no, person_id, died_on, notice, opened_at, opened_by, due_on, state, heir_id, ground, paper, brim, drawn_at, \
         drawn_by, decided_at, decided_by, minutes, saved, pooled, honoured, post_seq, changes"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Opens one.
        ADD = concat!("INSERT INTO time_estate (book_id, ", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
            $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)");
        /// Writes where it stands now.
        SAVE = "UPDATE time_estate SET changes = changes + 1, state = $4, heir_id = $5, ground = $6, paper = $7, \
            brim = $8, drawn_at = $9, drawn_by = $10, decided_at = $11, decided_by = $12, minutes = $13, saved = $14, \
            pooled = $15, honoured = $16, post_seq = $17 WHERE book_id = $1 AND id = $2 AND changes = $3";
        /// One.
        ONE = concat!("SELECT ", columns!(), " FROM time_estate WHERE book_id = $1 AND id = $2");
        /// That of somebody who died.
        OF_PERSON = concat!("SELECT ", columns!(), " FROM time_estate WHERE book_id = $1 AND person_id = $2");
        /// All of them numbered above a place, oldest first.
        ALL_OF_BOOK = concat!("SELECT ", columns!(), " FROM time_estate WHERE book_id = $1 AND no > $2 ORDER BY no LIMIT $3");
        /// Those whose days are over and that nobody has drawn up.
        DUE = concat!("SELECT ", columns!(), " FROM time_estate WHERE book_id = $1 AND state = 'open' AND due_on <= $2 \
            ORDER BY no LIMIT $3");
        /// Those that transactions of a run settled.
        OF_RUN = concat!("SELECT ", columns!(), " FROM time_estate WHERE book_id = $1 AND post_seq > $2 AND post_seq <= $3");
        /// How many have a posting, how many say they are settled with minutes, and how many say other than their state.
        COUNTS = "SELECT CAST(COUNT(post_seq) AS BIGINT) AS posted, CAST(COALESCE(SUM(CASE WHEN state = 'settled' AND \
            minutes > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS said, CAST(COALESCE(SUM(CASE WHEN state <> 'settled' AND \
            (minutes <> 0 OR saved <> 0 OR pooled <> 0 OR honoured <> 0) OR state = 'drawn' AND (heir_id IS NULL OR \
            ground IS NULL) OR state = 'settled' AND decided_by IS NULL OR state = 'open' AND heir_id IS NOT NULL \
            THEN 1 ELSE 0 END), 0) AS BIGINT) AS odd FROM time_estate WHERE book_id = $1";
        /// The first order of somebody that is not over.
        OPEN_ORDER = "SELECT MIN(no) FROM time_order WHERE book_id = $1 AND (served_id = $2 OR payer_id = $2 OR \
            volunteer_id = $2) AND state NOT IN ('posted', 'cancelled', 'not_counted')";
        /// The first gift of somebody, given or received, that is not over.
        OPEN_GIFT = "SELECT MIN(no) FROM time_gift WHERE book_id = $1 AND (giver_id = $2 OR receiver_id = $2) \
            AND state = 'cooling'";
        /// Empties what was written of a person.
        ERASE = "UPDATE time_estate SET notice = '', paper = '', changes = changes + 1 WHERE book_id = $1 \
            AND (person_id = $2 OR heir_id = $2)";
    }
}

/// An inheritance.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct EstateRow {
    /// Its name.
    pub id: TimeEstateId,
    /// Its number.
    pub no: i64,
    /// Who died.
    pub person_id: PersonId,
    /// When.
    pub died_on: Day,
    /// The paper that says so.
    pub notice: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: String,
    /// The first day on which the pool has it.
    pub due_on: Day,
    /// Where it stands.
    pub state: String,
    /// The heir.
    pub heir_id: Option<PersonId>,
    /// What makes them the heir.
    pub ground: Option<String>,
    /// The paper that names them.
    pub paper: String,
    /// What becomes of minutes beyond the heir's cap.
    pub brim: Option<String>,
    /// When the heir was drawn up.
    pub drawn_at: Option<Timestamp>,
    /// By whom.
    pub drawn_by: Option<String>,
    /// When it was settled.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<String>,
    /// What there was.
    pub minutes: i64,
    /// What went to the heir's account.
    pub saved: i64,
    /// … to the pool.
    pub pooled: i64,
    /// … for honour.
    pub honoured: i64,
    /// The transaction that settled it.
    pub post_seq: Option<i64>,
    /// Moved by everything that happens to it.
    pub changes: i64,
}

impl EstateRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<EstateState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("time_estate", "state", &self.state))
    }
}

/// Opens one.
pub async fn add(tx: &mut WriteTx, book: BookId, e: &EstateRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(e.id)
        .bind(e.no)
        .bind(e.person_id)
        .bind(e.died_on)
        .bind(&e.notice)
        .bind(e.opened_at)
        .bind(&e.opened_by)
        .bind(e.due_on)
        .bind(&e.state)
        .bind(e.heir_id)
        .bind(&e.ground)
        .bind(&e.paper)
        .bind(&e.brim)
        .bind(e.drawn_at)
        .bind(&e.drawn_by)
        .bind(e.decided_at)
        .bind(&e.decided_by)
        .bind(e.minutes)
        .bind(e.saved)
        .bind(e.pooled)
        .bind(e.honoured)
        .bind(e.post_seq)
        .bind(e.changes)
        .execute(c))
}

/// Writes where it stands now. Fails when somebody wrote since it was read.
pub async fn save(tx: &mut WriteTx, book: BookId, e: &EstateRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SAVE)
        .bind(book)
        .bind(e.id)
        .bind(e.changes)
        .bind(&e.state)
        .bind(e.heir_id)
        .bind(&e.ground)
        .bind(&e.paper)
        .bind(&e.brim)
        .bind(e.drawn_at)
        .bind(&e.drawn_by)
        .bind(e.decided_at)
        .bind(&e.decided_by)
        .bind(e.minutes)
        .bind(e.saved)
        .bind(e.pooled)
        .bind(e.honoured)
        .bind(e.post_seq)
        .execute(c))
}

/// One.
pub async fn one(tx: &mut Tx, book: BookId, id: TimeEstateId) -> StoreResult<Option<EstateRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// That of somebody who died.
pub async fn of_person(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<Option<EstateRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_PERSON).bind(book).bind(person).fetch_optional(c))?)
}

/// All of them numbered above `after`, oldest first.
pub async fn all_of_book(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<EstateRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ALL_OF_BOOK).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// Those whose days are over and that nobody has drawn up.
pub async fn due(tx: &mut Tx, book: BookId, today: Day, limit: i64) -> StoreResult<Vec<EstateRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::DUE).bind(book).bind(today).bind(limit).fetch_all(c))?)
}

/// Those that the transactions after `after` up to `through` settled.
pub async fn of_run(tx: &mut Tx, book: BookId, after: i64, through: i64) -> StoreResult<Vec<EstateRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_RUN).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// How many have a posting, how many say they are settled with minutes, and how many contradict themselves.
pub async fn counts(tx: &mut Tx, book: BookId) -> StoreResult<(i64, i64, i64)> {
    Ok(on!(tx, |c| sqlx::query_as(sql::COUNTS).bind(book).fetch_one(c))?)
}

/// The number of the first order of somebody that is not over.
pub async fn open_order(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<Option<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OPEN_ORDER).bind(book).bind(person).fetch_one(c))?)
}

/// The number of the first gift of somebody that is not over.
pub async fn open_gift(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<Option<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OPEN_GIFT).bind(book).bind(person).fetch_one(c))?)
}

/// Empties what was written of a person.
pub async fn erase(tx: &mut WriteTx, book: BookId, person: PersonId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE).bind(book).bind(person).execute(c))
}
