//! Files for the national system, their lines, and the answers.

use crate::{
    domain::{ids::BookId, time::Timestamp},
    store::{StoreResult, Tx, WriteTx, exactly, on},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a file.
        ADD = "INSERT INTO time_file (book_id, no, key, made_at, made_by, lines) VALUES ($1, $2, $3, $4, $5, $6)";
        /// Adds a line of it.
        ADD_LINE = "INSERT INTO time_file_line (book_id, file_no, place, root, seq, minutes) VALUES ($1, $2, $3, $4, $5, $6)";
        /// One file.
        ONE = "SELECT no, key, made_at, made_by, lines FROM time_file WHERE book_id = $1 AND no = $2";
        /// Made under a key.
        BY_KEY = "SELECT no, key, made_at, made_by, lines FROM time_file WHERE book_id = $1 AND made_by = $2 AND key = $3";
        /// The latest first.
        LATEST = "SELECT no, key, made_at, made_by, lines FROM time_file WHERE book_id = $1 AND no < $2 ORDER BY no DESC \
            LIMIT $3";
        /// Lines after a place.
        LINES = "SELECT file_no, place, root, seq, minutes, answer, foreign_no, reason, answered_at, answered_by \
            FROM time_file_line WHERE book_id = $1 AND file_no = $2 AND place > $3 ORDER BY place LIMIT $4";
        /// One line.
        LINE = "SELECT file_no, place, root, seq, minutes, answer, foreign_no, reason, answered_at, answered_by \
            FROM time_file_line WHERE book_id = $1 AND file_no = $2 AND place = $3";
        /// The earlier lines of a service that were taken, the latest first.
        TAKEN = "SELECT file_no, place, root, seq, minutes, answer, foreign_no, reason, answered_at, answered_by \
            FROM time_file_line WHERE book_id = $1 AND root = $2 AND file_no < $3 AND answer = 'accepted' \
            ORDER BY file_no DESC LIMIT 1";
        /// Answers a line.
        ANSWER = "UPDATE time_file_line SET answer = $4, foreign_no = $5, reason = $6, answered_at = $7, answered_by = $8 \
            WHERE book_id = $1 AND file_no = $2 AND place = $3 AND answer IS NULL";
    }
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FileRow {
    /// Its number.
    pub no: i64,
    /// What makes one form sent twice one file.
    pub key: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
    /// How many services it tells of.
    pub lines: i64,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FileLineRow {
    /// Of which file.
    pub file_no: i64,
    /// Its place there.
    pub place: i64,
    /// The transaction that put the service into the book.
    pub root: i64,
    /// The transaction that said its minutes; 0 when it had been undone.
    pub seq: i64,
    /// How many.
    pub minutes: i64,
    /// The answer.
    pub answer: Option<String>,
    /// Its number with the national system.
    pub foreign_no: Option<String>,
    /// Why it was not taken.
    pub reason: Option<String>,
    /// When the answer was entered.
    pub answered_at: Option<Timestamp>,
    /// By whom.
    pub answered_by: Option<String>,
}

/// What is answered to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnswer<'a> {
    /// `accepted` or `refused`.
    pub answer: &'a str,
    /// Its number with the national system.
    pub foreign_no: Option<&'a str>,
    /// Why it was not taken.
    pub reason: Option<&'a str>,
    /// When it is entered.
    pub at: Timestamp,
    /// By whom.
    pub by: &'a str,
}

/// Adds a file with its lines: root, transaction, minutes.
pub async fn add(tx: &mut WriteTx, book: BookId, f: &FileRow, lines: &[(i64, i64, i64)]) -> StoreResult<()> {
    let done: StoreResult<()> = exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(f.no)
        .bind(&f.key)
        .bind(f.made_at)
        .bind(&f.made_by)
        .bind(f.lines)
        .execute(c));
    done?;
    for (place, (root, seq, minutes)) in (1_i64..).zip(lines) {
        let done: StoreResult<()> = exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_LINE)
            .bind(book)
            .bind(f.no)
            .bind(place)
            .bind(root)
            .bind(seq)
            .bind(minutes)
            .execute(c));
        done?;
    }
    Ok(())
}

/// One file.
pub async fn one(tx: &mut Tx, book: BookId, no: i64) -> StoreResult<Option<FileRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(no).fetch_optional(c))?)
}

/// The file that somebody made under a key.
pub async fn by_key(tx: &mut Tx, book: BookId, by: &str, key: &str) -> StoreResult<Option<FileRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_KEY).bind(book).bind(by).bind(key).fetch_optional(c))?)
}

/// Files numbered below `before`, the latest first.
pub async fn latest(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<FileRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LATEST).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// Lines of a file after a place.
pub async fn lines(
    tx: &mut Tx,
    (book, no): (BookId, i64),
    after: i64,
    limit: i64,
) -> StoreResult<Vec<FileLineRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES).bind(book).bind(no).bind(after).bind(limit).fetch_all(c))?)
}

/// One line of a file.
pub async fn line(tx: &mut Tx, book: BookId, no: i64, place: i64) -> StoreResult<Option<FileLineRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LINE).bind(book).bind(no).bind(place).fetch_optional(c))?)
}

/// The last line of a service before file `no` that the national system took.
pub async fn taken(tx: &mut Tx, book: BookId, root: i64, no: i64) -> StoreResult<Option<FileLineRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::TAKEN).bind(book).bind(root).bind(no).fetch_optional(c))?)
}

/// Answers a line. Fails when it has an answer.
pub async fn answer(
    tx: &mut WriteTx,
    (book, no, place): (BookId, i64, i64),
    a: &NewAnswer<'_>,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ANSWER)
        .bind(book)
        .bind(no)
        .bind(place)
        .bind(a.answer)
        .bind(a.foreign_no)
        .bind(a.reason)
        .bind(a.at)
        .bind(a.by)
        .execute(c))
}
