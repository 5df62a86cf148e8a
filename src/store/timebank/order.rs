//! Orders of the time bank: the current state of each; its history is in [`crate::store::event`].

use crate::{
    domain::{
        ids::{BookId, OrgId, PersonId, TimeOrderId},
        time::Timestamp,
        timebank::order::OrderState,
    },
    store::{StoreError, StoreResult, Tx, WriteTx, any, exactly, on},
};

macro_rules! columns {
    () => {
        "id, no, key, asked_by, asked_at, manner, served_id, group_id, kind, starts_at, minutes, words, \
         policy, need, payer_id, hold_seq, state, volunteer_id, done_at, volunteer_by, served_by, \
         rating, remark, counted, sheet, entered_by, signed_by, verdict, verdict_by, hand, hand_by, \
         post_seq, changes"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds an order.
        ADD = concat!("INSERT INTO time_order (book_id, ", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
            $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)");
        /// Writes where it stands now.
        SAVE = "UPDATE time_order SET changes = changes + 1, payer_id = $4, hold_seq = $5, state = $6, volunteer_id = $7, done_at = $8, volunteer_by = $9, \
            served_by = $10, rating = $11, remark = $12, counted = $13, signed_by = $14, verdict = \
            $15, verdict_by = $16, hand = $17, hand_by = $18, post_seq = $19 \
            WHERE book_id = $1 AND id = $2 AND changes = $3";
        /// One order.
        ONE = concat!("SELECT ", columns!(), " FROM time_order WHERE book_id = $1 AND id = $2");
        /// The order somebody asked for under a key.
        BY_KEY = concat!("SELECT ", columns!(), " FROM time_order WHERE book_id = $1 AND asked_by = $2 AND key = $3");
        /// In one state, oldest first.
        IN_STATE = concat!("SELECT ", columns!(), " FROM time_order WHERE book_id = $1 AND state = $2 AND no > $3 \
            ORDER BY no LIMIT $4");
        /// For one person, the latest first.
        OF_SERVED = concat!("SELECT ", columns!(), " FROM time_order WHERE book_id = $1 AND served_id = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
        /// That somebody asked for, the latest first.
        ASKED_BY = concat!("SELECT ", columns!(), " FROM time_order WHERE book_id = $1 AND asked_by = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
        /// Of one volunteer, that begin in a span.
        OF_VOLUNTEER = concat!("SELECT ", columns!(), " FROM time_order WHERE book_id = $1 AND volunteer_id = $2 \
            AND starts_at >= $3 AND starts_at < $4 ORDER BY starts_at, no");
        /// Empties the words and the need of the orders for a person.
        ERASE = "UPDATE time_order SET words = '', remark = '', need = 0, changes = changes + 1 WHERE book_id = $1 \
            AND served_id = $2";
        /// Those that transactions of a run put minutes aside for, or posted.
        OF_RUN = concat!("SELECT ", columns!(), " FROM time_order WHERE book_id = $1 AND ((hold_seq > $2 AND \
            hold_seq <= $3) OR (post_seq > $2 AND post_seq <= $3))");
        /// How many had minutes put aside, have a posting, say they are posted, and are over without hours though minutes
        /// were put aside; and how many say other than that.
        COUNTS = "SELECT CAST(COUNT(hold_seq) AS BIGINT) AS held, CAST(COUNT(post_seq) AS BIGINT) AS posted, \
            CAST(COALESCE(SUM(CASE WHEN state = 'posted' THEN 1 ELSE 0 END), 0) AS BIGINT) AS said, \
            CAST(COALESCE(SUM(CASE WHEN state IN ('cancelled', 'not_counted') AND hold_seq IS NOT NULL THEN 1 ELSE 0 \
            END), 0) AS BIGINT) AS given_back, CAST(COALESCE(SUM(CASE WHEN hold_seq IS NULL AND state NOT IN ('queued', \
            'cancelled') THEN 1 ELSE 0 END), 0) AS BIGINT) AS unpaid FROM time_order WHERE book_id = $1";
        /// Of one volunteer, the latest first.
        SERVED_BY = concat!("SELECT ", columns!(), " FROM time_order WHERE book_id = $1 AND volunteer_id = $2 \
            AND no < $3 ORDER BY no DESC LIMIT $4");
        /// Minutes of a volunteer that are posted.
        EARNED = "SELECT CAST(COALESCE(SUM(counted), 0) AS BIGINT) FROM time_order WHERE book_id = $1 \
            AND volunteer_id = $2 AND state = 'posted'";
        /// How many there are of each state.
        STATES = "SELECT state, CAST(COUNT(*) AS BIGINT) AS number FROM time_order WHERE book_id = $1 GROUP BY state";
        /// The ratings a volunteer was given: sum and number.
        RATED = "SELECT CAST(COALESCE(SUM(rating), 0) AS BIGINT) AS sum, CAST(COUNT(rating) AS BIGINT) AS number \
            FROM time_order WHERE book_id = $1 AND volunteer_id = $2";
    }
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OrderRow {
    /// Its name.
    pub id: TimeOrderId,
    /// Its number.
    pub no: i64,
    /// What makes one form sent twice one order.
    pub key: String,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// `self`, `family` or `desk`.
    pub manner: String,
    /// Who is to be served.
    pub served_id: PersonId,
    /// In which group.
    pub group_id: OrgId,
    /// What is asked for.
    pub kind: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// How long it takes.
    pub minutes: i32,
    /// What the asker says.
    pub words: String,
    /// The policy it runs by.
    pub policy: String,
    /// How great the need is.
    pub need: i32,
    /// Whose minutes pay; the pool's when nobody's.
    pub payer_id: Option<PersonId>,
    /// The transaction that put them aside.
    pub hold_seq: Option<i64>,
    /// Where it stands.
    pub state: String,
    /// Who took it.
    pub volunteer_id: Option<PersonId>,
    /// When it was checked out.
    pub done_at: Option<Timestamp>,
    /// Who confirmed for the volunteer.
    pub volunteer_by: Option<String>,
    /// Who confirmed for whoever was served.
    pub served_by: Option<String>,
    /// One to five.
    pub rating: Option<i32>,
    /// What whoever was served says.
    pub remark: String,
    /// Minutes that count, once it is settled.
    pub counted: i32,
    /// Of a late entry: the number of its sheet.
    pub sheet: Option<String>,
    /// Who entered it.
    pub entered_by: Option<String>,
    /// Who signed under it.
    pub signed_by: Option<String>,
    /// What the arbiters found.
    pub verdict: Option<String>,
    /// Who decided.
    pub verdict_by: Option<String>,
    /// Whose hand a long day got: `parent` or `county`.
    pub hand: Option<String>,
    /// Who gave it.
    pub hand_by: Option<String>,
    /// The transaction that put the hours into the account.
    pub post_seq: Option<i64>,
    /// Moved by everything that happens to it.
    pub changes: i32,
}

impl OrderRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<OrderState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("time_order", "state", &self.state))
    }
}

