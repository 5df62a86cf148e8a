//! `greencoin erase`: what is known of a person who has left, or the texts of one transaction. Cannot be undone.

use std::io::Write;

use super::config::Books;
use crate::{domain::household::PersonNo, service::Actor};

/// Options of `erase`.
#[derive(Debug, clap::Args)]
#[group(id = "what", required = true, multiple = false, args = ["person", "transaction"])]
pub struct Erase {
    /// Where the books are.
    #[command(flatten)]
    pub books: Books,
    /// The number of the programme.
    #[arg(long, value_name = "NO")]
    pub book: i64,
    /// The person's number.
    #[arg(long, value_name = "P000000")]
    pub person: Option<PersonNo>,
    /// The transaction's place.
    #[arg(long, value_name = "SEQ")]
    pub transaction: Option<i64>,
    /// Who asked for it, on which basis: kept in the history.
    #[arg(long)]
    pub reason: String,
}

/// Runs the command, writing what it did to standard output.
pub async fn run(options: Erase) -> anyhow::Result<()> {
    let desk = options.books.open_desk().await?;
    let book = desk.public_book(options.book).await?.book_id;
    let by = Actor::System;
    let mut out = std::io::stdout().lock();
    if let Some(person) = &options.person {
        let texts = desk.erase_person(&by, book, person, &options.reason).await?;
        writeln!(out, "已删除 erased: {person}, {texts} 笔文字 texts")?;
    }
    if let Some(seq) = options.transaction {
        desk.erase_transaction_texts(&by, book, seq, &options.reason).await?;
        writeln!(out, "已删除 erased: {seq}")?;
    }
    desk.db.close().await;
    Ok(())
}
