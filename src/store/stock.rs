//! Stock papers (入库单, 调拨单, 报损单, 盘点单) and their lines. Batches and shelves are [`super::shelf`]'s.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{BookId, CounterId, HouseholdId, StockPaperId},
    time::{Day, Timestamp},
};

macro_rules! columns {
    () => {
        "id, no, kind, counter_id, to_counter_id, fund, donor, donor_household_id, reason, note, state, drawn_at, drawn_by, \
            decided_at, decided_by, words, txn_seq, photo"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a paper.
        ADD = "INSERT INTO stock_paper (book_id, id, no, kind, counter_id, to_counter_id, fund, donor, \
            donor_household_id, reason, note, state, drawn_at, drawn_by) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        /// One paper.
        ONE = concat!("SELECT ", columns!(), " FROM stock_paper WHERE book_id = $1 AND id = $2");
        /// The paper that a transaction came from.
        BY_SEQ = concat!("SELECT ", columns!(), " FROM stock_paper WHERE book_id = $1 AND txn_seq = $2");
        /// Papers, the latest first, before a number.
        LIST = concat!("SELECT ", columns!(), " FROM stock_paper WHERE book_id = $1 AND no < $2 \
            ORDER BY no DESC LIMIT $3");
        /// Papers in a state, the latest first, before a number.
        IN_STATE = concat!("SELECT ", columns!(), " FROM stock_paper WHERE book_id = $1 AND state = $2 AND no < $3 \
            ORDER BY no DESC LIMIT $4");
        /// The count that is under way at a counter.
        COUNTING = concat!("SELECT ", columns!(), " FROM stock_paper WHERE book_id = $1 AND counter_id = $2 \
            AND state = 'counting' ORDER BY no LIMIT 1");
        /// Codes of the counters at which a count is under way.
        COUNTED_NOW = "SELECT c.code FROM stock_paper AS p JOIN counter AS c ON c.book_id = p.book_id \
            AND c.id = p.counter_id WHERE p.book_id = $1 AND p.state = 'counting' ORDER BY c.code LIMIT 200";
        /// The papers posted by a run of transactions.
        POSTED_BETWEEN = concat!("SELECT ", columns!(), " FROM stock_paper WHERE book_id = $1 AND txn_seq > $2 \
            AND txn_seq <= $3 ORDER BY txn_seq");
        /// What a household of the village is shown by on its papers, once it has nobody left.
        ERASE_DONOR = "UPDATE stock_paper SET donor = '—', note = '', words = CASE WHEN words IS NULL THEN NULL ELSE '' END \
            WHERE book_id = $1 AND donor_household_id = $2";
        /// What was written on the paper of a transaction.
        ERASE_WORDS = "UPDATE stock_paper SET donor = CASE WHEN donor = '' THEN '' ELSE '—' END, note = '', words = '' \
            WHERE book_id = $1 AND txn_seq = $2";
        /// How many papers say they were posted.
        POSTED = "SELECT CAST(COUNT(*) AS BIGINT) FROM stock_paper WHERE book_id = $1 AND txn_seq IS NOT NULL";
        /// A step before the end.
        MOVE = "UPDATE stock_paper SET state = $4 WHERE book_id = $1 AND id = $2 AND state = $3";
        /// The end.
        DECIDE = "UPDATE stock_paper SET state = $4, decided_at = $5, decided_by = $6, words = $7, txn_seq = $8 \
            WHERE book_id = $1 AND id = $2 AND state = $3 AND photo IS NOT DISTINCT FROM $9";
        /// Adds a line.
        ADD_LINE = "INSERT INTO stock_line (book_id, paper_id, line, sku, pieces, last_day, label, cost_fen, batch) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        /// What was counted of an article; counted again, it counts from then.
        COUNT_LINE = "INSERT INTO stock_line (book_id, paper_id, line, sku, pieces, label, counted_seq) \
            VALUES ($1, $2, $3, $4, $5, '', $6) ON CONFLICT (book_id, paper_id, line) \
            DO UPDATE SET pieces = excluded.pieces, counted_seq = excluded.counted_seq";
        /// The lines of a paper.
        LINES = "SELECT line, sku, pieces, last_day, label, cost_fen, batch, counted_seq, book_pieces, cost_was, \
            cost_now FROM stock_line WHERE book_id = $1 AND paper_id = $2 ORDER BY line LIMIT 1000";
        /// What the second person's agreement found.
        SETTLE_LINE = "UPDATE stock_line SET batch = $4, book_pieces = $5, cost_was = $6, cost_now = $7 \
            WHERE book_id = $1 AND paper_id = $2 AND line = $3";
    }
}

