//! Every statement is described by both engines: it must prepare, take the same number of parameters, and give the
//! same columns of the same class. What compile-time checking knows for one engine, this knows for two. And the rules
//! that let the same text run on a cluster spread by book.

use greencoin::store::sql;
use sqlx::{Column, Connection, Either, Executor, SqlSafeStr, Statement, TypeInfo};

use crate::engine::{Engine, server};

#[derive(Debug, PartialEq, Eq)]
struct Shape {
    parameters: usize,
    columns: Vec<(String, &'static str)>,
}

/// The class of a column: what Rust type may read it.
fn class(name: &str) -> &'static str {
    match name {
        "INTEGER" | "INT8" | "INT4" | "INT2" | "BIGINT" | "INT" | "BOOLEAN" | "BOOL" => "int",
        "TEXT" | "VARCHAR" => "text",
        "BLOB" | "BYTEA" | "UUID" => "bytes",
        // SQLite knows no type for an expression: the other engine's word counts
        "NULL" => "any",
        other => panic!("a column of type {other}: choose one of the house's types"),
    }
}

fn parameters<T>(either: Option<Either<&[T], usize>>) -> usize {
    match either {
        None => 0,
        Some(Either::Left(list)) => list.len(),
        Some(Either::Right(count)) => count,
    }
}

async fn on_sqlite(engine: &Engine, text: &'static str) -> Shape {
    let mut c = sqlx::SqliteConnection::connect(&engine.url).await.unwrap();
    let s = c.prepare(text.into_sql_str()).await.unwrap_or_else(|e| panic!("SQLite refuses {text}: {e}"));
    Shape {
        parameters: parameters(s.parameters()),
        columns: s.columns().iter().map(|c| (c.name().to_owned(), class(c.type_info().name()))).collect(),
    }
}

async fn on_postgres(c: &mut sqlx::PgConnection, text: &'static str) -> Shape {
    let s = c.prepare(text.into_sql_str()).await.unwrap_or_else(|e| panic!("PostgreSQL refuses {text}: {e}"));
    Shape {
        parameters: parameters(s.parameters()),
        columns: s.columns().iter().map(|c| (c.name().to_owned(), class(c.type_info().name()))).collect(),
    }
}

#[tokio::test]
async fn every_statement_prepares_on_sqlite() {
    let engine = Engine::sqlite();
    engine.open().await.close().await;
    for (_, _, text) in sql::all() {
        on_sqlite(&engine, text).await;
    }
}

#[tokio::test]
async fn every_statement_means_the_same_on_both_engines() {
    // one engine alone has nothing to compare with: the run on PostgreSQL does it
    if server().is_none() {
        return;
    }
    let (lite, pg) = (Engine::sqlite(), Engine::fresh().await);
    lite.open().await.close().await;
    pg.open().await.close().await;
    let mut c = sqlx::PgConnection::connect(&pg.url).await.unwrap();
    for (file, name, text) in sql::all() {
        let (a, b) = (on_sqlite(&lite, text).await, on_postgres(&mut c, text).await);
        assert_eq!(a.parameters, b.parameters, "parameters of {file}::{name}");
        assert_eq!(a.columns.len(), b.columns.len(), "columns of {file}::{name}");
        // a single column is read by its place, and each engine calls an expression as it likes
        let by_place = a.columns.len() == 1;
        for (x, y) in a.columns.iter().zip(&b.columns) {
            let same = x.1 == y.1 || x.1 == "any" || y.1 == "any";
            assert!((by_place || x.0 == y.0) && same, "{file}::{name}: {x:?} on SQLite, {y:?} on PostgreSQL");
        }
    }
}

#[test]
fn no_statement_breaks_the_rules_of_a_cluster() {
    let shared = [
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
    for (file, name, text) in sql::all() {
        let upper = text.to_uppercase();
        let at = format!("{file}::{name}");
        assert!(!upper.contains("MERGE INTO"), "{at}: no MERGE");
        assert!(
            !upper.contains("NOW()") && !upper.contains("RANDOM()"),
            "{at}: times and ids come from the program"
        );
        assert!(!upper.contains("ILIKE"), "{at}: store a folded column");
        assert!(!upper.contains(" OFFSET "), "{at}: page by key");
        assert!(!upper.contains("FOR UPDATE") || text.contains("book_id = $1"), "{at}: lock within one book");
        let tables: Vec<&str> = words_after(text, &["FROM", "INTO", "UPDATE", "JOIN"]);
        // names that the statement itself declares are not tables
        let declared = |t: &str| {
            text.contains(&format!("{t}("))
                || text.contains(&format!("{t} ("))
                || text.contains(&format!("{t} AS ("))
        };
        let own_name = |t: &str| upper.starts_with("WITH") && declared(t);
        let of_a_book = tables.iter().any(|t| !shared.contains(t) && !own_name(t));
        if of_a_book && !tables.is_empty() && file != "sql" {
            assert!(text.contains("book_id"), "{at}: a statement on a book's table names the book");
        }
        if upper.starts_with("INSERT INTO") && upper.contains(" SELECT ") {
            assert!(
                upper.contains("RETURNING") || upper.contains("ON CONFLICT"),
                "{at}: INSERT … SELECT needs one"
            );
        }
    }
}

fn words_after<'a>(text: &'a str, keywords: &[&str]) -> Vec<&'a str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .windows(2)
        .filter(|pair| keywords.contains(&pair[0]) && !pair[1].starts_with('('))
        .filter(|pair| pair[1] != "SET")
        .map(|pair| pair[1].trim_end_matches(['(', ')', ',']))
        .collect()
}
