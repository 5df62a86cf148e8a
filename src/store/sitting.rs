//! Sittings of the panel (评议会): when, who was there, what was on the agenda, how it ended. Ballots are in [`votes`].

use super::{StoreError, StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{AwardId, BodyId, BookId, SittingId, UserId},
    panel::Outcome,
    time::{Day, Timestamp},
};

pub mod votes;

macro_rules! columns {
    () => {
        "id, no, body_id, sits_on, place, state, convened_at, convened_by, minutes, remarks, observed_at, observed_by, \
         ended_at, ended_by, digest, changes"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Convenes a sitting.
        ADD = "INSERT INTO sitting (book_id, id, no, body_id, sits_on, place, state, convened_at, convened_by, minutes, \
            remarks, changes) VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, '', '', 0)";
        /// One sitting.
        ONE = concat!("SELECT ", columns!(), " FROM sitting WHERE book_id = $1 AND id = $2");
        /// Sittings, the latest first.
        LIST = concat!("SELECT ", columns!(), " FROM sitting WHERE book_id = $1 AND no < $2 ORDER BY no DESC LIMIT $3");
        /// The lock of an open sitting.
        TOUCH = "UPDATE sitting SET changes = changes + 1 WHERE book_id = $1 AND id = $2 AND state = 'open'";
        /// Somebody came.
        ARRIVE = "INSERT INTO sitting_present (book_id, sitting_id, user_id, arrived_at) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (book_id, sitting_id, user_id) DO NOTHING";
        /// Who is there.
        PRESENT = "SELECT user_id, arrived_at FROM sitting_present WHERE book_id = $1 AND sitting_id = $2 \
            ORDER BY arrived_at, user_id LIMIT 100";
        /// Puts an award on the agenda.
        ADD_LINE = "INSERT INTO sitting_line (book_id, sitting_id, line, award_id, voters, recused, yes, noes, abstained, \
            words) VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 0, '')";
        /// The agenda.
        LINES = "SELECT line, award_id, outcome, voters, recused, yes, noes, abstained, words FROM sitting_line \
            WHERE book_id = $1 AND sitting_id = $2 ORDER BY line LIMIT 200";
        /// The open sitting that has an award on its agenda.
        OPEN_WITH = "SELECT s.no FROM sitting_line l JOIN sitting s ON s.book_id = l.book_id AND s.id = l.sitting_id \
            WHERE l.book_id = $1 AND l.award_id = $2 AND s.state = 'open' LIMIT 1";
        /// The lines an award had at sittings, oldest first.
        OF_AWARD = "SELECT s.id, s.no, s.sits_on, l.line, l.award_id, l.outcome, l.voters, l.recused, l.yes, l.noes, l.abstained, \
            l.words FROM sitting_line l JOIN sitting s ON s.book_id = l.book_id AND s.id = l.sitting_id \
            WHERE l.book_id = $1 AND l.award_id = $2 AND s.state = 'closed' ORDER BY s.no LIMIT 50";
        /// The passed lines of the awards that were posted in a range of transactions, with the approvals on file.
        PASSED = "SELECT a.id, l.voters, l.yes, (SELECT CAST(COUNT(*) AS BIGINT) FROM award_review r \
            WHERE r.book_id = a.book_id AND r.award_id = a.id AND r.step = 'panel' AND r.verdict = 'approve') AS approvals \
            FROM award a JOIN sitting_line l ON l.book_id = a.book_id AND l.award_id = a.id \
            WHERE a.book_id = $1 AND a.txn_seq > $2 AND a.txn_seq <= $3 AND l.outcome = 'passed' ORDER BY a.txn_seq";
        /// What a line came to.
        DECIDE = "UPDATE sitting_line SET outcome = $4, voters = $5, recused = $6, yes = $7, noes = $8, abstained = $9, \
            words = $10 WHERE book_id = $1 AND sitting_id = $2 AND line = $3 AND outcome IS NULL";
        /// The observer signs.
        OBSERVE = "UPDATE sitting SET remarks = $3, observed_at = $4, observed_by = $5 WHERE book_id = $1 AND id = $2 \
            AND state = 'open'";
        /// What happens after the signature is not under it: it is to be signed again.
        UNSIGN = "UPDATE sitting SET observed_at = NULL, observed_by = NULL WHERE book_id = $1 AND id = $2 \
            AND state = 'open'";
        /// Who signed the sittings that had an award on their agenda.
        OBSERVED = "SELECT DISTINCT s.observed_by FROM sitting_line l JOIN sitting s ON s.book_id = l.book_id \
            AND s.id = l.sitting_id WHERE l.book_id = $1 AND l.award_id = $2 AND s.observed_by IS NOT NULL LIMIT 50";
        /// Closes it.
        CLOSE = "UPDATE sitting SET state = 'closed', minutes = $3, ended_at = $4, ended_by = $5, digest = $6 \
            WHERE book_id = $1 AND id = $2 AND state = 'open'";
        /// Calls it off.
        CALL_OFF = "UPDATE sitting SET state = 'called_off', minutes = $3, ended_at = $4, ended_by = $5 \
            WHERE book_id = $1 AND id = $2 AND state = 'open'";
    }
}

