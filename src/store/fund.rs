//! Sources of money behind points (资金来源). What stands on them is the ledger's.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::ids::{BookId, FundId};

macro_rules! columns {
    () => {
        "id, code, name, name_en, kind, payer, document, purpose, carries_over"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a fund.
        ADD = concat!("INSERT INTO fund (book_id, ", columns!(), ") \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        /// One fund.
        ONE = concat!("SELECT ", columns!(), " FROM fund WHERE book_id = $1 AND id = $2");
        /// One fund by its code.
        BY_CODE = concat!("SELECT ", columns!(), " FROM fund WHERE book_id = $1 AND code = $2");
        /// The funds of a book.
        LIST = concat!("SELECT ", columns!(), " FROM fund WHERE book_id = $1 ORDER BY code LIMIT 100");
    }
}

/// A source of money.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FundRow {
    /// Its name inside.
    pub id: FundId,
    /// Its code: part of account paths.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// In English.
    pub name_en: String,
    /// Which kind of source, as [`crate::domain::money::SourceKind`] says it.
    pub kind: String,
    /// Who pays.
    pub payer: String,
    /// The number of the paper it rests on.
    pub document: String,
    /// What it may be spent on.
    pub purpose: String,
    /// Whether what a year left of the budget stays for the next.
    pub carries_over: bool,
}

/// Adds a fund.
pub async fn add(tx: &mut WriteTx, book: BookId, f: &FundRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(f.id)
        .bind(&f.code)
        .bind(&f.name)
        .bind(&f.name_en)
        .bind(&f.kind)
        .bind(&f.payer)
        .bind(&f.document)
        .bind(&f.purpose)
        .bind(f.carries_over)
        .execute(c))
}

/// One fund.
pub async fn one(tx: &mut Tx, book: BookId, id: FundId) -> StoreResult<Option<FundRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// One fund by its code.
pub async fn by_code(tx: &mut Tx, book: BookId, code: &str) -> StoreResult<Option<FundRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_CODE).bind(book).bind(code).fetch_optional(c))?)
}

/// The funds of a book, by code.
pub async fn list(tx: &mut Tx, book: BookId) -> StoreResult<Vec<FundRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).fetch_all(c))?)
}
