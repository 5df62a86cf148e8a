//! One lane of the Poster: takes what waits, decides it, commits it, answers.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, atomic::Ordering},
};

use tokio::sync::mpsc;

use super::{BATCH_MAX, Job, Letter, PosterStats, load, write};
use crate::{
    domain::{
        book::{Book, Outcome},
        ids::BookId,
        time::Clock,
    },
    service::{ServiceError, ServiceResult, error::causes, refuse},
    store::{Db, StoreError, StoreResult, WriteTx, ledger::read},
};

/// Books kept in memory by one lane; beyond it all are forgotten and loaded again as needed.
const BOOKS_MAX: usize = 1_024;

pub(super) struct Lane {
    db: Db,
    clock: Arc<dyn Clock>,
    stats: Arc<PosterStats>,
    /// A book is as it was left, unless its row in the database has moved on.
    books: HashMap<BookId, Book>,
}

/// What a job was answered, before its commit.
type Decided = ServiceResult<Outcome>;

impl Lane {
    pub(super) fn new(db: Db, clock: Arc<dyn Clock>, stats: Arc<PosterStats>) -> Self {
        Self { db, clock, stats, books: HashMap::new() }
    }

    /// Runs until every handle is gone and everything handed in is answered.
    pub(super) async fn run(mut self, mut letters: mpsc::Receiver<Letter>) {
        let mut waiting = Vec::with_capacity(BATCH_MAX);
        while letters.recv_many(&mut waiting, BATCH_MAX).await > 0 {
            let mut jobs = Vec::with_capacity(waiting.len());
            let mut drains = Vec::new();
            for letter in waiting.drain(..) {
                match letter {
                    Letter::Post(job) => jobs.push(*job),
                    Letter::Drain(done) => drains.push(done),
                }
            }
            self.answer(jobs).await;
            for done in drains {
                // whoever asked may have gone
                let _gone = done.send(());
            }
        }
    }

    async fn answer(&mut self, jobs: Vec<Job>) {
        if jobs.is_empty() {
            return;
        }
        let count = u64::try_from(jobs.len()).unwrap_or(u64::MAX);
        self.stats.batches.fetch_add(1, Ordering::Relaxed);
        self.stats.commands.fetch_add(count, Ordering::Relaxed);
        self.stats.batch_max.fetch_max(count, Ordering::Relaxed);
        match self.attempt(&jobs).await {
            Ok(decided) => self.reply(jobs, decided),
            Err(error) if jobs.len() > 1 && is_of_one_command(&error) => {
                // one command's effect failed and took the batch with it: each by itself, so that the others live
                for job in jobs {
                    let decided = match self.attempt(std::slice::from_ref(&job)).await {
                        Ok(decided) => decided,
                        Err(error) => vec![Err(refusal_or_failure(error))],
                    };
                    self.reply(vec![job], decided);
                }
            }
            Err(error) if jobs.len() == 1 => {
                let decided = vec![Err(refusal_or_failure(error))];
                self.reply(jobs, decided);
            }
            Err(error) => {
                tracing::error!(error = %causes(&error), commands = count, "batch failed");
                // what was handed in may be handed in again: the keys make it safe
                let decided = jobs.iter().map(|_| Err(ServiceError::Busy)).collect();
                self.reply(jobs, decided);
            }
        }
    }

    fn reply(&self, jobs: Vec<Job>, decided: Vec<Decided>) {
        for (job, outcome) in jobs.into_iter().zip(decided) {
            self.stats.waiting.fetch_sub(1, Ordering::Relaxed);
            // the client may have hung up: the posting stands, its retry gets the same answer
            let _gone = job.answer.send(outcome);
        }
    }

    /// Decides and commits all of `jobs`, or nothing. After an error no book in memory can be trusted.
    async fn attempt(&mut self, jobs: &[Job]) -> StoreResult<Vec<Decided>> {
        let result = self.decide_and_commit(jobs).await;
        if result.is_err() || self.books.len() > BOOKS_MAX {
            self.books.clear();
        }
        result
    }

    async fn decide_and_commit(&mut self, jobs: &[Job]) -> StoreResult<Vec<Decided>> {
        let mut by_book: BTreeMap<BookId, Vec<usize>> = BTreeMap::new();
        for (place, job) in jobs.iter().enumerate() {
            by_book.entry(job.book).or_default().push(place);
        }
        let mut decided: Vec<Option<Decided>> = jobs.iter().map(|_| None).collect();
        let mut tx = self.db.begin_write().await?;
        let mut wrote = false;
        // books in id order, so that two processes never wait for each other in a ring
        for (book_id, places) in by_book {
            let commands: Vec<&Job> = places.iter().filter_map(|place| jobs.get(*place)).collect();
            let outcomes = match self.open(&mut tx, book_id).await? {
                None => commands.iter().map(|_| Err(ServiceError::NotFound("book"))).collect(),
                Some((mut book, chain)) => {
                    load::all(&mut tx, &mut book, &commands).await?;
                    let now = self.clock.now();
                    let before = write::Before { seq: book.seq, chain, now };
                    let outcomes = commands
                        .iter()
                        .map(|job| book.decide(&job.command, now))
                        .collect::<Result<Vec<Outcome>, _>>()
                        .map_err(|needs| StoreError::inconsistent("book", "needs", format!("{needs:?}")))?;
                    wrote |= write::all(&mut tx, &book, before, &commands, &outcomes).await?;
                    book.forget_lookups();
                    self.books.insert(book_id, book);
                    outcomes.into_iter().map(Ok).collect::<Vec<Decided>>()
                }
            };
            for (place, outcome) in places.into_iter().zip(outcomes) {
                if let Some(slot) = decided.get_mut(place) {
                    *slot = Some(outcome);
                }
            }
        }
        if wrote {
            tx.commit().await?;
        }
        Ok(decided.into_iter().map(|d| d.unwrap_or(Err(ServiceError::Busy))).collect())
    }

    /// The book as its locked row says, and its refusals: from memory when nothing else has moved it since.
    async fn open(&mut self, tx: &mut WriteTx, id: BookId) -> StoreResult<Option<(Book, write::Chain)>> {
        let Some(head) = read::lock(tx, id).await? else { return Ok(None) };
        let chain =
            write::Chain { refusals: head.refusals, head: head.refusal_chain.clone().unwrap_or_default() };
        if let Some(mut book) = self.books.remove(&id)
            && book.seq == head.seq
            && book.policy == head.policy()
        {
            book.closed_through = head.closed_through;
            return Ok(Some((book, chain)));
        }
        load::head(id, &head).map(|book| Some((book, chain)))
    }
}

/// Whether the failure came from one command's effects rather than from the database.
const fn is_of_one_command(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::RowsAffected { .. }
            | StoreError::Duplicate
            | StoreError::AppendOnly
            | StoreError::Inconsistent { .. }
    )
}

fn refusal_or_failure(error: StoreError) -> ServiceError {
    match error {
        StoreError::RowsAffected { .. } | StoreError::Duplicate => refuse("state_changed").into(),
        error => ServiceError::Store(error),
    }
}
