//! Postings through the Poster: `concurrency` tasks, each waiting for its receipt before it asks again.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Instant,
};

use anyhow::anyhow;
use tokio::task::JoinSet;

use super::{Row, floor};
use crate::{
    domain::{
        book::{Command, TxnKind},
        chart,
        ids::BookId,
        posting::{Commodity, Line, Posting},
    },
    service::Desk,
};

/// Households that postings go to, at random.
pub(super) const HOUSEHOLDS: u32 = 10_000;
/// The programme's budget, far above what a run can spend.
const BUDGET: i64 = 1 << 50;

/// Posts `postings` awards of one point with `concurrency` waiting, then the same rows by the bare loop.
pub(super) async fn measure(desk: &Desk, concurrency: u32, postings: u32) -> anyhow::Result<Row> {
    let book = open(desk).await?;
    let before = desk.poster.stats().batches.load(Ordering::Relaxed);
    let next = Arc::new(AtomicU32::new(0));
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..concurrency {
        tasks.spawn(client(desk.clone(), book, Arc::clone(&next), postings));
    }
    let mut latencies = Vec::with_capacity(usize::try_from(postings)?);
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done??);
    }
    let seconds = started.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let batches = desk.poster.stats().batches.load(Ordering::Relaxed).saturating_sub(before).max(1);
    let count = f64::from(postings);
    let batch = count / f64::from(u32::try_from(batches)?);
    let bare = floor::measure(desk, postings, batch).await?;
    let ours = count / seconds;
    Ok(Row {
        engine: desk.db.engine().as_str(),
        workload: "award",
        concurrency,
        postings_per_s: ours,
        p50_ms: percentile(&latencies, 500),
        p99_ms: percentile(&latencies, 990),
        p999_ms: percentile(&latencies, 999),
        batch: Some(batch),
        over_floor: Some(ours / bare),
    })
}

/// A new book with a budget.
pub(super) async fn open(desk: &Desk) -> anyhow::Result<BookId> {
    let book: BookId = desk.id();
    let mut tx = desk.db.begin_write().await?;
    desk.create_book(&mut tx, book).await?;
    tx.commit().await?;
    let lines = vec![
        Line::new(chart::authorised("Bench")?, Commodity::point(), BUDGET),
        Line::new(chart::budget("Bench")?, Commodity::point(), -BUDGET),
    ];
    desk.posted(book, command(desk, "budget", TxnKind::Budget, lines)?, Vec::new()).await?;
    Ok(book)
}

async fn client(desk: Desk, book: BookId, next: Arc<AtomicU32>, postings: u32) -> anyhow::Result<Vec<u64>> {
    let mut latencies = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= postings {
            return Ok(latencies);
        }
        let command = award(&desk, number)?;
        let asked = Instant::now();
        desk.posted(book, command, Vec::new()).await?;
        latencies.push(u64::try_from(asked.elapsed().as_micros())?);
    }
}

fn award(desk: &Desk, number: u32) -> anyhow::Result<Command> {
    // a fixed multiplier walks the households in an order that looks random and is the same on every run
    let household = number.wrapping_mul(2_654_435_761) % HOUSEHOLDS;
    let lines = vec![
        Line::new(chart::budget("Bench")?, Commodity::point(), 100),
        Line::new(chart::household_available(&format!("H{household:05}"))?, Commodity::point(), -100),
    ];
    command(desk, &format!("award-{number}"), TxnKind::Award, lines)
}

fn command(desk: &Desk, key: &str, kind: TxnKind, lines: Vec<Line>) -> anyhow::Result<Command> {
    Ok(Command {
        id: desk.id(),
        key: key.parse()?,
        kind,
        effective_on: desk.today(),
        actor: "system".to_owned(),
        source: None,
        ruleset: None,
        rule: None,
        reverses: None,
        resolves: None,
        posting: Posting::new(lines).map_err(|e| anyhow!("{e}"))?,
        meters: Vec::new(),
        body: BTreeMap::from([("n".to_owned(), key.to_owned())]),
        private: BTreeMap::new(),
    })
}

/// What so many of a thousand do not exceed, of sorted microseconds, in milliseconds.
pub(super) fn percentile(sorted: &[u64], per_mille: usize) -> f64 {
    let place = sorted.len().saturating_sub(1) * per_mille / 1000;
    let micros = sorted.get(place).copied().unwrap_or(0);
    f64::from(u32::try_from(micros).unwrap_or(u32::MAX)) / 1000.0
}
