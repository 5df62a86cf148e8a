//! Somebody who changes a SQLite file behind the program's back, for tests of `verify`.

use sqlx::{AssertSqlSafe, Connection, Executor, Row, SqliteConnection};

/// Somebody with the database's own tools: nothing stops them.
pub struct Intruder(SqliteConnection);

impl Intruder {
    pub async fn at(url: &str) -> Self {
        let mut c = SqliteConnection::connect(url).await.unwrap();
        c.execute("PRAGMA busy_timeout = 5000").await.unwrap();
        c.execute("PRAGMA foreign_keys = OFF").await.unwrap();
        c.execute("PRAGMA ignore_check_constraints = ON").await.unwrap();
        let mut intruder = Self(c);
        for name in intruder.texts("SELECT name FROM sqlite_schema WHERE type = 'trigger'").await {
            intruder.run(&format!("DROP TRIGGER {name}")).await;
        }
        intruder
    }

    pub async fn run(&mut self, sql: &str) -> u64 {
        self.0
            .execute(AssertSqlSafe(sql.to_owned()))
            .await
            .unwrap_or_else(|e| panic!("{sql}: {e}"))
            .rows_affected()
    }

    pub async fn texts(&mut self, sql: &str) -> Vec<String> {
        let rows = self.0.fetch_all(AssertSqlSafe(sql.to_owned())).await.unwrap();
        rows.iter().map(|r| r.get::<String, _>(0)).collect()
    }

    pub async fn number(&mut self, sql: &str) -> Option<i64> {
        let row = self.0.fetch_optional(AssertSqlSafe(sql.to_owned())).await.unwrap();
        row.and_then(|r| r.get::<Option<i64>, _>(0))
    }

    /// Remembers a table, to put it back after each change.
    pub async fn keep(&mut self, table: &str) {
        self.run(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
    }

    pub async fn restore(&mut self, table: &str) {
        self.run(&format!("DELETE FROM {table}")).await;
        self.run(&format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
    }

    /// The columns of a table, and those of its key.
    pub async fn columns(&mut self, table: &str) -> (Vec<(String, String)>, Vec<String>) {
        let sql = format!("SELECT name, type, pk FROM pragma_table_info('{table}')");
        let rows = self.0.fetch_all(AssertSqlSafe(sql)).await.unwrap();
        let all = rows.iter().map(|r| (r.get(0), r.get::<String, _>(1).to_lowercase())).collect();
        let key = rows.iter().filter(|r| r.get::<i64, _>(2) > 0).map(|r| r.get(0)).collect();
        (all, key)
    }
}

/// A value of the same type that was not there.
pub fn other(column: &str, kind: &str) -> String {
    match kind {
        "integer" => format!("COALESCE({column}, 0) + 1000003"),
        "blob" => format!("zeroblob(COALESCE(length({column}), 32))"),
        _ => format!("COALESCE({column}, '') || 'x'"),
    }
}
