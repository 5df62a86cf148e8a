//! Durable postings a second: each load with each number of commands waiting, beside the bare floor, the same load
//! one transaction at a time, and on PostgreSQL a ledger that calls a stored procedure.

use std::{path::Path, sync::Arc};

use anyhow::Context;

use super::{
    Bench, floor,
    ledger::Load,
    load::{Cast, Workload},
    procedure,
    sheet::{HEAD, Row, Sheet},
};
use crate::{
    domain::{
        entropy::ChaChaEntropy,
        time::{Clock, SystemClock},
    },
    service::{Desk, Keys, poster::Poster},
    store::{
        connect::{self, Migrate},
        procedure::Procedure,
    },
};

/// Slow runs have this fraction of the postings.
const SLOW: u32 = 4;
/// Commands waiting in the run that takes one at a time.
const ONE_BY_ONE: u32 = 32;

/// A desk over the database at `url`, or over a file in `folder`.
pub(super) async fn desk(folder: &Path, url: Option<&str>) -> anyhow::Result<Desk> {
    let url = url.map_or_else(|| connect::sqlite_url(folder), str::to_owned);
    let db = connect::open(&url, Migrate::Run).await.context("opening the bench database")?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    Ok(Desk::new(db, clock, Arc::new(ChaChaEntropy::from_seed(1)), Keys::new([1; 32])))
}

/// Runs all loads.
pub(super) async fn measure(
    options: &Bench,
    sheet: &Sheet,
    folder: &Path,
    url: Option<&str>,
) -> anyhow::Result<()> {
    sheet.say(HEAD)?;
    let desk = desk(folder, url).await?;
    let cast = Arc::new(Cast::new(options.households)?);
    let plain = match url {
        Some(url) => Some(procedure::create(url, &cast).await?),
        None => None,
    };
    for workload in &options.workload {
        workload_rows(options, sheet, &desk, &cast, *workload, plain.as_ref()).await?;
    }
    if let Some(plain) = plain {
        plain.close().await;
    }
    desk.db.close().await;
    Ok(())
}

async fn workload_rows(
    options: &Bench,
    sheet: &Sheet,
    desk: &Desk,
    cast: &Arc<Cast>,
    workload: Workload,
    plain: Option<&Procedure>,
) -> anyhow::Result<()> {
    let slow = (options.postings / SLOW).max(1);
    let single = one_by_one(desk, cast, workload, slow).await?;
    sheet.row(&single)?;
    let called = match plain {
        Some(plain) => Some(procedure::measure(desk, plain, cast, workload, slow).await?),
        None => None,
    };
    if let Some(row) = &called {
        sheet.row(row)?;
    }
    for concurrency in &options.concurrency {
        let count = if *concurrency == 1 { slow } else { options.postings };
        let load = Load::open(desk, cast, workload).await?;
        let measured = load.run("poster", *concurrency, 0, count).await?;
        let bare = floor::measure(&Load::open(desk, cast, workload).await?, count, measured.batch).await?;
        let per_s = measured.row.postings_per_s;
        sheet.row(&Row {
            floor_per_s: Some(bare),
            over_floor: Some(per_s / bare),
            over_one_by_one: Some(per_s / single.postings_per_s),
            over_procedure: called.as_ref().map(|called| per_s / called.postings_per_s),
            ..measured.row
        })?;
    }
    Ok(())
}

/// The same load through the same program, but each command in a transaction of its own under the lock of its book.
async fn one_by_one(desk: &Desk, cast: &Arc<Cast>, workload: Workload, count: u32) -> anyhow::Result<Row> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let desk = Desk { poster: Poster::one_by_one(&desk.db, &clock), ..desk.clone() };
    let load = Load::open(&desk, cast, workload).await?;
    Ok(load.run("one-by-one", ONE_BY_ONE, 0, count).await?.row)
}
