//! `greencoin bench`: how fast this machine posts, durably, and how far that is from the bare floor: the same rows in
//! the same batch sizes, written by a loop that decides nothing. Figures are ratios within one run; machines are noisy.

use std::path::PathBuf;

use anyhow::Context;

use crate::store::connect;

mod bulk;
mod flat;
mod floor;
mod ledger;
mod load;
mod month;
mod morning;
mod pages;
mod postings;
mod procedure;
mod redeem;
mod served;
mod sheet;
mod size;
mod village;

pub use load::Workload;
pub use morning::Think;
pub use sheet::{Figure, Row};

use sheet::Sheet;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Durable postings a second, against the bare floor, one transaction at a time, and a stored procedure.
    Postings,
    /// The program as a process serving the demo village: start, memory, redemptions over HTTP, weight of pages.
    Village,
    /// A book filled to millions of entries: whether posting, reading, verifying and exporting stay what they were.
    Flat,
    /// The month-end of a prefecture: many villages, each with its notice lines, posted by the job that posts them.
    MonthEnd,
    /// A market morning at one counter, household by household, by the pages the shopkeeper's browser loads.
    Morning,
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
    /// Which accounts the postings move.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [
        Workload::Uniform, Workload::Zipf, Workload::HotHousehold, Workload::HotIssuance
    ])]
    pub workload: Vec<Workload>,
    /// Postings a measurement; a quarter of it where only one waits.
    #[arg(long, default_value_t = 20_000)]
    pub postings: u32,
    /// Commands waiting at once, a measurement each.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 32, 1024])]
    pub concurrency: Vec<u32>,
    /// Households that postings go to, ten for each fund they come from.
    #[arg(long, default_value_t = 10_000)]
    pub households: u32,
    /// Redemptions over HTTP a measurement.
    #[arg(long, default_value_t = 2_000)]
    pub redemptions: usize,
    /// Entries in the book of the flat part.
    #[arg(long, default_value_t = 10_000_000)]
    pub entries: u32,
    /// Villages of the month-end.
    #[arg(long, default_value_t = 20)]
    pub villages: u32,
    /// Notice lines of each.
    #[arg(long, default_value_t = 1_386)]
    pub lines: u32,
    /// Households that come on the morning.
    #[arg(long, default_value_t = 192)]
    pub visitors: u32,
    /// Minutes within which they come.
    #[arg(long, default_value_t = 60)]
    pub minutes: u32,
    /// How long people take over what is not the server's.
    #[command(flatten)]
    pub think: Think,
    /// Lay out the demo village of the morning without its twelve months: quick, and the book is nearly empty.
    #[arg(long)]
    pub no_year: bool,
    /// One JSON object a row instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// Runs the measurements and prints them.
pub async fn run(options: Bench) -> anyhow::Result<()> {
    let sheet = Sheet { json: options.json };
    let folder = temporary_folder()?;
    for (number, part) in options.part.iter().enumerate() {
        let name = format!("greencoin_bench_{}_{number}", std::process::id());
        let folder = folder.join(&name);
        std::fs::create_dir_all(&folder).context("making the folder of a part")?;
        let created = match &options.database_url {
            None => None,
            Some(server) => Some((server, connect::create_database(server, &name).await?)),
        };
        let url = created.as_ref().map(|(_, url)| url.as_str());
        let measured = match part {
            Part::Postings => postings::measure(&options, &sheet, &folder, url).await,
            Part::Village => village::measure(&options, &sheet, &folder, url).await,
            Part::Flat => flat::measure(&options, &sheet, &folder, url).await,
            Part::MonthEnd => month::measure(&options, &sheet, &folder, url).await,
            Part::Morning => morning::measure(&options, &sheet, &folder, url).await,
        };
        if let Some((server, _)) = created {
            connect::drop_database(server, &name).await?;
        }
        std::fs::remove_dir_all(&folder).context("removing the folder of a part")?;
        measured?;
    }
    std::fs::remove_dir_all(&folder).context("removing the bench folder")
}

/// A new folder that nobody else uses.
fn temporary_folder() -> anyhow::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("greencoin-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).context("making the bench folder")?;
    Ok(folder)
}
