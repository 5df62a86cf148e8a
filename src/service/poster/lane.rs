//! One lane of the Poster: takes what waits, decides it, commits it, answers. While one batch is being written the
//! next is decided in memory, command by command as they come in, so that neither waits for the other.
//!
//! Deciding ahead takes it that nobody else writes to the book and that keys not seen before are new. Both are made
//! sure of by the first statement of the batch, which moves the head of the book only if it stands where it should
//! and the keys are new. When it does not, what was decided ahead is void and is done again under the book's lock.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use tokio::{runtime::Handle, sync::mpsc, task::JoinHandle};

use super::{
    BATCH_MAX, Job, Letter, PosterStats,
    batch::{self, Shelf, Shelves, is_of_one_command, refusal_or_failure},
    load,
    write::{Decided, Draft, Part},
};
use crate::{
    domain::{book::Command, ids::BookId, time::Clock},
    service::{Faults, ServiceError, error::causes, fault::Point},
    store::{Db, StoreError, StoreResult, ledger::read},
};

/// Commands decided at a time while a batch is being written, so that its end is soon noticed.
const AT_A_TIME: usize = 32;
/// Books kept in memory by one lane; beyond it all are forgotten and loaded again as needed.
const BOOKS_MAX: usize = 1_024;
/// Commands after which what was looked up for single commands is forgotten.
const LOOKUPS_MAX: usize = 65_536;
/// Commands that are decided under the lock after somebody else was found writing to one of our books.
const CAREFUL_COMMANDS: usize = 4_096;

/// A batch that was written, or was not.
struct Landed {
    batch: Vec<Decided>,
    /// Where it took its books to stand.
    began: Vec<(BookId, (i64, i64))>,
    result: StoreResult<()>,
}

/// A batch on its way to the disk.
type Flight = JoinHandle<Landed>;

pub(super) struct Lane {
    db: Db,
    clock: Arc<dyn Clock>,
    stats: Arc<PosterStats>,
    faults: Faults,
    books: Shelves,
    /// Decided, not yet being written; with what it does to each book.
    open: Vec<Decided>,
    drafts: BTreeMap<BookId, Draft>,
    flight: Option<Flight>,
    /// Taken back because what they were decided on did not hold.
    again: VecDeque<Job>,
    /// Commands still to be decided under the lock.
    careful: usize,
    /// Commands since lookups were forgotten.
    looked_up: usize,
    batch_max: usize,
}

impl Lane {
    pub(super) fn new(db: Db, clock: Arc<dyn Clock>, stats: Arc<PosterStats>, faults: Faults) -> Self {
        Self {
            db,
            clock,
            stats,
            faults,
            books: Shelves::new(),
            open: Vec::new(),
            drafts: BTreeMap::new(),
            flight: None,
            again: VecDeque::new(),
            careful: 0,
            looked_up: 0,
            batch_max: BATCH_MAX,
        }
    }

    /// One command at a time, under the lock.
    pub(super) fn one_by_one(self) -> Self {
        Self { careful: usize::MAX, batch_max: 1, ..self }
    }

    /// Runs until every handle is gone and everything handed in is answered.
    pub(super) async fn run(mut self, letters: &mut mpsc::Receiver<Letter>) {
        let mut waiting = Vec::with_capacity(BATCH_MAX);
        loop {
            let room = self.batch_max.saturating_sub(self.open.len());
            let landed = match &mut self.flight {
                None => {
                    if letters.recv_many(&mut waiting, room.max(1)).await == 0 {
                        return;
                    }
                    None
                }
                Some(flight) => tokio::select! {
                    biased;
                    landed = flight => Some(landed),
                    count = letters.recv_many(&mut waiting, room.min(AT_A_TIME)), if room > 0 => {
                        if count == 0 {
                            self.finish().await;
                            return;
                        }
                        None
                    }
                },
            };
            if let Some(landed) = landed {
                self.flight = None;
                self.land(landed.ok()).await;
            }
            self.take_in(&mut waiting).await;
            self.launch();
        }
    }

    async fn take_in(&mut self, waiting: &mut Vec<Letter>) {
        let mut jobs = Vec::with_capacity(waiting.len());
        for letter in waiting.drain(..) {
            match letter {
                Letter::Post(job) => jobs.push(*job),
                Letter::Drain(done) => {
                    self.decide(std::mem::take(&mut jobs)).await;
                    self.finish().await;
                    // whoever asked may have gone
                    let _gone = done.send(());
                }
            }
        }
        self.decide(jobs).await;
        while !self.again.is_empty() {
            let jobs = self.again.drain(..).collect();
            self.decide(jobs).await;
        }
    }

