//! The rows of the log, a page at a time. The log only grows, so the next pages are read on a connection of their own
//! while one is replayed. Holds no check.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use super::PAGE_ROWS;
use crate::{
    domain::ids::BookId,
    store::{
        Db, StoreResult, Tx,
        ledger::read::{self, MeterUseRow, TxnRow},
        verify::{self, RawEntry},
    },
};

/// Pages that wait to be replayed.
const PAGES_AHEAD: usize = 2;

/// A run of transactions with their rows.
pub(super) struct Rows {
    /// The place after which they were looked for.
    pub(super) after: i64,
    /// The place of the last.
    pub(super) through: i64,
    pub(super) txns: Vec<TxnRow>,
    pub(super) entries: VecDeque<RawEntry>,
    pub(super) uses: VecDeque<MeterUseRow>,
}

impl Rows {
    /// The first rows after a place and not beyond `end`; nothing when there are none. From place 0 it looks below the
    /// first place too, where nothing may be.
    pub(super) async fn read(tx: &mut Tx, book: BookId, after: i64, end: i64) -> StoreResult<Option<Self>> {
        let from = if after == 0 { i64::MIN } else { after };
        let mut txns = read::txns(tx, book, from, PAGE_ROWS).await?;
        txns.retain(|txn| txn.seq <= end);
        let Some(through) = txns.last().map(|txn| txn.seq) else { return Ok(None) };
        let entries = verify::entries(tx, book, from, through).await?.into();
        let uses = read::meter_uses(tx, book, from, through).await?.into();
        Ok(Some(Self { after, through, txns, entries, uses }))
    }
}

/// Pages on their way.
pub(super) struct Ahead(mpsc::Receiver<StoreResult<Rows>>);

impl Ahead {
    /// Begins to read the log from its first place to `end`, where it stood in the snapshot that is verified.
    pub(super) fn begin(db: &Db, book: BookId, end: i64) -> Self {
        let (pages, waiting) = mpsc::channel(PAGES_AHEAD);
        let db = db.clone();
        tokio::spawn(async move {
            if let Err(error) = read(&db, book, end, &pages).await {
                // whoever verified may have found a fault and left
                let _gone = pages.send(Err(error)).await;
            }
        });
        Self(waiting)
    }

    /// The next page; nothing at the end.
    pub(super) async fn next(&mut self) -> StoreResult<Option<Rows>> {
        self.0.recv().await.transpose()
    }
}

async fn read(db: &Db, book: BookId, end: i64, pages: &mpsc::Sender<StoreResult<Rows>>) -> StoreResult<()> {
    let mut tx = db.begin_read().await?;
    let mut after = 0;
    while let Some(rows) = Rows::read(&mut tx, book, after, end).await? {
        after = rows.through;
        if pages.send(Ok(rows)).await.is_err() {
            break;
        }
    }
    Ok(())
}
