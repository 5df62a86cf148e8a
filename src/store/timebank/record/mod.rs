//! The volunteer's record: posted services as they stand now, who keeps the record, trainings and commendations. Papers,
//! corrections and files are in the modules below.

use uuid::Uuid;

use crate::{
    domain::{
        ids::{BookId, OrgId, PersonId, TimeMeritId},
        time::{Day, Timestamp},
    },
    store::{StoreResult, Tx, WriteTx, any, exactly, on},
};

pub mod certificate;
pub mod correction;
pub mod file;

/// What comes with every service, of an order or of an award: what undid it, what was posted in its place, the last line
/// of it in a file.
macro_rules! since {
    ($seq:literal) => {
        concat!(
            "LEFT JOIN txn AS u ON u.book_id = t.book_id AND u.reverses_seq = t.seq \
             LEFT JOIN time_correction AS c ON c.book_id = t.book_id AND c.root = ",
            $seq,
            " AND c.no = (SELECT MAX(d.no) FROM time_correction AS d WHERE d.book_id = t.book_id AND d.root = ",
            $seq,
            " AND d.state = 'corrected') \
             LEFT JOIN txn AS x ON x.book_id = c.book_id AND x.reverses_seq = c.post_seq \
             LEFT JOIN time_file_line AS l ON l.book_id = t.book_id AND l.root = ",
            $seq,
            " AND l.file_no = (SELECT MAX(m.file_no) FROM time_file_line AS m WHERE m.book_id = t.book_id AND m.root = ",
            $seq,
            ")"
        )
    };
}

macro_rules! told {
    () => {
        "u.seq AS undone, c.post_seq AS again, c.minutes AS again_minutes, x.seq AS again_undone, l.file_no AS file_no, \
         l.seq AS told_seq, l.answer AS answer, l.foreign_no AS foreign_no, l.reason AS reason"
    };
}

macro_rules! of_orders {
    ($rest:literal) => {
        concat!(
            "SELECT o.id AS id, t.seq AS root, o.volunteer_id AS person_id, o.kind AS kind, '' AS ruleset, o.starts_at \
             AS starts_at, CAST(NULL AS INTEGER) AS served_on, o.group_id AS group_id, CAST(o.minutes AS BIGINT) AS \
             asked, CAST(o.counted AS BIGINT) AS counted, o.rating AS rating, t.recorded_at AS recorded_at, o.sheet AS \
             sheet, ",
            told!(),
            " FROM time_order AS o JOIN txn AS t ON t.book_id = o.book_id AND t.seq = o.post_seq ",
            since!("o.post_seq"),
            $rest
        )
    };
}

macro_rules! of_awards {
    ($rest:literal) => {
        concat!(
            "SELECT a.id AS id, t.seq AS root, a.person_id AS person_id, a.item AS kind, a.ruleset AS ruleset, \
             CAST(NULL AS BIGINT) AS starts_at, a.occurred_on AS served_on, a.group_id AS group_id, CAST(0 AS BIGINT) AS \
             asked, CAST(a.minutes AS BIGINT) AS counted, CAST(NULL AS INTEGER) AS rating, a.recorded_at AS recorded_at, \
             CAST(NULL AS TEXT) AS sheet, ",
            told!(),
            " FROM award AS a JOIN txn AS t ON t.book_id = a.book_id AND t.seq = a.txn_seq ",
            since!("a.txn_seq"),
            $rest
        )
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Posted orders of a volunteer.
        ORDERS_OF = of_orders!(" WHERE o.book_id = $1 AND o.volunteer_id = $2 ORDER BY t.seq LIMIT $3");
        /// Awards that gave a person hours.
        AWARDS_OF = of_awards!(" WHERE a.book_id = $1 AND a.person_id = $2 AND a.minutes > 0 ORDER BY t.seq LIMIT $3");
        /// Posted orders of a book.
        ORDERS = of_orders!(" WHERE o.book_id = $1 AND o.post_seq > $2 ORDER BY t.seq LIMIT $3");
        /// Awards of a book that gave hours.
        AWARDS = of_awards!(" WHERE a.book_id = $1 AND a.txn_seq > $2 AND a.minutes > 0 AND a.person_id IS NOT NULL ORDER BY t.seq \
            LIMIT $3");
        /// Says who keeps the record.
        SAY_UNIT = "INSERT INTO time_unit (book_id, no, unit, in_charge, said_at, said_by) VALUES ($1, $2, $3, $4, $5, $6)";
        /// Who keeps the record.
        UNIT = "SELECT unit, in_charge FROM time_unit WHERE book_id = $1 ORDER BY no DESC LIMIT 1";
        /// Enters a training or a commendation.
        ENTER = "INSERT INTO time_merit (book_id, id, no, key, person_id, kind, name, content, minutes, grantor, held_on, \
            paper, entered_at, entered_by, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
            'waiting')";
        /// The second person's word.
        SETTLE = "UPDATE time_merit SET state = $3, decided_at = $4, decided_by = $5, decision = $6 WHERE book_id = $1 \
            AND id = $2 AND state = 'waiting'";
        /// One of them.
        MERIT = "SELECT id, no, person_id, kind, name, content, minutes, grantor, held_on, paper, entered_at, entered_by, \
            state, decided_by, decision FROM time_merit WHERE book_id = $1 AND id = $2";
        /// Entered under a key.
        MERIT_BY_KEY = "SELECT id, no, person_id, kind, name, content, minutes, grantor, held_on, paper, entered_at, \
            entered_by, state, decided_by, decision FROM time_merit WHERE book_id = $1 AND entered_by = $2 AND key = $3";
        /// Of one person.
        MERITS_OF = "SELECT id, no, person_id, kind, name, content, minutes, grantor, held_on, paper, entered_at, \
            entered_by, state, decided_by, decision FROM time_merit WHERE book_id = $1 AND person_id = $2 \
            ORDER BY held_on, no LIMIT $3";
        /// That wait for the second person.
        MERITS_WAITING = "SELECT id, no, person_id, kind, name, content, minutes, grantor, held_on, paper, entered_at, \
            entered_by, state, decided_by, decision FROM time_merit WHERE book_id = $1 AND state = 'waiting' ORDER BY no \
            LIMIT $2";
        /// Empties the words about a person.
        ERASE_MERITS = "UPDATE time_merit SET name = '', content = '', grantor = '', paper = '', decision = NULL \
            WHERE book_id = $1 AND person_id = $2";
        /// Empties what was said to the requests about a person's hours.
        ERASE_WORDS = "UPDATE time_correction SET reason = '', decision = NULL WHERE book_id = $1 AND person_id = $2";
    }
}

