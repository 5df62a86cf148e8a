//! The Poster: one queue, many commands, one commit. Handlers hand in a command and wait; a task takes all that waits,
//! lets [`Book::decide`](crate::domain::book::Book::decide) decide each in order, writes everything with multi-row
//! statements, commits once and answers. No timer: a batch is whatever arrived while the last one was being
//! committed. Several processes on one PostgreSQL are safe, because each batch moves the row of the book, and only
//! from where it was decided.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use super::{Desk, Refusal, ServiceError, ServiceResult};
use crate::{
    domain::{
        book::{Command, Outcome, Posted, PriorResult, Refused},
        ids::BookId,
        time::Clock,
    },
    store::{Db, Engine, StoreResult, WriteTx},
};

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

/// A command on its way.
struct Job {
    book: BookId,
    command: Command,
    effects: Vec<Box<dyn Effect>>,
    answer: oneshot::Sender<ServiceResult<Outcome>>,
    _waits: Waits,
}

impl Job {
    fn reply(self, outcome: ServiceResult<Outcome>) {
        // the client may have hung up: the posting stands, its retry gets the same answer
        let _gone = self.answer.send(outcome);
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
}

impl PosterStats {
    /// One more batch of so many commands.
    fn count(&self, commands: usize) {
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
    pub fn start(db: &Db, clock: &Arc<dyn Clock>) -> Self {
        let lanes = match db.engine() {
            Engine::Sqlite => 1,
            Engine::Postgres => LANES_POSTGRES,
        };
        let stats = Arc::new(PosterStats::default());
        let lanes = (0..lanes)
            .map(|_| {
                let (sender, receiver) = mpsc::channel(QUEUE_MAX);
                let lane = Lane::new(db.clone(), Arc::clone(clock), Arc::clone(&stats));
                tokio::spawn(lane.run(receiver));
                sender
            })
            .collect();
        Self { lanes, stats }
    }

    /// Hands in a command and waits for its outcome. When this returns, the outcome is durable.
    pub async fn post(
        &self,
        book: BookId,
        command: Command,
        effects: Vec<Box<dyn Effect>>,
    ) -> ServiceResult<Outcome> {
        let (answer, outcome) = oneshot::channel();
        let job = Box::new(Job { book, command, effects, answer, _waits: Waits::begin(&self.stats) });
        let lane = self.lane(book).ok_or(ServiceError::Busy)?;
        lane.try_send(Letter::Post(job)).map_err(|_| ServiceError::Busy)?;
        outcome.await.map_err(|_| ServiceError::Internal("the poster ended before it answered".to_owned()))?
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
    fn lane(&self, book: BookId) -> Option<&mpsc::Sender<Letter>> {
        let sum: usize = book.0.as_bytes().iter().map(|b| usize::from(*b)).sum();
        self.lanes.get(sum.checked_rem(self.lanes.len())?)
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
        self.poster.post(book, command, effects).await
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
        }
    }
}
