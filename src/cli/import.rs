//! `greencoin import`: reads exports back into an empty database, all of them or nothing.

use std::{io::Write, path::PathBuf};

use super::config::Books;
use crate::{domain::tlog::VerifierKey, service::restore};

/// Options of `import`.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// Where the books shall be.
    #[command(flatten)]
    pub books: Books,
    /// A pack or an export with `--format jsonl`, of one book or with a folder for each.
    #[arg(long, value_name = "DIR")]
    pub from: PathBuf,
    /// The verifier key of the log, NAME+ID+KEY; the one in the export when absent.
    #[arg(long, value_name = "KEY")]
    pub key: Option<VerifierKey>,
}

/// Runs the command, writing to standard output.
pub async fn run(options: Import) -> anyhow::Result<()> {
    let folders = restore::books_of(&options.from)?;
    let desk = options.books.open_desk().await?;
    let imported = desk.import(&folders, options.key.as_ref()).await;
    desk.db.close().await;
    let mut out = std::io::stdout().lock();
    for book in imported? {
        writeln!(out, "{} {}", book.no, book.name)?;
        writeln!(out, "  交易 transactions {}", book.transactions)?;
        writeln!(out, "  默克尔根 root {}", book.root)?;
        writeln!(out, "  密钥 key {}", book.key)?;
        writeln!(
            out,
            "  已导入账，不含人员、凭据和私人文字 · the ledger: no people, papers or private texts"
        )?;
    }
    Ok(())
}