/// A stock paper.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PaperRow {
    /// Its name inside.
    pub id: StockPaperId,
    /// Its number: consecutive over all kinds.
    pub no: i64,
    /// `receipt`, `transfer`, `loss` or `count`.
    pub kind: String,
    /// Which counter; of a transfer, where from.
    pub counter_id: CounterId,
    /// Where a transfer goes.
    pub to_counter_id: Option<CounterId>,
    /// The source a receipt counts against.
    pub fund: Option<String>,
    /// Who gave the goods; empty when they were bought.
    pub donor: String,
    /// The household of the village that gave them.
    pub donor_household_id: Option<HouseholdId>,
    /// Why goods are written off.
    pub reason: Option<String>,
    /// What else there is to say.
    pub note: String,
    /// How far it is.
    pub state: String,
    /// When it was drawn up.
    pub drawn_at: Timestamp,
    /// By whom.
    pub drawn_by: String,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<String>,
    /// With what words.
    pub words: Option<String>,
    /// Its place in the ledger.
    pub txn_seq: Option<i64>,
    /// SHA-256 of the photo of what is written off.
    pub photo: Option<Vec<u8>>,
}

/// A line of a stock paper.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PaperLineRow {
    /// 1, 2, 3 …; of a count, the article's number.
    pub line: i32,
    /// The article.
    pub sku: i64,
    /// Pieces moved; of a count, found.
    pub pieces: i64,
    /// The last day of what came.
    pub last_day: Option<Day>,
    /// The maker's mark of the batch.
    pub label: String,
    /// What one piece cost.
    pub cost_fen: Option<i64>,
    /// The batch named, or the one it became.
    pub batch: Option<i64>,
    /// The last transaction before it was counted.
    pub counted_seq: Option<i64>,
    /// Pieces by the book when they were counted; known from the second person's agreement on.
    pub book_pieces: Option<i64>,
    /// What a piece cost before.
    pub cost_was: Option<i64>,
    /// What a piece costs since.
    pub cost_now: Option<i64>,
}

/// How a paper ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaperEnd<'a> {
    /// From which state.
    pub from: &'a str,
    /// To which.
    pub to: &'a str,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: &'a str,
    /// With what words.
    pub words: &'a str,
    /// Its place in the ledger.
    pub txn_seq: Option<i64>,
    /// The photo that was there when it was decided.
    pub photo: Option<&'a [u8]>,
}

/// Adds a paper.
pub async fn add(tx: &mut WriteTx, book: BookId, p: &PaperRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(p.id)
        .bind(p.no)
        .bind(&p.kind)
        .bind(p.counter_id)
        .bind(p.to_counter_id)
        .bind(&p.fund)
        .bind(&p.donor)
        .bind(p.donor_household_id)
        .bind(&p.reason)
        .bind(&p.note)
        .bind(&p.state)
        .bind(p.drawn_at)
        .bind(&p.drawn_by)
        .execute(c))
}

/// One paper.
pub async fn one(tx: &mut Tx, book: BookId, id: StockPaperId) -> StoreResult<Option<PaperRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The paper that a transaction came from.
pub async fn by_seq(tx: &mut Tx, book: BookId, seq: i64) -> StoreResult<Option<PaperRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_SEQ).bind(book).bind(seq).fetch_optional(c))?)
}

