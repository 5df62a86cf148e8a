//! A batch under the books' locks: everything it needs is looked up inside its own transaction. This is the way that
//! always works; [`super::lane`] takes it when deciding ahead did not hold.

use std::collections::{BTreeMap, HashMap};

use super::{
    Job, load,
    write::{Chain, Decided, Draft},
};
use crate::{
    domain::{book::Book, ids::BookId, time::Clock},
    service::{Faults, ServiceError, ServiceResult, fault::Point, refuse},
    store::{Db, StoreError, StoreResult, WriteTx, ledger::read},
};

/// A book in memory with the head of its refusals.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    pub(super) book: Book,
    pub(super) chain: Chain,
}

/// Books as they were left; each is as it was, unless its row in the database has moved on.
pub(super) type Shelves = HashMap<BookId, Shelf>;

/// Decides and commits all of `jobs`, or nothing; a job on a book that does not exist is left out. After an error no
/// book in memory can be trusted.
pub(super) async fn under_lock(
    db: &Db,
    clock: &dyn Clock,
    faults: &Faults,
    books: &mut Shelves,
    jobs: Vec<Job>,
) -> Result<Vec<Decided>, (StoreError, Vec<Job>)> {
    let mut batch = Vec::with_capacity(jobs.len());
    match decide_and_commit(db, clock, faults, books, jobs, &mut batch).await {
        Ok(()) => Ok(batch),
        Err((error, rest)) => {
            books.clear();
            Err((error, batch.into_iter().map(|decided: Decided| decided.job).chain(rest).collect()))
        }
    }
}

async fn decide_and_commit(
    db: &Db,
    clock: &dyn Clock,
    faults: &Faults,
    books: &mut Shelves,
    jobs: Vec<Job>,
    batch: &mut Vec<Decided>,
) -> Result<(), (StoreError, Vec<Job>)> {
    let mut by_book: BTreeMap<BookId, Vec<Job>> = BTreeMap::new();
    for job in jobs {
        by_book.entry(job.book).or_default().push(job);
    }
    let rest = |by_book: BTreeMap<BookId, Vec<Job>>| by_book.into_values().flatten().collect::<Vec<Job>>();
    let begun = match faults.at(Point::BeforeWrite).await {
        Ok(()) => db.begin_write().await,
        Err(error) => Err(error),
    };
    let mut tx = match begun {
        Ok(tx) => tx,
        Err(error) => return Err((error, rest(by_book))),
    };
    let mut wrote = false;
    // books in id order, so that two processes never wait for each other in a ring
    while let Some((id, jobs)) = by_book.pop_first() {
        match one_book(&mut tx, clock, books, id, jobs, batch).await {
            Ok(done) => wrote |= done,
            Err((error, jobs)) => return Err((error, jobs.into_iter().chain(rest(by_book)).collect())),
        }
    }
    if !wrote {
        return Ok(());
    }
    commit(tx, faults).await.map_err(|error| (error, Vec::new()))
}

/// Makes it durable.
pub(super) async fn commit(tx: WriteTx, faults: &Faults) -> StoreResult<()> {
    faults.at(Point::AfterWrite).await?;
    faults.at(Point::BeforeCommit).await?;
    tx.commit().await?;
    faults.at(Point::AfterCommit).await
}

/// Decides and writes what concerns one book; whether there was anything to write.
async fn one_book(
    tx: &mut WriteTx,
    clock: &dyn Clock,
    books: &mut Shelves,
    id: BookId,
    jobs: Vec<Job>,
    batch: &mut Vec<Decided>,
) -> Result<bool, (StoreError, Vec<Job>)> {
    let opened = match open(tx, books, id).await {
        Ok(opened) => opened,
        Err(error) => return Err((error, jobs)),
    };
    let Some(mut shelf) = opened else {
        for job in jobs {
            job.reply(Err(ServiceError::NotFound("book")));
        }
        return Ok(false);
    };
    if let Err(error) = load::all(tx, &mut shelf.book, &jobs.iter().collect::<Vec<_>>()).await {
        return Err((error, jobs));
    }
    let now = clock.now();
    let mut draft = Draft::begin(shelf.book.seq, &shelf.chain);
    let mut jobs = jobs.into_iter();
    while let Some(job) = jobs.next() {
        match job.decide(&mut shelf.book, now) {
            Ok(outcomes) => {
                let decided = Decided { job, outcomes, now, unasked: Vec::new() };
                draft.add(&shelf.book, &mut shelf.chain, batch.len(), &decided);
                batch.push(decided);
            }
            Err(needs) => {
                let error = StoreError::inconsistent("book", "needs", format!("{needs:?}"));
                return Err((error, std::iter::once(job).chain(jobs).collect()));
            }
        }
    }
    let part = draft.finish(&shelf.book, &shelf.chain);
    if let Some(part) = &part {
        part.write(tx, batch).await.map_err(|error| (error, Vec::new()))?;
    }
    shelf.book.forget_lookups();
    books.insert(id, shelf);
    Ok(part.is_some())
}

/// The book as its locked row says: from memory when nothing else has moved it since.
pub(super) async fn open(tx: &mut WriteTx, books: &mut Shelves, id: BookId) -> StoreResult<Option<Shelf>> {
    let Some(head) = read::lock(tx, id).await? else { return Ok(None) };
    let row = load::shelf(id, &head)?;
    Ok(Some(match books.remove(&id) {
        Some(known) if known.book.seq == row.book.seq && known.book.policy == row.book.policy => {
            Shelf { book: known.book, chain: row.chain }
        }
        _ => row,
    }))
}

/// Whether the failure came from one command's effects rather than from the database.
pub(super) const fn is_of_one_command(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::RowsAffected { .. }
            | StoreError::Duplicate
            | StoreError::AppendOnly
            | StoreError::Inconsistent { .. }
    )
}

/// What a command that fails by itself is answered.
pub(super) fn refusal_or_failure<T>(error: StoreError) -> ServiceResult<T> {
    Err(match error {
        StoreError::RowsAffected { .. } | StoreError::Duplicate => refuse("state_changed").into(),
        error => ServiceError::Store(error),
    })
}
