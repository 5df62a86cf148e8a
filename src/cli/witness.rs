//! `greencoin witness`: whose heads this installation cosigns, and which witnesses it asks.

use std::io::Write;

use super::config::Books;
use crate::domain::time::Timestamp;

/// Options of `witness`.
#[derive(Debug, clap::Args)]
pub struct Witness {
    /// Where the books are.
    #[command(flatten)]
    pub books: Books,
    /// What to do; shows both sides when absent.
    #[command(subcommand)]
    pub action: Option<Action>,
}

/// What can be done.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum Action {
    /// Cosign the heads of a log from now on.
    Trust {
        /// The log's verifier key, from its `greencoin keys`.
        key: String,
    },
    /// Ask a witness to cosign our heads from now on.
    Ask {
        /// Its address, `http://HOST/witness`.
        url: String,
        /// Its verifier key, from its `greencoin keys`.
        key: String,
    },
    /// Ask a witness no more.
    Forget {
        /// Its address.
        url: String,
    },
}

/// Runs the command, writing to standard output.
pub async fn run(options: Witness) -> anyhow::Result<()> {
    let desk = options.books.open_desk().await?;
    match &options.action {
        None => {}
        Some(Action::Trust { key }) => desk.trust_log(key).await?,
        Some(Action::Ask { url, key }) => desk.ask_witness(url, key).await?,
        Some(Action::Forget { url }) => desk.forget_witness(url).await?,
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "我们见证的账套 logs that we cosign")?;
    for log in desk.trusted_logs().await? {
        let last = log.asked_at.map_or_else(|| "-".to_owned(), Timestamp::minute);
        writeln!(out, "  {last}  {}", log.vkey)?;
    }
    writeln!(out, "为我们见证的 witnesses that we ask")?;
    for witness in desk.witnesses().await? {
        writeln!(out, "  {}  {}", witness.url, witness.vkey)?;
    }
    desk.db.close().await;
    Ok(())
}