/// Papers before number `before`, the latest first.
pub async fn list(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<PaperRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// Papers in a state before number `before`, the latest first.
pub async fn in_state(
    tx: &mut Tx,
    book: BookId,
    state: &str,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<PaperRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::IN_STATE)
        .bind(book)
        .bind(state)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// The count that is under way at a counter.
pub async fn counting(tx: &mut Tx, book: BookId, counter: CounterId) -> StoreResult<Option<PaperRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::COUNTING).bind(book).bind(counter).fetch_optional(c))?)
}

/// Codes of the counters at which a count is under way.
pub async fn counted_now(tx: &mut Tx, book: BookId) -> StoreResult<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::COUNTED_NOW).bind(book).fetch_all(c))?)
}

/// The papers posted by transactions after `after` up to `through`.
pub async fn posted_between(
    tx: &mut Tx,
    book: BookId,
    after: i64,
    through: i64,
) -> StoreResult<Vec<PaperRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::POSTED_BETWEEN).bind(book).bind(after).bind(through).fetch_all(c))?)
}

/// Who gave, on the papers of a household with nobody left in it.
pub async fn erase_donor(tx: &mut WriteTx, book: BookId, household: HouseholdId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_DONOR).bind(book).bind(household).execute(c))
}

/// What was written on the paper of a transaction.
pub async fn erase_words(tx: &mut WriteTx, book: BookId, seq: i64) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_WORDS).bind(book).bind(seq).execute(c))
}

/// How many papers say they were posted.
pub async fn posted(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::POSTED).bind(book).fetch_one(c))?)
}

/// A step before the end; fails unless the paper is in `from`.
pub async fn move_on(
    tx: &mut WriteTx,
    book: BookId,
    id: StockPaperId,
    from: &str,
    to: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::MOVE).bind(book).bind(id).bind(from).bind(to).execute(c))
}

/// The end; fails unless the paper is where it ends from.
pub async fn decide(tx: &mut WriteTx, book: BookId, id: StockPaperId, end: &PaperEnd<'_>) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::DECIDE)
        .bind(book)
        .bind(id)
        .bind(end.from)
        .bind(end.to)
        .bind(end.at)
        .bind(end.by)
        .bind(end.words)
        .bind(end.txn_seq)
        .bind(end.photo)
        .execute(c))
}

/// Adds a line.
pub async fn add_line(
    tx: &mut WriteTx,
    book: BookId,
    paper: StockPaperId,
    l: &PaperLineRow,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_LINE)
        .bind(book)
        .bind(paper)
        .bind(l.line)
        .bind(l.sku)
        .bind(l.pieces)
        .bind(l.last_day)
        .bind(&l.label)
        .bind(l.cost_fen)
        .bind(l.batch)
        .execute(c))
}

/// What was counted of an article, after the transaction `seq`.
pub async fn count_line(
    tx: &mut WriteTx,
    book: BookId,
    paper: StockPaperId,
    line: i32,
    (sku, pieces): (i64, i64),
    seq: i64,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::COUNT_LINE)
        .bind(book)
        .bind(paper)
        .bind(line)
        .bind(sku)
        .bind(pieces)
        .bind(seq)
        .execute(c))
}

/// The lines of a paper.
pub async fn lines(tx: &mut Tx, book: BookId, paper: StockPaperId) -> StoreResult<Vec<PaperLineRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LINES).bind(book).bind(paper).fetch_all(c))?)
}

/// What the second person's agreement found.
pub async fn settle_line(
    tx: &mut WriteTx,
    book: BookId,
    paper: StockPaperId,
    l: &PaperLineRow,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SETTLE_LINE)
        .bind(book)
        .bind(paper)
        .bind(l.line)
        .bind(l.batch)
        .bind(l.book_pieces)
        .bind(l.cost_was)
        .bind(l.cost_now)
        .execute(c))
}
