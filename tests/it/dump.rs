//! All that a database holds, as text: for tests that say that nothing at all changed.

use std::collections::BTreeMap;

use greencoin::store::Db;
use sqlx::AssertSqlSafe;

/// The rows of every table, in an order of their own.
pub async fn dump(db: &Db) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    match db {
        Db::Sqlite { readers, .. } => {
            let tables: Vec<String> = sqlx::query_scalar(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            )
            .fetch_all(readers)
            .await
            .unwrap();
            for table in tables {
                let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
                    .bind(&table)
                    .fetch_all(readers)
                    .await
                    .unwrap();
                let cells: Vec<String> = columns.iter().map(|c| format!("quote({c})")).collect();
                let sql = format!("SELECT {} FROM {table} ORDER BY 1", cells.join(" || '|' || "));
                let rows = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(readers).await.unwrap();
                all.insert(table, rows);
            }
        }
        Db::Postgres(pool) => {
            let tables: Vec<String> = sqlx::query_scalar(
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'",
            )
            .fetch_all(pool)
            .await
            .unwrap();
            for table in tables {
                let sql = format!("SELECT t::text FROM {table} AS t ORDER BY 1");
                all.insert(table, sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await.unwrap());
            }
        }
    }
    assert!(all.len() > 20 && !all["book"].is_empty());
    all
}
