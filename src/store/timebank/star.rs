//! Applications for stars, and bars for false hours.

use crate::{
    domain::{
        ids::{BookId, PersonId, TimeBarId, TimeStarId},
        time::Timestamp,
        timebank::star_case::StarState,
    },
    store::{StoreError, StoreResult, Tx, WriteTx, any, exactly, on},
};

macro_rules! columns {
    () => {
        "id, no, person_id, level, policy, minutes, state, applied_at, applied_by, reviewed_at, reviewed_by, due_at, \
         objected_at, objected_by, answered_by, granted_at, granted_by, words"
    };
}

macro_rules! bars {
    () => {
        "id, no, person_id, seq, years, proposed_at, proposed_by, words, signed, signed_at, signed_by"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Applies for a star.
        ADD = concat!("INSERT INTO time_star (book_id, ", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
            $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)");
        /// Writes where it stands now, if it stood there.
        SAVE = "UPDATE time_star SET state = $4, reviewed_at = $5, reviewed_by = $6, due_at = $7, objected_at = $8, \
            objected_by = $9, answered_by = $10, granted_at = $11, granted_by = $12, words = $13 \
            WHERE book_id = $1 AND id = $2 AND state = $3";
        /// One application.
        ONE = concat!("SELECT ", columns!(), " FROM time_star WHERE book_id = $1 AND id = $2");
        /// Of one person, the latest first.
        OF_PERSON = concat!("SELECT ", columns!(), " FROM time_star WHERE book_id = $1 AND person_id = $2 ORDER BY no DESC LIMIT $3");
        /// In one state, above a number.
        IN_STATE = concat!("SELECT ", columns!(), " FROM time_star WHERE book_id = $1 AND state = $2 AND no > $3 ORDER BY no LIMIT $4");
        /// All of them, above a number.
        ALL_OF = concat!("SELECT ", columns!(), " FROM time_star WHERE book_id = $1 AND no > $2 ORDER BY no LIMIT $3");
        /// Empties what was said about somebody.
        ERASE = "UPDATE time_star SET words = '' WHERE book_id = $1 AND person_id = $2";
        /// … and why somebody was barred.
        ERASE_BARS = "UPDATE time_bar SET words = '' WHERE book_id = $1 AND person_id = $2";
        /// Proposes a bar.
        PROPOSE = concat!("INSERT INTO time_bar (book_id, ", bars!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
            $11, $12)");
        /// A second person signs it, or does not.
        SIGN = "UPDATE time_bar SET signed = $3, signed_at = $4, signed_by = $5 WHERE book_id = $1 AND id = $2 \
            AND signed IS NULL";
        /// One bar.
        BAR = concat!("SELECT ", bars!(), " FROM time_bar WHERE book_id = $1 AND id = $2");
        /// Bars of one person, the latest first.
        BARS_OF = concat!("SELECT ", bars!(), " FROM time_bar WHERE book_id = $1 AND person_id = $2 ORDER BY no DESC LIMIT $3");
        /// Bars that wait for a second person, by number.
        OPEN_BARS = concat!("SELECT ", bars!(), " FROM time_bar WHERE book_id = $1 AND signed IS NULL ORDER BY no LIMIT $2");
        /// Bars above a number.
        BARS = concat!("SELECT ", bars!(), " FROM time_bar WHERE book_id = $1 AND no > $2 ORDER BY no LIMIT $3");
    }
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StarRow {
    /// Its name.
    pub id: TimeStarId,
    /// Its number.
    pub no: i64,
    /// Who.
    pub person_id: PersonId,
    /// How many stars.
    pub level: i32,
    /// The policy it runs by.
    pub policy: String,
    /// Minutes on record then.
    pub minutes: i64,
    /// Where it stands.
    pub state: String,
    /// When it was applied for.
    pub applied_at: Timestamp,
    /// By whom.
    pub applied_by: String,
    /// When it was first looked at.
    pub reviewed_at: Option<Timestamp>,
    /// By whom.
    pub reviewed_by: Option<String>,
    /// When the notice has run out.
    pub due_at: Option<Timestamp>,
    /// When somebody objected.
    pub objected_at: Option<Timestamp>,
    /// Who.
    pub objected_by: Option<String>,
    /// Who answered.
    pub answered_by: Option<String>,
    /// When it was given.
    pub granted_at: Option<Timestamp>,
    /// By whom.
    pub granted_by: Option<String>,
    /// What was said last.
    pub words: String,
}

impl StarRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<StarState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("time_star", "state", &self.state))
    }
}

