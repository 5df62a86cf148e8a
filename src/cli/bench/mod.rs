//! `greencoin bench`: how fast this machine posts, durably, and how far that is from the bare floor: the same rows in
//! the same batch sizes, written by a loop that decides nothing. Figures are ratios within one run; machines are noisy.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};
use serde::Serialize;

use super::config::Books;
use crate::{
    domain::{
        entropy::ChaChaEntropy,
        time::{Clock, SystemClock},
    },
    service::{Desk, Keys},
    store::{
        self,
        connect::{self, Migrate},
    },
};

mod floor;
mod ledger;
mod pages;
mod redeem;
mod served;

use served::{Place, Served};

/// Redemptions over HTTP: clients at once, a measurement each.
const CLIENTS: [u32; 2] = [1, 32];

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Durable postings a second, against the bare floor.
    Postings,
    /// The program as a process serving the demo village: start, memory, redemptions over HTTP, weight of pages.
    Village,
}

/// Options of `greencoin bench`.
#[derive(Debug, clap::Args)]
pub struct Bench {
    /// A PostgreSQL server where databases may be created; without it, SQLite files in a temporary folder.
    #[arg(long, env = "GREENCOIN_BENCH_URL")]
    pub database_url: Option<String>,
    /// What to measure.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Part::Postings, Part::Village])]
    pub part: Vec<Part>,
    /// Postings a measurement.
    #[arg(long, default_value_t = 20_000)]
    pub postings: u32,
    /// Commands waiting at once, a measurement each.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 32, 1024])]
    pub concurrency: Vec<u32>,
    /// Redemptions over HTTP a measurement.
    #[arg(long, default_value_t = 2_000)]
    pub redemptions: usize,
    /// One JSON object a row instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// One measurement of a load.
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
    /// 99.9th percentile, milliseconds.
    pub p999_ms: f64,
    /// Postings in a commit, on average; unknown from outside.
    pub batch: Option<f64>,
    /// Ours ÷ the floor, at the same batch size, in this run; where there is a floor.
    pub over_floor: Option<f64>,
}

impl Row {
    fn line(&self) -> String {
        let shown =
            |figure: Option<f64>, digits| figure.map_or("–".to_owned(), |f| format!("{f:.digits$}"));
        format!(
            "{:<9} {:<11} {:>7}  {:>10.0}  {:>8.2}  {:>8.2}  {:>8.2}  {:>6}  {:>10}",
            self.engine,
            self.workload,
            self.concurrency,
            self.postings_per_s,
            self.p50_ms,
            self.p99_ms,
            self.p999_ms,
            shown(self.batch, 1),
            shown(self.over_floor, 2)
        )
    }
}

/// One figure that is not a load.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// Of what.
    pub what: String,
    /// How much.
    pub value: f64,
    /// Of which unit.
    pub unit: &'static str,
    /// The same, compressed with gzip.
    pub gzip: Option<f64>,
}

impl Figure {
    fn plain(what: &str, value: f64, unit: &'static str) -> Self {
        Self { what: what.to_owned(), value, unit, gzip: None }
    }

    fn kib(what: String, plain: usize, gzip: usize) -> Self {
        let kib = |bytes| f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1024.0;
        Self { what, value: kib(plain), unit: "KiB", gzip: Some(kib(gzip)) }
    }

    fn line(&self) -> String {
        let gzip = self.gzip.map(|gzip| format!("  {gzip:>8.1} gzip")).unwrap_or_default();
        format!("{:<36} {:>8.1} {}{gzip}", self.what, self.value, self.unit)
    }
}

/// Where the figures go.
struct Sheet {
    json: bool,
}

impl Sheet {
    fn say(&self, line: &str) -> anyhow::Result<()> {
        if self.json { Ok(()) } else { Self::print(line) }
    }

    fn row(&self, row: &Row) -> anyhow::Result<()> {
        Self::print(&if self.json { serde_json::to_string(row)? } else { row.line() })
    }

    fn figure(&self, figure: &Figure) -> anyhow::Result<()> {
        Self::print(&if self.json { serde_json::to_string(figure)? } else { figure.line() })
    }

    fn print(line: &str) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")?;
        Ok(out.flush()?)
    }
}

/// Runs the measurements and prints them.
pub async fn run(options: Bench) -> anyhow::Result<()> {
    let sheet = Sheet { json: options.json };
    let folder = temporary_folder()?;
    sheet
        .say("engine    workload    waiting  postings/s    p50 ms    p99 ms  p99.9 ms   batch  ours/floor")?;
    for part in &options.part {
        let name = format!("greencoin_bench_{}", std::process::id());
        let created = match &options.database_url {
            None => None,
            Some(server) => Some((server, connect::create_database(server, &name).await?)),
        };
        let url = created.as_ref().map(|(_, url)| url.as_str());
        match part {
            Part::Postings => postings(&options, &sheet, &folder, url).await?,
            Part::Village => village(&options, &sheet, &folder.join("village"), url).await?,
        }
        if let Some((server, _)) = created {
            connect::drop_database(server, &name).await?;
        }
    }
    std::fs::remove_dir_all(&folder).context("removing the bench folder")
}

async fn postings(options: &Bench, sheet: &Sheet, folder: &Path, url: Option<&str>) -> anyhow::Result<()> {
    let url = url.map_or_else(|| connect::sqlite_url(folder), str::to_owned);
    let db = connect::open(&url, Migrate::Run).await.context("opening the bench database")?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let desk = Desk::new(db.clone(), clock, Arc::new(ChaChaEntropy::from_seed(1)), Keys::new([1; 32]));
    for concurrency in &options.concurrency {
        sheet.row(&ledger::measure(&desk, *concurrency, options.postings).await?)?;
    }
    db.close().await;
    Ok(())
}

/// The demo village, filled and served by processes of our own program.
async fn village(options: &Bench, sheet: &Sheet, folder: &Path, url: Option<&str>) -> anyhow::Result<()> {
    let place = Place { folder, database_url: url };
    let filled = place.command("demo")?.arg("--seed-only").status().context("filling the demo village")?;
    if !filled.success() {
        bail!("filling the demo village failed: {filled}");
    }
    let books = Books {
        data_dir: folder.to_owned(),
        database_url: url.map(str::parse).transpose()?,
        no_migrate: true,
    };
    let desk = books.open_desk().await?;
    let mut tx = desk.db.begin_read().await?;
    let book = store::programme::by_no(&mut tx, 1).await?.context("the demo village is not there")?.book_id;
    drop(tx);
    let shop = Arc::new(redeem::prepare(&desk, book).await?);
    let (ready_ms, served) = Served::median_start(place).await?;
    let fresh = served.memory_mib()?;
    for clients in CLIENTS {
        let engine = desk.db.engine().as_str();
        sheet.row(&redeem::measure(engine, &served, &shop, clients, options.redemptions).await?)?;
    }
    sheet.say("")?;
    sheet.figure(&Figure::plain("start to ready", ready_ms, "ms"))?;
    for (what, memory) in
        [("memory when ready", fresh), ("memory after the redemptions", served.memory_mib()?)]
    {
        if let Some(mib) = memory {
            sheet.figure(&Figure::plain(what, mib, "MiB"))?;
        }
    }
    for figure in pages::measure(&desk, book, &served).await? {
        sheet.figure(&figure)?;
    }
    drop(served);
    desk.db.close().await;
    Ok(())
}

/// A new folder that nobody else uses.
fn temporary_folder() -> anyhow::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("greencoin-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).context("making the bench folder")?;
    Ok(folder)
}
