//! The composition root: arguments, environment, logs, and one function for each command. The only user of clap,
//! anyhow and the environment.

use clap::{Parser, Subcommand};
use std::{io::Write, process::ExitCode};

pub mod bench;
pub mod config;
pub mod demo;
pub mod erase;
pub mod export;
pub mod import;
pub mod keys;
pub mod rules;
pub mod serve;
mod simulate;
pub mod telemetry;
mod tiles;
pub mod verify;
pub mod witness;

pub use serve::app;

/// Village points, love supermarket and time bank on an append-only ledger.
#[derive(Debug, Parser)]
#[command(name = "greencoin", version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve pages and API until told to stop.
    Serve(config::Serve),
    /// Fill an empty installation with a made-up village, and serve it.
    Demo(demo::Demo),
    /// Measure durable postings a second, and how far that is from the bare floor.
    Bench(bench::Bench),
    /// Check rule files, compare two versions, try one out over a year, print the schema for editors.
    Rules(rules::Rules),
    /// Re-derive everything that is stored and name the first thing that does not hold.
    Verify(verify::Verify),
    /// Write books out as files with digests, or check such files.
    Export(export::Export),
    /// Read exports back into an empty database.
    Import(import::Import),
    /// Show the keys that sign and verify heads of the log, or begin a new one.
    Keys(keys::Keys),
    /// Say whose heads we cosign and who cosigns ours.
    Witness(witness::Witness),
    /// Erase what is known of a person who has left, or the texts of a transaction; every proof stays valid.
    Erase(erase::Erase),
}

/// Runs the program; returns its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // nothing is left to do when standard error is gone
            let _ = writeln!(std::io::stderr(), "greencoin: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        match command {
            Command::Serve(options) => serve::run(options).await,
            Command::Demo(options) => demo::run(options).await,
            Command::Bench(options) => bench::run(options).await,
            Command::Rules(options) => rules::run(&options),
            Command::Verify(options) => verify::run(options).await,
            Command::Export(options) => export::run(options).await,
            Command::Import(options) => import::run(options).await,
            Command::Keys(options) => keys::run(options).await,
            Command::Witness(options) => witness::run(options).await,
            Command::Erase(options) => erase::run(options).await,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn verify_cli() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_certificate_needs_its_key_and_excludes_a_proxy_that_speaks_tls() {
        assert!(Arguments::try_parse_from(["greencoin", "serve", "--tls-cert", "c.pem"]).is_err());
        assert!(
            Arguments::try_parse_from(["greencoin", "serve", "--tls-self-signed", "--behind-tls"]).is_err()
        );
        assert!(Arguments::try_parse_from(["greencoin", "serve", "--behind-tls"]).is_ok());
    }
}
