//! `greencoin bench`: how fast this machine posts, durably, and how far that is from the bare floor: the same rows in
//! the same batch sizes, written by a loop that decides nothing. Figures are ratios within one run; machines are noisy.

use std::{io::Write, path::PathBuf, sync::Arc};

use anyhow::Context;
use serde::Serialize;

use crate::{
    domain::{
        entropy::ChaChaEntropy,
        time::{Clock, SystemClock},
    },
    service::{Desk, Keys},
    store::connect::{self, Migrate},
};

mod floor;
mod ledger;

/// Options of `greencoin bench`.
#[derive(Debug, clap::Args)]
pub struct Bench {
    /// A PostgreSQL server where databases may be created; without it, a SQLite file in a temporary folder.
    #[arg(long, env = "GREENCOIN_BENCH_URL")]
    pub database_url: Option<String>,
    /// Postings a measurement.
    #[arg(long, default_value_t = 20_000)]
    pub postings: u32,
    /// Commands waiting at once, a measurement each.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 32, 1024])]
    pub concurrency: Vec<u32>,
    /// One JSON object a row instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// One measurement.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    /// What was done.
    pub workload: &'static str,
    /// Commands waiting at once.
    pub concurrency: u32,
    /// Postings made durable in a second.
    pub postings_per_s: f64,
    /// Median latency, milliseconds.
    pub p50_ms: f64,
    /// 99th percentile, milliseconds.
    pub p99_ms: f64,
    /// Postings in a commit, on average.
    pub batch: f64,
    /// Ours ÷ the floor, at the same batch size, in this run.
    pub over_floor: f64,
}

/// Runs the measurements and prints them.
pub async fn run(options: Bench) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let folder = tempfile_folder()?;
    let (url, drop) = match &options.database_url {
        None => (connect::sqlite_url(&folder), None),
        Some(server) => {
            let name = format!("greencoin_bench_{}", std::process::id());
            (connect::create_database(server, &name).await?, Some((server.clone(), name)))
        }
    };
    let db = connect::open(&url, Migrate::Run).await.context("opening the bench database")?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let desk = Desk::new(db.clone(), clock, Arc::new(ChaChaEntropy::from_seed(1)), Keys::new([1; 32]));
    if !options.json {
        writeln!(out, "engine    workload    waiting  postings/s    p50 ms    p99 ms   batch  ours/floor")?;
    }
    for concurrency in &options.concurrency {
        let row = ledger::measure(&desk, *concurrency, options.postings).await?;
        if options.json {
            writeln!(out, "{}", serde_json::to_string(&row)?)?;
        } else {
            writeln!(
                out,
                "{:<9} {:<11} {:>7}  {:>10.0}  {:>8.2}  {:>8.2}  {:>6.1}  {:>10.2}",
                row.engine,
                row.workload,
                row.concurrency,
                row.postings_per_s,
                row.p50_ms,
                row.p99_ms,
                row.batch,
                row.over_floor
            )?;
        }
        out.flush()?;
    }
    db.close().await;
    if let Some((server, name)) = drop {
        connect::drop_database(&server, &name).await?;
    }
    std::fs::remove_dir_all(&folder).context("removing the bench folder")
}

/// A new folder that nobody else uses.
fn tempfile_folder() -> anyhow::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("greencoin-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).context("making the bench folder")?;
    Ok(folder)
}
