//! `greencoin verify`: re-derives every book and says, in both languages, whether it holds. The exit status is 1 when
//! something does not.

use std::io::Write;

use anyhow::bail;

use super::config::Books;
use crate::service::verify::{BookReport, VerifyReport};

/// Options of `verify`.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// Where the books are.
    #[command(flatten)]
    pub books: Books,
    /// The number of one programme; all of them when absent.
    #[arg(long, value_name = "NO")]
    pub book: Option<i64>,
}

/// Runs the command, writing to standard output.
pub async fn run(options: Verify) -> anyhow::Result<()> {
    let desk = options.books.open_desk().await?;
    let report = desk.verify_books(options.book).await;
    desk.db.close().await;
    let report = report?;
    write(&report, &mut std::io::stdout().lock())?;
    if report.holds() { Ok(()) } else { bail!("verification failed") }
}

/// Writes the report for people.
pub fn write(report: &VerifyReport, out: &mut impl Write) -> std::io::Result<()> {
    if report.books.is_empty() {
        writeln!(out, "没有账套 · no books")?;
    }
    for book in &report.books {
        one(book, out)?;
    }
    Ok(())
}

fn one(book: &BookReport, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{} {} · {}", book.no, book.name, book.name_en)?;
    writeln!(out, "  交易 transactions {}  分录 entries {}", book.transactions, book.entries)?;
    writeln!(out, "  加减分 awards {}  兑换 redemptions {}", book.awards, book.redemptions)?;
    writeln!(out, "  默克尔根 root {}", book.root)?;
    match &book.fault {
        None => writeln!(out, "  相符 · holds"),
        Some(fault) => {
            let seq = fault.seq.map_or_else(|| "-".to_owned(), |seq| seq.to_string());
            writeln!(out, "  不符 · FAULT  seq={seq} table={} field={}", fault.table, fault.field)?;
            if !fault.row.is_empty() {
                writeln!(out, "    行 row      {}", fault.row)?;
            }
            writeln!(out, "    应为 expected {}", fault.expected)?;
            writeln!(out, "    实为 found    {}", fault.found)
        }
    }
}
