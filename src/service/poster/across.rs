//! Commands to several books that happen together or not at all: one transaction, the books locked in id order. It runs
//! beside the lanes as another process would; a lane whose book was moved so finds out by the first statement of its
//! batch, and decides again.

use std::{collections::BTreeMap, sync::Arc};

use tokio::sync::oneshot;

use super::{
    Job, PosterStats, Task, Waits,
    batch::{self, Shelves, refusal_or_failure},
    load,
    write::{self, Decided, Draft},
};
use crate::{
    domain::{
        book::{Outcome, PriorResult},
        ids::BookId,
        time::Clock,
    },
    service::{ServiceError, ServiceResult, fault::Faults},
    store::{Db, StoreError, StoreResult, WriteTx},
};

/// Decides one command a book. All are posted, or were before: their places by book. Otherwise nothing is written, and
/// the outcome that kept the others from happening comes back.
pub(super) async fn post(
    (db, clock, faults): (&Db, &dyn Clock, &Faults),
    stats: &Arc<PosterStats>,
    tasks: BTreeMap<BookId, Task>,
) -> ServiceResult<Result<BTreeMap<BookId, i64>, Outcome>> {
    let mut tx = db.begin_write().await?;
    let (mut batch, mut places) = (Vec::with_capacity(tasks.len()), BTreeMap::new());
    for (book, task) in tasks {
        let (answer, _nobody) = oneshot::channel();
        let bodies = vec![write::body(&task.command)?];
        let job = Job { book, tasks: vec![task], bodies, answer, _waits: Waits::begin(stats) };
        match one(&mut tx, clock, job, &mut batch).await {
            Err(error) => return refusal_or_failure(error),
            Ok(None) => return Err(ServiceError::NotFound("book")),
            Ok(Some(Outcome::Posted(posted))) => drop(places.insert(book, posted.seq)),
            Ok(Some(Outcome::Replayed(PriorResult::Posted { seq }))) => drop(places.insert(book, seq)),
            // dropped, the transaction leaves no trace in any book
            Ok(Some(other)) => return Ok(Err(other)),
        }
    }
    let count = batch.len();
    batch::commit(tx, faults).await?;
    stats.count(count);
    Ok(Ok(places))
}

/// Decides and writes one of them; nothing when there is no such book.
async fn one(
    tx: &mut WriteTx,
    clock: &dyn Clock,
    job: Job,
    batch: &mut Vec<Decided>,
) -> StoreResult<Option<Outcome>> {
    let mut shelves = Shelves::new();
    let Some(mut shelf) = batch::open(tx, &mut shelves, job.book).await? else { return Ok(None) };
    load::all(tx, &mut shelf.book, &[&job]).await?;
    let now = clock.now();
    let mut draft = Draft::begin(shelf.book.seq, &shelf.chain);
    let outcomes = job
        .decide(&mut shelf.book, now)
        .map_err(|needs| StoreError::inconsistent("book", "needs", format!("{needs:?}")))?;
    let outcome = outcomes.first().cloned();
    let decided = Decided { job, outcomes, now, unasked: Vec::new() };
    draft.add(&shelf.book, &mut shelf.chain, batch.len(), &decided);
    batch.push(decided);
    if matches!(outcome, Some(Outcome::Posted(_)))
        && let Some(part) = draft.finish(&shelf.book, &shelf.chain)
    {
        part.write(tx, batch).await?;
    }
    Ok(outcome)
}
