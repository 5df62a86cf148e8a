//! One transaction around whole use cases: inside [`Unit::run`], what [`super::Db::begin_write`] and
//! [`super::Db::begin_read`] hand out are parts of the unit's transaction. A part that commits is kept when the unit
//! commits; a part dropped before that is undone, alone. Holds no rule about when a unit is wanted.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use sqlx::{Database, Postgres, Sqlite, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Db, StoreError, StoreResult, Tx, any, connect};

tokio::task_local! {
    static UNIT: Unit;
}

/// Calls to the engine by this process, for the bench: statements, and the beginnings and ends of transactions.
static CALLS: AtomicU64 = AtomicU64::new(0);

/// How many calls to the engine this process has made inside transactions.
#[must_use]
pub fn calls() -> u64 {
    CALLS.load(Ordering::Relaxed)
}

pub(super) fn count() {
    CALLS.fetch_add(1, Ordering::Relaxed);
}

/// A transaction with the part of it that is not settled yet.
#[derive(Debug)]
pub struct Whole<D: Database> {
    tx: Transaction<'static, D>,
    /// A part began and did not commit: it is undone before anything else happens.
    open: bool,
}

/// The connection of a [`Tx`]: a transaction of its own, or a part of a unit's.
#[derive(Debug)]
pub enum Lease<D: Database> {
    /// Ends with this lease.
    Own(Transaction<'static, D>),
    /// Ends with the unit.
    Part(OwnedMutexGuard<Whole<D>>),
}

impl<D: Database> Deref for Lease<D> {
    type Target = D::Connection;
    fn deref(&self) -> &D::Connection {
        match self {
            Self::Own(tx) => tx,
            Self::Part(whole) => &whole.tx,
        }
    }
}

impl<D: Database> DerefMut for Lease<D> {
    /// Asked for once a statement.
    fn deref_mut(&mut self) -> &mut D::Connection {
        count();
        match self {
            Self::Own(tx) => tx,
            Self::Part(whole) => &mut whole.tx,
        }
    }
}

/// An open unit. Dropped without [`Unit::commit`] it leaves no trace.
#[derive(Debug, Clone)]
pub enum Unit {
    /// On SQLite it holds the write lock from its first moment.
    Sqlite(Arc<Mutex<Whole<Sqlite>>>),
    /// On PostgreSQL it reads what is committed, statement by statement.
    Postgres(Arc<Mutex<Whole<Postgres>>>),
}

fn whole<D: Database>(tx: Transaction<'static, D>) -> Arc<Mutex<Whole<D>>> {
    Arc::new(Mutex::new(Whole { tx, open: false }))
}

impl Db {
    /// Opens a unit.
    pub async fn unit(&self) -> StoreResult<Unit> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Unit::Sqlite(whole(writer.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres(pool) => Unit::Postgres(whole(connect::begin(pool, "BEGIN").await?)),
        })
    }
}

impl Unit {
    /// Runs `work` inside the unit.
    pub async fn run<F: Future>(&self, work: F) -> F::Output {
        UNIT.scope(self.clone(), work).await
    }

    /// Makes the parts that committed durable, together.
    pub async fn commit(self) -> StoreResult<()> {
        undo(&mut self.lease().ok_or(StoreError::UnitBusy)?).await?;
        match self {
            Self::Sqlite(whole) => {
                Arc::into_inner(whole).ok_or(StoreError::UnitBusy)?.into_inner().tx.commit().await?;
            }
            Self::Postgres(whole) => {
                Arc::into_inner(whole).ok_or(StoreError::UnitBusy)?.into_inner().tx.commit().await?;
            }
        }
        Ok(())
    }

    fn lease(&self) -> Option<Tx> {
        match self {
            Self::Sqlite(whole) => {
                whole.clone().try_lock_owned().ok().map(|part| Tx::Sqlite(Lease::Part(part)))
            }
            Self::Postgres(whole) => {
                whole.clone().try_lock_owned().ok().map(|part| Tx::Postgres(Lease::Part(part)))
            }
        }
    }
}

fn current() -> Option<Unit> {
    UNIT.try_with(Unit::clone).ok()
}

/// A part that may write, when a unit is open. Two at a time would be two writers of one transaction.
pub(super) async fn write() -> StoreResult<Option<Tx>> {
    let Some(unit) = current() else { return Ok(None) };
    let mut tx = unit.lease().ok_or(StoreError::UnitBusy)?;
    undo(&mut tx).await?;
    say(&mut tx, "SAVEPOINT part").await?;
    mark(&mut tx, true);
    Ok(Some(tx))
}

/// A part that reads what the unit wrote so far, when one is open and nobody writes in it at this moment.
pub(super) async fn read() -> StoreResult<Option<Tx>> {
    let Some(mut tx) = current().and_then(|unit| unit.lease()) else { return Ok(None) };
    undo(&mut tx).await?;
    Ok(Some(tx))
}

/// Keeps what a part wrote, until the unit decides.
pub(super) async fn keep(mut tx: Tx) -> StoreResult<()> {
    say(&mut tx, "RELEASE SAVEPOINT part").await?;
    mark(&mut tx, false);
    Ok(())
}

/// Undoes the part that was dropped, if one was.
async fn undo(tx: &mut Tx) -> StoreResult<()> {
    let open = match tx {
        Tx::Sqlite(Lease::Part(whole)) => whole.open,
        Tx::Postgres(Lease::Part(whole)) => whole.open,
        _ => false,
    };
    if open {
        say(tx, "ROLLBACK TO SAVEPOINT part").await?;
        say(tx, "RELEASE SAVEPOINT part").await?;
        mark(tx, false);
    }
    Ok(())
}

fn mark(tx: &mut Tx, open: bool) {
    match tx {
        Tx::Sqlite(Lease::Part(whole)) => whole.open = open,
        Tx::Postgres(Lease::Part(whole)) => whole.open = open,
        _ => {}
    }
}

async fn say(tx: &mut Tx, words: &'static str) -> StoreResult<()> {
    any!(tx, |c| sqlx::raw_sql(words).execute(c))
}
