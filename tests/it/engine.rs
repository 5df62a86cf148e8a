//! A fresh database for each test: a file on SQLite, a database of its own on PostgreSQL. The engine is chosen by
//! `TEST_DATABASE_URL` (a PostgreSQL server where databases may be created); without it, SQLite.

use std::{
    sync::Arc,
    sync::atomic::{AtomicU32, Ordering},
};

use greencoin::{
    domain::{
        entropy::ChaChaEntropy,
        time::{ManualClock, Timestamp},
    },
    service::{Desk, HashCost, Keys},
    store::{
        Db,
        connect::{self, Migrate},
        ledger::read,
    },
};
use tempfile::TempDir;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// The server that tests may create databases on, if there is one.
#[expect(clippy::disallowed_methods, reason = "the one variable that chooses the engine")]
pub fn server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// A database that is gone when this is dropped.
pub struct Engine {
    pub url: String,
    /// Held so that the folder lives as long as the database in it.
    _folder: TempDir,
    created: Option<(String, String)>,
}

impl Engine {
    /// An empty database on the engine under test.
    pub async fn fresh() -> Self {
        match server() {
            None => Self::sqlite(),
            Some(server) => Self::postgres(server).await,
        }
    }

    /// An empty database on a PostgreSQL server.
    pub async fn postgres(server: String) -> Self {
        let name = format!("gc_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let url = connect::create_database(&server, &name).await.unwrap();
        Self { url, _folder: tempfile::tempdir().unwrap(), created: Some((server, name)) }
    }

    /// An empty SQLite database, whatever engine is under test: for tests that compare the two.
    pub fn sqlite() -> Self {
        Self::sqlite_in(tempfile::tempdir().unwrap())
    }

    /// The same in a folder of one's own choice.
    pub fn sqlite_in(folder: TempDir) -> Self {
        Self { url: connect::sqlite_url(folder.path()), _folder: folder, created: None }
    }

    /// Connections to it, with the schema in place.
    pub async fn open(&self) -> Db {
        connect::open(&self.url, Migrate::Run).await.unwrap()
    }

    /// A desk over it: fixed clock, fixed seed, cheap hashes.
    pub async fn desk(&self, clock: &Arc<ManualClock>) -> Desk {
        let db = self.open().await;
        let mut desk =
            Desk::new(db, clock.clone(), Arc::new(ChaChaEntropy::from_seed(42)), Keys::new([7; 32]));
        desk.hash_cost = HashCost::LEAST;
        desk
    }
}

impl Engine {
    /// Every book sums to zero and `verify` holds. On connections and a runtime of its own, since the test's are
    /// going down.
    pub fn check(&self, clock: &Arc<ManualClock>) {
        std::thread::scope(|scope| {
            let checked = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(self.verify(clock));
            });
            if let Err(panic) = checked.join() {
                std::panic::resume_unwind(panic);
            }
        });
    }

    async fn verify(&self, clock: &Arc<ManualClock>) {
        let desk = self.desk(clock).await;
        let report = desk.verify_books(None).await.unwrap();
        assert!(report.holds(), "{report:#?}");
        let mut tx = desk.db.begin_read().await.unwrap();
        for book in &report.books {
            let sums = read::sums(&mut tx, book.book).await.unwrap();
            assert!(sums.iter().all(|(_, sum)| *sum == 0), "{sums:?}");
        }
        drop(tx);
        desk.db.close().await;
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some((server, name)) = self.created.take() {
            // a runtime of its own: this runs while the test's is going down
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(connect::drop_database(&server, &name)).unwrap();
            })
            .join()
            .unwrap();
        }
    }
}

/// The instant at which tests begin: Wednesday 2026-06-03, 10:00 in the village.
pub fn morning() -> Timestamp {
    "2026-06-03T10:00:00+08:00".parse().unwrap()
}

/// A clock standing at [`morning`].
pub fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(morning()))
}
