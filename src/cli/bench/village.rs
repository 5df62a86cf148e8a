//! The demo village, filled and served by processes of our own program: start, memory, redemptions over HTTP, pages.

use std::{path::Path, sync::Arc};

use anyhow::{Context, bail};

use super::{
    Bench, bulk, pages, redeem,
    served::{Place, Served},
    sheet::{Figure, HEAD, Sheet},
};
use crate::{domain::ids::BookId, service::Desk, store};

/// Redemptions over HTTP: clients at once, a measurement each.
const CLIENTS: [u32; 2] = [1, 32];
/// Requests of a thousand balances: mode, name of the row, clients at once, requests.
const BULK: [(&str, &str, u32, u32); 4] = [
    ("each", "openings-each", 1, 4),
    ("each", "openings-each", 4, 8),
    ("each", "openings-each", 32, 32),
    ("atomic", "openings-atomic", 4, 8),
];

/// Fills the demo village by a process of its own.
pub(super) fn fill(place: Place<'_>) -> anyhow::Result<()> {
    let filled = place
        .command("demo")?
        .args(["--log", "error", "--seed-only"])
        .status()
        .context("filling the demo village")?;
    if !filled.success() {
        bail!("filling the demo village failed: {filled}");
    }
    Ok(())
}

/// The book of the demo village.
pub(super) async fn book(desk: &Desk) -> anyhow::Result<BookId> {
    let mut tx = desk.db.begin_read().await?;
    let programme = store::programme::by_no(&mut tx, 1).await?;
    Ok(programme.context("the demo village is not there")?.book_id)
}

/// Fills, serves and measures it.
pub(super) async fn measure(
    options: &Bench,
    sheet: &Sheet,
    folder: &Path,
    url: Option<&str>,
) -> anyhow::Result<()> {
    sheet.say(HEAD)?;
    let place = Place { folder, database_url: url };
    fill(place)?;
    let desk = place.books()?.open_desk().await?;
    let book = book(&desk).await?;
    let shop = Arc::new(redeem::prepare(&desk, book).await?);
    let requests = BULK.iter().map(|(.., requests)| requests).sum();
    let openings = Arc::new(bulk::prepare(&desk, book, requests).await?);
    // from here on the served process is the only one that writes
    let (ready_ms, served) = Served::median_start(place).await?;
    let fresh = served.memory_mib()?;
    for clients in CLIENTS {
        let engine = desk.db.engine().as_str();
        sheet.row(&redeem::measure(engine, &served, &shop, clients, options.redemptions).await?)?;
    }
    for (mode, workload, clients, requests) in BULK {
        let engine = desk.db.engine().as_str();
        let row = bulk::measure(engine, &served, &openings, (mode, workload), clients, requests).await?;
        sheet.row(&row)?;
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
