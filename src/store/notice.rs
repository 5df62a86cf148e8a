//! Notice sheets (公示). Their lines are awards: see [`crate::store::award`].

use super::{StoreError, StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, FundId, NoticeId, OrgId},
    notice::NoticeState,
    time::Timestamp,
};

macro_rules! columns {
    () => {
        "id, no, title, group_id, fund_id, state, mode, days, lines, compiled_at, compiled_by, published_at, \
         published_by, closes_at, closed_at, taken_down_at, digest, head_size, head_root, sealed_seq, recalled_at, \
         recalled_by, recalled_because, recall_seq"
    };
}

pub mod recall;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a sheet, compiled and not yet published.
        ADD = "INSERT INTO notice (book_id, id, no, title, group_id, fund_id, state, mode, days, lines, compiled_at, \
            compiled_by) VALUES ($1, $2, $3, $4, $5, $6, 'compiled', $7, $8, $9, $10, $11)";
        /// One sheet.
        ONE = concat!("SELECT ", columns!(), " FROM notice WHERE book_id = $1 AND id = $2");
        /// Sheets, newest first.
        LIST = concat!("SELECT ", columns!(), " FROM notice WHERE book_id = $1 AND no < $2 ORDER BY no DESC LIMIT $3");
        /// Sheets in a state, newest first.
        IN_STATE = concat!("SELECT ", columns!(), " FROM notice WHERE book_id = $1 AND state = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
        /// Publishes a sheet.
        PUBLISH = "UPDATE notice SET state = 'published', published_at = $3, published_by = $4, closes_at = $5, \
            digest = $6, head_size = $7, head_root = $8 WHERE book_id = $1 AND id = $2 AND state = 'compiled'";
        /// Closes a sheet of which no line is open.
        CLOSE = "UPDATE notice SET state = 'closed', closed_at = $3 WHERE book_id = $1 AND id = $2 \
            AND state = 'published'";
        /// Takes a sheet down, or withdraws one that was never published.
        TAKE_DOWN = "UPDATE notice SET state = 'taken_down', taken_down_at = $4 WHERE book_id = $1 AND id = $2 \
            AND state = $3";
        /// Closed sheets that have hung long enough.
        STALE = concat!("SELECT ", columns!(), " FROM notice WHERE book_id = $1 AND state = 'closed' \
            AND closes_at <= $2 ORDER BY no LIMIT $3");
        /// One sheet by its number.
        BY_NO = concat!("SELECT ", columns!(), " FROM notice WHERE book_id = $1 AND no = $2");
        /// Sheets that hang and whose digest is not in the log yet.
        UNSEALED = concat!("SELECT ", columns!(), " FROM notice WHERE book_id = $1 AND state = 'published' \
            AND sealed_seq IS NULL ORDER BY no LIMIT $2");
        /// The digest of a sheet is in the log.
        SEAL = "UPDATE notice SET sealed_seq = $3 WHERE book_id = $1 AND id = $2 AND digest IS NOT NULL \
            AND sealed_seq IS NULL";
        /// How many sheets are in a state.
        COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM notice WHERE book_id = $1 AND state = $2";
    }
}

/// A notice sheet.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NoticeRow {
    /// Its name.
    pub id: NoticeId,
    /// Its number in the book.
    pub no: i64,
    /// Its heading.
    pub title: String,
    /// The group it hangs in; nothing for the whole village.
    pub group_id: Option<OrgId>,
    /// Whose budget its points are taken from.
    pub fund_id: FundId,
    /// `compiled`, `published`, `closed` or `taken_down`.
    pub state: String,
    /// `calendar` or `working`.
    pub mode: String,
    /// How many days it runs.
    pub days: i32,
    /// How many lines it has.
    pub lines: i32,
    /// When it was put together.
    pub compiled_at: Timestamp,
    /// By whom.
    pub compiled_by: String,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// By whom.
    pub published_by: Option<String>,
    /// When its clock runs out.
    pub closes_at: Option<Timestamp>,
    /// When its last line was decided.
    pub closed_at: Option<Timestamp>,
    /// When it was taken down.
    pub taken_down_at: Option<Timestamp>,
    /// SHA-256 of the sheet as it was shown.
    pub digest: Option<Vec<u8>>,
    /// Transactions in the book when it was published.
    pub head_size: Option<i64>,
    /// The root of the book's log then.
    pub head_root: Option<Vec<u8>>,
    /// The transaction that put the digest into the log.
    pub sealed_seq: Option<i64>,
    /// When it was recalled.
    pub recalled_at: Option<Timestamp>,
    /// By whom.
    pub recalled_by: Option<String>,
    /// Why, as everybody may read.
    pub recalled_because: Option<String>,
    /// The transaction that put the recall into the log.
    pub recall_seq: Option<i64>,
}

