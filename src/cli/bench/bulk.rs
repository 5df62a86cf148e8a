//! Many postings in one request over HTTP: balances brought over from paper, a thousand an item list, by clients that
//! wait for each answer. Every household gets one once for ever, so each request names households of its own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Instant,
};

use anyhow::{Context, ensure};
use hyper::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{
    redeem::staff,
    served::{Http, Served, send},
    sheet::Row,
};
use crate::{
    domain::{household::HouseholdNo, ids::BookId},
    http::token,
    service::{Desk, caller::Clerk},
    store::{self, household::Household},
};

/// Items of one request: the most there may be.
pub(super) const ITEMS: u32 = 1_000;
/// The number of the first household made for this, above those of the demo village.
const FIRST: u32 = 20_000;
/// What each gets.
const POINTS: i64 = 100;

/// Households without a balance, and somebody who may bring theirs over.
pub(super) struct Openings {
    bearer: String,
    fund: String,
    next: AtomicU32,
}

/// Registers households for so many requests.
pub(super) async fn prepare(desk: &Desk, book: BookId, requests: u32) -> anyhow::Result<Openings> {
    let clerk = Clerk::of(&staff(desk, book, "clerk").await?).context("the clerk is none")?;
    let mut tx = desk.db.begin_read().await?;
    let fund = store::fund::list(&mut tx, book).await?.into_iter().next().context("there is no fund")?.code;
    let first = store::household::page(&mut tx, book, "", 1).await?.into_iter().next();
    let first = first.context("the demo village has no household")?;
    drop(tx);
    let count = requests * ITEMS;
    let new = |n: u32| {
        let no = HouseholdNo::from_ordinal(FIRST + n);
        Household::new(desk.id(), no, first.org_id, first.group_id, i64::from(FIRST + n), desk.today())
    };
    let households: Vec<Household> = (0..count).map(new).collect();
    let mut tx = desk.db.begin_write().await?;
    store::register::households(&mut tx, book, &households).await?;
    tx.commit().await?;
    desk.authorise(&clerk, "bench openings", &fund, POINTS * i64::from(count), "bench").await?;
    let town = staff(desk, book, "town").await?;
    let bearer = format!("Bearer {}", token::issue(desk, town.user)?);
    Ok(Openings { bearer, fund, next: AtomicU32::new(0) })
}

/// Sends `requests` of them with `clients` waiting.
pub(super) async fn measure(
    engine: &'static str,
    served: &Served,
    openings: &Arc<Openings>,
    (mode, workload): (&'static str, &'static str),
    clients: u32,
    requests: u32,
) -> anyhow::Result<Row> {
    let first = openings.next.load(Ordering::Relaxed);
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        let (http, base) = (served.http.clone(), served.base().to_owned());
        tasks.spawn(client(http, base, Arc::clone(openings), mode, first + requests));
    }
    let mut latencies = Vec::new();
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done??);
    }
    let per_s = f64::from(requests * ITEMS) / started.elapsed().as_secs_f64();
    // each client drew one number too many
    openings.next.store(first + requests, Ordering::Relaxed);
    latencies.sort_unstable();
    Ok(Row::of((engine, workload, "http-bulk"), clients, per_s, &latencies))
}

async fn client(
    http: Http,
    base: String,
    openings: Arc<Openings>,
    mode: &'static str,
    end: u32,
) -> anyhow::Result<Vec<u64>> {
    let mut latencies = Vec::new();
    loop {
        let number = openings.next.fetch_add(1, Ordering::Relaxed);
        if number >= end {
            return Ok(latencies);
        }
        let own = (number * ITEMS..(number + 1) * ITEMS).map(|n| HouseholdNo::from_ordinal(FIRST + n));
        let items: Vec<Value> = own.map(|no| json!({ "household": no.as_str(), "points": "1" })).collect();
        let sheet = json!({ "mode": mode, "fund": openings.fund, "basis": "bench", "items": items });
        let key = format!("openings-{number}");
        let headers = [
            ("authorization", openings.bearer.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", &key),
        ];
        let asked = Instant::now();
        let path = "/api/v1/openings/bulk?v=1";
        let (status, answer) =
            send(&http, &base, Method::POST, path, &headers, sheet.to_string().into()).await?;
        latencies.push(u64::try_from(asked.elapsed().as_micros())?);
        let told: Value = serde_json::from_slice(&answer).unwrap_or_default();
        let said = || String::from_utf8_lossy(&answer).chars().take(500).collect::<String>();
        ensure!(status.is_success(), "balances are answered {status}: {}", said());
        ensure!(
            told.get("done").is_some_and(|done| *done == ITEMS),
            "not every balance was brought over: {}",
            said()
        );
    }
}
