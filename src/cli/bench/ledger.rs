//! Postings through the Poster: `concurrency` tasks, each waiting for its receipt before it asks again.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Instant,
};

use anyhow::{Context, anyhow};
use tokio::task::JoinSet;

use super::{
    load::{Cast, Workload},
    sheet::{Row, float},
    size::Size,
};
use crate::{
    domain::{
        book::{Command, TxnKind},
        chart,
        ids::BookId,
        posting::{Commodity, Line, Posting},
    },
    service::Desk,
    store,
};

/// Each fund's budget, far above what a run can spend.
const BUDGET: i64 = 1 << 40;
/// Lines of one posting that opens accounts.
const OPENING_LINES: usize = 400;

/// A load on a book of its own.
#[derive(Clone)]
pub(super) struct Load {
    pub(super) desk: Desk,
    pub(super) cast: Arc<Cast>,
    pub(super) workload: Workload,
    pub(super) book: BookId,
}

/// What a run of a load came to.
pub(super) struct Measured {
    pub(super) row: Row,
    /// Postings in a commit.
    pub(super) batch: f64,
}

impl Load {
    /// A new book in which everybody has an account.
    pub(super) async fn open(desk: &Desk, cast: &Arc<Cast>, workload: Workload) -> anyhow::Result<Self> {
        let book: BookId = desk.id();
        let mut tx = desk.db.begin_write().await?;
        desk.create_book(&mut tx, book).await?;
        tx.commit().await?;
        open_accounts(desk, cast, book).await?;
        Ok(Self { desk: desk.clone(), cast: Arc::clone(cast), workload, book })
    }

    /// Posts the awards `first..first + count` with `concurrency` waiting.
    pub(super) async fn run(
        &self,
        path: &'static str,
        concurrency: u32,
        first: u32,
        count: u32,
    ) -> anyhow::Result<Measured> {
        let size = Size::now(&self.desk.db).await?;
        let (statements, stats) = (store::calls(), self.desk.poster.stats());
        let batches = stats.batches.load(Ordering::Relaxed);
        let next = Arc::new(AtomicU32::new(first));
        let started = Instant::now();
        let mut tasks = JoinSet::new();
        for _ in 0..concurrency {
            tasks.spawn(client(self.clone(), Arc::clone(&next), first + count));
        }
        let mut latencies = Vec::with_capacity(usize::try_from(count)?);
        while let Some(done) = tasks.join_next().await {
            latencies.extend(done??);
        }
        let per_s = f64::from(count) / started.elapsed().as_secs_f64();
        latencies.sort_unstable();
        let each = |total: u64| float(total) / f64::from(count);
        let batches = stats.batches.load(Ordering::Relaxed).saturating_sub(batches).max(1);
        let batch = f64::from(count) / float(batches);
        let statements = store::calls().saturating_sub(statements);
        let grown = Size::now(&self.desk.db).await?.since(&size);
        let labels = (self.desk.db.engine().as_str(), self.workload.as_str(), path);
        let row = Row {
            batch: Some(batch),
            statements_per_posting: Some(each(statements)),
            bytes_per_posting: Some(each(grown.stored)),
            written_bytes_per_posting: grown.written.map(each),
            ..Row::of(labels, concurrency, per_s, &latencies)
        };
        Ok(Measured { row, batch })
    }

    pub(super) fn award(&self, number: u32) -> anyhow::Result<Command> {
        let lines = self.cast.lines(self.workload, number).context("nobody has that number")?;
        command(&self.desk, &format!("award-{number}"), TxnKind::Award, lines)
    }
}

async fn client(load: Load, next: Arc<AtomicU32>, end: u32) -> anyhow::Result<Vec<u64>> {
    let mut latencies = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= end {
            return Ok(latencies);
        }
        let command = load.award(number)?;
        let asked = Instant::now();
        load.desk.posted(load.book, command, Vec::new()).await?;
        latencies.push(u64::try_from(asked.elapsed().as_micros())?);
    }
}

/// Gives every fund a budget and every household a point.
pub(super) async fn open_accounts(desk: &Desk, cast: &Cast, book: BookId) -> anyhow::Result<()> {
    let point = |path, quantity| Line::new(path, Commodity::point(), quantity);
    for (number, funds) in cast.funds.chunks(OPENING_LINES).enumerate() {
        let total = BUDGET * i64::try_from(funds.len())?;
        let mut lines = vec![point(chart::authorised("Bench")?, total)];
        lines.extend(funds.iter().map(|fund| point(fund.clone(), -BUDGET)));
        let budget = command(desk, &format!("budget-{number}"), TxnKind::Budget, lines)?;
        desk.posted(book, budget, Vec::new()).await?;
    }
    let first = cast.funds.first().context("there is no fund")?;
    for (number, homes) in cast.households.chunks(OPENING_LINES).enumerate() {
        let mut lines = vec![point(first.clone(), 100 * i64::try_from(homes.len())?)];
        lines.extend(homes.iter().map(|home| point(home.clone(), -100)));
        let opening = command(desk, &format!("opening-{number}"), TxnKind::Opening, lines)?;
        desk.posted(book, opening, Vec::new()).await?;
    }
    Ok(())
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
