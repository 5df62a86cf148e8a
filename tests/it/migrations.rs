//! The two schemas are one schema: same migrations, same tables, same columns, and on PostgreSQL the keys that let it
//! be spread by book. Nothing that was posted can be edited or deleted, by anybody who goes through the database.

use std::collections::{BTreeMap, BTreeSet};

use greencoin::store::{Db, connect};
use sqlx::{Connection, Row};

use crate::engine::{Engine, server};

/// Tables that all books share; every other table belongs to one book.
const SHARED: [&str; 14] = [
    "answer",
    "org",
    "org_code",
    "programme",
    "login",
    "login_grant",
    "session",
    "throttle",
    "ruleset",
    "signing_key",
    "witness",
    "witnessed_log",
    "witnessed_head",
    "_sqlx_migrations",
];

/// Tables whose rows are only ever added.
const APPEND_ONLY: [&str; 38] = [
    "amendment",
    "commodity",
    "account",
    "txn",
    "entry",
    "meter_use",
    "refusal",
    "checkpoint",
    "ruleset",
    "ruleset_adoption",
    "award_review",
    "body",
    "body_seat",
    "call_back_draw",
    "call_back",
    "counter_calendar",
    "counter_exception",
    "elsewhere",
    "event",
    "goods_order_line",
    "goods_price",
    "goods_return",
    "goods_return_line",
    "offline_entry",
    "redemption",
    "redemption_bystander",
    "recalled_line",
    "redemption_line",
    "signing_key",
    "witnessed_head",
    "log_hash",
    "signed_head",
    "stock_batch",
    "cosignature",
    "proposal_step",
    "proposal_override",
    "compact",
    "paper_repeal",
];

type Columns = BTreeMap<String, BTreeSet<(String, bool)>>;

async fn sqlite_columns(c: &mut sqlx::SqliteConnection) -> Columns {
    let mut out = Columns::new();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .fetch_all(&mut *c)
    .await
    .unwrap();
    for table in tables {
        let rows = sqlx::query("SELECT name, \"notnull\" FROM pragma_table_info($1)")
            .bind(&table)
            .fetch_all(&mut *c)
            .await
            .unwrap();
        out.insert(table, rows.iter().map(|r| (r.get::<String, _>(0), r.get::<i64, _>(1) != 0)).collect());
    }
    out
}

async fn postgres_columns(c: &mut sqlx::PgConnection) -> Columns {
    let rows = sqlx::query(
        "SELECT table_name::text, column_name::text, is_nullable = 'NO' FROM information_schema.columns \
         WHERE table_schema = 'public'",
    )
    .fetch_all(c)
    .await
    .unwrap();
    let mut out = Columns::new();
    for r in rows {
        out.entry(r.get(0)).or_default().insert((r.get(1), r.get(2)));
    }
    out
}

#[test]
fn both_engines_have_the_same_migrations() {
    let (sqlite, postgres) = connect::migrations();
    assert_eq!(sqlite, postgres);
    assert!(!sqlite.is_empty());
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    if server().is_none() {
        return;
    }
    let (lite, pg) = (Engine::sqlite(), Engine::fresh().await);
    lite.open().await.close().await;
    pg.open().await.close().await;
    let mut a = sqlite_columns(&mut sqlx::SqliteConnection::connect(&lite.url).await.unwrap()).await;
    let mut b = postgres_columns(&mut sqlx::PgConnection::connect(&pg.url).await.unwrap()).await;
    a.remove("_sqlx_migrations");
    b.remove("_sqlx_migrations");
    assert_eq!(a, b);
}

#[tokio::test]
async fn every_key_of_a_books_table_starts_with_the_book() {
    if server().is_none() {
        return;
    }
    let pg = Engine::fresh().await;
    pg.open().await.close().await;
    let mut c = sqlx::PgConnection::connect(&pg.url).await.unwrap();
    let rows = sqlx::query(
        "SELECT t.relname::text, i.relname::text, \
         (SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = x.indkey[0]) \
         FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid \
         JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public' AND x.indisunique",
    )
    .fetch_all(&mut c)
    .await
    .unwrap();
    assert!(rows.len() > 30);
    for r in rows {
        let (table, index, first): (String, String, String) = (r.get(0), r.get(1), r.get(2));
        assert!(
            SHARED.contains(&table.as_str()) || first == "book_id",
            "{index} of {table} starts with {first}"
        );
    }
    let foreign = sqlx::query(
        "SELECT s.relname::text, t.relname::text, \
         (SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = s.oid AND a.attnum = k.conkey[1]) \
         FROM pg_constraint k JOIN pg_class s ON s.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid \
         WHERE k.contype = 'f'",
    )
    .fetch_all(&mut c)
    .await
    .unwrap();
    for r in foreign {
        let (from, to, first): (String, String, String) = (r.get(0), r.get(1), r.get(2));
        let (from_shared, to_shared) = (SHARED.contains(&from.as_str()), SHARED.contains(&to.as_str()));
        assert!(to_shared || !from_shared, "shared table {from} points into the book's table {to}");
        assert!(to_shared || first == "book_id", "{from} → {to} starts with {first}");
    }
    let serial: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'public' \
         AND (is_identity = 'YES' OR column_default LIKE 'nextval%')",
    )
    .fetch_one(&mut c)
    .await
    .unwrap();
    assert_eq!(serial, 0, "ids come from the program");
}