/// A bar for false hours.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BarRow {
    /// Its name.
    pub id: TimeBarId,
    /// Its number.
    pub no: i64,
    /// Who.
    pub person_id: PersonId,
    /// The posting that was false.
    pub seq: i64,
    /// For how many years.
    pub years: i32,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// By whom.
    pub proposed_by: String,
    /// Why.
    pub words: String,
    /// Whether a second person signed.
    pub signed: Option<i32>,
    /// When.
    pub signed_at: Option<Timestamp>,
    /// Who.
    pub signed_by: Option<String>,
}

/// Applies for a star.
pub async fn add(tx: &mut WriteTx, book: BookId, s: &StarRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(s.id)
        .bind(s.no)
        .bind(s.person_id)
        .bind(s.level)
        .bind(&s.policy)
        .bind(s.minutes)
        .bind(&s.state)
        .bind(s.applied_at)
        .bind(&s.applied_by)
        .bind(s.reviewed_at)
        .bind(&s.reviewed_by)
        .bind(s.due_at)
        .bind(s.objected_at)
        .bind(&s.objected_by)
        .bind(&s.answered_by)
        .bind(s.granted_at)
        .bind(&s.granted_by)
        .bind(&s.words)
        .execute(c))
}

/// Writes where it stands now. Fails unless it stood at `from`.
pub async fn save(tx: &mut WriteTx, book: BookId, from: StarState, s: &StarRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SAVE)
        .bind(book)
        .bind(s.id)
        .bind(from.as_str())
        .bind(&s.state)
        .bind(s.reviewed_at)
        .bind(&s.reviewed_by)
        .bind(s.due_at)
        .bind(s.objected_at)
        .bind(&s.objected_by)
        .bind(&s.answered_by)
        .bind(s.granted_at)
        .bind(&s.granted_by)
        .bind(&s.words)
        .execute(c))
}

/// One application.
pub async fn one(tx: &mut Tx, book: BookId, id: TimeStarId) -> StoreResult<Option<StarRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// Of one person, the latest first.
pub async fn of_person(tx: &mut Tx, book: BookId, who: PersonId, limit: i64) -> StoreResult<Vec<StarRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_PERSON).bind(book).bind(who).bind(limit).fetch_all(c))?)
}

/// In one state, numbered above `after`.
pub async fn in_state(
    tx: &mut Tx,
    book: BookId,
    state: StarState,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<StarRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::IN_STATE)
        .bind(book)
        .bind(state.as_str())
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// All of them, numbered above `after`.
pub async fn all(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<StarRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ALL_OF).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// Empties what was said about somebody.
pub async fn erase(tx: &mut WriteTx, book: BookId, who: PersonId) -> StoreResult<()> {
    let done: StoreResult<()> = any!(&mut **tx, |c| sqlx::query(sql::ERASE).bind(book).bind(who).execute(c));
    done?;
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_BARS).bind(book).bind(who).execute(c))
}

/// Proposes a bar.
pub async fn propose(tx: &mut WriteTx, book: BookId, b: &BarRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::PROPOSE)
        .bind(book)
        .bind(b.id)
        .bind(b.no)
        .bind(b.person_id)
        .bind(b.seq)
        .bind(b.years)
        .bind(b.proposed_at)
        .bind(&b.proposed_by)
        .bind(&b.words)
        .bind(b.signed)
        .bind(b.signed_at)
        .bind(&b.signed_by)
        .execute(c))
}

/// A second person signs a bar, or does not. Fails when it was decided.
pub async fn sign(tx: &mut WriteTx, book: BookId, b: &BarRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SIGN)
        .bind(book)
        .bind(b.id)
        .bind(b.signed)
        .bind(b.signed_at)
        .bind(&b.signed_by)
        .execute(c))
}

/// One bar.
pub async fn bar(tx: &mut Tx, book: BookId, id: TimeBarId) -> StoreResult<Option<BarRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BAR).bind(book).bind(id).fetch_optional(c))?)
}

/// Bars of one person, the latest first.
pub async fn bars_of(tx: &mut Tx, book: BookId, who: PersonId, limit: i64) -> StoreResult<Vec<BarRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BARS_OF).bind(book).bind(who).bind(limit).fetch_all(c))?)
}

/// Bars numbered above `after`.
pub async fn bars(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<BarRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BARS).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// Bars that wait for a second person, by number.
pub async fn open_bars(tx: &mut Tx, book: BookId, limit: i64) -> StoreResult<Vec<BarRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OPEN_BARS).bind(book).bind(limit).fetch_all(c))?)
}