/// A posted service as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ServiceRow {
    /// The order or the award.
    pub id: Uuid,
    /// The transaction that put it into the book.
    pub root: i64,
    /// Who served.
    pub person_id: PersonId,
    /// The kind of service, or the item of the rules.
    pub kind: String,
    /// Of an award: by which rule set.
    pub ruleset: String,
    /// Of an order: when it began.
    pub starts_at: Option<Timestamp>,
    /// Of an award: the day.
    pub served_on: Option<Day>,
    /// Where.
    pub group_id: OrgId,
    /// Of an order: minutes that were asked for.
    pub asked: i64,
    /// Minutes as they were posted first.
    pub counted: i64,
    /// One to five.
    pub rating: Option<i32>,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// Of a late entry: the number of its sheet.
    pub sheet: Option<String>,
    /// What undid the first posting.
    pub undone: Option<i64>,
    /// What was posted in its place.
    pub again: Option<i64>,
    /// How many minutes that says.
    pub again_minutes: Option<i64>,
    /// What undid that.
    pub again_undone: Option<i64>,
    /// The last file it was in.
    pub file_no: Option<i64>,
    /// The transaction that the file told of.
    pub told_seq: Option<i64>,
    /// The answer.
    pub answer: Option<String>,
    /// Its number with the national system.
    pub foreign_no: Option<String>,
    /// Why it was not taken.
    pub reason: Option<String>,
}

impl ServiceRow {
    /// The transaction that says its minutes now, and how many; nothing when it is undone.
    #[must_use]
    pub fn now(&self) -> Option<(i64, i64)> {
        match (self.undone, self.again, self.again_minutes, self.again_undone) {
            (None, ..) => Some((self.root, self.counted)),
            (Some(_), Some(seq), Some(minutes), None) => Some((seq, minutes)),
            _ => None,
        }
    }

    /// Whether an order of the time bank is behind it, and not an award.
    #[must_use]
    pub const fn is_order(&self) -> bool {
        self.starts_at.is_some()
    }

    /// The day of the service.
    #[must_use]
    pub fn day(&self) -> Day {
        self.starts_at.map(Timestamp::day).or(self.served_on).unwrap_or_else(|| self.recorded_at.day())
    }
}

/// A training or a commendation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct MeritRow {
    /// Its name.
    pub id: TimeMeritId,
    /// Its number.
    pub no: i64,
    /// Whose.
    pub person_id: PersonId,
    /// `training` or `commendation`.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// What it was about.
    pub content: String,
    /// How long, of a training.
    pub minutes: i64,
    /// Who held or granted it.
    pub grantor: String,
    /// The day.
    pub held_on: Day,
    /// The number of the paper.
    pub paper: String,
    /// When it was entered.
    pub entered_at: Timestamp,
    /// By whom.
    pub entered_by: String,
    /// Where it stands.
    pub state: String,
    /// Who decided.
    pub decided_by: Option<String>,
    /// What they said.
    pub decision: Option<String>,
}

