//! What stands beside the log is verified as the log is: every column of every table there, changed behind the
//! program's back with SQLite's own tools, is named. The tables and their columns are read from the schema.

use std::sync::Arc;

use crate::{
    engine::{Engine, clock},
    intruder::Intruder,
    proof::grow,
    village::Village,
};
use greencoin::{
    domain::tlog::{KeyKind, Signer},
    service::tlog::cosign::Errand,
    store::log::Purpose,
};

/// The tables, the row that is changed, and what may change unseen.
pub const TABLES: &[(&str, &str, &[&str])] = &[
    ("log_hash", "place = 0", &[]),
    // an early head that is taken away hides nothing: whoever was shown it has it
    ("signed_head", "key_number = 1", &["book_id"]),
    // so does a cosignature, and when it came in is nobody's claim
    ("cosignature", "1 = 1", &["book_id", "received_at"]),
    ("private_text", "key = 'budget'", &[]),
    ("signing_key", "number = 1", &[]),
];

/// A book with something in every table beside the log.
async fn lived_in() -> (Village, Arc<Engine>) {
    let (engine, clock) = (Arc::new(Engine::sqlite()), clock());
    let desk = engine.desk(&clock).await;
    let v = Village::on(engine.clone(), clock, desk, 1).await;
    grow(&v, 0, 520).await;
    v.desk.sign_head(v.book).await.unwrap();
    v.clock.advance_seconds(60);
    v.desk.rotate_key(Purpose::Log).await.unwrap();
    v.give(0, 5).await;
    v.desk.sign_head(v.book).await.unwrap();
    let witness = Signer::new("witness.example/w1", KeyKind::Cosignature, &[3; 32]).unwrap();
    v.desk.ask_witness("http://127.0.0.1:1/witness", &witness.key().to_string()).await.unwrap();
    let errand: Errand = v.desk.errands(v.book).await.unwrap().remove(0);
    let line = witness.sign(&errand.request.checkpoint.text, 1_780_000_000).to_string();
    assert!(v.desk.take_cosignature(v.book, &errand, &line).await.unwrap());
    (v, engine)
}

/// The table that is named for the first fault, or what came of the verification.
async fn named(v: &Village) -> Result<String, String> {
    match v.desk.verify_books(Some(1)).await {
        Ok(mut report) => match report.books.remove(0).fault {
            Some(fault) => Ok(fault.table.to_owned()),
            None => Err("nothing was noticed".to_owned()),
        },
        Err(error) => Err(format!("{error:?}")),
    }
}

#[tokio::test]
async fn every_column_beside_the_log_that_is_changed_is_named() {
    let (v, engine) = lived_in().await;
    assert!(v.desk.verify_books(None).await.unwrap().holds());
    let mut intruder = Intruder::at(&engine.url).await;
    let mut wrong = Vec::new();
    for (table, which, unseen) in TABLES {
        intruder.keep(table).await;
        let (columns, _) = intruder.columns(table).await;
        for (column, kind) in &columns {
            let value = match kind.as_str() {
                _ if column == "book_id" => "x'00'".to_owned(),
                _ if column == "level" => "level + 1".to_owned(),
                "integer" => format!("COALESCE({column}, 0) + 1000003000003000"),
                "blob" => format!("zeroblob(COALESCE(length({column}), 32))"),
                _ => format!("COALESCE({column}, '') || 'x'"),
            };
            let sql = format!("UPDATE {table} SET {column} = {value} WHERE {which}");
            assert_eq!(intruder.run(&sql).await, 1, "{table}.{column}");
            let found = named(&v).await;
            let expected = !unseen.contains(&column.as_str());
            let near = |t: &str| t == *table || (*table == "signing_key" && t == "signed_head");
            match found {
                Ok(t) if expected && near(&t) => {}
                Err(_) if !expected => {}
                other => wrong.push(format!("{table}.{column}: {other:?}")),
            }
            intruder.restore(table).await;
        }
    }
    assert!(v.desk.verify_books(None).await.unwrap().holds(), "everything was put back");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn rows_beside_the_log_that_are_taken_away_added_or_swapped_are_named() {
    let (v, engine) = lived_in().await;
    let mut intruder = Intruder::at(&engine.url).await;
    let mut wrong = Vec::new();
    for (table, sql) in [
        ("log_hash", "DELETE FROM log_hash WHERE place = 0"),
        ("log_hash", "DELETE FROM log_hash WHERE place = 1"),
        ("log_hash", "INSERT INTO log_hash SELECT book_id, level, 7, hash FROM log_hash WHERE place = 0"),
        ("log_hash", "UPDATE log_hash SET place = 9 - place"),
        ("signed_head", "UPDATE signed_head SET key_number = 3 - key_number"),
        (
            "signed_head",
            "INSERT INTO signed_head SELECT book_id, size + 50, key_number, note, signed_at FROM signed_head LIMIT 1",
        ),
        (
            "signed_head",
            "INSERT INTO signed_head SELECT book_id, -1, key_number, note, signed_at FROM signed_head LIMIT 1",
        ),
        ("signed_head", "DELETE FROM signed_head WHERE size = (SELECT max(size) FROM signed_head)"),
        (
            "cosignature",
            "INSERT INTO cosignature SELECT book_id, 3, key_name, key_id, line, received_at FROM cosignature",
        ),
        ("private_text", "DELETE FROM private_text WHERE key = 'budget'"),
        (
            "private_text",
            "INSERT INTO private_text SELECT book_id, 'none', name, commitment, salt, content, NULL FROM private_text LIMIT 1",
        ),
        ("private_text", "UPDATE private_text SET content = NULL WHERE key = 'budget'"),
        ("private_text", "UPDATE private_text SET content = content || char(769) WHERE key = 'budget'"),
        ("signing_key", "DELETE FROM signing_key WHERE number = 1"),
        ("signing_key", "DELETE FROM signing_key WHERE number = 2"),
    ] {
        for kept in TABLES {
            intruder.run(&format!("DROP TABLE IF EXISTS kept_{}", kept.0)).await;
        }
        intruder.keep(table).await;
        assert!(intruder.run(sql).await > 0, "{sql}");
        if let Err(why) = named(&v).await {
            wrong.push(format!("{sql}: {why}"));
        }
        intruder.restore(table).await;
    }
    assert!(v.desk.verify_books(None).await.unwrap().holds(), "everything was put back");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