/// Adds an order.
pub async fn add(tx: &mut WriteTx, book: BookId, o: &OrderRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(o.id)
        .bind(o.no)
        .bind(&o.key)
        .bind(&o.asked_by)
        .bind(o.asked_at)
        .bind(&o.manner)
        .bind(o.served_id)
        .bind(o.group_id)
        .bind(&o.kind)
        .bind(o.starts_at)
        .bind(o.minutes)
        .bind(&o.words)
        .bind(&o.policy)
        .bind(o.need)
        .bind(o.payer_id)
        .bind(o.hold_seq)
        .bind(&o.state)
        .bind(o.volunteer_id)
        .bind(o.done_at)
        .bind(&o.volunteer_by)
        .bind(&o.served_by)
        .bind(o.rating)
        .bind(&o.remark)
        .bind(o.counted)
        .bind(&o.sheet)
        .bind(&o.entered_by)
        .bind(&o.signed_by)
        .bind(&o.verdict)
        .bind(&o.verdict_by)
        .bind(&o.hand)
        .bind(&o.hand_by)
        .bind(o.post_seq)
        .bind(o.changes)
        .execute(c))
}

/// Writes where an order stands now. Fails when anything happened to it since `o` was read.
pub async fn save(tx: &mut WriteTx, book: BookId, o: &OrderRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SAVE)
        .bind(book)
        .bind(o.id)
        .bind(o.changes)
        .bind(o.payer_id)
        .bind(o.hold_seq)
        .bind(&o.state)
        .bind(o.volunteer_id)
        .bind(o.done_at)
        .bind(&o.volunteer_by)
        .bind(&o.served_by)
        .bind(o.rating)
        .bind(&o.remark)
        .bind(o.counted)
        .bind(&o.signed_by)
        .bind(&o.verdict)
        .bind(&o.verdict_by)
        .bind(&o.hand)
        .bind(&o.hand_by)
        .bind(o.post_seq)
        .execute(c))
}

