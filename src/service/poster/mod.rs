//! The Poster: one queue, many commands, one commit. Handlers hand in a command and wait; a task takes all that waits,
//! lets [`Book::decide`](crate::domain::book::Book::decide) decide each in order, writes everything with multi-row
//! statements, commits once and answers. No timer: a batch is whatever arrived while the last one was being
//! committed. Several processes on one PostgreSQL are safe, because each batch moves the row of the book, and only
//! from where it was decided.

use std::{
    collections::BTreeMap,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::{mpsc, oneshot};

use super::{Desk, Faults, Refusal, ServiceError, ServiceResult, rehearsal};
use crate::{
    domain::{
        book::{Book, Command, Needs, Outcome, Posted, PriorResult, Refused},
        ids::BookId,
        time::{Clock, Timestamp},
    },
    store::{Db, Engine, Outage, StoreResult, WriteTx},
};

mod across;
mod batch;
mod lane;
mod load;
mod write;

use lane::Lane;

/// Commands that may wait in one lane; more are told to come again.
pub const QUEUE_MAX: usize = 8_192;
/// Commands written with one commit.
pub const BATCH_MAX: usize = 1_024;
/// Lanes on PostgreSQL: groups of books that are committed side by side. SQLite has one writer, so one lane.
const LANES_POSTGRES: usize = 4;

/// Rows that go with a posting, in the same transaction: the order, the award's new state, the event.
pub trait Effect: Send + Sync {
    /// Writes them. A guard that fails ([`StoreError::RowsAffected`](crate::store::StoreError::RowsAffected)) undoes
    /// the posting: the command is refused with `state_changed`, and its key stays free.
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>>;
}

/// A command, with what goes with its posting.
pub struct Task {
    /// What is asked of the book.
    pub command: Command,
    /// Rows of its own.
    pub effects: Vec<Box<dyn Effect>>,
}

/// What is decided as a whole: one command, or several that happen together or not at all.
struct Job {
    book: BookId,
    tasks: Vec<Task>,
    /// What is stored of each request, drawn up by whoever asks, so that the lane need not.
    bodies: Vec<String>,
    /// One outcome a task, in their order.
    answer: oneshot::Sender<ServiceResult<Vec<Outcome>>>,
    _waits: Waits,
}

type Answer = oneshot::Receiver<ServiceResult<Vec<Outcome>>>;

impl Job {
    fn reply(self, outcomes: ServiceResult<Vec<Outcome>>) {
        // the client may have hung up: the posting stands, its retry gets the same answer
        let _gone = self.answer.send(outcomes);
    }

    fn commands(&self) -> impl Iterator<Item = &Command> {
        self.tasks.iter().map(|task| &task.command)
    }

    fn decide(&self, book: &mut Book, now: Timestamp) -> Result<Vec<Outcome>, Needs> {
        match self.tasks.as_slice() {
            [only] => Ok(vec![book.decide(&only.command, now)?]),
            several => {
                let commands: Vec<&Command> = several.iter().map(|task| &task.command).collect();
                book.decide_together(&commands, now)
            }
        }
    }
}

/// Counted as waiting for as long as it lives.
struct Waits(Arc<PosterStats>);

impl Waits {
    fn begin(stats: &Arc<PosterStats>) -> Self {
        stats.waiting.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(stats))
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

enum Letter {
    Post(Box<Job>),
    /// Answer when everything before is done.
    Drain(oneshot::Sender<()>),
}

/// What the Poster did so far, for `/metrics`.
#[derive(Debug, Default)]
pub struct PosterStats {
    /// Commits.
    pub batches: AtomicU64,
    /// Commands answered.
    pub commands: AtomicU64,
    /// Commands waiting now.
    pub waiting: AtomicU64,
    /// The largest batch.
    pub batch_max: AtomicU64,
    /// Why nothing can be written, if the last that was tried could not be.
    outage: Mutex<Option<Outage>>,
}

impl PosterStats {
    /// Why nothing can be written, if the last that was tried could not be.
    #[must_use]
    pub fn outage(&self) -> Option<Outage> {
        *self.outage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_outage(&self, outage: Option<Outage>) {
        *self.outage.lock().unwrap_or_else(PoisonError::into_inner) = outage;
    }

    /// One more batch of so many commands.
    fn count(&self, commands: usize) {
        self.note_outage(None);
        let count = u64::try_from(commands).unwrap_or(u64::MAX);
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.commands.fetch_add(count, Ordering::Relaxed);
        self.batch_max.fetch_max(count, Ordering::Relaxed);
    }
}

/// The handle that everyone holds.
#[derive(Clone)]
pub struct Poster {
    lanes: Arc<[mpsc::Sender<Letter>]>,
    stats: Arc<PosterStats>,
    db: Db,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Poster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Poster").field("lanes", &self.lanes.len()).finish_non_exhaustive()
    }
}

/// What became of a command that was posted, now or before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its place in the book.
    pub seq: i64,
    /// The posting in full, unless it was there already.
    pub posted: Option<Posted>,
}

impl Receipt {
    /// Whether the key was known: the answer is the first one again.
    #[must_use]
    pub const fn replayed(&self) -> bool {
        self.posted.is_none()
    }
}

impl Poster {
    /// Starts the lanes on the current runtime.
    #[must_use]
    pub fn start(db: &Db, clock: &Arc<dyn Clock>, faults: &Faults) -> Self {
        let lanes = match db.engine() {
            Engine::Sqlite => 1,
            Engine::Postgres => LANES_POSTGRES,
        };
        let stats = Arc::new(PosterStats::default());
        let lanes = (0..lanes)
            .map(|_| {
                let (sender, receiver) = mpsc::channel(QUEUE_MAX);
                let (db, clock, faults) = (db.clone(), Arc::clone(clock), faults.clone());
                let stats = Arc::clone(&stats);
                let lane =
                    move || Lane::new(db.clone(), Arc::clone(&clock), Arc::clone(&stats), faults.clone());
                tokio::spawn(keep(lane, receiver));
                sender
            })
            .collect();
        Self { lanes, stats, db: db.clone(), clock: Arc::clone(clock) }
    }

    /// One that decides and commits each command by itself under the lock of its book: what the bench compares with.
    #[must_use]
    pub fn one_by_one(db: &Db, clock: &Arc<dyn Clock>) -> Self {
        let stats = Arc::new(PosterStats::default());
        let (sender, mut receiver) = mpsc::channel(QUEUE_MAX);
        let lane = Lane::new(db.clone(), Arc::clone(clock), Arc::clone(&stats), Faults::default());
        tokio::spawn(async move { lane.one_by_one().run(&mut receiver).await });
        Self { lanes: Arc::new([sender]), stats, clock: Arc::clone(clock), db: db.clone() }
    }

    /// Hands in a command and waits for its outcome. When this returns, the outcome is durable.
    pub async fn post(&self, book: BookId, task: Task) -> ServiceResult<Outcome> {
        let (job, answer) = self.job(book, vec![task])?;
        if rehearsal::is_on() {
            self.here(vec![job]).await;
        } else {
            self.lane(book)?.try_send(Letter::Post(Box::new(job))).map_err(|_| ServiceError::Busy)?;
        }
        only(heard(answer).await?)
    }

    /// Hands in many commands at once, each of which is decided by itself. Either all find room in the queue or none
    /// is taken.
    pub async fn post_each(
        &self,
        book: BookId,
        tasks: Vec<Task>,
    ) -> ServiceResult<Vec<ServiceResult<Outcome>>> {
        let room = self.lane(book)?.try_reserve_many(tasks.len()).map_err(|_| ServiceError::Busy)?;
        let asked = tasks.into_iter().map(|task| self.job(book, vec![task]));
        let (jobs, answers): (Vec<Job>, Vec<Answer>) =
            asked.collect::<ServiceResult<Vec<_>>>()?.into_iter().unzip();
        if rehearsal::is_on() {
            self.here(jobs).await;
        } else {
            room.zip(jobs).for_each(|(place, job)| place.send(Letter::Post(Box::new(job))));
        }
        let mut outcomes = Vec::with_capacity(answers.len());
        for answer in answers {
            outcomes.push(heard(answer).await.and_then(only));
        }
        Ok(outcomes)
    }

    /// Hands in commands that happen together or not at all; see [`Book::decide_together`].
    pub async fn post_together(&self, book: BookId, tasks: Vec<Task>) -> ServiceResult<Vec<Outcome>> {
        // it takes the room of all its commands for as long as it waits
        let mut room = self.lane(book)?.try_reserve_many(tasks.len()).map_err(|_| ServiceError::Busy)?;
        let Some(place) = room.next() else { return Ok(Vec::new()) };
        let (job, answer) = self.job(book, tasks)?;
        if rehearsal::is_on() {
            self.here(vec![job]).await;
        } else {
            place.send(Letter::Post(Box::new(job)));
        }
        heard(answer).await
    }

    /// Commands to several books, one each, that happen together or not at all: their places by book, or the outcome
    /// that kept the others from happening; then nothing was written.
    pub async fn post_across(
        &self,
        desk: &Desk,
        tasks: BTreeMap<BookId, Task>,
    ) -> ServiceResult<Result<BTreeMap<BookId, i64>, Outcome>> {
        across::post((&desk.db, &*desk.clock, &desk.faults), &self.stats, tasks).await
    }

    fn job(&self, book: BookId, tasks: Vec<Task>) -> ServiceResult<(Job, Answer)> {
        let bodies = tasks.iter().map(|task| write::body(&task.command)).collect::<StoreResult<_>>()?;
        let (sender, answer) = oneshot::channel();
        Ok((Job { book, tasks, bodies, answer: sender, _waits: Waits::begin(&self.stats) }, answer))
    }

    /// Decides and writes in place, under the book's lock, as part of the unit that a dry run stands in.
    async fn here(&self, jobs: Vec<Job>) {
        let (db, clock) = (self.db.clone(), Arc::clone(&self.clock));
        Lane::new(db, clock, Arc::default(), Faults::default()).under_lock(jobs).await;
    }

    /// Waits until everything handed in so far is answered.
    pub async fn drain(&self) {
        for lane in self.lanes.iter() {
            let (sender, done) = oneshot::channel();
            if lane.send(Letter::Drain(sender)).await.is_ok() {
                // an error means that the lane is gone, and with it everything it had
                let _gone = done.await;
            }
        }
    }

    /// What it did so far.
    #[must_use]
    pub fn stats(&self) -> &PosterStats {
        &self.stats
    }

    /// A book's lane: always the same, so that its commands keep their order.
    fn lane(&self, book: BookId) -> ServiceResult<&mpsc::Sender<Letter>> {
        let sum: usize = book.0.as_bytes().iter().map(|b| usize::from(*b)).sum();
        let place = sum.checked_rem(self.lanes.len()).ok_or(ServiceError::Busy)?;
        self.lanes.get(place).ok_or(ServiceError::Busy)
    }
}

async fn heard(answer: Answer) -> ServiceResult<Vec<Outcome>> {
    // whatever dropped it, it may have been written before: the key tells
    answer.await.map_err(|_| ServiceError::Unsettled)?
}

fn only(outcomes: Vec<Outcome>) -> ServiceResult<Outcome> {
    outcomes
        .into_iter()
        .next()
        .ok_or_else(|| ServiceError::Internal("a command without an answer".to_owned()))
}

/// Keeps a lane running: when one panics, its callers are told by the closed channel, and another begins with what
/// the database says.
async fn keep(lane: impl Fn() -> Lane, mut letters: mpsc::Receiver<Letter>) {
    while AssertUnwindSafe(lane().run(&mut letters)).catch_unwind().await.is_err() {
        tracing::error!("a lane of the poster panicked; another one goes on");
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self { code: refused.code.as_str(), facts: refused.facts }
    }
}

impl Desk {
    /// Posts a command; every answer of the book is an outcome.
    pub async fn post(
        &self,
        book: BookId,
        command: Command,
        effects: Vec<Box<dyn Effect>>,
    ) -> ServiceResult<Outcome> {
        self.poster.post(book, Task { command, effects }).await
    }

    /// Posts a command that is meant to succeed: a refusal, now or at the first time, comes back as an error.
    pub async fn posted(
        &self,
        book: BookId,
        command: Command,
        effects: Vec<Box<dyn Effect>>,
    ) -> ServiceResult<Receipt> {
        match self.post(book, command, effects).await? {
            Outcome::Posted(posted) => Ok(Receipt { seq: posted.seq, posted: Some(posted) }),
            Outcome::Replayed(PriorResult::Posted { seq }) => Ok(Receipt { seq, posted: None }),
            Outcome::Refused(refused) | Outcome::Replayed(PriorResult::Refused(refused)) => {
                Err(Refusal::from(refused).into())
            }
            Outcome::Conflict { fields } => {
                Err(super::refuse("idempotency_conflict").with("fields", fields.join(", ")).into())
            }
            Outcome::NotApplied { .. } => {
                Err(ServiceError::Internal("a command by itself waits for no other".to_owned()))
            }
        }
    }
}
