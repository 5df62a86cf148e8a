//! `greencoin keys`: the verifier keys that outsiders need, and the beginning of a new key.

use std::io::Write;

use super::config::Books;
use crate::{service::Desk, store::log::Purpose};

/// Options of `keys`.
#[derive(Debug, clap::Args)]
pub struct Keys {
    /// Where the books are.
    #[command(flatten)]
    pub books: Books,
    /// What to do; shows the keys when absent.
    #[command(subcommand)]
    pub action: Option<Action>,
}

/// What can be done with keys.
#[derive(Debug, Clone, Copy, clap::Subcommand)]
pub enum Action {
    /// Begin a new key; what the old one signed stays valid.
    Rotate {
        /// Which key.
        #[arg(value_enum, default_value = "log")]
        purpose: Which,
    },
}

/// The keys there are.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Which {
    /// The key that signs heads of our own books.
    Log,
    /// The key that cosigns heads of others.
    Witness,
}

impl From<Which> for Purpose {
    fn from(which: Which) -> Self {
        match which {
            Which::Log => Self::Log,
            Which::Witness => Self::Witness,
        }
    }
}

/// Runs the command, writing to standard output.
pub async fn run(options: Keys) -> anyhow::Result<()> {
    let desk = options.books.open_desk().await?;
    let mut out = std::io::stdout().lock();
    if let Some(Action::Rotate { purpose }) = options.action {
        let purpose = purpose.into();
        // a first key, if there was none, so that the new one is a second
        desk.signing_keys(purpose).await?;
        let number = desk.rotate_key(purpose).await?;
        writeln!(out, "新密钥 new key: {} {number}", purpose.as_str())?;
    }
    show(&desk, Purpose::Log, "账套公钥 verifier keys of the books", &mut out).await?;
    show(&desk, Purpose::Witness, "见证公钥 verifier key of this witness", &mut out).await?;
    desk.db.close().await;
    Ok(())
}

async fn show(desk: &Desk, purpose: Purpose, heading: &str, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "{heading}")?;
    for key in desk.signing_keys(purpose).await? {
        for verifier in &key.verifiers {
            writeln!(out, "  {}  {}  {verifier}", key.number, key.since.minute())?;
        }
    }
    Ok(())
}
