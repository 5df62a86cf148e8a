//! A book filled to millions of entries: posting must stay as quick as it was, a balance and the first page of a
//! statement must come at once, and verifying and exporting must hold no more memory than on a small book.

use std::{
    path::Path,
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

use super::{
    Bench,
    ledger::{Load, open_accounts},
    load::{Cast, Workload, below},
    served::{Place, peak_mib},
    sheet::{Figure, HEAD, Sheet, float, percentile},
    size::Size,
};
use crate::{
    cli::config::Books,
    domain::{ids::BookId, org::OrgKind, posting::Commodity},
    service::Desk,
    store::{self, ledger::read, org::OrgRow, programme::ProgrammeRow},
};

/// Commands waiting.
const WAITING: u32 = 1_024;
/// Postings before the first measurement: 100,000 entries.
const SMALL: u32 = 50_000;
/// Postings of each of the two measurements that are compared.
const WINDOW: u32 = 100_000;
/// Reads timed.
const READS: u32 = 1_000;
/// Lines of a statement's page.
const PAGE_LINES: i64 = 100;
/// How often the memory of a process is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Fills and measures it.
pub(super) async fn measure(
    options: &Bench,
    sheet: &Sheet,
    folder: &Path,
    url: Option<&str>,
) -> anyhow::Result<()> {
    let books = Books {
        data_dir: folder.to_owned(),
        database_url: url.map(str::parse).transpose()?,
        no_migrate: false,
        calendar: None,
    };
    let desk = books.open_desk().await?;
    let load = open(&desk, options.households).await?;
    let total = (options.entries / 2).max(4);
    let (small, window) = (SMALL.min(total / 4), WINDOW.min(total / 4));
    let before = Size::now(&desk.db).await?;
    sheet.say(HEAD)?;
    load.run("filling", WAITING, 0, small).await?;
    let first = load.run("flat-first", WAITING, small, window).await?.row;
    sheet.row(&first)?;
    load.run("filling", WAITING, small + window, total - small - 2 * window).await?;
    let last = load.run("flat-last", WAITING, total - window, window).await?.row;
    sheet.row(&last)?;
    let grown = Size::now(&desk.db).await?.since(&before);
    let entries = f64::from(total) * 2.0;
    sheet.say("")?;
    sheet.figure(&Figure::plain("entries in the book", entries, ""))?;
    let kept = last.postings_per_s / first.postings_per_s;
    sheet.figure(&Figure::plain("posting at the end ÷ at the beginning", kept * 100.0, "%"))?;
    let each = float(grown.stored) / f64::from(total);
    sheet.figure(&Figure::plain("database for one posting", each, "bytes"))?;
    reads(&load, sheet).await?;
    desk.db.close().await;
    commands(sheet, Place { folder, database_url: url }, folder, entries).await
}

/// A village with a book, so that the commands find it.
async fn open(desk: &Desk, households: u32) -> anyhow::Result<Load> {
    let (org, book): (_, BookId) = (desk.id(), desk.id());
    let (name, opened_on) = ("Bench".to_owned(), desk.today());
    let mut tx = desk.db.begin_write().await?;
    let place = OrgRow {
        id: org,
        parent_id: None,
        kind: OrgKind::Village.as_str().to_owned(),
        labels: "rural".to_owned(),
        name: name.clone(),
        position: 0,
        opened_on,
        closed_on: None,
    };
    store::org::insert(&mut tx, &place).await?;
    desk.create_book(&mut tx, book).await?;
    let row = ProgrammeRow {
        book_id: book,
        org_id: org,
        no: 1,
        name,
        name_en: String::new(),
        opened_on,
        demo: false,
    };
    store::programme::insert(&mut tx, &row).await?;
    tx.commit().await?;
    let cast = Arc::new(Cast::new(households)?);
    open_accounts(desk, &cast, book).await?;
    Ok(Load { desk: desk.clone(), cast, workload: Workload::Uniform, book })
}

/// A balance, and the first page of a statement, of households all over the book.
async fn reads(load: &Load, sheet: &Sheet) -> anyhow::Result<()> {
    let (mut balances, mut pages) = (Vec::new(), Vec::new());
    for number in 0..READS {
        let place = usize::try_from(below(number, 9, load.cast.count().1))?;
        let path = load.cast.households.get(place).context("there is no such household")?.as_str();
        let asked = Instant::now();
        let mut tx = load.desk.db.begin_read().await?;
        let balance = read::balance(&mut tx, load.book, path, Commodity::POINT).await?;
        drop(tx);
        balances.push(u64::try_from(asked.elapsed().as_micros())?);
        let asked = Instant::now();
        let mut tx = load.desk.db.begin_read().await?;
        let of = (path, Commodity::POINT);
        let lines = store::statement::lines(&mut tx, load.book, of, i64::MAX, PAGE_LINES).await?;
        drop(tx);
        pages.push(u64::try_from(asked.elapsed().as_micros())?);
        let newest = lines.first().context("a household without entries")?;
        ensure!(newest.balance_after == balance, "the statement does not end at the balance");
    }
    for (what, mut times) in [("a balance", balances), ("first page of a statement", pages)] {
        times.sort_unstable();
        sheet.figure(&Figure::plain(&format!("{what}, p50"), percentile(&times, 500), "ms"))?;
        sheet.figure(&Figure::plain(&format!("{what}, p99"), percentile(&times, 990), "ms"))?;
    }
    Ok(())
}

/// What the commands that go through the whole book take: time and memory.
async fn commands(sheet: &Sheet, place: Place<'_>, folder: &Path, entries: f64) -> anyhow::Result<()> {
    let out = folder.join("out");
    let runs: [(&str, &[&str]); 3] =
        [("verify", &[]), ("export", &["--format", "jsonl"]), ("export", &["--format", "csv"])];
    for (command, arguments) in runs {
        let mut starting = place.command(command)?;
        starting.args(arguments).stderr(Stdio::inherit());
        if command == "export" {
            starting.arg("--out").arg(&out);
        }
        let started = Instant::now();
        let mut child = starting.spawn().context("starting our own program")?;
        let mut peak = None;
        let status = loop {
            peak = peak_mib(child.id())?.or(peak);
            if let Some(status) = child.try_wait()? {
                break status;
            }
            tokio::time::sleep(LOOK).await;
        };
        let seconds = started.elapsed().as_secs_f64();
        let name = arguments.last().map_or(command.to_owned(), |format| format!("{command} {format}"));
        ensure!(status.success(), "{name} failed: {status}");
        sheet.figure(&Figure::plain(&format!("{name}, entries a second"), entries / seconds, ""))?;
        if let Some(mib) = peak {
            sheet.figure(&Figure::plain(&format!("{name}, memory at most"), mib, "MiB"))?;
        }
        if out.exists() {
            std::fs::remove_dir_all(&out).context("removing what was exported")?;
        }
    }
    Ok(())
}