    /// Answers everything that was taken in.
    async fn finish(&mut self) {
        loop {
            match self.flight.take() {
                Some(flight) => {
                    let landed = flight.await.ok();
                    self.land(landed).await;
                }
                None if !self.open.is_empty() => self.launch(),
                None if !self.again.is_empty() => {
                    let jobs = self.again.drain(..).collect();
                    self.under_lock(jobs).await;
                }
                None => return,
            }
        }
    }

    /// Decides on the books in memory and adds to the open batch; what cannot be done that way is done under the lock.
    async fn decide(&mut self, jobs: Vec<Job>) {
        if jobs.is_empty() {
            return;
        }
        if self.careful > 0 {
            self.careful = self.careful.saturating_sub(jobs.len());
            self.finish().await;
            self.under_lock(jobs).await;
            return;
        }
        self.looked_up += jobs.len();
        if self.looked_up > LOOKUPS_MAX || self.books.len() > BOOKS_MAX {
            self.finish().await;
            self.forget();
        }
        match self.load(&jobs).await {
            Ok(()) => {}
            Err(error) => {
                tracing::warn!(error = %causes(&error), "could not decide ahead");
                self.finish().await;
                match error.outage() {
                    // nothing of these was handed on yet
                    Some(_) => self.fail(error, jobs),
                    None => self.under_lock(jobs).await,
                }
                return;
            }
        }
        let now = self.clock.now();
        for job in jobs {
            let Some(shelf) = self.books.get_mut(&job.book) else {
                job.reply(Err(ServiceError::NotFound("book")));
                continue;
            };
            let new = |command: &&Command| shelf.book.prior(&command.key).is_none();
            let unasked = job.commands().filter(new).map(|command| command.key.clone()).collect();
            let from = shelf.book.seq;
            match job.decide(&mut shelf.book, now) {
                Ok(outcomes) => {
                    let Shelf { book, chain } = shelf;
                    let draft = self.drafts.entry(book.id).or_insert_with(|| Draft::begin(from, chain));
                    let decided = Decided { job, outcomes, now, unasked };
                    draft.add(book, chain, self.open.len(), &decided);
                    self.open.push(decided);
                }
                Err(needs) => {
                    tracing::error!(?needs, "a book was asked before it was told");
                    job.reply(Err(ServiceError::Busy));
                }
            }
        }
    }

    /// Tells the books all they must know, but for keys: whether those are new is found out when they are written.
    async fn load(&mut self, jobs: &[Job]) -> StoreResult<()> {
        let mut by_book: BTreeMap<BookId, Vec<&Job>> = BTreeMap::new();
        for job in jobs {
            by_book.entry(job.book).or_default().push(job);
        }
        let unknown: BTreeSet<BookId> =
            by_book.keys().filter(|id| !self.books.contains_key(id)).copied().collect();
        if !unknown.is_empty() {
            // a head that is read now must not be older than what is on its way
            self.finish().await;
        }
        for (id, jobs) in by_book {
            if !self.books.contains_key(&id) {
                let mut tx = self.db.begin_read().await?;
                let Some(head) = read::head(&mut tx, id).await? else { continue };
                self.books.insert(id, load::shelf(id, &head)?);
            }
            let Some(Shelf { book, .. }) = self.books.get_mut(&id) else { continue };
            if load::assume_new(book, &jobs) {
                // what is on its way is in memory already: only what it did not touch is read
                let mut tx = self.db.begin_read().await?;
                load::all(&mut tx, book, &jobs).await?;
            }
        }
        Ok(())
    }

    /// Sends the open batch on its way, if nothing else is.
    fn launch(&mut self) {
        if self.flight.is_some() || self.open.is_empty() {
            return;
        }
        let batch = std::mem::take(&mut self.open);
        let mut parts = Vec::with_capacity(self.drafts.len());
        // books in id order, so that two processes never wait for each other in a ring
        for (id, draft) in std::mem::take(&mut self.drafts) {
            if let Some(Shelf { book, chain }) = self.books.get(&id) {
                parts.extend(draft.finish(book, chain));
            }
        }
        let (db, faults) = (self.db.clone(), self.faults.clone());
        let here = Handle::current();
        // on a thread of its own: woken by the engine, a task would queue up behind everybody who waits for an answer
        self.flight = Some(tokio::task::spawn_blocking(move || {
            let result = here.block_on(write(&db, &faults, &parts, &batch));
            Landed { batch, began: parts.iter().map(Part::began).collect(), result }
        }));
    }