/// One order.
pub async fn one(tx: &mut Tx, book: BookId, id: TimeOrderId) -> StoreResult<Option<OrderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The order somebody asked for under a key.
pub async fn by_key(tx: &mut Tx, book: BookId, by: &str, key: &str) -> StoreResult<Option<OrderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_KEY).bind(book).bind(by).bind(key).fetch_optional(c))?)
}

/// Orders in one state numbered above `after`, oldest first.
pub async fn in_state(
    tx: &mut Tx,
    book: BookId,
    state: OrderState,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<OrderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::IN_STATE)
        .bind(book)
        .bind(state.as_str())
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}

/// Orders for one person numbered below `before`, the latest first.
pub async fn of_served(
    tx: &mut Tx,
    book: BookId,
    person: PersonId,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<OrderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_SERVED)
        .bind(book)
        .bind(person)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// Orders that somebody asked for, numbered below `before`, the latest first.
pub async fn asked_by(
    tx: &mut Tx,
    book: BookId,
    by: &str,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<OrderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ASKED_BY).bind(book).bind(by).bind(before).bind(limit).fetch_all(c))?)
}

/// Orders of one volunteer that begin from `from` up to `until`.
pub async fn of_volunteer(
    tx: &mut Tx,
    book: BookId,
    person: PersonId,
    (from, until): (Timestamp, Timestamp),
) -> StoreResult<Vec<OrderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_VOLUNTEER)
        .bind(book)
        .bind(person)
        .bind(from)
        .bind(until)
        .fetch_all(c))?)
}

/// Empties the words and the need of the orders for a person.
pub async fn erase(tx: &mut WriteTx, book: BookId, person: PersonId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE).bind(book).bind(person).execute(c))
}

/// Orders that the transactions after `after` up to `through` put minutes aside for, or posted.
pub async fn of_run(tx: &mut Tx, book: BookId, after: i64, through: i64) -> StoreResult<Vec<OrderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_RUN).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// How many orders there are of each kind that the log can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    /// Had minutes put aside.
    pub held: i64,
    /// Have a posting.
    pub posted: i64,
    /// Say that they are posted.
    pub said: i64,
    /// Are over without hours though minutes were put aside.
    pub given_back: i64,
    /// Stand where minutes must be put aside, and have none.
    pub unpaid: i64,
}

/// How many orders there are of each kind that the log can tell.
pub async fn counts(tx: &mut Tx, book: BookId) -> StoreResult<Counts> {
    Ok(on!(tx, |c| sqlx::query_as(sql::COUNTS).bind(book).fetch_one(c))?)
}

/// Orders of one volunteer numbered below `before`, the latest first.
pub async fn served_by(
    tx: &mut Tx,
    book: BookId,
    person: PersonId,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<OrderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::SERVED_BY)
        .bind(book)
        .bind(person)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// Minutes of a volunteer that are posted.
pub async fn earned(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::EARNED).bind(book).bind(person).fetch_one(c))?)
}

/// How many orders there are of each state.
pub async fn states(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(String, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::STATES).bind(book).fetch_all(c))?)
}

/// The ratings a volunteer was given: sum and number.
pub async fn rated(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<(i64, i64)> {
    Ok(on!(tx, |c| sqlx::query_as(sql::RATED).bind(book).bind(person).fetch_one(c))?)
}
