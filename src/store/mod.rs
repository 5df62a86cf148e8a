//! The only place that says SQL. One text for both engines, two native drivers, [`Tx`] and `on!`.
//!
//! A store function is one statement. It takes a [`Tx`] (or a [`WriteTx`], which only [`Db::begin_write`] makes),
//! and returns types of [`crate::domain`] or row structs declared beside it. No rules, no decisions.

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

use unit::Lease;

pub mod amendment;
pub mod answer;
pub mod appeal;
pub mod as_of;
pub mod audit;
pub mod award;
pub mod bearer;
pub mod body;
pub mod bystander;
pub mod callback;
pub mod card;
pub mod claim;
pub mod compact;
pub mod connect;
pub mod counter;
pub mod day_close;
pub mod elsewhere;
pub mod error;
pub mod event;
pub mod evidence;
pub mod fairness;
pub mod fund;
pub mod goods;
pub mod goods_picture;
pub mod helper;
pub mod hold;
pub mod honour;
pub mod household;
pub mod identity;
pub mod inspection;
pub mod lapse;
pub mod ledger;
pub mod log;
pub mod login;
pub mod market;
pub mod matter;
pub mod money;
pub mod notice;
pub mod objection;
pub mod offline;
pub mod order;
pub mod org;
pub mod passbook;
pub mod period;
pub mod person;
pub mod pin;
pub mod private_text;
pub mod procedure;
pub mod programme;
pub mod proposal;
pub mod red_list;
pub mod redemption;
pub mod register;
pub mod reminder;
pub mod returns;
pub mod reversal;
pub mod ruleset;
pub mod serial;
pub mod session;
pub mod shelf;
pub mod sitting;
pub mod size;
pub mod sql;
pub mod statement;
pub mod stock;
pub mod stock_photo;
pub mod throttle;
pub mod timebank;
pub mod unit;
pub mod verify;
pub mod voice;
pub mod webhook;
pub mod witness;

pub use connect::Engine;
pub use error::{Outage, StoreError};
pub use unit::calls;

/// What every store function returns.
pub type StoreResult<T> = Result<T, StoreError>;

/// An open transaction on whichever engine the installation uses.
#[derive(Debug)]
pub enum Tx {
    /// SQLite inside this process.
    Sqlite(Lease<Sqlite>),
    /// PostgreSQL (or Citus) by URL.
    Postgres(Lease<Postgres>),
}

/// Runs one statement on whichever driver the transaction holds.
macro_rules! on {
    ($tx:expr, |$c:ident| $query:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $c = &mut **tx;
                $query.await
            }
            $crate::store::Tx::Postgres(tx) => {
                let $c = &mut **tx;
                $query.await
            }
        }
    };
}
pub(crate) use on;

/// Runs a statement that must touch exactly `$n` rows; anything else is [`StoreError::RowsAffected`].
macro_rules! exactly {
    ($n:expr, $tx:expr, |$c:ident| $query:expr) => {{
        let affected = match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $c = &mut **tx;
                $query.await?.rows_affected()
            }
            $crate::store::Tx::Postgres(tx) => {
                let $c = &mut **tx;
                $query.await?.rows_affected()
            }
        };
        let expected: u64 = $n;
        if affected == expected {
            Ok(())
        } else {
            Err($crate::store::StoreError::RowsAffected { expected, actual: affected })
        }
    }};
}
pub(crate) use exactly;

/// Runs a statement that may touch any number of rows, none too.
macro_rules! any {
    ($tx:expr, |$c:ident| $query:expr) => {{
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $c = &mut **tx;
                $query.await?;
            }
            $crate::store::Tx::Postgres(tx) => {
                let $c = &mut **tx;
                $query.await?;
            }
        }
        Ok(())
    }};
}
pub(crate) use any;

impl Tx {
    /// Which engine this transaction runs on.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    async fn commit(self) -> StoreResult<()> {
        unit::count();
        match self {
            Self::Sqlite(Lease::Own(tx)) => tx.commit().await?,
            Self::Postgres(Lease::Own(tx)) => tx.commit().await?,
            part => unit::keep(part).await?,
        }
        Ok(())
    }
}

/// A transaction that may write: on SQLite it holds the write lock from its first moment, so that what it has
/// read stays true until it commits. Dropped without [`WriteTx::commit`] it leaves no trace.
#[derive(Debug)]
pub struct WriteTx(Tx);

impl WriteTx {
    /// Makes everything written durable. When this returns, it survives a power cut.
    pub async fn commit(self) -> StoreResult<()> {
        self.0.commit().await
    }
}

impl std::ops::Deref for WriteTx {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        &self.0
    }
}

impl std::ops::DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.0
    }
}

/// The connections of one installation.
#[derive(Debug, Clone)]
pub enum Db {
    /// One writer and several readers of one file.
    Sqlite {
        /// A pool of exactly one connection: SQLite has one writer.
        writer: SqlitePool,
        /// Read-only connections; each transaction sees one snapshot.
        readers: SqlitePool,
    },
    /// A pool of PostgreSQL connections.
    Postgres(PgPool),
}

impl Db {
    /// Begins a transaction that may write; inside a [`unit::Unit`], a part of its transaction.
    pub async fn begin_write(&self) -> StoreResult<WriteTx> {
        if let Some(part) = unit::write().await? {
            return Ok(WriteTx(part));
        }
        unit::count();
        Ok(WriteTx(match self {
            Self::Sqlite { writer, .. } => {
                Tx::Sqlite(Lease::Own(writer.begin_with("BEGIN IMMEDIATE").await?))
            }
            Self::Postgres(pool) => Tx::Postgres(Lease::Own(connect::begin(pool, "BEGIN").await?)),
        }))
    }

    /// Begins a read-only transaction that sees one snapshot; inside a [`unit::Unit`], what that wrote so far.
    pub async fn begin_read(&self) -> StoreResult<Tx> {
        if let Some(part) = unit::read().await? {
            return Ok(part);
        }
        unit::count();
        Ok(match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(Lease::Own(readers.begin().await?)),
            Self::Postgres(pool) => {
                let snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Tx::Postgres(Lease::Own(connect::begin(pool, snapshot).await?))
            }
        })
    }

    /// Which engine holds the books.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> StoreResult<()> {
        let mut tx = self.begin_read().await?;
        on!(&mut tx, |c| sqlx::query_scalar::<_, i32>(sql::PING).fetch_one(c))?;
        Ok(())
    }

    /// Closes every connection; what is in hand finishes first.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
