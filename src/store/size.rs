//! How much room the database takes, for the bench.

use super::{Db, StoreResult};

/// Bytes in the database; on SQLite everything in the WAL is copied into it first.
pub async fn stored(db: &Db) -> StoreResult<u64> {
    let bytes: i64 = match db {
        Db::Sqlite { writer, .. } => {
            sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer).await?;
            let pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
            sqlx::query_scalar(pages).fetch_one(writer).await?
        }
        Db::Postgres(pool) => {
            sqlx::query_scalar("SELECT pg_database_size(current_database())").fetch_one(pool).await?
        }
    };
    Ok(u64::try_from(bytes).unwrap_or(0))
}

/// Bytes written to PostgreSQL's WAL so far; SQLite uses its WAL over and over and cannot tell.
pub async fn logged(db: &Db) -> StoreResult<Option<u64>> {
    let Db::Postgres(pool) = db else { return Ok(None) };
    let bytes: i64 =
        sqlx::query_scalar("SELECT CAST(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS BIGINT)")
            .fetch_one(pool)
            .await?;
    Ok(u64::try_from(bytes).ok())
}