/// Puts one row into every append-only table of a SQLite file, then tries to change and to remove it.
#[tokio::test]
async fn sqlite_refuses_to_update_delete_or_replace_what_was_added() {
    let engine = Engine::sqlite();
    engine.open().await.close().await;
    let mut c = sqlx::SqliteConnection::connect(&engine.url).await.unwrap();
    sqlx::query("PRAGMA foreign_keys = off").execute(&mut c).await.unwrap();
    sqlx::query("PRAGMA ignore_check_constraints = on").execute(&mut c).await.unwrap();
    sqlx::query("PRAGMA recursive_triggers = on").execute(&mut c).await.unwrap();
    for table in APPEND_ONLY {
        let columns: Vec<(String, String)> = sqlx::query_as("SELECT name, type FROM pragma_table_info($1)")
            .bind(table)
            .fetch_all(&mut c)
            .await
            .unwrap();
        let values: Vec<&str> = columns
            .iter()
            .map(|(_, kind)| match kind.as_str() {
                "INTEGER" => "1",
                "BLOB" => "x'00'",
                _ => "'x'",
            })
            .collect();
        let insert = format!("INTO {table} VALUES ({})", values.join(", "));
        let run = async |c: &mut sqlx::SqliteConnection, text: String| {
            sqlx::query(sqlx::AssertSqlSafe(text)).execute(c).await
        };
        run(&mut c, format!("INSERT {insert}")).await.unwrap();
        let column = &columns.last().unwrap().0;
        for text in [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
            format!("INSERT OR REPLACE {insert}"),
        ] {
            let error = run(&mut c, text.clone()).await.expect_err(&text);
            assert!(error.to_string().contains("append-only"), "{text}: {error}");
        }
    }
}

#[tokio::test]
async fn postgresql_refuses_to_update_delete_or_truncate_what_was_added() {
    if server().is_none() {
        return;
    }
    let engine = Engine::fresh().await;
    engine.open().await.close().await;
    let mut c = sqlx::PgConnection::connect(&engine.url).await.unwrap();
    for table in APPEND_ONLY {
        // rows without their parents: the triggers are what is tried here
        sqlx::query("SET session_replication_role = replica").execute(&mut c).await.unwrap();
        let columns: Vec<(String, String)> = sqlx::query_as(
            "SELECT column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position",
        )
        .bind(table)
        .fetch_all(&mut c)
        .await
        .unwrap();
        let values: Vec<&str> = columns
            .iter()
            .map(|(name, kind)| match (name.as_str(), kind.as_str()) {
                ("credential", _) => "'card'",
                ("part", _) => "'witness'",
                ("recused", _) => "'kin_household'",
                ("reason", _) if table == "redemption_bystander" => "'forgot'",
                ("verdict", _) => "'approve'",
                ("kind", _) if table == "goods_return" => "'returned'",
                ("kind", _) if table == "counter_exception" => "'open'",
                ("goes_to", _) => "'shelf'",
                ("kind", _) => "'panel'",
                ("post", _) => "'member'",
                ("paper", _) => "'rules'",
                (_, "uuid") => "'00000000-0000-0000-0000-000000000001'",
                (_, "bytea") => "'\\x00'",
                (_, "text") => "'x'",
                (_, "boolean") => "true",
                _ => "1",
            })
            .collect();
        let run = async |c: &mut sqlx::PgConnection, text: String| {
            sqlx::query(sqlx::AssertSqlSafe(text)).execute(c).await
        };
        run(&mut c, format!("INSERT INTO {table} VALUES ({})", values.join(", "))).await.unwrap();
        sqlx::query("SET session_replication_role = origin").execute(&mut c).await.unwrap();
        let column = &columns.last().unwrap().0;
        for text in [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table} CASCADE"),
        ] {
            let error = run(&mut c, text.clone()).await.expect_err(&text);
            assert!(error.to_string().contains("append-only"), "{text}: {error}");
        }
    }
}

/// Power loss cannot be tried here; that the engines are told to wait for the disk can.
#[tokio::test]
async fn an_answer_waits_for_the_disk() {
    match Engine::fresh().await.open().await {
        Db::Sqlite { writer, .. } => {
            let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&writer).await.unwrap();
            let level: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&writer).await.unwrap();
            assert_eq!((mode.as_str(), level), ("wal", 2), "2 is FULL: the log is synced with every commit");
        }
        Db::Postgres(pool) => {
            let commit: String =
                sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&pool).await.unwrap();
            assert_eq!(commit, "on");
        }
    }
}