/// Services of one person, those of orders and those of awards, in the order of the log.
pub async fn services_of(
    tx: &mut Tx,
    book: BookId,
    who: PersonId,
    limit: i64,
) -> StoreResult<Vec<ServiceRow>> {
    let mut out: Vec<ServiceRow> =
        on!(tx, |c| sqlx::query_as(sql::ORDERS_OF).bind(book).bind(who).bind(limit).fetch_all(c))?;
    let awards: Vec<ServiceRow> =
        on!(tx, |c| sqlx::query_as(sql::AWARDS_OF).bind(book).bind(who).bind(limit).fetch_all(c))?;
    out.extend(awards);
    out.sort_by_key(|row| row.root);
    Ok(out)
}

/// Services of a book that were posted after the place `after`, in the order of the log.
pub async fn services(tx: &mut Tx, book: BookId, after: i64, limit: i64) -> StoreResult<Vec<ServiceRow>> {
    let mut out: Vec<ServiceRow> =
        on!(tx, |c| sqlx::query_as(sql::ORDERS).bind(book).bind(after).bind(limit).fetch_all(c))?;
    let awards: Vec<ServiceRow> =
        on!(tx, |c| sqlx::query_as(sql::AWARDS).bind(book).bind(after).bind(limit).fetch_all(c))?;
    out.extend(awards);
    out.sort_by_key(|row| row.root);
    out.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(out)
}

/// Says who keeps the record from now on.
pub async fn say_unit(
    tx: &mut WriteTx,
    (book, no): (BookId, i64),
    (unit, in_charge): (&str, &str),
    (at, by): (Timestamp, &str),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SAY_UNIT)
        .bind(book)
        .bind(no)
        .bind(unit)
        .bind(in_charge)
        .bind(at)
        .bind(by)
        .execute(c))
}

/// Who keeps the record, and who is in charge there.
pub async fn unit(tx: &mut Tx, book: BookId) -> StoreResult<Option<(String, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::UNIT).bind(book).fetch_optional(c))?)
}

/// Enters a training or a commendation.
pub async fn enter(tx: &mut WriteTx, book: BookId, key: &str, m: &MeritRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ENTER)
        .bind(book)
        .bind(m.id)
        .bind(m.no)
        .bind(key)
        .bind(m.person_id)
        .bind(&m.kind)
        .bind(&m.name)
        .bind(&m.content)
        .bind(m.minutes)
        .bind(&m.grantor)
        .bind(m.held_on)
        .bind(&m.paper)
        .bind(m.entered_at)
        .bind(&m.entered_by)
        .execute(c))
}

/// The second person's word. Fails unless it waits.
pub async fn settle(
    tx: &mut WriteTx,
    (book, id): (BookId, TimeMeritId),
    state: &str,
    (at, by, words): (Timestamp, &str, &str),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SETTLE)
        .bind(book)
        .bind(id)
        .bind(state)
        .bind(at)
        .bind(by)
        .bind(words)
        .execute(c))
}

/// One training or commendation.
pub async fn merit(tx: &mut Tx, book: BookId, id: TimeMeritId) -> StoreResult<Option<MeritRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::MERIT).bind(book).bind(id).fetch_optional(c))?)
}

/// What somebody entered under a key.
pub async fn merit_by_key(tx: &mut Tx, book: BookId, by: &str, key: &str) -> StoreResult<Option<MeritRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::MERIT_BY_KEY).bind(book).bind(by).bind(key).fetch_optional(c))?)
}

/// Trainings and commendations of a person.
pub async fn merits_of(tx: &mut Tx, book: BookId, who: PersonId, limit: i64) -> StoreResult<Vec<MeritRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::MERITS_OF).bind(book).bind(who).bind(limit).fetch_all(c))?)
}

/// Trainings and commendations that wait for the second person.
pub async fn merits_waiting(tx: &mut Tx, book: BookId, limit: i64) -> StoreResult<Vec<MeritRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::MERITS_WAITING).bind(book).bind(limit).fetch_all(c))?)
}

/// Empties the words about a person; numbers, days and decisions stay.
pub async fn erase(tx: &mut WriteTx, book: BookId, who: PersonId) -> StoreResult<()> {
    let done: StoreResult<()> =
        any!(&mut **tx, |c| sqlx::query(sql::ERASE_MERITS).bind(book).bind(who).execute(c));
    done?;
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_WORDS).bind(book).bind(who).execute(c))
}