impl NoticeRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<NoticeState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("notice", "state", &self.state))
    }
}

/// What publishing adds to a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication<'a> {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: &'a str,
    /// When its clock runs out.
    pub closes_at: Timestamp,
    /// SHA-256 of the sheet.
    pub digest: &'a [u8],
    /// Transactions in the book.
    pub head_size: i64,
    /// The root of the book's log.
    pub head_root: &'a [u8],
}

/// Adds a sheet, compiled and not yet published.
pub async fn add(tx: &mut WriteTx, book: BookId, n: &NoticeRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(n.id)
        .bind(n.no)
        .bind(&n.title)
        .bind(n.group_id)
        .bind(n.fund_id)
        .bind(&n.mode)
        .bind(n.days)
        .bind(n.lines)
        .bind(n.compiled_at)
        .bind(&n.compiled_by)
        .execute(c))
}

/// One sheet.
pub async fn one(tx: &mut Tx, book: BookId, id: NoticeId) -> StoreResult<Option<NoticeRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// Sheets numbered below `before`, newest first, in one state or in any.
pub async fn list(
    tx: &mut Tx,
    book: BookId,
    state: Option<NoticeState>,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<NoticeRow>> {
    Ok(match state {
        None => on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(before).bind(limit).fetch_all(c))?,
        Some(state) => on!(tx, |c| sqlx::query_as(sql::IN_STATE)
            .bind(book)
            .bind(state.as_str())
            .bind(before)
            .bind(limit)
            .fetch_all(c))?,
    })
}

/// Publishes a sheet; fails unless it is compiled.
pub async fn publish(tx: &mut WriteTx, book: BookId, id: NoticeId, p: &Publication<'_>) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::PUBLISH)
        .bind(book)
        .bind(id)
        .bind(p.at)
        .bind(p.by)
        .bind(p.closes_at)
        .bind(p.digest)
        .bind(p.head_size)
        .bind(p.head_root)
        .execute(c))
}

/// Closes a sheet; fails unless it is published.
pub async fn close(tx: &mut WriteTx, book: BookId, id: NoticeId, at: Timestamp) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::CLOSE).bind(book).bind(id).bind(at).execute(c))
}

/// Takes down a sheet that is in state `from`.
pub async fn take_down(
    tx: &mut WriteTx,
    book: BookId,
    id: NoticeId,
    from: NoticeState,
    at: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::TAKE_DOWN)
        .bind(book)
        .bind(id)
        .bind(from.as_str())
        .bind(at)
        .execute(c))
}

/// The sheet with that number.
pub async fn by_no(tx: &mut Tx, book: BookId, no: i64) -> StoreResult<Option<NoticeRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_NO).bind(book).bind(no).fetch_optional(c))?)
}

/// Sheets that hang and whose digest is not in the log yet, oldest first.
pub async fn unsealed(tx: &mut Tx, book: BookId, limit: i64) -> StoreResult<Vec<NoticeRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::UNSEALED).bind(book).bind(limit).fetch_all(c))?)
}

/// Notes the transaction that holds a sheet's digest; fails if one does already.
pub async fn seal(tx: &mut WriteTx, book: BookId, id: NoticeId, seq: i64) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SEAL).bind(book).bind(id).bind(seq).execute(c))
}

/// Closed sheets whose clock ran out at or before `closed_by`, oldest first.
pub async fn stale(
    tx: &mut Tx,
    book: BookId,
    closed_by: Timestamp,
    limit: i64,
) -> StoreResult<Vec<NoticeRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::STALE).bind(book).bind(closed_by).bind(limit).fetch_all(c))?)
}

/// How many sheets are in `state`.
pub async fn count(tx: &mut Tx, book: BookId, state: NoticeState) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::COUNT).bind(book).bind(state.as_str()).fetch_one(c))?)
}