/// A sitting.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SittingRow {
    /// Its name.
    pub id: SittingId,
    /// Its number in the book.
    pub no: i64,
    /// The panel that sits.
    pub body_id: BodyId,
    /// The day.
    pub sits_on: Day,
    /// Where.
    pub place: String,
    /// `open`, `closed` or `called_off`.
    pub state: String,
    /// When it was convened.
    pub convened_at: Timestamp,
    /// By whom.
    pub convened_by: String,
    /// The minutes, or why it was called off.
    pub minutes: String,
    /// What the observer had to say.
    pub remarks: String,
    /// When the observer signed.
    pub observed_at: Option<Timestamp>,
    /// Which observer.
    pub observed_by: Option<String>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who closed it.
    pub ended_by: Option<String>,
    /// SHA-256 of how it went.
    pub digest: Option<Vec<u8>>,
    /// How often something happened in it.
    pub changes: i64,
}

impl SittingRow {
    /// Whether it goes on.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }
}

/// A line of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LineRow {
    /// Its place.
    pub line: i32,
    /// The award.
    pub award_id: AwardId,
    /// `passed`, `refused`, `deferred`; nothing while it is open.
    pub outcome: Option<String>,
    /// Who could vote.
    pub voters: i32,
    /// Who stepped back.
    pub recused: i32,
    /// For it.
    pub yes: i32,
    /// Against it.
    pub noes: i32,
    /// Neither.
    pub abstained: i32,
    /// What is told about a refusal.
    pub words: String,
}

impl LineRow {
    /// What it came to.
    pub fn outcome(&self) -> StoreResult<Option<Outcome>> {
        let wrong = |text: &String| StoreError::inconsistent("sitting_line", "outcome", text);
        self.outcome.as_ref().map(|text| text.parse().map_err(|_| wrong(text))).transpose()
    }
}

/// The line an award had at a closed sitting.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HeardRow {
    /// The sitting.
    pub id: SittingId,
    /// Its number.
    pub no: i64,
    /// Its day.
    pub sits_on: Day,
    /// The line there.
    #[sqlx(flatten)]
    pub line: LineRow,
}

/// A line that a posted award passed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct PassedRow {
    /// The award.
    pub id: AwardId,
    /// Who could vote.
    pub voters: i32,
    /// For it.
    pub yes: i32,
    /// Approvals of the panel's step on file.
    pub approvals: i64,
}

/// The passed lines of the awards that transactions above `after` up to `through` posted.
pub async fn passed(tx: &mut Tx, book: BookId, after: i64, through: i64) -> StoreResult<Vec<PassedRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PASSED).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// Convenes a sitting.
pub async fn add(tx: &mut WriteTx, book: BookId, s: &SittingRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(s.id)
        .bind(s.no)
        .bind(s.body_id)
        .bind(s.sits_on)
        .bind(&s.place)
        .bind(s.convened_at)
        .bind(&s.convened_by)
        .execute(c))
}

