//! Group activities: the current state of each; its history is in [`crate::store::event`], its list in [`super::place`].

use crate::{
    domain::{
        ids::{BookId, PersonId, TimeActivityId},
        time::Timestamp,
        timebank::{ServiceKind, activity::ActivityState},
    },
    store::{StoreError, StoreResult, Tx, WriteTx, exactly, on},
};

macro_rules! columns {
    () => {
        "id, no, key, name, content, kind, place, starts_at, ends_at, capacity, least_age, insured, trained, \
         in_charge, policy, state, posted_at, posted_by, approved_at, approved_by, reason, closed_at, closed_by, \
         late, sheet, seed_seq, signed_at, signed_by"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Posts an activity.
        ADD = concat!("INSERT INTO time_activity (book_id, ", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
            $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)");
        /// Writes where it stands now, if it stood there.
        SAVE = "UPDATE time_activity SET state = $4, approved_at = $5, approved_by = $6, reason = $7, closed_at = $8, \
            closed_by = $9, late = $10, sheet = $11, seed_seq = $12, signed_at = $13, signed_by = $14 \
            WHERE book_id = $1 AND id = $2 AND state = $3";
        /// One activity.
        ONE = concat!("SELECT ", columns!(), " FROM time_activity WHERE book_id = $1 AND id = $2");
        /// The activity somebody posted under a key.
        BY_KEY = concat!("SELECT ", columns!(), " FROM time_activity WHERE book_id = $1 AND posted_by = $2 AND key = $3");
        /// In one state, the latest first.
        IN_STATE = concat!("SELECT ", columns!(), " FROM time_activity WHERE book_id = $1 AND state = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
        /// All of them, by number.
        ALL_OF = concat!("SELECT ", columns!(), " FROM time_activity WHERE book_id = $1 AND no > $2 ORDER BY no LIMIT $3");
        /// How many there are of each state.
        STATES = "SELECT state, CAST(COUNT(*) AS BIGINT) AS number FROM time_activity WHERE book_id = $1 GROUP BY state";
        /// Minutes served and posted, by orders and by activities, that were not undone.
        EARNED = "SELECT CAST(COALESCE(SUM(s.counted), 0) AS BIGINT) FROM (SELECT o.counted, o.post_seq FROM time_order AS o \
            WHERE o.book_id = $1 AND o.volunteer_id = $2 AND o.post_seq IS NOT NULL UNION ALL SELECT p.counted, p.post_seq \
            FROM time_place AS p WHERE p.book_id = $1 AND p.person_id = $2 AND p.post_seq IS NOT NULL) AS s \
            WHERE NOT EXISTS (SELECT 1 FROM txn AS t WHERE t.book_id = $1 AND t.reverses_seq = s.post_seq)";
    }
}

/// An activity.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ActivityRow {
    /// Its name in the books.
    pub id: TimeActivityId,
    /// Its number.
    pub no: i64,
    /// What makes one form sent twice one activity.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// What is done.
    pub content: String,
    /// Which kind of service it is.
    pub kind: String,
    /// Where.
    pub place: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// How many can come.
    pub capacity: i32,
    /// From which age on.
    pub least_age: i32,
    /// Whether those who come must be insured.
    pub insured: i32,
    /// Whether those who come must be trained.
    pub trained: i32,
    /// Who is in charge.
    pub in_charge: PersonId,
    /// The policy it runs by.
    pub policy: String,
    /// Where it stands.
    pub state: String,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// By whom.
    pub posted_by: String,
    /// When another person looked at it.
    pub approved_at: Option<Timestamp>,
    /// Who.
    pub approved_by: Option<String>,
    /// Why it was not approved, called off or not signed.
    pub reason: String,
    /// When the list was closed.
    pub closed_at: Option<Timestamp>,
    /// By whom.
    pub closed_by: Option<String>,
    /// Whether that was later than the policy allows without a sheet.
    pub late: i32,
    /// The number of the sheet.
    pub sheet: Option<String>,
    /// Of a sample: the transaction the log ended with when the list was closed.
    pub seed_seq: Option<i64>,
    /// When a second person signed, or did not.
    pub signed_at: Option<Timestamp>,
    /// Who.
    pub signed_by: Option<String>,
}

impl ActivityRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<ActivityState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("time_activity", "state", &self.state))
    }

    /// Which kind of service it is.
    pub fn kind(&self) -> StoreResult<ServiceKind> {
        self.kind.parse().map_err(|_| StoreError::inconsistent("time_activity", "kind", &self.kind))
    }
}

/// Posts an activity.
pub async fn add(tx: &mut WriteTx, book: BookId, a: &ActivityRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(a.id)
        .bind(a.no)
        .bind(&a.key)
        .bind(&a.name)
        .bind(&a.content)
        .bind(&a.kind)
        .bind(&a.place)
        .bind(a.starts_at)
        .bind(a.ends_at)
        .bind(a.capacity)
        .bind(a.least_age)
        .bind(a.insured)
        .bind(a.trained)
        .bind(a.in_charge)
        .bind(&a.policy)
        .bind(&a.state)
        .bind(a.posted_at)
        .bind(&a.posted_by)
        .bind(a.approved_at)
        .bind(&a.approved_by)
        .bind(&a.reason)
        .bind(a.closed_at)
        .bind(&a.closed_by)
        .bind(a.late)
        .bind(&a.sheet)
        .bind(a.seed_seq)
        .bind(a.signed_at)
        .bind(&a.signed_by)
        .execute(c))
}

/// Writes where it stands now. Fails unless it stood at `from`.
pub async fn save(tx: &mut WriteTx, book: BookId, from: ActivityState, a: &ActivityRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SAVE)
        .bind(book)
        .bind(a.id)
        .bind(from.as_str())
        .bind(&a.state)
        .bind(a.approved_at)
        .bind(&a.approved_by)
        .bind(&a.reason)
        .bind(a.closed_at)
        .bind(&a.closed_by)
        .bind(a.late)
        .bind(&a.sheet)
        .bind(a.seed_seq)
        .bind(a.signed_at)
        .bind(&a.signed_by)
        .execute(c))
}

/// One activity.
pub async fn one(tx: &mut Tx, book: BookId, id: TimeActivityId) -> StoreResult<Option<ActivityRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The activity somebody posted under a key.
pub async fn by_key(tx: &mut Tx, book: BookId, by: &str, key: &str) -> StoreResult<Option<ActivityRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_KEY).bind(book).bind(by).bind(key).fetch_optional(c))?)
}

/// Activities in one state numbered below `before`, the latest first.
pub async fn in_state(
    tx: &mut Tx,
    book: BookId,
    state: ActivityState,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<ActivityRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::IN_STATE)
        .bind(book)
        .bind(state.as_str())
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// All activities numbered above `after`, by number.
pub async fn all(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<ActivityRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ALL_OF).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// How many there are of each state.
pub async fn states(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(String, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::STATES).bind(book).fetch_all(c))?)
}

/// Minutes somebody served that are posted and were not undone, by orders and by activities.
pub async fn earned(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::EARNED).bind(book).bind(person).fetch_one(c))?)
}