    /// A batch has been written, or has not.
    async fn land(&mut self, landed: Option<Landed>) {
        let Some(Landed { batch, began, result }) = landed else {
            // it panicked: its callers are told by the closed channel, and ask again with the same keys
            self.take_back();
            return;
        };
        match result {
            Ok(()) => {
                // the next one is on its way before anybody is told
                self.launch();
                self.answer(batch).await;
                if self.open.is_empty() && self.flight.is_none() {
                    self.forget();
                }
            }
            Err(error) => {
                tracing::debug!(error = %causes(&error), "decided ahead in vain");
                self.take_back();
                // when the database itself fails, nobody can tell who wrote
                if error.outage().is_none() && self.others_write(&began).await {
                    self.careful = CAREFUL_COMMANDS;
                }
                self.under_lock(batch.into_iter().map(|decided| decided.job).collect()).await;
            }
        }
    }

    /// Whether a book does not stand where a batch of ours that came to nothing took it to stand.
    async fn others_write(&self, began: &[(BookId, (i64, i64))]) -> bool {
        let Ok(mut tx) = self.db.begin_read().await else { return false };
        for (id, from) in began {
            if let Ok(Some(head)) = read::head(&mut tx, *id).await
                && (head.seq, head.refusals) != *from
            {
                return true;
            }
        }
        false
    }

    async fn answer(&self, batch: Vec<Decided>) {
        if let Err(error) = self.faults.at(Point::BeforeAnswer).await {
            // never but in a test: it is durable, and nobody is told
            tracing::error!(error = %causes(&error), "not answered");
            return;
        }
        self.stats.count(batch.iter().map(|decided| decided.outcomes.len()).sum());
        for decided in batch {
            decided.job.reply(Ok(decided.outcomes));
        }
        if let Err(error) = self.faults.at(Point::AfterAnswer).await {
            tracing::error!(error = %causes(&error), "after the answer");
        }
    }

    /// What was decided on a batch that did not come about is decided anew.
    fn take_back(&mut self) {
        self.books.clear();
        self.drafts.clear();
        self.again.extend(self.open.drain(..).map(|decided| decided.job));
    }

    fn forget(&mut self) {
        if self.books.len() > BOOKS_MAX {
            self.books.clear();
        }
        for shelf in self.books.values_mut() {
            shelf.book.forget_lookups();
        }
        self.looked_up = 0;
    }

    /// Decides and commits under the lock, with nothing on its way; a command that fails takes no other with it.
    pub(super) async fn under_lock(&mut self, jobs: Vec<Job>) {
        let count = jobs.len();
        match batch::under_lock(&self.db, &*self.clock, &self.faults, &mut self.books, jobs).await {
            Ok(batch) => self.answer(batch).await,
            Err((error, jobs)) if count > 1 && is_of_one_command(&error) => {
                for job in jobs {
                    match batch::under_lock(&self.db, &*self.clock, &self.faults, &mut self.books, vec![job])
                        .await
                    {
                        Ok(batch) => self.answer(batch).await,
                        Err((error, jobs)) => self.fail(error, jobs),
                    }
                }
            }
            Err((error, jobs)) => self.fail(error, jobs),
        }
    }

    /// Nothing of these came about, as far as anybody can tell.
    fn fail(&self, error: StoreError, jobs: Vec<Job>) {
        let outage = error.outage();
        self.stats.note_outage(outage);
        match outage {
            Some(outage) => {
                tracing::error!(error = %causes(&error), commands = jobs.len(), ?outage, "cannot write");
                for job in jobs {
                    job.reply(Err(ServiceError::Outage(outage)));
                }
            }
            None => fail(error, jobs),
        }
    }
}

/// Nothing of these came about.
fn fail(error: StoreError, mut jobs: Vec<Job>) {
    if jobs.len() > 1 {
        tracing::error!(error = %causes(&error), commands = jobs.len(), "batch failed");
        for job in jobs {
            // what was handed in may be handed in again: the keys make it safe
            job.reply(Err(ServiceError::Busy));
        }
    } else if let Some(job) = jobs.pop() {
        job.reply(refusal_or_failure(error));
    }
}

/// Writes a batch that was decided ahead, all of it or nothing.
async fn write(db: &Db, faults: &Faults, parts: &[Part], batch: &[Decided]) -> StoreResult<()> {
    if parts.is_empty() {
        return Ok(());
    }
    faults.at(Point::BeforeWrite).await?;
    let mut tx = db.begin_write().await?;
    for part in parts {
        part.write(&mut tx, batch).await?;
    }
    batch::commit(tx, faults).await
}
