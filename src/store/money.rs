//! Receipts of money (资金到账): what one person wrote and another confirmed. The money itself is the ledger's.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, FundId, MoneyId},
    time::{Day, Timestamp},
};

macro_rules! columns {
    () => {
        "m.id, m.no, m.fund_id, f.code AS fund, f.name AS fund_name, f.name_en AS fund_name_en, f.kind, m.fen, \
         m.payer, m.document, m.purpose, m.received_on, m.state, m.recorded_at, m.recorded_by, m.decided_at, \
         m.decided_by, m.reason, m.seq, m.receipt_no, \
         (SELECT t.seq FROM txn AS t WHERE t.book_id = m.book_id AND t.reverses_seq = m.seq) AS reversed_by"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Writes a receipt down.
        ADD = "INSERT INTO money_receipt (book_id, id, no, fund_id, fen, payer, document, purpose, received_on, state, \
            recorded_at, recorded_by, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'recorded', $10, $11, '')";
        /// The second person's word.
        DECIDE = "UPDATE money_receipt SET state = $3, decided_at = $4, decided_by = $5, reason = $6, seq = $7, \
            receipt_no = $8 WHERE book_id = $1 AND id = $2 AND state = 'recorded'";
        /// One.
        ONE = concat!("SELECT ", columns!(), " FROM money_receipt AS m JOIN fund AS f ON f.book_id = m.book_id \
            AND f.id = m.fund_id WHERE m.book_id = $1 AND m.id = $2");
        /// Those numbered below `$2`, newest first.
        LIST = concat!("SELECT ", columns!(), " FROM money_receipt AS m JOIN fund AS f ON f.book_id = m.book_id \
            AND f.id = m.fund_id WHERE m.book_id = $1 AND m.no < $2 ORDER BY m.no DESC LIMIT $3");
        /// How many wait for the second person.
        WAITING = "SELECT CAST(COUNT(*) AS BIGINT) FROM money_receipt WHERE book_id = $1 AND state = 'recorded'";
    }
}

/// Money that came in.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct MoneyRow {
    /// Its name.
    pub id: MoneyId,
    /// Its number in the register.
    pub no: i64,
    /// Into which fund.
    pub fund_id: FundId,
    /// The fund's code.
    pub fund: String,
    /// What the fund is called.
    pub fund_name: String,
    /// The same in English.
    pub fund_name_en: String,
    /// The kind of source the fund is.
    pub kind: String,
    /// How much, in fen.
    pub fen: i64,
    /// Who paid.
    pub payer: String,
    /// The number of the paper.
    pub document: String,
    /// What it may be spent on.
    pub purpose: String,
    /// The day it came.
    pub received_on: Day,
    /// `recorded`, `confirmed` or `refused`.
    pub state: String,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: String,
    /// When the second person decided.
    pub decided_at: Option<Timestamp>,
    /// Who that was.
    pub decided_by: Option<String>,
    /// Why it was refused.
    pub reason: String,
    /// Its posting.
    pub seq: Option<i64>,
    /// The number on the paper for the donor.
    pub receipt_no: Option<i64>,
    /// The posting that undid it.
    pub reversed_by: Option<i64>,
}

/// Money to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMoney<'a> {
    /// Its name.
    pub id: MoneyId,
    /// Its number.
    pub no: i64,
    /// Into which fund.
    pub fund: FundId,
    /// How much.
    pub fen: i64,
    /// Who paid.
    pub payer: &'a str,
    /// The number of the paper.
    pub document: &'a str,
    /// What for.
    pub purpose: &'a str,
    /// The day it came.
    pub received_on: Day,
    /// When it is written down.
    pub at: Timestamp,
    /// By whom.
    pub by: &'a str,
}

/// The second person's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyDecision<'a> {
    /// `confirmed` or `refused`.
    pub state: &'a str,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: &'a str,
    /// Why it was refused.
    pub reason: &'a str,
    /// Its posting.
    pub seq: Option<i64>,
    /// The number on the paper for the donor.
    pub receipt_no: Option<i64>,
}

/// Writes a receipt down.
pub async fn add(tx: &mut WriteTx, book: BookId, m: &NewMoney<'_>) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(m.id)
        .bind(m.no)
        .bind(m.fund)
        .bind(m.fen)
        .bind(m.payer)
        .bind(m.document)
        .bind(m.purpose)
        .bind(m.received_on)
        .bind(m.at)
        .bind(m.by)
        .execute(c))
}

/// The second person's word, once.
pub async fn decide(tx: &mut WriteTx, book: BookId, id: MoneyId, d: &MoneyDecision<'_>) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::DECIDE)
        .bind(book)
        .bind(id)
        .bind(d.state)
        .bind(d.at)
        .bind(d.by)
        .bind(d.reason)
        .bind(d.seq)
        .bind(d.receipt_no)
        .execute(c))
}

/// One.
pub async fn one(tx: &mut Tx, book: BookId, id: MoneyId) -> StoreResult<Option<MoneyRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// Those numbered below `before`, newest first.
pub async fn list(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<MoneyRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// How many wait for the second person.
pub async fn waiting(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::WAITING).bind(book).fetch_one(c))?)
}
