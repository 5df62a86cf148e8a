//! The ledger to compare with on PostgreSQL: one call of a stored procedure for each transfer, from 32 clients.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Instant,
};

use anyhow::ensure;
use tokio::task::JoinSet;

use super::{
    load::{Cast, Workload},
    sheet::Row,
};
use crate::{service::Desk, store::procedure::Procedure};

/// Clients, a connection each.
const CLIENTS: u32 = 32;
/// What each account has.
const BALANCE: i64 = 1 << 40;

/// Creates the ledger in the database at `url`.
pub(super) async fn create(url: &str, cast: &Cast) -> anyhow::Result<Procedure> {
    let (funds, households) = cast.count();
    Ok(Procedure::create(url, CLIENTS, i64::from(funds + households), BALANCE).await?)
}

/// Makes `count` transfers between the accounts that our awards move.
pub(super) async fn measure(
    desk: &Desk,
    ledger: &Procedure,
    cast: &Arc<Cast>,
    workload: Workload,
    count: u32,
) -> anyhow::Result<Row> {
    let before = ledger.sum().await?;
    let next = Arc::new(AtomicU32::new(0));
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..CLIENTS {
        let (ledger, cast, next, at) =
            (ledger.clone(), Arc::clone(cast), Arc::clone(&next), desk.now().micros());
        tasks.spawn(async move {
            let mut latencies = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return anyhow::Ok(latencies);
                }
                let (fund, household) = cast.pair(workload, number);
                let key = format!("{}-{number}", workload.as_str());
                let asked = Instant::now();
                ledger
                    .transfer(&key, i64::from(fund), i64::from(cast.count().0 + household), 100, at)
                    .await?;
                latencies.push(u64::try_from(asked.elapsed().as_micros())?);
            }
        });
    }
    let mut latencies = Vec::new();
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done??);
    }
    let per_s = f64::from(count) / started.elapsed().as_secs_f64();
    latencies.sort_unstable();
    ensure!(ledger.sum().await? == before, "the ledger to compare with lost points");
    let labels = (desk.db.engine().as_str(), workload.as_str(), "procedure");
    Ok(Row::of(labels, CLIENTS, per_s, &latencies))
}