/// One sitting.
pub async fn one(tx: &mut Tx, book: BookId, id: SittingId) -> StoreResult<Option<SittingRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// Sittings numbered below `before`, the latest first.
pub async fn list(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<SittingRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// Locks an open sitting; fails when it is not open.
pub async fn touch(tx: &mut WriteTx, book: BookId, id: SittingId) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::TOUCH).bind(book).bind(id).execute(c))
}

/// Somebody came; coming twice is no error.
pub async fn arrive(
    tx: &mut WriteTx,
    book: BookId,
    id: SittingId,
    user: UserId,
    at: Timestamp,
) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ARRIVE).bind(book).bind(id).bind(user).bind(at).execute(c))
}

/// Who is there, in the order they came.
pub async fn present(tx: &mut Tx, book: BookId, id: SittingId) -> StoreResult<Vec<(UserId, Timestamp)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PRESENT).bind(book).bind(id).fetch_all(c))?)
}

/// Puts an award on the agenda.
pub async fn add_line(
    tx: &mut WriteTx,
    book: BookId,
    id: SittingId,
    line: i32,
    award: AwardId,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_LINE)
        .bind(book)
        .bind(id)
        .bind(line)
        .bind(award)
        .execute(c))
}

/// The agenda.
pub async fn lines(tx: &mut Tx, book: BookId, id: SittingId) -> StoreResult<Vec<LineRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES).bind(book).bind(id).fetch_all(c))?)
}

/// The number of the open sitting that has an award on its agenda.
pub async fn open_with(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Option<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OPEN_WITH).bind(book).bind(award).fetch_optional(c))?)
}

/// The lines an award had at closed sittings, oldest first.
pub async fn of_award(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Vec<HeardRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_AWARD).bind(book).bind(award).fetch_all(c))?)
}

/// Writes down what a line came to.
pub async fn decide(tx: &mut WriteTx, book: BookId, id: SittingId, l: &LineRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::DECIDE)
        .bind(book)
        .bind(id)
        .bind(l.line)
        .bind(&l.outcome)
        .bind(l.voters)
        .bind(l.recused)
        .bind(l.yes)
        .bind(l.noes)
        .bind(l.abstained)
        .bind(&l.words)
        .execute(c))
}

/// The observer signs, with or without remarks.
pub async fn observe(
    tx: &mut WriteTx,
    book: BookId,
    id: SittingId,
    remarks: &str,
    at: Timestamp,
    by: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::OBSERVE)
        .bind(book)
        .bind(id)
        .bind(remarks)
        .bind(at)
        .bind(by)
        .execute(c))
}

/// Closes an open sitting.
pub async fn close(
    tx: &mut WriteTx,
    book: BookId,
    id: SittingId,
    minutes: &str,
    ended: (Timestamp, &str),
    digest: &[u8],
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::CLOSE)
        .bind(book)
        .bind(id)
        .bind(minutes)
        .bind(ended.0)
        .bind(ended.1)
        .bind(digest)
        .execute(c))
}

/// Calls an open sitting off.
pub async fn call_off(
    tx: &mut WriteTx,
    book: BookId,
    id: SittingId,
    why: &str,
    at: Timestamp,
    by: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::CALL_OFF)
        .bind(book)
        .bind(id)
        .bind(why)
        .bind(at)
        .bind(by)
        .execute(c))
}

/// Takes the observer's signature back, because something happened after it.
pub async fn unsign(tx: &mut WriteTx, book: BookId, id: SittingId) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::UNSIGN).bind(book).bind(id).execute(c))
}

/// Who signed the sittings that had an award on their agenda.
pub async fn observed(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OBSERVED).bind(book).bind(award).fetch_all(c))?)
}
