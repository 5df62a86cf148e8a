//! From a URL to connections: pools, pragmas, migrations. Refuses unknown schemes instead of creating an empty file.

use std::{path::Path, str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection, Executor, PgPool, Postgres, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Db, Outage, StoreError, StoreResult};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// How long a connection waits for SQLite's write lock.
const BUSY_SECONDS: u64 = 30;
/// How long a request waits for a connection before it is told that we are busy.
const ACQUIRE_SECONDS: u64 = 15;
const SQLITE_READERS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 16;
/// Rows that SQLite's thread may be ahead of whoever reads them: a page is read without a pause.
const ROWS_AHEAD: usize = 1_024;
/// KiB, negated, as SQLite wants it: balances and the ends of accounts are written again and again.
const WRITER_CACHE: &str = "-32768";
/// Pages in the WAL before they are copied into the database: a page that is written often is copied once.
const CHECKPOINT_PAGES: &str = "8192";
const STATEMENT_CACHE: usize = 512;

/// The two engines the same SQL runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, in this process.
    Sqlite,
    /// PostgreSQL, or Citus, which speaks its protocol.
    Postgres,
}

impl Engine {
    /// `sqlite` or `postgres`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// What to do about a schema older than the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migrate {
    /// Bring it up to date.
    Run,
    /// Refuse to start.
    Refuse,
}

/// Opens the database at `url` (`sqlite://FILE`, `postgres://…`) and brings its schema up to date.
pub async fn open(url: &str, migrate: Migrate) -> StoreResult<Db> {
    let db = match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => sqlite(url).await?,
        Some("postgres" | "postgresql") => postgres(url).await?,
        _ => return Err(StoreError::UnknownScheme(url.split(':').next().unwrap_or_default().to_owned())),
    };
    run_migrations(&db, migrate).await?;
    Ok(db)
}

/// The URL of a database file inside `folder`.
#[must_use]
pub fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("greencoin.db").display())
}

async fn sqlite(url: &str) -> StoreResult<Db> {
    let options = SqliteConnectOptions::from_str(url)?
        .journal_mode(SqliteJournalMode::Wal)
        // the answer is given only after fsync; with group commit this costs nothing (README, "Speed")
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // without it INSERT OR REPLACE deletes rows past the append-only triggers
        .pragma("recursive_triggers", "on")
        .pragma("trusted_schema", "off")
        .busy_timeout(Duration::from_secs(BUSY_SECONDS))
        .row_buffer_size(ROWS_AHEAD)
        .statement_cache_capacity(STATEMENT_CACHE)
        .disable_statement_logging();
    let writing = options
        .clone()
        .create_if_missing(true)
        .pragma("cache_size", WRITER_CACHE)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS))
        // after a failed commit (a full disk) SQLite has rolled back already and refuses to do it again; the driver
        // then thinks that it is inside a transaction for ever
        .before_acquire(|c, _| Box::pin(std::future::ready(Ok(!c.is_in_transaction()))))
        .connect_with(writing)
        .await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS))
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    Ok(Db::Sqlite { writer, readers })
}

async fn postgres(url: &str) -> StoreResult<Db> {
    let options = PgConnectOptions::from_str(url)?
        // the answer is given only after fsync, whatever the server's default
        .options([("synchronous_commit", "on")])
        .statement_cache_capacity(STATEMENT_CACHE)
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS))
        // asking costs a round trip for each transaction: `begin` finds out
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    Ok(Db::Postgres(pool))
}

/// Begins a transaction on PostgreSQL. A connection that rested may be dead by now; nothing was said on it, so the next
/// one is tried.
pub(super) async fn begin(pool: &PgPool, words: &'static str) -> StoreResult<Transaction<'static, Postgres>> {
    for _ in 0..POSTGRES_CONNECTIONS {
        match pool.begin_with(words).await {
            // nobody is there at all
            Err(error @ (sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)) => return Err(error.into()),
            Err(error) => match StoreError::from(error) {
                dead if dead.outage() == Some(Outage::Away) => {}
                error => return Err(error),
            },
            Ok(begun) => return Ok(begun),
        }
    }
    Ok(pool.begin_with(words).await?)
}

async fn run_migrations(db: &Db, migrate: Migrate) -> StoreResult<()> {
    if migrate == Migrate::Refuse {
        let pending = pending(db).await?;
        return if pending == 0 { Ok(()) } else { Err(StoreError::Pending(pending)) };
    }
    match db {
        Db::Sqlite { writer, .. } => SQLITE.run(writer).await,
        Db::Postgres(pool) => POSTGRES.run(pool).await,
    }
    .map_err(StoreError::Migrate)
}

async fn pending(db: &Db) -> StoreResult<usize> {
    const APPLIED: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM _sqlx_migrations WHERE success";
    let (applied, known) = match db {
        Db::Sqlite { readers, .. } => {
            (sqlx::query_scalar::<_, i64>(APPLIED).fetch_one(readers).await, SQLITE.iter().count())
        }
        Db::Postgres(pool) => {
            (sqlx::query_scalar::<_, i64>(APPLIED).fetch_one(pool).await, POSTGRES.iter().count())
        }
    };
    // no table yet: a new database, everything is pending
    let applied = usize::try_from(applied.unwrap_or(0)).unwrap_or(0);
    Ok(known.saturating_sub(applied))
}

/// Creates a database on the PostgreSQL server behind `server` and returns its URL: for the bench and the tests.
pub async fn create_database(server: &str, name: &str) -> StoreResult<String> {
    let mut c = sqlx::PgConnection::connect(server).await?;
    c.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {}", quoted(name)))).await?;
    let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
    Ok(format!("{base}/{name}"))
}

/// Removes a database made by [`create_database`], whoever is still connected.
pub async fn drop_database(server: &str, name: &str) -> StoreResult<()> {
    let mut c = sqlx::PgConnection::connect(server).await?;
    c.execute(sqlx::AssertSqlSafe(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name)))).await?;
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Numbers and names of migrations.
pub type Migrations = Vec<(i64, String)>;

/// The migrations of both engines, for the test that compares them.
#[must_use]
pub fn migrations() -> (Migrations, Migrations) {
    let list = |m: &Migrator| m.iter().map(|m| (m.version, m.description.to_string())).collect();
    (list(&SQLITE), list(&POSTGRES))
}
